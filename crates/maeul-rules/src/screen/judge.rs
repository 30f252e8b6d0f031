//! One batch judged by all programmes: the lines for the lists and the counts.
#![expect(clippy::indexing_slicing, reason = "programmes, cells and rows are counted here")]

use std::io::Write as _;

use super::batch::Batch;
use super::bits::Bits;
use super::csvfile::quote;
use super::missing::{cone, walk};
use super::tally::{BANDS, Count, Tally, band};
use super::vector::{Machine, Plan};
use crate::compile::{Level, N};
use crate::eval::years;

/// The header of the list of eligible households and persons.
pub const ELIGIBLE_HEADER: &str = "programme,household_id,person_id,dong_code,amount_won,unit\n";
/// The header of the list of answers that are not known.
pub const UNKNOWN_HEADER: &str = "programme,household_id,person_id,dong_code,missing\n";

/// What was found in one batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Lines of CSV, as [`ELIGIBLE_HEADER`].
    pub eligible: Vec<u8>,
    /// Lines of CSV, as [`UNKNOWN_HEADER`].
    pub unknown: Vec<u8>,
    /// The counts.
    pub tally: Tally,
}

/// Judges batches.
pub struct Judge<'a> {
    plan: &'a Plan<'a>,
    machine: Machine<'a>,
    cones: Vec<Vec<N>>,
    birth: Option<usize>,
}

/// The 동 of a batch and for each household and person its cell: 동 × band.
struct Cells {
    dongs: Vec<i64>,
    homes: Vec<usize>,
    people: Vec<usize>,
}

impl<'a> Judge<'a> {
    /// For a plan.
    pub fn new(plan: &'a Plan<'a>) -> Self {
        let compiled = plan.compiled();
        let cones = compiled
            .programmes
            .iter()
            .map(|programme| cone(compiled, programme.eligible))
            .collect();
        Self { plan, machine: Machine::new(plan), cones, birth: plan.column("birth_date") }
    }

    /// All programmes over all rows of `batch`.
    pub fn judge(&mut self, batch: &Batch) -> Piece {
        self.machine.run(batch);
        let cells = self.cells(batch);
        let mut piece = Piece::default();
        piece.tally.households = u64::try_from(batch.households()).unwrap_or(0);
        piece.tally.persons = u64::try_from(batch.persons()).unwrap_or(0);
        let mut counts = vec![Count::default(); cells.dongs.len() * BANDS.len()];
        for programme in 0..self.plan.compiled().programmes.len() {
            counts.fill(Count::default());
            self.programme(batch, &cells, programme, &mut counts, &mut piece);
            for (cell, count) in counts.iter().enumerate().filter(|(_, count)| count.judged > 0) {
                let (dong, band) = (cells.dongs[cell / BANDS.len()], cell % BANDS.len());
                piece.tally.cells.insert((programme, dong, band), *count);
            }
        }
        piece
    }

    fn cells(&self, batch: &Batch) -> Cells {
        let on = self.plan.compiled().on;
        let mut dongs: Vec<i64> = batch.dong.clone();
        dongs.sort_unstable();
        dongs.dedup();
        let mut homes = Vec::with_capacity(batch.households());
        let mut people = Vec::with_capacity(batch.persons());
        for (home, dong) in batch.dong.iter().enumerate() {
            let base = dongs.binary_search(dong).unwrap_or(0) * BANDS.len();
            let of = |row: usize| {
                let birth = self.birth.and_then(|column| batch.columns[column].get(row));
                base + band(birth.map(|birth| years(birth, on)))
            };
            homes.push(of(batch.members(home).start));
            people.extend(batch.members(home).map(of));
        }
        Cells { dongs, homes, people }
    }

