//! SQL shaped for the two screens: the day's texts with what is unanswered first, and one
//! conversation in both directions.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use maeul_base::{CaseId, Ctx, Failure, Fault, OfficeId, Scope, UnitId, seoul};
use maeul_cases::read::{case_now, cases_now};
use maeul_cases::{Case, Knowledge, Reach};
use maeul_db::{Sql, Tx, args};
use maeul_language::mask;
use maeul_notice::{MessageState, SentText, sent_text, texts_to};
use maeul_wire::Phone;
use serde_json::Value;

use crate::act::may_work;
use crate::id::{NumberId, TalkId, TextId};
use crate::permissions::{TEXTS_READ_ALL, TEXTS_WORK};
use crate::refusal::TextRefusal;
use crate::store::handset;
use crate::store::{self, Number, TALK, Talk};
use crate::thread::Point;
use crate::words::Kind;

/// The most conversations on one screen.
const MOST: usize = 500;
/// Days in the table of counts.
const DAYS: i32 = 14;
/// After how long texts that no handset fetched are told of.
const LYING: SignedDuration = SignedDuration::from_mins(15);
/// Letters of a text in a list.
const EXCERPT: usize = 60;

/// A conversation in a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The conversation.
    pub talk: Talk,
    /// The number, masked.
    pub number: String,
    /// Whether it wants no texts.
    pub stopped: bool,
    /// The beginning of its last text, personal data masked.
    pub excerpt: String,
    /// Its case.
    pub case: Option<Case>,
}

/// What came on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub day: Date,
    /// Texts of matters.
    pub matters: i64,
    /// Of praise.
    pub praise: i64,
    /// Set aside.
    pub aside: i64,
    /// 수신거부 and 수신동의.
    pub wishes: i64,
}

impl DayCount {
    /// All of them.
    pub const fn all(&self) -> i64 {
        self.matters + self.praise + self.aside + self.wishes
    }
}

/// The screen of texts.
#[derive(Clone, Debug)]
pub struct Board {
    /// Nobody has answered: what was promised first on top. Of any day.
    pub open: Vec<Line>,
    /// What else last moved on the day shown.
    pub rest: Vec<Line>,
    /// What came on each of the last days.
    pub days: Vec<DayCount>,
    /// Texts that the handset has not fetched for a while.
    pub lying: i64,
    /// More is open than is shown.
    pub more: bool,
}

/// The number as the screen shows it.
pub fn masked(number: &str) -> String {
    match number.parse::<Phone>() {
        Ok(phone) => phone.masked(),
        Err(_) => {
            let mut shown: String = number.chars().take(2).collect();
            shown.push_str("***");
            shown
        }
    }
}

/// Whether somebody heads a unit, or works the whole office: over less than a unit the office's texts
/// are not theirs to read.
pub fn reads_all(ctx: &Ctx) -> bool {
    let wide = |scope: &Scope| matches!(scope, Scope::Unit(_) | Scope::Office);
    ctx.actor.rights().is_some_and(|it| it.scopes(&TEXTS_READ_ALL).any(wide))
}

/// Which units' conversations the acting member of staff sees: `None` is all of the office.
fn seen_units(ctx: &Ctx, know: &Knowledge) -> Option<Vec<UnitId>> {
    let works = Reach::of(ctx, know, &TEXTS_WORK);
    if works.is_office() || reads_all(ctx) { None } else { Some(works.units().to_vec()) }
}

/// Whether the acting member of staff may read that conversation.
pub fn may_see(know: &Knowledge, ctx: &Ctx, unit: Option<UnitId>) -> bool {
    seen_units(ctx, know).is_none_or(|units| unit.is_some_and(|unit| units.contains(&unit)))
}

/// The day's screen for the acting member of staff.
pub fn board(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, day: Date) -> Result<Board, Fault> {
    let units = seen_units(ctx, know);
    let mut open = Sql::new(
        &format!(
            "SELECT {TALK} FROM text_talk
              WHERE office_id = ? AND settled_at IS NULL AND joined_into IS NULL"
        ),
        args![ctx.office],
    );
    let mut rest = Sql::new(
        &format!(
            "SELECT {TALK} FROM text_talk
              WHERE office_id = ? AND last_day = ? AND settled_at IS NOT NULL
                AND joined_into IS NULL"
        ),
        args![ctx.office, day],
    );
    if let Some(units) = &units {
        open.and_in("unit_id", units);
        rest.and_in("unit_id", units);
    }
    open.add(" ORDER BY promised_at, id LIMIT ?", args![MOST + 1]);
    rest.add(" ORDER BY last_at DESC, id DESC LIMIT ?", args![MOST]);
    let mut open: Vec<Talk> = tx.all(open.text(), open.args())?;
    let rest: Vec<Talk> = tx.all(rest.text(), rest.args())?;
    let more = open.len() > MOST;
    open.truncate(MOST);
    let before = ctx.now.checked_sub(LYING).unwrap_or(ctx.now);
    Ok(Board {
        open: lines(tx, ctx, know, open)?,
        rest: lines(tx, ctx, know, rest)?,
        days: days(tx, ctx, units.as_deref())?,
        lying: handset::left_lying(tx, ctx.office, before)?,
        more,
    })
}

