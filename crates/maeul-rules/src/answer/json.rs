//! The answers as JSON: one object for each programme, one a line.

use maeul_base::Lang;
use serde::{Serialize, Serializer};

use crate::answer::{Answer, Checked, Finding, Lacking, Limit, Matter, NOTE, Outcome};
use crate::compile::{Compare, Compiled, CompiledProgramme, ConditionKind, Op, ParameterUse};
use crate::eval::Values;
use crate::household::Household;
use crate::value::{Quantity, Type, Unit, date_text};

/// The answers, one JSON object a line. `values` are those the answers were made from; with `search`
/// every missing fact says whether it could matter.
pub fn answers_json(
    compiled: &Compiled,
    household: &Household,
    values: &Values,
    answers: &[Answer<'_>],
    lang: Lang,
    search: bool,
) -> String {
    let writer = Writer { compiled, household, values, lang, search };
    let mut lines = String::with_capacity(answers.len() * 2048);
    for answer in answers {
        // Strings, numbers and lists of them can always be written.
        lines.push_str(&serde_json::to_string(&writer.answer(answer)).unwrap_or_default());
        lines.push('\n');
    }
    lines
}

/// A stored value as JSON writes it: a number stays a number.
#[derive(Clone, Debug, PartialEq)]
enum Plain<'a> {
    Null,
    Bool(bool),
    Whole(i64),
    /// With decimals, as text.
    Decimal(String),
    Text(&'a str),
    Date(i64),
    List(Vec<Self>),
}

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Whole(value) => to.serialize_i64(*value),
            // A float only here, where nothing is decided any more: at most 12 digits, so it is
            // written as it was.
            Self::Decimal(text) => to.serialize_f64(text.parse().unwrap_or_default()),
            Self::Text(text) => to.serialize_str(text),
            Self::Date(day) => to.serialize_str(&date_text(*day)),
            Self::List(list) => list.serialize(to),
        }
    }
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    programme: &'a str,
    name: &'a str,
    law: &'a str,
    version: Option<&'a str>,
    fingerprint: Option<&'a str>,
    mark: Option<&'a str>,
    rule_note: &'a str,
    on: Plain<'a>,
    outcome: &'static str,
    amount_won: Option<i64>,
    amount_unit: Option<String>,
    amount_article: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<Plain<'a>>,
    conditions: Vec<ConditionJson<'a>>,
    missing: Vec<String>,
    missing_detail: Vec<MissingJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    score_items: Vec<ScoreJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    persons: Vec<FindingJson<'a>>,
    parameters: Vec<ParameterJson<'a>>,
    estimate: bool,
    note: &'static str,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    person: Option<&'a str>,
    outcome: &'static str,
    amount_won: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<Plain<'a>>,
    conditions: Vec<ConditionJson<'a>>,
    missing: Vec<String>,
    missing_detail: Vec<MissingJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    score_items: Vec<ScoreJson<'a>>,
}

#[derive(Serialize)]
struct ConditionJson<'a> {
    id: &'a str,
    name: &'a str,
    article: &'a str,
    kind: &'static str,
    holds: Option<bool>,
    value: Plain<'a>,
    relation: Option<&'static str>,
    threshold: Plain<'a>,
    unit: Option<String>,
    misses_by: Option<Plain<'a>>,
    rule: &'a str,
}

#[derive(Serialize)]
struct ScoreJson<'a> {
    id: &'a str,
    name: &'a str,
    article: &'a str,
    points: Plain<'a>,
}

#[derive(Serialize)]
struct MissingJson<'a> {
    fact: String,
    name: Option<&'a str>,
    person: Option<&'a str>,
    could_matter: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    example: Vec<ExampleJson<'a>>,
}

#[derive(Serialize)]
struct ExampleJson<'a> {
    value: Plain<'a>,
    outcome: &'static str,
}

#[derive(Serialize)]
struct ParameterJson<'a> {
    key: &'a str,
    name: &'a str,
    value: Plain<'a>,
    unit: String,
    from: Plain<'a>,
    to: Plain<'a>,
    basis: &'a str,
    mark: Option<char>,
}

struct Writer<'a> {
    compiled: &'a Compiled,
    household: &'a Household,
    values: &'a Values,
    lang: Lang,
    search: bool,
}

