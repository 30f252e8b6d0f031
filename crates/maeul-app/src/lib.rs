//! The house put together: which rooms there are, which facts concern whom, how it starts and
//! stops, and the demonstration.

pub mod demo;
mod house;
pub mod import;
mod rooms;
mod web;

pub use house::{House, Setup};
pub use rooms::{Parts, migrations, rooms};
