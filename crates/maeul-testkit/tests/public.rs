//! What everybody may see: the picture follows the cases, and nothing private gets out of it.

pub mod support;

mod picture;

mod files;

mod leak;

mod pages;
