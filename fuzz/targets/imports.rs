//! The cases of another system: any table or JSON lines are rows or a refusal with its line, under any mapping.

#![no_main]
#![allow(dead_code, reason = "only the front door of the sources is called")]

#[path = "../../crates/maeul-cases/src/import/cases/column.rs"]
mod column;
#[path = "../../crates/maeul-cases/src/import/lines.rs"]
mod lines;
#[path = "../../crates/maeul-cases/src/import/cases/mapping.rs"]
mod mapping;
#[path = "../../crates/maeul-cases/src/import/cases/table.rs"]
mod table;

/// Where the sources look for what stands beside them in the product.
mod import {
    pub(crate) use crate::lines;
}

/// The words a mapping may name; those of the product stand on the database.
mod words {
    macro_rules! words {
        ($($name:ident { $($word:ident = $text:literal),+ })+) => {$(
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $name { $($word),+ }

            impl $name {
                pub const ALL: &'static [Self] = &[$(Self::$word),+];

                pub const fn as_str(self) -> &'static str {
                    match self { $(Self::$word => $text),+ }
                }

                pub fn parse(text: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|it| it.as_str() == text)
                }
            }
        )+};
    }
    words! {
        Channel { Web = "web", Phone = "phone", Import = "import" }
        Outcome { Done = "done", Refused = "refused" }
    }

    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Bilingual {
        pub ko: String,
        pub en: String,
    }

    impl Bilingual {
        pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
            Self { ko: ko.into(), en: en.into() }
        }
    }
}

use column::Column;
use libfuzzer_sys::fuzz_target;
use mapping::Mapping;
use table::{Rows, Shape};

fuzz_target!(|bytes: &[u8]| {
    // What stands before a line of equal signs is the mapping.
    let cut = bytes.windows(5).position(|it| it == b"\n====");
    let (mapping, rows) = match cut {
        Some(at) => (bytes.get(..at).unwrap_or_default(), bytes.get(at + 5..).unwrap_or_default()),
        None => (&[][..], bytes),
    };
    let mapping = match std::str::from_utf8(mapping).map(Mapping::parse) {
        Ok(Ok(mapping)) => mapping,
        Ok(Err(refusals)) => {
            assert!(!refusals.is_empty());
            Mapping::bulk("fuzz")
        }
        Err(_) => Mapping::bulk("fuzz"),
    };
    for shape in [Shape::Csv, Shape::JsonLines] {
        let Ok(rows) = Rows::new(shape, rows) else { continue };
        let _ = rows.header();
        let mut before = 0;
        for row in rows.take(500) {
            let Ok(row) = row else { break };
            assert!(row.line > before, "lines go forward");
            before = row.line;
            let Ok(cells) = &row.cells else { continue };
            for column in Column::ALL {
                if let Some((_, cell)) = mapping.cell(cells, column) {
                    let _ = (mapping.instant(cell), mapping.is_closed(cell), mapping.service(cell));
                    let _ = (mapping.channel(cell), mapping.outcome(cell));
                }
            }
        }
    }
});
