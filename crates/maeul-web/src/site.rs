//! What every handler shares: database, clock, ids, keys, configuration, the offices served.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::Extensions;
use jiff::Timestamp;
use maeul_base::{
    Actor, Clock, Ctx, Fault, Ids, Lang, OfficeId, Rights, SessionId, StaffId, UnitId,
};
use maeul_db::{Db, Seal};

use crate::edge::{Edge, Gate};
use crate::measure::Measures;

/// What the shell of a page must know of an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeInfo {
    /// The first column of every key.
    pub id: OfficeId,
    /// Five digits, as used in `/o/{code}` and Open311's `jurisdiction_id`.
    pub code: String,
    /// A short Latin name, usable instead of the code.
    pub slug: String,
    /// 광주광역시 서구
    pub name_ko: String,
    /// Seo-gu, Gwangju
    pub name_en: String,
    /// The main telephone, with dashes.
    pub phone: String,
}

impl OfficeInfo {
    /// The name in the reader's language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }
}

/// Settings that concern the web side.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// The address residents use, without a slash at the end; links in messages begin with it.
    pub base_url: String,
    /// The office served where the address names none.
    pub default_office: OfficeId,
    /// Shows on every page that the data are for demonstration.
    pub demo: bool,
    /// Marks cookies `Secure`: true wherever the address is https.
    pub secure_cookies: bool,
    /// What the gate allows, and which proxies are believed.
    pub edge: Edge,
}

/// A signed-in member of staff.
#[derive(Clone, Debug)]
pub struct StaffSession {
    /// The browser's session.
    pub session: SessionId,
    /// Whose office.
    pub office: OfficeId,
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Their unit today.
    pub unit: UnitId,
    /// The unit's Korean name.
    pub unit_ko: String,
    /// The unit's English name.
    pub unit_en: String,
    /// What they may do now.
    pub rights: Rights,
    /// They must choose a password of their own before anything else.
    pub must_change_password: bool,
}

type SessionFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Option<StaffSession>, Fault>> + Send + 'a>>;

/// Turns the token of a cookie into the member of staff behind it.
pub trait Authenticator: Send + Sync {
    /// `None` where the session has ended or never was.
    fn staff<'a>(
        &'a self,
        db: &'a Db,
        office: OfficeId,
        token: &'a str,
        now: Timestamp,
    ) -> SessionFuture<'a>;
}

struct Inner {
    db: Db,
    clock: Clock,
    ids: Ids,
    seal: Seal,
    config: SiteConfig,
    auth: Box<dyn Authenticator>,
    form_key: [u8; 32],
    rooms: Extensions,
    offices: RwLock<Arc<BTreeMap<OfficeId, OfficeInfo>>>,
    measures: Measures,
    gate: Gate,
}

/// Cheap to clone; the state of every route.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

impl Site {
    /// A site over an open database. `form_key` signs the hidden field of forms; `rooms` holds
    /// what each room's own handlers share.
    #[expect(clippy::too_many_arguments, reason = "called once, where the app is put together")]
    pub fn new(
        db: Db,
        clock: Clock,
        ids: Ids,
        seal: Seal,
        form_key: [u8; 32],
        config: SiteConfig,
        auth: Box<dyn Authenticator>,
        rooms: Extensions,
    ) -> Self {
        let (offices, measures) = (RwLock::default(), Measures::new(clock.now()));
        let gate = Gate::new(config.edge.clone());
        Self(Arc::new(Inner {
            db,
            clock,
            ids,
            seal,
            config,
            auth,
            form_key,
            rooms,
            offices,
            measures,
            gate,
        }))
    }

    /// What the handlers of a room share; a fault where the app did not bring it.
    pub fn room<T: Clone + Send + Sync + 'static>(&self) -> Result<&T, Fault> {
        self.0.rooms.get::<T>().ok_or_else(|| {
            Fault::other(format!("{} is not part of this app", std::any::type_name::<T>()))
        })
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The source of ids.
    pub fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// The keys of sealed fields.
    pub fn seal(&self) -> &Seal {
        &self.0.seal
    }

    /// What was counted of requests.
    pub fn measures(&self) -> &Measures {
        &self.0.measures
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// The settings.
    pub fn config(&self) -> &SiteConfig {
        &self.0.config
    }

    pub(crate) fn form_key(&self) -> &[u8; 32] {
        &self.0.form_key
    }

    pub(crate) fn auth(&self) -> &dyn Authenticator {
        &*self.0.auth
    }

    /// The offices of this installation, by id.
    pub fn offices(&self) -> Arc<BTreeMap<OfficeId, OfficeInfo>> {
        self.0.offices.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the list of offices (at start, and when an import changed it).
    pub fn set_offices(&self, offices: impl IntoIterator<Item = OfficeInfo>) {
        let map = offices.into_iter().map(|office| (office.id, office)).collect();
        *self.0.offices.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(map);
    }

    /// The office named by code or slug in an address.
    pub fn office_named(&self, name: &str) -> Option<OfficeInfo> {
        self.offices().values().find(|office| office.code == name || office.slug == name).cloned()
    }

    /// The office served where the address names none.
    pub fn default_office(&self) -> Option<OfficeInfo> {
        let offices = self.offices();
        offices.get(&self.config().default_office).or_else(|| offices.values().next()).cloned()
    }

    /// The context of a job or command of this office, acting as Maeul itself.
    pub fn system_ctx(&self, office: OfficeId) -> Ctx {
        Ctx {
            office,
            actor: Actor::System,
            lang: Lang::Ko,
            now: self.clock().now(),
            ids: self.ids().clone(),
        }
    }
}
