//! What is refused at the door: each names its field, and nothing is kept.

use std::collections::BTreeMap;

use maeul_base::{Lang, Refusal};
use maeul_cases::act::{self, NewCase, Who};
use maeul_cases::{Channel, ContactInput, Prefers};
use maeul_db::{Db, both_engines};

use crate::support::{IN_DASOM, IN_GARAM, IN_NOBODYS, World, at, by_phone, count, refusal, steps};

fn named(name: &str, phone: &str, email: &str, prefers: Option<Prefers>) -> Who {
    Who::Named(ContactInput {
        name: name.into(),
        phone: phone.into(),
        email: email.into(),
        prefers,
    })
}

fn answered(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let own = |values: &[&str]| values.iter().map(|it| (*it).to_owned()).collect();
    pairs.iter().map(|(code, values)| ((*code).to_owned(), own(values))).collect()
}

type Change = fn(NewCase) -> NewCase;

/// What is wrong, the change that makes it so, the code, the field.
const TABLE: &[(&str, Change, &str, Option<&str>)] = &[
    (
        "nothing said",
        |it| NewCase { body: " \r\n\t ".into(), ..it },
        "receive.body_missing",
        Some("body"),
    ),
    (
        "only control characters",
        |it| NewCase { body: "\u{0}\u{7}".into(), ..it },
        "receive.body_missing",
        Some("body"),
    ),
    (
        "too much said",
        |it| NewCase { body: "가".repeat(4_001), ..it },
        "receive.body_too_long",
        Some("body"),
    ),
    (
        "a long title",
        |it| NewCase { title: "가".repeat(101), ..it },
        "receive.title_too_long",
        Some("title"),
    ),
    (
        "an empty key",
        |it| NewCase { client_key: Some(String::new()), ..it },
        "receive.bad_key",
        None,
    ),
    (
        "a long key",
        |it| NewCase { client_key: Some("k".repeat(101)), ..it },
        "receive.bad_key",
        None,
    ),
    (
        "an unknown service",
        |it| NewCase { service: Some("dragons".into()), ..it },
        "receive.no_such_service",
        Some("service"),
    ),
    (
        "from the future",
        |it| NewCase { received_at: Some(at("2026-06-08T10:31")), ..it },
        "receive.future",
        Some("received_at"),
    ),
    (
        "a long place",
        |it| NewCase { place: "가".repeat(201), ..it },
        "place.too_long",
        Some("place"),
    ),
    (
        "an unknown dong",
        |it| NewCase { point: None, dong: "9911059999".parse().ok(), ..it },
        "place.no_such_dong",
        Some("dong"),
    ),
    (
        "the neighbour's dong",
        |it| NewCase { point: None, dong: "9912051000".parse().ok(), ..it },
        "place.no_such_dong",
        Some("dong"),
    ),
    (
        "nobody's area",
        |it| NewCase { point: Some(IN_NOBODYS), ..it },
        "place.outside",
        Some("point"),
    ),
    (
        "the neighbour's area",
        |it| NewCase { point: Some(IN_DASOM), ..it },
        "place.neighbour",
        Some("point"),
    ),
    (
        "a required question left out",
        |it| NewCase { service: Some("pothole".into()), ..it },
        "question.missing",
        Some("answers"),
    ),
    (
        "a required question left blank",
        |it| NewCase {
            service: Some("pothole".into()),
            answers: answered(&[("lane", &[" "])]),
            ..it
        },
        "question.missing",
        Some("answers"),
    ),
    (
        "none of the choices",
        |it| NewCase {
            service: Some("pothole".into()),
            answers: answered(&[("lane", &["sky"])]),
            ..it
        },
        "question.no_such_choice",
        Some("answers"),
    ),
    (
        "two of one choice",
        |it| NewCase {
            service: Some("pothole".into()),
            answers: answered(&[("lane", &["road", "pavement"])]),
            ..it
        },
        "question.too_long",
        Some("answers"),
    ),
    (
        "no number",
        |it| NewCase {
            service: Some("pothole".into()),
            answers: answered(&[("lane", &["road"]), ("width", &["넓어요"])]),
            ..it
        },
        "question.not_a_number",
        Some("answers"),
    ),
    (
        "no time",
        |it| NewCase {
            service: Some("pothole".into()),
            answers: answered(&[("lane", &["road"]), ("seen", &["어제"])]),
            ..it
        },
        "question.not_a_time",
        Some("answers"),
    ),
    (
        "no name where one is needed",
        |it| NewCase { service: Some("bench".into()), who: Who::Anonymous, ..it },
        "receive.name_needed",
        Some("name"),
    ),
    (
        "a name left out",
        |it| NewCase { who: named("", "010-9000-0001", "", None), ..it },
        "contact.name_missing",
        Some("name"),
    ),
    (
        "a long name",
        |it| NewCase { who: named(&"가".repeat(61), "010-9000-0001", "", None), ..it },
        "contact.name_too_long",
        Some("name"),
    ),
    (
        "no contact",
        |it| NewCase { who: named("길동", "", "", None), ..it },
        "contact.nothing_given",
        Some("phone"),
    ),
    (
        "a landline alone",
        |it| NewCase { who: named("길동", "062-360-7114", "", None), ..it },
        "contact.no_mobile",
        Some("phone"),
    ),
    (
        "text messages to a landline",
        |it| NewCase { who: named("길동", "062-360-7114", "a@b.kr", Some(Prefers::Sms)), ..it },
        "contact.no_mobile",
        Some("phone"),
    ),
    (
        "e-mail without an address",
        |it| NewCase { who: named("길동", "010-9000-0001", "", Some(Prefers::Email)), ..it },
        "contact.no_email",
        Some("email"),
    ),
];

