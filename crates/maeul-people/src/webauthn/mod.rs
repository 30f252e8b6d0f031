//! Passkeys as browsers and authenticators speak of them (W3C Web Authentication, level 2): what a new
//! one says (7.1) and what a sign-in with one says (7.2). Pure; which challenge was handed out and
//! which keys there are is for the acts.
//!
//! No attestation is asked for: an office that lets in any authenticator learns nothing from it. So
//! what is verified of a new passkey is that it was made here, now, by somebody who was recognised.

mod cbor;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::signature::{Ecdsa, PublicKey, from_base64url};

/// The most that is read of one field.
const LONGEST: usize = 16 * 1024;
/// The longest name of a credential (level 2, 5.1).
const LONGEST_CREDENTIAL: usize = 1023;

/// The person was there, and was recognised by finger, face or number.
const PRESENT_AND_VERIFIED: u8 = 0b0000_0101;
/// A new credential follows.
const ATTESTED: u8 = 0b0100_0000;

/// Whom passkeys are made for: the host, and the one address whose pages may use them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host, e.g. `minwon.example.go.kr`.
    pub id: String,
    /// The address without a path, e.g. `https://minwon.example.go.kr`.
    pub origin: String,
}

impl RelyingParty {
    /// That of the address residents and staff use. Passkeys need a name: on this machine it is
    /// `localhost`, and an address by number has none.
    pub fn of(base_url: &str) -> Option<Self> {
        let (scheme, rest) = base_url.split_once("://")?;
        let authority = rest.split('/').next()?;
        let port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, number)) if port(number) => (host, format!(":{number}")),
            _ => (authority, String::new()),
        };
        let loopback = host.starts_with("127.") || matches!(host, "localhost" | "[::1]");
        let host = if loopback { "localhost" } else { host };
        let numeric =
            host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        // Browsers have passkeys only where the way is safe, or does not leave the machine.
        if host.is_empty() || numeric || (scheme != "https" && !loopback) {
            return None;
        }
        let host = host.to_ascii_lowercase();
        Some(Self { origin: format!("{scheme}://{host}{port}"), id: host })
    }
}

/// What the browser says of what it asked the authenticator.
#[derive(Debug, Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// Why what a browser sent is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disbelief {
    /// It is not written as it must be.
    Unreadable,
    /// It was made on another site's page.
    Origin,
    /// The person was not there or not recognised.
    Unverified,
    /// The signature is not the key's.
    Signature,
    /// Another kind of key than we can check.
    Algorithm,
}

/// What the browser sent of a new passkey, in base64url.
#[derive(Clone, Debug)]
pub struct Made<'a> {
    /// `response.clientDataJSON`
    pub client_data: &'a str,
    /// `response.attestationObject`
    pub attestation: &'a str,
}

/// A new passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// What the authenticator calls it.
    pub credential: Vec<u8>,
    /// Its public key.
    pub key: PublicKey,
    /// How often it was used.
    pub counter: u32,
}

/// What the browser sent to sign in, in base64url.
#[derive(Clone, Debug)]
pub struct Asserted<'a> {
    /// `response.clientDataJSON`
    pub client_data: &'a str,
    /// `response.authenticatorData`
    pub authenticator: &'a str,
    /// `response.signature`
    pub signature: &'a str,
}

fn field(text: &str) -> Result<Vec<u8>, Disbelief> {
    if text.len() > LONGEST {
        return Err(Disbelief::Unreadable);
    }
    from_base64url(text).ok_or(Disbelief::Unreadable)
}

/// The challenge the browser answers, whatever else is right or wrong: by it the ticket is found.
pub fn challenge_of(client_data: &str) -> Option<Vec<u8>> {
    let data: ClientData = serde_json::from_slice(&field(client_data).ok()?).ok()?;
    from_base64url(&data.challenge)
}

/// Whether the browser asked for this, on our page.
fn asked(raw: &[u8], kind: &str, party: &RelyingParty) -> Result<(), Disbelief> {
    let data: ClientData = serde_json::from_slice(raw).map_err(|_| Disbelief::Unreadable)?;
    if data.kind != kind {
        return Err(Disbelief::Unreadable);
    }
    if data.origin != party.origin || data.cross_origin {
        return Err(Disbelief::Origin);
    }
    Ok(())
}

