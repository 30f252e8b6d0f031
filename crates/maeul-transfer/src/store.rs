//! The SQL of agencies and transfers.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Fault, OfficeId, StaffId};
use maeul_cases::{Bilingual, Case};
use maeul_db::{Json, Seal, SealAt, SealedText, Sql, Tx, args, json, row};

use crate::agency::{Agency, Mapped, Offered, WireFormat};
use crate::id::{AgencyId, TransferId};
use crate::state::TransferState;

row! {
    struct AgencyRow {
        id: AgencyId,
        code: String,
        active: bool,
        name_ko: String,
        name_en: String,
        phone: String,
        endpoint: String,
        discovery: String,
        jurisdiction: String,
        format: WireFormat,
        updates: bool,
        alarm_hours: i32,
        api_key: Option<SealedText>,
        mapping: Json<Vec<Mapped>>,
        offered: Json<Vec<Offered>>,
        checked_at: Option<Timestamp>,
        check_failed: Option<Json<Bilingual>>,
    }
}

const AGENCY: &str = "id, code, active, name_ko, name_en, phone, endpoint, discovery, jurisdiction,
    format, updates, alarm_hours, api_key, mapping, offered, checked_at, check_failed";

impl AgencyRow {
    fn agency(self) -> (Agency, Option<SealedText>) {
        let agency = Agency {
            id: self.id,
            code: self.code,
            active: self.active,
            name: Bilingual::new(self.name_ko, self.name_en),
            phone: self.phone,
            endpoint: self.endpoint,
            discovery: self.discovery,
            jurisdiction: self.jurisdiction,
            format: self.format,
            updates: self.updates,
            alarm_hours: self.alarm_hours,
            has_key: self.api_key.is_some(),
            mapping: self.mapping.0,
            offered: self.offered.0,
            checked_at: self.checked_at,
            check_failed: self.check_failed.map(|it| it.0),
        };
        (agency, self.api_key)
    }
}

/// The office's agencies, in the order of its file; those no longer in it last.
pub fn agencies(tx: &mut Tx, office: OfficeId) -> Result<Vec<Agency>, Fault> {
    let rows: Vec<AgencyRow> = tx.all(
        &format!(
            "SELECT {AGENCY} FROM transfer_agency WHERE office_id = $1 ORDER BY active DESC, ord, code"
        ),
        args![office],
    )?;
    Ok(rows.into_iter().map(|row| row.agency().0).collect())
}

/// One agency.
pub fn agency(tx: &mut Tx, office: OfficeId, id: AgencyId) -> Result<Option<Agency>, Fault> {
    Ok(agency_row(tx, office, id)?.map(|row| row.agency().0))
}

fn agency_row(tx: &mut Tx, office: OfficeId, id: AgencyId) -> Result<Option<AgencyRow>, Fault> {
    tx.get(
        &format!("SELECT {AGENCY} FROM transfer_agency WHERE office_id = $1 AND id = $2"),
        args![office, id],
    )
}

/// One agency with its key, which may be empty.
pub(crate) fn agency_with_key(
    tx: &mut Tx,
    office: OfficeId,
    seal: &Seal,
    id: AgencyId,
) -> Result<Option<(Agency, String)>, Fault> {
    let Some(row) = agency_row(tx, office, id)? else { return Ok(None) };
    let (agency, key) = row.agency();
    let key = key.map(|key| seal.open(key_at(id), &key)).transpose()?;
    Ok(Some((agency, key.unwrap_or_default())))
}

fn key_at(id: AgencyId) -> SealAt {
    SealAt::new("transfer_agency", "api_key", id)
}

/// Writes an agency whole, but for its key and what its own list said.
pub(crate) fn put_agency(tx: &mut Tx, ctx: &Ctx, ord: i32, it: &Agency) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO transfer_agency (office_id, id, code, ord, active, name_ko, name_en, phone,
            endpoint, discovery, jurisdiction, format, updates, alarm_hours, mapping, offered)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (office_id, id) DO UPDATE SET ord = excluded.ord, active = excluded.active,
            name_ko = excluded.name_ko, name_en = excluded.name_en, phone = excluded.phone,
            endpoint = excluded.endpoint, discovery = excluded.discovery,
            jurisdiction = excluded.jurisdiction, format = excluded.format,
            updates = excluded.updates, alarm_hours = excluded.alarm_hours,
            mapping = excluded.mapping",
        args![
            ctx.office,
            it.id,
            it.code,
            ord,
            it.active,
            it.name.ko,
            it.name.en,
            it.phone,
            it.endpoint,
            it.discovery,
            it.jurisdiction,
            it.format,
            it.updates,
            it.alarm_hours,
            json(&it.mapping)?,
            json(&Vec::<Offered>::new())?
        ],
    )
}

