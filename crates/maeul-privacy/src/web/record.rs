//! What is told to a person of their own data, in the same words on the page behind their link and on
//! the paper handed over at a desk: what is held and for how long, who looked, what they asked.

use axum::http::header;
use axum::response::IntoResponse;
use jiff::Timestamp;
use maeul_base::{Fault, Lang, Role, seoul};
use maeul_cases::Knowledge;
use maeul_people::{LookAct, LookEntry};
use maeul_room::{Part, Said};
use maeul_web::{PageResult, Visit};

use super::retention::months_text;
use crate::Shelf;
use crate::about::{self, Whole};
use crate::retention::{Rule, in_force};
use crate::store::{Erasure, ErasureState};

/// One thing that is held.
pub(super) struct Record {
    pub(super) facts: Vec<(&'static str, String)>,
}

/// One kind of thing that is held.
pub(super) struct Section {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    /// For how long it is kept and what that rests on.
    pub(super) kept: String,
    pub(super) records: Vec<Record>,
}

/// A look, or several of one kind in a row.
pub(super) struct LookLine {
    pub(super) when: String,
    /// How often in a row the same was seen for the same reason.
    pub(super) times: usize,
    pub(super) iso: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) why: String,
}

/// An erasure that was asked for.
pub(super) struct AskedLine {
    pub(super) when: String,
    pub(super) state: &'static str,
    pub(super) badge: &'static str,
    pub(super) reason: String,
}

/// All of it, as pages say it.
pub(super) struct Told {
    pub(super) sections: Vec<Section>,
    pub(super) looks: Vec<LookLine>,
    pub(super) asked: Vec<AskedLine>,
    /// Whether an erasure waits for its decision.
    pub(super) waits: bool,
    pub(super) on_hold: bool,
}

/// Says it in the visitor's language.
pub(super) fn told(visit: &Visit, shelf: &Shelf, know: &Knowledge, whole: Whole) -> Told {
    let lang = visit.lang();
    let today = seoul::date(visit.now());
    let kept = |part: &Part| {
        let keeping = part.keeping.and_then(|kind| shelf.keeping(kind))?;
        let rule = in_force(&whole.rules, keeping.kind, today);
        Some(kept_text(lang, keeping.since, rule))
    };
    let sections = whole.parts.iter().map(|part| (kept(part), part.clone())).collect::<Vec<_>>();
    Told {
        sections: sections.into_iter().map(|(kept, part)| section(lang, kept, part)).collect(),
        looks: together(whole.looks.into_iter().map(|it| look_line(lang, know, it))),
        waits: whole.asked.iter().any(|it| it.state == ErasureState::Asked),
        asked: whole.asked.into_iter().map(|it| asked_line(lang, it)).collect(),
        on_hold: whole.on_hold,
    }
}

/// For how long, since when, and on which ground.
fn kept_text(lang: Lang, since: [&str; 2], rule: Option<&Rule>) -> String {
    let Some(rule) = rule else {
        return lang
            .t(
                "보관 기간을 아직 정하지 않아 지우지 않고 있어요.",
                "No period has been set yet, so it is kept.",
            )
            .to_owned();
    };
    let basis = &rule.basis;
    match (rule.months, lang) {
        (None, Lang::Ko) => format!("계속 보존해요. 근거: {basis}"),
        (None, Lang::En) => format!("Kept without an end. Ground: {basis}"),
        (Some(_), Lang::Ko) => {
            format!("{}부터 {} 보관해요. 근거: {basis}", since[0], months_text(lang, rule.months))
        }
        (Some(_), Lang::En) => {
            format!("Kept {} from {}. Ground: {basis}", months_text(lang, rule.months), since[1])
        }
    }
}

/// A role as people read it.
pub(super) fn role_name(lang: Lang, role: &str) -> &'static str {
    Role::parse(role).map_or("", |it| it.name(lang))
}

