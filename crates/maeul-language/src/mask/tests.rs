//! What masking does to single texts; the corpus is in `tests/masking.rs`.

use proptest::prelude::*;

use super::*;

#[test]
fn hides_what_is_personal() {
    for (text, shown) in [
        ("연락처 010-1234-5678 입니다", "연락처 ***-****-**** 입니다"),
        ("01012345678로 전화", "***********로 전화"),
        ("010 1234 5678, 062-360-7114", "*** **** ****, ***-***-****"),
        ("010ㅡ1234ㅡ5678", "*************"),
        ("+82 10-1234-5678", "+** **-****-****"),
        ("０１０-１２３４-５６７８", "***-****-****"),
        ("900101-1234567", "******-*******"),
        ("9001011234567", "*************"),
        ("900101-1******", "******-*******"),
        ("메일은 kim.min@naver.com. 끝", "메일은 ***.***@*****.***. 끝"),
        ("12가3456 차량", "******* 차량"),
        ("서울 123허 4567이 막았어요", "서울 **** ****이 막았어요"),
        ("a@b.kr 01011112222 a@b.kr", "*@*.** *********** *@*.**"),
    ] {
        assert_eq!(mask(text).text, shown, "{text}");
    }
}

#[test]
fn leaves_what_is_not() {
    for text in [
        "119에 신고했고 110, 02-120, 1588-1234에도 물었어요",
        "접수번호 2026-000123, 2026. 10. 3. 14:30",
        "3층 101동 앞",
        "가로등 번호 12-345",
        "예산 1,234,567원, 면적 84.5m",
        "35.1566 126.9001",
        "@가로등 user@ @home",
        "12시 3000원",
    ] {
        assert_eq!(mask(text).found, [], "{text}");
    }
}

#[test]
fn tells_where_in_bytes() {
    let found = find_personal("가 010-1234-5678");
    assert_eq!(
        found.first().map(|f| (f.kind, f.range.clone())),
        Some((PersonalKind::Phone, 4..17))
    );
}

proptest! {
    #[test]
    fn never_panics_and_finds_nothing_twice(text in "\\PC*") {
        let masked = mask(&text);
        prop_assert_eq!(masked.text.chars().count(), text.chars().count());
        let mut last = 0;
        for piece in &masked.found {
            prop_assert!(piece.range.start >= last && piece.range.end > piece.range.start);
            last = piece.range.end;
        }
    }

    #[test]
    fn labels_can_be_undone(text in "[가-힣0-9@. -]{0,60}") {
        let labelled = Masking::default().label(&text, maeul_base::Lang::Ko);
        prop_assert_eq!(labelled.restore(), text);
    }
}
