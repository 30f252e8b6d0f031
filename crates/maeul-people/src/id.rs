//! The id of a line in a log: nobody points at it.

use maeul_base::TypedId;
use uuid::Uuid;

/// Names one line of one log.
#[derive(Clone, Copy, Debug)]
pub struct LogId(Uuid);

impl TypedId for LogId {}

impl From<Uuid> for LogId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<LogId> for Uuid {
    fn from(id: LogId) -> Self {
        id.0
    }
}
