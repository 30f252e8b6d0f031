//! The life of a job: claimed under a lease, finished, or failed and put off, at last given up.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Fault, JobId, OfficeId};
use maeul_db::{Engine, Sql, Tx, args, row};

use crate::Job;
use crate::job::Rank;

/// A job that failed this often is dead.
pub(crate) const TRIES: i32 = 10;
/// The pause after the first failure; it doubles with each further one.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// The longest pause.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// What a worker asks for.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Whose jobs.
    pub office: OfficeId,
    /// Now.
    pub now: Timestamp,
    /// At most so many jobs.
    pub limit: usize,
    /// After this time without an end, others may claim them again.
    pub lease: SignedDuration,
}

/// Of which kinds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kinds<'a> {
    Any,
    Only(&'a [String]),
    But(&'a [String]),
}

/// How many of the first due jobs are looked through for those of some kinds: what waits behind them
/// has its turn when these are done, and no claim reads a long queue whole.
const WINDOW: usize = 128;

/// Leases due jobs of one office: the urgent ones, then the longest due first. Two workers never hold
/// the same job within its lease. Of one office, because a cluster that spreads the rows by office
/// locks them on one machine only.
pub fn claim(tx: &mut Tx, claim: &Claim) -> Result<Vec<Job>, Fault> {
    let mut jobs = claim_some(tx, claim, Rank::First, Kinds::Any)?;
    let limit = claim.limit.saturating_sub(jobs.len());
    jobs.extend(claim_some(tx, &Claim { limit, ..claim.clone() }, Rank::InTurn, Kinds::Any)?);
    Ok(jobs)
}

/// As [`claim`], of one rank and of some kinds.
pub(crate) fn claim_some(
    tx: &mut Tx,
    claim: &Claim,
    rank: Rank,
    kinds: Kinds<'_>,
) -> Result<Vec<Job>, Fault> {
    if claim.limit == 0 {
        return Ok(Vec::new());
    }
    let Claim { office, now, limit, lease } = claim;
    let due = |sql: &mut Sql| {
        // One rank at a time, so that the index is entered at what is due.
        sql.add(
            " office_id = ? AND state = 'ready' AND rank = ? AND run_at <= ?
              AND (locked_until IS NULL OR locked_until <= ?)",
            args![office, rank.number(), now, now],
        );
    };
    // SQLite has one writer, so nobody else can be choosing; PostgreSQL passes over rows that
    // another worker is about to lease. MATERIALIZED keeps the choice from being made twice.
    let skip = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE SKIP LOCKED",
    };
    let mut sql = Sql::new("WITH due AS MATERIALIZED (SELECT id FROM queue_job WHERE", []);
    due(&mut sql);
    let listed = match kinds {
        Kinds::Any => None,
        Kinds::Only(kinds) => Some(("kind", kinds)),
        Kinds::But(kinds) => Some(("kind NOT", kinds)),
    };
    if let Some((column, kinds)) = listed {
        sql.add(" AND id IN (SELECT id FROM queue_job WHERE", []);
        due(&mut sql);
        sql.add(" ORDER BY run_at LIMIT ?)", args![WINDOW]);
        sql.and_in(column, kinds);
    }
    sql.add(&format!(" ORDER BY run_at LIMIT ?{skip})"), args![limit]);
    sql.add(
        " UPDATE queue_job SET locked_until = ?, attempts = attempts + 1
           WHERE office_id = ? AND id IN (SELECT id FROM due)
          RETURNING office_id, id, kind, payload, attempts, run_at, created_at",
        args![*now + *lease, office],
    );
    let mut jobs: Vec<Job> = tx.all(sql.text(), sql.args())?;
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// Waiting is known by `done_at`, which only jobs that ended have. Asked by state, a PostgreSQL that has
/// no statistics yet walks the index of all that wait, one job after another, for each that ends.
const FINISH: &str = "UPDATE queue_job SET state = 'done', done_at = $4, locked_until = NULL
     WHERE office_id = $1 AND id = $2 AND attempts = $3 AND done_at IS NULL";

/// Marks a job done in the transaction of its own work, so that the work happens exactly once: if
/// its lease ran out and another worker has it, this is a RowCount fault and the work is undone.
pub fn finish_in(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), Fault> {
    tx.exec_one(FINISH, args![job.office, job.id, job.attempts, now])
}

/// As [`finish_in`], for jobs of one office.
pub(crate) fn finish_all(
    tx: &mut Tx,
    office: OfficeId,
    jobs: &[Job],
    now: Timestamp,
) -> Result<(), Fault> {
    let mut by_attempt: BTreeMap<i32, Vec<JobId>> = BTreeMap::new();
    for job in jobs {
        by_attempt.entry(job.attempts).or_default().push(job.id);
    }
    for (attempts, ids) in by_attempt {
        let mut sql = Sql::new(
            "UPDATE queue_job SET state = 'done', done_at = ?, locked_until = NULL
              WHERE office_id = ? AND attempts = ? AND done_at IS NULL",
            args![now, office, attempts],
        );
        sql.and_in("id", &ids);
        tx.exec_count(sql.text(), sql.args(), u64::try_from(ids.len()).unwrap_or(u64::MAX))?;
    }
    Ok(())
}

/// Marks a job done; false if it is done already or another worker has it.
pub fn finish(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<bool, Fault> {
    Ok(tx.exec(FINISH, args![job.office, job.id, job.attempts, now])? == 1)
}

/// What became of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is tried again at this instant.
    Again(Timestamp),
    /// It is given up, and kept for a person to see.
    Dead,
    /// Another worker has it, or it is done.
    NotOurs,
}

/// Puts a failed job off, twice as long each time, or gives it up after ten tries or at once.
/// `why` is kept for the administrator: no resident's data in it.
pub fn fail(
    tx: &mut Tx,
    job: &Job,
    now: Timestamp,
    why: &str,
    give_up: bool,
) -> Result<Failed, Fault> {
    let is_dead = give_up || job.is_last_try();
    let again = now + pause(job.attempts);
    let why: String = why.chars().take(500).collect();
    let (state, done_at) = if is_dead { ("dead", Some(now)) } else { ("ready", None) };
    let touched = tx.exec(
        "UPDATE queue_job
            SET state = $4, done_at = $5, run_at = $6, locked_until = NULL, last_error = $7
          WHERE office_id = $1 AND id = $2 AND attempts = $3 AND done_at IS NULL",
        args![job.office, job.id, job.attempts, state, done_at, again, why],
    )?;
    Ok(match (touched, is_dead) {
        (0, _) => Failed::NotOurs,
        (_, true) => Failed::Dead,
        (_, false) => Failed::Again(again),
    })
}

/// 30 s, 1 min, 2 min … 6 h.
fn pause(attempts: i32) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(12);
    (PAUSE * 2_i32.pow(doublings)).min(LONGEST)
}

