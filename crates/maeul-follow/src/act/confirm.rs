//! Somebody proves that the address is theirs: by the link in an e-mail, or by the code of a text
//! message. Only then is anything told.

use maeul_base::{Ctx, Failure, Fault, Lang, Refusal};
use maeul_cases::Knowledge;
use maeul_db::Tx;
use maeul_wire::Contact;
use subtle::ConstantTimeEq;

use crate::settings::CODE_TRIES;
use crate::store::{self, Confirmation};
use crate::wish::Wish;
use crate::words::State;
use crate::{Shelf, secret};

/// A code, as typed.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The mobile number it was sent to.
    pub contact: String,
    /// The code.
    pub code: String,
}

/// Why it is not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmRefusal {
    /// Wrong, used, too old, or tried too often: all the same to whoever guesses.
    Code,
    /// The link is too old or none.
    Link,
    /// The address follows as much as it may.
    TooMany,
}

impl Refusal for ConfirmRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Code => "follow.code_wrong",
            Self::Link => "follow.link_old",
            Self::TooMany => "follow.too_many",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Code => lang.t(
                "확인번호가 맞지 않거나 시간이 지났어요. 번호를 확인하거나 처음부터 다시 해 주세요.",
                "The code is wrong or too old. Please check it, or start again.",
            ),
            Self::Link => lang.t(
                "확인 링크가 오래되었거나 잘못되었어요. 소식 받기를 처음부터 다시 해 주세요.",
                "The link is too old or wrong. Please ask to follow once more.",
            ),
            Self::TooMany => lang.t(
                "이 주소로는 더 따라 볼 수 없어요. 받은 소식 안의 링크로 다른 것을 그만 받은 뒤 다시 해 주세요.",
                "This address follows as much as it may. Stop something by the link in a message, then try again.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        (*self == Self::Code).then_some("code")
    }

    fn status(&self) -> u16 {
        if *self == Self::Link { 404 } else { 422 }
    }
}

/// What came of a code. A refusal is kept too, because it counts as a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmOutcome {
    /// Confirmed: the link by which they change and stop.
    Confirmed(String),
    /// Not this one.
    Refused(ConfirmRefusal),
}

/// What the link would confirm, in words; `None` where it is no good.
pub fn pending(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    link: &str,
) -> Result<Option<(Wish, String)>, Fault> {
    let Some(live) = by_link(tx, ctx, know, link)? else { return Ok(None) };
    let Some(kept) = store::subscription(tx, ctx.office, live.of)? else { return Ok(None) };
    let case = super::ask::called(tx, ctx, know, &kept.wish)?;
    let said = kept.wish.say(know, case.as_deref(), ctx.lang);
    Ok(Some((kept.wish, said)))
}

fn by_link(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    link: &str,
) -> Result<Option<Confirmation>, Fault> {
    store::live_by_secret(tx, ctx, &secret::link_hash(know.seal(), ctx.office, link))
}

/// Confirms by the link of an e-mail; a second time changes nothing.
pub fn confirm_link(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    know: &Knowledge,
    link: &str,
) -> Result<String, Failure<ConfirmRefusal>> {
    let live = by_link(tx, ctx, know, link)?.ok_or(Failure::Refused(ConfirmRefusal::Link))?;
    confirmed(tx, ctx, shelf, know, &live)
}

/// Confirms by the code of a text message, which opens once.
pub fn confirm_code(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    know: &Knowledge,
    input: &Confirm,
) -> Result<ConfirmOutcome, Failure<ConfirmRefusal>> {
    let wrong = ConfirmOutcome::Refused(ConfirmRefusal::Code);
    let Ok(contact) = input.contact.parse::<Contact>() else { return Ok(wrong) };
    if contact.phone().is_none() {
        return Ok(wrong);
    }
    let hash = know.seal().lookup_hash(ctx.office, &contact.lookup_key());
    let Some(person) = store::person_by_contact(tx, ctx.office, &hash)? else { return Ok(wrong) };
    let typed: String = input.code.chars().filter(char::is_ascii_digit).collect();
    let open: Vec<Confirmation> = store::live_of_person(tx, ctx, person.id)?
        .into_iter()
        .filter(|it| it.tries < CODE_TRIES)
        .collect();
    let right = open.iter().find(|it| {
        let hash = secret::code_hash(know.seal(), ctx.office, it.of, &typed);
        bool::from(hash.ct_eq(&it.secret_hash))
    });
    let Some(right) = right else {
        // One guess is a guess at each of them.
        for it in &open {
            store::count_try(tx, ctx.office, it.of)?;
        }
        return Ok(wrong);
    };
    let link = confirmed(tx, ctx, shelf, know, right)?;
    store::drop_confirmation(tx, ctx.office, right.of)?;
    Ok(ConfirmOutcome::Confirmed(link))
}

fn confirmed(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    know: &Knowledge,
    live: &Confirmation,
) -> Result<String, Failure<ConfirmRefusal>> {
    let kept = store::subscription(tx, ctx.office, live.of)?
        .ok_or(Failure::Refused(ConfirmRefusal::Link))?;
    if kept.state == State::Pending {
        if store::active_count(tx, ctx.office, kept.person)? >= shelf.settings().most {
            return Err(Failure::Refused(ConfirmRefusal::TooMany));
        }
        store::activate(tx, ctx, kept.id, live.rhythm)?;
    } else {
        store::set_rhythm(tx, ctx.office, kept.id, live.rhythm)?;
    }
    store::set_lang(tx, ctx.office, kept.person, &live.lang)?;
    Ok(secret::link_of(know.seal(), ctx.office, kept.person))
}
