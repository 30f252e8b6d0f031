//! The SQL of this room.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{CaseId, Ctx, Fault, OfficeId, PartyId, StaffId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row, text_value};
use uuid::Uuid;

use crate::PrivacyId;
use crate::retention::Rule;
use crate::review::Marks;

row! {
    /// That a month's looks were reviewed.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Review {
        /// When.
        pub at: Timestamp,
        /// By whom.
        pub name: String,
        /// What came of it.
        pub note: String,
        /// Looks of the month at that time.
        pub looks: i64,
        /// Officers with something unusual.
        pub marked: i64,
        /// The end of the chain that was reviewed.
        pub head_seq: i64,
    }

    /// A case whose personal data are kept.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Hold {
        /// Its id.
        pub id: Uuid,
        /// The case.
        pub case: CaseId,
        /// The case's number.
        pub number: String,
        /// Why.
        pub reason: String,
        /// Since when.
        pub since: Timestamp,
    }

    /// A line of the register of destruction.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Destroyed {
        /// When.
        pub at: Timestamp,
        /// What kind.
        pub kind: String,
        /// What was last needed before this.
        pub before: Timestamp,
        /// How many records.
        pub records: i64,
        /// Old enough and held.
        pub held: i64,
        /// Old enough and in use.
        pub busy: i64,
        /// The rule: months.
        pub months: i32,
        /// The rule: what it rests on.
        pub basis: String,
    }
}

/// What became of an erasure that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErasureState {
    /// Nobody has decided.
    Asked,
    /// It was done.
    Erased,
    /// It was refused, with a reason.
    Refused,
}

impl ErasureState {
    const ALL: [Self; 3] = [Self::Asked, Self::Erased, Self::Refused];

    /// The word kept.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Erased => "erased",
            Self::Refused => "refused",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

text_value!(ErasureState);

row! {
    struct ErasureRow {
        id: Uuid,
        case: CaseId,
        party: PartyId,
        number: String,
        asked_at: Timestamp,
        words: SealedText,
        state: ErasureState,
        decided_at: Option<Timestamp>,
        reason: String,
    }
}

/// An erasure that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case: CaseId,
    /// Who asked.
    pub party: PartyId,
    /// The case's number.
    pub number: String,
    /// When.
    pub asked_at: Timestamp,
    /// Their words; may be empty.
    pub words: String,
    /// What became of it.
    pub state: ErasureState,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Why so; empty before.
    pub reason: String,
}

const ERASURE: &str =
    "SELECT id, case_id, party_id, number, asked_at, words, state, decided_at, reason
       FROM privacy_erasure";

fn words_at(id: Uuid) -> SealAt {
    SealAt::new("privacy_erasure", "words", id)
}

impl ErasureRow {
    fn open(self, seal: &Seal) -> Result<Erasure, Fault> {
        Ok(Erasure {
            words: seal.open(words_at(self.id), &self.words)?,
            id: self.id,
            case: self.case,
            party: self.party,
            number: self.number,
            asked_at: self.asked_at,
            state: self.state,
            decided_at: self.decided_at,
            reason: self.reason,
        })
    }
}

pub(crate) fn marks(tx: &mut Tx, office: OfficeId) -> Result<Marks, Fault> {
    let found: Option<(i32, i32, i32)> = tx.get(
        "SELECT many_opens, many_contacts, same_case FROM privacy_setting WHERE office_id = $1",
        args![office],
    )?;
    Ok(found.map_or_else(Marks::default, |(many_opens, many_contacts, same_case)| Marks {
        many_opens,
        many_contacts,
        same_case,
    }))
}

pub(crate) fn set_marks(tx: &mut Tx, ctx: &Ctx, by: StaffId, it: &Marks) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO privacy_setting
             (office_id, many_opens, many_contacts, same_case, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (office_id) DO UPDATE SET many_opens = excluded.many_opens,
             many_contacts = excluded.many_contacts, same_case = excluded.same_case,
             changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        args![ctx.office, it.many_opens, it.many_contacts, it.same_case, ctx.now, by],
    )
}

