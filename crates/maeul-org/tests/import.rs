//! Imports of the chart and the holidays: refusals by line, nothing half-done, twice alike.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use maeul_base::import::ImportReport;
use maeul_base::{Actor, Ctx, Failure, Fault, Ids, Lang, OfficeId, Role, StaffId, UnitId};
use maeul_db::{Db, Migration, both_engines};
use maeul_org::{
    Chart, HolidayKind, HolidayRefusal, NewHoliday, OrgFile, add_holiday, apply_holidays,
    apply_org, holidays, office, office_by_slug, offices, parent_region, plan_holidays, plan_org,
    preview_holidays, preview_org, responsible_unit, revision, unit_by_code, unit_name, units,
};
use uuid::Uuid;

const HEAD: &str = r#"
[office]
id = 29140
code = "29140"
name_ko = "광주 서구"
name_en = "Gwangju Seo-gu"
short_ko = "서구"
parent_ko = "전남광주통합특별시"
parent_en = "Jeonnam-Gwangju"
slug = "seogu"
phone = "062-000-1000"
address_ko = "경열로 33"
address_en = "33 Gyeongyeol-ro"
[office.map]
centre_lat = 35.1348
centre_lon = 126.8552
zoom = 13
[[office.former_parent]]
name_ko = "광주광역시"
name_en = "Gwangju"
valid_to = 2026-06-30
basis = "지방자치법 제2조"
"#;

const BODY: &str = r#"
[[unit]]
code = "construction"
name_ko = "건설과"
name_en = "Construction"
kind = "division"
parent = "safety"
phone = "062-000-2001"
valid_from = 2023-01-01
[[unit]]
code = "safety"
name_ko = "안전도시국"
name_en = "Safe City Bureau"
kind = "bureau"
phone = ""
valid_from = 2023-01-01
[[unit]]
code = "yang-dong"
name_ko = "양동"
name_en = "Yang-dong"
kind = "dong"
phone = "062-000-3001"
valid_from = 2023-01-01
dong_code = "2914057500"
[[unit]]
code = "coming"
name_ko = "신설과"
name_en = "Coming"
kind = "division"
phone = "062-000-2002"
effective_trigger = "조직개편 인사발령일"
[[duty]]
code = "lights"
name_ko = "가로등"
name_en = "Street lights"
[[assignment]]
duty = "lights"
unit = "construction"
dongs = []
valid_from = 2023-01-01
basis = "규칙 제991호"
[[assignment]]
duty = "lights"
unit = "yang-dong"
dongs = ["2914057500"]
valid_from = 2024-01-01
valid_to = 2024-12-31
basis = "규칙 제991호"
"#;

fn steps() -> Vec<Migration> {
    let mut steps = maeul_queue::MIGRATIONS.to_vec();
    steps.extend_from_slice(maeul_org::MIGRATIONS);
    steps
}

fn file(text: &str) -> OrgFile {
    plan_org(text).unwrap_or_else(|refusals| panic!("{refusals:#?}"))
}

fn ctx(office: i32, actor: Actor) -> Ctx {
    let now: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
    Ctx { office: OfficeId(office), actor, lang: Lang::Ko, now, ids: Ids::seeded(7) }
}

fn counts(report: &ImportReport) -> (usize, usize, usize, usize) {
    (report.added, report.changed, report.unchanged, report.removed)
}

async fn import(db: &Db, file: &OrgFile) -> ImportReport {
    let (ctx, file) = (ctx(file.office.id.0, Actor::System), file.clone());
    db.write(move |tx| apply_org(tx, &ctx, &file)).await.unwrap()
}

