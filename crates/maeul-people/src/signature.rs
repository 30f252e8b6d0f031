//! Public keys of others and the signatures made with them: passkeys and identity providers.

use ring::signature as raw;

/// The shortest RSA modulus that is believed, in bytes: 2048 bits.
const SHORTEST_RSA: usize = 256;
/// The longest that is read.
const LONGEST_RSA: usize = 512;

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// A point of P-256, uncompressed: 65 bytes.
    P256(Vec<u8>),
    /// Ed25519: 32 bytes.
    Ed25519(Vec<u8>),
    /// RSA: modulus and exponent, big-endian without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
}

/// How the numbers of an ECDSA signature are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ecdsa {
    /// DER, as authenticators do.
    Der,
    /// Side by side, as JSON web tokens do (RFC 7518, 3.4).
    Fixed,
}

impl PublicKey {
    /// A point of P-256 from its coordinates.
    pub fn p256(x: &[u8], y: &[u8]) -> Option<Self> {
        let sound = x.len() == 32 && y.len() == 32;
        sound.then(|| Self::P256([&[4], x, y].concat()))
    }

    /// A key of Ed25519.
    pub fn ed25519(x: &[u8]) -> Option<Self> {
        (x.len() == 32).then(|| Self::Ed25519(x.to_vec()))
    }

    /// A key of RSA that is long enough to be believed.
    pub fn rsa(n: &[u8], e: &[u8]) -> Option<Self> {
        let trim =
            |bytes: &[u8]| bytes.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
        let (n, e) = (trim(n), trim(e));
        let sound = (SHORTEST_RSA..=LONGEST_RSA).contains(&n.len()) && (1..=4).contains(&e.len());
        sound.then_some(Self::Rsa { n, e })
    }

    /// The name of its algorithm, as the database keeps it.
    pub const fn algorithm(&self) -> &'static str {
        match self {
            Self::P256(_) => "es256",
            Self::Ed25519(_) => "eddsa",
            Self::Rsa { .. } => "rs256",
        }
    }

    /// Its bytes, as the database keeps them. Of RSA: the length of the exponent, exponent, modulus.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::P256(bytes) | Self::Ed25519(bytes) => bytes.clone(),
            Self::Rsa { n, e } => {
                let length = u8::try_from(e.len()).unwrap_or(u8::MAX);
                [&[length], e.as_slice(), n].concat()
            }
        }
    }

    /// The key that the database keeps.
    pub fn from_bytes(algorithm: &str, bytes: &[u8]) -> Option<Self> {
        match algorithm {
            "es256" => (bytes.len() == 65).then(|| Self::P256(bytes.to_vec())),
            "eddsa" => Self::ed25519(bytes),
            "rs256" => {
                let (length, rest) = bytes.split_first()?;
                let (e, n) = rest.split_at_checked(usize::from(*length))?;
                Self::rsa(n, e)
            }
            _ => None,
        }
    }

    /// Whether the signature is this key's, over that message.
    pub fn verifies(&self, ecdsa: Ecdsa, message: &[u8], signature: &[u8]) -> bool {
        let done = match (self, ecdsa) {
            (Self::P256(point), Ecdsa::Der) => {
                raw::UnparsedPublicKey::new(&raw::ECDSA_P256_SHA256_ASN1, point)
                    .verify(message, signature)
            }
            (Self::P256(point), Ecdsa::Fixed) => {
                raw::UnparsedPublicKey::new(&raw::ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, signature)
            }
            (Self::Ed25519(key), _) => {
                raw::UnparsedPublicKey::new(&raw::ED25519, key).verify(message, signature)
            }
            (Self::Rsa { n, e }, _) => raw::RsaPublicKeyComponents { n, e }.verify(
                &raw::RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
        };
        done.is_ok()
    }
}

/// Base64 for addresses without padding (RFC 4648, 5), as passkeys and tokens are written.
pub fn to_base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for piece in bytes.chunks(3) {
        let byte = |at: usize| u32::from(piece.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=piece.len() {
            let six = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or(0);
            text.push(char::from(LETTERS.get(six).copied().unwrap_or(b'A')));
        }
    }
    text
}

/// What that stands for; nothing where it is not so written, or not in the one way it can be.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let six = |letter: u8| {
        Some(u32::from(match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        }))
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for piece in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for at in 0..4 {
            bits = bits << 6 | piece.get(at).map_or(Some(0), |letter| six(*letter))?;
        }
        let [_, a, b, c] = bits.to_be_bytes();
        match (piece.len(), a, b, c) {
            (4, ..) => bytes.extend([a, b, c]),
            (3, _, _, 0) => bytes.extend([a, b]),
            (2, _, 0, 0) => bytes.push(a),
            // A letter too many, or bits that mean nothing.
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

    #[test]
    fn base64_is_that_of_the_rfc_and_goes_one_way_back() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("foo", "Zm9v"),
            ("ab", "YWI"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(to_base64url(bytes.as_bytes()), text);
            assert_eq!(from_base64url(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(to_base64url(&[0xfb, 0xff]), "-_8");
        for wrong in ["Z", "Zg==", "Zh", "Zm9vY", "+/8", "Zm9 "] {
            assert_eq!(from_base64url(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_signature_is_its_keys_alone() {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).unwrap();
        let key = PublicKey::P256(pair.public_key().as_ref().to_vec());
        let signature = pair.sign(&random, b"words").unwrap();
        assert!(key.verifies(Ecdsa::Der, b"words", signature.as_ref()));
        assert!(!key.verifies(Ecdsa::Der, b"other words", signature.as_ref()));
        assert!(!key.verifies(Ecdsa::Fixed, b"words", signature.as_ref()));
        let kept = PublicKey::from_bytes(key.algorithm(), &key.to_bytes());
        assert_eq!(kept, Some(key));

        let made = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap();
        let key = PublicKey::ed25519(pair.public_key().as_ref()).unwrap();
        let signature = pair.sign(b"words");
        assert!(key.verifies(Ecdsa::Fixed, b"words", signature.as_ref()));
        assert!(!key.verifies(Ecdsa::Fixed, b"word", signature.as_ref()));
        assert_eq!(PublicKey::from_bytes("eddsa", &key.to_bytes()), Some(key));
    }

    #[test]
    fn a_short_rsa_key_is_not_believed() {
        assert_eq!(PublicKey::rsa(&[0xff; 128], &[1, 0, 1]), None);
        let key = PublicKey::rsa(&[&[0][..], &[0xff; 256]].concat(), &[1, 0, 1]).unwrap();
        assert_eq!(PublicKey::from_bytes("rs256", &key.to_bytes()), Some(key));
    }
}
