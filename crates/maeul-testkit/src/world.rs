//! The whole app over a fresh database, at a quarter past ten on a Monday.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use maeul_app::import::{self, Credentials, Kind, Request};
use maeul_app::{House, Setup};
use maeul_base::{Clock, Ctx, Ids, OfficeId, Role, seoul};
use maeul_cases::import::cases::ImportSettings;
use maeul_cases::media::{FETCH_MEDIA, fetcher};
use maeul_cases::web::Desk;
use maeul_db::testing::{TestDb, mark_of_build};
use maeul_db::{Db, DbOptions, Engine, Seal};
use maeul_notice::{FileSink, Gateways};
use maeul_outside::{HttpLine, Reach};
use maeul_people::{Cost, TotpSecret};
use maeul_text::Door;
use maeul_web::SiteConfig;
use serde_json::Value;
use tempfile::TempDir;

use crate::browser::Browser;
use crate::pictures::Pictures;

/// The office of every test.
const SEOGU: &str = "29140-gwangju-seogu";
/// The password of everyone in a test.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What every gateway of texts must know in a test.
pub const SECRET: &str = "what only gateways know";
/// The number residents send texts to in a test.
pub const TEXT_NUMBER: &str = "01030800000";

/// A member of staff of the office.
#[derive(Clone, Debug)]
pub struct Account {
    /// Login.
    pub login: String,
    /// The code of the unit.
    pub unit: String,
    /// The role.
    pub role: Role,
}

/// The whole app, with the office of Gwangju Seo-gu as the product ships it.
pub struct World {
    /// The app.
    pub house: House,
    /// Its clock, which stands still until moved.
    pub clock: Clock,
    /// The office.
    pub office: OfficeId,
    /// Everyone who can sign in.
    pub accounts: Vec<Account>,
    folder: TempDir,
    _db: TestDb,
}

/// Monday 2026-06-08 10:15 in Seoul.
fn start() -> Timestamp {
    seoul::instant(date(2026, 6, 8).at(10, 15, 0, 0))
}

/// Everyone's authenticator key in a test.
fn secret(_: OfficeId, _: &str) -> TotpSecret {
    TotpSecret::random(&Ids::seeded(11))
}

fn path(office: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/offices").join(office).join(file)
}

