//! Programs of others: let in with a key shown once, known by its hash, turned away for good.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use maeul_base::{Actor, Ctx, Failure, Ids, Lang, OfficeId, Refusal, Role, StaffId, UnitId};
use maeul_db::{Db, Migration, args, both_engines};
use maeul_people::{
    ApiClientRefusal, ApiKey, DEFAULT_PER_MINUTE, NewApiClient, Scope, Scopes, add_api_client,
    api_client_of_key, api_clients, revoke_api_client, touch_api_client,
};
use uuid::Uuid;

const OFFICE: OfficeId = OfficeId(29140);

fn steps() -> Vec<Migration> {
    [maeul_org::MIGRATIONS, maeul_people::MIGRATIONS].concat()
}

fn ctx(actor: Actor) -> Ctx {
    let now = "2026-06-08T01:15:00Z".parse().unwrap();
    Ctx { office: OFFICE, actor, lang: Lang::Ko, now, ids: Ids::seeded(5) }
}

fn client(name: &str) -> NewApiClient {
    NewApiClient {
        name: name.to_owned(),
        scopes: Scopes::new(Scope::USUAL),
        per_minute: DEFAULT_PER_MINUTE,
        tokens: false,
    }
}

async fn add(
    db: &Db,
    ctx: &Ctx,
    new: NewApiClient,
) -> Result<(maeul_people::ApiClient, ApiKey), Failure<ApiClientRefusal>> {
    let ctx = ctx.clone();
    db.write(move |tx| add_api_client(tx, &ctx, &new)).await
}

fn why<T: std::fmt::Debug>(done: Result<T, Failure<ApiClientRefusal>>) -> ApiClientRefusal {
    match done {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

both_engines! { steps();
    async fn a_key_opens_until_it_is_revoked(db: Db) {
        let ctx = ctx(Actor::System);
        let (added, key) = add(&db, &ctx, client(" 안전신문고  연계 ")).await.unwrap();
        assert_eq!(added.name, "안전신문고 연계");
        assert!(added.may(Scope::CreateRequests) && !added.may(Scope::ReadRequests));
        let find = |key: ApiKey, office| {
            db.read(move |tx| api_client_of_key(tx, office, &key))
        };
        assert_eq!(find(key.clone(), OFFICE).await.unwrap(), Some(added.clone()));
        assert_eq!(find(key.clone(), OfficeId(41150)).await.unwrap(), None, "of one office only");
        let other = ApiKey::parse(&format!("mk_{}", "0".repeat(64))).unwrap();
        assert_eq!(find(other, OFFICE).await.unwrap(), None);
        // Nothing in the table is the key.
        let text = key.reveal().to_owned();
        let kept: Vec<(String, Vec<u8>)> =
            db.read(|tx| tx.all("SELECT key_end, key_hash FROM people_api_client", args![])).await.unwrap();
        assert!(kept.iter().all(|(end, hash)| text.ends_with(end) && end.len() == 4 && hash.len() == 32));

        assert_eq!(why(add(&db, &ctx, client("안전신문고 연계")).await), ApiClientRefusal::NameTaken);
        let (id, used) = (added.id, ctx.clone());
        db.write(move |tx| touch_api_client(tx, &used, id)).await.unwrap();
        let by = ctx.clone();
        let revoked = db.write(move |tx| revoke_api_client(tx, &by, id)).await.unwrap();
        assert_eq!((revoked.last_used_at, revoked.revoked_at), (Some(ctx.now), Some(ctx.now)));
        assert_eq!(find(key, OFFICE).await.unwrap(), None, "revoked");
        let by = ctx.clone();
        let again = db.write(move |tx| revoke_api_client(tx, &by, id)).await;
        assert_eq!(why(again), ApiClientRefusal::NotFound);
        // The name is free again.
        let (later, _) = add(&db, &Ctx { ids: Ids::seeded(6), ..ctx.clone() }, client("안전신문고 연계")).await.unwrap();
        let all = db.read(|tx| api_clients(tx, OFFICE)).await.unwrap();
        assert_eq!(all.iter().map(|it| it.id).collect::<Vec<_>>(), [later.id, id]);
    }

    async fn what_is_refused(db: Db) {
        let staff = |role| Actor::in_role(StaffId(Uuid::nil()), UnitId(Uuid::nil()), role);
        for role in Role::ALL {
            let done = add(&db, &ctx(staff(role)), client(role.as_str())).await;
            assert_eq!(done.is_ok(), role == Role::Administrator, "{role:?}");
        }
        assert_eq!(why(add(&db, &ctx(Actor::Resident), client("x")).await), ApiClientRefusal::NotAllowed);
        let system = ctx(Actor::System);
        for (new, refusal) in [
            (client(" "), ApiClientRefusal::NameMissing),
            (client(&"가".repeat(61)), ApiClientRefusal::NameTooLong),
            (NewApiClient { scopes: Scopes::default(), ..client("x") }, ApiClientRefusal::NoScope),
            (NewApiClient { per_minute: 0, ..client("x") }, ApiClientRefusal::Rate),
        ] {
            let refused = why(add(&db, &system, new).await);
            assert_eq!(refused, refusal);
            assert!(!refused.say(Lang::Ko).is_empty() && !refused.say(Lang::En).is_empty());
        }
    }
}
