//! `org.toml`: the office, its units, duties, assignments and successions, with the line of each.

use jiff::civil::Date;
use maeul_base::import::LineRefusal;
use maeul_base::{DongCode, OfficeId};
use toml::de::DeTable;

use super::check::check;
use super::toml_reader::{Fields, Reader};
use crate::{Period, UnitKind};

/// Where the office's map opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapView {
    /// Latitude in degrees × 10^7.
    pub lat_e7: i64,
    /// Longitude in degrees × 10^7.
    pub lon_e7: i64,
    /// How near, 1 to 19.
    pub zoom: i32,
}

/// The `[office]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeLine {
    /// The line of its head.
    pub line: usize,
    /// Its number in this installation.
    pub id: OfficeId,
    /// The present national code.
    pub code: String,
    /// Its name in web addresses.
    pub slug: String,
    /// Name in Korean.
    pub name_ko: String,
    /// Name in English.
    pub name_en: String,
    /// Short name in Korean.
    pub short_ko: String,
    /// Short name in English; the full one where the file gives none.
    pub short_en: String,
    /// The present upper region in Korean.
    pub parent_ko: String,
    /// The present upper region in English.
    pub parent_en: String,
    /// Main telephone.
    pub phone: String,
    /// Address in Korean.
    pub address_ko: String,
    /// Address in English.
    pub address_en: String,
    /// Where its map opens.
    pub map: Option<MapView>,
    /// Whether local holidays stop the petition clock.
    pub local_holidays_stop_clock: bool,
    /// The upper regions before.
    pub former_parents: Vec<FormerParentLine>,
}

/// An `[[office.former_parent]]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerParentLine {
    /// Name in Korean.
    pub name_ko: String,
    /// Name in English.
    pub name_en: String,
    /// The first day on which it was no more the upper region.
    pub valid_to: Date,
    /// The law it rests on.
    pub basis: String,
}

/// A `[[unit]]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLine {
    /// The line of its head.
    pub line: usize,
    /// Its code.
    pub code: String,
    /// Name in Korean.
    pub name_ko: String,
    /// Name in English.
    pub name_en: String,
    /// What kind of unit.
    pub kind: UnitKind,
    /// The code of the unit above.
    pub parent: Option<String>,
    /// Telephone; empty when it has none.
    pub phone: String,
    /// The 동 it serves.
    pub dong: Option<DongCode>,
    /// When it exists.
    pub period: Period,
    /// The event that puts it in force.
    pub trigger: Option<String>,
}

/// A `[[duty]]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyLine {
    /// The line of its head.
    pub line: usize,
    /// Its code.
    pub code: String,
    /// Name in Korean.
    pub name_ko: String,
    /// Name in English.
    pub name_en: String,
}

/// An `[[assignment]]` table for one 동, or for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentLine {
    /// The line of its head.
    pub line: usize,
    /// The code of the duty.
    pub duty: String,
    /// The code of the unit.
    pub unit: String,
    /// The 동; none for all.
    pub dong: Option<DongCode>,
    /// When it holds.
    pub period: Period,
    /// The event that puts it in force.
    pub trigger: Option<String>,
    /// What it rests on.
    pub basis: String,
}

/// A `[[succession]]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuccessionLine {
    /// The line of its head.
    pub line: usize,
    /// The code of the former unit.
    pub from: String,
    /// The code of the unit that takes over.
    pub to: String,
    /// The code of the only duty that passes; none for all.
    pub duty: Option<String>,
    /// The first day of the new order.
    pub on_day: Date,
}

/// A whole `org.toml` in which nothing was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgFile {
    /// The office.
    pub office: OfficeLine,
    /// Its units.
    pub units: Vec<UnitLine>,
    /// Its duties.
    pub duties: Vec<DutyLine>,
    /// Its assignments, one for each 동 named.
    pub assignments: Vec<AssignmentLine>,
    /// Its successions.
    pub successions: Vec<SuccessionLine>,
}

impl OrgFile {
    /// The office it describes.
    pub const fn office_id(&self) -> OfficeId {
        self.office.id
    }
}

