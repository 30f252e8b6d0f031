//! Grants in words.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maeul_base::{Fault, Lang, OfficeId, StaffId, UnitId, seoul};
use maeul_db::Tx;

use crate::grant::{Grant, GrantScope, Standing};
use crate::read;

/// The names that grants speak of.
pub(super) struct Names {
    /// Id, Korean and English, in force first by code.
    pub(super) units: Vec<(UnitId, String, String)>,
    /// Code, Korean and English.
    pub(super) dongs: Vec<(String, String, String)>,
    people: BTreeMap<StaffId, String>,
}

impl Names {
    /// Reads them.
    pub(super) fn load(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Self, Fault> {
        let units = maeul_org::units(tx, office, on)?;
        let dongs = maeul_place::dongs(tx, office, on)?;
        let people = read::all_staff(tx, office)?;
        Ok(Self {
            units: units.into_iter().map(|it| (it.id, it.name_ko, it.name_en)).collect(),
            dongs: dongs
                .into_iter()
                .map(|it| (it.code.as_str().to_owned(), it.name_ko, it.name_en))
                .collect(),
            people: people.into_iter().map(|it| (it.id, it.name)).collect(),
        })
    }

    /// The unit's name; of one that is gone, that it is.
    pub(super) fn unit(&self, unit: UnitId, lang: Lang) -> &str {
        let found = self.units.iter().find(|it| it.0 == unit);
        found.map_or(lang.t("없어진 부서", "Former unit"), |it| lang.t(&it.1, &it.2))
    }

    /// A scope as people read it.
    pub(super) fn scope(&self, scope: &GrantScope, lang: Lang) -> String {
        match scope {
            GrantScope::Own => lang.t("맡은 민원만", "Own cases only").to_owned(),
            GrantScope::OwnUnit => lang.t("소속 부서와 그 아래", "Own unit and below").to_owned(),
            GrantScope::Office => lang.t("기관 전체", "The whole office").to_owned(),
            GrantScope::Unit(unit) => {
                let name = self.unit(*unit, lang);
                match lang {
                    Lang::Ko => format!("{name}와(과) 그 아래"),
                    Lang::En => format!("{name} and below"),
                }
            }
            GrantScope::Dong(code) => {
                let found = self.dongs.iter().find(|it| it.0 == code.as_str());
                found.map_or(code.as_str(), |it| lang.t(&it.1, &it.2)).to_owned()
            }
        }
    }

    /// Who did it.
    pub(super) fn who(&self, staff: Option<StaffId>, lang: Lang) -> String {
        let name = staff.and_then(|id| self.people.get(&id).cloned());
        name.unwrap_or_else(|| lang.t("시스템(명부·명령)", "System (file, command)").to_owned())
    }
}

/// From when until when, with the last day.
pub(super) fn days(from: Date, until: Option<Date>, lang: Lang) -> String {
    let last = until.and_then(|day| day.yesterday().ok());
    match last {
        None => format!("{from} ~ {}", lang.t("기한 없음", "no end")),
        Some(last) => format!("{from} ~ {last}"),
    }
}

/// A grant as a row of a table.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) role: &'static str,
    pub(super) scope: String,
    pub(super) days: String,
    pub(super) badge: &'static str,
    pub(super) standing: &'static str,
    pub(super) over: bool,
    pub(super) given: String,
    pub(super) reason: String,
    pub(super) ended: String,
    pub(super) end_reason: String,
}

impl Line {
    pub(super) fn of(it: &Grant, names: &Names, today: Date, lang: Lang) -> Self {
        let standing = it.standing(today);
        let at = |at| seoul::time_text(at, lang);
        Self {
            id: it.id.to_string(),
            role: it.role.name(lang),
            scope: names.scope(&it.scope, lang),
            days: days(it.from, it.until, lang),
            badge: match standing {
                Standing::InForce => "badge-done",
                Standing::Ahead => "badge-wait",
                Standing::Over => "badge-plain",
            },
            standing: standing.name(lang),
            over: standing == Standing::Over,
            given: format!("{} · {}", at(it.granted_at), names.who(it.granted_by, lang)),
            reason: it.reason.clone(),
            ended: it
                .ended_at
                .map(|ended| format!("{} · {}", at(ended), names.who(it.ended_by, lang)))
                .unwrap_or_default(),
            end_reason: it.end_reason.clone().unwrap_or_default(),
        }
    }
}
