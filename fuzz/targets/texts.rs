//! Text messages as gateways bring them: any bytes under any coding are letters or none, headers name parts that can
//! exist, and what was cut into parts is put together again.

#![no_main]
#![allow(dead_code, reason = "only the front door of the sources is called")]

#[path = "../../crates/maeul-text/src/decode.rs"]
mod decode;
#[path = "../../crates/maeul-text/src/udh.rs"]
mod udh;

use decode::{Coding, decode};
use libfuzzer_sys::fuzz_target;
use udh::{Piece, runs};

const CHARSETS: [&str; 8] = ["", "UTF-8", "UTF-16BE", "ksc5601", "EUC-KR", "UCS-2", "iso-8859-1", "nonsense"];

fuzz_target!(|bytes: &[u8]| {
    let Some(([choice, header_length], rest)) = bytes.split_at_checked(2).map(|(head, rest)| {
        ([head.first().copied().unwrap_or(0), head.get(1).copied().unwrap_or(0)], rest)
    }) else {
        return;
    };
    let charset = CHARSETS.get(usize::from(choice >> 3) % CHARSETS.len()).copied().unwrap_or_default();
    let coding = Coding::of(&(choice % 4).to_string());
    assert!(matches!(coding.number(), 0..=2));
    let (header, body) = rest.split_at(usize::from(header_length % 32).min(rest.len()));
    if let Some(part) = udh::read(header).part {
        assert!(part.total > 1 && (1..=part.total).contains(&part.seq));
        let _ = part.reference;
    }
    if let Some(text) = decode(coding, charset, body) {
        // Nothing of machines gets into what people read, and UTF-8 is itself again.
        assert!(!text.contains('\0'));
        let again = decode(Coding::Gsm, "utf-8", text.as_bytes());
        assert_eq!(again.as_deref(), Some(text.as_str()));
    }
    // Cut into parts, mixed, one of them twice: one run, the same bytes.
    let step = usize::from(choice % 7) + 1;
    let chunks: Vec<&[u8]> = body.chunks(step).take(200).collect();
    let mut pieces: Vec<Piece> = chunks
        .iter()
        .enumerate()
        .filter_map(|(at, bytes)| Some(Piece { seq: u8::try_from(at + 1).ok()?, bytes: bytes.to_vec() }))
        .collect();
    let last = pieces.last().cloned();
    let turn = step % pieces.len().max(1);
    pieces.rotate_left(turn);
    pieces.extend(last);
    let joined = runs(pieces);
    assert!(joined.len() <= 1);
    assert_eq!(joined.concat(), chunks.concat());
});
