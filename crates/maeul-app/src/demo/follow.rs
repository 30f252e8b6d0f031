//! Made-up people who follow what becomes public in each office. Their addresses are nobody's.

use maeul_base::{Ctx, Failure, Fault, OfficeId};
use maeul_cases::{Knowledge, KnowledgeCache};
use maeul_follow::Shelf;
use maeul_follow::act::{Ask, collect, made_up};
use maeul_web::Site;

/// What is there counts as known, and some follow what comes.
pub(crate) async fn follow(
    site: &Site,
    knowledge: &KnowledgeCache,
    offices: &[OfficeId],
    now: jiff::Timestamp,
) -> Result<(), Fault> {
    // The room is part of this app: without it nobody could follow.
    site.room::<Shelf>()?;
    for office in offices {
        let ctx = Ctx { now, ..site.system_ctx(*office) };
        let know = knowledge.get(site.db(), *office, now).await?;
        let mut from = None;
        loop {
            let ctx = ctx.clone();
            from = site.db().write(move |tx| collect(tx, &ctx, from)).await?.next;
            if from.is_none() {
                break;
            }
        }
        let asks = asks(&know);
        site.db()
            .write(move |tx| {
                for ask in &asks {
                    made_up(tx, &ctx, &know, ask)?;
                }
                Ok::<_, Failure<_>>(())
            })
            .await
            .map_err(|failure| match failure {
                Failure::Fault(fault) => fault,
                Failure::Refused(refusal) => {
                    Fault::other(format!("the demonstration cannot follow: {refusal:?}"))
                }
            })?;
    }
    Ok(())
}

/// A handful: by 동, around a place, everything of a service, with words; by mail and by text.
fn asks(know: &Knowledge) -> Vec<Ask> {
    let dongs = know.dongs();
    let dong = |place: usize| {
        dongs.get(place % dongs.len().max(1)).map(|it| it.code.to_string()).unwrap_or_default()
    };
    let of = |what: &str, rhythm: &str, contact: &str| Ask {
        what: what.to_owned(),
        rhythm: rhythm.to_owned(),
        contact: contact.to_owned(),
        ..Ask::default()
    };
    vec![
        Ask { dong: dong(0), ..of("dong", "daily", "haneul@example.com") },
        Ask { dong: dong(3), ..of("dong", "weekly", "haneul@example.com") },
        Ask { dong: dong(5), ..of("dong", "now", "010-0000-0301") },
        Ask { service: "streetlight".to_owned(), ..of("all", "daily", "badasori@example.org") },
        Ask { words: "가로등".to_owned(), ..of("all", "weekly", "dulle@example.net") },
    ]
}
