//! What was posted, judged: everything that is wrong with it at once, or a report to receive.

use maeul_base::{DongCode, Lang};
use maeul_wire::open311::{Errors, NewRequest, degrees_e7};
use maeul_wire::{Email, Phone};

use super::call::Call;
use super::services::offered;
use crate::act::{NewCase, Who};
use crate::number::CaseNumber;
use crate::service::Service;
use crate::words::Channel;
use crate::{ContactInput, Knowledge};

/// Longest description, in letters.
const LONGEST: usize = 4_000;
/// The most addresses of pictures.
const MOST_MEDIA: usize = 5;

/// A report that can be received, and what its sender should know about it.
#[derive(Debug)]
pub(super) struct Judged {
    service: String,
    body: String,
    answers: crate::Answers,
    point: Option<(i64, i64)>,
    dong: Option<DongCode>,
    place: String,
    who: Who,
    lang: Lang,
    pub(super) media: Vec<String>,
    pub(super) remarks: Vec<String>,
}

impl Judged {
    /// As the act takes it.
    pub(super) fn new_case(&self, number: CaseNumber, client_key: Option<String>) -> NewCase {
        NewCase {
            number,
            client_key,
            channel: Channel::Api,
            title: String::new(),
            body: self.body.clone(),
            service: Some(self.service.clone()),
            answers: self.answers.clone(),
            point: self.point,
            dong: self.dong.clone(),
            place: self.place.clone(),
            who: self.who.clone(),
            lang: self.lang,
            oral: false,
            received_at: None,
            draft: None,
        }
    }
}

/// Judges a new request.
pub(super) fn judge(call: &Call, new: &NewRequest) -> Result<Judged, Errors> {
    let lang = call.lang();
    let mut wrong: Vec<String> = Vec::new();
    let service = match &new.service_code {
        // What does not exist is told first: nothing else can be judged without it.
        Some(code) => Some(offered(call, code)?),
        None => {
            wrong.push(call.t("service_code를 보내 주십시오.", "service_code is required."));
            None
        }
    };
    let (point, dong) = place(call, new, &mut wrong);
    let description = new.description.clone().unwrap_or_default();
    if description.chars().count() > LONGEST {
        wrong.push(call.t(
            "description은 4,000자까지입니다.",
            "description may have at most 4,000 characters.",
        ));
    }
    if new.media_urls.len() > MOST_MEDIA {
        wrong.push(call.t("media_url은 5개까지입니다.", "At most five media_url."));
    }
    if let Some(bad) = new.media_urls.iter().find(|url| !is_web_address(url)) {
        let bad: String = bad.chars().take(60).collect();
        wrong.push(call.t(
            &format!("media_url은 http(s) 주소여야 합니다: {bad}"),
            &format!("media_url must be an http(s) address: {bad}"),
        ));
    }
    if let Some(service) = service {
        attributes(service, new, lang, &mut wrong);
    }
    let (Some(service), true) = (service, wrong.is_empty()) else {
        return Err(Errors::all(400, wrong));
    };
    let mut remarks = Vec::new();
    let who = who(new, lang, &mut remarks);
    // Where only lists were answered, the report says so in words.
    let body = if description.is_empty() {
        let answers = service.read_answers(&new.attributes, lang);
        let lines = answers.into_iter().map(|(label, value)| format!("{label}: {value}"));
        let name = service.name.get(lang).to_owned();
        std::iter::once(name).chain(lines).collect::<Vec<_>>().join("\n")
    } else {
        description
    };
    Ok(Judged {
        service: service.code.clone(),
        body,
        answers: new.attributes.clone(),
        point,
        dong,
        place: new.address_string.clone().unwrap_or_default(),
        who,
        lang,
        media: new.media_urls.clone(),
        remarks,
    })
}

/// A point, an address in words, or a 동 of the office's register: one of them must be there.
fn place(
    call: &Call,
    new: &NewRequest,
    wrong: &mut Vec<String>,
) -> (Option<(i64, i64)>, Option<DongCode>) {
    let point = match (&new.lat, &new.long) {
        (None, None) => None,
        (Some(lat), Some(long)) => {
            let point = degrees_e7(lat).zip(degrees_e7(long));
            if point.is_none() {
                wrong.push(call.t(
                    "lat와 long을 도 단위의 수로 보내 주십시오. 예: 35.1521, 126.8902",
                    "lat and long must be degrees, e.g. 35.1521 and 126.8902.",
                ));
            }
            point
        }
        _ => {
            wrong.push(call.t("lat와 long을 함께 보내 주십시오.", "Send lat and long together."));
            None
        }
    };
    let dong = new.address_id.as_deref().and_then(|id| {
        let known = id.parse().ok().filter(|code| is_dong(&call.know, code));
        if known.is_none() {
            wrong.push(call.t(
                "address_id는 이 기관의 행정동 코드 10자리입니다.",
                "address_id is the ten-digit code of a dong of this office.",
            ));
        }
        known
    });
    let nowhere = new.lat.is_none() && new.long.is_none();
    if nowhere && new.address_string.is_none() && new.address_id.is_none() {
        wrong.push(call.t(
            "위치가 필요합니다: lat와 long, address_string, address_id 가운데 하나를 보내 주십시오.",
            "A location is required: lat and long, address_string, or address_id.",
        ));
    }
    (point, dong)
}

