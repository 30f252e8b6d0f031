//! The words of the room: what a conversation is about, why a text was set aside.

maeul_db::words! {
    /// What a conversation is about.
    Kind {
        /// A matter: it has a case.
        Matter = "matter", "민원", "Matter";
        /// Praise or thanks: passed on, no clock.
        Praise = "praise", "칭찬·감사", "Praise";
        /// No case can be made of it without a person's look.
        Aside = "aside", "살펴볼 문자", "To be looked at";
        /// Texts refused or wanted again.
        Wish = "wish", "수신거부·동의", "Stop or start";
    }
}

maeul_db::words! {
    /// Why a text was set aside: kept, and no case by itself.
    Aside {
        /// Nothing was written.
        Empty = "empty", "내용이 없는 문자", "Nothing was written";
        /// A picture or something for a program.
        Binary = "binary", "글이 아닌 문자(사진·파일)", "No text: a picture or a file";
        /// From a short code or a name, to which nobody can reply: mostly advertising.
        Sender = "sender", "답할 수 없는 번호(대표번호·이름)",
            "A sender that cannot be answered (a short code or a name)";
        /// The case would not take it.
        Refused = "refused", "접수할 수 없었던 문자", "The case would not take it";
    }
}
