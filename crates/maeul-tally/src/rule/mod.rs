//! The rules: one file each, and [`tally`], which runs a named one.
//!
//! Common to all: money is exact, a project fits if its cost is not above what is left (equality included), ties are
//! settled by the declared chain, and the limits of [`limits`] are obeyed.

mod comparison;
pub mod equal_shares;
pub mod greedy;
pub mod limits;
mod market;
pub mod name;
pub mod phragmen;
pub mod raise;

use maeul_base::{Lang, Refusal};

use crate::election::{Election, ProjectIx, VoteKind};
use crate::exact::Exact;
use crate::outcome::{Outcome, Round, Unfunded, Why};
use crate::ties::{TieChain, TieOrder};
use equal_shares::Field;
use limits::{Gate, Limits};
use market::Market;
use name::{Base, Completion, RuleName, Worth};
use raise::Raising;

/// How far a long count is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Runs of equal shares so far.
    pub runs: u64,
    /// Projects funded in the last of them.
    pub funded: usize,
    /// What it leaves of the budget.
    pub left: Exact,
}

/// Why an election cannot be counted by a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TallyError {
    /// The rule needs ballots of another kind: the rule, the kind it met.
    Kind(String, VoteKind),
    /// Amounts or points with too many digits in all.
    TooLarge,
}

impl Refusal for TallyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Kind(..) => "tally.kind",
            Self::TooLarge => "tally.too-large",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Kind(rule, kind), Lang::Ko) => format!(
                "'{rule}' 규칙은 {} 투표에 쓸 수 없습니다. points 규칙은 cumulative·scoring, borda 규칙은 ordinal, phragmen은 approval·choose-1 투표에만 씁니다. 다른 규칙을 고르십시오.",
                kind.name()
            ),
            (Self::Kind(rule, kind), Lang::En) => format!(
                "The rule '{rule}' cannot count {} ballots. Points rules need cumulative or scoring ballots, Borda rules ordinal ones, phragmen approval or choose-1. Choose another rule.",
                kind.name()
            ),
            (Self::TooLarge, Lang::Ko) => {
                "금액이나 점수의 자릿수가 너무 많습니다(가장 작은 단위로 18자리까지). 단위를 바꾸어 쓰십시오.".into()
            }
            (Self::TooLarge, Lang::En) => {
                "An amount or points have too many digits (up to 18 in the smallest unit). Use a larger unit.".into()
            }
        }
    }
}

