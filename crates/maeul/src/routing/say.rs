//! What `maeul routing` answers: for people, and as JSON.

use std::fmt::Write as _;
use std::path::Path;

use maeul_base::Lang;
use maeul_language::routing::{Answer, Evaluation, Model};
use serde_json::{Value, json};

/// Most confusions told to people; JSON has all.
const MOST_TOLD: usize = 8;

/// A model that was trained.
pub(super) struct Trained<'a> {
    pub(super) model: &'a Model,
    pub(super) bytes: usize,
    pub(super) seconds: f64,
    pub(super) path: &'a Path,
}

/// How a model came to be, as JSON.
pub(super) fn facts(model: &Model) -> Value {
    let facts = model.facts();
    json!({
        "texts": facts.texts,
        "labels": model.labels(),
        "features": facts.features,
        "seed": facts.seed,
        "ridge": facts.ridge,
        "unsure_below": model.unsure_below(),
        "cross_validated": {
            "texts": facts.measured_on,
            "accuracy": facts.accuracy,
            "top3": facts.top3,
            "macro_f1": facts.macro_f1,
        },
    })
}

/// How a model did on texts it had not seen, as a line of its own.
pub(super) fn measured(model: &Model, lang: Lang) -> String {
    let facts = model.facts();
    let (first, three) = (percent(facts.accuracy.into()), percent(facts.top3.into()));
    let (texts, f1) = (facts.measured_on, facts.macro_f1);
    match lang {
        _ if texts == 0 => format!(
            "\n{}",
            lang.t(
                "글이 적어 정확도를 재지 못했습니다. 확신도는 어림입니다.",
                "Too few texts to measure accuracy; confidences are rough."
            )
        ),
        Lang::Ko => format!(
            "\n교차 검증({texts}건): 첫 추천 {first}, 세 추천 안 {three}, 매크로 F1 {f1:.3}"
        ),
        Lang::En => format!(
            "\nCross-validated on {texts} texts: first right {first}, among three {three}, macro-F1 {f1:.3}"
        ),
    }
}

impl Trained<'_> {
    pub(super) fn json(&self) -> Value {
        let mut told = facts(self.model);
        if let Value::Object(told) = &mut told {
            told.insert("model".to_owned(), json!(self.path));
            told.insert("bytes".to_owned(), json!(self.bytes));
            told.insert("seconds".to_owned(), json!(self.seconds));
        }
        told
    }

    pub(super) fn page(&self, lang: Lang) -> String {
        let facts = self.model.facts();
        let (texts, labels) = (facts.texts, self.model.labels().len());
        let path = self.path.display();
        let mut page = match lang {
            Lang::Ko => format!(
                "글 {texts}건, 분류 {labels}개를 {:.1}초에 학습하여 {path}에 썼습니다({}바이트).",
                self.seconds, self.bytes
            ),
            Lang::En => format!(
                "Learned {labels} labels from {texts} texts in {:.1} s; written to {path} ({} bytes).",
                self.seconds, self.bytes
            ),
        };
        page.push_str(&measured(self.model, lang));
        page
    }
}

/// A judgement.
pub(super) struct Judged {
    pub(super) how: Value,
    pub(super) figures: Evaluation,
    pub(super) per_second: f64,
}

impl Judged {
    pub(super) fn json(&self) -> Value {
        let figures = &self.figures;
        let bins: Vec<Value> = figures
            .bins
            .iter()
            .map(|bin| {
                json!({"from": bin.from, "to": bin.to, "texts": bin.texts,
                    "confidence": bin.confidence, "accuracy": bin.accuracy})
            })
            .collect();
        let labels: Vec<Value> = figures
            .labels
            .iter()
            .map(|label| {
                json!({"label": label.label, "texts": label.texts, "suggested": label.suggested,
                    "precision": label.precision, "recall": label.recall, "f1": label.f1})
            })
            .collect();
        let confusion: Vec<Value> = figures
            .confusion
            .iter()
            .map(|pair| json!({"label": pair.truth, "suggested": pair.suggested, "texts": pair.texts}))
            .collect();
        json!({
            "how": self.how,
            "texts": figures.texts,
            "accuracy": figures.accuracy,
            "top3": figures.top3,
            "macro_f1": figures.macro_f1,
            "calibration": {"ece": figures.calibration_error, "bins": bins},
            "sure": {"texts": figures.sure, "accuracy": figures.accuracy_when_sure},
            "unsure": {"texts": figures.texts - figures.sure, "accuracy": figures.accuracy_when_unsure},
            "labels": labels,
            "confusion": confusion,
            "texts_per_second": self.per_second.round(),
        })
    }

    pub(super) fn page(&self, lang: Lang) -> String {
        let figures = &self.figures;
        let mut page = String::new();
        let mut line = |korean: &str, english: &str, value: String| {
            let _infallible = writeln!(page, "{}: {value}", lang.t(korean, english));
        };
        line("글", "Texts", figures.texts.to_string());
        line("첫 추천이 맞음", "First suggestion right", percent(figures.accuracy));
        line("세 추천 안에 있음", "Right one among three", percent(figures.top3));
        line("매크로 F1", "Macro-F1", format!("{:.3}", figures.macro_f1));
        line(
            "보정 오차(ECE)",
            "Calibration error (ECE)",
            format!("{:.3}", figures.calibration_error),
        );
        let both = |texts: u64, share: f64| format!("{texts} ({})", percent(share));
        line("확신함(맞음)", "Sure (right)", both(figures.sure, figures.accuracy_when_sure));
        line(
            "확신 없음(맞음)",
            "Unsure (right)",
            both(figures.texts - figures.sure, figures.accuracy_when_unsure),
        );
        line("자주 헷갈린 것(실제 → 추천)", "Most confused (label → suggested)", String::new());
        let confused = figures.confusion.iter().filter(|pair| pair.truth != pair.suggested);
        for pair in confused.take(MOST_TOLD) {
            let suggested = if pair.suggested.is_empty() { "–" } else { &pair.suggested };
            let _infallible = writeln!(page, "  {} → {suggested}: {}", pair.truth, pair.texts);
        }
        page.truncate(page.trim_end().len());
        page
    }
}

/// An answer as JSON.
pub(super) fn answer(answer: &Answer) -> Value {
    let candidates: Vec<Value> = answer
        .candidates
        .iter()
        .map(|candidate| {
            let because: Vec<Value> = candidate
                .because
                .iter()
                .map(|spoke| json!({"word": spoke.word, "share": f64::from(spoke.share) / 1000.0}))
                .collect();
            json!({"label": candidate.label, "confidence": candidate.confidence, "because": because})
        })
        .collect();
    json!({"unsure": answer.unsure, "candidates": candidates})
}

/// An answer for people.
pub(super) fn page(answer: &Answer, lang: Lang) -> String {
    let mut page = String::new();
    for (number, candidate) in (1..).zip(&answer.candidates) {
        let words: Vec<&str> = candidate.because.iter().map(|spoke| spoke.word.as_str()).collect();
        let _infallible = writeln!(
            page,
            "{number}. {} {} ← {}",
            candidate.label,
            percent(candidate.confidence.into()),
            words.join(", ")
        );
    }
    if answer.candidates.is_empty() {
        page.push_str(lang.t(
            "아는 낱말이 없어 추천하지 않습니다. 직접 정해 주십시오.",
            "No word of it is known, so nothing is suggested. Please choose.",
        ));
    } else if answer.unsure {
        page.push_str(
            lang.t("확신이 낮습니다. 직접 정해 주십시오.", "The model is unsure. Please choose."),
        );
    }
    page.truncate(page.trim_end().len());
    page
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
