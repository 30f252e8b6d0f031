//! Letters as mail programs and old systems write them.

use super::*;

fn own(address: &str) -> bool {
    address == "minwon@seogu.example"
}

fn plain(headers: &str, body: &[u8]) -> Letter {
    let mut raw = format!(
        "From: =?UTF-8?B?7ZmN6ri47Iic?= <Hong@Example.com>\r\nTo: minwon@seogu.example\r\nSubject: x\r\n\
         Message-ID: <1@example.com>\r\n{headers}\r\n"
    )
    .into_bytes();
    raw.extend_from_slice(body);
    read(&raw, "hong@example.com", own).unwrap()
}

#[test]
fn nothing_that_no_database_keeps_gets_in() {
    let raw = b"From: MAILER-DAEMON@\0gaon.example\r\nMessage-ID: <1\0@gaon.example>\r\n\
        References: <0\0@gaon.example> <2@gaon.example>\r\nSubject: a\0b\r\n\r\nc\0d\r\n";
    let letter = read(raw, "", own).unwrap();
    let all = [&letter.message_id, &letter.from, &letter.name, &letter.subject, &letter.whole];
    assert!(all.iter().all(|it| !it.contains('\0')), "{letter:?}");
    assert!(letter.answers.iter().all(|it| !it.contains('\0')), "{letter:?}");
    assert_eq!(letter.from, "MAILER-DAEMON@gaon.example");
}

#[test]
fn a_soft_line_break_before_a_delimiter_takes_no_words_away() {
    let kind = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=e\r\n";
    let quoted = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n";
    for (body, words) in [
        ("=EB=93=B1=\r\n--e--\r\n", "등"),
        ("=EB=93=B1= \t\n--e--\n", "등"),
        ("=EB=93=B1\r\n--e--\r\n", "등"),
        ("=\r\n--e--\r\n", ""),
        // Dashes that are no delimiter go on in the same line.
        ("a=\r\n--f\r\n--e--\r\n", "a--f"),
    ] {
        let body = format!("--e\r\n{quoted}\r\n{body}");
        assert_eq!(plain(kind, body.as_bytes()).words, words, "{body}");
        let named = kind.replace("boundary=e", "BOUNDARY=\"e\"");
        assert_eq!(plain(&named, body.as_bytes()).words, words, "{body}");
    }
}

#[test]
fn korean_in_every_dress() {
    let (euc, ..) = encoding_rs::EUC_KR.encode("가로등이 꺼졌어요");
    let eight = "Content-Type: text/plain; charset=EUC-KR\r\nContent-Transfer-Encoding: 8bit\r\n";
    assert_eq!(plain(eight, &euc).words, "가로등이 꺼졌어요");
    let named = eight.replace("EUC-KR", "ks_c_5601-1987");
    assert_eq!(plain(&named, &euc).words, "가로등이 꺼졌어요");
    let seven: Vec<u8> = euc.iter().map(|byte| byte & 0x7f).collect();
    let mut shifted = b"\x1B$)C\r\n".to_vec();
    for (at, pair) in euc.split(|byte| *byte == b' ').enumerate() {
        if at > 0 {
            shifted.push(b' ');
        }
        shifted.push(0x0E);
        shifted.extend(pair.iter().map(|byte| byte & 0x7f));
        shifted.push(0x0F);
    }
    assert!(!seven.is_empty());
    let old =
        "Content-Type: text/plain; charset=ISO-2022-KR\r\nContent-Transfer-Encoding: 7bit\r\n";
    assert_eq!(plain(old, &shifted).words, "가로등이 꺼졌어요");
    let quoted = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n";
    assert_eq!(plain(quoted, b"=EA=B0=80=EB=A1=9C=EB=93=B1").words, "가로등");
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    assert_eq!(
        plain(html, "<p>가로등이<br>꺼졌어요</p>".as_bytes()).words.replace('\n', " "),
        "가로등이 꺼졌어요"
    );
    let letter = plain("", b"x");
    assert_eq!((letter.name.as_str(), letter.from.as_str()), ("홍길순", "Hong@Example.com"));
}

#[test]
fn parts_within_parts() {
    let raw = "From: a@example.com\r\nSubject: =?EUC-KR?B?sKG3zrXu?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n사진을 봐 주세요\r\n--i\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>사진을 봐 주세요</p>\r\n--i--\r\n--o\r\nContent-Type: image/png; name=\"a.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--o\r\nContent-Type: application/pdf; name=\"b.pdf\"\r\nContent-Disposition: attachment; filename=\"b.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--o--\r\n";
    let letter = read(raw.as_bytes(), "a@example.com", own).unwrap();
    assert_eq!(letter.subject, "가로등");
    assert_eq!(letter.words, "사진을 봐 주세요");
    assert_eq!(letter.pictures.len(), 1);
    assert_eq!(letter.others, ["b.pdf"]);
}

#[test]
fn whom_nobody_answers() {
    let silent = |headers: &str| plain(headers, b"x").silent;
    assert_eq!(silent(""), None);
    assert_eq!(silent("Auto-Submitted: no\r\n"), None);
    assert_eq!(silent("Auto-Submitted: auto-replied\r\n"), Some(Silent::Automatic));
    assert_eq!(silent("Precedence: bulk\r\n"), Some(Silent::List));
    assert_eq!(silent("List-Id: <news.example.com>\r\n"), Some(Silent::List));
    assert_eq!(silent("Content-Type: multipart/report; boundary=x\r\n"), Some(Silent::Bounce));
    let from = |raw: &str, sent_by: &str| read(raw.as_bytes(), sent_by, own).unwrap().silent;
    assert_eq!(from("From: a@example.com\r\n\r\nx", ""), Some(Silent::Bounce));
    assert_eq!(from("From: MAILER-DAEMON@x\r\n\r\nx", "a@x"), Some(Silent::Bounce));
    assert_eq!(from("From: minwon@seogu.example\r\n\r\nx", "a@x"), Some(Silent::Own));
    assert_eq!(from("Subject: y\r\n\r\nx", "a@x"), Some(Silent::Nobody));
}

#[test]
fn what_is_answered_comes_nearest_first() {
    let letter = plain("In-Reply-To: <c@x>\r\nReferences: <a@x> <b@x>\r\n <c@x>\r\n", b"x");
    assert_eq!(letter.answers, ["c@x", "b@x", "a@x"]);
    let found = plain(
        "Authentication-Results: mx.seogu.example; spf=pass; dkim=pass\r\nReceived-SPF: pass\r\n",
        b"x",
    );
    assert!(found.verdict.contains("spf=pass") && found.verdict.contains("Received-SPF: pass"));
}

#[test]
fn bytes_that_are_no_letter_break_nothing() {
    for raw in
        [&b""[..], b"\0\0\0", b"\r\n\r\n", &[0xff; 300], b"From: <<<>>>\r\nReferences: <\r\n\r\n"]
    {
        if let Some(letter) = read(raw, "a@x", own) {
            assert!(letter.words.len() <= 10 * raw.len() + 10);
        }
    }
}
