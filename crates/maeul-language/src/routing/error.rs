//! Why a routing model cannot be trained or read.

use maeul_base::{Lang, Refusal};

/// What a person can mend about their training texts or model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutingError {
    /// Fewer texts than can teach anything.
    TooFewTexts {
        /// How many there were.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// All texts have the same label: there is nothing to choose between.
    OneLabel,
    /// More different labels or letter groups than a model file can name.
    TooLarge,
    /// The file is not a routing model at all.
    NotAModel,
    /// The file was written by another version of this program.
    Version {
        /// The version in the file.
        found: u32,
        /// The version this program reads.
        known: u32,
    },
    /// The file was cut short or changed since it was written.
    Damaged,
}

impl Refusal for RoutingError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooFewTexts { .. } => "routing.too-few-texts",
            Self::OneLabel => "routing.one-label",
            Self::TooLarge => "routing.too-large",
            Self::NotAModel => "routing.not-a-model",
            Self::Version { .. } => "routing.version",
            Self::Damaged => "routing.damaged",
        }
    }

    fn say(&self, lang: Lang) -> String {
        let plain = |korean: &str, english: &str| lang.t(korean, english).to_owned();
        match (self, lang) {
            (Self::TooFewTexts { found, needed }, Lang::Ko) => {
                format!("학습할 글이 {found}건뿐입니다. {needed}건 이상 모아 다시 학습하십시오.")
            }
            (Self::TooFewTexts { found, needed }, Lang::En) => format!(
                "There are only {found} texts to learn from. Collect at least {needed} and train again."
            ),
            (Self::OneLabel, _) => plain(
                "모든 글의 분류가 같아 배울 것이 없습니다. 둘 이상의 분류가 있는 자료를 쓰십시오.",
                "All texts have the same label, so there is nothing to learn. Use texts of two or more labels.",
            ),
            (Self::TooLarge, _) => plain(
                "분류나 글이 너무 많아 모델 하나에 담을 수 없습니다. 최근 자료만 골라 다시 학습하십시오.",
                "There are too many labels or texts for one model. Train on recent texts only.",
            ),
            (Self::NotAModel, _) => plain(
                "분류 모델 파일이 아닙니다. maeul routing train으로 만든 파일을 지정하십시오.",
                "This is not a routing model. Name a file made by maeul routing train.",
            ),
            (Self::Version { found, known }, Lang::Ko) => format!(
                "모델 파일의 판({found})을 이 프로그램(판 {known})이 읽지 못합니다. maeul routing train으로 다시 만드십시오."
            ),
            (Self::Version { found, known }, Lang::En) => format!(
                "The model file has version {found}; this program reads version {known}. Make it anew with maeul routing train."
            ),
            (Self::Damaged, _) => plain(
                "모델 파일이 손상되었습니다(검사합이 맞지 않음). 사본으로 되돌리거나 다시 학습하십시오.",
                "The model file is damaged (its checksum does not match). Restore a copy or train again.",
            ),
        }
    }
}
