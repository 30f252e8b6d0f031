//! A person adds a passkey to their account, or takes one away.

use maeul_base::{Ctx, Failure, Fault, Lang, Refusal, SessionId, StaffId};
use maeul_db::{Seal, Tx};

use crate::id::PasskeyId;
use crate::passkey::{
    ADD_WITHIN, LONGEST_LABEL, MOST_PASSKEYS, Passkey, Ticket, TicketKind, browser_hash,
};
use crate::staff::later;
use crate::store::{self, passkey as rows};
use crate::webauthn::{self, Disbelief, Made, RelyingParty};

/// Why no passkey is added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRefusal {
    /// Nobody is signed in.
    NotAllowed,
    /// They signed in too long ago.
    SignInAgain,
    /// They have as many as one may.
    TooMany,
    /// The challenge was used, is too old, or was another's.
    Stale,
    /// What the browser sent is not believed.
    Disbelieved(Disbelief),
    /// That passkey is known already.
    Known,
    /// The name is too long.
    LabelTooLong,
    /// There is no such passkey of theirs.
    NotFound,
}

impl Refusal for PasskeyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "passkey.not_allowed",
            Self::SignInAgain => "passkey.sign_in_again",
            Self::TooMany => "passkey.too_many",
            Self::Stale => "passkey.stale",
            Self::Disbelieved(Disbelief::Unverified) => "passkey.unverified",
            Self::Disbelieved(Disbelief::Algorithm) => "passkey.algorithm",
            Self::Disbelieved(_) => "passkey.disbelieved",
            Self::Known => "passkey.known",
            Self::LabelTooLong => "passkey.label_too_long",
            Self::NotFound => "passkey.not_found",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAllowed => lang.t("먼저 로그인해 주십시오.", "Please sign in first."),
            Self::SignInAgain => lang.t(
                "패스키는 로그인한 뒤 15분 안에 더할 수 있습니다. 나갔다가 다시 로그인해 주십시오.",
                "A passkey can be added within 15 minutes of signing in. Please sign out and in again.",
            ),
            Self::TooMany => lang.t(
                "패스키는 10개까지 둘 수 있습니다. 쓰지 않는 것을 먼저 지워 주십시오.",
                "You can have 10 passkeys. Please remove one you do not use first.",
            ),
            Self::Stale => lang.t(
                "시간이 지났거나 이미 쓴 요청입니다. 다시 눌러 주십시오.",
                "This took too long or was used already. Please press the button again.",
            ),
            Self::Disbelieved(Disbelief::Unverified) => lang.t(
                "기기가 본인을 확인하지 않았습니다. 지문·얼굴·PIN으로 잠근 기기를 써 주십시오.",
                "The device did not check that it is you. Please use one that asks for finger, face or PIN.",
            ),
            Self::Disbelieved(Disbelief::Algorithm) => lang.t(
                "이 기기의 열쇠 방식은 쓸 수 없습니다. 다른 기기를 써 주십시오.",
                "This device makes a kind of key that cannot be used here. Please use another.",
            ),
            Self::Disbelieved(_) => lang.t(
                "기기가 보낸 것을 확인하지 못했습니다. 주소가 맞는지 보고 다시 해 주십시오.",
                "What the device sent could not be verified. Please check the address and try again.",
            ),
            Self::Known => {
                lang.t("이미 더한 패스키입니다.", "This passkey has been added already.")
            }
            Self::LabelTooLong => lang.t(
                "이름은 40자 안으로 적어 주십시오.",
                "Please keep the name to 40 characters.",
            ),
            Self::NotFound => lang.t("그런 패스키가 없습니다.", "There is no such passkey."),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        matches!(self, Self::LabelTooLong).then_some("label")
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed | Self::SignInAgain => 403,
            Self::NotFound => 404,
            Self::TooMany | Self::Known => 409,
            _ => 422,
        }
    }
}

/// The challenge of a passkey that is to be made, and what authenticators already hold.
#[derive(Clone, Debug)]
pub struct NewChallenge {
    /// Comes back signed.
    pub ticket: Ticket,
    /// Who makes it.
    pub staff: StaffId,
    /// What authenticators call those there are.
    pub there: Vec<Vec<u8>>,
}