impl<'a> Writer<'a> {
    fn answer(&self, answer: &'a Answer<'a>) -> AnswerJson<'a> {
        let on = Plain::Date(self.compiled.on);
        let note = self.lang.t(NOTE.0, NOTE.1);
        match answer {
            Answer::NotInForce(programme) => AnswerJson {
                programme: &programme.id,
                name: self.lang.t(&programme.ko, &programme.en),
                law: &programme.law,
                version: None,
                fingerprint: None,
                mark: None,
                rule_note: "",
                outcome: Outcome::NotEligible.id(),
                amount_won: None,
                amount_unit: None,
                amount_article: None,
                person: None,
                score: None,
                conditions: vec![ConditionJson {
                    id: "in_force",
                    name: self.lang.t("시행 중", "In force"),
                    article: &programme.law,
                    kind: "condition",
                    holds: Some(false),
                    value: on.clone(),
                    relation: Some(if programme.next.is_some() { ">=" } else { "<=" }),
                    threshold: day(programme.next.or(programme.last)),
                    unit: Some("date".to_owned()),
                    misses_by: None,
                    rule: "",
                }],
                missing: vec![],
                missing_detail: vec![],
                score_items: vec![],
                persons: vec![],
                parameters: vec![],
                on,
                estimate: true,
                note,
            },
            Answer::InForce { programme, outcome, amount, findings, first } => {
                let mut missing: Vec<String> = vec![];
                if *outcome == Outcome::Unknown || amount.is_none() {
                    let same = findings.iter().filter(|finding| finding.outcome == *outcome);
                    for lacking in same.flat_map(|finding| &finding.missing) {
                        let name = self.lacking(lacking);
                        if !missing.contains(&name) {
                            missing.push(name);
                        }
                    }
                }
                let top = findings.get(*first).map(|finding| self.finding(programme, finding));
                let persons = findings.iter().filter(|finding| finding.member.is_some());
                let persons: Vec<FindingJson<'a>> =
                    persons.map(|finding| self.finding(programme, finding)).collect();
                let money = programme.amount.as_ref();
                let (person, score, conditions, missing_detail, score_items) = top.map_or_else(
                    || (None, None, vec![], vec![], vec![]),
                    |top| {
                        (top.person, top.score, top.conditions, top.missing_detail, top.score_items)
                    },
                );
                AnswerJson {
                    programme: &programme.id,
                    name: self.lang.t(&programme.ko, &programme.en),
                    law: &programme.law,
                    version: Some(&programme.version),
                    fingerprint: Some(&programme.fingerprint),
                    mark: Some(&programme.mark),
                    rule_note: self.lang.t(&programme.note.0, &programme.note.1),
                    on,
                    outcome: outcome.id(),
                    amount_won: *amount,
                    amount_unit: money.map(|money| money.quantity.name()),
                    amount_article: money.map(|money| money.article.as_str()),
                    person,
                    score,
                    conditions,
                    missing,
                    missing_detail,
                    score_items,
                    persons,
                    parameters: programme
                        .parameters
                        .iter()
                        .map(|used| self.parameter(used))
                        .collect(),
                    estimate: true,
                    note,
                }
            }
        }
    }

    fn finding(
        &self,
        programme: &'a CompiledProgramme,
        finding: &'a Finding<'a>,
    ) -> FindingJson<'a> {
        let points = Type::Number(Quantity { unit: Unit::POINTS, scale: 2, percent: false });
        let matters = if self.search && finding.outcome == Outcome::Unknown {
            super::could_matter(
                self.compiled,
                programme,
                self.household,
                finding.member,
                &finding.missing,
            )
        } else {
            vec![]
        };
        FindingJson {
            person: self.person(finding.member),
            outcome: finding.outcome.id(),
            amount_won: finding.amount,
            score: programme.score.map(|_| self.value(points, finding.score)),
            conditions: finding.conditions.iter().map(|checked| self.condition(checked)).collect(),
            missing: finding.missing.iter().map(|lacking| self.lacking(lacking)).collect(),
            missing_detail: finding
                .missing
                .iter()
                .enumerate()
                .map(|(index, lacking)| self.detail(lacking, matters.get(index)))
                .collect(),
            score_items: programme
                .score_items
                .iter()
                .map(|item| ScoreJson {
                    id: &item.id,
                    name: self.lang.t(&item.ko, &item.en),
                    article: &item.article,
                    points: self.value(
                        self.compiled.nodes.get(item.node).map_or(points, |node| node.ty),
                        self.values.at(self.compiled, item.node, finding.member),
                    ),
                })
                .collect(),
        }
    }

    fn person(&self, member: Option<usize>) -> Option<&'a str> {
        Some(self.household.members.get(member?)?.id.as_str())
    }

    fn condition(&self, checked: &Checked<'a>) -> ConditionJson<'a> {
        let condition = checked.condition;
        let measured = condition.measured.as_ref().and_then(|(n, _)| self.compiled.nodes.get(*n));
        let measured = measured.map(|node| node.ty);
        let (threshold, relation) = match (&checked.limit, measured) {
            (Limit::Number(compare, limit, ty), _) => {
                (self.value(*ty, *limit), Some(sign(*compare)))
            }
            (Limit::OneOf(list, wanted), Some(ty)) => (
                Plain::List(list.iter().map(|one| self.value(ty, Some(*one))).collect()),
                Some(if *wanted { "in" } else { "not in" }),
            ),
            (Limit::Bool(wanted), _) => (Plain::Bool(*wanted), Some("==")),
            _ => (Plain::Null, None),
        };
        ConditionJson {
            id: &condition.id,
            name: self.lang.t(&condition.ko, &condition.en),
            article: &condition.article,
            kind: match condition.kind {
                ConditionKind::Condition => "condition",
                ConditionKind::Exclusion => "exclusion",
                ConditionKind::Ongoing => "ongoing",
            },
            holds: checked.holds,
            value: measured.map_or(Plain::Null, |ty| self.value(ty, checked.value)),
            relation,
            threshold,
            unit: measured.map(|ty| self.compiled.registry.type_name(ty)),
            misses_by: checked.misses_by(self.compiled).map(|(by, ty)| self.value(ty, Some(by))),
            rule: &condition.text,
        }
    }

    fn parameter(&self, used: &'a ParameterUse) -> ParameterJson<'a> {
        let mut values: Vec<Plain<'a>> =
            looked_up(self.compiled, self.household, self.values, used)
                .into_iter()
                .map(|value| self.value(used.ty, value))
                .collect();
        let value = match values.as_mut_slice() {
            [one] => std::mem::replace(one, Plain::Null),
            _ => Plain::List(values),
        };
        ParameterJson {
            key: &used.key,
            name: self.lang.t(&used.ko, &used.en),
            value,
            unit: self.compiled.registry.type_name(used.ty),
            from: day(used.from),
            to: day(used.to),
            basis: &used.basis,
            mark: used.mark,
        }
    }

    fn lacking(&self, lacking: &Lacking) -> String {
        lacking.name(self.compiled)
    }

    fn detail(&self, lacking: &Lacking, matter: Option<&Matter>) -> MissingJson<'a> {
        let (def, person) = match lacking {
            Lacking::Fact(id, member) => (self.compiled.registry.def(*id), self.person(*member)),
            Lacking::Parameter(_) => (None, None),
        };
        let example = match (matter, def) {
            (Some(Matter::Yes { one, other }), Some(def)) => [one, other]
                .map(|(value, outcome)| ExampleJson {
                    value: self.value(def.ty, Some(*value)),
                    outcome: outcome.id(),
                })
                .into(),
            _ => vec![],
        };
        MissingJson {
            fact: self.lacking(lacking),
            name: def.map(|def| self.lang.t(&def.ko, &def.en)),
            person,
            could_matter: match matter {
                Some(Matter::Yes { .. }) => Some(true),
                Some(Matter::No) => Some(false),
                Some(Matter::NotFound) | None => None,
            },
            example,
        }
    }

    fn value(&self, ty: Type, value: Option<i64>) -> Plain<'a> {
        let Some(value) = value else { return Plain::Null };
        match ty {
            Type::Bool => Plain::Bool(value != 0),
            Type::Date => Plain::Date(value),
            Type::Number(quantity) if quantity.scale == 0 => Plain::Whole(value),
            Type::Number(quantity) => {
                let text = quantity.plain(value);
                // 75 %, not 75.0 %.
                text.parse().map_or(Plain::Decimal(text), Plain::Whole)
            }
            Type::Enum(id) => {
                self.compiled.registry.enum_word(id, value).map_or(Plain::Null, Plain::Text)
            }
        }
    }
}

/// What was looked up for a household, each value once: several where members differ.
pub(crate) fn looked_up(
    compiled: &Compiled,
    household: &Household,
    values: &Values,
    used: &ParameterUse,
) -> Vec<Option<i64>> {
    let mut found = vec![];
    for n in &used.nodes {
        let person = compiled.nodes.get(*n).is_some_and(|node| {
            matches!(node.op, Op::Look(..)) && node.level == crate::compile::Level::Person
        });
        for member in 0..if person { household.members.len() } else { 1 } {
            let value = values.at(compiled, *n, Some(member));
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found
}

fn day(day: Option<i64>) -> Plain<'static> {
    // A value from the beginning has no first day.
    day.filter(|day| *day > 0).map_or(Plain::Null, Plain::Date)
}

/// A comparison's sign.
const fn sign(compare: Compare) -> &'static str {
    match compare {
        Compare::Eq => "==",
        Compare::Ne => "!=",
        Compare::Lt => "<",
        Compare::Le => "<=",
        Compare::Gt => ">",
        Compare::Ge => ">=",
    }
}
