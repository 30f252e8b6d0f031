//! Reading and writing `.pb`: traps of real files, refusals with lines, reading what we write.

use maeul_base::{Lang, Refusal as _};
use maeul_tally::pb::{self, PbProblem};
use maeul_tally::{Exact, VoteKind};
use proptest::prelude::*;

const VILLAGE: &str = include_str!("data/village.pb");
const OURS: [(&str, &str); 6] = [
    ("village", VILLAGE),
    ("ties", include_str!("data/ties.pb")),
    ("points", include_str!("data/points.pb")),
    ("ranks", include_str!("data/ranks.pb")),
    ("one", include_str!("data/one.pb")),
    ("whole", include_str!("data/whole.pb")),
];

#[test]
fn writing_and_reading_again_is_the_identity_on_ours() {
    for (name, text) in OURS {
        let file = pb::read(text).unwrap();
        let written = pb::write(&file);
        assert_eq!(written, text, "{name}: these files are written as we write");
        assert!(pb::read(&written).unwrap().same(&file));
    }
}

/// Everything real files were seen to do, in one.
const TRAPS: &str = "\u{feff}META\r\nkey;value\r\ndescription;\"Two; \"\"quoted\"\"\"\r\nbudget;748772,64\r\nvote_type;approval\r\n\
num_votes;5\r\nnum_projects;2\r\nown_key;kept\r\n\r\nPROJECTS\r\nproject_id;cost;categories;target;name;own column\r\n\
1;100,5;green,play;adults;\"Line\r\nbreak\";x\r\n 2 ; 7 ;None;;Plain \"inside\" quote;y\r\nVOTES\r\nvoter_id;age;vote;sex\r\n\
a;;1,2;M\r\nb;30;;\r\nc;None;None;F\r\nd;40; 2 , 1 \r\ne;50;1;O;;\r\n";

#[test]
fn traps_of_real_files_are_read() {
    let file = pb::read(TRAPS).unwrap();
    assert_eq!(file.meta("description"), Some("Two; \"quoted\""));
    assert_eq!(file.meta("own_key"), Some("kept"));
    assert_eq!(
        file.projects.columns(),
        ["project_id", "cost", "category", "beneficiaries", "name", "own column"]
    );
    assert_eq!(file.projects.get(0, "name"), Some("Line\r\nbreak"));
    assert_eq!(file.projects.get(1, "name"), Some("Plain \"inside\" quote"));
    assert_eq!(file.projects.get(1, "own column"), Some("y"));
    assert_eq!(
        (file.projects.line(1), file.votes.line(0)),
        (14, 17),
        "lines are counted through quoted breaks"
    );
    let (election, notes) = file.election_with_notes().unwrap();
    assert!(notes.is_empty());
    assert_eq!(election.budget, "748772.64".parse::<Exact>().unwrap());
    assert_eq!(election.projects[0].cost, "100.5".parse::<Exact>().unwrap());
    assert_eq!(election.projects[0].categories, ["green", "play"]);
    assert!(election.projects[1].categories.is_empty());
    assert_eq!(election.voter_count(), 5);
    assert_eq!(election.votes(), [3, 2], "empty and None vote for nothing");
    assert_eq!(election.ballots.len(), 3, "1,2 and 2,1 are one ballot");
    let written = pb::write(&file);
    assert!(pb::read(&written).unwrap().same(&file));
    assert!(written.contains("category;beneficiaries") && !written.contains("target"));
}

#[test]
fn every_kind_of_ballot_is_read() {
    let kind = |name: &str| {
        pb::read(OURS.iter().find(|(own, _)| *own == name).unwrap().1).unwrap().election().unwrap()
    };
    assert_eq!(kind("village").kind, Some(VoteKind::Approval));
    assert_eq!(kind("one").kind, Some(VoteKind::ChooseOne));
    let ranks = kind("ranks");
    assert_eq!(ranks.scaled_points(), [2, 3, 2], "Borda");
    let points = kind("points");
    assert_eq!((points.scaled_points(), points.points_scale), (vec![3, 4, 1], 1));
    let scoring = OURS[2].1.replace("cumulative", "scoring").replace("1;X,Z;2,1", "1;X,Z;2.25,-1");
    let scoring = pb::read(&scoring).unwrap().election().unwrap();
    assert_eq!((scoring.scaled_points(), scoring.points_scale), (vec![325, 400, -100], 100));
}

