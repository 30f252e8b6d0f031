//! The pages: what a resident finds, and an officer's look from queue to next.

use maeul_base::Role;
use maeul_cases::Channel;
use maeul_testkit::{World, worlds};

use super::support::{listed, report, report_with_photos};

worlds! {
    async fn an_officer_looks_edits_publishes_and_goes_on(world: World) {
        let first = report(&world, "streetlight", Channel::Web, "가로등이 꺼졌어요. 010-7777-1234").await;
        let second = report(&world, "sewer", Channel::Web, "하수구가 막혔어요.").await;
        world.at(2026, 6, 10, 10, 15);
        world.drain().await;
        let login = world.account(Role::Coordinator, None).login.clone();
        let staff = world.signed_in(&login).await;
        let queue = staff.get("/staff/publication").await;
        assert!(queue.body.contains(&first.to_string()) && queue.body.contains(&second.to_string()));
        let look = staff.get(&format!("/staff/publication/{first}")).await;
        assert!(look.text().contains("010-7777-1234"), "the original is beside it");
        assert!(look.body.contains("[전화번호]"));
        let path = format!("/staff/publication/{first}");
        let csrf = look.hidden(None).into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let kept = [
            ("csrf", csrf.as_str()), ("do", "publish"), ("seen", "0"),
            ("title", "가로등"), ("body", "다시 010-7777-1234"),
        ];
        let refused = staff.post(&path, &kept).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("전화번호"), "says what is left");
        assert!(refused.body.contains("다시 010-7777-1234"), "what was typed is kept");
        let good = [
            ("csrf", csrf.as_str()), ("do", "publish"), ("seen", "0"),
            ("title", "공원 가로등"), ("body", "가로등이 꺼졌다는 신고."),
        ];
        let done = staff.post(&path, &good).await;
        assert_eq!(done.status, 303);
        assert!(done.location().unwrap().ends_with(&second.to_string()), "on to the next");
        let id = listed(&world).await.iter().find(|it| it.picture.case == first).unwrap().id().to_owned();
        let page = world.browser().get(&format!("/cases/{id}")).await;
        assert!(page.text().contains("가로등이 꺼졌다는 신고."));
        // Someone else's old page decides nothing.
        let late = staff.post(&path, &good).await;
        assert_eq!(late.status, 409);
        let taken = [
            ("csrf", csrf.as_str()), ("do", "unpublish"), ("seen", "1"), ("reason", "다시 봄"), ("erase", "1"),
        ];
        assert_eq!(staff.post(&path, &taken).await.status, 303);
        let page = world.browser().get(&format!("/cases/{id}")).await;
        assert!(!page.text().contains("꺼졌다는"));
    }

    async fn only_the_photos_that_were_ticked_are_seen(world: World) {
        let (case, photos) = report_with_photos(&world, "가로등이 꺼졌어요.").await;
        world.at(2026, 6, 10, 10, 15);
        world.drain().await;
        let id = listed(&world).await[0].id().to_owned();
        let browser = world.browser();
        let seen = async |photo: usize| {
            let photo = photos[photo];
            browser.get(&format!("/cases/{id}/photo/{photo}?size=thumb")).await.status
        };
        assert_eq!((seen(0).await, seen(1).await), (404, 404));
        let login = world.account(Role::Coordinator, None).login.clone();
        let staff = world.signed_in(&login).await;
        let path = format!("/staff/publication/{case}");
        let look = staff.get(&path).await;
        assert!(!look.body.contains("checked"), "none is ticked beforehand");
        let csrf = look.hidden(None).into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let second = photos[1].to_string();
        let publish = [
            ("csrf", csrf.as_str()), ("do", "publish"), ("seen", "0"), ("title", "가로등"),
            ("body", "가로등이 꺼졌다는 신고."), ("photo", second.as_str()),
        ];
        assert_eq!(staff.post(&path, &publish).await.status, 303);
        assert_eq!((seen(0).await, seen(1).await), (404, 200));
        assert!(browser.get(&format!("/cases/{id}")).await.body.contains(&second));
        let back = [("csrf", csrf.as_str()), ("do", "unpublish"), ("seen", "1"), ("reason", "얼굴이 보임")];
        assert_eq!(staff.post(&path, &back).await.status, 303);
        assert_eq!((seen(0).await, seen(1).await), (404, 404));
    }

    async fn an_officer_of_another_unit_does_not_look(world: World) {
        let case = report(&world, "streetlight", Channel::Web, "가로등이 꺼졌어요.").await;
        world.drain().await;
        let shown = listed(&world).await;
        let unit = shown[0].picture.unit;
        let other = world.accounts.iter().filter(|it| it.role == Role::Officer);
        for account in other {
            let login = account.login.clone();
            let office = world.office;
            let staff = world
                .db()
                .read(move |tx| maeul_people::staff_by_login(tx, office, &login))
                .await
                .unwrap()
                .unwrap();
            if Some(staff.unit) == unit {
                continue;
            }
            let browser = world.signed_in(&account.login).await;
            let answer = browser.get(&format!("/staff/publication/{case}")).await;
            assert_eq!(answer.status, 404, "not even that there is one");
            assert!(!answer.body.contains("꺼졌어요"));
            return;
        }
        panic!("no officer of another unit");
    }

    async fn pages_say_so_where_there_is_nothing(world: World) {
        let browser = world.browser();
        for (path, said) in [
            ("/cases", "조건에 맞는 공개 민원이 없어요"),
            ("/cases?dong=1111111111", "목록에서 골라 주세요"),
            ("/figures", "셀 민원이 없어요"),
            ("/map", "우리 동"),
            ("/open-data", "공공누리 제1유형"),
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text().contains(said), "{path}: {}", page.text());
        }
        let missing = browser.get("/cases/2026-000001-1").await;
        assert_eq!(missing.status, 404);
        assert!(missing.text().contains("내 민원"));
    }
}
