//! An office's own identity providers (OpenID Connect Core 1.0, code flow with PKCE): who they are, and
//! how they are asked. Written for exactly this flow; of tokens only what it needs is read.
//!
//! The provider is asked while somebody waits, within a few seconds, and never inside a transaction: a
//! sign-in cannot wait for a job.

pub mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Lang, OfficeId};
use maeul_db::Seal;
use maeul_people::Ticket;
use maeul_people::signature::to_base64url;
use maeul_web::encode;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use token::{Claims, Keys, TokenFault};

/// The longest token that is brought back when somebody signs out: it stands in an address, and servers
/// take some 8 KiB of those.
const LONGEST_HINT: usize = 4 * 1024;
/// For how long what a provider publishes of itself is believed without asking again.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// A key nobody knows makes us ask again, but not more often than this.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// A secret that no log shows.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides it.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// For the provider alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Whether our one-time code is asked for after the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Always: nothing is known of how the provider lets people in.
    Ours,
    /// Never: the office vouches that the provider asks for two factors of everybody.
    Provider,
    /// Unless the token says one of these in `amr` or `acr`.
    UnlessToldBy(Vec<String>),
}

impl SecondFactor {
    /// Whether our code is wanted after such a token.
    pub fn wanted(&self, claims: &Claims) -> bool {
        match self {
            Self::Ours => true,
            Self::Provider => false,
            Self::UnlessToldBy(words) => !words.iter().any(|it| claims.says(it)),
        }
    }
}

/// What an office says of one of its providers.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Whose it is.
    pub office: OfficeId,
    /// Its name in addresses; empty for one without a name. No two of an office have the same.
    pub name: String,
    /// Its address: tokens name it exactly so.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What it knows us by; empty where it asks for none.
    pub client_secret: Secret,
    /// The claim that holds the sign-in name here, e.g. `preferred_username`.
    pub login_claim: String,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The button's words.
    pub words: (String, String),
    /// Whether our code is asked for afterwards.
    pub second_factor: SecondFactor,
}

impl ProviderSettings {
    /// The button's words in that language.
    pub fn say(&self, lang: Lang) -> &str {
        lang.t(&self.words.0, &self.words.1)
    }
}

/// One question to a provider: with a form it is posted, with a name and secret by HTTP Basic.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose provider is asked: how far the address may lead is said for each.
    pub office: OfficeId,
    /// Which of them.
    pub provider: String,
    /// The address.
    pub url: String,
    /// Fields of a form; none to read only.
    pub form: Option<Vec<(&'static str, String)>>,
    /// Name and secret.
    pub basic: Option<(String, Secret)>,
}

/// Status and body of an answer, or why there is none.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<(u16, Vec<u8>), String>> + Send + 'a>>;

/// The way to providers: kept outside this crate, bounded in time and bytes, never redirected.
pub trait Wire: fmt::Debug + Send + Sync {
    /// Asks once.
    fn ask<'a>(&'a self, question: &'a Question) -> Asking<'a>;
}

/// Why a provider could not sign somebody in. Shown to the log, never to people.
#[derive(Debug, thiserror::Error)]
pub enum ProviderFault {
    /// It did not answer as it should.
    #[error("{what}: {why}")]
    Silent {
        /// What was asked.
        what: &'static str,
        /// What came.
        why: String,
    },
    /// It says of itself what cannot be.
    #[error("what the provider publishes of itself: {0}")]
    Metadata(&'static str),
    /// It said no.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// Its token is not believed.
    #[error("the token: {0}")]
    Token(#[from] TokenFault),
}

/// What a provider publishes of itself (OpenID Connect Discovery 1.0, 3).
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    end_session_endpoint: Option<String>,
}

#[derive(Clone)]
struct Kept {
    metadata: Metadata,
    keys: Arc<Keys>,
    at: Timestamp,
}

#[derive(Deserialize)]
struct TokenAnswer {
    #[serde(default)]
    id_token: String,
    #[serde(default)]
    error: String,
}

/// A provider of an office.
pub struct Provider {
    /// What the office says of it.
    pub settings: ProviderSettings,
    wire: Arc<dyn Wire>,
    // What it publishes: another server has its own, and asks for itself.
    kept: RwLock<Option<Kept>>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.settings.issuer)
    }
}

/// The providers of an installation, in the order of the settings.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<BTreeMap<OfficeId, Vec<Provider>>>);

