//! Another agency: where it is reached, and which of its services stand for which of ours.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maeul_base::Lang;
use maeul_cases::Bilingual;
use maeul_wire::open311::DataType;
use serde::{Deserialize, Serialize};

use crate::id::AgencyId;

/// Hours without a word from an agency after which a person is called, where the file says nothing
/// else. No law sets it: three working days of a person who looks once a day.
pub const ALARM_HOURS: i32 = 72;

/// In which form the agency is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WireFormat {
    /// Every Open311 server speaks it.
    #[default]
    Xml,
    /// Most do.
    Json,
}

impl WireFormat {
    /// The ending of addresses, and the word kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Json => "json",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Xml, Self::Json].into_iter().find(|it| it.as_str() == word)
    }
}

maeul_db::text_value!(WireFormat);

/// One of our services with the agency's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapped {
    /// Our code.
    pub service: String,
    /// Theirs.
    pub code: String,
    /// What is always answered to their questions, by their codes.
    #[serde(default)]
    pub attributes: BTreeMap<String, Vec<String>>,
}

/// A service as the agency's own list has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it asks, in order; only of services that are mapped.
    pub questions: Vec<Asked>,
}

/// A question of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its code.
    pub code: String,
    /// In words.
    pub label: String,
    /// What it takes, in Open311's word.
    pub datatype: String,
    /// Whether it must be answered.
    pub required: bool,
    /// What can be chosen: key and name.
    pub values: Vec<(String, String)>,
}

impl Asked {
    /// Whether several can be chosen.
    pub fn is_many(&self) -> bool {
        self.datatype == DataType::Many.word()
    }

    /// Whether one is chosen from a list.
    pub fn is_one(&self) -> bool {
        self.datatype == DataType::One.word()
    }
}

/// An agency as it is known here. Its key stands nowhere but sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Its code in the office's file.
    pub code: String,
    /// Whether cases may be sent to it.
    pub active: bool,
    /// Its name.
    pub name: Bilingual,
    /// Its telephone; may be empty.
    pub phone: String,
    /// Its endpoint, without a slash at the end.
    pub endpoint: String,
    /// Its discovery document; empty where it publishes none.
    pub discovery: String,
    /// Its `jurisdiction_id`; empty where it needs none.
    pub jurisdiction: String,
    /// In which form it is asked.
    pub format: WireFormat,
    /// Whether it has the updates extension.
    pub updates: bool,
    /// Hours of silence after which a person is called.
    pub alarm_hours: i32,
    /// Whether a key is kept.
    pub has_key: bool,
    /// Our services with theirs.
    pub mapping: Vec<Mapped>,
    /// Its own list, as last seen.
    pub offered: Vec<Offered>,
    /// When its list was last seen.
    pub checked_at: Option<Timestamp>,
    /// Why it could not be seen the last time.
    pub check_failed: Option<Bilingual>,
}

/// Something of the mapping that does not fit what the agency offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Of which of our services.
    pub service: String,
    /// Whether a case can be sent all the same.
    pub passable: bool,
    /// What.
    pub what: Bilingual,
}

impl Agency {
    /// Its services that can be chosen: those mapped, each once, with their names where known.
    pub fn choices(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for mapped in &self.mapping {
            if found.iter().all(|(code, _)| *code != mapped.code) {
                let name = self.offer(&mapped.code).map_or(mapped.code.as_str(), |it| &it.name);
                found.push((mapped.code.clone(), name.to_owned()));
            }
        }
        found
    }

    /// What stands for one of our services.
    pub fn mapped(&self, service: Option<&str>) -> Option<&Mapped> {
        self.mapping.iter().find(|it| Some(it.service.as_str()) == service)
    }

    /// The service of that code, as last seen.
    pub fn offer(&self, code: &str) -> Option<&Offered> {
        self.offered.iter().find(|it| it.code == code)
    }

    /// What the officer is asked for that service: the agency's questions where they are known, else
    /// what the mapping answers.
    pub fn questions(&self, code: &str) -> Vec<Asked> {
        if let Some(offer) = self.offer(code) {
            return offer.questions.clone();
        }
        let mapped = self.mapping.iter().find(|it| it.code == code);
        let codes = mapped.into_iter().flat_map(|it| it.attributes.keys());
        codes
            .map(|code| Asked {
                code: code.clone(),
                label: code.clone(),
                datatype: DataType::Line.word().to_owned(),
                required: false,
                values: Vec::new(),
            })
            .collect()
    }

    /// Where mapping and list disagree; nothing where the list was never seen.
    pub fn gaps(&self) -> Vec<Gap> {
        if self.checked_at.is_none() {
            return Vec::new();
        }
        self.mapping.iter().flat_map(|mapped| self.gaps_of(mapped)).collect()
    }

