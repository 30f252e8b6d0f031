//! The files the demonstration is made of, built into the program.

use maeul_base::OfficeId;

use crate::import::Kind;

/// One office's files, and how many reports are made up for it.
pub(crate) struct OfficeData {
    pub(crate) id: OfficeId,
    /// A share of all reports, in hundredths.
    pub(crate) share: usize,
    pub(crate) files: &'static [(Kind, &'static str)],
}

macro_rules! file {
    ($folder:literal, $name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../data/offices/",
            $folder,
            "/",
            $name
        ))
    };
}

macro_rules! office {
    ($id:literal, $share:literal, $folder:literal) => {
        OfficeData {
            id: OfficeId($id),
            share: $share,
            files: &[
                (Kind::Org, file!($folder, "org.toml")),
                (Kind::Boundaries, file!($folder, "boundaries.geojson")),
                (Kind::Population, file!($folder, "population.csv")),
                (Kind::LegalDongs, file!($folder, "legal-dongs.csv")),
                (Kind::Services, file!($folder, "services.toml")),
                (Kind::Templates, file!($folder, "templates.toml")),
                (Kind::Holidays, file!($folder, "holidays.csv")),
                (Kind::Staff, file!($folder, "staff.csv")),
            ],
        }
    };
}

/// The offices, the one served by default first.
pub(crate) const OFFICES: [OfficeData; 3] = [
    office!(29140, 76, "29140-gwangju-seogu"),
    office!(41150, 12, "41150-uijeongbu"),
    office!(11380, 12, "11380-eunpyeong"),
];

/// What residents and officers of the demonstration write.
pub(crate) const PHRASES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/phrases.toml"));
