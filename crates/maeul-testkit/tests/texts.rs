//! The text-message line through the whole app: what gateways bring, what residents are answered,
//! what officers see and decide.

use maeul_base::Role;
use maeul_testkit::{Answer, SECRET, TEXT_NUMBER, World, worlds};
use serde_json::{Value, json};

const MINSU: &str = "01012340001";
const YEONG: &str = "01012340002";

fn escape(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// A text by Kannel's get-url.
async fn kannel(world: &World, id: &str, from: &str, query: &str) -> Answer {
    let secret = escape(SECRET.as_bytes());
    let path =
        format!("/hooks/sms/kannel?secret={secret}&id={id}&from={from}&to={TEXT_NUMBER}&{query}");
    world.browser().get(&path).await
}

/// A text in plain UTF-8, taken in.
async fn text(world: &World, id: &str, from: &str, words: &str) {
    let answer =
        kannel(world, id, from, &format!("coding=0&text={}", escape(words.as_bytes()))).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, ""), "a body would be texted back");
}

/// What was texted to a number so far.
fn texted(world: &World, to: &str) -> Vec<String> {
    let to = |it: &&Value| it["to"] == to && it["channel"] == "sms";
    world.messages().iter().filter(to).map(|it| it["body"].as_str().unwrap().to_owned()).collect()
}

/// The addresses of the conversations on the coordinator's screen, unanswered first.
async fn talks(desk: &maeul_testkit::Browser) -> Vec<String> {
    let page = desk.get("/staff/texts").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let wanted = |it: &String| it.strip_prefix("/staff/texts/").is_some_and(|id| id.len() == 32);
    page.links().into_iter().filter(wanted).collect()
}

async fn coordinator(world: &World) -> maeul_testkit::Browser {
    let login = world.account(Role::Coordinator, None).login.clone();
    world.signed_in(&login).await
}

