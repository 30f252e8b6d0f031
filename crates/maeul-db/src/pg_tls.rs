//! TLS to PostgreSQL: what the address asks for, and the connector that keeps to it.
//!
//! The words are PostgreSQL's own (`sslmode`, `sslrootcert`; libpq's documentation, "SSL Support"). One
//! thing is stricter: to another machine, an address that says nothing means `verify-full`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use maeul_base::{Fault, FaultKind};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How the way to PostgreSQL is protected, from nothing to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    /// In clear.
    Disable,
    /// Encrypted where the server offers it; nobody is checked.
    Prefer,
    /// Encrypted; nobody is checked.
    Require,
    /// Encrypted, and the server's certificate comes from an authority trusted.
    VerifyCa,
    /// As [`TlsMode::VerifyCa`], and it is the certificate of the host asked for.
    VerifyFull,
}

impl TlsMode {
    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Disable, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull]
            .into_iter()
            .find(|mode| mode.as_str() == word)
    }
}

/// How one address is to be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsPlan {
    /// What is asked for.
    pub mode: TlsMode,
    /// Whether every host named is this machine.
    pub here: bool,
    /// The file of authorities; without it, those the system trusts.
    pub(crate) roots: Option<PathBuf>,
}

impl TlsPlan {
    /// What the address of a PostgreSQL database asks for, touching nothing.
    pub fn of(url: &str) -> Result<Self, Fault> {
        read(url).map(|(_, plan)| plan)
    }
}

/// Reads an address: what tokio-postgres understands of it, and the plan.
pub(crate) fn read(url: &str) -> Result<(Config, TlsPlan), Fault> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut kept = vec![];
    let (mut asked, mut roots) = (None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", word)) => {
                asked = Some(TlsMode::parse(word).ok_or_else(|| {
                    Fault::other(
                        "sslmode is one of disable, prefer, require, verify-ca and verify-full",
                    )
                })?);
            }
            Some(("sslrootcert", path)) => roots = Some(decoded(path)?),
            _ => kept.push(pair),
        }
    }
    let rest = if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) };
    let mut config: Config =
        rest.parse().map_err(|_| Fault::other("the database address is not a PostgreSQL URL"))?;
    let here = is_here(&config);
    // As libpq has it, `system` stands for what the system trusts and asks for everything.
    let system = roots.as_deref() == Some("system");
    let mode = asked.unwrap_or(match (here, &roots) {
        (true, None) => TlsMode::Disable,
        _ => TlsMode::VerifyFull,
    });
    if system && mode < TlsMode::VerifyFull {
        return Err(Fault::other("sslrootcert=system goes with sslmode=verify-full only"));
    }
    let roots = roots.filter(|_| !system).map(PathBuf::from);
    // And as there: whoever names authorities and asks for TLS wants them to count.
    let mode = if mode == TlsMode::Require && roots.is_some() { TlsMode::VerifyCa } else { mode };
    config.ssl_mode(match mode {
        TlsMode::Disable => SslMode::Disable,
        TlsMode::Prefer => SslMode::Prefer,
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
    });
    Ok((config, TlsPlan { mode, here, roots }))
}

/// Whether nothing leaves this machine.
fn is_here(config: &Config) -> bool {
    let hosts = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
        Host::Unix(_) => true,
    });
    hosts && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// Percent signs of a path in an address.
fn decoded(text: &str) -> Result<String, Fault> {
    let wrong = || Fault::other("sslrootcert is not a path as an address writes it");
    let digits = |it: &str| it.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !text.split('%').skip(1).all(digits) {
        return Err(wrong());
    }
    Ok(percent_decode_str(text).decode_utf8().map_err(|_| wrong())?.into_owned())
}

/// The connector of a plan; `None` where nothing is to be encrypted.
pub(crate) fn connector(plan: &TlsPlan) -> Result<Option<MakeRustlsConnect>, Fault> {
    let provider = Arc::new(ring::default_provider());
    let lenient = |authorities| Arc::new(Lenient { authorities, provider: Arc::clone(&provider) });
    let checker: Arc<dyn ServerCertVerifier> = match plan.mode {
        TlsMode::Disable => return Ok(None),
        TlsMode::Prefer | TlsMode::Require => lenient(None),
        TlsMode::VerifyCa => lenient(Some(authorities(plan, &provider)?)),
        TlsMode::VerifyFull => authorities(plan, &provider)?,
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::from_error("TLS to PostgreSQL", error))?
        .dangerous()
        .with_custom_certificate_verifier(checker)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(config)))
}

