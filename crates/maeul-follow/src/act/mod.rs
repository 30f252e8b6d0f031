//! What can be done, one verb a file.

mod ask;
mod change;
mod collect;
mod confirm;
mod tell;
mod tidy;

#[doc(hidden)]
pub use ask::made_up;
pub use ask::{Ask, AskRefusal, Asked, ask};
pub(crate) use ask::{is_followable, place};
pub use change::{ChangeRefusal, set_rhythm, stop, stop_all, stop_contact};
pub use collect::{Collected, collect};
pub use confirm::{Confirm, ConfirmOutcome, ConfirmRefusal, confirm_code, confirm_link, pending};
pub use tell::{News, Told, load_news, standing_by, tell};
pub use tidy::{Tidied, tidy};
