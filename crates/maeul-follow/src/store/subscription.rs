//! What is followed.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, DongCode, Fault, OfficeId};
use maeul_db::{FromRow, Row, Sql, Tx, Value, args};
use maeul_notice::Channel;

use crate::id::{PersonId, SubscriptionId};
use crate::wish::{What, Wish};
use crate::words::{Rhythm, State};

/// The columns of a wish, in the order they are read.
const WISH: &str =
    "s.what, s.case_id, s.dong_code, s.lat_e7, s.lon_e7, s.radius_m, s.service_code, s.words";

fn wish(columns: &mut maeul_db::Columns<'_>) -> Result<Wish, Fault> {
    let what: String = columns.read()?;
    let case: Option<CaseId> = columns.read()?;
    let dong: Option<DongCode> = columns.read()?;
    let lat: Option<i64> = columns.read()?;
    let lon: Option<i64> = columns.read()?;
    let radius_m: Option<i32> = columns.read()?;
    let what = match (what.as_str(), case, dong, lat.zip(lon).zip(radius_m)) {
        ("case", Some(case), _, _) => What::Case(case),
        ("dong", _, Some(dong), _) => What::Dong(dong),
        ("place", _, _, Some((at, radius_m))) => What::Place { at, radius_m },
        ("all", ..) => What::All,
        _ => return Err(Fault::other("a subscription to nothing that there is")),
    };
    Ok(Wish { what, service: columns.read()?, words: columns.read()? })
}

/// One thing somebody follows, or asked to.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: SubscriptionId,
    pub(crate) person: PersonId,
    pub(crate) rhythm: Rhythm,
    pub(crate) state: State,
    pub(crate) wish: Wish,
}

impl FromRow for Kept {
    const COLUMNS: usize = 12;

    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let mut columns = row.columns();
        Ok(Self {
            id: columns.read()?,
            person: columns.read()?,
            rhythm: columns.read()?,
            state: columns.read()?,
            wish: wish(&mut columns)?,
        })
    }
}

/// One that is to be told.
#[derive(Clone, Debug)]
pub(crate) struct DueLine {
    pub(crate) id: SubscriptionId,
    pub(crate) person: PersonId,
    pub(crate) channel: Channel,
    pub(crate) mark_at: Timestamp,
    pub(crate) wish: Wish,
}

impl FromRow for DueLine {
    const COLUMNS: usize = 12;

    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let mut columns = row.columns();
        Ok(Self {
            id: columns.read()?,
            person: columns.read()?,
            channel: columns.read()?,
            mark_at: columns.read()?,
            wish: wish(&mut columns)?,
        })
    }
}

/// The one of that id that belongs to somebody.
pub(crate) fn subscription(
    tx: &mut Tx,
    office: OfficeId,
    id: SubscriptionId,
) -> Result<Option<Kept>, Fault> {
    tx.get(
        &format!(
            "SELECT s.id, s.person_id, s.rhythm, s.state, {WISH} FROM follow_subscription s
              WHERE s.office_id = $1 AND s.id = $2 AND s.person_id IS NOT NULL"
        ),
        args![office, id],
    )
}

/// The one by which this person has the same wish.
pub(crate) fn subscription_with(
    tx: &mut Tx,
    office: OfficeId,
    person: PersonId,
    wish_hash: &[u8],
) -> Result<Option<SubscriptionId>, Fault> {
    let found: Option<(SubscriptionId,)> = tx.get(
        "SELECT id FROM follow_subscription
          WHERE office_id = $1 AND person_id = $2 AND wish_hash = $3",
        args![office, person, wish_hash.to_vec()],
    )?;
    Ok(found.map(|it| it.0))
}

