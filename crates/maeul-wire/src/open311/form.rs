//! What clients post: a new request or an update, read from the pairs of a form.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::time::write_time;

/// The pairs of a form or query, in the order they came. An empty value equals none.
#[derive(Clone, Debug, Default)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// From pairs as decoded; line breaks become `\n`, as some libraries send `\r\n`.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let clean = |text: String| text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        let pairs = pairs.into_iter().map(|(name, value)| (name, clean(value)));
        Self(pairs.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// These and more; where a name comes twice, the earlier counts.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a name, also written `name[]` or `name[0]`.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let called = |key: &str| {
            key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || is_index(rest))
        };
        self.0.iter().filter(|(key, _)| called(key)).map(|(_, value)| value.as_str()).collect()
    }

    /// The attributes by code, in all four forms of sending several values: `attribute[C]=`,
    /// `attribute[C][]=`, `attribute[C][0]=`, and a repeated `attribute[C]=`.
    pub fn attributes(&self) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &self.0 {
            let Some(code) = attribute_code(name) else { continue };
            found.entry(code.to_owned()).or_default().push(value.clone());
        }
        found
    }

    /// All pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// `[]` or `[12]`
fn is_index(text: &str) -> bool {
    text.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn attribute_code(name: &str) -> Option<&str> {
    let (code, rest) = name.strip_prefix("attribute[")?.split_once(']')?;
    (!code.is_empty() && (rest.is_empty() || is_index(rest))).then_some(code)
}

/// A new request, as sent; nothing is judged yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRequest {
    /// Which of several jurisdictions.
    pub jurisdiction_id: Option<String>,
    /// The service.
    pub service_code: Option<String>,
    /// Latitude in degrees.
    pub lat: Option<String>,
    /// Longitude in degrees.
    pub long: Option<String>,
    /// Where, in words.
    pub address_string: Option<String>,
    /// Where, by the office's own register.
    pub address_id: Option<String>,
    /// The answers to the service's questions.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// E-mail of who reports.
    pub email: Option<String>,
    /// The device it was sent from.
    pub device_id: Option<String>,
    /// The account it was sent from.
    pub account_id: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name; Korean names mostly come in the first alone.
    pub last_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Addresses of pictures.
    pub media_urls: Vec<String>,
}

impl NewRequest {
    /// From a form.
    pub fn read(pairs: &Pairs) -> Self {
        let text = |name: &str| pairs.get(name).map(str::to_owned);
        Self {
            jurisdiction_id: text("jurisdiction_id"),
            service_code: text("service_code"),
            lat: text("lat"),
            long: text("long"),
            address_string: text("address_string"),
            address_id: text("address_id"),
            attributes: pairs.attributes(),
            email: text("email"),
            device_id: text("device_id"),
            account_id: text("account_id"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            phone: text("phone"),
            description: text("description"),
            media_urls: pairs.all("media_url").into_iter().map(str::to_owned).collect(),
        }
    }

    /// The one name there is: nobody is asked for two.
    pub fn name(&self) -> String {
        let parts = [self.first_name.as_deref(), self.last_name.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// As a form to be sent; several values as `attribute[C][]`.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let single = [
            ("jurisdiction_id", &self.jurisdiction_id),
            ("service_code", &self.service_code),
            ("lat", &self.lat),
            ("long", &self.long),
            ("address_string", &self.address_string),
            ("address_id", &self.address_id),
            ("email", &self.email),
            ("device_id", &self.device_id),
            ("account_id", &self.account_id),
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("phone", &self.phone),
            ("description", &self.description),
        ];
        let mut pairs: Vec<(String, String)> = single
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)))
            .collect();
        for (code, values) in &self.attributes {
            let name = match values.len() {
                1 => format!("attribute[{code}]"),
                _ => format!("attribute[{code}][]"),
            };
            pairs.extend(values.iter().map(|value| (name.clone(), value.clone())));
        }
        pairs.extend(self.media_urls.iter().map(|url| ("media_url".to_owned(), url.clone())));
        pairs
    }
}

