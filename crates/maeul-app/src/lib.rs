//! The house put together: which rooms there are, which facts concern whom, how it starts and
//! stops, and the demonstration.

mod checkup;
pub mod demo;
mod house;
pub mod import;
mod metrics;
mod ready;
mod rooms;
mod web;

pub use checkup::{Checkup, OfficeCheck, checkup};
pub use house::{House, Setup};
pub use ready::{Probe, Readiness, can_write};
pub use rooms::{Parts, bytes, migrations, rooms};
