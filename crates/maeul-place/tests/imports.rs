//! Imports on both engines: what is refused, what is written, and that a second time nothing is.

use crate::common::{self, collection, point, square};
use jiff::civil::{Date, date};
use maeul_base::import::ImportReport;
use maeul_base::{Actor, Ctx, DongCode, Failure, Ids, Lang, OfficeId, Refusal, seoul};
use maeul_db::{Db, both_engines};
use maeul_place::{
    ImportRefused, LegalDong, MIGRATIONS, Sex, TOTAL_REVISION, all_dongs, apply_boundaries,
    apply_legal_dongs, apply_population, dongs, legal_dongs, legal_names, load_index,
    plan_boundaries, plan_legal_dongs, plan_population, population, population_by_age,
    population_of, preview_boundaries, preview_legal_dongs, preview_population, revision,
};

const OFFICE: OfficeId = OfficeId(29140);
const FIRST: Date = date(2021, 4, 1);
const SECOND: Date = date(2026, 7, 1);

fn ctx() -> Ctx {
    Ctx {
        office: OFFICE,
        actor: Actor::System,
        lang: Lang::Ko,
        now: seoul::instant(date(2026, 7, 10).at(9, 0, 0, 0)),
        ids: Ids::seeded(1),
    }
}

fn figures(report: &ImportReport) -> [usize; 4] {
    [report.added, report.changed, report.unchanged, report.removed]
}

async fn import(db: &Db, text: &str, from: Date) -> Result<ImportReport, Failure<ImportRefused>> {
    let file = plan_boundaries(text).unwrap();
    let ahead = {
        let file = file.clone();
        db.read(move |tx| preview_boundaries(tx, OFFICE, &file, from)).await
    };
    let done = db.write(move |tx| apply_boundaries(tx, &ctx(), &file, from)).await;
    if let (Ok(ahead), Ok(done)) = (&ahead, &done) {
        assert_eq!(ahead, done, "the dry run says what is done");
    }
    done
}

fn first() -> String {
    collection(&[
        square("2914010000", "가동", 126_900, 35_150, 10),
        square("2914020000", "나동", 126_910, 35_150, 10),
        square("2914030000", "다동", 126_920, 35_150, 10),
    ])
}

async fn at(db: &Db, on: Date, lon: f64) -> Option<String> {
    let index = db.read(move |tx| load_index(tx, OFFICE, on)).await.unwrap();
    index.locate(point(35.155, lon)).map(|dong| dong.name_ko.clone())
}

