//! Ids of this room alone.

maeul_db::ids! {
    /// An address that follows something.
    PersonId;
    /// One thing somebody follows.
    SubscriptionId;
}
