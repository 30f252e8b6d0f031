//! The answers for a person to read, in Korean or English.

use std::fmt::Write as _;

use maeul_base::Lang;

use crate::answer::{Answer, Checked, Finding, Lacking, Limit, Matter, Outcome};
use crate::compile::{Agg, Compare, Compiled, CompiledProgramme, ConditionKind, N, Op};
use crate::eval::Values;
use crate::household::Household;
use crate::value::{Type, date_text};

/// What stands under every answer, Korean and English.
pub const NOTE: (&str, &str) = (
    "이 결과는 적어 주신 사실로 셈한 추정입니다. 지원 여부는 담당 공무원이 조사하여 결정합니다(행정기본법 제20조).",
    "This is an estimate from the facts you gave. An officer enquires and decides (Framework Act on Administration, art. 20).",
);

/// All answers as text: those eligible first. With `trace` every condition, the rule as written and
/// the parameter values with their sources.
pub fn explain(
    compiled: &Compiled,
    household: &Household,
    values: &Values,
    answers: &[Answer<'_>],
    lang: Lang,
    trace: bool,
) -> String {
    let teller = Teller { compiled, household, values, lang, trace };
    let mut text = String::new();
    let mut order: Vec<&Answer<'_>> = answers.iter().collect();
    order.sort_by_key(|answer| (answer.outcome(), answer.id().to_owned()));
    for answer in order {
        teller.answer(&mut text, answer);
        text.push('\n');
    }
    text.push_str(lang.t(NOTE.0, NOTE.1));
    text.push('\n');
    text
}

struct Teller<'a> {
    compiled: &'a Compiled,
    household: &'a Household,
    values: &'a Values,
    lang: Lang,
    trace: bool,
}

