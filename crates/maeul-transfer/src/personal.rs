//! The personal data of transfers: for how long they are kept, and what is held about one person.

use std::sync::Arc;

use maeul_base::{Ctx, Cursor, Fault, seoul};
use maeul_cases::read::case_now;
use maeul_db::Tx;
use maeul_room::{About, Keeping, Part, Said, Sweep, Swept};

use crate::store;

const SENT: &str = "transfers.sent";

/// The kinds of personal data this room keeps for a time.
pub fn keeps() -> Vec<Keeping> {
    vec![Keeping {
        kind: SENT,
        name: ["다른 기관에 보낸 내용", "What was sent to other agencies"],
        what: [
            "보낸 글과 연락처를 지웁니다. 어느 기관에 언제 보냈는지는 남습니다.",
            "The words and contacts sent go. To which agency and when stay.",
        ],
        since: ["끝난 날", "the day it ended"],
        months: 36,
        destroy: Arc::new(sweep_some),
    }]
}

fn sweep_some(tx: &mut Tx, ctx: &Ctx, sweep: &Sweep) -> Result<Swept, Fault> {
    let found = store::ended_before(tx, ctx.office, sweep.before, sweep.after, sweep.most)?;
    let next = found.last().map(|(id, at, _)| Cursor { at: *at, id: (*id).into() });
    let mut done = Swept { next: next.filter(|_| found.len() == sweep.most), ..Swept::default() };
    for (id, _, case) in found {
        if sweep.held.contains(&case) {
            done.held += 1;
            continue;
        }
        if !sweep.dry {
            store::destroy(tx, ctx, &sweep.seal, id)?;
        }
        done.records += 1;
    }
    Ok(done)
}

/// What this room holds about a person: what of their case was sent to others.
pub fn about() -> About {
    Arc::new(|tx, ctx, seal, of| {
        let case = case_now(tx, ctx.office, of.case)?;
        if case.is_none_or(|case| case.petitioner != of.party) {
            return Ok(Vec::new());
        }
        let mut records = Vec::new();
        for it in store::of_case(tx, ctx.office, of.case)? {
            let sent: Vec<String> = store::request(tx, ctx.office, seal, it.id)?
                .into_iter()
                .filter(|(name, _)| name != "api_key")
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            let agency = store::agency(tx, ctx.office, it.agency)?;
            let agency = agency.map(|it| it.name.get(ctx.lang).to_owned());
            let said = [
                Said::some("at", ["때", "When"], seoul::iso(it.created_at)),
                Said::some("to", ["기관", "Agency"], agency.unwrap_or_default()),
                Said::some("sent", ["보낸 내용", "Sent"], sent.join("\n")),
            ];
            records.push(said.into_iter().flatten().collect());
        }
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let title = ["다른 기관에 보낸 내용", "Sent to other agencies"];
        Ok(vec![Part { key: "transfers", title, keeping: Some(SENT), records }])
    })
}
