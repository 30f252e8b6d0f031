//! A reform: parameters that would have other values.

use crate::library::Library;
use crate::parameter::Parameters;
use crate::problem::{Place, Problem, Problems};
use crate::yaml::{Source, parse};

/// Parameters that would have other values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reform {
    /// What it is called.
    pub name: String,
    /// From which day on, yyyymmdd; none: always.
    pub from: Option<i64>,
    /// Keys (or rows of tables) and their values as written: `emergency.income_rate`, `80%`.
    pub set: Vec<(String, String)>,
}

impl Reform {
    /// From `KEY=VALUE` of a command line.
    ///
    /// # Errors
    /// One of them is not of that shape.
    pub fn of_settings(settings: &[String]) -> Result<Self, Problem> {
        let mut reform = Self { name: settings.join(", "), ..Self::default() };
        for setting in settings {
            let (key, value) = setting.split_once('=').ok_or_else(|| {
                Problem::new(
                    &Place::file("--set"),
                    format!("`{setting}`: KEY=VALUE로 쓰십시오(예: emergency.income_rate=80%)."),
                    format!("`{setting}`: write KEY=VALUE, for example emergency.income_rate=80%."),
                )
            })?;
            reform.set.push((key.trim().to_owned(), value.trim().to_owned()));
        }
        Ok(reform)
    }

    /// The parameters as they would be.
    ///
    /// # Errors
    /// A key that does not exist, or a value that cannot be read; all of them.
    pub fn apply(&self, library: &Library) -> Result<Parameters, Problems> {
        let mut parameters = library.parameters.clone();
        let mut problems = Problems::default();
        for (key, value) in &self.set {
            let changed = parameters.set(key, value, self.from, &library.registry);
            if let Some(changed) = problems.keep(changed) {
                parameters = changed;
            }
        }
        problems.or(parameters)
    }
}

/// Reads a reform file:
///
/// ```yaml
/// reform: 긴급복지 소득 기준 80%
/// from: 2026-01-01        # may be left out
/// set:
///   emergency.income_rate: 80%
///   emergency.living[1]: 800000 won/month
/// ```
///
/// # Errors
/// Not of this shape, by line and column.
pub fn read_reform(source: &Source) -> Result<Reform, Problem> {
    let node = parse(source)?;
    let fields = node.fields(&["reform", "from", "set"])?;
    let mut reform = Reform { name: fields.text("reform")?, ..Reform::default() };
    if let Some(from) = fields.get("from") {
        reform.from = Some(from.date()?);
    }
    for (key, value) in fields.need("set")?.entries()? {
        reform.set.push((key.text.clone(), value.text()?.to_owned()));
    }
    if reform.set.is_empty() {
        return Err(Problem::new(
            &node.place,
            "`set` 아래에 바꿀 파라미터를 하나 이상 적으십시오.",
            "Name at least one parameter under `set`.",
        ));
    }
    Ok(reform)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reform_is_read_and_a_wrong_one_is_placed() {
        let text = "reform: 시험\nfrom: 2026-01-01\nset:\n  a.b: 80%\n  a.c[4]: 1000 won\n";
        let reform = read_reform(&Source::new("r.yaml", text)).unwrap();
        assert_eq!(reform.from, Some(20_260_101));
        assert_eq!(
            reform.set,
            [("a.b".into(), "80%".into()), ("a.c[4]".into(), "1000 won".into())]
        );
        let wrong = read_reform(&Source::new("r.yaml", "reform: 시험\nsett: {}\n")).unwrap_err();
        assert_eq!(wrong.place.line, 2);
        assert!(Reform::of_settings(&["a.b".into()]).is_err());
    }
}
