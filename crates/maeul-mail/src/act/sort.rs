//! Sort: a letter that was read becomes a case, joins one, or is only filed.

use jiff::SignedDuration;
use maeul_base::{Actor, Ctx, Failure, Fault};
use maeul_cases::act::{
    NewCase, NewPhoto, ReceiveRefusal, ReplyRefusal, ResidentReopen, ResidentReply, SaveDraft, Who,
    add_photo, receive, resident_reopen, resident_reply, save_draft,
};
use maeul_cases::read::{Access, receipt_of};
use maeul_cases::{CaseNumber, Channel, ContactInput, Knowledge, PhotoOf, Prefers};
use maeul_db::Tx;
use maeul_photo::Photo;

use crate::MailId;
use crate::letter::Letter;
use crate::state::{MailState, Why};
use crate::store::{self, Mail};
use crate::thread;

/// Letters of words a case takes; the letter itself is kept whole.
const LONGEST_WORDS: usize = 3_900;
/// Letters of a title.
const LONGEST_TITLE: usize = 90;

/// A letter, read, with a number that it may get.
#[derive(Clone)]
pub struct Sorting {
    /// Which.
    pub mail: MailId,
    /// As read; none where it cannot be.
    pub letter: Option<Letter>,
    /// Its pictures, made safe.
    pub photos: Vec<Photo>,
    /// The number of the case it may become.
    pub number: CaseNumber,
}

/// Why a letter makes no case.
#[derive(Debug)]
enum Unfit {
    Intake,
}

/// Sorts a letter, once.
pub fn sort(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    per_hour: i64,
    input: &Sorting,
) -> Result<(), Fault> {
    let found = store::mail(tx, know.seal(), ctx.office, input.mail)?;
    let Some(mail) = found.filter(|it| it.state == MailState::Waiting) else { return Ok(()) };
    let Some(letter) = &input.letter else {
        return store::put_state(tx, ctx, mail.id, (MailState::Refused, Why::Unreadable), None);
    };
    store::put_shown(tx, ctx, know.seal(), mail.id, letter)?;
    if let Some(why) = filed(tx, ctx, know, per_hour, letter)? {
        return store::put_state(tx, ctx, mail.id, (MailState::Refused, why), None);
    }
    let mut why = Why::None;
    if let Some((access, by)) = thread::find(tx, ctx, know, &mail.tag, letter)? {
        if join(tx, ctx, know, &mail, letter, &access, &input.photos, by)? {
            return Ok(());
        }
        why = Why::TooLate;
    }
    make_case(tx, ctx, know, &mail, letter, input, why)
}

/// Why it is only filed.
fn filed(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    per_hour: i64,
    letter: &Letter,
) -> Result<Option<Why>, Fault> {
    if let Some(silent) = letter.silent {
        return Ok(Some(silent.into()));
    }
    if letter.words.is_empty() && letter.pictures.is_empty() {
        return Ok(Some(Why::Empty));
    }
    let since = ctx.now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(ctx.now);
    let n = store::count_from(tx, know.seal(), ctx.office, &letter.from, since)?;
    Ok((n > per_hour).then_some(Why::TooMany))
}

/// The words as a case takes them.
fn words(letter: &Letter) -> String {
    let mut words = letter.words.trim().to_owned();
    if words.is_empty() {
        words = "(사진)".to_owned();
    }
    if words.chars().count() > LONGEST_WORDS {
        words = words.chars().take(LONGEST_WORDS).collect();
        words.push_str("\n(길어서 뒤를 줄였습니다. 전자우편 화면에 원문이 있습니다.)");
    }
    if !letter.others.is_empty() {
        words.push_str(&format!("\n(첨부: {})", letter.others.join(", ")));
        words = words.chars().take(LONGEST_WORDS + 90).collect();
    }
    words
}

/// The context of the resident who wrote.
fn resident(ctx: &Ctx) -> Ctx {
    Ctx { actor: Actor::Resident, ..ctx.clone() }
}

