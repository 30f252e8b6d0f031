//! Worked examples: facts in, the expected answer out, kept beside the programmes as YAML.

use std::collections::HashMap;
use std::sync::Arc;

use crate::answer::{Answer, Finding, answers};
use crate::compile::Compiled;
use crate::eval::Values;
use crate::household::{Household, from_nodes};
use crate::library::Library;
use crate::problem::{Problem, Problems};
use crate::value::decimal;
use crate::yaml::{Fields, Node, Source, parse};

/// How many examples ran, and what was not as expected.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Examples run.
    pub ran: usize,
    /// Each example that gave another answer, or could not be read.
    pub failed: Vec<Problem>,
}

/// Runs the examples of one file.
pub fn run(library: &Library, source: &Source) -> Report {
    let mut report = Report::default();
    let mut compiled: HashMap<i64, Arc<Compiled>> = HashMap::new();
    let read = parse(source).and_then(|node| {
        let fields = node.fields(&["programme", "tests"])?;
        let id = fields.need("programme")?;
        let name = id.text()?.to_owned();
        library
            .programme(&name)
            .map_err(|problem| Problem::new(&id.place, problem.ko, problem.en))?;
        for node in fields.need("tests")?.list()? {
            report.ran += 1;
            if let Err(problems) = example(library, &name, node, &mut compiled) {
                report.failed.extend(problems.0);
            }
        }
        Ok(())
    });
    report.failed.extend(read.err());
    report
}

fn example(
    library: &Library,
    id: &str,
    node: &Node,
    compiled: &mut HashMap<i64, Arc<Compiled>>,
) -> Result<(), Problems> {
    let fields = node.fields(&["name", "on", "household", "members", "set", "expect"])?;
    let name = fields.text("name")?;
    let on = fields.need("on")?.date()?;
    let rules = match fields.get("set") {
        Some(set) => {
            let mut changed = library.clone();
            for (key, value) in set.entries()? {
                changed.parameters =
                    changed.parameters.set(&key.text, value.text()?, None, &library.registry)?;
            }
            Arc::new(changed.compile_only(&[id.to_owned()], on)?)
        }
        None => match compiled.get(&on) {
            Some(known) => known.clone(),
            None => {
                let fresh = Arc::new(library.compile_only(&[id.to_owned()], on)?);
                compiled.insert(on, fresh.clone());
                fresh
            }
        },
    };
    let members = fields.need("members")?.list()?;
    let household = from_nodes(&library.registry, node, fields.get("household"), members)?;
    let mut values = Values::default();
    let all = answers(&rules, &household, &mut values);
    let answer = all.first();
    let found = Found { rules: &rules, household: &household, answer };
    let expect = fields.need("expect")?.fields(&[
        "outcome",
        "amount_won",
        "conditions",
        "failing",
        "missing",
        "person",
        "score",
    ])?;
    let mut problems = Problems::default();
    if let Err(wrong) = found.against(&name, &expect) {
        problems.0.extend(wrong);
    }
    problems.or(())
}

struct Found<'a> {
    rules: &'a Compiled,
    household: &'a Household,
    answer: Option<&'a Answer<'a>>,
}

impl Found<'_> {
    fn against(&self, name: &str, expect: &Fields<'_>) -> Result<(), Vec<Problem>> {
        let mut wrong = vec![];
        let mut differ = |node: &Node, what: &str, expected: String, found: String| {
            if expected != found {
                wrong.push(Problem::new(
                    &node.place,
                    format!("‘{name}’: {what}은(는) {expected}이어야 하는데 {found}입니다."),
                    format!("\"{name}\": {what} should be {expected}, found {found}."),
                ));
            }
        };
        let checked = (|| -> Result<(), Problem> {
            let (outcome, amount, finding) = self.chosen(expect)?;
            let node = expect.need("outcome")?;
            differ(node, "outcome", node.text()?.to_owned(), outcome.to_owned());
            let shown = |value: Option<i64>| {
                value.map_or_else(|| "null".to_owned(), |value| value.to_string())
            };
            if let Some(node) = expect.get("amount_won") {
                let wanted = decimal(node.text()?, 0).ok();
                differ(node, "amount_won", shown(wanted), shown(amount));
            } else if expect.has("amount_won") {
                differ(expect.need("outcome")?, "amount_won", "null".to_owned(), shown(amount));
            }
            let Some(finding) = finding else { return Ok(()) };
            if let Some(node) = expect.get("score") {
                differ(node, "score", shown(decimal(node.text()?, 2).ok()), shown(finding.score));
            }
            let holds = |holds: Option<bool>| {
                holds.map_or_else(|| "null".to_owned(), |holds| holds.to_string())
            };
            if let Some(node) = expect.get("conditions") {
                for (key, value) in node.entries()? {
                    let found =
                        finding.conditions.iter().find(|checked| checked.condition.id == key.text);
                    let found =
                        found.map_or_else(|| "—".to_owned(), |checked| holds(checked.holds));
                    let wanted = if value.is_null() { "null" } else { value.text()? };
                    differ(value, &key.text, wanted.to_owned(), found);
                }
            }
            if let Some(node) = expect.get("failing") {
                let failing = finding
                    .conditions
                    .iter()
                    .filter(|checked| {
                        super::answer::decides(checked) && checked.holds == Some(false)
                    })
                    .map(|checked| checked.condition.id.clone());
                differ(node, "failing", words(node)?, sorted(failing.collect()));
            }
            if let Some(node) = expect.get("missing") {
                let missing = finding.missing.iter().map(|lacking| lacking.name(self.rules));
                differ(node, "missing", words(node)?, sorted(missing.collect()));
            }
            Ok(())
        })();
        wrong.extend(checked.err());
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// The household's answer, or that of the person asked for.
    fn chosen(
        &self,
        expect: &Fields<'_>,
    ) -> Result<(&'static str, Option<i64>, Option<&Finding<'_>>), Problem> {
        let Some(Answer::InForce { outcome, amount, findings, first, .. }) = self.answer else {
            return Ok(("not_eligible", None, None));
        };
        let Some(node) = expect.get("person") else {
            return Ok((outcome.id(), *amount, findings.get(*first)));
        };
        let person = node.text()?;
        let index = self.household.members.iter().position(|member| member.id == person);
        let finding =
            findings.iter().find(|finding| finding.member.is_some() && finding.member == index);
        let finding = finding.ok_or_else(|| {
            Problem::new(
                &node.place,
                format!("가구원 `{person}`에 대한 답이 없습니다."),
                format!("There is no answer for the member `{person}`."),
            )
        })?;
        Ok((finding.outcome.id(), finding.amount, Some(finding)))
    }
}

fn words(node: &Node) -> Result<String, Problem> {
    let words = node
        .list()?
        .iter()
        .map(|word| Ok(word.text()?.to_owned()))
        .collect::<Result<Vec<_>, Problem>>()?;
    Ok(sorted(words))
}

fn sorted(mut words: Vec<String>) -> String {
    words.sort();
    words.dedup();
    format!("[{}]", words.join(", "))
}
