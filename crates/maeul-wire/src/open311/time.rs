//! Date-times of the W3C profile of ISO 8601: full date and time, with `Z` or an offset.

use jiff::Timestamp;
use maeul_base::seoul;

/// Reads `2026-06-08T10:15:00Z`, `…10:15:00+09:00`, `…10:15:00.5-03:00`, with or without seconds.
///
/// A space where the sign of the offset belongs is a plus that nobody escaped in a query.
pub fn read_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let (day, clock) = text.split_once(['T', 't'])?;
    let shape = |text: &str, of: &str| {
        text.len() == of.len()
            && text.bytes().zip(of.bytes()).all(|(byte, of)| match of {
                b'0' => byte.is_ascii_digit(),
                sign => byte == sign,
            })
    };
    let split = clock.rfind(['Z', 'z', '+', '-', ' '])?;
    let (clock, zone) = clock.split_at_checked(split)?;
    let zone = match zone {
        "z" => "Z".to_owned(),
        zone => zone.replacen(' ', "+", 1),
    };
    let offset = zone.strip_prefix(['+', '-']).is_some_and(|zone| shape(zone, "00:00"));
    let (seconds, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let fraction_fits = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let known = shape(day, "0000-00-00")
        && (shape(seconds, "00:00:00") || (shape(seconds, "00:00") && fraction.is_empty()))
        && !clock.ends_with('.')
        && fraction_fits
        && (zone == "Z" || offset);
    if !known {
        return None;
    }
    format!("{day}T{clock}{zone}").parse().ok()
}

/// With Seoul's offset: `2026-06-08T10:15:00+09:00`.
pub fn write_time(at: Timestamp) -> String {
    seoul::iso(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_times_with_a_zone_are_taken() {
        let noon = "2026-06-08T03:00:00Z".parse::<Timestamp>().unwrap();
        for same in [
            "2026-06-08T03:00:00Z",
            "2026-06-08T12:00:00+09:00",
            "2026-06-08T12:00:00 09:00",
            "2026-06-07T23:30:00-03:30",
            "2026-06-08T03:00Z",
            "2026-06-08T03:00:00.000Z",
        ] {
            assert_eq!(read_time(same), Some(noon), "{same}");
        }
        for none in [
            "",
            "yesterday",
            "2026-06-08",
            "2026-06-08T12:00:00",
            "2026-06-08 12:00:00Z",
            "2026-06-31T00:00:00Z",
            "2026-06-08T25:00:00Z",
            "2026-06-08T12:00:00+0900",
            "2026-06-08T12:00:00Z[Asia/Seoul]",
            "2026-06-08T12:00:00.Z",
            "20260608T120000Z",
        ] {
            assert_eq!(read_time(none), None, "{none}");
        }
        assert_eq!(write_time(noon), "2026-06-08T12:00:00+09:00");
    }
}
