//! What is held about one person here: what they follow.

use std::sync::Arc;

use maeul_base::{Actor, Ctx, Fault, seoul};
use maeul_cases::KnowledgeCache;
use maeul_cases::personal::contact_hashes;
use maeul_db::Tx;
use maeul_public::read::shown;
use maeul_room::{About, Part, Person, Said};

use crate::read::title;
use crate::store;
use crate::wish::What;

/// What the person follows by the contact they gave in the case. A link shows only that they follow this
/// very case: whoever reports may write somebody else's telephone, and what that telephone follows is
/// its owner's matter. At a desk, where it was seen who asks, it is all of it.
pub fn about(knowledge: &KnowledgeCache) -> About {
    let knowledge = knowledge.clone();
    Arc::new(move |tx, ctx, _, of| about_one(tx, ctx, &knowledge, of))
}

fn about_one(
    tx: &mut Tx,
    ctx: &Ctx,
    knowledge: &KnowledgeCache,
    of: Person,
) -> Result<Vec<Part>, Fault> {
    let at_a_desk = matches!(ctx.actor, Actor::Staff { .. });
    let mut records = Vec::new();
    for hash in contact_hashes(tx, ctx.office, of)? {
        let Some(person) = store::person_by_contact(tx, ctx.office, &hash)? else { continue };
        let know = knowledge.current(tx, ctx.office, ctx.today())?;
        for kept in store::of_person(tx, ctx.office, person.id)? {
            let case = match kept.wish.what {
                What::Case(case) => Some(case),
                _ => None,
            };
            if !at_a_desk && case != Some(of.case) {
                continue;
            }
            let seen = case.map(|case| shown(tx, ctx.office, &[case])).transpose()?;
            let called = seen.and_then(|it| it.first().map(|case| title(&know, case, ctx.lang)));
            let since = store::confirmed_at(tx, ctx.office, kept.id)?;
            let said = [
                Said::some(
                    "what",
                    ["무엇을", "What"],
                    kept.wish.say(&know, called.as_deref(), ctx.lang),
                ),
                Said::some("how_often", ["얼마나 자주", "How often"], kept.rhythm.name(ctx.lang)),
                Said::some("by", ["받는 길", "By"], person.channel.as_str()),
                Said::some(
                    "since",
                    ["언제부터", "Since"],
                    since.map(seoul::iso).unwrap_or_default(),
                ),
            ];
            records.push(said.into_iter().flatten().collect());
        }
    }
    if records.is_empty() {
        return Ok(Vec::new());
    }
    // Kept until the person stops it.
    let title = ["소식 받기", "News followed"];
    Ok(vec![Part { key: "follows", title, keeping: None, records }])
}
