//! Receive: a report becomes a case, is located, routed, and runs against the clock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maeul_base::{
    Actor, CaseId, Ctx, DongCode, DraftId, Failure, Fault, Lang, PartyId, Refusal, UnitId,
};
use maeul_db::Tx;
use maeul_facts::Fact;

use crate::act::work::{LONGEST_TEXT, TextProblem, clean, record, words};
use crate::case::Case;
use crate::contact::{Contact, ContactInput, ContactRefusal};
use crate::due::ExplainedDue;
use crate::event::{Event, Received};
use crate::knowledge::Knowledge;
use crate::locate::{PlaceInput, PlaceRefusal, locate};
use crate::notify;
use crate::number::CaseNumber;
use crate::outbox;
use crate::refusal::{CaseRefusal, refused};
use crate::routing::route;
use crate::service::{AnswerRefusal, Service};
use crate::store::{self, NewParty, SealedParty};
use crate::texts;
use crate::words::{Bilingual, Channel, PartyKind, PetitionKind};

/// Longest title, in letters.
const LONGEST_TITLE: usize = 100;
/// Letters of the body that make a title where none is given.
const TITLE_FROM_BODY: usize = 40;
/// Longest key of a submission.
const LONGEST_KEY: usize = 100;

/// A report, as it comes in.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Its receipt number, leased beforehand.
    pub number: CaseNumber,
    /// The key by which the same submission is known again.
    pub client_key: Option<String>,
    /// By which way it comes.
    pub channel: Channel,
    /// In a few words; empty: taken from the body.
    pub title: String,
    /// In the resident's words.
    pub body: String,
    /// The service, if one was chosen.
    pub service: Option<String>,
    /// The answers to its questions, by question code.
    pub answers: BTreeMap<String, Vec<String>>,
    /// A point: latitude and longitude, degrees × 10^7.
    pub point: Option<(i64, i64)>,
    /// A 동 chosen from the list.
    pub dong: Option<DongCode>,
    /// The place in words.
    pub place: String,
    /// Who reports.
    pub who: Who,
    /// The language of the petitioner.
    pub lang: Lang,
    /// Told by word of mouth and written down by an officer.
    pub oral: bool,
    /// When it arrived; none: now.
    pub received_at: Option<Timestamp>,
    /// The draft it was written in: its photos move to the case.
    pub draft: Option<DraftId>,
}

/// Who reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Without a name: no statutory petition (영2), but looked after all the same.
    Anonymous,
    /// By name.
    Named(ContactInput),
    /// By name, with an officer writing for them.
    Assisted(ContactInput),
    /// By name, through another system, which stays in touch with them where nothing else does.
    Relayed(ContactInput),
}

/// What the resident is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The case.
    pub case: CaseId,
    /// The party it was written for.
    pub party: PartyId,
    /// The receipt number.
    pub number: String,
    /// The secret in the party's link.
    pub token: String,
    /// The responsible unit; none is the coordinator's queue.
    pub unit: Option<UnitId>,
    /// When it is due and why.
    pub due: Option<ExplainedDue>,
    /// Whether it came without a name.
    pub anonymous: bool,
    /// Whether the same submission had come before.
    pub again: bool,
}

/// Why a report is not received.
#[derive(Clone, Debug, PartialEq)]
pub enum ReceiveRefusal {
    /// What any act on a case may answer.
    Case(CaseRefusal),
    /// Nothing is described.
    BodyMissing,
    /// Too much is.
    BodyTooLong,
    /// The title is too long.
    TitleTooLong,
    /// The key of the submission is none.
    BadKey,
    /// The service is not offered.
    NoSuchService,
    /// An answer to one of its questions cannot be taken.
    Answer(AnswerRefusal),
    /// The place cannot be taken.
    Place(PlaceRefusal),
    /// The contact cannot be taken.
    Contact(ContactRefusal),
    /// This service cannot be asked for without a name.
    NameNeeded,
    /// It is said to have arrived later than now.
    FutureReceipt,
}

impl From<CaseRefusal> for ReceiveRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Case(refusal)
    }
}

