//! For tests only: the whole app on either database, with a fixed clock and seed; one real office;
//! staff of each role; and a browser without a screen that follows links and sends forms.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the way a test fails"
)]

mod browser;
mod pictures;
mod world;

pub use browser::{Answer, Browser};
pub use world::{Account, SECRET, TEXT_NUMBER, World};

/// Makes one test of a function for each engine: `worlds! { async fn a_report_is_answered(world:
/// World) { … } }` gives `a_report_is_answered::sqlite` and `a_report_is_answered::postgres`.
#[macro_export]
macro_rules! worlds {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: $ty:ty) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($world: $ty) $body

            #[test]
            fn sqlite() {
                $crate::World::run(maeul_db::Engine::Sqlite, body);
            }

            #[test]
            fn postgres() {
                $crate::World::run(maeul_db::Engine::Postgres, body);
            }
        }
    )+};
}