fn data(office: &str, file: &str) -> String {
    let path = path(office, file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// How the app is opened in every test: here, with this clock and these ids.
fn setup(database: String, folder: &Path, clock: Clock, ids: Ids) -> Setup {
    // The key that sealed what the template holds: the first that is drawn of this seed.
    Seal::load_or_create(&folder.join("field.key"), &Ids::seeded(SEED)).unwrap();
    Setup {
        database,
        options: DbOptions { pool_size: 6, durable: false, ..DbOptions::default() },
        data_dir: folder.to_owned(),
        web: SiteConfig {
            base_url: "http://maeul.test".to_owned(),
            default_office: OfficeId(29140),
            demo: false,
            secure_cookies: false,
            edge: maeul_web::Edge::default(),
        },
        clock,
        ids,
        gateways: Gateways::both(FileSink::new(folder.join("messages.jsonl"))),
        public: maeul_public::Settings::default(),
        texts: Door {
            kannel: Some(SECRET.to_owned()),
            smssync: Some(SECRET.to_owned()),
            webhook: Some(SECRET.to_owned()),
            numbers: std::iter::once((TEXT_NUMBER.to_owned(), OfficeId(29140))).collect(),
            handset: false,
        },
        mail: maeul_mail::Settings {
            addresses: [("minwon@seogu.example".to_owned(), OfficeId(29140))].into(),
            most_bytes: 100_000,
            per_hour: 5,
        },
        // Agencies of tests stand on this machine.
        agencies: Arc::new(HttpLine::new(Reach::Anywhere).unwrap()),
        // So that a small file takes several jobs.
        imports: ImportSettings { rows_a_job: 1, ..ImportSettings::default() },
        staff: maeul_people::SignInPolicy::default(),
        providers: maeul_door::oidc::Providers::default(),
        follow: maeul_follow::Settings::default(),
    }
}

/// The files of the office of every test, in the order in which they are imported.
const FILES: [(Kind, &str); 7] = [
    (Kind::Org, "org.toml"),
    (Kind::Boundaries, "boundaries.geojson"),
    (Kind::Population, "population.csv"),
    (Kind::LegalDongs, "legal-dongs.csv"),
    (Kind::Services, "services.toml"),
    (Kind::Templates, "templates.toml"),
    (Kind::Staff, "staff.csv"),
];

/// Where ids of every test come from.
const SEED: u64 = 7;

/// Ids of which so many words of four bytes were drawn.
fn ids_after(words: usize) -> Ids {
    let ids = Ids::seeded(SEED);
    for _ in 0..words {
        let _drawn: [u8; 4] = ids.bytes();
    }
    ids
}

/// How many words were drawn of these ids.
fn words_drawn(ids: &Ids) -> usize {
    let next: [[u8; 4]; 4] = std::array::from_fn(|_| ids.bytes());
    let (again, mut last, mut words) = (Ids::seeded(SEED), [[0; 4]; 4], 0);
    while last != next {
        last.rotate_left(1);
        last[3] = again.bytes();
        words += 1;
    }
    words - next.len()
}

/// The file that says how many words the import drew, so that a copy goes on where it ended: beside
/// the program of the tests, as the template.
fn drawn(mark: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.with_extension("templates").join(format!("ids-{mark}"))
}

/// Fills the empty database that every world is a copy of.
async fn import_office(address: &str, mark: &str) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(start());
    // The eight words of the key were drawn.
    let ids = ids_after(8);
    let setup = setup(address.to_owned(), folder.path(), clock, ids.clone());
    let house = House::open(setup).await.unwrap();
    import(&house, SEOGU, &FILES).await;
    let (file, made) = (drawn(mark), folder.path().join("words"));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&made, words_drawn(&ids).to_string()).unwrap();
    // Both engines' tests may be here at once: the name changes hands whole.
    let beside = file.with_extension(folder.path().file_name().unwrap());
    std::fs::copy(&made, &beside).unwrap();
    std::fs::rename(&beside, &file).unwrap();
}

/// Imports files of an office that the product ships.
async fn import(house: &House, office: &str, files: &[(Kind, &str)]) -> OfficeId {
    let id = OfficeId(office.split('-').next().unwrap().parse().unwrap());
    for &(kind, file) in files {
        let text = data(office, file);
        let mut request = Request::new(&house.site, kind, &text);
        request.office = Some(id);
        let password = PASSWORD.to_owned();
        request.credentials = Credentials::Demonstration { password, cost: Cost::OF_TESTS, secret };
        import::run(&house.site, &request)
            .await
            .unwrap_or_else(|failure| panic!("{office}/{file}: {failure:?}"));
    }
    house.refresh().await.unwrap();
    id
}

impl World {
    /// Runs a test on one engine.
    ///
    /// # Panics
    /// When the world cannot be made: a test that cannot run has failed.
    pub fn run<F: Future<Output = ()>>(engine: Engine, body: impl FnOnce(Self) -> F) {
        Self::run_with(engine, |_| {}, body);
    }

