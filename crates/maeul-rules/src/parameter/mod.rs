//! The numbers of the law with their dates: what was in force on a day, where it is written, how
//! far it was verified. What is not written is unknown, never zero.

mod check;
mod plain;
mod read;
mod set;
mod show;
mod span;

use std::collections::HashMap;
use std::sync::Arc;

use maeul_base::Lang;

use crate::problem::{Place, Problem, Problems, did_you_mean, nearest};
use crate::registry::Registry;
use crate::table::{Axis, Table};
use crate::value::Type;
use crate::yaml::Source;

pub use check::{Finding, FindingKind, Level};
pub use plain::{PLAIN_UNITS, PlainParameter, PlainValue};
pub use show::{Shown, find};
pub use span::{Dated, MARKS, mark_text};

/// All parameters.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    list: Vec<Parameter>,
    plain: Vec<PlainParameter>,
    by_key: HashMap<String, usize>,
}

/// A value rules may use: `welfare.median_income`.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The dotted key.
    pub key: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// What each value is.
    pub ty: Type,
    /// The unit as the file writes it: `won/month`.
    pub unit: String,
    /// What its tables are looked up by; none for a single value.
    pub axes: Vec<Axis>,
    /// What was in force when, ascending, without overlap.
    pub values: Vec<Dated<Arc<Table>>>,
    /// What a reader should know, Korean and English; may be empty.
    pub note: (String, String),
    /// Why days without a value lie between values; empty where that would be a mistake.
    pub gap: String,
    /// It belongs to one announcement: nobody expects a next value.
    pub closed: bool,
    /// Where it is written.
    pub place: Place,
}

impl Parameter {
    /// The value in force on a day (yyyymmdd).
    pub fn on(&self, day: i64) -> Option<&Dated<Arc<Table>>> {
        span::on(&self.values, day)
    }

    /// The name in the reader's language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.ko, &self.en)
    }

    /// The words of each row of each axis, as the file writes them: `large_city`, `4`, `5%`.
    pub fn labels(&self, table: &Table, registry: &Registry) -> Vec<Vec<String>> {
        let axes = table.axes.iter().zip(&table.lens).zip(&table.rows);
        axes.map(|((axis, len), rows)| match axis {
            Axis::Size => (1..=*len).map(|row| row.to_string()).collect(),
            Axis::Enum(id) => {
                let values = registry.enums.get(*id).map(|known| known.values.as_slice());
                values.unwrap_or_default().iter().map(|(value, _)| value.clone()).collect()
            }
            Axis::Bracket(quantity) => {
                let percent = if quantity.percent { "%" } else { "" };
                rows.iter().map(|row| format!("{}{percent}", quantity.plain(*row))).collect()
            }
        })
        .collect()
    }
}

impl Parameters {
    /// Reads the files of `data/parameters/`.
    ///
    /// # Errors
    /// Everything that is wrong in them: unknown fields, wrong units, missing sources, values that
    /// overlap in time.
    pub fn load(files: &[Source], registry: &Registry) -> Result<Self, Problems> {
        read::load(files, registry)
    }

    /// The parameter of that key, if rules may use it.
    pub fn get(&self, key: &str) -> Option<&Parameter> {
        self.by_key.get(key).and_then(|index| self.list.get(*index))
    }

    /// Everything rules may use, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.list.iter()
    }

    /// What stands beside the rules: hours, words, lists, factors.
    pub fn plain(&self) -> impl Iterator<Item = &PlainParameter> {
        self.plain.iter()
    }

    /// What is wrong or soon will be, as of a day (yyyymmdd).
    pub fn check(&self, registry: &Registry, on: i64, within_days: i64) -> Vec<Finding> {
        check::check(self, registry, on, within_days)
    }

    /// A copy in which one value is another: for a key (`emergency.income_rate`) or a row of its
    /// table (`emergency.living[4]`), from a day on, or at all times.
    ///
    /// # Errors
    /// No such key or row, or a value that cannot be read.
    pub fn set(
        &self,
        key: &str,
        value: &str,
        from: Option<i64>,
        registry: &Registry,
    ) -> Result<Self, Problem> {
        set::set(self, key, value, from, registry)
    }

    /// No such key: with the nearest that is.
    pub fn unknown(&self, key: &str, place: &Place) -> Problem {
        let keys = self.list.iter().map(|known| known.key.as_str());
        let keys = keys.chain(self.plain.iter().map(|known| known.key.as_str()));
        // The first word alone shows all under it.
        let keys = keys.flat_map(|key| [Some(key), key.split_once('.').map(|(head, _)| head)]);
        let keys = keys.flatten();
        let (ko, en) = did_you_mean(nearest(key, keys));
        Problem::new(
            place,
            format!(
                "파라미터 `{key}`이(가) 없습니다.{ko} `maeul parameters list`로 모두 볼 수 있습니다."
            ),
            format!("There is no parameter `{key}`.{en} `maeul parameters list` shows them all."),
        )
    }
}
