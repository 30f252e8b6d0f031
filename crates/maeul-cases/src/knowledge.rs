//! What an act must know of its office besides the rows it touches: chart, calendar, 동, services.
//! Read once, kept in memory, renewed when any of it changes or a new day begins.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{DongCode, Fault, Lang, OfficeId, UnitId, seoul};
use maeul_calendar::{Calendar, CalendarOptions, ExtraHoliday, ExtraKind, LocalHolidays, Text};
use maeul_db::{Db, Seal, Tx};
use maeul_language::routing::Matcher;
use maeul_language::{ServiceWords, Suggester};
use maeul_org::{Chart, Holiday, HolidayKind, Office, UnitKind};
use maeul_place::{DongIndex, OfficeIndex};

use crate::advise::{self, Advice, Lately, OwnModel};
use crate::import::cases::ImportSettings;
use crate::service::Service;
use crate::store::{self, Folded, Revisions, Sums};
use crate::words::Bilingual;

/// What the installation decides once.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The keys of sealed fields.
    pub seal: Seal,
    /// The address residents use, without a slash at the end; links in messages begin with it.
    pub public_url: String,
    /// Limits of files handed in on the page.
    pub import: ImportSettings,
}

/// What acts and reads know of one office on one day. Cheap to clone.
#[derive(Clone)]
pub struct Knowledge(Arc<Known>);

struct Known {
    parts: Parts,
    suggester: Suggester,
    /// The model trained on the office's own cases.
    own: Option<OwnModel>,
    /// The words of its duties; built when first asked.
    matcher: OnceLock<Option<Matcher>>,
    /// What either said of the texts that pages show.
    lately: Lately,
    /// What its queues hold, as last folded.
    folded: Folded,
}

/// What a [`Knowledge`] is made of.
pub struct Parts {
    /// The office.
    pub office: Office,
    /// Its chart through all time.
    pub chart: Chart,
    /// Its calendar.
    pub calendar: Calendar,
    /// The areas of all offices.
    pub places: Arc<OfficeIndex>,
    /// Its services in the office's own order, those no longer offered too.
    pub services: Vec<Service>,
    /// Keys and addresses.
    pub settings: Settings,
    /// The day for which it was read.
    pub today: Date,
}

impl std::fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Knowledge of {} on {}", self.0.parts.office.id, self.0.parts.today)
    }
}

/// A 동 to choose from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DongName {
    /// Its code.
    pub code: DongCode,
    /// Its name.
    pub name: Bilingual,
}

impl Knowledge {
    /// From its parts.
    pub fn new(parts: Parts) -> Self {
        Self::with_model(parts, None)
    }

    /// As [`Knowledge::new`], with a model trained on the office's own cases.
    pub fn with_model(parts: Parts, own: Option<OwnModel>) -> Self {
        let words: Vec<ServiceWords> =
            parts.services.iter().filter(|service| service.active).map(words_of).collect();
        let suggester = Suggester::new(&words);
        let (matcher, lately, folded) = (OnceLock::new(), Lately::default(), Folded::default());
        Self(Arc::new(Known { suggester, parts, own, matcher, lately, folded }))
    }

    /// Reads what one office must know on that day.
    pub fn load(
        tx: &mut Tx,
        settings: &Settings,
        places: Arc<OfficeIndex>,
        office: OfficeId,
        today: Date,
    ) -> Result<Self, Fault> {
        let found = maeul_org::office(tx, office)?
            .ok_or_else(|| Fault::other(format!("office {office} is not in this installation")))?;
        let holidays = maeul_org::holidays(tx, office)?;
        let parts = Parts {
            calendar: Calendar::new(&calendar_options(&found, &holidays)),
            chart: Chart::load(tx, office)?,
            services: store::services(tx, office)?,
            office: found,
            places,
            settings: settings.clone(),
            today,
        };
        Ok(Self::with_model(parts, store::own_model(tx, office)?))
    }

    /// The office.
    pub fn office(&self) -> &Office {
        &self.0.parts.office
    }

    /// Its chart.
    pub fn chart(&self) -> &Chart {
        &self.0.parts.chart
    }

    /// Its working days and hours.
    pub fn calendar(&self) -> &Calendar {
        &self.0.parts.calendar
    }

    /// The areas of all offices.
    pub fn places(&self) -> &OfficeIndex {
        &self.0.parts.places
    }

    /// Limits of files handed in on the page.
    pub fn import_settings(&self) -> &ImportSettings {
        &self.0.parts.settings.import
    }