impl Refusal for ReceiveRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(refusal) => refusal.code(),
            Self::BodyMissing => "receive.body_missing",
            Self::BodyTooLong => "receive.body_too_long",
            Self::TitleTooLong => "receive.title_too_long",
            Self::BadKey => "receive.bad_key",
            Self::NoSuchService => "receive.no_such_service",
            Self::Answer(refusal) => refusal.code(),
            Self::Place(refusal) => refusal.code(),
            Self::Contact(refusal) => refusal.code(),
            Self::NameNeeded => "receive.name_needed",
            Self::FutureReceipt => "receive.future",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Case(refusal) => return refusal.say(lang),
            Self::Answer(refusal) => return refusal.say(lang),
            Self::Place(refusal) => return refusal.say(lang),
            Self::Contact(refusal) => return refusal.say(lang),
            Self::BodyMissing => {
                lang.t("무슨 일인지 적어 주세요.", "Please tell us what it is about.")
            }
            Self::BodyTooLong => {
                lang.t("내용은 4,000자 안으로 적어 주세요.", "Please keep to 4,000 characters.")
            }
            Self::TitleTooLong => lang
                .t("제목은 100자 안으로 적어 주세요.", "Please keep the title to 100 characters."),
            Self::BadKey => lang.t(
                "화면이 오래되어 보낼 수 없어요. 처음부터 다시 열어 주세요.",
                "This page is out of date. Please open it again from the beginning.",
            ),
            Self::NoSuchService => lang.t(
                "지금은 받지 않는 분야예요. 다른 분야를 고르거나 비워 두세요.",
                "This service is not offered now. Choose another, or leave it open.",
            ),
            Self::NameNeeded => lang.t(
                "이 분야는 이름과 연락처가 있어야 접수할 수 있어요.",
                "This service needs your name and a way to reach you.",
            ),
            Self::FutureReceipt => lang.t(
                "접수 시각이 지금보다 늦습니다. 시각을 확인해 주십시오.",
                "The time of receipt is later than now. Please check it.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Case(refusal) => refusal.field(),
            Self::Answer(refusal) => refusal.field(),
            Self::Place(refusal) => refusal.field(),
            Self::Contact(refusal) => refusal.field(),
            Self::BodyMissing | Self::BodyTooLong => Some("body"),
            Self::TitleTooLong => Some("title"),
            Self::BadKey => None,
            Self::NoSuchService => Some("service"),
            Self::NameNeeded => Some("name"),
            Self::FutureReceipt => Some("received_at"),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Case(refusal) => refusal.status(),
            _ => 422,
        }
    }
}

/// A report that was judged before its transaction: all that takes thought and no database is done
/// where nobody waits for it.
#[derive(Clone, Debug)]
pub struct Judged {
    new: NewCase,
    judgement: Result<Ready, ReceiveRefusal>,
}

/// A report whose every part has been checked, as it is going to be written.
#[derive(Clone, Debug)]
struct Ready {
    case: CaseId,
    received: Received,
    unit: Option<UnitId>,
    why: Bilingual,
    party: SealedParty,
    token: String,
}

impl Judged {
    /// The report, now with these photos.
    pub(crate) const fn with_draft(mut self, draft: DraftId) -> Self {
        self.new.draft = Some(draft);
        self
    }

    /// The key by which the same submission is known again.
    pub(crate) fn client_key(&self) -> Option<&str> {
        self.new.client_key.as_deref()
    }
}

/// Receives a report.
pub fn receive(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    new: &NewCase,
) -> Result<Receipt, Failure<ReceiveRefusal>> {
    receive_judged(tx, ctx, know, &judge(ctx, know, new.clone())?)
}

/// Checks, locates, routes and counts, and seals who reports; what is wrong with a report is told only
/// by [`receive_judged`], because the same submission may have come before.
///
/// # Errors
/// A fault where the contact cannot be sealed.
pub fn judge(ctx: &Ctx, know: &Knowledge, new: NewCase) -> Result<Judged, Fault> {
    let judgement = match check(ctx, know, &new) {
        Ok(checked) => Ok(ready(ctx, know, &new, checked)?),
        Err(refusal) => Err(refusal),
    };
    Ok(Judged { new, judgement })
}

