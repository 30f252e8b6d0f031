//! Opinion groups: who answers alike, what all groups share, and what sets each apart.
//!
//! The method is the published one of pol.is (Small, Bjorkegren, Erkkilä, Shaw and Megill 2021,
//! "Polis: scaling deliberation by mapping high dimensional opinion spaces"), written anew:
//!
//! 1. Every participant may agree (+1), disagree (−1) or pass (0) on every statement; most say
//!    nothing on most. Statements kept out (moderated, or about the person) count as all zero.
//! 2. What is missing becomes the mean of its statement, and two principal components are found by
//!    power iteration ([`Options::iterations`] rounds from a vector of ones).
//! 3. A participant's place is the sum over *their own* answers only, times
//!    √(statements ÷ own answers): someone with few answers is not pulled to the middle.
//! 4. Those with at least min([`Options::enough`], statements) answers take part; when fewer than
//!    [`Options::at_least`] do, those with the most answers are added.
//! 5. Places are joined to at most [`Options::base`] base clusters, and these to k = 2 … min(5,
//!    2 + ⌊bases ÷ 12⌋) groups by weighted k-means; the k with the highest mean silhouette is kept.
//! 6. Group-aware consensus of a statement: Π over groups of (agree + 1) ÷ (seen + 2).
//! 7. Representative statements of a group: one- and two-proportion z-tests at 90 % (1.2816), at
//!    most five, one of them agreed to.
//!
//! **What agrees with the original server** on three recorded conversations (27, 52 and 267
//! participants; `tests/opinion_recorded.rs`): with its groups given, the votes by group, the
//! group-aware consensus, the representative statements and the common statements agree (counts
//! and choices exactly, figures within 10⁻⁶, the server keeps single precision in places); with its
//! components given, every place agrees within 10⁻¹²; centre and components computed from the votes
//! agree within 10⁻⁵ (where one participant's votes are missing from the export: within 0.05). One
//! difference is on purpose: a statement shown because the group agrees to it is printed with the
//! figures of agreeing, where the server may print those of disagreeing (once in the recordings).
//! Groups computed from the votes alone (the recorded people in the recorded order) are the recorded
//! ones in two conversations of three, and in the third 98 of 100 pairs of people are together or
//! apart alike. They cannot agree always: the server starts each round from its last one, so its groups, and who
//! takes part, depend on the order in which votes came in. Here nothing depends on history: the
//! same votes give the same groups on every machine (only `+ − × ÷ √` on binary64, in fixed order).
//!
//! Groups are a picture for a conversation, not a decision: no seat, sum or vote follows from them.
//! A group of two shows two people's answers: publish with [`Options::smallest`] at 5 or more.

mod cluster;
mod pca;
mod statements;

pub use cluster::{Base, Clustering, group, silhouette};
pub use pca::{Components, components, place};
pub use statements::{
    Common, Representative, Tally, Wants, common, consensus, representative, tally,
};

use maeul_base::{Lang, Refusal};

/// One participant's answer to one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 찬성
    Agree,
    /// 반대
    Disagree,
    /// 넘김: seen, and neither.
    Pass,
}

impl Answer {
    /// +1, −1 or 0.
    pub const fn value(self) -> f64 {
        match self {
            Self::Agree => 1.0,
            Self::Disagree => -1.0,
            Self::Pass => 0.0,
        }
    }
}

/// Sparse answers: participants × statements, both counted from 0.
#[derive(Clone, Debug)]
pub struct Answers {
    participants: usize,
    statements: usize,
    cells: Vec<Option<Answer>>,
    kept_out: Vec<bool>,
}

impl Answers {
    /// A table of that size without any answer.
    pub fn new(participants: usize, statements: usize) -> Self {
        Self {
            participants,
            statements,
            cells: vec![None; participants.saturating_mul(statements)],
            kept_out: vec![false; statements],
        }
    }

    /// Writes an answer down; a later one of the same person replaces it.
    pub fn record(
        &mut self,
        participant: usize,
        statement: usize,
        answer: Answer,
    ) -> Result<(), OpinionError> {
        if participant >= self.participants || statement >= self.statements {
            return Err(OpinionError::Outside { participant, statement });
        }
        if let Some(cell) = self.cells.get_mut(participant * self.statements + statement) {
            *cell = Some(answer);
        }
        Ok(())
    }

    /// Keeps a statement out of places and representatives (moderated, or about the person); its
    /// answers still count as having taken part, and in [`tally`].
    pub fn keep_out(&mut self, statement: usize) -> Result<(), OpinionError> {
        let at = OpinionError::Outside { participant: 0, statement };
        *self.kept_out.get_mut(statement).ok_or(at)? = true;
        Ok(())
    }

    /// How many people.
    pub const fn participants(&self) -> usize {
        self.participants
    }

    /// How many statements.
    pub const fn statements(&self) -> usize {
        self.statements
    }

    /// The answers of one participant, by statement.
    pub fn of(&self, participant: usize) -> &[Option<Answer>] {
        let from = participant.saturating_mul(self.statements);
        self.cells.get(from..from.saturating_add(self.statements)).unwrap_or_default()
    }

    /// Whether the statement is kept out.
    pub fn is_kept_out(&self, statement: usize) -> bool {
        self.kept_out.get(statement).copied().unwrap_or(false)
    }

    /// The value counted for places: 0 for an answer to a statement kept out.
    pub(crate) fn value(&self, statement: usize, answer: Option<Answer>) -> Option<f64> {
        if self.is_kept_out(statement) { Some(0.0) } else { answer.map(Answer::value) }
    }

