//! The words of this room: how often somebody is told, how far a subscription got, what happened.

maeul_db::words! {
    /// How often somebody is told.
    Rhythm {
        /// As soon as it is known.
        Now = "now", "바로", "At once";
        /// Once a day, if there is anything.
        Daily = "daily", "날마다 아침 8시", "Daily at 8 in the morning";
        /// Once a week, if there is anything.
        Weekly = "weekly", "월요일마다 아침 8시", "Mondays at 8 in the morning";
    }
}

maeul_db::words! {
    /// How far a subscription got.
    State {
        /// Nobody has confirmed that the address is theirs.
        Pending = "pending", "확인 전", "Not confirmed";
        /// It is told of.
        Active = "active", "받는 중", "Active";
        /// It is over; nothing of the person is kept.
        Stopped = "stopped", "그만 받음", "Stopped";
    }
}

maeul_db::words! {
    /// What happened to a public case.
    Kind {
        /// It can be seen.
        New = "new", "새로 접수했어요", "Received";
        /// Somebody works on it.
        Begun = "begun", "담당자가 맡았어요", "An officer took it";
        /// It was answered.
        Answered = "answered", "답변했어요", "Answered";
        /// It was opened again.
        Reopened = "reopened", "다시 살펴보고 있어요", "Opened again";
        /// Its due time moved.
        DueMoved = "due_moved", "처리 기한이 바뀌었어요", "The due time moved";
        /// Its summary can be read.
        Summary = "summary", "내용이 공개됐어요", "The summary was published";
    }
}