/// Receives a report that was judged with the same context and knowledge.
pub fn receive_judged(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    judged: &Judged,
) -> Result<Receipt, Failure<ReceiveRefusal>> {
    let Judged { new, judgement } = judged;
    if matches!(new.channel, Channel::Counter | Channel::Phone)
        && !matches!(ctx.actor, Actor::Staff { .. })
    {
        return Err(refused(CaseRefusal::StaffOnly));
    }
    if let Some(key) = &new.client_key {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(Failure::Refused(ReceiveRefusal::BadKey));
        }
        if let Some(id) = store::id_by_client_key(tx, ctx.office, key)? {
            return again(tx, ctx, know, id).map_err(Failure::Fault);
        }
    }
    let ready = judgement.as_ref().map_err(|refusal| Failure::Refused(refusal.clone()))?;
    let case = write(tx, ctx, new.draft, ready)?;
    outbox::emit(tx, ctx, &Fact::CaseReceived { case: case.id, unit: case.unit })?;
    outbox::index(tx, ctx, case.id)?;
    let due = case.due.as_ref();
    notify::tell(tx, ctx, know, &case, &ready.party.party, "received", |lang, about| {
        texts::received(lang, about, due)
    })?;
    let due = ready.received.due.clone();
    Ok(receipt_of(&case, due, ready.party.party.id, ready.token.clone(), false))
}

/// What [`check`] found.
struct Checked<'a> {
    title: String,
    body: String,
    service: Option<&'a Service>,
    answers: BTreeMap<String, Vec<String>>,
    place: crate::place::Place,
    contact: Option<Contact>,
    kind: PartyKind,
    received_at: Timestamp,
}

fn check<'a>(ctx: &Ctx, know: &'a Knowledge, new: &NewCase) -> Result<Checked<'a>, ReceiveRefusal> {
    let body = words(&new.body, LONGEST_TEXT).map_err(|problem| match problem {
        TextProblem::Missing => ReceiveRefusal::BodyMissing,
        TextProblem::TooLong => ReceiveRefusal::BodyTooLong,
    })?;
    let title = clean(&new.title).replace(['\n', '\t'], " ");
    if title.chars().count() > LONGEST_TITLE {
        return Err(ReceiveRefusal::TitleTooLong);
    }
    let title = if title.is_empty() { title_of(&body) } else { title };
    let service = match new.service.as_deref().filter(|code| !code.is_empty()) {
        None => None,
        Some(code) => Some(
            know.service(code)
                .filter(|service| service.active)
                .ok_or(ReceiveRefusal::NoSuchService)?,
        ),
    };
    let answers = service
        .map_or(Ok(BTreeMap::new()), |service| service.check_answers(&new.answers))
        .map_err(ReceiveRefusal::Answer)?;
    let place = PlaceInput { point: new.point, dong: new.dong.clone(), text: new.place.clone() };
    let place = locate(know, &place).map_err(ReceiveRefusal::Place)?;
    // By counter and telephone an answer by word of mouth is possible (법27, 영29); from afar a
    // named resident must be reachable.
    let reachable = matches!(new.channel, Channel::Web | Channel::Api);
    let parse = |input: &ContactInput, reachable| {
        input.parse(reachable).map(Some).map_err(ReceiveRefusal::Contact)
    };
    let (contact, kind) = match &new.who {
        Who::Anonymous => (None, PartyKind::Petitioner),
        Who::Named(input) => (parse(input, reachable)?, PartyKind::Petitioner),
        Who::Relayed(input) => (parse(input, false)?, PartyKind::Petitioner),
        Who::Assisted(input) => (parse(input, false)?, PartyKind::Assisted),
    };
    if contact.is_none() && service.is_some_and(|service| !service.allow_anonymous) {
        return Err(ReceiveRefusal::NameNeeded);
    }
    let received_at = new.received_at.unwrap_or(ctx.now);
    if received_at > ctx.now {
        return Err(ReceiveRefusal::FutureReceipt);
    }
    Ok(Checked { title, body, service, answers, place, contact, kind, received_at })
}

