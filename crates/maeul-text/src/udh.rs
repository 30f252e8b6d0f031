//! The user data header of a text message (3GPP TS 23.040, 9.2.3.24): which part of a long text it
//! is, or for which program on the telephone.

/// Which part of a long text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The same for all parts of one text from one number.
    pub reference: u16,
    /// How many parts there are.
    pub total: u8,
    /// Which this is, from one.
    pub seq: u8,
}

/// What a header says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// It is a part of a long text.
    pub part: Option<Part>,
    /// It is addressed to a port: for a program, no text for people.
    pub port: bool,
}

/// Reads a header with its leading length; what cannot be read says nothing.
pub fn read(bytes: &[u8]) -> Header {
    let mut header = Header::default();
    let Some((length, elements)) = bytes.split_first() else { return header };
    let mut rest = elements.get(..usize::from(*length)).unwrap_or(elements);
    while let [kind, length, tail @ ..] = rest {
        let Some((value, next)) = tail.split_at_checked(usize::from(*length)) else { break };
        match (kind, value) {
            (0x00, [reference, total, seq]) => {
                header.part = part(u16::from(*reference), *total, *seq);
            }
            (0x08, [high, low, total, seq]) => {
                header.part = part(u16::from_be_bytes([*high, *low]), *total, *seq);
            }
            (0x04 | 0x05, _) => header.port = true,
            _ => {}
        }
        rest = next;
    }
    header
}

fn part(reference: u16, total: u8, seq: u8) -> Option<Part> {
    (total > 1 && (1..=total).contains(&seq)).then_some(Part { reference, total, seq })
}

/// A part that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which, from one.
    pub seq: u8,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The bytes of a long text in runs without a gap: one run if all parts came. A letter may lie
/// across two parts, so runs are decoded whole.
pub fn runs(mut pieces: Vec<Piece>) -> Vec<Vec<u8>> {
    pieces.sort_by_key(|piece| piece.seq);
    pieces.dedup_by_key(|piece| piece.seq);
    let mut runs: Vec<Vec<u8>> = Vec::new();
    let mut next = 1;
    for piece in pieces {
        match runs.last_mut().filter(|_| piece.seq == next) {
            Some(run) => run.extend_from_slice(&piece.bytes),
            None => runs.push(piece.bytes),
        }
        next = piece.seq.saturating_add(1);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_with_short_and_long_references() {
        let part = |reference, total, seq| Some(Part { reference, total, seq });
        assert_eq!(read(&[5, 0, 3, 0xcc, 3, 2]).part, part(0xcc, 3, 2));
        assert_eq!(read(&[6, 8, 4, 0x12, 0x34, 2, 1]).part, part(0x1234, 2, 1));
        // Another element before it.
        assert_eq!(read(&[8, 0x70, 1, 0, 0, 3, 7, 2, 2]).part, part(7, 2, 2));
        // One part of one is no part; a part that does not exist is none.
        assert_eq!(read(&[5, 0, 3, 1, 1, 1]).part, None);
        assert_eq!(read(&[5, 0, 3, 1, 2, 3]).part, None);
        assert!(read(&[6, 5, 4, 0x15, 0x8a, 0, 0]).port);
        for broken in [&[][..], &[9], &[5, 0, 9, 1], &[0xff, 0xff, 0xff]] {
            assert_eq!(read(broken), Header::default());
        }
    }

    #[test]
    fn parts_come_in_any_order_and_twice() {
        let piece = |seq, text: &str| Piece { seq, bytes: text.as_bytes().to_vec() };
        let all = runs(vec![piece(3, "c"), piece(1, "a"), piece(2, "b"), piece(1, "a")]);
        assert_eq!(all, [b"abc".to_vec()]);
        let gap = runs(vec![piece(4, "d"), piece(1, "a"), piece(2, "b")]);
        assert_eq!(gap, [b"ab".to_vec(), b"d".to_vec()]);
        assert_eq!(runs(vec![piece(2, "b")]), [b"b".to_vec()]);
    }
}
