//! What is asked of a list: 동, service, state, outcome, span, words. The same everywhere.

use jiff::ToSpan;
use jiff::civil::Date;
use maeul_base::{Cursor, DongCode, seoul};
use maeul_cases::Outcome;
use maeul_db::search::Asked;
use maeul_db::{Sql, args};
use maeul_language::query_phrases;

use crate::words::PublicState;

/// Which states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One that is named.
    State(PublicState),
    /// Whatever is not answered.
    Open,
}

impl Which {
    /// The name in an address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::State(state) => state.as_str(),
            Self::Open => "open",
        }
    }

    /// The one of that name.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "open" { Some(Self::Open) } else { PublicState::parse(text).map(Self::State) }
    }
}

/// Which cases of those that are listed; the default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In one of these 동; none: anywhere.
    pub dongs: Vec<DongCode>,
    /// Of one of these services; none: any.
    pub services: Vec<String>,
    /// In that state.
    pub state: Option<Which>,
    /// Answered like that.
    pub outcome: Option<Outcome>,
    /// That came in on or after this day.
    pub from: Option<Date>,
    /// That came in on or before this day.
    pub to: Option<Date>,
    /// Whose published summary has these words.
    pub words: String,
    /// Only with a published summary.
    pub with_text: bool,
    /// Only with a place.
    pub with_place: bool,
}

impl Filter {
    /// What is asked of the index of published words; none where no words are.
    pub(crate) fn asked(&self, after: Option<Cursor>) -> Option<Asked> {
        if self.words.trim().is_empty() {
            return None;
        }
        let since = self.from.map(|from| seoul::instant(from.at(0, 0, 0, 0)));
        let phrases = query_phrases(&self.words);
        Some(Asked { phrases, tags: Vec::new(), after, since })
    }

    /// Appends the conditions on `public_case p`, but for the words.
    pub(crate) fn narrow(&self, sql: &mut Sql) {
        sql.add(" AND p.listed", []);
        if !self.dongs.is_empty() {
            sql.and_in("p.dong_code", &self.dongs);
        }
        if !self.services.is_empty() {
            sql.and_in("p.service_code", &self.services);
        }
        match self.state {
            Some(Which::State(state)) => sql.add(" AND p.state = ?", args![state]),
            Some(Which::Open) => sql.add(" AND p.state <> ?", args![PublicState::Answered]),
            None => sql,
        };
        if let Some(outcome) = self.outcome {
            sql.add(" AND p.outcome = ?", args![outcome]);
        }
        if let Some(from) = self.from {
            sql.add(" AND p.received_at >= ?", args![seoul::instant(from.at(0, 0, 0, 0))]);
        }
        if let Some(next) = self.to.and_then(|to| to.checked_add(1.day()).ok()) {
            sql.add(" AND p.received_at < ?", args![seoul::instant(next.at(0, 0, 0, 0))]);
        }
        if self.with_place {
            sql.add(" AND p.lat_e7 IS NOT NULL", []);
        }
        if self.with_text {
            sql.add(
                " AND EXISTS (SELECT 1 FROM public_text t
                      WHERE t.office_id = p.office_id AND t.case_id = p.case_id)",
                [],
            );
        }
    }
}
