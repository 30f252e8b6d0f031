//! What residents read in text messages and e-mails. Pure: snapshot tests hold every text.

use maeul_base::{Lang, seoul};
use maeul_language::{Josa, with_josa};

use crate::due::Due;
use crate::event::{Answer, Signature};
use crate::words::Outcome;

/// What every message speaks of.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The office's name.
    pub office: &'a str,
    /// The receipt number.
    pub number: &'a str,
    /// The case's title.
    pub title: &'a str,
    /// The responsible unit's name (영31).
    pub unit: &'a str,
    /// The telephone to call (영31).
    pub phone: &'a str,
    /// The officer's name, once there is one (영31).
    pub officer: Option<&'a str>,
    /// The address under which this person follows the case.
    pub link: &'a str,
}

/// A message in both forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The subject line.
    pub subject: String,
    /// As a text message.
    pub sms: String,
    /// As an e-mail.
    pub email: String,
}

impl About<'_> {
    fn who(&self, lang: Lang) -> String {
        let Self { unit, phone, .. } = self;
        match (self.officer, lang) {
            (Some(officer), Lang::Ko) => format!("{unit} {officer}, 전화 {phone}"),
            (Some(officer), Lang::En) => format!("{officer}, {unit}, telephone {phone}"),
            (None, Lang::Ko) => format!("{unit}, 전화 {phone}"),
            (None, Lang::En) => format!("{unit}, telephone {phone}"),
        }
    }

    fn words(&self, lang: Lang, subject: String, short: &str, long: &str) -> Words {
        let Self { office, number, link, .. } = self;
        let (name, who) = (lang.t("접수번호", "Receipt number"), self.who(lang));
        let (contact, follow) = (lang.t("담당", "Responsible"), lang.t("확인하기", "Follow it"));
        Words {
            sms: format!("[{office}] {short} {link}"),
            email: format!(
                "{long}\n\n{name}: {number}\n{contact}: {who}\n{follow}: {link}\n\n{office}"
            ),
            subject: format!("[{office}] {subject}"),
        }
    }
}

/// The acknowledgement: number, unit, telephone, due time and why.
pub fn received(lang: Lang, about: &About<'_>, due: Option<&Due>) -> Words {
    let About { number, unit, phone, title, .. } = about;
    let until = due.map(|due| due.say(lang));
    let (subject, short, mut long) = match lang {
        Lang::Ko => (
            format!("접수했어요: {number}"),
            match &until {
                Some(until) => format!("접수 {number}. {unit}({phone})에서 {until}까지 답해요."),
                None => format!("접수 {number}. {unit}({phone})에서 답해요."),
            },
            match &until {
                Some(until) => format!(
                    "보내 주신 '{title}' 신고를 접수했어요.\n{unit}에서 {until}까지 답해 드려요."
                ),
                None => format!(
                    "보내 주신 '{title}' 신고를 접수했어요.\n{unit}에서 확인하고 답해 드려요."
                ),
            },
        ),
        Lang::En => (
            format!("We have received it: {number}"),
            match &until {
                Some(until) => format!("Received {number}. {unit} ({phone}) answers by {until}."),
                None => format!("Received {number}. {unit} ({phone}) will answer."),
            },
            match &until {
                Some(until) => format!(
                    "We have received your report \u{201c}{title}\u{201d}.\n{unit} will answer by \
                     {until}."
                ),
                None => format!(
                    "We have received your report \u{201c}{title}\u{201d}.\n{unit} will look at \
                     it and answer."
                ),
            },
        ),
    };
    if let Some(due) = due {
        long.push_str("\n\n");
        long.push_str(lang.t("왜 이날까지인가요?", "Why this date?"));
        for line in due.why(lang) {
            long.push_str("\n- ");
            long.push_str(line);
        }
        long.push('\n');
        long.push_str(lang.t(
            "날마다 어떻게 세었는지는 아래 주소에 있어요.",
            "The address below shows how each day was counted.",
        ));
    }
    about.words(lang, subject, &short, &long)
}

/// To someone who joined a case: they get the answer as well.
pub fn followed(lang: Lang, about: &About<'_>, due: Option<&Due>) -> Words {
    let About { number, title, .. } = about;
    let until = due.map_or_else(String::new, |due| match lang {
        Lang::Ko => format!(" {}까지 답해 드려요.", due.say(lang)),
        Lang::En => format!(" It is due by {}.", due.say(lang)),
    });
    let (subject, short, long) = match lang {
        Lang::Ko => (
            format!("함께 신청했어요: {number}"),
            format!("{number}에 함께 신청했어요. 답변을 같이 보내 드려요."),
            format!("'{title}' 신고에 함께 신청했어요. 답변이 나오면 같이 보내 드려요.{until}"),
        ),
        Lang::En => (
            format!("You joined {number}"),
            format!("You joined {number}. You will get the answer too."),
            format!(
                "You joined the report \u{201c}{title}\u{201d}. You will get the answer as \
                 well.{until}"
            ),
        ),
    };
    about.words(lang, subject, &short, &long)
}

