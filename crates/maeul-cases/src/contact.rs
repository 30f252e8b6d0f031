//! How a resident can be reached: read from what was typed, or refused with the field at fault.

use maeul_base::{Fault, FaultKind, Lang, Refusal};
use maeul_wire::{Email, EmailError, Phone, PhoneError};

use crate::words::Prefers;

/// Longest name, in letters.
const LONGEST_NAME: usize = 60;

/// As typed into a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactInput {
    /// The name.
    pub name: String,
    /// The telephone.
    pub phone: String,
    /// The e-mail.
    pub email: String,
    /// How they want to hear from us; none: whatever they gave.
    pub prefers: Option<Prefers>,
}

/// A name with what reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The telephone.
    pub phone: Option<Phone>,
    /// The e-mail.
    pub email: Option<Email>,
    /// How they want to hear from us; none where no message can reach them.
    pub prefers: Option<Prefers>,
}

/// Why a contact cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactRefusal {
    /// No name.
    NameMissing,
    /// A name longer than any.
    NameTooLong,
    /// Neither telephone nor e-mail.
    NothingGiven,
    /// The telephone is none.
    Phone(PhoneError),
    /// The e-mail is none.
    Email(EmailError),
    /// Text messages were wanted, but the number takes none.
    NoMobile,
    /// E-mail was wanted, but none was given.
    NoEmail,
}

impl Refusal for ContactRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameMissing => "contact.name_missing",
            Self::NameTooLong => "contact.name_too_long",
            Self::NothingGiven => "contact.nothing_given",
            Self::Phone(error) => error.code(),
            Self::Email(error) => error.code(),
            Self::NoMobile => "contact.no_mobile",
            Self::NoEmail => "contact.no_email",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NameMissing => lang.t("이름을 적어 주세요.", "Please enter your name."),
            Self::NameTooLong => {
                lang.t("이름은 60자 안으로 적어 주세요.", "Please keep the name to 60 characters.")
            }
            Self::NothingGiven => lang.t(
                "답변을 받을 휴대전화 번호나 전자우편 주소를 적어 주세요.",
                "Please enter a mobile number or an e-mail address for the answer.",
            ),
            Self::Phone(error) => return error.say(lang),
            Self::Email(error) => return error.say(lang),
            Self::NoMobile => lang.t(
                "문자를 받으려면 휴대전화 번호가 필요해요.",
                "Text messages need a mobile number.",
            ),
            Self::NoEmail => lang.t(
                "전자우편으로 받으려면 주소를 적어 주세요.",
                "Please enter an e-mail address to be answered by e-mail.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::NameMissing | Self::NameTooLong => "name",
            Self::NothingGiven | Self::Phone(_) | Self::NoMobile => "phone",
            Self::Email(_) | Self::NoEmail => "email",
        })
    }
}

impl ContactInput {
    /// Whether nothing at all was typed.
    pub fn is_empty(&self) -> bool {
        [&self.name, &self.phone, &self.email].iter().all(|text| text.trim().is_empty())
    }

    /// The contact; `reachable` asks for a telephone or an e-mail.
    pub fn parse(&self, reachable: bool) -> Result<Contact, ContactRefusal> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err(ContactRefusal::NameMissing);
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(ContactRefusal::NameTooLong);
        }
        let phone: Option<Phone> = match self.phone.trim() {
            "" => None,
            text => Some(text.parse().map_err(ContactRefusal::Phone)?),
        };
        let email: Option<Email> = match self.email.trim() {
            "" => None,
            text => Some(text.parse().map_err(ContactRefusal::Email)?),
        };
        if reachable && phone.is_none() && email.is_none() {
            return Err(ContactRefusal::NothingGiven);
        }
        let mobile = phone.as_ref().is_some_and(Phone::is_mobile);
        let prefers = match self.prefers {
            Some(Prefers::Sms) if !mobile => return Err(ContactRefusal::NoMobile),
            Some(Prefers::Email) if email.is_none() => return Err(ContactRefusal::NoEmail),
            Some(prefers) => Some(prefers),
            None if mobile => Some(Prefers::Sms),
            None if email.is_some() => Some(Prefers::Email),
            // A landline alone: the resident wants a message, and none can reach it.
            None if reachable => return Err(ContactRefusal::NoMobile),
            None => None,
        };
        Ok(Contact { name: name.to_owned(), phone, email, prefers })
    }
}

impl Contact {
    /// From what was kept; what was kept was once parsed.
    pub(crate) fn stored(
        name: String,
        phone: &str,
        email: &str,
        prefers: Option<Prefers>,
    ) -> Result<Self, Fault> {
        let wrong = |what: &'static str| Fault::new(FaultKind::Decode, what);
        let phone = (!phone.is_empty()).then(|| phone.parse()).transpose();
        let email = (!email.is_empty()).then(|| email.parse()).transpose();
        Ok(Self {
            name,
            phone: phone.map_err(|_: PhoneError| wrong("a kept telephone is none"))?,
            email: email.map_err(|_: EmailError| wrong("a kept e-mail is none"))?,
            prefers,
        })
    }

    /// The text the telephone's hash is made of.
    pub(crate) fn phone_key(&self) -> Option<String> {
        self.phone.clone().map(|phone| maeul_wire::Contact::Phone(phone).lookup_key())
    }

    /// The text the e-mail's hash is made of.
    pub(crate) fn email_key(&self) -> Option<String> {
        self.email.clone().map(|email| maeul_wire::Contact::Email(email).lookup_key())
    }

    /// The name as far as it may be shown: `홍*동`, `김*`, `J*** S****`.
    pub fn masked_name(&self) -> String {
        mask_name(&self.name)
    }
}

/// Hides a name but for its beginning, and its end where that says little: `홍*동`.
pub fn mask_name(name: &str) -> String {
    name.split(' ')
        .map(|part| {
            let letters: Vec<char> = part.chars().collect();
            let hangul = letters.iter().all(|letter| matches!(letter, '가'..='힣'));
            letters
                .iter()
                .enumerate()
                .map(|(index, letter)| {
                    let last = index + 1 == letters.len();
                    if index == 0 || (last && hangul && letters.len() > 2) { *letter } else { '*' }
                })
                .collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_masked() {
        for (name, shown) in [
            ("홍길동", "홍*동"),
            ("김철", "김*"),
            ("남궁민수", "남**수"),
            ("John Smith", "J*** S****"),
            ("", ""),
        ] {
            assert_eq!(mask_name(name), shown);
        }
    }

    #[test]
    fn what_reaches_a_person() {
        let typed = |phone: &str, email: &str, prefers| ContactInput {
            name: "홍길동".into(),
            phone: phone.into(),
            email: email.into(),
            prefers,
        };
        let read = |phone, email, prefers| typed(phone, email, prefers).parse(true);
        assert_eq!(read("010-1234-5678", "", None).unwrap().prefers, Some(Prefers::Sms));
        assert_eq!(read("", "a@b.kr", None).unwrap().prefers, Some(Prefers::Email));
        assert_eq!(read("062-360-7114", "", None), Err(ContactRefusal::NoMobile));
        assert_eq!(read("062-360-7114", "a@b.kr", None).unwrap().prefers, Some(Prefers::Email));
        assert_eq!(read("", "", None), Err(ContactRefusal::NothingGiven));
        assert_eq!(read("010-1234-5678", "", Some(Prefers::Email)), Err(ContactRefusal::NoEmail));
        assert_eq!(typed("", "", None).parse(false).unwrap().prefers, None);
    }
}