    /// The keys of sealed fields.
    pub fn seal(&self) -> &Seal {
        &self.0.parts.settings.seal
    }

    /// The day for which it was read.
    pub fn today(&self) -> Date {
        self.0.parts.today
    }

    /// All services in the office's own order, those no longer offered too.
    pub fn all_services(&self) -> impl Iterator<Item = &Service> {
        self.0.parts.services.iter()
    }

    /// The services that can be chosen, in the office's own order.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.0.parts.services.iter().filter(|service| service.active)
    }

    /// The service of that code, even one no longer offered.
    pub fn service(&self, code: &str) -> Option<&Service> {
        self.0.parts.services.iter().find(|service| service.code == code)
    }

    /// The name of a service, or its code where it is gone.
    pub fn service_name<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        self.service(code).map_or(code, |service| service.name.get(lang))
    }

    /// What is suggested for a text, with the words that spoke and how sure it is: by the model
    /// trained on the office's own cases, else by the words of its services and duties.
    pub fn advise(&self, text: &str) -> Advice {
        let matcher = || {
            let words = || advise::duty_words(self.services(), self.chart());
            self.0.matcher.get_or_init(|| Matcher::new(&words()).ok()).as_ref()
        };
        let offered = |code: &str| self.service(code).is_some_and(|service| service.active);
        advise::advise(self.0.own.as_ref(), matcher, text, offered)
    }

    /// As [`Knowledge::advise`], for the text of a case on a page, which is likely to be shown again.
    pub fn advise_again(&self, text: &str) -> Advice {
        self.0.lately.of(text, || self.advise(text))
    }

    /// The services these words speak of, the likeliest first; at most five. Without a model of
    /// the office's own only those whose own words were met.
    pub fn suggest(&self, text: &str) -> Vec<&Service> {
        if self.0.own.is_some() {
            let advice = self.advise(text);
            return advice.candidates.iter().filter_map(|it| self.service(&it.service)).collect();
        }
        self.0
            .suggester
            .suggest(text)
            .into_iter()
            .take(5)
            .filter_map(|found| self.service(&found.code))
            .collect()
    }

    /// The unit's name; without a unit, who has it then.
    pub fn unit_name(&self, unit: Option<UnitId>, lang: Lang) -> &str {
        match unit {
            None => lang.t("민원조정관", "Complaints coordinator"),
            Some(id) => self
                .0
                .parts
                .chart
                .unit(id)
                .map_or(lang.t("없어진 부서", "Former unit"), |unit| unit.name(lang)),
        }
    }

    /// The telephone a resident can call: the unit's, else the office's.
    pub fn unit_phone(&self, unit: Option<UnitId>) -> &str {
        unit.and_then(|id| self.0.parts.chart.unit(id))
            .map(|unit| unit.phone.as_str())
            .filter(|phone| !phone.is_empty())
            .unwrap_or(&self.0.parts.office.phone)
    }

    /// The units whose cases people of `unit` work: their own, its parts, and for a team the
    /// division it belongs to.
    pub fn units_around(&self, unit: UnitId) -> Vec<UnitId> {
        let chart = &self.0.parts.chart;
        let mut around = vec![unit];
        let mut next = 0;
        while let Some(of) = around.get(next).copied() {
            next += 1;
            for part in chart.units().filter(|it| it.parent == Some(of)) {
                if !around.contains(&part.id) {
                    around.push(part.id);
                }
            }
        }
        if let Some(mine) = chart.unit(unit)
            && mine.kind == UnitKind::Team
        {
            around.extend(mine.parent);
        }
        around
    }

    /// The units that have this one around them: for which its work is theirs too.
    pub fn units_with(&self, unit: UnitId) -> Vec<UnitId> {
        let others = self.0.parts.chart.units().map(|it| it.id).filter(|it| *it != unit);
        let with = others.filter(|it| self.units_around(*it).contains(&unit));
        std::iter::once(unit).chain(with).collect()
    }

    /// What the office's queues hold, as this transaction sees it.
    pub(crate) fn sums(&self, tx: &mut Tx) -> Result<Sums, Fault> {
        Sums::load(tx, self.0.parts.office.id, &self.0.folded)
    }

    /// The office's 동.
    pub fn dong_index(&self) -> Option<&DongIndex> {
        self.0.parts.places.area(self.0.parts.office.id).map(|area| &area.dongs)
    }

    /// The office's 동 for a list, by name.
    pub fn dongs(&self) -> Vec<DongName> {
        let mut names: Vec<DongName> = self
            .dong_index()
            .into_iter()
            .flat_map(DongIndex::dongs)
            .map(|dong| DongName {
                code: dong.code.clone(),
                name: Bilingual::new(dong.name_ko.clone(), dong.name_en.clone()),
            })
            .collect();
        names.sort_by(|a, b| a.name.ko.cmp(&b.name.ko));
        names
    }

    /// The name of a 동, or its code where it is gone.
    pub fn dong_name<'a>(&'a self, code: &'a DongCode, lang: Lang) -> &'a str {
        self.dong_index()
            .and_then(|index| index.get(code))
            .map_or(code.as_str(), |dong| dong.name(lang))
    }

    /// The address under which a party follows its case.
    pub fn link(&self, token: &str) -> String {
        format!("{}/o/{}/c/{token}", self.0.parts.settings.public_url, self.0.parts.office.slug)
    }

    /// The page on which staff work a case.
    pub fn staff_link(&self, case: maeul_base::CaseId) -> String {
        format!(
            "{}/o/{}/staff/cases/{case}",
            self.0.parts.settings.public_url, self.0.parts.office.slug
        )
    }
}

