//! The demonstration: three offices with their public facts, and two years of made-up reports that
//! went through the same acts as real ones. The same day gives the same reports.

mod arrive;
mod data;
mod dice;
mod follow;
mod life;
mod looks;
mod people;
mod phrases;
mod pictures;
mod plan;
mod publish;
mod settle;
mod texts;
mod when;

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maeul_base::{Ctx, Fault, OfficeId, seoul};
use maeul_cases::State;
use maeul_cases::web::Desk;
use maeul_org::Unit;
use maeul_people::Staff;
use maeul_web::Site;
use serde::{Deserialize, Serialize};

use crate::house::refresh;
use crate::import::{Credentials, ImportFailure, Kind, Request, run};
use arrive::Stage;
use data::{OFFICES, OfficeData, PHRASES};

use people::{Crew, totp_secret};
use phrases::Phrases;

/// Whence all chance of the demonstration comes.
const SEED: u64 = 0x6d61_6575_6c32_0260;

/// The password of every demonstration account. Printed and public: never for real use.
pub const PASSWORD: &str = "maeul-demo-2026";

/// How many reports are made up where nothing else is asked.
pub const REPORTS: usize = 1_200;

/// How far back they go.
const DAYS: i64 = 730;

/// How many reports are acted out at once; on SQLite they share commits.
const AT_ONCE: usize = 48;

/// What is made up.
#[derive(Clone, Copy, Debug)]
pub struct FillOptions {
    /// The present: nothing happens after it.
    pub now: Timestamp,
    /// How many reports, over all offices.
    pub reports: usize,
}

impl FillOptions {
    /// The usual demonstration, as of that instant.
    pub const fn at(now: Timestamp) -> Self {
        Self { now, reports: REPORTS }
    }
}

/// What was made up.
#[derive(Clone, Debug, Default)]
pub struct DemoSummary {
    /// By office.
    pub offices: Vec<OfficeSummary>,
    /// Every account.
    pub accounts: Vec<DemoAccount>,
}

/// What was made up for one office.
#[derive(Clone, Debug)]
pub struct OfficeSummary {
    /// Which.
    pub id: OfficeId,
    /// Its Korean name.
    pub name_ko: String,
    /// Its English name.
    pub name_en: String,
    /// Its name in web addresses.
    pub slug: String,
    /// How many reports.
    pub reports: usize,
    /// How many of them are not answered yet.
    pub open: usize,
}

/// An account of the demonstration, as written to `demo-accounts.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Sign-in name, unique in its office.
    pub login: String,
    /// Name or job title.
    pub name: String,
    /// What they may do: `officer`, `head`, `coordinator`, `administrator`.
    pub role: String,
    /// Their unit's Korean name.
    pub unit: String,
    /// The password.
    pub password: String,
    /// The one-time secret, base32.
    pub totp_secret: String,
    /// The office's code.
    pub office: String,
}

/// Fills an empty installation. Messages of this history go nowhere.
pub async fn fill(site: &Site, options: &FillOptions) -> Result<DemoSummary, Fault> {
    let phrases = Arc::new(Phrases::read(PHRASES)?);
    let photos = tokio::task::spawn_blocking(pictures::draw)
        .await
        .map_err(|error| Fault::from_error("the thread that draws", error))??;
    let photos = Arc::new(photos);
    let mut summary = DemoSummary::default();
    let desk = site.room::<Desk>()?.clone();
    for data in &OFFICES {
        let start = first_day(data, options.now)?;
        load(site, data, start, options.now).await?;
        let office = data.id;
        let know = desk.knowledge.get(site.db(), office, options.now).await?;
        let today = seoul::date(options.now);
        let (staff, units) = site
            .db()
            .read(move |tx| {
                Ok::<_, Fault>((
                    maeul_people::staff(tx, office, today)?,
                    maeul_org::all_units(tx, office)?,
                ))
            })
            .await?;
        summary.accounts.extend(accounts(&know.office().code, office, &staff, &units));
        let crew = Crew::new(&know, &staff)
            .ok_or_else(|| Fault::other("the demonstration has no coordinator"))?;
        let (phrases, photos) = (Arc::clone(&phrases), Arc::clone(&photos));
        let stage = Stage { office, know, crew, phrases, photos, now: options.now };
        let count = options.reports * data.share / 100;
        let (know, crew) = (stage.know.clone(), stage.crew.clone());
        summary.offices.push(act_out(site, &desk, stage, start, count).await?);
        // At home all of them, and some at the other offices.
        let share = if data.share >= 50 { 100 } else { 30 };
        texts::act_out(site, &desk, &know, &crew, options.now, share).await?;
    }
    let offices: Vec<OfficeId> = OFFICES.iter().map(|data| data.id).collect();
    settle::settle(site, &desk.knowledge, &offices, options.now).await?;
    publish::publish(site, &desk.knowledge, &offices, options.now).await?;
    follow::follow(site, &desk.knowledge, &offices, options.now).await?;
    looks::look(site, &offices, options.now).await?;
    refresh(site).await?;
    Ok(summary)
}

