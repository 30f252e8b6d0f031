//! For how long personal data are kept, and their destruction: an office puts a rule in force for a kind,
//! and a job destroys each night what has been kept long enough, in small steps, each written into the
//! register in its own transaction.
//!
//! No law sets these periods for petitions, so none is built in: what rooms propose destroys nothing
//! before the office has decided (개인정보보호법 21: without delay once no longer needed).

use std::sync::Arc;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use maeul_base::{Ctx, Cursor, Fault, seoul};
use maeul_db::{Db, row};
use maeul_room::{Keeping, Sweep, Swept};
use uuid::Uuid;

use crate::store::{self, Destroyed};
use crate::{PrivacyId, Shelf};

/// The most records of one transaction.
const STEP: usize = 50;
/// The most records of one read that only counts.
const COUNTED: usize = 2_000;

row! {
    /// For how long a kind is kept, from a day on.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Rule {
        /// The kind.
        pub kind: String,
        /// The first day.
        pub valid_from: Date,
        /// Months; none: kept.
        pub months: Option<i32>,
        /// What it rests on.
        pub basis: String,
        /// When it was set.
        pub set_at: Timestamp,
    }
}

/// The rule of a kind in force on a day, of rules with the latest first.
pub fn in_force<'a>(rules: &'a [Rule], kind: &str, on: Date) -> Option<&'a Rule> {
    rules.iter().find(|it| it.kind == kind && it.valid_from <= on)
}

/// What was last needed before this may go: the same day so many months earlier, at midnight in Seoul.
pub fn before(today: Date, months: i32) -> Result<Timestamp, Fault> {
    let day = today
        .checked_sub(months.months())
        .map_err(|error| Fault::from_error("count months back", error))?;
    Ok(seoul::instant(day.at(0, 0, 0, 0)))
}

/// What became of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The kind.
    pub kind: &'static str,
    /// The rule in force.
    pub rule: Rule,
    /// What was last needed before this.
    pub before: Timestamp,
    /// How much.
    pub swept: Swept,
}

/// Destroys, or with `dry` only counts, what the rules in force let go. Can be stopped at any moment:
/// what is done is done and registered, and the next run does the rest.
pub async fn run(db: &Db, ctx: &Ctx, shelf: &Shelf, dry: bool) -> Result<Vec<Outcome>, Fault> {
    let office = ctx.office;
    let rules = db.read(move |tx| store::rules(tx, office)).await?;
    let mut outcomes = Vec::new();
    for keeping in shelf.keeps() {
        let Some(rule) = in_force(&rules, keeping.kind, ctx.today()) else { continue };
        let Some(months) = rule.months else { continue };
        let before = before(ctx.today(), months)?;
        let mut swept = Swept::default();
        let line = Uuid::from(ctx.id::<PrivacyId>());
        loop {
            let done = step(db, ctx, shelf, keeping, rule, before, (line, swept.next), dry).await?;
            swept.records += done.records;
            swept.held += done.held;
            swept.busy += done.busy;
            swept.next = done.next;
            if done.next.is_none() {
                break;
            }
        }
        outcomes.push(Outcome { kind: keeping.kind, rule: rule.clone(), before, swept });
    }
    Ok(outcomes)
}

#[expect(clippy::too_many_arguments, reason = "one step of one loop")]
async fn step(
    db: &Db,
    ctx: &Ctx,
    shelf: &Shelf,
    keeping: &Keeping,
    rule: &Rule,
    before: Timestamp,
    (line, after): (Uuid, Option<Cursor>),
    dry: bool,
) -> Result<Swept, Fault> {
    let (ctx, keeping, rule) = (ctx.clone(), keeping.clone(), rule.clone());
    let seal = shelf.seal().clone();
    let act = move |tx: &mut maeul_db::Tx| {
        // Read anew with each step: a hold counts from the moment it is set.
        let held = Arc::new(store::held(tx, ctx.office)?);
        let why = format!("{} ({})", rule.basis, rule.valid_from);
        let most = if dry { COUNTED } else { STEP };
        let sweep = Sweep { before, after, most, dry, held, why, seal: seal.clone() };
        let done = (keeping.destroy)(tx, &ctx, &sweep)?;
        if !dry && done.records + done.held + done.busy > 0 {
            let entry = Destroyed {
                at: ctx.now,
                kind: keeping.kind.to_owned(),
                before,
                records: done.records,
                held: done.held,
                busy: done.busy,
                months: rule.months.unwrap_or_default(),
                basis: rule.basis.clone(),
            };
            store::register(tx, &ctx, line, &entry)?;
        }
        Ok::<_, Fault>(done)
    };
    if dry { db.read(act).await } else { db.write(act).await }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rule(kind: &str, from: Date, months: Option<i32>) -> Rule {
        let set_at = Timestamp::UNIX_EPOCH;
        Rule { kind: kind.to_owned(), valid_from: from, months, basis: String::new(), set_at }
    }

    #[test]
    fn the_latest_rule_that_has_begun_counts() {
        let rules = [
            rule("a", date(2027, 1, 1), None),
            rule("a", date(2026, 1, 1), Some(12)),
            rule("b", date(2026, 1, 1), Some(6)),
        ];
        let months = |kind: &str, on| in_force(&rules, kind, on).map(|it| it.months);
        assert_eq!(months("a", date(2025, 12, 31)), None);
        assert_eq!(months("a", date(2026, 12, 31)), Some(Some(12)));
        assert_eq!(months("a", date(2027, 1, 1)), Some(None));
        assert_eq!(months("c", date(2027, 1, 1)), None);
    }

    #[test]
    fn months_end_with_the_month() {
        let at = |today, months| seoul::date(before(today, months).unwrap());
        assert_eq!(at(date(2026, 3, 31), 1), date(2026, 2, 28));
        assert_eq!(at(date(2026, 6, 8), 36), date(2023, 6, 8));
    }
}
