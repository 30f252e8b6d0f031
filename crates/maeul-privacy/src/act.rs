//! What an administrator decides: reviews, marks, rules of retention, holds.

use jiff::civil::Date;
use maeul_base::{Ctx, StaffId};
use maeul_cases::Knowledge;
use maeul_db::Tx;
use uuid::Uuid;

use crate::Shelf;
use crate::erasure::{Done, PrivacyRefusal, refused, words};
use crate::retention::Rule;
use crate::review::{self, Marks};
use crate::store;

fn staff(ctx: &Ctx) -> Done<StaffId> {
    match ctx.actor.staff_id() {
        Some(staff) => Ok(staff),
        None => refused(PrivacyRefusal::NotFound),
    }
}

/// Writes down that a month's looks were reviewed and what came of it.
pub fn review(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, month: Date, note: &str) -> Done<()> {
    let by = staff(ctx)?;
    let note = words(note, "note")?;
    let sum = review::month(tx, ctx.office, know, month)?;
    let marks = store::marks(tx, ctx.office)?;
    let looks = sum.lookers().values().map(review::Looker::all).sum();
    let marked = sum.lookers().values().filter(|it| !it.unusual(&marks).is_empty()).count();
    let head = maeul_people::look_head(tx, ctx.office)?.map_or(0, |it| it.seq);
    let sums = (looks, i64::try_from(marked).unwrap_or(i64::MAX), head);
    Ok(store::insert_review(tx, ctx, by, month.first_of_month(), &note, sums)?)
}

/// Sets from how many on something is marked.
pub fn set_marks(tx: &mut Tx, ctx: &Ctx, marks: &Marks) -> Done<()> {
    let by = staff(ctx)?;
    for (number, field) in [
        (marks.many_opens, "many_opens"),
        (marks.many_contacts, "many_contacts"),
        (marks.same_case, "same_case"),
    ] {
        if !(1..=100_000).contains(&number) {
            return refused(PrivacyRefusal::Wrong(field));
        }
    }
    Ok(store::set_marks(tx, ctx, by, marks)?)
}

/// Puts a rule in force from a day on; not from a day that is over, so that what was destroyed can be
/// told from its rule.
pub fn set_rule(tx: &mut Tx, ctx: &Ctx, shelf: &Shelf, rule: &Rule) -> Done<()> {
    let by = staff(ctx)?;
    if shelf.keeping(&rule.kind).is_none() {
        return refused(PrivacyRefusal::Wrong("kind"));
    }
    if rule.valid_from < ctx.today() {
        return refused(PrivacyRefusal::Wrong("valid_from"));
    }
    if rule.months.is_some_and(|it| !(1..=1_200).contains(&it)) {
        return refused(PrivacyRefusal::Wrong("months"));
    }
    let basis = words(&rule.basis, "basis")?;
    Ok(store::insert_rule(tx, ctx, by, &Rule { basis, ..rule.clone() })?)
}

/// Keeps a case's data whatever their age.
pub fn hold(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, number: &str, reason: &str) -> Done<()> {
    let by = staff(ctx)?;
    let reason = words(reason, "reason")?;
    let short = &know.office().short_ko;
    let Ok(number) = maeul_cases::CaseNumber::parse(number, short) else {
        return refused(PrivacyRefusal::Wrong("number"));
    };
    let number = number.to_string();
    let Some(case) = maeul_cases::read::case_of_number(tx, ctx, &number)? else {
        return refused(PrivacyRefusal::Wrong("number"));
    };
    let new = store::insert_hold(tx, ctx, by, case, &number, &reason)?;
    if new { Ok(()) } else { refused(PrivacyRefusal::Already) }
}

/// Ends a hold.
pub fn release(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Done<()> {
    let by = staff(ctx)?;
    if store::end_hold(tx, ctx, by, id)? == 0 {
        return refused(PrivacyRefusal::NotFound);
    }
    Ok(())
}
