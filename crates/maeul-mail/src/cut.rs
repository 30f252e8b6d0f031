//! What the sender wrote now, without what they quote and without their signature. The original is
//! kept whole, so cutting too much loses nothing for good; cutting too little shows twice what is
//! known.

/// Lines that begin the message that is answered, as mail programs write them.
const HEADS: [&str; 10] = [
    "-----original message-----",
    "----- original message -----",
    "-----원본 메시지-----",
    "----- 원본 메시지 -----",
    "-----원본 메일-----",
    "---------- original message ----------",
    "---------- forwarded message ---------",
    "--------- 원본 메일 ---------",
    "________________________________",
    "begin forwarded message:",
];

/// What ends a line that says who wrote what follows.
const WROTE: [&str; 6] =
    ["wrote:", "님이 작성:", "작성:", "님이 작성했습니다:", "님이 쓴 글:", "님의 메시지:"];

/// Lines that programs add at the end.
const SENT_FROM: [&str; 5] = [
    "나의 iphone에서 보냄",
    "내 iphone에서 보냄",
    "sent from my ",
    "get outlook for ",
    "outlook for ",
];

/// The words without quotes and signature; the whole where nothing else would be left.
pub(crate) fn own_words(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).copied().unwrap_or_default();
        if begins_quote(line, next) || line.trim_end_matches('\r') == "-- " || *line == "--" {
            break;
        }
        if !line.trim_start().starts_with('>') {
            kept.push(line);
        }
    }
    while kept.last().is_some_and(|line| line.trim().is_empty() || is_sent_from(line)) {
        kept.pop();
    }
    let own = kept.join("\n").trim().to_owned();
    if own.is_empty() { text.trim().to_owned() } else { own }
}

fn begins_quote(line: &str, next: &str) -> bool {
    let plain = line.trim().to_lowercase();
    if plain.is_empty() {
        return false;
    }
    if HEADS.iter().any(|head| plain.starts_with(head)) {
        return true;
    }
    // "On Mon, 8 Jun 2026, Seo-gu <…> wrote:", often broken into two lines.
    let ends = |text: &str| WROTE.iter().any(|end| text.ends_with(end));
    let dated = plain.chars().any(|it| it.is_ascii_digit());
    if dated && ends(&plain) {
        return true;
    }
    if dated
        && (plain.contains('<') || plain.starts_with("on "))
        && ends(&next.trim().to_lowercase())
    {
        return true;
    }
    // A block of headers, as Outlook writes it.
    let from = ["from:", "보낸 사람:", "보낸사람:", "발신:"];
    let more = ["sent:", "date:", "to:", "보낸 날짜:", "날짜:", "받는 사람:", "받는사람:", "수신:"];
    let next = next.trim().trim_start_matches('*').to_lowercase();
    from.iter().any(|it| plain.trim_start_matches('*').starts_with(it))
        && more.iter().any(|it| next.starts_with(it))
}

fn is_sent_from(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let phone = line.starts_with("삼성 ") && line.ends_with("보냄");
    phone || SENT_FROM.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_signatures_are_cut() {
        for (text, own) in [
            ("네, 시장 쪽이에요.\n\n> 어느 쪽인가요?\n> 알려 주세요.", "네, 시장 쪽이에요."),
            (
                "시장 쪽이에요.\n\n2026년 6월 8일 (월) 오전 10:15, 서구 민원 <minwon@seogu.example>님이 작성:\n\n> 어느 쪽?",
                "시장 쪽이에요.",
            ),
            (
                "On the market side.\n\nOn Mon, 8 Jun 2026 at 10:15, Seo-gu <minwon@seogu.example>\nwrote:\n> Which?",
                "On the market side.",
            ),
            ("고맙습니다\n-- \n홍길순\n010-0000-1234", "고맙습니다"),
            ("고쳐 주세요\n\n나의 iPhone에서 보냄", "고쳐 주세요"),
            ("고쳐 주세요\r\n\r\n-----Original Message-----\r\nFrom: a\r\n", "고쳐 주세요"),
            (
                "시장 쪽\n\n보낸 사람: 서구 민원\n보낸 날짜: 2026. 6. 8.\n받는 사람: 나\n\n어느 쪽?",
                "시장 쪽",
            ),
            ("> 어느 쪽인가요?\n시장 쪽이요\n> 언제부터?\n어제부터요", "시장 쪽이요\n어제부터요"),
        ] {
            assert_eq!(own_words(text), own, "{text}");
        }
    }

    #[test]
    fn what_is_no_quote_stays() {
        for text in [
            "6월 8일에 버렸어요.\n누가 작성: 저요",
            "From: here to there the road is broken",
            "값이 3 > 2 예요",
            "> 모두 인용이면 남깁니다",
            "On Monday 8 it broke\nand nobody came",
            "첫째\n\n둘째 -- 셋째",
        ] {
            assert_eq!(own_words(text), text);
        }
    }
}
