//! A parameter for a person or a program to read: every value with its days, source and mark.

use std::fmt::Write as _;

use maeul_base::Lang;
use serde_json::{Map, Value, json};

use super::span::{Dated, mark_text};
use super::{Parameter, Parameters, PlainParameter, PlainValue};
use crate::problem::{Place, Problem};
use crate::registry::Registry;
use crate::table::{Axis, Table};
use crate::value::{Type, date_text};

/// A parameter of either kind.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    /// One that rules compute with.
    Ruled(&'a Parameter),
    /// One beside the rules.
    Plain(&'a PlainParameter),
}

/// The parameter of a key, or all whose key begins with it and a dot.
///
/// # Errors
/// There is none.
pub fn find<'a>(all: &'a Parameters, key: &str) -> Result<Vec<Shown<'a>>, Problem> {
    let under = |known: &str| {
        known == key || known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
    };
    let ruled = all.iter().filter(|one| under(&one.key)).map(Shown::Ruled);
    let found: Vec<_> =
        ruled.chain(all.plain().filter(|one| under(&one.key)).map(Shown::Plain)).collect();
    if found.is_empty() {
        Err(all.unknown(key, &Place::file("maeul parameters")))
    } else {
        Ok(found)
    }
}

impl<'a> Shown<'a> {
    /// Everything, rules' parameters first, by key.
    pub fn all(all: &'a Parameters) -> Vec<Self> {
        let mut list: Vec<_> =
            all.iter().map(Shown::Ruled).chain(all.plain().map(Shown::Plain)).collect();
        list.sort_by_key(Shown::key);
        list
    }

    /// The dotted key.
    pub fn key(&self) -> &'a str {
        match self {
            Self::Ruled(one) => &one.key,
            Self::Plain(one) => &one.key,
        }
    }

    /// The name in the reader's language.
    pub fn name(&self, lang: Lang) -> &'a str {
        match self {
            Self::Ruled(one) => one.name(lang),
            Self::Plain(one) => one.name(lang),
        }
    }

    fn unit(&self) -> &'a str {
        match self {
            Self::Ruled(one) => &one.unit,
            Self::Plain(one) => &one.unit,
        }
    }

    fn note(&self) -> &'a (String, String) {
        match self {
            Self::Ruled(one) => &one.note,
            Self::Plain(one) => &one.note,
        }
    }

    /// One line: key, name, the value of that day in short.
    pub fn line(&self, registry: &Registry, on: i64, lang: Lang) -> String {
        let short = match self {
            Self::Ruled(one) => {
                one.on(on).map(|now| (short(one, &now.value, registry, lang), now.mark))
            }
            Self::Plain(one) => {
                one.on(on).map(|now| (short_plain(one, &now.value, lang), now.mark))
            }
        };
        let (value, mark) = short.map_or_else(
            || (lang.t("알 수 없음", "unknown").to_owned(), String::new()),
            |(value, mark)| (value, format!(" [{}]", if mark == 'U' { '?' } else { mark })),
        );
        format!("{}  {}: {value}{mark}", self.key(), self.name(lang))
    }

    /// The whole parameter: all its values, or with `only` that of the day.
    pub fn page(&self, registry: &Registry, on: i64, only: bool, lang: Lang) -> String {
        let mut page = format!("{}  {}\n", self.name(lang), self.key());
        let by = match self {
            Self::Ruled(one) => one
                .axes
                .iter()
                .map(|axis| axis_name(axis, registry, lang))
                .collect::<Vec<_>>()
                .join(" × "),
            Self::Plain(_) => String::new(),
        };
        let _ = writeln!(
            page,
            "  {} {}{}",
            lang.t("단위", "unit"),
            self.unit(),
            if by.is_empty() {
                String::new()
            } else {
                format!(" · {} {by}", lang.t("표", "table by"))
            }
        );
        match self {
            Self::Ruled(one) => values(&mut page, &one.values, on, only, lang, |page, value| {
                rows(page, one, value, registry, lang);
            }),
            Self::Plain(one) => values(&mut page, &one.values, on, only, lang, |page, value| {
                plain_rows(page, one, value, lang)
            }),
        }
        let note = self.note();
        let note = lang.t(&note.0, &note.1);
        if !note.is_empty() {
            let _ = writeln!(page, "  {}: {note}", lang.t("참고", "Note"));
        }
        page
    }

    /// The same as one JSON object.
    pub fn json(&self, registry: &Registry, on: i64, only: bool, lang: Lang) -> Value {
        let list = match self {
            Self::Ruled(one) => dated(&one.values, on, only, lang, |value| {
                (table_json(one, &value.value, registry), beyond_json(one, &value.value, registry))
            }),
            Self::Plain(one) => {
                dated(&one.values, on, only, lang, |value| (plain_json(&value.value), Value::Null))
            }
        };
        let note = self.note();
        let (ko, en) = (self.name(Lang::Ko), self.name(Lang::En));
        let by: Vec<String> = match self {
            Self::Ruled(one) => {
                one.axes.iter().map(|axis| axis_name(axis, registry, Lang::En)).collect()
            }
            Self::Plain(_) => vec![],
        };
        json!({
            "key": self.key(), "ko": ko, "en": en, "unit": self.unit(), "by": by, "on": date_text(on),
            "known": list.iter().any(|value| value["in_force"] == true), "note": lang.t(&note.0, &note.1), "values": list,
        })
    }
}

