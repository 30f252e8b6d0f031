//! What a change does, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use maeul_base::Lang;
use serde_json::{Value, json};

use super::{Change, Changes};
use crate::compile::CompiledProgramme;

/// Groups digits by three; the amounts of a nation do not fit [`maeul_base::Won`].
pub(crate) fn grouped(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn signed(value: i128) -> String {
    format!("{}{}", if value > 0 { "+" } else { "" }, grouped(value))
}

/// A programme's total, and the 동 in which anything changes.
type Totals = (Change, Vec<(i64, Change)>);

fn by_programme(changes: &Changes) -> BTreeMap<&str, Totals> {
    let mut programmes: BTreeMap<&str, Totals> = BTreeMap::new();
    for ((programme, dong), change) in changes {
        let entry = programmes.entry(programme).or_default();
        entry.0.add(change);
        if !change.is_nothing() {
            entry.1.push((*dong, *change));
        }
    }
    programmes
}

fn unit(programme: Option<&CompiledProgramme>) -> String {
    programme
        .and_then(|one| one.amount.as_ref())
        .map(|amount| amount.quantity.name())
        .unwrap_or_default()
}

/// For a person to read. `dong_name` gives a 동's name where it is known.
pub fn change_text(
    name: &str,
    changes: &Changes,
    programmes: &[&CompiledProgramme],
    dong_name: impl Fn(i64) -> Option<String>,
    lang: Lang,
) -> String {
    let mut text = format!("{}: {name}\n", lang.t("바꾸어 본 것", "What if"));
    if programmes.is_empty() {
        text.push_str(
            lang.t(
                "이 변경이 닿는 사업이 없습니다.\n",
                "No programme rests on what was changed.\n",
            ),
        );
    }
    for (id, (total, dongs)) in by_programme(changes) {
        let programme = programmes.iter().copied().find(|one| one.id == id);
        let title = programme.map_or(id, |one| lang.t(&one.ko, &one.en));
        let unit = unit(programme);
        let one = match lang {
            Lang::Ko => format!(
                "\n{title} ({id})\n  대상 {} → {} (새로 {}, 빠짐 {}), 더 받음 {}, 덜 받음 {}, 판정 가능 여부 변화 {}\n",
                grouped(total.before.into()),
                grouped(total.after.into()),
                grouped(total.gained.into()),
                grouped(total.lost.into()),
                grouped(total.more.into()),
                grouped(total.less.into()),
                grouped(total.known.into())
            ),
            Lang::En => format!(
                "\n{title} ({id})\n  eligible {} → {} (gained {}, lost {}), more {}, less {}, known or unknown now {}\n",
                grouped(total.before.into()),
                grouped(total.after.into()),
                grouped(total.gained.into()),
                grouped(total.lost.into()),
                grouped(total.more.into()),
                grouped(total.less.into()),
                grouped(total.known.into())
            ),
        };
        text.push_str(&one);
        if !unit.is_empty() {
            let _ = writeln!(
                text,
                "  {} → {} ({}) {unit}",
                grouped(total.won_before),
                grouped(total.won_after),
                signed(total.won_after - total.won_before)
            );
        }
        for (dong, change) in dongs {
            let dong = dong_name(dong).unwrap_or_else(|| dong.to_string());
            let persons = i128::from(change.after) - i128::from(change.before);
            let touched = grouped(
                u128::from(change.gained + change.lost + change.more + change.less).cast_signed(),
            );
            let won = match unit.as_str() {
                "" => String::new(),
                unit => format!(", {} {unit}", signed(change.won_after - change.won_before)),
            };
            let _ = match lang {
                Lang::Ko => {
                    writeln!(text, "    {dong}: 바뀌는 곳 {touched}, 대상 {}{won}", signed(persons))
                }
                Lang::En => writeln!(
                    text,
                    "    {dong}: touched {touched}, eligible {}{won}",
                    signed(persons)
                ),
            };
        }
    }
    text.push('\n');
    text.push_str(crate::screen::note(lang));
    text.push('\n');
    text
}

/// For a program to read.
pub fn change_json(name: &str, changes: &Changes, programmes: &[&CompiledProgramme]) -> Value {
    let list: Vec<Value> = by_programme(changes)
        .into_iter()
        .map(|(id, (total, dongs))| {
            let programme = programmes.iter().copied().find(|one| one.id == id);
            let dongs: Vec<Value> = dongs
                .into_iter()
                .map(|(dong, change)| json!({"dong_code": dong.to_string(), "change": change.json()}))
                .collect();
            json!({"programme": id, "unit": unit(programme), "total": total.json(), "dongs": dongs})
        })
        .collect();
    json!({"what_if": name, "programmes": list, "note": crate::screen::note(Lang::En)})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_grouped_on_both_sides_of_zero() {
        assert_eq!(grouped(-1_234_567), "-1,234,567");
        assert_eq!(signed(999), "+999");
        assert_eq!(signed(0), "0");
    }
}