fn lines(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, talks: Vec<Talk>) -> Result<Vec<Line>, Fault> {
    if talks.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<TalkId> = talks.iter().map(|talk| talk.id).collect();
    let cases: Vec<CaseId> = talks.iter().filter_map(|talk| talk.case).collect();
    let numbers: Vec<NumberId> = talks.iter().map(|talk| talk.number).collect();
    let numbers = store::numbers(tx, know.seal(), ctx.office, &numbers)?;
    let words = store::last_words(tx, know.seal(), ctx.office, &ids)?;
    let cases: HashMap<CaseId, Case> =
        cases_now(tx, ctx.office, &cases)?.into_iter().map(|case| (case.id, case)).collect();
    let line = |talk: Talk| {
        let number = numbers.get(&talk.number).ok_or_else(numberless)?;
        Ok(Line {
            number: masked(&number.number),
            stopped: number.stopped_at.is_some(),
            excerpt: words.get(&talk.id).map(|words| excerpt(words)).unwrap_or_default(),
            case: talk.case.and_then(|case| cases.get(&case).cloned()),
            talk,
        })
    };
    talks.into_iter().map(line).collect()
}

fn numberless() -> Fault {
    Fault::other("a conversation without its number")
}

fn excerpt(text: &str) -> String {
    let whole = mask(text).text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut cut: String = whole.chars().take(EXCERPT).collect();
    if cut.len() < whole.len() {
        cut.push('…');
    }
    cut
}

fn number_of(
    tx: &mut Tx,
    office: OfficeId,
    know: &Knowledge,
    talk: &Talk,
) -> Result<Number, Fault> {
    store::number(tx, know.seal(), office, talk.number)?.ok_or_else(numberless)
}

fn days(tx: &mut Tx, ctx: &Ctx, units: Option<&[UnitId]>) -> Result<Vec<DayCount>, Fault> {
    let today = ctx.today();
    let first = today.checked_sub((DAYS - 1).days()).unwrap_or(today);
    let mut sql = Sql::new(
        "SELECT t.day, k.kind, count(*) FROM text_in t
           JOIN text_talk k ON k.office_id = t.office_id AND k.id = t.talk_id
          WHERE t.office_id = ? AND t.day >= ? AND t.day <= ?",
        args![ctx.office, first, today],
    );
    if let Some(units) = units {
        sql.and_in("k.unit_id", units);
    }
    sql.add(" GROUP BY t.day, k.kind ORDER BY t.day", []);
    let found: Vec<(Date, Kind, i64)> = tx.all(sql.text(), sql.args())?;
    let mut days: Vec<DayCount> = first
        .series(1.day())
        .take_while(|day| *day <= today)
        .map(|day| DayCount { day, matters: 0, praise: 0, aside: 0, wishes: 0 })
        .collect();
    for (day, kind, count) in found {
        let Some(row) = days.iter_mut().find(|row| row.day == day) else { continue };
        match kind {
            Kind::Matter => row.matters += count,
            Kind::Praise => row.praise += count,
            Kind::Aside => row.aside += count,
            Kind::Wish => row.wishes += count,
        }
    }
    days.reverse();
    Ok(days)
}

/// One text of a conversation, in either direction.
#[derive(Clone, Debug)]
pub struct Said {
    /// When.
    pub at: Timestamp,
    /// The words.
    pub body: String,
    /// What came in, or what went out.
    pub way: Way,
}

/// In which direction, with what belongs to it.
#[derive(Clone, Debug)]
pub enum Way {
    /// From the resident.
    In {
        /// Its id.
        id: TextId,
        /// Through which gateway.
        gateway: String,
        /// Parts that never came.
        missing: i32,
        /// The bytes, where they could not be read.
        raw: Option<String>,
        /// Why it was taken for going on or for new.
        points: Vec<Point>,
    },
    /// To the resident.
    Out {
        /// How far it got.
        state: MessageState,
        /// How often it was tried.
        attempts: i32,
        /// When it reached the telephone.
        delivered_at: Option<Timestamp>,
        /// Why it failed.
        reason: String,
    },
}

