//! The office's 동: a map drawn by the server with what was reported where, a list, and a page for
//! each.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::IntoResponse;
use maeul_base::{DongCode, Fault, Won, seoul};
use maeul_place::{DongIndex, DongPopulation};
use maeul_web::{Fields, PageCtx, PageResult, Visit, WebError, encode, page};

use super::asked::{Choices, choices};
use super::figures::{Figures, Row, Span, row, small};
use super::line::{Line, line};
use super::shelf::Shelf;
use super::words::say_count;
use crate::figures::{Sums, Told};
use crate::read::{self, Filter};

/// Borders on the interactive map may be this much simpler than they are.
const SIMPLER_BY_METRES: f64 = 3.0;
/// How many of the newest cases the page of a 동 shows.
const NEWEST: usize = 5;

struct DongLine {
    href: String,
    list: String,
    name: String,
    residents: String,
    received: String,
    open: String,
}

#[derive(Template)]
#[template(path = "public/map.html")]
struct MapPage {
    c: PageCtx,
    choices: Choices,
    span: Span,
    service: String,
    open: bool,
    svg: String,
    dongs: Vec<DongLine>,
    dongs_json: String,
    points: String,
}

struct DutyLine {
    name: String,
    unit: String,
    phone: String,
}

#[derive(Template)]
#[template(path = "public/dong.html")]
struct DongPage {
    c: PageCtx,
    code: String,
    name: String,
    svg: String,
    residents: String,
    counted_on: String,
    office_name: String,
    office_phone: String,
    legal: Vec<String>,
    duties: Vec<DutyLine>,
    report: String,
    figures: Row,
    some: bool,
    from: String,
    to: String,
    newest: Vec<Line>,
}

/// The residents of each 동.
async fn people(visit: &Visit) -> Result<Vec<DongPopulation>, WebError> {
    let (office, today) = (visit.office().id, seoul::date(visit.now()));
    Ok(visit.site().db().read(move |tx| maeul_place::population(tx, office, today)).await?)
}

/// How many cases of a 동 are counted (all, or only the open), and how many of them are open; none
/// where that is too few to be told, or tells of another 동 that has too few.
fn of_dong(
    found: &Figures,
    code: &DongCode,
    only_open: bool,
    smallest: i64,
) -> (Option<i64>, Option<i64>) {
    let row = found.dong(code);
    let received = row.map_or(0, |row| row.sums.received);
    let open = row.map_or(0, |row| row.sums.received - row.sums.answered);
    let hidden = row.is_some_and(|row| row.received);
    let told = |n: i64| (!hidden && (n == 0 || n >= smallest)).then_some(n);
    (told(if only_open { open } else { received }), told(open))
}

/// One of three grades between the least and the most; the lowest is the colour of every 동.
fn shade(n: i64, least: i64, most: i64) -> Option<u8> {
    match (n - least) * 3 / (most - least + 1) {
        1 => Some(1),
        2 => Some(2),
        _ => None,
    }
}

/// `GET /map`: from, to (months), service, open.
pub(crate) async fn list(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let span = Span { dong: None, ..Span::read(&fields, visit.now()) };
    let open = fields.has("open");
    let settings = shelf.settings();
    let found = shelf.figures(&visit, &span).await?;
    let people = people(&visit).await?;
    let none = DongIndex::new(Vec::new());
    let index = know.dong_index().unwrap_or(&none);
    let (lang, base) = (visit.lang(), visit.base().to_owned());
    let of = |code: &DongCode| of_dong(&found, code, open, settings.smallest_count);
    let told_of = || index.dongs().iter().filter_map(|dong| of(&dong.code).0);
    let (least, most) = (told_of().min().unwrap_or(0), told_of().max().unwrap_or(0));
    let few = small(&settings, lang);
    let told = |n: Option<i64>| n.map_or_else(|| few.clone(), say_count);
    let svg = index
        .map(lang, visit.t("동 지도", "Map of the dongs"))
        .link(|dong| Some(format!("{base}/dong/{}", dong.code)))
        .shade(|dong| of(&dong.code).0.and_then(|n| shade(n, least, most)))
        .note(|dong| Some(format!("{} {}", told(of(&dong.code).0), lang.t("건", "cases"))))
        .mark(|dong| of(&dong.code).0.filter(|n| *n > 0).map(say_count))
        .draw();
    let conditions = conditions(&span, open);
    let mut dongs: Vec<DongLine> = index
        .dongs()
        .iter()
        .map(|dong| {
            let (received, unanswered) = of(&dong.code);
            DongLine {
                href: format!("{base}/dong/{}", dong.code),
                list: format!("{base}/cases?dong={}&{conditions}", dong.code),
                name: dong.name(lang).to_owned(),
                residents: people
                    .iter()
                    .find(|count| count.code == dong.code)
                    .map(|count| Won(count.residents).to_string())
                    .unwrap_or_default(),
                received: told(received),
                open: told(unanswered),
            }
        })
        .collect();
    dongs.sort_by(|a, b| a.name.cmp(&b.name));
    page(&MapPage {
        c: visit.page("map"),
        choices: choices(&visit, &know, false),
        service: span.service.clone().unwrap_or_default(),
        open,
        svg,
        dongs,
        dongs_json: format!("{base}/map/dongs.json"),
        points: format!("{base}/open-data/cases.geojson?newest=300&{conditions}"),
        span,
    })
}

