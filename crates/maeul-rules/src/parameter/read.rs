//! Reading `data/parameters/*.yaml`: every mistake with its line, column and what was expected.

use std::collections::HashMap;
use std::sync::Arc;

use super::span::{Dated, MARKS, ordered};
use super::{PLAIN_UNITS, Parameter, Parameters, PlainParameter, plain};
use crate::problem::{Place, Problem, Problems};
use crate::registry::Registry;
use crate::table::{Axis, Table};
use crate::value::{Quantity, Type};
use crate::yaml::{Fields, Kind, Node, Source, parse};

const FIELDS: &[&str] = &[
    "ko",
    "en",
    "unit",
    "by",
    "note",
    "gap",
    "closed",
    "basis",
    "mark",
    "from",
    "to",
    "value",
    "each_more",
    "marks",
    "values",
];
const DATED: &[&str] = &["from", "to", "basis", "mark", "value", "each_more", "marks"];

pub(super) fn load(files: &[Source], registry: &Registry) -> Result<Parameters, Problems> {
    let mut all = Parameters::default();
    let mut problems = Problems::default();
    let mut seen: HashMap<String, Place> = HashMap::new();
    for source in files {
        let entries = parse(source).and_then(|node| {
            Ok(node.fields(&["parameters"])?.need("parameters")?.entries()?.to_vec())
        });
        for (key, node) in problems.keep(entries).unwrap_or_default() {
            if let Some(other) = seen.insert(key.text.clone(), key.place.clone()) {
                problems.0.push(Problem::new(
                    &key.place,
                    format!("파라미터 `{}`은(는) {other}에 이미 있습니다.", key.text),
                    format!("The parameter `{}` is already at {other}.", key.text),
                ));
                continue;
            }
            let read = good_key(&key.text, &key.place)
                .and_then(|()| node.fields(FIELDS))
                .and_then(|fields| one(&key.text, &key.place, fields, registry, &mut all));
            problems.keep(read);
        }
    }
    problems.or(all)
}

/// A key is words of small letters, digits and `_`, joined by dots: expressions write it after `p.`.
fn good_key(key: &str, place: &Place) -> Result<(), Problem> {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    if key.split('.').all(word) {
        return Ok(());
    }
    Err(Problem::new(
        place,
        format!(
            "키 `{key}`에는 영어 소문자, 숫자, `_`와 점만 쓸 수 있습니다(예: emergency.income_rate)."
        ),
        format!(
            "The key `{key}` may hold small letters, digits, `_` and dots only, as in emergency.income_rate."
        ),
    ))
}

fn one(
    key: &str,
    place: &Place,
    fields: Fields<'_>,
    registry: &Registry,
    all: &mut Parameters,
) -> Result<(), Problem> {
    let unit_node = fields.need("unit")?;
    let unit = unit_node.text()?.to_owned();
    let note = match fields.get("note") {
        None => Default::default(),
        Some(node) => {
            let note = node.fields(&["ko", "en"])?;
            (note.text("ko")?, note.text("en")?)
        }
    };
    let (ko, en, gap) = (fields.text("ko")?, fields.text("en")?, fields.text_or("gap")?);
    let closed = fields.get("closed").map_or(Ok(false), Node::bool)?;
    let (key, place) = (key.to_owned(), place.clone());
    if PLAIN_UNITS.contains(&unit.as_str()) {
        let by = fields.has("by");
        let values =
            dated(fields, |fields| plain::read(fields.need("value")?, &unit, by), |_, _| true)?;
        all.plain.push(PlainParameter { key, ko, en, unit, values, note, gap, closed, place });
        return Ok(());
    }
    let ty = registry.read_type(unit_node)?;
    let axes = fields
        .list("by")?
        .iter()
        .map(|node| axis(node, registry))
        .collect::<Result<Vec<_>, _>>()?;
    let values = dated(
        fields,
        |fields| table(fields, ty, &axes, registry).map(Arc::new),
        |table, cell| has_cell(table, cell, registry),
    )?;
    if values.is_empty() && note.0.is_empty() {
        return Err(Problem::new(
            fields.place(),
            "값이 없으면 `note`에 왜 없는지 적어야 합니다.",
            "Without a value, `note` must say why there is none.",
        ));
    }
    all.by_key.insert(key.clone(), all.list.len());
    all.list.push(Parameter { key, ko, en, ty, unit, axes, values, note, gap, closed, place });
    Ok(())
}

