//! Ids of this room alone.

maeul_db::ids! {
    /// A number that texted.
    NumberId;
    /// A part of a long text.
    PartId;
    /// One matter of one number.
    TalkId;
    /// A text that came in.
    TextId;
}
