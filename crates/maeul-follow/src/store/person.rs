//! Addresses: sealed, found by a keyed hash, gone with the last thing they follow.

use maeul_base::{Ctx, Fault, Lang, OfficeId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row};
use maeul_notice::Channel;
use maeul_wire::Contact;

use crate::id::PersonId;
use crate::secret;

const TABLE: &str = "follow_person";

row! {
    /// An address that follows something.
    #[derive(Clone, Debug)]
    pub(crate) struct Person {
        pub(crate) id: PersonId,
        pub(crate) channel: Channel,
    }
}

/// By which way an address is written to.
const fn channel(contact: &Contact) -> Channel {
    match contact {
        Contact::Phone(_) => Channel::Sms,
        Contact::Email(_) => Channel::Email,
    }
}

pub(crate) fn person_by_contact(
    tx: &mut Tx,
    office: OfficeId,
    hash: &[u8],
) -> Result<Option<Person>, Fault> {
    tx.get(
        "SELECT id, channel FROM follow_person WHERE office_id = $1 AND contact_hash = $2",
        args![office, hash.to_vec()],
    )
}

pub(crate) fn person_by_link(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    link: &str,
) -> Result<Option<Person>, Fault> {
    tx.get(
        "SELECT id, channel FROM follow_person WHERE office_id = $1 AND link_hash = $2",
        args![office, secret::link_hash(seal, office, link)],
    )
}

pub(crate) fn insert_person(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    contact: &Contact,
    hash: &[u8],
) -> Result<Person, Fault> {
    let (id, channel) = (ctx.id::<PersonId>(), channel(contact));
    let plain = match contact {
        Contact::Phone(phone) => phone.digits(),
        Contact::Email(email) => email.as_str(),
    };
    let link = secret::link_of(seal, ctx.office, id);
    tx.exec_one(
        "INSERT INTO follow_person (office_id, id, channel, contact, contact_hash, link_hash, lang,
            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            ctx.office,
            id,
            channel,
            seal.seal(&ctx.ids, SealAt::new(TABLE, "contact", id), plain)?,
            hash.to_vec(),
            secret::link_hash(seal, ctx.office, &link),
            ctx.lang.tag(),
            ctx.now
        ],
    )?;
    Ok(Person { id, channel })
}

/// The address itself and the language it is written to in.
pub(crate) fn contact_of(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: PersonId,
) -> Result<(String, Lang), Fault> {
    let (sealed, lang): (SealedText, String) = tx.one(
        "SELECT contact, lang FROM follow_person WHERE office_id = $1 AND id = $2",
        args![office, id],
    )?;
    let plain = seal.open(SealAt::new(TABLE, "contact", id), &sealed)?;
    Ok((plain, Lang::parse(&lang).unwrap_or_default()))
}

pub(crate) fn set_lang(
    tx: &mut Tx,
    office: OfficeId,
    id: PersonId,
    lang: &str,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE follow_person SET lang = $3 WHERE office_id = $1 AND id = $2",
        args![office, id, lang],
    )
}

/// Forgets the addresses with which nothing is followed or asked for. How many.
pub(crate) fn drop_lonely(
    tx: &mut Tx,
    office: OfficeId,
    only: Option<PersonId>,
) -> Result<u64, Fault> {
    let mut sql = maeul_db::Sql::new(
        "DELETE FROM follow_person WHERE office_id = ?
            AND NOT EXISTS (SELECT 1 FROM follow_subscription s
                 WHERE s.office_id = follow_person.office_id AND s.person_id = follow_person.id)",
        args![office],
    );
    if let Some(only) = only {
        sql.add(" AND id = ?", args![only]);
    }
    tx.exec(sql.text(), sql.args())
}
