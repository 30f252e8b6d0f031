//! SQL of the log of looks and its chain.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{CaseId, Ctx, Fault, FaultKind, OfficeId, StaffId, UnitId};
use maeul_db::{Seal, Tx, args, row};
use uuid::Uuid;

use crate::look::{Break, Checked, DayHead, Head, LookAct, LookEntry, NOTHING_BEFORE};
use crate::look::{link_hash, link_mac};

const COLUMNS: &str = "k.id, k.at, k.staff_id, k.unit_id, k.role, k.act, k.what_kind, k.what_id,
    k.case_ref, k.owner_id, k.fields, k.people, k.reason, k.address";

/// Links looked at in one read.
const PAGE: i64 = 500;

/// Keeps a look, to be chained.
pub(crate) fn insert_look(tx: &mut Tx, office: OfficeId, look: &LookEntry) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_look (office_id, id, at, staff_id, unit_id, role, act, what_kind, what_id,
             case_ref, owner_id, fields, people, reason, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            office,
            look.id,
            look.at,
            look.staff,
            look.unit,
            look.role,
            look.act,
            look.what_kind,
            look.what_id,
            look.case,
            look.owner,
            look.fields,
            look.people,
            look.reason,
            look.address
        ],
    )?;
    tx.exec_one(
        "INSERT INTO people_look_waiting (office_id, look_id) VALUES ($1, $2)",
        args![office, look.id],
    )
}

/// Looks that a server of the release before wrote are taken over; any number of rows.
fn carry_over(tx: &mut Tx, office: OfficeId) -> Result<u64, Fault> {
    const NEW: &str = "FROM people_reveal_log r WHERE r.office_id = $1 AND NOT EXISTS
        (SELECT 1 FROM people_look k WHERE k.office_id = r.office_id AND k.id = r.id)";
    tx.exec(
        &format!(
            "INSERT INTO people_look_waiting (office_id, look_id) SELECT r.office_id, r.id {NEW}"
        ),
        args![office],
    )?;
    tx.exec(
        &format!(
            "INSERT INTO people_look (office_id, id, at, staff_id, unit_id, role, act, what_kind,
                 what_id, case_ref, owner_id, fields, people, reason, address)
             SELECT r.office_id, r.id, r.at, r.staff_id, NULL, '', 'reveal', r.what_kind, r.what_id,
                 NULL, NULL, r.field, 1, r.reason, r.address {NEW}"
        ),
        args![office],
    )
}

/// Chains some of the looks that wait, in the order of their time; how many. Two servers that do so at
/// once make the same link, and one of them does it again.
pub fn chain_looks(tx: &mut Tx, ctx: &Ctx, seal: &Seal, most: i64) -> Result<i64, Fault> {
    carry_over(tx, ctx.office)?;
    let waiting: Vec<LookEntry> = tx.all(
        &format!(
            "SELECT {COLUMNS} FROM people_look_waiting w
               JOIN people_look k ON k.office_id = w.office_id AND k.id = w.look_id
              WHERE w.office_id = $1 ORDER BY k.at, k.id LIMIT $2"
        ),
        args![ctx.office, most],
    )?;
    let mut end = look_head(tx, ctx.office)?;
    for look in &waiting {
        let seq = end.as_ref().map_or(0, |it| it.seq) + 1;
        let before = end.as_ref().map_or(NOTHING_BEFORE.as_slice(), |it| &it.hash);
        let hash = link_hash(before, ctx.office, seq, look);
        let mac = link_mac(seal, ctx.office, seq, &hash);
        let made = tx.exec(
            "INSERT INTO people_look_link (office_id, seq, look_id, hash, mac, at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            args![ctx.office, seq, look.id, hash, mac, ctx.now],
        )?;
        if made == 0 {
            return Err(Fault::new(FaultKind::Retry, "another server made this link first"));
        }
        tx.exec_one(
            "DELETE FROM people_look_waiting WHERE office_id = $1 AND look_id = $2",
            args![ctx.office, look.id],
        )?;
        end = Some(Head { seq, hash, at: ctx.now });
    }
    if let Some(head) = end.filter(|_| !waiting.is_empty()) {
        tx.exec_one(
            "INSERT INTO people_look_head (office_id, on_day, seq, hash) VALUES ($1, $2, $3, $4)
             ON CONFLICT (office_id, on_day) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
            args![ctx.office, ctx.today(), head.seq, head.hash],
        )?;
    }
    i64::try_from(waiting.len()).map_err(|error| Fault::from_error("count looks", error))
}

