//! What is held about a person, put together from all rooms, and who looked at it.

use maeul_base::{Ctx, Fault, seoul};
use maeul_db::Tx;
use maeul_people::{LookEntry, looks_of_case};
use maeul_room::{Part, Person};
use serde_json::{Map, Value, json};

use crate::Shelf;
use crate::retention::Rule;
use crate::store::{self, Erasure};

/// The most looks shown; earlier ones are still in the log.
const LOOKS: i64 = 500;

/// Everything there is to tell a person of their own data.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What every room holds about them.
    pub parts: Vec<Part>,
    /// Who looked at it, latest first.
    pub looks: Vec<LookEntry>,
    /// What they asked to have erased.
    pub asked: Vec<Erasure>,
    /// Every rule of retention of the office, of a kind the latest first.
    pub rules: Vec<Rule>,
    /// Whether the case is held: nothing of it goes, whatever its age.
    pub on_hold: bool,
}

/// Everything there is to tell that person.
pub fn whole(tx: &mut Tx, ctx: &Ctx, shelf: &Shelf, of: Person) -> Result<Whole, Fault> {
    Ok(Whole {
        parts: parts(tx, ctx, shelf, of)?,
        looks: looks(tx, ctx, of)?,
        asked: store::erasures_of(tx, ctx.office, shelf.seal(), of.case, of.party)?,
        rules: store::rules(tx, ctx.office)?,
        on_hold: store::held(tx, ctx.office)?.contains(&of.case),
    })
}

/// What every room holds about the person.
fn parts(tx: &mut Tx, ctx: &Ctx, shelf: &Shelf, of: Person) -> Result<Vec<Part>, Fault> {
    let mut found = Vec::new();
    for room in shelf.about() {
        found.extend(room(tx, ctx, shelf.seal(), of)?);
    }
    Ok(found)
}

/// Who looked at the person's data, latest first. Looks at somebody else's contact in the same case are
/// theirs to see.
fn looks(tx: &mut Tx, ctx: &Ctx, of: Person) -> Result<Vec<LookEntry>, Fault> {
    let mut found = looks_of_case(tx, ctx.office, of.case, LOOKS)?;
    found.retain(|it| it.what_kind != "case_party" || it.what_id == of.party.0);
    Ok(found)
}

/// Everything as one file. Of officers it says the unit and the role: the law gives the person a right
/// to know that somebody looked and why (전자정부법 43), and no right to a name.
pub fn as_json(
    ctx: &Ctx,
    office: &str,
    whole: &Whole,
    unit: impl Fn(&LookEntry) -> String,
) -> Value {
    let mut held = Map::new();
    for part in &whole.parts {
        let records: Vec<Value> = part
            .records
            .iter()
            .map(|record| {
                let said = record.iter().map(|it| (it.key.to_owned(), json!(it.text)));
                Value::Object(said.collect())
            })
            .collect();
        held.insert(part.key.to_owned(), Value::Array(records));
    }
    let looks: Vec<Value> = whole
        .looks
        .iter()
        .map(|it| {
            json!({
                "at": seoul::iso(it.at),
                "unit": unit(it),
                "role": it.role,
                "what": it.act.as_str(),
                "fields": it.fields.split(',').collect::<Vec<_>>(),
                "why": it.reason,
            })
        })
        .collect();
    json!({
        "made_at": seoul::iso(ctx.now),
        "office": office,
        "held": held,
        "looks": looks,
    })
}
