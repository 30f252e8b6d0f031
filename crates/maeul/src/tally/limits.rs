//! The limits a command states: a threshold, exclusive sets, ceilings by category.

use maeul_base::Lang;
use maeul_tally::{Election, Exact, Limits};

use super::{TallyArgs, TallyEnd};

/// Reads the limits against the election they are for.
pub(super) fn limits(
    args: &TallyArgs,
    election: &Election,
    lang: Lang,
) -> Result<Limits, TallyEnd> {
    let not_a_sum = |option: &str, text: &str| {
        TallyEnd::command(match lang {
            Lang::Ko => format!(
                "{option} '{text}'은(는) 0 이상의 수가 아닙니다. 120 또는 1500000처럼 쓰십시오."
            ),
            Lang::En => format!(
                "{option} '{text}' is not a number of at least 0. Write it like 120 or 1500000."
            ),
        })
    };
    let sum = |option: &str, text: &str| -> Result<Exact, TallyEnd> {
        let sum: Exact = text.parse().map_err(|_| not_a_sum(option, text))?;
        if sum.is_negative() { Err(not_a_sum(option, text)) } else { Ok(sum) }
    };
    let mut limits = Limits::default();
    if let Some(text) = &args.min_score {
        limits.threshold = Some(sum("--min-score", text)?);
    }
    for set in &args.exclusive {
        let set = set.split(',').map(str::trim).map(|id| {
            election.find(id).ok_or_else(|| {
                TallyEnd::missing(match lang {
                    Lang::Ko => format!("--exclusive의 사업 '{id}'가 없습니다. 파일의 project_id를 쉼표로 이어 쓰십시오."),
                    Lang::En => format!("There is no project '{id}' for --exclusive. Join ids of the file with commas."),
                })
            })
        });
        limits.exclusive.push(set.collect::<Result<_, _>>()?);
    }
    for ceiling in &args.ceiling {
        let parted = ceiling.rsplit_once('=').filter(|(category, _)| {
            election
                .projects
                .iter()
                .any(|project| project.categories.iter().any(|known| known == category))
        });
        let Some((category, text)) = parted else {
            return Err(TallyEnd::command(match lang {
                Lang::Ko => format!(
                    "--ceiling '{ceiling}'의 분야가 파일에 없습니다. 파일의 category와 금액을 '환경=70000000'처럼 쓰십시오."
                ),
                Lang::En => format!(
                    "--ceiling '{ceiling}': no project has this category. Write a category of the file and a sum, like green=70000000."
                ),
            }));
        };
        limits.ceilings.push((category.to_owned(), sum("--ceiling", text)?));
    }
    Ok(limits)
}