worlds! {
    async fn a_text_becomes_a_case_and_is_acknowledged(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요. 고쳐 주세요").await;
        world.drain().await;
        let sent = texted(&world, MINSU);
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].contains("접수 2026-") && sent[0].contains("까지 답해요"), "{}", sent[0]);
        // The gateway was not sure and brings it again.
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요. 고쳐 주세요").await;
        world.drain().await;
        assert_eq!(texted(&world, MINSU).len(), 1);
        let talks = talks(&desk).await;
        assert_eq!(talks.len(), 1);
        let page = desk.get(&talks[0]).await;
        let shown = page.text();
        assert!(shown.contains("010-****-0001") && !page.body.contains(MINSU), "{shown}");
        assert!(shown.contains("법정 기한") && shown.contains("우리 약속"), "{shown}");
        // Monday 10:15 and 48 hours.
        assert!(shown.contains("2026. 6. 10.(수) 10:15"), "{shown}");
        assert!(shown.contains("접수 2026-") && shown.contains("LMS"), "{shown}");
    }

    async fn a_reply_joins_and_a_new_matter_does_not(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        text(&world, "k2", MINSU, "위치는 정문에서 오른쪽 두 번째 등이에요").await;
        text(&world, "k3", MINSU, "다른 건인데요 풍암동 공원에 쓰레기가 쌓여 있어요").await;
        text(&world, "k5", MINSU, "가로등은 언제쯤 고쳐지나요?").await;
        // Another resident's is never joined.
        text(&world, "k4", YEONG, "위치는 정문에서 오른쪽이에요").await;
        world.drain().await;
        assert_eq!(texted(&world, MINSU).len(), 2, "two cases, two acknowledgements");
        assert_eq!(texted(&world, YEONG).len(), 1);
        let talks = talks(&desk).await;
        assert_eq!(talks.len(), 3);
        let mut joined = 0;
        for talk in &talks {
            let page = desk.get(talk).await.text();
            if page.contains("오른쪽 두 번째") {
                assert!(page.contains("가로등이 꺼졌어요"), "{page}");
                assert!(page.contains("30분 안에 이어 보냄"), "the reasons are shown: {page}");
                joined += 1;
            }
        }
        assert_eq!(joined, 1);
    }

    async fn split_and_join_by_an_officer(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        text(&world, "k2", MINSU, "그리고 그 옆도 한번 봐 주세요").await;
        world.drain().await;
        let before = texted(&world, MINSU).len();
        let talk = talks(&desk).await.remove(0);
        let page = desk.get(&talk).await;
        assert!(page.body.contains("data-key=\"s\""), "one key: {}", page.text());
        let done = page.submit_to(&format!("{talk}/split"), &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let fresh = done.location().unwrap();
        world.drain().await;
        assert_eq!(texted(&world, MINSU).len(), before + 1, "the new case is acknowledged");
        assert_eq!(talks(&desk).await.len(), 2);
        // And back again.
        let case = |page: &Answer| {
            let links = page.links();
            let found = links.into_iter().find(|it| it.contains("/staff/case/")).expect("a case");
            found.trim_end_matches("/answer").to_owned()
        };
        let page = desk.get(&fresh).await;
        let split_off = case(&page);
        assert!(page.body.contains("data-key=\"m\""), "{}", page.text());
        let done = page.submit_to(&format!("{fresh}/join"), &[]).await;
        assert_eq!(done.location().as_deref(), Some(talk.as_str()), "{}", done.text());
        let page = desk.get(&talk).await.text();
        assert!(page.contains("그 옆도"), "{page}");
        let old = desk.get(&fresh).await.text();
        assert!(old.contains("다른 대화에 합쳤습니다"), "{old}");
        // The case that was split off keeps its right to an answer, and gets it with the other.
        let lead = case(&desk.get(&talk).await);
        assert_ne!(lead, split_off);
        let page = desk.get(&split_off).await.text();
        assert!(page.contains("함께 답"), "{page}");
        let answering = desk.get(&format!("{lead}/answer")).await;
        let fields = [
            ("result", "등을 바꿨습니다."),
            ("reason", "고장 난 것을 확인했습니다."),
            ("remedy", "다시 꺼지면 알려 주세요."),
            ("outcome", "done"),
            ("do", "send"),
        ];
        let before = texted(&world, MINSU).len();
        let done = answering.submit(&fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        world.drain().await;
        assert_eq!(texted(&world, MINSU).len(), before + 2, "a letter for each");
        for path in [&lead, &split_off] {
            let page = desk.get(path).await.text();
            assert!(page.contains("답변 완료") || page.contains("처리 완료"), "{page}");
        }
    }

    async fn praise_is_passed_on_without_a_clock(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "공원 청소해 주시는 분들 덕분에 산책이 즐거워요 감사합니다").await;
        world.drain().await;
        let sent = texted(&world, MINSU);
        assert_eq!(sent.len(), 1);
        assert!(sent[0].contains("고맙습니다") && !sent[0].contains("접수 2026"), "{}", sent[0]);
        let talk = talks(&desk).await.remove(0);
        let page = desk.get(&talk).await;
        assert!(page.text().contains("칭찬·감사"), "{}", page.text());
        let done = page.submit_to(&format!("{talk}/case"), &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        world.drain().await;
        assert!(texted(&world, MINSU)[1].contains("접수 2026"));
        let page = desk.get(&talk).await;
        assert!(page.text().contains("법정 기한"), "{}", page.text());
        // Once is enough.
        let again = page.submit_to(&format!("{talk}/case"), &[]).await;
        assert_eq!(again.status, 409, "{}", again.text());
    }

    async fn texts_stop_and_start(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        world.drain().await;
        text(&world, "k2", MINSU, "수신거부").await;
        world.drain().await;
        let sent = texted(&world, MINSU);
        assert_eq!(sent.len(), 2);
        assert!(sent[1].contains("보내지 않아요"), "{}", sent[1]);
        world.at(2026, 6, 8, 10, 16);
        // A new case is received, and nothing is sent.
        text(&world, "k3", MINSU, "다른 건인데 풍암동 버스정류장 의자가 부서졌어요").await;
        world.drain().await;
        assert_eq!(texted(&world, MINSU).len(), 2, "no text goes out");
        let mut told = 0;
        for talk in talks(&desk).await {
            let page = desk.get(&talk).await.text();
            if page.contains("의자가 부서졌어요") {
                assert!(page.contains("수신거부라 보내지 않음"), "{page}");
                assert!(page.contains("전화나 우편으로"), "{page}");
                told += 1;
            }
        }
        assert_eq!(told, 1);
        text(&world, "k4", MINSU, "수신동의").await;
        text(&world, "k5", MINSU, "다른 건인데 금호동 하수구가 막혔어요").await;
        world.drain().await;
        let sent = texted(&world, MINSU);
        assert_eq!(sent.len(), 4, "{sent:?}");
    }

    async fn long_texts_come_in_parts_in_any_order(world: World) {
        let desk = coordinator(&world).await;
        let words = "치평동 상무초 정문 앞 가로등 세 개가 사흘째 꺼져 있어서 밤에 아이들이 지나다니기 무섭습니다. 빨리 고쳐 주세요. 부탁드립니다.";
        let bytes = utf16(words);
        // Cut in the middle of a letter: nothing forbids it.
        let (first, second) = bytes.split_at(67);
        let part = |seq: u8, bytes: &[u8]| {
            format!("coding=2&udh={}&text={}", escape(&[5, 0, 3, 9, 2, seq]), escape(bytes))
        };
        assert_eq!(kannel(&world, "p2", MINSU, &part(2, second)).await.status, 202);
        world.drain().await;
        assert_eq!(talks(&desk).await.len(), 0);
        assert_eq!(kannel(&world, "p2", MINSU, &part(2, second)).await.status, 202);
        assert_eq!(kannel(&world, "p1", MINSU, &part(1, first)).await.status, 202);
        world.drain().await;
        let talks = talks(&desk).await;
        assert_eq!(talks.len(), 1);
        let page = desk.get(&talks[0]).await.text();
        assert!(page.contains(words), "{page}");
    }

    async fn a_part_that_never_comes_loses_nothing(world: World) {
        let desk = coordinator(&world).await;
        let bytes = utf16("치평동 가로등이 꺼졌어요 그리고");
        let query = format!("coding=2&udh={}&text={}", escape(&[5, 0, 3, 9, 3, 1]), escape(&bytes));
        kannel(&world, "p1", MINSU, &query).await;
        world.drain().await;
        assert_eq!(talks(&desk).await.len(), 0);
        world.at(2026, 6, 8, 10, 31);
        let ctx = world.ctx();
        world
            .db()
            .write(move |tx| {
                let job = maeul_queue::NewJob::now(&ctx, maeul_text::jobs::PARTS, json!({}));
                maeul_queue::enqueue(tx, &ctx, &job)
            })
            .await
            .unwrap();
        world.drain().await;
        let talks = talks(&desk).await;
        assert_eq!(talks.len(), 1);
        let page = desk.get(&talks[0]).await.text();
        assert!(page.contains("오지 않은 조각 2개"), "{page}");
    }

    async fn what_cannot_be_read_is_kept(world: World) {
        let desk = coordinator(&world).await;
        kannel(&world, "e", MINSU, "coding=0&text=%20").await;
        kannel(&world, "b", MINSU, "coding=1&text=%89PNG%0D%0A%1A%0A%00%00%00%0DIHDR").await;
        kannel(&world, "s", "15881234", &format!("coding=0&text={}", escape("대출 광고입니다 가로등".as_bytes()))).await;
        world.drain().await;
        let sent = texted(&world, MINSU);
        assert_eq!(sent.len(), 1, "told once a day: {sent:?}");
        assert!(sent[0].contains("글로 보내 주세요"));
        assert!(texted(&world, "15881234").is_empty(), "an advertiser is not answered");
        let talks = talks(&desk).await;
        assert_eq!(talks.len(), 3);
        let mut pages = String::new();
        for talk in &talks {
            pages.push_str(&desk.get(talk).await.text());
        }
        for wanted in ["내용이 없는 문자", "글이 아닌 문자", "읽을 수 없는 16바이트", "답할 수 없는 번호"] {
            assert!(pages.contains(wanted), "{wanted}: {pages}");
        }
        // A person may still make a case of it, or say that it needs nothing.
        let page = desk.get(&talks[0]).await;
        assert_eq!(page.submit_to(&format!("{}/looked", talks[0]), &[]).await.status, 303);
        let board = desk.get("/staff/texts").await.text();
        assert!(board.contains("답하지 않은 대화\n2"), "{board}");
    }

    async fn strangers_are_turned_away(world: World) {
        let desk = coordinator(&world).await;
        let browser = world.browser();
        assert_eq!(browser.get("/hooks/sms/kannel?secret=no&from=1&text=x").await.status, 403);
        assert_eq!(browser.get("/hooks/sms/kannel?from=1&text=x").await.status, 403);
        assert_eq!(browser.get("/hooks/sms/smssync?task=send").await.status, 403);
        assert_eq!(browser.post("/hooks/sms/smssync", &[("from", "1"), ("message", "x")]).await.status, 403);
        let body = json!({"type":"message","id":"1","from":MINSU,"to":"","text":"x"}).to_string();
        assert_eq!(
            browser.post_raw("/hooks/sms/webhook", "application/json", body.into_bytes()).await.status,
            403
        );
        assert_eq!(talks(&desk).await.len(), 0);
    }

    async fn officers_see_their_units_texts_and_heads_all(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        world.drain().await;
        let talk = talks(&desk).await.remove(0);
        let page = desk.get(&talk).await.text();
        let mut seen = 0;
        for account in world.accounts.iter().filter(|it| it.role != Role::Coordinator) {
            let browser = world.signed_in(&account.login).await;
            let board = browser.get("/staff/texts").await;
            match account.role {
                Role::Administrator | Role::Viewer | Role::Auditor => assert_eq!(board.status, 404),
                Role::Head | Role::Coordinator => {
                    assert!(board.text().contains("가로등이 꺼졌어요"), "{}", account.login);
                }
                Role::Officer => {
                    let sees = board.text().contains("가로등이 꺼졌어요");
                    assert_eq!(browser.get(&talk).await.status, if sees { 200 } else { 404 });
                    seen += usize::from(sees);
                }
            }
        }
        let officers = world.accounts.iter().filter(|it| it.role == Role::Officer).count();
        assert!(seen < officers, "{seen} of {officers}: {page}");
    }

    async fn the_number_is_shown_once_and_logged(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        let talk = talks(&desk).await.remove(0);
        let page = desk.get(&talk).await;
        let refused = page.submit_to(&format!("{talk}/reveal"), &[("reason", "")]).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        let shown = page.submit_to(&format!("{talk}/reveal"), &[("reason", "현장 확인 약속")]).await;
        assert_eq!(shown.status, 200);
        assert!(shown.text().contains(MINSU), "{}", shown.text());
        let (office, id) = (world.office, talk.rsplit('/').next().unwrap().parse().unwrap());
        let looks = world
            .db()
            .read(move |tx| maeul_people::reveals(tx, office, "text_talk", id))
            .await
            .unwrap();
        // The conversation was opened with a look of its own.
        let shown = looks.iter().filter(|it| it.field == "phone").count();
        assert_eq!(shown, 1, "{looks:?}");
        assert!(!desk.get(&talk).await.body.contains(MINSU));
    }

    async fn an_answer_settles_and_a_complaint_reopens(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        world.drain().await;
        let talk = talks(&desk).await.remove(0);
        let page = desk.get(&talk).await;
        let asked = page.submit_to(&format!("{talk}/ask"), &[("question", "기둥 번호를 알 수 있을까요?")]).await;
        assert_eq!(asked.status, 303, "{}", asked.text());
        world.drain().await;
        let sent = texted(&world, MINSU);
        assert!(sent[1].contains("기둥 번호를 알 수 있을까요?") && sent[1].contains("답장해 주세요"), "{}", sent[1]);
        world.at(2026, 6, 9, 14, 0);
        let desk = coordinator(&world).await;
        text(&world, "k2", MINSU, "A-1203 이에요").await;
        let case = desk.get(&talk).await.links().into_iter().find(|it| it.starts_with("/staff/case/")).unwrap();
        let case = case.trim_end_matches("/answer").to_owned();
        assert!(desk.get(&case).await.text().contains("A-1203"), "the reply is in the case");
        let form = desk.get(&format!("{case}/answer")).await;
        let done = form.submit(&[("outcome", "done"), ("result", "전구를 바꿔 켰습니다."), ("do", "send")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        world.drain().await;
        let sent = texted(&world, MINSU);
        assert!(sent.last().unwrap().contains("전구를 바꿔 켰습니다."), "{sent:?}");
        assert!(desk.get("/staff/texts").await.text().contains("답을 기다리는 문자가 없습니다"));
        // Thanks for it is praise for that unit; a complaint opens the case again.
        world.at(2026, 6, 10, 9, 30);
        let desk = coordinator(&world).await;
        text(&world, "k3", MINSU, "고맙습니다").await;
        text(&world, "k4", MINSU, "치평동 가로등 아직도 꺼져 있어요").await;
        world.drain().await;
        let board = desk.get("/staff/texts").await.text();
        assert!(board.contains("답하지 않은 대화\n1"), "{board}");
        let page = desk.get(&talk).await.text();
        assert!(page.contains("아직도 꺼져 있어요"), "{page}");
        assert!(texted(&world, MINSU).iter().any(|it| it.contains("다시 처리")), "{:?}", texted(&world, MINSU));
    }

    async fn the_promise_is_the_offices_own(world: World) {
        let desk = coordinator(&world).await;
        let page = desk.get("/staff/texts/promise").await;
        let wrong = page.submit(&[("hours", "0")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("1에서 1,440"), "{}", wrong.text());
        let done = page.submit(&[("hours", "24"), ("skips", "1")]).await;
        assert_eq!(done.status, 303);
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        let talk = talks(&desk).await.remove(0);
        assert!(desk.get(&talk).await.text().contains("2026. 6. 9.(화) 10:15"));
        assert!(desk.get("/staff/texts").await.text().contains("24시간(쉬는 날 빼고)"));
    }

    async fn reports_of_the_gateway_are_shown(world: World) {
        let desk = coordinator(&world).await;
        text(&world, "k1", MINSU, "치평동 상무초 앞 가로등이 꺼졌어요").await;
        world.drain().await;
        let id = world.messages()[0]["id"].as_str().unwrap().replace('-', "");
        let secret = escape(SECRET.as_bytes());
        let report = |state: u8| {
            format!("/hooks/sms/kannel/dlr?secret={secret}&office=29140&id={id}&state={state}&why=x")
        };
        let browser = world.browser();
        assert_eq!(browser.get(&report(8)).await.status, 202);
        assert_eq!(browser.get(&report(1)).await.status, 202);
        // What comes after the end changes nothing.
        assert_eq!(browser.get(&report(2)).await.status, 202);
        let talk = talks(&desk).await.remove(0);
        let page = desk.get(&talk).await.text();
        assert!(page.contains("도착 · LMS"), "{page}");
    }
}

async fn signed(world: &World, body: &Value, at: i64) -> Answer {
    let body = body.to_string();
    let proof = maeul_text::signature(SECRET, at, body.as_bytes());
    let headers = [("x-maeul-timestamp", at.to_string()), ("x-maeul-signature", proof)];
    world
        .browser()
        .post_with("/hooks/sms/webhook", "application/json", &headers, body.into_bytes())
        .await
}

worlds! {
    async fn a_signed_webhook_brings_texts_and_reports(world: World) {
        let desk = coordinator(&world).await;
        let now = world.clock.now().as_second();
        let body = json!({
            "type": "message", "id": "w1", "from": MINSU, "to": TEXT_NUMBER,
            "text": "치평동 상무초 앞 가로등이 꺼졌어요",
        });
        assert_eq!(signed(&world, &body, now).await.status, 200);
        // Caught on the way and sent again: within the window it is known, after it refused.
        let again = signed(&world, &body, now).await;
        assert!(again.body.contains("\"again\":true"), "{}", again.body);
        assert_eq!(signed(&world, &body, now - 400).await.status, 403);
        world.drain().await;
        assert_eq!(talks(&desk).await.len(), 1);
        assert_eq!(texted(&world, MINSU).len(), 1);
        let id = world.messages()[0]["id"].as_str().unwrap().to_owned();
        let report = json!({
            "type": "delivery", "notice": id, "office": 29140, "state": "failed",
            "reason": "없는 번호",
        });
        assert_eq!(signed(&world, &report, now).await.status, 200);
        let talk = talks(&desk).await.remove(0);
        let page = desk.get(&talk).await.text();
        assert!(page.contains("전하지 못함") && page.contains("없는 번호"), "{page}");
    }
}

/// A world whose texts a handset fetches.
fn with_handset<F: Future<Output = ()>>(engine: maeul_db::Engine, body: impl FnOnce(World) -> F) {
    World::run_with(engine, |setup| setup.texts.handset = true, body);
}

async fn a_handset_is_the_gateway(world: World) {
    let desk = coordinator(&world).await;
    let phone = world.browser();
    let sync = "/hooks/sms/smssync";
    let json = |answer: Answer| -> Value { serde_json::from_str(&answer.body).unwrap() };
    let fields = [
        ("from", "+821012340001"),
        ("message", "치평동 상무초 앞 가로등이 꺼졌어요"),
        ("message_id", "m1"),
        ("sent_to", TEXT_NUMBER),
        ("secret", SECRET),
        ("device_id", "1"),
        ("sent_timestamp", "1780881300000"),
    ];
    for _ in 0..2 {
        let told = json(phone.post(sync, &fields).await);
        assert_eq!(told["payload"]["success"], true, "{told}");
    }
    world.drain().await;
    assert_eq!(talks(&desk).await.len(), 1);
    // Fetched once.
    let secret = escape(SECRET.as_bytes());
    let task = format!("{sync}?task=send&secret={secret}");
    let fetched = json(phone.get(&task).await);
    assert_eq!(fetched["payload"]["secret"], SECRET);
    let messages = fetched["payload"]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1, "{fetched}");
    assert_eq!(messages[0]["to"], MINSU);
    assert!(messages[0]["message"].as_str().unwrap().contains("접수 2026-"));
    let uuid = messages[0]["uuid"].as_str().unwrap().to_owned();
    assert_eq!(json(phone.get(&task).await)["payload"]["messages"].as_array().unwrap().len(), 0);
    // The key may stand at the end of the address.
    assert_eq!(phone.get(&format!("{sync}/{secret}?task=send")).await.status, 200);
    // It has it; it sent it; it arrived.
    let sent = format!("{sync}?task=sent&secret={secret}");
    let body = json!({ "queued_messages": [uuid, "0197548b6ac07ff5b1d2a2d3e4f50607"] });
    let told = json(phone.post_raw(&sent, "application/json", body.to_string().into_bytes()).await);
    assert_eq!(told["message_uuids"], json!([uuid]));
    let result = format!("{sync}?task=result&secret={secret}");
    assert_eq!(json(phone.get(&result).await)["message_uuids"], json!([uuid]));
    let body = json!({ "message_result": [{
        "uuid": uuid, "sent_result_code": 0, "sent_result_message": "SMSSync Message Sent",
        "delivered_result_code": -1, "delivered_result_message": "SMS delivered",
    }] });
    phone.post_raw(&result, "application/json", body.to_string().into_bytes()).await;
    assert_eq!(json(phone.get(&result).await)["message_uuids"], json!([]));
    let talk = talks(&desk).await.remove(0);
    let page = desk.get(&talk).await.text();
    assert!(page.contains("도착 · LMS"), "{page}");
    // Left lying for a while, the head is told.
    let asked = desk
        .get(&talk)
        .await
        .submit_to(&format!("{talk}/ask"), &[("question", "몇 번째 기둥인가요?")])
        .await;
    assert_eq!(asked.status, 303);
    world.drain().await;
    world.at(2026, 6, 8, 10, 40);
    assert!(desk.get("/staff/texts").await.text().contains("휴대전화가 문자를 가져가지 않습니다"));
    // The answer to a text carries what waits.
    let mut more = fields;
    more[1] = ("message", "네");
    more[2] = ("message_id", "m2");
    let told = json(phone.post(sync, &more).await);
    let messages = told["payload"]["messages"].as_array().unwrap();
    assert!(messages[0]["message"].as_str().unwrap().contains("몇 번째 기둥"), "{told}");
}

#[test]
fn a_handset_is_the_gateway_on_sqlite() {
    with_handset(maeul_db::Engine::Sqlite, a_handset_is_the_gateway);
}

#[test]
fn a_handset_is_the_gateway_on_postgres() {
    with_handset(maeul_db::Engine::Postgres, a_handset_is_the_gateway);
}
