//! What people read, held by snapshots in both languages.

use super::*;

const BASE: &str = "https://maeul.example.kr/o/seogu";

fn hold(name: &str, lang: Lang, words: &Words) {
    let Words { subject, body } = words;
    insta::assert_snapshot!(format!("{name}_{}", lang.tag()), format!("{subject}\n--\n{body}"));
}

fn item(lang: Lang, group: (&str, &str), number: u32) -> Item {
    Item {
        group: lang.t(group.0, group.1).to_owned(),
        title: lang.t("가로등 고장", "Streetlight").to_owned(),
        happened: lang.t("답변했어요 (처리 완료)", "Answered (done)").to_owned(),
        link: format!("{BASE}/cases/2026-00{number}-7"),
    }
}

#[test]
fn messages() {
    let (one, other, none) =
        (("농성1동", "Nongseong 1-dong"), ("화정2동", "Hwajeong 2-dong"), ("", ""));
    for lang in Lang::ALL {
        let office = lang.t("광주 서구", "Gwangju Seo-gu");
        let what = lang.t("농성1동 · 가로등 고장", "Nongseong 1-dong · Streetlight");
        let link = format!("{BASE}/follow/confirm/abcdefghjkmnpqrstuvw");
        hold("confirm_email", lang, &confirm_email(lang, office, what, &link, 24));
        hold("confirm_sms", lang, &confirm_sms(lang, office, "123456", 10));
        let (manage, stop) = (format!("{BASE}/follow/abc"), format!("{BASE}/f/abc"));
        let list = format!("{BASE}/cases");
        let many = [
            item(lang, none, 1230),
            item(lang, one, 1231),
            item(lang, one, 1232),
            item(lang, other, 1233),
        ];
        let digest = Digest {
            office,
            items: &many,
            more: 17,
            list: &list,
            manage: &manage,
            stop: &stop,
            can_answer: true,
        };
        hold("digest_email", lang, &digest.words(Channel::Email, lang));
        hold("digest_sms", lang, &digest.words(Channel::Sms, lang));
        let single = Digest { items: &many[1..2], more: 0, can_answer: false, ..digest };
        hold("single_email", lang, &single.words(Channel::Email, lang));
        hold("single_sms", lang, &single.words(Channel::Sms, lang));
    }
}

#[test]
fn a_code_fits_a_short_text_message_and_holds_no_link() {
    for (lang, office) in [(Lang::Ko, "의정부"), (Lang::En, "Uijeongbu")] {
        let words = confirm_sms(lang, office, "123456", 10);
        assert!(!words.body.contains("http"));
        let bytes = maeul_notice::sms_bytes(&words.body);
        assert!(bytes <= maeul_notice::SHORT_SMS, "{bytes}: {}", words.body);
    }
}