fn is_dong(know: &Knowledge, code: &DongCode) -> bool {
    know.dong_index().is_some_and(|index| index.get(code).is_some())
}

/// Every answer that is missing or wrong; unknown attributes are left out, and logged by code.
fn attributes(service: &Service, new: &NewRequest, lang: Lang, wrong: &mut Vec<String>) {
    for question in &service.questions {
        let alone = Service { questions: vec![question.clone()], ..service.clone() };
        if let Err(refusal) = alone.check_answers(&new.attributes) {
            use maeul_base::Refusal as _;
            wrong.push(format!("attribute[{}]: {}", question.code, refusal.say(lang)));
        }
    }
    for code in new.attributes.keys() {
        if !service.questions.iter().any(|question| question.code == *code) {
            let code: String = code.chars().filter(|it| !it.is_control()).take(40).collect();
            tracing::info!(service = service.code, attribute = code, "an unknown attribute");
        }
    }
}

/// Who reports. A telephone or an e-mail that is none must not cost a report: the sender is told.
fn who(new: &NewRequest, lang: Lang, remarks: &mut Vec<String>) -> Who {
    let mut contact = ContactInput { name: new.name(), ..ContactInput::default() };
    if let Some(phone) = &new.phone {
        if phone.parse::<Phone>().is_ok() {
            contact.phone.clone_from(phone);
        } else {
            remarks.push(
                lang.t(
                    "phone을 전화번호로 읽지 못해 적지 않았습니다.",
                    "phone could not be read as a telephone number and was not kept.",
                )
                .to_owned(),
            );
        }
    }
    if let Some(email) = &new.email {
        if email.parse::<Email>().is_ok() {
            contact.email.clone_from(email);
        } else {
            remarks.push(
                lang.t(
                    "email을 전자우편 주소로 읽지 못해 적지 않았습니다.",
                    "email could not be read as an e-mail address and was not kept.",
                )
                .to_owned(),
            );
        }
    }
    if contact.is_empty() {
        return Who::Anonymous;
    }
    if contact.name.is_empty() {
        // Reachable, though nobody said by what name.
        lang.t("이름 없음", "No name given").clone_into(&mut contact.name);
    }
    Who::Relayed(contact)
}

pub(super) fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && url.len() <= 2_000
        && !url.chars().any(|letter| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_contact_costs_no_report() {
        let new = |name: &str, phone: &str, email: &str| NewRequest {
            first_name: Some(name.to_owned()).filter(|it| !it.is_empty()),
            phone: Some(phone.to_owned()).filter(|it| !it.is_empty()),
            email: Some(email.to_owned()).filter(|it| !it.is_empty()),
            ..NewRequest::default()
        };
        let read = |name, phone, email| {
            let mut remarks = Vec::new();
            let who = who(&new(name, phone, email), Lang::En, &mut remarks);
            (who, remarks.len())
        };
        assert_eq!(read("", "", ""), (Who::Anonymous, 0));
        assert_eq!(read("", "555-5555", ""), (Who::Anonymous, 1));
        let (Who::Relayed(contact), 1) = read("홍길동", "111111111", "a@b.kr") else { panic!() };
        assert_eq!((contact.name.as_str(), contact.phone.as_str()), ("홍길동", ""));
        assert!(contact.parse(false).is_ok());
        let (Who::Relayed(contact), 0) = read("", "010-1234-5678", "") else { panic!() };
        assert!(contact.parse(false).is_ok(), "reachable without a name");
        let (Who::Relayed(contact), 0) = read("홍길동", "", "") else { panic!() };
        assert!(contact.parse(false).is_ok(), "by name alone: the other system stays in touch");
    }

    #[test]
    fn only_web_addresses_are_kept() {
        assert!(is_web_address("https://example.kr/1.jpg"));
        for bad in
            ["javascript:alert(1)", "http://", "ftp://x", "http://a b", "data:image/png;base64,AA"]
        {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
