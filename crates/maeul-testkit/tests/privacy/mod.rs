//! Personal data in the office's hands: looks are chained and reviewed, the person sees them, what is old
//! enough goes, keys change while people work.

use std::collections::BTreeSet;

use maeul_base::{CaseId, Ctx, Fault, Role};
use maeul_db::{KeyFile, keys_in_use};
use maeul_people::{Checking, look_head};
use maeul_privacy::Shelf;
use maeul_privacy::jobs::{Place, ask_reseal, reseal_step};
use maeul_privacy::retention;
use maeul_room::Sweep;
use maeul_testkit::{SECRET, TEXT_NUMBER, World, worlds};
use serde_json::Value;

/// Stands in a report and in a contact.
const CANARY: &str = "카나리아본문";
const PHONE: &str = "010-0000-7391";

/// A report by a resident who gives name and telephone: the link's secret and the number.
async fn reported(world: &World, key: &str) -> (String, String) {
    let body = serde_json::json!({
        "client_key": format!("privacy-{key}-privacy-{key}"),
        "text": CANARY,
        "service": "streetlight",
        "place": { "lat": 35.1265, "long": 126.8790 },
        "contact": { "name": "나민원", "phone": PHONE },
    });
    let kind = "application/json";
    let answer = world.browser().post_raw("/api/v1/cases", kind, body.to_string().into()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    (said["token"].as_str().unwrap().to_owned(), said["number"].as_str().unwrap().to_owned())
}

async fn case_of(world: &World, number: &str) -> CaseId {
    let (ctx, number) = (world.ctx(), number.to_owned());
    let found = world
        .db()
        .read(move |tx| maeul_cases::read::case_of_number(tx, &ctx, &number))
        .await
        .unwrap();
    found.unwrap()
}

/// An answered case as far as retention looks at it.
async fn close(world: &World, number: &str) {
    let (ctx, case) = (world.ctx(), case_of(world, number).await);
    world
        .db()
        .write(move |tx| {
            tx.exec_one(
                "UPDATE cases_case SET state = 'closed', closed_at = $1 WHERE id = $2",
                maeul_db::args![ctx.now, case],
            )
        })
        .await
        .unwrap();
}

async fn count(world: &World, sql: &'static str) -> i64 {
    world.db().read(move |tx| tx.one::<(i64,)>(sql, [])).await.unwrap().0
}

fn shelf(world: &World) -> Shelf {
    world.house.site.room::<Shelf>().unwrap().clone()
}

worlds! {
    async fn every_look_is_chained_reviewed_and_shown_to_the_person(world: World) {
        let (token, number) = reported(&world, "a").await;
        world.drain().await;
        let case = case_of(&world, &number).await;
        let resident = world.browser();
        let page = resident.get(&format!("/c/{token}")).await;
        assert!(page.text().contains("내 정보와 열람 기록"), "{}", page.text());
        let mine = format!("/c/{token}/data");
        let before = resident.get(&mine).await;
        assert!(before.text().contains("아직 아무도 보지 않았어요"), "{}", before.text());
        assert!(before.text().contains("나민원") && before.text().contains(CANARY));

        // An evening: outside office hours.
        world.at(2026, 6, 8, 20, 30);
        let officer = world.signed_in(&world.account(Role::Coordinator, None).login).await;
        let page = officer.get(&format!("/staff/case/{case}")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let shown = page.submit_to(&format!("/staff/case/{case}/reveal"), &[("reveal_reason", "현장 확인 전화")]).await;
        assert!(shown.text().contains(PHONE), "{}", shown.text());
        assert_eq!(officer.get("/staff/search?q=x").await.status, 200);
        assert_eq!(count(&world, "SELECT count(*) FROM people_look").await, 2, "lists show no contact");
        world.drain().await;
        assert_eq!(count(&world, "SELECT count(*) FROM people_look_link").await, 2);

        let after = resident.get(&mine).await.text();
        assert!(after.contains("현장 확인 전화") && after.contains("민원조정관"), "{after}");
        let file = resident.get(&format!("{mine}.json")).await;
        let said: Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!(said["held"]["contact"][0]["name"], "나민원");
        assert_eq!(said["held"]["report"][0]["words"], CANARY);
        assert_eq!(said["looks"].as_array().unwrap().len(), 2);
        assert!(said["looks"][0].get("name").is_none(), "the unit, not the name: {said}");
        assert_eq!(resident.get("/c/00000000000000000000000000000000/data").await.status, 404);

        let head = resident.get("/audit.json").await;
        let head: Value = serde_json::from_str(&head.body).unwrap();
        assert_eq!(head["seq"], 2);
        assert!(resident.get("/audit").await.text().contains(head["hash"].as_str().unwrap()));

        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let review = admin.get("/staff/privacy?month=2026-06").await;
        let text = review.text();
        for said in ["근무시간 밖 2건", "직원별 열람", "아직 검토하지 않았습니다"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let refused = review.submit_to("/staff/privacy", &[("note", " ")]).await;
        assert_eq!(refused.status, 422);
        let done = review.submit_to("/staff/privacy", &[("note", "전화 확인함, 문제 없음")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let text = admin.get("/staff/privacy?month=2026-06").await.text();
        assert!(text.contains("전화 확인함, 문제 없음") && text.contains("✓"), "{text}");
        let marks = review.submit_to("/staff/privacy/marks", &[("many_opens", "9"), ("many_contacts", "1"), ("same_case", "2")]).await;
        assert_eq!(marks.status, 303, "{}", marks.text());
        let text = admin.get("/staff/privacy?month=2026-06").await.text();
        assert!(text.contains("하루에 연락처 1건") && text.contains("같은 민원을 2번"), "{text}");
        let csv = admin.get("/staff/privacy/looks.csv?month=2026-06").await;
        assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
        assert!(csv.body.contains("현장 확인 전화") && !csv.body.contains(PHONE));
        assert_eq!(admin.get("/staff/privacy?month=none").await.status, 404);
    }

    async fn what_is_old_enough_goes_and_what_is_held_stays(world: World) {
        let (gone, gone_number) = reported(&world, "b").await;
        let (_, held_number) = reported(&world, "c").await;
        let (open, _) = reported(&world, "d").await;
        world.drain().await;
        close(&world, &gone_number).await;
        close(&world, &held_number).await;
        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let page = admin.get("/staff/privacy/retention").await;
        assert!(page.text().contains("정하지 않음"), "{}", page.text());
        let run = async |dry: bool| {
            let (shelf, ctx) = (shelf(&world), world.ctx());
            retention::run(world.db(), &ctx, &shelf, dry).await.unwrap()
        };
        world.at(2027, 7, 1, 3, 0);
        assert_eq!(run(false).await, [], "without a rule nothing goes");
        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let page = admin.get("/staff/privacy/retention").await;
        let rule = |months: &'static str, day: &'static str| {
            [("kind", "cases.contacts"), ("months", months), ("valid_from", day), ("basis", "개인정보 처리방침 제3조")]
        };
        for (months, day) in [("12", "2027-06-30"), ("0", "2027-07-01"), ("x", "2027-07-01"), ("12", "")] {
            let refused = page.submit_to("/staff/privacy/retention", &rule(months, day)).await;
            assert_eq!(refused.status, 422, "{months} {day}");
        }
        let set = page.submit_to("/staff/privacy/retention", &rule("12", "2027-07-01")).await;
        assert_eq!(set.status, 303, "{}", set.text());
        let hold = [("number", held_number.as_str()), ("reason", "행정심판")];
        assert_eq!(page.submit_to("/staff/privacy/hold", &hold).await.status, 303);
        assert_eq!(page.submit_to("/staff/privacy/hold", &hold).await.status, 409);

        let counted = run(true).await;
        assert_eq!((counted.len(), counted[0].swept.records, counted[0].swept.held), (1, 1, 1));
        assert_eq!(count(&world, "SELECT count(*) FROM cases_party WHERE name IS NULL").await, 0);
        let done = run(false).await;
        assert_eq!((done[0].swept.records, done[0].swept.held, done[0].swept.busy), (1, 1, 0));
        assert_eq!(count(&world, "SELECT count(*) FROM cases_party WHERE name IS NULL").await, 1);
        assert_eq!(world.browser().get(&format!("/c/{gone}")).await.status, 404);
        assert_eq!(world.browser().get(&format!("/c/{open}")).await.status, 200, "an open case stays");
        assert_eq!(count(&world, "SELECT count(*) FROM cases_case").await, 3, "the facts stay");
        let text = admin.get("/staff/privacy/retention").await.text();
        assert!(text.contains("개인정보 처리방침 제3조") && text.contains("행정심판"), "{text}");
        assert_eq!(count(&world, "SELECT records FROM privacy_destroyed").await, 1);

        // The hold ends, and the night takes the other too.
        let page = admin.get("/staff/privacy/retention").await;
        assert_eq!(page.submit_to("/staff/privacy/release", &[]).await.status, 303);
        assert_eq!(run(false).await[0].swept.records, 1);
        assert_eq!(run(false).await[0].swept.records, 0);
    }

    async fn words_of_texts_go_and_their_counts_stay(world: World) {
        let secret: String = SECRET.bytes().map(|it| format!("%{it:02X}")).collect();
        let words: String = CANARY.bytes().map(|it| format!("%{it:02X}")).collect();
        let path = format!(
            "/hooks/sms/kannel?secret={secret}&id=p1&from=01000007391&to={TEXT_NUMBER}&coding=0&text={words}"
        );
        assert_eq!(world.browser().get(&path).await.status, 202);
        world.drain().await;
        let (ctx, shelf) = (world.ctx(), shelf(&world));
        let settled = ctx.now;
        world
            .db()
            .write(move |tx| {
                tx.exec("UPDATE text_talk SET settled_at = $1", maeul_db::args![settled])?;
                tx.exec("UPDATE cases_case SET state = 'closed', closed_at = $1", maeul_db::args![settled])
            })
            .await
            .unwrap();
        let sweep = Sweep {
            before: settled + jiff::SignedDuration::from_secs(1),
            after: None,
            most: 10,
            dry: true,
            held: std::sync::Arc::default(),
            why: "개인정보 처리방침".to_owned(),
            seal: shelf.seal().clone(),
        };
        let keeping = shelf.keeping("texts.words").unwrap().clone();
        let run = async |dry: bool| {
            let (keeping, ctx) = (keeping.clone(), ctx.clone());
            let sweep = Sweep { dry, ..sweep.clone() };
            world.db().write(move |tx| (keeping.destroy)(tx, &ctx, &sweep)).await.unwrap().records
        };
        assert_eq!((run(true).await, run(false).await, run(false).await), (1, 1, 0));
        assert_eq!(count(&world, "SELECT count(*) FROM text_in").await, 1);
        let desk = world.signed_in(&world.account(Role::Coordinator, None).login).await;
        let list = desk.get("/staff/texts").await;
        assert_eq!(list.status, 200, "{}", list.body);
        let wanted = |it: &String| it.strip_prefix("/staff/texts/").is_some_and(|id| id.len() == 32);
        let talk = list.links().into_iter().find(wanted).unwrap();
        let page = desk.get(&talk).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(!page.text().contains("7391"), "{}", page.text());
    }

    async fn nothing_personal_lies_in_jobs_or_addresses(world: World) {
        let (token, number) = reported(&world, "h").await;
        let officer = world.signed_in(&world.account(Role::Coordinator, None).login).await;
        let case = case_of(&world, &number).await;
        let mut links = officer.get(&format!("/staff/case/{case}")).await.links();
        for path in ["/staff/queue/unassigned", "/staff/search?q=x", "/staff/texts"] {
            links.extend(officer.get(path).await.links());
        }
        for path in [format!("/c/{token}"), format!("/c/{token}/data"), "/track".to_owned()] {
            links.extend(world.browser().get(&path).await.links());
        }
        let jobs: Vec<(String, Value)> =
            world.db().read(|tx| tx.all("SELECT kind, payload FROM queue_job", [])).await.unwrap();
        assert!(jobs.len() > 1 && links.len() > 20);
        let payloads = jobs.iter().map(|(kind, payload)| format!("{kind} {payload}"));
        for said in payloads.chain(links) {
            for canary in [CANARY, "나민원", PHONE, "01000007391"] {
                assert!(!said.contains(canary), "{canary} in {said}");
            }
        }
        // What waits to go out is sealed.
        let waiting: Vec<(Vec<u8>, Vec<u8>)> = world
            .db()
            .read(|tx| tx.all("SELECT recipient, body FROM notice_message", []))
            .await
            .unwrap();
        assert!(!waiting.is_empty());
        for bytes in waiting.iter().flat_map(|(to, body)| [to, body]) {
            for canary in ["01000007391", "나민원", CANARY] {
                let shown = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
                assert!(!shown, "{canary} lies open in the outbox");
            }
        }
    }

    async fn erasure_is_asked_for_and_decided_by_a_person(world: World) {
        let (token, number) = reported(&world, "e").await;
        world.drain().await;
        let resident = world.browser();
        let page = resident.get(&format!("/c/{token}/data")).await;
        assert_eq!(page.submit_to(&format!("/c/{token}/erase"), &[("words", "지워 주세요")]).await.status, 303);
        assert_eq!(page.submit_to(&format!("/c/{token}/erase"), &[("words", "다시")]).await.status, 409);
        let head = world.signed_in(&world.account(Role::Coordinator, None).login).await;
        let list = head.get("/staff/erasures").await;
        assert!(list.text().contains(&number) && list.text().contains("지워 주세요"), "{}", list.text());
        assert_eq!(list.submit_to("/staff/erasures", &[("reason", "")]).await.status, 422);
        // Nobody is answered yet: what is owed an answer cannot be erased, and that is said.
        let refused = list.submit_to("/staff/erasures", &[("reason", "요청대로"), ("erase", "1")]).await;
        assert_eq!(refused.status, 409, "{}", refused.text());
        // What is held about the one who asked is put together where it is for everybody.
        let of_case = format!("/staff/case/{}/held?party=", case_of(&world, &number).await);
        assert!(list.links().iter().any(|it| it.starts_with(&of_case)), "{:?}", list.links());
        {
            let hidden = list.hidden(Some("/staff/erasures"));
            let id = &hidden.iter().find(|(name, _)| name == "id").unwrap().1;
            // For the head of a unit whose case it is not there is no such request.
            let other = world.account(Role::Head, Some("resource-circulation")).login.clone();
            let other = world.signed_in(&other).await;
            let theirs = other.get("/staff/erasures").await;
            assert!(!theirs.text().contains(&number), "{}", theirs.text());
            let page = other.get("/staff/password").await;
            let sent = [("id", id.as_str()), ("reason", "요청대로"), ("erase", "1")];
            assert_eq!(page.submit_to("/staff/erasures", &sent).await.status, 409);
        }
        close(&world, &number).await;
        let done = list.submit_to("/staff/erasures", &[("reason", "요청대로"), ("erase", "1")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(resident.get(&format!("/c/{token}")).await.status, 404);
        assert_eq!(count(&world, "SELECT count(*) FROM cases_party WHERE name IS NOT NULL").await, 0);
        assert!(head.get("/staff/erasures").await.text().contains("요청대로"));
    }

    async fn what_is_held_is_given_at_the_desk_without_a_request(world: World) {
        let (token, number) = reported(&world, "desk").await;
        let case = case_of(&world, &number).await;
        // The telephone's owner follows the whole area, and has confirmed it.
        let resident = world.browser();
        let form = resident.get("/follow").await;
        let wish = [("what", "all"), ("rhythm", "daily"), ("contact", PHONE)];
        let code = form.submit_to("/follow", &wish).await;
        assert_eq!(code.status, 200, "{}", code.text());
        world.drain().await;
        let sent = world.messages();
        let mut sent = sent.iter().filter(|it| it["to"] == "01000007391");
        let words = sent.next_back().unwrap()["body"].as_str().unwrap().to_owned();
        let digits = words.split(|it: char| !it.is_ascii_digit()).find(|it| it.len() == 6).unwrap();
        let done = code.submit_to("/follow/code", &[("code", digits)]).await;
        assert_eq!(done.status, 303, "{}", done.text());

        // Whoever has the link may have written somebody else's telephone: it tells nothing of it.
        let mine = resident.get(&format!("/c/{token}/data.json")).await;
        assert!(mine.body.contains("나민원") && !mine.body.contains("follows"), "{}", mine.body);

        let held = format!("/staff/case/{case}/held");
        let head = world.signed_in(&world.account(Role::Coordinator, None).login).await;
        let page = head.get(&format!("/staff/case/{case}")).await;
        assert!(page.links().contains(&held), "{:?}", page.links());
        let page = head.get(&held).await;
        assert_eq!(page.status, 200, "{}", page.text());
        for hidden in ["나민원", PHONE, CANARY] {
            assert!(!page.body.contains(hidden), "nobody has been identified yet: {}", page.text());
        }
        let looks = "SELECT count(*) FROM people_look WHERE act = 'access'";
        let party = {
            let id = page.body.split("name=\"party\"").nth(1).unwrap();
            id.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let unasked = page.submit_to(&held, &[("party", party.as_str()), ("reason", " ")]).await;
        assert_eq!(unasked.status, 422, "{}", unasked.text());
        assert!(unasked.body.contains("aria-invalid"), "{}", unasked.body);
        let nobody = page.submit_to(&held, &[("party", ""), ("reason", "신분증을 봄")]).await;
        assert_eq!(nobody.status, 422);
        assert!(nobody.body.contains("신분증을 봄"), "what was typed is kept");
        let stranger = [("party", "00000000000000000000000000000001"), ("reason", "신분증을 봄")];
        assert_eq!(page.submit_to(&held, &stranger).await.status, 404);
        assert_eq!(count(&world, looks).await, 0, "nothing was given, nothing was seen");
        let asked = [("party", party.as_str()), ("reason", "신분증을 봄"), ("file", "1")];
        let file = page.submit_to(&held, &asked).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let said: Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!(said["held"]["contact"][0]["name"], "나민원");
        assert_eq!(said["held"]["report"][0]["words"], CANARY);
        assert_eq!(said["held"]["follows"][0]["what"], "우리 지역 모두", "{said}");
        assert_eq!(count(&world, looks).await, 1, "and the person will see it");
        let after = resident.get(&format!("/c/{token}/data")).await.text();
        assert!(after.contains("신분증을 봄"), "{after}");

        // The paper says the same: what, since when, for how long and on which ground, who looked.
        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let rule = [("kind", "cases.contacts"), ("months", "36"), ("valid_from", "2026-06-08"), ("basis", "개인정보 처리방침 제3조")];
        let set = admin.get("/staff/privacy/retention").await.submit_to("/staff/privacy/retention", &rule).await;
        assert_eq!(set.status, 303, "{}", set.text());
        let chosen = head.get(&format!("{held}?party={party}")).await;
        let asked = [("party", party.as_str()), ("reason", "신분증을 봄")];
        let paper = chosen.submit_to(&held, &asked).await;
        assert_eq!(paper.status, 200, "{}", paper.text());
        for said in [
            "개인정보 열람 결과", "나민원", PHONE, CANARY, "우리 지역 모두", &number,
            "답변한 날부터 3년 보관해요. 근거: 개인정보 처리방침 제3조",
            "보관 기간을 아직 정하지 않아", "민원조정관", "신분증을 봄", "민원 처리에 관한 법률 제7조",
            "한국어", "고쳐 달라고 할 수 있어요", "지워 달라고 할 수 있어요",
        ] {
            assert!(paper.text().contains(said), "{said}: {}", paper.text());
        }
        assert_eq!(count(&world, looks).await, 2, "a look each time");
        let kept = resident.get(&format!("/c/{token}/data")).await.text();
        assert!(kept.contains("근거: 개인정보 처리방침 제3조"), "{kept}");
        // From the paper to the file, with what was chosen; that is a look too.
        let file = paper.submit_to(&held, &[("file", "1")]).await;
        assert!(file.body.starts_with('{'), "{}", file.body);
        assert_eq!(count(&world, looks).await, 3);

        // The head of another unit, for whom there is no such case.
        let other = world.account(Role::Head, Some("resource-circulation")).login.clone();
        let other = world.signed_in(&other).await;
        assert_eq!(other.get(&held).await.status, 404);
        let form = other.get("/staff/password").await;
        let sent = [("party", party.as_str()), ("reason", "궁금해서")];
        assert_eq!(form.submit_to(&held, &sent).await.status, 404);
        assert_eq!(count(&world, looks).await, 3);
    }

    async fn a_key_is_changed_while_people_report_and_read(world: World) {
        let mut tokens = vec![reported(&world, "f0").await.0, reported(&world, "f1").await.0];
        let path = world.folder().join("field.key");
        let mut file = KeyFile::read(&path).unwrap().unwrap();
        let ctx: Ctx = world.ctx();
        assert_eq!(file.rotate(&ctx.ids, ctx.now), Ok(2));
        file.write(&path).unwrap();
        let columns = maeul_app::bytes();
        let used = async || {
            let columns = columns.clone();
            world.db().read(move |tx| keys_in_use(tx, &columns)).await.unwrap()
        };
        let sum = |of: &std::collections::BTreeMap<String, i64>| of.values().sum::<i64>();
        let before = used().await;
        assert!(sum(&before[&1]) > 2 && !before.contains_key(&2), "{before:?}");
        // Reported after the change: sealed with the new key at once, by a server that was not told.
        tokens.push(reported(&world, "f2").await.0);
        assert!(sum(&used().await[&2]) > 0);

        // One step and a stop; then the job does the rest, with reports and readers in between.
        let shelf = shelf(&world);
        let (_, place) = reseal_step(world.db(), &ctx, &shelf, Place::default()).await.unwrap();
        let mut place = place.unwrap();
        for key in 0..12 {
            let (_, next) = reseal_step(world.db(), &ctx, &shelf, place).await.unwrap();
            tokens.push(reported(&world, &format!("g{key}")).await.0);
            let page = world.browser().get(&format!("/c/{}/data", tokens[key])).await;
            assert!(page.text().contains("나민원"), "{}", page.text());
            match next {
                Some(next) => place = next,
                None => break,
            }
        }
        let asking = ctx.clone();
        world
            .db()
            .write(move |tx| ask_reseal(tx, &asking, place))
            .await
            .map_err(|fault: Fault| fault)
            .unwrap();
        world.drain().await;
        let after = used().await;
        assert!(!after.contains_key(&1), "{after:?}");
        for token in &tokens {
            let page = world.browser().get(&format!("/c/{token}/data")).await;
            assert!(page.text().contains("나민원"), "links and fields are as before");
        }
        // Signing in opens a sealed secret; messages were opened to be sent.
        world.signed_in(&world.account(Role::Officer, None).login).await;
        assert!(world.messages().len() >= tokens.len());
        let seal = world.house.site.seal().clone();
        let office = world.office;
        let whole = world
            .db()
            .read(move |tx| Checking::new(office, 1, &[]).step(tx, &seal))
            .await
            .unwrap();
        assert!(whole.is_none_or(|it| it.broken.is_none()), "the chain does not hang on the key");
        assert!(world.db().read(move |tx| look_head(tx, office)).await.unwrap().is_none());
    }

    async fn every_column_of_bytes_says_what_it_holds(world: World) {
        let found: BTreeSet<(String, String)> =
            world.db().read(maeul_db::bytes_columns).await.unwrap().into_iter().collect();
        let declared = maeul_app::bytes();
        let said: BTreeSet<(String, String)> =
            declared.iter().map(|it| (it.table.to_owned(), it.column.to_owned())).collect();
        assert_eq!(said.len(), declared.len(), "declared twice");
        let unsaid: Vec<_> = found.difference(&said).collect();
        assert!(unsaid.is_empty(), "say in the room's BYTES what they hold: {unsaid:?}");
        let gone: Vec<_> = said.difference(&found).collect();
        assert!(gone.is_empty(), "no such columns: {gone:?}");
        assert!(found.len() > 40, "{}", found.len());
        // What is declared as sealed can be counted and sealed again: tables and ids are right.
        let columns = declared.clone();
        world.db().read(move |tx| keys_in_use(tx, &columns)).await.unwrap();
        let (shelf, ctx) = (shelf(&world), world.ctx());
        let mut place = Some(Place::default());
        while let Some(at) = place {
            place = reseal_step(world.db(), &ctx, &shelf, at).await.unwrap().1;
        }
    }
}
