//! Bar charts as inline SVG: text in its own size at any width, fills that differ in print, a title and a description.

use std::fmt::Write as _;

use super::{both_plain, escaped};
use crate::exact::Exact;

/// Height of one bar with its label.
const ROW: usize = 44;
/// Bars of one chart: a sheet of paper holds two charts, or one and a heading.
const SHEET: usize = 10;
/// The longest bar takes this part of the width, so that its value fits beside it.
const LONGEST: u32 = 74;

/// One bar: a label, segments, and a value in words.
pub(super) struct Bar {
    pub(super) label: String,
    /// Length and class of each segment.
    pub(super) parts: Vec<(Exact, &'static str)>,
    pub(super) value: String,
}

/// Horizontal bars, the first on top. `id` is unique on the page. More than fit on a sheet of paper become several
/// charts, numbered in their titles, since nothing may break a chart in two.
pub(super) fn bars(
    id: &str,
    title: [&str; 2],
    desc: [&str; 2],
    bars: &[Bar],
    whole: &Exact,
) -> String {
    let of = bars.len().div_ceil(SHEET).max(1);
    let mut charts = String::new();
    for (number, sheet) in (1..).zip(bars.chunks(SHEET)) {
        if of == 1 {
            charts += &chart(id, title, desc, sheet, whole);
        } else {
            let [ko, en] = title.map(|title| format!("{title} ({number}/{of})"));
            charts += &chart(&format!("{id}-{number}"), [&ko, &en], desc, sheet, whole);
        }
    }
    charts
}

fn chart(id: &str, title: [&str; 2], desc: [&str; 2], bars: &[Bar], whole: &Exact) -> String {
    let height = bars.len() * ROW + 4;
    let mut svg = String::new();
    let _infallible = write!(
        svg,
        r#"<svg role="img" aria-labelledby="{id}-title {id}-desc" height="{height}"><title id="{id}-title">{}</title><desc id="{id}-desc">{}</desc>"#,
        both_plain(title),
        both_plain(desc),
    );
    for (row, bar) in bars.iter().enumerate() {
        let (text, top) = (row * ROW + 14, row * ROW + 20);
        let _infallible =
            write!(svg, r#"<text x="1" y="{text}">{}</text>"#, escaped(&shortened(&bar.label)));
        let mut start = Exact::ZERO;
        for (part, class) in &bar.parts {
            if part.is_zero() {
                continue;
            }
            let _infallible = write!(
                svg,
                r#"<rect class="{class}" x="{}%" y="{top}" width="{}%" height="14"/>"#,
                along(&start, whole),
                along(part, whole),
            );
            start += part;
        }
        let _infallible = write!(
            svg,
            r#"<text class="value" x="{}%" dx="6" y="{}">{}</text>"#,
            along(&start, whole),
            top + 12,
            escaped(&bar.value),
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A length as a percentage of the width, with two decimals.
fn along(part: &Exact, whole: &Exact) -> String {
    let share = part.over(whole).unwrap_or_default() * Exact::from(LONGEST);
    share.decimal(2).replace('≈', "")
}

/// What fits above a bar on a telephone: some 23 syllables. The table has it whole.
fn shortened(label: &str) -> String {
    let mut room = 46_u32;
    let mut short = String::new();
    for character in label.chars() {
        let width = if character.is_ascii() { 1 } else { 2 };
        if room < width + 1 {
            short.push('…');
            return short;
        }
        room -= width;
        short.push(character);
    }
    short
}
