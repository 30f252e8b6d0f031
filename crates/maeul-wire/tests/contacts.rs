//! E-mail addresses and contacts: what is taken, what is refused and why, what is hidden.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use maeul_base::{Lang, Refusal};
use maeul_wire::{Contact, ContactError, Email, EmailError, PhoneError};
use proptest::prelude::*;

#[test]
fn takes_ordinary_addresses() {
    for (typed, kept) in [
        ("kim@example.kr", "kim@example.kr"),
        (" Kim.Min+town@Example.CO.KR ", "Kim.Min+town@example.co.kr"),
        ("a_b-c@sub-domain.example.com", "a_b-c@sub-domain.example.com"),
        ("kim＠example．kr", "kim@example.kr"),
        ("x@xn--3e0b707e.xn--3e0b707e", "x@xn--3e0b707e.xn--3e0b707e"),
    ] {
        assert_eq!(typed.parse::<Email>().unwrap().as_str(), kept);
    }
}

#[test]
fn says_why_an_address_is_refused() {
    let long = format!("{}@example.kr", "a".repeat(65));
    for (typed, why) in [
        ("", EmailError::Empty),
        ("kim", EmailError::At),
        ("kim@a@example.kr", EmailError::At),
        ("kim min@example.kr", EmailError::Sign(' ')),
        ("김@example.kr", EmailError::Sign('김')),
        ("kim@example.kr\r\nBcc:x@y.kr", EmailError::Sign('\r')),
        ("<kim@example.kr>", EmailError::Sign('<')),
        ("@example.kr", EmailError::Local),
        (".kim@example.kr", EmailError::Local),
        ("kim..min@example.kr", EmailError::Local),
        ("kim@example", EmailError::Domain),
        ("kim@-example.kr", EmailError::Domain),
        ("kim@example..kr", EmailError::Domain),
        ("kim@192.168.0.1", EmailError::Domain),
        ("kim@exa_mple.kr", EmailError::Domain),
        (long.as_str(), EmailError::TooLong),
    ] {
        assert_eq!(typed.parse::<Email>().unwrap_err(), why, "{typed}");
        for lang in Lang::ALL {
            assert!(!why.say(lang).is_empty());
        }
    }
}

#[test]
fn one_field_takes_either() {
    let phone: Contact = "+82 10 1234 5678".parse().unwrap();
    assert_eq!(phone.lookup_key(), "tel:01012345678");
    assert_eq!(phone.masked(), "010-****-5678");
    assert!(phone.takes_messages());
    let email: Contact = "Kim@Naver.com".parse().unwrap();
    assert_eq!(email.lookup_key(), "mailto:kim@naver.com");
    assert_eq!(email.masked(), "K***@n…");
    assert_eq!(email.to_string(), "Kim@naver.com");
    assert!(!"062-360-7114".parse::<Contact>().unwrap().takes_messages());
    assert_eq!("  ".parse::<Contact>().unwrap_err(), ContactError::Phone(PhoneError::Empty));
    assert_eq!("kim".parse::<Contact>().unwrap_err(), ContactError::Email(EmailError::At));
    let json = serde_json::to_string(&email).unwrap();
    assert_eq!(json, r#"{"kind":"email","value":"Kim@naver.com"}"#);
    assert_eq!(serde_json::from_str::<Contact>(&json).unwrap(), email);
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*") {
        if let Ok(contact) = text.parse::<Contact>() {
            prop_assert_eq!(contact.to_string().parse::<Contact>().unwrap(), contact);
        }
    }
}
