//! The arithmetic of equal shares: money in fixed-point integers with a proven error bound, and exactly where that bound
//! cannot decide.
//!
//! Money is counted in the smallest decimal unit any amount has, so costs are whole numbers. Each group of identical
//! ballots holds `money`, a whole number of 2^-s units, and the truth is never further from it than `error`. Sums, lower
//! bounds and upper bounds computed from these integers are therefore proofs. Where two bounds overlap, [`Market::price`]
//! computes the fraction itself: all past prices are kept as whole numerators over one common denominator, and a group's
//! money is the share less what it paid, so a sum over any set of groups is one whole-number combination of them.

#![expect(
    clippy::indexing_slicing,
    reason = "places come from the same election; the kernel is hot"
)]

use dashu_int::IBig;

use super::name::Worth;
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;

/// One supporter group of a project.
#[derive(Clone, Copy, Debug)]
struct Backer {
    group: u32,
    /// What it gives the project, at least 1.
    points: u32,
}

impl Backer {
    /// Its points × the voters in the group.
    fn mass(self, weights: &[u64]) -> u128 {
        u128::from(self.points) * u128::from(weights[self.group as usize])
    }
}

/// A project as the market sees it.
#[derive(Clone, Debug)]
struct Good {
    /// Its supporter groups.
    groups: Vec<u32>,
    /// What each gives it; empty where each gives one, which halves what a city's election holds.
    points: Vec<u32>,
    cost: u64,
    /// The price per unit of satisfaction is the price divided by this: the cost for cost-worth, 1 otherwise.
    divisor: u64,
    voters: u64,
    /// Points × voters of all its groups.
    mass: u128,
}

impl Good {
    fn backers(&self) -> impl Iterator<Item = Backer> + '_ {
        let ones = self.points.is_empty();
        self.groups.iter().enumerate().map(move |(place, &group)| Backer {
            group,
            points: if ones { 1 } else { self.points[place] },
        })
    }
}

/// An election prepared for one worth.
#[derive(Clone, Debug)]
pub(super) struct Market<'a> {
    election: &'a Election,
    worth: Worth,
    goods: Vec<Good>,
    weights: Vec<u64>,
    voters: u64,
    /// Smallest units in one currency unit.
    pub(super) unit: u64,
    /// A group's place of a project among the past winners.
    round_of: Vec<Option<u32>>,
    /// In 2^-s units.
    money: Vec<u64>,
    /// These have nothing left, exactly.
    spent: Vec<bool>,
    /// How far `money` may be from the truth.
    error: u64,
    /// How much a purchase adds to it.
    more_error: u64,
    shift: i32,
    /// What everybody began with, and past prices, as numerators over `common`.
    share: IBig,
    prices: Vec<IBig>,
    common: IBig,
    /// No price lies below this, in 2^-s units; grows as money shrinks.
    least: Vec<u64>,
}

/// What a bound can say about a project.
pub(super) enum Bound {
    /// Its supporters cannot pay for it.
    Short,
    /// Its price is not below this.
    AtLeast(u64),
    /// The integers cannot say whether its supporters can pay.
    Open,
}

/// An exact price: `above / (below × common)` smallest units, and who pays everything they have.
pub(super) struct Price {
    above: IBig,
    below: IBig,
    /// Groups with nothing left afterwards.
    emptied: Vec<u32>,
}

/// Bits of a full share: leaves room to add up billions of them in 128 bits.
const SHARE_BITS: i32 = 54;
/// Further bits of a price, so that multiplying it with points loses nothing that matters.
const PRICE_BITS: usize = 32;

