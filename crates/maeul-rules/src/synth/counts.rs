//! The real counts by 동, sex and age band that a synthetic population follows, scaled to the size asked for.

use thiserror::Error;

/// Whether the record says male or female: the register knows these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// 남
    Male,
    /// 여
    Female,
}

/// The residents of one 동 of one sex in one band of ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The ten-digit code of the 행정동.
    pub dong: u64,
    /// Their sex.
    pub sex: Sex,
    /// The first age of the band, in years.
    pub age_from: u8,
    /// The last age of the band, in years; an open band ends at 104.
    pub age_to: u8,
    /// How many.
    pub residents: u64,
}

/// Why a table of counts cannot be followed.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CountsError {
    /// A line is not `dong_code,on,sex,age_from,age_to,residents`.
    #[error("{line}행: '{field}' 값을 읽을 수 없습니다 / line {line}: '{field}' cannot be read")]
    Line {
        /// The line, from 1.
        line: usize,
        /// The column.
        field: &'static str,
    },
    /// The table has no residents.
    #[error("인구가 없습니다 / the table has no residents")]
    Empty,
}

/// Reads an office's `population.csv` (`dong_code,on,sex,age_from,age_to,residents`).
///
/// The public table begins at age 1; infants are added as one fifth of the band 1-4 (a little under a quarter, because
/// births fall from year to year).
pub fn read_counts(text: &str) -> Result<Vec<Cell>, CountsError> {
    let mut cells = Vec::new();
    for (index, row) in text.lines().enumerate().skip(1) {
        let line = index + 1;
        if row.trim().is_empty() {
            continue;
        }
        let mut parts = row.split(',').map(str::trim);
        let mut next = |field| parts.next().ok_or(CountsError::Line { line, field });
        let dong = next("dong_code")?
            .parse()
            .map_err(|_| CountsError::Line { line, field: "dong_code" })?;
        let _on = next("on")?;
        let sex = match next("sex")? {
            "male" => Sex::Male,
            "female" => Sex::Female,
            _ => return Err(CountsError::Line { line, field: "sex" }),
        };
        let age_from =
            next("age_from")?.parse().map_err(|_| CountsError::Line { line, field: "age_from" })?;
        let age_to = match next("age_to")? {
            "" => 104,
            text => text.parse().map_err(|_| CountsError::Line { line, field: "age_to" })?,
        };
        if age_to < age_from {
            return Err(CountsError::Line { line, field: "age_to" });
        }
        let residents = next("residents")?
            .parse()
            .map_err(|_| CountsError::Line { line, field: "residents" })?;
        if (age_from, age_to) == (1, 4) {
            cells.push(Cell { dong, sex, age_from: 0, age_to: 0, residents: residents / 5 });
        }
        cells.push(Cell { dong, sex, age_from, age_to, residents });
    }
    cells.sort_by_key(|cell| (cell.dong, cell.sex, cell.age_from));
    if cells.iter().all(|cell| cell.residents == 0) { Err(CountsError::Empty) } else { Ok(cells) }
}

/// The same counts scaled to exactly `size` residents, by largest remainders: no cell is off by one person or more.
pub fn scale(cells: &[Cell], size: u64) -> Vec<Cell> {
    let total: u64 = cells.iter().map(|cell| cell.residents).sum();
    let total = u128::from(total.max(1));
    let mut scaled = cells.to_vec();
    let mut rests = Vec::with_capacity(cells.len());
    let mut given = 0;
    for (index, cell) in scaled.iter_mut().enumerate() {
        let share = u128::from(cell.residents) * u128::from(size);
        cell.residents = u64::try_from(share / total).unwrap_or(u64::MAX);
        given += cell.residents;
        rests.push((share % total, index));
    }
    rests.sort_unstable_by_key(|&(rest, index)| (std::cmp::Reverse(rest), index));
    let missing = usize::try_from(size.saturating_sub(given)).unwrap_or(0);
    for &(_, index) in rests.iter().take(missing) {
        if let Some(cell) = scaled.get_mut(index) {
            cell.residents += 1;
        }
    }
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "dong_code,on,sex,age_from,age_to,residents\n\
        2914057500,2024-06-30,female,1,4,11\n2914057500,2024-06-30,male,65,69,144\n\
        2914059000,2024-06-30,male,100,,3\n";

    #[test]
    fn the_table_is_read_and_infants_are_added() {
        let cells = read_counts(TABLE).unwrap();
        let seen: Vec<_> =
            cells.iter().map(|c| (c.dong, c.age_from, c.age_to, c.residents)).collect();
        assert_eq!(
            seen,
            [
                (2_914_057_500, 65, 69, 144),
                (2_914_057_500, 0, 0, 2),
                (2_914_057_500, 1, 4, 11),
                (2_914_059_000, 100, 104, 3)
            ]
        );
    }

    #[test]
    fn scaling_gives_exactly_the_size_and_keeps_every_cell_within_one() {
        let cells = read_counts(TABLE).unwrap();
        for size in [0, 1, 7, 160, 300_000] {
            let scaled = scale(&cells, size);
            assert_eq!(scaled.iter().map(|cell| cell.residents).sum::<u64>(), size);
            for (old, new) in cells.iter().zip(&scaled) {
                let exact = old.residents * size / 160;
                assert!(new.residents == exact || new.residents == exact + 1);
            }
        }
    }

    #[test]
    fn a_bad_line_is_named() {
        let text = "dong_code,on,sex,age_from,age_to,residents\n1,2024-06-30,x,1,4,11\n";
        assert_eq!(read_counts(text), Err(CountsError::Line { line: 2, field: "sex" }));
        assert_eq!(read_counts("a\n"), Err(CountsError::Empty));
    }
}
