//! A resident's way in: link tokens and one-time codes, kept as hashes only.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, OfficeId, PartyId, hex};
use maeul_db::{Seal, Tx, args, row};
use sha2::{Digest, Sha256};

/// Digits of a token.
const TOKEN: usize = 32;

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// The token of a party's link: always the same for one party, so that the receipt can be shown
/// again, and not to be guessed without the installation's key.
pub(crate) fn token_of(seal: &Seal, office: OfficeId, case: CaseId, party: PartyId) -> String {
    let mark = seal.lookup_hash(office, &format!("case link {case} {party}"));
    hex(mark.iter().take(TOKEN / 2))
}

/// Opens a case to the bearer of `token`.
pub(crate) fn insert_access(
    tx: &mut Tx,
    office: OfficeId,
    token: &str,
    case: CaseId,
    party: PartyId,
    expires_at: Option<Timestamp>,
) -> Result<(), Fault> {
    tx.insert(
        "INSERT INTO cases_access (office_id, token_hash, case_id, party_id, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        args![office, hash(token), case, party, expires_at],
    )
}

/// Case and party of a token that is still good.
pub(crate) fn find_access(
    tx: &mut Tx,
    office: OfficeId,
    token: &str,
    now: Timestamp,
) -> Result<Option<(CaseId, PartyId)>, Fault> {
    tx.get(
        "SELECT case_id, party_id FROM cases_access
          WHERE office_id = $1 AND token_hash = $2 AND (expires_at IS NULL OR expires_at > $3)",
        args![office, hash(token), now],
    )
}

/// Ends the short-lived ways in whose time is over.
pub(crate) fn delete_expired_access(
    tx: &mut Tx,
    office: OfficeId,
    now: Timestamp,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM cases_access WHERE office_id = $1 AND expires_at <= $2",
        args![office, now],
    )
}

row! {
    /// The state of a party's one-time codes.
    #[derive(Clone, Debug)]
    pub(crate) struct CodeRow {
        pub(crate) code_hash: Vec<u8>,
        pub(crate) expires_at: Timestamp,
        pub(crate) attempts: i32,
        pub(crate) sent: i32,
        pub(crate) window_at: Timestamp,
    }
}

pub(crate) fn code_row(
    tx: &mut Tx,
    office: OfficeId,
    party: PartyId,
) -> Result<Option<CodeRow>, Fault> {
    tx.get(
        "SELECT code_hash, expires_at, attempts, sent, window_at FROM cases_code
          WHERE office_id = $1 AND party_id = $2",
        args![office, party],
    )
}

/// The hash of a party's code; bound to the party, so that equal codes have unlike hashes.
pub(crate) fn code_hash(seal: &Seal, office: OfficeId, party: PartyId, code: &str) -> Vec<u8> {
    seal.lookup_hash(office, &format!("one-time code {party} {code}"))
}

/// Keeps a new code in the place of the one before.
pub(crate) fn put_code(tx: &mut Tx, ctx: &Ctx, party: PartyId, row: &CodeRow) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_code (office_id, party_id, code_hash, sent_at, expires_at, attempts,
            sent, window_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (office_id, party_id) DO UPDATE SET code_hash = excluded.code_hash,
            sent_at = excluded.sent_at, expires_at = excluded.expires_at,
            attempts = excluded.attempts, sent = excluded.sent, window_at = excluded.window_at",
        args![
            ctx.office,
            party,
            row.code_hash,
            ctx.now,
            row.expires_at,
            row.attempts,
            row.sent,
            row.window_at
        ],
    )
}
