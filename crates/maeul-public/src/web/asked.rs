//! What a list was asked for: the same parameters on pages, in files and in feeds.

use jiff::civil::Date;
use maeul_base::Lang;
use maeul_cases::{Knowledge, Outcome};
use maeul_web::{Fields, Visit, WebError, encode};

use crate::read::{Filter, Which};

/// The most letters that are looked for.
const LONGEST: usize = 100;

/// A filter with what could not be read of it.
pub(crate) struct Asked {
    pub(crate) filter: Filter,
    /// How many of the newest; none: all.
    pub(crate) newest: Option<usize>,
    pub(crate) wrong: Vec<(String, String)>,
    pub(crate) fields: Fields,
}

/// Reads `dong, service, state, outcome, from, to, q`; what is blank asks for nothing.
pub(crate) fn asked(lang: Lang, know: &Knowledge, query: Option<&str>) -> Asked {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, ko: &str, en: &str| {
        wrong.push((field.to_owned(), lang.t(ko, en).to_owned()));
    };
    let mut filter = Filter::default();
    for code in fields.all("dong") {
        match code.parse() {
            Ok(code) if know.dong_index().is_some_and(|index| index.get(&code).is_some()) => {
                filter.dongs.push(code);
            }
            _ => refuse(
                "dong",
                "우리 동이 아니에요. 목록에서 골라 주세요.",
                "That is no dong of this office. Please choose from the list.",
            ),
        }
    }
    for code in fields.all("service") {
        if know.service(code).is_some() {
            filter.services.push(code.to_owned());
        } else {
            refuse(
                "service",
                "그런 분야가 없어요. 목록에서 골라 주세요.",
                "There is no such service. Please choose from the list.",
            );
        }
    }
    if let Some(word) = fields.opt("state") {
        filter.state = Which::parse(word);
        if filter.state.is_none() {
            refuse(
                "state",
                "그런 상태가 없어요. open, received, working, answered 가운데 하나예요.",
                "There is no such state: open, received, working or answered.",
            );
        }
    }
    if let Some(word) = fields.opt("outcome") {
        filter.outcome = Outcome::parse(word);
        if filter.outcome.is_none() {
            refuse(
                "outcome",
                "그런 처리 결과가 없어요. done, refused, long_term, needs_budget 가운데 하나예요.",
                "There is no such outcome: done, refused, long_term or needs_budget.",
            );
        }
    }
    for (name, day) in [("from", &mut filter.from), ("to", &mut filter.to)] {
        let Some(text) = fields.opt(name) else { continue };
        match text.parse::<Date>() {
            Ok(read) => *day = Some(read),
            Err(_) => refuse(
                name,
                "날짜는 2026-06-08처럼 적어 주세요.",
                "Please write the day like 2026-06-08.",
            ),
        }
    }
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from > to
    {
        refuse(
            "to",
            "끝 날이 첫 날보다 앞서요. 두 날을 바꾸어 주세요.",
            "The last day is before the first. Please swap them.",
        );
    }
    filter.words = fields.get("q").chars().filter(|it| !it.is_control()).take(LONGEST).collect();
    let newest = fields.opt("newest").map(str::parse::<usize>);
    if matches!(newest, Some(Err(_))) {
        refuse("newest", "건수는 숫자로 적어 주세요.", "Please write how many as a number.");
    }
    let newest = newest.and_then(Result::ok);
    Asked { filter, newest, wrong, fields }
}

impl Asked {
    /// The query of another page or file that asks for the same, without `?`; empty for all.
    pub(crate) fn query(&self) -> String {
        let filter = &self.filter;
        let mut pairs: Vec<(&str, String)> = Vec::new();
        pairs.extend(filter.dongs.iter().map(|code| ("dong", code.to_string())));
        pairs.extend(filter.services.iter().map(|code| ("service", code.clone())));
        pairs.extend(filter.state.map(|it| ("state", it.as_str().to_owned())));
        pairs.extend(filter.outcome.map(|it| ("outcome", it.as_str().to_owned())));
        pairs.extend(filter.from.map(|day| ("from", day.to_string())));
        pairs.extend(filter.to.map(|day| ("to", day.to_string())));
        if !filter.words.is_empty() {
            pairs.push(("q", filter.words.clone()));
        }
        let pairs: Vec<String> =
            pairs.into_iter().map(|(name, value)| format!("{name}={}", encode(&value))).collect();
        pairs.join("&")
    }

    /// Whether all is asked for.
    pub(crate) fn is_all(&self) -> bool {
        self.filter == Filter::default()
    }

    /// A program that asked for what cannot be read is told so.
    pub(crate) fn right(self) -> Result<Self, WebError> {
        let Some((field, _)) = self.wrong.first() else { return Ok(self) };
        let say = format!(" ({field})");
        Err(WebError::refused(
            axum::http::StatusCode::BAD_REQUEST,
            "filter.wrong",
            &format!("조건을 읽을 수 없어요{say}. 쓸 수 있는 값은 공개 자료 안내에 있어요."),
            &format!(
                "A condition cannot be read{say}. The page on open data lists what can be asked."
            ),
        ))
    }
}

/// Address and name of each choice for a list, with which is chosen.
pub(crate) struct Choices {
    pub(crate) dongs: Vec<(String, String)>,
    pub(crate) services: Vec<(String, String)>,
}

/// What can be chosen: the services of which cases are listed, and all 동.
pub(crate) fn choices(visit: &Visit, know: &Knowledge, listed: bool) -> Choices {
    let lang = visit.lang();
    let least =
        if listed { maeul_cases::Publicity::Outline } else { maeul_cases::Publicity::Figures };
    Choices {
        dongs: know
            .dongs()
            .into_iter()
            .map(|it| (it.code.to_string(), it.name.get(lang).to_owned()))
            .collect(),
        services: know
            .services()
            .filter(|it| maeul_cases::Channel::ALL.iter().any(|by| it.publicity(*by) >= least))
            .map(|it| (it.code.clone(), it.name.get(lang).to_owned()))
            .collect(),
    }
}
