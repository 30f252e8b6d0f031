//! The office's 동: a map drawn by the server, a list, and a page for each.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use maeul_base::DongCode;
use maeul_place::{DongIndex, SvgMap};
use maeul_web::{PageCtx, PageResult, Visit, WebError, page};

struct DongLine {
    href: String,
    name: String,
    residents: String,
}

#[derive(Template)]
#[template(path = "app/map.html")]
struct MapPage {
    c: PageCtx,
    svg: String,
    dongs: Vec<DongLine>,
}

struct DutyLine {
    name: String,
    unit: String,
    phone: String,
}

#[derive(Template)]
#[template(path = "app/dong.html")]
struct DongPage {
    c: PageCtx,
    name: String,
    svg: String,
    residents: String,
    counted_on: String,
    office_name: String,
    office_phone: String,
    legal: Vec<String>,
    duties: Vec<DutyLine>,
    report: String,
}

/// Borders on the interactive map may be this much simpler than they are.
const SIMPLER_BY_METRES: f64 = 3.0;

async fn index(visit: &Visit) -> Result<DongIndex, WebError> {
    let (office, today) = (visit.office().id, maeul_base::seoul::date(visit.now()));
    Ok(visit.site().db().read(move |tx| maeul_place::load_index(tx, office, today)).await?)
}

/// `GET /map`
pub(crate) async fn list(visit: Visit) -> PageResult {
    let index = index(&visit).await?;
    let lang = visit.lang();
    let (office, base) = (visit.office().id, visit.base().to_owned());
    let today = maeul_base::seoul::date(visit.now());
    let people =
        visit.site().db().read(move |tx| maeul_place::population(tx, office, today)).await?;
    let label = visit.t("동 지도", "Map of the dongs");
    let svg = SvgMap::new(index.dongs(), lang, label)
        .link(|dong| Some(format!("{base}/dong/{}", dong.code)))
        .draw();
    let mut dongs: Vec<DongLine> = index
        .dongs()
        .iter()
        .map(|dong| DongLine {
            href: format!("{}/dong/{}", visit.base(), dong.code),
            name: dong.name(lang).to_owned(),
            residents: people
                .iter()
                .find(|count| count.code == dong.code)
                .map(|count| maeul_base::Won(count.residents).to_string())
                .unwrap_or_default(),
        })
        .collect();
    dongs.sort_by(|a, b| a.name.cmp(&b.name));
    page(&MapPage { c: visit.page("map"), svg, dongs })
}

/// `GET /map/dongs.json`: the borders, for the map island.
pub(crate) async fn geojson(visit: Visit) -> PageResult {
    let index = index(&visit).await?;
    let body = maeul_place::geojson(index.dongs(), SIMPLER_BY_METRES).to_string();
    let cache = (header::CACHE_CONTROL, "public, max-age=3600");
    Ok(([(header::CONTENT_TYPE, "application/geo+json"), cache], body).into_response())
}

/// `GET /dong/{code}`
pub(crate) async fn show(visit: Visit, Path(code): Path<String>) -> PageResult {
    let code: DongCode = code.parse().map_err(|_| WebError::not_found())?;
    let index = index(&visit).await?;
    let lang = visit.lang();
    let dong = index.get(&code).ok_or_else(WebError::not_found)?;
    let (office, today) = (visit.office().id, maeul_base::seoul::date(visit.now()));
    let (people, legal, chart, duties) = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, maeul_base::Fault>((
                maeul_place::population(tx, office, today)?,
                maeul_place::legal_dongs(tx, office)?,
                maeul_org::Chart::load(tx, office)?,
                maeul_org::duties(tx, office)?,
            ))
        })
        .await?;
    let count = people.iter().find(|count| count.code == code);
    let own = chart.units().find(|unit| unit.dong.as_ref() == Some(&code) && unit.in_force(today));
    let mut duties: Vec<DutyLine> = duties
        .iter()
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
    let svg = SvgMap::new(index.dongs(), lang, dong.name(lang).to_owned())
        .shade(move |dong| (dong.code == this).then_some(3))
        .draw();
    page(&DongPage {
        c: visit.page("map"),
        name: dong.name(lang).to_owned(),
        svg,
        residents: count.map(|it| maeul_base::Won(it.residents).to_string()).unwrap_or_default(),
        counted_on: count
            .map(|it| maeul_base::seoul::day_text(it.on_day, lang))
            .unwrap_or_default(),
        office_name: own.map(|unit| unit.name(lang).to_owned()).unwrap_or_default(),
        office_phone: own.map(|unit| unit.phone.clone()).unwrap_or_default(),
        legal: legal
            .into_iter()
            .filter(|legal| legal.dong_code == code)
            .map(|legal| legal.name)
            .collect(),
        duties,
        report: format!("{}/report", visit.base()),
    })
}
