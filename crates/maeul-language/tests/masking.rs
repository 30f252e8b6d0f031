//! Masking held against the corpus: nothing personal may stay, and little else may go.

use maeul_base::Lang;
use maeul_language::{Masking, PersonalKind, find_personal, mask};
use serde_json::Value;

struct Case {
    text: String,
    hide: Vec<String>,
}

fn corpus() -> Vec<(&'static str, Vec<Case>)> {
    [
        ("phone", include_str!("data/mask/phone.jsonl")),
        ("numbers", include_str!("data/mask/numbers.jsonl")),
        ("plate", include_str!("data/mask/plate.jsonl")),
        ("email", include_str!("data/mask/email.jsonl")),
        ("birth", include_str!("data/mask/birth.jsonl")),
        ("door", include_str!("data/mask/door.jsonl")),
        ("name", include_str!("data/mask/name.jsonl")),
        ("mixed", include_str!("data/mask/mixed.jsonl")),
        ("plain", include_str!("data/mask/plain.jsonl")),
    ]
    .into_iter()
    .map(|(name, lines)| (name, lines.lines().map(case).collect()))
    .collect()
}

fn case(line: &str) -> Case {
    let value: Value = serde_json::from_str(line).unwrap();
    Case {
        text: value["text"].as_str().unwrap().to_owned(),
        hide: value["hide"]
            .as_array()
            .unwrap()
            .iter()
            .map(|piece| piece.as_str().unwrap().to_owned())
            .collect(),
    }
}

/// The signs of the text that are to be hidden: every occurrence of every piece.
fn hidden(case: &Case) -> Vec<bool> {
    let mut signs = vec![false; case.text.chars().count()];
    for piece in &case.hide {
        for (at, found) in case.text.match_indices(piece.as_str()) {
            let from = case.text[..at].chars().count();
            signs[from..from + found.chars().count()].fill(true);
        }
    }
    signs
}

#[test]
fn nothing_personal_stays_and_little_else_goes() {
    let (mut cases, mut pieces, mut leaks, mut wrong, mut plain, mut touched) = (0, 0, 0, 0, 0, 0);
    let mut said = Vec::new();
    for (file, list) in corpus() {
        for case in &list {
            cases += 1;
            pieces += case.hide.len();
            let masked = mask(&case.text).text;
            let hide = hidden(case);
            let signs = || case.text.chars().zip(masked.chars()).zip(&hide);
            let leak = signs().any(|((was, is), hide)| *hide && was.is_alphanumeric() && is != '*');
            let false_mask = signs().any(|((was, is), hide)| !*hide && was != is);
            plain += usize::from(case.hide.is_empty());
            touched += usize::from(case.hide.is_empty() && false_mask);
            leaks += usize::from(leak);
            wrong += usize::from(false_mask);
            if leak || false_mask {
                let what = if leak { "LEAK" } else { "false" };
                said.push(format!("{what} {file}: {:?} -> {masked:?}", case.text));
            }
        }
    }
    for line in &said {
        println!("{line}");
    }
    println!(
        "{cases} texts with {pieces} pieces: {leaks} texts leak; {wrong} texts lose something \
         else; of {plain} texts with nothing to hide {touched} are touched"
    );
    assert!(cases >= 400, "the corpus has {cases} cases");
    assert_eq!(leaks, 0, "texts that leak");
    assert!(wrong * 100 < cases * 2, "{wrong} of {cases} texts lose something else");
    assert!(touched * 100 < plain * 2, "{touched} of {plain} plain texts are touched");
}

/// One short way to draw from a list by a seed, so that a failing case can be repeated.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: usize) -> usize {
        // Knuth's MMIX constants; the high bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.next(list.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.next(10)).unwrap())).collect()
    }
}

