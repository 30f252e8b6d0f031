//! Following what becomes public: nothing before it is confirmed, everything once, nothing private,
//! and one click stops it.

mod support;

mod asking;

mod telling;