/// Flags, counter and what follows them.
fn authenticator<'a>(
    data: &'a [u8],
    party: &RelyingParty,
) -> Result<(u8, u32, &'a [u8]), Disbelief> {
    let (hash, rest) = data.split_at_checked(32).ok_or(Disbelief::Unreadable)?;
    let (flags, rest) = rest.split_first().ok_or(Disbelief::Unreadable)?;
    let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Disbelief::Unreadable)?;
    if hash != Sha256::digest(party.id.as_bytes()).as_slice() {
        return Err(Disbelief::Origin);
    }
    if flags & PRESENT_AND_VERIFIED != PRESENT_AND_VERIFIED {
        return Err(Disbelief::Unverified);
    }
    Ok((*flags, u32::from_be_bytes(*counter), rest))
}

/// Reads a new passkey.
pub fn made(sent: &Made<'_>, party: &RelyingParty) -> Result<NewPasskey, Disbelief> {
    asked(&field(sent.client_data)?, "webauthn.create", party)?;
    let object = field(sent.attestation)?;
    let (object, _) = cbor::read(&object).ok_or(Disbelief::Unreadable)?;
    let data = object.named("authData").and_then(cbor::Value::bytes);
    let (flags, counter, rest) = authenticator(data.ok_or(Disbelief::Unreadable)?, party)?;
    if flags & ATTESTED == 0 {
        return Err(Disbelief::Unreadable);
    }
    let (credential, key) = credential(rest).ok_or(Disbelief::Unreadable)?;
    let (key, _) = cbor::read(key).ok_or(Disbelief::Unreadable)?;
    let key = public_key(&key).ok_or(Disbelief::Algorithm)?;
    Ok(NewPasskey { credential: credential.to_vec(), key, counter })
}

/// The credential's name and the bytes its key begins at, after the kind of the authenticator.
fn credential(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_kind, rest) = rest.split_at_checked(16)?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    (1..=LONGEST_CREDENTIAL).contains(&length).then_some(())?;
    rest.split_at_checked(length)
}

/// A public key as authenticators write it (RFC 9053): ES256, EdDSA, RS256.
fn public_key(key: &cbor::Value<'_>) -> Option<PublicKey> {
    let number = |at: i64| key.numbered(at).and_then(cbor::Value::number);
    let bytes = |at: i64| key.numbered(at).and_then(cbor::Value::bytes);
    match (number(1)?, number(3)?) {
        (2, -7) if number(-1) == Some(1) => PublicKey::p256(bytes(-2)?, bytes(-3)?),
        (1, -8) if number(-1) == Some(6) => PublicKey::ed25519(bytes(-2)?),
        (3, -257) => PublicKey::rsa(bytes(-1)?, bytes(-2)?),
        _ => None,
    }
}

/// Whether somebody signs in with that key; how often the authenticator says it was used.
pub fn asserted(
    sent: &Asserted<'_>,
    party: &RelyingParty,
    key: &PublicKey,
) -> Result<u32, Disbelief> {
    let client_data = field(sent.client_data)?;
    asked(&client_data, "webauthn.get", party)?;
    let data = field(sent.authenticator)?;
    let (_, counter, _) = authenticator(&data, party)?;
    let signed = [data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
    if !key.verifies(Ecdsa::Der, &signed, &field(sent.signature)?) {
        return Err(Disbelief::Signature);
    }
    Ok(counter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_a_safe_way() {
        let party = |text| RelyingParty::of(text).map(|it| (it.id, it.origin));
        let own = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        assert_eq!(
            party("https://Minwon.example.go.kr/x"),
            own("minwon.example.go.kr", "https://minwon.example.go.kr")
        );
        assert_eq!(party("https://a.kr:8443"), own("a.kr", "https://a.kr:8443"));
        assert_eq!(party("http://127.0.0.1:8080"), own("localhost", "http://localhost:8080"));
        for none in ["http://a.kr", "https://10.0.0.1", "https://[2001:db8::1]:443", "a.kr", ""] {
            assert_eq!(party(none), None, "{none}");
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm() {
        let party = RelyingParty::of("https://a.kr").unwrap();
        for text in ["", "A", "AAAA", "o2NmbXRkbm9uZQ", &"A".repeat(LONGEST + 4)] {
            let sent = Made { client_data: text, attestation: text };
            assert_eq!(made(&sent, &party), Err(Disbelief::Unreadable));
            assert_eq!(challenge_of(text), None);
        }
    }
}