row! {
    /// How many jobs of one kind stand in one state.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Pending {
        /// The kind.
        pub kind: String,
        /// `ready` or `dead`.
        pub state: String,
        /// How many.
        pub count: i64,
        /// The earliest instant one of them is or was due.
        pub oldest: Timestamp,
    }

    /// A job that was given up.
    #[derive(Clone, Debug)]
    pub struct Dead {
        /// Whose it is.
        pub office: OfficeId,
        /// Its id.
        pub id: JobId,
        /// Its kind.
        pub kind: String,
        /// How often it was tried.
        pub attempts: i32,
        /// Why it failed the last time.
        pub last_error: Option<String>,
        /// When it was given up.
        pub done_at: Timestamp,
    }
}

/// How many jobs wait or are dead, by kind, over all offices.
pub fn pending_counts(tx: &mut Tx) -> Result<Vec<Pending>, Fault> {
    tx.all(
        "SELECT kind, state, count(*), min(run_at) FROM queue_job
          WHERE state <> 'done' GROUP BY kind, state ORDER BY kind, state",
        args![],
    )
}

/// The jobs that were given up, the latest first; of one office, or of all.
pub fn dead(tx: &mut Tx, office: Option<OfficeId>, limit: usize) -> Result<Vec<Dead>, Fault> {
    let mut sql = Sql::new(
        "SELECT office_id, id, kind, attempts, last_error, done_at FROM queue_job
          WHERE state = 'dead'",
        args![],
    );
    if let Some(office) = office {
        sql.add(" AND office_id = ?", args![office]);
    }
    sql.add(" ORDER BY done_at DESC, id LIMIT ?", args![limit]);
    tx.all(sql.text(), sql.args())
}

/// Gives a dead job its tries back; it must be dead.
pub fn revive(tx: &mut Tx, office: OfficeId, id: JobId, now: Timestamp) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE queue_job SET state = 'ready', attempts = 0, run_at = $3, done_at = NULL
          WHERE office_id = $1 AND id = $2 AND state = 'dead'",
        args![office, id, now],
    )
}

/// Removes jobs done before `before`; dead ones are kept. How many.
pub fn purge_done(tx: &mut Tx, before: Timestamp) -> Result<u64, Fault> {
    tx.exec("DELETE FROM queue_job WHERE state = 'done' AND done_at < $1", args![before])
}

/// The next office after `last` of which [`claim`] would find anything, beginning again with the first
/// after the last: so each has its turn, however much another has waiting. A read, so that an idle
/// server writes nothing.
pub fn next_due(
    tx: &mut Tx,
    now: Timestamp,
    last: Option<OfficeId>,
) -> Result<Option<OfficeId>, Fault> {
    let mut after = |office: OfficeId| -> Result<Option<OfficeId>, Fault> {
        let found: Option<(OfficeId,)> = tx.get(
            "SELECT office_id FROM queue_job
              WHERE state = 'ready' AND office_id > $2 AND run_at <= $1
                AND (locked_until IS NULL OR locked_until <= $1)
              ORDER BY office_id LIMIT 1",
            args![now, office],
        )?;
        Ok(found.map(|(office,)| office))
    };
    let before_all = OfficeId(i32::MIN);
    match last {
        Some(last) => match after(last)? {
            Some(office) => Ok(Some(office)),
            None => after(before_all),
        },
        None => after(before_all),
    }
}
