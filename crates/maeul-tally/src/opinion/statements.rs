//! What groups share and what sets each apart: counts, group-aware consensus, z-tests.

use super::{Answer, Answers};

/// The one-sided 90 % quantile of the normal distribution.
const Z90: f64 = 1.2816;
/// At most so many statements are shown for a group or for all.
const SHOWN: usize = 5;

/// Answers of some people to one statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// 찬성
    pub agree: u32,
    /// 반대
    pub disagree: u32,
    /// 찬성, 반대, 넘김
    pub seen: u32,
}

/// Counts the answers of `people` by statement, those kept out too.
pub fn tally(answers: &Answers, people: &[usize]) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); answers.statements()];
    for &person in people {
        for (tally, answer) in tallies.iter_mut().zip(answers.of(person)) {
            match answer {
                Some(Answer::Agree) => tally.agree += 1,
                Some(Answer::Disagree) => tally.disagree += 1,
                Some(Answer::Pass) => {}
                None => continue,
            }
            tally.seen += 1;
        }
    }
    tallies
}

/// Group-aware consensus by statement: Π over groups of (agree + 1) ÷ (seen + 2). High only where
/// every group tends to agree; it shrinks as the number of groups grows, so compare within one
/// conversation only.
pub fn consensus(groups: &[Vec<Tally>], statements: usize) -> Vec<f64> {
    (0..statements)
        .map(|statement| {
            let of = |group: &Vec<Tally>| group.get(statement).copied().unwrap_or_default();
            groups.iter().map(of).map(|t| share(t.agree, t.seen)).product()
        })
        .collect()
}

/// Which answer a statement is representative for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// 찬성
    Agree,
    /// 반대
    Disagree,
}

/// A statement that sets a group apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Representative {
    /// Counted from 0.
    pub statement: usize,
    /// Whether the group agrees or disagrees with it.
    pub wants: Wants,
    /// People of the group who answered so.
    pub successes: u32,
    /// People of the group who saw it.
    pub trials: u32,
    /// (successes + 1) ÷ (trials + 2).
    pub share: f64,
    /// z of the share against one half.
    pub share_z: f64,
    /// The share over that of everybody outside the group.
    pub ratio: f64,
    /// z of the difference between the two.
    pub ratio_z: f64,
    /// Shown because a group's list should hold one statement it agrees to.
    pub best_agreed: bool,
}

/// A statement on which people answer alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    /// Counted from 0.
    pub statement: usize,
    /// People who answered so.
    pub successes: u32,
    /// People who saw it.
    pub trials: u32,
    /// (successes + 1) ÷ (trials + 2).
    pub share: f64,
    /// z of the share against one half.
    pub share_z: f64,
}

/// A share drawn towards one half: of nothing seen, one half.
fn share(successes: u32, trials: u32) -> f64 {
    (f64::from(successes) + 1.0) / (f64::from(trials) + 2.0)
}

/// z of one proportion against one half, one success added.
fn one_proportion(successes: u32, trials: u32) -> f64 {
    let n = f64::from(trials) + 1.0;
    2.0 * n.sqrt() * ((f64::from(successes) + 1.0) / n - 0.5)
}

/// z of two proportions, one added to every count.
fn two_proportions(inside: (u32, u32), outside: (u32, u32)) -> f64 {
    let (s1, n1) = (f64::from(inside.0) + 1.0, f64::from(inside.1) + 1.0);
    let (s2, n2) = (f64::from(outside.0) + 1.0, f64::from(outside.1) + 1.0);
    let pooled = (s1 + s2) / (n1 + n2);
    let spread = (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2)).sqrt();
    // Everybody answered so, in and outside: no difference to test.
    if spread > 0.0 { (s1 / n1 - s2 / n2) / spread } else { 0.0 }
}

