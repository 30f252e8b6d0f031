//! Which requests a list is asked for: the filters of the specification and the usual extensions.

use jiff::{SignedDuration, Timestamp};
use maeul_base::Lang;

use super::degrees::degrees_e7;
use super::form::Pairs;
use super::request::Status;
use super::time::read_time;

/// The longest span of requested times, in days.
pub const SPAN_DAYS: i64 = 90;
/// The most that one answer holds.
pub const MOST: usize = 1_000;
/// The farthest radius, in metres.
const FARTHEST: i64 = 50_000;

/// A span of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The earliest.
    pub from: Timestamp,
    /// The latest.
    pub to: Timestamp,
}

/// Around a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Latitude and longitude, degrees × 10⁷.
    pub point: (i64, i64),
    /// In metres.
    pub radius: i64,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// These and nothing else: overrides every other filter.
    pub ids: Vec<String>,
    /// Of these services; empty: of any.
    pub services: Vec<String>,
    /// Requested then.
    pub requested: Option<Window>,
    /// Of this status; `None`: of any.
    pub status: Option<Status>,
    /// Changed after this.
    pub updated_after: Option<Timestamp>,
    /// Changed before this.
    pub updated_before: Option<Timestamp>,
    /// South-west and north-east corner, each latitude and longitude in degrees × 10⁷.
    pub bbox: Option<((i64, i64), (i64, i64))>,
    /// Around a point.
    pub near: Option<Near>,
    /// With what happened so far, answers and photos.
    pub extensions: bool,
    /// Which page, from 1.
    pub page: usize,
    /// How many on a page.
    pub page_size: usize,
}

