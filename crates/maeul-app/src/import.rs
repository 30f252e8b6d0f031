//! The import of an office's own files: one way in, used by `maeul import` and by the
//! demonstration. Read and judged first, then written in one transaction, or not at all.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Actor, Ctx, Failure, Fault, Lang, OfficeId, Refusal};
use maeul_db::Tx;
use maeul_people::{Initial, NewAccount};
use maeul_web::Site;

use crate::house::refresh;

/// The kinds of files; `docs/import-formats.md` says what stands in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `org.toml`: the office itself, its units, duties and assignments.
    Org,
    /// `boundaries.geojson`: the areas of its 동.
    Boundaries,
    /// `population.csv`: how many people live in each 동.
    Population,
    /// `legal-dongs.csv`: which 법정동 lie in which 동.
    LegalDongs,
    /// `services.toml`: what residents can ask for.
    Services,
    /// `staff.csv`: who works there.
    Staff,
    /// `holidays.csv`: days beyond the computed public holidays.
    Holidays,
    /// `templates.toml`: answer templates.
    Templates,
    /// `agencies.toml`: the agencies to which cases are sent.
    Agencies,
}

impl Kind {
    /// All of them, in the order in which an office is opened.
    pub const ALL: [Self; 9] = [
        Self::Org,
        Self::Boundaries,
        Self::Population,
        Self::LegalDongs,
        Self::Services,
        Self::Staff,
        Self::Holidays,
        Self::Templates,
        Self::Agencies,
    ];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Org => "org",
            Self::Boundaries => "boundaries",
            Self::Population => "population",
            Self::LegalDongs => "legal-dongs",
            Self::Services => "services",
            Self::Staff => "staff",
            Self::Holidays => "holidays",
            Self::Templates => "templates",
            Self::Agencies => "agencies",
        }
    }

    /// The name people read.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Org => lang.t("기관과 부서", "office and chart"),
            Self::Boundaries => lang.t("행정동 경계", "dong boundaries"),
            Self::Population => lang.t("주민 수", "population"),
            Self::LegalDongs => lang.t("법정동", "legal dongs"),
            Self::Services => lang.t("민원 종류", "services"),
            Self::Staff => lang.t("직원", "staff"),
            Self::Holidays => lang.t("추가 공휴일", "added holidays"),
            Self::Templates => lang.t("답변 서식", "answer templates"),
            Self::Agencies => lang.t("이송하는 기관", "agencies"),
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("{name:?} is no kind of file; there are {names}")
        })
    }
}

/// Where the first credentials of new staff come from.
#[derive(Clone)]
pub enum Credentials {
    /// A random password, to be changed at the first sign-in.
    Random,
    /// The same password for all and known one-time secrets: for a demonstration only.
    Demonstration {
        /// The password.
        password: String,
        /// What it costs to guess.
        cost: maeul_people::Cost,
        /// The one-time secret of each sign-in name.
        secret: fn(OfficeId, &str) -> maeul_people::TotpSecret,
    },
}

/// What is imported.
#[derive(Clone)]
pub struct Request<'a> {
    /// Of which kind the file is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// Into which office; `org.toml` names its own.
    pub office: Option<OfficeId>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// Whence new staff have their first credentials.
    pub credentials: Credentials,
    /// The instant of the import.
    pub at: Timestamp,
}

impl<'a> Request<'a> {
    /// A file to be imported in earnest, now.
    pub fn new(site: &Site, kind: Kind, text: &'a str) -> Self {
        Self {
            kind,
            text,
            office: None,
            dry_run: false,
            credentials: Credentials::Random,
            at: site.clock().now(),
        }
    }
}

/// What an import did, or would do.
#[derive(Debug)]
pub struct Imported {
    /// In which office.
    pub office: OfficeId,
    /// The figures and remarks.
    pub report: ImportReport,
    /// New staff, to be shown once.
    pub accounts: Vec<NewAccount>,
}

/// Why nothing was imported.
#[derive(Debug)]
pub enum ImportFailure {
    /// Lines of the file are wrong.
    Refused(Vec<LineRefusal>),
    /// There is no such office, or several and none was named.
    NoOffice,
    /// Something of ours broke.
    Fault(Fault),
}

