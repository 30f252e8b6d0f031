//! What a name in an expression stands for: a `let`, a definition, a fact or a parameter.

use std::collections::HashMap;

use crate::compile::lower::{Lowering, Typed};
use crate::compile::{Op, ParameterUse};
use crate::parameter::Parameters;
use crate::parse::expr::{Expr, ExprKind};
use crate::parse::file::Definition;
use crate::problem::{Place, Problem, did_you_mean, nearest};
use crate::registry::Entity;
use crate::table::{Axis, Table};
use crate::value::{Quantity, Type, Unit, date_text};
use crate::yaml::Key;

/// The names of the files.
pub(crate) struct Names<'a> {
    pub(crate) definitions: &'a [Definition],
    pub(crate) parameters: &'a Parameters,
    /// Of the version being compiled.
    pub(crate) lets: &'a [(Key, Expr)],
    /// Names being looked into: one that comes again is circular.
    pub(crate) open: Vec<String>,
    pub(crate) cache: HashMap<(String, Entity), Typed>,
    /// For each table of the graph the parameter it is.
    pub(crate) uses: Vec<ParameterUse>,
    pub(crate) tables: HashMap<String, usize>,
}

impl<'a> Lowering<'a> {
    pub(crate) fn name(
        &mut self,
        place: &Place,
        name: &str,
        scope: Entity,
    ) -> Result<Typed, Problem> {
        if let Some((_, expr)) = self.names.lets.iter().find(|(key, _)| key.text == name) {
            self.enter(place, name)?;
            let typed = self.expr(expr, scope);
            self.names.open.pop();
            return typed;
        }
        if let Some(definition) = self.names.definitions.iter().find(|known| known.id == name) {
            return self.definition(place, definition, scope);
        }
        if let Some((id, def)) = self.registry.fact(name) {
            if def.entity == Entity::Person && scope == Entity::Household {
                return Err(Problem::new(
                    place,
                    format!(
                        "`{name}`은(는) 사람의 사실입니다. members.any({name} …), members.sum({name}) 또는 head.{name}(으)로 쓰세요."
                    ),
                    format!(
                        "`{name}` is a fact of a person: write members.any({name} …), members.sum({name}) or head.{name}."
                    ),
                ));
            }
            return self.push(place, Op::Fact(id), def.ty);
        }
        let known = self
            .registry
            .facts
            .iter()
            .map(|def| def.id.as_str())
            .chain(self.names.definitions.iter().map(|known| known.id.as_str()))
            .chain(self.names.lets.iter().map(|(key, _)| key.text.as_str()))
            .chain(["on"]);
        let (ko, en) = did_you_mean(nearest(name, known));
        Err(Problem::new(
            place,
            format!(
                "모르는 이름 `{name}`입니다.{ko} 사실, 정의, let 이름이 와야 하고 모수는 `p.`로 시작합니다."
            ),
            format!(
                "Unknown name `{name}`.{en} Expected a fact, a definition or a let; parameters begin with `p.`."
            ),
        ))
    }

    fn enter(&mut self, place: &Place, name: &str) -> Result<(), Problem> {
        if let Some(first) = self.names.open.iter().position(|open| open == name) {
            let circle: Vec<&str> =
                self.names.open.iter().skip(first).map(String::as_str).chain([name]).collect();
            let circle = circle.join(" → ");
            return Err(Problem::new(
                place,
                format!("정의가 자기 자신을 가리킵니다(순환): {circle}."),
                format!("The definition refers to itself (circular): {circle}."),
            ));
        }
        self.names.open.push(name.to_owned());
        Ok(())
    }

    pub(crate) fn definition(
        &mut self,
        place: &Place,
        definition: &'a Definition,
        scope: Entity,
    ) -> Result<Typed, Problem> {
        let key = (definition.id.clone(), scope);
        if let Some(known) = self.names.cache.get(&key) {
            return Ok(*known);
        }
        self.enter(place, &definition.id)?;
        // A definition does not see the names of the programme that uses it.
        let lets = std::mem::take(&mut self.names.lets);
        let typed = self.formula(place, definition, scope);
        self.names.lets = lets;
        self.names.open.pop();
        let typed = typed?;
        self.names.cache.insert(key, typed);
        Ok(typed)
    }

