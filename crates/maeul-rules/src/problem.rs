//! What is wrong with a rule, a parameter or a household file: where, why and what was expected,
//! in both languages.

use std::fmt;
use std::sync::Arc;

use maeul_base::Lang;

/// A place in a file that a person can open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name.
    pub file: Arc<str>,
    /// The line, from 1; 0 where only the file is known.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Place {
    /// The whole file.
    pub fn file(name: &str) -> Self {
        Self { file: name.into(), line: 0, column: 0 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            f.write_str(&self.file)
        } else {
            write!(f, "{}:{}:{}", self.file, self.line, self.column)
        }
    }
}

/// One thing a person has to put right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// Why, and what to do, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(place: &Place, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { place: place.clone(), ko: ko.into(), en: en.into() }
    }

    /// With its place, in the reader's language.
    pub fn text(&self, lang: Lang) -> String {
        format!("{}: {}", self.place, lang.t(&self.ko, &self.en))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for Problem {}

/// Everything that is wrong at once, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Keeps what was wrong and gives the value, if there is one.
    pub fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    /// The value where nothing was wrong.
    ///
    /// # Errors
    /// Everything kept so far, sorted by place.
    pub fn or<T>(mut self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }

    /// One line each, in the reader's language.
    pub fn text(&self, lang: Lang) -> String {
        self.0.iter().map(|problem| problem.text(lang)).collect::<Vec<_>>().join("\n")
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for Problems {}

/// The known name most like a mistyped one, if any is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count() / 3 + 1;
    known
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(far, _)| *far <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `did you mean …?` in both languages, or nothing.
pub fn did_you_mean(near: Option<&str>) -> (String, String) {
    near.map_or_else(Default::default, |near| {
        (format!(" `{near}`을(를) 뜻하나요?"), format!(" Did you mean `{near}`?"))
    })
}

/// How many letters must be changed, added or taken away (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut last = index;
        let mut left = index + 1;
        let mut next = vec![left];
        for (other, above) in to.iter().zip(row.iter().skip(1)) {
            let change = last + usize::from(*other != letter);
            last = *above;
            left = change.min(left + 1).min(above + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("incme", ["income", "assets"]), Some("income"));
        assert_eq!(nearest("region", ["income", "assets"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
