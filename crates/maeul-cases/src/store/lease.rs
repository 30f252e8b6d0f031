//! Receipt numbers, leased in blocks so that no intake waits for another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::{Db, args};

use crate::knowledge::Knowledge;
use crate::number::CaseNumber;

/// How many numbers are taken at a time; those unused when the program stops stay gaps.
const BLOCK: i64 = 100;

/// The numbers this program may give out; cheap to clone, shared by all clones.
#[derive(Clone, Debug, Default)]
pub struct NumberLease(Arc<Mutex<BTreeMap<(OfficeId, i16), Block>>>);

#[derive(Clone, Copy, Debug)]
struct Block {
    next: i64,
    end: i64,
}

impl NumberLease {
    /// Nothing leased yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next number of this year; leases a block in a transaction of its own when none is left.
    pub async fn next(&self, db: &Db, ctx: &Ctx, know: &Knowledge) -> Result<CaseNumber, Fault> {
        let year = ctx.today().year();
        let office = ctx.office;
        let sequence = loop {
            if let Some(sequence) = self.take((office, year)) {
                break sequence;
            }
            let (end,): (i64,) = db
                .write(move |tx| {
                    tx.one::<(i64,)>(
                        "INSERT INTO cases_number_lease (office_id, year, next)
                         VALUES ($1, $2, $3)
                         ON CONFLICT (office_id, year)
                         DO UPDATE SET next = cases_number_lease.next + $4
                         RETURNING next",
                        args![office, year, 1 + BLOCK, BLOCK],
                    )
                })
                .await?;
            // Two tasks may lease at once: the later block is kept, the earlier one is a gap.
            let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            blocks.insert((office, year), Block { next: end - BLOCK, end });
        };
        let sequence = u32::try_from(sequence)
            .map_err(|error| Fault::from_error("a receipt number beyond its digits", error))?;
        CaseNumber::new(year, &know.office().short_ko, sequence)
            .map_err(|_| Fault::other("the office's short name makes no receipt number"))
    }

    fn take(&self, key: (OfficeId, i16)) -> Option<i64> {
        let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let block = blocks.get_mut(&key).filter(|block| block.next < block.end)?;
        block.next += 1;
        Some(block.next - 1)
    }
}
