//! Opens the database, puts the rooms together, and hands out what can be served.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::http::Extensions;
use axum::routing::get;
use maeul_base::{Clock, Fault, Ids, OfficeId, Permission};
use maeul_cases::web::{ClientLimits, Desk};
use maeul_cases::{KnowledgeCache, NumberLease, Settings};
use maeul_db::{Db, DbOptions, Seal};
use maeul_door::PeopleAuthenticator;
use maeul_notice::{Asked, Gateways};
use maeul_people::web::Declared;
use maeul_public::web::Shelf;
use maeul_queue::Runner;
use maeul_text::HandsetGateway;
use maeul_web::{App, OfficeInfo, RouteInfo, Routes, Site, SiteConfig, app};

use crate::ready::Readiness;
use crate::rooms::{Parts, about, bytes, keeps, migrations, reactions, rooms};

/// What a house is opened with; nothing is read from the environment below this.
pub struct Setup {
    /// `sqlite:PATH` or `postgres://…`
    pub database: String,
    /// How the database is opened.
    pub options: DbOptions,
    /// Where the key file is kept.
    pub data_dir: PathBuf,
    /// The web side's settings.
    pub web: SiteConfig,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Where ids and secrets come from.
    pub ids: Ids,
    /// How messages leave the house.
    pub gateways: Gateways,
    /// What is decided about the public pages.
    pub public: maeul_public::Settings,
    /// Which gateways bring texts in, and whether a handset fetches those that go out.
    pub texts: maeul_text::Door,
    /// What letters are taken.
    pub mail: maeul_mail::Settings,
    /// The way to other agencies.
    pub agencies: Arc<dyn maeul_transfer::Line>,
    /// Limits of files of another system's cases.
    pub imports: maeul_cases::import::cases::ImportSettings,
    /// What is decided about following.
    pub follow: maeul_follow::Settings,
    /// The limits of signing in and of emergencies.
    pub staff: maeul_people::SignInPolicy,
    /// The offices' own identity providers.
    pub providers: maeul_door::oidc::Providers,
}

/// An open house.
pub struct House {
    /// The state of every route.
    pub site: Site,
    /// The web side.
    pub app: App,
    /// The worker of jobs.
    pub runner: Runner,
    /// Every declared route.
    pub routes: Vec<RouteInfo>,
    /// What every room lets people do, in the order of the rooms.
    pub permissions: Vec<&'static Permission>,
    /// Whether this process can take work.
    pub ready: Readiness,
    /// Where mail servers hand letters over.
    pub mailroom: maeul_mail::Mailroom,
}

