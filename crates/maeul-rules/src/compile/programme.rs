//! Programmes become steps: which condition is measured against what, and a fingerprint of it all.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::compile::lower::{Lowering, Typed};
use crate::compile::names::Names;
use crate::compile::{Compare, Compiled, Graph, Level, N, Op};
use crate::parameter::Parameters;
use crate::parse::expr::{Expr, ExprKind};
use crate::parse::file::{Condition, Definition, Programme, Version};
use crate::problem::{Place, Problem, Problems};
use crate::registry::{Entity, Registry};
use crate::value::{Quantity, Type, Unit, date_text};

/// What a condition does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// Must hold.
    Condition,
    /// Must not be the case.
    Exclusion,
    /// Must go on holding; told only.
    Ongoing,
}

/// What a condition's value is measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Another step.
    Node(Compare, N),
    /// One of these stored values.
    OneOf(Vec<i64>),
    /// Yes or no.
    Bool(bool),
}

/// A condition, ready to run.
#[derive(Clone, Debug)]
pub struct CompiledCondition {
    /// The English identifier.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// The article it rests on.
    pub article: String,
    /// As written.
    pub text: String,
    /// What it does.
    pub kind: ConditionKind,
    /// Is it so? For an exclusion: is one excluded?
    pub node: N,
    /// What is measured, and against what; nothing where the expression has several parts.
    pub measured: Option<(N, Threshold)>,
}

/// How much money.
#[derive(Clone, Debug)]
pub struct CompiledAmount {
    /// In whole won, won a month or won a year.
    pub node: N,
    /// Which of them.
    pub quantity: Quantity,
    /// The article.
    pub article: String,
}

/// A parameter that a programme rests on.
#[derive(Clone, Debug)]
pub struct ParameterUse {
    /// Its key.
    pub key: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// What it is.
    pub ty: Type,
    /// Since when this value is in force; `None`: no value is.
    pub from: Option<i64>,
    /// Until when, if that is known.
    pub to: Option<i64>,
    /// Article or announcement.
    pub basis: String,
    /// How well it is known.
    pub mark: Option<char>,
    /// The steps that look it up.
    pub nodes: Vec<N>,
}

/// A programme in force, ready to run.
#[derive(Clone, Debug)]
pub struct CompiledProgramme {
    /// The English identifier.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// The act or ordinance.
    pub law: String,
    /// What a reader should know (gaps, readings), Korean and English; may be empty.
    pub note: (String, String),
    /// Whom it is for: [`Level::Household`] or [`Level::Person`]. The level of each step below may
    /// be lower.
    pub entity: Level,
    /// The version: the day from which it is in force.
    pub version: String,
    /// Changes when the rule or a value it rests on changes.
    pub fingerprint: String,
    /// How well the rule is known.
    pub mark: String,
    /// What residents are told, Korean and English.
    pub announcement: (String, String),
    /// All conditions and no exclusion.
    pub eligible: N,
    /// Conditions, then exclusions, then ongoing conditions.
    pub conditions: Vec<CompiledCondition>,
    /// How much.
    pub amount: Option<CompiledAmount>,
    /// The sum of all points, at two decimals.
    pub score: Option<N>,
    /// The points one by one; `node` is a number of points.
    pub score_items: Vec<CompiledCondition>,
    /// The parameters.
    pub parameters: Vec<ParameterUse>,
    /// All steps it rests on, ascending.
    pub steps: Vec<N>,
}

/// A programme without a version on the day.
#[derive(Clone, Debug)]
pub struct NotInForce {
    /// The English identifier.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// The act or ordinance.
    pub law: String,
    /// The day it begins (again), if that is written.
    pub next: Option<i64>,
    /// The day the last version ended, if it has.
    pub last: Option<i64>,
}

