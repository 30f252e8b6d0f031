//! SQL that reads staff, sessions and logs.

use std::mem;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Actor, DongCode, Fault, OfficeId, Role, SessionId, StaffId, UnitId};
use maeul_db::{Seal, SealedText, Sql, Tx, args, row};
use maeul_org::UNIT_NAMES;
use uuid::Uuid;

use crate::store::grant::{RightsRow, read_rights, rights_sql};
use crate::{
    AccountEntry, Candidate, PasswordHash, RevealEntry, SessionToken, SignInEntry, Staff,
    StaffSession, sealed_totp,
};

/// The columns of a [`Staff`].
macro_rules! staff {
    ($rest:literal) => {
        concat!(
            "SELECT id, login, name, unit_id, role, phone, email, valid_from, valid_to, \
             must_change_password, created_at FROM people_staff ",
            $rest
        )
    };
}

/// The member of staff of that id, ended accounts too.
pub fn staff_by_id(tx: &mut Tx, office: OfficeId, id: StaffId) -> Result<Option<Staff>, Fault> {
    tx.get(staff!("WHERE office_id = $1 AND id = $2"), args![office, id])
}

/// The names of these members of staff, ended accounts too, in one look; ids may come more than once.
pub fn staff_names(
    tx: &mut Tx,
    office: OfficeId,
    ids: impl IntoIterator<Item = StaffId>,
) -> Result<Vec<(StaffId, String)>, Fault> {
    let mut ids: Vec<StaffId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT id, name FROM people_staff WHERE office_id = ?", args![office]);
    sql.and_in("id", &ids);
    tx.all(sql.text(), sql.args())
}

/// The member of staff of that sign-in name, ended accounts too.
pub fn staff_by_login(tx: &mut Tx, office: OfficeId, login: &str) -> Result<Option<Staff>, Fault> {
    tx.get(staff!("WHERE office_id = $1 AND login = $2"), args![office, normal(login)])
}

/// The staff of a unit on that day, by name.
pub fn staff_of_unit(
    tx: &mut Tx,
    office: OfficeId,
    unit: UnitId,
    on: Date,
) -> Result<Vec<Staff>, Fault> {
    tx.all(
        staff!(
            "WHERE office_id = $1 AND unit_id = $2 AND valid_from <= $3 \
             AND (valid_to IS NULL OR valid_to > $3) ORDER BY name, login"
        ),
        args![office, unit, on],
    )
}

