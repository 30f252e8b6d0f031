//! What is reported when, where and by whom: decided before anything is written.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maeul_base::{DongCode, Lang, seoul};
use maeul_cases::act::Who;
use maeul_cases::service::Service;
use maeul_cases::{Channel, DataType, Knowledge};
use maeul_place::{Dong, DongIndex, Point};

use super::dice::Dice;
use super::people::resident;
use super::phrases::Phrases;
use super::{SEED, pictures, when};

/// The last days are the busiest: so that the desks have something on them.
const RECENT_DAYS: i64 = 22;
/// How many in a hundred reports fall into them.
const RECENT: usize = 18;

/// One report to be made.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Its number among the office's reports.
    pub(crate) index: usize,
    /// When it arrives.
    pub(crate) at: Timestamp,
    pub(crate) channel: Channel,
    pub(crate) lang: Lang,
    /// The service the resident chose, if any.
    pub(crate) service: Option<String>,
    /// The service it is about.
    pub(crate) truth: String,
    /// Which of that service's reports it is.
    pub(crate) template: usize,
    pub(crate) answers: BTreeMap<String, Vec<String>>,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) place: String,
    pub(crate) point: Option<(i64, i64)>,
    pub(crate) dong: Option<DongCode>,
    pub(crate) who: Who,
    /// Which of the drawn pictures come with it.
    pub(crate) pictures: Vec<usize>,
    /// Its dice, for what becomes of it.
    pub(crate) dice: Dice,
}

/// The reports of one office between two instants, the earliest first.
pub(crate) fn plans(
    know: &Knowledge,
    phrases: &Phrases,
    start: Date,
    now: Timestamp,
    count: usize,
) -> Vec<Plan> {
    let services: Vec<&Service> =
        know.services().filter(|service| phrases.service(&service.code).is_some()).collect();
    let mut plans: Vec<Plan> =
        (0..count).filter_map(|index| plan(know, phrases, &services, start, now, index)).collect();
    plans.sort_by_key(|plan| (plan.at, plan.index));
    plans
}

fn plan(
    know: &Knowledge,
    phrases: &Phrases,
    services: &[&Service],
    start: Date,
    now: Timestamp,
    index: usize,
) -> Option<Plan> {
    let office = know.office();
    let mut dice = Dice::new(SEED, office.id.0, index);
    // The first reports go once through all services and all 동; the rest falls as it may.
    let service = match services.get(index) {
        Some(service) => *service,
        None => *dice.pick(services)?,
    };
    let (at, channel) = moment(&mut dice, know, start, now);
    let english = channel == Channel::Web && dice.chance(5);
    let lang = if english { Lang::En } else { Lang::Ko };
    let (words, day) = (phrases.service(&service.code)?, seoul::date(at));
    let report = phrases.report(&mut dice, words, &office.code, lang, day)?;
    let (point, dong) = place(&mut dice, know, service, index);
    let who = who(&mut dice, channel, service, lang);
    // Some do not know which service it is: the coordinator finds out.
    let chosen = !matches!(channel, Channel::Web) || !dice.chance(9);
    let on_site = point.is_some() && channel == Channel::Web;
    let drawn = if on_site && dice.chance(38) { dice.between(1, 3) } else { 0 };
    Some(Plan {
        index,
        at,
        channel,
        lang,
        service: chosen.then(|| service.code.clone()),
        truth: service.code.clone(),
        template: report.template,
        answers: if chosen { answers(&mut dice, service) } else { BTreeMap::new() },
        title: report.title,
        body: report.body,
        place: if point.is_some() || dong.is_some() { report.place } else { String::new() },
        point,
        dong,
        who,
        pictures: pictures::of(&mut dice, &service.code, drawn),
        dice,
    })
}

fn moment(dice: &mut Dice, know: &Knowledge, start: Date, now: Timestamp) -> (Timestamp, Channel) {
    let today = seoul::date(now);
    let all = i64::from(start.until(today).map_or(0, |span| span.get_days())).max(1);
    let recent = RECENT_DAYS.min(all);
    let back = if dice.below(100) < RECENT || all <= recent {
        dice.between(0, recent - 1)
    } else {
        dice.between(recent, all)
    };
    let day = today.checked_sub(back.days()).unwrap_or(today).max(start);
    let channel = match dice.below(100) {
        0..62 => Channel::Web,
        62..84 => Channel::Phone,
        _ => Channel::Counter,
    };
    let at = match channel {
        Channel::Web => when::on_the_web(dice, day),
        _ => when::at_the_counter(dice, know.calendar(), day),
    };
    if at <= now {
        return (at, channel);
    }
    // Later today: it came in on the web a little while ago instead.
    let midnight = seoul::instant(today.at(0, 0, 0, 0));
    let most = now.duration_since(midnight).as_mins().clamp(1, 300);
    (now - when::minutes(dice.between(0, most)), Channel::Web)
}

/// A point, a 동 from the list, or neither.
fn place(
    dice: &mut Dice,
    know: &Knowledge,
    service: &Service,
    index: usize,
) -> (Option<(i64, i64)>, Option<DongCode>) {
    let Some(dongs) = know.dong_index() else { return (None, None) };
    let nowhere = NOWHERE.contains(&service.code.as_str());
    let Some(dong) = dongs.dongs().get(index % dongs.dongs().len().max(1)) else {
        return (None, None);
    };
    match dice.below(100) {
        0..78 if !nowhere => match inside(dice, dongs, dong) {
            Some(point) => (Some(point), None),
            None => (None, Some(dong.code.clone())),
        },
        78..94 if !nowhere => (None, Some(dong.code.clone())),
        0..40 => (None, Some(dong.code.clone())),
        _ => (None, None),
    }
}

/// Services that are about no place.
const NOWHERE: [&str; 5] =
    ["general-inquiry", "law-inquiry", "grievance", "praise", "emergency-relief"];

/// A point inside the 동, found by trying.
fn inside(dice: &mut Dice, dongs: &DongIndex, dong: &Dong) -> Option<(i64, i64)> {
    let (low, high) = dong.shape.bounds()?;
    (0..80).find_map(|_| {
        // To the metre: more than that no pin says.
        let lat = dice.between(i64::from(low.lat), i64::from(high.lat)) / 100 * 100;
        let lon = dice.between(i64::from(low.lon), i64::from(high.lon)) / 100 * 100;
        let point = Point::new(lat, lon).ok()?;
        let found = dongs.locate(point)?;
        (found.code == dong.code).then_some((lat, lon))
    })
}

fn who(dice: &mut Dice, channel: Channel, service: &Service, lang: Lang) -> Who {
    let nameless = match channel {
        Channel::Web => 22,
        Channel::Phone => 12,
        _ => 3,
    };
    if service.allow_anonymous && dice.chance(nameless) {
        return Who::Anonymous;
    }
    let contact = resident(dice, lang == Lang::Ko);
    if channel == Channel::Counter && dice.chance(45) {
        Who::Assisted(contact)
    } else {
        Who::Named(contact)
    }
}

/// Two in three answer a question where something can be chosen.
fn answers(dice: &mut Dice, service: &Service) -> BTreeMap<String, Vec<String>> {
    let mut answers = BTreeMap::new();
    for question in &service.questions {
        let choice = matches!(question.datatype, DataType::One | DataType::Many);
        if !(choice && (question.required || dice.chance(66))) {
            continue;
        }
        if let Some(value) = dice.pick(&question.values) {
            answers.insert(question.code.clone(), vec![value.key.clone()]);
        }
    }
    answers
}
