//! Text messages (바로문자): a text to the office's number becomes a case or goes on with one, praise
//! is passed on, and what the office promised stands beside what the law says.
//!
//! Reading order: [`decode`], [`udh`], [`meaning`], [`thread`] and [`promise`] are pure.

pub mod decode;
pub mod meaning;
pub mod promise;
pub mod thread;
pub mod udh;
