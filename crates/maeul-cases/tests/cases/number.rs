//! Receipt numbers: leased in blocks, never given twice, wrong ones found out.

use std::collections::BTreeSet;

use maeul_cases::{CaseNumber, NumberLease, WrongNumber};
use maeul_db::{Db, both_engines};

use crate::support::{World, count, steps};

both_engines! { steps();
    async fn three_programs_never_give_the_same_number(db: Db) {
        let w = World::new(db).await;
        let know = w.know().await;
        let mut tasks = Vec::new();
        for _ in 0..3 {
            // Each is another program; its two tasks share one lease.
            let lease = NumberLease::new();
            for _ in 0..2 {
                let (lease, w, know) = (lease.clone(), w.clone(), know.clone());
                tasks.push(tokio::spawn(async move {
                    let mut given = Vec::new();
                    for _ in 0..75 {
                        given.push(lease.next(&w.db, &w.ctx("resident"), &know).await.unwrap());
                    }
                    given
                }));
            }
        }
        let mut given = BTreeSet::new();
        for task in tasks {
            for number in task.await.unwrap() {
                assert!(given.insert(number.clone()), "{number} was given twice");
            }
        }
        assert_eq!(given.len(), 450);
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_number_lease").await, 1);
        // Each year begins anew.
        w.set_time("2027-01-01T00:00");
        let first = w.numbers.next(&w.db, &w.ctx("resident"), &w.know().await).await.unwrap();
        assert!(first.to_string().starts_with("2027-온누리-000001-"), "{first}");
    }
}

#[test]
fn a_wrong_digit_or_a_swap_is_found() {
    let read = |digits: &[u8]| {
        let text = String::from_utf8(digits.to_vec()).unwrap();
        CaseNumber::parse(&text, "온누리")
    };
    for sequence in (1..=60).chain([9_999, 123_456, 999_999, 1_234_567]) {
        let number = CaseNumber::new(2026, "온누리", sequence).unwrap();
        let digits: Vec<u8> = number.to_string().bytes().filter(u8::is_ascii_digit).collect();
        assert_eq!(read(&digits), Ok(number));
        for at in 0..digits.len() {
            for digit in b'0'..=b'9' {
                let mut wrong = digits.clone();
                wrong[at] = digit;
                assert!(wrong == digits || read(&wrong).is_err(), "{wrong:?} for {digits:?}");
            }
            let mut swapped = digits.clone();
            if at + 1 < digits.len() {
                swapped.swap(at, at + 1);
                assert!(swapped == digits || read(&swapped).is_err(), "{swapped:?} for {digits:?}");
            }
        }
    }
    let right = CaseNumber::new(2026, "온누리", 12).unwrap().to_string();
    assert_eq!(
        right.replace("000012", "000021").parse::<CaseNumber>(),
        Err(WrongNumber::CheckDigit)
    );
}
