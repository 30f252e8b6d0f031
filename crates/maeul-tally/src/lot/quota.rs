//! Quotas as data: how many seats, and between which bounds each part of the people must lie.
//!
//! ```toml
//! procedure = "maeul-lot/1"
//! seats = 60
//!
//! [[band]]                    # cuts a column of numbers: 19–39, 40–59, 60 and above
//! name = "연령대"
//! from = "나이"
//! steps = [19, 40, 60]
//!
//! [[quota]]                   # of every sex at most 60 percent
//! each = "성별"
//! max_percent = 60
//!
//! [[quota]]                   # at least one from every 동
//! each = "동"
//! min = 1
//!
//! [[quota]]                   # at least eight women under 40
//! where = { "성별" = "여", "연령대" = "19-39" }   # TOML wants quotes around Korean names
//! min = 8
//! ```
//!
//! A percentage is of the seats; a minimum is rounded up and a maximum down, so that the words of an ordinance
//! ("at most 60 percent") hold exactly. `each` stands for one quota for every value found in the list; with
//! `values = […]` for these, whether or not anybody has them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::candidates::Candidates;
use super::error::{LotError, QuotaProblem, RowProblem, Short, TooMany};
use super::feasible::Row;

/// A quota file as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    procedure: String,
    #[serde(default)]
    title: String,
    seats: u32,
    #[serde(default)]
    seed_source: String,
    #[serde(default)]
    band: Vec<Band>,
    #[serde(default)]
    quota: Vec<Line>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Band {
    name: String,
    from: String,
    steps: Vec<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default, rename = "where")]
    having: BTreeMap<String, OneOrMore>,
    each: Option<String>,
    values: Option<Vec<String>>,
    min: Option<u32>,
    max: Option<u32>,
    min_percent: Option<u32>,
    max_percent: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn values(&self) -> Vec<String> {
        match self {
            Self::One(value) => vec![value.clone()],
            Self::More(values) => values.clone(),
        }
    }
}

/// A quota file that has been read.
#[derive(Clone, Debug)]
pub struct Quotas {
    file: File,
}

/// One bound on a part of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The part, e.g. `성별=여` or `동=치평동 & 성별=여`.
    pub part: String,
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// Candidates in this part.
    pub candidates: u32,
}

impl Quota {
    /// The part with its bounds, e.g. `성별=여 24–36`.
    pub fn text(&self) -> String {
        format!("{} {}–{}", self.part, self.least, self.most)
    }
}

/// Candidates sorted into cells: people in one cell count alike for every quota.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// The cell of each candidate.
    pub(super) of: Vec<usize>,
    /// The values of each cell, for reading.
    pub(super) names: Vec<String>,
    /// How many candidates each has.
    pub(super) caps: Vec<i128>,
    /// The quotas, in the order of the file.
    pub(super) quotas: Vec<Quota>,
    /// The same as inequalities; the last row is the number of seats.
    pub(super) rows: Vec<Row>,
}

/// Attribute names and, for each, the values a quota admits.
type Wanted = Vec<(usize, BTreeSet<String>)>;

