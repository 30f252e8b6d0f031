//! The offices whose counts and 동 names are built in.

use std::collections::HashMap;

use serde_json::Value;

macro_rules! office {
    ($code:literal, $folder:literal) => {
        (
            $code,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../data/offices/",
                $folder,
                "/population.csv"
            )),
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../data/offices/",
                $folder,
                "/boundaries.geojson"
            )),
        )
    };
}

/// Code, counts by 동, age and sex, and 동 with their names.
const OFFICES: [(&str, &str, &str); 3] = [
    office!("11380", "11380-eunpyeong"),
    office!("29140", "29140-gwangju-seogu"),
    office!("41150", "41150-uijeongbu"),
];

/// The codes of the offices that ship.
pub fn shipped_offices() -> impl Iterator<Item = &'static str> {
    OFFICES.iter().map(|(code, ..)| *code)
}

/// The counts of an office that ships, as its `population.csv`.
pub fn office_counts(code: &str) -> Option<&'static str> {
    OFFICES.iter().find(|(known, ..)| *known == code).map(|(_, counts, _)| *counts)
}

/// The Korean and English names of the 동 of the offices that ship, by code.
pub fn dong_names() -> HashMap<i64, (String, String)> {
    let mut names = HashMap::new();
    for (.., boundaries) in OFFICES {
        let parsed: Value = serde_json::from_str(boundaries).unwrap_or_default();
        for feature in parsed.get("features").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| feature.get("properties")?.get(key)?.as_str();
            if let (Some(code), Some(ko), Some(en)) =
                (text("dong_code"), text("name_ko"), text("name_en"))
                && let Ok(code) = code.parse()
            {
                names.insert(code, (ko.to_owned(), en.to_owned()));
            }
        }
    }
    names
}
