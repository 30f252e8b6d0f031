//! Can quotas be met? Decided exactly, in whole people.
//!
//! The quotas are inequalities least ≤ Σ x ≤ most over cells, 0 ≤ x ≤ cap. First the bounded simplex of
//! satisfiability solvers (Dutertre and de Moura 2006) on exact fractions, with Bland's rule, so that it ends; then
//! branch and bound for whole numbers. Numbers that outgrow 128 bits, or a search over [`NODES`] branches, end
//! undecided and are refused: never guessed.
#![expect(
    clippy::indexing_slicing,
    reason = "a dense tableau whose sizes are fixed when it is built"
)]

use std::cmp::Ordering;

/// Branches after which a search gives up.
const NODES: usize = 5_000;

/// One inequality: at least and at most so many people of these cells.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<usize>,
    pub(super) least: i128,
    pub(super) most: i128,
}

/// Whether the inequalities can be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// So, with so many of each cell.
    Yes(Vec<i128>),
    /// Not, because of these rows together (not always the fewest).
    No(Vec<usize>),
    /// Nobody knows: too large a search.
    Undecided,
}

/// A search that could not be finished.
struct Overflow;

/// A fraction in lowest terms, denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fraction(i128, i128);

impl Fraction {
    const ZERO: Self = Self(0, 1);

    const fn whole(value: i128) -> Self {
        Self(value, 1)
    }

    fn new(above: i128, below: i128) -> Result<Self, Overflow> {
        let divisor = gcd(above, below);
        if divisor == 0 {
            return Err(Overflow);
        }
        let sign = if below < 0 { -1 } else { 1 };
        Ok(Self(sign * above / divisor, sign * below / divisor))
    }

    fn plus(self, other: Self) -> Result<Self, Overflow> {
        if self.1 == 1 && other.1 == 1 {
            return self.0.checked_add(other.0).map(Self::whole).ok_or(Overflow);
        }
        let cross = |a: i128, b: i128| a.checked_mul(b).ok_or(Overflow);
        let above = cross(self.0, other.1)?.checked_add(cross(other.0, self.1)?).ok_or(Overflow)?;
        Self::new(above, cross(self.1, other.1)?)
    }

    fn minus(self, other: Self) -> Result<Self, Overflow> {
        self.plus(Self(-other.0, other.1))
    }

    fn times(self, other: Self) -> Result<Self, Overflow> {
        let above = self.0.checked_mul(other.0).ok_or(Overflow)?;
        let below = self.1.checked_mul(other.1).ok_or(Overflow)?;
        if below == 1 { Ok(Self::whole(above)) } else { Self::new(above, below) }
    }

    fn over(self, other: Self) -> Result<Self, Overflow> {
        self.times(Self::new(other.1, other.0)?)
    }

    fn against(self, bound: i128) -> Result<Ordering, Overflow> {
        Ok(self.0.cmp(&bound.checked_mul(self.1).ok_or(Overflow)?))
    }

    const fn floor(self) -> i128 {
        self.0.div_euclid(self.1)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(0)
}

/// Inequalities over cells, ready to be asked again as bounds tighten.
///
/// Variables are numbered: cells first, then one for each row, the sum of its cells.
#[derive(Clone, Debug)]
pub(super) struct System {
    cells: usize,
    least: Vec<i128>,
    most: Vec<i128>,
    value: Vec<Fraction>,
    /// The variable each row of the tableau solves for.
    basic: Vec<usize>,
    /// The variable each column stands for.
    free: Vec<usize>,
    /// `basic[i] = Σ tableau[i][j] · free[j]`.
    tableau: Vec<Vec<Fraction>>,
}

impl System {
    /// `caps` is the number of people in each cell.
    pub(super) fn new(caps: &[i128], rows: &[Row]) -> Self {
        let cells = caps.len();
        let tableau = rows.iter().map(|row| {
            let mut line = vec![Fraction::ZERO; cells];
            for &cell in &row.cells {
                line[cell] = Fraction::whole(1);
            }
            line
        });
        Self {
            cells,
            least: std::iter::repeat_n(0, cells).chain(rows.iter().map(|row| row.least)).collect(),
            most: caps.iter().copied().chain(rows.iter().map(|row| row.most)).collect(),
            value: vec![Fraction::ZERO; cells + rows.len()],
            basic: (cells..cells + rows.len()).collect(),
            free: (0..cells).collect(),
            tableau: tableau.collect(),
        }
    }