/// A new update, as sent; nothing is judged yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewUpdate {
    /// Of which request.
    pub service_request_id: Option<String>,
    /// The sender's id of it.
    pub update_id: Option<String>,
    /// In capitals.
    pub status: Option<String>,
    /// When.
    pub updated_datetime: Option<String>,
    /// In words.
    pub description: Option<String>,
    /// E-mail of who wrote it.
    pub email: Option<String>,
    /// Telephone of who wrote it.
    pub phone: Option<String>,
    /// Addresses of pictures.
    pub media_urls: Vec<String>,
}

impl NewUpdate {
    /// From a form.
    pub fn read(pairs: &Pairs) -> Self {
        let text = |name: &str| pairs.get(name).map(str::to_owned);
        Self {
            service_request_id: text("service_request_id"),
            update_id: text("update_id"),
            status: text("status"),
            updated_datetime: text("updated_datetime"),
            description: text("description"),
            email: text("email"),
            phone: text("phone"),
            media_urls: pairs.all("media_url").into_iter().map(str::to_owned).collect(),
        }
    }

    /// A form to be sent about something that happened here.
    pub fn pairs(update: &super::Update) -> Vec<(String, String)> {
        let mut pairs = vec![
            ("service_request_id".to_owned(), update.service_request_id.clone()),
            ("update_id".to_owned(), update.update_id.clone()),
            ("status".to_owned(), update.status.word().to_ascii_uppercase()),
            ("updated_datetime".to_owned(), write_time(update.updated)),
            ("description".to_owned(), update.description.clone()),
        ];
        pairs.extend(update.media_urls.iter().map(|url| ("media_url".to_owned(), url.clone())));
        pairs
    }
}

/// The time of an update that may be a little ahead: clocks of two machines are never alike.
pub const CLOCK_SKEW_SECONDS: i64 = 300;

/// Whether a time sent by another machine has not come yet.
pub fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at.as_second() > now.as_second() + CLOCK_SKEW_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(of: &[(&str, &str)]) -> Pairs {
        Pairs::new(of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn all_four_forms_of_several_values() {
        for form in [
            &[("attribute[C][]", "a"), ("attribute[C][]", "b")],
            &[("attribute[C][0]", "a"), ("attribute[C][1]", "b")],
            &[("attribute[C]", "a"), ("attribute[C]", "b")],
        ] {
            assert_eq!(pairs(form).attributes()["C"], ["a", "b"], "{form:?}");
        }
        assert_eq!(pairs(&[("attribute[C]", "a")]).attributes()["C"], ["a"]);
        let odd = [
            ("attribute[]", "x"),
            ("attribute[C", "x"),
            ("attribute[C]y", "x"),
            ("attribute", "x"),
        ];
        assert!(pairs(&odd).attributes().is_empty());
        assert_eq!(pairs(&[("attribute[pole-number]", "")]).attributes().len(), 0);
    }

    #[test]
    fn a_request_is_read_and_written() {
        let form = pairs(&[
            ("service_code", " 001 "),
            ("lat", ""),
            ("description", "한 줄\r\n두 줄"),
            ("first_name", "홍길동"),
            ("media_url", "http://a"),
            ("media_url[]", "http://b"),
            ("attribute[X]", "1"),
            ("service_code", "002"),
        ]);
        let new = NewRequest::read(&form);
        assert_eq!(new.service_code.as_deref(), Some("001"));
        assert_eq!(new.lat, None, "an empty parameter is none");
        assert_eq!(new.description.as_deref(), Some("한 줄\n두 줄"));
        assert_eq!(new.name(), "홍길동");
        assert_eq!(new.media_urls, ["http://a", "http://b"]);
        assert_eq!(NewRequest::read(&Pairs::new(new.pairs())), new);
    }
}
