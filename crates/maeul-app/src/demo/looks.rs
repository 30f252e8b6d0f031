//! Officers of the demonstration look at what they work on, so that the review of the month and the pages of
//! residents have something to show; and the office has decided how long contacts are kept.

use jiff::{SignedDuration, Timestamp, ToSpan};
use maeul_base::{Actor, Ctx, Failure, Fault, OfficeId, Refusal, Role, seoul};
use maeul_cases::Case;
use maeul_cases::read::{Span, cases_of};
use maeul_db::Tx;
use maeul_people::{Look, LookAct, chain_looks, log_look};
use maeul_privacy::Shelf;
use maeul_privacy::act::set_rule;
use maeul_privacy::retention::Rule;
use maeul_web::Site;

/// Days back from now on which somebody looked.
const DAYS: i64 = 40;
/// The most cases looked at.
const CASES: usize = 200;
/// Every how manieth case's contact was needed.
const CALLED: usize = 3;

/// Has officers look, chains it, and puts one rule of retention in force.
pub(crate) async fn look(site: &Site, offices: &[OfficeId], now: Timestamp) -> Result<(), Fault> {
    for office in offices {
        let ctx = Ctx { now, ..site.system_ctx(*office) };
        let (seal, shelf) = (site.seal().clone(), site.room::<Shelf>()?.clone());
        site.db()
            .write(move |tx| {
                let from = Some(now - SignedDuration::from_hours(24 * DAYS));
                let span = Span { from, until: None };
                let (handed, _) = cases_of(tx, &ctx, span, None, CASES)?;
                for (at, it) in handed.iter().enumerate() {
                    one(tx, &ctx, &it.case, at % CALLED == 0)?;
                }
                while chain_looks(tx, &ctx, &seal, 500)? > 0 {}
                decide(tx, &ctx, &shelf)
            })
            .await?;
    }
    Ok(())
}

/// The morning after it came in, the officer of the case reads it and may call.
fn one(tx: &mut Tx, ctx: &Ctx, case: &Case, called: bool) -> Result<(), Fault> {
    let (Some(staff), Some(unit)) = (case.assignee, case.unit) else { return Ok(()) };
    let day = seoul::date(case.received_at)
        .checked_add(1.day())
        .map_err(|error| Fault::from_error("the day after", error))?;
    let at = seoul::instant(day.at(10, 20, 0, 0));
    if at > ctx.now {
        return Ok(());
    }
    let actor = Actor::in_role(staff, unit, Role::Officer);
    let ctx = Ctx { now: at, actor, ..ctx.clone() };
    let opened = Look {
        act: LookAct::Open,
        what_kind: "case",
        what_id: case.id.0,
        case: Some(case.id),
        owner: Some(unit),
        fields: &["words"],
        people: 1,
        reason: "민원 처리",
        address: Some("10.0.0.21"),
    };
    log_look(tx, &ctx, &opened).map_err(only_fault)?;
    if called && !case.anonymous {
        let later = Ctx { now: at + SignedDuration::from_mins(4), ..ctx };
        let revealed = Look {
            act: LookAct::Reveal,
            what_kind: "case_party",
            what_id: case.petitioner.0,
            fields: &["name", "phone", "email"],
            reason: "현장 위치를 전화로 확인",
            ..opened
        };
        log_look(tx, &later, &revealed).map_err(only_fault)?;
    }
    Ok(())
}

fn decide(tx: &mut Tx, ctx: &Ctx, shelf: &Shelf) -> Result<(), Fault> {
    let staff = maeul_people::staff(tx, ctx.office, ctx.today())?;
    let Some(it) = staff.into_iter().find(|it| it.role == Role::Administrator) else {
        return Ok(());
    };
    let actor = Actor::in_role(it.id, it.unit, it.role);
    let rule = Rule {
        kind: "cases.contacts".to_owned(),
        valid_from: ctx.today(),
        months: Some(36),
        basis: "시연: 개인정보 처리방침 제3조".to_owned(),
        set_at: ctx.now,
    };
    set_rule(tx, &Ctx { actor, ..ctx.clone() }, shelf, &rule).map_err(only_fault)
}

fn only_fault<R: Refusal>(failure: Failure<R>) -> Fault {
    match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => {
            Fault::other(format!("the demonstration was refused: {}", refusal.code()))
        }
    }
}
