//! All cases that are with other agencies, those that need a person first.

use askama::Template;
use axum::extract::Path;
use jiff::Timestamp;
use maeul_base::{Fault, Lang, Refusal, seoul};
use maeul_web::{PageCtx, PageResult, Posted, Visit, page};

use super::{ago, know, read, write};
use crate::act::{self, Back};
use crate::agency::Agency;
use crate::id::TransferId;
use crate::store::{self, Transfer};

/// The most shown: more open transfers than an office has.
const MOST: i64 = 500;

/// One transfer as people read it.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) agency: String,
    pub(super) phone: String,
    pub(super) service: String,
    pub(super) state: &'static str,
    pub(super) badge: &'static str,
    pub(super) age: String,
    pub(super) begun: String,
    pub(super) begun_iso: String,
    pub(super) heard: String,
    pub(super) next: String,
    pub(super) reference: String,
    pub(super) remote: String,
    pub(super) why: String,
    pub(super) silent: bool,
    pub(super) needs_a_person: bool,
    pub(super) is_there: bool,
    pub(super) done_there: bool,
    pub(super) tries: i32,
}

impl Line {
    pub(super) fn of(visit: &Visit, it: &Transfer, agency: Option<&Agency>, title: &str) -> Self {
        let (lang, now) = (visit.lang(), visit.now());
        let later = |at: Timestamp| seoul::time_text(at, lang);
        Self {
            id: it.id.to_string(),
            href: format!("{}/staff/case/{}/transfer", visit.base(), it.case),
            number: it.number.clone(),
            title: title.to_owned(),
            agency: agency.map_or("", |it| it.name(lang)).to_owned(),
            phone: agency.map(|it| it.phone.clone()).unwrap_or_default(),
            service: agency
                .and_then(|agency| agency.offer(&it.service))
                .map_or_else(|| it.service.clone(), |offer| offer.name.clone()),
            state: it.state.name(lang),
            badge: it.state.badge(),
            age: ago(now, it.created_at, lang),
            begun: later(it.created_at),
            begun_iso: seoul::iso(it.created_at),
            heard: it.heard_at.map_or_else(
                || lang.t("아직 없음", "Not yet").to_owned(),
                |at| match lang {
                    Lang::Ko => format!("{} 전", ago(now, at, lang)),
                    Lang::En => format!("{} ago", ago(now, at, lang)),
                },
            ),
            next: it.next_at.map(later).unwrap_or_default(),
            reference: it.reference.clone(),
            remote: it.remote_notes.clone(),
            why: it.why().map(|why| why.get(lang).to_owned()).unwrap_or_default(),
            silent: agency.is_some_and(|agency| it.is_silent(agency.alarm_hours, now)),
            needs_a_person: it.state.needs_a_person(),
            is_there: it.state.is_there(),
            done_there: it.state == crate::state::TransferState::Closed,
            tries: it.tries,
        }
    }
}

#[derive(Template)]
#[template(path = "transfer/list.html")]
struct ListPage {
    c: PageCtx,
    lines: Vec<Line>,
    alarms: usize,
    agencies: bool,
}

/// `GET /staff/transfers`
pub(super) async fn show(visit: Visit) -> PageResult {
    let know = know(&visit).await?;
    let (found, agencies) = read(&visit, &know, |tx, ctx, know| {
        let agencies = store::agencies(tx, ctx.office)?;
        let mut found = Vec::new();
        for it in store::open(tx, ctx.office, MOST)? {
            // What others work is theirs to look after.
            match maeul_cases::read::case_brief(tx, ctx, know, it.case) {
                Ok(case) => found.push((it, case.title)),
                Err(maeul_base::Failure::Refused(_)) => {}
                Err(maeul_base::Failure::Fault(fault)) => return Err(fault),
            }
        }
        Ok::<_, Fault>((found, agencies))
    })
    .await?;
    let mut lines: Vec<Line> = found
        .iter()
        .map(|(it, title)| {
            let agency = agencies.iter().find(|agency| agency.id == it.agency);
            Line::of(&visit, it, agency, title)
        })
        .collect();
    lines.sort_by_key(|line| (!line.needs_a_person, !line.silent));
    let alarms = lines.iter().filter(|line| line.silent || line.needs_a_person).count();
    let agencies = agencies.iter().any(|it| it.active);
    page(&ListPage { c: visit.page("transfers"), lines, alarms, agencies })
}

/// Where the page that sent the form is: the case's own, or the list.
fn onward(posted: &Posted, case: maeul_base::CaseId) -> String {
    match posted.get("from") {
        "case" => format!("/staff/case/{case}/transfer"),
        _ => "/staff/transfers".to_owned(),
    }
}

/// `POST /staff/transfers/{transfer}/retry`: from.
pub(super) async fn retry(visit: Visit, Path(id): Path<TransferId>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let done = write(&visit, &know, move |tx, ctx, know| act::retry(tx, ctx, know, id)).await?;
    let said = visit.t("지금 다시 합니다.", "It is being done again now.");
    Ok(visit.redirect_with(&onward(&posted, done.case), said))
}

/// `POST /staff/transfers/{transfer}/back`: reason, from.
pub(super) async fn back(visit: Visit, Path(id): Path<TransferId>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let input = Back { transfer: id, reason: posted.get("reason").to_owned() };
    let done = write(&visit, &know, move |tx, ctx, know| act::back(tx, ctx, know, &input)).await;
    match done {
        Ok(done) => {
            let said = visit.t(
                "거두었습니다. 주민에게 알렸고, 민원은 다시 우리 일입니다.",
                "Taken back; the resident was told, and the case is ours.",
            );
            Ok(visit.redirect_with(&onward(&posted, done.case), said))
        }
        Err(maeul_base::Failure::Refused(refusal)) if refusal.field().is_some() => {
            // The reason is too long: the form is short, so it says so above itself.
            Ok(visit.redirect_with("/staff/transfers", &refusal.say(visit.lang())))
        }
        Err(failure) => Err(failure.into()),
    }
}
