//! File: a text that was read goes to its conversation, and a matter to its case.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan};
use maeul_base::{Ctx, DongCode, Failure, Lang, Role, UnitId};
use maeul_cases::act::{NewCase, Receipt, ReceiveRefusal, ResidentReopen, ResidentReply, Who};
use maeul_cases::read::{Access, case_now};
use maeul_cases::{
    Case, CaseNumber, Channel, ContactInput, Knowledge, PartyKind, PetitionKind, act,
};
use maeul_db::Tx;
use maeul_facts::Fact;
use maeul_notice::NewNotice;
use maeul_wire::Phone;
use serde_json::{Value, json};

use crate::act::NumberNeeded;
use crate::act::arrive::fault;
use crate::id::TalkId;
use crate::meaning::{self, Meaning};
use crate::promise::promised;
use crate::store::{self, NewTalk, NewText, Number, Talk};
use crate::thread::{self, Open, Reading};
use crate::words::{Aside, Kind};
use crate::{say, settings};

/// A text ready to be filed.
pub(super) struct Letter {
    pub(super) gateway: String,
    pub(super) text: String,
    pub(super) raw: Option<String>,
    pub(super) missing: i32,
    pub(super) aside: Option<Aside>,
}

/// Days for which an earlier conversation of the number is looked at.
const DAYS_BACK: i64 = 60;
/// Days after the answer within which a complaint that nothing changed opens the case again: the
/// same as by the link.
const REOPEN: i64 = act::REOPEN_DAYS;
/// Days for which thanks belong to the unit that worked for the number last.
const THANKS_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);

type Filed<T = TalkId> = Result<T, Failure<NumberNeeded>>;

/// Files a text of that number.
pub(super) fn file(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    letter: &Letter,
    number: Option<&CaseNumber>,
) -> Filed {
    if let Some(why) = letter.aside {
        return set_aside(tx, ctx, know, from, letter, why);
    }
    let since = ctx.now.checked_sub(SignedDuration::from_hours(24 * DAYS_BACK)).unwrap_or(ctx.now);
    let talks = store::talks_of_number(tx, ctx.office, from.id, since)?;
    match meaning::of(&letter.text) {
        Meaning::Stop => wish(tx, ctx, know, from, letter, true),
        Meaning::Start => wish(tx, ctx, know, from, letter, false),
        Meaning::Praise => praise(tx, ctx, know, from, letter, &talks),
        Meaning::Matter => matter(tx, ctx, know, from, letter, &talks, number),
    }
}

/// The service its words speak of, and the 동 they name, if it is one.
pub(super) fn suggested(know: &Knowledge, text: &str) -> Option<String> {
    know.suggest(text).first().map(|service| service.code.clone())
}

/// The service of a thing to be looked at that its words speak of. That they ask, suggest or
/// complain ("언제쯤 고쳐지나요?") is no sign of another matter.
fn thing_spoken_of(know: &Knowledge, text: &str) -> Option<String> {
    let kinds = [PetitionKind::Other, PetitionKind::Statutory];
    let first = know.suggest(text).into_iter().next()?;
    kinds.contains(&first.petition_kind).then(|| first.code.clone())
}

fn named_dong(know: &Knowledge, text: &str) -> Option<DongCode> {
    let mut named = know.dongs().into_iter().filter(|dong| text.contains(&dong.name.ko));
    let first = named.next()?;
    // 치평동 and 상무1동 in one text: a person decides.
    named.next().is_none().then_some(first.code)
}

fn append(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    talk: TalkId,
    letter: &Letter,
    reading: Value,
) -> Filed {
    let new = NewText {
        gateway: &letter.gateway,
        body: &letter.text,
        raw: letter.raw.clone(),
        missing: letter.missing,
        reading,
    };
    fault(store::insert_text(tx, ctx, know.seal(), talk, &new))?;
    Ok(talk)
}

/// Sends a text of this room's own to a number that takes texts.
pub(super) fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    (from, talk): (&Number, TalkId),
    lang: Lang,
    body: String,
    dedupe: String,
) -> Result<(), maeul_base::Fault> {
    if !from.mobile {
        return Ok(());
    }
    let notice = NewNotice {
        case: None,
        channel: maeul_notice::Channel::Sms,
        to: from.number.clone(),
        subject: format!("[{}]", know.office().name(lang)),
        body,
        lang,
        dedupe,
    };
    if let Some(id) = maeul_notice::queue_notice(tx, ctx, know.seal(), &notice)? {
        store::insert_out(tx, ctx, talk, id)?;
    }
    Ok(())
}

