//! Suggesting the label of a text (the service, the duty, the unit) from texts that already have
//! one, so that an officer can see why: three candidates, the words that spoke for each, and a
//! confidence that was measured. People decide; what they correct is the next training data.
//!
//! Letter groups of the text (one to three syllables of a word, pairs over a space, Latin words)
//! are weighed as TF-IDF; every label has one weight for every group, learned by ridge regression
//! in which rare labels count for more. A score is a sum, so each word's part in it can be shown.
//! This is the one part of the crate that reckons in floats: they order suggestions and decide
//! nothing. A model holds hashed letter groups and weights, no text.

mod ask;
mod calibrate;
mod error;
mod evaluate;
mod file;
mod fold;
mod matcher;
mod model;
mod read;
mod record;
mod solve;
mod sum;
mod table;
mod train;

pub use ask::{Answer, Asker, Candidate, Spoke};
pub use error::RoutingError;
pub use evaluate::{Bin, Confusion, Evaluation, Evaluator, LabelFigures};
pub use fold::stratified_folds;
pub use matcher::{LabelWords, Matcher};
pub use model::{Model, ModelFacts};
pub use train::{TrainOptions, train};