/// The end of the chain, to be published; none while nobody has looked.
pub fn look_head(tx: &mut Tx, office: OfficeId) -> Result<Option<Head>, Fault> {
    tx.get(
        "SELECT seq, hash, at FROM people_look_link WHERE office_id = $1 ORDER BY seq DESC LIMIT 1",
        args![office],
    )
}

/// The chain's end on each of the latest days, latest first.
pub fn day_heads(tx: &mut Tx, office: OfficeId, most: i64) -> Result<Vec<DayHead>, Fault> {
    tx.all(
        "SELECT on_day, seq, hash FROM people_look_head WHERE office_id = $1
          ORDER BY on_day DESC LIMIT $2",
        args![office, most],
    )
}

row! {
    struct LinkRow {
        seq: i64,
        hash: Vec<u8>,
        mac: Vec<u8>,
        made: Timestamp,
        id: Option<Uuid>,
        at: Option<Timestamp>,
        staff: Option<StaffId>,
        unit: Option<UnitId>,
        role: Option<String>,
        act: Option<LookAct>,
        what_kind: Option<String>,
        what_id: Option<Uuid>,
        case: Option<CaseId>,
        owner: Option<UnitId>,
        fields: Option<String>,
        people: Option<i32>,
        reason: Option<String>,
        address: Option<String>,
    }
}

impl LinkRow {
    fn look(self) -> Option<LookEntry> {
        Some(LookEntry {
            id: self.id?,
            at: self.at?,
            staff: self.staff?,
            unit: self.unit,
            role: self.role?,
            act: self.act?,
            what_kind: self.what_kind?,
            what_id: self.what_id?,
            case: self.case,
            owner: self.owner,
            fields: self.fields?,
            people: self.people?,
            reason: self.reason?,
            address: self.address,
        })
    }
}

/// A check of a chain, page by page, so that a long chain holds up nobody.
#[derive(Clone, Debug)]
pub struct Checking {
    office: OfficeId,
    first: i64,
    before: Option<Head>,
    published: Vec<Head>,
}

impl Checking {
    /// From the link number `from` on (1: from the beginning). `published` are ends that were seen
    /// elsewhere: number and hash.
    pub fn new(office: OfficeId, from: i64, published: &[(i64, Vec<u8>)]) -> Self {
        let published = published.iter().map(|(seq, hash)| Head {
            seq: *seq,
            hash: hash.clone(),
            at: Timestamp::UNIX_EPOCH,
        });
        Self { office, first: from.max(1), before: None, published: published.collect() }
    }

    /// Checks the next page; what was found once all is checked, or at the first thing wrong.
    pub fn step(&mut self, tx: &mut Tx, seal: &Seal) -> Result<Option<Checked>, Fault> {
        if self.before.is_none() && self.first > 1 {
            self.before = tx.get(
                "SELECT seq, hash, at FROM people_look_link WHERE office_id = $1 AND seq = $2",
                args![self.office, self.first - 1],
            )?;
            if self.before.is_none() {
                return self.end(tx, Some(Break::LinkGone { seq: self.first - 1 }));
            }
        }
        let mut seq = self.before.as_ref().map_or(0, |it| it.seq);
        let page: Vec<LinkRow> = tx.all(
            &format!(
                "SELECT l.seq, l.hash, l.mac, l.at, {COLUMNS} FROM people_look_link l
                   LEFT JOIN people_look k ON k.office_id = l.office_id AND k.id = l.look_id
                  WHERE l.office_id = $1 AND l.seq > $2 ORDER BY l.seq LIMIT $3"
            ),
            args![self.office, seq, PAGE],
        )?;
        let last = page.is_empty();
        for row in page {
            seq += 1;
            if row.seq != seq {
                return self.end(tx, Some(Break::LinkGone { seq }));
            }
            let (hash, mac, made) = (row.hash.clone(), row.mac.clone(), row.made);
            let Some(look) = row.look() else {
                return self.end(tx, Some(Break::LookGone { seq }));
            };
            let before = self.before.as_ref().map_or(NOTHING_BEFORE.as_slice(), |it| &it.hash);
            if link_hash(before, self.office, seq, &look) != hash {
                return self.end(tx, Some(Break::Changed { seq }));
            }
            if link_mac(seal, self.office, seq, &hash) != mac {
                return self.end(tx, Some(Break::Forged { seq }));
            }
            self.before = Some(Head { seq, hash, at: made });
        }
        if !last {
            return Ok(None);
        }
        let broken = self.beside(tx)?;
        self.end(tx, broken)
    }

