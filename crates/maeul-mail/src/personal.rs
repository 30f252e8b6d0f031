//! The personal data of letters: for how long they are kept, and what is held about one person.

use std::sync::Arc;

use maeul_base::{Ctx, Cursor, Fault, seoul};
use maeul_cases::read::case_now;
use maeul_db::Tx;
use maeul_room::{About, Keeping, Part, Said, Sweep, Swept};

use crate::state::MailState;
use crate::store;

const LETTERS: &str = "mail.letters";

/// The kinds of personal data this room keeps for a time.
pub fn keeps() -> Vec<Keeping> {
    vec![Keeping {
        kind: LETTERS,
        name: ["전자우편 원본", "Letters as they came"],
        what: [
            "온 편지의 원본, 보낸 사람과 글을 지웁니다. 언제 와서 어느 민원이 되었는지는 남습니다.",
            "The letter, its sender and its words go. When it came and which case it became stay.",
        ],
        since: ["받은 날", "the day it came"],
        months: 12,
        destroy: Arc::new(sweep_some),
    }]
}

fn sweep_some(tx: &mut Tx, ctx: &Ctx, sweep: &Sweep) -> Result<Swept, Fault> {
    let found = store::received_before(tx, ctx.office, sweep.before, sweep.after, sweep.most)?;
    let next = found.last().map(|(id, at, ..)| Cursor { at: *at, id: (*id).into() });
    let mut done = Swept { next: next.filter(|_| found.len() == sweep.most), ..Swept::default() };
    for (id, _, case, state) in found {
        if case.is_some_and(|case| sweep.held.contains(&case)) {
            done.held += 1;
            continue;
        }
        let case = case.map(|case| case_now(tx, ctx.office, case)).transpose()?.flatten();
        if state == MailState::Waiting || case.is_some_and(|case| case.state.is_open()) {
            done.busy += 1;
            continue;
        }
        if !sweep.dry {
            store::destroy(tx, ctx, &sweep.seal, id)?;
        }
        done.records += 1;
    }
    Ok(done)
}

/// What this room holds about a person: the letters of their case.
pub fn about() -> About {
    Arc::new(|tx, ctx, seal, of| {
        let case = case_now(tx, ctx.office, of.case)?;
        if case.is_none_or(|case| case.petitioner != of.party) {
            return Ok(Vec::new());
        }
        // What others wrote into the same case is theirs.
        let letters = store::of_case(tx, seal, ctx.office, of.case)?;
        let letters: Vec<_> =
            letters.into_iter().filter(|it| it.state == MailState::Case).collect();
        if letters.is_empty() {
            return Ok(Vec::new());
        }
        let records = letters.into_iter().map(|it| {
            let said = [
                Said::some("at", ["때", "When"], seoul::iso(it.received_at)),
                Said::some("from", ["보낸 사람", "From"], it.shown.from),
                Said::some("subject", ["제목", "Subject"], it.shown.subject),
                Said::some("words", ["글", "Words"], it.shown.words),
            ];
            said.into_iter().flatten().collect()
        });
        let title = ["보내신 편지", "Letters you sent"];
        let records = records.collect();
        Ok(vec![Part { key: "letters", title, keeping: Some(LETTERS), records }])
    })
}
