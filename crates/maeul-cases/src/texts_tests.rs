//! What residents read, held by snapshots in both languages.

use jiff::civil::date;
use maeul_calendar::Calendar;

use super::*;
use crate::due::ExplainedDue;
use crate::words::PetitionKind;

const TOKEN: &str = "https://maeul.example.kr/o/seogu/c/0123456789abcdef0123456789abcdef";

fn about(lang: Lang, officer: Option<&'static str>) -> About<'static> {
    About {
        office: lang.t("광주 서구", "Gwangju Seo-gu"),
        number: "2026-서구-001234-7",
        title: "우체국 앞 가로등이 꺼졌어요",
        unit: lang.t("건설과", "Construction Division"),
        phone: "062-000-1603",
        officer,
        link: TOKEN,
    }
}

fn due(anonymous: bool) -> Due {
    let received = seoul::instant("2026-06-08T10:30".parse().unwrap());
    let kind = PetitionKind::OtherInquiry;
    let due =
        ExplainedDue::for_case(Calendar::national(), received, None, kind, anonymous).unwrap();
    due.due().clone()
}

fn answer(outcome: Outcome) -> Answer {
    let refused = outcome == Outcome::Refused;
    Answer {
        outcome,
        result: "현장을 확인하고 등을 바꾸었습니다.".into(),
        reason: if refused {
            "사유지에 있어 손댈 수 없습니다.".into()
        } else {
            String::new()
        },
        remedy: if refused {
            "땅 주인에게 요청할 수 있습니다.".into()
        } else {
            String::new()
        },
        review_on: (outcome == Outcome::LongTerm).then(|| date(2026, 12, 1)),
        template: None,
    }
}

fn hold(name: &str, lang: Lang, words: &Words) {
    let Words { subject, sms, email } = words;
    let text = format!("{subject}\n-- sms\n{sms}\n-- e-mail\n{email}");
    insta::assert_snapshot!(format!("{name}_{}", lang.tag()), text);
}

#[test]
fn transfers() {
    for lang in Lang::ALL {
        let about = about(lang, Some("홍길동"));
        let agency = lang.t("광주광역시", "Gwangju Metropolitan City");
        let reason = "시가 관리하는 도로의 가로등입니다.";
        let sent = transferred(lang, &about, agency, "062-000-0120", reason, false);
        hold("transferred", lang, &sent);
        hold(
            "transferred_with_contact",
            lang,
            &transferred(lang, &about, agency, "", reason, true),
        );
        hold(
            "transfer_ended",
            lang,
            &transfer_ended(lang, &about, agency, "구가 관리하는 도로였습니다."),
        );
    }
}

#[test]
fn messages() {
    for lang in Lang::ALL {
        let (free, taken) = (about(lang, None), about(lang, Some("홍길동")));
        let (law, promise) = (due(false), due(true));
        hold("received", lang, &received(lang, &free, Some(&law)));
        hold("received_promise", lang, &received(lang, &free, Some(&promise)));
        hold("received_without_due", lang, &received(lang, &free, None));
        hold("followed", lang, &followed(lang, &free, Some(&law)));
        hold("asked_by_text", lang, &asked_by_text(lang, &taken, "기둥 번호를 아시나요?"));
        hold("asked", lang, &asked(lang, &taken, "기둥 번호를 아시나요?"));
        hold(
            "due_changed",
            lang,
            &due_changed(lang, &taken, &law, "6월 10일이 쉬는 날이 되었어요."),
        );
        hold("reopened", lang, &reopened(lang, &taken, Some(&law), "또 꺼졌어요"));
        hold("code", lang, &code(lang, taken.office, "123456", 10));
    }
}

#[test]
fn letters() {
    let signature =
        Signature {
            officer: "홍길동".into(), unit: "건설과".into(), phone: "062-000-1603".into()
        };
    for lang in Lang::ALL {
        let about = about(lang, Some("홍길동"));
        for outcome in Outcome::ALL {
            let letter = letter(lang, &about, &answer(*outcome), &signature);
            let words = answered(lang, &about, *outcome, &letter);
            hold(&format!("answered_{}", outcome.as_str()), lang, &words);
        }
    }
}

#[test]
fn a_code_fits_a_short_text_message_and_holds_no_link() {
    for (lang, office) in [(Lang::Ko, "의정부"), (Lang::En, "Uijeongbu")] {
        let words = code(lang, office, "123456", 10);
        assert!(!words.sms.contains("http"));
        let bytes = maeul_notice::sms_bytes(&words.sms);
        assert!(bytes <= maeul_notice::SHORT_SMS, "{bytes}: {}", words.sms);
    }
}
