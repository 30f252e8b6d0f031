//! Somebody asks to follow something. The answer is the same whether or not the address follows
//! anything, has asked too often, or is known at all.

use jiff::ToSpan;
use maeul_base::{Ctx, Failure, Fault, Lang, Refusal};
use maeul_cases::place::cell_centre;
use maeul_cases::{Knowledge, Publicity};
use maeul_db::Tx;
use maeul_language::find_personal;
use maeul_notice::{Channel, NewNotice, queue_notice};
use maeul_place::Point;
use maeul_public::read::public_page;
use maeul_wire::{Contact, ContactError};

use crate::id::SubscriptionId;
use crate::settings::{CODE_MINUTES, LINK_HOURS, LONGEST_WORDS};
use crate::store::{self, Confirmation};
use crate::wish::{self, What, Wish};
use crate::words::Rhythm;
use crate::{Shelf, read, secret, texts};

/// Digits of a code.
const DIGITS: u32 = 6;

/// What was asked for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// `case`, `dong`, `place`, `all`.
    pub what: String,
    /// The public id of a case.
    pub case: String,
    /// The code of a 동.
    pub dong: String,
    /// Latitude in degrees.
    pub lat: String,
    /// Longitude in degrees.
    pub long: String,
    /// Metres.
    pub radius: String,
    /// The code of a service, or nothing.
    pub service: String,
    /// Words, or nothing.
    pub words: String,
    /// `now`, `daily`, `weekly`.
    pub rhythm: String,
    /// A mobile number or an e-mail address.
    pub contact: String,
}

/// A confirmation is on its way, unless there is a reason not to send one; which is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// By which way.
    pub channel: Channel,
    /// To whom, masked.
    pub to: String,
}

/// Why it cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskRefusal {
    /// Not said what.
    What,
    /// No public case of that number.
    Case,
    /// No 동 of the office.
    Dong,
    /// No place, or one elsewhere.
    Place,
    /// No such radius.
    Radius,
    /// No such service, or one of which nothing is public.
    Service,
    /// Too many letters.
    LongWords,
    /// Nothing can be looked for.
    EmptyWords,
    /// They name a person.
    PersonalWords,
    /// No such rhythm.
    Rhythm,
    /// The contact is none.
    Contact(ContactError),
    /// A landline takes no messages.
    NoMessages,
    /// Too many requests from there.
    TooOften,
}

impl Refusal for AskRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::What => "follow.what",
            Self::Case => "follow.case",
            Self::Dong => "follow.dong",
            Self::Place => "follow.place",
            Self::Radius => "follow.radius",
            Self::Service => "follow.service",
            Self::LongWords => "follow.words_long",
            Self::EmptyWords => "follow.words_empty",
            Self::PersonalWords => "follow.words_personal",
            Self::Rhythm => "follow.rhythm",
            Self::Contact(refusal) => refusal.code(),
            Self::NoMessages => "follow.no_messages",
            Self::TooOften => "follow.too_often",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::What => lang.t("무엇을 따라 볼지 골라 주세요.", "Please choose what to follow."),
            Self::Case => lang.t(
                "그런 번호의 공개 민원이 없어요. 공개 민원 화면에서 다시 골라 주세요.",
                "There is no public case of that number. Please choose one from the public list.",
            ),
            Self::Dong => lang.t(
                "동을 목록에서 골라 주세요.",
                "Please choose a dong from the list.",
            ),
            Self::Place => lang.t(
                "우리 지역 안의 곳을 지도에서 골라 주세요. 지도를 쓸 수 없으면 동을 골라 주세요.",
                "Please choose a place in our area on the map. Without a map, choose a dong.",
            ),
            Self::Radius => lang.t("거리를 목록에서 골라 주세요.", "Please choose a distance from the list."),
            Self::Service => lang.t(
                "분야를 목록에서 골라 주세요.",
                "Please choose a service from the list.",
            ),
            Self::LongWords => lang.t(
                "낱말은 40자까지 적을 수 있어요. 줄여 주세요.",
                "Words may have up to 40 letters. Please use fewer.",
            ),
            Self::EmptyWords => lang.t(
                "찾을 수 있는 글자가 없어요. 낱말을 적거나 비워 주세요.",
                "Nothing of it can be looked for. Please enter a word, or leave it empty.",
            ),
            Self::PersonalWords => lang.t(
                "이름이나 전화번호 같은 개인정보로는 따라 볼 수 없어요. 공개된 글에는 나오지 않아요.",
                "Names, numbers and the like cannot be followed: they never appear in what is public.",
            ),
            Self::Rhythm => lang.t("언제 받을지 골라 주세요.", "Please choose how often."),
            Self::Contact(refusal) => return refusal.say(lang),
            Self::NoMessages => lang.t(
                "이 번호로는 문자를 보낼 수 없어요. 휴대전화 번호나 전자우편 주소를 적어 주세요.",
                "This number takes no text messages. Please enter a mobile number or an e-mail address.",
            ),
            Self::TooOften => lang.t(
                "잠깐 사이에 너무 많이 요청했어요. 한 시간 뒤에 다시 해 주세요.",
                "Too many requests in a short time. Please try again in an hour.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::What => "what",
            Self::Case => "what",
            Self::Dong => "dong",
            Self::Place => "point",
            Self::Radius => "radius",
            Self::Service => "service",
            Self::LongWords | Self::EmptyWords | Self::PersonalWords => "q",
            Self::Rhythm => "rhythm",
            Self::Contact(_) | Self::NoMessages => "contact",
            Self::TooOften => return None,
        })
    }

    fn status(&self) -> u16 {
        if *self == Self::TooOften { 429 } else { 422 }
    }
}