/// Another conversation of the number.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its id.
    pub id: TalkId,
    /// What it is about.
    pub kind: Kind,
    /// The receipt number of its case.
    pub case: Option<String>,
    /// When it began.
    pub opened_at: Timestamp,
    /// Whether texts can be joined to it.
    pub open: bool,
}

/// The page of a conversation.
#[derive(Clone, Debug)]
pub struct TalkPage {
    /// The conversation.
    pub talk: Talk,
    /// The number, masked.
    pub number: String,
    /// Whether texts can be sent to it.
    pub mobile: bool,
    /// Since when it wants none.
    pub stopped_at: Option<Timestamp>,
    /// Its case.
    pub case: Option<Case>,
    /// Both directions, the oldest first.
    pub said: Vec<Said>,
    /// Other conversations of the number that the reader may see.
    pub others: Vec<Other>,
    /// Whether the reader works it, or only reads.
    pub works: bool,
}

/// Days for which other conversations of the number are listed.
const OTHERS: SignedDuration = SignedDuration::from_hours(365 * 24);

/// One conversation for the acting member of staff.
pub fn talk_page(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: TalkId,
) -> Result<TalkPage, Failure<TextRefusal>> {
    let talk = store::talk(tx, ctx.office, id)?.ok_or(Failure::Refused(TextRefusal::NotFound))?;
    if !may_see(know, ctx, talk.unit) {
        return Err(Failure::Refused(TextRefusal::NotFound));
    }
    let number = number_of(tx, ctx.office, know, &talk)?;
    let case = match talk.case {
        Some(case) => case_now(tx, ctx.office, case)?,
        None => None,
    };
    let mut said: Vec<Said> = store::texts(tx, know.seal(), ctx.office, id)?
        .into_iter()
        .map(|text| Said {
            at: text.received_at,
            way: Way::In {
                id: text.id,
                gateway: text.gateway,
                missing: text.missing,
                raw: text.raw,
                points: points(&text.reading),
            },
            body: text.body,
        })
        .collect();
    let mut ours: Vec<SentText> = match talk.case {
        Some(case) => texts_to(tx, know.seal(), ctx.office, case, &number.number)?,
        None => Vec::new(),
    };
    for notice in store::outs(tx, ctx.office, id)? {
        ours.extend(sent_text(tx, know.seal(), ctx.office, notice)?);
    }
    said.extend(ours.into_iter().map(|text| Said {
        at: text.queued_at,
        body: text.body,
        way: Way::Out {
            reason: match text.state {
                MessageState::Failed | MessageState::Queued => text.reference,
                _ => String::new(),
            },
            state: text.state,
            attempts: text.attempts,
            delivered_at: text.delivered_at,
        },
    }));
    // What we sent in reply to a text was queued at the same instant: it stands behind it.
    said.sort_by_key(|one| (one.at, matches!(one.way, Way::Out { .. })));
    Ok(TalkPage {
        works: may_work(ctx, know, talk.unit),
        others: others(tx, ctx, know, &talk)?,
        number: masked(&number.number),
        mobile: number.mobile,
        stopped_at: number.stopped_at,
        case,
        said,
        talk,
    })
}

fn points(reading: &Value) -> Vec<Point> {
    let points = reading.get("points").cloned().unwrap_or_default();
    serde_json::from_value(points).unwrap_or_default()
}

fn others(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, talk: &Talk) -> Result<Vec<Other>, Fault> {
    let since = ctx.now.checked_sub(OTHERS).unwrap_or(ctx.now);
    let mut others = Vec::new();
    for other in store::talks_of_number(tx, ctx.office, talk.number, since)? {
        if other.id == talk.id
            || other.joined_into.is_some()
            || !may_see(know, ctx, other.unit)
            || other.kind == Kind::Wish
        {
            continue;
        }
        let case = match other.case {
            Some(case) => case_now(tx, ctx.office, case)?,
            None => None,
        };
        others.push(Other {
            id: other.id,
            kind: other.kind,
            open: case.as_ref().is_some_and(|case| case.state.is_open()),
            case: case.map(|case| case.number),
            opened_at: other.opened_at,
        });
    }
    Ok(others)
}

/// How far a sent text got, for the officer.
pub fn state_name(state: MessageState, lang: maeul_base::Lang) -> &'static str {
    match state {
        MessageState::Queued => lang.t("보내는 중", "on its way"),
        MessageState::Sent => lang.t("보냄", "sent"),
        MessageState::Delivered => lang.t("도착", "delivered"),
        MessageState::Failed => lang.t("실패", "failed"),
        MessageState::Stopped => lang.t("수신거부라 보내지 않음", "not sent: no texts wanted"),
    }
}

/// The day of an instant in Seoul.
pub fn day_of(at: Timestamp) -> Date {
    seoul::date(at)
}
