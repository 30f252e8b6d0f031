//! The people behind a case: sealed at rest, found again by keyed hashes.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, Lang, OfficeId, PartyId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row};

use crate::contact::Contact;
use crate::store::LangColumn;
use crate::words::{PartyKind, Prefers};

const TABLE: &str = "cases_party";

/// A party to be written.
#[derive(Debug)]
pub(crate) struct NewParty<'a> {
    pub(crate) id: PartyId,
    pub(crate) case: CaseId,
    pub(crate) kind: PartyKind,
    pub(crate) contact: Option<&'a Contact>,
    pub(crate) lang: Lang,
}

/// A party, its contact still sealed.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub(crate) id: PartyId,
    pub(crate) case: CaseId,
    pub(crate) kind: PartyKind,
    pub(crate) anonymous: bool,
    pub(crate) prefers: Option<Prefers>,
    pub(crate) lang: Lang,
    pub(crate) created_at: Timestamp,
    name: Option<SealedText>,
    phone: Option<SealedText>,
    email: Option<SealedText>,
}

row! {
    struct Line {
        id: PartyId,
        case: CaseId,
        kind: PartyKind,
        anonymous: bool,
        prefers: Option<Prefers>,
        lang: LangColumn,
        created_at: Timestamp,
        name: Option<SealedText>,
        phone: Option<SealedText>,
        email: Option<SealedText>,
    }
}

const COLUMNS: &str = "id, case_id, kind, anonymous, prefers, lang, created_at, name, phone, email";

impl From<Line> for Party {
    fn from(line: Line) -> Self {
        let Line { id, case, kind, anonymous, prefers, lang, created_at, name, phone, email } =
            line;
        Self { id, case, kind, anonymous, prefers, lang: lang.0, created_at, name, phone, email }
    }
}

impl Party {
    /// The contact in the clear: for sending to it, or behind a logged reveal.
    pub(crate) fn open(&self, seal: &Seal) -> Result<Contact, Fault> {
        let open = |column, sealed: Option<&SealedText>| {
            sealed
                .map_or(Ok(String::new()), |it| seal.open(SealAt::new(TABLE, column, self.id), it))
        };
        Contact::stored(
            open("name", self.name.as_ref())?,
            &open("phone", self.phone.as_ref())?,
            &open("email", self.email.as_ref())?,
            self.prefers,
        )
    }
}

/// A party ready to be written, with what it is found by.
#[derive(Clone, Debug)]
pub(crate) struct SealedParty {
    pub(crate) party: Party,
    phone_hash: Option<Vec<u8>>,
    email_hash: Option<Vec<u8>>,
}

/// Seals a party's contact.
pub(crate) fn seal_party(ctx: &Ctx, seal: &Seal, new: &NewParty<'_>) -> Result<SealedParty, Fault> {
    let sealed = |column, plain: Option<String>| {
        plain
            .filter(|plain| !plain.is_empty())
            .map(|plain| seal.seal(&ctx.ids, SealAt::new(TABLE, column, new.id), &plain))
            .transpose()
    };
    let contact = new.contact;
    let phone = contact.and_then(|it| it.phone.as_ref());
    let email = contact.and_then(|it| it.email.as_ref());
    let party = Party {
        id: new.id,
        case: new.case,
        kind: new.kind,
        anonymous: contact.is_none(),
        prefers: contact.and_then(|it| it.prefers),
        lang: new.lang,
        created_at: ctx.now,
        name: sealed("name", contact.map(|it| it.name.clone()))?,
        phone: sealed("phone", phone.map(|it| it.digits().to_owned()))?,
        email: sealed("email", email.map(|it| it.as_str().to_owned()))?,
    };
    let hash = |key: String| seal.lookup_hash(ctx.office, &key);
    Ok(SealedParty {
        party,
        phone_hash: contact.and_then(|it| it.phone_key()).map(hash),
        email_hash: contact.and_then(|it| it.email_key()).map(hash),
    })
}

/// Writes a party.
pub(crate) fn insert_party(
    tx: &mut Tx,
    office: OfficeId,
    sealed: &SealedParty,
) -> Result<(), Fault> {
    let SealedParty { party, phone_hash, email_hash } = sealed;
    tx.insert(
        "INSERT INTO cases_party (office_id, id, case_id, kind, anonymous, name, phone, email,
            phone_hash, email_hash, prefers, lang, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            office,
            party.id,
            party.case,
            party.kind,
            party.anonymous,
            party.name,
            party.phone,
            party.email,
            phone_hash,
            email_hash,
            party.prefers,
            party.lang.tag(),
            party.created_at
        ],
    )
}

pub(crate) fn party(tx: &mut Tx, office: OfficeId, id: PartyId) -> Result<Option<Party>, Fault> {
    let found: Option<Line> = tx.get(
        &format!("SELECT {COLUMNS} FROM cases_party WHERE office_id = $1 AND id = $2"),
        args![office, id],
    )?;
    Ok(found.map(Party::from))
}

/// The hashes by which the party's telephone and e-mail are found.
pub(crate) fn contact_hashes(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
    id: PartyId,
) -> Result<Vec<Vec<u8>>, Fault> {
    type Hash = Option<Vec<u8>>;
    let found: Option<(Hash, Hash)> = tx.get(
        "SELECT phone_hash, email_hash FROM cases_party
          WHERE office_id = $1 AND case_id = $2 AND id = $3",
        args![office, case, id],
    )?;
    Ok(found.map(|(phone, email)| phone.into_iter().chain(email).collect()).unwrap_or_default())
}

/// The parties of a case, the petitioner first.
pub(crate) fn parties(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Vec<Party>, Fault> {
    let found: Vec<Line> = tx.all(
        &format!(
            "SELECT {COLUMNS} FROM cases_party WHERE office_id = $1 AND case_id = $2
              ORDER BY created_at, id"
        ),
        args![office, case],
    )?;
    Ok(found.into_iter().map(Party::from).collect())
}

/// The party of a case that has this telephone or e-mail.
pub(crate) fn party_with(
    tx: &mut Tx,
    office: OfficeId,
    seal: &Seal,
    case: CaseId,
    contact: &Contact,
) -> Result<Option<Party>, Fault> {
    for (column, key) in [("phone_hash", contact.phone_key()), ("email_hash", contact.email_key())]
    {
        let Some(key) = key else { continue };
        let found: Vec<Line> = tx.all(
            &format!(
                "SELECT {COLUMNS} FROM cases_party
                  WHERE office_id = $1 AND case_id = $2 AND {column} = $3
                  ORDER BY created_at, id LIMIT 1"
            ),
            args![office, case, seal.lookup_hash(office, &key)],
        )?;
        if let Some(line) = found.into_iter().next() {
            return Ok(Some(line.into()));
        }
    }
    Ok(None)
}
