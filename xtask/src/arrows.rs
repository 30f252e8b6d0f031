//! The fence that keeps dependencies pointing down: a crate uses only crates on lower floors.

use crate::failed;
use crate::metadata::{Member, members};
use crate::shell::{Done, House};
use std::collections::BTreeMap;

/// The one crate that tests of any floor may use.
const TESTKIT: &str = "maeul-testkit";
/// This program stands outside the house.
const OUTSIDE: &str = "xtask";

/// Checks every arrow of the workspace.
pub fn check(house: &House) -> Done {
    let members = members(house)?;
    let problems = problems(&members);
    if !problems.is_empty() {
        return failed!("{}", problems.join("\n"));
    }
    let arrows: usize = members.iter().map(|member| member.arrows.len()).sum();
    println!("   {} crates, {arrows} arrows, all pointing down", members.len());
    Ok(())
}

fn problems(members: &[Member]) -> Vec<String> {
    let floors: BTreeMap<_, _> =
        members.iter().map(|member| (member.name.as_str(), member.floor)).collect();
    let mut problems = Vec::new();
    for member in members.iter().filter(|member| member.name != OUTSIDE) {
        let Some(floor) = member.floor else {
            problems.push(format!(
                "{} names no floor. Add to its Cargo.toml: [package.metadata.maeul] floor = N",
                member.name
            ));
            continue;
        };
        for arrow in &member.arrows {
            if arrow.only_in_tests && arrow.to == TESTKIT {
                continue;
            }
            match floors.get(arrow.to.as_str()) {
                None => problems.push(format!(
                    "{} uses {}, which is not in this workspace",
                    member.name, arrow.to
                )),
                // A crate without a floor is named above, once.
                Some(None) => {}
                Some(Some(below)) if *below < floor => {}
                Some(Some(below)) => problems.push(format!(
                    "{} (floor {floor}) uses {} (floor {below}). A crate may use only lower floors: \
                     move what both need down, or let them exchange a fact.",
                    member.name, arrow.to
                )),
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Arrow;

    fn member(name: &str, floor: Option<i64>, arrows: &[(&str, bool)]) -> Member {
        Member {
            name: name.to_owned(),
            folder: std::path::PathBuf::new(),
            floor,
            arrows: arrows
                .iter()
                .map(|(to, only_in_tests)| Arrow {
                    to: (*to).to_owned(),
                    only_in_tests: *only_in_tests,
                })
                .collect(),
        }
    }

    #[test]
    fn down_is_fine_and_sideways_or_up_is_not() {
        let base = || member("maeul-base", Some(0), &[]);
        let fine = [base(), member("maeul-db", Some(20), &[("maeul-base", false)])];
        assert_eq!(problems(&fine), Vec::<String>::new());

        let sideways =
            [member("maeul-a", Some(40), &[("maeul-b", false)]), member("maeul-b", Some(40), &[])];
        assert_eq!(problems(&sideways).len(), 1);

        let up = [member("maeul-base", Some(0), &[("maeul-db", true)]), {
            member("maeul-db", Some(20), &[])
        }];
        assert_eq!(problems(&up).len(), 1);
    }

    #[test]
    fn only_tests_may_use_the_testkit_from_below() {
        let kit = || member(TESTKIT, Some(60), &[]);
        let tests = [member("maeul-db", Some(20), &[(TESTKIT, true)]), kit()];
        assert_eq!(problems(&tests), Vec::<String>::new());
        let code = [member("maeul-db", Some(20), &[(TESTKIT, false)]), kit()];
        assert_eq!(problems(&code).len(), 1);
    }

    #[test]
    fn a_crate_without_a_floor_is_named_once() {
        let without = [
            member("maeul-lost", None, &[]),
            member("maeul-db", Some(20), &[("maeul-lost", false)]),
        ];
        let problems = problems(&without);
        assert_eq!(problems.len(), 1);
        assert!(problems.iter().any(|problem| problem.contains("maeul-lost names no floor")));
    }
}
