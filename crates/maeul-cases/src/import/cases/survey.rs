//! What a look over the rows found: for the report of a dry run, and after the work.

use std::collections::{BTreeMap, BTreeSet};

use maeul_base::Lang;
use serde::{Deserialize, Serialize};

use super::{Column, Mapping, OldCase, Row};
use crate::knowledge::Knowledge;

/// Words and reasons that are told apart; a file in which everything is another one is not
/// remembered word for word.
const MOST: usize = 1_000;

/// A column, and why in both languages.
type Reason = (String, String, String);

/// A map whose keys are no texts, as JSON.
mod as_pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::Reason;

    pub(super) fn serialize<S: Serializer>(
        map: &BTreeMap<Reason, usize>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<Reason, usize>, D::Error> {
        Ok(Vec::<(Reason, usize)>::deserialize(from)?.into_iter().collect())
    }
}

/// One more of it.
fn count<K: Ord>(map: &mut BTreeMap<K, usize>, key: K) {
    if map.len() < MOST || map.contains_key(&key) {
        *map.entry(key).or_default() += 1;
    }
}

/// Figures over the rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Rows read.
    pub rows: usize,
    /// Rows that cannot be taken.
    pub refused: usize,
    /// Open and closed ones among those that can.
    pub open: usize,
    /// Closed ones.
    pub closed: usize,
    /// Rows with a 동.
    pub located: usize,
    /// Rows with a petitioner.
    pub named: usize,
    /// Their words for services that are none of ours, and how many rows have them.
    pub unknown_services: BTreeMap<String, usize>,
    /// Our services, and how many rows have them.
    pub services: BTreeMap<String, usize>,
    /// Why rows were refused: column and reason, and how many.
    #[serde(with = "as_pairs")]
    pub reasons: BTreeMap<Reason, usize>,
    seen: BTreeSet<String>,
}

impl Survey {
    /// Takes note of a row and what became of it.
    pub fn note(
        &mut self,
        mapping: &Mapping,
        row: &Row,
        judged: &Result<OldCase, maeul_base::import::LineRefusal>,
    ) {
        self.rows += 1;
        if let Ok(cells) = &row.cells {
            for name in cells.keys() {
                if !self.seen.contains(name) {
                    self.seen.insert(name.clone());
                }
            }
        }
        match judged {
            Err(refusal) => {
                self.refused += 1;
                let why = (refusal.field.clone(), refusal.ko.clone(), refusal.en.clone());
                count(&mut self.reasons, why);
            }
            Ok(old) => {
                match old.closed {
                    None => self.open += 1,
                    Some(_) => self.closed += 1,
                }
                self.located += usize::from(old.place.dong.is_some());
                self.named += usize::from(old.contact.is_some());
                match &old.service {
                    Some(code) => *self.services.entry(code.clone()).or_default() += 1,
                    None => {
                        let word = |column| mapping.cell(&old.fields, column).map(|(_, it)| it);
                        let word = word(Column::ServiceName).or(word(Column::ServiceCode));
                        if let Some(word) = word {
                            count(&mut self.unknown_services, word.to_owned());
                        }
                    }
                }
            }
        }
    }

    /// Each of our columns, and from which of the file's it was read.
    pub fn mapped<'a>(&'a self, mapping: &'a Mapping) -> Vec<(Column, Option<&'a str>)> {
        let from = |column| mapping.names(column).find(|name| self.seen.contains(*name));
        Column::ALL.into_iter().map(|column| (column, from(column))).collect()
    }

    /// The file's columns that are none of ours and stay in the record as they are.
    pub fn kept(&self, mapping: &Mapping) -> Vec<&str> {
        let kept = self.seen.iter().filter(|name| mapping.is_mapped(name).is_none());
        kept.map(String::as_str).collect()
    }

    /// The report of the mapping, line by line.
    pub fn say(&self, mapping: &Mapping, know: &Knowledge, lang: Lang) -> Vec<String> {
        let mut lines = vec![lang.t("항목 ← 파일의 칸", "Ours ← the file's column").to_owned()];
        for (column, from) in self.mapped(mapping) {
            lines.push(format!(
                "  {:<20} ← {}",
                column.as_str(),
                from.unwrap_or_else(|| lang.t("(없음)", "(none)"))
            ));
        }
        let kept = self.kept(mapping);
        if !kept.is_empty() {
            let kept = kept.join(", ");
            lines.push(match lang {
                Lang::Ko => format!("그대로 기록에 남기는 칸: {kept}"),
                Lang::En => format!("Kept in the record as they are: {kept}"),
            });
        }
        for (code, count) in &self.services {
            let name = know.service_name(code, lang);
            lines.push(match lang {
                Lang::Ko => format!("민원 종류 {name} ({code}): {count}건"),
                Lang::En => format!("Service {name} ({code}): {count}"),
            });
        }
        for (word, count) in &self.unknown_services {
            lines.push(match lang {
                Lang::Ko => format!(
                    "우리 민원 종류에 없음: {word} {count}건. 매핑 파일의 [values.service]에 적으면 이어집니다."
                ),
                Lang::En => format!(
                    "No service of ours: {word}, {count}. Name it in [values.service] of the mapping file."
                ),
            });
        }
        for ((field, ko, en), count) in self.reasons.iter().take(20) {
            let why = lang.t(ko, en);
            lines.push(match lang {
                Lang::Ko => format!("받지 못함 {count}건: {field}: {why}"),
                Lang::En => format!("Refused {count}: {field}: {why}"),
            });
        }
        lines.push(match lang {
            Lang::Ko => format!(
                "{}행: 열린 민원 {}건, 닫힌 민원 {}건, 동을 찾은 것 {}건, 신청인이 있는 것 {}건, 받지 못하는 것 {}건",
                self.rows, self.open, self.closed, self.located, self.named, self.refused
            ),
            Lang::En => format!(
                "{} rows: {} open, {} closed, {} with a dong, {} with a petitioner, {} refused",
                self.rows, self.open, self.closed, self.located, self.named, self.refused
            ),
        });
        lines
    }
}
