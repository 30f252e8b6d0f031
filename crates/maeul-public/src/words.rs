//! The words of this room: where a summary stands, what was decided, what the public is told of a
//! case's state.

maeul_db::words! {
    /// What everybody is told of where a case stands. The making of an answer is the office's own
    /// affair.
    PublicState {
        /// It came in and nobody has begun.
        Received = "received", "접수", "Received";
        /// Someone works on it.
        Working = "working", "처리 중", "In progress";
        /// It was answered.
        Answered = "answered", "답변 완료", "Answered";
    }
}

maeul_db::words! {
    /// Where the summary of a case stands.
    Look {
        /// There is none to be: the service or the channel does not publish summaries.
        None = "none", "대상 아님", "Not published";
        /// An officer has yet to look.
        Waiting = "waiting", "검토 대기", "To be looked at";
        /// An officer let it go out; it shows once the delay is over.
        Published = "published", "공개", "Published";
        /// An officer decided against it.
        Withheld = "withheld", "비공개", "Withheld";
        /// It was public and was taken back.
        Unpublished = "unpublished", "공개 취소", "Taken back";
    }
}

maeul_db::words! {
    /// What was decided about a summary.
    Verb {
        /// It may be read.
        Publish = "publish", "공개", "Published";
        /// It may not.
        Withhold = "withhold", "비공개", "Withheld";
        /// It may not any more.
        Unpublish = "unpublish", "공개 취소", "Taken back";
        /// By the program: its service or channel publishes no summaries any more.
        Lapse = "lapse", "공개 대상에서 빠짐", "No longer to be published";
    }
}

impl Verb {
    /// Where the summary stands after it, as long as summaries of this case may be published.
    pub const fn look(self) -> Look {
        match self {
            Self::Publish => Look::Published,
            Self::Withhold => Look::Withheld,
            Self::Unpublish => Look::Unpublished,
            // Should it become one to be published again, an officer looks again.
            Self::Lapse => Look::Waiting,
        }
    }
}
