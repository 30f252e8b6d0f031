//! The personal data of cases: for how long they are kept, and what is held about one person.

use std::sync::Arc;

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Failure, Fault, OfficeId, PartyId, seoul};
use maeul_db::{Seal, Tx};
use maeul_room::{About, Keeping, Part, Person, Said, Sweep, Swept};

use crate::act::{PurgeRefusal, purge_by_rule};
use crate::event::{Event, Purged};
use crate::store::{self, Holding, PhotoOf};
use crate::words::PartyKind;

const CONTACTS: &str = "cases.contacts";
const PHOTOS: &str = "cases.photos";
const WORDS: &str = "cases.words";

/// The kinds of personal data this room keeps for a time.
pub fn keeps() -> Vec<Keeping> {
    let since = ["답변한 날", "the day of the answer"];
    let keeping = |what: Holding, kind, name, says, months| Keeping {
        kind,
        name,
        what: says,
        since,
        months,
        destroy: Arc::new(move |tx, ctx, sweep| sweep_some(tx, ctx, sweep, what)),
    };
    vec![
        keeping(
            Holding::Contacts,
            CONTACTS,
            ["민원인 연락처", "Contacts of petitioners"],
            [
                "이름, 전화번호, 전자우편과 안내 문자를 지웁니다. 민원과 통계는 남습니다.",
                "Names, telephones, e-mail addresses and the messages sent go. The case and the figures stay.",
            ],
            36,
        ),
        keeping(
            Holding::Photos,
            PHOTOS,
            ["민원 사진", "Photos of cases"],
            ["사진을 지웁니다.", "The photos go."],
            36,
        ),
        keeping(
            Holding::Words,
            WORDS,
            ["민원과 답변의 글", "Words of cases and answers"],
            [
                "제목, 내용, 답변과 메모를 지웁니다. 언제 어느 부서가 무엇을 했는지는 남습니다.",
                "Titles, words, answers and notes go. When which unit did what stays.",
            ],
            120,
        ),
    ]
}

fn sweep_some(tx: &mut Tx, ctx: &Ctx, sweep: &Sweep, what: Holding) -> Result<Swept, Fault> {
    let found = store::holding(tx, ctx.office, what, sweep.before, sweep.after, sweep.most)?;
    let next = found.last().map(|(id, at)| Cursor { at: *at, id: id.0 });
    let mut done = Swept { next: next.filter(|_| found.len() == sweep.most), ..Swept::default() };
    for (case, _) in found {
        if sweep.held.contains(&case) {
            done.held += 1;
            continue;
        }
        if sweep.dry {
            done.records += 1;
            continue;
        }
        let purged = Purged {
            words: what == Holding::Words,
            contacts: what == Holding::Contacts,
            photos: what == Holding::Photos,
            reason: sweep.why.clone(),
        };
        // What cannot go yet is undone by itself, and tried again another night.
        match tx.attempt(|tx| purge_by_rule(tx, ctx, case, purged)) {
            Ok(_) => done.records += 1,
            Err(Failure::Refused(PurgeRefusal::Sending)) => done.busy += 1,
            Err(Failure::Refused(refusal)) => {
                let code = maeul_base::Refusal::code(&refusal);
                return Err(Fault::other(format!("a rule of retention was refused: {code}")));
            }
            Err(Failure::Fault(fault)) => return Err(fault),
        }
    }
    Ok(done)
}

/// One of the people of a case, without anything personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneParty {
    /// Their id.
    pub id: PartyId,
    /// How they stand to the case.
    pub kind: PartyKind,
    /// Whether they gave no name.
    pub anonymous: bool,
    /// Since when they belong to it.
    pub created_at: Timestamp,
}

