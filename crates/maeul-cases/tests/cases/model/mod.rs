//! The case as a machine of states, held against a small model of it: random sequences of acts, each
//! of which the model says beforehand whether it may be done, what it leaves, and how many events it
//! takes. A sequence that breaks a promise is made shorter before it is shown.

mod machine;
mod play;

use std::collections::BTreeMap;

use maeul_cases::{Case, Event, State};
use maeul_db::{Db, Engine, both_engines};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::{OFFICE, World, events, steps};
use machine::{Model, foretold};
use play::Play;

/// Cases of one sequence.
const CASES: usize = 3;

/// Who does it; drawn alike.
const WHO: [&str; 6] = ["officer", "second", "head", "other", "coordinator", "administrator"];
const UNITS: [Option<&str>; 4] = [Some("roads"), Some("cleaning"), Some("garam"), None];
const SERVICES: [Option<&str>; 5] =
    [Some("streetlight"), Some("bench"), Some("litter"), Some("noise"), None];

/// One thing that somebody tries.
#[derive(Clone, Debug)]
enum Try {
    Take,
    Assign(&'static str),
    Reassign(Option<&'static str>),
    Note,
    Ask,
    Draft(u8),
    Submit,
    Return,
    Answer(Option<u8>),
    Reopen,
    ResidentReopen,
    Relocate(bool),
    Reclassify(Option<&'static str>),
    Follow(u32, bool),
    Reply,
    Rate(i32),
    Transfer,
    TransferAccepted,
    TransferBack,
    Hear(bool),
    Join(usize),
    Part,
    Purge,
    Stale,
    Holiday(u8),
}

#[derive(Clone, Debug)]
struct Step {
    hours: i64,
    who: &'static str,
    case: usize,
    what: Try,
}

fn tries() -> impl Strategy<Value = Try> {
    let unit = prop::sample::select(UNITS.to_vec());
    let service = prop::sample::select(SERVICES.to_vec());
    let staff = prop::sample::select(WHO.to_vec());
    prop_oneof![
        4 => Just(Try::Take),
        2 => staff.prop_map(Try::Assign),
        2 => unit.prop_map(Try::Reassign),
        1 => Just(Try::Note),
        2 => Just(Try::Ask),
        4 => (0..3_u8).prop_map(Try::Draft),
        4 => Just(Try::Submit),
        2 => Just(Try::Return),
        4 => prop::option::of(0..3_u8).prop_map(Try::Answer),
        2 => Just(Try::Reopen),
        2 => Just(Try::ResidentReopen),
        1 => any::<bool>().prop_map(Try::Relocate),
        2 => service.prop_map(Try::Reclassify),
        2 => (0..3_u32, any::<bool>()).prop_map(|(n, words)| Try::Follow(n, words)),
        2 => Just(Try::Reply),
        2 => (0..=6_i32).prop_map(Try::Rate),
        1 => Just(Try::Transfer),
        1 => Just(Try::TransferAccepted),
        1 => Just(Try::TransferBack),
        1 => any::<bool>().prop_map(Try::Hear),
        2 => (0..CASES).prop_map(Try::Join),
        1 => Just(Try::Part),
        1 => Just(Try::Purge),
        1 => Just(Try::Stale),
        1 => (1..20_u8).prop_map(Try::Holiday),
    ]
}

fn sequence() -> impl Strategy<Value = Vec<Step>> {
    let hours = prop_oneof![12 => 0..6_i64, 1 => Just(24 * 31)];
    let step = (hours, prop::sample::select(WHO.to_vec()), 0..CASES, tries());
    prop::collection::vec(
        step.prop_map(|(hours, who, case, what)| Step { hours, who, case, what }),
        1..28,
    )
}

/// Whether the row is as the model says.
fn agrees(w: &World, model: &Model, row: &Case) -> Result<(), String> {
    let staff = |login: Option<&str>| login.map(|login| w.staff(login));
    let facts = [
        ("version", model.version == row.version),
        ("state", model.state == row.state),
        ("unit", model.unit.map(|code| w.unit(code)) == row.unit),
        ("assignee", staff(model.assignee) == row.assignee),
        ("hops", model.hops == row.hops),
        ("reopened", model.reopened == row.reopened),
        ("service", model.service == row.service.as_deref()),
        ("draft", model.purged || model.draft.is_some() == row.draft.is_some()),
        ("answer", model.purged || model.answered == row.answer.is_some()),
        ("closed_at", (model.state == State::Closed) == row.closed_at.is_some()),
        ("followers", i32::try_from(model.followers.len()).ok() == Some(row.followers)),
        // An anonymous report has no statutory period; every other open case has a due time.
        ("due", row.due.as_ref().is_none_or(|due| !(due.statutory && model.anonymous))),
    ];
    match facts.iter().find(|(_, alike)| !alike) {
        None => Ok(()),
        Some((fact, _)) => Err(format!("{fact}: {model:?}\n  but the row is {row:?}")),
    }
}

/// A due time moves only with an event that brings the new one.
fn explained(before: &Case, after: &Case, new: &[Event]) -> Result<(), String> {
    if before.due.as_ref().map(|due| due.at) == after.due.as_ref().map(|due| due.at) {
        return Ok(());
    }
    let brought = new.iter().rev().find_map(|event| match event {
        Event::Reclassified(it) => Some(it.due.as_deref()),
        Event::Reopened(it) => Some(it.due.as_deref()),
        Event::DueRecomputed(it) => Some(Some(it.after.due())),
        _ => None,
    });
    if brought == Some(after.due.as_ref()) {
        return Ok(());
    }
    Err(format!("the due time moved without an event: {:?} → {:?}", before.due, after.due))
}

/// How often each kind of try was done and refused.
type Tally = BTreeMap<String, (usize, usize)>;

async fn play(w: &World, sequence: &[Step], tally: &mut Tally) -> Result<(), String> {
    let mut play = Play::new(w).await;
    let mut models = [Model::new(false), Model::new(false), Model::new(true)];
    let mut rows = play.rows().await;
    for (at, step) in sequence.iter().enumerate() {
        let touches_purged =
            models[step.case].purged || matches!(step.what, Try::Join(to) if models[to].purged);
        // What was purged has no link and no words any more.
        if touches_purged && !matches!(step.what, Try::Holiday(_)) {
            continue;
        }
        w.pass(jiff::SignedDuration::from_hours(step.hours));
        models.iter_mut().for_each(|model| model.closed_for += step.hours);
        let close = 24 * 30 - 24..=24 * 31;
        if matches!(step.what, Try::ResidentReopen) && close.contains(&models[step.case].closed_for)
        {
            continue;
        }
        let mut after = models.clone();
        let expected = foretold(&mut after, step);
        let came = play.run(step).await;
        let say = |why: String| format!("step {at} ({step:?}): {why}");
        if came != expected {
            return Err(say(format!("{came:?}, the model says {expected:?}")));
        }
        let name = format!("{:?}", step.what);
        let name = name.split('(').next().unwrap_or_default().to_owned();
        let counted = tally.entry(name).or_default();
        if came.is_ok() {
            counted.0 += 1
        } else {
            counted.1 += 1
        }
        let now = play.rows().await;
        if came.is_err() && now != rows {
            return Err(say("it was refused and changed something".to_owned()));
        }
        for ((model, row), before) in after.iter_mut().zip(&now).zip(&rows) {
            if row.version < before.version {
                return Err(say(format!("version {} after {}", row.version, before.version)));
            }
            let all = events(&w.db, row.id).await;
            let new: Vec<Event> = all
                .iter()
                .filter(|it| it.seq > before.version)
                .map(|it| it.event.clone())
                .collect();
            if matches!(step.what, Try::Holiday(_)) {
                let only = new.iter().all(|it| matches!(it, Event::DueRecomputed(_)));
                if !only {
                    return Err(say(format!("a holiday brought {new:?}")));
                }
                model.version = row.version;
            }
            agrees(w, model, row).map_err(say)?;
            explained(before, row, &new).map_err(say)?;
            if *row != Case::rebuild(OFFICE, row.id, &all) {
                return Err(say("the row is not the sum of its events".to_owned()));
            }
            let in_order = all.iter().zip(1..).all(|(it, seq)| it.seq == seq);
            if !in_order || !all.is_sorted_by_key(|it| it.at) {
                return Err(say("events are missing or out of order".to_owned()));
            }
        }
        (models, rows) = (after, now);
    }
    Ok(())
}

/// Draws sequences and plays them; the first that fails is made as short as it can be.
async fn hold(w: &World, seed: u8, how_many: usize, tally: &mut Tally) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..how_many {
        let mut tree = sequence().new_tree(&mut runner).unwrap();
        let Err(mut why) = play(w, &tree.current(), tally).await else { continue };
        let mut worst = tree.current();
        let mut tries = 0;
        while tries < 300 && tree.simplify() {
            loop {
                tries += 1;
                match play(w, &tree.current(), tally).await {
                    Err(shorter) => {
                        (why, worst) = (shorter, tree.current());
                        break;
                    }
                    Ok(()) if tries < 300 && tree.complicate() => {}
                    Ok(()) => break,
                }
            }
        }
        panic!("{why}\nin {worst:#?}");
    }
}

/// The acts that were never done, or never refused, though they can be.
fn unproven(tally: &Tally) -> Vec<&str> {
    let is = |(what, (done, refused)): &(&String, &(usize, usize))| {
        let never_refused = matches!(what.as_str(), "TransferAccepted" | "Hear" | "Holiday");
        let never_done = what.as_str() == "Stale";
        (*done == 0 && !never_done) || (*refused == 0 && !never_refused)
    };
    tally.iter().filter(is).map(|(what, _)| what.as_str()).collect()
}

both_engines! { steps();
    async fn acts_do_what_the_model_says(db: Db) {
        // Each step is a round trip or more: fewer where they cost more.
        let db_is_sqlite = db.engine() == Engine::Sqlite;
        let how_many = if db_is_sqlite { 40 } else { 8 };
        let w = World::new(db).await;
        let mut tally = Tally::new();
        // Until every act was both done and refused, so that nothing is left unproven.
        for seed in [7, 2, 3, 1, 4, 5, 6, 8, 9] {
            hold(&w, seed, how_many, &mut tally).await;
            if !db_is_sqlite || (tally.len() == 25 && unproven(&tally).is_empty()) {
                return;
            }
        }
        panic!("never done or never refused: {:?} of {tally:?}", unproven(&tally));
    }
}
