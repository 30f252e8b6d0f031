//! A person's own data, behind the secret of their link: what is held, who looked, and asking to have it
//! erased.

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use maeul_base::{Failure, Fault, Lang, Refusal, Role, seoul};
use maeul_cases::Knowledge;
use maeul_cases::read::{Access, access};
use maeul_people::{LookAct, LookEntry};
use maeul_room::{Part, Person, Said};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page_with};

use super::status;
use crate::store::{self, Erasure, ErasureState};
use crate::{Shelf, about, erasure};

pub(super) struct Record {
    pub(super) facts: Vec<(&'static str, String)>,
}

pub(super) struct Section {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) records: Vec<Record>,
}

struct LookLine {
    when: String,
    /// How often in a row the same was seen for the same reason.
    times: usize,
    iso: String,
    who: String,
    what: String,
    why: String,
}

struct AskedLine {
    when: String,
    state: &'static str,
    badge: &'static str,
    reason: String,
}

#[derive(Template)]
#[template(path = "privacy/mine.html")]
struct MinePage {
    c: PageCtx,
    here: String,
    sections: Vec<Section>,
    looks: Vec<LookLine>,
    asked: Vec<AskedLine>,
    may_ask: bool,
    words: String,
    error: String,
}

struct Found {
    shelf: Shelf,
    know: Knowledge,
    access: Access,
    parts: Vec<Part>,
    looks: Vec<LookEntry>,
    asked: Vec<Erasure>,
}

async fn find(visit: &Visit, token: &str) -> Result<Found, WebError> {
    let (shelf, know) = Shelf::of(visit).await?;
    let (ctx, inner, token) = (visit.resident_ctx(), shelf.clone(), token.to_owned());
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            let Some(access) = access(tx, &ctx, &token)? else { return Ok(None) };
            let person = Person { case: access.case, party: access.party };
            let parts = about::parts(tx, &ctx, &inner, person)?;
            let looks = about::looks(tx, &ctx, person)?;
            let seal = inner.seal();
            let asked = store::erasures_of(tx, ctx.office, seal, person.case, person.party)?;
            Ok::<_, Fault>(Some((access, parts, looks, asked)))
        })
        .await?;
    let (access, parts, looks, asked) = found.ok_or_else(|| {
        WebError::refused(
            StatusCode::NOT_FOUND,
            "link.unknown",
            "이 링크로는 민원을 찾을 수 없어요. '내 민원'에서 접수번호와 연락처로 찾아 주세요.",
            "No case is found by this link. Look under My case with your number and contact.",
        )
    })?;
    Ok(Found { shelf, know, access, parts, looks, asked })
}

/// A role as people read it.
pub(super) fn role_name(lang: Lang, role: &str) -> &'static str {
    match Role::parse(role) {
        Some(Role::Viewer) => lang.t("열람자", "viewer"),
        Some(Role::Auditor) => lang.t("감사 담당", "auditor"),
        Some(Role::Officer) => lang.t("담당자", "officer"),
        Some(Role::Head) => lang.t("팀장·과장", "head"),
        Some(Role::Coordinator) => lang.t("민원조정관", "coordinator"),
        Some(_) => lang.t("관리자", "administrator"),
        None => "",
    }
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
        ("lang", Some(Lang::Ko)) => lang.t("한국어", "Korean").to_owned(),
        ("lang", Some(Lang::En)) => lang.t("영어", "English").to_owned(),
        _ => said.text,
    }
}

pub(super) fn sections(lang: Lang, parts: Vec<Part>) -> Vec<Section> {
    let facts = |record: Vec<Said>| Record {
        facts: record
            .into_iter()
            .map(|it| (lang.t(it.label[0], it.label[1]), read(lang, it)))
            .collect(),
    };
    parts
        .into_iter()
        .map(|part| Section {
            key: part.key,
            title: lang.t(part.title[0], part.title[1]),
            records: part.records.into_iter().map(facts).collect(),
        })
        .collect()
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

fn build(visit: &Visit, token: &str, found: Found, words: String, error: String) -> MinePage {
    let lang = visit.lang();
    let Found { know, parts, looks, asked, .. } = found;
    let line = |it: LookEntry| {
        let unit = it.unit.map_or_else(
            || lang.t("부서 기록 없음", "unit not recorded").to_owned(),
            |unit| know.unit_name(Some(unit), lang).to_owned(),
        );
        let role = role_name(lang, &it.role);
        let fields: Vec<&str> = it
            .fields
            .split(',')
            .filter(|it| !it.is_empty())
            .map(|it| field_name(lang, it))
            .collect();
        LookLine {
            when: seoul::time_text(it.at, lang),
            times: 1,
            iso: seoul::iso(it.at),
            who: if role.is_empty() { unit } else { format!("{unit} · {role}") },
            what: format!("{}: {}", LookAct::name(it.act, lang), fields.join(", ")),
            why: it.reason,
        }
    };
    MinePage {
        here: format!("{}/c/{token}", visit.base()),
        sections: sections(lang, parts),
        looks: together(looks.into_iter().map(line)),
        may_ask: asked.iter().all(|it| it.state != ErasureState::Asked),
        asked: asked
            .into_iter()
            .map(|it| AskedLine {
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
            })
            .collect(),
        c: visit.page("track"),
        words,
        error,
    }
}

/// `GET /c/{token}/data`
pub(super) async fn show(visit: Visit, Path(token): Path<String>) -> PageResult {
    let found = find(&visit, &token).await?;
    page_with(StatusCode::OK, &build(&visit, &token, found, String::new(), String::new()))
}

/// `GET /c/{token}/data.json`
pub(super) async fn json(visit: Visit, Path(token): Path<String>) -> PageResult {
    let found = find(&visit, &token).await?;
    let unit = |it: &LookEntry| {
        it.unit
            .map(|unit| found.know.unit_name(Some(unit), visit.lang()).to_owned())
            .unwrap_or_default()
    };
    let office = &visit.office().code;
    let all = about::as_json(&visit.resident_ctx(), office, &found.parts, &found.looks, unit);
    file(&all)
}

/// A file to keep.
pub(super) fn file(all: &serde_json::Value) -> PageResult {
    let text = serde_json::to_string_pretty(all)
        .map_err(|error| Fault::from_error("a person's data as JSON", error))?;
    let head = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""),
    ];
    Ok((head, text).into_response())
}

/// `POST /c/{token}/erase`: words.
pub(super) async fn erase(visit: Visit, Path(token): Path<String>, posted: Posted) -> PageResult {
    let found = find(&visit, &token).await?;
    let words = posted.get("words").to_owned();
    let (ctx, shelf) = (visit.resident_ctx(), found.shelf.clone());
    let (access, said) = (found.access, words.clone());
    let done = visit
        .site()
        .db()
        .write(move |tx| erasure::ask(tx, &ctx, shelf.seal(), access, &said))
        .await;
    match done {
        Ok(()) => Ok(visit.redirect_with(
            &format!("/c/{token}/data"),
            visit.t(
                "요청을 받았어요. 검토한 결과를 이 화면에 적어요.",
                "We have your request; what is decided will stand on this page.",
            ),
        )),
        Err(Failure::Refused(refusal)) => {
            let error = refusal.say(visit.lang());
            page_with(status(&refusal), &build(&visit, &token, found, words, error))
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