/// Begins: only soon after signing in.
pub fn begin_passkey(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    session: SessionId,
    browser: &str,
) -> Result<NewChallenge, Failure<PasskeyRefusal>> {
    let refuse = |refusal| Err(Failure::Refused(refusal));
    let Some(staff) = ctx.actor.staff_id() else { return refuse(PasskeyRefusal::NotAllowed) };
    let open = store::open_session(tx, ctx.office, session)?;
    let began = open.map(|it| it.created_at);
    if began.is_none_or(|at| later(at, ADD_WITHIN) < ctx.now) {
        return refuse(PasskeyRefusal::SignInAgain);
    }
    let there = rows::credentials(tx, ctx.office, staff)?;
    if there.len() >= MOST_PASSKEYS {
        return refuse(PasskeyRefusal::TooMany);
    }
    let ticket = Ticket::random(&ctx.ids);
    let browser = browser_hash(seal, ctx.office, browser);
    rows::insert_ticket(tx, ctx, TicketKind::NewPasskey, &ticket, (Some(staff), &browser, ""))?;
    Ok(NewChallenge { ticket, staff, there })
}

/// Adds the passkey the browser made. A refusal is no error of the act: the challenge is used up
/// either way, so the transaction is committed.
pub fn add_passkey(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    party: &RelyingParty,
    browser: &str,
    (sent, label): (&Made<'_>, &str),
) -> Result<Result<Passkey, PasskeyRefusal>, Fault> {
    let Some(staff) = ctx.actor.staff_id() else { return Ok(Err(PasskeyRefusal::NotAllowed)) };
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    if label.chars().count() > LONGEST_LABEL {
        return Ok(Err(PasskeyRefusal::LabelTooLong));
    }
    let challenge = webauthn::challenge_of(sent.client_data);
    let ticket = challenge.and_then(|bytes| Ticket::from_bytes(&bytes));
    let Some(ticket) = ticket else { return Ok(Err(PasskeyRefusal::Stale)) };
    let browser = browser_hash(seal, ctx.office, browser);
    let taken = rows::take_ticket(tx, ctx, TicketKind::NewPasskey, &ticket, &browser)?;
    if taken.is_none_or(|(owner, _)| owner != Some(staff)) {
        return Ok(Err(PasskeyRefusal::Stale));
    }
    let made = match webauthn::made(sent, party) {
        Ok(made) => made,
        Err(why) => return Ok(Err(PasskeyRefusal::Disbelieved(why))),
    };
    if rows::is_known(tx, ctx.office, &made.credential)? {
        return Ok(Err(PasskeyRefusal::Known));
    }
    let there = rows::passkeys(tx, ctx.office, staff)?.len();
    if there >= MOST_PASSKEYS {
        return Ok(Err(PasskeyRefusal::TooMany));
    }
    let label = if label.is_empty() {
        format!("{} {}", ctx.lang.t("패스키", "Passkey"), there + 1)
    } else {
        label
    };
    let passkey = Passkey { id: ctx.id(), staff, label, made_at: ctx.now, used_at: None };
    rows::insert_passkey(tx, ctx, &passkey, &made)?;
    store::log_account(tx, ctx, staff, "passkey_added", &passkey.id.to_string())?;
    Ok(Ok(passkey))
}

/// Takes one's own passkey away, at once.
pub fn remove_passkey(
    tx: &mut Tx,
    ctx: &Ctx,
    id: PasskeyId,
) -> Result<(), Failure<PasskeyRefusal>> {
    let Some(staff) = ctx.actor.staff_id() else {
        return Err(Failure::Refused(PasskeyRefusal::NotAllowed));
    };
    if !rows::end_passkey(tx, ctx, staff, id, "removed")? {
        return Err(Failure::Refused(PasskeyRefusal::NotFound));
    }
    store::log_account(tx, ctx, staff, "passkey_removed", &id.to_string())?;
    Ok(())
}