fn words_of(service: &Service) -> ServiceWords {
    ServiceWords {
        code: service.code.clone(),
        names: vec![service.name.ko.clone(), service.name.en.clone()],
        keywords: service.keywords.iter().chain(&service.keywords_en).cloned().collect(),
        group: Some(service.group.ko.clone()),
    }
}

fn calendar_options(office: &Office, holidays: &[Holiday]) -> CalendarOptions {
    let (mut extra, built_in) = maeul_calendar::local_holidays(&office.code);
    extra.extend(holidays.iter().map(|holiday| ExtraHoliday {
        date: holiday.on_day,
        name: Text::new(holiday.name_ko.clone(), holiday.name_en.clone()),
        kind: match holiday.kind {
            HolidayKind::Temporary => ExtraKind::Temporary,
            HolidayKind::Local => ExtraKind::Local,
        },
    }));
    let local = if office.local_holidays_stop_clock { LocalHolidays::Stop } else { built_in };
    CalendarOptions { extra, local, ..CalendarOptions::default() }
}

/// Keeps what was read, until it changes; cheap to clone, shared by all clones.
#[derive(Clone)]
pub struct KnowledgeCache(Arc<Cache>);

struct Cache {
    settings: Settings,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    places: Option<(Stamp, Arc<OfficeIndex>)>,
    offices: BTreeMap<OfficeId, (Stamp, Knowledge)>,
}

/// Of which day and which revisions something was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    today: Date,
    revisions: Revisions,
}

impl Stamp {
    fn now(tx: &mut Tx, office: OfficeId, today: Date) -> Result<Self, Fault> {
        Ok(Self { today, revisions: store::revisions(tx, office)? })
    }
}

impl std::fmt::Debug for KnowledgeCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KnowledgeCache")
    }
}

impl KnowledgeCache {
    /// Nothing read yet.
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Cache { settings, kept: Mutex::default() }))
    }

    /// What the office must know today; asks the database only for four small numbers unless
    /// something changed.
    pub async fn get(&self, db: &Db, office: OfficeId, now: Timestamp) -> Result<Knowledge, Fault> {
        let today = seoul::date(now);
        let cache = self.clone();
        db.glance(move |tx| cache.current(tx, office, today)).await
    }

    /// As [`KnowledgeCache::get`], inside a transaction: for jobs.
    pub fn current(&self, tx: &mut Tx, office: OfficeId, today: Date) -> Result<Knowledge, Fault> {
        let stamp = Stamp::now(tx, office, today)?;
        if let Some((kept, know)) = self.kept().offices.get(&office)
            && *kept == stamp
        {
            return Ok(know.clone());
        }
        let places = self.places(tx, stamp)?;
        let know = Knowledge::load(tx, &self.0.settings, places, office, today)?;
        self.kept().offices.insert(office, (stamp, know.clone()));
        Ok(know)
    }

    /// The areas of all offices, read once for all of them.
    fn places(&self, tx: &mut Tx, stamp: Stamp) -> Result<Arc<OfficeIndex>, Fault> {
        if let Some((kept, places)) = &self.kept().places
            && (kept.today, kept.revisions.places) == (stamp.today, stamp.revisions.places)
        {
            return Ok(Arc::clone(places));
        }
        let places = Arc::new(crate::place_load::offices(tx, stamp.today)?);
        self.kept().places = Some((stamp, Arc::clone(&places)));
        Ok(places)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