/// A number in one of the ways people write it.
fn written(draw: &mut Draw, parts: &[String], spoken: bool) -> String {
    let joint = draw.of(&[
        "-",
        "-",
        " ",
        "",
        ".",
        " - ",
        "ㅡ",
        "–",
        "·",
        "/",
        "-\n",
        "\n",
        ") ",
        "~",
        "\u{200b}-",
        "_",
    ]);
    let plain = parts.join(joint);
    let digit = |sign: char| sign.to_digit(10);
    match draw.next(if spoken { 7 } else { 4 }) {
        0 => plain
            .chars()
            .map(|sign| digit(sign).map_or(sign, |d| char::from_u32(0xff10 + d).unwrap()))
            .collect(),
        1 => plain.chars().flat_map(|sign| [sign, '\u{200b}']).collect(),
        4 => said(
            &parts.join(draw.of(&["-", " ", "에 ", " 다시 ", ""])),
            ["공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"],
        ),
        5 => said(&parts.join("-"), ["영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"]),
        6 => {
            let half = parts.len() - 1;
            let head = said(
                &parts[..half].join("-"),
                ["공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"],
            );
            format!("{head}-{}", parts[half])
        }
        _ => plain,
    }
}

fn said(text: &str, words: [&str; 10]) -> String {
    text.chars()
        .map(|sign| {
            sign.to_digit(10)
                .map_or(sign.to_string(), |d| words[usize::try_from(d).unwrap()].to_owned())
        })
        .collect()
}

const AHEAD: &[&str] = &[
    "",
    "연락처는 ",
    "가로등이 꺼졌어요. ",
    "제 번호 ",
    "번호:",
    "2026년 3월 2일에 봤습니다 ",
    "3층 ",
    "(",
    "☎",
    "양동 60-37 앞입니다. ",
    "전화\n",
    "도로가 파였어요 ",
    "상무대로 1028, ",
];
const BEHIND: &[&str] = &[
    "",
    "입니다",
    "이에요",
    "로 연락 주세요",
    "으로 부탁드려요",
    " 확인 바랍니다",
    ")",
    ", 감사합니다",
    "이고요",
    ".",
    "\n감사합니다",
    " 3월까지요",
    "예요 꼭 좀",
    "번입니다",
];

#[test]
fn numbers_are_hidden_however_they_are_written() {
    let mut draw = Draw(20_261_122);
    let mut tried = 0;
    for round in 0..20_000 {
        let four = |draw: &mut Draw| draw.digits(4);
        let (parts, spoken) = match round % 5 {
            0 => (vec!["010".to_owned(), four(&mut draw), four(&mut draw)], true),
            1 => {
                let area = draw.of(&["02", "031", "062", "061", "051", "064", "070"]).to_owned();
                let middle = if area == "070" { 4 } else { 3 + draw.next(2) };
                (
                    vec![
                        area,
                        format!("{}{}", 2 + draw.next(7), draw.digits(middle - 1)),
                        four(&mut draw),
                    ],
                    true,
                )
            }
            2 => {
                let birth =
                    format!("{}{:02}{:02}", draw.digits(2), 1 + draw.next(12), 1 + draw.next(28));
                (vec![birth, format!("{}{}", 1 + draw.next(8), draw.digits(6))], false)
            }
            3 => {
                let first = format!("{}{}", 4 + draw.next(2), draw.digits(3));
                (vec![first, four(&mut draw), four(&mut draw), four(&mut draw)], false)
            }
            _ => (
                vec![
                    format!("{}{}", 11 + draw.next(18), ""),
                    draw.digits(2),
                    draw.digits(6),
                    draw.digits(2),
                ],
                false,
            ),
        };
        let mut number = written(&mut draw, &parts, spoken);
        // One piece is a card or a licence only by its check digit or a word; that is the corpus' part.
        if round % 5 >= 3 && number.chars().all(|sign| sign.is_alphanumeric() || sign == '\u{200b}')
        {
            number = parts.join("-");
        }
        let (ahead, behind) = (draw.of(AHEAD), draw.of(BEHIND));
        let text = format!("{ahead}{number}{behind}");
        let masked = mask(&text).text;
        let from = ahead.chars().count();
        let leak = text
            .chars()
            .zip(masked.chars())
            .skip(from)
            .take(number.chars().count())
            .any(|(was, is)| was.is_alphanumeric() && is != '*');
        tried += 1;
        assert!(!leak, "round {round}: {text:?} -> {masked:?}");
    }
    println!("{tried} numbers in random writing, none seen");
}