    /// Asks with `cell` at least `least`, and keeps that bound when the answer is yes.
    pub(super) fn ask(&mut self, cell: usize, least: i128) -> Answer {
        let before = self.least[cell];
        if least > self.most[cell] {
            return Answer::No(Vec::new());
        }
        let answer = match self.raise(cell, least) {
            Ok(()) => self.solve(),
            Err(Overflow) => Answer::Undecided,
        };
        if !matches!(answer, Answer::Yes(_)) {
            self.least[cell] = before;
        }
        answer
    }

    /// Asks with the bounds as they are.
    pub(super) fn solve(&mut self) -> Answer {
        let (mut nodes, mut blame) = (0, Vec::new());
        match self.branch(&mut nodes, &mut blame) {
            Ok(true) => Answer::Yes(self.value[..self.cells].iter().map(|v| v.floor()).collect()),
            Ok(false) => {
                blame.sort_unstable();
                blame.dedup();
                Answer::No(blame)
            }
            Err(Overflow) => Answer::Undecided,
        }
    }

    /// Finds whole numbers; bounds are as before afterwards, values stay within them.
    fn branch(&mut self, nodes: &mut usize, blame: &mut Vec<usize>) -> Result<bool, Overflow> {
        *nodes += 1;
        if *nodes > NODES {
            return Err(Overflow);
        }
        if let Some(rows) = self.relax()? {
            blame.extend(rows);
            return Ok(false);
        }
        let Some(cell) = (0..self.cells).find(|&cell| self.value[cell].1 != 1) else {
            return Ok(true);
        };
        let (least, most, floor) = (self.least[cell], self.most[cell], self.value[cell].floor());
        let done = self.lower(cell, floor).and_then(|()| self.branch(nodes, blame));
        self.most[cell] = most;
        if done? {
            return Ok(true);
        }
        let done = self.raise(cell, floor + 1).and_then(|()| self.branch(nodes, blame));
        self.least[cell] = least;
        done
    }

    fn raise(&mut self, variable: usize, least: i128) -> Result<(), Overflow> {
        self.least[variable] = least;
        if self.value[variable].against(least)? == Ordering::Less {
            self.shift(variable, least)?;
        }
        Ok(())
    }

    fn lower(&mut self, variable: usize, most: i128) -> Result<(), Overflow> {
        self.most[variable] = most;
        if self.value[variable].against(most)? == Ordering::Greater {
            self.shift(variable, most)?;
        }
        Ok(())
    }

    /// Sets a free variable and what follows from it; a basic one is mended by [`Self::relax`].
    fn shift(&mut self, variable: usize, to: i128) -> Result<(), Overflow> {
        let Some(column) = self.free.iter().position(|&free| free == variable) else {
            return Ok(());
        };
        let by = Fraction::whole(to).minus(self.value[variable])?;
        for (row, &basic) in self.basic.iter().enumerate() {
            let step = self.tableau[row][column];
            if step.0 != 0 {
                self.value[basic] = self.value[basic].plus(step.times(by)?)?;
            }
        }
        self.value[variable] = Fraction::whole(to);
        Ok(())
    }

    /// Moves values within all bounds, in fractions; otherwise the rows that stand in the way.
    fn relax(&mut self) -> Result<Option<Vec<usize>>, Overflow> {
        loop {
            let mut broken: Option<(usize, usize, bool)> = None;
            for (row, &basic) in self.basic.iter().enumerate() {
                let value = self.value[basic];
                let short = value.against(self.least[basic])? == Ordering::Less;
                let over = value.against(self.most[basic])? == Ordering::Greater;
                if (short || over) && broken.is_none_or(|(known, ..)| basic < known) {
                    broken = Some((basic, row, short));
                }
            }
            let Some((basic, row, short)) = broken else { return Ok(None) };
            let mut entering: Option<(usize, usize)> = None;
            for (column, &free) in self.free.iter().enumerate() {
                let step = self.tableau[row][column].0;
                if step == 0 || entering.is_some_and(|(known, _)| known < free) {
                    continue;
                }
                let up = (step > 0) == short;
                let room = if up {
                    self.value[free].against(self.most[free])? == Ordering::Less
                } else {
                    self.value[free].against(self.least[free])? == Ordering::Greater
                };
                if room {
                    entering = Some((free, column));
                }
            }
            let Some((_, column)) = entering else {
                let mut blame = vec![basic];
                let used = self.free.iter().enumerate();
                blame.extend(
                    used.filter(|&(c, _)| self.tableau[row][c].0 != 0).map(|(_, &free)| free),
                );
                let cells = self.cells;
                blame.retain(|&variable| variable >= cells);
                return Ok(Some(blame.into_iter().map(|variable| variable - cells).collect()));
            };
            let bound = if short { self.least[basic] } else { self.most[basic] };
            self.pivot(row, column, bound)?;
        }
    }

