//! Training, keeping and asking a routing model, as an office would meet it.

use std::io::Read as _;
use std::path::Path;

use maeul_base::{Lang, Refusal as _};
use maeul_language::routing::{
    Evaluation, Evaluator, Model, RoutingError, TrainOptions, stratified_folds, train,
};
use proptest::prelude::*;

const MATTERS: [(&str, &[&str]); 4] = [
    (
        "streetlight",
        &["가로등이 꺼졌어요", "보안등이 깜박여요", "골목 가로등 고장", "가로등 불이 나갔어요"],
    ),
    (
        "dumping",
        &["쓰레기를 버리고 갔어요", "무단투기 신고합니다", "쓰레기가 쌓여 있어요", "폐기물 투기"],
    ),
    (
        "parking",
        &[
            "불법주차 단속해 주세요",
            "인도에 주차한 차",
            "이중주차 때문에 못 나가요",
            "주차 단속 요청",
        ],
    ),
    (
        "pothole",
        &["도로가 파였어요", "포트홀이 생겼어요", "아스팔트가 깨졌어요", "도로에 구멍이 났어요"],
    ),
];
const PLACES: [&str; 5] = ["학교 앞", "시장 입구", "아파트 후문", "공원 옆", "버스정류장 근처"];

fn examples() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for place in PLACES {
        for (label, texts) in MATTERS {
            for text in texts {
                all.push((format!("{place} {text}"), label.to_owned()));
            }
        }
    }
    all
}

fn trained(seed: u64) -> Model {
    train(examples(), &TrainOptions { seed, ..TrainOptions::default() }).unwrap()
}

#[test]
fn says_which_and_why() {
    let model = trained(1);
    let mut asker = model.asker();
    let answer = asker.ask("어제부터 놀이터 옆 가로등이 꺼져서 어두워요");
    assert_eq!(answer.candidates.len(), 3);
    let first = &answer.candidates[0];
    assert_eq!(first.label, "streetlight");
    assert_eq!(first.because[0].word, "가로등", "{first:?}");
    assert!(!answer.unsure && first.confidence > 0.5, "{first:?}");
    assert!(answer.candidates.is_sorted_by(|a, b| a.confidence >= b.confidence));
    for candidate in &answer.candidates {
        let shares: u32 = candidate.because.iter().map(|spoke| spoke.share).sum();
        assert!(shares <= 1002, "{candidate:?}");
    }
    // A space less, a particle more: the same matter.
    assert_eq!(asker.ask("가로등불이 나갔습니다").candidates[0].label, "streetlight");
    assert_eq!(asker.ask("쓰레기무단투기").candidates[0].label, "dumping");
}

#[test]
fn says_that_it_does_not_know() {
    let model = trained(1);
    let mut asker = model.asker();
    for text in ["", "!?", "zzz qqq", "뷁"] {
        let answer = asker.ask(text);
        assert!(answer.unsure && answer.candidates.is_empty(), "{text}: {answer:?}");
        assert!(asker.rank(text).2, "{text}");
    }
    let strict = model.clone().with_unsure_below(1.0);
    assert!(strict.asker().ask("가로등 고장").unsure);
}

#[test]
fn the_same_seed_gives_the_same_file() {
    assert_eq!(trained(7).to_bytes(), trained(7).to_bytes());
    assert_ne!(trained(7).to_bytes(), trained(8).to_bytes());
    let model = trained(7);
    let read = Model::from_bytes(&model.to_bytes()).unwrap();
    assert_eq!(read.facts(), model.facts());
    assert_eq!(read.labels(), model.labels());
    for (text, _) in examples() {
        assert_eq!(read.asker().ask(&text), model.asker().ask(&text));
    }
}

#[test]
fn an_answer_does_not_depend_on_what_was_asked_before() {
    let model = trained(1);
    let mut one = model.asker();
    for (text, _) in examples() {
        one.ask(&text);
        one.rank(&text);
        assert_eq!(one.ask("시장 앞 포트홀"), model.asker().ask("시장 앞 포트홀"));
    }
}

#[test]
fn refuses_what_is_not_a_whole_model() {
    let whole = trained(1).to_bytes();
    let refused = |bytes: &[u8]| Model::from_bytes(bytes).expect_err("refused");
    assert_eq!(refused(b""), RoutingError::NotAModel);
    assert_eq!(refused(b"%PDF-1.7 and so on"), RoutingError::NotAModel);
    let mut newer = whole.clone();
    newer[8] = 9;
    assert_eq!(refused(&newer), RoutingError::Version { found: 9, known: 1 });
    // Cut anywhere; any bit turned.
    for length in (8..whole.len()).step_by(997) {
        assert!(matches!(refused(&whole[..length]), RoutingError::Damaged), "{length}");
    }
    for place in (12..whole.len()).step_by(613) {
        let mut turned = whole.clone();
        turned[place] ^= 1 << (place % 8);
        assert_eq!(refused(&turned), RoutingError::Damaged, "{place}");
    }
    assert!(RoutingError::Damaged.say(Lang::Ko).contains("다시 학습"));
    assert!(RoutingError::Damaged.say(Lang::En).contains("train again"));
}

