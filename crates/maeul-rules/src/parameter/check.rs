//! What is wrong with the parameters or soon will be: gaps, unit mistakes, tables out of order,
//! values that end without a successor, values nobody verified.

use maeul_base::Lang;

use super::span::{Dated, next_day};
use super::{Parameter, Parameters};
use crate::problem::Place;
use crate::registry::Registry;
use crate::table::{Axis, Table};
use crate::value::{Type, Unit, date_text, day_number};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Wrong: an answer would be wrong.
    Error,
    /// Soon or already without a value.
    Warning,
    /// Worth knowing.
    Remark,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Days without a value between two values, not explained by `gap`.
    Gap,
    /// A number that looks as if its unit were another.
    Unit,
    /// A larger household gets less.
    Order,
    /// The last value has ended.
    Ended,
    /// The last value ends soon.
    Ending,
    /// The source gives no value.
    NoValue,
    /// Cells of a table the source does not give.
    NoCell,
    /// The value in force was never verified.
    Unverified,
}

impl FindingKind {
    /// Its name in `--json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Unit => "unit",
            Self::Order => "order",
            Self::Ended => "ended",
            Self::Ending => "ending",
            Self::NoValue => "no_value",
            Self::NoCell => "no_cell",
            Self::Unverified => "unverified",
        }
    }

    /// How much it matters.
    pub const fn level(self) -> Level {
        match self {
            Self::Gap | Self::Unit | Self::Order => Level::Error,
            Self::Ended | Self::Ending => Level::Warning,
            Self::NoValue | Self::NoCell | Self::Unverified => Level::Remark,
        }
    }
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The parameter.
    pub key: String,
    /// Where it is written.
    pub place: Place,
    /// Why, and what to do, in Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
}

impl Finding {
    /// In the reader's language, with place and key.
    pub fn text(&self, lang: Lang) -> String {
        format!("{}: {}: {}", self.place, self.key, lang.t(&self.ko, &self.en))
    }
}

pub(super) fn check(
    all: &Parameters,
    registry: &Registry,
    on: i64,
    within_days: i64,
) -> Vec<Finding> {
    let mut found = Found { list: vec![], on, within_days };
    for one in all.iter() {
        found.days(&one.key, &one.place, &one.values, &one.gap, one.closed);
        found.numbers(one);
        found.cells(one, registry);
    }
    for one in all.plain() {
        found.days(&one.key, &one.place, &one.values, &one.gap, one.closed);
    }
    found.list.sort_by(|a, b| {
        (a.kind.level(), &a.place, a.kind).cmp(&(b.kind.level(), &b.place, b.kind))
    });
    found.list
}

struct Found {
    list: Vec<Finding>,
    on: i64,
    within_days: i64,
}

impl Found {
    fn add(&mut self, kind: FindingKind, key: &str, place: &Place, ko: String, en: String) {
        self.list.push(Finding { kind, key: key.to_owned(), place: place.clone(), ko, en });
    }

    /// Gaps, ends and verification: what dates and marks tell.
    fn days<V>(&mut self, key: &str, place: &Place, values: &[Dated<V>], gap: &str, closed: bool) {
        for pair in values.windows(2) {
            let [first, second] = pair else { continue };
            let Some(to) = first.to.filter(|to| next_day(*to) < second.from && gap.is_empty())
            else {
                continue;
            };
            let (from, until) = (date_text(next_day(to)), date_text(second.from));
            self.add(
                FindingKind::Gap,
                key,
                &second.place,
                format!("{from}부터 {until} 전날까지 값이 없습니다. 값을 넣거나 `gap`에 까닭을 적으세요."),
                format!("No value from {from} to the day before {until}. Add it, or say why in `gap`."),
            );
        }
        let Some(last) = values.last() else {
            self.add(
                FindingKind::NoValue,
                key,
                place,
                "참고한 자료에 값이 없어 알 수 없음으로 답합니다.".to_owned(),
                "The sources give no value: answers that need it are unknown.".to_owned(),
            );
            return;
        };
        if let Some(to) = last.to.filter(|_| !closed) {
            let left = day_number(to) - day_number(self.on);
            let end = date_text(to);
            if left < 0 {
                self.add(
                    FindingKind::Ended,
                    key,
                    &last.place,
                    format!("마지막 값이 {end}에 끝났고 그 뒤의 값이 없습니다. 새 고시를 넣으세요."),
                    format!("The last value ended on {end} and nothing follows. Add the new announcement."),
                );
            } else if left <= self.within_days {
                self.add(
                    FindingKind::Ending,
                    key,
                    &last.place,
                    format!("값이 {end}에 끝나는데({left}일 남음) 그 뒤의 값이 없습니다."),
                    format!("The value ends on {end} (in {left} days) and nothing follows."),
                );
            }
        }
        if let Some(now) = super::span::on(values, self.on) {
            let cells: Vec<&str> = now
                .marks
                .iter()
                .filter(|(_, mark)| *mark == 'U')
                .map(|(cell, _)| cell.as_str())
                .collect();
            if now.mark == 'U' {
                self.add(
                    FindingKind::Unverified,
                    key,
                    &now.place,
                    "확인되지 않은 값입니다. 고시를 확인해 `mark`를 고치세요.".to_owned(),
                    "This value was never verified. Check the announcement and change its `mark`."
                        .to_owned(),
                );
            } else if !cells.is_empty() {
                let cells = cells.join(", ");
                self.add(
                    FindingKind::Unverified,
                    key,
                    &now.place,
                    format!("확인되지 않은 칸: {cells}."),
                    format!("Cells never verified: {cells}."),
                );
            }
        }
    }

