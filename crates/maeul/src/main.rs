//! Maeul.
fn main() {}
