//! Residents' words: masking is complete at the first go and can be undone; numbers and addresses are themselves again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use maeul_base::Lang;
use maeul_language::{Masking, mask};
use maeul_wire::{Email, Phone};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let masked = mask(text);
    assert_eq!(masked.text.chars().count(), text.chars().count());
    assert_eq!(Masking::default().label(text, Lang::Ko).restore(), text);
    if let Ok(phone) = text.parse::<Phone>() {
        assert_eq!(
            phone.digits().parse::<Phone>().expect("its own digits").digits(),
            phone.digits()
        );
    }
    if let Ok(email) = text.parse::<Email>() {
        assert_eq!(email.as_str().parse::<Email>().expect("itself").as_str(), email.as_str());
    }
});
