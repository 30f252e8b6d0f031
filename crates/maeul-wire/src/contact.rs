//! How a person can be reached: by telephone or by e-mail, from one field of a form.

use std::fmt;
use std::str::FromStr;

use maeul_base::{Lang, Refusal};
use serde::{Deserialize, Serialize};

use crate::{Email, EmailError, Phone, PhoneError};

/// A telephone number or an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub enum Contact {
    /// By telephone; by text message where [`Phone::is_mobile`].
    Phone(Phone),
    /// By e-mail.
    Email(Email),
}

/// Why a text is neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactError {
    /// It was read as a telephone number.
    Phone(PhoneError),
    /// It was read as an e-mail address.
    Email(EmailError),
}

impl Contact {
    /// The same text for the same contact however it was typed: what a keyed hash is made of.
    /// The part of an address before the @ is folded too: no mail server in use tells `Kim@`
    /// from `kim@`, and the resident who follows a case types it either way.
    pub fn lookup_key(&self) -> String {
        match self {
            Self::Phone(phone) => format!("tel:{}", phone.digits()),
            Self::Email(email) => format!("mailto:{}", email.as_str().to_ascii_lowercase()),
        }
    }

    /// For showing to someone who may not see it: `010-****-5678`, `k***@n…`.
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(phone) => phone.masked(),
            Self::Email(email) => email.masked(),
        }
    }

    /// The telephone number, if it is one.
    pub const fn phone(&self) -> Option<&Phone> {
        match self {
            Self::Phone(phone) => Some(phone),
            Self::Email(_) => None,
        }
    }

    /// The e-mail address, if it is one.
    pub const fn email(&self) -> Option<&Email> {
        match self {
            Self::Email(email) => Some(email),
            Self::Phone(_) => None,
        }
    }

    /// Whether a written notice can reach it without paper: an e-mail or a mobile number.
    pub fn takes_messages(&self) -> bool {
        match self {
            Self::Phone(phone) => phone.is_mobile(),
            Self::Email(_) => true,
        }
    }
}

impl FromStr for Contact {
    type Err = ContactError;

    /// Whatever holds an @ or begins with a Latin letter was meant as an e-mail address.
    fn from_str(text: &str) -> Result<Self, ContactError> {
        let text = text.trim();
        let email = text.contains(['@', '＠'])
            || text.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
        if email {
            text.parse().map(Self::Email).map_err(ContactError::Email)
        } else {
            text.parse().map(Self::Phone).map_err(ContactError::Phone)
        }
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(phone) => phone.fmt(f),
            Self::Email(email) => email.fmt(f),
        }
    }
}

impl fmt::Display for ContactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for ContactError {}

impl Refusal for ContactError {
    fn code(&self) -> &'static str {
        match self {
            Self::Phone(PhoneError::Empty) => "contact.empty",
            Self::Phone(error) => error.code(),
            Self::Email(error) => error.code(),
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Phone(PhoneError::Empty) => lang
                .t(
                    "휴대전화 번호나 전자우편 주소를 적어 주세요.",
                    "Please enter a mobile number or an e-mail address.",
                )
                .to_owned(),
            Self::Phone(error) => error.say(lang),
            Self::Email(error) => error.say(lang),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("contact")
    }
}
