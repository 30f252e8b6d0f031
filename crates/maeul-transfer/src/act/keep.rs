//! Keep: the administrator puts in an agency's new key, or has it asked what it offers.

use maeul_base::{Ctx, Failure, Lang, Refusal};
use maeul_db::{Seal, Tx};
use maeul_queue::NewJob;

use crate::agency::Agency;
use crate::id::AgencyId;
use crate::jobs::CHECK;
use crate::permissions::KEEP_AGENCIES;
use crate::store;

/// Keys of other systems are shorter.
const LONGEST_KEY: usize = 500;

/// Why an agency cannot be kept so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepRefusal {
    /// There is no such agency.
    NoAgency,
    /// No key was given, or none that is one.
    Key,
}

impl Refusal for KeepRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoAgency => "agency.not_found",
            Self::Key => "agency.key",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NoAgency => lang.t("그런 기관이 없습니다.", "There is no such agency."),
            Self::Key => lang.t(
                "상대 기관에서 받은 열쇠를 빈칸 없이 적어 주십시오.",
                "Please write the key that the agency gave, without spaces.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        (*self == Self::Key).then_some("key")
    }

    fn status(&self) -> u16 {
        if *self == Self::NoAgency { 404 } else { 422 }
    }
}

fn found(tx: &mut Tx, ctx: &Ctx, id: AgencyId) -> Result<Agency, Failure<KeepRefusal>> {
    let agency =
        if ctx.actor.may(&KEEP_AGENCIES) { store::agency(tx, ctx.office, id)? } else { None };
    agency.ok_or(Failure::Refused(KeepRefusal::NoAgency))
}

/// Takes a new key into use, sealed.
pub fn set_key(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    id: AgencyId,
    key: &str,
) -> Result<Agency, Failure<KeepRefusal>> {
    let agency = found(tx, ctx, id)?;
    let key = key.trim();
    if key.is_empty() || key.len() > LONGEST_KEY || key.contains(char::is_whitespace) {
        return Err(Failure::Refused(KeepRefusal::Key));
    }
    store::put_key(tx, ctx, seal, id, key)?;
    ask(tx, ctx, id)?;
    Ok(agency)
}

/// Has the agency asked what it offers.
pub fn ask_agency(tx: &mut Tx, ctx: &Ctx, id: AgencyId) -> Result<Agency, Failure<KeepRefusal>> {
    let agency = found(tx, ctx, id)?;
    ask(tx, ctx, id)?;
    Ok(agency)
}

fn ask(tx: &mut Tx, ctx: &Ctx, id: AgencyId) -> Result<(), maeul_base::Fault> {
    let payload = serde_json::json!({ "agency": id });
    maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, CHECK, payload))?;
    Ok(())
}