/// The items of a comma list.
pub fn list_of(text: Option<&str>) -> Vec<String> {
    let items = text.unwrap_or_default().split(',').map(str::trim);
    items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

impl Filter {
    /// From a query; everything that is wrong with it, in words.
    pub fn read(pairs: &Pairs, now: Timestamp, lang: Lang) -> Result<Self, Vec<String>> {
        let mut wrong = Wrong { lang, said: Vec::new() };
        let ids = list_of(pairs.get("service_request_id"));
        let (updated_after, updated_before) =
            (time(pairs, "updated_after", &mut wrong), time(pairs, "updated_before", &mut wrong));
        let requested = Window::read(
            pairs,
            now,
            // What changed lately may have been requested long ago.
            updated_after.is_none() && updated_before.is_none(),
            &mut wrong,
        );
        let filter = Self {
            services: list_of(pairs.get("service_code")),
            requested,
            status: status(pairs, &mut wrong),
            updated_after,
            updated_before,
            bbox: bbox(pairs, &mut wrong),
            near: near(pairs, &mut wrong),
            extensions: matches!(pairs.get("extensions"), Some("true" | "1")),
            page: count(pairs, "page", 1, usize::MAX / MOST, &mut wrong),
            page_size: count(pairs, "page_size", MOST, MOST, &mut wrong),
            ids,
        };
        // Ids override all other arguments, wrong ones too.
        if wrong.said.is_empty() || !filter.ids.is_empty() { Ok(filter) } else { Err(wrong.said) }
    }
}

/// What is wrong with a query, in the reader's language.
#[derive(Debug)]
pub struct Wrong {
    lang: Lang,
    /// One sentence each.
    pub said: Vec<String>,
}

impl Wrong {
    /// Nothing yet.
    pub const fn new(lang: Lang) -> Self {
        Self { lang, said: Vec::new() }
    }

    fn say(&mut self, ko: &str, en: &str) {
        self.said.push(self.lang.t(ko, en).to_owned());
    }
}

impl Window {
    /// `start_date` and `end_date`: at most 90 days apart; one alone takes the other 90 days away;
    /// neither: the last 90 days where `default` says so.
    pub fn read(pairs: &Pairs, now: Timestamp, default: bool, wrong: &mut Wrong) -> Option<Self> {
        let span = SignedDuration::from_hours(SPAN_DAYS * 24);
        let before = |at: Timestamp| at.checked_sub(span).unwrap_or(Timestamp::MIN);
        let after = |at: Timestamp| at.checked_add(span).unwrap_or(Timestamp::MAX);
        let start = time(pairs, "start_date", wrong);
        let window = match (start, time(pairs, "end_date", wrong)) {
            (Some(from), Some(to)) => Self { from, to },
            (Some(from), None) => Self { from, to: after(from) },
            (None, Some(to)) => Self { from: before(to), to },
            (None, None) if default => Self { from: before(now), to: Timestamp::MAX },
            (None, None) => return None,
        };
        if window.from > window.to {
            wrong.say("start_date가 end_date보다 늦습니다.", "start_date is later than end_date.");
        } else if start.is_some() && window.to.duration_since(window.from) > span {
            wrong.say(
                "start_date와 end_date 사이는 90일까지입니다. 기간을 나누어 물어 주십시오.",
                "start_date and end_date may be at most 90 days apart: ask for shorter spans one after another.",
            );
        }
        Some(window)
    }
}

fn time(pairs: &Pairs, name: &str, wrong: &mut Wrong) -> Option<Timestamp> {
    let text = pairs.get(name)?;
    let read = read_time(text);
    if read.is_none() {
        wrong.say(
            &format!("{name}: 날짜와 시각을 시간대와 함께 적어 주십시오. 예: 2026-06-08T10:15:00Z, 2026-06-08T10:15:00+09:00 (주소에서 +는 %2B)"),
            &format!("{name}: write date, time and zone, e.g. 2026-06-08T10:15:00Z or 2026-06-08T10:15:00+09:00 (a plus in a query is %2B)."),
        );
    }
    read
}

fn status(pairs: &Pairs, wrong: &mut Wrong) -> Option<Status> {
    let words = list_of(pairs.get("status"));
    let mut found = Vec::new();
    for word in &words {
        match Status::parse(word) {
            Some(status) if !found.contains(&status) => found.push(status),
            Some(_) => {}
            None => wrong.say(
                "status: open이나 closed, 또는 쉼표로 이은 둘 다",
                "status: open, closed, or both with a comma between",
            ),
        }
    }
    // Both together are as good as none.
    if let [one] = found.as_slice() { Some(*one) } else { None }
}

fn bbox(pairs: &Pairs, wrong: &mut Wrong) -> Option<((i64, i64), (i64, i64))> {
    let text = pairs.get("bbox")?;
    let corners: Option<Vec<i64>> = text.split(',').map(degrees_e7).collect();
    match corners.as_deref() {
        Some([west, south, east, north]) if south <= north && west <= east => {
            Some(((*south, *west), (*north, *east)))
        }
        _ => {
            wrong.say(
                "bbox: 서,남,동,북의 차례로 도 단위의 수 넷",
                "bbox: west,south,east,north in degrees",
            );
            None
        }
    }
}

fn near(pairs: &Pairs, wrong: &mut Wrong) -> Option<Near> {
    let (lat, long, radius) = (pairs.get("lat"), pairs.get("long"), pairs.get("radius"));
    if lat.is_none() && long.is_none() && radius.is_none() {
        return None;
    }
    let degrees = |text: Option<&str>| text.and_then(degrees_e7);
    let radius = radius.and_then(|text| {
        let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
        whole.parse::<i64>().ok().filter(|metres| (0..=FARTHEST).contains(metres))
    });
    match (degrees(lat), degrees(long), radius) {
        (Some(lat), Some(long), Some(radius)) => Some(Near { point: (lat, long), radius }),
        _ => {
            wrong.say(
                "lat, long, radius를 함께 보내 주십시오. 둘은 도, radius는 50,000 이하의 미터입니다.",
                "lat, long and radius belong together: two in degrees, the radius in metres, at most 50,000.",
            );
            None
        }
    }
}

fn count(pairs: &Pairs, name: &str, default: usize, most: usize, wrong: &mut Wrong) -> usize {
    match pairs.get(name).map(str::parse::<usize>) {
        None => default,
        Some(Ok(number)) if number >= 1 => number.min(most),
        Some(_) => {
            wrong.say(
                &format!("{name}: 1 이상의 정수를 적어 주십시오."),
                &format!("{name}: a whole number from 1."),
            );
            default
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<Filter, Vec<String>> {
        let now = "2026-06-08T01:15:00Z".parse().unwrap();
        let pairs = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Filter::read(&Pairs::new(pairs), now, Lang::En)
    }

    #[test]
    fn the_default_is_ninety_days_and_a_thousand() {
        let filter = read(&[]).unwrap();
        let window = filter.requested.unwrap();
        assert_eq!(window.from, "2026-03-10T01:15:00Z".parse().unwrap());
        assert_eq!((filter.page, filter.page_size, filter.status), (1, 1_000, None));
        // What changed lately may be old.
        assert_eq!(read(&[("updated_after", "2026-06-01T00:00:00Z")]).unwrap().requested, None);
    }

    #[test]
    fn a_span_is_at_most_ninety_days() {
        let span = |from, to| read(&[("start_date", from), ("end_date", to)]);
        assert!(span("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z").is_ok());
        assert!(span("2026-01-01T00:00:00Z", "2026-04-01T00:00:01Z").is_err());
        assert!(span("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z").is_err());
        let one = read(&[("start_date", "2026-01-01T00:00:00Z")]).unwrap().requested.unwrap();
        assert_eq!(one.to, "2026-04-01T00:00:00Z".parse().unwrap());
        let other = read(&[("end_date", "2026-04-01T00:00:00Z")]).unwrap().requested.unwrap();
        assert_eq!(other.from, "2026-01-01T00:00:00Z".parse().unwrap());
        assert!(read(&[("start_date", "2026-01-01")]).is_err());
    }

    #[test]
    fn lists_and_places() {
        let filter = read(&[
            ("status", "open,closed"),
            ("service_code", "a, b,"),
            ("bbox", "126.8,35.1,126.9,35.2"),
            ("lat", "35.1"),
            ("long", "126.9"),
            ("radius", "250.5"),
            ("page", "2"),
            ("page_size", "50000"),
            ("extensions", "true"),
        ])
        .unwrap();
        assert_eq!(filter.status, None);
        assert_eq!(filter.services, ["a", "b"]);
        assert_eq!(filter.bbox, Some(((351_000_000, 1_268_000_000), (352_000_000, 1_269_000_000))));
        assert_eq!(filter.near.unwrap().radius, 250);
        assert_eq!((filter.page, filter.page_size, filter.extensions), (2, 1_000, true));
        assert_eq!(read(&[("status", "CLOSED")]).unwrap().status, Some(Status::Closed));
        for wrong in [
            &[("status", "opened")][..],
            &[("bbox", "1,2,3")],
            &[("bbox", "126.9,35.1,126.8,35.2")],
            &[("lat", "35")],
            &[("lat", "35"), ("long", "126"), ("radius", "far")],
            &[("page", "0")],
            &[("page_size", "many")],
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
        // Ids override everything else.
        assert_eq!(
            read(&[("service_request_id", "1,2"), ("status", "x")]).unwrap().ids,
            ["1", "2"]
        );
    }
}