/// The dated values: those of `values`, or the single one written beside the names.
fn dated<V>(
    fields: Fields<'_>,
    read: impl Fn(Fields<'_>) -> Result<V, Problem>,
    has_cell: impl Fn(&V, &str) -> bool,
) -> Result<Vec<Dated<V>>, Problem> {
    let listed = fields.has("values");
    if listed == fields.has("value") {
        return Err(Problem::new(
            fields.place(),
            "`value`(값 하나)와 `values`(기간별 값) 중 하나만 적어야 합니다.",
            "Write either `value` (one value) or `values` (values by date).",
        ));
    }
    if let (true, Some(node)) = (listed, ["from", "to"].iter().find_map(|name| fields.get(name))) {
        return Err(Problem::new(
            &node.place,
            "`values`가 있으면 날짜는 그 안의 값마다 적습니다.",
            "With `values`, dates are written at each of them.",
        ));
    }
    let entries = match listed {
        true => fields
            .list("values")?
            .iter()
            .map(|node| node.fields(DATED))
            .collect::<Result<Vec<_>, _>>()?,
        false => vec![fields],
    };
    let mut values = vec![];
    for entry in entries {
        let inherited = |name: &str| entry.get(name).or_else(|| fields.get(name));
        let missing = |name: &str, ko: &str, en: &str| {
            Problem::new(
                entry.place(),
                format!("`{name}`이(가) 없습니다. {ko}"),
                format!("`{name}` is missing. {en}"),
            )
        };
        let basis = inherited("basis").map(Node::text).transpose()?.unwrap_or_default();
        if basis.trim().is_empty() {
            return Err(missing(
                "basis",
                "조문이나 고시를 적으세요.",
                "Name the article or the announcement.",
            ));
        }
        let node = inherited("mark").ok_or_else(|| {
            missing(
                "mark",
                "어떻게 확인했는지 V, O, G, X, I, U 중 하나로 적으세요.",
                "Say how it was verified: V, O, G, X, I or U.",
            )
        })?;
        let mark = mark(node)?;
        let value = read(entry)?;
        let mut marks = vec![];
        for (cell, node) in entry.get("marks").map_or(Ok(&[][..]), Node::entries)? {
            if !has_cell(&value, &cell.text) {
                return Err(Problem::new(
                    &cell.place,
                    format!("표에 `{}` 칸이 없습니다.", cell.text),
                    format!("The table has no cell `{}`.", cell.text),
                ));
            }
            marks.push((cell.text.clone(), self::mark(node)?));
        }
        let day = |name: &str| entry.get(name).map(Node::date).transpose();
        let (from, to) = (day("from")?.unwrap_or(0), day("to")?);
        values.push(Dated {
            from,
            to,
            value,
            basis: basis.to_owned(),
            mark,
            marks,
            place: entry.place().clone(),
        });
    }
    ordered(values)
}

fn mark(node: &Node) -> Result<char, Problem> {
    let mut letters = node.text()?.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if MARKS.iter().any(|(known, ..)| *known == letter) => Ok(letter),
        _ => Err(Problem::new(
            &node.place,
            "출처 표시는 V, O, G, X, I, U 중 하나여야 합니다.",
            "A source mark is one of V, O, G, X, I, U.",
        )),
    }
}

fn axis(node: &Node, registry: &Registry) -> Result<Axis, Problem> {
    if let Kind::Map(_) = node.kind {
        let bracket = node.fields(&["bracket"])?.need("bracket")?;
        let unit = bracket.text()?;
        return Quantity::parse(unit).map(Axis::Bracket).ok_or_else(|| {
            Problem::new(
                &bracket.place,
                format!("모르는 단위 `{unit}`입니다."),
                format!("Unknown unit `{unit}`."),
            )
        });
    }
    let name = node.text()?;
    if name == "size" {
        return Ok(Axis::Size);
    }
    registry.enum_id(name).map(Axis::Enum).ok_or_else(|| {
        Problem::new(
            &node.place,
            format!("`by`에는 size, 열거형 이름, {{bracket: 단위}}만 쓸 수 있는데 `{name}`입니다."),
            format!(
                "`by` takes size, the name of an enumeration or {{bracket: unit}}, found `{name}`."
            ),
        )
    })
}

/// A table of no, one or two axes.
fn table(
    fields: Fields<'_>,
    ty: Type,
    axes: &[Axis],
    registry: &Registry,
) -> Result<Table, Problem> {
    let node = fields.need("value")?;
    let beyond = fields.get("each_more");
    if let Some(beyond) = beyond.filter(|_| axes.last() != Some(&Axis::Size)) {
        return Err(Problem::new(
            &beyond.place,
            "`each_more`는 마지막 축이 size일 때만 쓸 수 있습니다.",
            "`each_more` needs size as the last axis.",
        ));
    }
    let mut table = Table { axes: axes.to_vec(), ..Table::default() };
    match axes {
        [] => table.cells.push(cell(node, ty, registry)?),
        [only] => {
            let (rows, cells) = lines(node, only, registry)?;
            table.lens.push(cells.len());
            table.rows.push(rows);
            for value in cells {
                table.cells.push(value.map_or(Ok(None), |node| cell(node, ty, registry))?);
            }
            if let Some(beyond) = beyond {
                table.each_more.push(cell(beyond, ty, registry)?);
            }
        }
        [first, second] => {
            let (rows, outer) = lines(node, first, registry)?;
            table.lens.push(outer.len());
            table.rows.push(rows);
            let mut width = 0;
            let mut inner_rows = vec![];
            for line in outer {
                let Some(line) = line else {
                    return Err(Problem::new(
                        &node.place,
                        "두 축의 표에서는 첫 축의 모든 행을 적어야 합니다(모르는 값은 null).",
                        "A table of two axes needs every row of the first; an unknown value is null.",
                    ));
                };
                let (rows, cells) = lines(line, second, registry)?;
                if !inner_rows.is_empty() && rows != inner_rows
                    || width != 0 && width != cells.len()
                {
                    return Err(Problem::new(
                        &line.place,
                        "행마다 칸의 수와 문턱값이 같아야 합니다.",
                        "Every line must have the same columns.",
                    ));
                }
                width = cells.len();
                inner_rows = rows;
                for value in cells {
                    table.cells.push(value.map_or(Ok(None), |node| cell(node, ty, registry))?);
                }
            }
            table.lens.push(width);
            table.rows.push(inner_rows);
            if let Some(beyond) = beyond {
                let (_, steps) = lines(beyond, first, registry)?;
                for step in steps {
                    table.each_more.push(step.map_or(Ok(None), |node| cell(node, ty, registry))?);
                }
            }
        }
        _ => {
            return Err(Problem::new(
                &node.place,
                "표의 축은 둘까지입니다.",
                "A table has at most two axes.",
            ));
        }
    }
    Ok(table)
}

