//! The chain of looks: whoever changes, deletes, inserts, reorders or cuts is found out.

use maeul_base::Fault;
use maeul_db::{Db, both_engines};
use maeul_people::{Break, Checked, Checking, chain_looks, day_heads, look_head};

use super::{LOOK, Look, OFFICE, World, log_look, seal, steps};

async fn look_at(world: &World, people: u128) {
    let ctx = world.ctx(world.actor("road1").await);
    let ids: Vec<_> = (0..people).map(uuid::Uuid::from_u128).collect();
    world
        .db
        .write(move |tx| {
            ids.iter().try_for_each(|id| log_look(tx, &ctx, &Look { what_id: *id, ..LOOK }))
        })
        .await
        .unwrap();
}

async fn chain(world: &World, most: i64) -> i64 {
    let ctx = world.ctx(maeul_base::Actor::System);
    world.db.write(move |tx| chain_looks(tx, &ctx, &seal(), most)).await.unwrap()
}

async fn check_from(world: &World, from: i64, published: Vec<(i64, Vec<u8>)>) -> Checked {
    world
        .db
        .read(move |tx| {
            let mut checking = Checking::new(OFFICE, from, &published);
            loop {
                if let Some(found) = checking.step(tx, &seal())? {
                    return Ok::<_, Fault>(found);
                }
            }
        })
        .await
        .unwrap()
}

async fn check(world: &World) -> Checked {
    check_from(world, 1, vec![]).await
}

/// What somebody does who can write to the database, found, and then undone.
async fn tampered(world: &World, statements: &[&str]) -> Option<Break> {
    let statements: Vec<String> = statements.iter().map(|it| (*it).to_owned()).collect();
    let found = world
        .db
        .write(move |tx| {
            for sql in &statements {
                tx.exec(sql, [])?;
            }
            let mut checking = Checking::new(OFFICE, 1, &[]);
            let found = loop {
                if let Some(found) = checking.step(tx, &seal())? {
                    break found;
                }
            };
            // Nothing is kept: the next one starts from a whole chain.
            Err::<(), Fault>(Fault::other(format!("{:?}", found.broken)))
        })
        .await
        .unwrap_err()
        .chain();
    let kinds = [
        ("LinkGone", Break::LinkGone { seq: 3 }),
        ("LookGone", Break::LookGone { seq: 3 }),
        ("Changed { seq: 3 }", Break::Changed { seq: 3 }),
        ("Changed { seq: 2 }", Break::Changed { seq: 2 }),
        ("Forged { seq: 3 }", Break::Forged { seq: 3 }),
        ("Inserted", Break::Inserted { look: uuid::Uuid::nil(), at: world.now }),
        ("WaitingGone", Break::WaitingGone { look: uuid::Uuid::nil() }),
        ("HeadGone { seq: 5 }", Break::HeadGone { seq: 5 }),
    ];
    kinds.into_iter().find(|(word, _)| found.contains(word)).map(|(_, it)| it)
}

const OF_3: &str = "(SELECT look_id FROM people_look_link WHERE seq = 3)";