pub(crate) fn reviews(tx: &mut Tx, office: OfficeId, month: Date) -> Result<Vec<Review>, Fault> {
    tx.all(
        "SELECT r.at, p.name, r.note, r.looks, r.marked, r.head_seq FROM privacy_review r
           JOIN people_staff p ON p.office_id = r.office_id AND p.id = r.staff_id
          WHERE r.office_id = $1 AND r.month = $2 ORDER BY r.at DESC, r.id DESC",
        args![office, month],
    )
}

/// The months that were reviewed, latest first.
pub(crate) fn reviewed_months(tx: &mut Tx, office: OfficeId) -> Result<Vec<Date>, Fault> {
    let found: Vec<(Date,)> = tx.all(
        "SELECT DISTINCT month FROM privacy_review WHERE office_id = $1 ORDER BY month DESC",
        args![office],
    )?;
    Ok(found.into_iter().map(|(month,)| month).collect())
}

pub(crate) fn insert_review(
    tx: &mut Tx,
    ctx: &Ctx,
    by: StaffId,
    month: Date,
    note: &str,
    (looks, marked, head): (i64, i64, i64),
) -> Result<(), Fault> {
    let id = Uuid::from(ctx.id::<PrivacyId>());
    tx.exec_one(
        "INSERT INTO privacy_review
             (office_id, id, month, at, staff_id, note, looks, marked, head_seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![ctx.office, id, month, ctx.now, by, note, looks, marked, head],
    )
}

/// Every rule of the office, of a kind the latest first.
pub(crate) fn rules(tx: &mut Tx, office: OfficeId) -> Result<Vec<Rule>, Fault> {
    tx.all(
        "SELECT kind, valid_from, months, basis, set_at FROM privacy_rule WHERE office_id = $1
          ORDER BY kind, valid_from DESC, set_at DESC, id DESC",
        args![office],
    )
}

pub(crate) fn insert_rule(tx: &mut Tx, ctx: &Ctx, by: StaffId, it: &Rule) -> Result<(), Fault> {
    let id = Uuid::from(ctx.id::<PrivacyId>());
    tx.exec_one(
        "INSERT INTO privacy_rule (office_id, id, kind, valid_from, months, basis, set_at, set_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![ctx.office, id, it.kind, it.valid_from, it.months, it.basis, ctx.now, by],
    )
}

pub(crate) fn holds(tx: &mut Tx, office: OfficeId) -> Result<Vec<Hold>, Fault> {
    tx.all(
        "SELECT id, case_id, number, reason, since FROM privacy_hold
          WHERE office_id = $1 AND ended_at IS NULL ORDER BY since DESC, id DESC",
        args![office],
    )
}

pub(crate) fn held(tx: &mut Tx, office: OfficeId) -> Result<BTreeSet<CaseId>, Fault> {
    let found: Vec<(CaseId,)> = tx.all(
        "SELECT case_id FROM privacy_hold WHERE office_id = $1 AND ended_at IS NULL",
        args![office],
    )?;
    Ok(found.into_iter().map(|(case,)| case).collect())
}

/// False where the case is held already.
pub(crate) fn insert_hold(
    tx: &mut Tx,
    ctx: &Ctx,
    by: StaffId,
    case: CaseId,
    number: &str,
    reason: &str,
) -> Result<bool, Fault> {
    let id = Uuid::from(ctx.id::<PrivacyId>());
    let rows = tx.exec(
        "INSERT INTO privacy_hold (office_id, id, case_id, number, reason, since, set_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        args![ctx.office, id, case, number, reason, ctx.now, by],
    )?;
    Ok(rows == 1)
}

/// None or one row: somebody else may have ended it.
pub(crate) fn end_hold(tx: &mut Tx, ctx: &Ctx, by: StaffId, id: Uuid) -> Result<u64, Fault> {
    tx.exec(
        "UPDATE privacy_hold SET ended_at = $3, ended_by = $4
          WHERE office_id = $1 AND id = $2 AND ended_at IS NULL",
        args![ctx.office, id, ctx.now, by],
    )
}

/// Adds what a step destroyed to its line of the register.
pub(crate) fn register(tx: &mut Tx, ctx: &Ctx, id: Uuid, it: &Destroyed) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO privacy_destroyed
             (office_id, id, at, kind, before_at, records, held, busy, months, basis)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (office_id, id) DO UPDATE SET
             records = privacy_destroyed.records + excluded.records,
             held = privacy_destroyed.held + excluded.held,
             busy = privacy_destroyed.busy + excluded.busy",
        args![
            ctx.office, id, it.at, it.kind, it.before, it.records, it.held, it.busy, it.months,
            it.basis
        ],
    )
}

