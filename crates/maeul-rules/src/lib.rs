//! Law as data: dated parameters, programmes whose eligibility explains itself in three values,
//! and the screening of a whole population. Pure: no clock, no database, no network.

pub mod answer;
pub mod compile;
pub mod eval;
pub mod example;
pub mod household;
mod library;
pub mod parameter;
pub mod parse;
pub mod problem;
pub mod registry;
pub mod screen;
pub mod synth;
pub mod table;
pub mod value;
pub mod whatif;
pub mod yaml;

pub use library::{Library, shipped};