fn values<V>(
    page: &mut String,
    all: &[Dated<V>],
    on: i64,
    only: bool,
    lang: Lang,
    rows: impl Fn(&mut String, &Dated<V>),
) {
    let day = date_text(on);
    let known = all.iter().any(|value| value.holds(on));
    for value in all.iter().filter(|value| !only || value.holds(on)) {
        let now = if value.holds(on) {
            match lang {
                Lang::Ko => format!("  ← {day}에 쓰는 값"),
                Lang::En => format!("  ← in force on {day}"),
            }
        } else {
            String::new()
        };
        let _ = writeln!(page, "  {}{now}", value.days(lang));
        rows(page, value);
        let _ = writeln!(page, "    {}: {}", lang.t("근거", "basis"), value.basis);
        let mark = |mark: char| {
            let flag = if mark == 'U' { "[?] " } else { "" };
            format!("{flag}{mark} {}", mark_text(mark, lang))
        };
        let _ = writeln!(page, "    {}: {}", lang.t("출처 표시", "source mark"), mark(value.mark));
    }
    if !known {
        let last = all
            .iter()
            .filter(|value| value.to.is_some_and(|to| to < on))
            .filter_map(|value| value.to)
            .max();
        let next = all.iter().map(|value| value.from).filter(|from| *from > on).min();
        let last = last.map_or_else(String::new, |to| match lang {
            Lang::Ko => format!(" 마지막 값은 {}까지였습니다.", date_text(to)),
            Lang::En => format!(" The last value held until {}.", date_text(to)),
        });
        let next = next.map_or_else(String::new, |from| match lang {
            Lang::Ko => format!(" 다음 값은 {}부터입니다.", date_text(from)),
            Lang::En => format!(" The next holds from {}.", date_text(from)),
        });
        let said = match lang {
            Lang::Ko => format!("{day}의 값은 자료에 없습니다: 알 수 없음입니다.{last}{next}"),
            Lang::En => format!("No value is known for {day}: unknown, not zero.{last}{next}"),
        };
        let _ = writeln!(page, "  {said}");
    }
}

fn axis_name(axis: &Axis, registry: &Registry, lang: Lang) -> String {
    match axis {
        Axis::Size => lang.t("가구원 수", "household size").to_owned(),
        Axis::Enum(id) => registry
            .enums
            .get(*id)
            .map_or_else(String::new, |known| lang.t(&known.ko, &known.en).to_owned()),
        Axis::Bracket(quantity) => match lang {
            Lang::Ko => format!("구간({})", quantity.name()),
            Lang::En => format!("bracket ({})", quantity.name()),
        },
    }
}

