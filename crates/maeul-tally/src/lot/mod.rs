//! Lots: people drawn by quotas from a public seed, so that anyone can draw again and get the same people.
//!
//! # The procedure `maeul-lot/1`
//! 1. **Before**: the list of candidates, the quota file and how the seed comes about are fixed and the commitment is
//!    published. It is SHA-256 over the lines `maeul-lot/1`, `candidates H`, `quota H`, `seed H`, each ended by one
//!    line feed, where H is the SHA-256 of the file's bytes, or of the seed's UTF-8 bytes, in hexadecimal; `seed -`
//!    where the seed is yet to be drawn in public.
//! 2. **Tickets**: everybody's ticket is SHA-256 over the seed, one line feed, and their id. The smaller ticket, read
//!    as a hexadecimal number, goes first. (By hand: `printf '%s\n%s' SEED ID | sha256sum`.)
//! 3. **The walk**: from the first ticket on, a person is taken if, together with those already taken, the panel can
//!    still be filled so that every quota holds; otherwise passed over. Until the seats are full.
//! 4. **Reserves**: everybody not taken, in order of ticket. When a member leaves, the first reserve is called with
//!    whom all quotas hold without that member.
//!
//! # What is guaranteed
//! - Every quota holds, or nothing is drawn and the quotas that cannot hold together are named.
//! - The panel is the first of all panels that meet the quotas: no other begins with a smaller ticket where the two
//!   first differ. So it does not depend on how this program searches.
//! - Two candidates who count alike for every quota (the same 동, sex, age band …) have exactly the same probability,
//!   as far as SHA-256 gives every order of tickets alike: exchanging their tickets exchanges their fates. Without
//!   quotas everybody's probability is seats ÷ candidates, and every set of people is equally likely.
//! - The order of the lines in the list, and the machine, do not matter.
//!
//! # What is not guaranteed
//! - That people who count differently have the same chance: a quota raises the chance of those who are few. It
//!   must; how much is published per cell only by drawing many times ([`Draw::composition`] shows who was drawn).
//! - That the list itself is fair, or that ids were not chosen by someone who knew the seed. That is what the
//!   commitment is for: publish it before anybody can know the seed, and take the seed from an event nobody
//!   controls (a lottery's numbers, dice thrown in public). A short seed committed to can be guessed from its hash.

mod candidates;
mod draw;
mod error;
mod feasible;
mod procedure;
mod quota;
mod record;

pub use candidates::{Candidate, Candidates, ID};
pub use draw::{Draw, Passed, Step, draw};
pub use error::{LotError, QuotaProblem, RowProblem, Short, TooMany};
pub use procedure::{committed_text, drawn_text};
pub use quota::{Quota, Quotas};
pub use record::{Commitment, Record};

/// The name and version of the procedure, as a notice cites it.
pub const PROCEDURE: &str = "maeul-lot/1";