    /// As [`World::run`], opened otherwise than usual.
    ///
    /// # Panics
    /// When the world cannot be made.
    pub fn run_with<F: Future<Output = ()>>(
        engine: Engine,
        change: impl FnOnce(&mut Setup),
        body: impl FnOnce(Self) -> F,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mark = mark_of_build(&FILES.map(|(_, file)| path(SEOGU, file))).unwrap();
            let made = TestDb::filled(engine, "office", &mark, async |address| {
                import_office(&address, &mark).await;
                Ok(())
            });
            let Some(test) = made.await.unwrap() else { return };
            let words = std::fs::read_to_string(drawn(&mark)).unwrap().parse().unwrap();
            body(Self::over(test, ids_after(words), change).await).await;
        });
    }

    async fn over(test: TestDb, ids: Ids, change: impl FnOnce(&mut Setup)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(start());
        let mut setup = setup(test.address().0, folder.path(), clock.clone(), ids);
        change(&mut setup);
        let mut house = House::open(setup).await.unwrap();
        let knowledge = house.site.room::<Desk>().unwrap().knowledge.clone();
        house.runner.handle(FETCH_MEDIA, fetcher(&knowledge, Arc::new(Pictures))).unwrap();
        let accounts = data(SEOGU, "staff.csv")
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                Account {
                    login: cells[0].to_owned(),
                    unit: cells[2].to_owned(),
                    role: Role::parse(cells[3]).unwrap(),
                }
            })
            .collect();
        Self { house, clock, office: OfficeId(29140), accounts, folder, _db: test }
    }

    /// Opens another office that the product ships, e.g. `41150-uijeongbu`, with its staff; gives
    /// its id.
    pub async fn open_office(&self, folder: &str) -> OfficeId {
        let files = [
            (Kind::Org, "org.toml"),
            (Kind::Boundaries, "boundaries.geojson"),
            (Kind::Services, "services.toml"),
            (Kind::Staff, "staff.csv"),
        ];
        import(&self.house, folder, &files).await
    }

    /// The database.
    pub fn db(&self) -> &Db {
        self.house.site.db()
    }

    /// The context of Maeul itself, now.
    pub fn ctx(&self) -> Ctx {
        self.house.site.system_ctx(self.office)
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.house.app.clone())
    }

    /// A browser in which this login is signed in.
    pub async fn signed_in(&self, login: &str) -> Browser {
        self.signed_in_at("", login).await
    }

    /// The same in the office whose pages begin with `base`, e.g. `/o/41150`.
    pub async fn signed_in_at(&self, base: &str, login: &str) -> Browser {
        let browser = self.browser();
        let code = self.code(login);
        let form = browser.get(&format!("{base}/staff/sign-in")).await;
        let answer =
            form.submit(&[("login", login), ("password", PASSWORD), ("code", &code)]).await;
        assert_eq!(answer.status, 303, "{login} cannot sign in: {}", answer.text());
        browser
    }

    /// The code that login's authenticator shows now.
    ///
    /// # Panics
    /// When there is none.
    pub fn code(&self, login: &str) -> String {
        maeul_people::totp_code(&secret(self.office, login), self.clock.now()).unwrap()
    }

    /// The first account of that role, in that unit if one is named.
    pub fn account(&self, role: Role, unit: Option<&str>) -> &Account {
        self.accounts
            .iter()
            .find(|account| account.role == role && unit.is_none_or(|unit| account.unit == unit))
            .unwrap_or_else(|| panic!("no {role:?} in {unit:?}"))
    }

    /// Moves the clock.
    pub fn at(&self, year: i16, month: i8, day: i8, hour: i8, minute: i8) {
        self.clock.set(seoul::instant(date(year, month, day).at(hour, minute, 0, 0)));
    }

    /// Runs every job that is due; a job that died fails the test.
    pub async fn drain(&self) {
        let drained = self.house.runner.drain().await.unwrap();
        assert!(drained.failed.is_empty(), "jobs failed: {:?}", drained.failed);
    }

    /// The messages that have left the house, oldest first, but for those to staff about browsers
    /// nobody knew: in a test everybody signs in with several.
    pub fn messages(&self) -> Vec<Value> {
        let told = |it: &Value| it["subject"].as_str().is_some_and(|it| it.contains("New sign-in"));
        self.all_messages().into_iter().filter(|it| !told(it)).collect()
    }

    /// How many messages told staff of browsers nobody knew.
    pub fn told_of_sign_ins(&self) -> usize {
        self.all_messages().len() - self.messages().len()
    }

    fn all_messages(&self) -> Vec<Value> {
        let file = self.folder.path().join("messages.jsonl");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