/// A question from the officer.
pub fn asked(lang: Lang, about: &About<'_>, question: &str) -> Words {
    let number = about.number;
    let (subject, short, long) = match lang {
        Lang::Ko => (
            format!("확인할 것이 있어요: {number}"),
            format!("{number} 처리에 필요해 여쭤봐요. 링크에서 답해 주세요."),
            format!(
                "신고를 처리하는 데 필요해서 여쭤봐요.\n\n{question}\n\n아래 주소에서 답해 주세요. \
                 처리 기한은 그대로예요."
            ),
        ),
        Lang::En => (
            format!("We have a question: {number}"),
            format!("We have a question about {number}. Please reply here."),
            format!(
                "We need to know one thing to deal with your report.\n\n{question}\n\nPlease \
                 reply at the address below. The due date stays the same."
            ),
        ),
    };
    about.words(lang, subject, &short, &long)
}

/// A question from the officer to someone who wrote by text: the question itself, to be replied to
/// the way they wrote.
pub fn asked_by_text(lang: Lang, about: &About<'_>, question: &str) -> Words {
    let Words { subject, email, .. } = asked(lang, about, question);
    let About { office, number, unit, phone, .. } = about;
    let sms = match lang {
        Lang::Ko => {
            format!("[{office}] {question}\n이 문자에 답장해 주세요. 접수 {number}, {unit} {phone}")
        }
        Lang::En => {
            format!("[{office}] {question}\nPlease reply to this text. {number}, {unit} {phone}")
        }
    };
    Words { subject, sms, email }
}

/// The answer to someone who wrote by text: the result in words; the whole letter is at the link.
pub fn answered_by_text(
    lang: Lang,
    about: &About<'_>,
    outcome: Outcome,
    result: &str,
    letter: &str,
) -> Words {
    let Words { subject, email, .. } = answered(lang, about, outcome, letter);
    let About { office, number, link, .. } = about;
    let (name, whole) = (outcome.name(lang), lang.t("답변 전문", "The whole answer"));
    let mut said: String = result.chars().take(LONGEST_RESULT).collect();
    if said.chars().count() < result.chars().count() {
        said.push('…');
    }
    let sms = format!("[{office}] {number} {name}\n{said}\n{whole}: {link}");
    Words { subject, sms, email }
}

/// The most letters of a result in a text message; the rest is at the link.
const LONGEST_RESULT: usize = 500;

/// The answer.
pub fn answered(lang: Lang, about: &About<'_>, outcome: Outcome, letter: &str) -> Words {
    let (number, result) = (about.number, outcome.name(lang));
    let (subject, short) = match lang {
        Lang::Ko => (
            format!("답변이 나왔어요: {number} ({result})"),
            format!("{number} 답변이 나왔어요({result})."),
        ),
        Lang::En => (
            format!("Your answer: {number} ({result})"),
            format!("Your answer to {number} is here ({result})."),
        ),
    };
    about.words(lang, subject, &short, letter)
}

/// The due time moved, and why.
pub fn due_changed(lang: Lang, about: &About<'_>, due: &Due, reason: &str) -> Words {
    let (number, until) = (about.number, due.say(lang));
    let (subject, short, long) = match lang {
        Lang::Ko => (
            format!("처리 기한이 바뀌었어요: {number}"),
            format!("{number} 처리 기한이 {until}까지로 바뀌었어요."),
            format!("처리 기한이 {until}까지로 바뀌었어요.\n까닭: {reason}"),
        ),
        Lang::En => (
            format!("New due date: {number}"),
            format!("{number} is now due by {until}."),
            format!("Your report is now due by {until}.\nWhy: {reason}"),
        ),
    };
    about.words(lang, subject, &short, &long)
}

/// The case is open again.
pub fn reopened(lang: Lang, about: &About<'_>, due: Option<&Due>, reason: &str) -> Words {
    let number = about.number;
    let until = due.map_or_else(String::new, |due| match lang {
        Lang::Ko => format!(" {}까지 다시 답해 드려요.", due.say(lang)),
        Lang::En => format!(" We will answer again by {}.", due.say(lang)),
    });
    let (subject, short, long) = match lang {
        Lang::Ko => (
            format!("다시 살펴봐요: {number}"),
            format!("{} 다시 처리해요.{until}", with_josa(number, Josa::EulReul)),
            format!("신고를 다시 처리하기 시작했어요.{until}\n까닭: {reason}"),
        ),
        Lang::En => (
            format!("Open again: {number}"),
            format!("{number} is open again.{until}"),
            format!("We are looking at your report again.{until}\nWhy: {reason}"),
        ),
    };
    about.words(lang, subject, &short, &long)
}