/// What is asked of the map, as the list of cases asks for it.
fn conditions(span: &Span, open: bool) -> String {
    let last = format!("{}-01", span.to).parse::<jiff::civil::Date>();
    let to = last.map(|day| day.last_of_month().to_string()).unwrap_or_default();
    let mut conditions = format!("from={}-01&to={to}", span.from);
    if let Some(service) = &span.service {
        conditions.push_str(&format!("&service={}", encode(service)));
    }
    if open {
        conditions.push_str("&state=open");
    }
    conditions
}

/// `GET /map/dongs.json`: the borders, for the map island.
pub(crate) async fn geojson(visit: Visit) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let none = DongIndex::new(Vec::new());
    let index = know.dong_index().unwrap_or(&none);
    let body = maeul_place::geojson(index.dongs(), SIMPLER_BY_METRES).to_string();
    let cache = (header::CACHE_CONTROL, "public, max-age=3600");
    Ok(([(header::CONTENT_TYPE, "application/geo+json"), cache], body).into_response())
}

/// `GET /dong/{code}`
pub(crate) async fn show(visit: Visit, Path(code): Path<String>) -> PageResult {
    let code: DongCode = code.parse().map_err(|_| WebError::not_found())?;
    let (shelf, know) = Shelf::of(&visit).await?;
    let index = know.dong_index().ok_or_else(WebError::not_found)?;
    let lang = visit.lang();
    let dong = index.get(&code).ok_or_else(WebError::not_found)?;
    let (office, today) = (visit.office().id, seoul::date(visit.now()));
    let filter = Filter { dongs: vec![code.clone()], ..Filter::default() };
    let of = code.clone();
    let (people, legal, newest) = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, Fault>((
                maeul_place::population_of(tx, office, &of, today)?,
                maeul_place::legal_names(tx, office, &of)?,
                read::page(tx, office, &filter, None, NEWEST)?,
            ))
        })
        .await?;
    let settings = shelf.settings();
    // Its row among all 동, which are counted together.
    let span = Span::read(&Fields::default(), visit.now());
    let all = shelf.figures(&visit, &span).await?;
    let told = all.dong(&code).cloned().unwrap_or_else(|| Told::all(Sums::default()));
    let chart = know.chart();
    let own = chart.units().find(|unit| unit.dong.as_ref() == Some(&code) && unit.in_force(today));
    let mut duties: Vec<DutyLine> = chart
        .duties()
        .filter_map(|duty| {
            let unit = chart.responsible(&duty.code, Some(&code), today).unit?;
            Some(DutyLine {
                name: lang.t(&duty.name_ko, &duty.name_en).to_owned(),
                unit: unit.name(lang).to_owned(),
                phone: unit.phone.clone(),
            })
        })
        .collect();
    duties.sort_by(|a, b| a.name.cmp(&b.name));
    let this = code.clone();
    let svg =
        index.map(lang, dong.name(lang)).shade(move |dong| (dong.code == this).then_some(3)).draw();
    page(&DongPage {
        c: visit.page("map"),
        code: code.to_string(),
        name: dong.name(lang).to_owned(),
        svg,
        residents: people.as_ref().map(|it| Won(it.residents).to_string()).unwrap_or_default(),
        counted_on: people.map(|it| seoul::day_text(it.on_day, lang)).unwrap_or_default(),
        office_name: own.map(|unit| unit.name(lang).to_owned()).unwrap_or_default(),
        office_phone: own.map(|unit| unit.phone.clone()).unwrap_or_default(),
        legal,
        duties,
        report: format!("{}/report", visit.base()),
        some: told.sums.received > 0,
        figures: row(String::new(), String::new(), &told, &settings, lang),
        from: span.from,
        to: span.to,
        newest: newest.rows.iter().map(|case| line(&visit, &know, case)).collect(),
    })
}