/// Reads and judges a whole file. All complaints come at once, by line.
pub fn plan_org(text: &str) -> Result<OrgFile, Vec<LineRefusal>> {
    // A byte order mark is three bytes on the first line: no line number moves.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map_or(1, |span| reader.line(&span));
        reader.refuse(
            line,
            "",
            format!("TOML 문법에 맞지 않습니다: {}", error.message()),
            format!("This is not valid TOML: {}", error.message()),
        );
    }
    if !errors.is_empty() {
        // What was recovered is half a file: judging it would only add noise.
        return Err(sorted(reader.refusals));
    }
    let document = document.into_inner();
    let mut root = Fields::new(&mut reader, &document, 1);
    let office = root.table("office");
    let units = root.tables("unit");
    let duties = root.tables("duty");
    let assignments = root.tables("assignment");
    let successions = root.tables("succession");
    if office.is_none() {
        root.refuse("office", "[office] 표가 없습니다.", "The [office] table is missing.");
    }
    root.finish();

    let office = office.map(|(line, table)| read_office(Fields::new(&mut reader, table, line)));
    let mut file_units = Vec::new();
    for (line, table) in units {
        file_units.extend(read_unit(Fields::new(&mut reader, table, line)));
    }
    let mut file_duties = Vec::new();
    for (line, table) in duties {
        file_duties.push(read_duty(Fields::new(&mut reader, table, line)));
    }
    let mut file_assignments = Vec::new();
    for (line, table) in assignments {
        file_assignments.extend(read_assignment(Fields::new(&mut reader, table, line)));
    }
    let mut file_successions = Vec::new();
    for (line, table) in successions {
        file_successions.extend(read_succession(Fields::new(&mut reader, table, line)));
    }

    let Some(office) = office else { return Err(sorted(reader.refusals)) };
    let file = OrgFile {
        office,
        units: file_units,
        duties: file_duties,
        assignments: file_assignments,
        successions: file_successions,
    };
    check(&file, &mut reader);
    if reader.refusals.is_empty() { Ok(file) } else { Err(sorted(reader.refusals)) }
}

fn sorted(mut refusals: Vec<LineRefusal>) -> Vec<LineRefusal> {
    refusals.sort();
    refusals.dedup();
    refusals
}

const DONG_KO: &str = "행정동 코드는 숫자 열 자리입니다";
const DONG_EN: &str = "A dong code has ten digits";

fn read_office(mut fields: Fields<'_, '_, '_>) -> OfficeLine {
    let id = match fields.integer("id") {
        Some(id) => id,
        None => {
            if fields.line_of("id") == fields.line {
                fields.refuse(
                    "id",
                    "기관 번호가 없습니다.",
                    "The number of the office is missing.",
                );
            }
            0
        }
    };
    let code = fields.text("code");
    if !code.is_empty() && (code.len() != 5 || !code.bytes().all(|it| it.is_ascii_digit())) {
        fields.refuse(
            "code",
            format!("시·군·구 코드는 숫자 다섯 자리입니다: {code}"),
            format!("The code of an office has five digits: {code}"),
        );
    }
    let name_ko = fields.text("name_ko");
    let name_en = fields.text("name_en");
    let short_ko = fields.text("short_ko");
    let short_en = fields.text_or_none("short_en").unwrap_or_else(|| name_en.clone());
    let map = fields.table("map").and_then(|(line, table)| read_map(fields.inner(line, table)));
    let mut former_parents = Vec::new();
    for (line, table) in fields.tables("former_parent") {
        former_parents.extend(read_former_parent(fields.inner(line, table)));
    }
    let office = OfficeLine {
        line: fields.line,
        id: OfficeId(id),
        code,
        slug: fields.code("slug"),
        name_ko,
        name_en,
        short_ko,
        short_en,
        parent_ko: fields.text("parent_ko"),
        parent_en: fields.text("parent_en"),
        phone: fields.text("phone"),
        address_ko: fields.text("address_ko"),
        address_en: fields.text("address_en"),
        map,
        local_holidays_stop_clock: fields.flag("local_holidays_stop_clock"),
        former_parents,
    };
    fields.finish();
    office
}