/// The people of a case, the petitioner first.
pub fn people_of(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Vec<OneParty>, Fault> {
    let found = store::parties(tx, office, case)?.into_iter().map(|it| OneParty {
        id: it.id,
        kind: it.kind,
        anonymous: it.anonymous,
        created_at: it.created_at,
    });
    Ok(found.collect())
}

/// The keyed hashes of the person's telephone and e-mail, as other rooms keep them of theirs.
pub fn contact_hashes(tx: &mut Tx, office: OfficeId, of: Person) -> Result<Vec<Vec<u8>>, Fault> {
    store::contact_hashes(tx, office, of.case, of.party)
}

/// What this room holds about a person.
pub fn about() -> About {
    Arc::new(about_one)
}

fn about_one(tx: &mut Tx, ctx: &Ctx, seal: &Seal, of: Person) -> Result<Vec<Part>, Fault> {
    let Some(party) = store::party(tx, ctx.office, of.party)?.filter(|it| it.case == of.case)
    else {
        return Ok(Vec::new());
    };
    let Some(case) = store::load(tx, ctx.office, of.case)? else { return Ok(Vec::new()) };
    let lang = ctx.lang;
    let contact = party.open(seal)?;
    let phone = contact.phone.as_ref().map(ToString::to_string).unwrap_or_default();
    let email = contact.email.as_ref().map(ToString::to_string).unwrap_or_default();
    let told = seoul::iso(party.created_at);
    let mine = vec![
        Said::some("name", ["이름", "Name"], contact.name.clone()),
        Said::some("phone", ["전화번호", "Telephone"], phone),
        Said::some("email", ["전자우편", "E-mail"], email),
        Said::some("language", ["언어", "Language"], party.lang.tag()),
        Said::some("given_at", ["남긴 때", "Given"], told),
    ];
    let is_petitioner = party.kind != PartyKind::Follower;
    let mut parts = vec![Part {
        key: "contact",
        title: ["연락처", "Contact"],
        keeping: Some(CONTACTS),
        records: vec![mine.into_iter().flatten().collect()],
    }];
    if is_petitioner {
        let place = case
            .place
            .point()
            .map(|(lat, lon)| format!("{}, {}", seven_places(lat), seven_places(lon)));
        let report = vec![
            Said::some("number", ["접수번호", "Number"], case.number.clone()),
            Said::some("title", ["제목", "Title"], case.title.clone()),
            Said::some("words", ["내용", "Words"], case.body.clone()),
            Said::some("answers", ["물음과 답", "Questions and answers"], answers(&case.answers)),
            Said::some("place", ["장소", "Place"], case.place.text.clone()),
            Said::some("point", ["위도, 경도", "Latitude, longitude"], place.unwrap_or_default()),
            Said::some("received_at", ["받은 때", "Received"], seoul::iso(case.received_at)),
            Said::some("state", ["상태", "State"], case.state.name(lang)),
            Said::some("answer", ["답변", "Answer"], case.answer.clone().unwrap_or_default()),
        ];
        parts.push(Part {
            key: "report",
            title: ["민원", "The report"],
            keeping: Some(WORDS),
            records: vec![report.into_iter().flatten().collect()],
        });
        let photos = store::photos(tx, ctx.office, PhotoOf::Case(case.id))?;
        parts.push(Part {
            key: "photos",
            title: ["사진", "Photos"],
            keeping: Some(PHOTOS),
            records: photos
                .into_iter()
                .map(|it| {
                    let size = format!("{} × {}", it.width, it.height);
                    let said = [
                        Said::some("id", ["이름", "Id"], it.id.to_string()),
                        Said::some("size", ["크기", "Size"], size),
                    ];
                    said.into_iter().flatten().collect()
                })
                .collect(),
        });
    }
    let mut records = Vec::new();
    for one in store::events(tx, ctx.office, case.id)? {
        let (kind, text) = match one.event {
            Event::Replied { party, text } if party == of.party => {
                (lang.t("보낸 말", "You wrote"), text)
            }
            Event::Rated { party, score, text } if party == of.party => {
                (lang.t("만족도", "You rated"), format!("{score} {text}"))
            }
            Event::Asked { text } if is_petitioner => (lang.t("받은 물음", "You were asked"), text),
            _ => continue,
        };
        let said = [
            Said::some("at", ["때", "When"], seoul::iso(one.at)),
            Said::some("what", ["무엇", "What"], kind),
            Said::some("words", ["글", "Words"], text),
        ];
        records.push(said.into_iter().flatten().collect());
    }
    let title = ["주고받은 말", "What was said"];
    parts.push(Part { key: "said", title, keeping: Some(WORDS), records });
    let ways: Vec<&str> = [
        contact.phone.as_ref().map(|it| it.digits()),
        contact.email.as_ref().map(|it| it.as_str()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let told = maeul_notice::told_of_case(tx, seal, ctx.office, case.id)?;
    let records = told
        .into_iter()
        .filter(|it| ways.contains(&it.to.as_str()))
        .map(|it| {
            let said = [
                Said::some("at", ["때", "When"], seoul::iso(it.queued_at)),
                Said::some("to", ["받는 곳", "To"], it.to),
                Said::some("subject", ["제목", "Subject"], it.subject),
                Said::some("words", ["글", "Words"], it.body),
            ];
            said.into_iter().flatten().collect()
        })
        .collect();
    let title = ["보낸 안내", "Messages sent to you"];
    parts.push(Part { key: "messages", title, keeping: Some(CONTACTS), records });
    Ok(parts)
}

fn answers(given: &crate::Answers) -> String {
    let one =
        |(question, values): (&String, &Vec<String>)| format!("{question}: {}", values.join(", "));
    given.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Degrees × 10^7 as degrees.
fn seven_places(e7: i64) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let size = e7.unsigned_abs();
    format!("{sign}{}.{:07}", size / 10_000_000, size % 10_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_written_whole() {
        assert_eq!(seven_places(351_265_000), "35.1265000");
        assert_eq!(seven_places(-5), "-0.0000005");
    }
}