impl From<Fault> for ImportFailure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Failure<Refused>> for ImportFailure {
    fn from(failure: Failure<Refused>) -> Self {
        match failure {
            Failure::Refused(Refused(lines)) => Self::Refused(lines),
            Failure::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl fmt::Display for ImportFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(lines) => {
                let lines: Vec<String> = lines.iter().map(|line| line.say(Lang::En)).collect();
                f.write_str(&lines.join("; "))
            }
            Self::NoOffice => f.write_str("there is no such office"),
            Self::Fault(fault) => f.write_str(&fault.chain()),
        }
    }
}

impl std::error::Error for ImportFailure {}

/// Refused lines, from whichever room.
#[derive(Debug)]
struct Refused(Vec<LineRefusal>);

impl Refusal for Refused {
    fn code(&self) -> &'static str {
        "import.refused"
    }

    fn say(&self, lang: Lang) -> String {
        self.0.iter().map(|line| line.say(lang)).collect::<Vec<_>>().join("\n")
    }
}

type Step = Result<ImportReport, Failure<Refused>>;

/// Imports one file, whole or not at all. Pages see the change within seconds.
pub async fn run(site: &Site, request: &Request<'_>) -> Result<Imported, ImportFailure> {
    let refused = ImportFailure::Refused;
    let text = request.text;
    if request.kind == Kind::Org {
        return org(site, request).await;
    }
    let ctx = ctx(site, request, office_of(site, request)?);
    let report = match request.kind {
        Kind::Org | Kind::Staff => return staff(site, request, ctx).await,
        Kind::Boundaries => {
            let plan = maeul_place::plan_boundaries(text).map_err(refused)?;
            go(
                site,
                request,
                &ctx,
                plan,
                |tx, ctx, plan| {
                    maeul_place::preview_boundaries(tx, ctx.office, plan, ctx.today())
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
                |tx, ctx, plan| {
                    maeul_place::apply_boundaries(tx, ctx, plan, ctx.today())
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
            )
            .await?
        }
        Kind::Population => {
            let plan = maeul_place::plan_population(text).map_err(refused)?;
            go(
                site,
                request,
                &ctx,
                plan,
                |tx, ctx, plan| {
                    maeul_place::preview_population(tx, ctx.office, plan, ctx.today())
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
                |tx, ctx, plan| {
                    maeul_place::apply_population(tx, ctx, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
            )
            .await?
        }
        Kind::LegalDongs => {
            let plan = maeul_place::plan_legal_dongs(text).map_err(refused)?;
            go(
                site,
                request,
                &ctx,
                plan,
                |tx, ctx, plan| {
                    maeul_place::preview_legal_dongs(tx, ctx.office, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
                |tx, ctx, plan| {
                    maeul_place::apply_legal_dongs(tx, ctx, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
            )
            .await?
        }
        Kind::Services => {
            let plan = maeul_cases::import::plan_services(text).map_err(refused)?;
            go(
                site,
                request,
                &ctx,
                plan,
                |tx, ctx, plan| {
                    maeul_cases::import::preview_services(tx, ctx.office, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
                |tx, ctx, plan| {
                    maeul_cases::import::apply_services(tx, ctx, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
            )
            .await?
        }
        Kind::Templates => {
            let plan = maeul_cases::import::plan_templates(text).map_err(refused)?;
            go(
                site,
                request,
                &ctx,
                plan,
                |tx, ctx, plan| {
                    maeul_cases::import::preview_templates(tx, ctx.office, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
                |tx, ctx, plan| {
                    maeul_cases::import::apply_templates(tx, ctx, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
            )
            .await?
        }
        Kind::Agencies => {
            let plan = maeul_transfer::import::plan_agencies(text).map_err(refused)?;
            let plan = (plan, site.seal().clone());
            go(
                site,
                request,
                &ctx,
                plan,
                |tx, ctx, (plan, _)| {
                    maeul_transfer::import::preview_agencies(tx, ctx.office, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
                |tx, ctx, (plan, seal)| {
                    maeul_transfer::import::apply_agencies(tx, ctx, seal, plan)
                        .map_err(|it| it.map(|it| Refused(it.0)))
                },
            )
            .await?
        }
        Kind::Holidays => {
            let plan = maeul_org::plan_holidays(text).map_err(refused)?;
            go(
                site,
                request,
                &ctx,
                plan,
                |tx, ctx, plan| Ok(maeul_org::preview_holidays(tx, ctx.office, plan)?),
                |tx, ctx, plan| Ok(maeul_org::apply_holidays(tx, ctx, plan)?),
            )
            .await?
        }
    };
    Ok(Imported { office: ctx.office, report, accounts: Vec::new() })
}

/// Looks at the plan beside what is stored, or writes it, in one transaction.
async fn go<P: Send + Sync + 'static>(
    site: &Site,
    request: &Request<'_>,
    ctx: &Ctx,
    plan: P,
    preview: fn(&mut Tx, &Ctx, &P) -> Step,
    apply: fn(&mut Tx, &Ctx, &P) -> Step,
) -> Result<ImportReport, ImportFailure> {
    let ctx = ctx.clone();
    let report = if request.dry_run {
        site.db().read(move |tx| preview(tx, &ctx, &plan)).await?
    } else {
        site.db().write(move |tx| apply(tx, &ctx, &plan)).await?
    };
    Ok(report)
}

async fn org(site: &Site, request: &Request<'_>) -> Result<Imported, ImportFailure> {
    let plan = maeul_org::plan_org(request.text).map_err(ImportFailure::Refused)?;
    let own = plan.office_id();
    let office = request.office.unwrap_or(own);
    if office != own {
        return Err(ImportFailure::Refused(vec![LineRefusal::new(
            plan.office.line,
            "id",
            format!("이 파일은 기관 {own}의 것입니다. 고르신 기관은 {office}입니다."),
            format!("This file is for office {own}; the office chosen is {office}."),
        )]));
    }
    let report = go(
        site,
        request,
        &ctx(site, request, office),
        plan,
        |tx, _, plan| maeul_org::preview_org(tx, plan).map_err(|it| it.map(|it| Refused(it.0))),
        |tx, ctx, plan| {
            maeul_org::apply_org(tx, ctx, plan).map_err(|it| it.map(|it| Refused(it.0)))
        },
    )
    .await?;
    if !request.dry_run {
        refresh(site).await?;
    }
    Ok(Imported { office, report, accounts: Vec::new() })
}

/// New people need credentials, which take long to make: they are made between looking and
/// writing, outside any transaction.
async fn staff(site: &Site, request: &Request<'_>, ctx: Ctx) -> Result<Imported, ImportFailure> {
    let office = ctx.office;
    let file = maeul_people::plan_staff(request.text).map_err(ImportFailure::Refused)?;
    let (seen, today) = (file.clone(), ctx.today());
    let preview =
        site.db().read(move |tx| maeul_people::preview_staff(tx, office, &seen, today)).await?;
    if !preview.refusals.is_empty() {
        return Err(ImportFailure::Refused(preview.refusals));
    }
    if request.dry_run {
        return Ok(Imported { office, report: preview.report, accounts: Vec::new() });
    }
    let accounts = credentials(site, office, &request.credentials, preview.new_logins).await?;
    let (made, seal) = (accounts.clone(), site.seal().clone());
    let report = site
        .db()
        .write(move |tx| {
            maeul_people::apply_staff(tx, &ctx, &seal, &file, &made)
                .map_err(|it| it.map(|it| Refused(it.0)))
        })
        .await?;
    Ok(Imported { office, report, accounts })
}

async fn credentials(
    site: &Site,
    office: OfficeId,
    whence: &Credentials,
    logins: Vec<String>,
) -> Result<Vec<NewAccount>, Fault> {
    let (ids, whence) = (site.ids().clone(), whence.clone());
    tokio::task::spawn_blocking(move || match whence {
        Credentials::Random => maeul_people::make_credentials(&ids, &logins, &Initial::Random),
        Credentials::Demonstration { password, cost, secret } => {
            // One hash for all: hashing one by one would take seconds.
            let initial = Initial::Given { password, cost, totp: secret(office, "") };
            let mut accounts = maeul_people::make_credentials(&ids, &logins, &initial)?;
            for account in &mut accounts {
                account.totp = secret(office, &account.login);
            }
            Ok(accounts)
        }
    })
    .await
    .map_err(|error| Fault::from_error("the thread that makes credentials", error))?
}

fn office_of(site: &Site, request: &Request<'_>) -> Result<OfficeId, ImportFailure> {
    let offices = site.offices();
    match request.office {
        Some(office) if offices.contains_key(&office) => Ok(office),
        None if offices.len() == 1 => offices.keys().next().copied().ok_or(ImportFailure::NoOffice),
        _ => Err(ImportFailure::NoOffice),
    }
}

fn ctx(site: &Site, request: &Request<'_>, office: OfficeId) -> Ctx {
    Ctx { actor: Actor::System, now: request.at, ..site.system_ctx(office) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_names_of_the_command_line() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("office".parse::<Kind>().unwrap_err().contains("legal-dongs"));
    }
}