/// A field as people read it.
fn field_name(lang: Lang, field: &str) -> &str {
    match field {
        "name" => lang.t("이름", "name"),
        "phone" => lang.t("전화번호", "telephone"),
        "email" => lang.t("전자우편", "e-mail"),
        "words" => lang.t("글", "words"),
        "photos" => lang.t("사진", "photos"),
        other => other,
    }
}

/// What a record says, as people read it: the file keeps times and languages as programs want them.
fn read(lang: Lang, said: Said) -> String {
    if let Ok(at) = said.text.parse::<Timestamp>() {
        return seoul::time_text(at, lang);
    }
    match (said.key, Lang::parse(&said.text)) {
        ("language", Some(Lang::Ko)) => lang.t("한국어", "Korean").to_owned(),
        ("language", Some(Lang::En)) => lang.t("영어", "English").to_owned(),
        _ => said.text,
    }
}

fn section(lang: Lang, kept: Option<String>, part: Part) -> Section {
    let facts = |record: Vec<Said>| Record {
        facts: record
            .into_iter()
            .map(|it| (lang.t(it.label[0], it.label[1]), read(lang, it)))
            .collect(),
    };
    Section {
        key: part.key,
        title: lang.t(part.title[0], part.title[1]),
        kept: kept.unwrap_or_default(),
        records: part.records.into_iter().map(facts).collect(),
    }
}

fn look_line(lang: Lang, know: &Knowledge, it: LookEntry) -> LookLine {
    let unit = it.unit.map_or_else(
        || lang.t("부서 기록 없음", "unit not recorded").to_owned(),
        |unit| know.unit_name(Some(unit), lang).to_owned(),
    );
    let role = role_name(lang, &it.role);
    let fields: Vec<&str> =
        it.fields.split(',').filter(|it| !it.is_empty()).map(|it| field_name(lang, it)).collect();
    LookLine {
        when: seoul::time_text(it.at, lang),
        times: 1,
        iso: seoul::iso(it.at),
        who: if role.is_empty() { unit } else { format!("{unit} · {role}") },
        what: format!("{}: {}", LookAct::name(it.act, lang), fields.join(", ")),
        why: it.reason,
    }
}

/// Looks of the same kind one after another on one day are one line, with the time of the last: many
/// pages opened for one matter would hide the rest. The file has each.
fn together(looks: impl Iterator<Item = LookLine>) -> Vec<LookLine> {
    let mut lines: Vec<LookLine> = Vec::new();
    for look in looks {
        let same = |it: &LookLine| {
            let day = |line: &LookLine| line.iso.split('T').next().map(str::to_owned);
            (&it.who, &it.what, &it.why, day(it)) == (&look.who, &look.what, &look.why, day(&look))
        };
        match lines.last_mut() {
            Some(last) if same(last) => last.times += 1,
            _ => lines.push(look),
        }
    }
    lines
}

fn asked_line(lang: Lang, it: Erasure) -> AskedLine {
    AskedLine {
        when: seoul::time_text(it.asked_at, lang),
        state: match it.state {
            ErasureState::Asked => lang.t("검토하고 있어요", "Being considered"),
            ErasureState::Erased => lang.t("지웠어요", "Erased"),
            ErasureState::Refused => lang.t("지우지 못했어요", "Not erased"),
        },
        badge: match it.state {
            ErasureState::Asked => "badge-wait",
            ErasureState::Erased => "badge-done",
            ErasureState::Refused => "badge-no",
        },
        reason: it.reason,
    }
}

/// The same as a file to keep.
pub(super) fn file(visit: &Visit, know: &Knowledge, whole: &Whole) -> PageResult {
    let unit = |it: &LookEntry| {
        it.unit.map(|unit| know.unit_name(Some(unit), visit.lang()).to_owned()).unwrap_or_default()
    };
    let all = about::as_json(&visit.ctx(), &visit.office().code, whole, unit);
    let text = serde_json::to_string_pretty(&all)
        .map_err(|error| Fault::from_error("a person's data as JSON", error))?;
    let head = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""),
    ];
    Ok((head, text).into_response())
}
