//! The masked summary of a case: what is proposed to the officer, and whether what they wrote may go
//! out.

use maeul_base::{Fault, Lang};
use maeul_cases::read::hide_names;
use maeul_cases::{Case, Knowledge};
use maeul_db::Tx;
use maeul_language::{Masking, PersonalKind};

/// Longest title, in letters.
pub(crate) const LONGEST_TITLE: usize = 100;
/// Longest summary, in letters.
pub(crate) const LONGEST_BODY: usize = 2_000;
/// Masking what is masked hides nothing more after this many times.
const PASSES: usize = 3;

/// How this office masks: its own telephone is no secret.
pub(crate) fn masking(know: &Knowledge) -> Masking {
    match know.office().phone.parse() {
        Ok(phone) => Masking::default().open_phone(&phone),
        Err(_) => Masking::default(),
    }
}

/// A text with the kind's name for every hidden piece: `[전화번호]`.
pub(crate) fn masked(masking: &Masking, text: &str, lang: Lang) -> String {
    let mut text = text.trim().to_owned();
    for _ in 0..PASSES {
        let labelled = masking.label(&text, lang);
        if labelled.pieces.is_empty() {
            break;
        }
        text = labelled.text;
    }
    text
}

/// What is proposed: the resident's words, masked, no longer than may be published.
pub(crate) fn proposed(
    tx: &mut Tx,
    know: &Knowledge,
    case: &Case,
) -> Result<(String, String), Fault> {
    let masking = masking(know);
    let label = name_label(case.lang);
    // What is cut is cut first: a cut label could not be told from a word.
    let cut = |text: &str, longest: usize| text.chars().take(longest).collect::<String>();
    let mut fit = |text: &str, longest: usize| {
        let named = hide_names(tx, know, case, &cut(text, longest), &label)?;
        Ok::<_, Fault>(cut(&masked(&masking, &named, case.lang), longest))
    };
    Ok((fit(&case.title, LONGEST_TITLE)?, fit(&case.body, LONGEST_BODY)?))
}

/// Whether a party to the case stands in the text by name.
pub(crate) fn names_a_party(
    tx: &mut Tx,
    know: &Knowledge,
    case: &Case,
    text: &str,
) -> Result<bool, Fault> {
    Ok(hide_names(tx, know, case, text, "\u{FFFC}")? != text)
}

fn name_label(lang: Lang) -> String {
    format!("[{}]", PersonalKind::Name.name(lang))
}

/// The kinds of personal data that are still in a text, each once.
pub(crate) fn found_in(masking: &Masking, text: &str) -> Vec<PersonalKind> {
    let mut kinds: Vec<PersonalKind> = Vec::new();
    for found in masking.find(text) {
        if !kinds.contains(&found.kind) {
            kinds.push(found.kind);
        }
    }
    kinds
}
