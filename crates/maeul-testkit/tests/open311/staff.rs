//! The administrator's page: a key is shown once, and ends when it is revoked.

use maeul_base::Role;
use maeul_testkit::{World, worlds};

use super::support::*;

const PAGE: &str = "/staff/admin/clients";

worlds! {
    async fn a_client_is_let_in_and_turned_away(world: World) {
        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let page = admin.get(PAGE).await;
        assert!(page.text().contains("등록된 프로그램이 없습니다"), "{}", page.text());
        let fields = [("name", "안전신문고 연계"), ("scope-create", "1"), ("per_minute", "60,000")];
        let added = page.submit_to(PAGE, &fields).await;
        assert_eq!(added.status, 201, "{}", added.text());
        let key = added.body.split("id=\"key\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(added.text().contains("열쇠는 지금 한 번만 보입니다"), "{}", added.text());
        assert!(added.text().contains("http://maeul.test/o/29140/open311/v2"), "{}", added.text());
        let resident = world.browser();
        send(&resident, &light(&key)).await;
        let page = admin.get(PAGE).await;
        assert!(!page.body.contains(&key), "shown once");
        assert!(page.text().contains("2026. 6. 8.(월) 10:15"), "when it was last used: {}", page.text());
        assert!(page.text().contains("신고를 보내고, 보낸 신고를 다시 읽음"), "{}", page.text());

        let taken = page.submit_to(PAGE, &fields).await;
        assert_eq!(taken.status, 422);
        assert!(taken.text().contains("같은 이름의 프로그램이 쓰이고 있습니다"), "{}", taken.text());
        for (wrong, said) in [
            ([("name", ""), ("scope-read", "1"), ("per_minute", "1")], "이름을 적어 주십시오"),
            ([("name", "x"), ("none", "1"), ("per_minute", "1")], "하나 이상 골라"),
            ([("name", "x"), ("scope-read", "1"), ("per_minute", "many")], "1,000,000"),
        ] {
            let answer = page.submit_to(PAGE, &wrong).await;
            assert_eq!(answer.status, 422);
            assert!(answer.text().contains(said), "{said}: {}", answer.text());
        }
        let path = page.links().into_iter().find(|it| it.ends_with("/revoke")).unwrap();
        let asked = admin.get(&path).await;
        assert!(asked.text().contains("연계를 끊을까요?"), "asked first: {}", asked.text());
        let revoked = asked.submit_to(&path, &[]).await;
        assert_eq!(revoked.location().as_deref(), Some(PAGE), "{}", revoked.text());
        let after = admin.get(PAGE).await;
        assert!(after.text().contains("끊음"), "{}", after.text());
        let again = resident.post(&format!("{V2}/requests.json"), &light(&key)).await;
        assert_eq!(again.status, 403);
        assert_eq!(after.submit_to(&path, &[]).await.status, 404, "only once");
        let english = admin.get(&format!("{PAGE}?lang=en")).await;
        assert!(english.text().contains("Send requests, and read back its own"), "{}", english.text());
    }
}
