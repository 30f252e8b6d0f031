//! Whether what is kept in memory of an office still holds.

use std::sync::LazyLock;

use maeul_base::{Fault, OfficeId};
use maeul_db::{Tx, args, row};

use super::{CATALOGUE_REVISION, ROUTING_REVISION};

row! {
    /// How often each part of what is kept was changed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Revisions {
        pub(crate) org: Option<i64>,
        pub(crate) catalogue: Option<i64>,
        pub(crate) routing: Option<i64>,
        pub(crate) places: Option<i64>,
    }
}

/// All of them in one statement: every page asks it first.
pub(crate) fn revisions(tx: &mut Tx, office: OfficeId) -> Result<Revisions, Fault> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let asked = [
            maeul_org::REVISION,
            CATALOGUE_REVISION,
            ROUTING_REVISION,
            maeul_place::TOTAL_REVISION,
        ];
        format!("SELECT {}", asked.map(|figure| format!("({figure})")).join(", "))
    });
    tx.one(&SQL, args![office])
}