/// Counts `election` by `rule`.
pub fn tally(
    election: &Election,
    rule: &RuleName,
    ties: &TieChain,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome, TallyError> {
    if !counts(rule, election) {
        return Err(TallyError::Kind(
            rule.to_string(),
            election.kind.unwrap_or(VoteKind::Approval),
        ));
    }
    unit(election).ok_or(TallyError::TooLarge)?;
    let order = TieOrder::new(election, ties);
    let below = below_threshold(election, rule.base(), limits);
    let eligible = |project: ProjectIx| !below.iter().any(|unfunded| unfunded.project == project);
    let desk = Desk { election, limits, order: &order, eligible: &eligible };
    let counted = match rule.base() {
        Base::Greedy(worth) => {
            desk.greedy(worth, !rule.completions().contains(&Completion::NoSkip))
        }
        Base::Phragmen => desk.phragmen(rule)?,
        Base::EqualShares(worth) => desk.equal_shares(worth, rule, progress)?,
    };
    let mut unfunded = below.clone();
    for project in election.indices().filter(|&project| eligible(project)) {
        if counted.rounds.iter().any(|round| round.project == project) {
            continue;
        }
        let known = counted.unfunded.iter().find(|unfunded| unfunded.project == project);
        let why = known.map_or(Why::NoSupport, |unfunded| unfunded.why.clone());
        let why =
            if election.cost(project) > election.budget { Why::DearerThanBudget } else { why };
        unfunded.push(Unfunded { project, why });
    }
    unfunded.sort_by_key(|unfunded| unfunded.project);
    Ok(Outcome {
        rule: rule.clone(),
        ties: ties.clone(),
        budget: election.budget.clone(),
        cost: counted.rounds.iter().map(|round| election.cost(round.project)).sum(),
        rounds: counted.rounds,
        unfunded,
        endowment: counted.endowment,
        raises: counted.raises,
        preference: counted.preference,
    })
}

/// Can this rule count these ballots?
pub fn counts(rule: &RuleName, election: &Election) -> bool {
    let kind = election.kind.unwrap_or(VoteKind::Approval);
    match rule.base() {
        Base::Greedy(worth) | Base::EqualShares(worth) => match worth {
            Worth::Cost | Worth::Cardinality => true,
            Worth::Points => kind.has_points(),
            Worth::Borda => kind == VoteKind::Ordinal,
        },
        Base::Phragmen => matches!(kind, VoteKind::Approval | VoteKind::ChooseOne),
    }
}

#[derive(Default)]
struct Counted {
    rounds: Vec<Round>,
    unfunded: Vec<Unfunded>,
    endowment: Option<Exact>,
    raises: u64,
    preference: Option<crate::outcome::Preference>,
}

struct Desk<'r, 'a> {
    election: &'a Election,
    limits: &'a Limits,
    order: &'r TieOrder,
    eligible: &'r dyn Fn(ProjectIx) -> bool,
}

impl<'a> Desk<'_, 'a> {
    fn gate(&self) -> Gate<'a> {
        Gate::new(self.election, self.limits)
    }

    fn greedy(&self, worth: Worth, skip: bool) -> Counted {
        let mut gate = self.gate();
        let (rounds, unfunded) =
            greedy::run(self.election, worth, skip, self.order, &mut gate, self.eligible);
        Counted { rounds, unfunded, ..Counted::default() }
    }

    /// Adds what greedy finds in what is left.
    fn complete(&self, worth: Worth, counted: &mut Counted, gate: &mut Gate<'a>) {
        let funded: Vec<ProjectIx> = counted.rounds.iter().map(|round| round.project).collect();
        let open = |project: ProjectIx| (self.eligible)(project) && !funded.contains(&project);
        let (rounds, unfunded) = greedy::run(self.election, worth, true, self.order, gate, &open);
        counted.rounds.extend(rounds);
        counted.unfunded = unfunded;
    }

    fn phragmen(&self, rule: &RuleName) -> Result<Counted, TallyError> {
        let mut gate = self.gate();
        let done = phragmen::run(self.election, self.order, &mut gate, self.eligible);
        let (rounds, unfunded) = done.ok_or(TallyError::TooLarge)?;
        let mut counted = Counted { rounds, unfunded, ..Counted::default() };
        if rule.completions().contains(&Completion::Greedy) {
            self.complete(Worth::Cost, &mut counted, &mut gate);
        }
        Ok(counted)
    }

    fn equal_shares(
        &self,
        worth: Worth,
        rule: &RuleName,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Counted, TallyError> {
        let voters = Exact::from(self.election.voter_count());
        // Without ballots there are no shares and nobody to ask.
        let Some(mut share) = self.election.budget.over(&voters) else {
            return Ok(Counted::default());
        };
        let mut market = Market::new(self.election, worth).ok_or(TallyError::TooLarge)?;
        let field = Field::new(self.election, &market, self.order, self.eligible);
        let mut counted = Counted::default();
        if let Some(Completion::Raise(step, stop)) = rule.completions().first() {
            let raising = Raising {
                election: self.election,
                limits: self.limits,
                field: &field,
                order: self.order,
                eligible: self.eligible,
            };
            (share, counted.raises) =
                raise::share(&raising, &mut market, share, *step, *stop, progress);
        }
        let run = equal_shares::run(&mut market, &field, self.order, self.gate(), &share);
        let mut gate = run.gate;
        counted.unfunded = run.barred;
        for &project in field.priced.iter().chain(&field.free) {
            let told = counted.unfunded.iter().any(|unfunded| unfunded.project == project);
            if !told && !run.rounds.iter().any(|round| round.project == project) {
                let had = market.held(project);
                counted.unfunded.push(Unfunded { project, why: Why::SupportersShort { had } });
            }
        }
        counted.rounds = run.rounds;
        if worth == Worth::Points && self.election.points_scale > 1 {
            // The market counts whole points; a price is told for one point as a ballot states it.
            let scale = Exact::from(self.election.points_scale);
            for round in &mut counted.rounds {
                round.price = &round.price * &scale;
                round.key = &round.key * &scale;
            }
        }
        counted.endowment = Some(share);
        if rule.completions().contains(&Completion::Greedy) {
            self.complete(worth, &mut counted, &mut gate);
        }
        if rule.completions().contains(&Completion::Comparison) {
            let mut greedy = self.greedy(Worth::Cost, true);
            let preference =
                comparison::preference(self.election, worth, &counted.rounds, &greedy.rounds);
            if preference.greedy > preference.equal_shares {
                greedy.preference = Some(preference);
                return Ok(greedy);
            }
            counted.preference = Some(preference);
        }
        Ok(counted)
    }
}

/// Who has less than the threshold.
fn below_threshold(election: &Election, base: Base, limits: &Limits) -> Vec<Unfunded> {
    let Some(needs) = &limits.threshold else { return Vec::new() };
    let worth = match base {
        Base::Greedy(worth) | Base::EqualShares(worth) => worth,
        Base::Phragmen => Worth::Cost,
    };
    let scale = if matches!(worth, Worth::Points | Worth::Borda) {
        election.points_scale.max(1)
    } else {
        1
    };
    let sums = greedy::satisfaction(election, worth);
    let has = sums.into_iter().map(|sum| Exact::ratio(sum, scale).unwrap_or_default());
    election
        .indices()
        .zip(has)
        .filter(|(_, has)| has < needs)
        .map(|(project, has)| Unfunded {
            project,
            why: Why::BelowThreshold { has, needs: needs.clone() },
        })
        .collect()
}

/// How many smallest units a currency unit has, so that every amount is whole; nothing when one then has too many digits.
fn unit(election: &Election) -> Option<u64> {
    let amounts =
        || election.projects.iter().map(|project| &project.cost).chain([&election.budget]);
    // The least power of ten that clears all decimals, at most nine of them.
    let unit = (0..=9).map(|places| 10_u64.pow(places)).find(|&unit| {
        amounts().all(|sum| (sum * &Exact::from(unit)).denominator() == Exact::ONE.denominator())
    })?;
    let most = Exact::from(1_000_000_000_000_000_000_u64);
    amounts().all(|sum| !sum.is_negative() && sum * &Exact::from(unit) <= most).then_some(unit)
}

/// So many per cent of a sum.
fn percent(sum: &Exact, percent: u32) -> Exact {
    sum.clone() * Exact::ratio(percent, 100).unwrap_or_default()
}