#[test]
fn plates_mail_and_doors_are_hidden_however_they_are_written() {
    let mut draw = Draw(7);
    for round in 0..10_000 {
        let letter = draw.of(&[
            "가", "나", "다", "라", "마", "거", "너", "더", "러", "머", "버", "서", "어", "저",
            "고", "노", "도", "로", "모", "보", "소", "오", "조", "구", "누", "두", "루", "무",
            "부", "수", "우", "주", "바", "사", "아", "자", "배", "하", "허", "호",
        ]);
        let count = 2 + draw.next(2);
        let hidden = match round % 3 {
            0 => {
                let gap = draw.of(&["", " ", "", "-", "\n"]);
                format!("{}{letter}{gap}{}", draw.digits(count), draw.digits(4))
            }
            1 => {
                let at = draw.of(&["@", " @ ", "＠", "골뱅이", " 골뱅이 ", "(at)"]);
                let name = draw.of(&["maeul", "test.kim", "abc_12", "k-7", "a1"]);
                let domain = draw.of(&[
                    "naver.com",
                    "gmail.com",
                    "daum.net",
                    "example.co.kr",
                    "네이버닷컴",
                    "hanmail.net",
                ]);
                format!("{name}{at}{domain}")
            }
            _ => format!("{}", 101 + draw.next(2900)),
        };
        let ahead = match round % 3 {
            2 => draw.of(&["101동 ", "행복아파트 203동 ", "빌라 ", "상무대로 12, ", "원룸 "]),
            _ => draw.of(&["", "어제 ", "골목에 ", "제 것은 ", "흰 차 "]),
        };
        let behind = match round % 3 {
            0 => draw.of(&["", " 차량", "이 서 있어요", "번 단속", " 불법주차", "입니다"]),
            1 => draw.of(&["", "으로", " 로 주세요", "입니다", "\n감사합니다"]),
            _ => draw.of(&["호", "호입니다", " 호", "호 앞", "호에 살아요"]),
        };
        let text = format!("{ahead}{hidden}{behind}");
        let masked = mask(&text).text;
        let leak = text
            .chars()
            .zip(masked.chars())
            .skip(ahead.chars().count())
            .take(hidden.chars().count())
            .any(|(was, is)| was.is_alphanumeric() && is != '*');
        assert!(!leak, "round {round}: {text:?} -> {masked:?}");
    }
}

#[test]
fn names_are_hidden_wherever_a_name_is_said() {
    const SURNAMES: &[&str] = &[
        "김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권",
        "황", "안", "송", "류", "홍", "전", "고", "문", "양", "손", "배", "백", "허", "남", "심",
        "노", "하", "곽", "성", "차", "주", "우", "구", "민", "진", "지", "엄", "채", "원", "천",
        "방", "공", "현", "함", "변", "염", "추", "도", "소", "석", "선", "설", "마", "길", "연",
        "위", "표", "명", "기", "반", "남궁", "황보",
    ];
    const GIVEN: &[&str] = &[
        "철수", "영희", "민수", "지영", "민준", "서연", "도윤", "하은", "순자", "말순", "병철",
        "상호", "미경", "은정", "태호", "현우", "보람", "슬기", "정숙", "광석", "혜진", "용식",
        "재훈", "윤아", "동욱", "선희",
    ];
    const SAID: &[(&str, &str)] = &[
        ("통장 ", " 씨가 말했어요"),
        ("", "씨"),
        ("", "님께 감사드립니다"),
        ("저는 ", "입니다"),
        ("제 이름은 ", "이고요"),
        ("성명: ", ""),
        ("신청인 ", ""),
        ("", " 올림"),
        ("옆집 ", "이 시끄러워요"),
        ("집주인 ", "에게 말했지만"),
        ("", " 사장님"),
        ("예금주 ", ""),
        ("동장 ", ""),
        ("", " 할머니가 혼자 사세요"),
        ("", " 주무관이 불친절해요"),
        ("", "(45) 씨"),
        ("연락은 ", " 010-1234-5678"),
    ];
    let (mut tried, mut seen) = (0, Vec::new());
    for surname in SURNAMES {
        for given in GIVEN {
            for (before, after) in SAID {
                let name = format!("{surname}{given}");
                let text = format!("{before}{name}{after}");
                tried += 1;
                if mask(&text).text.contains(given) {
                    seen.push(text);
                }
            }
        }
    }
    println!("{} of {tried} names seen: {:?}", seen.len(), &seen[..seen.len().min(40)]);
    // What is left are names that are words of every day as well (이상호 as 이상 and 호).
    assert!(seen.len() * 200 < tried, "{} of {tried} seen", seen.len());
}

