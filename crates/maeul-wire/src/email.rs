//! E-mail addresses: what a mail server will take, without the exotic corners of the grammar.

use std::fmt;
use std::str::FromStr;

use maeul_base::{Lang, Refusal};
use serde::{Deserialize, Serialize};

/// Longest address that fits an SMTP path (RFC 5321, 4.5.3.1.3, less the angle brackets).
const LONGEST: usize = 254;
/// Longest part before the @ (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// An e-mail address; the domain is in lower case, the part before the @ as typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is no e-mail address Maeul can write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing was typed.
    Empty,
    /// No @, or more than one.
    At,
    /// A sign that stands in no address (spaces, Hangul, quotes …).
    Sign(char),
    /// The part before the @ is empty or its dots are misplaced.
    Local,
    /// The part after the @ is no domain name.
    Domain,
    /// Longer than a mail server takes.
    TooLong,
}

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For showing to someone who may not see it: `k***@n…`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let first = |text: &str| text.chars().next().map_or_else(String::new, String::from);
        format!("{}***@{}…", first(local), first(domain))
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > LONGEST * 4 {
            return Err(EmailError::TooLong);
        }
        let narrow: String = text.chars().map(narrow).collect();
        let allowed =
            |sign: &char| sign.is_ascii_alphanumeric() || "@.!#$%&'*+/=?^_`{|}~-".contains(*sign);
        if let Some(sign) = narrow.chars().find(|sign| !allowed(sign)) {
            return Err(EmailError::Sign(sign));
        }
        let (local, domain) = narrow.split_once('@').ok_or(EmailError::At)?;
        if domain.contains('@') {
            return Err(EmailError::At);
        }
        if narrow.len() > LONGEST || local.len() > LONGEST_LOCAL {
            return Err(EmailError::TooLong);
        }
        if local.is_empty() || local.split('.').any(str::is_empty) {
            return Err(EmailError::Local);
        }
        if !is_domain(domain) {
            return Err(EmailError::Domain);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

/// Full-width signs of a Korean keyboard as their plain twins.
fn narrow(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(sign).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(sign)
        }
        _ => sign,
    }
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = labels.last().copied().unwrap_or("");
    let real_top = top.len() >= 2
        && (top.bytes().all(|byte| byte.is_ascii_alphabetic())
            || top.to_ascii_lowercase().starts_with("xn--"));
    labels.len() >= 2 && real_top && labels.iter().all(label)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Self, EmailError> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for EmailError {}

impl Refusal for EmailError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "email.empty",
            Self::At => "email.at",
            Self::Sign(_) => "email.sign",
            Self::Local => "email.local",
            Self::Domain => "email.domain",
            Self::TooLong => "email.too_long",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Empty => {
                lang.t("전자우편 주소를 적어 주세요.", "Please enter an e-mail address.").to_owned()
            }
            Self::At => lang
                .t(
                    "@가 하나 있어야 해요. 예: name@example.kr",
                    "An e-mail address has one @, for example name@example.kr.",
                )
                .to_owned(),
            Self::Sign(sign) => match lang {
                Lang::Ko => format!("전자우편 주소에 쓸 수 없는 글자가 있어요: {sign}"),
                Lang::En => format!("“{sign}” cannot stand in an e-mail address."),
            },
            Self::Local => lang
                .t(
                    "@ 앞부분을 확인해 주세요. 점은 맨 앞과 맨 뒤에 오거나 이어질 수 없어요.",
                    "Check the part before the @: dots cannot come first, last or twice in a row.",
                )
                .to_owned(),
            Self::Domain => lang
                .t(
                    "@ 뒷부분을 확인해 주세요. 예: name@example.kr",
                    "Check the part after the @, for example name@example.kr.",
                )
                .to_owned(),
            Self::TooLong => lang
                .t(
                    "전자우편 주소가 너무 길어요. 254자까지 쓸 수 있어요.",
                    "The address is too long: at most 254 characters.",
                )
                .to_owned(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("email")
    }
}
