//! From a programme's file to a tree whose every part knows its line and column.

pub mod expr;
pub mod file;
mod lex;
