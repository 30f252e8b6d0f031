//! Telephone numbers: the forms people type, the reasons for refusal, and public vectors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::path::PathBuf;

use maeul_base::{Lang, Refusal};
use maeul_wire::{Phone, PhoneError, PhoneKind};
use proptest::prelude::*;

fn phone(text: &str) -> Phone {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn takes_what_people_type_and_shows_it_one_way() {
    let vectors = [
        ("010-1234-5678", "010-1234-5678", PhoneKind::Mobile),
        ("01012345678", "010-1234-5678", PhoneKind::Mobile),
        (" 010 1234 5678 ", "010-1234-5678", PhoneKind::Mobile),
        ("010.1234.5678", "010-1234-5678", PhoneKind::Mobile),
        ("+82 10-1234-5678", "010-1234-5678", PhoneKind::Mobile),
        ("+82-010-1234-5678", "010-1234-5678", PhoneKind::Mobile),
        ("82-10-1234-5678", "010-1234-5678", PhoneKind::Mobile),
        ("1012345678", "010-1234-5678", PhoneKind::Mobile),
        ("０１０－１２３４－５６７８", "010-1234-5678", PhoneKind::Mobile),
        ("011-234-5678", "011-234-5678", PhoneKind::Mobile),
        ("02-351-6114", "02-351-6114", PhoneKind::Landline),
        ("(02) 3452-3434", "02-3452-3434", PhoneKind::Landline),
        ("+8223516114", "02-351-6114", PhoneKind::Landline),
        ("0623607114", "062-360-7114", PhoneKind::Landline),
        ("031-828-2114", "031-828-2114", PhoneKind::Landline),
        ("070-1234-5678", "070-1234-5678", PhoneKind::Internet),
        ("0505-123-4567", "0505-123-4567", PhoneKind::Forwarded),
        ("0507-1234-5678", "0507-1234-5678", PhoneKind::Forwarded),
        ("080-123-4567", "080-123-4567", PhoneKind::TollFree),
        ("15881234", "1588-1234", PhoneKind::Representative),
        ("+82 1588 1234", "1588-1234", PhoneKind::Representative),
        ("110", "110", PhoneKind::Special),
        ("112", "112", PhoneKind::Special),
        ("119", "119", PhoneKind::Special),
        ("120", "120", PhoneKind::Special),
        ("1330", "1330", PhoneKind::Special),
        ("02-120", "02-120", PhoneKind::Special),
        ("062-120", "062-120", PhoneKind::Special),
        ("+82 2 120", "02-120", PhoneKind::Special),
    ];
    for (typed, shown, kind) in vectors {
        let phone = phone(typed);
        assert_eq!((phone.to_string().as_str(), phone.kind()), (shown, kind), "{typed}");
        assert_eq!(phone.to_string().parse::<Phone>(), Ok(phone), "{typed} again");
    }
}

#[test]
fn says_why_not() {
    let refused = |text: &str| text.parse::<Phone>().unwrap_err();
    assert_eq!(refused(" - "), PhoneError::Empty);
    assert_eq!(refused("+82"), PhoneError::Empty);
    assert_eq!(refused("010-1234-567a"), PhoneError::Sign('a'));
    assert_eq!(refused("공일공"), PhoneError::Sign('공'));
    assert_eq!(refused("010+1234"), PhoneError::Sign('+'));
    assert_eq!(refused("+1 202 867 5309"), PhoneError::Foreign);
    assert_eq!(refused("00212028675309"), PhoneError::Foreign);
    assert_eq!(refused("345-6789"), PhoneError::AreaMissing);
    assert_eq!(refused("0999-1234-5678"), PhoneError::Prefix("099".into()));
    assert_eq!(refused("010-123-456"), PhoneError::TooShort { digits: 9, least: 11 });
    assert_eq!(refused("010-1234-56789"), PhoneError::TooLong { digits: 12, most: 11 });
    for lang in Lang::ALL {
        assert!(refused("010-123-456").say(lang).contains('9'));
    }
}

#[test]
fn hides_the_middle_of_a_persons_number_only() {
    assert_eq!(phone("01012345678").masked(), "010-****-5678");
    assert_eq!(phone("0623607114").masked(), "062-***-7114");
    assert_eq!(phone("120").masked(), "120");
    assert_eq!(phone("15881234").masked(), "1588-1234");
    assert_eq!(phone("01012345678").e164().as_deref(), Some("+821012345678"));
    assert_eq!(phone("119").e164(), None);
}

#[test]
fn keeps_digits_in_json() {
    let phone = phone("010-1234-5678");
    let json = serde_json::to_string(&phone).unwrap();
    assert_eq!(json, "\"01012345678\"");
    assert_eq!(serde_json::from_str::<Phone>(&json).unwrap(), phone);
    assert!(serde_json::from_str::<Phone>("\"0101\"").is_err());
}

/// Vectors of public libraries (Apache-2.0), which stand beside the repository during development.
#[test]
fn agrees_with_public_vectors() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/formats/kr_phone_libphonenumber.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} not found", path.display());
        return;
    };
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut seen = 0;
    for vector in vectors["parsed"].as_array().unwrap() {
        let input = vector["input"].as_str().unwrap();
        let ours = input.parse::<Phone>();
        if vector["valid"] == true {
            let ours = ours.unwrap_or_else(|error| panic!("{input}: {error}"));
            assert_eq!(ours.e164().as_deref(), vector["e164"].as_str(), "{input}");
            assert_eq!(ours.is_mobile(), vector["type"] == "MOBILE" && !input.starts_with("012"));
        } else if input.len() > 6 && !input.starts_with("060") {
            assert!(ours.is_err(), "{input} should be refused");
        } else {
            // Short public numbers are real although general libraries call them invalid.
            assert!(ours.is_ok(), "{input}");
        }
        seen += 1;
    }
    eprintln!("public vectors found: {seen} checked");
    assert!(seen >= 25);
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*") {
        if let Ok(phone) = text.parse::<Phone>() {
            prop_assert_eq!(phone.to_string().parse::<Phone>().unwrap(), phone);
        }
    }

    #[test]
    fn what_is_shown_is_read_back(digits in "0[1-9][0-9]{7,10}|1[0-9]{2,7}") {
        if let Ok(phone) = digits.parse::<Phone>() {
            prop_assert_eq!(phone.to_string().parse::<Phone>().unwrap(), phone.clone());
            if let Some(e164) = phone.e164() {
                prop_assert_eq!(e164.parse::<Phone>().unwrap(), phone);
            }
        }
    }
}