    fn formula(
        &mut self,
        place: &Place,
        definition: &'a Definition,
        scope: Entity,
    ) -> Result<Typed, Problem> {
        let Some((_, expr, _)) =
            definition.versions.iter().find(|(dates, ..)| dates.holds(self.on))
        else {
            let day = date_text(self.on);
            return Err(Problem::new(
                place,
                format!(
                    "`{}`의 산식 가운데 {day}에 시행 중인 것이 없습니다. 판을 더하거나 이 규칙의 `from`을 늦추세요.",
                    definition.id
                ),
                format!(
                    "No formula of `{}` is in force on {day}. Add a version, or begin this rule later.",
                    definition.id
                ),
            ));
        };
        let given = if definition.given { self.registry.fact(&definition.id) } else { None };
        let declared = match (&definition.ty, given) {
            (_, Some((_, def))) => Some(def.ty),
            (Some(node), None) => Some(self.registry.read_type(node)?),
            (None, None) => None,
        };
        if given.is_some_and(|(_, def)| def.entity == Entity::Person && scope == Entity::Household)
        {
            let name = &definition.id;
            return Err(Problem::new(
                place,
                format!(
                    "`{name}`은(는) 사람의 사실입니다. members.any({name} …), members.sum({name}) 또는 head.{name}(으)로 쓰세요."
                ),
                format!(
                    "`{name}` is a fact of a person: write members.any({name} …), members.sum({name}) or head.{name}."
                ),
            ));
        }
        let own = given.map_or(scope, |(_, def)| def.entity);
        let mut typed = self.expr(expr, own)?;
        if let Some(ty) = declared {
            typed = self.declared(&expr.place, typed, ty)?;
        }
        let Some((id, def)) = given else { return Ok(typed) };
        if def.entity == Entity::Person {
            typed = self.spread(&expr.place, typed)?;
        }
        self.push(place, Op::Given(id, typed.n), def.ty)
    }

    /// A value that must be of a declared type, its scale included.
    fn declared(&mut self, place: &Place, typed: Typed, ty: Type) -> Result<Typed, Problem> {
        match (typed.ty, ty) {
            (Type::Number(is), Type::Number(must)) if is.unit == must.unit => {
                if is.scale > must.scale {
                    return Err(Problem::new(
                        place,
                        format!(
                            "`{}` 값이 되려면 반올림해야 합니다: floor(…), round(…, 1 won).",
                            must.name()
                        ),
                        format!(
                            "To be a `{}` it must be rounded: floor(…), round(…, 1 won).",
                            must.name()
                        ),
                    ));
                }
                let raised = self.at_scale(place, typed, is, must.scale)?;
                Ok(Typed { n: raised.n, ty })
            }
            (is, must) if is == must => Ok(typed),
            (is, must) => Err(self.mismatch(place, self.describe(must), is)),
        }
    }