/// The register, latest first.
pub(crate) fn destroyed(tx: &mut Tx, office: OfficeId, most: i64) -> Result<Vec<Destroyed>, Fault> {
    tx.all(
        "SELECT at, kind, before_at, records, held, busy, months, basis FROM privacy_destroyed
          WHERE office_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        args![office, most],
    )
}

/// False where the person has asked already.
pub(crate) fn insert_erasure(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    case: CaseId,
    party: PartyId,
    number: &str,
    words: &str,
) -> Result<bool, Fault> {
    let id = Uuid::from(ctx.id::<PrivacyId>());
    let sealed = seal.seal(&ctx.ids, words_at(id), words)?;
    let rows = tx.exec(
        "INSERT INTO privacy_erasure
             (office_id, id, case_id, party_id, number, asked_at, words, state, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'asked', '') ON CONFLICT DO NOTHING",
        args![ctx.office, id, case, party, number, ctx.now, sealed],
    )?;
    Ok(rows == 1)
}

/// What was asked, what is open first.
pub(crate) fn erasures(
    tx: &mut Tx,
    office: OfficeId,
    seal: &Seal,
    most: i64,
) -> Result<Vec<Erasure>, Fault> {
    let rows: Vec<ErasureRow> = tx.all(
        &format!(
            "{ERASURE} WHERE office_id = $1
              ORDER BY CASE state WHEN 'asked' THEN 0 ELSE 1 END, asked_at DESC, id DESC LIMIT $2"
        ),
        args![office, most],
    )?;
    rows.into_iter().map(|row| row.open(seal)).collect()
}

pub(crate) fn erasure(
    tx: &mut Tx,
    office: OfficeId,
    seal: &Seal,
    id: Uuid,
) -> Result<Option<Erasure>, Fault> {
    let row: Option<ErasureRow> =
        tx.get(&format!("{ERASURE} WHERE office_id = $1 AND id = $2"), args![office, id])?;
    row.map(|row| row.open(seal)).transpose()
}

/// What a person asked about a case, latest first.
pub(crate) fn erasures_of(
    tx: &mut Tx,
    office: OfficeId,
    seal: &Seal,
    case: CaseId,
    party: PartyId,
) -> Result<Vec<Erasure>, Fault> {
    let rows: Vec<ErasureRow> = tx.all(
        &format!(
            "{ERASURE} WHERE office_id = $1 AND case_id = $2 AND party_id = $3
              ORDER BY asked_at DESC, id DESC"
        ),
        args![office, case, party],
    )?;
    rows.into_iter().map(|row| row.open(seal)).collect()
}

/// None or one row: somebody else may have decided. What they wrote goes with their data.
pub(crate) fn decide_erasure(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    by: StaffId,
    id: Uuid,
    state: ErasureState,
    reason: &str,
) -> Result<u64, Fault> {
    let words = seal.seal(&ctx.ids, words_at(id), "")?;
    let done = tx.exec(
        "UPDATE privacy_erasure SET state = $3, decided_at = $4, decided_by = $5, reason = $6
          WHERE office_id = $1 AND id = $2 AND state = 'asked'",
        args![ctx.office, id, state, ctx.now, by, reason],
    )?;
    if state == ErasureState::Erased {
        tx.exec(
            "UPDATE privacy_erasure SET words = $3 WHERE office_id = $1 AND id = $2",
            args![ctx.office, id, words],
        )?;
    }
    Ok(done)
}