impl Teller<'_> {
    fn t<'b>(&self, ko: &'b str, en: &'b str) -> &'b str {
        self.lang.t(ko, en)
    }

    fn answer(&self, text: &mut String, answer: &Answer<'_>) {
        match answer {
            Answer::NotInForce(programme) => {
                let day = date_text(self.compiled.on);
                let _ =
                    writeln!(text, "✗ {} ({})", self.t(&programme.ko, &programme.en), programme.id);
                let ko = format!("{day}에는 시행하지 않습니다");
                let en = format!("Not in force on {day}");
                let _ = write!(text, "    {}", self.t(&ko, &en));
                if let Some(next) = programme.next.map(date_text) {
                    let (ko, en) = (format!(" ({next}부터 시행)"), format!(" (from {next})"));
                    let _ = write!(text, "{}", self.t(&ko, &en));
                } else if let Some(last) = programme.last.map(date_text) {
                    let (ko, en) = (format!(" ({last}까지 시행)"), format!(" (until {last})"));
                    let _ = write!(text, "{}", self.t(&ko, &en));
                }
                let _ = writeln!(text, " [{}]", programme.law);
            }
            Answer::InForce { programme, outcome, amount, findings, first } => {
                let (sign, word) = match outcome {
                    Outcome::Eligible => ("✓", self.t("해당(추정)", "eligible (estimate)")),
                    Outcome::Unknown => ("?", self.t("알 수 없음", "unknown")),
                    Outcome::NotEligible => {
                        ("✗", self.t("해당하지 않음(추정)", "not eligible (estimate)"))
                    }
                };
                let _ = write!(
                    text,
                    "{sign} {} ({}) — {word}",
                    self.t(&programme.ko, &programme.en),
                    programme.id
                );
                if let (Some(amount), Some(money)) = (amount, &programme.amount) {
                    let _ = write!(text, ", {}", money.quantity.show(*amount, self.lang));
                }
                text.push('\n');
                if *outcome == Outcome::Eligible {
                    let _ = writeln!(
                        text,
                        "    {}",
                        self.t(&programme.announcement.0, &programme.announcement.1)
                    );
                }
                let several = findings.len() > 1;
                for (index, finding) in findings.iter().enumerate() {
                    // Of a programme for persons: those like the household's outcome, or all.
                    if self.trace
                        || index == *first
                        || (finding.outcome == *outcome && *outcome != Outcome::NotEligible)
                    {
                        self.finding(text, programme, finding, several);
                    }
                }
                if self.trace && !programme.note.0.is_empty() {
                    let _ = writeln!(text, "    {}", self.t(&programme.note.0, &programme.note.1));
                }
                if self.trace {
                    self.parameters(text, programme);
                }
                let (ko, en) =
                    (format!("판 {}", programme.version), format!("version {}", programme.version));
                let _ = write!(text, "    {} · {}", self.t(&ko, &en), programme.law);
                let _ = writeln!(
                    text,
                    "{}",
                    if self.trace {
                        format!(" · {}", programme.fingerprint)
                    } else {
                        String::new()
                    }
                );
            }
        }
    }

    fn finding(
        &self,
        text: &mut String,
        programme: &CompiledProgramme,
        finding: &Finding<'_>,
        several: bool,
    ) {
        if let Some(member) =
            finding.member.and_then(|member| self.household.members.get(member)).filter(|_| several)
        {
            let word = match finding.outcome {
                Outcome::Eligible => self.t("해당", "eligible"),
                Outcome::Unknown => self.t("알 수 없음", "unknown"),
                Outcome::NotEligible => self.t("해당하지 않음", "not eligible"),
            };
            let (ko, en) =
                (format!("가구원 {}: {word}", member.id), format!("Member {}: {word}", member.id));
            let _ = writeln!(text, "    {}", self.t(&ko, &en));
        }
        for checked in &finding.conditions {
            let wanted = match finding.outcome {
                Outcome::Eligible => checked.condition.kind == ConditionKind::Ongoing,
                Outcome::Unknown => super::decides(checked) && checked.holds.is_none(),
                Outcome::NotEligible => super::decides(checked) && checked.holds == Some(false),
            };
            if self.trace || wanted {
                self.condition(text, checked);
            }
        }
        let counts = self.trace || finding.outcome != Outcome::NotEligible;
        if let Some(score) = finding.score.filter(|_| counts) {
            let points = crate::value::Quantity {
                unit: crate::value::Unit::POINTS,
                scale: 2,
                percent: false,
            };
            let _ = writeln!(
                text,
                "    {} {}",
                self.t("우선순위 점수", "Priority score"),
                points.show(score, self.lang)
            );
        }
        if self.trace && programme.score.is_some() {
            for item in &programme.score_items {
                let value = self.values.at(self.compiled, item.node, finding.member);
                let ty = self.compiled.nodes.get(item.node).map(|node| node.ty);
                let shown = ty.map_or_else(String::new, |ty| self.show(ty, value));
                let _ = writeln!(
                    text,
                    "      · {} {shown} [{}]",
                    self.t(&item.ko, &item.en),
                    item.article
                );
            }
        }
        self.missing(text, programme, finding);
    }

    fn missing(&self, text: &mut String, programme: &CompiledProgramme, finding: &Finding<'_>) {
        if finding.missing.is_empty() {
            return;
        }
        let matters = if finding.outcome == Outcome::Unknown {
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
        let _ = writeln!(
            text,
            "    {}",
            match finding.outcome {
                Outcome::Eligible =>
                    self.t("금액을 셈하려면 더 알아야 할 것:", "Still needed for the amount:"),
                _ => self.t("더 알아야 할 것:", "Still needed:"),
            }
        );
        for (index, lacking) in finding.missing.iter().enumerate() {
            let name = match lacking {
                Lacking::Parameter(table) => {
                    let key = self.compiled.table_keys.get(*table).map_or("", String::as_str);
                    let (ko, en) = (
                        format!("이날의 기준값이 없음: {key}"),
                        format!("no value of this parameter for that day: {key}"),
                    );
                    self.t(&ko, &en).to_owned()
                }
                Lacking::Fact(id, member) => {
                    let Some(def) = self.compiled.registry.def(*id) else { continue };
                    let whose = match member.and_then(|member| self.household.members.get(member)) {
                        Some(member) => {
                            let (ko, en) = (
                                format!("가구원 {}의 ", member.id),
                                format!("member {}: ", member.id),
                            );
                            self.t(&ko, &en).to_owned()
                        }
                        None => String::new(),
                    };
                    format!("{whose}{} ({})", self.t(&def.ko, &def.en), def.id)
                }
            };
            let why = match (matters.get(index), lacking) {
                (Some(Matter::Yes { one, other }), Lacking::Fact(id, _)) => {
                    let shown = |value: i64| {
                        self.compiled
                            .registry
                            .def(*id)
                            .map_or_else(String::new, |def| self.show(def.ty, Some(value)))
                    };
                    let word = |outcome: Outcome| match outcome {
                        Outcome::Eligible => self.t("해당", "eligible"),
                        Outcome::Unknown => self.t("알 수 없음", "unknown"),
                        Outcome::NotEligible => self.t("해당하지 않음", "not eligible"),
                    };
                    let (ko, en) = (
                        format!(
                            " — 답을 바꿀 수 있음: {} → {}, {} → {}",
                            shown(one.0),
                            word(one.1),
                            shown(other.0),
                            word(other.1)
                        ),
                        format!(
                            " — could change the answer: {} → {}, {} → {}",
                            shown(one.0),
                            word(one.1),
                            shown(other.0),
                            word(other.1)
                        ),
                    );
                    self.t(&ko, &en).to_owned()
                }
                (Some(Matter::No), _) => self
                    .t(
                        " — 이것만으로는 답이 바뀌지 않음",
                        " — does not change the answer by itself",
                    )
                    .to_owned(),
                (Some(Matter::NotFound), Lacking::Fact(..)) => self
                    .t(
                        " — 답을 바꾸는 값을 찾지 못함",
                        " — no value was found that changes the answer",
                    )
                    .to_owned(),
                _ => String::new(),
            };
            let _ = writeln!(text, "      · {name}{why}");
        }
    }

    fn condition(&self, text: &mut String, checked: &Checked<'_>) {
        let condition = checked.condition;
        let sign = match checked.holds {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        let kind = match condition.kind {
            ConditionKind::Condition => "",
            ConditionKind::Exclusion => self.t("제외 사유: ", "Excluded if: "),
            ConditionKind::Ongoing => self.t("받는 동안: ", "While receiving: "),
        };
        let _ = write!(text, "    {sign} {kind}{}", self.t(&condition.ko, &condition.en));
        let measured = condition.measured.as_ref().and_then(|(n, _)| self.compiled.nodes.get(*n));
        if let Some(node) = measured {
            let years = condition.measured.as_ref().is_some_and(|(n, _)| self.is_age(*n));
            let shown = |ty: Type, value: Option<i64>| {
                let shown = self.show(ty, value);
                // Full years since a birthday are an age.
                if years && self.lang == Lang::Ko && shown.ends_with('년') {
                    shown.replace('년', "세")
                } else {
                    shown
                }
            };
            let is = shown(node.ty, checked.value);
            match &checked.limit {
                Limit::Number(compare, limit, ty) => {
                    let word = match compare {
                        Compare::Le => self.t("이하", "at most"),
                        Compare::Ge => self.t("이상", "at least"),
                        Compare::Lt => self.t("미만", "below"),
                        Compare::Gt => self.t("초과", "above"),
                        Compare::Eq => self.t("그대로", "equal to"),
                        Compare::Ne => self.t("아닐 것", "other than"),
                    };
                    let (ko, en) = match limit {
                        None => (
                            format!(": {is} (기준값 모름)"),
                            format!(": {is} (the limit is unknown)"),
                        ),
                        Some(_) => {
                            let limit = shown(*ty, *limit);
                            (
                                format!(": {is} (기준 {limit} {word})"),
                                format!(": {is} (must be {word} {limit})"),
                            )
                        }
                    };
                    let _ = write!(text, "{}", self.t(&ko, &en));
                }
                Limit::OneOf(list, wanted) => {
                    let list: Vec<String> =
                        list.iter().map(|one| self.show(node.ty, Some(*one))).collect();
                    let word = if *wanted {
                        self.t("가운데 하나", "one of")
                    } else {
                        self.t("이 아니어야 함", "none of")
                    };
                    let _ = write!(text, ": {is} ({word}: {})", list.join(", "));
                }
                Limit::Bool(_) if node.ty == Type::Bool => {
                    let _ = write!(text, ": {is}");
                }
                Limit::Bool(_) | Limit::None => {}
            }
            if let Some((by, ty)) = checked.misses_by(self.compiled) {
                let size = shown(ty, Some(by.abs()));
                let (ko, en) = match by {
                    0 => (" — 기준과 같음".to_owned(), " — exactly the limit".to_owned()),
                    1.. => (format!(" — {size} 많음"), format!(" — {size} too much")),
                    _ => (format!(" — {size} 모자람"), format!(" — {size} too little")),
                };
                let _ = write!(text, "{}", self.t(&ko, &en));
            }
        }
        let _ = writeln!(text, " [{}]", condition.article);
        if self.trace {
            let _ = writeln!(text, "        {}", condition.text);
        }
    }

    /// Are these full years since a date?
    fn is_age(&self, n: N) -> bool {
        self.compiled.nodes.get(n).is_some_and(|node| match node.op {
            Op::Years(..) => true,
            Op::Head(inner) | Op::Spread(inner) => self.is_age(inner),
            Op::Members(Agg::Max | Agg::Min, inner) => self.is_age(inner),
            _ => false,
        })
    }

    fn parameters(&self, text: &mut String, programme: &CompiledProgramme) {
        for used in &programme.parameters {
            let found = super::json::looked_up(self.compiled, self.household, self.values, used);
            let values: Vec<String> =
                found.into_iter().map(|value| self.show(used.ty, value)).collect();
            let from = used.from.filter(|day| *day > 0).map(date_text).unwrap_or_default();
            let to = used.to.map(date_text).unwrap_or_default();
            let dates = if from.is_empty() && to.is_empty() {
                String::new()
            } else {
                format!("{from}~{to}")
            };
            let source =
                used.mark.map_or_else(String::new, |mark| format!("{} {mark}", used.basis));
            let parts = [self.t(&used.ko, &used.en).to_owned(), dates, source];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let _ =
                writeln!(text, "    p.{} = {} ({})", used.key, values.join(", "), parts.join("; "));
        }
    }

    fn show(&self, ty: Type, value: Option<i64>) -> String {
        value.map_or_else(
            || self.t("모름", "unknown").to_owned(),
            |value| self.compiled.registry.show(ty, value, self.lang),
        )
    }
}