impl Quotas {
    /// Reads a quota file.
    ///
    /// # Errors
    /// Not TOML, an unknown key, another procedure, bounds that cannot be meant.
    pub fn read(text: &str) -> Result<Self, LotError> {
        let file: File = toml::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| LotError::Quota(error.to_string()))?;
        if file.procedure != super::PROCEDURE {
            return Err(LotError::Procedure(file.procedure));
        }
        for band in &file.band {
            let rises = band.steps.is_sorted_by(|a, b| a < b);
            if band.steps.is_empty() || !rises {
                return Err(LotError::QuotaSays(band.name.clone(), QuotaProblem::Steps));
            }
        }
        for line in &file.quota {
            line.check().map_err(|problem| LotError::QuotaSays(line.name(), problem))?;
        }
        Ok(Self { file })
    }

    /// What the panel is for; may be empty.
    pub fn title(&self) -> &str {
        &self.file.title
    }

    /// How many people are drawn.
    pub const fn seats(&self) -> u32 {
        self.file.seats
    }

    /// Where the seed comes from, as announced; may be empty.
    pub fn seed_source(&self) -> &str {
        &self.file.seed_source
    }

    /// Sorts the candidates, and refuses what no panel can meet by itself.
    pub(super) fn cells(&self, candidates: &Candidates) -> Result<Cells, LotError> {
        let seats = self.file.seats;
        let people = candidates.rows().len();
        if seats == 0 || usize::try_from(seats).is_ok_and(|seats| seats > people) {
            return Err(LotError::Seats { seats, candidates: people });
        }
        let names = self.attributes();
        let values = self.values(&names, candidates)?;
        let mut known: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
        for value in &values {
            let next = known.len();
            known.entry(value).or_insert(next);
        }
        let of: Vec<usize> = values.iter().filter_map(|value| known.get(value).copied()).collect();
        let mut caps = vec![0_i128; known.len()];
        for &cell in &of {
            if let Some(cap) = caps.get_mut(cell) {
                *cap += 1;
            }
        }
        let mut content: Vec<&Vec<String>> = vec![&EMPTY; known.len()];
        for (value, &cell) in &known {
            if let Some(slot) = content.get_mut(cell) {
                *slot = value;
            }
        }
        let mut cells = Cells {
            of,
            names: content.iter().map(|value| value.join(" · ")).collect(),
            caps,
            quotas: Vec::new(),
            rows: Vec::new(),
        };
        for line in &self.file.quota {
            for (part, wanted) in line.parts(&names, &content) {
                cells.add(part, line.bounds(seats), &wanted, &content);
            }
        }
        let all = (0..cells.caps.len()).collect();
        cells.rows.push(Row { cells: all, least: seats.into(), most: seats.into() });
        let short: Vec<Short> = cells
            .quotas
            .iter()
            .filter(|quota| quota.least > quota.candidates)
            .map(|quota| Short {
                quota: quota.part.clone(),
                least: quota.least,
                most: quota.most,
                candidates: quota.candidates,
            })
            .collect();
        if short.is_empty() { Ok(cells) } else { Err(LotError::Short(short)) }
    }

    /// Every column or band a quota asks for, once.
    fn attributes(&self) -> Vec<String> {
        let mut names = Vec::new();
        for line in &self.file.quota {
            for name in line.having.keys().chain(&line.each) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        names
    }

    /// The values of those attributes for every candidate.
    fn values(
        &self,
        names: &[String],
        candidates: &Candidates,
    ) -> Result<Vec<Vec<String>>, LotError> {
        let mut sources = Vec::new();
        for name in names {
            let band = self.file.band.iter().find(|band| &band.name == name);
            let column = candidates.column(band.map_or(name, |band| &band.from))?;
            sources.push((name, column, band));
        }
        let mut problems = TooMany::default();
        let mut values = Vec::with_capacity(candidates.rows().len());
        for candidate in candidates.rows() {
            let mut own = Vec::with_capacity(sources.len());
            for &(name, column, band) in &sources {
                let cell = candidate.cell(column);
                let value = match band {
                    _ if cell.is_empty() => {
                        Err(RowProblem::Empty(band.map_or(name, |band| &band.from).clone()))
                    }
                    None => Ok(cell.to_owned()),
                    Some(band) => band.label(cell),
                };
                match value {
                    Ok(value) => own.push(value),
                    Err(problem) => problems.push(candidate.line, problem),
                }
            }
            values.push(own);
        }
        problems.none()?;
        Ok(values)
    }
}

static EMPTY: Vec<String> = Vec::new();

impl Cells {
    fn add(
        &mut self,
        part: String,
        (least, most): (u32, u32),
        wanted: &Wanted,
        content: &[&Vec<String>],
    ) {
        let here: Vec<usize> = content
            .iter()
            .enumerate()
            .filter(|(_, values)| {
                wanted
                    .iter()
                    .all(|(at, admitted)| values.get(*at).is_some_and(|v| admitted.contains(v)))
            })
            .map(|(cell, _)| cell)
            .collect();
        let people: i128 = here.iter().filter_map(|&cell| self.caps.get(cell)).sum();
        let candidates = u32::try_from(people).unwrap_or(u32::MAX);
        self.quotas.push(Quota { part, least, most, candidates });
        self.rows.push(Row { cells: here, least: least.into(), most: most.into() });
    }
}

