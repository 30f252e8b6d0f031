//! Links and codes. Each link is made from the office's key and an id, so that it can be put into
//! every message without being kept anywhere; in the database stands only a keyed hash of it.

use maeul_base::OfficeId;
use maeul_db::Seal;

use crate::id::{PersonId, SubscriptionId};

/// 32 signs that cannot be taken for each other.
const SIGNS: [char; 32] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'u', 'v',
    'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7', '8', '9', '0',
];

/// Letters of a link: 100 bits, and still short enough for a text message.
pub(crate) const LENGTH: usize = 20;

/// The part of a link that lets this person change and stop.
pub(crate) fn link_of(seal: &Seal, office: OfficeId, person: PersonId) -> String {
    signs(&seal.lookup_hash(office, &format!("follow: the link of {person}")))
}

/// The part of a link that confirms this subscription.
pub(crate) fn confirmation_of(seal: &Seal, office: OfficeId, of: SubscriptionId) -> String {
    signs(&seal.lookup_hash(office, &format!("follow: the confirmation of {of}")))
}

/// Under which a link is found.
pub(crate) fn link_hash(seal: &Seal, office: OfficeId, link: &str) -> Vec<u8> {
    seal.lookup_hash(office, &format!("follow: kept of {link}"))
}

/// What is kept of a code.
pub(crate) fn code_hash(seal: &Seal, office: OfficeId, of: SubscriptionId, code: &str) -> Vec<u8> {
    seal.lookup_hash(office, &format!("follow: the code of {of}: {code}"))
}

/// Five bits a sign.
fn signs(bytes: &[u8]) -> String {
    bytes.iter().take(LENGTH).filter_map(|byte| SIGNS.get(usize::from(byte & 31))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn links_are_long_and_each_its_own() {
        let seal = Seal::from_key_bytes([3; 32]);
        let id = Uuid::from_u128(7);
        let of = |office| link_of(&seal, OfficeId(office), PersonId(id));
        let all = [of(1), of(2), confirmation_of(&seal, OfficeId(1), SubscriptionId(id))];
        for (place, link) in all.iter().enumerate() {
            assert_eq!(link.chars().count(), LENGTH);
            assert!(link.chars().all(|sign| SIGNS.contains(&sign)));
            assert!(!all[place + 1..].contains(link));
        }
        assert_eq!(of(1), of(1), "made again, never kept");
    }
}