/// The rows of an axis as a person reads them.
fn row_names(one: &Parameter, table: &Table, registry: &Registry, lang: Lang) -> Vec<Vec<String>> {
    let labels = one.labels(table, registry);
    labels
        .into_iter()
        .zip(&table.axes)
        .map(|(labels, axis)| {
            let name = |label: String| match (axis, lang) {
                (Axis::Size, Lang::Ko) => format!("{label}인"),
                (Axis::Size, Lang::En) => {
                    format!("{label} person{}", if label == "1" { "" } else { "s" })
                }
                (Axis::Enum(id), _) => registry
                    .enum_value(*id, &label)
                    .map_or(label, |value| registry.show(Type::Enum(*id), value, lang)),
                (Axis::Bracket(_), Lang::Ko) => format!("{label} 이상"),
                (Axis::Bracket(_), Lang::En) => format!("from {label}"),
            };
            labels.into_iter().map(name).collect()
        })
        .collect()
}

/// The cells in order, each with the rows it stands in.
fn cells<'a>(
    names: &'a [Vec<String>],
    table: &'a Table,
) -> impl Iterator<Item = (Vec<&'a str>, Option<i64>)> {
    let width = names.last().map_or(1, Vec::len).max(1);
    table.cells.iter().enumerate().map(move |(index, value)| {
        let outer = if names.len() == 2 {
            names.first().and_then(|rows| rows.get(index / width))
        } else {
            None
        };
        let inner = names.last().and_then(|rows| rows.get(index % width));
        (outer.into_iter().chain(inner).map(String::as_str).collect(), *value)
    })
}

fn show(one: &Parameter, value: Option<i64>, registry: &Registry, lang: Lang) -> String {
    value.map_or_else(
        || lang.t("알 수 없음", "unknown").to_owned(),
        |value| registry.show(one.ty, value, lang),
    )
}

fn rows(
    page: &mut String,
    one: &Parameter,
    value: &Dated<std::sync::Arc<Table>>,
    registry: &Registry,
    lang: Lang,
) {
    let names = row_names(one, &value.value, registry, lang);
    let files = one.labels(&value.value, registry);
    let keys = cells(&files, &value.value).map(|(key, _)| key.join("."));
    for ((name, cell), key) in cells(&names, &value.value).zip(keys) {
        let shown = show(one, cell, registry, lang);
        let flag = if value.mark_of(&key) == value.mark {
            String::new()
        } else {
            flag(value.mark_of(&key), lang)
        };
        let _ = if name.is_empty() {
            writeln!(page, "    {shown}{flag}")
        } else {
            writeln!(page, "    {}: {shown}{flag}", name.join(" · "))
        };
    }
    for step in &value.value.each_more {
        let shown = show(one, *step, registry, lang);
        let mark = value.mark_of("each_more");
        let flag = if mark == value.mark { String::new() } else { flag(mark, lang) };
        let _ = writeln!(
            page,
            "    {}: +{shown}{flag}",
            lang.t("그 위로 한 사람마다", "each further person")
        );
    }
}

/// How a cell was verified, where it differs from the rest.
fn flag(mark: char, lang: Lang) -> String {
    format!(" [{}] {}", if mark == 'U' { '?' } else { mark }, mark_text(mark, lang))
}

fn plain_rows(page: &mut String, one: &PlainParameter, value: &Dated<PlainValue>, lang: Lang) {
    match &value.value {
        PlainValue::Rows(rows) => {
            for (row, cell) in rows {
                let _ = writeln!(page, "    {row}: {cell} {}", one.unit);
            }
        }
        other => {
            let _ = writeln!(page, "    {}", short_plain(one, other, lang));
        }
    }
}

