//! Where a transfer stands, and how long is waited between two tries.

use jiff::SignedDuration;

maeul_db::words! {
    /// Where a transfer stands.
    TransferState {
        /// To be sent, or sent again.
        Sending = "sending", "보내는 중", "Being sent";
        /// It was sent and the answer was lost: their list is searched before it is sent again.
        Unsure = "unsure", "도착했는지 확인 중", "Looking whether it arrived";
        /// Whether it arrived cannot be found out by itself.
        Stuck = "stuck", "사람이 확인해야 함", "A person must find out";
        /// They gave a token and no number yet.
        Token = "token", "상대 번호를 기다림", "Waiting for their number";
        /// They have it.
        Accepted = "accepted", "상대 기관에서 처리 중", "With the agency";
        /// They are done: the answer here is owed.
        Closed = "closed", "상대 기관 처리 끝", "Done there: answer here";
        /// They said no: the case is the officer's.
        Refused = "refused", "상대 기관이 받지 않음", "Refused by the agency";
        /// Taken back.
        Ended = "ended", "거둠", "Taken back";
        /// The case was answered.
        Done = "done", "답변함", "Answered";
    }
}

impl TransferState {
    /// The class of its badge.
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Sending | Self::Accepted => "badge-work",
            Self::Unsure | Self::Token => "badge-wait",
            Self::Stuck => "badge-late",
            Self::Closed => "badge-new",
            Self::Refused => "badge-no",
            Self::Ended => "badge-plain",
            Self::Done => "badge-done",
        }
    }

    /// Whether the agency is known to have it.
    pub const fn is_there(self) -> bool {
        matches!(self, Self::Accepted | Self::Closed)
    }

    /// Whether nothing goes on until a person does something.
    pub const fn needs_a_person(self) -> bool {
        matches!(self, Self::Stuck | Self::Refused | Self::Closed)
    }
}

/// Before their list is searched for what may have arrived.
pub const LOOK_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// How many times their list must not show it before it is sent again.
pub const LOOKS: i32 = 2;
/// How many failed searches end in a person's hands.
pub const FAILED_LOOKS: i32 = 8;

/// Between tries to send: 1, 2, 4 … minutes, at most an hour.
pub fn send_again(tries: i32) -> SignedDuration {
    doubled(SignedDuration::from_mins(1), tries - 1, SignedDuration::from_hours(1))
}

/// Between searches of their list: 1, 4, 16 … minutes, at most an hour.
pub fn look_again(looks: i32) -> SignedDuration {
    doubled(LOOK_AFTER, 2 * looks, SignedDuration::from_hours(1))
}

/// Between questions for a token's number: half a minute, doubled, at most half an hour.
pub fn ask_token_again(asked: i32) -> SignedDuration {
    doubled(SignedDuration::from_secs(30), asked, SignedDuration::from_mins(30))
}

/// Between looks at a request there: a quarter of an hour while it moves, at most six hours.
pub fn watch_again(quiet: i32) -> SignedDuration {
    doubled(SignedDuration::from_mins(15), quiet, SignedDuration::from_hours(6))
}

fn doubled(first: SignedDuration, times: i32, most: SignedDuration) -> SignedDuration {
    let times = u32::try_from(times).unwrap_or(0).min(16);
    first.saturating_mul(2_i32.saturating_pow(times)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stop_growing() {
        let minutes = |it: SignedDuration| it.as_secs() / 60;
        let sent: Vec<i64> = (1..=8).map(|n| minutes(send_again(n))).collect();
        assert_eq!(sent, [1, 2, 4, 8, 16, 32, 60, 60]);
        let watched: Vec<i64> = (0..=6).map(|n| minutes(watch_again(n))).collect();
        assert_eq!(watched, [15, 30, 60, 120, 240, 360, 360]);
        assert_eq!(ask_token_again(0).as_secs(), 30);
        assert_eq!(minutes(look_again(1)), 4);
        assert_eq!(minutes(send_again(i32::MAX)), 60);
    }

    #[test]
    fn every_state_has_one_word() {
        for state in TransferState::ALL {
            assert_eq!(TransferState::parse(state.as_str()), Some(*state));
        }
    }
}
