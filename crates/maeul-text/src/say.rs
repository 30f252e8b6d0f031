//! What this room texts by itself. The acknowledgement of a case is the case's own message.

use maeul_base::Lang;

/// To someone who praised: it was passed on.
pub fn thanks(lang: Lang, office: &str, unit: &str) -> String {
    match lang {
        Lang::Ko => format!("[{office}] 따뜻한 말씀 고맙습니다. {unit}에 잘 전할게요."),
        Lang::En => format!("[{office}] Thank you for your kind words. We pass them on to {unit}."),
    }
}

/// To someone whose message has no text in it.
pub fn unreadable(lang: Lang, office: &str, phone: &str) -> String {
    match lang {
        Lang::Ko => {
            format!("[{office}] 글이 없는 문자예요. 무슨 일인지 글로 보내 주세요. 전화 {phone}")
        }
        Lang::En => format!("[{office}] There was no text. Please write what it is about. {phone}"),
    }
}

/// To someone who wants no more texts: the last one.
pub fn stopped(lang: Lang, office: &str) -> String {
    match lang {
        Lang::Ko => {
            format!("[{office}] 이제 문자를 보내지 않아요. 다시 받으려면 '수신동의'를 보내세요.")
        }
        Lang::En => format!("[{office}] No more texts from us. To get them again, send START."),
    }
}

/// To someone who wants texts again.
pub fn started(lang: Lang, office: &str) -> String {
    match lang {
        Lang::Ko => {
            format!("[{office}] 다시 문자로 알려 드릴게요. 그만 받으려면 '수신거부'를 보내세요.")
        }
        Lang::En => format!("[{office}] You get our texts again. To end them, send STOP."),
    }
}

/// To the head of a unit that was praised, by e-mail; the words themselves stay in the house.
pub fn praised(lang: Lang, office: &str, unit: &str, page: &str) -> (String, String) {
    match lang {
        Lang::Ko => (
            format!("[{office}] 칭찬 문자가 왔습니다"),
            format!(
                "{unit}에 칭찬·감사 문자가 왔습니다. 처리 기한은 없습니다.\n아래에서 읽고 직원들과 나누십시오.\n\n{page}\n\n{office}"
            ),
        ),
        Lang::En => (
            format!("[{office}] A text of praise"),
            format!(
                "A resident praised {unit} by text. Nothing is due.\nRead it here and share it with your people.\n\n{page}\n\n{office}"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use maeul_notice::{SHORT_SMS, sms_bytes};

    use super::*;

    #[test]
    fn what_the_room_says_by_itself_is_one_short_text() {
        for (lang, office, unit) in
            [(Lang::Ko, "서구", "공원녹지과"), (Lang::En, "Seo-gu", "Parks Division")]
        {
            for text in [
                thanks(lang, office, unit),
                unreadable(lang, office, "062-360-7114"),
                stopped(lang, office),
                started(lang, office),
            ] {
                let bytes = sms_bytes(&text);
                assert!(bytes <= SHORT_SMS, "{bytes}: {text}");
            }
        }
    }
}
