//! The public side of made-up history: the picture that everybody sees is made of all of it, and
//! officers have looked at some of the summaries.

use jiff::Timestamp;
use maeul_base::{Actor, Ctx, Fault, OfficeId, Role};
use maeul_cases::{Knowledge, KnowledgeCache};
use maeul_db::Tx;
use maeul_people::Staff;
use maeul_public::act::{self, LookRefusal, Publish, Withhold, refresh_page};
use maeul_public::{Look, Settings, read};
use maeul_web::Site;

use super::SEED;
use super::arrive::{Halt, did};
use super::dice::Dice;

/// Cases in one transaction.
const BATCH: usize = 200;
/// Officers do not look at what came in this lately: something is left to look at.
const LATELY: i64 = 3;

/// Makes the picture of all offices, and decides about the older half of the summaries.
pub(crate) async fn publish(
    site: &Site,
    knowledge: &KnowledgeCache,
    offices: &[OfficeId],
    now: Timestamp,
) -> Result<(), Fault> {
    for office in offices {
        let office = *office;
        let know = knowledge.get(site.db(), office, now).await?;
        let ctx = Ctx { now, ..site.system_ctx(office) };
        let mut after = None;
        loop {
            let (ctx, know) = (ctx.clone(), know.clone());
            let (_, next) = site
                .db()
                .write(move |tx| refresh_page(tx, &ctx, &know, &Settings::default(), after, BATCH))
                .await?;
            match next {
                Some(_) => after = next,
                None => break,
            }
        }
        let today = maeul_base::seoul::date(now);
        let staff = site.db().read(move |tx| maeul_people::staff(tx, office, today)).await?;
        let coordinator = staff.into_iter().find(|it| it.role == Role::Coordinator);
        let Some(Staff { id, unit, role, .. }) = coordinator else { continue };
        let ctx = Ctx { actor: Actor::in_role(id, unit, role), ..ctx };
        site.db().write(move |tx| look_at_some(tx, &ctx, &know)).await?;
    }
    Ok(())
}

/// Every second is published, a few are withheld, the rest waits.
fn look_at_some(tx: &mut Tx, ctx: &Ctx, know: &Knowledge) -> Result<(), Fault> {
    let settings = Settings::default();
    let before = ctx.now - jiff::SignedDuration::from_hours(24 * LATELY);
    let waiting = read::looks(tx, ctx, know, Look::Waiting, None, usize::from(u16::MAX))?;
    for (index, line) in waiting.rows.iter().filter(|it| it.received_at < before).enumerate() {
        let mut dice = Dice::new(SEED ^ 0x7075_626c, ctx.office.0, index);
        let chance = dice.below(100);
        let case = line.case;
        let found = match read::look_page(tx, ctx, know, &settings, case) {
            Ok(found) if chance < 55 => found,
            _ => continue,
        };
        let decided = if chance < 3 {
            let reason = "사진과 글에서 누구 일인지 알 수 있음".to_owned();
            let input = Withhold { case, seen: 0, reason };
            act::withhold(tx, ctx, know, &settings, &input)
        } else {
            let (title, body) = (found.title, found.body);
            let input = Publish { case, seen: 0, title, body, photos: Vec::new() };
            act::publish(tx, ctx, know, &settings, &input)
        };
        match did("look at a summary", personal_waits(decided)) {
            Ok(()) | Err(Halt::Here) => {}
            Err(Halt::Fault(fault)) => return Err(fault),
        }
    }
    Ok(())
}

/// What the masking still finds something in is left for a person.
fn personal_waits(
    decided: Result<(), maeul_base::Failure<LookRefusal>>,
) -> Result<(), maeul_base::Failure<LookRefusal>> {
    match decided {
        Err(maeul_base::Failure::Refused(LookRefusal::Personal { .. })) => Ok(()),
        other => other,
    }
}
