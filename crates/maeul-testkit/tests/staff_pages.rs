//! The officers' pages through the whole app: every page opens, every act is told, nothing typed
//! is lost.

#[path = "privacy/mod.rs"]
mod privacy;

use maeul_base::{Actor, CaseId, Ctx, Fault, Role};
use maeul_cases::{Channel, testing};
use maeul_db::args;
use maeul_people::{GrantScope, NewGrant};
use maeul_testkit::{Answer, Browser, World, worlds};

use crate::public::support::report;

/// Takes a call in and gives the receipt page.
async fn entered(browser: &Browser, text: &str, more: &[(&str, &str)]) -> Answer {
    let page = browser.get("/staff/counter").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let usual = [("channel", "phone"), ("name", "주민 나"), ("phone", "010-0000-5678")];
    let mut fields = vec![("text", text)];
    fields.extend(usual.into_iter().filter(|(name, _)| !more.iter().any(|(it, _)| it == name)));
    fields.extend_from_slice(more);
    page.submit(&fields).await
}

async fn case_in(browser: &Browser, queue: &str) -> String {
    let page = browser.get(&format!("/staff/queue/{queue}")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.links()
        .into_iter()
        .find(|link| link.contains("/staff/case/"))
        .unwrap_or_else(|| panic!("nothing in {queue}: {}", page.text()))
}

async fn office_hand(world: &World, role: Role) -> Browser {
    world.signed_in(&world.account(role, Some("construction")).login).await
}

/// Puts a case into the hands of a unit.
async fn move_to(world: &World, case: &str, unit: &'static str) {
    let (office, case) = (world.office, case.parse::<CaseId>().unwrap());
    let moved = world.db().write(move |tx| {
        let unit = maeul_org::unit_by_code(tx, office, unit)?.unwrap().id;
        tx.exec_one(
            "UPDATE cases_case SET unit_id = $3 WHERE office_id = $1 AND id = $2",
            args![office, case, unit],
        )
    });
    moved.await.unwrap();
}

/// Lets somebody see every case of the office.
async fn sees_the_office(world: &World, login: String) {
    let ctx = Ctx { actor: Actor::System, ..world.ctx() };
    let given = world.db().write(move |tx| {
        let staff = maeul_people::staff_by_login(tx, ctx.office, &login)?.unwrap().id;
        let new = NewGrant {
            staff,
            role: Role::Viewer,
            scope: GrantScope::Office,
            from: ctx.today(),
            until: None,
            reason: "시험".to_owned(),
        };
        Ok::<_, Fault>(maeul_people::grant(tx, &ctx, &new).unwrap())
    });
    given.await.unwrap();
}

worlds! {
    async fn a_call_is_taken_in_on_one_screen(world: World) {
        let officer = office_hand(&world, Role::Officer).await;
        let page = officer.get("/staff/counter").await;
        assert!(page.body.contains("autofocus"));
        let done = entered(&officer, "가로등이 꺼졌어요", &[("place", "풍암저수지 앞")]).await;
        assert_eq!(done.status, 200, "{}", done.text());
        let text = done.text();
        assert!(text.contains("접수했습니다") && text.contains("2026-서구-"), "{text}");
        assert!(text.contains("건설과") && text.contains("다음 접수"), "{text}");
        // The same form sent once more is the same case.
        let key = page.hidden(Some("/staff/counter"));
        let fields: Vec<(&str, &str)> = key.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let mut all = fields.clone();
        all.extend_from_slice(&[("text", "도로가 파였어요"), ("service", "none"), ("name", "주민 다")]);
        let first = officer.post("/staff/counter", &all).await;
        let second = officer.post("/staff/counter", &all).await;
        assert_eq!((first.status, second.status), (200, 200));
        assert!(second.text().contains("이미 접수한 민원입니다"), "{}", second.text());
        // What is wrong is told beside what was typed.
        let wrong = entered(&officer, "가로등이 꺼졌어요", &[("phone", "1234")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        assert!(wrong.body.contains("value=\"1234\"") && wrong.body.contains("가로등이 꺼졌어요"));
        let suggested = officer.get("/staff/counter/suggest?q=%EA%B0%80%EB%A1%9C%EB%93%B1").await;
        assert!(suggested.body.contains("name=\"suggested\""), "{}", suggested.body);
    }

    async fn every_queue_opens_and_exports(world: World) {
        let officer = office_hand(&world, Role::Officer).await;
        for text in ["=가로등 1", "가로등 둘 010-1234-5678", "가로등 셋"] {
            assert_eq!(entered(&officer, text, &[]).await.status, 200);
        }
        for queue in ["mine", "unit", "unassigned", "today", "overdue", "approval", "state-received", "due-none", "due-2026-06-16"] {
            let page = officer.get(&format!("/staff/queue/{queue}")).await;
            assert_eq!(page.status, 200, "{queue}: {}", page.text());
            let english = officer.get(&format!("/staff/queue/{queue}?lang=en")).await;
            assert_eq!(english.status, 200, "{queue}");
            officer.get("/staff?lang=ko").await;
        }
        assert_eq!(officer.get("/staff/queue/nothing").await.status, 404);
        assert_eq!(officer.get("/staff/queue/unit?after=x").await.status, 404);
        let file = officer.get("/staff/queue/unit.csv").await;
        assert!(file.body.starts_with('\u{feff}'), "{}", file.body);
        assert!(file.body.contains("\"'=가로등 1\""), "{}", file.body);
        assert!(!file.body.contains("010-1234-5678") && !file.body.contains("주민 나"));
        let stats = officer.get("/staff/stats").await;
        assert_eq!(stats.status, 200, "{}", stats.text());
        assert!(stats.links().iter().any(|it| it.contains("/staff/queue/state-received")));
        let found = officer.get("/staff/search?q=%EA%B0%80%EB%A1%9C%EB%93%B1").await;
        assert_eq!(found.status, 200, "{}", found.text());
    }

    async fn several_at_once_and_none_is_lost(world: World) {
        let officer = office_hand(&world, Role::Officer).await;
        entered(&officer, "가로등 하나", &[]).await;
        entered(&officer, "가로등 둘", &[]).await;
        let page = officer.get("/staff/queue/unassigned").await;
        let ids: Vec<String> = page.body.split("name=\"case\" value=\"").skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 2);
        let none = page.submit_to("/staff/queue/bulk", &[("act", "take")]).await;
        assert_eq!(none.status, 303);
        let asked = page.submit_to("/staff/queue/bulk", &[("act", "reassign"), ("case", &ids[0]), ("case", &ids[1])]).await;
        assert_eq!(asked.status, 200, "{}", asked.text());
        assert!(asked.text().contains("가로등 하나"), "{}", asked.text());
        let missing = asked.submit_to("/staff/queue/bulk", &[("case", &ids[0])]).await;
        assert_eq!(missing.status, 422, "{}", missing.text());
        let taken = page.submit_to("/staff/queue/bulk", &[("act", "take"), ("case", &ids[0]), ("case", &ids[1])]).await;
        assert_eq!(taken.status, 303, "{}", taken.text());
        let again = page.submit_to("/staff/queue/bulk", &[("act", "take"), ("case", &ids[0]), ("case", "00000000000000000000000000000000")]).await;
        assert_eq!(again.status, 200, "{}", again.text());
        assert!(again.text().contains("처리하지 못한 민원"), "{}", again.text());
    }

    async fn the_case_is_worked_from_its_page(world: World) {
        let officer = office_hand(&world, Role::Officer).await;
        entered(&officer, "가로등이 꺼졌어요", &[]).await;
        let link = case_in(&officer, "unassigned").await;
        let page = officer.get(&link).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(!page.body.contains("010-0000-5678"));
        let unsaid = page.submit_to(&format!("{link}/reveal"), &[("reveal_reason", "")]).await;
        assert_eq!(unsaid.status, 422, "{}", unsaid.text());
        let shown = page.submit_to(&format!("{link}/reveal"), &[("reveal_reason", "현장 확인 약속")]).await;
        assert!(shown.status == 200 && shown.body.contains("010-0000-5678"), "{}", shown.text());
        for (act, fields) in [
            ("take", vec![]),
            ("note", vec![("note", "현장에 가 봄")]),
            ("ask", vec![("question", "기둥 번호가 몇 번인가요?")]),
        ] {
            let page = officer.get(&link).await;
            let done = page.submit_to(&format!("{link}/{act}"), &fields).await;
            assert_eq!(done.status, 303, "{act}: {}", done.text());
        }
        let record = officer.get(&link).await.text();
        assert!(record.contains("내부 기록") && record.contains("주민에게 보임"), "{record}");
        // Somebody was quicker: told what they did, and nothing typed is lost.
        let typed = page.submit_to(&format!("{link}/ask"), &[("question", "지금도 꺼져 있나요?")]).await;
        assert_eq!(typed.status, 409, "{}", typed.text());
        assert!(typed.body.contains("지금도 꺼져 있나요?") && typed.text().contains("그사이 바뀐 내용"));
        let place = officer.get(&format!("{link}/place")).await;
        assert_eq!(place.status, 200);
        let wrong = place.submit(&[("dong", "2914074500")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        let moved = place.submit(&[("dong", "2914074500"), ("reason", "전화로 확인")]).await;
        assert_eq!(moved.status, 303, "{}", moved.text());
        let sent = officer.get(&link).await.submit_to(&format!("{link}/reassign"), &[("unit", "coordinator"), ("unit_reason", "공원 안의 등")]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let coordinator = world.signed_in(&world.account(Role::Coordinator, None).login).await;
        let there = case_in(&coordinator, "coordinator").await;
        assert_eq!(there, link);
        let queue = coordinator.get("/staff/queue/coordinator").await;
        assert!(queue.body.contains("name=\"unit\""), "the units to send it to");
        assert_eq!(coordinator.get(&link).await.status, 200);
    }

    async fn an_answer_is_drafted_returned_and_sent(world: World) {
        let officer = office_hand(&world, Role::Officer).await;
        entered(&officer, "가로등이 꺼졌어요", &[]).await;
        let link = case_in(&officer, "unassigned").await;
        let form = officer.get(&format!("{link}/answer")).await;
        assert_eq!(form.status, 200, "{}", form.text());
        let missing = form.submit(&[("result", "갈았습니다"), ("do", "submit")]).await;
        assert_eq!(missing.status, 422);
        assert!(missing.body.contains("갈았습니다"));
        let unreasoned = form.submit(&[("outcome", "refused"), ("result", "어렵습니다"), ("do", "submit")]).await;
        assert_eq!(unreasoned.status, 422, "{}", unreasoned.text());
        let preview = form.submit(&[("outcome", "done"), ("result", "갈았습니다"), ("do", "preview")]).await;
        assert!(preview.text().contains("주민이 읽을 답변") && preview.text().contains("안녕하십니까"), "{}", preview.text());
        let template = form.body.split("name=\"template\">").nth(1).unwrap();
        let code = template.split("value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
        let loaded = officer.get(&format!("{link}/answer?template={code}")).await;
        assert!(loaded.text().contains("서식을 불러왔습니다"), "{}", loaded.text());
        let saved = form.submit(&[("outcome", "done"), ("result", "갈았습니다"), ("do", "save")]).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let form = officer.get(&format!("{link}/answer")).await;
        assert!(form.body.contains("갈았습니다"));
        let handed = form.submit(&[("outcome", "done"), ("result", "등을 갈았습니다"), ("do", "submit")]).await;
        assert_eq!(handed.status, 303, "{}", handed.text());
        let head = office_hand(&world, Role::Head).await;
        assert_eq!(case_in(&head, "approval").await, link);
        let page = head.get(&link).await;
        let back = page.submit_to(&format!("{link}/return"), &[("return_reason", "")]).await;
        assert_eq!(back.status, 422, "{}", back.text());
        let back = page.submit_to(&format!("{link}/return"), &[("return_reason", "언제 했는지 쓰십시오")]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        let form = head.get(&format!("{link}/answer")).await;
        let sent = form.submit(&[("outcome", "done"), ("result", "6월 8일에 등을 갈았습니다"), ("do", "send")]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let page = head.get(&link).await;
        assert!(page.text().contains("나간 답변"), "{}", page.text());
        let open = page.submit_to(&format!("{link}/reopen"), &[("reopen_reason", "다시 꺼졌다는 전화")]).await;
        assert_eq!(open.status, 303, "{}", open.text());
    }

    async fn the_coordinator_is_shown_three_candidates_and_decides(world: World) {
        let officer = office_hand(&world, Role::Officer).await;
        for text in ["우리 골목 가로등이 꺼져서 어두워요", "옆집 공사 소음이 심해요", "안녕하세요"] {
            assert_eq!(entered(&officer, text, &[("service", "none")]).await.status, 200);
        }
        let coordinator = world.signed_in(&world.account(Role::Coordinator, None).login).await;
        let queue = coordinator.get("/staff/queue/unassigned").await;
        assert_eq!(queue.status, 200, "{}", queue.text());
        let text = queue.text();
        assert!(text.contains("가로등·보안등 고장 → 건설과"), "the service and its unit: {text}");
        assert!(text.contains("공사, 소음") || text.contains("소음, 공사"), "the words that spoke: {text}");
        assert!(text.contains("확신 낮음") && text.contains("사무분장의 낱말"), "{text}");
        let value = |body: &str, service: &str| {
            let all = body.split("name=\"accept\" value=\"").skip(1);
            let mut values = all.map(|rest| rest.split('"').next().unwrap().to_owned());
            values.find(|it| it.ends_with(service)).unwrap_or_else(|| panic!("{service}: {body}"))
        };
        // One press; and what was pressed on an older page is not done over others' work.
        let first = value(&queue.body, ":streetlight");
        let done = queue.submit_to("/staff/queue/accept", &[("accept", &first)]).await;
        assert_eq!(done.status, 303);
        let next = done.next().await;
        assert!(next.body.contains("추천을 받아들여") && next.body.contains("→ 건설과"), "{}", next.body);
        assert!(!next.body.contains(&first));
        let again = queue.submit_to("/staff/queue/accept", &[("accept", &first)]).await.next().await;
        assert!(!again.body.contains("추천을 받아들여"), "{}", again.body);
        assert_eq!(queue.submit_to("/staff/queue/accept", &[("accept", "x")]).await.status, 303);
        // Many at once: only what is sure.
        let ids: Vec<String> = next.body.split("name=\"case\" value=\"").skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 2);
        let some = next.submit_to("/staff/queue/bulk", &[("act", "suggested"), ("case", &ids[0]), ("case", &ids[1])]).await;
        assert!(some.text().contains("추천의 확신이 낮습니다"), "{}", some.text());
        // The last one is read and decided on its own page.
        let link = case_in(&coordinator, "unassigned").await;
        let page = coordinator.get(&link).await;
        assert!(page.text().contains("확신이 낮습니다. 글을 읽고 정하십시오."), "{}", page.text());
        assert!(page.body.contains("data-key=\"s\""));
        let english = coordinator.get(&format!("{link}?lang=en")).await;
        assert!(english.text().contains("Unsure. Please read and decide."), "{}", english.text());
        coordinator.get("/staff?lang=ko").await;
        let taken = page.submit_to(&format!("{link}/suggested"), &[("service", "general-inquiry")]).await;
        assert_eq!(taken.status, 303, "{}", taken.text());
        let after = coordinator.get(&link).await;
        assert!(!after.text().contains("추천하는 종류"), "nothing more to suggest: {}", after.text());
    }

    async fn residents_see_why_a_service_is_suggested(world: World) {
        let browser = world.browser();
        let ask = |q: &'static str| browser.get(q);
        let clear = ask("/report/suggest?q=%EA%B0%80%EB%A1%9C%EB%93%B1%EC%9D%B4%20%EA%BA%BC%EC%A1%8C%EC%96%B4%EC%9A%94").await;
        assert!(clear.text().contains("이런 일인가요?") && clear.text().contains("찾은 낱말: 가로등"), "{}", clear.text());
        let unclear = ask("/report/suggest?q=%EC%95%88%EB%85%95%ED%95%98%EC%84%B8%EC%9A%94").await;
        assert!(unclear.text().contains("아직 잘 모르겠어요"), "{}", unclear.text());
        assert_eq!(ask("/report/suggest?q=zzz").await.text().trim(), "");
    }

    async fn the_same_matter_is_answered_once_and_for_all(world: World) {
        let officer = office_hand(&world, Role::Officer).await;
        let none = officer.get("/staff/groups").await;
        assert_eq!(none.status, 200, "{}", none.text());
        assert!(none.text().contains("비슷한 민원이 없습니다"), "{}", none.text());
        let place = [("service", "streetlight"), ("lat", "35.1520"), ("long", "126.8900")];
        for text in ["은행나무 앞 가로등이 꺼졌어요", "가로등 불이 안 들어옵니다", "여기 가로등 나갔어요 어두워요"] {
            let browser = world.browser();
            let first = browser.get("/report").await.submit(&[("text", text)]).await.next().await;
            let sent = first.submit(&place).await.next().await;
            let done = sent.submit(&[("how", "sms"), ("name", "주민 가"), ("phone", "010-0000-1234"), ("agree", "1")]).await;
            assert_eq!(done.status, 303, "{}", done.text());
        }
        let unit = officer.get("/staff/queue/unit").await;
        assert_eq!(unit.body.matches("name=\"case\"").count(), 3, "{}", unit.text());
        // Looked for every five minutes, not while a page waits.
        world.drain().await;
        world.at(2026, 6, 8, 10, 28);
        world.drain().await;
        let page = officer.get("/staff/groups").await;
        assert!(page.text().contains("같은 곳") && page.text().contains("같은 분야"), "{}", page.text());
        let english = officer.get("/staff/groups?lang=en").await;
        assert!(english.text().contains("same spot"), "{}", english.text());
        officer.get("/staff?lang=ko").await;
        let ids: Vec<String> = page.body.split("name=\"case\" value=\"").skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 3);
        // One of them goes to another unit: who may not see it is not told of it, not even by a number.
        move_to(&world, &ids[2], "parks-green").await;
        let two = officer.get("/staff/groups").await;
        assert_eq!(two.body.matches("name=\"case\"").count(), 2, "{}", two.text());
        assert!(!two.text().contains("다른 부서의 민원도"), "{}", two.text());
        let login = world.account(Role::Officer, Some("construction")).login.clone();
        sees_the_office(&world, login).await;
        let told = officer.get("/staff/groups").await;
        assert!(told.text().contains("다른 부서의 민원도 있습니다"), "{}", told.text());
        move_to(&world, &ids[2], "construction").await;
        assert_eq!(page.submit_to("/staff/groups", &[("act", "join")]).await.status, 303, "nothing was chosen");
        let apart = page.submit_to("/staff/groups", &[("act", "apart"), ("case", &ids[2])]).await.next().await;
        assert!(apart.body.contains("다시 묶지 않습니다") && !apart.body.contains(&ids[2]), "{}", apart.body);
        let joined = apart.submit_to("/staff/groups", &[("act", "join"), ("case", &ids[0]), ("case", &ids[1])]).await.next().await;
        assert!(joined.body.contains("1건을 함께 답하기로"), "{}", joined.body);
        let case = officer.get(&format!("/staff/case/{}", ids[1])).await;
        assert!(case.text().contains("함께 답하는 민원"), "{}", case.text());
        let parted = case.submit_to(&format!("/staff/case/{}/part", ids[1]), &[]).await;
        assert_eq!(parted.status, 303, "{}", parted.text());
        let foreign = world.signed_in(&world.account(Role::Officer, Some("resource-circulation")).login).await;
        assert!(foreign.get("/staff/groups").await.text().contains("비슷한 민원이 없습니다"));
    }

    async fn many_groups_come_page_by_page(world: World) {
        let mut cases = Vec::new();
        for _ in 0..24 {
            cases.push(report(&world, "streetlight", Channel::Web, "가로등이 꺼졌어요.").await);
        }
        let (office, pairs) = (world.office, cases.chunks(2).map(|it| (it[0], it[1])).collect::<Vec<_>>());
        world.db().write(move |tx| testing::put_groups(tx, office, &pairs)).await.unwrap();
        let officer = office_hand(&world, Role::Officer).await;
        let chosen = |page: &Answer| page.body.matches("name=\"case\"").count();
        let first = officer.get("/staff/groups").await;
        assert!(first.text().contains("1–10 / 12"), "{}", first.text());
        assert!(first.body.contains("rel=\"next\" href=\"/staff/groups?from=10\"") && !first.body.contains("rel=\"prev\""));
        assert_eq!(chosen(&first), 20);
        let second = officer.get("/staff/groups?from=10").await;
        assert!(second.text().contains("11–12 / 12"), "{}", second.text());
        assert!(second.body.contains("rel=\"prev\" href=\"/staff/groups\"") && !second.body.contains("rel=\"next\""));
        assert_eq!(chosen(&second), 4);
        // What is decided there comes back there; what is no number begins at the beginning.
        let last = cases[23].to_string();
        let back = second.submit_to("/staff/groups", &[("act", "apart"), ("case", &last)]).await;
        assert_eq!(back.headers["location"].to_str().unwrap(), "/staff/groups?from=10");
        assert!(back.next().await.text().contains("11–11 / 11"));
        for from in ["-1", "abc", ""] {
            let page = officer.get(&format!("/staff/groups?from={from}")).await;
            assert!(page.text().contains("1–10 / 11"), "{from}: {}", page.text());
        }
    }

    async fn an_administrator_takes_in_another_systems_cases(world: World) {
        let login = world.account(Role::Administrator, None).login.clone();
        let admin = world.signed_in(&login).await;
        let form = admin.get("/staff/admin/import").await;
        assert!(form.text().contains("올린 파일이 없습니다"), "{}", form.text());
        let csrf = form.hidden(None).into_iter().find(|it| it.0 == "csrf").unwrap().1;
        let send = async |file: (&str, &str), mapping: &str| {
            let mut files = vec![("file", file.0, file.1.as_bytes())];
            if !mapping.is_empty() {
                files.push(("mapping", "old.toml", mapping.as_bytes()));
            }
            admin.post_files("/staff/admin/import", &[("csrf", &csrf)], &files).await
        };
        for (file, mapping, said) in [
            (("old.csv", ""), "", "파일을 골라"),
            (("old.xlsx", "x"), "", ".csv나 .jsonl"),
            (("old.csv", "x"), "source = 1", "매핑 파일을 고쳐"),
            (("old.csv", "x"), "source = \"x\"\n[values.service]\na = \"nowhere\"", "nowhere"),
        ] {
            let wrong = send(file, mapping).await;
            assert_eq!(wrong.status, 422, "{said}: {}", wrong.text());
            assert!(wrong.text().contains(said), "{said}: {}", wrong.text());
        }
        // More rows than are judged at a time, so that several jobs work on them.
        let good = |id: &str| {
            format!("{id},2026-06-01T10:00:00+09:00,가로등 {id},이가람,010-0000-1001,남색\n")
        };
        let bad: String = (0..220).map(|n| format!("B-{n},,의자,박나래,,\n")).collect();
        let file =
            format!("id,opened,words,name,phone,colour\n{}{bad}{}", good("A-1"), good("A-2"));
        let mapping = "source = \"old\"\n[columns]\nservice_request_id = \"id\"\nrequested_datetime = \"opened\"\ndescription = \"words\"";
        let sent = send(("old.csv", &file), mapping).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let here = sent.location().unwrap();
        let going = admin.get(&here).await;
        assert!(going.body.contains("hx-trigger") && going.body.contains("http-equiv=\"refresh\""));
        world.drain().await;
        let count = async |sql: &'static str| {
            world.db().read(move |tx| tx.one::<(i64,)>(sql, maeul_db::args![])).await.unwrap().0
        };
        const CASES: &str = "SELECT count(*) FROM cases_case";
        const FILES: &str = "SELECT count(*) FROM cases_import_part WHERE kind = 'file'";
        let checked = admin.get(&here).await;
        let text = checked.text();
        for said in ["시험 끝", "읽은 행", "222", "220", "requested_datetime", "그대로 기록에 남기는 칸"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(text.contains("colour") && !text.contains("박나래"), "{text}");
        assert!(!checked.body.contains("hx-trigger"), "nothing is going on");
        assert_eq!((count(CASES).await, count(FILES).await), (0, 1), "a dry run saves nothing");

        assert_eq!(checked.submit_to(&format!("{here}/start"), &[]).await.status, 303);
        // Pressed again by somebody else: it runs once. Pushed on while it runs: nothing twice.
        assert_eq!(checked.submit_to(&format!("{here}/start"), &[]).await.status, 409);
        assert_eq!(checked.submit_to(&format!("{here}/resume"), &[]).await.status, 303);
        world.drain().await;
        let done = admin.get(&here).await;
        assert!(done.text().contains("가져옴"), "{}", done.text());
        assert_eq!((count(CASES).await, count(FILES).await), (2, 0), "the file is forgotten");
        assert!(world.messages().is_empty(), "nobody is written to");
        let rows = done.submit_to(&format!("{here}/refused"), &[]).await;
        assert_eq!(rows.status, 200);
        assert!(rows.body.starts_with("id,opened,words,name,phone,colour,refused_line"), "{}", rows.body);
        assert_eq!(rows.body.lines().count(), 221, "each row once, and one header");
        assert!(rows.body.contains("B-219,,의자,박나래,,,222,opened,"), "{}", rows.body);
        const LOOKS: &str = "SELECT count(*) FROM people_look WHERE what_kind = 'cases_import'";
        assert_eq!(count(LOOKS).await, 1, "the look is logged");

        // The same file again brings nothing twice, and ours go out in the form they came in.
        let again = send(("old.csv", &file), mapping).await.location().unwrap();
        world.drain().await;
        let page = admin.get(&again).await;
        page.submit_to(&format!("{again}/start"), &[]).await;
        world.drain().await;
        assert_eq!(count(CASES).await, 2);
        let ours = admin.get("/staff/admin/export?format=csv").await;
        assert_eq!(ours.status, 200);
        assert!(ours.body.starts_with("service_request_id,requested_datetime"), "{}", ours.body);
        assert!(ours.body.contains("가로등 A-2") && !ours.body.contains("이가람"), "{}", ours.body);
        assert_eq!(admin.get("/staff/admin/export?from=yesterday").await.status, 422);
        // When its time is over, what was refused is forgotten.
        assert_eq!(count("SELECT count(*) FROM cases_import_part").await, 4);
        world.clock.set(world.clock.now() + jiff::SignedDuration::from_hours(8 * 24));
        world.drain().await;
        assert_eq!(count("SELECT count(*) FROM cases_import_part").await, 0);
    }
}