impl<'a> Market<'a> {
    /// Nothing when an amount has more digits than 64 bits hold.
    pub(super) fn new(election: &'a Election, worth: Worth) -> Option<Self> {
        let unit = super::unit(election)?;
        let whole =
            |sum: &Exact| (sum * &Exact::from(unit)).to_i64().and_then(|n| u64::try_from(n).ok());
        let mut goods = Vec::with_capacity(election.projects.len());
        let mut most_points = 1;
        let ones = matches!(worth, Worth::Cost | Worth::Cardinality);
        // Counted first, so that no list of backers is larger than it must be.
        let mut chosen = vec![0_usize; election.projects.len()];
        for choice in election.ballots.iter().flat_map(|ballot| &ballot.choices) {
            *chosen.get_mut(choice.project as usize)? += 1;
        }
        for (project, chosen) in election.projects.iter().zip(chosen) {
            let cost = whole(&project.cost)?;
            let divisor = if worth == Worth::Cost { cost.max(1) } else { 1 };
            let groups = Vec::with_capacity(chosen);
            let points = Vec::with_capacity(if ones { 0 } else { chosen });
            goods.push(Good { groups, points, cost, divisor, voters: 0, mass: 0 });
        }
        for (group, ballot) in (0_u32..).zip(&election.ballots) {
            for choice in &ballot.choices {
                let points = match worth {
                    Worth::Cost | Worth::Cardinality => 1,
                    Worth::Points | Worth::Borda => u64::try_from(choice.points).unwrap_or(0),
                };
                if points > 0 {
                    let good = goods.get_mut(choice.project as usize)?;
                    most_points = most_points.max(points);
                    good.mass += u128::from(points.checked_mul(ballot.weight)?);
                    let points = u32::try_from(points).ok()?;
                    good.groups.push(group);
                    if !ones {
                        good.points.push(points);
                    }
                    good.voters = good.voters.checked_add(ballot.weight)?;
                }
            }
        }
        Some(Self {
            election,
            worth,
            weights: election.ballots.iter().map(|ballot| ballot.weight).collect(),
            voters: election.voter_count(),
            unit,
            round_of: vec![None; goods.len()],
            money: vec![0; election.ballots.len()],
            spent: vec![false; election.ballots.len()],
            error: 1,
            // One for cutting the payment, and what the cut of the price costs at so many points.
            more_error: 2 + (most_points >> PRICE_BITS),
            shift: 0,
            share: IBig::ZERO,
            prices: Vec::new(),
            common: IBig::ONE,
            least: vec![0; goods.len()],
            goods,
        })
    }

    /// Does anybody give it something?
    pub(super) fn supported(&self, project: ProjectIx) -> bool {
        !self.goods[project as usize].groups.is_empty()
    }

    /// Gives everybody the same share (currency units) and forgets all purchases.
    pub(super) fn begin(&mut self, share: &Exact) {
        let share = share * &Exact::from(self.unit);
        self.common = IBig::from(share.denominator().clone());
        self.share = share.numerator().clone();
        self.prices.clear();
        self.round_of.fill(None);
        self.spent.fill(share.is_zero());
        let whole = bits(&(&self.share / &self.common));
        self.shift = SHARE_BITS - whole;
        self.error = 1;
        let full = u64::try_from(scaled(&self.share, &self.common, self.shift)).unwrap_or(0);
        self.money.fill(full);
        for (least, good) in self.least.iter_mut().zip(&self.goods) {
            let cost = scaled(&IBig::from(good.cost), &IBig::ONE, self.shift);
            *least = u64::try_from(cost.checked_div(good.mass).unwrap_or(0)).unwrap_or(u64::MAX);
        }
    }

    /// The proven lower bound of a price so far.
    pub(super) fn bound(&self, project: ProjectIx) -> u64 {
        self.least[project as usize]
    }

    /// Compares the lower bounds of two prices per unit of satisfaction.
    pub(super) fn below(&self, a: (u64, ProjectIx), b: (u64, ProjectIx)) -> std::cmp::Ordering {
        let (da, db) = (self.goods[a.1 as usize].divisor, self.goods[b.1 as usize].divisor);
        (u128::from(a.0) * u128::from(db)).cmp(&(u128::from(b.0) * u128::from(da)))
    }

    /// Raises the lower bound of a price as far as the integers allow, or until `enough` says it is no longer needed.
    ///
    /// For any split of the supporters into poor and rich, poor money + price × rich mass ≥ cost; so each split proves a
    /// lower bound, and taking as poor those who hold less than the last bound asks leads to the best one.
    pub(super) fn raise(
        &mut self,
        project: ProjectIx,
        enough: impl Fn(&Self, u64) -> bool,
    ) -> Bound {
        let good = &self.goods[project as usize];
        let cost = scaled(&IBig::from(good.cost), &IBig::ONE, self.shift);
        let mut bound = self.least[project as usize];
        loop {
            let (poor, rich) = self.split(good, bound, i128::from(self.error));
            if rich == 0 {
                // Everybody is poor: with all errors in their favour, can they pay?
                if poor < cost {
                    return Bound::Short;
                }
                return Bound::Open;
            }
            let next = u64::try_from(cost.saturating_sub(poor) / rich).unwrap_or(u64::MAX);
            if next <= bound {
                break;
            }
            bound = next;
            if enough(self, bound) {
                break;
            }
        }
        self.least[project as usize] = bound;
        Bound::AtLeast(bound)
    }