/// All staff of the office on that day, by sign-in name.
pub fn staff(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Vec<Staff>, Fault> {
    tx.all(
        staff!(
            "WHERE office_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) \
             ORDER BY login"
        ),
        args![office, on],
    )
}

/// All staff of the office through all time, by sign-in name.
pub fn all_staff(tx: &mut Tx, office: OfficeId) -> Result<Vec<Staff>, Fault> {
    tx.all(staff!("WHERE office_id = $1 ORDER BY login"), args![office])
}

/// A member of staff as the actor of an act on that day, with what they hold.
pub fn actor_of(tx: &mut Tx, office: OfficeId, it: &Staff, on: Date) -> Result<Actor, Fault> {
    let rights = crate::store::grant::rights(tx, office, it.id, it.unit, on)?;
    Ok(Actor::Staff { id: it.id, unit: it.unit, rights })
}

/// A sign-in name as it is kept and compared.
pub(crate) fn normal(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Whether these keys open a sealed field that is there; `None` where nothing is sealed yet.
pub fn keys_open(tx: &mut Tx, seal: &Seal) -> Result<Option<bool>, Fault> {
    let found: Option<(StaffId, SealedText)> = tx.get(
        "SELECT id, totp_secret FROM people_staff ORDER BY created_at DESC, id LIMIT 1",
        args![],
    )?;
    Ok(found.map(|(id, sealed)| seal.open(sealed_totp(id), &sealed).is_ok()))
}

/// The first step of a sign-in: whom to compare the password with. Answers alike for unknown names.
pub fn find_for_sign_in(tx: &mut Tx, office: OfficeId, login: &str) -> Result<Candidate, Fault> {
    let row: Option<(StaffId, String)> = tx.get(
        "SELECT id, password_hash FROM people_staff WHERE office_id = $1 AND login = $2",
        args![office, normal(login)],
    )?;
    Ok(Candidate { known: row.map(|(id, hash)| (id, PasswordHash(hash))) })
}

row! {
    /// What a sign-in is judged by.
    #[derive(Clone, Debug)]
    pub(crate) struct SecretRow {
        /// Whose.
        pub id: StaffId,
        /// argon2id.
        pub password_hash: String,
        /// Sealed base32.
        pub totp_secret: SealedText,
        /// The last step whose code was used.
        pub totp_last_step: i64,
        /// The first day of the account.
        pub valid_from: Date,
        /// The first day on which it is no more.
        pub valid_to: Option<Date>,
    }

    /// The failures of one name.
    #[derive(Clone, Debug)]
    pub(crate) struct Guard {
        /// In a row.
        pub failed_count: i32,
        /// The last of them.
        pub last_failed_at: Timestamp,
        /// While the name is locked.
        pub locked_until: Option<Timestamp>,
    }

    /// A session beside its member of staff, and one of the rights they hold, if any.
    #[derive(Clone, Debug)]
    struct SessionRow {
        session: SessionId,
        staff: StaffId,
        login: String,
        name: String,
        unit: UnitId,
        unit_name_ko: Option<String>,
        unit_name_en: Option<String>,
        must_change_password: bool,
        valid_from: Date,
        valid_to: Option<Date>,
        created_at: Timestamp,
        last_seen_at: Timestamp,
        idle_until: Timestamp,
        absolute_until: Timestamp,
        kind: String,
        role: Option<Role>,
        word: Option<String>,
        right_unit: Option<UnitId>,
        right_dong: Option<DongCode>,
    }
}

impl SessionRow {
    fn right(&mut self) -> Option<RightsRow> {
        Some(RightsRow {
            kind: mem::take(&mut self.kind),
            role: self.role?,
            word: self.word.take()?,
            unit: self.right_unit,
            dong: self.right_dong.take(),
        })
    }
}

pub(crate) fn secret(
    tx: &mut Tx,
    office: OfficeId,
    id: StaffId,
) -> Result<Option<SecretRow>, Fault> {
    tx.get(
        "SELECT id, password_hash, totp_secret, totp_last_step, valid_from, valid_to
         FROM people_staff WHERE office_id = $1 AND id = $2",
        args![office, id],
    )
}

pub(crate) fn guard(
    tx: &mut Tx,
    office: OfficeId,
    login_hash: &[u8],
) -> Result<Option<Guard>, Fault> {
    tx.get(
        "SELECT failed_count, last_failed_at, locked_until FROM people_sign_in_guard
         WHERE office_id = $1 AND login_hash = $2",
        args![office, login_hash],
    )
}

/// Who holds that token now; none when the session or the account has ended. One statement: it is asked with
/// every request.
pub fn session(
    tx: &mut Tx,
    office: OfficeId,
    token: &SessionToken,
    now: Timestamp,
) -> Result<Option<StaffSession>, Fault> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT * FROM (
             WITH who AS (
                 SELECT s.id AS session, p.id AS staff, p.login, p.name, p.unit_id AS own_unit, u.name_ko, u.name_en,
                     p.must_change_password, p.valid_from, p.valid_to, s.created_at, s.last_seen_at,
                     s.idle_until, s.absolute_until
                 FROM people_session s
                 JOIN people_staff p ON p.office_id = s.office_id AND p.id = s.staff_id
                 LEFT JOIN ({UNIT_NAMES}) u ON u.office_id = p.office_id AND u.id = p.unit_id
                 WHERE s.office_id = $1 AND s.token_hash = $3 AND s.ended_at IS NULL
                     AND s.idle_until > $4 AND s.absolute_until > $4)
             {}
             UNION ALL
             SELECT who.*, 'nothing', NULL, NULL, NULL, NULL FROM who) AS found",
            rights_sql("who.*, ", "who, ", "who.staff")
        )
    });
    let today = maeul_base::seoul::date(now);
    let mut rows: Vec<SessionRow> = tx.all(&SQL, args![office, today, token.hash(), now])?;
    let rights: Vec<RightsRow> = rows.iter_mut().filter_map(SessionRow::right).collect();
    let row = rows.pop();
    let Some(row) =
        row.filter(|it| it.valid_from <= today && it.valid_to.is_none_or(|to| today < to))
    else {
        return Ok(None);
    };
    let (Some(unit_name_ko), Some(unit_name_en)) = (row.unit_name_ko, row.unit_name_en) else {
        return Err(Fault::other(format!("office {office} has no unit {}", row.unit)));
    };
    Ok(Some(StaffSession {
        session: row.session,
        office,
        staff: row.staff,
        login: row.login,
        name: row.name,
        unit: row.unit,
        unit_name_ko,
        unit_name_en,
        rights: read_rights(rights, row.unit)?,
        must_change_password: row.must_change_password,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        idle_until: row.idle_until,
        absolute_until: row.absolute_until,
    }))
}

/// Who looked at the personal data of that record, latest first; a line for each field.
pub fn reveals(
    tx: &mut Tx,
    office: OfficeId,
    what_kind: &str,
    what_id: Uuid,
) -> Result<Vec<RevealEntry>, Fault> {
    let looks: Vec<RevealEntry> = tx.all(
        "SELECT l.at, l.staff_id, p.name, l.fields, l.reason
         FROM people_look l
         JOIN people_staff p ON p.office_id = l.office_id AND p.id = l.staff_id
         WHERE l.office_id = $1 AND l.what_kind = $2 AND l.what_id = $3
         ORDER BY l.at DESC, l.id DESC",
        args![office, what_kind, what_id],
    )?;
    let by_field = |look: RevealEntry| {
        let fields: Vec<String> = look.field.split(',').map(str::to_owned).collect();
        fields.into_iter().map(move |field| RevealEntry { field, ..look.clone() })
    };
    Ok(looks.into_iter().flat_map(by_field).collect())
}

/// The latest attempts to sign in; ids sort by time.
pub fn sign_in_log(tx: &mut Tx, office: OfficeId, limit: i64) -> Result<Vec<SignInEntry>, Fault> {
    tx.all(
        "SELECT at, staff_id, outcome, address FROM people_sign_in_log
         WHERE office_id = $1 ORDER BY id DESC LIMIT $2",
        args![office, limit],
    )
}

/// Every grant, change and removal of one account's rights, in order.
pub fn account_log(tx: &mut Tx, office: OfficeId, id: StaffId) -> Result<Vec<AccountEntry>, Fault> {
    tx.all(
        "SELECT at, staff_id, by_kind, by_staff_id, change, detail FROM people_account_log
         WHERE office_id = $1 AND staff_id = $2 ORDER BY at, id",
        args![office, id],
    )
}