/// Keeps a new key of an agency.
pub(crate) fn put_key(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    id: AgencyId,
    key: &str,
) -> Result<(), Fault> {
    let sealed = seal.seal(&ctx.ids, key_at(id), key)?;
    tx.exec_one(
        "UPDATE transfer_agency SET api_key = $3 WHERE office_id = $1 AND id = $2",
        args![ctx.office, id, sealed],
    )
}

/// Keeps what an agency's own list said, or why it could not be seen.
pub(crate) fn put_check(
    tx: &mut Tx,
    ctx: &Ctx,
    id: AgencyId,
    seen: Result<&[Offered], &Bilingual>,
) -> Result<(), Fault> {
    match seen {
        Ok(offered) => tx.exec_one(
            "UPDATE transfer_agency SET offered = $3, checked_at = $4, check_failed = NULL
              WHERE office_id = $1 AND id = $2",
            args![ctx.office, id, json(&offered)?, ctx.now],
        ),
        Err(why) => tx.exec_one(
            "UPDATE transfer_agency SET check_failed = $3 WHERE office_id = $1 AND id = $2",
            args![ctx.office, id, json(why)?],
        ),
    }
}

row! {
    /// One sending of one case to one agency.
    #[derive(Clone, Debug)]
    pub struct Transfer {
        /// Its id.
        pub id: TransferId,
        /// Grows with every change.
        pub version: i64,
        /// The case.
        pub case: CaseId,
        /// The case's receipt number, by which it is known again in what was sent.
        pub number: String,
        /// The agency.
        pub agency: AgencyId,
        /// The agency's service.
        pub service: String,
        /// Where it stands.
        pub state: TransferState,
        /// Whether the petitioner's contact goes along.
        pub with_contact: bool,
        /// Who decided it.
        pub staff: StaffId,
        /// When.
        pub created_at: Timestamp,
        /// When it was first sent.
        pub sent_at: Option<Timestamp>,
        /// When something is to be done by itself.
        pub next_at: Option<Timestamp>,
        /// How often it was sent.
        pub tries: i32,
        /// How often it was searched for since.
        pub looks: i32,
        /// How often nothing was new.
        pub quiet: i32,
        /// The token; empty where there is none.
        pub token: String,
        /// Their number; empty where there is none.
        pub reference: String,
        /// Their word for where it stands; may be empty.
        pub remote_status: String,
        /// Their words about it; may be empty.
        pub remote_notes: String,
        /// The last time they answered about it.
        pub heard_at: Option<Timestamp>,
        why: Option<Json<Bilingual>>,
        /// When it ended.
        pub ended_at: Option<Timestamp>,
    }
}

impl Transfer {
    /// One to which nothing has happened yet.
    pub(crate) fn begun(ctx: &Ctx, case: &Case, agency: AgencyId, staff: StaffId) -> Self {
        Self {
            id: ctx.id(),
            version: 1,
            case: case.id,
            number: case.number.clone(),
            agency,
            service: String::new(),
            state: TransferState::Sending,
            with_contact: false,
            staff,
            created_at: ctx.now,
            sent_at: None,
            next_at: Some(ctx.now),
            tries: 0,
            looks: 0,
            quiet: 0,
            token: String::new(),
            reference: String::new(),
            remote_status: String::new(),
            remote_notes: String::new(),
            heard_at: None,
            why: None,
            ended_at: None,
        }
    }

    /// What stands in the way.
    pub fn why(&self) -> Option<&Bilingual> {
        self.why.as_ref().map(|it| &it.0)
    }

    /// Says what stands in the way, or that nothing does.
    pub(crate) fn set_why(&mut self, why: Option<Bilingual>) {
        self.why = why.map(Json);
    }

    /// Whether the agency has been silent for too long.
    pub fn is_silent(&self, alarm_hours: i32, now: Timestamp) -> bool {
        let since = self.heard_at.unwrap_or(self.created_at);
        self.ended_at.is_none()
            && now.as_second() - since.as_second() >= i64::from(alarm_hours) * 3_600
    }
}

const TRANSFER: &str = "id, version, case_id, number, agency_id, service, state, with_contact,
    staff_id, created_at, sent_at, next_at, tries, looks, quiet, token, reference, remote_status,
    remote_notes, heard_at, why, ended_at";

/// One transfer.
pub fn transfer(tx: &mut Tx, office: OfficeId, id: TransferId) -> Result<Option<Transfer>, Fault> {
    tx.get(
        &format!("SELECT {TRANSFER} FROM transfer_case WHERE office_id = $1 AND id = $2"),
        args![office, id],
    )
}