fn blank(ctx: &Ctx, from: &Number, kind: Kind, lang: Lang) -> NewTalk {
    NewTalk {
        number: from.id,
        kind,
        aside: None,
        case: None,
        unit: None,
        service: None,
        lang,
        opened_at: ctx.now,
        promised_at: ctx.now,
        settled_at: None,
    }
}

/// Keeps what no case can be made of, and says so once a day to whoever can be told.
fn set_aside(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    letter: &Letter,
    why: Aside,
) -> Filed {
    let lang = meaning::lang(&letter.text);
    let new = NewTalk { aside: Some(why), ..blank(ctx, from, Kind::Aside, lang) };
    let talk = store::insert_talk(tx, ctx, &new)?;
    append(tx, ctx, know, talk, letter, json!({}))?;
    if matches!(why, Aside::Empty | Aside::Binary) {
        let office = know.office();
        let body = say::unreadable(lang, office.short(lang), &office.phone);
        let dedupe = format!("text unreadable {} {}", from.id, store::day(ctx.now));
        send(tx, ctx, know, (from, talk), lang, body, dedupe)?;
    }
    Ok(talk)
}

/// 수신거부 and 수신동의.
fn wish(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    letter: &Letter,
    stop: bool,
) -> Filed {
    let lang = match meaning::lang(&letter.text) {
        // STOP and START are short; who types them in Latin letters reads them.
        Lang::Ko if letter.text.is_ascii() => Lang::En,
        lang => lang,
    };
    let new = NewTalk { settled_at: Some(ctx.now), ..blank(ctx, from, Kind::Wish, lang) };
    let talk = store::insert_talk(tx, ctx, &new)?;
    append(tx, ctx, know, talk, letter, json!({}))?;
    store::set_stopped(tx, ctx, from.id, stop.then_some(ctx.now))?;
    if stop {
        // Rooms that keep the number for texts of their own forget it.
        maeul_queue::emit(tx, ctx, &Fact::TextsStopped { number: from.id.into() })?;
    }
    let office = know.office().short(lang);
    let body = if stop { say::stopped(lang, office) } else { say::started(lang, office) };
    let dedupe = format!("text wish {talk}");
    send(tx, ctx, know, (from, talk), lang, body, dedupe)?;
    Ok(talk)
}

/// Praise goes to the unit that is meant: the one that worked for this number last, or whose duty
/// the words speak of.
fn praise(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    letter: &Letter,
    talks: &[Talk],
) -> Filed {
    let recent = talks.iter().find(|talk| {
        talk.kind == Kind::Matter && ctx.now.duration_since(talk.last_at) <= THANKS_BACK
    });
    // "네 고맙습니다" within a conversation closes nothing and opens nothing.
    if let Some(talk) = recent.filter(|talk| talk.settled_at.is_none())
        && meaning::only_thanks(&letter.text)
    {
        return append(tx, ctx, know, talk.id, letter, json!({ "thanks": true }));
    }
    let service = suggested(know, &letter.text);
    let dong = named_dong(know, &letter.text);
    let unit = match (&service, recent) {
        (Some(code), None) => unit_of(ctx, know, code, dong.as_ref()),
        (_, Some(talk)) => talk.unit,
        (None, None) => None,
    };
    let lang = meaning::lang(&letter.text);
    let new = NewTalk {
        unit,
        service,
        settled_at: Some(ctx.now),
        ..blank(ctx, from, Kind::Praise, lang)
    };
    let talk = store::insert_talk(tx, ctx, &new)?;
    append(tx, ctx, know, talk, letter, json!({}))?;
    tell_heads(tx, ctx, know, unit, talk)?;
    let name = match unit {
        Some(unit) => know.unit_name(Some(unit), lang),
        None => lang.t("담당 부서", "the unit concerned"),
    };
    let body = say::thanks(lang, know.office().short(lang), name);
    send(tx, ctx, know, (from, talk), lang, body, format!("text thanks {talk}"))?;
    Ok(talk)
}