/// Compiles programmes for a day.
pub(crate) fn compile(
    registry: &Arc<Registry>,
    definitions: &[Definition],
    parameters: &Parameters,
    programmes: &[&Programme],
    on: i64,
) -> Result<Compiled, Problems> {
    let names = Names {
        definitions,
        parameters,
        lets: &[],
        open: vec![],
        cache: HashMap::new(),
        uses: vec![],
        tables: HashMap::new(),
    };
    let mut lowering = Lowering { graph: Graph::default(), registry, names, on };
    let mut problems = Problems::default();
    let mut done = vec![];
    let mut not_in_force = vec![];
    for programme in programmes {
        match programme.on(on) {
            Some(version) => {
                lowering.names.lets = &version.lets;
                if let Some(compiled) = lowering.programme(programme, version, &mut problems) {
                    done.push(compiled);
                }
                lowering.names.lets = &[];
            }
            None => not_in_force.push(NotInForce {
                id: programme.id.clone(),
                ko: programme.ko.clone(),
                en: programme.en.clone(),
                law: programme.law.clone(),
                next: programme
                    .versions
                    .iter()
                    .map(|version| version.period.from)
                    .find(|from| *from > on),
                last: programme
                    .versions
                    .iter()
                    .filter_map(|version| version.period.to)
                    .rfind(|to| *to < on),
            }),
        }
    }
    for definition in definitions {
        // Also one that no programme uses must be right.
        if definition.versions.iter().any(|(dates, ..)| dates.holds(on)) {
            let checked = lowering.definition(&definition.place, definition, Entity::Person);
            problems.keep(checked);
        }
    }
    let Lowering { graph, names, .. } = lowering;
    for programme in &mut done {
        finish(programme, &graph, &names.uses, registry);
    }
    problems.or(Compiled {
        on,
        nodes: graph.nodes,
        tables: graph.tables,
        table_keys: graph.table_keys,
        programmes: done,
        not_in_force,
        registry: registry.clone(),
    })
}

impl<'a> Lowering<'a> {
    fn programme(
        &mut self,
        programme: &Programme,
        version: &'a Version,
        problems: &mut Problems,
    ) -> Option<CompiledProgramme> {
        let scope = programme.entity;
        let before = problems.0.len();
        for (key, expr) in &version.lets {
            let shadows = self.registry.fact(&key.text).is_some()
                || self.names.definitions.iter().any(|known| known.id == key.text);
            if shadows {
                problems.0.push(Problem::new(
                    &key.place,
                    format!("`{}`은(는) 사실이나 정의의 이름입니다. 다른 이름을 쓰세요.", key.text),
                    format!("`{}` is the name of a fact or definition. Use another.", key.text),
                ));
                continue;
            }
            // A name nobody uses must be right as well.
            let checked = self.name(&expr.place, &key.text, Entity::Person);
            problems.keep(checked);
        }
        let mut conditions = vec![];
        let mut eligible: Option<Typed> = None;
        let lists = [
            (ConditionKind::Condition, &version.conditions),
            (ConditionKind::Exclusion, &version.exclusions),
            (ConditionKind::Ongoing, &version.ongoing),
        ];
        for (kind, condition) in
            lists.into_iter().flat_map(|(kind, list)| list.iter().map(move |one| (kind, one)))
        {
            let Some(compiled) = problems.keep(self.condition(kind, condition, scope)) else {
                continue;
            };
            let place = &condition.when.place;
            let joined = self.joined(place, eligible, kind, compiled.node);
            if let Some(sofar) = problems.keep(joined) {
                eligible = sofar;
            }
            conditions.push(compiled);
        }
        let amount = version
            .amount
            .as_ref()
            .and_then(|(expr, article)| problems.keep(self.amount(expr, article, scope)));
        let mut score: Option<Typed> = None;
        let mut score_items = vec![];
        for item in &version.score {
            let points = self.points(item, scope, score);
            if let Some((compiled, sum)) = problems.keep(points) {
                score_items.push(compiled);
                score = Some(sum);
            }
        }
        if problems.0.len() > before {
            return None;
        }
        Some(CompiledProgramme {
            id: programme.id.clone(),
            ko: programme.ko.clone(),
            en: programme.en.clone(),
            law: programme.law.clone(),
            note: programme.note.clone(),
            entity: if scope == Entity::Person { Level::Person } else { Level::Household },
            version: date_text(version.period.from),
            fingerprint: String::new(),
            mark: version.mark.clone(),
            announcement: version.announcement.clone(),
            eligible: eligible?.n,
            conditions,
            amount,
            score: score.map(|score| score.n),
            score_items,
            parameters: vec![],
            steps: vec![],
        })
    }