/// Adds the letter to the case; false where the case takes nothing more.
#[expect(clippy::too_many_arguments, reason = "each is one plain fact of the letter")]
pub(crate) fn join(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    mail: &Mail,
    letter: &Letter,
    access: &Access,
    photos: &[Photo],
    why: Why,
) -> Result<bool, Fault> {
    let (ctx, text) = (resident(ctx), words(letter));
    let reply = ResidentReply { access: *access, text: text.clone() };
    let joined = tx.attempt(|tx| resident_reply(tx, &ctx, know, &reply));
    let case = match joined {
        Ok(case) => case,
        Err(Failure::Refused(ReplyRefusal::Answered)) => {
            let reopen = ResidentReopen { access: *access, reason: text };
            match tx.attempt(|tx| resident_reopen(tx, &ctx, know, &reopen)) {
                Ok(case) => case,
                Err(Failure::Refused(_)) => return Ok(false),
                Err(Failure::Fault(fault)) => return Err(fault),
            }
        }
        Err(Failure::Refused(_)) => return Ok(false),
        Err(Failure::Fault(fault)) => return Err(fault),
    };
    for photo in photos {
        let new = photo_of(PhotoOf::Case(access.case), Some(*access), photo);
        // A sixth picture stays in the original.
        match tx.attempt(|tx| add_photo(tx, &ctx, know, &new)) {
            Ok(_) | Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => return Err(fault),
        }
    }
    let case = (case.id, case.number.as_str());
    store::put_state(tx, &ctx, mail.id, (MailState::Joined, why), Some(case))?;
    Ok(true)
}

fn photo_of(to: PhotoOf, access: Option<Access>, photo: &Photo) -> NewPhoto {
    NewPhoto {
        to,
        access,
        jpeg: photo.jpeg.clone(),
        thumb: photo.thumb.clone(),
        width: photo.width,
        height: photo.height,
        sha256: photo.sha256,
    }
}

/// Makes a case of the letter; where the intake says no, the letter says so.
pub(crate) fn make_case(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    mail: &Mail,
    letter: &Letter,
    input: &Sorting,
    why: Why,
) -> Result<(), Fault> {
    let made = tx.attempt(|tx| received(tx, &resident(ctx), know, mail, letter, input));
    match made {
        Ok((case, number)) => {
            let case = Some((case, number.as_str()));
            store::put_state(tx, ctx, mail.id, (MailState::Case, why), case)
        }
        Err(Failure::Refused(Unfit::Intake)) => {
            store::put_state(tx, ctx, mail.id, (MailState::Refused, Why::Intake), None)
        }
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

fn received(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    mail: &Mail,
    letter: &Letter,
    input: &Sorting,
) -> Result<(maeul_base::CaseId, String), Failure<Unfit>> {
    let key = format!("mail:{}", mail.id);
    if let Some(receipt) = receipt_of(tx, ctx, know, &key)? {
        return Ok((receipt.case, receipt.number));
    }
    let mut draft = None;
    if !input.photos.is_empty() {
        let empty = SaveDraft { draft: None, body: serde_json::json!({}) };
        let id = save_draft(tx, ctx, know, &empty).map_err(|it| it.map(|_| Unfit::Intake))?;
        for photo in &input.photos {
            let new = photo_of(PhotoOf::Draft(id), None, photo);
            add_photo(tx, ctx, know, &new).map_err(|it| it.map(|_| Unfit::Intake))?;
        }
        draft = Some(id);
    }
    let local = letter.from.split('@').next().unwrap_or_default();
    let name = if letter.name.is_empty() { local } else { &letter.name };
    let body = words(letter);
    let service = know.suggest(&format!("{}\n{body}", letter.subject));
    let new = NewCase {
        number: input.number.clone(),
        client_key: Some(key),
        channel: Channel::Email,
        title: letter.subject.chars().take(LONGEST_TITLE).collect(),
        body,
        // What it is about is the officer's to say; only one suggestion is one.
        service: match service.as_slice() {
            [only] => Some(only.code.clone()),
            _ => None,
        },
        answers: Default::default(),
        point: None,
        dong: None,
        place: String::new(),
        who: Who::Named(ContactInput {
            name: name.chars().take(60).collect(),
            phone: String::new(),
            email: letter.from.clone(),
            prefers: Some(Prefers::Email),
        }),
        lang: maeul_base::Lang::Ko,
        oral: false,
        received_at: Some(mail.received_at),
        draft,
    };
    let receipt = receive(tx, ctx, know, &new)
        .map_err(|failure| failure.map(|_: ReceiveRefusal| Unfit::Intake))?;
    Ok((receipt.case, receipt.number))
}
