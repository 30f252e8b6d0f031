//! Every refusal says why in both languages, under a name and a status of its own.

use std::collections::BTreeSet;

use maeul_base::{Lang, Refusal};
use maeul_place::PointRefusal;

use super::CaseRefusal;
use crate::act;
use crate::contact::ContactRefusal;
use crate::locate::PlaceRefusal;
use crate::number::WrongNumber;
use crate::service::{AnswerProblem, AnswerRefusal};
use crate::words::Bilingual;

fn all() -> Vec<Box<dyn Refusal>> {
    let mut all: Vec<Box<dyn Refusal>> = Vec::new();
    macro_rules! add {
        ($($list:expr),+ $(,)?) => {$(for refusal in $list { all.push(Box::new(refusal.clone())); })+};
    }
    let name = || Bilingual::new("광산구", "Gwangsan-gu");
    let answer = |why| AnswerRefusal { question: "count".into(), label: name(), why };
    add!(
        CaseRefusal::ALL,
        act::TakeRefusal::ALL,
        act::AssignRefusal::ALL,
        act::ReassignRefusal::ALL,
        act::NoteRefusal::ALL,
        act::AskRefusal::ALL,
        act::AnswerRefusal::ALL,
        act::ReturnRefusal::ALL,
        act::ReopenRefusal::ALL,
        act::ReclassifyRefusal::ALL,
        act::ReplyRefusal::ALL,
        act::RateRefusal::ALL,
        act::AddPhotoRefusal::ALL,
        [act::DraftRefusal::TooLarge],
        [WrongNumber::Shape, WrongNumber::CheckDigit],
        [
            ContactRefusal::NameMissing,
            ContactRefusal::NameTooLong,
            ContactRefusal::NothingGiven,
            ContactRefusal::NoMobile,
            ContactRefusal::NoEmail,
        ],
        [
            PlaceRefusal::Point(PointRefusal::OutsideKorea),
            PlaceRefusal::Neighbour { office: name(), dong: name() },
            PlaceRefusal::Outside { office: name() },
            PlaceRefusal::NoSuchDong,
            PlaceRefusal::TooLong,
        ],
        [
            answer(AnswerProblem::Missing),
            answer(AnswerProblem::NoSuchChoice),
            answer(AnswerProblem::NotANumber),
            answer(AnswerProblem::NotATime),
            answer(AnswerProblem::TooLong),
        ],
        [
            act::ReceiveRefusal::BodyMissing,
            act::ReceiveRefusal::BodyTooLong,
            act::ReceiveRefusal::TitleTooLong,
            act::ReceiveRefusal::BadKey,
            act::ReceiveRefusal::NoSuchService,
            act::ReceiveRefusal::NameNeeded,
            act::ReceiveRefusal::FutureReceipt,
        ],
        [act::FollowRefusal::TooLong],
        [
            act::RelocateRefusal::PlaceMissing,
            act::RelocateRefusal::ReasonMissing,
            act::RelocateRefusal::ReasonTooLong,
        ],
        [act::CodeRefusal::NoMessages, act::CodeRefusal::Wrong],
    );
    all
}

#[test]
fn every_refusal_says_why_and_what_to_do() {
    let mut codes = BTreeSet::new();
    for refusal in all() {
        let code = refusal.code();
        assert!(codes.insert(code), "{code} is the name of two refusals");
        assert!(code.split('.').count() == 2 && code.is_ascii(), "{code}");
        let (ko, en) = (refusal.say(Lang::Ko), refusal.say(Lang::En));
        assert!(ko.chars().any(|letter| ('가'..='힣').contains(&letter)), "{code}: {ko}");
        assert!(ko.chars().count() > 8 && en.len() > 12, "{code}: {ko} / {en}");
        assert_ne!(ko, en, "{code}");
        assert!(!ko.contains("  ") && !en.contains("  "), "{code}: {ko} / {en}");
        assert!([403, 404, 409, 413, 422].contains(&refusal.status()), "{code}");
    }
    assert!(codes.len() > 60);
}