/// Whether cases of that service can ever be listed.
pub(crate) fn is_followable(know: &Knowledge, code: &str) -> bool {
    know.service(code).is_some_and(|service| {
        maeul_cases::Channel::ALL.iter().any(|by| service.publicity(*by) >= Publicity::Outline)
    })
}

/// The place of two typed numbers, rounded to the middle of its cell.
pub(crate) fn place(know: &Knowledge, lat: &str, long: &str) -> Option<(i64, i64)> {
    let point = Point::parse(lat, long).ok()?;
    know.dong_index()?.locate(point)?;
    Some(cell_centre(point.lat_e7(), point.lon_e7()))
}

/// Letters and digits with single spaces: what is looked for, and nothing that a stranger could make a
/// link of in the confirmation to somebody else's address.
fn tidy(words: &str) -> String {
    let words = words.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn wanted(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Ask,
) -> Result<Wish, Failure<AskRefusal>> {
    let refuse = |refusal| Err(Failure::Refused(refusal));
    if input.what == "case" {
        // One case is one case: nothing narrows it.
        return match public_page(tx, ctx.office, &input.case)? {
            Some(page) => Ok(Wish {
                what: What::Case(page.case.picture.case),
                service: None,
                words: String::new(),
            }),
            None => refuse(AskRefusal::Case),
        };
    }
    let what = match input.what.as_str() {
        "dong" => match input.dong.parse() {
            Ok(code) if know.dong_index().is_some_and(|index| index.get(&code).is_some()) => {
                What::Dong(code)
            }
            _ => return refuse(AskRefusal::Dong),
        },
        "place" => {
            let Some(at) = place(know, &input.lat, &input.long) else {
                return refuse(AskRefusal::Place);
            };
            let Some(radius_m) = wish::radius(&input.radius) else {
                return refuse(AskRefusal::Radius);
            };
            What::Place { at, radius_m }
        }
        "all" => What::All,
        _ => return refuse(AskRefusal::What),
    };
    let service = Some(input.service.trim().to_owned()).filter(|it| !it.is_empty());
    if service.as_deref().is_some_and(|code| !is_followable(know, code)) {
        return refuse(AskRefusal::Service);
    }
    let words = tidy(&input.words);
    if words.chars().count() > LONGEST_WORDS {
        return refuse(AskRefusal::LongWords);
    }
    if !input.words.trim().is_empty() && maeul_language::query_phrases(&words).is_empty() {
        return refuse(AskRefusal::EmptyWords);
    }
    if !find_personal(&input.words).is_empty() {
        return refuse(AskRefusal::PersonalWords);
    }
    Ok(Wish { what, service, words })
}

/// What was asked for, read.
struct Request {
    wish: Wish,
    rhythm: Rhythm,
    contact: Contact,
}

fn request(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Ask,
) -> Result<Request, Failure<AskRefusal>> {
    let wish = wanted(tx, ctx, know, input)?;
    let rhythm = Rhythm::parse(&input.rhythm).ok_or(Failure::Refused(AskRefusal::Rhythm))?;
    let contact: Contact =
        input.contact.parse().map_err(|error| Failure::Refused(AskRefusal::Contact(error)))?;
    if !contact.takes_messages() {
        return Err(Failure::Refused(AskRefusal::NoMessages));
    }
    Ok(Request { wish, rhythm, contact })
}

/// The same wish of the same address is one row, however often it is asked for.
fn put(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, it: &Request) -> Result<SubscriptionId, Fault> {
    let hash = know.seal().lookup_hash(ctx.office, &it.contact.lookup_key());
    let person = match store::person_by_contact(tx, ctx.office, &hash)? {
        Some(person) => person,
        None => store::insert_person(tx, ctx, know.seal(), &it.contact, &hash)?,
    };
    let wish_hash = know.seal().lookup_hash(ctx.office, &format!("follow: {}", it.wish.key()));
    match store::subscription_with(tx, ctx.office, person.id, &wish_hash)? {
        Some(there) => Ok(there),
        None => store::insert_pending(tx, ctx, person.id, &it.wish, &wish_hash, it.rhythm),
    }
}

/// A subscription of somebody who was made up, and confirms nothing: for demonstrations alone.
#[doc(hidden)]
pub fn made_up(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Ask,
) -> Result<(), Failure<AskRefusal>> {
    let request = request(tx, ctx, know, input)?;
    let of = put(tx, ctx, know, &request)?;
    Ok(store::activate(tx, ctx, of, request.rhythm)?)
}

/// Asks to follow, and sends the one confirmation.
pub fn ask(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    know: &Knowledge,
    input: &Ask,
) -> Result<Asked, Failure<AskRefusal>> {
    let Request { wish, rhythm, contact } = request(tx, ctx, know, input)?;
    let channel = if contact.email().is_some() { Channel::Email } else { Channel::Sms };
    let asked = Asked { channel, to: contact.masked() };
    let hash = know.seal().lookup_hash(ctx.office, &contact.lookup_key());
    if !store::may_confirm(tx, ctx, &hash, shelf.settings().confirmations_a_day)? {
        return Ok(asked);
    }
    let of = put(tx, ctx, know, &Request { wish: wish.clone(), rhythm, contact: contact.clone() })?;
    confirm(tx, ctx, shelf, know, &contact, &Confirming { of, rhythm, wish: &wish })?;
    Ok(asked)
}

struct Confirming<'a> {
    of: SubscriptionId,
    rhythm: Rhythm,
    wish: &'a Wish,
}

