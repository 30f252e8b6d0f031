//! Opinion groups on a small conversation of our own and on tables counted by hand.

use maeul_base::{Lang, Refusal as _};
use maeul_tally::opinion::{
    Answer, Answers, OpinionError, Options, Tally, Wants, analyse, consensus, representative,
    silhouette, tally,
};
use proptest::prelude::*;

/// 36 made-up people of three camps (number modulo 3) on ten statements about closing a market
/// street to cars. About a fifth of the answers are missing and a tenth are not of the camp.
fn market_street() -> Answers {
    let mut answers = Answers::new(36, 10);
    for line in include_str!("data/opinion/market-street.csv").lines().skip(1) {
        let mut parts = line.split(',');
        let mut number = || parts.next().unwrap().parse::<usize>().unwrap();
        let (person, statement) = (number(), number());
        answers.record(person, statement, answer(line.rsplit(',').next().unwrap())).unwrap();
    }
    answers
}

fn answer(word: &str) -> Answer {
    match word {
        "agree" => Answer::Agree,
        "disagree" => Answer::Disagree,
        "pass" => Answer::Pass,
        other => panic!("{other}"),
    }
}

#[test]
fn the_three_camps_are_found() {
    let options = Options { starts: 8, ..Options::default() };
    let found = analyse(&market_street(), &options).unwrap();
    let mut groups: Vec<Vec<usize>> = found.groups.iter().map(|g| g.members.clone()).collect();
    groups.sort();
    let camp = |c: usize| found.included.iter().copied().filter(|p| p % 3 == c).collect::<Vec<_>>();
    let camps = [camp(0), camp(1), camp(2)];
    let strayed: usize = groups
        .iter()
        .map(|g| {
            let most = camps.iter().map(|c| g.iter().filter(|p| c.contains(p)).count()).max();
            g.len() - most.unwrap()
        })
        .sum();
    assert_eq!(groups.len(), 3, "{:?}", found.silhouettes);
    assert_eq!(strayed, 0, "{groups:?}");
    // Statement 9 is agreed to by every camp; it leads what all share.
    let best = (0..10).max_by(|&a, &b| found.consensus[a].total_cmp(&found.consensus[b]));
    assert!(matches!(best, Some(5 | 9)), "{best:?}");
    let agreed: Vec<usize> = found.agreed.iter().map(|c| c.statement).collect();
    assert!(agreed.contains(&5) && agreed.contains(&9), "{agreed:?}");
    for group in &found.groups {
        assert!(!group.representative.is_empty() && group.representative.len() <= 5);
        let first_disagree = group.representative.iter().position(|r| r.wants == Wants::Disagree);
        let last_agree = group.representative.iter().rposition(|r| r.wants == Wants::Agree);
        assert!(last_agree < first_disagree.or(Some(9)), "agreed ones come first");
    }
}

