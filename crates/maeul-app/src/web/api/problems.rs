//! What each kind of problem means and what to do about it: the pages that the `type` of problem
//! details leads to.

use maeul_web::PageCtx;

/// A kind of problem, or a family of them.
pub(super) struct Kind {
    /// The code; a family's ends with a dot.
    pub(super) code: &'static str,
    /// The statuses it comes with.
    pub(super) status: &'static str,
    title: (&'static str, &'static str),
    text: (&'static str, &'static str),
}

impl Kind {
    pub(super) fn title(&self, c: &PageCtx) -> &'static str {
        c.lang.t(self.title.0, self.title.1)
    }

    pub(super) fn text(&self, c: &PageCtx) -> &'static str {
        c.lang.t(self.text.0, self.text.1)
    }
}

/// The kind of a code: the very one, or the family it belongs to.
pub(super) fn kind(code: &str) -> Option<&'static Kind> {
    let exact = ALL.iter().find(|it| it.code == code);
    exact.or_else(|| ALL.iter().find(|it| it.code.ends_with('.') && code.starts_with(it.code)))
}

macro_rules! kinds {
    ($($code:literal $status:literal ($ko:literal, $en:literal) ($ko_text:literal, $en_text:literal))+) => {
        /// Every kind, families last.
        pub(super) const ALL: &[Kind] = &[$(Kind {
            code: $code, status: $status, title: ($ko, $en), text: ($ko_text, $en_text),
        }),+];
    };
}