    /// A proven upper bound of its price, or nothing.
    pub(super) fn at_most(&self, project: ProjectIx, bound: u64) -> Option<u64> {
        let good = &self.goods[project as usize];
        let cost = scaled(&IBig::from(good.cost), &IBig::ONE, self.shift) + 1;
        let (_, rich) = self.split(good, bound, i128::from(self.error));
        let slack = u128::from(self.error) * 2 * u128::from(good.voters) + 2;
        let mut step = u64::try_from(slack / rich.max(1)).ok()?.saturating_add(2);
        for _ in 0..6 {
            let price = bound.checked_add(step)?;
            let (poor, rich) = self.split(good, price, -i128::from(self.error));
            if poor.checked_add(u128::from(price).checked_mul(rich)?)? >= cost {
                return Some(price);
            }
            step = step.checked_mul(8)?;
        }
        None
    }

    /// Money of those who hold less than `price` × points, and the mass of the others; everybody's money moved by `off`
    /// but not below zero.
    fn split(&self, good: &Good, price: u64, off: i128) -> (u128, u128) {
        let (mut poor, mut rich) = (0_u128, 0_u128);
        let off = i64::try_from(off).unwrap_or(i64::MAX);
        for backer in good.backers() {
            let group = backer.group as usize;
            let money =
                if self.spent[group] { 0 } else { self.money[group].saturating_add_signed(off) };
            if u128::from(money) < u128::from(price) * u128::from(backer.points) {
                poor += u128::from(money) * u128::from(self.weights[group]);
            } else {
                rich += backer.mass(&self.weights);
            }
        }
        (poor, rich)
    }

    /// The exact price between a proven lower and upper bound; nothing when the supporters cannot pay.
    pub(super) fn price(&self, project: ProjectIx, least: u64, most: Option<u64>) -> Option<Price> {
        let good = &self.goods[project as usize];
        let mut poor = Sum::new(self.prices.len());
        let (mut emptied, mut unsure, mut below) = (Vec::new(), Vec::new(), 0_u128);
        for backer in good.backers() {
            let group = backer.group as usize;
            if self.spent[group] {
                continue;
            }
            let points = u128::from(backer.points);
            let money = self.money[group];
            if u128::from(money.saturating_add(self.error)) < u128::from(least) * points {
                poor.add(self, backer.group, self.weights[group]);
                emptied.push(backer.group);
                continue;
            }
            below += backer.mass(&self.weights);
            let sure = most.is_some_and(|most| {
                u128::from(money.saturating_sub(self.error)) > u128::from(most) * points
            });
            if !sure {
                unsure.push((backer, self.exact(backer.group)));
            }
        }
        let mut above = IBig::from(good.cost) * &self.common - poor.total(self);
        // The bound from the left: whoever holds less than it asks is poor, until nobody else is.
        loop {
            if below == 0 {
                return None;
            }
            let before = unsure.len();
            let (now_above, now_below) = (above.clone(), IBig::from(below));
            unsure.retain(|(backer, money)| {
                let poor = money * &now_below < &now_above * backer.points;
                if poor {
                    above -= money * self.weights[backer.group as usize];
                    below -= backer.mass(&self.weights);
                    emptied.push(backer.group);
                }
                !poor
            });
            if unsure.len() == before {
                break;
            }
        }
        let below = IBig::from(below);
        emptied.extend(
            unsure
                .iter()
                .filter(|(backer, money)| money * &below == &above * backer.points)
                .map(|(backer, _)| backer.group),
        );
        Some(Price { above, below, emptied })
    }

    /// Compares two exact prices per unit of satisfaction.
    pub(super) fn compare(
        &self,
        a: (&Price, ProjectIx),
        b: (&Price, ProjectIx),
    ) -> std::cmp::Ordering {
        let (da, db) = (self.goods[a.1 as usize].divisor, self.goods[b.1 as usize].divisor);
        (&a.0.above * &b.0.below * db).cmp(&(&b.0.above * &a.0.below * da))
    }