fn short(one: &Parameter, table: &Table, registry: &Registry, lang: Lang) -> String {
    match (table.cells.as_slice(), table.axes.is_empty()) {
        ([value], true) => show(one, *value, registry, lang),
        (cells, _) => {
            let by = table
                .axes
                .iter()
                .map(|axis| axis_name(axis, registry, lang))
                .collect::<Vec<_>>()
                .join(" × ");
            let first = show(one, cells.first().copied().flatten(), registry, lang);
            match lang {
                Lang::Ko => format!("{first} … ({by}별 {}칸)", cells.len()),
                Lang::En => format!("{first} … ({} cells by {by})", cells.len()),
            }
        }
    }
}

fn short_plain(one: &PlainParameter, value: &PlainValue, lang: Lang) -> String {
    match value {
        PlainValue::One(word) if matches!(one.unit.as_str(), "text" | "time") => word.clone(),
        PlainValue::One(word) if one.unit == "flag" => {
            (if word == "true" { lang.t("예", "yes") } else { lang.t("아니요", "no") }).to_owned()
        }
        PlainValue::One(word) => format!("{word} {}", one.unit),
        PlainValue::List(words) => words.join(", "),
        PlainValue::Rows(rows) => {
            let rows: Vec<String> =
                rows.iter().map(|(row, cell)| format!("{row} {cell}")).collect();
            format!("{} {}", rows.join(", "), one.unit)
        }
    }
}

fn dated<V>(
    all: &[Dated<V>],
    on: i64,
    only: bool,
    lang: Lang,
    value: impl Fn(&Dated<V>) -> (Value, Value),
) -> Vec<Value> {
    let shown = all.iter().filter(|one| !only || one.holds(on));
    shown
        .map(|one| {
            let (cells, beyond) = value(one);
            let marks: Map<String, Value> = one.marks.iter().map(|(cell, mark)| (cell.clone(), mark.to_string().into())).collect();
            let from = if one.from == 0 { Value::Null } else { date_text(one.from).into() };
            json!({
                "from": from, "to": one.to.map(date_text), "in_force": one.holds(on), "value": cells, "each_more": beyond,
                "basis": one.basis, "mark": one.mark.to_string(), "mark_text": mark_text(one.mark, lang), "marks": marks,
                "verified": one.mark != 'U',
            })
        })
        .collect()
}

/// A number as a JSON number where it is whole won or a count, else as its exact text.
fn cell_json(one: &Parameter, value: Option<i64>, registry: &Registry) -> Value {
    match (value, one.ty) {
        (None, _) => Value::Null,
        (Some(value), Type::Bool) => (value != 0).into(),
        (Some(value), Type::Number(quantity)) if quantity.scale == 0 => value.into(),
        (Some(value), Type::Number(quantity)) if quantity.percent => {
            format!("{}%", quantity.plain(value)).into()
        }
        (Some(value), ty) => registry.plain(ty, value).into(),
    }
}

fn table_json(one: &Parameter, table: &Table, registry: &Registry) -> Value {
    if table.axes.is_empty() {
        return cell_json(one, table.cells.first().copied().flatten(), registry);
    }
    let labels = one.labels(table, registry);
    let mut object = Map::new();
    for (rows, value) in cells(&labels, table) {
        let value = cell_json(one, value, registry);
        match rows.as_slice() {
            [outer, inner] => {
                let line = object.entry(*outer).or_insert_with(|| Map::new().into());
                if let Some(line) = line.as_object_mut() {
                    line.insert((*inner).to_owned(), value);
                }
            }
            [row] => {
                object.insert((*row).to_owned(), value);
            }
            _ => {}
        }
    }
    object.into()
}

fn beyond_json(one: &Parameter, table: &Table, registry: &Registry) -> Value {
    match table.each_more.as_slice() {
        [] => Value::Null,
        [step] => cell_json(one, *step, registry),
        steps => steps.iter().map(|step| cell_json(one, *step, registry)).collect(),
    }
}

fn plain_json(value: &PlainValue) -> Value {
    match value {
        PlainValue::One(word) => word.as_str().into(),
        PlainValue::List(words) => words.clone().into(),
        PlainValue::Rows(rows) => rows
            .iter()
            .map(|(row, cell)| (row.clone(), Value::from(cell.as_str())))
            .collect::<Map<_, _>>()
            .into(),
    }
}