/// The transfers of a case, the newest first.
pub fn of_case(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Vec<Transfer>, Fault> {
    tx.all(
        &format!(
            "SELECT {TRANSFER} FROM transfer_case WHERE office_id = $1 AND case_id = $2
              ORDER BY created_at DESC, id DESC"
        ),
        args![office, case],
    )
}

/// Every transfer that goes on, the oldest first.
pub fn open(tx: &mut Tx, office: OfficeId, limit: i64) -> Result<Vec<Transfer>, Fault> {
    tx.all(
        &format!(
            "SELECT {TRANSFER} FROM transfer_case WHERE office_id = $1 AND ended_at IS NULL
              ORDER BY created_at, id LIMIT $2"
        ),
        args![office, limit],
    )
}

/// Those for which something is to be done by itself, with their versions.
pub(crate) fn due(
    tx: &mut Tx,
    office: OfficeId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(TransferId, i64)>, Fault> {
    tx.all(
        "SELECT id, version FROM transfer_case
          WHERE office_id = $1 AND next_at IS NOT NULL AND next_at <= $2 ORDER BY next_at LIMIT $3",
        args![office, now, limit],
    )
}

fn request_at(id: TransferId) -> SealAt {
    SealAt::new("transfer_case", "request", id)
}

/// Adds a transfer with exactly what is sent.
pub(crate) fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    it: &Transfer,
    request: &[(String, String)],
) -> Result<(), Fault> {
    let request =
        serde_json::to_string(&request).map_err(|error| Fault::from_error("write JSON", error))?;
    let sealed = seal.seal(&ctx.ids, request_at(it.id), &request)?;
    tx.exec_one(
        "INSERT INTO transfer_case (office_id, id, version, case_id, number, agency_id, service,
            state, with_contact, staff_id, request, created_at, next_at, tries, looks, quiet, token,
            reference, remote_status, remote_notes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, '', '', '', '')",
        args![
            ctx.office,
            it.id,
            it.version,
            it.case,
            it.number,
            it.agency,
            it.service,
            it.state,
            it.with_contact,
            it.staff,
            sealed,
            it.created_at,
            it.next_at
        ],
    )
}

/// Exactly what is sent.
pub(crate) fn request(
    tx: &mut Tx,
    office: OfficeId,
    seal: &Seal,
    id: TransferId,
) -> Result<Vec<(String, String)>, Fault> {
    let (sealed,): (SealedText,) = tx.one(
        "SELECT request FROM transfer_case WHERE office_id = $1 AND id = $2",
        args![office, id],
    )?;
    let text = seal.open(request_at(id), &sealed)?;
    serde_json::from_str(&text).map_err(|error| Fault::from_error("a kept request", error))
}

/// Writes what became of a transfer. Whoever changed it meanwhile wins: then this is a fault that
/// has the job run again.
pub(crate) fn update(tx: &mut Tx, ctx: &Ctx, it: &mut Transfer) -> Result<(), Fault> {
    let why = it.why().map(json).transpose()?;
    tx.exec_one(
        "UPDATE transfer_case SET version = version + 1, state = $4, sent_at = $5, next_at = $6,
            tries = $7, looks = $8, quiet = $9, token = $10, reference = $11, remote_status = $12,
            remote_notes = $13, heard_at = $14, why = $15, ended_at = $16
          WHERE office_id = $1 AND id = $2 AND version = $3",
        args![
            ctx.office,
            it.id,
            it.version,
            it.state,
            it.sent_at,
            it.next_at,
            it.tries,
            it.looks,
            it.quiet,
            it.token,
            it.reference,
            it.remote_status,
            it.remote_notes,
            it.heard_at,
            why,
            it.ended_at
        ],
    )?;
    it.version += 1;
    Ok(())
}

/// Whether this was not heard before; from now on it was.
pub(crate) fn hear_once(
    tx: &mut Tx,
    ctx: &Ctx,
    id: TransferId,
    update: &str,
) -> Result<bool, Fault> {
    let fresh = tx.exec(
        "INSERT INTO transfer_heard (office_id, transfer_id, update_id, heard_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        args![ctx.office, id, update, ctx.now],
    )?;
    Ok(fresh == 1)
}

/// Transfers that ended before that and still hold what was sent, with their cases.
pub(crate) fn ended_before(
    tx: &mut Tx,
    office: OfficeId,
    before: Timestamp,
    after: Option<Cursor>,
    most: usize,
) -> Result<Vec<(TransferId, Timestamp, CaseId)>, Fault> {
    let mut sql = Sql::new(
        "SELECT id, ended_at, case_id FROM transfer_case
          WHERE office_id = ? AND ended_at < ? AND destroyed_at IS NULL",
        args![office, before],
    );
    if let Some(after) = after {
        sql.add(" AND (ended_at, id) > (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY ended_at, id LIMIT ?", args![most]);
    tx.all(sql.text(), sql.args())
}

/// Takes what was sent, and what they answered in words, out for good.
pub(crate) fn destroy(tx: &mut Tx, ctx: &Ctx, seal: &Seal, id: TransferId) -> Result<(), Fault> {
    let nothing = seal.seal(&ctx.ids, request_at(id), "[]")?;
    tx.exec_one(
        "UPDATE transfer_case SET request = $3, remote_notes = '', destroyed_at = $4
          WHERE office_id = $1 AND id = $2",
        args![ctx.office, id, nothing, ctx.now],
    )
}
