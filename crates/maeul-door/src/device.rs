//! Telling people that a browser nobody knew signed in as them: by mail where there is an address, and
//! on a page when they next sign in with one that is known.

use maeul_base::{Ctx, Fault, Lang, seoul};
use maeul_db::{Seal, Tx};
use maeul_notice::{Channel, NewNotice, queue_notice};
use maeul_people::{Device, Passkey, SignedIn};

/// Queues the mail, in the transaction of the sign-in. Nothing in it tells where or with what: the
/// mailbox may be read by others.
pub(crate) fn write_to(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    office: &str,
    signed_in: &SignedIn,
) -> Result<(), Fault> {
    let device = &signed_in.device;
    if !device.is_new || device.email.is_empty() {
        return Ok(());
    }
    let (ko, en) = (seoul::time_text(ctx.now, Lang::Ko), seoul::time_text(ctx.now, Lang::En));
    let body = format!(
        "{ko}에 처음 쓰는 브라우저에서 회원님의 계정으로 마을 업무에 로그인했습니다.\n\
         본인이 아니면 바로 '비밀번호와 로그인' 화면에서 모든 기기를 로그아웃하고 비밀번호를 바꾼 뒤 \
         전산 담당자에게 알려 주십시오. 본인이면 아무것도 하지 않아도 됩니다.\n\n\
         Someone signed in to the Maeul desk with your account from a browser that was not used before, \
         at {en}. If it was not you, sign out everywhere on the page \"Password and sign-in\", change your \
         password and tell an administrator. If it was you, nothing needs to be done.\n"
    );
    let notice = NewNotice {
        case: None,
        channel: Channel::Email,
        to: device.email.clone(),
        subject: format!("[{office}] 새 브라우저에서 로그인했습니다 / New sign-in"),
        body,
        lang: Lang::Ko,
        dedupe: format!("new device {}", signed_in.session.session),
    };
    queue_notice(tx, ctx, seal, &notice)?;
    Ok(())
}

/// Queues the mail that tells of a new passkey: a way in that lasts is never made unseen.
pub(crate) fn write_of_passkey(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    office: &str,
    passkey: &Passkey,
) -> Result<(), Fault> {
    let person = maeul_people::staff_by_id(tx, ctx.office, passkey.staff)?;
    let Some(person) = person.filter(|it| !it.email.is_empty()) else { return Ok(()) };
    let (ko, en) = (seoul::time_text(ctx.now, Lang::Ko), seoul::time_text(ctx.now, Lang::En));
    let notice = NewNotice {
        case: None,
        channel: Channel::Email,
        to: person.email,
        subject: format!("[{office}] 패스키를 더했습니다 / New passkey"),
        body: format!(
            "{ko}에 회원님의 마을 업무 계정에 로그인 패스키가 더해졌습니다.\n\
             본인이 아니면 바로 '패스키' 화면에서 지우고 비밀번호를 바꾼 뒤 전산 담당자에게 알려 주십시오.\n\n\
             A passkey that signs in was added to your account at the Maeul desk at {en}. If it was not \
             you, remove it on the page \"Passkeys\", change your password and tell an administrator.\n"
        ),
        lang: Lang::Ko,
        dedupe: format!("new passkey {}", passkey.id),
    };
    queue_notice(tx, ctx, seal, &notice)?;
    Ok(())
}

/// What is shown after signing in; nothing where nothing happened.
pub(crate) fn said(device: &Device, lang: Lang) -> Option<String> {
    let last = device.others.last()?;
    let (at, count) = (seoul::time_text(*last, lang), device.others.len());
    Some(match lang {
        Lang::Ko => format!(
            "그사이 처음 쓰는 브라우저에서 {count}번 로그인했습니다(마지막: {at}). 본인이 아니면 모든 기기에서 로그아웃하고 비밀번호를 바꾼 뒤 전산 담당자에게 알려 주십시오."
        ),
        Lang::En => format!(
            "Since then {count} new browser(s) signed in as you (the last: {at}). If it was not you, sign out everywhere, change your password and tell an administrator."
        ),
    })
}