both_engines! { steps();
    async fn the_chart_is_stored_and_a_second_import_changes_nothing(db: Db) {
        let first = file(&format!("{HEAD}{BODY}"));
        let dry = first.clone();
        let preview = db.read(move |tx| preview_org(tx, &dry)).await.unwrap();
        assert_eq!(counts(&preview), (9, 0, 0, 0));
        assert!(db.read(offices).await.unwrap().is_empty(), "a dry run stores nothing");

        assert_eq!(import(&db, &first).await, preview);
        let again = import(&db, &first).await;
        assert_eq!(counts(&again), (0, 0, 9, 0));
        let id = OfficeId(29140);
        db.read(move |tx| {
            let it = office(tx, id)?.unwrap();
            assert_eq!((it.name(Lang::Ko), it.short(Lang::En)), ("광주 서구", "Gwangju Seo-gu"));
            assert_eq!((it.map_lat_e7, it.map_zoom), (Some(351_348_000), Some(13)));
            assert_eq!(office_by_slug(tx, "seogu")?.map(|it| it.id), Some(id));
            assert_eq!(revision(tx, id)?, Some(2), "the second import touched nothing");
            let region = |tx: &mut _, on: &str| {
                parent_region(tx, id, on.parse().unwrap()).map(|it| it.unwrap().1)
            };
            assert_eq!(region(tx, "2026-06-30")?, "Gwangju");
            assert_eq!(region(tx, "2026-07-01")?, "Jeonnam-Gwangju");
            let today = "2026-11-20".parse().unwrap();
            let codes: Vec<_> = units(tx, id, today)?.into_iter().map(|it| it.code).collect();
            assert_eq!(codes, ["construction", "safety", "yang-dong"]);
            let construction = unit_by_code(tx, id, "construction")?.unwrap();
            assert_eq!(unit_name(tx, id, construction.parent.unwrap(), Lang::Ko)?, "안전도시국");
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    }

    async fn who_is_responsible_is_the_same_from_rows_and_from_memory(db: Db) {
        import(&db, &file(&format!("{HEAD}{BODY}"))).await;
        let id = OfficeId(29140);
        db.read(move |tx| {
            let chart = Chart::load(tx, id)?;
            let dong = "2914057500".parse().unwrap();
            for (duty, dong, on, wanted) in [
                ("lights", Some(&dong), "2024-12-31", Some("yang-dong")),
                ("lights", Some(&dong), "2025-01-01", Some("construction")),
                ("lights", None, "2024-12-31", Some("construction")),
                ("lights", None, "2022-12-31", None),
                ("nothing", None, "2024-12-31", None),
            ] {
                let on = on.parse().unwrap();
                let routing = responsible_unit(tx, id, duty, dong, on)?;
                assert_eq!(routing.unit.as_ref().map(|it| it.code.as_str()), wanted);
                assert_eq!(routing, chart.responsible(duty, dong, on));
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    }

    async fn a_changed_file_changes_only_what_differs(db: Db) {
        import(&db, &file(&format!("{HEAD}{BODY}"))).await;
        let changed = BODY
            .replace("062-000-2001", "062-000-2009")
            .replace("effective_trigger = \"조직개편 인사발령일\"", "valid_from = 2026-12-01")
            .replace("valid_to = 2024-12-31", "valid_to = 2025-12-31");
        let (kept, _) = changed.rsplit_once("[[assignment]]").unwrap();
        let report = import(&db, &file(&format!("{HEAD}{changed}"))).await;
        assert_eq!(counts(&report), (0, 3, 6, 0));
        let report = import(&db, &file(&format!("{HEAD}{kept}"))).await;
        assert_eq!(counts(&report), (0, 0, 8, 1), "the file is the whole chart");
        let (kept, _) = kept.split_once("[[duty]]").unwrap();
        let report = import(&db, &file(&format!("{HEAD}{kept}"))).await;
        assert_eq!(counts(&report), (0, 0, 6, 1));
        assert!(report.notes[0].en.contains("lights"), "a duty that is not named stays");
    }

    async fn the_file_of_another_office_is_refused(db: Db) {
        let own = file(&format!("{HEAD}{BODY}"));
        import(&db, &own).await;
        let wrong = ctx(11380, Actor::System);
        let refused = db.write(move |tx| apply_org(tx, &wrong, &own)).await.unwrap_err();
        assert!(matches!(refused, Failure::Refused(it) if it.0[0].field == "id"));
        let same_slug = HEAD.replace("id = 29140", "id = 11380");
        let (other, same_slug) = (ctx(11380, Actor::System), file(&same_slug));
        let refused = db.write(move |tx| apply_org(tx, &other, &same_slug)).await.unwrap_err();
        assert!(matches!(refused, Failure::Refused(it) if it.0[0].field == "slug"));
        assert_eq!(db.read(offices).await.unwrap().len(), 1);
    }

    async fn a_holiday_is_added_once_and_told_to_the_other_rooms(db: Db) {
        import(&db, &file(&format!("{HEAD}{BODY}"))).await;
        let day = NewHoliday {
            on_day: "2026-12-31".parse().unwrap(),
            name_ko: "임시공휴일".into(),
            name_en: "Temporary holiday".into(),
            kind: HolidayKind::Temporary,
            basis: "국무회의 의결".into(),
        };
        let staff = |role| {
            let (id, unit) = (StaffId(Uuid::nil()), UnitId(Uuid::nil()));
            ctx(29140, Actor::in_role(id, unit, role))
        };
        let add = |ctx: Ctx, day: NewHoliday| db.write(move |tx| add_holiday(tx, &ctx, &day));
        let refused = add(staff(Role::Head), day.clone()).await.unwrap_err();
        assert!(matches!(refused, Failure::Refused(HolidayRefusal::NotAllowed)));
        let nameless = NewHoliday { name_en: " ".into(), ..day.clone() };
        let refused = add(staff(Role::Administrator), nameless).await.unwrap_err();
        assert!(matches!(refused, Failure::Refused(HolidayRefusal::Missing("name_en"))));
        add(staff(Role::Administrator), day.clone()).await.unwrap();
        let refused = add(staff(Role::Administrator), day).await.unwrap_err();
        assert!(matches!(refused, Failure::Refused(HolidayRefusal::AlreadyThere { .. })));

        let jobs: Vec<(String,)> =
            db.read(|tx| tx.all("SELECT kind FROM queue_job", [])).await.unwrap();
        assert_eq!(jobs, [("fact:holidays_changed".to_owned(),)]);
        let now = db.read(|tx| revision(tx, OfficeId(29140))).await.unwrap();
        assert_eq!(now, Some(3));
    }

    async fn holidays_come_from_a_table(db: Db) {
        import(&db, &file(&format!("{HEAD}{BODY}"))).await;
        let text = "kind,date,name_ko,name_en,basis\r\n\
                    local,2026-05-18,5·18 기념일,May 18,\"조례, 제1536호\"\r\n\
                    local,2027-05-18,5·18 기념일,May 18,조례\r\n";
        let days = plan_holidays(text).unwrap();
        let (ctx, id) = (ctx(29140, Actor::System), OfficeId(29140));
        let dry = days.clone();
        let preview = db.read(move |tx| preview_holidays(tx, id, &dry)).await.unwrap();
        assert_eq!(counts(&preview), (2, 0, 0, 0));
        let (first, again) = (days.clone(), days);
        let own = ctx.clone();
        let done = db.write(move |tx| apply_holidays(tx, &own, &first)).await.unwrap();
        assert_eq!(done, preview);
        let done = db.write(move |tx| apply_holidays(tx, &ctx, &again)).await.unwrap();
        assert_eq!(counts(&done), (0, 0, 2, 0));
        let stored = db.read(move |tx| holidays(tx, id)).await.unwrap();
        assert_eq!(stored[0].basis, "조례, 제1536호");
        let facts: Vec<(String,)> =
            db.read(|tx| tx.all("SELECT kind FROM queue_job", [])).await.unwrap();
        assert_eq!(facts.len(), 1, "an import states one fact, and none when nothing changed");
    }

    async fn the_shipped_offices_import_twice_alike(db: Db) {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/offices");
        let mut seen = 0;
        for entry in fs::read_dir(root).unwrap() {
            let Ok(text) = fs::read_to_string(entry.unwrap().path().join("org.toml")) else {
                continue;
            };
            let file = file(&text);
            let report = import(&db, &file).await;
            assert!(report.added > 0 && report.changed == 0);
            assert!(import(&db, &file).await.is_nothing());
            seen += 1;
        }
        assert_eq!(db.read(offices).await.unwrap().len(), seen);
    }
}

#[test]
fn everything_wrong_is_said_at_once_with_its_line() {
    let text = format!(
        "{HEAD}{}",
        r#"
[[unit]]
code = "Bad Code"
name_ko = "과"
name_en = "Division"
kind = "department"
phonee = "1"
valid_from = 2026-13-01
[[unit]]
code = "a"
name_ko = "가"
name_en = "A"
kind = "division"
parent = "b"
valid_from = 2026-01-08
valid_to = 2026-01-01
[[unit]]
code = "b"
name_ko = "나"
name_en = "B"
kind = "dong"
parent = "a"
valid_from = 2026-01-01
[[unit]]
code = "a"
name_ko = ""
name_en = "A"
kind = "division"
valid_from = "yesterday"
"#
    )
    .replace("2026-13-01", "2026-11-30T10:00:00");
    let refusals = plan_org(&text).unwrap_err();
    let line = |needle: &str| text.lines().position(|it| it.contains(needle)).unwrap() + 1;
    let said: Vec<_> = refusals.iter().map(|it| (it.line, it.field.as_str())).collect();
    for wanted in [
        (line("Bad Code"), "code"),
        (line("department"), "kind"),
        (line("phonee"), "phonee"),
        (line("valid_to = 2026-01-01"), "valid_to"),
        (line("kind = \"dong\"") - 4, "dong_code"),
        (line("name_ko = \"\""), "name_ko"),
        (line("yesterday"), "valid_from"),
    ] {
        assert!(said.contains(&wanted), "{wanted:?} is not in {refusals:#?}");
    }
    assert!(said.iter().any(|(_, field)| *field == "parent"), "a loop of parents: {refusals:#?}");
    assert!(refusals.iter().any(|it| it.field == "code" && it.en.contains("already")));
    assert!(refusals.iter().all(|it| !it.ko.is_empty() && !it.en.is_empty()));
}

#[test]
fn references_periods_and_overlaps_are_judged() {
    let more = r#"
[[assignment]]
duty = "lights"
unit = "construction"
dongs = []
valid_from = 2025-01-01
basis = "겹침"
[[assignment]]
duty = "nothing"
unit = "nobody"
dongs = ["2914057500", "29140"]
valid_from = 2020-01-01
basis = "틀림"
[[assignment]]
duty = "lights"
unit = "construction"
dongs = ["2914059000"]
valid_from = 2020-01-01
basis = "부서보다 이름"
[[succession]]
from = "construction"
to = "construction"
on = 2026-01-01
[[succession]]
from = "nobody"
to = "coming"
on = 2026-01-01
"#;
    let text = format!("{HEAD}{BODY}{more}");
    let refusals = plan_org(&text).unwrap_err();
    let fields: Vec<_> = refusals.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(
        fields,
        ["valid_from", "duty", "unit", "dongs", "unit", "on", "to", "from", "to"],
        "{refusals:#?}"
    );
}

#[test]
fn broken_syntax_and_a_missing_office_are_refused() {
    let refusals = plan_org("[office\nid = 1").unwrap_err();
    assert_eq!(refusals[0].line, 1);
    let refusals = plan_org("[[unit]]\ncode = \"a\"\n").unwrap_err();
    assert!(refusals.iter().any(|it| it.field == "office"));
    let refusals = plan_holidays("date,name_ko,kind,basis,colour\n").unwrap_err();
    let fields: Vec<_> = refusals.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["colour", "name_en"]);
    let refusals = plan_holidays(
        "date,name_ko,name_en,kind,basis\n2026-02-30,가,a,local,나\n2026-05-18,,a,often,나\n\
         2026-05-18,가,a,local,나,다\n",
    )
    .unwrap_err();
    let said: Vec<_> = refusals.iter().map(|it| (it.line, it.field.as_str())).collect();
    assert_eq!(said, [(2, "date"), (3, "kind"), (3, "name_ko"), (4, "")]);
}
