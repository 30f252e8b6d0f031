//! What happened, how cases stood when they were last looked at, and up to where that is.

use std::collections::HashMap;

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Fault, OfficeId};
use maeul_cases::Outcome;
use maeul_db::{Sql, Tx, args, row};
use maeul_public::PublicState;
use uuid::Uuid;

use crate::news::{Kind, Standing};

row! {
    struct MarkLine {
        at: Option<Timestamp>,
        id: Option<Uuid>,
        noted_at: Timestamp,
        caught_up: bool,
    }

    struct StandingLine {
        case: CaseId,
        state: PublicState,
        outcome: Option<Outcome>,
        reopened: i32,
        due_at: Option<Timestamp>,
        with_text: bool,
    }

    /// Something that happened.
    #[derive(Clone, Debug)]
    pub(crate) struct NewsLine {
        pub(crate) case: CaseId,
        pub(crate) kind: Kind,
        pub(crate) noted_at: Timestamp,
    }
}

/// Up to where the public picture was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) read: Option<Cursor>,
    pub(crate) noted_at: Timestamp,
    pub(crate) caught_up: bool,
}

pub(crate) fn mark(tx: &mut Tx, office: OfficeId) -> Result<Option<Mark>, Fault> {
    let found: Option<MarkLine> = tx.get(
        "SELECT at, id, noted_at, caught_up FROM follow_mark WHERE office_id = $1",
        args![office],
    )?;
    Ok(found.map(|line| Mark {
        read: line.at.zip(line.id).map(|(at, id)| Cursor { at, id }),
        noted_at: line.noted_at,
        caught_up: line.caught_up,
    }))
}

pub(crate) fn put_mark(tx: &mut Tx, office: OfficeId, mark: Mark) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO follow_mark (office_id, at, id, noted_at, caught_up)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id) DO UPDATE SET at = excluded.at, id = excluded.id,
            noted_at = excluded.noted_at, caught_up = excluded.caught_up",
        args![
            office,
            mark.read.map(|it| it.at),
            mark.read.map(|it| it.id),
            mark.noted_at,
            mark.caught_up
        ],
    )
}

/// How these cases stood.
pub(crate) fn standings(
    tx: &mut Tx,
    office: OfficeId,
    cases: &[CaseId],
) -> Result<HashMap<CaseId, Standing>, Fault> {
    let mut sql = Sql::new(
        "SELECT case_id, state, outcome, reopened, due_at, with_text FROM follow_case
          WHERE office_id = ?",
        args![office],
    );
    sql.and_in("case_id", cases);
    let lines: Vec<StandingLine> = tx.all(sql.text(), sql.args())?;
    Ok(lines
        .into_iter()
        .map(|line| {
            let StandingLine { case, state, outcome, reopened, due_at, with_text } = line;
            (case, Standing { state, outcome, reopened, due_at, with_text })
        })
        .collect())
}

pub(crate) fn put_standings(
    tx: &mut Tx,
    office: OfficeId,
    standings: &[(CaseId, Standing)],
) -> Result<(), Fault> {
    tx.exec_many(
        "INSERT INTO follow_case (office_id, case_id, state, outcome, reopened, due_at, with_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (office_id, case_id) DO UPDATE SET state = excluded.state,
            outcome = excluded.outcome, reopened = excluded.reopened, due_at = excluded.due_at,
            with_text = excluded.with_text",
        standings.iter().map(|(case, it)| {
            args![office, case, it.state, it.outcome, it.reopened, it.due_at, it.with_text]
        }),
    )?;
    Ok(())
}

/// Nothing more is told of a case.
pub(crate) fn forget_case(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<(), Fault> {
    for table in ["follow_case", "follow_news"] {
        tx.exec(
            &format!("DELETE FROM {table} WHERE office_id = $1 AND case_id = $2"),
            args![office, case],
        )?;
    }
    Ok(())
}

pub(crate) fn put_news(
    tx: &mut Tx,
    ctx: &Ctx,
    news: &[(CaseId, Kind, Timestamp)],
    noted_at: Timestamp,
) -> Result<(), Fault> {
    tx.exec_many(
        "INSERT INTO follow_news (office_id, id, case_id, kind, happened_at, noted_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        news.iter().map(|(case, kind, happened_at)| {
            args![ctx.office, ctx.id::<maeul_base::NoticeId>(), case, kind, happened_at, noted_at]
        }),
    )?;
    Ok(())
}

/// When something was last noted.
pub(crate) fn last_news(tx: &mut Tx, office: OfficeId) -> Result<Option<Timestamp>, Fault> {
    let (last,): (Option<Timestamp>,) =
        tx.one("SELECT max(noted_at) FROM follow_news WHERE office_id = $1", args![office])?;
    Ok(last)
}

/// What was noted after the one and up to the other, in order.
pub(crate) fn news_between(
    tx: &mut Tx,
    office: OfficeId,
    after: Timestamp,
    until: Timestamp,
) -> Result<Vec<NewsLine>, Fault> {
    tx.all(
        "SELECT case_id, kind, noted_at FROM follow_news
          WHERE office_id = $1 AND noted_at > $2 AND noted_at <= $3 ORDER BY noted_at, id",
        args![office, after, until],
    )
}

/// Forgets news that every digest has told. How many.
pub(crate) fn tidy_news(tx: &mut Tx, office: OfficeId, before: Timestamp) -> Result<u64, Fault> {
    tx.exec("DELETE FROM follow_news WHERE office_id = $1 AND noted_at < $2", args![office, before])
}
