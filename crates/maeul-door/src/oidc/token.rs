//! A provider's ID token (OpenID Connect Core 1.0, 3.1.3.7) and its keys (RFC 7517): believed only if
//! every mark on it is right. Pure.

use jiff::Timestamp;
use maeul_people::signature::{Ecdsa, PublicKey, from_base64url};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Clocks of two machines differ by so many seconds at the most.
const LEEWAY: i64 = 60;
/// The longest token that is read.
const LONGEST: usize = 32 * 1024;

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is not written as a signed token.
    #[error("it is not written as a signed token")]
    Unreadable,
    /// It is signed in a way that is not taken: none, by a shared secret, or one nobody knows.
    #[error("it is signed in a way that is not taken")]
    Algorithm,
    /// Its key is not one of the provider's.
    #[error("its key is not one of the provider's")]
    UnknownKey,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
    /// Another provider made it.
    #[error("another provider made it")]
    Issuer,
    /// It was made for another client.
    #[error("it was made for another client")]
    Audience,
    /// It has expired, or comes from the future.
    #[error("it has expired, or comes from the future")]
    Time,
    /// It answers another sign-in.
    #[error("it answers another sign-in")]
    Nonce,
}

/// The keys of a provider.
#[derive(Debug, Deserialize)]
pub struct Keys {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Key {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Key {
    fn public(&self) -> Option<(&'static str, PublicKey)> {
        let bytes = |text: &str| from_base64url(text);
        match (self.kty.as_str(), self.crv.as_str()) {
            ("RSA", _) => Some(("RS256", PublicKey::rsa(&bytes(&self.n)?, &bytes(&self.e)?)?)),
            ("EC", "P-256") => {
                Some(("ES256", PublicKey::p256(&bytes(&self.x)?, &bytes(&self.y)?)?))
            }
            ("OKP", "Ed25519") => Some(("EdDSA", PublicKey::ed25519(&bytes(&self.x)?)?)),
            _ => None,
        }
    }
}

impl Keys {
    /// Those that sign in that way, of that name where the token gives one. A key of a kind we cannot
    /// read is passed over: providers publish such beside others.
    fn fitting(&self, algorithm: &str, kid: Option<&str>) -> Vec<PublicKey> {
        let keys = self.keys.iter().filter_map(|it| Key::deserialize(it).ok());
        keys.filter(|it| it.purpose.as_deref().is_none_or(|it| it == "sig"))
            .filter(|it| it.alg.as_deref().is_none_or(|it| it == algorithm))
            .filter(|it| kid.is_none() || it.kid.as_deref() == kid)
            .filter_map(|it| it.public())
            .filter(|(way, _)| *way == algorithm)
            .map(|(_, key)| key)
            .collect()
    }

