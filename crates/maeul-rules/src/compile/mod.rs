//! Rules compiled for one day: one graph of small steps for all programmes, equal parts shared,
//! every step after the steps it needs. The one-household evaluator and the vector engine both run
//! this graph.

mod lower;
mod names;
mod programme;

use std::collections::HashMap;
use std::sync::Arc;

pub use crate::parse::expr::{Agg, Compare};
pub use programme::{
    CompiledAmount, CompiledCondition, CompiledProgramme, ConditionKind, NotInForce, ParameterUse,
    Threshold,
};

pub(crate) use programme::compile;

use crate::registry::{FactId, Registry};
use crate::table::Table;
use crate::value::{MOST_MEMBERS, Type};

/// The index of a step in [`Compiled::nodes`].
pub type N = usize;

/// Whose value a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The same for everyone: it may feed steps of either level directly.
    Const,
    /// One value for each household.
    Household,
    /// One value for each person.
    Person,
}

/// How a number is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Towards minus infinity (버림 for amounts that are not negative).
    Floor,
    /// Towards plus infinity (올림).
    Ceil,
    /// To the nearest, halves away from zero (반올림).
    Round,
}

/// One step. Every value is an `i64` that may be unknown; unless said otherwise the result is
/// unknown when any operand is. Operands of a comparison, of `+`, `-`, minimum and maximum stand on
/// one scale. A person's step takes a household's value through [`Op::Spread`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A known value.
    Const(i64),
    /// A fact of the household or person; unknown if not given.
    Fact(FactId),
    /// The fact if it is given, else the step.
    Given(FactId, N),
    /// Not.
    Not(N),
    /// And: false if one is false, whatever the other.
    And(N, N),
    /// Or: true if one is true, whatever the other.
    Or(N, N),
    /// A comparison: 0 or 1.
    Compare(Compare, N, N),
    /// Sum.
    Add(N, N),
    /// Difference.
    Sub(N, N),
    /// Product.
    Mul(N, N),
    /// Negative.
    Neg(N),
    /// Times a power of ten, to bring operands to one scale.
    Times(N, i64),
    /// `round(a · up / (b · down)) · step`; `b` is 1 where it is `None`, and never 0. The products
    /// fit 128 bits.
    Divide {
        /// The dividend.
        a: N,
        /// The divisor, if it is not 1.
        b: Option<N>,
        /// A power of ten for the dividend.
        up: i64,
        /// A positive factor of the divisor.
        down: i64,
        /// The result is a multiple of this.
        step: i64,
        /// How it is rounded.
        mode: Rounding,
    },
    /// The smaller.
    Min(N, N),
    /// The larger.
    Max(N, N),
    /// The second if the first is true, else the third; where the first is unknown, the value of
    /// both if they are known and equal.
    If(N, N, N),
    /// A table of [`Compiled::tables`] at these places; unknown where it is silent.
    Look(usize, [Option<N>; 2]),
    /// Full years from the first date to the second.
    Years(N, N),
    /// Full months from the first date to the second.
    Months(N, N),
    /// Days from the first date to the second.
    Days(N, N),
    /// The date that many years later; 29 February becomes the 28th.
    PlusYears(N, N),
    /// A household's value from a step of its persons: any and all as or and and; count, sum, max
    /// and min are unknown if one person's is.
    Members(Agg, N),
    /// The value of the head of the household.
    Head(N),
    /// The household's (or constant) value, for each of its persons.
    Spread(N),
}

impl Op {
    /// The steps it needs.
    pub fn needs(&self) -> impl Iterator<Item = N> {
        let list: [Option<N>; 3] = match *self {
            Self::Const(_) | Self::Fact(_) => [None; 3],
            Self::Given(_, a)
            | Self::Not(a)
            | Self::Neg(a)
            | Self::Times(a, _)
            | Self::Members(_, a)
            | Self::Head(a)
            | Self::Spread(a) => [Some(a), None, None],
            Self::And(a, b)
            | Self::Or(a, b)
            | Self::Compare(_, a, b)
            | Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Min(a, b)
            | Self::Max(a, b)
            | Self::Years(a, b)
            | Self::Months(a, b)
            | Self::Days(a, b)
            | Self::PlusYears(a, b) => [Some(a), Some(b), None],
            Self::Divide { a, b, .. } => [Some(a), b, None],
            Self::If(a, b, c) => [Some(a), Some(b), Some(c)],
            Self::Look(_, [a, b]) => [a, b, None],
        };
        list.into_iter().flatten()
    }
}

/// A step with its level and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// Whose value it is.
    pub level: Level,
    /// What the value is.
    pub ty: Type,
}

/// All programmes in force on a day, ready to run.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The day, as yyyymmdd.
    pub on: i64,
    /// The steps; a step needs only earlier ones.
    pub nodes: Vec<Node>,
    /// The tables of parameters.
    pub tables: Vec<Arc<Table>>,
    /// For each table the key of its parameter.
    pub table_keys: Vec<String>,
    /// The programmes.
    pub programmes: Vec<CompiledProgramme>,
    /// Programmes that have no version on this day.
    pub not_in_force: Vec<NotInForce>,
    /// The facts.
    pub registry: Arc<Registry>,
}

impl Compiled {
    /// The programme of that name, if it is in force.
    pub fn programme(&self, id: &str) -> Option<&CompiledProgramme> {
        self.programmes.iter().find(|programme| programme.id == id)
    }
}