    /// `sofar and condition`, `sofar and not exclusion`.
    fn joined(
        &mut self,
        place: &Place,
        sofar: Option<Typed>,
        kind: ConditionKind,
        node: N,
    ) -> Result<Option<Typed>, Problem> {
        let mut next = Typed { n: node, ty: Type::Bool };
        match kind {
            ConditionKind::Ongoing => return Ok(sofar),
            ConditionKind::Exclusion => next = self.push(place, Op::Not(next.n), Type::Bool)?,
            ConditionKind::Condition => {}
        }
        let Some(sofar) = sofar else { return Ok(Some(next)) };
        let (a, b) = self.aligned(place, sofar, next)?;
        Ok(Some(self.push(place, Op::And(a.n, b.n), Type::Bool)?))
    }

    fn condition(
        &mut self,
        kind: ConditionKind,
        condition: &Condition,
        scope: Entity,
    ) -> Result<CompiledCondition, Problem> {
        let node = self.bool(&condition.when, scope)?.n;
        Ok(CompiledCondition {
            id: condition.id.clone(),
            ko: condition.ko.clone(),
            en: condition.en.clone(),
            article: condition.article.clone(),
            text: condition.text.clone(),
            kind,
            node,
            measured: self.measured(&condition.when, scope)?,
        })
    }

    /// What an expression measures, and against what.
    fn measured(&mut self, expr: &Expr, scope: Entity) -> Result<Option<(N, Threshold)>, Problem> {
        Ok(match &expr.kind {
            ExprKind::Compare(compare, left, right) => {
                let (a, b) = self.pair(left, right, scope)?;
                Some((a.n, Threshold::Node(*compare, b.n)))
            }
            ExprKind::In(left, list) => {
                let value = self.expr(left, scope)?;
                let mut allowed = vec![];
                for item in list {
                    let (_, item) = self.pair(left, item, scope)?;
                    if let Some(Op::Const(known)) = self.graph.nodes.get(item.n).map(|node| node.op)
                    {
                        allowed.push(known);
                    }
                }
                (allowed.len() == list.len()).then_some((value.n, Threshold::OneOf(allowed)))
            }
            ExprKind::Name(name) => {
                let names = self.names.lets;
                match names.iter().find(|(key, _)| key.text == *name) {
                    Some((_, inner)) => self.measured(inner, scope)?,
                    None => Some((self.expr(expr, scope)?.n, Threshold::Bool(true))),
                }
            }
            ExprKind::Not(inner) if matches!(inner.kind, ExprKind::Name(_)) => {
                self.measured(inner, scope)?.and_then(|(value, threshold)| match threshold {
                    Threshold::Bool(wanted) => Some((value, Threshold::Bool(!wanted))),
                    _ => None,
                })
            }
            ExprKind::Members(..) | ExprKind::Head(_) | ExprKind::Bool(_) => {
                Some((self.expr(expr, scope)?.n, Threshold::Bool(true)))
            }
            _ => None,
        })
    }

    fn amount(
        &mut self,
        expr: &Expr,
        article: &str,
        scope: Entity,
    ) -> Result<CompiledAmount, Problem> {
        let typed = self.expr(expr, scope)?;
        let whole = |quantity: Quantity| {
            let month = Unit::WON.over(Unit::MONTHS);
            let year = Unit::WON.over(Unit::YEARS);
            [Unit::WON, month, year].contains(&quantity.unit)
        };
        match typed.ty {
            Type::Number(quantity) if whole(quantity) && quantity.scale == 0 => {
                Ok(CompiledAmount { node: typed.n, quantity, article: article.to_owned() })
            }
            Type::Number(quantity) if whole(quantity) => Err(Problem::new(
                &expr.place,
                "금액은 원 단위 정수여야 합니다. floor(…, 10 won)처럼 끝수 처리를 밝혀 주세요.",
                "An amount is whole won: say how it is rounded, as in floor(…, 10 won).",
            )),
            other => Err(self.mismatch(
                &expr.place,
                (
                    "won, won/month 또는 won/year 금액".into(),
                    "an amount in won, won/month or won/year".into(),
                ),
                other,
            )),
        }
    }