impl Providers {
    /// Those of the settings, asked by that way.
    pub fn new(settings: Vec<ProviderSettings>, wire: &Arc<dyn Wire>) -> Self {
        let mut all: BTreeMap<OfficeId, Vec<Provider>> = BTreeMap::new();
        for it in settings {
            let (wire, kept) = (Arc::clone(wire), RwLock::default());
            all.entry(it.office).or_default().push(Provider { settings: it, wire, kept });
        }
        Self(Arc::new(all))
    }

    /// Those of an office.
    pub fn of(&self, office: OfficeId) -> &[Provider] {
        self.0.get(&office).map_or(&[], Vec::as_slice)
    }

    /// That of an office by its name.
    pub fn named(&self, office: OfficeId, name: &str) -> Option<&Provider> {
        self.of(office).iter().find(|it| it.settings.name == name)
    }
}

/// What a provider said of somebody.
pub struct Word {
    /// What its token says.
    pub claims: Claims,
    /// The token as it came, where the provider wants it back when somebody signs out.
    pub hint: Option<String>,
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Word")
    }
}

/// What one journey to the provider and back is bound by; all of it follows from the ticket, so that
/// nothing secret has to be kept.
#[derive(Clone)]
pub struct Journey {
    /// Goes there and comes back in the address.
    pub state: String,
    /// Comes back in the token.
    pub nonce: String,
    /// Goes with the code, so that a code somebody caught is of no use.
    pub verifier: String,
}

impl fmt::Debug for Journey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journey")
    }
}

impl Journey {
    /// That of a ticket.
    pub fn of(seal: &Seal, office: OfficeId, ticket: &Ticket) -> Self {
        let state = ticket.reveal();
        let derived =
            |what: &str| to_base64url(&seal.lookup_hash(office, &format!("{what} {state}")));
        Self { nonce: derived("provider nonce"), verifier: derived("provider verifier"), state }
    }
}

/// `a=1&b=2` behind an address that may have a question mark already.
fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut text = address.to_owned();
    for (name, value) in pairs {
        text.push(if text.contains('?') { '&' } else { '?' });
        text.push_str(name);
        text.push('=');
        text.push_str(&encode(value));
    }
    text
}