fn unit_of(ctx: &Ctx, know: &Knowledge, code: &str, dong: Option<&DongCode>) -> Option<UnitId> {
    let service = know.service(code)?;
    know.chart().responsible(&service.duty, dong, ctx.today()).unit.map(|unit| unit.id)
}

/// The unit's notice: an e-mail to its heads that says that, not what.
fn tell_heads(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    unit: Option<UnitId>,
    talk: TalkId,
) -> Filed<()> {
    let Some(unit) = unit else { return Ok(()) };
    let people = fault(maeul_people::staff_of_unit(tx, ctx.office, unit, ctx.today()))?;
    let page = format!("{}/staff/texts/{talk}", settings::base(know));
    let rights = fault(maeul_people::all_rights(tx, ctx.office, ctx.today()))?;
    let heads =
        |one: &&maeul_people::Staff| rights.get(&one.id).is_some_and(|it| it.is(Role::Head));
    for head in people.iter().filter(heads).filter(|one| !one.email.is_empty()) {
        let office = know.office().name(Lang::Ko);
        let (subject, body) =
            say::praised(Lang::Ko, office, know.unit_name(Some(unit), Lang::Ko), &page);
        let notice = NewNotice {
            case: None,
            channel: maeul_notice::Channel::Email,
            to: head.email.clone(),
            subject,
            body,
            lang: Lang::Ko,
            dedupe: format!("text praise {talk} {}", head.id),
        };
        fault(maeul_notice::queue_notice(tx, ctx, know.seal(), &notice))?;
    }
    Ok(())
}

/// A matter goes on with the open one it most reads like, or begins anew.
fn matter(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    letter: &Letter,
    talks: &[Talk],
    number: Option<&CaseNumber>,
) -> Filed {
    let service = suggested(know, &letter.text);
    let thing = thing_spoken_of(know, &letter.text);
    let mut best: Option<(Reading, &Talk, Case)> = None;
    for talk in talks.iter().filter(|it| it.kind == Kind::Matter && it.joined_into.is_none()) {
        let Some(case) = talk.case else { continue };
        let Some(case) = fault(case_now(tx, ctx.office, case))? else { continue };
        if !case.state.is_open() {
            continue;
        }
        let words = store::texts(tx, know.seal(), ctx.office, talk.id)?;
        let words: Vec<&str> = words.iter().map(|text| text.body.as_str()).collect();
        let open = Open {
            number: &case.number,
            service: case.service.as_deref(),
            words: &words.join("\n"),
            asked: case.state == maeul_cases::State::Waiting,
            last: talk.last_at.max(case.updated_at.min(ctx.now)),
        };
        let reading = thread::read(&open, &letter.text, thing.as_deref(), ctx.now);
        if best.as_ref().is_none_or(|(most, ..)| reading.sum() > most.sum()) {
            best = Some((reading, talk, case));
        }
    }
    let seen = best.as_ref().map_or_else(
        || json!({}),
        |(reading, talk, _)| json!({ "against": talk.id, "points": reading.points }),
    );
    if let Some((reading, talk, case)) = best
        && reading.goes_on()
        && go_on(tx, ctx, know, talk, &case, &letter.text)?
    {
        return append(tx, ctx, know, talk.id, letter, seen);
    }
    if meaning::not_settled(&letter.text)
        && let Some(talk) = reopen(tx, ctx, know, talks, &letter.text)?
    {
        return append(tx, ctx, know, talk, letter, json!({ "reopened": true }));
    }
    begin(tx, ctx, know, from, letter, service, number, seen)
}

/// The petitioner's right to their case.
pub(super) fn right_of(case: &Case) -> Access {
    let kind = PartyKind::Petitioner;
    Access { case: case.id, party: case.petitioner, kind, anonymous: case.anonymous }
}

/// Adds the words to the case as its resident's reply; `false` if it cannot take them.
pub(super) fn go_on(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    talk: &Talk,
    case: &Case,
    text: &str,
) -> Filed<bool> {
    let reply = ResidentReply { access: right_of(case), text: text.to_owned() };
    match act::resident_reply(tx, ctx, know, &reply) {
        Ok(_) => {}
        Err(Failure::Refused(_)) => return Ok(false),
        Err(Failure::Fault(fault)) => return Err(Failure::Fault(fault)),
    }
    if talk.settled_at.is_some() {
        let until = until(tx, ctx, know, ctx.now)?;
        store::owe_again(tx, ctx, talk.id, until)?;
    }
    Ok(true)
}

