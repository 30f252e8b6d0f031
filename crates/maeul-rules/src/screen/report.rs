//! The summary of a screening, for people and for programs.

use std::fmt::Write as _;

use maeul_base::Lang;
use serde_json::{Value, json};

use super::tally::{BANDS, Count, Tally, band_name};
use crate::compile::{Compiled, Level};
use crate::value::date_text;
use crate::whatif::grouped;

/// What every result of a screening says.
pub const fn note(lang: Lang) -> &'static str {
    lang.t(
        "이 결과는 추정입니다. 대상 여부와 지원은 담당 공무원이 조사하여 결정합니다(행정기본법 제20조).",
        "This is an estimate: an officer enquires and decides (Framework Act on Administration, art. 20).",
    )
}

/// What is told beside the counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Is the population synthetic?
    pub synthetic: bool,
    /// Rows that were refused.
    pub refused: u64,
    /// Compared with other lists: name, Korean and English label, and the number of lines.
    pub lists: Vec<(&'static str, (&'static str, &'static str), u64)>,
}

/// For a person to read. `dong_name` gives a 동's name where it is known.
pub fn summary_text(
    compiled: &Compiled,
    tally: &Tally,
    aside: &Aside,
    dong_name: impl Fn(i64) -> Option<String>,
    lang: Lang,
) -> String {
    let number = |value: u64| grouped(value.into());
    let day = date_text(compiled.on);
    let mut text = match lang {
        Lang::Ko => format!(
            "{day} 기준, {}가구 {}명, 사업 {}개\n",
            number(tally.households),
            number(tally.persons),
            compiled.programmes.len()
        ),
        Lang::En => format!(
            "As of {day}: {} households, {} persons, {} programmes\n",
            number(tally.households),
            number(tally.persons),
            compiled.programmes.len()
        ),
    };
    if aside.synthetic {
        text.push_str(lang.t(
            "합성 자료입니다. 실제 사람이 아닙니다.\n",
            "Synthetic data: nobody in it lives.\n",
        ));
    }
    if aside.refused > 0 {
        let _ = match lang {
            Lang::Ko => writeln!(text, "판정하지 못한 줄 {}개: refused.csv", number(aside.refused)),
            Lang::En => writeln!(text, "{} rows were refused: refused.csv", number(aside.refused)),
        };
    }
    for (file, (ko, en), count) in &aside.lists {
        let _ = writeln!(text, "{} {}: {file}", lang.t(ko, en), number(*count));
    }
    for (index, programme) in compiled.programmes.iter().enumerate() {
        let total = tally.programme(index);
        let person = programme.entity == Level::Person;
        let of = if person { lang.t("명", "persons") } else { lang.t("가구", "households") };
        let _ = writeln!(
            text,
            "\n{} ({}, {})",
            lang.t(&programme.ko, &programme.en),
            programme.id,
            programme.version
        );
        let unit =
            programme.amount.as_ref().map_or_else(String::new, |amount| amount.quantity.name());
        let _ = writeln!(text, "  {}", line(&total, of, &unit, lang));
        let missing = tally.missing_of(index);
        if !missing.is_empty() {
            let named: Vec<String> = missing
                .iter()
                .take(5)
                .map(|(fact, count)| {
                    let name = compiled
                        .registry
                        .fact(fact)
                        .map_or(*fact, |(_, def)| lang.t(&def.ko, &def.en));
                    format!("{name} {}", number(*count))
                })
                .collect();
            let _ = writeln!(text, "  {}: {}", lang.t("모르는 사실", "missing"), named.join(", "));
        }
        for (dong, count) in
            tally.by_dong(index).into_iter().filter(|(_, count)| count.eligible + count.unknown > 0)
        {
            let name = dong_name(dong).unwrap_or_else(|| dong.to_string());
            let _ = writeln!(text, "    {name}: {}", line(&count, of, &unit, lang));
        }
        for (band, count) in
            tally.by_band(index).into_iter().filter(|(_, count)| count.eligible + count.unknown > 0)
        {
            let _ =
                writeln!(text, "    {}: {}", band_name(band, lang), line(&count, of, &unit, lang));
        }
    }
    if !compiled.not_in_force.is_empty() {
        let names: Vec<&str> = compiled
            .not_in_force
            .iter()
            .map(|programme| lang.t(&programme.ko, &programme.en))
            .collect();
        let _ = writeln!(
            text,
            "\n{}: {}",
            lang.t("이 날 시행하지 않는 사업", "Not in force on this day"),
            names.join(", ")
        );
    }
    let _ = writeln!(text, "\n{}", note(lang));
    text
}

