//! A map of 동 drawn by the server: links that work without JavaScript, print well and are read
//! aloud. Colours and sizes are the style sheet's: the drawing carries classes only.

use std::fmt::Write as _;

use maeul_base::Lang;

use crate::Point;
use crate::index::Dong;
use crate::outline::{GRADES, MARGIN, Outlines, Projection, Spot, WIDTH};
use crate::point::round;
use crate::shape::Vertex;

/// Height of a name in those units, for keeping names apart.
const NAME_HEIGHT: f64 = 30.0;

/// A marked point.
#[derive(Clone, Debug)]
pub struct Pin {
    /// Where.
    pub at: Point,
    /// What it marks, read aloud.
    pub label: String,
}

type PerDong<'a, T> = Box<dyn Fn(&Dong) -> T + 'a>;

/// A map being set up; [`SvgMap::draw`] draws it.
///
/// Classes: `dong-map` (the whole), `dong-map__dong` (one 동 with its name, an `a` when it links),
/// `dong-map__area`, `dong-map__name`, `dong-map__mark`, `dong-map__pin`, and `shade-N` on a 동 that is graded.
/// Each 동's element has the id `{prefix}-{code}` and the attributes `data-ko` and `data-en`.
pub struct SvgMap<'a> {
    dongs: &'a [Dong],
    lang: Lang,
    label: String,
    prefix: String,
    most_bytes: usize,
    link: PerDong<'a, Option<String>>,
    shade: PerDong<'a, Option<u8>>,
    note: PerDong<'a, Option<String>>,
    mark: PerDong<'a, Option<String>>,
    pins: Vec<Pin>,
    outlines: Kept<'a>,
}

/// Borders as paths: made for this map alone, or kept by who has the 동.
enum Kept<'a> {
    Here(Box<Outlines>),
    There(&'a Outlines),
}

impl<'a> SvgMap<'a> {
    /// A map of these 동 that is called `label` when read aloud. [`DongIndex::map`] and
    /// [`DongIndex::map_of`] make the same, of borders reckoned once.
    ///
    /// [`DongIndex::map`]: crate::DongIndex::map
    /// [`DongIndex::map_of`]: crate::DongIndex::map_of
    pub fn new(dongs: &'a [Dong], lang: Lang, label: impl Into<String>) -> Self {
        Self::over(dongs, Kept::Here(Box::default()), lang, label.into())
    }

    /// As [`SvgMap::new`], of borders that are kept.
    pub(crate) fn of_kept(
        dongs: &'a [Dong],
        outlines: &'a Outlines,
        lang: Lang,
        label: impl Into<String>,
    ) -> Self {
        Self::over(dongs, Kept::There(outlines), lang, label.into())
    }

    fn over(dongs: &'a [Dong], outlines: Kept<'a>, lang: Lang, label: String) -> Self {
        Self {
            outlines,
            dongs,
            lang,
            label,
            prefix: "dong".to_owned(),
            most_bytes: 30_000,
            link: Box::new(|_| None),
            shade: Box::new(|_| None),
            note: Box::new(|_| None),
            mark: Box::new(|_| None),
            pins: Vec::new(),
        }
    }

    /// Each 동 links to this address.
    #[must_use]
    pub fn link(mut self, link: impl Fn(&Dong) -> Option<String> + 'a) -> Self {
        self.link = Box::new(link);
        self
    }

    /// Each 동 has this grade of colour: the class `shade-N`.
    #[must_use]
    pub fn shade(mut self, shade: impl Fn(&Dong) -> Option<u8> + 'a) -> Self {
        self.shade = Box::new(shade);
        self
    }

    /// What is read aloud (and shown on pointing) after the name: `12건`.
    #[must_use]
    pub fn note(mut self, note: impl Fn(&Dong) -> Option<String> + 'a) -> Self {
        self.note = Box::new(note);
        self
    }

    /// A short mark drawn beside the name, where there is room: how many. What is read aloud is the
    /// note.
    #[must_use]
    pub fn mark(mut self, mark: impl Fn(&Dong) -> Option<String> + 'a) -> Self {
        self.mark = Box::new(mark);
        self
    }

    /// Marked points; those outside the drawing are left out.
    #[must_use]
    pub fn pins(mut self, pins: impl IntoIterator<Item = Pin>) -> Self {
        self.pins.extend(pins);
        self
    }