    fn answered(&self, participant: usize) -> usize {
        self.of(participant).iter().flatten().count()
    }
}

/// How groups are found. The default is the published method, without its memory of earlier rounds.
#[derive(Clone, Debug)]
pub struct Options {
    /// Answers that make a participant take part (or all statements, if fewer).
    pub enough: usize,
    /// When fewer take part, those with the most answers are added up to this number.
    pub at_least: usize,
    /// Rounds of power iteration.
    pub iterations: usize,
    /// The most base clusters.
    pub base: usize,
    /// The most groups.
    pub most_groups: usize,
    /// The fewest people a group may hold; a number of groups that has a smaller one is not chosen.
    pub smallest: usize,
    /// From how many starts k-means looks for the tightest groups; 1 starts, as published, from the
    /// first k distinct places only, so that the order of participants matters.
    pub starts: usize,
    /// Exactly these people take part, in this order, instead of the rule.
    pub included: Option<Vec<usize>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            enough: 7,
            at_least: 15,
            iterations: 100,
            base: 100,
            most_groups: 5,
            smallest: 1,
            starts: 1,
            included: None,
        }
    }
}

/// One opinion group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its people, ascending.
    pub members: Vec<usize>,
    /// The middle of its places.
    pub center: [f64; 2],
    /// Its answers by statement.
    pub tally: Vec<Tally>,
    /// What sets it apart, the most telling first, agreed ones before the others.
    pub representative: Vec<Representative>,
}

/// What a conversation looks like.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Who takes part, in the order used.
    pub included: Vec<usize>,
    /// Centre and the two components.
    pub components: Components,
    /// Places of those who take part, in the same order.
    pub places: Vec<[f64; 2]>,
    /// The groups, by number.
    pub groups: Vec<Group>,
    /// Mean silhouette by number of groups tried.
    pub silhouettes: Vec<(usize, f64)>,
    /// Group-aware consensus by statement, 0 … 1.
    pub consensus: Vec<f64>,
    /// What nearly everybody agrees to, at most five.
    pub agreed: Vec<Common>,
    /// What nearly everybody disagrees with, at most five.
    pub disagreed: Vec<Common>,
}

/// Why there is no analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpinionError {
    /// An answer, statement or person that the table does not have.
    Outside {
        /// Counted from 0.
        participant: usize,
        /// Counted from 0.
        statement: usize,
    },
    /// Nobody, or nothing said.
    Empty,
}

impl Refusal for OpinionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Outside { .. } => "opinion.outside",
            Self::Empty => "opinion.empty",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Outside { participant, statement }, Lang::Ko) => format!(
                "참여자 {participant} 또는 의견 {statement}은(는) 표에 없습니다. 0부터 센 번호를 확인해 주십시오."
            ),
            (Self::Outside { participant, statement }, Lang::En) => format!(
                "Participant {participant} or statement {statement} is not in the table. Check the numbers, counted from 0."
            ),
            (Self::Empty, _) => lang
                .t(
                    "묶을 응답이 없습니다. 응답이 들어온 뒤 다시 해 주십시오.",
                    "There are no answers to group. Try again when there are some.",
                )
                .into(),
        }
    }
}

/// Finds places, groups, consensus and representative statements.
///
/// # Errors
/// Nobody said anything, or [`Options::included`] names someone the table does not have.
pub fn analyse(answers: &Answers, options: &Options) -> Result<Analysis, OpinionError> {
    let included = match &options.included {
        Some(people) => people.clone(),
        None => included(answers, options),
    };
    if let Some(&participant) = included.iter().find(|&&p| p >= answers.participants) {
        return Err(OpinionError::Outside { participant, statement: 0 });
    }
    if included.is_empty() {
        return Err(OpinionError::Empty);
    }
    let components = components(answers, options.iterations);
    let places: Vec<[f64; 2]> =
        included.iter().map(|&person| place(answers, person, &components)).collect();
    let clustering = group(&places, options);
    let mut groups: Vec<Group> = Vec::new();
    for number in 0..clustering.centers.len() {
        let mut members: Vec<usize> = included
            .iter()
            .zip(&clustering.assigned)
            .filter(|&(_, &g)| g == number)
            .map(|(&person, _)| person)
            .collect();
        members.sort_unstable();
        let tally = tally(answers, &members);
        let center = clustering.centers.get(number).copied().unwrap_or_default();
        groups.push(Group { members, center, tally, representative: Vec::new() });
    }
    let tallies: Vec<Vec<Tally>> = groups.iter().map(|group| group.tally.clone()).collect();
    for (number, group) in groups.iter_mut().enumerate() {
        group.representative = representative(answers, &tallies, number);
    }
    let (agreed, disagreed) = common(answers);
    Ok(Analysis {
        consensus: consensus(&tallies, answers.statements),
        included,
        components,
        places,
        groups,
        silhouettes: clustering.silhouettes,
        agreed,
        disagreed,
    })
}

/// Who takes part by the rule, ascending.
fn included(answers: &Answers, options: &Options) -> Vec<usize> {
    let enough = options.enough.min(answers.statements).max(1);
    let mut people: Vec<usize> = (0..answers.participants).collect();
    // Those with the most answers first; of equals, the earlier one.
    people.sort_by_key(|&person| (std::cmp::Reverse(answers.answered(person)), person));
    let mut chosen: Vec<usize> = people
        .into_iter()
        .enumerate()
        .filter(|&(rank, person)| {
            let answered = answers.answered(person);
            answered >= enough || (answered > 0 && rank < options.at_least)
        })
        .map(|(_, person)| person)
        .collect();
    chosen.sort_unstable();
    chosen
}