#[test]
fn decomposed_hangul_hides_the_same() {
    use unicode_normalization::UnicodeNormalization;
    for (_, list) in corpus() {
        for case in list {
            let apart: String = case.text.nfd().collect();
            let together = mask(&case.text);
            let masked = mask(&apart);
            let kinds = |found: &[maeul_language::Personal]| {
                found.iter().map(|piece| piece.kind).collect::<Vec<_>>()
            };
            assert_eq!(kinds(&masked.found), kinds(&together.found), "{}", case.text);
        }
    }
}

#[test]
fn what_an_office_shows_on_purpose_stays() {
    let text = "서구청장 김가람, 062-000-7114, 당직 홍길동 씨 010-1234-5678";
    let masking = Masking::default()
        .open_kind(PersonalKind::Official)
        .open_phone(&"062-000-7114".parse().unwrap());
    assert_eq!(masking.mask(text).text, "서구청장 김가람, 062-000-7114, 당직 *** 씨 ***-****-****");
    let named = Masking::default().open_word("김가람");
    assert!(named.mask(text).text.contains("김가람"));
    assert!(!named.mask(text).text.contains("7114"));
}

#[test]
fn labels_tell_what_was_there_in_both_languages() {
    let text = "통장 이영희 씨 010-1234-5678, 12가3456";
    let labelled = Masking::default().label(text, Lang::Ko);
    assert_eq!(labelled.text, "통장 [이름] 씨 [전화번호], [차량번호]");
    assert_eq!(labelled.pieces[1].original, "010-1234-5678");
    assert_eq!(&labelled.text[labelled.pieces[1].at.clone()], "[전화번호]");
    assert_eq!(labelled.restore(), text);
    let english = Masking::default().label(text, Lang::En).text;
    assert_eq!(english, "통장 [name] 씨 [telephone number], [vehicle plate]");
    // A label is no personal data: masking twice changes nothing.
    assert_eq!(find_personal(&labelled.text), []);
}

/// Petitions whose personal numbers were blanked before publication: what is hidden in them is
/// mostly names in the news. Runs where the file is.
#[test]
fn petitions_lose_little() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/petitions/petitions_train.jsonl.gz"
    );
    let Ok(file) = std::fs::File::open(path) else {
        println!("petitions are not here: not run");
        return;
    };
    let mut counts = std::collections::BTreeMap::<PersonalKind, usize>::new();
    let (mut texts, mut signs) = (0, 0);
    let lines =
        std::io::BufRead::lines(std::io::BufReader::new(flate2::read::GzDecoder::new(file)));
    // Enough for the figures, and soon done without optimisation.
    for line in lines.take(600) {
        let petition: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = petition["text"].as_str().unwrap();
        texts += 1;
        signs += text.chars().count();
        for piece in find_personal(text) {
            *counts.entry(piece.kind).or_default() += 1;
        }
    }
    println!("{texts} petitions of {} signs on average", signs / texts);
    for (kind, count) in &counts {
        println!(
            "{:>8.1} per 1,000: {}",
            1000.0 * *count as f64 / texts as f64,
            kind.name(Lang::En)
        );
    }
    let numbers: usize = counts
        .iter()
        .filter(|(kind, _)| !matches!(kind, PersonalKind::Name | PersonalKind::Official))
        .map(|(_, count)| count)
        .sum();
    assert!(numbers * 1000 < texts * 50, "{numbers} numbers in {texts} petitions");
}