both_engines! { steps();
    async fn a_chain_of_looks_shows_whatever_is_done_to_it(db: Db) {
        let mut world = World::new(db).await;
        assert_eq!(check(&world).await, Checked { links: 0, waiting: 0, head: None, broken: None });
        look_at(&world, 3).await;
        assert_eq!(check(&world).await.waiting, 3);
        assert_eq!((chain(&world, 2).await, chain(&world, 2).await, chain(&world, 2).await), (2, 1, 0));
        world.now = world.now.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
        look_at(&world, 2).await;
        assert_eq!(chain(&world, 100).await, 2);
        let found = check(&world).await;
        assert_eq!((found.links, found.waiting, found.broken), (5, 0, None));
        let head = world.db.read(|tx| look_head(tx, OFFICE)).await.unwrap().unwrap();
        assert_eq!(found.head, Some(head.clone()));
        let days = world.db.read(|tx| day_heads(tx, OFFICE, 10)).await.unwrap();
        assert_eq!(days.iter().map(|it| it.seq).collect::<Vec<_>>(), [5, 3]);
        assert_eq!(check_from(&world, 4, vec![(5, head.hash.clone())]).await.links, 2);

        for (done, found) in [
            (vec![format!("UPDATE people_look SET reason = '다른 까닭' WHERE id = {OF_3}")], Break::Changed { seq: 3 }),
            (vec![format!("UPDATE people_look SET address = NULL WHERE id = {OF_3}")], Break::Changed { seq: 3 }),
            (vec![format!("DELETE FROM people_look WHERE id = {OF_3}")], Break::LookGone { seq: 3 }),
            (vec!["DELETE FROM people_look_link WHERE seq = 3".to_owned()], Break::LinkGone { seq: 3 }),
            // Taken out, and the links after it moved up.
            (
                vec![
                    "DELETE FROM people_look_link WHERE seq = 3".to_owned(),
                    "UPDATE people_look_link SET seq = 3 WHERE seq = 4".to_owned(),
                ],
                Break::Changed { seq: 3 },
            ),
            // Two links change places.
            (
                vec![
                    "UPDATE people_look_link SET seq = 99 WHERE seq = 2".to_owned(),
                    "UPDATE people_look_link SET seq = 2 WHERE seq = 3".to_owned(),
                    "UPDATE people_look_link SET seq = 3 WHERE seq = 99".to_owned(),
                ],
                Break::Changed { seq: 2 },
            ),
            // A link whose mark somebody made up.
            (
                vec!["UPDATE people_look_link SET mac = hash WHERE seq = 3".to_owned()],
                Break::Forged { seq: 3 },
            ),
            // One put in beside the chain.
            (
                vec![format!(
                    "INSERT INTO people_look (office_id, id, at, staff_id, role, act, what_kind, what_id, fields, people, reason)
                     SELECT office_id, what_id, at, staff_id, role, act, what_kind, what_id, fields, people, reason
                       FROM people_look WHERE id = {OF_3}"
                )],
                Break::Inserted { look: uuid::Uuid::nil(), at: world.now },
            ),
            // The tail cut: what was published of that day stands in the table of days.
            (vec!["DELETE FROM people_look_link WHERE seq > 3".to_owned()], Break::HeadGone { seq: 5 }),
        ] {
            let done: Vec<&str> = done.iter().map(String::as_str).collect();
            assert_eq!(tampered(&world, &done).await, Some(found), "{done:?}");
        }
        assert_eq!(check(&world).await.broken, None, "nothing of that was kept");

        // Cut, and every trace of it too: only who kept the published end can tell.
        world
            .db
            .write(|tx| {
                for sql in [
                    "DELETE FROM people_look_head WHERE seq > 3",
                    "DELETE FROM people_look WHERE id IN (SELECT look_id FROM people_look_link WHERE seq > 3)",
                    "DELETE FROM people_look_link WHERE seq > 3",
                ] {
                    tx.exec(sql, [])?;
                }
                Ok::<_, Fault>(())
            })
            .await
            .unwrap();
        assert_eq!(check(&world).await.broken, None);
        let kept = vec![(5, head.hash)];
        assert_eq!(check_from(&world, 1, kept).await.broken, Some(Break::HeadGone { seq: 5 }));
        assert_eq!(check_from(&world, 9, vec![]).await.broken, Some(Break::LinkGone { seq: 8 }));

        // A look that still waits, deleted.
        look_at(&world, 1).await;
        let gone = ["DELETE FROM people_look WHERE id IN (SELECT look_id FROM people_look_waiting)"];
        assert!(matches!(tampered(&world, &gone).await, Some(Break::WaitingGone { .. })));
    }

    async fn what_a_server_of_the_release_before_wrote_is_chained_too(db: Db) {
        let world = World::new(db).await;
        look_at(&world, 1).await;
        world
            .db
            .write(|tx| {
                tx.exec_one(
                    "INSERT INTO people_reveal_log (office_id, id, at, staff_id, what_kind, what_id, field, reason, address)
                     SELECT office_id, what_id, at, staff_id, what_kind, what_id, 'phone', reason, address FROM people_look",
                    [],
                )
            })
            .await
            .unwrap();
        assert_eq!((chain(&world, 100).await, chain(&world, 100).await), (2, 0));
        assert_eq!(check(&world).await.broken, None);
    }

    async fn looks_at_once_wait_for_nobody_and_are_all_chained(db: Db) {
        let world = std::sync::Arc::new(World::new(db).await);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let world = std::sync::Arc::clone(&world);
            tasks.spawn(async move {
                for _ in 0..5 {
                    look_at(&world, 1).await;
                    // Two servers chain at the same time.
                    if n < 2 {
                        chain(&world, 7).await;
                    }
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        while chain(&world, 100).await > 0 {}
        let found = check(&world).await;
        assert_eq!((found.links, found.waiting, found.broken), (40, 0, None));
    }
}
