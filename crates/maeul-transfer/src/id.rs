//! Ids of this room alone.

maeul_db::ids! {
    /// Another agency.
    AgencyId;
    /// One sending of one case to one agency.
    TransferId;
}
