//! Sealed fields open only where they were sealed, and hashes find without showing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::os::unix::fs::PermissionsExt;

use maeul_base::{FaultKind, Ids, OfficeId};
use maeul_db::{Cell, FromValue, Seal, SealAt, SealedText, ToValue, Value};
use uuid::Uuid;

const PLACE: (&str, &str, u128) = ("people_contact", "phone", 7);

fn at(table: &'static str, column: &'static str, id: u128) -> SealAt {
    SealAt::new(table, column, Uuid::from_u128(id))
}

fn bytes(sealed: &SealedText) -> Vec<u8> {
    match sealed.to_value() {
        Value::Bytes(bytes) => bytes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn opens_only_in_its_place() {
    let (seal, ids) = (Seal::from_key_bytes([3; 32]), Ids::seeded(1));
    let place = at(PLACE.0, PLACE.1, PLACE.2);
    let sealed = seal.seal(&ids, place, "010-1234-5678").unwrap();
    assert_eq!(seal.open(place, &sealed).unwrap(), "010-1234-5678");
    for wrong in [
        at("people_staff", PLACE.1, PLACE.2),
        at(PLACE.0, "name", PLACE.2),
        at(PLACE.0, PLACE.1, 8),
    ] {
        let fault = seal.open(wrong, &sealed).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Decode);
        assert!(!fault.chain().contains("010"));
    }
    assert!(Seal::from_key_bytes([4; 32]).open(place, &sealed).is_err());
    for index in 0..bytes(&sealed).len() {
        let mut changed = bytes(&sealed);
        changed[index] ^= 1;
        let changed = SealedText::from_value(Cell::Bytes(&changed)).unwrap();
        assert!(seal.open(place, &changed).is_err());
    }
    for short in [&[][..], &[1], &[1; 13]] {
        let short = SealedText::from_value(Cell::Bytes(short)).unwrap();
        assert!(seal.open(place, &short).is_err());
    }
    // The same text twice does not look the same.
    assert_ne!(bytes(&sealed), bytes(&seal.seal(&ids, place, "010-1234-5678").unwrap()));
}

#[test]
fn a_newer_key_seals_and_the_older_still_opens() {
    let (old, ids) = (Seal::from_key_bytes([3; 32]), Ids::seeded(1));
    let place = at(PLACE.0, PLACE.1, PLACE.2);
    let sealed = old.seal(&ids, place, "가나다").unwrap();
    let new = old.clone().with_newer_key([5; 32]);
    assert_eq!(new.open(place, &sealed).unwrap(), "가나다");
    let again = new.seal(&ids, place, "가나다").unwrap();
    assert_eq!((bytes(&sealed)[0], bytes(&again)[0]), (1, 2));
    assert!(old.open(place, &again).is_err());
    assert_eq!(new.lookup_hash(OfficeId(1), "x"), old.lookup_hash(OfficeId(1), "x"));
}

#[test]
fn hashes_differ_by_office_value_and_key() {
    let seal = Seal::from_key_bytes([3; 32]);
    let hash = seal.lookup_hash(OfficeId(29140), "01012345678");
    assert_eq!(hash.len(), 32);
    assert_eq!(hash, seal.lookup_hash(OfficeId(29140), "01012345678"));
    assert_ne!(hash, seal.lookup_hash(OfficeId(11380), "01012345678"));
    assert_ne!(hash, seal.lookup_hash(OfficeId(29140), "01012345679"));
    let other = Seal::from_key_bytes([4; 32]);
    assert_ne!(hash, other.lookup_hash(OfficeId(29140), "01012345678"));
}

#[test]
fn the_key_file_is_made_once_and_for_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seal.key");
    let ids = Ids::seeded(1);
    let seal = Seal::load_or_create(&path, &ids).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let place = at(PLACE.0, PLACE.1, PLACE.2);
    let sealed = seal.seal(&ids, place, "김").unwrap();
    let again = Seal::load_or_create(&path, &ids).unwrap();
    assert_eq!(again.open(place, &sealed).unwrap(), "김");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{}\n", "ab".repeat(32))).unwrap();
    let rotated = Seal::load_or_create(&path, &ids).unwrap();
    assert_eq!(rotated.open(place, &sealed).unwrap(), "김");
    assert_eq!(bytes(&rotated.seal(&ids, place, "김").unwrap())[0], 2);
    for wrong in ["", "\n", "zz", &"가".repeat(32)] {
        std::fs::write(&path, wrong).unwrap();
        assert!(Seal::load_or_create(&path, &ids).is_err());
    }
}
