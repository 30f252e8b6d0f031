//! Public keys of others and the signatures made with them: passkeys and identity providers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What that stands for; nothing where it is not so written, or not in the one way it can be.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
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
