//! Ids of this crate alone: a program of others, and a line in a log, at which nobody points.

maeul_db::ids! {
    /// Names a program of others that may call our interfaces.
    ApiClientId;
    /// Names a role given to somebody over a part of the office.
    GrantId;
    /// Names one thing opened by one person in an emergency.
    OpeningId;
    /// Names a change an office made of one of its roles.
    RoleChangeId;
    /// Names a passkey somebody signs in with.
    PasskeyId;
    /// Names what a provider said when it vouched for somebody.
    VouchedId;
    /// Names one line of one log.
    LogId;
}