    pub(crate) fn parameter(
        &mut self,
        place: &Place,
        key: &str,
        at: &[Expr],
        scope: Entity,
    ) -> Result<Typed, Problem> {
        let Some(parameter) = self.names.parameters.get(key) else {
            let (ko, en) = did_you_mean(nearest(
                key,
                self.names.parameters.iter().map(|known| known.key.as_str()),
            ));
            return Err(Problem::new(
                place,
                format!("모수 `{key}`이(가) 없습니다.{ko}"),
                format!("There is no parameter `{key}`.{en}"),
            ));
        };
        if at.len() != parameter.axes.len() {
            let axes: Vec<String> =
                parameter.axes.iter().map(|axis| self.axis_name(axis)).collect();
            let axes =
                if axes.is_empty() { "—".to_owned() } else { format!("[{}]", axes.join(", ")) };
            return Err(Problem::new(
                place,
                format!(
                    "모수 `{key}`은(는) {}개의 기준 {axes}(으)로 찾는데 {}개가 있습니다.",
                    parameter.axes.len(),
                    at.len()
                ),
                format!(
                    "The parameter `{key}` is looked up by {} values {axes}, found {}.",
                    parameter.axes.len(),
                    at.len()
                ),
            ));
        }
        let mut asked = vec![];
        for (axis, expr) in parameter.axes.iter().zip(at) {
            asked.push(self.place_in(axis, expr, scope)?);
        }
        if let [a, b] = asked.as_slice() {
            let levels = [*a, *b].map(|typed| self.graph.nodes.get(typed.n).map(|node| node.level));
            if levels.contains(&Some(super::Level::Person)) {
                asked = vec![self.spread(place, *a)?, self.spread(place, *b)?];
            }
        }
        let table = match self.names.tables.get(key) {
            Some(table) => *table,
            None => {
                let dated = parameter.on(self.on);
                let table = self.graph.tables.len();
                self.graph.tables.push(dated.map_or_else(
                    || {
                        // Nothing in force: unknown, whatever is asked.
                        Table { axes: parameter.axes.clone(), ..Table::default() }.into()
                    },
                    |dated| dated.value.clone(),
                ));
                self.graph.table_keys.push(key.to_owned());
                self.names.uses.push(ParameterUse {
                    key: key.to_owned(),
                    ko: parameter.ko.clone(),
                    en: parameter.en.clone(),
                    ty: parameter.ty,
                    from: dated.map(|dated| dated.from),
                    to: dated.and_then(|dated| dated.to),
                    basis: dated.map(|dated| dated.basis.clone()).unwrap_or_default(),
                    mark: dated.map(|dated| dated.mark),
                    nodes: vec![],
                });
                self.names.tables.insert(key.to_owned(), table);
                table
            }
        };
        let nodes = [asked.first().map(|typed| typed.n), asked.get(1).map(|typed| typed.n)];
        self.push(place, Op::Look(table, nodes), parameter.ty)
    }

    fn axis_name(&self, axis: &Axis) -> String {
        match axis {
            Axis::Size => "count".to_owned(),
            Axis::Enum(id) => self.registry.type_name(Type::Enum(*id)),
            Axis::Bracket(quantity) => quantity.name(),
        }
    }

    fn place_in(&mut self, axis: &Axis, expr: &Expr, scope: Entity) -> Result<Typed, Problem> {
        let must = match axis {
            Axis::Size => Type::Number(Quantity::COUNT),
            Axis::Enum(id) => Type::Enum(*id),
            Axis::Bracket(quantity) => Type::Number(*quantity),
        };
        if let (ExprKind::Quoted(word), Type::Enum(_)) = (&expr.kind, must) {
            let value = self
                .registry
                .read(must, word)
                .map_err(|(ko, en)| Problem::new(&expr.place, ko, en))?;
            return self.push(&expr.place, Op::Const(value), must);
        }
        let typed = self.expr(expr, scope)?;
        let zero = matches!(expr.kind, ExprKind::Number(0, _, None));
        match (typed.ty, must) {
            (Type::Number(_), Type::Number(_)) if zero => {
                self.push(&expr.place, Op::Const(0), must)
            }
            (Type::Number(is), Type::Number(wanted))
                if is.unit == wanted.unit && is.scale <= wanted.scale =>
            {
                self.at_scale(&expr.place, typed, is, wanted.scale)
            }
            (Type::Number(is), Type::Number(wanted))
                if is.unit == wanted.unit && is.unit != Unit::NONE =>
            {
                Err(Problem::new(
                    &expr.place,
                    format!(
                        "표에서 찾기 전에 반올림하세요: floor(…)로 `{}` 값이 되게 합니다.",
                        wanted.name()
                    ),
                    format!(
                        "Round it before the look-up: floor(…) makes it a `{}`.",
                        wanted.name()
                    ),
                ))
            }
            (is, wanted) if is == wanted => Ok(typed),
            (is, wanted) => Err(self.mismatch(&expr.place, self.describe(wanted), is)),
        }
    }
}