#[test]
fn who_takes_part() {
    // 20 people: 10 answer everything, the others one statement each.
    let mut answers = Answers::new(20, 12);
    for person in 0..20 {
        for statement in 0..(if person % 2 == 0 { 12 } else { 1 }) {
            answers.record(person, statement, Answer::Agree).unwrap();
        }
    }
    let included = |answers: &Answers| analyse(answers, &Options::default()).unwrap().included;
    // Ten have enough; of the others the first five fill up to fifteen.
    assert_eq!(included(&answers), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18]);
    for person in [11, 13, 15, 17, 19] {
        for statement in 0..6 {
            answers.record(person, statement, Answer::Pass).unwrap();
        }
    }
    // Six answers are not enough, and these five now stand before the others with one.
    assert_eq!(included(&answers), [0, 2, 4, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    for person in [11, 13, 15, 17, 19, 1] {
        answers.record(person, 6, Answer::Pass).unwrap();
        answers.record(person, 7, Answer::Pass).unwrap();
    }
    // Of twelve statements, seven answers are enough; person 1 has three.
    assert_eq!(included(&answers).len(), 15);
    assert_eq!(analyse(&Answers::new(3, 4), &Options::default()).unwrap_err(), OpinionError::Empty);
}

#[test]
fn consensus_counted_by_hand() {
    let t = |agree, seen| Tally { agree, disagree: seen - agree, seen };
    let groups = vec![vec![t(3, 4), t(0, 0)], vec![t(1, 2), t(8, 8)]];
    // (3+1)/(4+2) × (1+1)/(2+2) = 2/3 × 1/2, and (0+1)/(0+2) × (8+1)/(8+2) = 1/2 × 9/10.
    let mine = consensus(&groups, 2);
    assert!((mine[0] - 1.0 / 3.0).abs() < 1e-15);
    assert!((mine[1] - 0.45).abs() < 1e-15);
}

#[test]
fn representatives_counted_by_hand() {
    // Group 0 (8 people) all agree to statement 0, group 1 (8) all disagree; nobody else differs.
    let mut answers = Answers::new(16, 2);
    for person in 0..16 {
        let first = if person < 8 { Answer::Agree } else { Answer::Disagree };
        answers.record(person, 0, first).unwrap();
        answers.record(person, 1, Answer::Pass).unwrap();
    }
    let groups = vec![
        tally(&answers, &(0..8).collect::<Vec<_>>()),
        tally(&answers, &(8..16).collect::<Vec<_>>()),
    ];
    let one = representative(&answers, &groups, 0);
    assert_eq!(one.len(), 1);
    let found = &one[0];
    assert_eq!(
        (found.statement, found.wants, found.successes, found.trials),
        (0, Wants::Agree, 8, 8)
    );
    // (8+1)/(8+2); 2√9 (9/9 − ½) = 3; 0.9 ÷ 0.1 = 9; (9/9 − 1/9) ÷ √(10/18 · 8/18 · 2/9).
    assert!((found.share - 0.9).abs() < 1e-15);
    assert!((found.share_z - 3.0).abs() < 1e-15);
    assert!((found.ratio - 9.0).abs() < 1e-12);
    let z = (8.0 / 9.0) / (10.0_f64 / 18.0 * (8.0 / 18.0) * (2.0 / 9.0)).sqrt();
    assert!((found.ratio_z - z).abs() < 1e-12);
    let other = representative(&answers, &groups, 1);
    assert_eq!((other[0].statement, other[0].wants), (0, Wants::Disagree));
    // Kept out, it represents nobody, but is still counted.
    answers.keep_out(0).unwrap();
    assert!(representative(&answers, &groups, 0).iter().all(|r| r.statement != 0));
    assert_eq!(tally(&answers, &[0, 8])[0], Tally { agree: 1, disagree: 1, seen: 2 });
}

#[test]
fn silhouette_counted_by_hand() {
    // Two pairs, 1 apart inside, 10 between: a = 1, b = 10 or 11 in turn.
    let points = [[0.0, 0.0], [1.0, 0.0], [11.0, 0.0], [12.0, 0.0]];
    let expected = ((1.0 - 1.0 / 11.5) + (1.0 - 1.0 / 10.5)) / 2.0;
    assert!((silhouette(&points, &[0, 0, 1, 1]) - expected).abs() < 1e-12);
    assert_eq!(silhouette(&points, &[0, 0, 0, 0]), 0.0);
}

#[test]
fn when_nobody_differs_there_is_one_group() {
    let mut answers = Answers::new(20, 8);
    for person in 0..20 {
        for statement in 0..8 {
            answers.record(person, statement, Answer::Agree).unwrap();
        }
    }
    let found = analyse(&answers, &Options::default()).unwrap();
    assert_eq!(found.groups.len(), 1);
    assert_eq!(found.groups[0].members.len(), 20);
    assert!(found.places.iter().flatten().all(|x| x.abs() < 1e-9));
}

#[test]
fn small_groups_are_not_shown_when_a_smallest_is_set() {
    for smallest in [1, 5, 12, 13] {
        let options = Options { smallest, starts: 8, ..Options::default() };
        let found = analyse(&market_street(), &options).unwrap();
        let least = found.groups.iter().map(|g| g.members.len()).min().unwrap();
        assert!(least >= smallest, "{smallest}: {least}");
    }
}

#[test]
fn refusals_say_what_to_do() {
    let mut answers = Answers::new(2, 2);
    let outside = answers.record(2, 0, Answer::Agree).unwrap_err();
    assert_eq!(outside, OpinionError::Outside { participant: 2, statement: 0 });
    assert!(outside.say(Lang::Ko).contains("참여자 2"));
    assert!(OpinionError::Empty.say(Lang::En).contains("no answers"));
    let options = Options { included: Some(vec![7]), ..Options::default() };
    assert!(analyse(&answers, &options).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Everybody who takes part is in exactly one group; figures stay within their bounds; the
    /// order of the statements does not matter to the groups' sizes or to the consensus.
    #[test]
    fn groups_are_a_partition(
        cells in proptest::collection::vec(0_u8..5, 12 * 9),
        shift in 1_usize..9,
    ) {
        let mut answers = Answers::new(12, 9);
        let mut turned = Answers::new(12, 9);
        for (i, cell) in cells.iter().enumerate() {
            let answer = match cell { 0 | 1 => Answer::Agree, 2 => Answer::Disagree, 3 => Answer::Pass, _ => continue };
            answers.record(i / 9, i % 9, answer).unwrap();
            turned.record(i / 9, (i % 9 + shift) % 9, answer).unwrap();
        }
        let Ok(found) = analyse(&answers, &Options::default()) else { return Ok(()) };
        let mut people: Vec<usize> = found.groups.iter().flat_map(|g| g.members.clone()).collect();
        people.sort_unstable();
        prop_assert_eq!(&people, &found.included);
        prop_assert!(found.groups.iter().all(|g| !g.members.is_empty()));
        prop_assert!(found.consensus.iter().all(|&c| (0.0..=1.0).contains(&c)));
        prop_assert!(found.silhouettes.iter().all(|&(_, s)| (-1.0..=1.0).contains(&s)));
        // Given groups, a statement's figures do not depend on where it stands.
        let groups: Vec<Vec<Tally>> = found.groups.iter().map(|g| tally(&turned, &g.members)).collect();
        let again = consensus(&groups, 9);
        for statement in 0..9 {
            prop_assert_eq!(again[(statement + shift) % 9], found.consensus[statement]);
        }
    }
}