    /// Its supporters pay. Returns the price of a vote (or point) and of a unit of satisfaction, in currency
    /// units.
    pub(super) fn buy(&mut self, project: ProjectIx, price: &Price) -> (Exact, Exact) {
        let good = &self.goods[project as usize];
        for &group in &price.emptied {
            self.spent[group as usize] = true;
        }
        let shift = i32::try_from(PRICE_BITS).unwrap_or(0) + self.shift;
        let fine = scaled(&price.above, &(&price.below * &self.common), shift);
        for backer in good.backers() {
            let group = backer.group as usize;
            if !self.spent[group] {
                let paid = fine.saturating_mul(u128::from(backer.points)) >> PRICE_BITS;
                self.money[group] =
                    self.money[group].saturating_sub(u64::try_from(paid).unwrap_or(u64::MAX));
            }
        }
        self.error += self.more_error;
        let exact = Exact::ratio(price.above.clone(), &price.below * &self.common * self.unit)
            .unwrap_or_default();
        // The new price joins the others over a common denominator.
        let fraction = Exact::ratio(price.above.clone(), price.below.clone()).unwrap_or_default();
        let factor = IBig::from(fraction.denominator().clone());
        if factor != IBig::ONE {
            self.share *= &factor;
            self.common *= &factor;
            for past in &mut self.prices {
                *past *= &factor;
            }
        }
        self.round_of[project as usize] = u32::try_from(self.prices.len()).ok();
        self.prices.push(fraction.numerator().clone());
        let per_unit = match self.worth {
            Worth::Cost => exact.over(&self.election.cost(project)).unwrap_or_default(),
            _ => exact.clone(),
        };
        (exact, per_unit)
    }

    /// What its supporters hold together, in currency units.
    pub(super) fn held(&self, project: ProjectIx) -> Exact {
        let mut sum = Sum::new(self.prices.len());
        for backer in self.goods[project as usize].backers() {
            if !self.spent[backer.group as usize] {
                sum.add(self, backer.group, self.weights[backer.group as usize]);
            }
        }
        Exact::ratio(sum.total(self), &self.common * self.unit).unwrap_or_default()
    }

    /// A group's money as a numerator over `common`.
    fn exact(&self, group: u32) -> IBig {
        let mut sum = Sum::new(self.prices.len());
        sum.add(self, group, 1);
        sum.total(self)
    }

    /// How many people vote.
    pub(super) const fn voters(&self) -> u64 {
        self.voters
    }
}

/// A sum of groups' money: how many shares less how often each past price.
struct Sum {
    shares: u64,
    prices: Vec<u128>,
}

impl Sum {
    fn new(rounds: usize) -> Self {
        Self { shares: 0, prices: vec![0; rounds] }
    }

    /// Adds a group that has not spent everything: it paid every past price of its projects in full.
    fn add(&mut self, market: &Market<'_>, group: u32, weight: u64) {
        self.shares += weight;
        for choice in &market.election.ballots[group as usize].choices {
            let Some(round) = market.round_of[choice.project as usize] else { continue };
            let points = match market.worth {
                Worth::Cost | Worth::Cardinality => 1,
                Worth::Points | Worth::Borda => u64::try_from(choice.points).unwrap_or(0),
            };
            self.prices[round as usize] += u128::from(points) * u128::from(weight);
        }
    }

    fn total(&self, market: &Market<'_>) -> IBig {
        let mut total = &market.share * self.shares;
        for (times, price) in self.prices.iter().zip(&market.prices) {
            if *times > 0 {
                total -= price * IBig::from(*times);
            }
        }
        total
    }
}

/// The number of bits of a whole number that is not below zero.
fn bits(number: &IBig) -> i32 {
    use dashu_int::ops::BitTest as _;

    i32::try_from(number.bit_len()).unwrap_or(i32::MAX)
}

/// floor(above / below × 2^shift), all not below zero.
fn scaled(above: &IBig, below: &IBig, shift: i32) -> u128 {
    let places = usize::try_from(shift.unsigned_abs()).unwrap_or(0);
    let value = if shift >= 0 { (above << places) / below } else { above / (below << places) };
    u128::try_from(value).unwrap_or(u128::MAX)
}
