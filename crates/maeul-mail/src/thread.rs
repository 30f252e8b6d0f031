//! Which case a letter belongs to: the one whose message it answers, else the one its subject names
//! where the sender is a party to it.

use maeul_base::{Ctx, Fault, NoticeId};
use maeul_cases::Knowledge;
use maeul_cases::read::{Access, access_by_email, case_of_number};
use maeul_db::Tx;
use maeul_wire::Email;

use crate::letter::Letter;
use crate::state::Why;
use crate::store;

/// The party's right to the case, and by what it was found.
pub(crate) fn find(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    tag: &str,
    letter: &Letter,
) -> Result<Option<(Access, Why)>, Fault> {
    // What stands behind the plus of our address, and before the @ of our Message-IDs, is the name of
    // a message of ours, which nobody can guess: whoever has it was sent it.
    let own = letter.answers.iter().map(|id| id.split('@').next().unwrap_or_default());
    for name in std::iter::once(tag).chain(own) {
        let Ok(notice) = name.parse::<NoticeId>() else { continue };
        let sent = maeul_notice::sent(tx, know.seal(), ctx.office, notice)?;
        let Some((case, to)) = sent.and_then(|it| it.case.map(|case| (case, it.to))) else {
            continue;
        };
        if let Ok(to) = to.parse::<Email>()
            && let Some(access) = access_by_email(tx, ctx, know, case, &to)?
        {
            return Ok(Some((access, Why::Answer)));
        }
    }
    // The rest anybody can write: the sender must be a party.
    let Ok(from) = letter.from.parse::<Email>() else { return Ok(None) };
    for id in &letter.answers {
        if let Some(case) = store::case_of_letter(tx, know.seal(), ctx.office, id)?
            && let Some(access) = access_by_email(tx, ctx, know, case, &from)?
        {
            return Ok(Some((access, Why::Thread)));
        }
    }
    for number in numbers(&letter.subject) {
        if let Some(case) = case_of_number(tx, ctx, &number)?
            && let Some(access) = access_by_email(tx, ctx, know, case, &from)?
        {
            return Ok(Some((access, Why::Number)));
        }
    }
    Ok(None)
}

/// What looks like a receipt number: `2026-서구-001234-7`.
fn numbers(text: &str) -> Vec<String> {
    text.split(|it: char| it.is_whitespace() || "[](){}:,'\"".contains(it))
        .filter(|word| word.split('-').count() == 4 && word.starts_with("20"))
        .map(str::to_owned)
        .take(3)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_subjects() {
        assert_eq!(
            numbers("Re: [광주 서구] 접수했어요: 2026-서구-001234-7"),
            ["2026-서구-001234-7"]
        );
        assert!(numbers("2026-06-08 가로등").is_empty());
    }
}
