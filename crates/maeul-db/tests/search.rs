//! Korean words of two syllables are found on both engines.

use jiff::Timestamp;
use maeul_base::{Cursor, Fault, OfficeId};
use maeul_db::search::{Asked, Entry};
use maeul_db::{Db, Engine, Migration, Tx, args, both_engines, search};
use uuid::Uuid;

const OFFICE: OfficeId = OfficeId(29140);

fn steps() -> Vec<Migration> {
    vec![Migration {
        room: "t",
        name: "0001_search",
        sqlite: search::sqlite_ddl("t_search").leak(),
        postgres: search::postgres_ddl("t_search").leak(),
    }]
}

/// As `maeul-language` does: the syllable pairs of each word, one after another.
fn grams(text: &str) -> String {
    let mut pairs = vec![];
    for word in text.split_whitespace() {
        let signs: Vec<char> = word.chars().collect();
        pairs.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>()));
    }
    pairs.join(" ")
}

fn asked(words: &[&str]) -> Asked {
    Asked { phrases: words.iter().map(|word| grams(word)).collect(), ..Asked::default() }
}

async fn find(db: &Db, asked: Asked, limit: usize, keep: fn(usize) -> bool) -> Vec<Uuid> {
    db.read(move |tx| {
        let mut seen = 0;
        search::newest(tx, "t_search", OFFICE, &asked, limit, |_, ids: &[Uuid]| {
            let kept = ids.iter().filter(|_| {
                seen += 1;
                keep(seen - 1)
            });
            Ok(kept.map(|id| (*id, *id)).collect())
        })
    })
    .await
    .unwrap()
}

async fn found(db: &Db, words: &[&str]) -> Vec<Uuid> {
    find(db, asked(words), 100, |_| true).await
}

/// The n-th day.
fn day(n: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + n * 86_400).unwrap()
}

fn put(
    tx: &mut Tx,
    office: OfficeId,
    id: Uuid,
    at: Timestamp,
    tags: &[String],
    text: &str,
) -> Result<(), Fault> {
    search::put(tx, "t_search", office, id, Entry { at, tags, grams: &grams(text) })
}

