//! Figures for everybody: each with the counts behind it, printable, and the same as a file.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::RawQuery;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maeul_base::{DongCode, Lang, seoul};
use maeul_cases::{Knowledge, Outcome};
use maeul_web::{Fields, PageCtx, PageResult, Visit, encode, page};
use maeul_wire::open311::csv_line;

use super::asked::{Choices, choices};
use super::shelf::Shelf;
use super::words::{say_count, say_hundredths, say_minutes, say_permille};
use crate::Settings;
use crate::figures::{Counted, Sums, Told, breakdown, month_of};

/// How many months are shown unless others are asked for.
const MONTHS: i32 = 12;

/// Which cases are counted: whole months, so that nobody can count a single day by two questions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) dong: Option<DongCode>,
    pub(crate) service: Option<String>,
}

impl Span {
    /// Reads `from, to, dong, service`; what cannot be read asks for nothing.
    pub(crate) fn read(fields: &Fields, now: Timestamp) -> Self {
        let today = seoul::date(now);
        let first = today.first_of_month().checked_sub((MONTHS - 1).months()).unwrap_or(today);
        let month = |name: &str, otherwise: Date| {
            let day = format!("{}-01", fields.get(name)).parse::<Date>();
            month_of(day.unwrap_or(otherwise))
        };
        Self {
            from: month("from", first),
            to: month("to", today),
            dong: fields.opt("dong").and_then(|code| code.parse().ok()),
            service: fields.opt("service").map(str::to_owned),
        }
    }

    /// Its first instant, and the first after it; none for months that are none.
    pub(crate) fn instants(&self) -> Option<(Timestamp, Timestamp)> {
        let first = |month: &str| format!("{month}-01").parse::<Date>().ok();
        let next = first(&self.to)?.checked_add(1.month()).ok()?;
        let instant = |day: Date| seoul::instant(day.at(0, 0, 0, 0));
        Some((instant(first(&self.from)?), instant(next)))
    }

    /// A part of the office's cases: then even its sum may be too small to be told.
    const fn is_part(&self) -> bool {
        self.dong.is_some() || self.service.is_some()
    }

    /// The span this one is a row of, where it is one of a table.
    pub(crate) fn whole(&self) -> Option<Self> {
        let is_row = self.dong.is_some() != self.service.is_some();
        is_row.then(|| Self { dong: None, service: None, ..self.clone() })
    }

    fn query(&self) -> String {
        let mut query = format!("?from={}&to={}", self.from, self.to);
        if let Some(dong) = &self.dong {
            query.push_str(&format!("&dong={dong}"));
        }
        if let Some(service) = &self.service {
            query.push_str(&format!("&service={}", encode(service)));
        }
        query
    }
}

/// A breakdown: its rows by code.
pub(crate) type Rows = Vec<(String, Told)>;

/// Everything on the page.
#[derive(Clone)]
pub(crate) struct Figures {
    /// When they were counted.
    pub(crate) at: Timestamp,
    pub(crate) all: Told,
    pub(crate) months: Rows,
    pub(crate) dongs: Rows,
    pub(crate) services: Rows,
}

impl Figures {
    /// The row of that 동; none where nothing is counted there.
    pub(crate) fn dong(&self, code: &DongCode) -> Option<&Told> {
        self.dongs.iter().find(|(it, _)| it == code.as_str()).map(|(_, told)| told)
    }

    /// The row of a span among these.
    pub(crate) fn part(&self, span: &Span) -> Option<&Told> {
        let of = |service: &String| self.services.iter().find(|(it, _)| it == service);
        match (&span.dong, &span.service) {
            (Some(code), None) => self.dong(code),
            (None, Some(service)) => of(service).map(|(_, told)| told),
            _ => None,
        }
    }

    /// The same with nothing told: what is kept from one table is not to be reckoned from another.
    pub(crate) fn hidden(&self) -> Self {
        let mut hidden = self.clone();
        let Self { all, months, dongs, services, .. } = &mut hidden;
        all.hide();
        months.iter_mut().chain(dongs).chain(services).for_each(|(_, told)| told.hide());
        hidden
    }
}