    /// Whether none of them can be used.
    pub fn is_empty(&self) -> bool {
        ["RS256", "ES256", "EdDSA"].iter().all(|it| self.fitting(it, None).is_empty())
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom.
    pub client: &'a str,
    /// Which sign-in it answers.
    pub nonce: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// What a believed token says.
#[derive(Clone, Debug, Default)]
pub struct Claims(Map<String, Value>);

impl Claims {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    fn seconds(&self, name: &str) -> Option<i64> {
        let value = self.0.get(name)?;
        // Some write a fraction.
        value.as_i64().or_else(|| value.as_number()?.to_string().split('.').next()?.parse().ok())
    }

    /// The sign-in name in that claim. An e-mail address counts only where the provider has checked it.
    pub fn login(&self, claim: &str) -> Option<&str> {
        if claim == "email" && self.0.get("email_verified") != Some(&Value::Bool(true)) {
            return None;
        }
        self.text(claim).map(str::trim).filter(|it| !it.is_empty())
    }

    /// Whether the token says that word of how the person was let in, in `amr` or `acr`.
    pub fn says(&self, word: &str) -> bool {
        let listed = self.0.get("amr").and_then(Value::as_array);
        listed.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(word)))
            || self.text("acr") == Some(word)
    }
}

/// What the token says, if it is to be believed.
pub fn believe(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, TokenFault> {
    if token.len() > LONGEST {
        return Err(TokenFault::Unreadable);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Unreadable)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenFault::Unreadable)?;
    let bytes = |text: &str| from_base64url(text).ok_or(TokenFault::Unreadable);
    let header: Header =
        serde_json::from_slice(&bytes(header)?).map_err(|_| TokenFault::Unreadable)?;
    // Only what a public key signs: a token signed by nobody, or by what we share, proves nothing.
    if !["RS256", "ES256", "EdDSA"].contains(&header.alg.as_str()) || header.crit.is_some() {
        return Err(TokenFault::Algorithm);
    }
    let fitting = keys.fitting(&header.alg, header.kid.as_deref());
    if fitting.is_empty() {
        return Err(TokenFault::UnknownKey);
    }
    let signature = bytes(signature)?;
    let right = |key: &PublicKey| key.verifies(Ecdsa::Fixed, signed.as_bytes(), &signature);
    if !fitting.iter().any(right) {
        return Err(TokenFault::Signature);
    }
    let claims: Map<String, Value> =
        serde_json::from_slice(&bytes(payload)?).map_err(|_| TokenFault::Unreadable)?;
    let claims = Claims(claims);
    check(&claims, expected)?;
    Ok(claims)
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), TokenFault> {
    if claims.text("iss") != Some(expected.issuer) {
        return Err(TokenFault::Issuer);
    }
    let ours = |it: &Value| it.as_str() == Some(expected.client);
    let (named, alone) = match claims.0.get("aud") {
        Some(Value::Array(all)) => (all.iter().any(ours), all.len() == 1),
        Some(one) => (ours(one), true),
        None => (false, true),
    };
    let party = claims.0.get("azp");
    // Made for several, it must say that we are the one who asked.
    if !named || party.is_some_and(|it| !ours(it)) || (!alone && party.is_none()) {
        return Err(TokenFault::Audience);
    }
    let now = expected.now.as_second();
    let expires = claims.seconds("exp").ok_or(TokenFault::Time)?;
    let made = claims.seconds("iat").ok_or(TokenFault::Time)?;
    let begins = claims.seconds("nbf").unwrap_or(made);
    if now >= expires.saturating_add(LEEWAY)
        || made > now.saturating_add(LEEWAY)
        || begins > now.saturating_add(LEEWAY)
    {
        return Err(TokenFault::Time);
    }
    if claims.text("nonce") != Some(expected.nonce) {
        return Err(TokenFault::Nonce);
    }
    if claims.text("sub").is_none_or(str::is_empty) {
        return Err(TokenFault::Unreadable);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use maeul_people::signature::to_base64url;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::json;

    const NOW: i64 = 1_780_000_000;

    struct Signer {
        pair: EcdsaKeyPair,
        random: SystemRandom,
    }

    impl Signer {
        fn new() -> Self {
            let (random, way) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
            let made = EcdsaKeyPair::generate_pkcs8(way, &random).unwrap();
            Self { pair: EcdsaKeyPair::from_pkcs8(way, made.as_ref(), &random).unwrap(), random }
        }

        fn keys(&self, kid: &str) -> Keys {
            let point = self.pair.public_key().as_ref();
            let (x, y) = (to_base64url(&point[1..33]), to_base64url(&point[33..]));
            let key =
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "x": x, "y": y});
            serde_json::from_value(json!({ "keys": [{"kty": "oct", "k": "AAAA"}, key] })).unwrap()
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let part = |it: &Value| to_base64url(it.to_string().as_bytes());
            let signed = format!("{}.{}", part(header), part(claims));
            let signature = self.pair.sign(&self.random, signed.as_bytes()).unwrap();
            format!("{signed}.{}", to_base64url(signature.as_ref()))
        }
    }

