//! Text against text: the words of an office's services and duties meet the demonstration phrases.
//! The blend and its calibration were set on these phrases: this guards them, it is no held-out figure.

use std::collections::BTreeMap;
use std::path::Path;

use maeul_language::routing::{Evaluation, Evaluator, LabelWords, Matcher, TrainOptions, train};
use maeul_language::{ServiceWords, Suggester};
use toml::{Table, Value};

fn read(path: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(path);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        .parse()
        .unwrap()
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list(entry: &Value, key: &str) -> Vec<String> {
    let items = entry.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The services of an office with the names of their duties.
fn services(office: &str) -> (Vec<LabelWords>, Vec<ServiceWords>) {
    let services = read(&format!("offices/{office}/services.toml"));
    let chart = read(&format!("offices/{office}/org.toml"));
    let duties: BTreeMap<&str, &str> = chart["duty"]
        .as_array()
        .unwrap()
        .iter()
        .map(|duty| (text(duty, "code"), text(duty, "name_ko")))
        .collect();
    let services = services["service"].as_array().unwrap().clone();
    let keywords = |service: &Value| -> Vec<String> {
        list(service, "keywords").into_iter().chain(list(service, "keywords_en")).collect()
    };
    let names = |service: &Value| {
        vec![text(service, "name_ko").to_owned(), text(service, "name_en").to_owned()]
    };
    let words = services
        .iter()
        .map(|service| LabelWords {
            label: text(service, "code").to_owned(),
            names: names(service)
                .into_iter()
                .chain(duties.get(text(service, "duty")).map(|name| (*name).to_owned()))
                .collect(),
            keywords: keywords(service),
            descriptions: vec![
                text(service, "description_ko").to_owned(),
                text(service, "description_en").to_owned(),
            ],
        })
        .collect();
    let plain = services
        .iter()
        .map(|service| ServiceWords {
            code: text(service, "code").to_owned(),
            names: names(service),
            keywords: keywords(service),
            group: Some(text(service, "group_ko").to_owned()),
        })
        .collect();
    (words, plain)
}

/// Every demonstration report once, with a place, a time and a detail of the file.
fn phrases() -> Vec<(String, String)> {
    let file = read("demo/phrases.toml");
    let places = list(&file["places"], "ko");
    let english = list(&file["places"], "en");
    let times = list(&file["times"], "ko");
    let mut all = Vec::new();
    for service in file["service"].as_array().unwrap() {
        let details = [list(service, "details_ko"), list(service, "details_en")];
        for report in service["reports"].as_array().unwrap() {
            let n = all.len();
            let is_english = text(report, "lang") == "en";
            let (places, details) =
                if is_english { (&english, &details[1]) } else { (&places, &details[0]) };
            let pick =
                |list: &[String]| list.get(n * 7 % list.len().max(1)).cloned().unwrap_or_default();
            let body = text(report, "body")
                .replace("{place}", &pick(places))
                .replace(
                    "{time}",
                    if is_english { "since Monday" } else { &times[n % times.len()] },
                )
                .replace("{detail}", &pick(details));
            let report = format!("{}\n{body}", text(report, "title"));
            all.push((report, text(service, "code").to_owned()));
        }
    }
    all
}

fn figures(
    codes: &[String],
    phrases: &[(String, String)],
    mut ask: impl FnMut(&str) -> (Vec<String>, f32, bool),
) -> Evaluation {
    let number = |code: &str| {
        codes
            .iter()
            .position(|known| known == code)
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(u32::MAX)
    };
    let mut told = Evaluator::new();
    for (text, code) in phrases {
        let (suggested, confidence, unsure) = ask(text);
        let suggested: Vec<u32> = suggested.iter().map(|code| number(code)).collect();
        told.add(number(code), &suggested, confidence, unsure);
    }
    let all = told.figures(|label| codes.get(label as usize).cloned().unwrap_or_default());
    println!(
        "{} texts: top-1 {:.3}, top-3 {:.3}, macro-F1 {:.3}, ECE {:.3}, sure {} (right {:.3}), unsure right {:.3}",
        all.texts,
        all.accuracy,
        all.top3,
        all.macro_f1,
        all.calibration_error,
        all.sure,
        all.accuracy_when_sure,
        all.accuracy_when_unsure
    );
    all
}

#[test]
fn the_words_of_services_and_duties_find_the_demonstration_phrases() {
    let phrases = phrases();
    assert!(phrases.len() > 300, "{}", phrases.len());
    let (words, plain) = services("29140-gwangju-seogu");
    let codes: Vec<String> = words.iter().map(|words| words.label.clone()).collect();

    let matcher = Matcher::new(&words).unwrap();
    let mut asker = matcher.asker();
    let matched = figures(&codes, &phrases, |text| {
        let answer = asker.ask(text);
        let confidence = answer.candidates.first().map_or(0.0, |first| first.confidence);
        let labels = answer.candidates.into_iter().map(|candidate| candidate.label);
        (labels.collect(), confidence, answer.unsure)
    });
    for bin in &matched.bins {
        println!(
            "  {:.1}: {} confidence {:.2} right {:.2}",
            bin.from, bin.texts, bin.confidence, bin.accuracy
        );
    }
    for pair in matched.confusion.iter().filter(|pair| pair.truth != pair.suggested).take(12) {
        println!("  {} -> {}: {}", pair.truth, pair.suggested, pair.texts);
    }
    let suggester = Suggester::new(&plain);
    let suggested = figures(&codes, &phrases, |text| {
        let found = suggester.suggest(text);
        let best = found.first().map_or(0, |first| first.score);
        (found.into_iter().map(|found| found.code).collect(), best as f32 / 1000.0, false)
    });
    assert!(matched.accuracy > 0.68 && matched.top3 > 0.87, "{}", matched.accuracy);
    assert!(matched.calibration_error < 0.08, "{}", matched.calibration_error);
    assert!(suggested.accuracy > 0.66, "{}", suggested.accuracy);
}

/// The first cases of an office and the words of its services may be learned from together.
#[test]
fn first_cases_join_the_words() {
    let phrases = phrases();
    let (words, _) = services("29140-gwangju-seogu");
    let codes: Vec<String> = words.iter().map(|words| words.label.clone()).collect();
    let (taught, asked): (Vec<_>, Vec<_>) =
        phrases.iter().cloned().enumerate().partition(|(place, _)| place % 2 == 0);
    let asked: Vec<(String, String)> = asked.into_iter().map(|(_, pair)| pair).collect();
    let cases = || taught.iter().map(|(_, (text, label))| (text.as_str(), label.as_str()));
    let judge = |model: &maeul_language::routing::Model| {
        let mut asker = model.asker();
        figures(&codes, &asked, |text| {
            let answer = asker.ask(text);
            let confidence = answer.candidates.first().map_or(0.0, |first| first.confidence);
            (answer.candidates.into_iter().map(|c| c.label).collect(), confidence, answer.unsure)
        })
    };
    let options = TrainOptions::default();
    let alone = judge(&train(cases(), &options).unwrap());
    let both = words.iter().flat_map(LabelWords::examples).chain(cases());
    let together = judge(&train(both, &options).unwrap());
    assert!(together.accuracy > alone.accuracy, "{} {}", together.accuracy, alone.accuracy);
}