    fn points(
        &mut self,
        item: &Condition,
        scope: Entity,
        sofar: Option<Typed>,
    ) -> Result<(CompiledCondition, Typed), Problem> {
        let place = &item.when.place;
        let typed = self.expr(&item.when, scope)?;
        let typed = match typed.ty {
            Type::Number(quantity) if quantity.unit == Unit::POINTS && quantity.scale <= 2 => {
                let raised = self.at_scale(place, typed, quantity, 2)?;
                Typed { ty: Type::Number(Quantity { scale: 2, ..quantity }), ..raised }
            }
            Type::Number(quantity) if quantity.unit == Unit::POINTS => {
                return Err(Problem::new(
                    place,
                    "배점은 소수점 아래 2자리까지입니다. round(…, 0.01 points)로 반올림하세요.",
                    "Points have at most two decimals: round(…, 0.01 points).",
                ));
            }
            other => {
                return Err(self.mismatch(
                    place,
                    ("배점(`points`)".into(), "a number in `points`".into()),
                    other,
                ));
            }
        };
        let compiled = CompiledCondition {
            id: item.id.clone(),
            ko: item.ko.clone(),
            en: item.en.clone(),
            article: item.article.clone(),
            text: item.text.clone(),
            kind: ConditionKind::Condition,
            node: typed.n,
            measured: None,
        };
        let sum = match sofar {
            None => typed,
            Some(sofar) => {
                let (a, b) = self.aligned(place, sofar, typed)?;
                self.push(place, Op::Add(a.n, b.n), typed.ty)?
            }
        };
        Ok((compiled, sum))
    }
}

/// Fills in the parameters a programme rests on and its fingerprint.
fn finish(
    programme: &mut CompiledProgramme,
    graph: &Graph,
    uses: &[ParameterUse],
    registry: &Registry,
) {
    let roots = [programme.eligible]
        .into_iter()
        .chain(programme.conditions.iter().map(|condition| condition.node))
        .chain(programme.amount.iter().map(|amount| amount.node))
        .chain(programme.score);
    // Steps are counted as the programme reaches them, so that another programme changes nothing.
    let mut own: HashMap<N, usize> = HashMap::new();
    let mut text = format!("{:?} ", programme.entity);
    let mut found: Vec<Option<ParameterUse>> = vec![None; uses.len()];
    for n in reached(graph, roots) {
        let Some(node) = graph.nodes.get(n) else { continue };
        own.insert(n, own.len());
        programme.steps.push(n);
        match node.op {
            Op::Fact(id) | Op::Given(id, _) => {
                let _ = write!(text, "{} ", registry.def(id).map_or("", |def| &def.id));
            }
            Op::Look(table, _) => {
                let _ = write!(text, "{:?} ", graph.tables.get(table));
                if let (Some(slot), Some(used)) = (found.get_mut(table), uses.get(table)) {
                    slot.get_or_insert_with(|| used.clone()).nodes.push(n);
                }
            }
            Op::Const(value) => {
                let _ = write!(text, "{value} ");
            }
            Op::Compare(compare, ..) => {
                let _ = write!(text, "{compare:?} ");
            }
            Op::Members(agg, _) => {
                let _ = write!(text, "{agg:?} ");
            }
            Op::Times(_, factor) => {
                let _ = write!(text, "{factor} ");
            }
            Op::Divide { up, down, step, mode, .. } => {
                let _ = write!(text, "{up} {down} {step} {mode:?} ");
            }
            _ => {}
        }
        let kind = format!("{:?}", node.op);
        let _ = write!(text, "{} ", kind.split(['(', ' ']).next().unwrap_or_default());
        for needed in node.op.needs() {
            let _ = write!(text, "{} ", own.get(&needed).copied().unwrap_or_default());
        }
    }
    programme.steps.sort_unstable();
    for condition in &programme.conditions {
        let _ = write!(
            text,
            "{}={} ",
            condition.id,
            own.get(&condition.node).copied().unwrap_or_default()
        );
    }
    programme.parameters = found.into_iter().flatten().collect();
    // FNV-1a: a change is to be seen, nobody attacks it.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    programme.fingerprint = format!("{hash:016x}");
}

/// All steps that are needed, each after those it needs, in the order in which they are reached.
fn reached(graph: &Graph, roots: impl Iterator<Item = N>) -> Vec<N> {
    let mut order = vec![];
    let mut seen = vec![false; graph.nodes.len()];
    for root in roots {
        // A step is met twice: going down and, once all it needs is there, coming up.
        let mut left = vec![(root, false)];
        while let Some((n, up)) = left.pop() {
            if up {
                order.push(n);
                continue;
            }
            let Some(seen) = seen.get_mut(n).filter(|seen| !**seen) else { continue };
            *seen = true;
            left.push((n, true));
            let needs: Vec<N> =
                graph.nodes.get(n).into_iter().flat_map(|node| node.op.needs()).collect();
            left.extend(needs.into_iter().rev().map(|n| (n, false)));
        }
    }
    order
}
