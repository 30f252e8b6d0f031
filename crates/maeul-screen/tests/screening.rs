//! Populations in and results out, as an officer meets them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::fs;
use std::path::{Path, PathBuf};

use maeul_base::Lang;
use maeul_rules::Library;
use maeul_rules::screen::{summary_json, summary_text};
use maeul_rules::synth::{Generator, SynthOptions};
use maeul_rules::whatif::{Change, Changes, Reform, change_json, change_text};
use maeul_screen::{
    PopulationWriter, RunOptions, ScreenError, compare, convert, dong_names, follow_up,
    office_counts, screen,
};

const ON: i64 = 20_260_315;

fn library() -> Library {
    Library::shipped().unwrap()
}

fn synth(library: &Library, size: u64, path: &Path) {
    let options = SynthOptions {
        office: "29140".into(),
        size: Some(size),
        seed: 5,
        on: ON,
        unknown_per_mille: 30,
    };
    let mut generator =
        Generator::new(&library.registry, office_counts("29140").unwrap(), options).unwrap();
    let mut writer = PopulationWriter::create(&library.registry, path, &generator.head()).unwrap();
    loop {
        let batch = generator.next_batch(1024);
        if batch.households() == 0 {
            break;
        }
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_same_people_as_csv_parquet_and_columns_are_judged_alike() {
    let library = library();
    let compiled = library.compile(ON).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut lists = Vec::new();
    for end in ["col", "csv", "parquet"] {
        let file = folder.path().join(format!("people.{end}"));
        synth(&library, 4_000, &file);
        let mut columns = file.clone();
        if end != "col" {
            columns = folder.path().join(format!("from-{end}.col"));
            let refused = folder.path().join(format!("{end}-refused.csv"));
            let converted = convert(&library.registry, &file, &columns, &refused, |_| {}).unwrap();
            assert_eq!(
                (converted.persons, converted.refused, converted.synthetic),
                (4_000, 0, true),
                "{end}"
            );
            assert!(!refused.exists());
        }
        let out = folder.path().join(end);
        let result = screen(&compiled, &columns, &out, RunOptions::default(), |_| true).unwrap();
        assert!(result.synthetic);
        assert_eq!(result.tally.persons, 4_000);
        // The pieces of a Parquet file are larger: within a piece the lines go by programme.
        let sorted = |name| {
            let mut lines: Vec<String> = read(&out, name).lines().map(ToOwned::to_owned).collect();
            lines.sort();
            lines
        };
        lists.push((sorted("eligible.csv"), sorted("unknown.csv"), result.tally));
    }
    assert!(lists[0].0.len() > 500, "somebody is eligible");
    assert!(lists[0] == lists[1] && lists[0] == lists[2]);
    // Whoever reads the file sees that nobody in it lives.
    let csv = read(folder.path(), "people.csv");
    assert!(csv.starts_with("# synthetic"));
    assert!(csv.lines().skip(2).all(|line| line.starts_with("SYN-H")));
}

#[test]
fn an_interrupted_run_goes_on_and_more_threads_change_nothing() {
    let library = library();
    let compiled = library.compile(ON).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.col");
    synth(&library, 20_000, &file);
    let path = |name: &str| folder.path().join(name);
    let small = RunOptions { threads: 1, pieces_each: 1 };
    let whole = screen(&compiled, &file, &path("whole"), RunOptions::default(), |_| true).unwrap();
    let part =
        screen(&compiled, &file, &path("parts"), small, |progress| progress.pieces < 3).unwrap();
    assert_eq!((part.progress.pieces, part.progress.resumed), (3, 0));
    assert!(path("parts").join("progress.json").exists());
    // What an unfinished round had written behind is not kept.
    let list = path("parts").join("eligible.csv");
    fs::write(&list, format!("{}half a li", fs::read_to_string(&list).unwrap())).unwrap();
    let rest =
        screen(&compiled, &file, &path("parts"), RunOptions { threads: 3, pieces_each: 1 }, |_| {
            true
        })
        .unwrap();
    assert_eq!(rest.progress.resumed, 3);
    assert_eq!(rest.tally, whole.tally);
    for name in ["eligible.csv", "unknown.csv"] {
        assert!(read(&path("whole"), name) == read(&path("parts"), name), "{name}");
    }
    assert!(!path("parts").join("progress.json").exists());
    // Another day is another run.
    screen(&compiled, &file, &path("parts"), small, |_| false).unwrap();
    let other = library.compile(20_250_315).unwrap();
    assert_eq!(screen(&other, &file, &path("parts"), small, |_| true).unwrap().progress.resumed, 0);
}

#[test]
fn who_is_new_gone_missed_and_in_doubt_is_listed() {
    let library = library();
    let compiled = library.compile(ON).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let file = path("people.col");
    synth(&library, 3_000, &file);
    let result = screen(&compiled, &file, &path("now"), RunOptions::default(), |_| true).unwrap();
    let all = read(&path("now"), "eligible.csv");
    let lines: Vec<&str> = all.lines().collect();
    // Before: without the last ten, and with one that is not there now.
    fs::create_dir(path("before")).unwrap();
    let gone = "living_benefit,SYN-HGONE,,2914057500,1,won/month";
    let before = format!("{}\n{gone}\n", lines[..lines.len() - 10].join("\n"));
    fs::write(path("before").join("eligible.csv"), &before).unwrap();
    let receiving = path("receiving.csv");
    fs::write(&receiving, "programme,household_id,person_id\nliving_benefit,SYN-HGONE,\n").unwrap();
    let (aside, counts) =
        follow_up(&path("now"), Some(&path("before")), Some(&receiving), &result, 0).unwrap();
    let found: Vec<(&str, u64)> =
        aside.lists.iter().map(|(name, _, count)| (*name, *count)).collect();
    let eligible = u64::try_from(lines.len() - 1).unwrap();
    assert_eq!(
        found,
        [
            ("newly_eligible.csv", 10),
            ("no_longer_eligible.csv", 1),
            ("eligible_not_receiving.csv", eligible),
            ("receiving_not_eligible.csv", 1)
        ]
    );
    assert!(read(&path("now"), "no_longer_eligible.csv").ends_with(&format!("{gone}\n")));
    assert_eq!(counts["newly_eligible.csv"].by.values().sum::<u64>(), 10);
    let same = follow_up(&path("now"), Some(&path("now")), None, &result, 0).unwrap_err();
    assert!(matches!(same, ScreenError::SameFolder(_)));
    // The counts of the summary are those of the list.
    let summary = summary_json(&compiled, &result.tally, &aside);
    let total: u64 = summary["programmes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["total"]["eligible"].as_u64().unwrap())
        .sum();
    assert_eq!(total, eligible);
    let names = dong_names();
    for (lang, word) in [
        (Lang::Ko, "담당 공무원이 조사하여 결정합니다"),
        (Lang::En, "an officer enquires and decides"),
    ] {
        let text = summary_text(
            &compiled,
            &result.tally,
            &aside,
            |dong| Some(lang.t(&names[&dong].0, &names[&dong].1).to_owned()),
            lang,
        );
        assert!(
            text.contains(word) && text.contains(lang.t("합성 자료", "Synthetic data")),
            "{text}"
        );
        assert!(text.contains(lang.t("상무1동", "Sangmu 1-dong")), "{text}");
    }
}

const HEADER: &str = "household_id,person_id,dong_code,role,birth_date,earned_income,debt\n";

fn refused(rows: &str) -> (PathBuf, String, tempfile::TempDir) {
    let library = library();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("people.csv"), format!("{HEADER}{rows}")).unwrap();
    let done = convert(
        &library.registry,
        &path("people.csv"),
        &path("people.col"),
        &path("refused.csv"),
        |_| {},
    )
    .unwrap();
    let list = fs::read_to_string(path("refused.csv")).unwrap_or_default();
    assert_eq!(list.lines().count().saturating_sub(1), usize::try_from(done.refused).unwrap());
    (path("people.col"), list, folder)
}

#[test]
fn rows_that_cannot_be_judged_are_refused_beside_the_result_with_their_reasons() {
    let (_, list, _folder) = refused(
        "G1,P1,2914057500,head,1980-01-01,100,\n\
         A1,P2,2914057500,spouse,1980-01-01,100,\n\
         B1,P3,2914057500,head,1980-01-01,-5,\n\
         C1,P4,2914057500,head,1980-13-01,5,\n\
         D1,P5,2914057500,head,1980-01-01,5 won,\n\
         E1,P1,2914057500,head,1980-01-01,5,\n\
         F1,P6,29140,head,1980-01-01,5,\n\
         H1,P7,2914057500,head,1980-01-01,5,100\n\
         H1,P8,2914057500,child,2010-01-01,,200\n\
         G1,P9,2914057500,head,1980-01-01,5,\n\
         I1,P10,2914057500,head,1980-01-01,5\n\
         J1,P11,2914057500,head,1980-01-01,5,\n\
         J1,P12,2914057500,head,1981-01-01,5,\n\
         K1,P13,2914057500,boss,1981-01-01,5,\n",
    );
    insta::assert_snapshot!(list);
}

#[test]
fn a_header_that_is_not_a_populations_is_refused_whole() {
    let library = library();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let header = "household_id,person_id,role,earned_incme,debt[won/month],debt\n";
    fs::write(path("people.csv"), header).unwrap();
    let error = convert(
        &library.registry,
        &path("people.csv"),
        &path("p.col"),
        &path("refused.csv"),
        |_| {},
    )
    .unwrap_err();
    let text = error.to_string().replace(&path("people.csv").display().to_string(), "people.csv");
    insta::assert_snapshot!(text);
    let name = convert(
        &library.registry,
        &path("people.xlsx"),
        &path("p.col"),
        &path("refused.csv"),
        |_| {},
    )
    .unwrap_err();
    assert!(matches!(name, ScreenError::Format(_)));
}

#[test]
fn what_if_tells_who_and_how_much_by_dong() {
    let library = library();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    synth(&library, 6_000, &path("people.col"));
    let before = library.compile(ON).unwrap();
    let reform = Reform::of_settings(&["welfare.rate.living=40%".to_owned()]).unwrap();
    let mut changed = library.clone();
    changed.parameters = reform.apply(&library).unwrap();
    let after = changed.compile(ON).unwrap();
    let changes =
        compare(&before, &after, &path("people.col"), &path("changed.csv"), 2, |_| {}).unwrap();
    let living: Vec<_> = changes
        .iter()
        .filter(|((id, _), _)| id == "living_benefit")
        .map(|(_, change)| change)
        .collect();
    let sum = |of: &dyn Fn(&Change) -> u64| living.iter().map(|change| of(change)).sum::<u64>();
    assert!(sum(&|change| change.gained) > 0);
    assert_eq!(sum(&|change| change.lost), 0);
    assert_eq!(
        sum(&|change| change.after),
        sum(&|change| change.before) + sum(&|change| change.gained)
    );
    assert!(living.iter().all(|change| change.won_after >= change.won_before));
    // The list and the counts agree, and both runs alone give the same numbers.
    let touched: u64 = changes
        .values()
        .map(|change| change.gained + change.lost + change.more + change.less + change.known)
        .sum();
    let list = read(folder.path(), "changed.csv");
    assert_eq!(u64::try_from(list.lines().count() - 1).unwrap(), touched);
    for (compiled, of) in [(&before, 0), (&after, 1)] {
        let out = path(&format!("alone-{of}"));
        let result =
            screen(compiled, &path("people.col"), &out, RunOptions::default(), |_| true).unwrap();
        let index = compiled
            .programmes
            .iter()
            .position(|programme| programme.id == "living_benefit")
            .unwrap();
        let total = result.tally.programme(index);
        let won: i128 = living
            .iter()
            .map(|change| if of == 0 { change.won_before } else { change.won_after })
            .sum();
        assert_eq!(
            total.eligible,
            sum(&|change| if of == 0 { change.before } else { change.after })
        );
        assert_eq!(total.won, won);
    }
    let unknown = Reform::of_settings(&["welfare.rate.livng=40%".to_owned()])
        .unwrap()
        .apply(&library)
        .unwrap_err();
    assert!(unknown.to_string().contains("welfare.rate.living"), "{unknown}");
}

#[test]
fn the_text_of_what_if_reads_well() {
    let library = library();
    let compiled = library.compile(ON).unwrap();
    let programmes: Vec<_> = ["emergency_living", "near_poor_certificate"]
        .iter()
        .filter_map(|id| compiled.programme(id))
        .collect();
    let mut changes = Changes::new();
    let change = Change {
        before: 40,
        after: 52,
        gained: 13,
        lost: 1,
        more: 5,
        won_before: 31_320_000,
        won_after: 40_716_000,
        ..Change::default()
    };
    changes.insert(("emergency_living".into(), 2_914_075_100), change);
    changes.insert(
        ("emergency_living".into(), 2_914_076_000),
        Change { before: 2, after: 2, ..Change::default() },
    );
    changes.insert(
        ("near_poor_certificate".into(), 1_111_051_500),
        Change { before: 9, after: 7, lost: 2, known: 1, ..Change::default() },
    );
    let names = dong_names();
    let name = |dong: i64, lang: Lang| names.get(&dong).map(|(ko, en)| lang.t(ko, en).to_owned());
    let text = |lang| {
        change_text(
            "emergency.income_rate=80%",
            &changes,
            &programmes,
            |dong| name(dong, lang),
            lang,
        )
    };
    insta::assert_snapshot!(format!("{}\n---\n{}", text(Lang::Ko), text(Lang::En)));
    let json = change_json("80%", &changes, &programmes);
    assert_eq!(json["programmes"][0]["total"]["difference_won"], 9_396_000);
    assert_eq!(
        json["programmes"][0]["dongs"].as_array().unwrap().len(),
        1,
        "a 동 in which nothing changes is not listed"
    );
}

#[test]
fn a_column_file_of_other_rules_or_with_an_impossible_value_is_refused() {
    let library = library();
    let compiled = library.compile(ON).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.col");
    let write = |name: &str, unit: &str, value: i64| {
        use maeul_rules::screen::{Batch, ColumnWriter, FactColumn, FileHead, Of};
        let facts = vec![FactColumn { name: name.into(), of: Of::Household, unit: unit.into() }];
        let head = FileHead { synthetic: true, note: String::new(), facts };
        let mut batch = Batch::new(1);
        batch.columns[0].push(Some(value));
        batch.person_ids.push("P");
        batch.close_household("H", 2_914_057_500);
        let mut writer = ColumnWriter::new(fs::File::create(&file).unwrap(), &head).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
    };
    for (name, unit, value) in [
        ("debts", "won", 1),
        ("debt", "won/month", 1),
        ("debt", "won", -1),
        ("debt", "won", i64::MAX),
    ] {
        write(name, unit, value);
        let error =
            screen(&compiled, &file, &folder.path().join("out"), RunOptions::default(), |_| true)
                .unwrap_err();
        assert!(matches!(error, ScreenError::Fact { .. }), "{error}");
    }
    write("debt", "won", 1);
    screen(&compiled, &file, &folder.path().join("out"), RunOptions::default(), |_| true).unwrap();
}
