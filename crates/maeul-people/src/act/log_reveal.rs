//! Every look at personal data is written down: who, when, from where, whose, what and why (safety
//! standard of personal data, art. 8).

use maeul_base::{CaseId, Ctx, Failure, Lang, Refusal, Role, UnitId};
use maeul_db::Tx;
use uuid::Uuid;

use crate::id::LogId;
use crate::look::{LookAct, LookEntry};
use crate::store;

/// A look at personal data.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// What is done with the data.
    pub act: LookAct,
    /// What kind of record, e.g. `case_party`.
    pub what_kind: &'a str,
    /// Which record.
    pub what_id: Uuid,
    /// The case it belongs to, if it belongs to one.
    pub case: Option<CaseId>,
    /// The unit the record is with.
    pub owner: Option<UnitId>,
    /// Which of its fields, e.g. `phone`.
    pub fields: &'a [&'a str],
    /// How many people it concerns.
    pub people: i32,
    /// Why.
    pub reason: &'a str,
    /// From which network address.
    pub address: Option<&'a str>,
}

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevealRefusal {
    /// Only signed-in staff may look.
    NotStaff,
    /// No reason was given.
    NoReason,
}

impl Refusal for RevealRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotStaff => "reveal.not_staff",
            Self::NoReason => "reveal.no_reason",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotStaff => {
                lang.t("로그인한 직원만 볼 수 있습니다.", "Only signed-in staff may see this.")
            }
            Self::NoReason => lang.t(
                "개인정보를 보는 까닭을 적어 주십시오. 기록에 남습니다.",
                "Please give the reason for looking. It is kept in the log.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        (*self == Self::NoReason).then_some("reason")
    }

    fn status(&self) -> u16 {
        if *self == Self::NotStaff { 403 } else { 422 }
    }
}

/// Writes the look down, in the transaction that reads the data: without the line, nothing is shown.
pub fn log_look(tx: &mut Tx, ctx: &Ctx, look: &Look<'_>) -> Result<(), Failure<RevealRefusal>> {
    let (Some((staff, unit)), Some(rights)) = (ctx.actor.staff(), ctx.actor.rights()) else {
        return Err(Failure::Refused(RevealRefusal::NotStaff));
    };
    if look.reason.trim().is_empty() {
        return Err(Failure::Refused(RevealRefusal::NoReason));
    }
    let entry = LookEntry {
        id: ctx.id::<LogId>().into(),
        at: ctx.now,
        staff,
        unit: Some(unit),
        role: rights.main_role().map_or("", Role::as_str).to_owned(),
        act: look.act,
        what_kind: look.what_kind.to_owned(),
        what_id: look.what_id,
        case: look.case,
        owner: look.owner,
        fields: look.fields.join(","),
        people: look.people,
        reason: look.reason.trim().to_owned(),
        address: look.address.map(str::to_owned),
    };
    Ok(store::look::insert_look(tx, ctx.office, &entry)?)
}
