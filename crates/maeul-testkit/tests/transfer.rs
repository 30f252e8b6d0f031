//! Cases sent to other agencies: a real second office of our own, and an agency with every bad
//! manner. No transfer is a dead letter, and none is sent twice.

mod agency;
mod support;

use std::sync::Arc;
use std::time::Duration;

use agency::{Agency, Manner};
use maeul_outside::{HttpLine, Reach};
use maeul_people::{NewApiClient, Scope, Scopes, add_api_client};
use maeul_testkit::{World, worlds};
use support::{desk, file, put};

const SIDE: (&str, &str) = ("attr-SIDE", "L");

worlds! {
    async fn a_case_goes_to_a_second_office_and_its_answer_comes_back(world: World) {
        let other = world.open_office("41150-uijeongbu").await;
        let ctx = world.house.site.system_ctx(other);
        let new = NewApiClient {
            name: "광주 서구".to_owned(),
            scopes: Scopes::new(Scope::USUAL),
            per_minute: 600,
            tokens: true,
        };
        let (_, key) = world.db().write(move |tx| add_api_client(tx, &ctx, &new)).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/o/41150/open311/v2", listener.local_addr().unwrap());
        let app = world.house.app.clone();
        let server = tokio::spawn(maeul_web::serve(listener, app, std::future::pending()));
        let desk = desk(world).await;
        put(&desk.world, &file(&endpoint, "json", "road-damage", key.reveal())).await;
        let before = desk.world.messages().len();
        desk.send(&[]).await;

        let told = desk.world.messages()[before..].to_vec();
        assert_eq!(told.len(), 1, "one message to the petitioner: {told:?}");
        let body = told[0]["body"].as_str().unwrap();
        assert!(body.contains("가온시(전화 031-000-0120)"), "{body}");
        let page = desk.resident.get(&desk.case).await.text();
        assert!(page.contains("담당 기관으로 보냈어요: 가온시"), "{page}");
        desk.later(1).await;
        let page = desk.page().await;
        assert!(page.contains("상대 기관에서 처리 중") && page.contains("상대 접수번호"), "{page}");
        let resident = desk.resident.get(&desk.case).await.text();
        assert!(resident.contains("가온시 접수번호: "), "{resident}");

        let there = desk.world.signed_in_at("/o/41150", "roadhead").await;
        let queue = there.get("/o/41150/staff/queue/unassigned").await;
        let link = queue.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
        let case = there.get(&link).await;
        assert!(case.text().contains(&desk.number), "our number is in their words");
        assert!(!case.text().contains("홍"), "nobody's name went along: {}", case.text());
        assert_eq!(case.submit_to(&format!("{link}/take"), &[]).await.status, 303);
        let answer = there.get(&format!("{link}/answer")).await;
        let words = [("outcome", "done"), ("result", "6월 9일에 도로를 메웠습니다."), ("do", "send")];
        assert_eq!(answer.submit(&words).await.status, 303);

        desk.later(30).await;
        let page = desk.page().await;
        assert!(page.contains("상대 기관 처리 끝"), "{page}");
        let officer = desk.fresh().await;
        let draft = officer.get(&format!("{}/answer", desk.link)).await.text();
        assert!(draft.contains("가온시에서 처리한 결과를 알려 드립니다."), "{draft}");
        assert!(draft.contains("도로를 메웠습니다"), "{draft}");
        let case = officer.get(&desk.link).await.text();
        assert!(case.contains("다른 시스템의 소식: 가온시"), "{case}");
        let own = officer.get(&format!("{}/answer", desk.link)).await;
        let words = [("outcome", "done"), ("result", "시에서 6월 9일에 도로를 메웠습니다."), ("do", "send")];
        assert_eq!(own.submit(&words).await.status, 303);
        desk.later(400).await;
        let list = desk.fresh().await.get("/staff/transfers").await.text();
        assert!(list.contains("다른 기관에 가 있는 민원이 없습니다"), "{list}");
        server.abort();
    }

    async fn a_lost_answer_is_looked_for_and_not_sent_again(world: World) {
        let agency = Agency::open(&[Manner::LosesTheAnswer]).await;
        let desk = desk(world).await;
        put(&desk.world, &file(&agency.address, "xml", "R1", "k")).await;
        desk.send(&[SIDE]).await;
        assert!(desk.page().await.contains("도착했는지 확인 중"));
        desk.later(2).await;
        let page = desk.page().await;
        assert!(page.contains("A-1") && page.contains("상대 기관에서 처리 중"), "{page}");
        desk.later(600).await;
        assert_eq!(agency.posts(), 1, "sent once");
    }

    async fn what_failed_is_sent_again_once_it_is_known_not_to_be_there(world: World) {
        let agency = Agency::open(&[Manner::Fails, Manner::Busy, Manner::TakesAndFails]).await;
        let desk = desk(world).await;
        put(&desk.world, &file(&agency.address, "xml", "R1", "k")).await;
        desk.send(&[SIDE]).await;
        assert_eq!(agency.posts(), 1);
        desk.later(2).await;
        assert_eq!(agency.posts(), 1, "their list is searched twice first");
        desk.later(5).await;
        desk.later(2).await;
        assert_eq!(agency.posts(), 2, "then it is sent again, and they are busy");
        desk.later(3).await;
        assert_eq!(agency.posts(), 3, "it is sent a third time, and the answer is a 500");
        desk.later(5).await;
        let page = desk.page().await;
        assert!(page.contains("A-1"), "found in their list: {page}");
        desk.later(600).await;
        assert_eq!((agency.posts(), agency.taken().len()), (3, 1), "and is there once");
    }

    async fn a_token_is_exchanged_when_the_agency_has_a_number(world: World) {
        let agency = Agency::open(&[Manner::Token]).await;
        let desk = desk(world).await;
        put(&desk.world, &file(&agency.address, "xml", "R1", "k")).await;
        desk.send(&[SIDE]).await;
        assert!(desk.page().await.contains("상대 번호를 기다림"));
        desk.later(1).await;
        desk.later(30).await;
        assert!(desk.page().await.contains("상대 번호를 기다림"), "they have none yet");
        agency.desk.lock().unwrap().numbered = true;
        desk.later(30).await;
        let page = desk.page().await;
        assert!(page.contains("A-1") && page.contains("상대 기관에서 처리 중"), "{page}");
    }

    async fn what_is_refused_comes_back_to_the_officer(world: World) {
        let agency = Agency::open(&[Manner::Refuses]).await;
        let desk = desk(world).await;
        put(&desk.world, &file(&agency.address, "xml", "R1", "k")).await;
        desk.send(&[SIDE]).await;
        let page = desk.page().await;
        assert!(page.contains("상대 기관이 받지 않음"), "{page}");
        assert!(page.contains("도로가 아니라 하천입니다"), "in their words: {page}");
        let list = desk.fresh().await.get("/staff/transfers").await.text();
        assert!(list.starts_with("다른 기관으로 보낸 민원\n1\n"), "counted as needing a person: {list}");
        desk.later(3000).await;
        assert_eq!(agency.posts(), 1, "nothing is sent that was refused");
        let before = desk.world.messages().len();
        let back = desk.press("/back", &[("reason", "하천은 저희가 관리해요.")]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        let told = desk.world.messages()[before..].to_vec();
        assert_eq!(told.len(), 1, "whoever heard that it is there hears that it is here");
        assert!(told[0]["body"].as_str().unwrap().contains("가온시에 보냈던"), "{told:?}");
        let form = desk.page().await;
        assert!(form.contains("그 기관의 일인 까닭") && form.contains("지난 이송"), "{form}");
        desk.send(&[SIDE]).await;
        assert_eq!(agency.taken().len(), 1, "and it can be sent again");
    }

    async fn what_cannot_be_found_out_is_left_to_a_person(world: World) {
        let agency = Agency::open(&[Manner::LosesTheAnswer, Manner::Number, Manner::Mute]).await;
        agency.desk.lock().unwrap().closed_list = true;
        let desk = desk(world).await;
        put(&desk.world, &file(&agency.address, "xml", "R1", "k")).await;
        desk.send(&[SIDE]).await;
        desk.later(2).await;
        let page = desk.page().await;
        assert!(page.contains("사람이 확인해야 함") && page.contains("전화로"), "{page}");
        desk.later(3000).await;
        assert_eq!(agency.posts(), 1, "nothing is sent twice by itself");
        assert_eq!(desk.press("/retry", &[]).await.status, 303);
        assert_eq!(agency.posts(), 2, "only because a person said so");
        assert!(desk.page().await.contains("상대 기관에서 처리 중"));
    }

    async fn an_agency_that_is_not_there_is_tried_again_and_called_out(world: World) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = format!("http://{}/v2", listener.local_addr().unwrap());
        drop(listener);
        let desk = desk(world).await;
        put(&desk.world, &file(&nobody, "xml", "R1", "k")).await;
        desk.send(&[]).await;
        let page = desk.page().await;
        assert!(page.contains("보내는 중") && page.contains("닿지 못했습니다"), "{page}");
        assert!(!page.contains("오래 소식 없음"), "{page}");
        desk.later(24 * 60).await;
        let page = desk.page().await;
        assert!(page.contains("오래 소식 없음"), "after 24 hours: {page}");
        assert!(!page.contains("k\n"), "the key stands nowhere");
    }

    async fn updates_are_mirrored_once_and_the_contact_needs_consent(world: World) {
        let agency = Agency::open(&[]).await;
        let desk = desk(world).await;
        put(&desk.world, &file(&agency.address, "xml", "R1", "k")).await;
        let form = desk.officer.get(&format!("{}/transfer", desk.link)).await;
        let text = form.text();
        assert!(!text.split("보낼 내용").nth(1).unwrap().split("주민이 쓴 글").next().unwrap().contains("0000-1234"), "masked to begin with: {text}");
        assert!(text.contains("2026. 6. 9.") && text.contains("시행령 제13조"), "the limit: {text}");
        let refused = desk.preview(&[]).await;
        assert_eq!(refused.status, 422, "a question must be answered: {}", refused.text());
        assert!(refused.text().contains("꼭 답해야 하는 질문입니다: 어느 쪽"), "{}", refused.text());
        let refused = desk.preview(&[SIDE, ("with_contact", "1")]).await;
        assert!(refused.text().contains("언제 어떻게 동의했는지"), "{}", refused.text());
        assert!(agency.taken().is_empty());
        let consent = [SIDE, ("with_contact", "1"), ("consent", "6월 8일 전화로 확인")];
        let shown = desk.preview(&consent).await.text();
        assert!(shown.contains("홍*순") && !shown.contains("홍길순"), "{shown}");
        desk.send(&consent).await;
        let taken = agency.taken();
        assert_eq!(taken[0].get("first_name"), "홍길순");
        assert_eq!(taken[0].get("phone"), "01000001234");
        assert_eq!(taken[0].get("attribute[SIDE]"), "L");
        assert!(taken[0].get("description").ends_with(&format!("{}]", desk.number)));
        let party = desk.world.db().read({
            let office = desk.world.office;
            move |tx| tx.all::<(String, String)>(
                "SELECT fields, reason FROM people_look WHERE office_id = $1 AND act <> 'open'",
                maeul_db::args![office],
            )
        }).await.unwrap();
        assert_eq!(party.len(), 1, "the look is logged: {party:?}");
        assert!(party.iter().all(|(_, reason)| reason.contains("6월 8일 전화로 확인")));

        agency.desk.lock().unwrap().updates = "<request_update><update_id>7</update_id><service_request_id>A-1</service_request_id><status>in_progress</status><updated_datetime>2026-06-08T11:00:00+09:00</updated_datetime><description>내일 나갑니다</description></request_update>".to_owned();
        desk.later(20).await;
        desk.later(40).await;
        let case = desk.fresh().await.get(&desk.link).await.text();
        assert_eq!(case.matches("내일 나갑니다").count(), 1, "{case}");
        agency.desk.lock().unwrap().stands = ("closed".to_owned(), "메웠습니다".to_owned());
        desk.later(400).await;
        let page = desk.page().await;
        assert!(page.contains("상대 기관 처리 끝") && page.contains("메웠습니다"), "{page}");
        agency.desk.lock().unwrap().stands = ("open".to_owned(), "다시 봅니다".to_owned());
        desk.later(400).await;
        assert!(desk.page().await.contains("상대 기관에서 처리 중"));
    }

    async fn the_administrator_keeps_agencies_and_their_keys(world: World) {
        let agency = Agency::open(&[]).await;
        let login = world.account(maeul_base::Role::Administrator, None).login.clone();
        let admin = world.signed_in(&login).await;
        let page = admin.get("/staff/admin/agencies").await;
        assert!(page.text().contains("등록된 기관이 없습니다"));
        let bad = page.submit(&[("text", "[[agency]]\ncode = \"x\"\nendpoint = \"y\"\n"), ("do", "save")]).await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("endpoint"), "{}", bad.text());
        let unknown = file(&agency.address, "xml", "R9", "k").replace("road-damage", "no-such");
        let bad = page.submit(&[("text", &unknown), ("do", "try")]).await;
        assert!(bad.text().contains("우리 민원 종류에 no-such이(가) 없습니다"), "{}", bad.text());
        let good = file(&agency.address, "xml", "R9", "s3cr3t");
        let tried = page.submit(&[("text", &good), ("do", "try")]).await;
        assert_eq!(tried.status, 200, "{}", tried.text());
        assert!(admin.get("/staff/admin/agencies").await.text().contains("등록된 기관이 없습니다"), "only tried");
        assert_eq!(page.submit(&[("text", &good), ("do", "save")]).await.status, 303);
        world.drain().await;
        let page = admin.get("/staff/admin/agencies").await;
        assert!(page.text().contains("R9 서비스가 없습니다"), "{}", page.text());
        assert!(!page.body.contains("s3cr3t"), "a key is never shown");
        let action = page.body.split("action=\"").filter_map(|it| it.split('"').next()).find(|it| it.ends_with("/key")).unwrap().to_owned();
        let wrong = page.submit_to(&action, &[("key", "")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        assert_eq!(page.submit_to(&action, &[("key", "n3w")]).await.status, 303);
        world.drain().await;
        let asked = agency.desk.lock().unwrap().asked.join("\n");
        assert!(asked.contains("api_key=n3w"), "the new key is in use: {asked}");
    }
}

/// An agency that takes longer than anybody waits: what was not read is sent again, what was read is
/// found in their list and not.
mod an_agency_that_says_nothing {
    use super::*;

    async fn body(world: World) {
        let agency = Agency::open(&[Manner::Stuck, Manner::Slow]).await;
        let desk = desk(world).await;
        put(&desk.world, &file(&agency.address, "xml", "R1", "k")).await;
        desk.send(&[SIDE]).await;
        assert!(desk.page().await.contains("도착했는지 확인 중"));
        desk.later(2).await;
        assert_eq!((agency.posts(), agency.taken().len()), (1, 0), "their list is searched first");
        desk.later(5).await;
        desk.later(2).await;
        assert_eq!((agency.posts(), agency.taken().len()), (2, 1), "not there: sent again");
        desk.later(2).await;
        let page = desk.page().await;
        assert!(page.contains("A-1") && page.contains("상대 기관에서 처리 중"), "{page}");
        desk.later(600).await;
        assert_eq!(agency.posts(), 2, "and found: never a third time");
    }

    fn run(engine: maeul_db::Engine) {
        let patience = Duration::from_secs(1);
        let line = Arc::new(HttpLine::patient(Reach::Anywhere, patience).unwrap());
        World::run_with(engine, |setup| setup.agencies = line, body);
    }

    #[test]
    fn sqlite() {
        run(maeul_db::Engine::Sqlite);
    }

    #[test]
    fn postgres() {
        run(maeul_db::Engine::Postgres);
    }
}