kinds! {
    "address" "400" ("주소를 읽을 수 없음", "The address cannot be read")
        ("주소의 한 부분이 UTF-8이 아니거나 형식에 맞지 않습니다. 값을 퍼센트 인코딩했는지 확인하십시오.", "A part of the address is not UTF-8 or not of its form. See that values are percent-encoded.")
    "body.json" "400" ("JSON이 아님", "Not JSON")
        ("본문을 JSON으로 읽을 수 없습니다. detail에 줄과 글자 자리가 있습니다.", "The body is not JSON. The detail names line and column.")
    "body.object" "400" ("객체가 아님", "Not an object")
        ("본문은 JSON 객체 하나여야 합니다.", "The body must be one JSON object.")
    "body.kind" "415" ("JSON으로 보내지 않음", "Not sent as JSON")
        ("Content-Type을 application/json으로 보내십시오.", "Send Content-Type application/json.")
    "body.too_large" "413" ("본문이 큼", "The body is too large")
        ("본문은 256 KiB까지 받습니다.", "A body may have up to 256 KiB.")
    "charset" "415" ("UTF-8이 아님", "Not UTF-8")
        ("본문과 주소의 글자는 UTF-8이어야 합니다.", "Body and address must be UTF-8.")
    "packed" "415" ("압축한 본문", "A compressed body")
        ("압축한 본문은 받지 않습니다. Content-Encoding 없이 보내십시오.", "Compressed bodies are not taken. Send without Content-Encoding.")
    "too_large" "413" ("너무 큼", "Too large")
        ("요청이 이 주소에서 받는 크기보다 큽니다. 사진은 한 장에 12 MB까지, 5장까지입니다.", "The request is larger than this address takes. Photos: up to 12 MB each, five at most.")
    "slow" "408" ("너무 오래 걸림", "Too slow")
        ("요청이 정해진 시간 안에 다 오지 않았습니다. 줄이거나 빠른 연결로 다시 보내십시오.", "The request did not arrive in time. Make it smaller or use a faster line.")
    "rate" "429" ("너무 잦음", "Too often")
        ("이 주소에서 짧은 사이에 너무 많이 요청했습니다. Retry-After의 초만큼 기다렸다가 같은 요청을 다시 보내십시오. 늘 많이 보내야 하면 전산 담당과 상의하십시오.", "Too many requests from this address. Wait the seconds of Retry-After and send the same again. If you must send much, talk to the office's administrator.")
    "busy" "503" ("지금은 받을 수 없음", "Not right now")
        ("모두의 요청이 한꺼번에 몰렸습니다. 아무것도 처리하지 않았습니다. Retry-After의 초만큼 기다렸다가 다시 보내십시오.", "Everybody came at once. Nothing was done. Wait the seconds of Retry-After and send again.")
    "method" "405" ("그 방식은 쓰지 않음", "That method is not taken")
        ("이 주소는 그 HTTP 방식을 받지 않습니다. Allow 머리글과 API 문서를 보십시오.", "The address does not take that HTTP method. See the header Allow and the API document.")
    "not_found" "404" ("그런 주소가 없음", "No such address")
        ("그런 주소나 자료가 없거나, 볼 수 있는 것이 아닙니다.", "There is no such address or record, or it is not for you to see.")
    "office.unknown" "404" ("그런 기관이 없음", "No such office")
        ("주소의 /o/ 뒤에 적은 기관을 여기에서 운영하지 않습니다.", "The office named after /o/ is not served here.")
    "link.unknown" "404" ("그런 민원이 없음", "No such case")
        ("token으로 찾을 수 있는 민원이 없습니다. 접수증의 값을 그대로 썼는지 확인하십시오.", "No case has this token. See that it is the one of the receipt.")
    "filter.wrong" "400" ("조건을 읽을 수 없음", "A condition cannot be read")
        ("detail의 괄호 안에 있는 조건을 고치십시오. 쓸 수 있는 값은 공개 자료 안내에 있습니다.", "Mend the condition in parentheses. The page on open data lists what can be asked.")
    "sign_in" "401" ("로그인이 필요함", "Sign in first")
        ("직원만 쓰는 주소입니다.", "The address is for staff.")
    "hook.closed" "404" ("열려 있지 않음", "Not configured")
        ("이 게이트웨이의 비밀 값이 설정에 없습니다.", "No secret is configured for this gateway.")
    "hook.stranger" "403" ("비밀 값이 틀림", "A wrong secret")
        ("비밀 값이나 서명이 맞지 않습니다.", "The secret or the signature is wrong.")
    "hook.stale" "403" ("시각이 어긋남", "A stale time")
        ("X-Maeul-Timestamp가 지금과 5분 넘게 다릅니다. 시계를 맞추고 새로 서명하십시오.", "X-Maeul-Timestamp is more than five minutes off. Set the clock and sign anew.")
    "hook.malformed" "400" ("양식이 아님", "Not of the protocol")
        ("게이트웨이의 양식으로 읽을 수 없습니다. detail과 docs/text-messages.md를 보십시오.", "It cannot be read as the gateway's protocol. See the detail and docs/text-messages.md.")
    "fault" "500, 503" ("서버 문제", "A mistake of ours")
        ("요청이 처리되지 않았을 수 있습니다. 같은 client_key로 다시 보내면 두 번 접수되지 않습니다. instance의 번호를 알려 주시면 로그에서 찾습니다.", "The request may not have been done. Send again with the same client_key: nothing is received twice. The number in instance finds it in our log.")
    "field.unknown" "422" ("모르는 항목", "An unknown field")
        ("field에 적힌 이름을 모릅니다. 오타가 아니면 빼십시오.", "The name in field is not known. Correct it or leave it out.")
    "field.type" "422" ("종류가 다름", "The wrong type")
        ("field의 값이 글, 수, 객체 가운데 정해진 종류가 아닙니다.", "The value of field is not of the type that is asked.")
    "field.word" "422" ("그런 말이 없음", "Not one of the words")
        ("field의 값은 정해진 말 가운데 하나여야 합니다. detail에 있습니다.", "The value of field must be one of the words in the detail.")
    "field.missing" "422" ("빠진 항목", "A missing field")
        ("field를 함께 보내십시오.", "Send field as well.")
    "field.client_key" "422" ("client_key가 맞지 않음", "A bad client_key")
        ("영문자, 숫자, -, _ 로 된 16~64자의 무작위 값이어야 합니다. UUID를 쓰십시오.", "It must be 16 to 64 random letters, digits, - or _. Use a UUID.")
    "field.contact" "422" ("연락처가 맞지 않음", "Contact or anonymous")
        ("contact와 anonymous: true 가운데 꼭 하나를 보내십시오.", "Send exactly one of contact and anonymous: true.")
    "receive." "422" ("신고를 받을 수 없음", "The report cannot be taken")
        ("신고의 한 항목이 접수 규칙에 맞지 않습니다. detail이 무엇을 고칠지, field가 어느 항목인지 말합니다.", "A field of the report breaks a rule of receipt. The detail says what to mend, field which one.")
    "contact." "422" ("연락처를 고쳐야 함", "Mend the contact")
        ("이름이 없거나, 알림을 받을 길이 없습니다.", "A name is missing, or there is no way to reach the person.")
    "phone." "422" ("전화번호가 아님", "Not a telephone number")
        ("국내 전화번호여야 합니다. 예: 010-1234-5678", "It must be a telephone number in Korea, e.g. 010-1234-5678.")
    "email." "422" ("전자우편 주소가 아님", "Not an e-mail address")
        ("주소를 다시 확인하십시오.", "Check the address.")
    "answer." "422" ("질문의 답이 맞지 않음", "An answer does not fit")
        ("민원 종류가 묻는 것과 답이 맞지 않습니다. field가 어느 질문인지 말합니다.", "An answer does not fit what the service asks. field names the question.")
    "place." "422" ("위치를 받을 수 없음", "The place cannot be taken")
        ("기관 밖의 점이거나 없는 동입니다. 아는 이웃 기관이면 detail에 이름이 있습니다.", "The point is outside the office or the 동 does not exist. A neighbour that is known is named in the detail.")
    "due." "422" ("기한을 셀 수 없음", "The due time cannot be counted")
        ("접수한 때나 기간을 읽을 수 없거나 공휴일 자료가 미치지 않는 때입니다.", "Time or period cannot be read, or lies beyond the calendar that is known.")
    "case." "403, 404, 409" ("민원에 할 수 없는 일", "Not possible for this case")
        ("그런 민원이 없거나, 그 사이에 바뀌었거나, 할 수 있는 일이 아닙니다.", "There is no such case, it changed meanwhile, or this may not be done.")
    "form." "400-422" ("양식을 읽을 수 없음", "The form cannot be read")
        ("화면의 양식이 끊겼거나 만료되었습니다. 화면을 새로 열어 다시 보내십시오.", "The form was cut off or has expired. Open the page anew and send again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_alone_and_families_catch_the_rest() {
        for (at, one) in ALL.iter().enumerate() {
            assert!(ALL.iter().skip(at + 1).all(|other| other.code != one.code), "{}", one.code);
            assert!(!one.text.0.is_empty() && !one.text.1.is_empty());
        }
        assert_eq!(kind("receive.body_missing").unwrap().code, "receive.");
        assert_eq!(kind("field.contact").unwrap().code, "field.contact");
        assert!(kind("field").is_none() && kind("nonsense").is_none());
    }
}
