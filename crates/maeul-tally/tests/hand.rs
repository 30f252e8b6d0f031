//! Small elections counted on paper: every rule, completion, limit and tie key. `tests/data/README.md` shows the sums.

use maeul_tally::rule::limits::Limits;
use maeul_tally::{Election, Exact, Outcome, Why, pb, tally, ties};

const VILLAGE: &str = include_str!("data/village.pb");
const TIES: &str = include_str!("data/ties.pb");
const POINTS: &str = include_str!("data/points.pb");
const RANKS: &str = include_str!("data/ranks.pb");
const ONE: &str = include_str!("data/one.pb");
const WHOLE: &str = include_str!("data/whole.pb");

fn election(text: &str) -> Election {
    pb::read(text).unwrap().election().unwrap()
}

fn count_with(election: &Election, rule: &str, ties: &str, limits: &Limits) -> Outcome {
    let (rule, ties) = (rule.parse().unwrap(), ties.parse().unwrap());
    tally(election, &rule, &ties, limits, &mut |_| {}).unwrap()
}

fn winners(text: &str, rule: &str) -> String {
    let election = election(text);
    let outcome = count_with(&election, rule, "id", &Limits::default());
    outcome.winner_ids(&election).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_rule_gives_what_paper_gives() {
    for (text, rule, expected) in [
        (VILLAGE, "greedy-votes", "A B"),
        (VILLAGE, "greedy-cardinality", "D C B"),
        (VILLAGE, "mes-cost", "A C"),
        (VILLAGE, "mes-cardinality", "D B C"),
        (VILLAGE, "phragmen", "D B C"),
        (VILLAGE, "mes-cost+add1", "A C D"),
        (VILLAGE, "mes-cost+add1-exhaustive", "A C D"),
        (VILLAGE, "mes-cost+1pct", "A C D"),
        (VILLAGE, "mes-cost+greedy", "A C D"),
        (VILLAGE, "mes-cost+comparison", "A B"),
        (VILLAGE, "greedy-cardinality+no-skip", "D C B"),
        (POINTS, "greedy-points", "Y X"),
        (POINTS, "mes-points", "Y"),
        (POINTS, "greedy-votes", "X Y"),
        (RANKS, "greedy-borda", "B A"),
        (RANKS, "mes-borda", "B"),
        (ONE, "mes-cost", ""),
        (ONE, "mes-cost+greedy", "A"),
        (ONE, "greedy-votes", "A"),
        (WHOLE, "mes-cost", "1"),
        (WHOLE, "mes-cardinality", "1"),
        (WHOLE, "phragmen", "1"),
    ] {
        assert_eq!(winners(text, rule), expected, "{rule}");
    }
}

#[test]
fn prices_shares_and_raises_are_exact() {
    let village = election(VILLAGE);
    let prices = |rule: &str| {
        let outcome = count_with(&village, rule, "id", &Limits::default());
        let told = outcome
            .rounds
            .iter()
            .map(|round| format!("{}@{}={}", village.id(round.project), round.price, round.key));
        (told.collect::<Vec<_>>().join(" "), outcome.endowment.unwrap().to_string(), outcome.raises)
    };
    assert_eq!(prices("mes-cost"), ("A@10=1/6 C@15/2=1/4".into(), "10".into(), 0));
    assert_eq!(prices("mes-cardinality"), ("D@5=5 B@8=8 C@10=10".into(), "10".into(), 0));
    assert_eq!(
        prices("mes-cost+add1-exhaustive"),
        ("A@10=1/6 C@15/2=1/4 D@5=1/2".into(), "13".into(), 3)
    );
    assert_eq!(prices("mes-cost+add1"), ("A@10=1/6 C@15/2=1/4 D@5=1/2".into(), "17".into(), 7));
    assert_eq!(prices("mes-cost+1pct"), ("A@10=1/6 C@15/2=1/4 D@5=1/2".into(), "25/2".into(), 25));
}

#[test]
fn the_comparison_step_counts_heads() {
    let village = election(VILLAGE);
    let outcome = count_with(&village, "mes-cost+comparison", "id", &Limits::default());
    let preference = outcome.preference.unwrap();
    assert_eq!((preference.equal_shares, preference.greedy), (4, 5));
    assert_eq!(outcome.endowment, None, "the outcome is greedy's");
}

#[test]
fn no_skip_stops_where_skip_goes_on() {
    // B no longer costs what is left after A, but C does.
    let text = VILLAGE.replace("B;40;", "B;45;");
    assert_eq!(winners(&text, "greedy-votes"), "A C D");
    assert_eq!(winners(&text, "greedy-votes+no-skip"), "A");
    let election = election(&text);
    let outcome = count_with(&election, "greedy-votes+no-skip", "id", &Limits::default());
    let why: Vec<&Why> = outcome.unfunded.iter().map(|unfunded| &unfunded.why).collect();
    assert_eq!(why[0], &Why::DoesNotFit { left: Exact::from(40_u32) });
    assert_eq!(why[1], &Why::Stopped { at: 1, left: Exact::from(40_u32) });
}

#[test]
fn ties_follow_the_chain() {
    let election = election(TIES);
    let first_two = |chain: &str| {
        let outcome = count_with(&election, "greedy-votes", chain, &Limits::default());
        (
            outcome.winner_ids(&election).collect::<Vec<_>>().join(" "),
            outcome.ties.to_string(),
            outcome.tied_rounds(),
        )
    };
    assert_eq!(
        first_two("id"),
        ("10 8".into(), "id".into(), 2),
        "as text; then 8 and 9 are equal again"
    );
    assert_eq!(first_two("cost"), ("8 10".into(), "cost,id".into(), 2));
    assert_eq!(first_two("votes"), ("10 8".into(), "votes,id".into(), 2));
    // The lot, by hand: printf 'dice 4 2 6\n9' | sha256sum, and so on.
    let seed = "dice 4 2 6";
    let mut tickets: Vec<(String, &str)> =
        ["9", "10", "8"].map(|id| (ties::ticket(seed, id), id)).into();
    tickets.sort();
    assert_eq!(
        ties::ticket(seed, "9"),
        "dd8b5ceb667fa08831130ba6f9437a18d97844100dc4faebdff0ce5e06c1a0f9"
    );
    let drawn = first_two(&format!("votes,lot:{seed}")).0;
    assert_eq!(drawn, format!("{} {}", tickets[0].1, tickets[1].1));
}

#[test]
fn limits_hold_under_every_rule() {
    let village = election(VILLAGE);
    let [a, b, c, d] = ["A", "B", "C", "D"].map(|id| village.find(id).unwrap());
    let run = |rule: &str, limits: &Limits| {
        let outcome = count_with(&village, rule, "id", limits);
        (outcome.winner_ids(&village).collect::<Vec<_>>().join(" "), outcome)
    };
    let threshold = Limits { threshold: Some(Exact::from(4_u32)), ..Limits::default() };
    assert_eq!(
        run("greedy-cardinality", &threshold).0,
        "C B",
        "D has two votes, four are needed; C has exactly four"
    );
    assert_eq!(run("mes-cardinality", &threshold).0, "C B");
    assert_eq!(run("phragmen", &threshold).0, "C B");
    let exclusive = Limits { exclusive: vec![vec![a, b]], ..Limits::default() };
    let (winners, outcome) = run("greedy-votes", &exclusive);
    assert_eq!(winners, "A C D");
    assert_eq!(outcome.unfunded[0].why, Why::Excluded { by: a });
    assert_eq!(run("mes-cost+add1", &exclusive).0, "A C D");
    // 40 for green is exactly C and D; 39 is not.
    let green = |sum: u32| Limits {
        ceilings: vec![("green".into(), Exact::from(sum))],
        ..Limits::default()
    };
    assert_eq!(run("greedy-cardinality", &green(40)).0, "D C B");
    let (winners, outcome) = run("greedy-cardinality", &green(39));
    assert_eq!(winners, "D B");
    let why = outcome.unfunded.iter().find(|unfunded| unfunded.project == c).unwrap();
    assert_eq!(why.why, Why::Ceiling { category: "green".into(), left: Exact::from(29_u32) });
    assert_eq!(run("mes-cardinality", &green(39)).0, "D B");
    assert_eq!(run("phragmen", &green(39)).0, "D B");
    let _ = d;
}

#[test]
fn rules_refuse_ballots_they_cannot_count() {
    for (text, rules) in [
        (VILLAGE, ["greedy-points", "mes-points", "greedy-borda", "mes-borda"].as_slice()),
        (POINTS, ["phragmen", "mes-borda"].as_slice()),
        (RANKS, ["phragmen", "mes-points"].as_slice()),
    ] {
        for rule in rules {
            let election = election(text);
            let told = tally(
                &election,
                &rule.parse().unwrap(),
                &"id".parse().unwrap(),
                &Limits::default(),
                &mut |_| {},
            );
            assert!(told.is_err(), "{rule}");
        }
    }
}

#[test]
fn an_election_of_nobody_funds_nothing_from_shares() {
    let text = VILLAGE.split("VOTES").next().unwrap().replace("num_votes;10", "num_votes;0")
        + "VOTES\nvoter_id;vote\n";
    assert_eq!(winners(&text, "mes-cost"), "");
    assert_eq!(winners(&text, "mes-cost+add1"), "");
    assert_eq!(
        winners(&text, "greedy-votes"),
        "A B",
        "nobody's choice: all have no votes, the ids decide, as in pabutools"
    );
}

#[test]
fn names_are_stable_and_their_mistakes_are_told() {
    use maeul_base::{Lang, Refusal as _};
    use maeul_tally::RuleName;
    for name in [
        "greedy-votes",
        "greedy-votes+no-skip",
        "mes-cost+add1+greedy+comparison",
        "mes-points+add250-exhaustive",
        "mes-borda+5pct+greedy",
        "phragmen+greedy",
    ] {
        assert_eq!(name.parse::<RuleName>().unwrap().to_string(), name);
    }
    for name in [
        "",
        "mes",
        "greedy-votes+add1",
        "mes-cost+add0",
        "mes-cost+greedy+add1",
        "mes-cost+",
        "phragmen+add1",
        "mes-cost+add1+1pct",
    ] {
        let error = name.parse::<RuleName>().unwrap_err();
        assert!(!error.say(Lang::Ko).is_empty() && !error.say(Lang::En).is_empty());
    }
    for chain in ["", "id,", "lot:", "lot: ", "dice", "lot:a\nb"] {
        assert!(chain.parse::<maeul_tally::TieChain>().is_err(), "{chain:?}");
    }
    assert_eq!(
        "votes,lot:a,b".parse::<maeul_tally::TieChain>().unwrap().to_string(),
        "votes,lot:a,b"
    );
}