/// The steps while they are being made: equal ones are made once.
#[derive(Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    known: HashMap<Node, N>,
    /// The smallest and largest stored value each step can have.
    bounds: Vec<(i128, i128)>,
    pub(crate) tables: Vec<Arc<Table>>,
    pub(crate) table_keys: Vec<String>,
}

/// The range in which every step must stay.
const SAFE: i128 = i64::MAX as i128;

impl Graph {
    fn level(&self, n: N) -> Level {
        self.nodes.get(n).map_or(Level::Const, |node| node.level)
    }

    pub(crate) fn bounds(&self, n: N) -> (i128, i128) {
        self.bounds.get(n).copied().unwrap_or((0, 0))
    }

    /// Adds a step whose level follows from what it needs. `None`: its value could leave 64 bits.
    fn push(&mut self, op: Op, ty: Type, registry: &Registry) -> Option<N> {
        let level = match op {
            Op::Fact(id) | Op::Given(id, _) => match registry.def(id).map(|def| def.entity) {
                Some(crate::registry::Entity::Person) => Level::Person,
                _ => Level::Household,
            },
            Op::Members(..) | Op::Head(_) => Level::Household,
            Op::Spread(_) => Level::Person,
            _ => op.needs().map(|n| self.level(n)).max().unwrap_or(Level::Const),
        };
        let node = Node { op, level, ty };
        if let Some(known) = self.known.get(&node) {
            return Some(*known);
        }
        let bounds = self.reach(op, ty, registry);
        if bounds.0 < -SAFE || bounds.1 > SAFE {
            return None;
        }
        let n = self.nodes.len();
        self.nodes.push(node);
        self.bounds.push(bounds);
        self.known.insert(node, n);
        Some(n)
    }

    /// How small and how large the value of a step can be.
    fn reach(&self, op: Op, ty: Type, registry: &Registry) -> (i128, i128) {
        let of = |n: N| self.bounds(n);
        let hull = |a: (i128, i128), b: (i128, i128)| (a.0.min(b.0), a.1.max(b.1));
        let range = |ty: Type| {
            let (low, high) = registry.range(ty);
            (i128::from(low), i128::from(high))
        };
        let members = i128::try_from(MOST_MEMBERS).unwrap_or(i128::MAX);
        match op {
            Op::Const(value) => (i128::from(value), i128::from(value)),
            Op::Fact(id) => {
                registry.def(id).map_or((0, 0), |def| (i128::from(def.min), i128::from(def.max)))
            }
            Op::Given(id, n) => hull(self.reach(Op::Fact(id), ty, registry), of(n)),
            Op::Not(_) | Op::And(..) | Op::Or(..) | Op::Compare(..) => (0, 1),
            Op::Add(a, b) => (of(a).0 + of(b).0, of(a).1 + of(b).1),
            Op::Sub(a, b) => (of(a).0 - of(b).1, of(a).1 - of(b).0),
            Op::Mul(a, b) => {
                let ends =
                    [of(a).0 * of(b).0, of(a).0 * of(b).1, of(a).1 * of(b).0, of(a).1 * of(b).1];
                ends.into_iter()
                    .fold((i128::MAX, i128::MIN), |sofar, end| (sofar.0.min(end), sofar.1.max(end)))
            }
            Op::Neg(a) => (-of(a).1, -of(a).0),
            Op::Times(a, factor) => (of(a).0 * i128::from(factor), of(a).1 * i128::from(factor)),
            Op::Divide { a, b, up, down, step, .. } => {
                let (low, high) = of(a);
                let least = b.map_or(1, |b| of(b).0.abs().min(of(b).1.abs()).max(1));
                let most =
                    low.abs().max(high.abs()) * i128::from(up) / (least * i128::from(down)) + 1;
                let most = most * i128::from(step);
                let positive = low >= 0 && b.is_none_or(|b| of(b).0 > 0);
                (if positive { 0 } else { -most }, most)
            }
            Op::Min(a, b) => (of(a).0.min(of(b).0), of(a).1.min(of(b).1)),
            Op::Max(a, b) => (of(a).0.max(of(b).0), of(a).1.max(of(b).1)),
            Op::If(_, a, b) => hull(of(a), of(b)),
            Op::Look(table, _) => {
                let Some(table) = self.tables.get(table) else { return range(ty) };
                let more = table.each_more.iter().flatten().copied().max().unwrap_or(0).max(0);
                let known = table.known().fold(None, |sofar: Option<(i128, i128)>, value| {
                    let value = i128::from(value);
                    Some(sofar.map_or((value, value), |sofar| hull(sofar, (value, value))))
                });
                let less = table.each_more.iter().flatten().copied().min().unwrap_or(0).min(0);
                known.map_or_else(
                    || range(ty),
                    |(low, high)| {
                        (low + i128::from(less) * members, high + i128::from(more) * members)
                    },
                )
            }
            Op::Years(..) => (-400, 400),
            Op::Months(..) => (-4_800, 4_800),
            Op::Days(..) => (-150_000, 150_000),
            Op::PlusYears(..) => (10_000_101, 30_001_231),
            Op::Members(Agg::Count, _) => (0, members),
            Op::Members(Agg::Sum, n) => (of(n).0.min(0) * members, of(n).1.max(0) * members),
            Op::Members(_, n) | Op::Head(n) | Op::Spread(n) => of(n),
        }
    }
}