both_engines! { steps();
    async fn two_syllables_are_found(db: Db) {
        let ids = [1, 2, 3].map(Uuid::from_u128);
        let texts = ["상수도 누수 신고", "가로등 고장 났어요", "수도 요금 Water-bill's \"문의\""];
        db.write(move |tx| {
            for (id, text) in ids.into_iter().zip(texts) {
                put(tx, OFFICE, id, day(1), &[], text)?;
                put(tx, OfficeId(1), id, day(1), &[], text)?;
            }
            Ok::<_, Fault>(())
        }).await.unwrap();
        let mut both = found(&db, &["수도"]).await;
        both.sort();
        assert_eq!(both, [ids[0], ids[2]]);
        assert_eq!(found(&db, &["가로등"]).await, [ids[1]]);
        assert_eq!(found(&db, &["가로등", "고장"]).await, [ids[1]]);
        assert!(found(&db, &["가로등", "누수"]).await.is_empty());
        assert!(found(&db, &["등가"]).await.is_empty());
        assert!(found(&db, &[]).await.is_empty());
        assert!(found(&db, &["\" OR *"]).await.is_empty());
        // Side by side, not only both there: 가로 and 로등 of two words are no 가로등.
        db.write(move |tx| put(tx, OFFICE, Uuid::from_u128(4), day(1), &[], "로등 가로")).await.unwrap();
        assert_eq!(found(&db, &["가로등"]).await, [ids[1]]);
        // A changed text is found by its new words only; a removed one not at all.
        db.write(move |tx| {
            put(tx, OFFICE, ids[1], day(2), &[], "보안등 교체")?;
            search::remove(tx, "t_search", OFFICE, ids[2])
        }).await.unwrap();
        assert!(found(&db, &["가로등"]).await.is_empty());
        assert_eq!(found(&db, &["보안등"]).await, [ids[1]]);
        assert_eq!(found(&db, &["수도"]).await, [ids[0]]);
        db.write(move |tx| search::remove(tx, "t_search", OFFICE, ids[2])).await.unwrap();
    }

    async fn the_newest_come_first_page_by_page(db: Db) {
        // Nine years, two a day once a month, written in a mixed order; every third of one unit.
        let total = 216_i64;
        db.write(move |tx| {
            for k in 0..total {
                let n = k * 101 % total;
                let tags = [search::tag("unit", n % 3)];
                let id = Uuid::from_u128(u128::try_from(n).unwrap() + 1);
                put(tx, OFFICE, id, day(n / 2 * 30), &tags, "가로등 고장")?;
            }
            Ok::<_, Fault>(())
        }).await.unwrap();
        let when = |id: &Uuid| i64::try_from(id.as_u128()).unwrap() - 1;
        let in_order = |ids: &[Uuid]| ids.is_sorted_by_key(|id| -(when(id) / 2));
        let all = find(&db, asked(&["가로등"]), 1_000, |_| true).await;
        assert_eq!(all.len(), 216);
        assert!(in_order(&all));
        // Pages put together are the whole list, each once.
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = find(&db, Asked { after, ..asked(&["가로등"]) }, 10, |_| true).await;
            let Some(last) = page.last() else { break };
            after = Some(Cursor { at: day(when(last) / 2 * 30), id: *last });
            pages.extend(page);
        }
        assert_eq!(pages, all);
        // Narrowed by a tag, by an earliest day, and by whoever asks.
        let tags = vec![search::tag("unit", 1), search::tag("unit", 9)];
        let of_unit = find(&db, Asked { tags, ..asked(&["고장"]) }, 1_000, |_| true).await;
        assert_eq!(of_unit.len(), 72);
        assert!(of_unit.iter().all(|id| when(id) % 3 == 1) && in_order(&of_unit));
        let since = Some(day(106 * 30));
        let late = find(&db, Asked { since, ..asked(&["고장"]) }, 1_000, |_| true).await;
        assert_eq!(late.len(), 4);
        let some = find(&db, asked(&["고장"]), 20, |nth| nth % 10 == 0).await;
        assert_eq!(some, all.iter().step_by(10).take(20).copied().collect::<Vec<_>>());
        // The order holds when the numbers were lost.
        db.write(|tx| search::renumber(tx, "t_search")).await.unwrap();
        let again = find(&db, asked(&["가로등"]), 1_000, |_| true).await;
        assert!(again.len() == 216 && in_order(&again));
    }

    async fn rare_words_and_common_ones_are_found_alike(db: Db) {
        // Two thousand records, an hour apart: every second has one word, every three hundredth
        // another, a third stands in the oldest alone; by turns they are of five units.
        let total = 2_000_i64;
        let at = |n: i64| Timestamp::from_second(1_700_000_000 + n * 3_600).unwrap();
        let id = |n: i64| Uuid::from_u128(u128::try_from(n).unwrap() + 1);
        db.write(move |tx| {
            for n in 0..total {
                let common = if n % 2 == 0 { "가로등" } else { "보안등" };
                let rare = if n % 300 == 0 { "싱크홀" } else { "" };
                let oldest = if n == 0 { "다람쥐" } else { "" };
                let tags = [search::tag("unit", n % 5)];
                put(tx, OFFICE, id(n), at(n), &tags, &format!("{common} 고장 {rare} {oldest}"))?;
            }
            Ok::<_, Fault>(())
        }).await.unwrap();
        let expected = |every: i64, unit: Option<i64>, after: i64| -> Vec<Uuid> {
            let numbers = (0..after).rev().filter(|n| n % every == 0);
            numbers.filter(|n| unit.is_none_or(|unit| n % 5 == unit)).map(id).collect()
        };
        for (word, every) in [("가로등", 2), ("싱크홀", 300), ("다람쥐", total)] {
            for unit in [None, Some(0), Some(3)] {
                for after in [total, 1_700, 1_200, 5] {
                    for limit in [1, 26, 700, 3_000] {
                        let tags = unit.map(|unit| search::tag("unit", unit)).into_iter().collect();
                        let cursor = (after < total).then(|| Cursor { at: at(after), id: id(after) });
                        let asked = Asked { tags, after: cursor, ..asked(&[word]) };
                        let mut all = expected(every, unit, after);
                        all.truncate(limit);
                        assert_eq!(find(&db, asked, limit, |_| true).await, all, "{word} {unit:?} {after} {limit}");
                    }
                }
            }
        }
        // Of a common word hardly any may be seen.
        let seen = find(&db, asked(&["가로등"]), 20, |nth| nth % 90 == 0).await;
        assert_eq!(seen, expected(2, None, total).into_iter().step_by(90).collect::<Vec<_>>());
    }

    async fn what_is_rare_is_asked_of_the_index(db: Db) {
        if db.engine() != Engine::Postgres {
            return;
        }
        // More than the newest that are read whatever stands in them.
        db.write(|tx| {
            for n in 0..216 {
                let text = if n == 0 { "다람쥐 출몰" } else { "가로등 고장" };
                put(tx, OFFICE, Uuid::from_u128(n + 1), day(i64::try_from(n).unwrap()), &[], text)?;
            }
            tx.exec("ANALYZE t_search", args![])?;
            Ok::<_, Fault>(())
        }).await.unwrap();
        let scans: (i64,) = db.read(|tx| {
            // Some hundred rows are few enough to be read one by one; a million are not.
            for setting in ["seqscan", "indexscan", "indexonlyscan"] {
                tx.exec(&format!("SET LOCAL enable_{setting} = off"), args![])?;
            }
            let rare = asked(&["다람쥐"]);
            let found = search::newest(tx, "t_search", OFFICE, &rare, 9, |_, ids: &[Uuid]| {
                Ok(ids.iter().map(|id| (*id, *id)).collect())
            })?;
            assert_eq!(found, [Uuid::from_u128(1)]);
            let sql = "SELECT pg_stat_get_xact_numscans(CAST('t_search_words' AS regclass))";
            tx.one(sql, args![])
        }).await.unwrap();
        assert_eq!(scans, (2,), "one look for each quarter until all were looked at");
    }

    async fn the_newest_are_read_by_one_plan_for_all_words(db: Db) {
        if db.engine() != Engine::Postgres {
            return;
        }
        db.write(|tx| {
            for n in 0..400 {
                let (id, at) = (Uuid::from_u128(n + 1), day(i64::try_from(n).unwrap()));
                put(tx, OFFICE, id, at, &[], "가로등 고장")?;
            }
            tx.exec("ANALYZE t_search", args![])?;
            Ok::<_, Fault>(())
        }).await.unwrap();
        let plans: (i64, i64) = db.read(|tx| {
            for word in ["가로등", "고장", "다람쥐", "싱크홀", "보안등", "수도", "누수", "소음", "먼지", "악취"] {
                search::newest(tx, "t_search", OFFICE, &asked(&[word]), 9, |_, ids: &[Uuid]| {
                    Ok(ids.iter().map(|id| (*id, *id)).collect())
                })?;
            }
            let sql = "SELECT generic_plans, custom_plans FROM pg_prepared_statements
                        WHERE statement LIKE 'WITH near%LIMIT 128)%'";
            tx.one(sql, args![])
        }).await.unwrap();
        assert_eq!(plans, (5, 5), "after five tries the server plans no more");
    }
}
