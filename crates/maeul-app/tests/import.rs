//! Imports of whole offices through the one way in: dry runs, refusals, nothing half-done.

use maeul_app::import::{ImportFailure, Imported, Kind, Request, run};
use maeul_app::{House, migrations};
use maeul_base::OfficeId;
use maeul_db::both_engines;
use maeul_db::testing::TestDb;

use crate::common::{OFFICE, open};

fn shipped(name: &str) -> String {
    // The shipped office has none of its own today.
    if name == "holidays.csv" {
        return "date,name_ko,name_en,kind,basis\n2026-09-14,구민의 날,Residents' Day,local,시험\n"
            .into();
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/offices/29140-gwangju-seogu/");
    std::fs::read_to_string(format!("{folder}{name}")).unwrap()
}

const FILES: [(Kind, &str); 8] = [
    (Kind::Org, "org.toml"),
    (Kind::Boundaries, "boundaries.geojson"),
    (Kind::Population, "population.csv"),
    (Kind::LegalDongs, "legal-dongs.csv"),
    (Kind::Services, "services.toml"),
    (Kind::Staff, "staff.csv"),
    (Kind::Holidays, "holidays.csv"),
    (Kind::Templates, "templates.toml"),
];

struct World {
    house: House,
    _test: TestDb,
    _folder: tempfile::TempDir,
}

impl World {
    async fn on(engine: maeul_db::Engine) -> Self {
        let test = match engine {
            maeul_db::Engine::Sqlite => TestDb::sqlite(migrations()).await.unwrap(),
            maeul_db::Engine::Postgres => {
                let url = maeul_db::testing::postgres_url().unwrap();
                TestDb::postgres(&url, migrations()).await.unwrap()
            }
        };
        let folder = tempfile::tempdir().unwrap();
        let house = open(&test, folder.path(), false).await;
        Self { house, _test: test, _folder: folder }
    }

    async fn import(&self, kind: Kind, text: &str, dry: bool) -> Result<Imported, ImportFailure> {
        let mut request = Request::new(&self.house.site, kind, text);
        request.dry_run = dry;
        run(&self.house.site, &request).await
    }
}

async fn an_office_opens(engine: maeul_db::Engine) {
    let world = World::on(engine).await;
    let site = &world.house.site;
    // Without an office there is nothing to import into.
    let text = shipped("services.toml");
    let failure = world.import(Kind::Services, &text, false).await.unwrap_err();
    assert!(matches!(failure, ImportFailure::NoOffice));

    for (kind, name) in FILES {
        let text = shipped(name);
        let would = world.import(kind, &text, true).await.unwrap();
        assert_eq!(would.accounts.len(), 0, "a dry run shows no password");
        if kind == Kind::Org {
            assert!(site.offices().is_empty(), "a dry run opens no office");
        }
        // A dry run changed nothing: the same figures come again.
        let done = world.import(kind, &text, false).await.unwrap();
        assert_eq!(done.report, would.report, "{name}");
        assert_eq!(done.office, OFFICE);
        assert!(!done.report.is_nothing(), "{name}");
        let again = world.import(kind, &text, false).await.unwrap();
        assert!(again.report.is_nothing(), "{name}: {:?}", again.report);
        assert_eq!(again.accounts.len(), 0);
    }
    assert_eq!(site.offices().len(), 1);
}

async fn nothing_is_half_done(engine: maeul_db::Engine) {
    let world = World::on(engine).await;
    for (kind, name) in &FILES[..5] {
        world.import(*kind, &shipped(name), false).await.unwrap();
    }
    // Each wrong line is named, and the many right ones are not taken either.
    let staff = shipped("staff.csv").replace("road2,", "ROAD 2,");
    let failure = world.import(Kind::Staff, &staff, false).await.unwrap_err();
    let ImportFailure::Refused(lines) = failure else { panic!("{failure:?}") };
    assert_eq!((lines.len(), lines[0].line, lines[0].field.as_str()), (1, 5, "login"));
    let staff = shipped("staff.csv").replace(",construction,", ",nowhere,");
    let failure = world.import(Kind::Staff, &staff, false).await.unwrap_err();
    let ImportFailure::Refused(lines) = failure else { panic!("{failure:?}") };
    assert!(lines.len() >= 4 && lines.iter().all(|line| line.field == "unit"), "{lines:?}");
    let whole = world.import(Kind::Staff, &shipped("staff.csv"), true).await.unwrap();
    assert_eq!((whole.report.added, whole.report.changed), (90, 0));

    // A chart into another office than its own.
    let site = &world.house.site;
    let org = shipped("org.toml");
    let mut request = Request::new(site, Kind::Org, &org);
    request.office = Some(OfficeId(11380));
    for dry_run in [true, false] {
        request.dry_run = dry_run;
        let failure = run(site, &request).await.unwrap_err();
        let ImportFailure::Refused(lines) = failure else { panic!("{failure:?}") };
        assert_eq!(lines[0].field, "id");
    }
    // A duty nobody knows.
    let services = shipped("services.toml").replace("duty = \"streetlight\"", "duty = \"no-duty\"");
    let failure = world.import(Kind::Services, &services, false).await.unwrap_err();
    assert!(matches!(failure, ImportFailure::Refused(_)), "{failure:?}");
}

both_engines! { maeul_queue::MIGRATIONS;
    async fn an_office_opens_with_its_files(db: maeul_db::Db) {
        an_office_opens(db.engine()).await;
    }

    async fn a_refused_file_changes_nothing(db: maeul_db::Db) {
        nothing_is_half_done(db.engine()).await;
    }
}