    /// What no walk along the chain shows: looks without a link, and ends that were published.
    fn beside(&self, tx: &mut Tx) -> Result<Option<Break>, Fault> {
        let mut heads: Vec<(i64, Vec<u8>)> = tx.all(
            "SELECT seq, hash FROM people_look_head WHERE office_id = $1 ORDER BY seq",
            args![self.office],
        )?;
        heads.extend(self.published.iter().map(|it| (it.seq, it.hash.clone())));
        for (seq, hash) in heads {
            let there: Option<(Vec<u8>,)> = tx.get(
                "SELECT hash FROM people_look_link WHERE office_id = $1 AND seq = $2",
                args![self.office, seq],
            )?;
            if there.is_none_or(|(there,)| there != hash) {
                return Ok(Some(Break::HeadGone { seq }));
            }
        }
        let inserted: Option<(Uuid, Timestamp)> = tx.get(
            "SELECT k.id, k.at FROM people_look k WHERE k.office_id = $1
                AND NOT EXISTS (SELECT 1 FROM people_look_link l
                                 WHERE l.office_id = k.office_id AND l.look_id = k.id)
                AND NOT EXISTS (SELECT 1 FROM people_look_waiting w
                                 WHERE w.office_id = k.office_id AND w.look_id = k.id)
              ORDER BY k.at, k.id LIMIT 1",
            args![self.office],
        )?;
        if let Some((look, at)) = inserted {
            return Ok(Some(Break::Inserted { look, at }));
        }
        let gone: Option<(Uuid,)> = tx.get(
            "SELECT w.look_id FROM people_look_waiting w WHERE w.office_id = $1
                AND NOT EXISTS (SELECT 1 FROM people_look k
                                 WHERE k.office_id = w.office_id AND k.id = w.look_id)
              ORDER BY w.look_id LIMIT 1",
            args![self.office],
        )?;
        Ok(gone.map(|(look,)| Break::WaitingGone { look }))
    }

    fn end(&self, tx: &mut Tx, broken: Option<Break>) -> Result<Option<Checked>, Fault> {
        let (waiting,): (i64,) = tx.one(
            "SELECT count(*) FROM people_look_waiting WHERE office_id = $1",
            args![self.office],
        )?;
        let reached = self.before.as_ref().map_or(0, |it| it.seq);
        let links = (reached - self.first + 1).max(0);
        Ok(Some(Checked { links, waiting, head: self.before.clone(), broken }))
    }
}

row! {
    /// How much somebody looked in a span of time.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LooksOf {
        /// Who.
        pub staff: StaffId,
        /// Their name.
        pub name: String,
        /// Their unit today.
        pub unit: UnitId,
        /// What was done.
        pub act: LookAct,
        /// How often.
        pub looks: i64,
        /// People concerned, each look counted.
        pub people: i64,
    }
}

/// Looks of a span of time by officer and act.
pub fn looks_by_officer(
    tx: &mut Tx,
    office: OfficeId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<LooksOf>, Fault> {
    tx.all(
        "SELECT k.staff_id, p.name, p.unit_id, k.act, count(*), CAST(sum(k.people) AS bigint)
           FROM people_look k
           JOIN people_staff p ON p.office_id = k.office_id AND p.id = k.staff_id
          WHERE k.office_id = $1 AND k.at >= $2 AND k.at < $3
          GROUP BY k.staff_id, p.name, p.unit_id, k.act ORDER BY p.name, k.staff_id, k.act",
        args![office, from, until],
    )
}

/// Looks of a span of time, earliest first, from after `after`.
pub fn looks_between(
    tx: &mut Tx,
    office: OfficeId,
    from: Timestamp,
    until: Timestamp,
    after: Option<(Timestamp, Uuid)>,
    most: i64,
) -> Result<Vec<LookEntry>, Fault> {
    let (at, id) = after.unwrap_or((from, Uuid::nil()));
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM people_look k WHERE k.office_id = $1 AND k.at >= $2 AND k.at < $3
                AND (k.at, k.id) > ($4, $5) ORDER BY k.at, k.id LIMIT $6"
        ),
        args![office, from, until, at, id, most],
    )
}

/// Who looked at what belongs to a case, latest first.
pub fn looks_of_case(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
    most: i64,
) -> Result<Vec<LookEntry>, Fault> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM people_look k WHERE k.office_id = $1 AND k.case_ref = $2
              ORDER BY k.at DESC, k.id DESC LIMIT $3"
        ),
        args![office, case, most],
    )
}

/// The first day that has looks which are kept.
pub fn first_look(tx: &mut Tx, office: OfficeId) -> Result<Option<Date>, Fault> {
    let found: Option<(Timestamp,)> = tx.get(
        "SELECT at FROM people_look WHERE office_id = $1 ORDER BY at, id LIMIT 1",
        args![office],
    )?;
    Ok(found.map(|(at,)| maeul_base::seoul::date(at)))
}
