//! Every refusal another crate can meet: its name, status, field and words, held by a snapshot,
//! because interfaces and pages rely on them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use maeul_base::{Lang, Refusal};
use maeul_cases::act;
use maeul_cases::service::{AnswerProblem, AnswerRefusal};
use maeul_cases::{Bilingual, CaseRefusal, ContactRefusal, PlaceRefusal, WrongNumber};
use maeul_place::PointRefusal;
use maeul_wire::{ContactError, EmailError, PhoneError};

type Listed = BTreeMap<&'static str, Box<dyn Refusal>>;

fn add<R: Refusal + Clone + 'static>(listed: &mut Listed, refusals: &[R]) {
    for refusal in refusals {
        let before = listed.insert(refusal.code(), Box::new(refusal.clone()));
        assert!(before.is_none(), "two refusals are called {}", refusal.code());
    }
}

/// What an act passes on keeps the name, status and words it had.
fn passes_on(outer: &dyn Refusal, inner: &dyn Refusal) {
    assert_eq!(outer.code(), inner.code());
    assert_eq!((outer.status(), outer.field()), (inner.status(), inner.field()));
    for lang in [Lang::Ko, Lang::En] {
        assert_eq!(outer.say(lang), inner.say(lang));
    }
}

fn listed() -> Listed {
    let mut all = Listed::new();
    add(&mut all, CaseRefusal::ALL);
    add(&mut all, act::TakeRefusal::ALL);
    add(&mut all, act::AssignRefusal::ALL);
    add(&mut all, act::ReassignRefusal::ALL);
    add(&mut all, act::NoteRefusal::ALL);
    add(&mut all, act::AskRefusal::ALL);
    add(&mut all, act::AnswerRefusal::ALL);
    add(&mut all, act::ReturnRefusal::ALL);
    add(&mut all, act::ReopenRefusal::ALL);
    add(&mut all, act::ReclassifyRefusal::ALL);
    add(&mut all, act::ReplyRefusal::ALL);
    add(&mut all, act::RateRefusal::ALL);
    add(&mut all, act::AddPhotoRefusal::ALL);
    add(&mut all, &[act::DraftRefusal::TooLarge]);
    add(&mut all, &[WrongNumber::Shape, WrongNumber::CheckDigit]);
    add(&mut all, &[act::FollowRefusal::TooLong]);
    add(&mut all, &[act::CodeRefusal::NoMessages, act::CodeRefusal::Wrong]);
    let place = || Bilingual::new("이웃시", "Iut-si");
    let why = |why| AnswerRefusal { question: "lane".into(), label: place(), why };
    use AnswerProblem::{Missing, NoSuchChoice, NotANumber, NotATime, TooLong};
    add(&mut all, &[Missing, NoSuchChoice, NotANumber, NotATime, TooLong].map(why));
    add(
        &mut all,
        &[
            ContactRefusal::NameMissing,
            ContactRefusal::NameTooLong,
            ContactRefusal::NothingGiven,
            ContactRefusal::NoMobile,
            ContactRefusal::NoEmail,
        ],
    );
    add(
        &mut all,
        &[
            PlaceRefusal::Neighbour {
                office: place(),
                dong: Bilingual::new("다솜동", "Dasom-dong"),
            },
            PlaceRefusal::Outside { office: place() },
            PlaceRefusal::NoSuchDong,
            PlaceRefusal::TooLong,
        ],
    );
    add(
        &mut all,
        &[
            act::ReceiveRefusal::BodyMissing,
            act::ReceiveRefusal::BodyTooLong,
            act::ReceiveRefusal::TitleTooLong,
            act::ReceiveRefusal::BadKey,
            act::ReceiveRefusal::NoSuchService,
            act::ReceiveRefusal::NameNeeded,
            act::ReceiveRefusal::FutureReceipt,
        ],
    );
    add(
        &mut all,
        &[
            act::RelocateRefusal::PlaceMissing,
            act::RelocateRefusal::ReasonMissing,
            act::RelocateRefusal::ReasonTooLong,
        ],
    );
    all
}

#[test]
fn each_has_a_name_a_status_and_words_in_both_languages() {
    let mut table = String::new();
    for (code, refusal) in listed() {
        let (ko, en) = (refusal.say(Lang::Ko), refusal.say(Lang::En));
        assert!(ko.chars().any(|it| ('가'..='힣').contains(&it)), "{code}: {ko}");
        assert!(en.chars().filter(char::is_ascii_alphabetic).count() > 10, "{code}: {en}");
        assert_ne!(ko, en, "{code}");
        let (status, field) = (refusal.status(), refusal.field().unwrap_or("-"));
        writeln!(table, "{code} {status} {field}\n  {ko}\n  {en}").unwrap();
    }
    insta::assert_snapshot!("refusals", table);
}

#[test]
fn what_an_act_passes_on_keeps_its_name() {
    for &it in CaseRefusal::ALL {
        let lifted: [Box<dyn Refusal>; 17] = [
            Box::new(act::TakeRefusal::from(it)),
            Box::new(act::AssignRefusal::from(it)),
            Box::new(act::ReassignRefusal::from(it)),
            Box::new(act::NoteRefusal::from(it)),
            Box::new(act::AskRefusal::from(it)),
            Box::new(act::AnswerRefusal::from(it)),
            Box::new(act::ReturnRefusal::from(it)),
            Box::new(act::ReopenRefusal::from(it)),
            Box::new(act::ReclassifyRefusal::from(it)),
            Box::new(act::ReplyRefusal::from(it)),
            Box::new(act::RateRefusal::from(it)),
            Box::new(act::AddPhotoRefusal::from(it)),
            Box::new(act::ReceiveRefusal::from(it)),
            Box::new(act::FollowRefusal::from(it)),
            Box::new(act::RelocateRefusal::from(it)),
            Box::new(act::RevealContactRefusal::from(it)),
            Box::new(it),
        ];
        for outer in &lifted {
            passes_on(&**outer, &it);
        }
    }
    let point = PlaceRefusal::Point(PointRefusal::OutsideKorea);
    passes_on(&act::ReceiveRefusal::Place(point.clone()), &point);
    passes_on(&act::RelocateRefusal::Place(point.clone()), &point);
    let phone = ContactRefusal::Phone(PhoneError::Foreign);
    passes_on(&phone, &PhoneError::Foreign);
    passes_on(&act::ReceiveRefusal::Contact(phone.clone()), &phone);
    passes_on(&act::FollowRefusal::Contact(phone.clone()), &phone);
    passes_on(&ContactRefusal::Email(EmailError::At), &EmailError::At);
    let contact = ContactError::Phone(PhoneError::Empty);
    assert_eq!(act::CodeRefusal::Contact(contact.clone()).code(), contact.code());
    passes_on(&act::CodeRefusal::Number(WrongNumber::Shape), &WrongNumber::Shape);
    let log = || maeul_people::RevealRefusal::NoReason;
    passes_on(&act::RevealContactRefusal::Log(log()), &log());
}
