//! The settings of signing in and of emergencies.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::SignedDuration;
use maeul_base::OfficeId;
use maeul_door::oidc::{ProviderSettings, SecondFactor, Secret};
use maeul_outside::Reach;
use serde::{Deserialize, Serialize};

use super::TransferReach;

/// Signing in, and opening a case in an emergency. The safety standard asks for these limits and
/// leaves the figures to the office.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Staff {
    /// Failures in a row until a name is locked.
    pub most_failures: u16,
    /// Minutes for which it is locked.
    pub lock_minutes: u16,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u16,
    /// Hours after which a session ends in any case.
    pub session_hours: u16,
    /// Minutes for which a case stands open that was opened in an emergency.
    pub emergency_minutes: u16,
    /// The offices' own identity providers; docs/operations.md.
    pub oidc: Vec<Oidc>,
}

/// An office's own identity provider (OpenID Connect).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The office's code.
    pub office: i32,
    /// Its name in addresses: small letters, digits, hyphens. One of an office may do without.
    #[serde(default)]
    pub name: String,
    /// The provider's address, exactly as it calls itself.
    pub issuer: String,
    /// What the provider calls us.
    pub client_id: String,
    /// The file that holds what it knows us by; without it `MAEUL_OIDC_SECRET` for one without a name, or
    /// none.
    pub client_secret_file: Option<PathBuf>,
    /// The claim that holds the sign-in name here.
    #[serde(default = "login_claim")]
    pub login_claim: String,
    /// What is asked for besides `openid`.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The button, in Korean.
    #[serde(default = "label_ko")]
    pub label_ko: String,
    /// The button, in English.
    #[serde(default = "label_en")]
    pub label_en: String,
    /// The provider asks two factors of everybody: ours is not asked for.
    #[serde(default)]
    pub two_factors: bool,
    /// Ours is not asked for where the token says one of these in `amr` or `acr`.
    #[serde(default)]
    pub two_factors_if: Vec<String>,
    /// How far its addresses may lead.
    #[serde(default)]
    pub reach: TransferReach,
}

fn login_claim() -> String {
    "preferred_username".to_owned()
}

fn scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn label_ko() -> String {
    "기관 계정으로 로그인".to_owned()
}

fn label_en() -> String {
    "Sign in with your organisation account".to_owned()
}

impl Oidc {
    /// Whether the name can stand in an address.
    pub fn name_fits(&self) -> bool {
        let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        self.name.len() <= 40 && self.name.bytes().all(fits)
    }

    /// The office, and the name where there is one.
    pub fn label(&self) -> String {
        format!("{} {}", self.office, self.name).trim_end().to_owned()
    }

    /// The secret of the file or the environment; the file's error names the file, never its words.
    pub fn secret(&self, env: impl Fn(&str) -> Option<String>) -> std::io::Result<String> {
        match &self.client_secret_file {
            Some(file) => Ok(std::fs::read_to_string(file)?.trim().to_owned()),
            None if self.name.is_empty() => Ok(env("MAEUL_OIDC_SECRET").unwrap_or_default()),
            // What one provider knows us by is not told to another.
            None => Ok(String::new()),
        }
    }

    /// As the door takes it.
    pub fn settings(&self, secret: String) -> ProviderSettings {
        ProviderSettings {
            office: OfficeId(self.office),
            name: self.name.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: Secret::new(secret),
            login_claim: self.login_claim.clone(),
            scopes: self.scopes.clone(),
            words: (self.label_ko.clone(), self.label_en.clone()),
            second_factor: match (self.two_factors, self.two_factors_if.as_slice()) {
                (true, _) => SecondFactor::Provider,
                (false, []) => SecondFactor::Ours,
                (false, words) => SecondFactor::UnlessToldBy(words.to_vec()),
            },
        }
    }
}

impl Default for Staff {
    fn default() -> Self {
        Self {
            most_failures: 5,
            lock_minutes: 15,
            idle_minutes: 30,
            session_hours: 12,
            emergency_minutes: 60,
            oidc: Vec::new(),
        }
    }
}

impl Staff {
    /// As the room of people takes them.
    pub fn policy(&self) -> maeul_people::SignInPolicy {
        let minutes = |it: u16| SignedDuration::from_mins(i64::from(it));
        maeul_people::SignInPolicy {
            max_failures: i32::from(self.most_failures),
            lock: minutes(self.lock_minutes),
            idle: minutes(self.idle_minutes),
            absolute: SignedDuration::from_hours(i64::from(self.session_hours)),
            opening: minutes(self.emergency_minutes),
        }
    }

    /// How far the addresses of each office's providers may lead.
    pub fn reaches(&self) -> BTreeMap<(OfficeId, String), Reach> {
        let reach = |it: &Oidc| match it.reach {
            TransferReach::Public => Reach::Public,
            TransferReach::Anywhere => Reach::Anywhere,
        };
        let key = |it: &Oidc| (OfficeId(it.office), it.name.clone());
        self.oidc.iter().map(|it| (key(it), reach(it))).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use maeul_door::oidc::SecondFactor;

    #[test]
    fn an_identity_provider_is_a_few_lines_and_its_secret_stands_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let (file, secret) = (dir.path().join("maeul.toml"), dir.path().join("secret"));
        std::fs::write(&secret, "whispered\n").unwrap();
        let text = "[[staff.oidc]]\noffice = 29140\nissuer = \"https://sso.example.go.kr\"\nclient_id = \"maeul\"\n";
        std::fs::write(&file, text).unwrap();
        let config = Config::read(&file, |_| None).unwrap();
        let provider = config.staff.oidc.first().unwrap();
        assert_eq!(
            provider.secret(|_| Some("of the environment".to_owned())).unwrap(),
            "of the environment"
        );
        let settings = provider.settings(String::new());
        assert_eq!(settings.second_factor, SecondFactor::Ours, "ours unless said");
        std::fs::write(
            &file,
            format!("{text}two_factors = true\nclient_secret_file = {secret:?}\n"),
        )
        .unwrap();
        let config = Config::read(&file, |_| None).unwrap();
        let provider = config.staff.oidc.first().unwrap();
        let settings = provider.settings(provider.secret(|_| None).unwrap());
        assert_eq!(settings.second_factor, SecondFactor::Provider);
        assert_eq!(settings.client_secret.reveal(), "whispered");
        assert!(!format!("{settings:?}{config:?}").contains("whispered"));
        // A second one has a name, and the environment's secret is not given to it.
        let second = text.replace("maeul\"", "other\"");
        std::fs::write(&file, format!("{text}{second}name = \"common\"\n")).unwrap();
        let config = Config::read(&file, |_| None).unwrap();
        let named = config.staff.oidc.last().unwrap();
        assert_eq!(named.secret(|_| Some("of the environment".to_owned())).unwrap(), "");
        assert!(named.name_fits() && named.label() == "29140 common");
        assert!(!super::Oidc { name: "a/b".to_owned(), ..named.clone() }.name_fits());
        assert_eq!(config.staff.reaches().len(), 2);
        std::fs::write(&file, format!("{text}client_secret = \"x\"\n")).unwrap();
        assert!(Config::read(&file, |_| None).is_err(), "a secret does not belong into this file");
    }
}
