//! Parting labelled texts so that every part has its share of every label.

use std::collections::BTreeMap;

use super::table::mix;

/// The fold of each text, 0 to `folds` - 1: the texts of every label are shuffled by the seed and
/// dealt out in turn. The same labels in the same order give the same folds.
pub fn stratified_folds<L: Ord>(labels: &[L], folds: u32, seed: u64) -> Vec<u32> {
    let mut of_label: BTreeMap<&L, Vec<usize>> = BTreeMap::new();
    for (place, label) in labels.iter().enumerate() {
        of_label.entry(label).or_default().push(place);
    }
    let mut fold_of = vec![0; labels.len()];
    // Dealing goes on where the last label stopped, so that small labels do not all fall in fold 0.
    let mut next = 0;
    for (number, mut places) in (0_u64..).zip(of_label.into_values()) {
        let mut random = mix(seed ^ mix(number));
        for last in (1..places.len()).rev() {
            random = mix(random);
            let bound = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
            places.swap(last, usize::try_from(random % bound).unwrap_or(last));
        }
        for place in places {
            if let Some(fold) = fold_of.get_mut(place) {
                *fold = next;
            }
            next = (next + 1) % folds.max(1);
        }
    }
    fold_of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fold_has_its_share() {
        let labels: Vec<u32> = (0..100).map(|place| u32::from(place % 10 == 0)).collect();
        let folds = stratified_folds(&labels, 5, 3);
        for fold in 0..5 {
            let inside = || labels.iter().zip(&folds).filter(move |(_, own)| **own == fold);
            assert_eq!(inside().count(), 20);
            assert_eq!(inside().filter(|(label, _)| **label == 1).count(), 2);
        }
        assert_eq!(folds, stratified_folds(&labels, 5, 3));
        assert_ne!(folds, stratified_folds(&labels, 5, 4));
    }
}