    /// Beginning of the ids, when a page has several maps.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Borders are simplified until the drawing is no longer than this (30,000 bytes at first).
    #[must_use]
    pub const fn most_bytes(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// The drawing, an `svg` element safe to put into a page; empty when there are no 동.
    pub fn draw(&self) -> String {
        let Some(projection) = self.outlines().projection(self.dongs) else {
            return String::new();
        };
        let (names, marks) = self.place_names(projection);
        let mut drawn = String::new();
        let mut before = usize::MAX;
        for grade in 0..GRADES {
            let borders = self.outlines().grade(self.dongs, projection, grade);
            // What is too long by its borders alone need not be drawn to be seen.
            let long = borders.paths.iter().map(String::len).sum::<usize>() > self.most_bytes;
            let last = borders.vertices == before || grade + 1 == GRADES;
            before = borders.vertices;
            if long && !last {
                continue;
            }
            drawn = self.draw_borders(projection, &borders.paths, &names, &marks);
            if last || drawn.len() <= self.most_bytes {
                break;
            }
        }
        drawn
    }

    fn outlines(&self) -> &Outlines {
        match &self.outlines {
            Kept::Here(outlines) => outlines,
            Kept::There(outlines) => outlines,
        }
    }

    fn draw_borders(
        &self,
        projection: &Projection,
        borders: &[String],
        names: &[Option<(i64, i64)>],
        marks: &[Marked],
    ) -> String {
        let mut svg = String::with_capacity(self.most_bytes);
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            r#"<svg class="dong-map" viewBox="0 0 {} {}" role="group" aria-label="{}" xmlns="http://www.w3.org/2000/svg">"#,
            round(WIDTH + 2.0 * MARGIN),
            round(projection.height + 2.0 * MARGIN),
            escape(&self.label),
        );
        for ((dong, border), name) in self.dongs.iter().zip(borders).zip(names) {
            self.draw_dong(&mut svg, dong, border, name.is_some());
        }
        // Names come last, so that no neighbour covers them; each 동 bears its own for a reader.
        svg.push_str(r#"<g aria-hidden="true">"#);
        for (dong, name) in self.dongs.iter().zip(names) {
            let Some((x, y)) = name else { continue };
            let _ = write!(
                svg,
                r#"<text class="dong-map__name" x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central">{}</text>"#,
                escape(dong.name(self.lang)),
            );
        }
        for (text, (x, y)) in marks {
            let _ = write!(
                svg,
                r#"<text class="dong-map__mark" x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central">{}</text>"#,
                escape(text),
            );
        }
        svg.push_str("</g>");
        for pin in &self.pins {
            let Some((x, y)) = projection.inside(Vertex::of(pin.at)) else { continue };
            let _ = write!(
                svg,
                r#"<g class="dong-map__pin" role="img" aria-label="{0}"><title>{0}</title><path d="M{x} {y}l-13-26a14 14 0 1 1 26 0z"/></g>"#,
                escape(&pin.label),
            );
        }
        svg.push_str("</svg>");
        svg
    }

    fn draw_dong(&self, svg: &mut String, dong: &Dong, border: &str, has_name: bool) {
        let shade = (self.shade)(dong).map(|shade| format!(" shade-{shade}")).unwrap_or_default();
        let spoken = match (self.note)(dong) {
            Some(note) => format!("{}, {note}", dong.name(self.lang)),
            None => dong.name(self.lang).to_owned(),
        };
        let spoken = escape(&spoken);
        let identity = format!(
            r#"id="{}-{}" class="dong-map__dong{shade}" data-ko="{}" data-en="{}" aria-label="{spoken}""#,
            escape(&self.prefix),
            dong.code,
            escape(&dong.name_ko),
            escape(&dong.name_en),
        );
        let link = (self.link)(dong);
        let _ = match &link {
            Some(address) => write!(svg, r#"<a href="{}" {identity}>"#, escape(address)),
            None => write!(svg, r#"<g role="img" {identity}>"#),
        };
        // Where the name is drawn, a title would only say it twice.
        if !has_name {
            let _ = write!(svg, "<title>{spoken}</title>");
        }
        svg.push_str(r#"<path class="dong-map__area" fill-rule="evenodd" d=""#);
        svg.push_str(border);
        svg.push_str(r#""/>"#);
        svg.push_str(if link.is_some() { "</a>" } else { "</g>" });
    }

    /// Where each name and each mark goes, the largest 동 first; what would cover another is left to
    /// be read aloud and on pointing. No mark takes the room of a name.
    fn place_names(&self, projection: &Projection) -> (Vec<Option<(i64, i64)>>, Vec<Marked>) {
        let spots = self.outlines().spots(self.dongs, projection);
        let mut room = Room::default();
        let mut names = vec![None; self.dongs.len()];
        let found = |spot: &Spot| Some((self.dongs.get(spot.dong)?, spot.at?));
        for spot in spots {
            let Some((dong, (x, y))) = found(spot) else { continue };
            let wide = width(dong.name(self.lang));
            if let Some(place) = room.take(x, y, wide, &[0.0, -0.8, 0.8])
                && let Some(name) = names.get_mut(spot.dong)
            {
                *name = Some(place);
            }
        }
        let mut marks = Vec::new();
        for spot in spots {
            let Some((dong, (x, y))) = found(spot) else { continue };
            let Some(text) = (self.mark)(dong) else { continue };
            // Below the name or above it; where there is no name, in its place.
            let has_name = names.get(spot.dong).is_some_and(Option::is_some);
            let shifts: &[f64] = if has_name { &[1.1, -1.1, 1.9] } else { &[0.0] };
            if let Some(place) = room.take(x, y, width(&text) + NAME_HEIGHT / 2.0, shifts) {
                marks.push((text, place));
            }
        }
        (names, marks)
    }
}

/// A mark and where it goes.
type Marked = (String, (i64, i64));

/// About how wide a name is drawn.
fn width(text: &str) -> f64 {
    text.chars().map(|sign| if sign.is_ascii() { 14.0 } else { 26.0 }).sum()
}

/// The places of the drawing that hold words already.
#[derive(Default)]
struct Room(Vec<[f64; 4]>);

impl Room {
    /// Takes the first place that is free, shifted by so many times the height of a name.
    fn take(&mut self, x: f64, y: f64, wide: f64, shifts: &[f64]) -> Option<(i64, i64)> {
        let (spot, y) = shifts.iter().find_map(|shift| {
            let y = y + shift * NAME_HEIGHT;
            let half = NAME_HEIGHT / 2.0;
            let spot = [x - wide / 2.0, y - half, x + wide / 2.0, y + half];
            let apart = |other: &[f64; 4]| {
                spot[2] <= other[0]
                    || other[2] <= spot[0]
                    || spot[3] <= other[1]
                    || other[3] <= spot[1]
            };
            self.0.iter().all(apart).then_some((spot, y))
        })?;
        self.0.push(spot);
        Some((round(x), round(y)))
    }
}

/// Text that is safe in markup and in a double-quoted attribute.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ if sign.is_control() => safe.push(' '),
            _ => safe.push(sign),
        }
    }
    safe
}