fn line(count: &Count, of: &str, unit: &str, lang: Lang) -> String {
    let number = |value: u64| grouped(value.into());
    let mut text = match lang {
        Lang::Ko => format!(
            "대상 {}{of}, 모름 {}, 비대상 {}",
            number(count.eligible),
            number(count.unknown),
            number(not(count))
        ),
        Lang::En => format!(
            "{} {of} eligible, {} unknown, {} not eligible",
            number(count.eligible),
            number(count.unknown),
            number(not(count))
        ),
    };
    if !unit.is_empty() {
        let _ = write!(text, ", {} {unit}", grouped(count.won));
    }
    if count.amount_unknown > 0 {
        let _ = write!(
            text,
            " ({} {})",
            lang.t("금액 모름", "amount unknown"),
            number(count.amount_unknown)
        );
    }
    text
}

const fn not(count: &Count) -> u64 {
    count.judged.saturating_sub(count.eligible).saturating_sub(count.unknown)
}

/// For a program to read.
pub fn summary_json(compiled: &Compiled, tally: &Tally, aside: &Aside) -> Value {
    let cell = |count: &Count| {
        json!({
            "judged": count.judged,
            "eligible": count.eligible,
            "unknown": count.unknown,
            "not_eligible": not(count),
            "won": i64::try_from(count.won).map_or_else(|_| Value::from(count.won.to_string()), Value::from),
            "amount_unknown": count.amount_unknown,
        })
    };
    let programmes: Vec<Value> = compiled
        .programmes
        .iter()
        .enumerate()
        .map(|(index, programme)| {
            let dongs: serde_json::Map<String, Value> = tally
                .by_dong(index)
                .iter()
                .map(|(dong, count)| (dong.to_string(), cell(count)))
                .collect();
            let bands: serde_json::Map<String, Value> = tally
                .by_band(index)
                .iter()
                .filter_map(|(band, count)| Some(((*BANDS.get(*band)?).to_owned(), cell(count))))
                .collect();
            let missing: serde_json::Map<String, Value> = tally
                .missing_of(index)
                .into_iter()
                .map(|(fact, count)| (fact.to_owned(), count.into()))
                .collect();
            json!({
                "programme": programme.id,
                "version": programme.version,
                "fingerprint": programme.fingerprint,
                "for": if programme.entity == Level::Person { "person" } else { "household" },
                "unit": programme.amount.as_ref().map(|amount| amount.quantity.name()),
                "total": cell(&tally.programme(index)),
                "by_dong": dongs,
                "by_age": bands,
                "missing": missing,
            })
        })
        .collect();
    let lists: serde_json::Map<String, Value> =
        aside.lists.iter().map(|(file, _, count)| ((*file).to_owned(), (*count).into())).collect();
    json!({
        "on": date_text(compiled.on),
        "synthetic": aside.synthetic,
        "households": tally.households,
        "persons": tally.persons,
        "refused_rows": aside.refused,
        "lists": lists,
        "programmes": programmes,
        "not_in_force": compiled.not_in_force.iter().map(|programme| programme.id.as_str()).collect::<Vec<_>>(),
        "note": note(Lang::En),
    })
}
