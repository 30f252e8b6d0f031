//! The house as the tests of this crate open it.

use std::path::Path;

use jiff::Timestamp;
use maeul_app::{House, Setup};
use maeul_base::{Clock, Ids, OfficeId, seoul};
use maeul_db::DbOptions;
use maeul_db::testing::TestDb;
use maeul_notice::{Gateways, LogSink};
use maeul_web::SiteConfig;

/// The first office of the demonstration.
pub const OFFICE: OfficeId = OfficeId(29140);

/// A Wednesday afternoon.
pub fn now() -> Timestamp {
    seoul::instant("2026-06-10T14:30".parse().unwrap())
}

/// Opens a house on that database, as a demonstration or not.
pub async fn open(test: &TestDb, folder: &Path, demo: bool) -> House {
    let (database, schema) = test.address();
    House::open(Setup {
        database,
        options: DbOptions { pool_size: 6, schema, durable: false },
        data_dir: folder.to_owned(),
        web: SiteConfig {
            base_url: "http://maeul.test".to_owned(),
            default_office: OFFICE,
            demo,
            secure_cookies: false,
            edge: maeul_web::Edge::default(),
        },
        clock: Clock::fixed(now()),
        ids: Ids::seeded(5),
        gateways: Gateways::both(LogSink),
        public: maeul_public::Settings::default(),
        texts: maeul_text::Door::default(),
        mail: maeul_mail::Settings::default(),
        agencies: std::sync::Arc::new(maeul_transfer::NoLine),
        imports: Default::default(),
        staff: maeul_people::SignInPolicy::default(),
        providers: Default::default(),
        follow: maeul_follow::Settings::default(),
    })
    .await
    .unwrap()
}
