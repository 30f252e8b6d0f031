//! What if a value were another: a changed copy of the parameters.

use std::sync::Arc;

use super::read::row_of;
use super::span::{Dated, day_before, next_day};
use super::{Parameter, Parameters};
use crate::problem::{Place, Problem};
use crate::registry::Registry;
use crate::table::Table;

/// Where a `--set` is said to be written.
const FILE: &str = "--set";

pub(super) fn set(
    all: &Parameters,
    key: &str,
    value: &str,
    from: Option<i64>,
    registry: &Registry,
) -> Result<Parameters, Problem> {
    let place = Place::file(FILE);
    let (name, row) = match key.split_once('[') {
        None => (key.trim(), None),
        Some((name, rest)) => {
            let row = rest.trim().strip_suffix(']').ok_or_else(|| {
                Problem::new(
                    &place,
                    format!("`{key}`: `]`이(가) 없습니다."),
                    format!("`{key}`: `]` is missing."),
                )
            })?;
            (name.trim(), Some(row))
        }
    };
    let one = all.get(name).ok_or_else(|| all.unknown(name, &place))?;
    let number = registry.read(one.ty, value.trim()).map_err(|why| {
        Problem::new(&place, format!("{key}: {}", why.0), format!("{key}: {}", why.1))
    })?;
    if number < 0 {
        return Err(Problem::new(
            &place,
            format!("{key}: 0보다 작은 값 `{value}`은(는) 쓸 수 없습니다."),
            format!("{key}: `{value}`: a value below 0 cannot be meant."),
        ));
    }
    let values = match row {
        None => whole(one, number, from, &place)?,
        Some(row) => row_only(one, row, number, from, registry, &place)?,
    };
    let mut changed = all.clone();
    if let Some(one) =
        changed.by_key.get(name).copied().and_then(|index| changed.list.get_mut(index))
    {
        one.values = values;
    }
    Ok(changed)
}

/// A single value in place of all that hold from that day on.
fn whole(
    one: &Parameter,
    number: i64,
    from: Option<i64>,
    place: &Place,
) -> Result<Vec<Dated<Arc<Table>>>, Problem> {
    if !one.axes.is_empty() {
        return Err(Problem::new(
            place,
            format!(
                "`{0}`은(는) 표입니다. `{0}[행]=값`으로 한 칸을 정하세요(예: {0}[4]).",
                one.key
            ),
            format!("`{0}` is a table. Set one cell with `{0}[row]=value`, as in {0}[4].", one.key),
        ));
    }
    let mut values = before(one, from);
    values.push(assumed(from.unwrap_or(0), None, Table::leaf(Some(number)), place));
    Ok(values)
}

/// One cell in every table that holds from that day on; where there is none, a table that knows
/// this cell only.
fn row_only(
    one: &Parameter,
    row: &str,
    number: i64,
    from: Option<i64>,
    registry: &Registry,
    place: &Place,
) -> Result<Vec<Dated<Arc<Table>>>, Problem> {
    let changed = |table: &Table| -> Option<Table> {
        let mut table = table.clone();
        *cell(&mut table, row, registry)? = Some(number);
        Some(table)
    };
    let mut values = before(one, from);
    let mut next = Some(from.unwrap_or(0));
    let mut shape = None;
    let start = next.unwrap_or(0);
    let later = one.values.iter().position(|value| value.to.is_none_or(|to| to >= start));
    // Where nothing holds from that day on, the last table still tells the shape.
    let first = later.unwrap_or(one.values.len().saturating_sub(1));
    for value in one.values.iter().skip(first) {
        let table = changed(&value.value).ok_or_else(|| {
            let rows = one.labels(&value.value, registry).into_iter().map(|rows| rows.join(", "));
            let rows = rows.collect::<Vec<_>>().join(" × ");
            Problem::new(
                place,
                format!("`{}`의 표에는 `{row}` 칸이 없습니다. 있는 칸: {rows}.", one.key),
                format!("The table `{}` has no cell `{row}`. Cells: {rows}.", one.key),
            )
        })?;
        let silent = shape.insert(silent(&table, row, number, registry));
        let Some(day) = next else { break };
        if value.to.is_some_and(|to| to < day) {
            continue;
        }
        let start = value.from.max(day);
        if day < start {
            values.push(assumed(day, Some(day_before(start)), silent.clone(), place));
        }
        values.push(assumed(start, value.to, table, place));
        next = value.to.map(next_day);
    }
    let shape = shape.ok_or_else(|| {
        Problem::new(
            place,
            format!("`{}`에는 값이 하나도 없어 칸을 정할 표가 없습니다. 파일에 적으세요.", one.key),
            format!(
                "`{}` has no value at all, so no table to change. Write it into the file.",
                one.key
            ),
        )
    })?;
    if let Some(day) = next {
        values.push(assumed(day, None, shape, place));
    }
    Ok(values)
}

/// The cell a person names: `4`, `child_zone,car`, `each_more`.
fn cell<'a>(table: &'a mut Table, row: &str, registry: &Registry) -> Option<&'a mut Option<i64>> {
    let parts: Vec<&str> = row.split([',', '.']).map(str::trim).collect();
    if parts == ["each_more"] {
        return table.each_more.first_mut();
    }
    if parts.len() != table.axes.len() {
        return None;
    }
    let mut index = 0;
    for (part, (axis, len)) in parts.iter().zip(table.axes.iter().enumerate().zip(&table.lens)) {
        index = index * len + row_of(table, axis.0, axis.1, part, registry)?;
    }
    table.cells.get_mut(index)
}

/// A table of the same shape that knows nothing but this cell.
fn silent(table: &Table, row: &str, number: i64, registry: &Registry) -> Table {
    let mut silent = table.clone();
    silent.cells.fill(None);
    silent.each_more.fill(None);
    if let Some(known) = cell(&mut silent, row, registry) {
        *known = Some(number);
    }
    silent
}

/// What held before that day.
fn before(one: &Parameter, from: Option<i64>) -> Vec<Dated<Arc<Table>>> {
    let Some(from) = from else { return vec![] };
    let mut kept: Vec<_> = one.values.iter().filter(|value| value.from < from).cloned().collect();
    if let Some(last) = kept.last_mut() {
        let end = day_before(from);
        last.to = Some(last.to.map_or(end, |to| to.min(end)));
    }
    kept
}

fn assumed(from: i64, to: Option<i64>, table: Table, place: &Place) -> Dated<Arc<Table>> {
    Dated {
        from,
        to,
        value: Arc::new(table),
        basis: "가정 / an assumption (--set)".to_owned(),
        mark: 'I',
        marks: vec![],
        place: place.clone(),
    }
}