pub(crate) fn insert_pending(
    tx: &mut Tx,
    ctx: &Ctx,
    person: PersonId,
    wish: &Wish,
    wish_hash: &[u8],
    rhythm: Rhythm,
) -> Result<SubscriptionId, Fault> {
    let id: SubscriptionId = ctx.id();
    let (case, dong, place) = match &wish.what {
        What::Case(case) => (Some(*case), None, None),
        What::Dong(dong) => (None, Some(dong.clone()), None),
        What::Place { at, radius_m } => (None, None, Some((*at, *radius_m))),
        What::All => (None, None, None),
    };
    tx.exec_one(
        "INSERT INTO follow_subscription (office_id, id, person_id, what, case_id, dong_code,
            lat_e7, lon_e7, radius_m, service_code, words, wish_hash, rhythm, state, mark_at,
            asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)",
        args![
            ctx.office,
            id,
            person,
            wish.what.as_str(),
            case,
            dong,
            place.map(|it| it.0.0),
            place.map(|it| it.0.1),
            place.map(|it| it.1),
            wish.service,
            wish.words,
            wish_hash.to_vec(),
            rhythm,
            State::Pending,
            ctx.now
        ],
    )?;
    Ok(id)
}

/// It is told of from now on.
pub(crate) fn activate(
    tx: &mut Tx,
    ctx: &Ctx,
    id: SubscriptionId,
    rhythm: Rhythm,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE follow_subscription SET state = $3, rhythm = $4, mark_at = $5, confirmed_at = $5
          WHERE office_id = $1 AND id = $2",
        args![ctx.office, id, State::Active, rhythm, ctx.now],
    )
}

pub(crate) fn set_rhythm(
    tx: &mut Tx,
    office: OfficeId,
    id: SubscriptionId,
    rhythm: Rhythm,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE follow_subscription SET rhythm = $3 WHERE office_id = $1 AND id = $2",
        args![office, id, rhythm],
    )
}

pub(crate) fn active_count(tx: &mut Tx, office: OfficeId, person: PersonId) -> Result<i64, Fault> {
    let (count,): (i64,) = tx.one(
        "SELECT count(*) FROM follow_subscription
          WHERE office_id = $1 AND person_id = $2 AND state = 'active'",
        args![office, person],
    )?;
    Ok(count)
}

/// What this person follows, the oldest first; what is not confirmed is left out.
pub(crate) fn of_person(
    tx: &mut Tx,
    office: OfficeId,
    person: PersonId,
) -> Result<Vec<Kept>, Fault> {
    tx.all(
        &format!(
            "SELECT s.id, s.person_id, s.rhythm, s.state, {WISH} FROM follow_subscription s
              WHERE s.office_id = $1 AND s.person_id = $2 AND s.state = 'active'
              ORDER BY s.confirmed_at, s.id"
        ),
        args![office, person],
    )
}

/// When it was confirmed.
pub(crate) fn confirmed_at(
    tx: &mut Tx,
    office: OfficeId,
    of: SubscriptionId,
) -> Result<Option<Timestamp>, Fault> {
    let (at,): (Option<Timestamp>,) = tx.one(
        "SELECT confirmed_at FROM follow_subscription WHERE office_id = $1 AND id = $2",
        args![office, of],
    )?;
    Ok(at)
}

/// What a stopped one keeps: that it was, and of which kind.
const BLANK: &str = "state = 'stopped', stopped_at = $3, person_id = NULL, wish_hash = NULL,
    case_id = NULL, lat_e7 = NULL, lon_e7 = NULL, radius_m = NULL, words = ''";

/// Stops one of this person; false where it is none of theirs.
pub(crate) fn stop(
    tx: &mut Tx,
    ctx: &Ctx,
    person: PersonId,
    id: SubscriptionId,
) -> Result<bool, Fault> {
    tx.exec(
        "DELETE FROM follow_confirmation WHERE office_id = $1 AND subscription_id IN
            (SELECT id FROM follow_subscription
              WHERE office_id = $1 AND id = $2 AND person_id = $3)",
        args![ctx.office, id, person],
    )?;
    let changed = tx.exec(
        &format!(
            "UPDATE follow_subscription SET {BLANK}
              WHERE office_id = $1 AND id = $2 AND person_id = $4"
        ),
        args![ctx.office, id, ctx.now, person],
    )?;
    Ok(changed == 1)
}