/// Sends the link or the code. Who follows the same already gets one, too: the page that asked cannot
/// tell them from others.
fn confirm(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    know: &Knowledge,
    contact: &Contact,
    it: &Confirming<'_>,
) -> Result<(), Fault> {
    let (seal, office, lang) = (know.seal(), know.office().short(ctx.lang), ctx.lang);
    let (secret_hash, expires_at, words) = match contact {
        Contact::Email(_) => {
            let link = secret::confirmation_of(seal, ctx.office, it.of);
            let case = called(tx, ctx, know, it.wish)?;
            let what = it.wish.say(know, case.as_deref(), lang);
            let address = format!("{}/follow/confirm/{link}", shelf.base(know));
            (
                secret::link_hash(seal, ctx.office, &link),
                ctx.now + LINK_HOURS.hours(),
                texts::confirm_email(lang, office, &what, &address, LINK_HOURS),
            )
        }
        Contact::Phone(_) => {
            let code = ctx.ids.code(DIGITS);
            (
                secret::code_hash(seal, ctx.office, it.of, &code),
                ctx.now + CODE_MINUTES.minutes(),
                texts::confirm_sms(lang, office, &code, CODE_MINUTES),
            )
        }
    };
    store::put_confirmation(
        tx,
        ctx.office,
        &Confirmation {
            of: it.of,
            secret_hash,
            expires_at,
            tries: 0,
            rhythm: it.rhythm,
            lang: lang.tag().to_owned(),
        },
    )?;
    let (channel, to) = match contact {
        Contact::Email(email) => (Channel::Email, email.as_str().to_owned()),
        Contact::Phone(phone) => (Channel::Sms, phone.digits().to_owned()),
    };
    let notice = NewNotice {
        case: None,
        channel,
        to,
        subject: words.subject,
        body: words.body,
        lang,
        // Asked for again is sent again: the limit a day is what holds it back.
        dedupe: format!("follow confirm {}", ctx.id::<maeul_base::NoticeId>()),
    };
    queue_notice(tx, ctx, seal, &notice)?;
    Ok(())
}

/// What a followed case is called.
pub(crate) fn called(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    wish: &Wish,
) -> Result<Option<String>, Fault> {
    let What::Case(case) = wish.what else { return Ok(None) };
    let shown = maeul_public::read::shown(tx, ctx.office, &[case])?;
    Ok(shown.first().map(|it| format!("{} ({})", read::title(know, it, ctx.lang), it.id())))
}
