//! A statement put together from parts, for lists whose WHERE depends on what was asked.

use crate::{ToValue, Value};

/// Longer lists are rare, and come near to what an engine takes.
const EVENED: usize = 1_024;

/// SQL text that grows with its values; `?` in a part becomes the next `$n`.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    args: Vec<Value>,
}

impl Sql {
    /// Begins with `text` and the values of its `?`.
    pub fn new(text: &str, args: impl AsRef<[Value]>) -> Self {
        let mut sql = Self::default();
        sql.add(text, args);
        sql
    }

    /// Appends `text` and the values of its `?`. A `?` inside quotes is left alone.
    pub fn add(&mut self, text: &str, args: impl AsRef<[Value]>) -> &mut Self {
        let mut number = self.args.len();
        let mut quoted = None;
        for sign in text.chars() {
            match sign {
                '?' if quoted.is_none() => {
                    number += 1;
                    self.text.push('$');
                    self.text.push_str(&number.to_string());
                    continue;
                }
                '\'' | '"' if quoted == Some(sign) => quoted = None,
                '\'' | '"' if quoted.is_none() => quoted = Some(sign),
                _ => {}
            }
            self.text.push(sign);
        }
        self.args.extend_from_slice(args.as_ref());
        self
    }

    /// Appends ` AND column IN (…)`; an empty list matches nothing.
    ///
    /// A connection keeps what it has prepared, by the text: lists of every length would each be prepared and kept.
    /// So the last value is repeated until there are a power of two of them.
    pub fn and_in<T: ToValue>(&mut self, column: &str, values: &[T]) -> &mut Self {
        let Some(last) = values.last() else {
            return self.add(" AND 1 = 0", []);
        };
        let room = match values.len() {
            few @ ..=EVENED => few.next_power_of_two(),
            many => many,
        };
        let marks = vec!["?"; room].join(", ");
        let mut values: Vec<Value> = values.iter().map(ToValue::to_value).collect();
        values.resize_with(room, || last.to_value());
        self.add(&format!(" AND {column} IN ({marks})"), values)
    }

    /// The text, with `$n` placeholders.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values, in order.
    pub fn args(&self) -> &[Value] {
        &self.args
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_many_lengths_make_few_statements() {
        let of = |length: i64| {
            let mut sql = Sql::new("SELECT n FROM t WHERE office_id = ?", [Value::Int(1)]);
            sql.and_in("n", &(0..length).collect::<Vec<i64>>());
            sql
        };
        assert_eq!(of(0).text(), "SELECT n FROM t WHERE office_id = $1 AND 1 = 0");
        assert_eq!(of(3).text(), of(4).text());
        assert_eq!(of(3).args().get(3..), Some([Value::Int(2), Value::Int(2)].as_slice()));
        let texts: std::collections::BTreeSet<String> =
            (1..=1_024).map(|length| of(length).text().to_owned()).collect();
        assert_eq!(texts.len(), 11);
        assert_eq!(of(1_025).args().len(), 1_026, "a long one as it is");
    }
}
