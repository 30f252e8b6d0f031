//! Cases from and for other systems: nothing lost, nothing twice, nobody shown who need not be.

use std::collections::BTreeMap;

use maeul_base::{Lang, Refusal};
use maeul_cases::import::cases::{
    Brought, Mapping, OldCase, Rows, Shape, Survey, Writer, bring_batch, cells, judge,
};
use maeul_cases::read::{self, HandedOver, Span};
use maeul_cases::words::{Channel, Outcome, State};
use maeul_cases::{Case, Knowledge};
use maeul_db::{Db, both_engines};

use crate::support::{World, at, by_phone, count, everything, steps};

const MAPPING: &str = r#"
source = "old-desk"
[columns]
service_request_id = "id"
requested_datetime = "opened"
closed_datetime = "ended"
status = "state"
service_name = "kind"
description = "words"
lat = "y"
long = "x"
[time]
offset = "+09:00"
format = "%Y/%m/%d %H:%M"
[values.status]
"완결" = "closed"
"진행" = "open"
[values.service]
"등" = "streetlight"
[values.source]
"콜센터" = "phone"
[values.outcome]
"처리" = "done"
"#;

const ROWS: &str = "\u{feff}id,opened,ended,state,kind,words,y,x,source,outcome,answer,name,phone,colour\r\n\
A-1,2026/05/04 10:30,2026/05/06 17:00,완결,등,\"가로등이\n꺼졌습니다\",35.105,126.905,콜센터,처리,고쳤습니다,이가람,010-0000-1001,red\r\n\
A-2,2026/06/05 11:00,,진행,의자,벤치가 부서졌습니다,,,누리집,,,,,blue\r\n";

fn judged(
    mapping: &Mapping,
    know: &Knowledge,
    rows: &str,
    shape: Shape,
) -> Vec<Result<OldCase, (usize, String)>> {
    let now = at("2026-06-08T10:30");
    Rows::new(shape, rows.as_bytes())
        .unwrap()
        .map(|row| {
            judge(mapping, know, now, &row.unwrap()).map_err(|it| {
                assert!(!it.ko.is_empty() && !it.en.is_empty());
                (it.line, it.field)
            })
        })
        .collect()
}

async fn bring(w: &World, cases: Vec<OldCase>) -> Brought {
    let (ctx, know) = (w.ctx("system"), w.know().await);
    bring_batch(&w.db, &w.numbers, &ctx, &know, cases).await.unwrap()
}

async fn all(w: &World) -> Vec<Case> {
    let page = w.see("system", |tx, ctx, _| read::cases_of(tx, ctx, Span::default(), None, 100));
    page.await.unwrap().0.into_iter().map(|handed| handed.case).collect()
}

async fn full(w: &World) -> Vec<HandedOver> {
    let (ctx, know) = (w.ctx("coordinator"), w.know().await);
    w.db.write(move |tx| {
        read::hand_over(tx, &ctx, &know, Span::default(), None, 100, "다른 시스템으로 옮김")
    })
    .await
    .unwrap()
    .0
}

fn file(know: &Knowledge, handed: &[HandedOver], shape: Shape, full: bool) -> String {
    let mut out = Vec::new();
    let mut writer = Writer::new(shape, &mut out, full).unwrap();
    for one in handed {
        writer.row(&cells(know, one, full)).unwrap();
    }
    writer.finish().unwrap();
    drop(writer);
    String::from_utf8(out).unwrap()
}