fn read_map(mut fields: Fields<'_, '_, '_>) -> Option<MapView> {
    let lat_e7 = fields.degrees_e7("centre_lat");
    let lon_e7 = fields.degrees_e7("centre_lon");
    let zoom = fields.integer("zoom");
    let view = match (lat_e7, lon_e7, zoom) {
        (Some(lat_e7), Some(lon_e7), Some(zoom)) => Some(MapView { lat_e7, lon_e7, zoom }),
        _ => None,
    };
    let inside = view.is_some_and(|it| {
        (330_000_000..=390_000_000).contains(&it.lat_e7)
            && (1_240_000_000..=1_320_000_000).contains(&it.lon_e7)
            && (1..=19).contains(&it.zoom)
    });
    if !inside {
        fields.refuse(
            "centre_lat",
            "centre_lat(33~39), centre_lon(124~132), zoom(1~19)이 모두 있어야 합니다.",
            "centre_lat (33-39), centre_lon (124-132) and zoom (1-19) are all needed.",
        );
    }
    fields.finish();
    view
}

fn read_former_parent(mut fields: Fields<'_, '_, '_>) -> Option<FormerParentLine> {
    let name_ko = fields.text("name_ko");
    let name_en = fields.text("name_en");
    let basis = fields.text("basis");
    let last = fields.date("valid_to");
    if last.is_none() {
        fields.refuse("valid_to", "마지막 날이 없습니다.", "The last day is missing.");
    }
    fields.finish();
    let valid_to = last?.tomorrow().ok()?;
    Some(FormerParentLine { name_ko, name_en, valid_to, basis })
}

fn read_unit(mut fields: Fields<'_, '_, '_>) -> Option<UnitLine> {
    let words = "bureau, division, team, dong, health_centre, staff_office";
    let code = fields.code("code");
    let name_ko = fields.text("name_ko");
    let name_en = fields.text("name_en");
    let kind = fields.word("kind", UnitKind::parse, words);
    let parent = fields.text_or_none("parent");
    let phone = fields.text_or_none("phone").unwrap_or_default();
    let (period, trigger) = fields.period();
    let dong = fields.parsed::<DongCode>("dong_code", DONG_KO, DONG_EN);
    let is_dong = kind == Some(UnitKind::Dong);
    if kind.is_some() && is_dong != (fields.line_of("dong_code") != fields.line) {
        fields.refuse(
            "dong_code",
            "kind가 dong인 부서에만, 그리고 반드시 적습니다.",
            "This is for units of kind dong, and those must have it.",
        );
    }
    let line = fields.line;
    fields.finish();
    Some(UnitLine {
        line,
        code,
        name_ko,
        name_en,
        kind: kind?,
        parent,
        phone,
        dong,
        period,
        trigger,
    })
}

fn read_duty(mut fields: Fields<'_, '_, '_>) -> DutyLine {
    let duty = DutyLine {
        line: fields.line,
        code: fields.code("code"),
        name_ko: fields.text("name_ko"),
        name_en: fields.text("name_en"),
    };
    fields.finish();
    duty
}

fn read_assignment(mut fields: Fields<'_, '_, '_>) -> Vec<AssignmentLine> {
    let duty = fields.text("duty");
    let unit = fields.text("unit");
    let basis = fields.text("basis");
    let (period, trigger) = fields.period();
    let mut dongs = Vec::new();
    let named = fields.texts("dongs");
    for (_, text) in &named {
        match text.parse::<DongCode>() {
            Ok(dong) if dongs.contains(&Some(dong.clone())) => fields.refuse(
                "dongs",
                format!("같은 동이 두 번 나옵니다: {text}"),
                format!("The same dong appears twice: {text}"),
            ),
            Ok(dong) => dongs.push(Some(dong)),
            Err(_) => {
                fields.refuse("dongs", format!("{DONG_KO}: {text}"), format!("{DONG_EN}: {text}"));
            }
        }
    }
    if named.is_empty() {
        dongs.push(None);
    }
    let line = fields.line;
    fields.finish();
    let for_dong = |dong| AssignmentLine {
        line,
        duty: duty.clone(),
        unit: unit.clone(),
        dong,
        period,
        trigger: trigger.clone(),
        basis: basis.clone(),
    };
    dongs.into_iter().map(for_dong).collect()
}

fn read_succession(mut fields: Fields<'_, '_, '_>) -> Option<SuccessionLine> {
    let from = fields.text("from");
    let to = fields.text("to");
    let duty = fields.text_or_none("duty");
    let on_day = fields.date("on");
    if on_day.is_none() && fields.line_of("on") == fields.line {
        fields.refuse("on", "첫날이 없습니다.", "The first day is missing.");
    }
    let line = fields.line;
    fields.finish();
    Some(SuccessionLine { line, from, to, duty, on_day: on_day? })
}
