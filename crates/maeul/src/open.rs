//! Opens the house a configuration describes.

use std::path::Path;
use std::sync::Arc;

use maeul_app::{House, Setup};
use maeul_base::{Clock, Ids, Lang, OfficeId};
use maeul_cases::media::{FETCH_MEDIA, fetcher};
use maeul_cases::web::Desk;
use maeul_db::DbOptions;
use maeul_door::oidc::{ProviderSettings, Providers, Wire};
use maeul_notice::{FileSink, Gateways};
use maeul_outside::{
    HttpError, HttpLine, KannelGateway, KannelSettings, OtlpExporter, OtlpLayer, OtlpSettings,
    ProviderWire, Reach, Reports, SmtpGateway, WebMedia, WebhookGateway, is_told, otlp,
};
use maeul_text::Door;
use maeul_web::{OfficeInfo, Site, SiteConfig};
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use crate::config::{Config, Log, Text, TextGateway, TransferReach};
use crate::end::End;

/// Where messages go that no gateway carries.
pub(crate) const MESSAGES: &str = "messages.jsonl";

/// Opens the house: database, keys, rooms.
pub(crate) async fn open(config: &Config) -> Result<House, End> {
    let setup = Setup {
        database: config.database_url(),
        options: DbOptions::default(),
        data_dir: config.data_dir.clone(),
        web: SiteConfig {
            base_url: config.base_url.clone(),
            default_office: config.office(),
            demo: config.demo,
            secure_cookies: config.base_url.starts_with("https://"),
            edge: config.edge(),
        },
        clock: Clock::System,
        ids: Ids::random(),
        gateways: gateways(config)?,
        public: config.public.settings(),
        texts: door(&config.text),
        mail: config.mail.letters(),
        agencies: Arc::new(agencies(config)?),
        imports: config.import.settings(),
        follow: config.follow.settings(!config.text.numbers.is_empty()),
        staff: config.staff.policy(),
        providers: providers(config)?,
    };
    let mut house = House::open(setup).await?;
    let media = WebMedia::new().map_err(|error| End::fault(error.to_string()))?;
    let knowledge = house.site.room::<Desk>()?.knowledge.clone();
    house.runner.handle(FETCH_MEDIA, fetcher(&knowledge, Arc::new(media)))?;
    Ok(house)
}

/// The way to other agencies.
pub(crate) fn agencies(config: &Config) -> Result<HttpLine, End> {
    let reach = match config.transfer.reach {
        TransferReach::Public => Reach::Public,
        TransferReach::Anywhere => Reach::Anywhere,
    };
    HttpLine::new(reach).map_err(|error| End::fault(error.to_string()))
}

/// The offices' own identity providers.
pub(crate) fn providers(config: &Config) -> Result<Providers, End> {
    let mut found: Vec<ProviderSettings> = Vec::new();
    for it in &config.staff.oidc {
        let same =
            |other: &ProviderSettings| (other.office.0, &other.name) == (it.office, &it.name);
        if found.iter().any(same) || !it.name_fits() {
            let which = it.label();
            return Err(End::fault(format!("staff.oidc {which}: see maeul config check")));
        }
        let secret = it.secret(crate::env).map_err(|error| {
            let file = it.client_secret_file.clone().unwrap_or_default();
            End::fault(format!("staff.oidc.client_secret_file {}: {error}", file.display()))
        })?;
        found.push(it.settings(secret));
    }
    let wire = ProviderWire::new(config.staff.reaches());
    let wire: Arc<dyn Wire> = Arc::new(wire.map_err(|error| End::fault(error.to_string()))?);
    Ok(Providers::new(found, &wire))
}

fn gateways(config: &Config) -> Result<Gateways, End> {
    let file = FileSink::new(config.data_dir.join(MESSAGES));
    let mut gateways = Gateways::both(file);
    if let Some(url) = &config.mail.smtp {
        let from = config.mail.from.as_deref().unwrap_or_default();
        let smtp = SmtpGateway::new(url, from).map_err(|error| End::fault(error.to_string()))?;
        let letters = config.mail.letters();
        let own = letters.addresses.iter().map(|(address, office)| (*office, address.as_str()));
        gateways.email = Arc::new(smtp.answered_at(own));
    }
    let text = &config.text;
    let wrong = |error: HttpError| End::fault(format!("text.url: {error}"));
    match text.gateway {
        // The handset's own is put in where the database is.
        TextGateway::File | TextGateway::Smssync => {}
        TextGateway::Kannel => {
            let own = text.numbers.iter().map(|it| (Some(OfficeId(it.office)), it.number.clone()));
            let base_url = text.callback.clone().unwrap_or_else(|| config.base_url.clone());
            let settings = KannelSettings {
                url: text.url.clone(),
                user: text.user.clone(),
                password: text.password.clone(),
                from: std::iter::once((None, text.from.clone()))
                    .filter(|(_, from)| !from.is_empty())
                    .chain(own)
                    .collect(),
                reports: text.secrets.kannel.clone().map(|secret| Reports {
                    base_url: base_url.trim_end_matches('/').to_owned(),
                    secret,
                }),
            };
            gateways.sms = Arc::new(KannelGateway::new(settings).map_err(wrong)?);
        }
        TextGateway::Webhook => {
            let hook = WebhookGateway::new(&text.url, &text.password, &text.from, Clock::System);
            gateways.sms = Arc::new(hook.map_err(wrong)?);
        }
    }
    Ok(gateways)
}

