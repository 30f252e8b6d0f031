//! A resident follows: by the link they hold, or by number, contact and a one-time code.

pub(crate) mod case;
pub(crate) mod track;
