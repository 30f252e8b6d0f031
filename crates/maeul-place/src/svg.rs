//! A map of 동 drawn by the server: links that work without JavaScript, print well and are read
//! aloud. Colours and sizes are the style sheet's: the drawing carries classes only.

use std::fmt::Write as _;

use maeul_base::Lang;

use crate::Point;
use crate::index::Dong;
use crate::point::{E7, EARTH_M, round};
use crate::shape::{Shape, Vertex, radians};
use crate::simplify::{simplify, vertices};

/// Width of the drawing in its own units, without its margin.
const WIDTH: f64 = 1000.0;
/// Room around it, for pins and names at the edge.
const MARGIN: f64 = 16.0;
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
}

impl<'a> SvgMap<'a> {
    /// A map of these 동 that is called `label` when read aloud.
    pub fn new(dongs: &'a [Dong], lang: Lang, label: impl Into<String>) -> Self {
        Self {
            dongs,
            lang,
            label: label.into(),
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
        let Some(projection) = Projection::of(self.dongs) else { return String::new() };
        let shapes: Vec<&Shape> = self.dongs.iter().map(|dong| &dong.shape).collect();
        let mut tolerance = projection.unit_m;
        let mut drawn = String::new();
        let mut before = usize::MAX;
        // Half a unit cannot be seen; twice as coarse each time it is too long.
        for _ in 0..10 {
            let plain = simplify(&shapes, tolerance / 2.0);
            let count = vertices(&plain);
            drawn = self.draw_shapes(&projection, &plain);
            if drawn.len() <= self.most_bytes || count == before {
                break;
            }
            before = count;
            tolerance *= 2.0;
        }
        drawn
    }

    fn draw_shapes(&self, projection: &Projection, shapes: &[Shape]) -> String {
        let mut svg = String::with_capacity(self.most_bytes);
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            r#"<svg class="dong-map" viewBox="0 0 {} {}" role="group" aria-label="{}" xmlns="http://www.w3.org/2000/svg">"#,
            round(WIDTH + 2.0 * MARGIN),
            round(projection.height + 2.0 * MARGIN),
            escape(&self.label),
        );
        let (names, marks) = self.place_names(projection);
        for ((dong, shape), name) in self.dongs.iter().zip(shapes).zip(&names) {
            self.draw_dong(&mut svg, projection, dong, shape, name.is_some());
        }
        // Names come last, so that no neighbour covers them; each 동 bears its own for a reader.
        svg.push_str(r#"<g aria-hidden="true">"#);
        for (dong, name) in self.dongs.iter().zip(&names) {
            let Some((x, y)) = name else { continue };
            let _ = write!(
                svg,
                r#"<text class="dong-map__name" x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central">{}</text>"#,
                escape(dong.name(self.lang)),
            );
        }
        for (text, (x, y)) in &marks {
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

    fn draw_dong(
        &self,
        svg: &mut String,
        projection: &Projection,
        dong: &Dong,
        shape: &Shape,
        has_name: bool,
    ) {
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
        for ring in shape.rings() {
            projection.draw_ring(svg, ring);
        }
        svg.push_str(r#""/>"#);
        svg.push_str(if link.is_some() { "</a>" } else { "</g>" });
    }

    /// Where each name and each mark goes, the largest 동 first; what would cover another is left to
    /// be read aloud and on pointing. No mark takes the room of a name.
    fn place_names(&self, projection: &Projection) -> (Vec<Option<(i64, i64)>>, Vec<Marked>) {
        let mut order: Vec<usize> = (0..self.dongs.len()).collect();
        order.sort_by_key(|at| {
            (std::cmp::Reverse(self.dongs.get(*at).map(|dong| dong.shape.area_m2())), *at)
        });
        let mut room = Room::default();
        let mut names = vec![None; self.dongs.len()];
        for at in &order {
            let Some((dong, x, y)) = self.label(projection, *at) else { continue };
            let wide = width(dong.name(self.lang));
            if let Some(place) = room.take(x, y, wide, &[0.0, -0.8, 0.8])
                && let Some(name) = names.get_mut(*at)
            {
                *name = Some(place);
            }
        }
        let mut marks = Vec::new();
        for at in order {
            let Some((dong, x, y)) = self.label(projection, at) else { continue };
            let Some(text) = (self.mark)(dong) else { continue };
            // Below the name or above it; where there is no name, in its place.
            let shifts: &[f64] =
                if names.get(at).is_some_and(Option::is_some) { &[1.1, -1.1, 1.9] } else { &[0.0] };
            if let Some(place) = room.take(x, y, width(&text) + NAME_HEIGHT / 2.0, shifts) {
                marks.push((text, place));
            }
        }
        (names, marks)
    }

    fn label(&self, projection: &Projection, at: usize) -> Option<(&Dong, f64, f64)> {
        let dong = self.dongs.get(at)?;
        let (x, y) = projection.place(dong.shape.label_point()?);
        Some((dong, x, y))
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

/// From degrees to the drawing: an equal scale both ways in the middle of the area.
struct Projection {
    low: Vertex,
    high: Vertex,
    squeeze: f64,
    /// Drawing units per 10^-7 degree of latitude.
    scale: f64,
    height: f64,
    /// Metres per drawing unit.
    unit_m: f64,
}

impl Projection {
    fn of(dongs: &[Dong]) -> Option<Self> {
        let (low, high) = dongs.iter().filter_map(|dong| dong.shape.bounds()).reduce(
            |(low, high), (other_low, other_high)| {
                (
                    Vertex { lon: low.lon.min(other_low.lon), lat: low.lat.min(other_low.lat) },
                    Vertex { lon: high.lon.max(other_high.lon), lat: high.lat.max(other_high.lat) },
                )
            },
        )?;
        let squeeze = radians(low.lat / 2 + high.lat / 2).cos();
        let wide = ((f64::from(high.lon) - f64::from(low.lon)) * squeeze).max(1.0);
        let tall = (f64::from(high.lat) - f64::from(low.lat)).max(1.0);
        // A tall area is drawn narrower, so that it fits a screen.
        let scale = (WIDTH / wide).min(WIDTH * 1.2 / tall);
        let unit_m = EARTH_M * (1.0 / E7).to_radians() / scale;
        Some(Self { low, high, squeeze, scale, height: tall * scale, unit_m })
    }

    fn place(&self, vertex: Vertex) -> (f64, f64) {
        let wide = (f64::from(self.high.lon) - f64::from(self.low.lon)) * self.squeeze * self.scale;
        let x = (f64::from(vertex.lon) - f64::from(self.low.lon)) * self.squeeze * self.scale;
        let y = (f64::from(self.high.lat) - f64::from(vertex.lat)) * self.scale;
        (MARGIN + (WIDTH - wide) / 2.0 + x, MARGIN + y)
    }

    fn inside(&self, vertex: Vertex) -> Option<(i64, i64)> {
        let (x, y) = self.place(vertex);
        let fits = (0.0..=WIDTH + 2.0 * MARGIN).contains(&x)
            && (0.0..=self.height + 2.0 * MARGIN).contains(&y);
        fits.then(|| (round(x), round(y)))
    }

    /// `M120 33l5-2 3 0z`: whole units, each vertex from the one before.
    fn draw_ring(&self, svg: &mut String, ring: &[Vertex]) {
        let mut last: Option<(i64, i64)> = None;
        for vertex in ring {
            let (x, y) = self.place(*vertex);
            let (x, y) = (round(x), round(y));
            let _ = match last {
                None => write!(svg, "M{x} {y}l"),
                Some((before_x, before_y)) if (before_x, before_y) == (x, y) => continue,
                Some((before_x, before_y)) => {
                    let (run, rise) = (x - before_x, y - before_y);
                    let gap = |number: i64| if number < 0 { "" } else { " " };
                    let first = if svg.ends_with('l') { "" } else { gap(run) };
                    write!(svg, "{first}{run}{}{rise}", gap(rise))
                }
            };
            last = Some((x, y));
        }
        if svg.ends_with('l') {
            svg.push_str("0 0");
        }
        svg.push('z');
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