    /// Numbers that look like another unit, and tables in which more people get less.
    fn numbers(&mut self, one: &Parameter) {
        let Type::Number(quantity) = one.ty else { return };
        let money = quantity.unit.dims.first() == Some(&1);
        for value in &one.values {
            let small = money
                && quantity.unit != won_per_point()
                && value.value.known().any(|won| won > 0 && won < 1_000);
            let fraction = quantity.percent
                && quantity.unit == Unit::NONE
                && value.value.known().any(|share| share > 0 && share < 100);
            if small || fraction {
                let (ko, en) = if small {
                    (
                        "1,000원보다 작은 금액이 있습니다. 천 원이나 만 원 단위로 적지 않았는지 보세요.",
                        "An amount below 1,000 won: was it written in thousands or ten thousands?",
                    )
                } else {
                    (
                        "1 %보다 작은 비율이 있습니다. 30 %를 0.3으로 적지 않았는지 보세요.",
                        "A share below 1 %: was 30 % written as 0.3?",
                    )
                };
                self.add(FindingKind::Unit, &one.key, &value.place, ko.to_owned(), en.to_owned());
            }
            if money && out_of_order(&value.value) {
                self.add(
                    FindingKind::Order,
                    &one.key,
                    &value.place,
                    "가구원이 많은데 금액이 더 적은 칸이 있습니다.".to_owned(),
                    "A larger household has a smaller amount.".to_owned(),
                );
            }
        }
        for pair in one.values.windows(2) {
            let [first, second] = pair else { continue };
            let cells = first.value.cells.iter().zip(&second.value.cells);
            let jumps = cells.filter_map(|(a, b)| Some(((*a)?, (*b)?))).any(|(a, b)| {
                let (less, more) = (a.min(b), a.max(b));
                less > 0 && more / less >= 10
            });
            if money && first.value.axes == second.value.axes && jumps {
                self.add(
                    FindingKind::Unit,
                    &one.key,
                    &second.place,
                    "앞의 값과 열 배 넘게 다릅니다. 자릿수나 단위를 확인하세요.".to_owned(),
                    "It differs from the value before by ten times or more. Check digits and unit."
                        .to_owned(),
                );
            }
        }
    }

    /// Cells that are silent in the value in force.
    fn cells(&mut self, one: &Parameter, registry: &Registry) {
        let Some(now) = one.on(self.on).filter(|now| now.value.cells.iter().any(Option::is_none))
        else {
            return;
        };
        let labels = one.labels(&now.value, registry);
        let width = labels.last().map_or(1, Vec::len).max(1);
        let silent = now.value.cells.iter().enumerate().filter(|(_, cell)| cell.is_none()).map(
            |(index, _)| {
                let last = labels
                    .last()
                    .and_then(|rows| rows.get(index % width))
                    .map_or("", String::as_str);
                match labels.as_slice() {
                    [first, _] => {
                        format!("{}.{last}", first.get(index / width).map_or("", String::as_str))
                    }
                    _ => last.to_owned(),
                }
            },
        );
        let silent = silent.collect::<Vec<_>>().join(", ");
        self.add(
            FindingKind::NoCell,
            &one.key,
            &now.place,
            format!("자료에 없는 칸: {silent}."),
            format!("Cells the sources do not give: {silent}."),
        );
    }
}

fn won_per_point() -> Unit {
    Unit::WON.over(Unit::POINTS)
}

/// Has a table by household size a smaller amount for more people?
fn out_of_order(table: &Table) -> bool {
    let width = table.lens.last().copied().unwrap_or(0).max(1);
    table.axes.last() == Some(&Axis::Size)
        && table.cells.chunks(width).any(|line| {
            let known: Vec<i64> = line.iter().flatten().copied().collect();
            !known.is_sorted()
        })
}