impl Band {
    /// `19-39`, or `60+` for the last.
    fn label(&self, cell: &str) -> Result<String, RowProblem> {
        let value: u32 = cell.parse().map_err(|_| RowProblem::NotANumber {
            column: self.from.clone(),
            value: cell.to_owned(),
        })?;
        let at = self.steps.partition_point(|&step| step <= value);
        let Some(start) = at.checked_sub(1).and_then(|at| self.steps.get(at)) else {
            let first = self.steps.first().copied().unwrap_or(0);
            return Err(RowProblem::BelowBands { column: self.from.clone(), value, first });
        };
        Ok(match self.steps.get(at) {
            Some(next) => format!("{start}-{}", next - 1),
            None => format!("{start}+"),
        })
    }
}

impl Line {
    fn name(&self) -> String {
        match &self.each {
            Some(each) => format!("each {each}"),
            None => part(self.having.iter().map(|(name, value)| (name.as_str(), value.values()))),
        }
    }

    fn check(&self) -> Result<(), QuotaProblem> {
        if self.having.is_empty() == self.each.is_none()
            || (self.each.is_none() && self.values.is_some())
        {
            return Err(QuotaProblem::WhereOrEach);
        }
        if self.min.is_some() && self.min_percent.is_some()
            || self.max.is_some() && self.max_percent.is_some()
        {
            return Err(QuotaProblem::BothBounds);
        }
        let all = [self.min, self.max, self.min_percent, self.max_percent];
        if all.iter().all(Option::is_none) {
            return Err(QuotaProblem::NoBound);
        }
        if [self.min_percent, self.max_percent].into_iter().flatten().any(|percent| percent > 100) {
            return Err(QuotaProblem::Percent);
        }
        let crossed =
            |least: Option<u32>, most: Option<u32>| least.zip(most).is_some_and(|(l, m)| l > m);
        if crossed(self.min, self.max) || crossed(self.min_percent, self.max_percent) {
            return Err(QuotaProblem::Crossed);
        }
        Ok(())
    }

    /// In people: a minimum rounded up, a maximum down.
    fn bounds(&self, seats: u32) -> (u32, u32) {
        let of = |percent: u32| u64::from(seats) * u64::from(percent);
        let people = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let least = self.min.or(self.min_percent.map(|p| people(of(p).div_ceil(100)))).unwrap_or(0);
        let most = self.max.or(self.max_percent.map(|p| people(of(p) / 100))).unwrap_or(seats);
        (least, most)
    }

    /// The quotas this line stands for.
    fn parts(&self, names: &[String], content: &[&Vec<String>]) -> Vec<(String, Wanted)> {
        let at = |name: &String| names.iter().position(|known| known == name);
        let Some(each) = &self.each else {
            let wanted = self.having.iter();
            let wanted = wanted.filter_map(|(name, value)| {
                Some((at(name)?, value.values().into_iter().collect()))
            });
            return vec![(self.name(), wanted.collect())];
        };
        let Some(column) = at(each) else { return Vec::new() };
        let found: BTreeSet<String> =
            content.iter().filter_map(|values| values.get(column).cloned()).collect();
        let values: Vec<String> = match &self.values {
            Some(values) => values.clone(),
            None => found.into_iter().collect(),
        };
        let one = |value: String| {
            (part([(each.as_str(), vec![value.clone()])]), vec![(column, BTreeSet::from([value]))])
        };
        values.into_iter().map(one).collect()
    }
}

fn part<'a>(conditions: impl IntoIterator<Item = (&'a str, Vec<String>)>) -> String {
    let one = |(name, values): (&str, Vec<String>)| format!("{name}={}", values.join("|"));
    conditions.into_iter().map(one).collect::<Vec<_>>().join(" & ")
}