/// Routes, counts and seals.
fn ready(ctx: &Ctx, know: &Knowledge, new: &NewCase, checked: Checked<'_>) -> Result<Ready, Fault> {
    let Checked { title, body, service, answers, place, contact, kind, received_at } = checked;
    let (case, id): (CaseId, PartyId) = (ctx.id(), ctx.id());
    let petition_kind = service.map_or(PetitionKind::Other, |service| service.petition_kind);
    let anonymous = contact.is_none();
    let (unit, why) = route(know, service, place.dong.as_ref(), ctx.today());
    let row = NewParty { id, case, kind, contact: contact.as_ref(), lang: new.lang };
    let received = Received {
        number: new.number.to_string(),
        client_key: new.client_key.clone(),
        title,
        body,
        channel: new.channel,
        oral: new.oral,
        anonymous,
        lang: new.lang,
        service: service.map(|service| service.code.clone()),
        answers,
        petition_kind,
        place,
        received_at,
        due: ExplainedDue::for_case(
            know.calendar(),
            received_at,
            service,
            petition_kind,
            anonymous,
        ),
        photos: 0,
        party: id,
    };
    if let Some(due) = &received.due {
        due.write_out();
    }
    let party = store::seal_party(ctx, know.seal(), &row)?;
    let token = store::token_of(know.seal(), ctx.office, case, id);
    Ok(Ready { case, received, unit, why, party, token })
}

fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    draft: Option<DraftId>,
    ready: &Ready,
) -> Result<Case, Failure<ReceiveRefusal>> {
    let Ready { case: id, received, unit, why, party, token } = ready;
    let mut received = received.clone();
    if let Some(draft) = draft {
        received.photos = store::move_photos(tx, ctx.office, draft, *id, 0)?;
    }
    let mut case = Case::blank(ctx.office, *id);
    record::<ReceiveRefusal>(
        tx,
        ctx,
        &mut case,
        [Event::Received(Box::new(received)), Event::Routed { unit: *unit, why: why.clone() }],
    )?;
    store::insert_party(tx, ctx.office, party)?;
    store::insert_access(tx, ctx.office, token, *id, party.party.id, None)?;
    if let Some(draft) = draft {
        store::delete_draft(tx, ctx.office, draft)?;
    }
    Ok(case)
}

/// The receipt of a submission that came before.
pub(crate) fn again(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
) -> Result<Receipt, Fault> {
    let case = store::load(tx, ctx.office, id)?
        .ok_or_else(|| Fault::other("a case found by its key is gone"))?;
    receipt(tx, know, &case, case.petitioner, true)
}

/// What a party is told about a case.
pub(crate) fn receipt(
    tx: &mut Tx,
    know: &Knowledge,
    case: &Case,
    party: PartyId,
    again: bool,
) -> Result<Receipt, Fault> {
    let token = store::token_of(know.seal(), case.office, case.id, party);
    let due = store::explained_due(tx, case.office, case.id)?;
    Ok(receipt_of(case, due, party, token, again))
}

fn receipt_of(
    case: &Case,
    due: Option<ExplainedDue>,
    party: PartyId,
    token: String,
    again: bool,
) -> Receipt {
    Receipt {
        case: case.id,
        party,
        number: case.number.clone(),
        token,
        unit: case.unit,
        due,
        anonymous: case.anonymous,
        again,
    }
}

/// The beginning of the body, cut at a word.
pub(crate) fn title_of(body: &str) -> String {
    let line = body.lines().find(|line| !line.trim().is_empty()).unwrap_or(body).trim();
    if line.chars().count() <= TITLE_FROM_BODY {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE_FROM_BODY).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cut_at_a_word() {
        assert_eq!(title_of("가로등이 꺼졌어요\n어두워요"), "가로등이 꺼졌어요");
        let long =
            "화정동 우체국 앞 횡단보도 옆 보도블록이 깨져서 유모차가 지나가기 어렵고 위험해요";
        assert_eq!(
            title_of(long),
            "화정동 우체국 앞 횡단보도 옆 보도블록이 깨져서 유모차가 지나가기…"
        );
        assert_eq!(title_of(&"가".repeat(50)).chars().count(), 41);
    }
}