fn test(statement: usize, wants: Wants, inside: Tally, outside: Tally) -> Representative {
    let of = |t: Tally| match wants {
        Wants::Agree => (t.agree, t.seen),
        Wants::Disagree => (t.disagree, t.seen),
    };
    let ((successes, trials), outside) = (of(inside), of(outside));
    let own = share(successes, trials);
    Representative {
        statement,
        wants,
        successes,
        trials,
        share: own,
        share_z: one_proportion(successes, trials),
        ratio: own / share(outside.0, outside.1),
        ratio_z: two_proportions((successes, trials), outside),
        best_agreed: false,
    }
}

impl Representative {
    fn passes(&self) -> bool {
        self.ratio_z > Z90 && self.share_z > Z90
    }

    /// The weight by which a group's statements are put in order.
    pub fn weight(&self) -> f64 {
        self.ratio * self.ratio_z * self.share * self.share_z
    }
}

/// The statements that set group `number` apart from the others. Never empty while anybody of the
/// group answered anything.
pub fn representative(
    answers: &Answers,
    groups: &[Vec<Tally>],
    number: usize,
) -> Vec<Representative> {
    let Some(own) = groups.get(number) else { return Vec::new() };
    let mut telling: Vec<Representative> = Vec::new();
    let mut best: Option<Representative> = None;
    let mut agreed: Option<Representative> = None;
    for (statement, &inside) in own.iter().enumerate() {
        if answers.is_kept_out(statement) {
            continue;
        }
        let mut outside = Tally::default();
        for (_, group) in groups.iter().enumerate().filter(|&(other, _)| other != number) {
            let t = group.get(statement).copied().unwrap_or_default();
            outside.agree += t.agree;
            outside.disagree += t.disagree;
            outside.seen += t.seen;
        }
        let agree = test(statement, Wants::Agree, inside, outside);
        let disagree = test(statement, Wants::Disagree, inside, outside);
        let passes = agree.passes() || disagree.passes();
        let stronger = if agree.ratio_z > disagree.ratio_z { &agree } else { &disagree };
        if passes {
            telling.push(stronger.clone());
        }
        if best.as_ref().is_none_or(|known| stronger.ratio_z > known.ratio_z) {
            best = Some(stronger.clone());
        }
        if beats(&agree, inside, agreed.as_ref()) {
            agreed = Some(Representative { best_agreed: true, ..agree });
        }
    }
    if telling.is_empty() {
        return agreed.or(best).into_iter().collect();
    }
    if let Some(agreed) = &agreed {
        telling.retain(|known| known.statement != agreed.statement);
    }
    telling.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let mut shown: Vec<Representative> = agreed.into_iter().chain(telling).take(SHOWN).collect();
    shown.sort_by_key(|one| one.wants == Wants::Disagree);
    shown
}

/// Whether a statement is agreed to more tellingly than the best one so far.
fn beats(agree: &Representative, inside: Tally, best: Option<&Representative>) -> bool {
    if inside.agree == 0 && inside.disagree == 0 {
        return false;
    }
    match best {
        Some(best) if best.ratio > 1.0 => agree.weight() > best.weight(),
        Some(best) => agree.share * agree.share_z > best.share * best.share_z,
        None => agree.share_z > Z90 || (agree.ratio > 1.0 && agree.share > 0.5),
    }
}

/// What nearly everybody agrees to, and what they disagree with, at most five each: over all
/// participants, whether or not they have enough answers to be grouped.
pub fn common(answers: &Answers) -> (Vec<Common>, Vec<Common>) {
    let everybody: Vec<usize> = (0..answers.participants()).collect();
    let all = tally(answers, &everybody);
    let pick = |of: fn(&Tally) -> u32| {
        let mut found: Vec<Common> = Vec::new();
        for (statement, t) in all.iter().enumerate().filter(|&(s, _)| !answers.is_kept_out(s)) {
            let (successes, trials) = (of(t), t.seen);
            let common = Common {
                statement,
                successes,
                trials,
                share: share(successes, trials),
                share_z: one_proportion(successes, trials),
            };
            if common.share > 0.5 && common.share_z > Z90 {
                found.push(common);
            }
        }
        found.sort_by(|a, b| (b.share * b.share_z).total_cmp(&(a.share * a.share_z)));
        found.truncate(SHOWN);
        found
    };
    (pick(|t| t.agree), pick(|t| t.disagree))
}
