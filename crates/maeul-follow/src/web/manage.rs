//! What the holder of a link follows, how often they are told, and how they stop.

use askama::Template;
use axum::extract::Path;
use maeul_notice::Channel;
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, encode, page};

use super::ask::rhythms;
use crate::act::{self, ChangeRefusal};
use crate::words::Rhythm;
use crate::{Shelf, read};

struct Line {
    id: String,
    what: String,
    /// The public page of a followed case, or nothing.
    href: String,
    rhythm: &'static str,
    /// The feed of the same, or nothing.
    feed: String,
}

#[derive(Template)]
#[template(path = "follow/manage.html")]
struct ManagePage {
    c: PageCtx,
    here: String,
    to: String,
    sms: bool,
    quiet: String,
    lines: Vec<Line>,
    rhythms: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "follow/stop.html")]
struct StopPage {
    c: PageCtx,
    here: String,
}

#[derive(Template)]
#[template(path = "follow/stopped.html")]
struct StoppedPage {
    c: PageCtx,
}

fn missing() -> WebError {
    WebError::refusal(&ChangeRefusal::Missing)
}

/// `GET /follow/{link}`
pub(super) async fn show(visit: Visit, Path(link): Path<String>) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let (ctx, known, sought) = (visit.resident_ctx(), know.clone(), link.clone());
    let mine = visit
        .site()
        .db()
        .read(move |tx| read::mine(tx, &ctx, &known, &sought))
        .await?
        .filter(|mine| !mine.followed.is_empty())
        .ok_or_else(missing)?;
    let (lang, base) = (visit.lang(), visit.base());
    let lines = mine
        .followed
        .iter()
        .map(|it| {
            let title = it
                .case
                .as_ref()
                .map(|case| format!("{} ({})", read::title(&know, case, lang), case.id()));
            Line {
                id: it.id.to_string(),
                what: it.wish.say(&know, title.as_deref(), lang),
                href: it
                    .case
                    .as_ref()
                    .map(|case| format!("{base}/cases/{}", case.id()))
                    .unwrap_or_default(),
                rhythm: it.rhythm.as_str(),
                feed: it
                    .wish
                    .query()
                    .map(|query| format!("{base}/open-data/cases.atom?{query}"))
                    .unwrap_or_default(),
            }
        })
        .collect();
    let settings = shelf.settings();
    let clock = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    page(&ManagePage {
        c: visit.page("cases"),
        here: format!("{base}/follow/{link}"),
        to: mine.to,
        sms: mine.channel == Channel::Sms,
        quiet: format!("{}~{}", clock(settings.quiet_from), clock(settings.quiet_until)),
        lines,
        rhythms: rhythms(lang),
    })
}

/// `POST /follow/{link}`: `id` with `rhythm`, or with `stop`.
pub(super) async fn change(visit: Visit, Path(link): Path<String>, posted: Posted) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let id = posted.get("id").parse().map_err(|_| missing())?;
    let (ctx, here) = (visit.resident_ctx(), format!("/follow/{link}"));
    if posted.has("stop") {
        let left = visit.site().db().write(move |tx| act::stop(tx, &ctx, &know, &link, id)).await?;
        return if left {
            Ok(visit.redirect_with(&here, visit.t("그만 받기로 했어요.", "Stopped.")))
        } else {
            page(&StoppedPage { c: visit.page("cases") })
        };
    }
    let rhythm = Rhythm::parse(posted.get("rhythm")).ok_or_else(missing)?;
    visit.site().db().write(move |tx| act::set_rhythm(tx, &ctx, &know, &link, id, rhythm)).await?;
    Ok(visit.redirect_with(&here, visit.t("바꾸었어요.", "Changed.")))
}

/// `GET /follow/{link}/stop`: one button. Programs that look at links before people do stop nothing.
pub(super) async fn ask_stop(visit: Visit, Path(link): Path<String>) -> PageResult {
    let here = format!("{}/follow/{link}", visit.base());
    page(&StopPage { c: visit.page("cases"), here })
}

/// `POST /follow/{link}/stop`: by that button, or by a mail program (RFC 8058), which has neither
/// cookie nor hidden field. Whoever holds the link may stop; nothing else can be done here.
pub(super) async fn stop(visit: Visit, Path(link): Path<String>) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let ctx = visit.resident_ctx();
    visit.site().db().write(move |tx| act::stop_all(tx, &ctx, &know, &link)).await?;
    page(&StoppedPage { c: visit.page("cases") })
}

/// `GET /f/{link}`: the short link of text messages.
pub(super) async fn short(visit: Visit, Path(link): Path<String>) -> PageResult {
    Ok(visit.redirect(&format!("/follow/{}/stop", encode(&link))))
}
