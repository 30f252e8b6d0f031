//! Passkeys as browsers send them: any bytes are a passkey or none, what is read of CBOR is read again when written
//! out, and nobody signs in with a signature that no key made.

#![no_main]
#![allow(dead_code, reason = "only the front door of the sources is called")]

#[path = "../../crates/maeul-people/src/webauthn/cbor.rs"]
mod cbor;
#[path = "../../crates/maeul-people/src/signature.rs"]
mod signature;
#[path = "../../crates/maeul-people/src/webauthn/mod.rs"]
mod webauthn;

use cbor::Value;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use signature::{PublicKey, to_base64url};
use webauthn::{Asserted, Made, RelyingParty, asserted, challenge_of, made};

/// Present, recognised, and with a new passkey behind.
const NEW: u8 = 0b0100_0101;

/// The first byte of a value and its argument, in the shortest form.
fn head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let bytes = argument.to_be_bytes();
    let (low, length) = match argument {
        0..=23 => (bytes[7], 0),
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    out.push(major << 5 | low);
    out.extend(&bytes[8 - length..]);
}

fn write(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Number(number) if *number < 0 => head(1, (-1 - number).unsigned_abs(), out),
        Value::Number(number) => head(0, number.unsigned_abs(), out),
        Value::Bytes(bytes) => {
            head(2, bytes.len() as u64, out);
            out.extend(*bytes);
        }
        Value::Text(text) => {
            head(3, text.len() as u64, out);
            out.extend(text.as_bytes());
        }
        Value::Map(pairs) => {
            head(5, pairs.len() as u64, out);
            for (key, it) in pairs {
                write(key, out);
                write(it, out);
            }
        }
        // Whatever is passed over: null.
        Value::Other => out.push(0xf6),
    }
}

fn any_cbor(bytes: &[u8]) {
    let Some((value, rest)) = cbor::read(bytes) else { return };
    let read = &bytes[..bytes.len() - rest.len()];
    assert!(!read.is_empty() && bytes.ends_with(rest));
    // Nothing behind it matters, and nothing of it can be left out.
    assert_eq!(cbor::read(read), Some((value.clone(), &[][..])));
    assert_eq!(cbor::read(&read[..read.len() - 1]), None);
    let mut written = Vec::new();
    write(&value, &mut written);
    assert_eq!(cbor::read(&written), Some((value, &[][..])));
    assert!(written.len() <= read.len());
}

fn any_attestation(object: &[u8], party: &RelyingParty, client_data: &str) {
    let attestation = to_base64url(object);
    let Ok(new) = made(&Made { client_data, attestation: &attestation }, party) else { return };
    assert!((1..=1023).contains(&new.credential.len()));
    // The database keeps the key, and it is itself again.
    assert_eq!(PublicKey::from_bytes(new.key.algorithm(), &new.key.to_bytes()), Some(new.key));
}

fuzz_target!(|bytes: &[u8]| {
    let Some((way, rest)) = bytes.split_first() else { return };
    let Some(party) = RelyingParty::of("https://minwon.example") else { return };
    let client_data = |kind: &str| {
        to_base64url(
            format!(r#"{{"type":"{kind}","challenge":"AAAA","origin":"https://minwon.example"}}"#)
                .as_bytes(),
        )
    };
    let begun =
        |flags: u8| [Sha256::digest(b"minwon.example").as_slice(), &[flags, 0, 0, 0, 1]].concat();
    match way % 4 {
        0 => {
            any_cbor(rest);
            any_attestation(rest, &party, &client_data("webauthn.create"));
        }
        1 => {
            // What stands behind flags and counter, in an attestation that is whole.
            let data = [begun(NEW).as_slice(), rest].concat();
            let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".to_vec();
            write(&Value::Bytes(&data), &mut object);
            any_attestation(&object, &party, &client_data("webauthn.create"));
        }
        2 => {
            // What the browser says of what it asked.
            let said = to_base64url(rest);
            let _ = challenge_of(&said);
            let _ = made(&Made { client_data: &said, attestation: "oA" }, &party);
        }
        _ => {
            let Some(key) = PublicKey::ed25519(&[7; 32]) else { return };
            let cut = usize::from(*way >> 2).min(rest.len());
            let (signature, more) = rest.split_at(cut);
            let authenticator = to_base64url(&[begun(0b101).as_slice(), more].concat());
            let sent = Asserted {
                client_data: &client_data("webauthn.get"),
                authenticator: &authenticator,
                signature: &to_base64url(signature),
            };
            assert!(asserted(&sent, &party, &key).is_err());
        }
    }
});