/// The case was sent to the agency whose duty it is (영13: the petitioner is told).
pub fn transferred(
    lang: Lang,
    about: &About<'_>,
    agency: &str,
    phone: &str,
    reason: &str,
    with_contact: bool,
) -> Words {
    let number = about.number;
    let call = |agency: &str| match (phone, lang) {
        ("", _) => agency.to_owned(),
        (phone, Lang::Ko) => format!("{agency}(전화 {phone})"),
        (phone, Lang::En) => format!("{agency} (telephone {phone})"),
    };
    let called = call(agency);
    let contact = match (with_contact, lang) {
        (true, Lang::Ko) => "동의해 주신 대로 연락처도 함께 보냈어요.",
        (true, Lang::En) => "As you agreed, your contact went along.",
        (false, Lang::Ko) => "이름과 연락처는 보내지 않았어요.",
        (false, Lang::En) => "Your name and contact were not sent.",
    };
    let (subject, short, long) = match lang {
        Lang::Ko => (
            format!("담당 기관으로 보냈어요: {number}"),
            format!(
                "{number}: {called}의 일이라 그곳으로 보냈어요. 진행 상황은 여기서 알려 드려요."
            ),
            format!(
                "신고하신 일은 {called}에서 맡는 일이라 그곳으로 보냈어요(민원 처리에 관한 법률 시행령 \
                 제13조).\n까닭: {reason}\n{contact}\n그곳에서 어떻게 처리하는지 저희가 끝까지 \
                 확인하고 알려 드려요."
            ),
        ),
        Lang::En => (
            format!("Sent to the agency responsible: {number}"),
            format!("{number} is the duty of {called}; we sent it there and keep you informed."),
            format!(
                "Your report is the duty of {called}, and we have sent it there (Enforcement Decree \
                 of the Civil Petitions Treatment Act, art. 13).\nWhy: {reason}\n{contact}\nWe \
                 follow it to the end and tell you what comes of it."
            ),
        ),
    };
    about.words(lang, subject, &short, &long)
}

/// The case is ours again.
pub fn transfer_ended(lang: Lang, about: &About<'_>, agency: &str, reason: &str) -> Words {
    let number = about.number;
    let (subject, short, long) = match lang {
        Lang::Ko => (
            format!("저희가 다시 처리해요: {number}"),
            format!("{}에 보냈던 {number}, 저희가 다시 맡아 처리해요.", agency),
            format!("{agency}에 보냈던 신고를 저희가 다시 맡아 처리해요.\n까닭: {reason}"),
        ),
        Lang::En => (
            format!("We are dealing with it again: {number}"),
            format!("We sent {number} to {agency}; we are dealing with it ourselves again."),
            format!(
                "We sent your report to {agency}. Now we are dealing with it ourselves again.\n\
                 Why: {reason}"
            ),
        ),
    };
    about.words(lang, subject, &short, &long)
}

/// A one-time code; it never holds a link, so that nobody learns to follow links with codes.
pub fn code(lang: Lang, office: &str, code: &str, minutes: i64) -> Words {
    let (subject, text) = match lang {
        Lang::Ko => (
            "확인번호".to_owned(),
            format!("확인번호 {code} ({minutes}분 안에 입력). 아무에게도 알려 주지 마세요."),
        ),
        Lang::En => (
            "Your code".to_owned(),
            format!("Code {code} (valid {minutes} minutes). Do not tell it to anyone."),
        ),
    };
    Words {
        subject: format!("[{office}] {subject}"),
        sms: format!("[{office}] {text}"),
        email: text,
    }
}

/// The letter: 합니다체, with every part the law asks for (법27: reasons and remedies of a refusal;
/// 영31: unit, name and telephone).
pub fn letter(lang: Lang, about: &About<'_>, answer: &Answer, signature: &Signature) -> String {
    let About { office, number, title, .. } = about;
    let heading = |ko, en| format!("\n\n[{}]\n", lang.t(ko, en));
    let mut text = match lang {
        Lang::Ko => format!(
            "안녕하십니까. {office}입니다.\n접수번호 {number} '{title}' 민원에 대해 답변드립니다."
        ),
        Lang::En => format!(
            "This is {office}.\nOur answer to your petition {number} \u{201c}{title}\u{201d}:"
        ),
    };
    text.push_str(&heading("처리 결과", "Outcome"));
    text.push_str(answer.outcome.name(lang));
    text.push('\n');
    text.push_str(&answer.result);
    if !answer.reason.is_empty() {
        text.push_str(&heading("까닭", "Reasons"));
        text.push_str(&answer.reason);
    }
    if !answer.remedy.is_empty() {
        text.push_str(&heading("구제 방법", "What you can do"));
        text.push_str(&answer.remedy);
    }
    if let Some(day) = answer.review_on {
        text.push_str(&heading("다시 검토하는 날", "Looked at again on"));
        text.push_str(&seoul::day_text(day, lang));
    }
    let Signature { officer, unit, phone } = signature;
    text.push_str(&heading("담당", "Responsible"));
    text.push_str(&match lang {
        Lang::Ko => format!("{unit} {officer} (전화 {phone})"),
        Lang::En => format!("{officer}, {unit} (telephone {phone})"),
    });
    text
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
