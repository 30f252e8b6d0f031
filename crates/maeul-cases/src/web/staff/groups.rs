//! Groups of cases that are likely about one matter: joined to be answered together, or told
//! apart. The answer goes to everyone in a letter of their own.

use askama::Template;
use axum::extract::{Path, RawQuery};
use maeul_base::{CaseId, Ctx, Failure, Lang, Never};
use maeul_db::Tx;
use maeul_web::{Fields, PageCtx, PageResult, Posted, Visit, page};

use super::acts::run;
use super::line::{Line, lines};
use super::said::said;
use crate::read::{Group, TogetherCase};
use crate::web::desk::{self, know};
use crate::{Knowledge, act, read};

/// A case of a group, as a row.
struct Row {
    line: Line,
    /// Why it is here.
    why: String,
    /// The number of the case it is answered with.
    lead: String,
}

struct Found {
    /// In a few words: that of the oldest.
    title: String,
    rows: Vec<Row>,
    elsewhere: usize,
    more: bool,
}

#[derive(Template)]
#[template(path = "cases/staff/groups.html")]
struct GroupsPage {
    c: PageCtx,
    groups: Vec<Found>,
    /// How many there are on all pages.
    all: usize,
    from: usize,
    prev: String,
    next: String,
    range: String,
}

/// Where the page is that passes over so many groups.
fn page_from(from: usize) -> String {
    if from == 0 { "/staff/groups".to_owned() } else { format!("/staff/groups?from={from}") }
}

/// How many groups are passed over; none where that is no number.
fn from_of(fields: &Fields) -> usize {
    fields.opt("from").and_then(|from| from.parse().ok()).unwrap_or_default()
}

/// `GET /staff/groups`: from (how many are passed over).
pub(crate) async fn show(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let know = know(&visit).await?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let from = from_of(&fields);
    let look = move |tx: &mut Tx, ctx: &Ctx, know: &Knowledge| read::groups(tx, ctx, know, from);
    let read::Groups { groups, from, all } = desk::read(&visit, visit.ctx(), &know, look).await?;
    let (to, here) = (from + groups.len(), |from| format!("{}{}", visit.base(), page_from(from)));
    let found = |group: Group| {
        let title = group.members.first().map(|it| it.row.title.clone()).unwrap_or_default();
        let (rows, rest): (Vec<_>, Vec<_>) =
            group.members.into_iter().map(|it| (it.row, (it.why, it.lead))).unzip();
        let rows = lines(&visit, &know, rows)
            .into_iter()
            .zip(rest)
            .map(|(line, (why, lead))| Row { line, why, lead: lead.unwrap_or_default() })
            .collect();
        Found { title, rows, elsewhere: group.elsewhere, more: group.more }
    };
    page(&GroupsPage {
        c: visit.page("unit"),
        prev: from.checked_sub(read::GROUPS_AT_A_TIME).map(here).unwrap_or_default(),
        next: if to < all { here(to) } else { String::new() },
        range: format!("{}–{to} / {all}", from + 1),
        groups: groups.into_iter().map(found).collect(),
        all,
        from,
    })
}

/// `POST /staff/groups`: case (any number), act (join | apart), from (the page to come back to).
pub(crate) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let back = &page_from(from_of(&posted.fields));
    let cases: Vec<CaseId> = posted
        .fields
        .all("case")
        .filter_map(|id| id.parse().ok())
        .take(act::MOST_AT_ONCE)
        .collect();
    if cases.is_empty() {
        let text = visit.t("먼저 민원을 고르십시오.", "Choose some cases first.");
        return Ok(visit.redirect_with(back, text));
    }
    let know = know(&visit).await?;
    let apart = posted.get("act") == "apart";
    if apart {
        let input = act::Apart { cases };
        let done = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
            act::keep_apart(tx, ctx, know, &input).map_err(said)
        });
        return match done.await {
            Ok(()) => Ok(visit.redirect_with(
                back,
                visit.t(
                    "다른 일이라고 기억했습니다. 다시 묶지 않습니다.",
                    "Remembered as another matter; they are not put together again.",
                ),
            )),
            Err(Failure::Refused(refusal)) => {
                use maeul_base::Refusal;
                Ok(visit.redirect_with(back, &refusal.say(visit.lang())))
            }
            Err(Failure::Fault(fault)) => Err(fault.into()),
        };
    }
    let done = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        act::join_groups(tx, ctx, know, &cases).map_err(Failure::<Never>::from)
    })
    .await
    .map_err(maeul_web::WebError::from)?;
    Ok(visit.redirect_with(back, &told(visit.lang(), &done)))
}

/// How many were joined, and why the others were not.
fn told(lang: Lang, done: &[act::Bulk]) -> String {
    let joined = done.iter().filter(|it| it.done.is_ok()).count();
    let mut text = match lang {
        Lang::Ko => format!("{joined}건을 함께 답하기로 했습니다. 답변은 모두에게 나갑니다."),
        Lang::En => format!("{joined} joined. The answer will go to everyone."),
    };
    for one in done {
        if let Err(why) = &one.done {
            let number = one.number.as_deref().unwrap_or_default();
            text.push_str(&format!(" {number}: {why}"));
        }
    }
    text
}

/// `POST /staff/case/{case}/part`: it is answered by itself again.
pub(crate) async fn part(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let done = visit.t("따로 답하기로 했습니다.", "It is answered by itself again.");
    let here = format!("/staff/case/{id}");
    run(&visit, id, &posted, &[("", "main")], (&here, done), move |tx, ctx, know| {
        act::part(tx, ctx, know, &id).map(drop).map_err(said)
    })
    .await
}

/// A case answered together with the one on the page.
pub(crate) struct Tie {
    /// Empty where the reader may not see it.
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) open: bool,
}

impl Tie {
    pub(crate) fn of(visit: &Visit, case: TogetherCase) -> Self {
        Self {
            href: match case.seen {
                true => format!("{}/staff/case/{}", visit.base(), case.id),
                false => String::new(),
            },
            title: match case.seen {
                true => case.title,
                false => visit.t("다른 부서의 민원", "Another unit's case").to_owned(),
            },
            number: case.number,
            open: case.open,
        }
    }
}
