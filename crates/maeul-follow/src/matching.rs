//! Who is told of what: wishes lie in an index by case, by 동 and by coarse squares of the map, so that
//! each change looks only at those it may concern. Pure.

use std::collections::HashMap;

use jiff::Timestamp;
use maeul_base::{CaseId, DongCode};
use maeul_cases::place::metres_between;
use maeul_language::{grams, query_phrases};
use maeul_public::read::PublicCase;

use crate::news::{Kind, concerns};
use crate::wish::{What, Wish};

/// A square of the map, degrees × 10^7: about 5.5 km high and at least 4 km wide in Korea, so that
/// the widest radius reaches no further than the next one.
const SQUARE: i64 = 500_000;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What is followed.
    pub wish: Wish,
    /// Told up to here.
    pub mark_at: Timestamp,
    phrases: Vec<String>,
}

impl Wanted {
    /// Of a wish.
    pub fn new(wish: Wish, mark_at: Timestamp) -> Self {
        let phrases = query_phrases(&wish.words).into_iter().map(|it| format!(" {it} ")).collect();
        Self { wish, mark_at, phrases }
    }
}

/// Something that happened to a public case, ready to be compared.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Which case.
    pub case: CaseId,
    /// What happened.
    pub kind: Kind,
    /// When it was noted.
    pub noted_at: Timestamp,
    dong: Option<DongCode>,
    service: Option<String>,
    cell: Option<(i64, i64)>,
    /// Its published words as the search keeps them, a space at both ends.
    grams: String,
}

impl Subject {
    /// Of a case as everybody sees it.
    pub fn new(case: &PublicCase, kind: Kind, noted_at: Timestamp) -> Self {
        let words = case.text.as_ref().map(|text| grams(&format!("{}\n{}", text.title, text.body)));
        Self {
            case: case.picture.case,
            kind,
            noted_at,
            dong: case.picture.dong.clone(),
            service: case.picture.service.clone(),
            cell: case.picture.cell,
            grams: format!(" {} ", words.unwrap_or_default()),
        }
    }

    /// Whether it is to be told to whom wants that.
    pub fn is_wanted(&self, wanted: &Wanted) -> bool {
        let Wish { what, service, .. } = &wanted.wish;
        self.noted_at > wanted.mark_at
            && concerns(self.kind, what, !wanted.phrases.is_empty())
            && match what {
                What::Case(case) => *case == self.case,
                What::Dong(dong) => self.dong.as_ref() == Some(dong),
                What::Place { at, radius_m } => {
                    self.cell.is_some_and(|cell| metres_between(*at, cell) <= i64::from(*radius_m))
                }
                What::All => true,
            }
            && (service.is_none() || *service == self.service)
            && wanted.phrases.iter().all(|phrase| self.grams.contains(phrase))
    }
}

/// Wishes by what can concern them; each is known by its place in the list it was made of.
pub struct Index<'a> {
    wanted: &'a [Wanted],
    by_case: HashMap<CaseId, Vec<usize>>,
    by_dong: HashMap<&'a DongCode, Vec<usize>>,
    by_square: HashMap<(i64, i64), Vec<usize>>,
    of_all: Vec<usize>,
}

const fn square(at: (i64, i64)) -> (i64, i64) {
    (at.0.div_euclid(SQUARE), at.1.div_euclid(SQUARE))
}

impl<'a> Index<'a> {
    /// Of these.
    pub fn new(wanted: &'a [Wanted]) -> Self {
        let mut index = Self {
            wanted,
            by_case: HashMap::new(),
            by_dong: HashMap::new(),
            by_square: HashMap::new(),
            of_all: Vec::new(),
        };
        for (place, it) in wanted.iter().enumerate() {
            match &it.wish.what {
                What::Case(case) => index.by_case.entry(*case).or_default().push(place),
                What::Dong(dong) => index.by_dong.entry(dong).or_default().push(place),
                What::Place { at, .. } => {
                    index.by_square.entry(square(*at)).or_default().push(place);
                }
                What::All => index.of_all.push(place),
            }
        }
        index
    }

    /// The places of those who want to hear of it, in order.
    pub fn matching(&self, subject: &Subject) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut look = |places: Option<&Vec<usize>>| {
            found.extend(places.into_iter().flatten().copied().filter(|place| {
                self.wanted.get(*place).is_some_and(|wanted| subject.is_wanted(wanted))
            }));
        };
        look(self.by_case.get(&subject.case));
        look(subject.dong.as_ref().and_then(|dong| self.by_dong.get(dong)));
        if let Some((north, east)) = subject.cell.map(square) {
            for row in north - 1..=north + 1 {
                for column in east - 1..=east + 1 {
                    look(self.by_square.get(&(row, column)));
                }
            }
        }
        look(Some(&self.of_all));
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
