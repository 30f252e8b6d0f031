//! The same for machines. Amounts of the file are JSON numbers with the file's decimals; prices, shares and keys are exact
//! fractions as text (`"12345/67"`, `"500"`).

use serde_json::{Map, Value, json};

use super::account::{BallotAccount, ProjectAccount};
use crate::compare::Comparison;
use crate::election::Election;
use crate::exact::Exact;
use crate::outcome::{Outcome, Round, Why};

/// The version of this program, which every result names.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An amount as a JSON number if it is one without loss, else as exact text.
pub fn amount(sum: &Exact) -> Value {
    if let Some(whole) = sum.to_i64() {
        return Value::from(whole);
    }
    let text = sum.decimal(9);
    // A JSON number is written shortest, so up to 15 digits come out as they went in.
    match text.parse::<f64>() {
        Ok(number) if text.len() <= 15 && !text.starts_with('≈') => Value::from(number),
        _ => Value::from(sum.to_string()),
    }
}

/// One count.
pub fn result(election: &Election, outcome: &Outcome) -> Value {
    let ids =
        |projects: &[u32]| projects.iter().map(|&project| election.id(project)).collect::<Vec<_>>();
    let rounds = outcome.rounds.iter().map(|round| {
        let mut told = round_object(election, round);
        if !round.tied.is_empty() {
            told.insert("tied".into(), json!(ids(&round.tied)));
        }
        Value::Object(told)
    });
    let unfunded = outcome.unfunded.iter().map(|unfunded| {
        let mut told = why(election, &unfunded.why);
        told.insert("project".into(), json!(election.id(unfunded.project)));
        Value::Object(told)
    });
    let mut all = Map::new();
    all.insert("version".into(), json!(VERSION));
    all.insert("rule".into(), json!(outcome.rule.to_string()));
    all.insert("ties".into(), json!(outcome.ties.to_string()));
    all.insert("budget".into(), amount(&outcome.budget));
    all.insert("cost".into(), amount(&outcome.cost));
    all.insert("voters".into(), json!(election.voter_count()));
    all.insert("winners".into(), json!(outcome.winner_ids(election).collect::<Vec<_>>()));
    all.insert("rounds".into(), rounds.collect());
    all.insert("tied_rounds".into(), json!(outcome.tied_rounds()));
    if let Some(endowment) = &outcome.endowment {
        all.insert("endowment".into(), json!(endowment));
        all.insert("raises".into(), json!(outcome.raises));
    }
    if let Some(preference) = &outcome.preference {
        all.insert(
            "preference".into(),
            json!({"equal_shares": preference.equal_shares, "greedy": preference.greedy}),
        );
    }
    all.insert("unfunded".into(), unfunded.collect());
    Value::Object(all)
}

fn round_object(election: &Election, round: &Round) -> Map<String, Value> {
    let mut told = Map::new();
    told.insert("project".into(), json!(election.id(round.project)));
    told.insert("stage".into(), json!(round.stage));
    told.insert("price".into(), json!(round.price));
    told.insert("key".into(), json!(round.key));
    told
}

fn why(election: &Election, why: &Why) -> Map<String, Value> {
    let value = match why {
        Why::NoSupport => json!({"why": "no-support"}),
        Why::DearerThanBudget => json!({"why": "dearer-than-budget"}),
        Why::BelowThreshold { has, needs } => {
            json!({"why": "below-threshold", "has": has, "needs": needs})
        }
        Why::Excluded { by } => json!({"why": "excluded", "by": election.id(*by)}),
        Why::Ceiling { category, left } => {
            json!({"why": "ceiling", "category": category, "left": left})
        }
        Why::DoesNotFit { left } => json!({"why": "does-not-fit", "left": left}),
        Why::SupportersShort { had } => json!({"why": "supporters-short", "had": had}),
        Why::Stopped { at, left } => {
            json!({"why": "stopped", "at": election.id(*at), "left": left})
        }
    };
    match value {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}

/// What became of one project.
pub fn project(election: &Election, account: &ProjectAccount) -> Value {
    let mut told = Map::new();
    told.insert("project".into(), json!(election.id(account.project)));
    if let Some(project) = election.project(account.project) {
        told.insert("name".into(), json!(project.name));
        told.insert("cost".into(), amount(&project.cost));
    }
    told.insert("votes".into(), json!(account.votes));
    if let Some(points) = &account.points {
        told.insert("points".into(), amount(points));
    }
    told.insert("funded".into(), json!(account.funded.is_some()));
    if let Some((number, round)) = &account.funded {
        told.insert("round".into(), json!(number));
        told.extend(round_object(election, round));
    }
    if let Some(shares) = &account.shares {
        told.insert(
            "shares".into(),
            json!({
                "paid_in_full": shares.full,
                "paid_all_they_had": shares.all_they_had,
                "had_nothing": shares.nothing,
                "least": shares.least,
                "most": shares.most,
                "total": shares.total,
            }),
        );
    }
    if let Some(reason) = &account.why {
        told.extend(why(election, reason));
    }
    Value::Object(told)
}

/// Where one ballot's share went.
pub fn ballot(election: &Election, voter: &str, account: &BallotAccount) -> Value {
    let lines = account.lines.iter().map(|line| {
        json!({
            "project": election.id(line.project),
            "points": amount(&line.points),
            "funded": line.round.is_some(),
            "round": line.round,
            "paid": line.paid,
        })
    });
    json!({
        "ballot": voter,
        "share": account.share,
        "left": account.left,
        "choices": lines.collect::<Vec<_>>(),
    })
}

/// Rules side by side.
pub fn comparison(election: &Election, comparison: &Comparison) -> Value {
    let rows = comparison.rows.iter().map(|row| {
        json!({
            "rule": row.outcome.rule.to_string(),
            "winners": row.outcome.winner_ids(election).collect::<Vec<_>>(),
            "cost": amount(&row.outcome.cost),
            "voters_with_nothing": row.nothing,
            "funded_choices": row.funded_choices,
        })
    });
    json!({
        "version": VERSION,
        "budget": amount(&election.budget),
        "voters": comparison.voters,
        "rules": rows.collect::<Vec<_>>(),
    })
}