/// The offices the demonstration is made of.
pub fn offices() -> [OfficeId; 3] {
    [OFFICES[0].id, OFFICES[1].id, OFFICES[2].id]
}

/// The first day of reports: two years back, but not before all units that have staff exist.
fn first_day(data: &OfficeData, now: Timestamp) -> Result<Date, Fault> {
    let today = seoul::date(now);
    let back = today.checked_sub(DAYS.days()).unwrap_or(today);
    let of = |wanted: Kind| data.files.iter().find(|(kind, _)| *kind == wanted).map(|file| file.1);
    let (Some(org), Some(staff)) = (of(Kind::Org), of(Kind::Staff)) else {
        return Err(Fault::other("the demonstration lacks a file"));
    };
    let wrong = |_| Fault::other("a file of the demonstration is refused");
    let org = maeul_org::plan_org(org).map_err(wrong)?;
    let staff = maeul_people::plan_staff(staff).map_err(wrong)?;
    let begun = org
        .units
        .iter()
        .filter(|unit| staff.lines.iter().any(|person| person.unit == unit.code))
        .filter_map(|unit| unit.period.from)
        .max();
    Ok(begun.map_or(back, |begun| begun.max(back)))
}

/// Loads the office's files through the import.
async fn load(site: &Site, data: &OfficeData, start: Date, now: Timestamp) -> Result<(), Fault> {
    for (kind, text) in data.files {
        let request = Request {
            kind: *kind,
            text,
            office: Some(data.id),
            dry_run: false,
            credentials: Credentials::Demonstration {
                password: PASSWORD.to_owned(),
                cost: maeul_people::Cost::USUAL,
                secret: totp_secret,
            },
            // The staff must have been there when they acted.
            at: match kind {
                Kind::Org | Kind::Staff => seoul::instant(start.at(0, 0, 0, 0)),
                _ => now,
            },
        };
        run(site, &request).await.map_err(|failure| match failure {
            ImportFailure::Fault(fault) => fault,
            refused => {
                Fault::other(format!("the demonstration: {} {}: {refused}", data.id, kind.as_str()))
            }
        })?;
    }
    Ok(())
}

/// Acts out the reports of one office: each a transaction of its own, many at once.
async fn act_out(
    site: &Site,
    desk: &Desk,
    stage: Stage,
    start: Date,
    count: usize,
) -> Result<OfficeSummary, Fault> {
    let plans = plan::plans(&stage.know, &stage.phrases, start, stage.now, count);
    let mut numbered = Vec::with_capacity(plans.len());
    for plan in plans {
        let ctx = Ctx { now: plan.at, ..site.system_ctx(stage.office) };
        let number = desk.numbers.next(site.db(), &ctx, &stage.know).await?;
        numbered.push(Arc::new((plan, number)));
    }
    let reports = numbered.len();
    let stage = Arc::new(stage);
    let states: Vec<State> = stream::iter(numbered)
        .map(|numbered| {
            let stage = Arc::clone(&stage);
            site.db().write(move |tx| life::live(tx, &stage, &numbered.0, &numbered.1))
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let office = stage.know.office();
    Ok(OfficeSummary {
        id: office.id,
        name_ko: office.name_ko.clone(),
        name_en: office.name_en.clone(),
        slug: office.slug.clone(),
        reports,
        open: states.iter().filter(|state| state.is_open()).count(),
    })
}

fn accounts(code: &str, office: OfficeId, staff: &[Staff], units: &[Unit]) -> Vec<DemoAccount> {
    staff
        .iter()
        .map(|person| DemoAccount {
            login: person.login.clone(),
            name: person.name.clone(),
            role: person.role.as_str().to_owned(),
            unit: units
                .iter()
                .find(|unit| unit.id == person.unit)
                .map(|unit| unit.name_ko.clone())
                .unwrap_or_default(),
            password: PASSWORD.to_owned(),
            totp_secret: totp_secret(office, &person.login).to_base32(),
            office: code.to_owned(),
        })
        .collect()
}