    fn gaps_of(&self, mapped: &Mapped) -> Vec<Gap> {
        let gap = |passable: bool, ko: String, en: String| Gap {
            service: mapped.service.clone(),
            passable,
            what: Bilingual::new(ko, en),
        };
        let their = &mapped.code;
        let Some(offer) = self.offer(their) else {
            return vec![gap(
                false,
                format!("상대 기관 목록에 {their} 서비스가 없습니다."),
                format!("The agency offers no service {their}."),
            )];
        };
        let mut gaps = Vec::new();
        for (code, values) in &mapped.attributes {
            let Some(asked) = offer.questions.iter().find(|it| it.code == *code) else {
                gaps.push(gap(
                    true,
                    format!("{their}에는 {code} 질문이 없습니다. 보내도 버려집니다."),
                    format!("{their} has no question {code}; the answer is thrown away."),
                ));
                continue;
            };
            let listed = asked.is_one() || asked.is_many();
            for value in values {
                if listed && asked.values.iter().all(|(key, _)| key != value) {
                    gaps.push(gap(
                        false,
                        format!("{their}의 {code} 질문에 {value} 보기가 없습니다."),
                        format!("The question {code} of {their} has no choice {value}."),
                    ));
                }
            }
        }
        for asked in offer.questions.iter().filter(|it| it.required) {
            if !mapped.attributes.contains_key(&asked.code) {
                gaps.push(gap(
                    true,
                    format!(
                        "{their}에 꼭 답해야 하는 질문 {}: 보낼 때 담당자가 답합니다.",
                        asked.code
                    ),
                    format!("{their} requires {}: the officer answers when sending.", asked.code),
                ));
            }
        }
        gaps
    }

    /// Its name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        self.name.get(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agency() -> Agency {
        let mapped = |service: &str, code: &str, attributes: &[(&str, &str)]| Mapped {
            service: service.to_owned(),
            code: code.to_owned(),
            attributes: attributes
                .iter()
                .map(|(key, value)| ((*key).to_owned(), vec![(*value).to_owned()]))
                .collect(),
        };
        let asked = |code: &str, required: bool, values: &[&str]| Asked {
            code: code.to_owned(),
            label: code.to_owned(),
            datatype: if values.is_empty() { "string" } else { "singlevaluelist" }.to_owned(),
            required,
            values: values.iter().map(|it| ((*it).to_owned(), (*it).to_owned())).collect(),
        };
        Agency {
            id: AgencyId::from(uuid::Uuid::nil()),
            code: "city".to_owned(),
            active: true,
            name: Bilingual::new("시", "City"),
            phone: String::new(),
            endpoint: "http://city.example".to_owned(),
            discovery: String::new(),
            jurisdiction: String::new(),
            format: WireFormat::Xml,
            updates: false,
            alarm_hours: ALARM_HOURS,
            has_key: true,
            mapping: vec![
                mapped("pothole", "R1", &[("KIND", "hole")]),
                mapped("streetlight", "L1", &[("POLE", "wood"), ("OLD", "x")]),
                mapped("trash", "T9", &[]),
            ],
            offered: vec![
                Offered {
                    code: "R1".to_owned(),
                    name: "도로".to_owned(),
                    questions: vec![asked("KIND", true, &["hole", "crack"])],
                },
                Offered {
                    code: "L1".to_owned(),
                    name: "가로등".to_owned(),
                    questions: vec![asked("POLE", false, &["steel"]), asked("SIDE", true, &[])],
                },
            ],
            checked_at: Some(Timestamp::UNIX_EPOCH),
            check_failed: None,
        }
    }

    #[test]
    fn gaps_say_what_does_not_fit() {
        let said: Vec<_> =
            agency().gaps().into_iter().map(|gap| (gap.passable, gap.what.en)).collect();
        assert_eq!(
            said,
            [
                (true, "L1 has no question OLD; the answer is thrown away.".to_owned()),
                (false, "The question POLE of L1 has no choice wood.".to_owned()),
                (true, "L1 requires SIDE: the officer answers when sending.".to_owned()),
                (false, "The agency offers no service T9.".to_owned()),
            ]
        );
        let unseen = Agency { checked_at: None, ..agency() };
        assert_eq!(unseen.gaps(), [], "what was never asked cannot disagree");
    }

    #[test]
    fn questions_come_from_their_list_or_else_from_the_mapping() {
        assert_eq!(agency().questions("R1").len(), 1);
        let unseen = Agency { offered: Vec::new(), ..agency() };
        let codes: Vec<_> = unseen.questions("L1").into_iter().map(|it| it.code).collect();
        assert_eq!(codes, ["OLD", "POLE"]);
        assert_eq!(agency().choices()[0], ("R1".to_owned(), "도로".to_owned()));
    }
}
