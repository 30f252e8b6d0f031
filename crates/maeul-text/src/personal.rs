//! The personal data of texts: for how long they are kept, and what is held about one person.

use std::sync::Arc;

use maeul_base::{Ctx, Cursor, Fault, seoul};
use maeul_cases::read::case_now;
use maeul_db::Tx;
use maeul_room::{About, Keeping, Part, Said, Sweep, Swept};

use crate::store::destroy;

const WORDS: &str = "texts.words";

/// The kinds of personal data this room keeps for a time.
pub fn keeps() -> Vec<Keeping> {
    vec![Keeping {
        kind: WORDS,
        name: ["문자", "Text messages"],
        what: [
            "문자의 글을, 다른 대화가 없으면 번호도 지웁니다. 건수와 시각, 수신거부는 남습니다.",
            "The words go, and the number where there is no other conversation. Counts, times and who wants no texts stay.",
        ],
        since: ["처리한 날", "the day it was settled"],
        months: 36,
        destroy: Arc::new(sweep_some),
    }]
}

fn sweep_some(tx: &mut Tx, ctx: &Ctx, sweep: &Sweep) -> Result<Swept, Fault> {
    let found = destroy::settled_before(tx, ctx.office, sweep.before, sweep.after, sweep.most)?;
    let next = found.last().map(|it| Cursor { at: it.at, id: it.talk.into() });
    let mut done = Swept { next: next.filter(|_| found.len() == sweep.most), ..Swept::default() };
    for it in found {
        if it.case.is_some_and(|case| sweep.held.contains(&case)) {
            done.held += 1;
            continue;
        }
        let case = it.case.map(|case| case_now(tx, ctx.office, case)).transpose()?.flatten();
        if case.is_some_and(|case| case.state.is_open()) {
            done.busy += 1;
            continue;
        }
        if !sweep.dry {
            destroy::destroy(tx, ctx, &sweep.seal, &it)?;
        }
        done.records += 1;
    }
    if !sweep.dry {
        destroy::forget_fetched(tx, ctx.office, sweep.before)?;
    }
    Ok(done)
}

/// What this room holds about a person: the texts of their case.
pub fn about() -> About {
    Arc::new(|tx, ctx, seal, of| {
        let case = case_now(tx, ctx.office, of.case)?;
        if case.is_none_or(|case| case.petitioner != of.party) {
            return Ok(Vec::new());
        }
        let texts = destroy::of_case(tx, ctx.office, seal, of.case)?;
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let records = texts.into_iter().map(|(at, number, words)| {
            let said = [
                Said::some("at", ["때", "When"], seoul::iso(at)),
                Said::some("from", ["번호", "Number"], number),
                Said::some("words", ["글", "Words"], words),
            ];
            said.into_iter().flatten().collect()
        });
        let title = ["보내신 문자", "Text messages you sent"];
        Ok(vec![Part { key: "texts", title, keeping: Some(WORDS), records: records.collect() }])
    })
}
