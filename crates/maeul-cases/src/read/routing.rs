//! What the suggestions are made of and shown with: cases to learn from, advice for a list, how
//! often people followed it.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Fault, UnitId};
use maeul_db::{Json, Sql, Tx, args, row};

use crate::advise::{Advice, OwnModel, words_of};
use crate::knowledge::Knowledge;
use crate::store;

pub use crate::store::ModelView;

/// A case whose service is settled: answered under it, or given it by a member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The case.
    pub case: CaseId,
    /// What it says: title and body.
    pub text: String,
    /// The service it has now, after all corrections.
    pub service: String,
    /// The unit it has now.
    pub unit: Option<UnitId>,
    /// Whether a member of staff gave it another service than it came with.
    pub corrected: bool,
}

row! {
    struct Line {
        id: CaseId,
        received_at: Timestamp,
        title: String,
        body: String,
        service: String,
        unit: Option<UnitId>,
        corrected: i64,
    }
}

/// Cases to learn from, the newest first: a page, and where the next begins.
///
/// A case that is open teaches only where a member of staff chose its service: what a resident
/// chose is confirmed by the answer.
pub fn lessons(
    tx: &mut Tx,
    ctx: &Ctx,
    before: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<Lesson>, Option<Cursor>), Fault> {
    let mut sql = Sql::new(
        "SELECT id, received_at, title, body, service_code, unit_id, corrected FROM (
           SELECT c.id, c.received_at, c.title, c.body, c.service_code, c.unit_id, c.state,
                  (SELECT COUNT(*) FROM cases_event e
                    WHERE e.office_id = c.office_id AND e.case_id = c.id
                      AND e.kind = 'reclassified' AND e.actor_kind = 'staff') AS corrected
             FROM cases_case c
            WHERE c.office_id = ? AND c.service_code IS NOT NULL AND c.body <> '') AS known
          WHERE (state = 'closed' OR corrected > 0)",
        args![ctx.office],
    );
    if let Some(before) = before {
        sql.add(" AND (received_at, id) < (?, ?)", args![before.at, before.id]);
    }
    sql.add(" ORDER BY received_at DESC, id DESC LIMIT ?", args![limit]);
    let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
    let last = lines.last().map(|line| Cursor { at: line.received_at, id: line.id.0 });
    let next = last.filter(|_| lines.len() == limit);
    let lesson = |line: Line| Lesson {
        case: line.id,
        text: words_of(&line.title, &line.body),
        service: line.service,
        unit: line.unit,
        corrected: line.corrected > 0,
    };
    Ok((lines.into_iter().map(lesson).collect(), next))
}

/// What is suggested for each of the cases, in their order; a case that is not there is left out.
pub fn advice_of(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    cases: &[CaseId],
) -> Result<Vec<(CaseId, Advice)>, Fault> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql =
        Sql::new("SELECT id, title, body FROM cases_case WHERE office_id = ?", args![ctx.office]);
    sql.and_in("id", cases);
    let rows: Vec<(CaseId, String, String)> = tx.all(sql.text(), sql.args())?;
    let advice = |id: &CaseId| {
        let (_, title, body) = rows.iter().find(|(row, _, _)| row == id)?;
        Some((*id, know.advise_again(&words_of(title, body))))
    };
    Ok(cases.iter().filter_map(advice).collect())
}

/// The office's models, the newest, which is in use, first.
pub fn routing_models(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<ModelView>, Fault> {
    store::models(tx, ctx.office)
}

/// How often people chose what had been suggested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Who chose: `resident` or `staff`.
    pub made_by: String,
    /// Which model was asked; none: the words of the duties.
    pub model: Option<i64>,
    /// Choices.
    pub choices: i64,
    /// Of them, suggestions that were sure.
    pub sure: i64,
    /// Choices of the first suggestion.
    pub first: i64,
}

/// The model in use, if one was trained.
pub fn model_in_use(tx: &mut Tx, ctx: &Ctx) -> Result<Option<OwnModel>, Fault> {
    store::own_model(tx, ctx.office)
}

row! {
    struct Choice {
        made_by: String,
        model: Option<i64>,
        unsure: bool,
        suggested: Json<Vec<(String, u32)>>,
        chosen: Option<String>,
    }
}

/// How often people chose what had been suggested, by who chose and by model.
pub fn suggestions_followed(tx: &mut Tx, ctx: &Ctx) -> Result<Vec<Followed>, Fault> {
    let rows: Vec<Choice> = tx.all(
        "SELECT made_by, model, unsure, suggested, chosen FROM cases_choice
          WHERE office_id = $1 ORDER BY at DESC LIMIT 20000",
        args![ctx.office],
    )?;
    let mut sums: Vec<Followed> = Vec::new();
    for Choice { made_by, model, unsure, suggested: Json(suggested), chosen } in rows {
        let place = sums.iter().position(|sum| sum.made_by == made_by && sum.model == model);
        let sum = match place.and_then(|place| sums.get_mut(place)) {
            Some(sum) => sum,
            None => {
                sums.push(Followed { made_by, model, ..Followed::default() });
                let Some(sum) = sums.last_mut() else { continue };
                sum
            }
        };
        sum.choices += 1;
        sum.sure += i64::from(!unsure);
        let first = suggested.first().map(|(code, _)| code.as_str());
        sum.first += i64::from(first.is_some() && first == chosen.as_deref());
    }
    sums.sort_by(|a, b| (&a.made_by, a.model).cmp(&(&b.made_by, b.model)));
    Ok(sums)
}
