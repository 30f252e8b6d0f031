//! E-mail as it comes off the wire: read within bounds or not at all.

#![no_main]
#![allow(dead_code, reason = "only the front door of the sources is called")]

#[path = "../../crates/maeul-mail/src/charset.rs"]
mod charset;
#[path = "../../crates/maeul-mail/src/cut.rs"]
mod cut;
#[path = "../../crates/maeul-mail/src/letter.rs"]
mod letter;

use letter::{MOST_PICTURES, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some(letter) = read(bytes, "sender@gaon.example", |address| address.ends_with("@minwon.example")) else {
        return;
    };
    assert!(letter.pictures.len() <= MOST_PICTURES);
    assert!(letter.subject.chars().count() <= 300);
    // What cannot be stored as text never gets so far.
    for text in [&letter.message_id, &letter.name, &letter.from, &letter.subject, &letter.words, &letter.whole] {
        assert!(!text.contains('\0'), "{text:?}");
    }
    assert!(letter.answers.iter().all(|it| !it.contains('\0')));
    assert_eq!(read(bytes, "sender@gaon.example", |address| address.ends_with("@minwon.example")), Some(letter));
});
