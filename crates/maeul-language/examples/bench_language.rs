//! Measures suggestions, likeness, grams and masking: texts a second on one core.
//!
//! `cargo run --release -p maeul-language --example bench_language`

use std::hint::black_box;
use std::time::Instant;

use maeul_language::{Fingerprint, ServiceWords, Suggester, grams, mask};

const TEXTS: [&str; 8] = [
    "양동초등학교 앞 가로등이 꺼졌어요. 밤에 너무 어두워서 위험합니다",
    "쓰레기무단투기가 심합니다 공원 입구 옆 골목",
    "도로가 푹 파였어요 상무대로 123 앞 차가 덜컹거립니다",
    "인도에 차들이 이중주차해서 유모차가 못 지나가요 단속 부탁드립니다",
    "하수구가 막혀서 비가 오면 물이 넘쳐요",
    "불법 현수막이 사거리에 너무 많이 걸려 있습니다",
    "골목에 CCTV 설치해 주세요 연락처 010-1234-5678",
    "윗집 공사 소음이 새벽부터 심해요",
];

fn rate(name: &str, mut run: impl FnMut(&str)) {
    let rounds = 20_000;
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for round in 0..rounds {
            run(TEXTS.get(round % TEXTS.len()).copied().unwrap_or_default());
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    let texts = f64::from(u32::try_from(rounds).unwrap_or(u32::MAX));
    println!("{name:<12} {:>10.0} texts/s  {:>7.2} µs each", texts / best, best / texts * 1e6);
}

fn main() {
    let words = [
        "가로등 보안등 불꺼짐 불나감 깜빡임 어두움",
        "포트홀 파임 아스팔트 싱크홀 땅꺼짐 보도블록",
        "쓰레기 무단투기 폐기물 재활용 종량제 음식물",
        "불법주차 주정차 이중주차 견인 인도주차 단속",
        "하수구 악취 빗물받이 맨홀 막힘 역류",
        "현수막 간판 전단지 벽보 광고물 에어라이트",
        "카메라 방범 비상벨 안심귀가 순찰 치안",
        "소음 먼지 공사장 진동 층간소음 확성기",
    ];
    let services: Vec<ServiceWords> =
        (0..25)
            .map(|place| ServiceWords {
                code: format!("s{place}"),
                names: vec![format!("분야{place} 서비스"), format!("Service number {place}")],
                keywords: words
                    .get(place % words.len())
                    .into_iter()
                    .flat_map(|line| line.split(' '))
                    .map(|word| {
                        if place < words.len() { word.to_owned() } else { format!("{word}{place}") }
                    })
                    .collect(),
                group: Some(format!("묶음{}", place / 5)),
            })
            .collect();
    let suggester = Suggester::new(&services);
    rate("suggest", |text| {
        black_box(suggester.suggest(text));
    });
    let other = Fingerprint::of("양동초등학교앞 가로등 꺼져있습니다");
    rate("similarity", |text| {
        black_box(Fingerprint::of(text).similarity(&other));
    });
    rate("grams", |text| {
        black_box(grams(text));
    });
    rate("mask", |text| {
        black_box(mask(text));
    });
}
