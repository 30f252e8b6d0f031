//! The id of an assignment or a succession: rows nobody outside this crate points at.

use maeul_base::TypedId;
use uuid::Uuid;

/// Names one row of the chart.
#[derive(Clone, Copy, Debug)]
pub struct ChartRowId(Uuid);

impl TypedId for ChartRowId {}

impl From<Uuid> for ChartRowId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<ChartRowId> for Uuid {
    fn from(id: ChartRowId) -> Self {
        id.0
    }
}
