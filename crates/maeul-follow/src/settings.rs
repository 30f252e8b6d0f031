//! What an installation decides about following. No law sets any of these: the defaults are careful
//! ones, and each can be written in the configuration.

use jiff::Timestamp;
use jiff::civil::{Time, time};
use maeul_base::seoul;

/// Hours for which the link of a confirmation is good.
pub const LINK_HOURS: i64 = 24;
/// Minutes for which the code of a confirmation is good.
pub const CODE_MINUTES: i64 = 10;
/// Wrong tries after which a code is worth nothing.
pub const CODE_TRIES: i32 = 5;
/// The radii that can be chosen, in metres.
pub const RADII: [i32; 5] = [250, 500, 1_000, 2_000, 3_000];
/// The most letters of words that can be followed.
pub const LONGEST_WORDS: usize = 40;

/// The settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// No text message of this room goes out from this time of the day on. 21:00.
    pub quiet_from: Time,
    /// They go out again from this time on. 08:00.
    pub quiet_until: Time,
    /// The most confirmations sent to one address on one day. 5.
    pub confirmations_a_day: i32,
    /// The most requests taken from one network address in an hour. 30.
    pub asks_an_hour: u32,
    /// The most that one address can follow. 20.
    pub most: i64,
    /// After so many days what nobody confirmed is forgotten. 3.
    pub unconfirmed_days: i64,
    /// The most cases named in one e-mail. 20.
    pub items_email: usize,
    /// The most cases named in one text message. 3.
    pub items_sms: usize,
    /// Texts sent to the office's number arrive here, so that 수신거부 can be promised. No.
    pub texts_come_back: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            quiet_from: time(21, 0, 0, 0),
            quiet_until: time(8, 0, 0, 0),
            confirmations_a_day: 5,
            asks_an_hour: 30,
            most: 20,
            unconfirmed_days: 3,
            items_email: 20,
            items_sms: 3,
            texts_come_back: false,
        }
    }
}

impl Settings {
    /// Whether telephones are left alone at this instant.
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        let now = seoul::wall(now).time();
        if self.quiet_from <= self.quiet_until {
            (self.quiet_from..self.quiet_until).contains(&now)
        } else {
            now >= self.quiet_from || now < self.quiet_until
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_are_left_alone_at_night() {
        let night = Settings::default();
        let noon =
            Settings { quiet_from: time(12, 0, 0, 0), quiet_until: time(13, 0, 0, 0), ..night };
        let never = Settings { quiet_until: night.quiet_from, ..night };
        for (at, at_night, at_noon) in [
            ("2026-06-08T07:59:59", true, false),
            ("2026-06-08T08:00:00", false, false),
            ("2026-06-08T12:30:00", false, true),
            ("2026-06-08T20:59:59", false, false),
            ("2026-06-08T21:00:00", true, false),
            ("2026-06-08T00:00:00", true, false),
        ] {
            let now = seoul::instant(at.parse().unwrap());
            assert_eq!(night.is_quiet(now), at_night, "{at}");
            assert_eq!(noon.is_quiet(now), at_noon, "{at}");
            assert!(!never.is_quiet(now), "{at}");
        }
    }
}