impl House {
    /// Opens the database, brings its tables up to date, and puts the rooms together.
    pub async fn open(setup: Setup) -> Result<Self, Fault> {
        std::fs::create_dir_all(&setup.data_dir)
            .map_err(|error| Fault::from_error("make the data directory", error))?;
        let db = Db::open(&setup.database, setup.options).await?;
        db.migrate(&migrations(), setup.clock.now()).await?;
        let seal = Seal::load_or_create(&setup.data_dir.join("field.key"), &setup.ids)?;
        let desk = Desk {
            knowledge: KnowledgeCache::new(Settings {
                seal: seal.clone(),
                public_url: setup.web.base_url.clone(),
                import: setup.imports,
            }),
            numbers: NumberLease::new(),
        };
        let mail = Arc::new(setup.mail);
        let parts = Parts {
            mail: maeul_mail::jobs::Means {
                knowledge: desk.knowledge.clone(),
                numbers: desk.numbers.clone(),
                seal: seal.clone(),
                settings: Arc::clone(&mail),
            },
            knowledge: desk.knowledge.clone(),
            numbers: desk.numbers.clone(),
            public: setup.public,
            transfers: maeul_transfer::jobs::Means { seal: seal.clone(), line: setup.agencies },
            follow: maeul_follow::Shelf::new(&desk.knowledge, setup.follow, &setup.web.base_url),
            privacy: maeul_privacy::Shelf::new(
                &desk.knowledge,
                &seal,
                keeps(),
                about(&desk.knowledge),
                bytes(),
            ),
        };
        let mut shared = Extensions::new();
        shared.insert(desk.clone());
        shared.insert(Arc::clone(&mail));
        shared.insert(ClientLimits::default());
        shared.insert(Shelf::new(&desk.knowledge, setup.public));
        shared.insert(setup.texts.clone());
        shared.insert(parts.follow.clone());
        shared.insert(parts.privacy.clone());
        shared.insert(setup.staff);
        shared.insert(setup.providers);
        let rooms = rooms(&parts);
        let permissions: Vec<_> = rooms.iter().flat_map(|it| it.permissions).copied().collect();
        shared.insert(Declared(permissions.clone().into()));
        // From the kept key, so that a form opened before a restart can still be sent after it.
        let form_key = seal
            .lookup_hash(OfficeId(0), "the key of forms")
            .try_into()
            .unwrap_or_else(|_| setup.ids.bytes::<32>());
        let site = Site::new(
            db.clone(),
            setup.clock.clone(),
            setup.ids.clone(),
            seal.clone(),
            form_key,
            setup.web,
            Box::new(PeopleAuthenticator::new(setup.ids.clone(), setup.staff)),
            shared,
        );
        let mut gateways = setup.gateways;
        if setup.texts.handset {
            let (ids, clock) = (setup.ids.clone(), setup.clock.clone());
            gateways.sms = Arc::new(HandsetGateway::new(db.clone(), seal.clone(), ids, clock));
        }
        let mailroom = maeul_mail::Mailroom::new(
            db.clone(),
            setup.clock.clone(),
            setup.ids.clone(),
            seal.clone(),
            mail,
        );
        let mut runner = Runner::new(db, setup.clock, setup.ids);
        runner.offices(|tx| Ok(maeul_org::offices(tx)?.iter().map(|office| office.id).collect()));
        let stops = maeul_text::stops(seal.clone());
        let asked = Asked { stops, letters: maeul_mail::letters(seal.clone()) };
        let sender = maeul_notice::sender_asking(seal, Arc::new(gateways), asked);
        runner.handle(maeul_notice::SEND, sender)?;
        for (kind, handler) in reactions(&parts) {
            runner.handle(kind, handler)?;
        }
        let mut routes = Routes::new();
        for room in rooms {
            for (kind, handler) in room.handlers {
                runner.handle(kind, handler)?;
            }
            for schedule in room.schedules {
                runner.schedule(schedule);
            }
            routes = routes.merge(room.routes);
        }
        let infos = routes.infos().to_vec();
        let mut folders = vec![setup.data_dir];
        folders.extend(folder_of(&setup.database));
        folders.dedup();
        let pulse = runner.measures().pulse.clone();
        let ready = Readiness::new(site.db().clone(), migrations(), pulse, folders);
        let asked = ready.clone();
        let plain =
            Router::new().route("/readyz", get(move || async move { asked.answer().await }));
        let app = app(&site, routes, plain);
        let house = Self { app, site, runner, routes: infos, permissions, ready, mailroom };
        house.refresh().await?;
        Ok(house)
    }

    /// Reads the list of offices again: after an import, and every few seconds while serving.
    pub async fn refresh(&self) -> Result<(), Fault> {
        refresh(&self.site).await
    }

    /// Counts beforehand what most visits ask for and takes long to count.
    pub async fn warm(&self) -> Result<(), Fault> {
        let shelf: &Shelf = self.site.room()?;
        for office in self.site.offices().keys() {
            shelf.warm(self.site.db(), *office, self.site.clock().now()).await?;
        }
        Ok(())
    }
}

/// The folder of a SQLite file.
fn folder_of(database: &str) -> Option<PathBuf> {
    let path = database.strip_prefix("sqlite:")?;
    let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
    path.parent().map(PathBuf::from)
}

pub(crate) async fn refresh(site: &Site) -> Result<(), Fault> {
    let offices = site.db().read(maeul_org::offices).await?;
    site.set_offices(offices.into_iter().map(|office| OfficeInfo {
        id: office.id,
        code: office.code,
        slug: office.slug,
        name_ko: office.name_ko,
        name_en: office.name_en,
        phone: office.phone,
    }));
    Ok(())
}