#[test]
fn refusals_name_the_line_and_what_to_do() {
    let change = |from: &str, to: &str| VILLAGE.replacen(from, to, 1);
    let table = [
        ("nonsense".to_owned(), 1, PbProblem::NoPart),
        (change("VOTES\n", "PROJECTS\n"), 24, PbProblem::PartTwice(pb::Part::Projects)),
        (
            VILLAGE.split("VOTES").next().unwrap().to_owned(),
            0,
            PbProblem::PartMissing(pb::Part::Votes),
        ),
        (
            VILLAGE.split("voter_id;").next().unwrap().to_owned(),
            24,
            PbProblem::NoHeader(pb::Part::Votes),
        ),
        (
            change("budget;100", "budget;hundred"),
            9,
            PbProblem::NotANumber("budget".into(), "hundred".into()),
        ),
        (change("budget;100", "budget;-1"), 9, PbProblem::Negative("budget".into(), "-1".into())),
        (change("budget;100\n", ""), 0, PbProblem::KeyMissing("budget")),
        (change("unit;", "country;"), 5, PbProblem::KeyTwice("country".into())),
        (
            change("vote_type;approval", "vote_type;approve"),
            10,
            PbProblem::VoteType("approve".into()),
        ),
        (change("num_votes;10", "num_votes;11"), 8, PbProblem::Count("num_votes", "11".into(), 10)),
        (change("B;40", "A;40"), 21, PbProblem::IdTwice("A".into())),
        (change("B;40", ";40"), 21, PbProblem::NoId),
        (
            change("A;60;6;골목 쉼터", "A;6o;6;골목 쉼터"),
            20,
            PbProblem::NotANumber("cost".into(), "6o".into()),
        ),
        (change("A;60;6;골목 쉼터", "A;60;6;골목;쉼터"), 20, PbProblem::TooManyCells(6, 5)),
        (change("A;60;6;골목 쉼터", "A;60;6;\"골목 쉼터"), 20, PbProblem::OpenQuote),
        (change("\n1;A,B", "\n1;A,E"), 26, PbProblem::NoSuchProject("E".into())),
        (
            change("voter_id;vote;", "voter_id;votes;"),
            0,
            PbProblem::ColumnMissing(pb::Part::Votes, "vote"),
        ),
        (change("voter_id;vote;", "vote;vote;"), 25, PbProblem::ColumnTwice("vote".into())),
        (change("category\nA;60;6", "cost\nA;60;6"), 19, PbProblem::ColumnTwice("cost".into())),
        (OURS[2].1.replace("3;Y;2", "3;Y;2,1"), 26, PbProblem::Points(2, 1)),
        (
            OURS[2].1.replace("3;Y;2", "3;Y;two"),
            26,
            PbProblem::NotANumber("points".into(), "two".into()),
        ),
        (OURS[3].1.replace("2;B,A", "2;B,B"), 24, PbProblem::ChoiceTwice("B".into())),
        (OURS[4].1.replace("2;A", "2;A,B"), 23, PbProblem::OneOnly(2)),
    ];
    let mut told = String::new();
    for (text, line, problem) in table {
        let error = pb::read(&text).and_then(|file| file.election()).unwrap_err();
        assert_eq!((error.line, &error.problem), (line, &problem));
        told += &format!("{}\n{}\n", error.say(Lang::Ko), error.say(Lang::En));
    }
    insta::assert_snapshot!("refusals", told);
}

#[test]
fn odd_ballots_are_counted_and_told() {
    let text = VILLAGE.replace("\n2;A,B;", "\n1;A,A,B;");
    let (election, notes) = pb::read(&text).unwrap().election_with_notes().unwrap();
    assert_eq!(election.votes(), [6, 5, 4, 2]);
    let told: Vec<String> = notes.iter().map(|note| note.say(Lang::En)).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("line 27: the ballot names project 'A' twice"), "{told:?}");
    assert!(told[1].starts_with("line 27: voter '1' comes again"), "{told:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to a file, reading it neither panics nor reads differently what was written of it.
    #[test]
    fn a_broken_file_is_refused_or_read_twice_alike(
        which in 0..OURS.len(),
        cuts in prop::collection::vec((0..400_usize, 0..6_usize, "[;\"\n\r,.A-D0-9METAPROJCSVU\u{feff}한 ]{0,6}"), 0..5),
    ) {
        let mut text: Vec<char> = OURS[which].1.chars().collect();
        for (at, gone, put) in cuts {
            let at = at.min(text.len());
            let end = (at + gone).min(text.len());
            text.splice(at..end, put.chars());
        }
        let text: String = text.into_iter().collect();
        if let Ok(file) = pb::read(&text) {
            let written = pb::write(&file);
            let again = pb::read(&written).unwrap();
            prop_assert!(again.same(&file), "{written}");
            let _ = file.election_with_notes();
        }
    }
}
