//! Turns the cookie's token into the member of staff behind it.

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use maeul_base::{Actor, Ctx, Fault, Ids, Lang, OfficeId};
use maeul_db::Db;
use maeul_people::{SessionToken, SignInPolicy};
use maeul_web::{Authenticator, StaffSession};

/// Sessions as `maeul-people` keeps them.
pub struct PeopleAuthenticator {
    ids: Ids,
    policy: SignInPolicy,
}

impl PeopleAuthenticator {
    /// With the source of ids that touching a session needs, and the limits of sessions.
    pub const fn new(ids: Ids, policy: SignInPolicy) -> Self {
        Self { ids, policy }
    }

    async fn find(
        &self,
        db: &Db,
        office: OfficeId,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<StaffSession>, Fault> {
        let Some(token) = SessionToken::parse(token) else { return Ok(None) };
        let found = db.glance(move |tx| maeul_people::session(tx, office, &token, now)).await?;
        let Some(found) = found else { return Ok(None) };
        if found.needs_touch(now) {
            let ctx =
                Ctx { office, actor: Actor::System, lang: Lang::Ko, now, ids: self.ids.clone() };
            let (policy, session) = (self.policy, found.session);
            db.write(move |tx| maeul_people::touch_session(tx, &ctx, &policy, session)).await?;
        }
        Ok(Some(StaffSession {
            session: found.session,
            office: found.office,
            id: found.staff,
            name: found.name,
            unit: found.unit,
            unit_ko: found.unit_name_ko,
            unit_en: found.unit_name_en,
            rights: found.rights,
            must_change_password: found.must_change_password,
        }))
    }
}

impl Authenticator for PeopleAuthenticator {
    fn staff<'a>(
        &'a self,
        db: &'a Db,
        office: OfficeId,
        token: &'a str,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<Option<StaffSession>, Fault>> + Send + 'a>> {
        Box::pin(self.find(db, office, token, now))
    }
}