both_engines! { MIGRATIONS;
    async fn borders_have_days(db: Db) {
        assert_eq!(figures(&import(&db, &first(), FIRST).await.unwrap()), [3, 0, 0, 0]);
        assert_eq!(figures(&import(&db, &first(), FIRST).await.unwrap()), [0, 0, 3, 0]);
        // 가동 grows over 나동, which is no more; 다동 stays; 라동 is new.
        let second = collection(&[
            square("2914010000", "가동", 126_900, 35_150, 20),
            square("2914030000", "다동", 126_920, 35_150, 10),
            square("2914040000", "라동", 126_930, 35_150, 10),
        ]);
        let report = import(&db, &second, SECOND).await.unwrap();
        assert_eq!(figures(&report), [1, 1, 1, 1]);
        assert!(report.notes[0].ko.contains("나동(2914020000)"));
        let again = import(&db, &second, SECOND).await.unwrap();
        assert_eq!(figures(&again), [0, 0, 3, 0]);

        let before = SECOND.yesterday().unwrap();
        assert_eq!(at(&db, before, 126.915).await.as_deref(), Some("나동"));
        assert_eq!(at(&db, SECOND, 126.915).await.as_deref(), Some("가동"));
        assert_eq!(at(&db, before, 126.935).await, None);
        assert_eq!(at(&db, SECOND, 126.925).await.as_deref(), Some("다동"));
        assert_eq!(at(&db, FIRST.yesterday().unwrap(), 126.905).await, None);

        let all = db.read(|tx| all_dongs(tx, OFFICE)).await.unwrap();
        let days: Vec<_> = all
            .iter()
            .map(|dong| (dong.name_ko.as_str(), dong.valid_from, dong.valid_to))
            .collect();
        assert_eq!(days, [
            ("가동", FIRST, Some(SECOND)),
            ("가동", SECOND, None),
            ("나동", FIRST, Some(SECOND)),
            ("다동", FIRST, None),
            ("라동", SECOND, None),
        ]);
        let names = db.read(|tx| dongs(tx, OFFICE, SECOND)).await.unwrap();
        assert_eq!(names.iter().map(|d| d.name(Lang::Ko)).collect::<Vec<_>>(), ["가동", "다동", "라동"]);
        assert!((900_000..1_100_000).contains(&names[1].area_m2), "{}", names[1].area_m2);
        assert_eq!(db.read(|tx| revision(tx, OFFICE)).await.unwrap(), 2);
        assert_eq!(db.read(|tx| tx.one::<(i64,)>(TOTAL_REVISION, [])).await.unwrap(), (2,));
        assert!(db.read(|tx| all_dongs(tx, OfficeId(1))).await.unwrap().is_empty());
    }

    async fn a_correction_replaces_the_same_day(db: Db) {
        import(&db, &first(), FIRST).await.unwrap();
        let corrected = collection(&[
            square("2914010000", "가1동", 126_900, 35_150, 10),
            square("2914020000", "나동", 126_910, 35_150, 10),
        ]);
        assert_eq!(figures(&import(&db, &corrected, FIRST).await.unwrap()), [0, 1, 1, 1]);
        let all = db.read(|tx| all_dongs(tx, OFFICE)).await.unwrap();
        let names: Vec<_> = all.iter().map(|d| (d.name_ko.as_str(), d.valid_to)).collect();
        assert_eq!(names, [("가1동", None), ("나동", None)]);
    }

    async fn an_older_file_fits_before_the_newer(db: Db) {
        let second = collection(&[square("2914010000", "가동", 126_900, 35_150, 20)]);
        import(&db, &second, SECOND).await.unwrap();
        let old = collection(&[square("2914010000", "가동", 126_900, 35_150, 10)]);
        assert_eq!(figures(&import(&db, &old, FIRST).await.unwrap()), [1, 0, 0, 0]);
        assert_eq!(at(&db, FIRST, 126.915).await, None);
        assert_eq!(at(&db, SECOND, 126.915).await.as_deref(), Some("가동"));
        let all = db.read(|tx| all_dongs(tx, OFFICE)).await.unwrap();
        assert_eq!(all.iter().map(|d| d.valid_to).collect::<Vec<_>>(), [Some(SECOND), None]);
    }

    async fn a_part_is_not_taken_for_the_whole(db: Db) {
        import(&db, &first(), FIRST).await.unwrap();
        let part = collection(&[square("2914010000", "가동", 126_900, 35_150, 20)]);
        let Err(Failure::Refused(refused)) = import(&db, &part, SECOND).await else { panic!() };
        assert!(refused.say(Lang::Ko).contains("3개 가운데 2개"), "{}", refused.say(Lang::Ko));
        assert!(refused.say(Lang::En).contains("2 of the 3"));
        assert_eq!(db.read(|tx| revision(tx, OFFICE)).await.unwrap(), 1, "nothing changed");
    }

    async fn another_offices_file_is_remarked(db: Db) {
        let other = collection(&[square("4115010000", "의정부1동", 127_040, 37_740, 10)]);
        let report = import(&db, &other, FIRST).await.unwrap();
        assert!(report.notes.iter().any(|note| note.en.contains("29140")), "{report:?}");
    }

    async fn residents_are_counted(db: Db) {
        import(&db, &first(), FIRST).await.unwrap();
        let text = "\u{feff}dong_code,on,sex,age_from,age_to,residents\n\
            2914010000,2024-06-30,female,0,64,10\n2914010000,2024-06-30,female,65,,4\n\
            2914010000,2024-06-30,male,0,64,\"1,200\"\n2914020000,2024-06-30,여,100,,1\n\
            2914010000,2025-06-30,female,0,64,11\n";
        let file = plan_population(text).unwrap();
        assert_eq!(file.days(), [date(2024, 6, 30), date(2025, 6, 30)]);
        assert_eq!(file.residents(date(2024, 6, 30)), 1215);
        let today = date(2026, 7, 10);
        let ahead = {
            let file = file.clone();
            db.read(move |tx| preview_population(tx, OFFICE, &file, today)).await.unwrap()
        };
        assert_eq!(figures(&ahead), [5, 0, 0, 0]);
        let apply = async |file: maeul_place::PopulationFile| {
            db.write(move |tx| apply_population(tx, &ctx(), &file)).await.unwrap()
        };
        assert_eq!(figures(&apply(file.clone()).await), [5, 0, 0, 0]);
        assert_eq!(figures(&apply(file).await), [0, 0, 5, 0]);
        // A corrected count of one day leaves the other alone.
        let text = "dong_code,on,sex,age_from,age_to,residents\n\
            2914010000,2024-06-30,female,0,64,12\n2914010000,2024-06-30,female,65,,4\n";
        assert_eq!(figures(&apply(plan_population(text).unwrap()).await), [0, 1, 1, 2]);

        let count = db.read(|tx| population(tx, OFFICE, date(2024, 12, 31))).await.unwrap();
        let seen: Vec<_> = count
            .iter()
            .map(|c| (c.code.as_str(), c.on_day, c.residents, c.female, c.male, c.aged_65))
            .collect();
        assert_eq!(seen, [("2914010000", date(2024, 6, 30), 16, 16, 0, 4)]);
        let newest = db.read(move |tx| population(tx, OFFICE, today)).await.unwrap();
        assert_eq!(newest[0].residents, 11);
        assert!(db.read(|tx| population(tx, OFFICE, FIRST)).await.unwrap().is_empty());
        // Of one 동 alone the same is told, and nothing of another count.
        for on in [FIRST, date(2024, 12, 31), today] {
            let all = db.read(move |tx| population(tx, OFFICE, on)).await.unwrap();
            for code in ["2914010000", "2914020000"] {
                let code: DongCode = code.parse().unwrap();
                let of = all.iter().find(|it| it.code == code).cloned();
                let one = db.read(move |tx| population_of(tx, OFFICE, &code, on)).await.unwrap();
                assert_eq!(one, of, "on {on}");
            }
        }
        let ages = db
            .read(|tx| population_by_age(tx, OFFICE, &"2914010000".parse().unwrap(), date(2024, 7, 1)))
            .await
            .unwrap();
        assert_eq!(ages.len(), 2);
        assert_eq!((ages[1].sex, ages[1].age_from, ages[1].age_to), (Sex::Female, 65, None));
    }

    async fn residents_need_a_known_dong_and_a_past_day(db: Db) {
        import(&db, &first(), FIRST).await.unwrap();
        let text = "dong_code,on,sex,age_from,age_to,residents\n\
            2914099999,2024-06-30,female,0,64,10\n2914099999,2024-06-30,male,0,64,10\n\
            2914010000,2026-07-11,female,0,64,10\n";
        let file = plan_population(text).unwrap();
        let refused = db.write(move |tx| apply_population(tx, &ctx(), &file)).await;
        let Err(Failure::Refused(ImportRefused(lines))) = refused else { panic!() };
        let told: Vec<_> = lines.iter().map(|line| (line.line, line.field.as_str())).collect();
        assert_eq!(told, [(2, "dong_code"), (4, "on")]);
        assert!(db.read(|tx| population(tx, OFFICE, SECOND)).await.unwrap().is_empty());
    }

    async fn legal_dongs_are_kept_apart(db: Db) {
        import(&db, &first(), FIRST).await.unwrap();
        let run = async |text: &str| {
            let file = plan_legal_dongs(text).unwrap();
            let ahead = {
                let file = file.clone();
                db.read(move |tx| preview_legal_dongs(tx, OFFICE, &file)).await
            };
            let done = db.write(move |tx| apply_legal_dongs(tx, &ctx(), &file)).await;
            if let (Ok(ahead), Ok(done)) = (&ahead, &done) {
                assert_eq!(ahead, done);
            }
            done
        };
        let head = "legal_dong_name,dong_code,legal_dong_code\n";
        let one = format!("{head}쌍촌동,2914010000,2914011800\n쌍촌동,2914020000,2914011800\n");
        assert_eq!(figures(&run(&one).await.unwrap()), [2, 0, 0, 0]);
        let two = format!("{head}쌍촌1동,2914010000,2914011800\n치평동,2914010000,2914012000\n");
        assert_eq!(figures(&run(&two).await.unwrap()), [1, 1, 0, 1]);
        assert_eq!(figures(&run(&two).await.unwrap()), [0, 0, 2, 0]);
        let kept = db.read(|tx| legal_dongs(tx, OFFICE)).await.unwrap();
        let legal = |legal: &str, name: &str| LegalDong {
            dong_code: "2914010000".parse().unwrap(),
            legal_code: legal.to_owned(),
            name: name.to_owned(),
        };
        assert_eq!(kept, [legal("2914011800", "쌍촌1동"), legal("2914012000", "치평동")]);
        let of = |code: &str| {
            let code: DongCode = code.parse().unwrap();
            db.read(move |tx| legal_names(tx, OFFICE, &code))
        };
        assert_eq!(of("2914010000").await.unwrap(), ["쌍촌1동", "치평동"]);
        assert!(of("2914020000").await.unwrap().is_empty());
        let unknown = format!("{head}쌍촌동,2914088888,2914011800\n");
        let Err(Failure::Refused(ImportRefused(lines))) = run(&unknown).await else { panic!() };
        assert_eq!((lines[0].line, lines[0].field.as_str()), (2, "dong_code"));
    }

    async fn the_shipped_offices_are_imported(db: Db) {
        for (path, _) in common::shipped() {
            let folder = path.parent().unwrap();
            let name = folder.file_name().unwrap().to_str().unwrap();
            let office = OfficeId(name.split('-').next().unwrap().parse().unwrap());
            let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
            let borders = plan_boundaries(&read("boundaries.geojson")).unwrap();
            let people = plan_population(&read("population.csv")).unwrap();
            let legal = plan_legal_dongs(&read("legal-dongs.csv")).unwrap();
            let count = borders.len();
            let report = db
                .write(move |tx| {
                    let ctx = Ctx { office, ..ctx() };
                    let mut report = apply_boundaries(tx, &ctx, &borders, FIRST)?;
                    report.add(apply_population(tx, &ctx, &people)?);
                    report.add(apply_legal_dongs(tx, &ctx, &legal)?);
                    Ok::<_, Failure<ImportRefused>>(report)
                })
                .await
                .unwrap();
            assert!(report.notes.is_empty(), "{name}: {:?}", report.notes);
            let index = db.read(move |tx| load_index(tx, office, SECOND)).await.unwrap();
            assert_eq!(index.dongs().len(), count);
            let people = db.read(move |tx| population(tx, office, SECOND)).await.unwrap();
            let all: i64 = people.iter().map(|dong| dong.residents).sum();
            assert!((200_000..600_000).contains(&all), "{name}: {all}");
            eprintln!("{name}: {count} dongs, {all} residents");
        }
    }
}