    fn programme(
        &self,
        batch: &Batch,
        cells: &Cells,
        index: usize,
        counts: &mut [Count],
        piece: &mut Piece,
    ) {
        let compiled = self.plan.compiled();
        let programme = &compiled.programmes[index];
        let person = programme.entity == Level::Person;
        let cell_of = if person { &cells.people } else { &cells.homes };
        for &cell in cell_of {
            counts[cell].judged += 1;
        }
        let rows = cell_of.len();
        let spread = |n: N| person && compiled.nodes[n].level != Level::Person;
        let (yes, open) = self.answers(batch, programme.eligible, rows, spread(programme.eligible));
        let amount = programme.amount.as_ref().map(|amount| (amount.node, spread(amount.node)));
        let unit =
            programme.amount.as_ref().map_or_else(String::new, |amount| amount.quantity.name());
        for row in yes.rows() {
            let count = &mut counts[cell_of[row]];
            count.eligible += 1;
            let out = &mut piece.eligible;
            let home = self.keys(out, &programme.id, batch, row, person);
            if let Some((node, spread)) = amount {
                match self.machine.value(batch, node, if spread { home } else { row }) {
                    Some(won) => {
                        count.won += i128::from(won);
                        digits(out, won);
                    }
                    None => count.amount_unknown += 1,
                }
            }
            out.push(b',');
            out.extend_from_slice(unit.as_bytes());
            out.push(b'\n');
        }
        if open.count() == 0 {
            return;
        }
        let missing =
            walk(&self.machine, batch, compiled, &self.cones[index], programme.entity, &open);
        for (fact, rows) in &missing.facts {
            let name = compiled.registry.def(*fact).map_or_else(String::new, |def| def.id.clone());
            *piece.tally.missing.entry((index, name)).or_default() +=
                u64::try_from(rows.count()).unwrap_or(0);
        }
        for &(table, rows) in &missing.tables {
            let key = compiled.table_keys.get(table).map_or("", String::as_str);
            *piece.tally.missing.entry((index, format!("p.{key}"))).or_default() +=
                u64::try_from(rows).unwrap_or(0);
        }
        for row in open.rows() {
            counts[cell_of[row]].unknown += 1;
            let out = &mut piece.unknown;
            self.keys(out, &programme.id, batch, row, person);
            let mut first = true;
            for (fact, rows) in &missing.facts {
                if rows.get(row)
                    && let Some(def) = compiled.registry.def(*fact)
                {
                    if !std::mem::take(&mut first) {
                        out.push(b' ');
                    }
                    out.extend_from_slice(def.id.as_bytes());
                }
            }
            if first {
                for (at, &(table, _)) in missing.tables.iter().enumerate() {
                    let key = compiled.table_keys.get(table).map_or("", String::as_str);
                    let _ = write!(out, "{}p.{key}", if at > 0 { " " } else { "" });
                }
            }
            out.push(b'\n');
        }
    }

    /// The rows that are eligible, and those that are not known.
    fn answers(&self, batch: &Batch, node: N, rows: usize, spread: bool) -> (Bits, Bits) {
        let (mut yes, mut open) = (Bits::default(), Bits::default());
        if spread {
            yes.fill(rows, false);
            open.fill(rows, false);
            for row in 0..rows {
                let home = self.machine.owner(row);
                let known = self.machine.is_known(batch, node, home);
                yes.set(row, known && self.machine.is_yes(node, home));
                open.set(row, !known);
            }
        } else {
            yes.assign(rows, self.machine.words(node, rows).map(|(yes, _)| yes));
            open.assign(rows, self.machine.words(node, rows).map(|(_, known)| !known));
        }
        (yes, open)
    }

    /// Writes programme, household, person and 동; gives the household's row.
    fn keys(
        &self,
        out: &mut Vec<u8>,
        programme: &str,
        batch: &Batch,
        row: usize,
        person: bool,
    ) -> usize {
        let home = if person { self.machine.owner(row) } else { row };
        out.extend_from_slice(programme.as_bytes());
        out.push(b',');
        out.extend_from_slice(quote(batch.household_ids.get(home)).as_bytes());
        out.push(b',');
        if person {
            out.extend_from_slice(quote(batch.person_ids.get(row)).as_bytes());
        }
        out.push(b',');
        digits(out, batch.dong[home]);
        out.push(b',');
        home
    }
}

/// Writes a whole number.
fn digits(out: &mut Vec<u8>, value: i64) {
    let mut text = [0_u8; 20];
    let mut left = value.unsigned_abs();
    let mut at = text.len();
    loop {
        at -= 1;
        text[at] = b'0' + u8::try_from(left % 10).unwrap_or(0);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&text[at..]);
}
