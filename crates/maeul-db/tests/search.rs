//! Korean words of two syllables are found on both engines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use maeul_base::{CaseId, Fault, Ids, OfficeId};
use maeul_db::{Db, Migration, Sql, args, both_engines, search};

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

async fn found(db: &Db, words: &[&str]) -> Vec<CaseId> {
    let phrases: Vec<String> = words.iter().map(|word| grams(word)).collect();
    let rows: Vec<(CaseId,)> = db
        .read(move |tx| {
            let mut sql = Sql::new("SELECT id FROM t_search WHERE office_id = ?", args![OFFICE]);
            search::and_match(&mut sql, tx.engine(), "t_search", "id", OFFICE, &phrases);
            sql.add(" ORDER BY id", []);
            tx.all(sql.text(), sql.args())
        })
        .await
        .unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

both_engines! { steps();
    async fn two_syllables_are_found(db: Db) {
        let source = Ids::seeded(1);
        let ids: [CaseId; 3] =
            std::array::from_fn(|_| source.next(jiff::Timestamp::UNIX_EPOCH));
        let texts = ["상수도 누수 신고", "가로등 고장 났어요", "수도 요금 Water-bill's \"문의\""];
        db.write(move |tx| {
            for (id, text) in ids.into_iter().zip(texts) {
                search::put(tx, "t_search", OFFICE, id, &grams(text))?;
                search::put(tx, "t_search", OfficeId(1), id, &grams(text))?;
            }
            Ok::<_, Fault>(())
        }).await.unwrap();
        let both = |one: usize, two: usize| { let mut it = [ids[one], ids[two]]; it.sort(); it };
        assert_eq!(found(&db, &["수도"]).await, both(0, 2));
        assert_eq!(found(&db, &["가로등"]).await, [ids[1]]);
        assert_eq!(found(&db, &["가로등", "고장"]).await, [ids[1]]);
        assert!(found(&db, &["가로등", "누수"]).await.is_empty());
        assert!(found(&db, &["등가"]).await.is_empty());
        assert!(found(&db, &[]).await.is_empty());
        assert!(found(&db, &["\" OR *"]).await.is_empty());
        // A changed text is found by its new words only; a removed one not at all.
        db.write(move |tx| {
            search::put(tx, "t_search", OFFICE, ids[1], &grams("보안등 교체"))?;
            search::remove(tx, "t_search", OFFICE, ids[2])
        }).await.unwrap();
        assert!(found(&db, &["가로등"]).await.is_empty());
        assert_eq!(found(&db, &["보안등"]).await, [ids[1]]);
        assert_eq!(found(&db, &["수도"]).await, [ids[0]]);
        db.write(move |tx| search::remove(tx, "t_search", OFFICE, ids[2])).await.unwrap();
    }
}
