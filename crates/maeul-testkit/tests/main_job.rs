//! The main job through the whole app, without scripts, on both databases: a resident reports, an
//! officer works and drafts, the head approves, the resident reads, rates and comes back.

use maeul_base::Role;
use maeul_testkit::{Browser, World, worlds};

/// Reports a broken streetlight in 풍암동 and gives the path of the case's page.
async fn report(browser: &Browser, text: &str, contact: &[(&str, &str)]) -> String {
    let what = browser.get("/report").await;
    assert_eq!(what.status, 200);
    let place = what.submit(&[("text", text)]).await.next().await;
    assert!(place.text().contains("어디인가요?"), "{}", place.text());
    let send = place
        .submit(&[
            ("service", "streetlight"),
            ("lat", "35.1270000"),
            ("long", "126.8770000"),
            ("place", "풍암저수지 정자 옆"),
        ])
        .await
        .next()
        .await;
    assert!(send.text().contains("확인하고 보내 주세요"), "{}", send.text());
    let sent = send.submit(contact).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let receipt = sent.location().unwrap();
    receipt.trim_end_matches("/receipt").to_owned()
}

const NAMED: &[(&str, &str)] = &[("how", "sms"), ("name", "주민 가"), ("phone", "010-0000-1234")];

worlds! {
    async fn a_report_becomes_an_answered_case(world: World) {
        let resident = world.browser();
        let case = report(&resident, "집 앞 가로등이 며칠째 꺼져 있어요", NAMED).await;
        let receipt = resident.get(&format!("{case}/receipt")).await.text();
        assert!(receipt.contains("2026-서구-"), "{receipt}");
        assert!(receipt.contains("건설과"), "the unit is named: {receipt}");
        assert!(receipt.contains("왜 이 날짜인가요?"), "{receipt}");
        world.drain().await;
        let messages = world.messages();
        assert_eq!(messages.len(), 1, "one acknowledgement: {messages:?}");
        assert!(messages[0]["to"].as_str().unwrap().contains("0000"));

        let officer = world.signed_in(&world.account(Role::Officer, Some("construction")).login).await;
        let queue = officer.get("/staff/queue/unassigned").await;
        let link = queue.links().into_iter().find(|link| link.contains("/staff/case/")).unwrap();
        let page = officer.get(&link).await;
        assert!(!page.body.contains("010-0000-1234"), "the contact is masked until revealed");
        let taken = page.submit_to(&format!("{link}/take"), &[]).await.next().await;
        assert_eq!(taken.status, 200, "{}", taken.text());
        let answer = officer.get(&format!("{link}/answer")).await;
        let submitted = answer
            .submit(&[
                ("outcome", "done"),
                ("result", "6월 9일에 등을 갈아 끼웠습니다."),
                ("do", "submit"),
            ])
            .await;
        assert_eq!(submitted.status, 303, "{}", submitted.text());

        let head = world.signed_in(&world.account(Role::Head, Some("construction")).login).await;
        let approval = head.get("/staff/queue/approval").await;
        assert!(approval.links().contains(&link), "{}", approval.text());
        let page = head.get(&link).await;
        let approved = page.submit_to(&format!("{link}/approve"), &[]).await;
        assert_eq!(approved.status, 303, "{}", approved.text());
        world.drain().await;
        assert_eq!(world.messages().len(), 2, "and one answer");

        let read = resident.get(&case).await;
        assert!(read.text().contains("등을 갈아 끼웠습니다"), "{}", read.text());
        let rated = read.submit_to(&format!("{case}/rate"), &[("score", "4")]).await;
        assert_eq!(rated.status, 303, "{}", rated.text());
        let again = resident
            .get(&case)
            .await
            .submit_to(&format!("{case}/reopen"), &[("reason", "다시 꺼졌어요")])
            .await;
        assert_eq!(again.status, 303, "{}", again.text());
        assert!(resident.get(&case).await.text().contains("처리 중"));
    }

    async fn two_officers_at_once_and_the_second_is_told(world: World) {
        let case = report(&world.browser(), "보안등이 깜빡거려요", NAMED).await;
        assert!(!case.is_empty());
        let login = world.account(Role::Officer, Some("construction")).login.clone();
        let (first, second) = (world.signed_in(&login).await, {
            world.at(2026, 6, 8, 10, 20);
            world.signed_in(&login).await
        });
        let queue = first.get("/staff/queue/unassigned").await;
        let link = queue.links().into_iter().find(|link| link.contains("/staff/case/")).unwrap();
        let (one, two) = (first.get(&link).await, second.get(&link).await);
        assert_eq!(one.submit_to(&format!("{link}/take"), &[]).await.status, 303);
        let told = two.submit_to(&format!("{link}/take"), &[]).await;
        assert_eq!(told.status, 409, "{}", told.text());
    }

    async fn pressing_the_button_twice_is_one_case(world: World) {
        let browser = world.browser();
        let what = browser.get("/report").await;
        let place = what.submit(&[("text", "가로등이 꺼졌어요")]).await.next().await;
        let send = place.submit(&[("dong", "2914074500"), ("service", "streetlight")]).await;
        let send = send.next().await;
        let first = send.submit(NAMED).await;
        let second = send.submit(NAMED).await;
        assert_eq!((first.status, second.status), (303, 303), "{}", second.text());
        assert_eq!(first.location(), second.location());
    }

    async fn joining_twice_is_one_receipt(world: World) {
        report(&world.browser(), "가로등이 꺼졌어요", NAMED).await;
        let browser = world.browser();
        let what = browser.get("/report").await;
        let place = what.submit(&[("text", "가로등이 꺼졌어요")]).await.next().await;
        let there = [("service", "streetlight"), ("lat", "35.1270000"), ("long", "126.8770000")];
        let send = place.submit(&there).await;
        let send = send.next().await;
        let html = send.body.clone();
        let offered = html.match_indices("name=\"same\"").next().expect("the first one is offered").0;
        let same = html[offered..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(!same.is_empty(), "{html}");
        let me: &[(&str, &str)] = &[("how", "sms"), ("name", "다른 주민"), ("phone", "010-0000-5678"), ("same", &same)];
        let first = send.submit(me).await;
        let second = send.submit(me).await;
        assert_eq!((first.status, second.status), (303, 303), "{}", second.text());
        assert_eq!(first.location(), second.location());
        world.drain().await;
        assert_eq!(world.messages().len(), 2, "the receipt of the first and one of the second");
    }

    async fn without_a_name_it_is_no_petition_and_says_so(world: World) {
        let case = report(&world.browser(), "가로등이 꺼졌어요", &[("how", "anonymous")]).await;
        let receipt = world.browser().get(&format!("{case}/receipt")).await.text();
        assert!(receipt.contains("법에서 정한 민원이 아니"), "{receipt}");
        world.drain().await;
        assert!(world.messages().is_empty());
    }

    async fn the_link_is_found_again_by_number_contact_and_code(world: World) {
        let browser = world.browser();
        let case = report(&browser, "가로등이 꺼졌어요", NAMED).await;
        let page = browser.get(&case).await.text();
        let number = page.lines().find(|line| line.starts_with("2026-")).unwrap().to_owned();
        let other = world.browser();
        let asked = other.get("/track").await;
        let asked = asked.submit(&[("number", &number), ("contact", "010 0000 1234")]).await;
        assert_eq!(asked.status, 200, "{}", asked.text());
        world.drain().await;
        let messages = world.messages();
        let body = messages.last().unwrap()["body"].as_str().unwrap();
        let digits: String = body.split(|c: char| !c.is_ascii_digit()).find(|it| it.len() == 6).unwrap().to_owned();
        let wrong = asked.submit_to("/track/code", &[("code", "000000")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        let right = asked.submit_to("/track/code", &[("code", &digits)]).await;
        assert_eq!(right.status, 303, "{}", right.text());
        assert!(right.next().await.text().contains("가로등이 꺼졌어요"));
        // Somebody else's number gives nothing away.
        let stranger = world.browser().get("/track").await;
        let stranger = stranger.submit(&[("number", &number), ("contact", "010-0000-9999")]).await;
        assert_eq!(stranger.status, 200);
        world.drain().await;
        assert_eq!(world.messages().len(), messages.len(), "no message to a stranger");
    }
}
