//! Sealed fields open only where they were sealed, and hashes find without showing.

use std::os::unix::fs::PermissionsExt;

use jiff::Timestamp;
use maeul_base::{FaultKind, Ids, OfficeId};
use maeul_db::{Cell, FromValue, KeyFile, KeyRefusal, Seal, SealAt, SealedText, ToValue, Value};
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
fn a_new_key_is_known_to_running_servers_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("field.key");
    let (ids, now) = (Ids::seeded(1), Timestamp::UNIX_EPOCH);
    let one = Seal::load_or_create(&path, &ids).unwrap();
    let (other, hash) = (one.clone(), one.lookup_hash(OfficeId(1), "x"));
    let place = at(PLACE.0, PLACE.1, PLACE.2);
    let sealed = one.seal(&ids, place, "가나다").unwrap();
    assert_eq!(bytes(&sealed)[0], 1);

    let mut file = KeyFile::read(&path).unwrap().unwrap();
    assert_eq!(file.prepare(&ids, now), Ok(2));
    assert_eq!(file.prepare(&ids, now), Err(KeyRefusal::Prepared));
    file.write(&path).unwrap();
    assert_eq!(
        bytes(&one.seal(&ids, place, "라").unwrap())[0],
        1,
        "not before it is taken into use"
    );
    assert_eq!(file.rotate(&ids, now), Ok(2));
    file.write(&path).unwrap();
    let again = other.seal(&ids, place, "마바사").unwrap();
    assert_eq!(bytes(&again)[0], 2);
    for seal in [&one, &other, &Seal::load(&path).unwrap().unwrap()] {
        assert_eq!(seal.open(place, &sealed).unwrap(), "가나다");
        assert_eq!(seal.open(place, &again).unwrap(), "마바사");
        assert_eq!(seal.lookup_hash(OfficeId(1), "x"), hash, "links in residents' hands stay good");
    }
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(format!("{file:?}"), "[key 1 opens, key 2 seals]", "no key is shown");

    assert_eq!(file.forget(1), Err(KeyRefusal::NotRetired));
    assert_eq!(file.retire(now), [1]);
    file.write(&path).unwrap();
    assert_eq!(one.open(place, &sealed).unwrap(), "가나다", "a retired key opens older backups");
    assert_eq!(file.forget(1), Ok(()));
    assert_eq!(file.forget(2), Err(KeyRefusal::NotRetired), "what seals stays");
    file.write(&path).unwrap();
    one.seal(&ids, place, "아").unwrap();
    let fault = one.open(place, &sealed).unwrap_err();
    assert!(fault.chain().contains("key 1"), "{}", fault.chain());
    assert_eq!(one.lookup_hash(OfficeId(1), "x"), hash, "its hashes outlive the first key");

    // A file that is broken or another installation's changes nothing while the server runs.
    let mark = one.mark();
    for wrong in ["key 1 seals", &"ab".repeat(32)] {
        std::fs::write(&path, wrong).unwrap();
        assert_eq!(bytes(&one.seal(&ids, place, "자").unwrap())[0], 2);
        assert_eq!(one.mark(), mark);
    }
}

#[test]
fn key_numbers_come_round_and_files_are_read_strictly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("field.key");
    let (ids, now) = (Ids::seeded(1), Timestamp::UNIX_EPOCH);
    Seal::load_or_create(&path, &ids).unwrap();
    let mut file = KeyFile::read(&path).unwrap().unwrap();
    for _ in 1..255 {
        file.rotate(&ids, now).unwrap();
    }
    assert_eq!(file.sealing(), 255);
    assert_eq!(file.rotate(&ids, now), Err(KeyRefusal::Full));
    assert_eq!(file.retire(now).len(), 254);
    file.forget(7).unwrap();
    assert_eq!(file.rotate(&ids, now), Ok(7));
    file.write(&path).unwrap();
    assert_eq!(KeyFile::read(&path).unwrap().unwrap(), file);
    let (hash, key) = (format!("hash {}\n", "ab".repeat(32)), "cd".repeat(32));
    for wrong in [
        format!("{hash}key 1 opens - {key}\n"),
        format!("{hash}key 1 seals - {key}\nkey 2 seals - {key}\n"),
        format!("{hash}key 1 seals - {key}\nkey 1 opens - {key}\n"),
        format!("{hash}key 0 seals - {key}\n"),
        format!("{hash}key 1 sings - {key}\n"),
        format!("key 1 seals - {key}\n"),
        format!("{hash}key 1 seals - {key} more\n"),
    ] {
        std::fs::write(&path, &wrong).unwrap();
        assert!(KeyFile::read(&path).is_err(), "{wrong}");
    }
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
