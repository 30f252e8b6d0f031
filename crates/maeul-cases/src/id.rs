//! Ids of this room alone.

maeul_db::ids! {
    /// A file of another system's cases.
    ImportId;
}