impl Provider {
    async fn ask(
        &self,
        what: &'static str,
        url: &str,
        form: Option<Vec<(&'static str, String)>>,
        basic: Option<(String, Secret)>,
    ) -> Result<(u16, Vec<u8>), ProviderFault> {
        let office = self.settings.office;
        let provider = self.settings.name.clone();
        let question = Question { office, provider, url: url.to_owned(), form, basic };
        self.wire.ask(&question).await.map_err(|why| ProviderFault::Silent { what, why })
    }

    async fn read<T: for<'a> Deserialize<'a>>(
        &self,
        what: &'static str,
        url: &str,
    ) -> Result<T, ProviderFault> {
        let (status, body) = self.ask(what, url, None, None).await?;
        if status != 200 {
            return Err(ProviderFault::Silent { what, why: format!("status {status}") });
        }
        serde_json::from_slice(&body)
            .map_err(|error| ProviderFault::Silent { what, why: error.to_string() })
    }

    /// Reads anew what the provider publishes of itself, with its keys.
    async fn discover(&self, now: Timestamp) -> Result<Kept, ProviderFault> {
        let issuer = &self.settings.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let mut metadata: Metadata = self.read("discovery", &url).await?;
        if metadata.issuer != *issuer {
            return Err(ProviderFault::Metadata("it calls itself otherwise than the settings do"));
        }
        let scheme = issuer.split("://").next().unwrap_or_default();
        let places =
            [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        let safe =
            |it: &&String| it.starts_with("https://") || it.starts_with(&format!("{scheme}://"));
        if !places.iter().all(safe) {
            return Err(ProviderFault::Metadata("an address is not encrypted"));
        }
        // Signing in does not hang on the way out: one that is not safe is as none.
        metadata.end_session_endpoint = metadata.end_session_endpoint.filter(|it| safe(&it));
        let keys: Keys = self.read("keys", &metadata.jwks_uri).await?;
        let kept = Kept { metadata, keys: Arc::new(keys), at: now };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
        Ok(kept)
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn known(&self, now: Timestamp) -> Result<Kept, ProviderFault> {
        match self.kept() {
            Some(kept) if now.duration_since(kept.at).abs() < KEPT => Ok(kept),
            _ => self.discover(now).await,
        }
    }

    /// Whether it answers and says of itself what can be: for the doctor.
    pub async fn look(&self, now: Timestamp) -> Result<(), ProviderFault> {
        let kept = self.discover(now).await?;
        if kept.keys.is_empty() {
            return Err(ProviderFault::Metadata("it publishes no key that can be used"));
        }
        Ok(())
    }

    /// Where the browser goes to sign in.
    pub async fn way_there(
        &self,
        journey: &Journey,
        back: &str,
        now: Timestamp,
    ) -> Result<String, ProviderFault> {
        let kept = self.known(now).await?;
        let scope =
            std::iter::once("openid").chain(self.settings.scopes.iter().map(String::as_str));
        let scope = scope.collect::<Vec<_>>().join(" ");
        let challenge = to_base64url(&Sha256::digest(journey.verifier.as_bytes()));
        Ok(with_query(
            &kept.metadata.authorization_endpoint,
            &[
                ("response_type", "code"),
                ("client_id", &self.settings.client_id),
                ("redirect_uri", back),
                ("scope", &scope),
                ("state", &journey.state),
                ("nonce", &journey.nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        ))
    }

    /// Where one signs out of the provider too, if it says so (OpenID Connect RP-Initiated Logout 1.0, 2):
    /// with its own token it knows whom, and need not ask.
    pub async fn way_out(
        &self,
        hint: Option<&str>,
        (back, state): (&str, &str),
        now: Timestamp,
    ) -> Option<String> {
        // Nobody is kept here because the provider is silent.
        let place = self.known(now).await.ok()?.metadata.end_session_endpoint?;
        let mut to = vec![
            ("client_id", self.settings.client_id.as_str()),
            ("post_logout_redirect_uri", back),
            ("state", state),
        ];
        to.extend(hint.map(|it| ("id_token_hint", it)));
        Some(with_query(&place, &to))
    }

    /// Whom the provider vouches for: the code is given for a token, and the token believed or not.
    pub async fn vouched(
        &self,
        journey: &Journey,
        (code, back): (&str, &str),
        now: Timestamp,
    ) -> Result<Word, ProviderFault> {
        let kept = self.known(now).await?;
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", back.to_owned()),
            ("code_verifier", journey.verifier.clone()),
        ];
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret);
        let ways = &kept.metadata.token_endpoint_auth_methods_supported;
        // Without a word of it, Basic is what every provider takes (Discovery, 3).
        let by_form = !ways.is_empty() && !ways.iter().any(|it| it == "client_secret_basic");
        let mut basic = None;
        if secret.reveal().is_empty() || by_form {
            form.push(("client_id", id.clone()));
            if !secret.reveal().is_empty() {
                form.push(("client_secret", secret.reveal().to_owned()));
            }
        } else {
            // Both are written as in forms before they are put together (RFC 6749, 2.3.1).
            basic = Some((encode(id), Secret::new(encode(secret.reveal()))));
        }
        let place = kept.metadata.token_endpoint.clone();
        let (status, body) = self.ask("the token", &place, Some(form), basic).await?;
        let answer: TokenAnswer = serde_json::from_slice(&body).map_err(|error| {
            ProviderFault::Silent { what: "the token", why: format!("status {status}: {error}") }
        })?;
        if status != 200 || answer.id_token.is_empty() {
            let why = answer.error.chars().filter(char::is_ascii_graphic).take(60);
            return Err(ProviderFault::Refused(why.collect()));
        }
        let expected = token::Expected {
            issuer: &self.settings.issuer,
            client: id,
            nonce: &journey.nonce,
            now,
        };
        let claims = match token::believe(&answer.id_token, &kept.keys, &expected) {
            // Keys change: what is not known yet may have been published meanwhile.
            Err(TokenFault::UnknownKey) if now.duration_since(kept.at).abs() >= PAUSE => {
                let kept = self.discover(now).await?;
                token::believe(&answer.id_token, &kept.keys, &expected)?
            }
            done => done?,
        };
        let wanted = kept.metadata.end_session_endpoint.is_some();
        let hint = Some(answer.id_token).filter(|it| wanted && it.len() <= LONGEST_HINT);
        Ok(Word { claims, hint })
    }
}