/// What the readers of telephones, addresses and points refuse in words of their own.
const OTHERS: &[(&str, Change, &str)] = &[
    ("a short telephone", |it| NewCase { who: named("길동", "010-123", "", None), ..it }, "phone"),
    (
        "letters for a telephone",
        |it| NewCase { who: named("길동", "공일공", "", None), ..it },
        "phone",
    ),
    ("a bad address", |it| NewCase { who: named("길동", "", "gildong", None), ..it }, "email"),
    ("off Korea", |it| NewCase { point: Some((483_000_000, 23_000_000)), ..it }, "point"),
    ("swapped", |it| NewCase { point: Some((IN_GARAM.1, IN_GARAM.0)), ..it }, "point"),
    ("off the Earth", |it| NewCase { point: Some((i64::MAX, i64::MIN)), ..it }, "point"),
];

both_engines! { steps();
    async fn each_says_its_field_and_keeps_nothing(db: Db) {
        let w = World::new(db).await;
        for (what, change, code, field) in TABLE {
            let new = change(w.report().await);
            let refused = refusal(w.act("resident", act::receive, new).await);
            assert_eq!((refused.code(), refused.field()), (*code, *field), "{what}");
            assert_eq!(refused.status(), 422, "{what}");
            let (ko, en) = (refused.say(Lang::Ko), refused.say(Lang::En));
            assert!(ko.len() > 10 && en.len() > 10 && ko != en, "{what}: {ko} / {en}");
        }
        for (what, change, field) in OTHERS {
            let new = change(w.report().await);
            let refused = refusal(w.act("resident", act::receive, new).await);
            assert_eq!(refused.field(), Some(*field), "{what}: {refused:?}");
        }
        for table in ["cases_case", "cases_event", "cases_party", "cases_access", "cases_count_delta", "queue_job", "notice_message"] {
            let sql = format!("SELECT count(*) FROM {table} WHERE office_id = 99110 AND '{table}' <> 'queue_job'");
            let left = w.db.read(move |tx| tx.one::<(i64,)>(&sql, maeul_db::args![])).await.unwrap().0;
            assert_eq!(left, 0, "{table}");
        }
        // The same report unchanged is taken.
        w.received().await;
    }

    async fn the_neighbouring_office_is_named(db: Db) {
        let w = World::new(db).await;
        let new = NewCase { point: Some(IN_DASOM), ..w.report().await };
        let refused = refusal(w.act("resident", act::receive, new).await);
        assert!(refused.say(Lang::Ko).contains("이웃시 다솜동"), "{}", refused.say(Lang::Ko));
        assert!(refused.say(Lang::En).contains("Dasom-dong, Iut-si"), "{}", refused.say(Lang::En));
        let new = NewCase { point: Some(IN_NOBODYS), ..w.report().await };
        let refused = refusal(w.act("resident", act::receive, new).await);
        assert!(refused.say(Lang::Ko).contains("온누리구 밖"), "{}", refused.say(Lang::Ko));
    }

    async fn the_longest_and_the_strangest_are_kept_whole(db: Db) {
        let w = World::new(db).await;
        let body = format!("'; DROP TABLE cases_case; -- <b>\u{1F4A1}\r\n둘째 줄\u{0}\u{202E}{}", "가".repeat(3_900));
        let new = NewCase {
            title: "가".repeat(100),
            body: body.clone(),
            place: "나".repeat(200),
            service: Some("pothole".into()),
            answers: answered(&[("lane", &["road"]), ("width", &["-12.5"]), ("seen", &["2026-06-07T22:00"])]),
            client_key: Some("k".repeat(100)),
            who: Who::Named(ContactInput { name: "라".repeat(60), ..by_phone(1) }),
            ..w.report().await
        };
        let case = w.case(w.receive(new).await.case).await;
        assert_eq!(case.body, body.replace("\r\n", "\n").replace('\u{0}', ""));
        assert_eq!((case.title.chars().count(), case.place.text.chars().count()), (100, 200));
        assert_eq!(case.answers.len(), 3);
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_case").await, 1);
        // Answers to questions the service does not ask are left out.
        let new = NewCase { answers: answered(&[("lane", &["road"])]), ..w.report().await };
        assert!(w.case(w.receive(new).await.case).await.answers.is_empty());
        // By counter and telephone an answer by word of mouth is possible: no contact is needed.
        let told = NewCase { channel: Channel::Counter, who: named("길동", "", "", None), ..w.report().await };
        w.act("officer", act::receive, told).await.unwrap();
    }
}