/// Who may bring texts in.
fn door(text: &Text) -> Door {
    let secrets = text.secrets.clone();
    Door {
        kannel: secrets.kannel,
        smssync: secrets.smssync,
        webhook: secrets.webhook,
        numbers: text.numbers.iter().map(|it| (it.number.clone(), OfficeId(it.office))).collect(),
        handset: text.gateway == TextGateway::Smssync,
    }
}

/// The office of that code or web name; without one, the only or the default office.
pub(crate) fn office(site: &Site, named: Option<&str>, lang: Lang) -> Result<OfficeInfo, End> {
    let found = match named {
        Some(name) => site.office_named(name),
        None => site.default_office(),
    };
    found.ok_or_else(|| {
        let there: Vec<String> = site
            .offices()
            .values()
            .map(|office| format!("{} ({})", office.code, office.name(lang)))
            .collect();
        End::refused(match (named, there.is_empty()) {
            (_, true) => lang
                .t(
                    "아직 기관이 없습니다. 먼저 maeul import org FILE로 기관을 여십시오.",
                    "There is no office yet. Open one first: maeul import org FILE",
                )
                .to_owned(),
            (Some(name), _) => match lang {
                Lang::Ko => {
                    format!("office: {name} 기관이 없습니다. 있는 기관: {}", there.join(", "))
                }
                Lang::En => {
                    format!("office: there is no office {name}; there are {}", there.join(", "))
                }
            },
            (None, _) => lang
                .t("--office로 기관을 골라 주십시오.", "Please choose an office with --office.")
                .to_owned(),
        })
    })
}

/// The office a command works on; of several, one must be named.
pub(crate) fn one_office(site: &Site, named: Option<&str>, lang: Lang) -> Result<OfficeInfo, End> {
    if named.is_none() && site.offices().len() > 1 {
        return Err(End::refused(lang.t(
            "기관이 여럿입니다. --office CODE로 골라 주십시오.",
            "There are several offices. Please choose one with --office CODE.",
        )));
    }
    office(site, named, lang)
}

/// These tell at finer levels what is bound to a statement or stands in a letter: no setting of the
/// log may make them.
const KEPT_QUIET: [&str; 3] = ["tokio_postgres", "lettre", "hyper"];

fn may_be_told(from: &Metadata<'_>) -> bool {
    let root = from.target().split("::").next().unwrap_or_default();
    *from.level() <= Level::INFO || !KEPT_QUIET.contains(&root)
}

/// What gathers traces and what sends them, where a collector is named.
pub(crate) fn traces(config: &Config) -> Result<(Option<OtlpLayer>, Option<OtlpExporter>), End> {
    let Some(endpoint) = &config.telemetry.otlp_endpoint else { return Ok((None, None)) };
    let settings = OtlpSettings {
        endpoint: endpoint.clone(),
        service: config.telemetry.service.clone(),
        one_in: config.telemetry.one_in.into(),
    };
    let made = otlp(&settings, env!("CARGO_PKG_VERSION"), Clock::System, &Ids::random());
    let (layer, exporter) =
        made.map_err(|error| End::fault(format!("telemetry.otlp_endpoint: {error}")))?;
    Ok((Some(layer), Some(exporter)))
}

/// Lets the log out on the error stream; standard output belongs to the command's answer.
pub(crate) fn log(log: &Log, traces: Option<OtlpLayer>) -> Result<(), End> {
    let filter = EnvFilter::try_new(&log.filter)
        .map_err(|error| End::fault(format!("log.filter: {error}")))?;
    // A log that cannot be written (a full disk) must not take a request down with it.
    let lines = fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let lines = if log.json {
        lines.json().with_filter(filter).boxed()
    } else {
        lines.with_ansi(false).with_filter(filter).boxed()
    };
    let set = tracing_subscriber::registry()
        .with(filter_fn(may_be_told))
        .with(lines)
        .with(traces.map(|layer| layer.with_filter(filter_fn(is_told))))
        .try_init();
    set.map_err(|error| End::fault(format!("the log: {error}")))
}

/// Reads a file, or standard input for `-`, as UTF-8 text.
pub(crate) fn read_text(path: &Path) -> Result<String, End> {
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let name = path.display();
    let bytes = bytes.map_err(|error| End::fault(format!("{name}: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        End::refused(format!(
            "{name}:{line}: UTF-8이 아닙니다. UTF-8로 다시 저장해 주십시오. / not UTF-8; save it as UTF-8"
        ))
    })
}

/// Parses `ko` or `en`.
pub(crate) fn lang(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "ko 또는 en / ko or en".to_owned())
}