    /// Makes the row's variable free at `bound`, and the column's basic.
    fn pivot(&mut self, row: usize, column: usize, bound: i128) -> Result<(), Overflow> {
        let (leaving, entering) = (self.basic[row], self.free[column]);
        let pivot = self.tableau[row][column];
        let by = Fraction::whole(bound).minus(self.value[leaving])?.over(pivot)?;
        self.value[leaving] = Fraction::whole(bound);
        self.value[entering] = self.value[entering].plus(by)?;
        for (other, &basic) in self.basic.iter().enumerate() {
            let step = self.tableau[other][column];
            if other != row && step.0 != 0 {
                self.value[basic] = self.value[basic].plus(step.times(by)?)?;
            }
        }
        // entering = leaving / pivot − Σ (other steps / pivot)
        let mut line = std::mem::take(&mut self.tableau[row]);
        for (at, step) in line.iter_mut().enumerate() {
            if at == column {
                *step = Fraction::whole(1).over(pivot)?;
            } else if step.0 != 0 {
                let share = step.over(pivot)?;
                *step = Fraction(-share.0, share.1);
            }
        }
        for other in &mut self.tableau {
            let Some(&factor) = other.get(column) else { continue };
            if factor.0 == 0 {
                continue;
            }
            other[column] = Fraction::ZERO;
            for (step, own) in other.iter_mut().zip(&line) {
                if own.0 != 0 {
                    *step = step.plus(factor.times(*own)?)?;
                }
            }
        }
        self.tableau[row] = line;
        self.basic[row] = entering;
        self.free[column] = leaving;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Tries every combination.
    fn by_trial(caps: &[i128], rows: &[Row]) -> bool {
        fn go(caps: &[i128], rows: &[Row], chosen: &mut Vec<i128>) -> bool {
            if chosen.len() == caps.len() {
                return rows.iter().all(|row| {
                    let sum: i128 = row.cells.iter().map(|&cell| chosen[cell]).sum();
                    (row.least..=row.most).contains(&sum)
                });
            }
            for x in 0..=caps[chosen.len()] {
                chosen.push(x);
                if go(caps, rows, chosen) {
                    return true;
                }
                chosen.pop();
            }
            false
        }
        go(caps, rows, &mut Vec::new())
    }

    fn meets(x: &[i128], caps: &[i128], rows: &[Row]) -> bool {
        x.iter().zip(caps).all(|(x, cap)| (0..=*cap).contains(x))
            && rows.iter().all(|row| {
                let sum: i128 = row.cells.iter().map(|&cell| x[cell]).sum();
                (row.least..=row.most).contains(&sum)
            })
    }

    #[test]
    fn whole_people_only() {
        // Three cells, any two hold exactly one: x = ½ each in fractions, impossible in people.
        let row = |cells: [usize; 2]| Row { cells: cells.to_vec(), least: 1, most: 1 };
        let rows = [row([0, 1]), row([1, 2]), row([0, 2])];
        assert_eq!(System::new(&[1, 1, 1], &rows).solve(), Answer::No(vec![0, 1, 2]));
        assert!(matches!(System::new(&[1, 1, 1], &rows[..2]).solve(), Answer::Yes(_)));
    }

    proptest! {
        #[test]
        fn agrees_with_trial(
            caps in proptest::collection::vec(0_i128..3, 1..6),
            rows in proptest::collection::vec((0_u32..64, 0_i128..4, 0_i128..4), 1..6),
            then in 0_usize..6,
        ) {
            let rows: Vec<Row> = rows.into_iter().map(|(mask, least, more)| Row {
                cells: (0..caps.len()).filter(|cell| mask >> cell & 1 == 1).collect(),
                least, most: least + more,
            }).collect();
            let mut system = System::new(&caps, &rows);
            let first = system.solve();
            match &first {
                Answer::Yes(x) => prop_assert!(meets(x, &caps, &rows)),
                Answer::No(blame) => {
                    prop_assert!(!by_trial(&caps, &rows));
                    let blamed: Vec<Row> = blame.iter().map(|&row| rows[row].clone()).collect();
                    prop_assert!(!by_trial(&caps, &blamed), "the blamed rows suffice");
                }
                Answer::Undecided => prop_assert!(false),
            }
            // Ask on: one more of a cell, then again as before.
            let cell = then % caps.len();
            if matches!(first, Answer::Yes(_)) {
                let mut more = rows.clone();
                more.push(Row { cells: vec![cell], least: 1, most: 9 });
                let answer = system.ask(cell, 1);
                prop_assert_eq!(matches!(answer, Answer::Yes(_)), by_trial(&caps, &more));
                prop_assert!(matches!(system.solve(), Answer::Yes(_)));
            }
        }
    }
}
