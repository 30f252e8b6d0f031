//! What must hold between the tables of an `org.toml`.

use std::collections::{BTreeMap, BTreeSet};

use super::toml_reader::Reader;
use super::{AssignmentLine, OrgFile, UnitLine};

/// Adds a complaint for everything that does not fit together.
pub fn check(file: &OrgFile, reader: &mut Reader) {
    let units = by_code(file, reader);
    for unit in &file.units {
        check_parent(unit, &units, reader);
    }
    let mut duties = BTreeMap::new();
    for duty in &file.duties {
        if let Some(first) = duties.insert(duty.code.as_str(), duty.line) {
            duplicate(reader, duty.line, &duty.code, first);
        }
    }
    check_assignments(file, &units, &duties, reader);
    check_successions(file, &units, &duties, reader);
}

fn by_code<'a>(file: &'a OrgFile, reader: &mut Reader) -> BTreeMap<&'a str, &'a UnitLine> {
    let mut units: BTreeMap<&str, &UnitLine> = BTreeMap::new();
    for unit in &file.units {
        match units.get(unit.code.as_str()) {
            Some(first) => duplicate(reader, unit.line, &unit.code, first.line),
            None => {
                units.insert(&unit.code, unit);
            }
        }
    }
    units
}

fn duplicate(reader: &mut Reader, line: usize, code: &str, first: usize) {
    // An empty code was complained of already.
    if !code.is_empty() {
        reader.refuse(
            line,
            "code",
            format!("코드 {code}은(는) {first}행에 이미 있습니다."),
            format!("The code {code} stands on line {first} already."),
        );
    }
}

fn unknown(reader: &mut Reader, line: usize, field: &str, code: &str) {
    if !code.is_empty() {
        reader.refuse(
            line,
            field,
            format!("파일에 없는 코드입니다: {code}"),
            format!("The file has no such code: {code}"),
        );
    }
}

fn check_parent(unit: &UnitLine, units: &BTreeMap<&str, &UnitLine>, reader: &mut Reader) {
    let Some(code) = unit.parent.as_deref() else { return };
    let Some(parent) = units.get(code) else {
        return unknown(reader, unit.line, "parent", code);
    };
    let mut met = BTreeSet::from([unit.code.as_str()]);
    let mut above = Some(*parent);
    while let Some(it) = above {
        if !met.insert(&it.code) {
            reader.refuse(
                unit.line,
                "parent",
                format!("위 부서를 따라가면 {}(으)로 되돌아옵니다.", it.code),
                format!("Going up from here leads back to {}.", it.code),
            );
            return;
        }
        above = it.parent.as_deref().and_then(|code| units.get(code).copied());
    }
    let outlives = match (unit.period.to, parent.period.to) {
        (_, None) => false,
        (Some(unit), Some(parent)) => unit > parent,
        (None, Some(_)) => true,
    };
    if outlives {
        reader.refuse(
            unit.line,
            "parent",
            format!("위 부서 {code}이(가) 이 부서보다 먼저 끝납니다."),
            format!("The unit above, {code}, ends before this one does."),
        );
    }
}

fn check_assignments(
    file: &OrgFile,
    units: &BTreeMap<&str, &UnitLine>,
    duties: &BTreeMap<&str, usize>,
    reader: &mut Reader,
) {
    let mut held: BTreeMap<_, Vec<&AssignmentLine>> = BTreeMap::new();
    for it in &file.assignments {
        if !duties.contains_key(it.duty.as_str()) {
            unknown(reader, it.line, "duty", &it.duty);
        }
        match units.get(it.unit.as_str()) {
            None => unknown(reader, it.line, "unit", &it.unit),
            Some(unit) if !it.period.within(unit.period) => reader.refuse(
                it.line,
                "unit",
                format!("배정 기간이 부서 {}의 기간({}행)을 벗어납니다.", unit.code, unit.line),
                format!("It reaches beyond the period of {} (line {}).", unit.code, unit.line),
            ),
            Some(_) => {}
        }
        let others = held.entry((it.duty.as_str(), it.dong.as_ref())).or_default();
        if let Some(other) = others.iter().find(|other| other.period.overlaps(it.period)) {
            let dong = it.dong.as_ref().map_or_else(String::new, |dong| format!(" {dong}"));
            reader.refuse(
                it.line,
                "valid_from",
                format!("임무 {}{dong}의 배정이 {}행과 겹칩니다.", it.duty, other.line),
                format!("Duty {}{dong} is assigned on line {} already.", it.duty, other.line),
            );
        }
        others.push(it);
    }
}

fn check_successions(
    file: &OrgFile,
    units: &BTreeMap<&str, &UnitLine>,
    duties: &BTreeMap<&str, usize>,
    reader: &mut Reader,
) {
    let mut seen = BTreeMap::new();
    for it in &file.successions {
        if let Some(duty) = it.duty.as_deref()
            && !duties.contains_key(duty)
        {
            unknown(reader, it.line, "duty", duty);
        }
        // A unit may be split among several; but one duty passes to one unit.
        let to = it.duty.is_none().then_some(&it.to);
        if let Some(first) = seen.insert((&it.from, &it.duty, to, it.on_day), it.line) {
            reader.refuse(
                it.line,
                "from",
                format!("{}의 같은 승계가 {first}행에 이미 있습니다.", it.from),
                format!("The same succession of {} stands on line {first} already.", it.from),
            );
        }
        match units.get(it.from.as_str()) {
            None => unknown(reader, it.line, "from", &it.from),
            Some(from) if it.duty.is_none() && from.period.to != Some(it.on_day) => reader.refuse(
                it.line,
                "on",
                format!("{}의 마지막 날은 {} 전날이어야 합니다.", it.from, it.on_day),
                format!("The last day of {} must be the day before {}.", it.from, it.on_day),
            ),
            Some(_) => {}
        }
        match units.get(it.to.as_str()) {
            None => unknown(reader, it.line, "to", &it.to),
            Some(to) if to.code == it.from => reader.refuse(
                it.line,
                "to",
                "부서는 자기 자신을 승계할 수 없습니다.",
                "A unit cannot be its own successor.",
            ),
            Some(to) if !to.period.contains(it.on_day) => reader.refuse(
                it.line,
                "to",
                format!("{}은(는) {}에 없는 부서입니다.", it.to, it.on_day),
                format!("{} does not exist on {}.", it.to, it.on_day),
            ),
            Some(_) => {}
        }
    }
}