/// The figures of these cases, which are those of the span.
pub(crate) fn figures(
    counted: &[Counted],
    settings: &Settings,
    span: &Span,
    now: Timestamp,
) -> Figures {
    let cases: Vec<&Counted> = counted.iter().collect();
    let smallest = settings.smallest_count;
    let by = |key: &dyn Fn(&Counted) -> String| {
        let mut groups: BTreeMap<String, Vec<&Counted>> = BTreeMap::new();
        for case in &cases {
            groups.entry(key(case)).or_default().push(case);
        }
        let rows: Vec<(String, Sums)> = groups
            .into_iter()
            .map(|(key, group)| (key, Sums::of(group.iter().copied(), now)))
            .collect();
        breakdown(&rows, smallest)
    };
    let sums = Sums::of(cases.iter().copied(), now);
    let all = if span.is_part() { sums.without_small(smallest) } else { Told::all(sums) };
    let mut months = by(&Counted::month);
    months.reverse();
    let mut services = by(&|it| it.service.clone().unwrap_or_default());
    services.sort_by_key(|(_, told)| std::cmp::Reverse(told.sums.received));
    Figures {
        at: now,
        all,
        months,
        dongs: by(&|it| it.dong.as_ref().map(ToString::to_string).unwrap_or_default()),
        services,
    }
}

/// A row of a table, in words.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) received: String,
    pub(crate) answered: String,
    pub(crate) late: String,
    pub(crate) median: String,
    pub(crate) ninetieth: String,
    pub(crate) in_time: String,
    pub(crate) rating: String,
}

/// What stands where a figure is too small to be told.
pub(crate) fn small(settings: &Settings, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("{} 미만", settings.smallest_count),
        Lang::En => format!("under {}", settings.smallest_count),
    }
}

/// Sums in words; `-` where there is nothing to reckon from.
pub(crate) fn row(name: String, href: String, told: &Told, settings: &Settings, lang: Lang) -> Row {
    let small = small(settings, lang);
    let count = |hidden: bool, n: i64| if hidden { small.clone() } else { say_count(n) };
    let time = |minutes: Option<i64>| {
        let none = if told.answered { small.clone() } else { "-".to_owned() };
        minutes.map_or(none, |it| say_minutes(it, lang))
    };
    let sums = &told.sums;
    Row {
        name,
        href,
        received: count(told.received, sums.received),
        answered: count(told.answered, sums.answered),
        late: count(told.late, sums.late),
        median: time(sums.median),
        ninetieth: time(sums.ninetieth),
        in_time: match sums.in_time_permille() {
            None => "-".to_owned(),
            Some(_) if told.in_time => small.clone(),
            Some(share) => format!(
                "{} ({}/{})",
                say_permille(share),
                say_count(sums.in_time),
                say_count(sums.in_time_of)
            ),
        },
        rating: match sums.rating_hundredths() {
            None => "-".to_owned(),
            Some(_) if told.ratings => small.clone(),
            Some(mean) => format!("{} ({})", say_hundredths(mean), say_count(sums.ratings)),
        },
    }
}

struct Ended {
    name: &'static str,
    count: String,
    share: String,
}

#[derive(Template)]
#[template(path = "public/figures.html")]
struct FiguresPage {
    c: PageCtx,
    choices: Choices,
    span: Span,
    dong: String,
    service: String,
    at: String,
    smallest: i64,
    all: Row,
    some: bool,
    ended: Vec<Ended>,
    months: Vec<Row>,
    dongs: Vec<Row>,
    services: Vec<Row>,
    file: String,
}

/// `GET /figures`: from, to (months), dong, service.
pub(crate) async fn show(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let span = Span::read(&fields, visit.now());
    let settings = shelf.settings();
    let found = shelf.figures(&visit, &span).await?;
    let lang = visit.lang();
    let base = visit.base();
    let days = days_of(&span);
    let list = |field: &str, code: &str| {
        if code.is_empty() { String::new() } else { format!("{base}/cases?{field}={code}&{days}") }
    };
    let rows = |rows: &Rows, name: &dyn Fn(&str) -> String, href: &dyn Fn(&str) -> String| {
        rows.iter()
            .map(|(code, told)| row(name(code), href(code), told, &settings, lang))
            .collect::<Vec<Row>>()
    };
    let all = &found.all.sums;
    let small = small(&settings, lang);
    page(&FiguresPage {
        c: visit.page("figures"),
        choices: choices(&visit, &know, false),
        dong: span.dong.as_ref().map(ToString::to_string).unwrap_or_default(),
        service: span.service.clone().unwrap_or_default(),
        at: seoul::time_text(found.at, lang),
        smallest: settings.smallest_count,
        some: all.received > 0,
        ended: Outcome::ALL
            .iter()
            .zip(all.outcomes)
            .map(|(outcome, n)| {
                let hidden = span.is_part()
                    && (found.all.answered || (n > 0 && n < settings.smallest_count));
                let permille = if all.answered > 0 { n * 1_000 / all.answered } else { 0 };
                Ended {
                    name: outcome.name(lang),
                    count: if hidden { small.clone() } else { say_count(n) },
                    share: if hidden { String::new() } else { say_permille(permille) },
                }
            })
            .collect(),
        all: row(String::new(), String::new(), &found.all, &settings, lang),
        months: rows(&found.months, &|code| month_name(code, lang), &|code| match format!(
            "{code}-01"
        )
        .parse::<Date>()
        {
            Ok(first) => {
                format!("{base}/cases?from={first}&to={}", first.last_of_month())
            }
            Err(_) => String::new(),
        }),
        dongs: rows(&found.dongs, &|code| dong_name(&know, code, lang), &|code| list("dong", code)),
        services: rows(&found.services, &|code| service_name(&know, code, lang), &|code| {
            list("service", code)
        }),
        file: format!("{base}/open-data/figures.csv{}", span.query()),
        span,
    })
}