#[test]
fn refuses_texts_that_teach_nothing() {
    let options = TrainOptions::default();
    let none: [(&str, &str); 0] = [];
    assert_eq!(
        train(none, &options).expect_err("refused"),
        RoutingError::TooFewTexts { found: 0, needed: 4 }
    );
    let alike = [("가", "x"), ("나", "x"), ("다", "x"), ("라", "x")];
    assert_eq!(train(alike, &options).expect_err("refused"), RoutingError::OneLabel);
    let long = "x".repeat(70_000);
    let labels = [("가", "a"), ("나", "b"), ("다", "c"), ("라", long.as_str())];
    assert_eq!(train(labels, &options).expect_err("refused"), RoutingError::TooLarge);
}

/// A label with few texts is not swallowed by a large one.
#[test]
fn rare_labels_are_found() {
    let mut uneven = Vec::new();
    for (text, label) in examples() {
        let times = if label == "streetlight" { 1 } else { 8 };
        for turn in 0..times {
            uneven.push((format!("{text} {turn}"), label.clone()));
        }
    }
    let model = train(uneven, &TrainOptions::default()).unwrap();
    let mut asker = model.asker();
    assert_eq!(asker.ask("마을회관 뒤 가로등 고장").candidates[0].label, "streetlight");
}

fn judge(model: &Model, rows: &[(String, String)], told: &mut Evaluator) {
    let mut asker = model.asker();
    let number = |label: &str| {
        model
            .labels()
            .iter()
            .position(|known| known == label)
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(u32::MAX)
    };
    for (text, label) in rows {
        let (order, confidences, unsure) = asker.rank(text);
        let confidence = order.first().map_or(0.0, |first| confidences[*first as usize]);
        told.add(number(label), order, confidence, unsure);
    }
}

fn say(figures: &Evaluation) {
    println!(
        "{} texts: top-1 {:.3}, top-3 {:.3}, macro-F1 {:.3}, ECE {:.3}, sure {} (right {:.3})",
        figures.texts,
        figures.accuracy,
        figures.top3,
        figures.macro_f1,
        figures.calibration_error,
        figures.sure,
        figures.accuracy_when_sure
    );
}

/// Real petitions, where the shared data lies beside the project; every eighth one, to keep the test
/// short without optimisation. `bench/routing` measures all of them.
#[test]
fn petitions_of_the_shared_data() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/petitions/petitions_train.jsonl.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        println!("skipped: no {}", path.display());
        return;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let rows: Vec<(String, String)> = text
        .lines()
        .step_by(8)
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| row[name].as_str().unwrap().to_owned();
            (format!("{}\n{}", field("title"), field("text")), field("category"))
        })
        .collect();
    let labels: Vec<&str> = rows.iter().map(|(_, label)| label.as_str()).collect();
    let fold_of = stratified_folds(&labels, 5, 1);
    let part = |fold: u32, inside: bool| -> Vec<(String, String)> {
        let own = |(place, _): &(usize, _)| (fold_of[*place] == fold) == inside;
        rows.iter().enumerate().filter(own).map(|(_, row)| row.clone()).collect()
    };
    let mut told = Evaluator::new();
    let options = TrainOptions { ridge: Some(1.0), ..TrainOptions::default() };
    let model = train(part(0, false), &options).unwrap();
    judge(&model, &part(0, true), &mut told);
    let figures = told.figures(|label| label.to_string());
    print!("petitions, a fifth of every eighth: ");
    say(&figures);
    assert!(figures.accuracy > 0.25 && figures.top3 > 0.45, "{}", figures.accuracy);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,200}") {
        static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(|| trained(1));
        let answer = MODEL.asker().ask(&text);
        prop_assert!(answer.candidates.len() <= 3);
        for candidate in &answer.candidates {
            prop_assert!((0.0..=1.0).contains(&candidate.confidence));
            prop_assert!(candidate.because.iter().all(|spoke| spoke.share <= 1000));
        }
        prop_assert!(answer.candidates.is_sorted_by(|a, b| a.confidence >= b.confidence));
        prop_assert!(!answer.unsure || answer.candidates.first().is_none_or(|c| c.confidence < 0.5));
    }

    #[test]
    fn damaged_bytes_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _refused = Model::from_bytes(&bytes).is_err();
        bytes.splice(0..0, *b"MAEULRT1\x01\x00\x00\x00");
        prop_assert!(Model::from_bytes(&bytes).is_err());
    }

    #[test]
    fn any_labelled_texts_can_be_learned(
        rows in proptest::collection::vec(("\\PC{0,30}", "[a-c]"), 4..40)
    ) {
        if let Ok(model) = train(rows, &TrainOptions::default()) {
            let read = Model::from_bytes(&model.to_bytes());
            prop_assert!(read.is_ok());
        }
    }
}
