//! As much of CBOR (RFC 8949) as authenticators write: definite lengths, a few levels deep.

/// Deeper than this nothing is read: what is looked for stands in the second level.
const DEEPEST: u8 = 6;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A whole number.
    Number(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// A map, in its order.
    Map(Vec<(Self, Self)>),
    /// Something that is passed over: a list, a tag, true, false, null.
    Other,
}

impl<'a> Value<'a> {
    /// The value of that name in a map.
    pub(super) fn named(&self, name: &str) -> Option<&Self> {
        self.find(|key| matches!(key, Self::Text(text) if *text == name))
    }

    /// The value of that number in a map.
    pub(super) fn numbered(&self, number: i64) -> Option<&Self> {
        self.find(|key| *key == Self::Number(number))
    }

    fn find(&self, fits: impl Fn(&Self) -> bool) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs.iter().find(|(key, _)| fits(key)).map(|(_, value)| value)
    }

    /// Its bytes, where it has any.
    pub(super) const fn bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// Its number, where it is one.
    pub(super) const fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

/// The value that the bytes begin with, and what is left of them.
pub(super) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    value(bytes, DEEPEST)
}

fn value(bytes: &[u8], depth: u8) -> Option<(Value<'_>, &[u8])> {
    let depth = depth.checked_sub(1)?;
    let (first, rest) = bytes.split_first()?;
    let (argument, rest) = argument(first & 0x1f, rest)?;
    match first >> 5 {
        0 => Some((Value::Number(i64::try_from(argument).ok()?), rest)),
        1 => Some((Value::Number(-1 - i64::try_from(argument).ok()?), rest)),
        2 => {
            let (bytes, rest) = rest.split_at_checked(usize::try_from(argument).ok()?)?;
            Some((Value::Bytes(bytes), rest))
        }
        3 => {
            let (bytes, rest) = rest.split_at_checked(usize::try_from(argument).ok()?)?;
            Some((Value::Text(std::str::from_utf8(bytes).ok()?), rest))
        }
        4 => {
            let mut rest = rest;
            for _ in 0..argument {
                rest = value(rest, depth)?.1;
            }
            Some((Value::Other, rest))
        }
        5 => {
            // Each pair has two bytes at least: nothing is set aside for pairs that are not there.
            let (mut rest, mut pairs) = (rest, Vec::new());
            for _ in 0..argument {
                let (key, after) = value(rest, depth)?;
                let (it, after) = value(after, depth)?;
                pairs.push((key, it));
                rest = after;
            }
            Some((Value::Map(pairs), rest))
        }
        6 => Some((Value::Other, value(rest, depth)?.1)),
        _ => Some((Value::Other, rest)),
    }
}

/// The number in or after the first byte.
fn argument(low: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    let length = match low {
        0..=23 => return Some((u64::from(low), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        // Of no definite length, or reserved.
        _ => return None,
    };
    let (bytes, rest) = rest.split_at_checked(length)?;
    Some((bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_rfc() {
        let number = |bytes: &[u8]| read(bytes).unwrap().0.number().unwrap();
        assert_eq!(number(&[0x17]), 23);
        assert_eq!(number(&[0x18, 0x64]), 100);
        assert_eq!(number(&[0x19, 0x03, 0xe8]), 1000);
        assert_eq!(number(&[0x38, 0x63]), -100);
        let (map, rest) = read(&[0xa2, 0x61, 0x61, 0x01, 0x61, 0x62, 0x42, 2, 3, 9]).unwrap();
        assert_eq!(map.named("a").unwrap().number(), Some(1));
        assert_eq!(map.named("b").unwrap().bytes(), Some(&[2, 3][..]));
        assert_eq!(rest, [9]);
    }

    #[test]
    fn what_is_cut_short_endless_or_deep_is_nothing() {
        for wrong in [
            &[][..],
            &[0x42, 1],
            &[0x5f, 0x41, 0, 0xff],
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x81; 40],
            &[0x61, 0xff],
        ] {
            assert_eq!(read(wrong), None, "{wrong:02x?}");
        }
    }
}