/// When a text that came then is to be answered by the office's own promise.
pub(super) fn until(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, at: Timestamp) -> Filed<Timestamp> {
    let promise = fault(store::promise(tx, ctx.office))?;
    Ok(promised(know.calendar(), at, promise))
}

/// Opens the latest answered case of the number again, as its resident could by the link.
fn reopen(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    talks: &[Talk],
    text: &str,
) -> Filed<Option<TalkId>> {
    for talk in talks.iter().filter(|it| it.kind == Kind::Matter && it.joined_into.is_none()) {
        let Some(id) = talk.case else { continue };
        let Some(case) = fault(case_now(tx, ctx.office, id))? else { continue };
        let recent = case.closed_at.is_some_and(|at| {
            let last = store::day(at).checked_add(REOPEN.days());
            last.is_ok_and(|last| ctx.today() <= last)
        });
        if !recent {
            continue;
        }
        let input = ResidentReopen { access: right_of(&case), reason: text.to_owned() };
        match act::resident_reopen(tx, ctx, know, &input) {
            Ok(_) => {
                let until = until(tx, ctx, know, ctx.now)?;
                store::owe_again(tx, ctx, talk.id, until)?;
                return Ok(Some(talk.id));
            }
            Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => return Err(Failure::Fault(fault)),
        }
    }
    Ok(None)
}

/// Whose report a text is: named by its number, answered by text where it takes them.
pub(super) fn who(from: &Number) -> Who {
    match from.number.parse::<Phone>() {
        Ok(phone) => Who::Named(ContactInput {
            name: phone.to_string(),
            phone: phone.digits().to_owned(),
            email: String::new(),
            prefers: None,
        }),
        Err(_) => Who::Anonymous,
    }
}

/// A case of these words, received as of `at`. Where the service its words suggest asks more than a
/// text tells, it is received without one, and the coordinator chooses.
#[expect(clippy::too_many_arguments, reason = "each is one plain fact of the new case")]
pub(super) fn receive(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    text: &str,
    service: Option<String>,
    (number, key): (&CaseNumber, String),
    at: Timestamp,
) -> Result<Receipt, Failure<ReceiveRefusal>> {
    let new = |service: Option<String>| NewCase {
        number: number.clone(),
        client_key: Some(key.clone()),
        channel: Channel::Text,
        title: String::new(),
        body: text.to_owned(),
        service,
        answers: BTreeMap::new(),
        point: None,
        dong: named_dong(know, text),
        place: String::new(),
        who: who(from),
        lang: meaning::lang(text),
        oral: false,
        received_at: Some(at),
        draft: None,
    };
    let resident = Ctx { actor: maeul_base::Actor::Resident, ..ctx.clone() };
    if service.is_some() {
        let first = tx.attempt(|tx| act::receive(tx, &resident, know, &new(service.clone())));
        if !matches!(first, Err(Failure::Refused(_))) {
            return first;
        }
    }
    tx.attempt(|tx| act::receive(tx, &resident, know, &new(None)))
}

#[expect(clippy::too_many_arguments, reason = "each is one plain fact of the new matter")]
fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    letter: &Letter,
    service: Option<String>,
    number: Option<&CaseNumber>,
    seen: Value,
) -> Filed {
    let Some(number) = number else { return Err(Failure::Refused(NumberNeeded)) };
    let key = format!("text {}", ctx.id::<TalkId>());
    let given = service.clone();
    let receipt = match receive(tx, ctx, know, from, &letter.text, service, (number, key), ctx.now)
    {
        Ok(receipt) => receipt,
        Err(Failure::Refused(_)) => {
            return set_aside(tx, ctx, know, from, letter, Aside::Refused);
        }
        Err(Failure::Fault(fault)) => return Err(Failure::Fault(fault)),
    };
    let new = NewTalk {
        case: Some(receipt.case),
        unit: receipt.unit,
        service: given,
        promised_at: until(tx, ctx, know, ctx.now)?,
        ..blank(ctx, from, Kind::Matter, meaning::lang(&letter.text))
    };
    let talk = store::insert_talk(tx, ctx, &new)?;
    append(tx, ctx, know, talk, letter, seen)
}