/// The thresholds (of a bracket) and the values of the rows of one axis.
type Lines<'a> = (Vec<i64>, Vec<Option<&'a Node>>);

fn lines<'a>(node: &'a Node, axis: &Axis, registry: &Registry) -> Result<Lines<'a>, Problem> {
    let Kind::Map(entries) = &node.kind else {
        return Err(Problem::new(
            &node.place,
            "`by`가 있으므로 값은 `{행: 값}` 표여야 합니다.",
            "There is a `by`: the value must be a table `{row: value}`.",
        ));
    };
    let mut thresholds = vec![];
    let mut cells = vec![];
    match axis {
        Axis::Size => {
            for (index, (key, cell)) in entries.iter().enumerate() {
                if key.text != (index + 1).to_string() {
                    return Err(Problem::new(
                        &key.place,
                        format!("가구원 수는 1부터 차례로 적어야 하는데 `{}`입니다.", key.text),
                        format!("Household sizes run from 1 without a gap, found `{}`.", key.text),
                    ));
                }
                cells.push(Some(cell));
            }
        }
        Axis::Enum(id) => {
            let known =
                registry.enums.get(*id).map(|known| known.values.as_slice()).unwrap_or_default();
            if let Some((key, why)) = entries.iter().find_map(|(key, _)| {
                registry.read(Type::Enum(*id), &key.text).err().map(|why| (key, why))
            }) {
                return Err(Problem::new(&key.place, why.0, why.1));
            }
            for (value, _) in known {
                cells
                    .push(entries.iter().find(|(key, _)| key.text == *value).map(|(_, cell)| cell));
            }
        }
        Axis::Bracket(quantity) => {
            for (key, cell) in entries {
                let at = registry
                    .read(Type::Number(*quantity), &key.text)
                    .map_err(|why| Problem::new(&key.place, why.0, why.1))?;
                if thresholds.last().is_some_and(|last| *last >= at) {
                    return Err(Problem::new(
                        &key.place,
                        format!("문턱값은 작은 것부터 적어야 하는데 `{}`입니다.", key.text),
                        format!("Thresholds must ascend, found `{}`.", key.text),
                    ));
                }
                thresholds.push(at);
                cells.push(Some(cell));
            }
        }
    }
    Ok((thresholds, cells))
}

fn cell(node: &Node, ty: Type, registry: &Registry) -> Result<Option<i64>, Problem> {
    if node.is_null() {
        return Ok(None);
    }
    let value =
        registry.read(ty, node.text()?).map_err(|why| Problem::new(&node.place, why.0, why.1))?;
    if value < 0 {
        return Err(Problem::new(
            &node.place,
            format!("0보다 작은 값 `{}`은(는) 쓸 수 없습니다.", node.text()?),
            format!("`{}`: a value below 0 cannot be meant.", node.text()?),
        ));
    }
    Ok(Some(value))
}

/// Does the table have this cell: `7`, `child_zone.car`, `each_more`?
fn has_cell(table: &Table, cell: &str, registry: &Registry) -> bool {
    if cell == "each_more" {
        return !table.each_more.is_empty();
    }
    let rows = cell.split('.');
    rows.clone().count() == table.axes.len()
        && rows
            .zip(table.axes.iter().enumerate())
            .all(|(row, (index, axis))| row_of(table, index, axis, row, registry).is_some())
}

/// The place of a row named as files name it.
pub(super) fn row_of(
    table: &Table,
    index: usize,
    axis: &Axis,
    row: &str,
    registry: &Registry,
) -> Option<usize> {
    let found = match axis {
        Axis::Size => row.parse::<usize>().ok()?.checked_sub(1)?,
        Axis::Enum(id) => usize::try_from(registry.enum_value(*id, row)?).ok()?,
        Axis::Bracket(quantity) => {
            let at = quantity.read(row).ok()?;
            table.rows.get(index)?.iter().position(|threshold| *threshold == at)?
        }
    };
    (found < *table.lens.get(index)?).then_some(found)
}
