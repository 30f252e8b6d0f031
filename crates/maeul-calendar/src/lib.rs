//! When an office is open and when an answer is due: the public holidays of Korea computed from the
//! decree, office hours, and the four period calculators of the law, each explaining itself.
//!
//! Pure: no clock, no file, no environment. The law's facts are data in `data/holidays/`, built in.
//!
//! ```
//! use maeul_base::Lang;
//! use maeul_calendar::{Calendar, DueInput, Period, WhenSpec};
//!
//! let received: WhenSpec = "2026-06-08T10:30".parse().unwrap();
//! let input = DueInput::petition(received.start(), Period::Days(7));
//! let due = Calendar::national().due(&input).unwrap();
//! assert_eq!(maeul_base::seoul::iso(due.at), "2026-06-16T18:00:00+09:00");
//! assert_eq!(due.explain(Lang::En).len(), 9); // seven days counted, a weekend not
//! ```

mod calendar;
mod day;
mod due;
mod excluded;
mod explain;
mod fast;
mod holidays;
mod hours;
mod law;
mod lunar;
mod period;
mod refusal;
mod step;
mod text;
mod wording;

pub use calendar::{Calendar, CalendarOptions, LocalHolidays};
pub use due::{Arithmetic, Calculator, Due, DueInput, Precision};
pub use excluded::{Excluded, Ground, WhenSpec, WhenSpecError};
pub use holidays::{Cause, CauseKind, Closed, ExtraHoliday, ExtraKind, Weekend};
pub use hours::{OfficeHours, Segment};
pub use law::local_holidays;
pub use period::{Period, PeriodError};
pub use refusal::DueRefusal;
pub use step::{Step, StepKind};
pub use text::Text;
