//! What changes the office, one verb a file.

pub mod add_holiday;