both_engines! { steps();
    async fn rows_become_cases_as_they_were(db: Db) {
        let w = World::new(db).await;
        let know = w.know().await;
        let mapping = Mapping::parse(MAPPING).unwrap();
        let old: Vec<OldCase> = judged(&mapping, &know, ROWS, Shape::Csv).into_iter().map(Result::unwrap).collect();
        assert_eq!(bring(&w, old.clone()).await, Brought { new: 2, before: 0 });
        w.run_jobs().await;
        assert_eq!(w.outbox.all().len(), 0, "nobody is written to");

        let cases = all(&w).await;
        let [closed, open] = cases.as_slice() else { panic!("{cases:?}") };
        assert!(closed.number.starts_with("2026-"), "{}", closed.number);
        assert_eq!(closed.received_at, at("2026-05-04T10:30"));
        assert_eq!((closed.state, closed.closed_at), (State::Closed, Some(at("2026-05-06T17:00"))));
        assert_eq!((closed.outcome, closed.answer.as_deref()), (Some(Outcome::Done), Some("고쳤습니다")));
        assert_eq!((closed.channel, closed.anonymous), (Channel::Phone, false));
        assert_eq!(closed.service.as_deref(), Some("streetlight"));
        assert_eq!(closed.body, "가로등이\n꺼졌습니다");
        assert!(closed.place.dong.is_some(), "{:?}", closed.place);
        assert_eq!((open.state, open.anonymous, open.service.as_deref()), (State::Received, true, None));
        assert_eq!(open.channel, Channel::Import, "a word nobody explained");

        // The row is the sum of its events, and nothing of the file is lost but who somebody is.
        let id = closed.id;
        let page = w.see("coordinator", move |tx, ctx, know| read::case_page(tx, ctx, know, id)).await.unwrap();
        let said: Vec<&str> = page.events.iter().map(|it| it.text.as_str()).collect();
        assert!(said.iter().any(|it| it.contains("colour: red") && it.contains("source: 콜센터")), "{said:?}");
        assert!(!everything(&w.db).await.contains("이가람"), "names are sealed");
        let found = w.see("coordinator", move |tx, ctx, know| read::search(tx, ctx, know, "꺼졌습니다", None, 10)).await.unwrap();
        assert_eq!(found.rows.len(), 1, "it can be found");
    }

    async fn begun_again_nothing_is_there_twice(db: Db) {
        let w = World::new(db).await;
        let know = w.know().await;
        let mapping = Mapping::parse(MAPPING).unwrap();
        let old: Vec<OldCase> = judged(&mapping, &know, ROWS, Shape::Csv).into_iter().map(Result::unwrap).collect();
        assert_eq!(bring(&w, old[..1].to_vec()).await, Brought { new: 1, before: 0 });
        assert_eq!(bring(&w, old.clone()).await, Brought { new: 1, before: 1 });
        let twice = [old.clone(), old].concat();
        assert_eq!(bring(&w, twice).await, Brought { new: 0, before: 4 });
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_case").await, 2);
    }

    async fn what_one_office_writes_another_reads(db: Db) {
        let w = World::new(db).await;
        let first = w.received().await;
        w.answer(first.case).await;
        let follower = crate::support::follower(w.received_from(by_phone(3)).await.case, by_phone(4));
        w.act("resident", maeul_cases::act::follow, follower).await.unwrap();
        let know = w.know().await;
        let handed = full(&w).await;
        assert_eq!(count(&w.db, "SELECT count(*) FROM people_look").await, 3, "a look for each person handed over");
        for shape in [Shape::Csv, Shape::JsonLines] {
            let text = file(&know, &handed, shape, true);
            let mapping = Mapping::bulk(format!("{shape:?}").to_lowercase());
            let old: Vec<OldCase> = judged(&mapping, &know, &text, shape).into_iter().map(Result::unwrap).collect();
            assert_eq!(bring(&w, old).await, Brought { new: 2, before: 0 });
        }
        // The two copies of each are the same case again, but for number, key and what happened to
        // the row since.
        let mut told: BTreeMap<String, Vec<Vec<(String, String)>>> = BTreeMap::new();
        for handed in full(&w).await {
            let of = handed.case.client_key.clone().unwrap_or_default();
            let mut row: Vec<(String, String)> = cells(&know, &handed, true).into_iter().map(|(column, value)| (column.as_str().to_owned(), value)).collect();
            row.retain(|(name, _)| !matches!(name.as_str(), "service_request_id" | "updated_datetime"));
            told.entry(of.split(':').nth(1).unwrap_or_default().to_owned()).or_default().push(row);
        }
        let copies: Vec<_> = told.values_mut().map(|rows| { rows.sort(); rows.clone() }).collect();
        assert_eq!(copies.len(), 3);
        assert_eq!(copies[0], copies[1], "CSV");
        assert_eq!(copies[0], copies[2], "JSON lines");
    }

    async fn what_is_published_says_nobody(db: Db) {
        let w = World::new(db).await;
        let mut new = w.report().await;
        new.body = "저희 집 010-2222-3333 앞 가로등이 꺼졌어요".to_owned();
        w.receive(new).await;
        let know = w.know().await;
        let page = w.see("system", |tx, ctx, _| read::cases_of(tx, ctx, Span::default(), None, 100)).await.unwrap().0;
        for shape in [Shape::Csv, Shape::JsonLines] {
            let text = file(&know, &page, shape, false);
            assert!(text.contains("가로등이 꺼졌어요"), "{text}");
            for secret in ["2222", "3333", "0000-0001", ",name,", "\"name\"", "phone", "email", "followers"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
        assert_eq!(count(&w.db, "SELECT count(*) FROM people_look").await, 0);
        let early = Span { from: None, until: Some(at("2026-06-08T10:30")) };
        let page = w.see("system", move |tx, ctx, _| read::cases_of(tx, ctx, early, None, 100)).await.unwrap();
        assert_eq!(page.0.len(), 0, "none came in before");
    }

    async fn every_row_is_judged_by_itself(db: Db) {
        let w = World::new(db).await;
        let know = w.know().await;
        let mapping = Mapping::parse(MAPPING).unwrap();
        let head = "id,opened,ended,state,kind,words,y,x,name,phone,dong\n";
        let row = |cells: &str| judged(&mapping, &know, &format!("{head}{cells}\n"), Shape::Csv).remove(0).map(|_| ());
        let no = |field: &str| Err((2, field.to_owned()));
        assert_eq!(row("1,2026/05/04 10:30,,진행,등,글,,,,,"), Ok(()));
        assert_eq!(row(",2026/05/04 10:30,,진행,등,글,,,,,"), no("id"));
        assert_eq!(row("1,2026-05-04,,진행,등,글,,,,,"), no("opened"));
        assert_eq!(row("1,2026/06/09 10:30,,진행,등,글,,,,,"), no("opened"), "later than now");
        assert_eq!(row("1,2026/05/04 10:30,,보류,등,글,,,,,"), no("state"));
        assert_eq!(row("1,2026/05/04 10:30,,완결,등,글,,,,,"), no("ended"));
        assert_eq!(row("1,2026/05/04 10:30,2026/05/03 10:30,완결,등,글,,,,,"), no("ended"));
        assert_eq!(row("1,2026/05/04 10:30,,진행,,,,,,,"), no("words"));
        assert_eq!(row("1,2026/05/04 10:30,,진행,등,글,north,1,,,"), no("y"));
        assert_eq!(row("1,2026/05/04 10:30,,진행,등,글,42.3,-71.0,,,"), no("y"), "outside the office");
        assert_eq!(row("1,2026/05/04 10:30,,진행,등,글,,,이가람,12,"), no("phone"));
        assert_eq!(row("1,2026/05/04 10:30,,진행,등,글,,,,,12"), no("dong"));
        assert_eq!(row("1,2026/05/04 10:30,,진행"), no(""), "too few cells");
        let far = Mapping::parse(&MAPPING.replace("source = \"old-desk\"", "source = \"old-desk\"\noutside = \"keep\"")).unwrap();
        let kept = judged(&far, &know, &format!("{head}1,2026/05/04 10:30,,진행,등,글,42.3,-71.0,,,\n"), Shape::Csv).remove(0).unwrap();
        assert_eq!((kept.place.lat_e7, kept.place.dong), (Some(423_000_000), None));

        let lines = "{\"id\": 7, \"opened\": \"2026/05/04 10:30\", \"state\": \"진행\", \"words\": \"글\"}\nno json\n\n{\"id\": 8}\n";
        let read = judged(&mapping, &know, lines, Shape::JsonLines);
        assert_eq!(read[0].as_ref().unwrap().reference, "7");
        assert_eq!(read[1..].iter().map(|it| it.clone().unwrap_err()).collect::<Vec<_>>(), [(2, String::new()), (4, "opened".to_owned())]);
    }

    async fn the_report_of_a_dry_run_reads_well(db: Db) {
        let w = World::new(db).await;
        let know = w.know().await;
        let mapping = Mapping::parse(MAPPING).unwrap();
        let text = format!("{ROWS}A-3,bad,,진행,등,글,,,,,,,,\r\n");
        let mut survey = Survey::default();
        for row in Rows::new(Shape::Csv, text.as_bytes()).unwrap() {
            let row = row.unwrap();
            survey.note(&mapping, &row, &judge(&mapping, &know, at("2026-06-08T10:30"), &row));
        }
        for lang in [Lang::Ko, Lang::En] {
            insta::assert_snapshot!(format!("survey_{}", lang.tag()), survey.say(&mapping, &know, lang).join("\n"));
        }
    }
}

#[test]
fn every_fault_of_a_mapping_is_told_with_its_line() {
    let wrong = MAPPING
        .replace("description = ", "desription = ")
        .replace("+09:00", "KST")
        .replace("\"진행\" = \"open\"", "\"진행\" = \"going\"")
        .replace("\"콜센터\" = \"phone\"", "\"콜센터\" = \"pigeon\"")
        .replace("\"처리\" = \"done\"", "\"처리\" = \"well\"");
    let told: Vec<(usize, String)> =
        Mapping::parse(&wrong).unwrap_err().into_iter().map(|it| (it.line, it.field)).collect();
    let expected =
        [(9, "columns"), (13, "offset"), (17, "status"), (21, "source"), (23, "outcome")];
    assert_eq!(told, expected.map(|(line, field)| (line, field.to_owned())));
    let _: fn(&maeul_people::RevealRefusal) -> &'static str = Refusal::code;
}
