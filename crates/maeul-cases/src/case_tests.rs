//! Whatever happens to a case in an order the acts allow, its events add up to it.

use jiff::civil::date;
use maeul_base::{Actor, seoul};
use maeul_calendar::Calendar;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::due::ExplainedDue;
use crate::event::{
    Answered, DueRecomputed, GIVE_DUE, Reassigned, Received, Reclassified, Relocated, Reopened,
    ReopenedBy, Signature, due_of,
};
use crate::words::Bilingual;

fn due(kind: PetitionKind) -> Option<ExplainedDue> {
    let received = seoul::instant("2026-06-08T10:30".parse().unwrap());
    ExplainedDue::for_case(Calendar::national(), received, None, kind, false)
}

fn received() -> Event {
    Event::Received(Box::new(Received {
        number: "2026-서구-000001-5".into(),
        client_key: Some("key".into()),
        title: "가로등".into(),
        body: "가로등이 꺼졌어요".into(),
        channel: Channel::Web,
        oral: false,
        anonymous: false,
        lang: Lang::Ko,
        service: Some("streetlight".into()),
        answers: BTreeMap::from([("count".into(), vec!["one".into()])]),
        petition_kind: PetitionKind::Other,
        place: Place { text: "우체국 앞".into(), ..Place::default() },
        received_at: seoul::instant("2026-06-08T10:30".parse().unwrap()),
        due: due(PetitionKind::Other),
        photos: 1,
        party: party(),
    }))
}

fn party() -> PartyId {
    PartyId(Uuid::from_u128(1))
}

fn staff(n: u8) -> StaffId {
    StaffId(Uuid::from_u128(u128::from(n) + 10))
}

fn unit(n: u8) -> Option<UnitId> {
    (n > 0).then(|| UnitId(Uuid::from_u128(u128::from(n) + 100)))
}

fn answer(outcome: Outcome) -> Answer {
    Answer {
        outcome,
        result: "고쳤습니다".into(),
        reason: String::new(),
        remedy: String::new(),
        review_on: (outcome == Outcome::LongTerm).then(|| date(2026, 12, 1)),
        template: None,
    }
}

/// One event that the acts would allow now; `pick` and `n` choose it.
fn next(case: &Case, pick: u8, n: u8) -> Event {
    let words = || Bilingual::new("까닭", "reason");
    if !case.state.is_open() {
        return match pick % 4 {
            0 => Event::Rated { party: party(), score: i32::from(n % 5) + 1, text: String::new() },
            1 => Event::Noted { text: "메모".into() },
            _ => Event::Reopened(Box::new(Reopened {
                by: ReopenedBy::Staff,
                party: None,
                reason: "다시".into(),
                due: due(PetitionKind::Grievance),
            })),
        };
    }
    match pick % 14 {
        0 => Event::Routed { unit: unit(n % 3), why: words() },
        1 => Event::Followed { party: party(), photos: i32::from(n % 3) },
        2 => Event::Taken { by: staff(n) },
        3 => Event::Assigned { to: staff(n) },
        4 => Event::Reassigned(Box::new(Reassigned {
            from: case.unit,
            to: unit(n % 3),
            proposed: None,
            reason: "소관 아님".into(),
            hop: case.hops + 1,
            held_minutes: 30,
            limit_minutes: 180,
        })),
        5 => Event::Asked { text: "어디인가요?".into() },
        6 => Event::Replied { party: party(), text: "여기요".into() },
        7 => Event::Drafted { answer: answer(Outcome::Done) },
        8 => Event::Submitted,
        9 => Event::Returned { reason: "다시".into() },
        10 => Event::Relocated(Box::new(Relocated {
            from: case.place.clone(),
            to: Place { text: n.to_string(), ..Place::default() },
            reason: "틀림".into(),
        })),
        11 => Event::Reclassified(Box::new(Reclassified {
            from: case.service.clone(),
            to: Some(n.to_string()),
            petition_kind: PetitionKind::Suggestion,
            due: due(PetitionKind::Suggestion),
            unit: unit(n % 3),
            why: words(),
            reason: "다른 분야".into(),
        })),
        12 => Event::DueRecomputed(Box::new(DueRecomputed {
            before: case.due.clone(),
            after: due(PetitionKind::LegalInquiry).unwrap(),
            reason: words(),
        })),
        _ => Event::Answered(Box::new(Answered {
            answer: answer(*Outcome::ALL.get(usize::from(n) % 4).unwrap()),
            signature: Signature {
                officer: "홍길동".into(),
                unit: "건설과".into(),
                phone: "062-000-1603".into(),
            },
            officer: staff(n),
            letter: "답변".into(),
        })),
    }
}

