//! What became of a letter, and why.

use crate::letter::Silent;

maeul_db::words! {
    /// What became of a letter.
    MailState {
        /// Kept and not yet read.
        Waiting = "waiting", "읽는 중", "Being read";
        /// It became a case.
        Case = "case", "새 민원", "New case";
        /// It joined a case.
        Joined = "joined", "민원에 붙임", "Joined a case";
        /// Nothing was made of it, and nobody was answered.
        Refused = "refused", "받지 않음", "Not taken";
    }
}

maeul_db::words! {
    /// Why it became that.
    Why {
        /// Nothing to say.
        None = "", "", "";
        /// It answers a message of ours.
        Answer = "answer", "우리 메일의 답장", "Answers a message of ours";
        /// It answers an earlier letter of the same sender.
        Thread = "thread", "앞선 메일의 이어진 글", "Goes on from an earlier letter";
        /// Its subject names the case, and its sender is a party to it.
        Number = "number", "제목의 접수번호", "The number in its subject";
        /// An officer said so.
        Officer = "officer", "직원이 정함", "An officer said so";
        /// The case it answers could not take it any more.
        TooLate = "too_late", "끝난 민원의 답장이라 새로 접수", "Its case is over";
        /// [`Silent::Bounce`]
        Bounce = "bounce", "배달 실패 알림", "A delivery failure";
        /// [`Silent::Automatic`]
        Automatic = "automatic", "자동 응답", "An automatic answer";
        /// [`Silent::List`]
        List = "list", "메일링 리스트나 광고", "A list or a circular";
        /// [`Silent::Own`]
        Own = "own", "우리 주소에서 온 메일", "From ourselves";
        /// [`Silent::Nobody`]
        Nobody = "nobody", "보낸 사람이 없음", "No sender";
        /// More letters than anybody writes.
        TooMany = "too_many", "한 사람이 너무 많이 보냄", "Too many from one sender";
        /// It cannot be read as a letter.
        Unreadable = "unreadable", "읽을 수 없는 메일", "Cannot be read";
        /// It says nothing.
        Empty = "empty", "내용이 없음", "It says nothing";
        /// The intake said no.
        Intake = "intake", "접수할 수 없는 내용", "It could not be received";
    }
}

impl From<Silent> for Why {
    fn from(silent: Silent) -> Self {
        match silent {
            Silent::Bounce => Self::Bounce,
            Silent::Automatic => Self::Automatic,
            Silent::List => Self::List,
            Silent::Own => Self::Own,
            Silent::Nobody => Self::Nobody,
        }
    }
}
