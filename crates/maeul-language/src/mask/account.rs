//! Bank accounts: eight to sixteen digits near a bank or a word of paying, or in the groups that
//! only accounts have.

use super::phone::is_labelled;
use super::reading::{Number, Reading};
use super::words::Words;
use super::{Find, PersonalKind};

/// Words of paying before a number, and banks on either side of it.
static PAYING: Words = Words::new("계좌|입금|송금|이체|통장|환불|환급|예금주|가상계좌");
/// Banks and the like that take deposits.
static BANKS: Words = Words::new(
    "은행|국민|신한|우리|하나|농협|NH|KB|IBK|기업|카카오뱅크|카뱅|토스|케이뱅크|뱅크|새마을금고|\
     금고|우체국|수협|신협|축협|산업|SC제일|제일|씨티|저축|증권|bank|Bank",
);

/// The account these groups make.
pub(super) fn judge(reading: &Reading, number: &Number) -> Option<Find> {
    let digits = number.digits.len();
    if !(8..=16).contains(&digits) || is_labelled(reading, number.from) {
        return None;
    }
    let sizes = number.sizes.as_slice();
    let year =
        matches!(number.digits.as_slice(), [1, 9, ..] | [2, 0, ..]) && sizes.first() == Some(&4);
    let (from, to) = (number.from, number.to());
    let dashed = reading.slice(from..to).iter().all(|sign| !matches!(sign, '.' | '~' | '/' | '('));
    let paying = dashed
        && reading.near_before(from, 16, &PAYING)
        && !reading.near_before(from, 16, &["수입금"]);
    let bank = digits >= 10
        && !year
        && dashed
        && (reading.near_before(from, 9, &BANKS) || reading.near_after(to, 7, &BANKS));
    let form = !year
        && digits >= 11
        && (3..=4).contains(&sizes.len())
        && reading.slice(from..to).iter().all(|sign| sign.is_ascii_digit() || *sign == '-')
        && sizes.iter().all(|size| (2..=7).contains(size));
    let representative = digits == 8 && matches!(number.digits.as_slice(), [1, 5 | 6 | 8, ..]);
    ((paying && !year && !representative) || bank || form).then_some(Find {
        kind: PersonalKind::Account,
        from,
        to,
    })
}