fn authorities(
    plan: &TlsPlan,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Fault> {
    let mut store = RootCertStore::empty();
    let mut from = "what this system trusts".to_owned();
    match &plan.roots {
        Some(path) => {
            from = path.display().to_string();
            let unreadable = |error| Fault::from_error(format!("sslrootcert {from}"), error);
            for one in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
                let one = one.map_err(unreadable)?;
                store
                    .add(one)
                    .map_err(|error| Fault::from_error(format!("sslrootcert {from}"), error))?;
            }
        }
        None => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if store.is_empty() {
        return Err(Fault::new(
            FaultKind::Unavailable,
            format!("no authority to check PostgreSQL's certificate with in {from}"),
        ));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
        .build()
        .map_err(|error| Fault::from_error("TLS to PostgreSQL", error))
}

/// Asks for less than everything: of a certificate that authorities made it, under any name; or, for
/// `require`, which promises that nobody listens and not who answers, nothing at all.
#[derive(Debug)]
struct Lenient {
    authorities: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        cert: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authorities) = &self.authorities else {
            return Ok(ServerCertVerified::assertion());
        };
        // The name is looked at last, so all else has been found good by then.
        match authorities.verify_server_cert(cert, between, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(url: &str) -> (TlsMode, bool) {
        let (_, plan) = read(url).unwrap();
        (plan.mode, plan.here)
    }

    #[test]
    fn another_machine_is_verified_unless_the_address_says_otherwise() {
        for (url, mode, here) in [
            ("postgres://u:p@db.example.go.kr/maeul", TlsMode::VerifyFull, false),
            ("postgres://u@10.1.2.3:5433/maeul?application_name=x", TlsMode::VerifyFull, false),
            ("postgres://u@10.1.2.3/maeul?sslmode=disable", TlsMode::Disable, false),
            ("postgres://u@localhost,10.1.2.3/maeul", TlsMode::VerifyFull, false),
            ("postgres://u@localhost/maeul?hostaddr=10.1.2.3", TlsMode::VerifyFull, false),
            ("postgres://u@db/maeul?sslmode=require", TlsMode::Require, false),
            // With authorities named, they count, as for PostgreSQL's own programs.
            ("postgres://u@db/maeul?sslmode=require&sslrootcert=/ca", TlsMode::VerifyCa, false),
            ("postgres://u@db/maeul?sslrootcert=system", TlsMode::VerifyFull, false),
            ("postgres://u@127.0.0.1/maeul", TlsMode::Disable, true),
            ("postgres://u@[::1]/maeul", TlsMode::Disable, true),
            ("postgres://u@localhost/maeul?sslrootcert=/ca", TlsMode::VerifyFull, true),
            ("postgres://u@%2Frun%2Fpostgresql/maeul", TlsMode::Disable, true),
        ] {
            assert_eq!(plan(url), (mode, here), "{url}");
        }
    }

    #[test]
    fn what_is_not_ours_stays_in_the_address() {
        let (config, plan) = read(
            "postgres://u@db/maeul?options=-c%20search_path%3Dx&sslrootcert=%2Fetc%2Fca%20one.pem",
        )
        .unwrap();
        assert_eq!(config.get_options(), Some("-c search_path=x"));
        assert_eq!(config.get_ssl_mode(), SslMode::Require);
        assert_eq!(plan.roots, Some(PathBuf::from("/etc/ca one.pem")));
    }

    #[test]
    fn a_word_nobody_knows_is_refused_and_not_taken_for_none() {
        for url in [
            "postgres://u@db/maeul?sslmode=verify_full",
            "postgres://u@db/maeul?sslmode=",
            "postgres://u@db/maeul?sslmode=require&sslrootcert=system",
            "postgres://u@db/maeul?sslrootcert=%2",
        ] {
            assert!(read(url).is_err(), "{url}");
        }
    }
}
