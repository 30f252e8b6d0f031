//! Readiness and the numbers of requests: what a balancer and a support desk go by.

use std::time::Duration;

use maeul_base::Fault;
use maeul_db::args;
use maeul_testkit::{Answer, World, worlds};
use serde_json::Value;

async fn checks(world: &World) -> (u16, Value) {
    // An answer is kept for a second.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let answer = world.browser().get("/readyz").await;
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

/// The number of the request that was answered.
fn number(answer: &Answer) -> &str {
    answer.headers["x-request-id"].to_str().unwrap()
}

worlds! {
    async fn a_server_is_ready_when_everything_is(world: World) {
        let (status, said) = checks(&world).await;
        assert_eq!((status, &said["checks"]["worker"]), (503, &Value::Bool(false)), "{said}");
        assert_eq!(said["checks"]["database"], true);

        let runner = world.house.runner.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let working = tokio::spawn(async move {
            runner.run(async { let _stopped = stopped.await; }).await;
        });
        let (status, said) = checks(&world).await;
        assert_eq!((status, &said["ready"]), (200, &Value::Bool(true)), "{said}");

        // A step the program has and the database has not.
        world.db().write(|tx| tx.exec_one(
            "DELETE FROM db_migration WHERE room = 'notice' AND name = '0001_notice'", args![],
        )).await.unwrap();
        let (status, said) = checks(&world).await;
        assert_eq!((status, &said["checks"]["migrations"]), (503, &Value::Bool(false)), "{said}");
        assert_eq!(said["checks"]["disk"], true);

        std::fs::remove_dir_all(world.folder()).unwrap();
        let (_, said) = checks(&world).await;
        assert_eq!(said["checks"]["disk"], false, "{said}");

        assert_eq!(said["checks"]["serving"], true);
        world.house.ready.stop();
        let (_, said) = checks(&world).await;
        assert_eq!(said["checks"]["serving"], false, "{said}");
        stop.send(()).unwrap();
        working.await.unwrap();
    }

    async fn our_mistakes_carry_the_number_of_their_request(world: World) {
        world.db().write(|tx| tx.exec("ALTER TABLE cases_access RENAME TO cases_gone", args![])
            .map(|_| ()).map_err(|fault: Fault| fault)).await.unwrap();
        let path = "0123456789abcdef0123456789abcdef";
        let page = world.browser().get(&format!("/c/{path}")).await;
        assert_eq!(page.status, 500);
        let told = number(&page);
        assert!(page.body.contains(told), "{}", page.body);
        let api = world.browser().get(&format!("/api/v1/cases/{path}")).await;
        assert_eq!(api.status, 500);
        let problem: Value = serde_json::from_str(&api.body).unwrap();
        let told = format!("urn:maeul:request:{}", number(&api));
        assert_eq!(problem["instance"], told, "{problem}");
        let lost = world.browser().get("/no-such-page").await;
        assert!(!lost.body.contains(number(&lost)), "not ours to mend");
    }
}