/// The days of a span, as the list of cases asks for them.
fn days_of(span: &Span) -> String {
    let last = format!("{}-01", span.to).parse::<Date>().map(Date::last_of_month);
    match last {
        Ok(last) => format!("from={}-01&to={last}", span.from),
        Err(_) => String::new(),
    }
}

fn month_name(code: &str, lang: Lang) -> String {
    match (code.split_once('-'), lang) {
        (Some((year, month)), Lang::Ko) => {
            format!("{year}년 {}월", month.trim_start_matches('0'))
        }
        _ => code.to_owned(),
    }
}

pub(crate) fn dong_name(know: &Knowledge, code: &str, lang: Lang) -> String {
    match code.parse::<DongCode>() {
        Ok(code) => know.dong_name(&code, lang).to_owned(),
        Err(_) => lang.t("동을 알 수 없음", "Dong not known").to_owned(),
    }
}

fn service_name(know: &Knowledge, code: &str, lang: Lang) -> String {
    know.service_name(code, lang).to_owned()
}

/// The columns of `figures.csv`.
pub(crate) const COLUMNS: [&str; 16] = [
    "breakdown",
    "code",
    "name_ko",
    "name_en",
    "from",
    "to",
    "received",
    "answered",
    "overdue",
    "median_minutes",
    "p90_minutes",
    "in_statutory_time",
    "in_statutory_time_of",
    "satisfaction_mean",
    "ratings",
    "suppressed",
];

/// The same figures as a file; a cell that is too small to be told is empty, and the last column says
/// so.
pub(crate) fn csv(know: &Knowledge, found: &Figures, span: &Span) -> String {
    let mut out = String::from('\u{FEFF}');
    out.push_str(&csv_line(COLUMNS));
    let (ko, en) = (Lang::Ko, Lang::En);
    let mut add = |kind: &str, code: &str, names: [String; 2], told: &Told| {
        let sums = &told.sums;
        let cell = |hidden: bool, n: Option<i64>| match n {
            Some(n) if !hidden => n.to_string(),
            _ => String::new(),
        };
        let [name_ko, name_en] = names;
        let mean = sums.rating_hundredths().map(|it| format!("{}.{:02}", it / 100, it % 100));
        let hidden = told.received || told.answered || told.late || told.in_time || told.ratings;
        out.push_str(&csv_line([
            kind.to_owned(),
            code.to_owned(),
            name_ko,
            name_en,
            span.from.clone(),
            span.to.clone(),
            cell(told.received, Some(sums.received)),
            cell(told.answered, Some(sums.answered)),
            cell(told.late, Some(sums.late)),
            cell(told.answered, sums.median),
            cell(told.answered, sums.ninetieth),
            cell(told.in_time, Some(sums.in_time)),
            cell(told.in_time, Some(sums.in_time_of)),
            mean.filter(|_| !told.ratings).unwrap_or_default(),
            cell(told.ratings, Some(sums.ratings)),
            i32::from(hidden).to_string(),
        ]));
    };
    let office = know.office();
    add("all", &office.code, [office.name_ko.clone(), office.name_en.clone()], &found.all);
    for (code, told) in &found.months {
        add("month", code, [month_name(code, ko), month_name(code, en)], told);
    }
    for (code, told) in &found.dongs {
        add("dong", code, [dong_name(know, code, ko), dong_name(know, code, en)], told);
    }
    for (code, told) in &found.services {
        add("service", code, [service_name(know, code, ko), service_name(know, code, en)], told);
    }
    out
}
