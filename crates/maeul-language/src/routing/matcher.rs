//! For an office without history: a text held against the words of its services and duties
//! (사무분장). Every name, keyword and description is a short text with a label to learn from, and
//! the whole words of names and keywords speak beside it as they do in [`Suggester`]. The answer
//! has the same form as a trained model's, with the words that spoke.

use super::ask::{Answer, Asker};
use super::error::RoutingError;
use super::model::{Calibration, Model};
use super::train::{TrainOptions, learn};
use crate::{ServiceWords, Suggester};

/// The ridge: names and keywords are few and mean what they say.
const RIDGE: f32 = 0.3;
/// From score to confidence, measured on the demonstration phrases (docs/routing.md); another
/// office's words will differ, and its first hundred corrected cases replace it.
const CALIBRATION: Calibration = Calibration { sharpness: 2.5, slope: 0.6, shift: 0.0 };
/// Below this the matcher is unsure.
const UNSURE_BELOW: f32 = 0.5;

/// The words of one service, duty or unit.
#[derive(Clone, Debug, Default)]
pub struct LabelWords {
    /// What is suggested: a code.
    pub label: String,
    /// Its names, and those of its duty.
    pub names: Vec<String>,
    /// What residents call it.
    pub keywords: Vec<String>,
    /// Sentences that describe it.
    pub descriptions: Vec<String>,
}

impl LabelWords {
    /// Its words as labelled texts, to be learned from alone or together with an office's first
    /// cases.
    pub fn examples(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .chain(&self.keywords)
            .chain(&self.descriptions)
            .filter(|words| !words.trim().is_empty())
            .map(|words| (words.as_str(), self.label.as_str()))
    }
}

impl LabelWords {
    fn service(&self) -> ServiceWords {
        ServiceWords {
            code: self.label.clone(),
            names: self.names.clone(),
            keywords: self.keywords.clone(),
            group: None,
        }
    }
}

/// Suggests labels by their own words; built once, shared by all who ask.
#[derive(Clone, Debug)]
pub struct Matcher {
    model: Model,
}

impl Matcher {
    /// From the words of all labels that may be suggested.
    pub fn new(labels: &[LabelWords]) -> Result<Self, RoutingError> {
        let options = TrainOptions { seed: 1, unsure_below: UNSURE_BELOW, ridge: Some(RIDGE) };
        let examples = labels.iter().flat_map(LabelWords::examples);
        let mut model = learn(examples, &options, Some(CALIBRATION))?;
        let words: Vec<ServiceWords> = labels.iter().map(LabelWords::service).collect();
        model.beside = Some(Suggester::new(&words));
        // A label with many keywords is not for that reason the likelier one.
        model.bias.iter_mut().for_each(|bias| *bias = 0.0);
        Ok(Self { model })
    }

    /// The matcher as a model, to ask it like any other; a file made of it would lack the whole
    /// words.
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// One who asks; see [`Asker::ask`].
    pub fn asker(&self) -> Asker<'_> {
        self.model.asker()
    }

    /// Suggests once; for many texts keep an [`Self::asker`].
    pub fn ask(&self, text: &str) -> Answer {
        self.asker().ask(text)
    }
}