    fn claims() -> Value {
        json!({"iss": "https://idp.example", "aud": "maeul", "sub": "1", "exp": NOW + 300, "iat": NOW,
            "nonce": "n", "preferred_username": "road1", "amr": ["pwd", "otp"]})
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    #[test]
    fn a_token_is_believed_only_if_every_mark_is_right() {
        let (signer, other) = (Signer::new(), Signer::new());
        let keys = signer.keys("a");
        let expected = Expected {
            issuer: "https://idp.example",
            client: "maeul",
            nonce: "n",
            now: Timestamp::from_second(NOW).unwrap(),
        };
        let head = json!({"alg": "ES256", "kid": "a"});
        let judge = |token: &str| believe(token, &keys, &expected).map(|_| ());
        let claim = |name, value| judge(&signer.sign(&head, &with(name, value)));
        let good = signer.sign(&head, &claims());
        let believed = believe(&good, &keys, &expected).unwrap();
        assert_eq!(believed.login("preferred_username"), Some("road1"));
        assert!(believed.says("otp") && !believed.says("hwk"));

        assert_eq!(claim("iss", json!("https://evil.example")), Err(TokenFault::Issuer));
        assert_eq!(claim("aud", json!("another")), Err(TokenFault::Audience));
        assert_eq!(claim("aud", json!(["maeul", "another"])), Err(TokenFault::Audience));
        assert_eq!(claim("azp", json!("another")), Err(TokenFault::Audience));
        assert_eq!(claim("aud", json!(["maeul"])), Ok(()));
        assert_eq!(claim("exp", json!(NOW - 61)), Err(TokenFault::Time));
        assert_eq!(claim("exp", json!(null)), Err(TokenFault::Time));
        assert_eq!(claim("iat", json!(NOW + 3600)), Err(TokenFault::Time));
        assert_eq!(claim("nbf", json!(NOW + 3600)), Err(TokenFault::Time));
        assert_eq!(claim("nonce", json!("m")), Err(TokenFault::Nonce));
        assert_eq!(claim("nonce", json!(null)), Err(TokenFault::Nonce));
        assert_eq!(claim("sub", json!("")), Err(TokenFault::Unreadable));

        assert_eq!(judge(&other.sign(&head, &claims())), Err(TokenFault::Signature));
        let stranger = json!({"alg": "ES256", "kid": "b"});
        assert_eq!(judge(&signer.sign(&stranger, &claims())), Err(TokenFault::UnknownKey));
        for way in ["none", "HS256", "ES384", ""] {
            let head = json!({"alg": way, "kid": "a"});
            assert_eq!(judge(&signer.sign(&head, &claims())), Err(TokenFault::Algorithm), "{way}");
        }
        // Another way of signing than the key's.
        let mixed = json!({"alg": "RS256", "kid": "a"});
        assert_eq!(judge(&signer.sign(&mixed, &claims())), Err(TokenFault::UnknownKey));
        let critical = json!({"alg": "ES256", "kid": "a", "crit": ["exp"]});
        assert_eq!(judge(&signer.sign(&critical, &claims())), Err(TokenFault::Algorithm));
        // Unsigned, and changed after it was signed.
        let (signed, _) = good.rsplit_once('.').unwrap();
        assert_eq!(judge(&format!("{signed}.")), Err(TokenFault::Signature));
        let other_claims = to_base64url(with("sub", json!("2")).to_string().as_bytes());
        let parts: Vec<_> = good.split('.').collect();
        let forged = format!("{}.{other_claims}.{}", parts[0], parts[2]);
        assert_eq!(judge(&forged), Err(TokenFault::Signature));
        for wrong in ["", "a", "a.b", "a.b.c", &"x".repeat(40_000)] {
            assert_eq!(judge(wrong), Err(TokenFault::Unreadable));
        }
    }

    #[test]
    fn an_address_counts_only_where_it_was_checked() {
        let claims = |checked: Value| {
            let map = json!({"email": "road1@seogu.example", "email_verified": checked});
            Claims(map.as_object().unwrap().clone())
        };
        assert_eq!(claims(json!(true)).login("email"), Some("road1@seogu.example"));
        assert_eq!(claims(json!("true")).login("email"), None);
        assert_eq!(claims(json!(null)).login("email"), None);
    }
}
