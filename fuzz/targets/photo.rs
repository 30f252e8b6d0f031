//! Pictures from outside: refused, or re-encoded into one that is taken again.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(photo) = maeul_photo::take(bytes) {
        assert!(maeul_photo::take(&photo.jpeg).is_ok());
    }
});
