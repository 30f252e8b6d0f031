//! A grid over an area whose cells know beforehand which 동 they lie in.

use crate::index::Dong;
use crate::polygon::Prepared;
use crate::shape::Vertex;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// No 동 reaches here.
    Empty,
    /// All of it lies in this 동.
    Whole(u32),
    /// Borders cross it: the 동 to try are this list's, in order.
    Crossed(u32),
}

/// Cells in rows from the south-west.
pub(crate) struct Grid {
    low: Vertex,
    /// Size of a cell, degrees × 10^7.
    width: i64,
    height: i64,
    columns: i64,
    rows: i64,
    cells: Vec<Cell>,
    /// Where each list begins in `tries`; one more than there are lists.
    starts: Vec<usize>,
    tries: Vec<u32>,
}

impl Grid {
    /// About 24 cells along each side per √동: a border then crosses a fifth of the cells.
    pub(crate) fn new(dongs: &[Dong], prepared: &[Option<Prepared>]) -> Self {
        let all: Vec<(Vertex, Vertex)> =
            dongs.iter().filter_map(|dong| dong.shape.bounds()).collect();
        let low = Vertex {
            lon: all.iter().map(|(low, _)| low.lon).min().unwrap_or_default(),
            lat: all.iter().map(|(low, _)| low.lat).min().unwrap_or_default(),
        };
        let span =
            |low: i32, highs: Option<i32>| i64::from(highs.unwrap_or(low)) - i64::from(low) + 1;
        let wide = span(low.lon, all.iter().map(|(_, high)| high.lon).max());
        let tall = span(low.lat, all.iter().map(|(_, high)| high.lat).max());
        let side = i64::try_from(dongs.len().isqrt() + 1).unwrap_or(1).saturating_mul(24).min(1024);
        let (width, height) = (wide / side + 1, tall / side + 1);
        let (columns, rows) = ((wide - 1) / width + 1, (tall - 1) / height + 1);
        let size = usize::try_from(columns * rows).unwrap_or_default();
        let mut grid = Self {
            low,
            width,
            height,
            columns,
            rows,
            cells: vec![Cell::Empty; size],
            starts: vec![0],
            tries: Vec::new(),
        };
        let mut touching: Vec<Vec<u32>> = vec![Vec::new(); size];
        for (place, dong) in (0_u32..).zip(dongs) {
            for (a, b) in dong.shape.edges() {
                grid.cells_along(a, b, |cell| {
                    if let Some(list) = touching.get_mut(cell)
                        && list.last() != Some(&place)
                    {
                        list.push(place);
                    }
                });
            }
        }
        grid.classify(prepared, &touching);
        grid
    }

    /// Calls `visit` with every cell the line may touch, a hair's breadth generous.
    fn cells_along(&self, a: Vertex, b: Vertex, mut visit: impl FnMut(usize)) {
        let (a, b) = if a.lat <= b.lat { (a, b) } else { (b, a) };
        let (lon_a, lat_a) = (i64::from(a.lon), i64::from(a.lat));
        let (run, rise) = (i64::from(b.lon) - lon_a, i64::from(b.lat) - lat_a);
        let lon_at = |lat: i64| {
            if rise == 0 { lon_a } else { lon_a + run * (lat - lat_a).clamp(0, rise) / rise }
        };
        let south = i64::from(self.low.lat);
        let row = |lat: i64| ((lat - south) / self.height).clamp(0, self.rows - 1);
        let column =
            |lon: i64| ((lon - i64::from(self.low.lon)) / self.width).clamp(0, self.columns - 1);
        for at in row(lat_a - 1)..=row(lat_a + rise + 1) {
            let (mut from, mut to) = if rise == 0 {
                (lon_a, lon_a + run)
            } else {
                (lon_at(south + at * self.height - 1), lon_at(south + (at + 1) * self.height + 1))
            };
            if from > to {
                (from, to) = (to, from);
            }
            for column in column(from - 2)..=column(to + 2) {
                visit(usize::try_from(at * self.columns + column).unwrap_or(usize::MAX));
            }
        }
    }

    fn classify(&mut self, prepared: &[Option<Prepared>], touching: &[Vec<u32>]) {
        let mut west: Option<Cell> = None;
        let columns = usize::try_from(self.columns).unwrap_or(1);
        for (place, list) in touching.iter().enumerate() {
            if place % columns == 0 {
                west = None;
            }
            let centre = self.centre(place);
            let holds = |dong: u32| {
                let prepared = usize::try_from(dong).ok().and_then(|dong| prepared.get(dong));
                prepared.and_then(Option::as_ref).is_some_and(|shape| shape.holds(centre))
            };
            let count = u32::try_from(prepared.len()).unwrap_or(u32::MAX);
            let cell = if list.is_empty() {
                // No border between this cell and an uncrossed one to its west.
                west.unwrap_or_else(|| {
                    (0..count).find(|dong| holds(*dong)).map_or(Cell::Empty, Cell::Whole)
                })
            } else {
                // Also those that surround the cell without touching it.
                let tries =
                    (0..count).filter(|dong| list.binary_search(dong).is_ok() || holds(*dong));
                let before = self.tries.len();
                self.tries.extend(tries);
                let number = self.starts.len() - 1;
                debug_assert!(self.tries.len() > before);
                self.starts.push(self.tries.len());
                Cell::Crossed(u32::try_from(number).unwrap_or(u32::MAX))
            };
            west = (!matches!(cell, Cell::Crossed(_))).then_some(cell);
            if let Some(slot) = self.cells.get_mut(place) {
                *slot = cell;
            }
        }
    }

    fn centre(&self, cell: usize) -> Vertex {
        let cell = i64::try_from(cell).unwrap_or_default();
        let at = |low: i32, size: i64, place: i64| {
            i32::try_from(i64::from(low) + size * place + size / 2).unwrap_or(i32::MAX)
        };
        Vertex {
            lon: at(self.low.lon, self.width, cell % self.columns),
            lat: at(self.low.lat, self.height, cell / self.columns),
        }
    }

    /// The first 동 that holds the vertex; `holds` decides where borders cross its cell.
    pub(crate) fn find(&self, vertex: Vertex, holds: impl Fn(usize) -> bool) -> Option<usize> {
        let east = i64::from(vertex.lon) - i64::from(self.low.lon);
        let north = i64::from(vertex.lat) - i64::from(self.low.lat);
        if east < 0 || north < 0 {
            return None;
        }
        let (column, row) = (east / self.width, north / self.height);
        if column >= self.columns {
            return None;
        }
        let cell = usize::try_from(row * self.columns + column).ok()?;
        match *self.cells.get(cell)? {
            Cell::Empty => None,
            Cell::Whole(dong) => usize::try_from(dong).ok(),
            Cell::Crossed(list) => {
                let list = usize::try_from(list).ok()?;
                let tries = self.tries.get(*self.starts.get(list)?..*self.starts.get(list + 1)?)?;
                tries.iter().filter_map(|dong| usize::try_from(*dong).ok()).find(|d| holds(*d))
            }
        }
    }
}
