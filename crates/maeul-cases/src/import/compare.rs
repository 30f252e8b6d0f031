//! How a file's list differs from the stored one: what is new, what changed or moved, what is gone.

use maeul_base::import::ImportReport;

/// Something an office keeps in an order of its own, known by its code.
pub(super) trait Listed: PartialEq {
    fn code(&self) -> &str;
    /// Whether it is still offered.
    fn is_active(&self) -> bool;
}

/// The figures, and what is offered today and missing from the file. `stored` is in its order; an
/// item whose place among the known ones differs has changed, too.
pub(super) fn compare<T: Listed>(stored: Vec<T>, file: &[&T]) -> (ImportReport, Vec<T>) {
    let in_file = |it: &T| file.iter().any(|other| other.code() == it.code());
    let (kept, gone): (Vec<T>, Vec<T>) = stored.into_iter().partition(in_file);
    let known = |it: &T| kept.iter().find(|other| other.code() == it.code());
    let mut report = ImportReport::default();
    let mut before = kept.iter().filter(|it| it.is_active());
    for it in file {
        match known(it) {
            None => report.added += 1,
            Some(old) => {
                let moved = old.is_active()
                    && before.next().is_some_and(|expected| expected.code() != it.code());
                if moved || old != *it {
                    report.changed += 1;
                } else {
                    report.unchanged += 1;
                }
            }
        }
    }
    let gone: Vec<T> = gone.into_iter().filter(Listed::is_active).collect();
    report.removed += gone.len();
    (report, gone)
}
