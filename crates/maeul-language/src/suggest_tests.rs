//! Sentences as residents write them, and the services they should meet.

use proptest::prelude::*;

use super::*;

fn services() -> Suggester {
    let service = |code: &str, names: &[&str], keywords: &[&str], group: &str| ServiceWords {
        code: code.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        keywords: keywords.iter().map(|word| (*word).to_owned()).collect(),
        group: Some(group.to_owned()),
    };
    Suggester::new(&[
        service(
            "streetlight",
            &["가로등·보안등 고장", "Street light out"],
            &["가로등", "보안등", "불 나감", "불 꺼짐", "깜빡임", "어두움", "street light", "lamp"],
            "도로",
        ),
        service(
            "pothole",
            &["도로 파임", "Pothole"],
            &["포트홀", "파임", "아스팔트", "땅꺼짐", "싱크홀", "도로 패임"],
            "도로",
        ),
        service(
            "dumping",
            &["쓰레기 무단투기", "Illegal dumping"],
            &["쓰레기", "무단투기", "불법투기", "폐기물", "쓰레기 더미", "garbage", "trash"],
            "청소",
        ),
        service(
            "parking",
            &["불법 주정차", "Illegal parking"],
            &["불법주차", "주차", "이중주차", "인도 주차", "parking"],
            "교통",
        ),
        service("cctv", &["방범 CCTV", "Security camera"], &["CCTV", "카메라"], "안전"),
        service("relief", &["긴급복지 상담", "Relief"], &["해고", "휴업", "소음"], "복지"),
        service("drain", &["빗물받이·하수", "Drain"], &["하수구", "악취", "물 샘", "막힘"], "도로"),
    ])
}

#[test]
fn meets_what_residents_write() {
    let suggester = services();
    for (text, first, because) in [
        ("가로등이 꺼졌어요", "streetlight", "가로등"),
        ("집앞 불 나감", "streetlight", "불"),
        ("골목에 불이 나갔어요 어두워요", "streetlight", "불이"),
        ("골목불이 꺼져있습니다. 불이꺼졌어요", "streetlight", "불이꺼졌어요"),
        ("보안등이깜빡거려요", "streetlight", "보안등"),
        ("쓰레기무단투기", "dumping", "쓰레기"),
        ("쓰레기 무단 투기가 심해요", "dumping", "무단투기"),
        ("쓰레기가넘쳐요", "dumping", "쓰레기"),
        ("도로가 푹 파였어요", "pothole", "파였어요"),
        ("길에 포트홀 생김", "pothole", "포트홀"),
        ("인도에 차들이 주차해서 못 지나가요", "parking", "주차"),
        ("골목에 cctv 설치해 주세요", "cctv", "cctv"),
        ("하수구가 막혔어요", "drain", "하수구"),
        ("길에서 물이 새요", "drain", "새요"),
        ("The street lights are out", "streetlight", "street"),
        ("Trash everywhere", "dumping", "trash"),
    ] {
        let found = suggester.suggest(text);
        let best = found.first().unwrap_or_else(|| panic!("nothing for {text}"));
        assert_eq!(best.code, first, "{text}: {found:?}");
        assert!(best.because.iter().any(|word| word == because), "{text}: {found:?}");
    }
}

#[test]
fn what_it_is_about_counts_for_more_than_where_it_is() {
    let service = |code: &str, name: &str, keywords: &[&str]| ServiceWords {
        code: code.to_owned(),
        names: vec![name.to_owned()],
        keywords: keywords.iter().map(|word| (*word).to_owned()).collect(),
        group: None,
    };
    let suggester = Suggester::new(&[
        service("apartment", "공동주택 관리", &["아파트", "관리사무소", "주차장", "입구"]),
        service("market", "전통시장", &["시장", "전통시장", "주차장 입구"]),
        service("playground", "놀이터", &["놀이터", "그네", "어린이공원"]),
        service("streetlight", "가로등 고장", &["가로등", "불 꺼짐"]),
        service("dumping", "쓰레기 무단투기", &["쓰레기", "무단투기"]),
    ]);
    for (text, first) in [
        ("양동시장 주차장 입구 가로등이 꺼졌다", "streetlight"),
        ("전통시장 앞 가로등이 꺼졌어요", "streetlight"),
        ("아파트 후문 옆에 쓰레기를 버리고 갑니다", "dumping"),
        ("놀이터 건너편 전통시장 옆 가로등 고장", "streetlight"),
        ("아파트 옆 놀이터 그네가 부서졌어요", "playground"),
        ("놀이터에서 아이들이 노는데 쓰레기가 많아요", "dumping"),
        // Where nothing else is said, the place is all there is.
        ("놀이터 앞", "playground"),
        ("아파트 입구 주차장이 좁아요", "apartment"),
    ] {
        let found = suggester.suggest(text);
        assert_eq!(
            found.first().map(|found| found.code.as_str()),
            Some(first),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn is_never_forced() {
    let suggester = services();
    for text in [
        "",
        "안녕하세요 문의드립니다",
        "고장 신고합니다",
        "불편합니다 처리 부탁드려요",
        "직원분이 정말 친절하셨어요 감사합니다",
        "!!!",
        "여권은 어디서 만드나요",
        "party in the park",
        "상담하고 싶어요. 언제 하나요? 그렇게 해요",
    ] {
        assert_eq!(suggester.suggest(text), [], "{text}");
    }
}

#[test]
fn gives_at_most_three_and_the_same_every_time() {
    let suggester = services();
    let text = "가로등 쓰레기 주차 포트홀 하수구 cctv";
    let found = suggester.suggest(text);
    assert_eq!(found.len(), 3);
    assert_eq!(found, services().suggest(text));
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*", keyword in "\\PC*") {
        let one = ServiceWords {
            code: "x".to_owned(), keywords: vec![keyword], ..ServiceWords::default()
        };
        for found in Suggester::new(&[one]).suggest(&text) {
            prop_assert!(found.score <= 1000 && !found.because.is_empty());
        }
        services().suggest(&text);
    }
}