fn sound(case: &Case) {
    let closed = !case.state.is_open();
    assert_eq!(closed, case.closed_at.is_some());
    assert_eq!(closed, case.outcome.is_some());
    assert!(case.review_on.is_none() || case.outcome == Some(Outcome::LongTerm));
    assert!(case.state != State::Working || case.assignee.is_some());
    assert!(case.due.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn events_add_up(picks in proptest::collection::vec((any::<u8>(), any::<u8>()), 0..40)) {
        let office = OfficeId(29140);
        let id = CaseId(Uuid::from_u128(7));
        let mut case = Case::blank(office, id);
        let mut events = Vec::new();
        let mut at = seoul::instant("2026-06-08T10:30".parse().unwrap());
        let mut happen = |case: &mut Case, event: Event| {
            at += jiff::SignedDuration::from_mins(7);
            let recorded = Recorded::new(case.version + 1, at, &Actor::System, event);
            case.apply(&recorded);
            // As kept in the database and read back.
            let kept = serde_json::to_value(&recorded.event).unwrap();
            let event: Event = serde_json::from_value(kept).unwrap();
            assert_eq!(event, recorded.event);
            assert_eq!(kept_kind(&event), event.kind());
            events.push(Recorded { event, ..recorded });
        };
        happen(&mut case, received());
        for (pick, n) in picks {
            let event = next(&case, pick, n);
            happen(&mut case, event);
            sound(&case);
        }
        prop_assert_eq!(case.version, i64::try_from(events.len()).unwrap());
        prop_assert_eq!(due_of(&events).map(ExplainedDue::due), case.due.as_ref());
        prop_assert_eq!(Case::rebuild(office, id, &events), case);
    }
}

/// The name in the JSON is the name in the column.
fn kept_kind(event: &Event) -> String {
    serde_json::to_value(event).unwrap()["kind"].as_str().unwrap().to_owned()
}

#[test]
fn another_unit_begins_afresh() {
    let mut case = Case::blank(OfficeId(1), CaseId(Uuid::from_u128(7)));
    let at = seoul::instant("2026-06-08T10:30".parse().unwrap());
    let mut happen = |event| {
        let recorded = Recorded::new(case.version + 1, at, &Actor::System, event);
        case.apply(&recorded);
        (case.state, case.assignee)
    };
    happen(received());
    assert_eq!(happen(Event::Taken { by: staff(1) }), (State::Working, Some(staff(1))));
    assert_eq!(happen(Event::Asked { text: "?".into() }), (State::Waiting, Some(staff(1))));
    let why = Bilingual::default();
    assert_eq!(happen(Event::Routed { unit: unit(2), why }), (State::Received, None));
    let reply = Event::Replied { party: party(), text: "네".into() };
    assert_eq!(happen(reply), (State::Received, None));
}

#[test]
fn a_draft_changed_after_it_was_handed_in_is_handed_in_again() {
    let mut case = Case::blank(OfficeId(1), CaseId(Uuid::from_u128(7)));
    let at = seoul::instant("2026-06-08T10:30".parse().unwrap());
    for event in [
        received(),
        Event::Taken { by: staff(1) },
        Event::Drafted { answer: answer(Outcome::Done) },
        Event::Submitted,
    ] {
        case.apply(&Recorded::new(case.version + 1, at, &Actor::System, event));
    }
    assert_eq!(case.state, State::Approval);
    let changed = Event::Drafted { answer: answer(Outcome::NeedsBudget) };
    case.apply(&Recorded::new(case.version + 1, at, &Actor::System, changed));
    assert_eq!(case.state, State::Working);
}

#[test]
fn a_due_time_is_kept_without_its_lines_and_read_with_them_too() {
    let explained = due(PetitionKind::Other).unwrap();
    let whole = serde_json::to_value(&explained).unwrap();
    assert_eq!(whole["count"]["steps"].as_array().unwrap().len(), explained.steps().len());
    assert_eq!(serde_json::from_value::<ExplainedDue>(whole.clone()).unwrap(), explained);
    // A row of a case used to hold the lines as well.
    assert_eq!(&serde_json::from_value::<Due>(whole).unwrap(), explained.due());
    let kept = serde_json::to_value(explained.due()).unwrap();
    assert_eq!(kept["count"]["steps"], serde_json::json!([]));
    assert_eq!(&serde_json::from_value::<Due>(kept.clone()).unwrap(), explained.due());
    // A server that still keeps the calendar's whole answer in both places reads both.
    let whole = serde_json::to_value(&explained).unwrap();
    for (written, lines) in [(whole, explained.steps().len()), (kept, 0)] {
        let count: maeul_calendar::Due = serde_json::from_value(written["count"].clone()).unwrap();
        assert_eq!((count.at, count.steps.len()), (explained.at, lines));
    }
}

#[test]
fn every_event_that_gives_a_due_time_is_looked_for() {
    let at = seoul::instant("2026-06-08T10:30".parse().unwrap());
    let mut case = Case::blank(OfficeId(1), CaseId(Uuid::from_u128(7)));
    case.apply(&Recorded::new(1, at, &Actor::System, received()));
    let mut seen = std::collections::BTreeSet::from(["received"]);
    let answered = Case { state: State::Closed, ..case.clone() };
    for (pick, before) in (0..14).flat_map(|pick| [(pick, &case), (pick, &answered)]) {
        let event = next(before, pick, 1);
        let mut after = Case { due: None, ..before.clone() };
        let kind = event.kind();
        after.apply(&Recorded::new(2, at, &Actor::System, event));
        if after.due.is_some() {
            seen.insert(kind);
        }
    }
    assert_eq!(seen, GIVE_DUE.into());
}
