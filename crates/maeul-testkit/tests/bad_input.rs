//! Every refusal says which field, why and what to do, keeps what was typed, with the right status.

#[path = "edge/bombs.rs"]
mod bombs;
#[path = "edge/flood.rs"]
mod flood;
#[path = "edge/headers.rs"]
mod headers;

use maeul_testkit::{Answer, World, worlds};

async fn to_place(world: &World, text: &str) -> Answer {
    let what = world.browser().get("/report").await;
    what.submit(&[("text", text)]).await.next().await
}

fn csrf(page: &Answer) -> String {
    page.hidden(None).into_iter().find(|(name, _)| name == "csrf").unwrap().1
}

worlds! {
    async fn an_empty_report_is_refused_with_the_field(world: World) {
        let page = world.browser().get("/report").await.submit(&[("text", "  ")]).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("href=\"#text\""), "the summary leads to the field");
        assert!(page.text().contains("한 줄이라도"), "{}", page.text());
    }

    async fn a_report_too_long_is_refused_and_kept(world: World) {
        let long = "가".repeat(4_001);
        let page = world.browser().get("/report").await.submit(&[("text", &long)]).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains(&long), "what was typed is still there");
    }

    async fn in_english_it_is_refused_in_english(world: World) {
        let page = world.browser().get("/report?lang=en").await.submit(&[("text", "")]).await;
        assert_eq!(page.status, 422);
        assert!(page.text().contains("at least one line"), "{}", page.text());
    }

    async fn a_point_outside_korea_is_refused(world: World) {
        let place = to_place(&world, "가로등이 꺼졌어요").await;
        let tokyo = place.submit(&[("lat", "35.6895"), ("long", "139.6917"), ("place", "역 앞")]).await;
        assert_eq!(tokyo.status, 422, "{}", tokyo.text());
        assert!(tokyo.body.contains("역 앞"), "the typed place is kept");
        let bukgu = place.submit(&[("lat", "35.1739"), ("long", "126.9112")]).await;
        assert_eq!(bukgu.status, 422, "{}", bukgu.text());
    }

    async fn no_place_at_all_is_refused(world: World) {
        let place = to_place(&world, "가로등이 꺼졌어요").await.submit(&[("place", "")]).await;
        assert_eq!(place.status, 422);
        assert!(place.text().contains("어디인지 알려 주세요"), "{}", place.text());
    }

    async fn a_wrong_telephone_number_is_refused_and_kept(world: World) {
        let place = to_place(&world, "가로등이 꺼졌어요").await;
        let send = place.submit(&[("place", "공원 앞")]).await.next().await;
        let page = send.submit(&[("how", "sms"), ("name", "주민 가"), ("phone", "010-12")]).await;
        assert_eq!(page.status, 422, "{}", page.text());
        assert!(page.body.contains("href=\"#phone\""), "{}", page.text());
        assert!(page.body.contains("value=\"010-12\"") && page.body.contains("주민 가"));
        let nobody = send.submit(&[("how", "sms"), ("name", "주민 가")]).await;
        assert_eq!(nobody.status, 422, "a named report needs a contact: {}", nobody.text());
    }

    async fn a_wrong_answer_to_a_question_leads_to_that_question(world: World) {
        let place = to_place(&world, "가로등이 꺼졌어요").await;
        let send = place.submit(&[("place", "공원 앞"), ("service", "streetlight")]).await;
        let send = send.next().await;
        let fields = [("how", "anonymous"), ("q_fault", "no-such-choice")];
        let page = send.submit(&fields).await;
        assert_eq!(page.status, 422, "{}", page.text());
        assert!(page.body.contains("href=\"#q_fault\""), "{}", page.text());
        assert!(page.body.contains("id=\"q_fault\""), "the link has somewhere to lead");
    }

    async fn a_file_that_is_no_photo_is_refused_and_the_text_kept(world: World) {
        let browser = world.browser();
        let form = browser.get("/report").await;
        let csrf = csrf(&form);
        let fields = [("csrf", csrf.as_str()), ("text", "불법 투기 현장이에요")];
        let page = browser
            .post_files("/report", &fields, &[("photos", "evil.jpg", b"<script>alert(1)</script>")])
            .await;
        assert_eq!(page.status, 415, "{}", page.text());
        assert!(page.body.contains("불법 투기 현장이에요"));
        assert!(page.text().contains("사진이 아닌 파일"), "{}", page.text());
    }

    async fn too_large_malformed_and_wrong_charset(world: World) {
        let browser = world.browser();
        let token = csrf(&browser.get("/report").await);
        let kind = "application/x-www-form-urlencoded";
        let big = format!("csrf={token}&text={}", "a".repeat(300_000));
        assert_eq!(browser.post_raw("/report", kind, big.into_bytes()).await.status, 413);
        let euc_kr = [format!("csrf={token}&text=").into_bytes(), b"%B0%A1%B3%AA".to_vec()].concat();
        assert_eq!(browser.post_raw("/report", kind, euc_kr).await.status, 415);
        let other = format!("{kind}; charset=euc-kr");
        assert_eq!(browser.post_raw("/report", &other, b"a=b".to_vec()).await.status, 415);
        assert_eq!(browser.post_raw("/report", "text/xml", b"<a/>".to_vec()).await.status, 415);
        let cut = b"--edge\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhalf".to_vec();
        let cut = browser.post_raw("/report", "multipart/form-data; boundary=edge", cut).await;
        assert_eq!(cut.status, 400, "{}", cut.text());
    }

    async fn an_expired_form_keeps_what_was_typed(world: World) {
        let browser = world.browser();
        let form = browser.get("/report").await;
        world.at(2026, 6, 9, 10, 15);
        let page = form.submit(&[("text", "하루 동안 쓴 글이에요")]).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("하루 동안 쓴 글이에요"));
        let again = page.submit_to("/report", &[]).await;
        assert_eq!(again.status, 303, "{}", again.text());
    }

    async fn unknown_pages_and_offices_show_the_way_on(world: World) {
        for path in ["/nothing", "/o/99999/", "/report/not-a-draft/where", "/dong/2914000000"] {
            let page = world.browser().get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(page.links().iter().any(|link| link.ends_with('/')), "{path}: {}", page.text());
        }
    }
}