/// Stops everything of this person. How many.
pub(crate) fn stop_all(tx: &mut Tx, ctx: &Ctx, person: PersonId) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM follow_confirmation WHERE office_id = $1 AND subscription_id IN
            (SELECT id FROM follow_subscription WHERE office_id = $1 AND person_id = $2)",
        args![ctx.office, person],
    )?;
    tx.exec(
        &format!("UPDATE follow_subscription SET {BLANK} WHERE office_id = $1 AND person_id = $2"),
        args![ctx.office, person, ctx.now],
    )
}

/// How far back the one is that was told the least of these.
pub(crate) fn oldest_mark(
    tx: &mut Tx,
    office: OfficeId,
    rhythms: &[Rhythm],
) -> Result<Option<Timestamp>, Fault> {
    let mut sql = Sql::new(
        "SELECT min(mark_at) FROM follow_subscription WHERE office_id = ? AND state = 'active'",
        args![office],
    );
    sql.and_in("rhythm", rhythms);
    let (oldest,): (Option<Timestamp>,) = tx.one(sql.text(), sql.args())?;
    Ok(oldest)
}

/// Whether somebody who is told at once was not told up to then.
pub(crate) fn behind(tx: &mut Tx, office: OfficeId, until: Timestamp) -> Result<bool, Fault> {
    Ok(oldest_mark(tx, office, &[Rhythm::Now])?.is_some_and(|oldest| oldest < until))
}

/// Some who were not told up to `until`, all of a person together.
pub(crate) fn due(
    tx: &mut Tx,
    office: OfficeId,
    rhythms: &[Rhythm],
    until: Timestamp,
    quiet: bool,
    limit: usize,
) -> Result<Vec<DueLine>, Fault> {
    let mut sql = Sql::new(
        &format!(
            "SELECT s.id, s.person_id, p.channel, s.mark_at, {WISH} FROM follow_subscription s
               JOIN follow_person p ON p.office_id = s.office_id AND p.id = s.person_id
              WHERE s.office_id = ? AND s.state = 'active' AND s.mark_at < ?"
        ),
        args![office, until],
    );
    sql.and_in("s.rhythm", rhythms);
    if quiet {
        sql.add(" AND p.channel <> ?", args![Channel::Sms]);
    }
    sql.add(" ORDER BY s.person_id, s.id LIMIT ?", args![limit]);
    let mut lines: Vec<DueLine> = tx.all(sql.text(), sql.args())?;
    if lines.len() == limit
        && let (Some(first), Some(last)) =
            (lines.first().map(|it| it.person), lines.last().map(|it| it.person))
        && first != last
    {
        // The last may have more: they come first next time.
        lines.retain(|line| line.person != last);
    }
    Ok(lines)
}

/// They were told up to then.
pub(crate) fn mark_told(
    tx: &mut Tx,
    office: OfficeId,
    ids: &[SubscriptionId],
    until: Timestamp,
) -> Result<(), Fault> {
    let mut sql = Sql::new(
        "UPDATE follow_subscription SET mark_at = ? WHERE office_id = ?",
        args![until, office],
    );
    sql.and_in("id", ids);
    tx.exec(sql.text(), sql.args())?;
    Ok(())
}

/// Forgets what nobody confirmed. How many.
pub(crate) fn drop_unconfirmed(
    tx: &mut Tx,
    office: OfficeId,
    before: Timestamp,
) -> Result<u64, Fault> {
    let which: [Value; 2] = args![office, before].to_owned();
    tx.exec(
        "DELETE FROM follow_confirmation WHERE office_id = $1 AND subscription_id IN
            (SELECT id FROM follow_subscription
              WHERE office_id = $1 AND state = 'pending' AND asked_at < $2)",
        &which,
    )?;
    tx.exec(
        "DELETE FROM follow_subscription
          WHERE office_id = $1 AND state = 'pending' AND asked_at < $2",
        &which,
    )
}

/// Forgets that there were stopped ones. How many.
pub(crate) fn drop_stopped(tx: &mut Tx, office: OfficeId, before: Timestamp) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM follow_subscription
          WHERE office_id = $1 AND state = 'stopped' AND stopped_at < $2",
        args![office, before],
    )
}