#[test]
fn tables_are_refused_with_line_and_column() {
    let head = "dong_code,on,sex,age_from,age_to,residents\n";
    let lines = |text: &str| -> Vec<(usize, String)> {
        let refused = plan_population(text).unwrap_err();
        refused.into_iter().map(|line| (line.line, line.field)).collect()
    };
    let at = |line: usize, field: &str| (line, field.to_owned());
    assert_eq!(
        lines("code,on\n"),
        [at(1, "dong_code"), at(1, "sex"), at(1, "age_from"), at(1, "age_to"), at(1, "residents")]
    );
    assert_eq!(lines(""), lines("x\n"));
    assert_eq!(lines(head), [at(1, "")]);
    let text = format!(
        "{head}29140,2024-06-30,female,0,4,1\n2914010000,30.6.2024,x,0,4,1\n\
         2914010000,2024-06-30,female,5,4,-1\n\n2914010000,2024-06-30,female\n\
         2914010000,2024-06-30,male,0,4,1\n2914010000,2024-06-30,male,0,4,2\n\
         2914010000,2024-06-30,male,x,,2.5\n"
    );
    assert_eq!(
        lines(&text),
        [
            at(2, "dong_code"),
            at(3, "on"),
            at(3, "sex"),
            at(4, "age_to"),
            at(4, "residents"),
            at(6, ""),
            at(8, "age_from"),
            at(9, "age_from"),
            at(9, "residents"),
        ]
    );
    let legal = plan_legal_dongs(
        "dong_code,legal_dong_code,legal_dong_name\n2914010000,2914010100,\n2914010000,1,양동\n2914010000,2914010100,양동\n2914010000,2914010100,양동\n",
    );
    let told: Vec<_> = legal.unwrap_err().into_iter().map(|line| (line.line, line.field)).collect();
    assert_eq!(
        told,
        [at(2, "legal_dong_name"), at(3, "legal_dong_code"), at(5, "legal_dong_code")]
    );
}
