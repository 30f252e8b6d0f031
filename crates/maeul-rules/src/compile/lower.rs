//! Expressions become steps: types and units are checked, scales brought together, and shown not to
//! overflow.

use crate::compile::{Agg, Compare, Graph, Level, N, Op, Rounding};
use crate::parse::expr::{Expr, ExprKind, Sum};
use crate::problem::{Place, Problem};
use crate::registry::{Entity, Registry};
use crate::value::{Quantity, Type, Unit, power};

/// A step with its type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typed {
    pub(crate) n: N,
    pub(crate) ty: Type,
}

/// An operand before the other one is known: `0` fits every unit, a quoted word every enumeration.
enum Operand<'a> {
    Typed(Typed),
    Zero,
    Quoted(&'a str),
}

/// What an expression may name, answered by the one who knows the files.
pub(crate) struct Lowering<'a> {
    pub(crate) graph: Graph,
    pub(crate) registry: &'a Registry,
    pub(crate) names: super::names::Names<'a>,
    pub(crate) on: i64,
}

impl Lowering<'_> {
    pub(crate) fn push(&mut self, place: &Place, op: Op, ty: Type) -> Result<Typed, Problem> {
        match self.graph.push(op, ty, self.registry) {
            Some(n) => Ok(Typed { n, ty }),
            None => Err(Problem::new(
                place,
                "값이 64비트 정수를 넘을 수 있습니다. 먼저 반올림(`round`)하거나 곱을 나누세요.",
                "The value could leave 64-bit integers. Round a factor first, or split the product.",
            )),
        }
    }

    pub(crate) fn describe(&self, ty: Type) -> (String, String) {
        let name = self.registry.type_name(ty);
        match ty {
            Type::Bool => ("예/아니요(bool)".into(), "a yes/no value (bool)".into()),
            Type::Date => ("날짜(date)".into(), "a date".into()),
            Type::Enum(_) => (format!("`{name}`의 값"), format!("a value of `{name}`")),
            Type::Number(_) => (format!("`{name}` 단위의 수"), format!("a number in `{name}`")),
        }
    }

    pub(crate) fn mismatch(
        &self,
        place: &Place,
        expected: (String, String),
        found: Type,
    ) -> Problem {
        let found = self.describe(found);
        Problem::new(
            place,
            format!("{}이(가) 와야 하는데 {}입니다.", expected.0, found.0),
            format!("Expected {}, found {}.", expected.1, found.1),
        )
    }

    /// A step of the type asked for.
    pub(crate) fn bool(&mut self, expr: &Expr, scope: Entity) -> Result<Typed, Problem> {
        let typed = self.expr(expr, scope)?;
        if typed.ty == Type::Bool {
            return Ok(typed);
        }
        Err(self.mismatch(&expr.place, self.describe(Type::Bool), typed.ty))
    }

    fn date(&mut self, expr: &Expr, scope: Entity) -> Result<Typed, Problem> {
        let typed = self.expr(expr, scope)?;
        if typed.ty == Type::Date {
            return Ok(typed);
        }
        Err(self.mismatch(&expr.place, self.describe(Type::Date), typed.ty))
    }

    fn number(&mut self, expr: &Expr, scope: Entity) -> Result<(Typed, Quantity), Problem> {
        let typed = self.expr(expr, scope)?;
        match typed.ty {
            Type::Number(quantity) => Ok((typed, quantity)),
            other => Err(self.mismatch(&expr.place, ("수".into(), "a number".into()), other)),
        }
    }

    /// An expression as steps.
    pub(crate) fn expr(&mut self, expr: &Expr, scope: Entity) -> Result<Typed, Problem> {
        match self.operand(expr, scope)? {
            Operand::Typed(typed) => Ok(typed),
            Operand::Zero => self.push(&expr.place, Op::Const(0), Type::Number(Quantity::COUNT)),
            Operand::Quoted(word) => Err(Problem::new(
                &expr.place,
                format!(
                    "'{word}'은(는) 열거형과 비교할 때만 쓸 수 있습니다(예: disability == 'severe')."
                ),
                format!(
                    "'{word}' can stand only in a comparison with an enumeration (disability == 'severe')."
                ),
            )),
        }
    }

    fn operand<'e>(&mut self, expr: &'e Expr, scope: Entity) -> Result<Operand<'e>, Problem> {
        let place = &expr.place;
        let bool = Type::Bool;
        let typed = match &expr.kind {
            ExprKind::Number(0, _, None) => return Ok(Operand::Zero),
            ExprKind::Quoted(word) => return Ok(Operand::Quoted(word)),
            ExprKind::Number(value, scale, unit) => {
                let quantity = Quantity { scale: *scale, ..unit.unwrap_or(Quantity::COUNT) };
                self.push(place, Op::Const(*value), Type::Number(quantity))?
            }
            ExprKind::Bool(value) => self.push(place, Op::Const(i64::from(*value)), bool)?,
            ExprKind::Date(day) => self.push(place, Op::Const(*day), Type::Date)?,
            ExprKind::Name(name) if name == "on" => {
                self.push(place, Op::Const(self.on), Type::Date)?
            }
            ExprKind::Name(name) => self.name(place, name, scope)?,
            ExprKind::Param(key, at) => self.parameter(place, key, at, scope)?,
            ExprKind::Not(inner) => {
                let inner = self.bool(inner, scope)?;
                self.push(place, Op::Not(inner.n), bool)?
            }
            ExprKind::Neg(inner) => {
                let (inner, _) = self.number(inner, scope)?;
                self.push(place, Op::Neg(inner.n), inner.ty)?
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                let (a, b) = (self.bool(left, scope)?, self.bool(right, scope)?);
                let (a, b) = self.one_level(place, a, b)?;
                let and = matches!(expr.kind, ExprKind::And(..));
                self.push(place, if and { Op::And(a.n, b.n) } else { Op::Or(a.n, b.n) }, bool)?
            }
            ExprKind::Compare(compare, left, right) => {
                let (a, b) = self.pair(left, right, scope)?;
                if !matches!(compare, Compare::Eq | Compare::Ne)
                    && matches!(a.ty, Type::Bool | Type::Enum(_))
                {
                    return Err(self.mismatch(
                        place,
                        (
                            "순서가 있는 값(수 또는 날짜)".into(),
                            "values that have an order (numbers or dates)".into(),
                        ),
                        a.ty,
                    ));
                }
                let (a, b) = self.aligned(place, a, b)?;
                self.push(place, Op::Compare(*compare, a.n, b.n), bool)?
            }
            ExprKind::In(left, list) => self.one_of(place, left, list, scope)?,
            ExprKind::Sum(sum, left, right) => self.sum(place, *sum, left, right, scope)?,
            ExprKind::If(condition, yes, no) => {
                let condition = self.bool(condition, scope)?;
                let (yes, no) = self.pair(yes, no, scope)?;
                let (yes, no) = self.aligned(place, yes, no)?;
                let levels = [condition, yes, no].map(|typed| self.graph.level(typed.n));
                let [c, a, b] = if levels.contains(&Level::Person) {
                    [
                        self.spread(place, condition)?,
                        self.spread(place, yes)?,
                        self.spread(place, no)?,
                    ]
                } else {
                    [condition, yes, no]
                };
                self.push(place, Op::If(c.n, a.n, b.n), yes.ty)?
            }
            ExprKind::Call(name, arguments) => self.call(place, name, arguments, scope)?,
            ExprKind::Members(agg, inner) => self.members(place, *agg, inner)?,
            ExprKind::Head(inner) => {
                let inner = self.expr(inner, Entity::Person)?;
                if self.graph.level(inner.n) == Level::Person {
                    self.push(place, Op::Head(inner.n), inner.ty)?
                } else {
                    inner
                }
            }
        };
        Ok(Operand::Typed(typed))
    }

    /// A household's value for each of its persons; other values as they are.
    pub(crate) fn spread(&mut self, place: &Place, typed: Typed) -> Result<Typed, Problem> {
        if self.graph.level(typed.n) == Level::Household {
            return self.push(place, Op::Spread(typed.n), typed.ty);
        }
        Ok(typed)
    }

    fn one_level(&mut self, place: &Place, a: Typed, b: Typed) -> Result<(Typed, Typed), Problem> {
        if [a, b].iter().any(|typed| self.graph.level(typed.n) == Level::Person) {
            return Ok((self.spread(place, a)?, self.spread(place, b)?));
        }
        Ok((a, b))
    }

    /// Two operands that must be of one type; scales may still differ.
    pub(crate) fn pair(
        &mut self,
        left: &Expr,
        right: &Expr,
        scope: Entity,
    ) -> Result<(Typed, Typed), Problem> {
        let a = self.operand(left, scope)?;
        let b = self.operand(right, scope)?;
        match (a, b) {
            (Operand::Typed(a), b) => {
                let b = self.fit(b, &right.place, a.ty)?;
                Ok((a, b))
            }
            (a, Operand::Typed(b)) => {
                let a = self.fit(a, &left.place, b.ty)?;
                Ok((a, b))
            }
            _ => Ok((self.expr(left, scope)?, self.expr(right, scope)?)),
        }
    }

    /// An operand that must go with a type.
    fn fit(&mut self, operand: Operand<'_>, place: &Place, ty: Type) -> Result<Typed, Problem> {
        match (operand, ty) {
            (Operand::Zero, Type::Number(_)) => self.push(place, Op::Const(0), ty),
            (Operand::Zero, _) => {
                Err(self.mismatch(place, self.describe(ty), Type::Number(Quantity::COUNT)))
            }
            (Operand::Quoted(word), Type::Enum(_)) => match self.registry.read(ty, word) {
                Ok(value) => self.push(place, Op::Const(value), ty),
                Err((ko, en)) => Err(Problem::new(place, ko, en)),
            },
            (Operand::Quoted(word), _) => {
                let (ko, en) = self.describe(ty);
                Err(Problem::new(
                    place,
                    format!("{ko}이(가) 와야 하는데 '{word}'입니다."),
                    format!("Expected {en}, found '{word}'."),
                ))
            }
            (Operand::Typed(typed), _) => {
                let same = match (typed.ty, ty) {
                    (Type::Number(a), Type::Number(b)) => a.unit == b.unit,
                    (a, b) => a == b,
                };
                if same {
                    Ok(typed)
                } else {
                    Err(self.mismatch(place, self.describe(ty), typed.ty))
                }
            }
        }
    }

    /// On one scale and one level.
    pub(crate) fn aligned(
        &mut self,
        place: &Place,
        a: Typed,
        b: Typed,
    ) -> Result<(Typed, Typed), Problem> {
        let (Type::Number(x), Type::Number(y)) = (a.ty, b.ty) else {
            return self.one_level(place, a, b);
        };
        let scale = x.scale.max(y.scale);
        let a = self.at_scale(place, a, x, scale)?;
        let b = self.at_scale(place, b, y, scale)?;
        self.one_level(place, a, b)
    }

    pub(crate) fn at_scale(
        &mut self,
        place: &Place,
        typed: Typed,
        is: Quantity,
        scale: u8,
    ) -> Result<Typed, Problem> {
        if is.scale >= scale {
            return Ok(typed);
        }
        let factor = power(scale - is.scale);
        let ty = Type::Number(Quantity { scale, ..is });
        match self.graph.nodes.get(typed.n).map(|node| node.op) {
            Some(Op::Const(value)) if value.checked_mul(factor).is_some() => {
                self.push(place, Op::Const(value * factor), ty)
            }
            _ => self.push(place, Op::Times(typed.n, factor), ty),
        }
    }

    fn one_of(
        &mut self,
        place: &Place,
        left: &Expr,
        list: &[Expr],
        scope: Entity,
    ) -> Result<Typed, Problem> {
        let mut found: Option<Typed> = None;
        for item in list {
            let (a, b) = self.pair(left, item, scope)?;
            let (a, b) = self.aligned(&item.place, a, b)?;
            let same = self.push(&item.place, Op::Compare(Compare::Eq, a.n, b.n), Type::Bool)?;
            found = Some(match found {
                None => same,
                Some(sofar) => {
                    let (sofar, same) = self.one_level(&item.place, sofar, same)?;
                    self.push(&item.place, Op::Or(sofar.n, same.n), Type::Bool)?
                }
            });
        }
        found.ok_or_else(|| {
            Problem::new(
                place,
                "`in [ ]`에 값이 하나도 없습니다.",
                "There is no value in `in [ ]`.",
            )
        })
    }

    fn sum(
        &mut self,
        place: &Place,
        sum: Sum,
        left: &Expr,
        right: &Expr,
        scope: Entity,
    ) -> Result<Typed, Problem> {
        match sum {
            Sum::Div => Err(Problem::new(
                place,
                "나눗셈은 반올림 함수 바로 안에만 씁니다: floor(a / b, 10 won), ceil(…), round(…).",
                "A division stands only directly inside a rounding function: floor(a / b, 10 won), ceil(…), round(…).",
            )),
            Sum::Mul => {
                let ((a, x), (b, y)) = (self.number(left, scope)?, self.number(right, scope)?);
                let unit = x.unit.times(y.unit);
                let ty = Type::Number(Quantity { unit, scale: x.scale + y.scale, percent: false });
                let (a, b) = self.one_level(place, a, b)?;
                self.push(place, Op::Mul(a.n, b.n), ty)
            }
            Sum::Add | Sum::Sub => {
                let (a, b) = self.pair(left, right, scope)?;
                if !matches!(a.ty, Type::Number(_)) {
                    return Err(self.mismatch(place, ("수".into(), "numbers".into()), a.ty));
                }
                let (a, b) = self.aligned(place, a, b)?;
                self.push(
                    place,
                    if sum == Sum::Add { Op::Add(a.n, b.n) } else { Op::Sub(a.n, b.n) },
                    a.ty,
                )
            }
        }
    }

    fn members(&mut self, place: &Place, agg: Agg, inner: &Expr) -> Result<Typed, Problem> {
        let typed = match agg {
            Agg::Any | Agg::All | Agg::Count => self.bool(inner, Entity::Person)?,
            Agg::Sum => self.number(inner, Entity::Person)?.0,
            Agg::Max | Agg::Min => {
                let typed = self.expr(inner, Entity::Person)?;
                if !matches!(typed.ty, Type::Number(_) | Type::Date) {
                    return Err(self.mismatch(
                        &inner.place,
                        ("수 또는 날짜".into(), "a number or a date".into()),
                        typed.ty,
                    ));
                }
                typed
            }
        };
        let each = match self.graph.level(typed.n) {
            Level::Person => typed,
            _ => self.push(place, Op::Spread(typed.n), typed.ty)?,
        };
        let ty = if agg == Agg::Count { Type::Number(Quantity::COUNT) } else { typed.ty };
        self.push(place, Op::Members(agg, each.n), ty)
    }

    fn call(
        &mut self,
        place: &Place,
        name: &str,
        arguments: &[Expr],
        scope: Entity,
    ) -> Result<Typed, Problem> {
        let wrong_count = |ko: &str, en: &str| {
            Problem::new(
                place,
                format!("`{name}`에는 {ko}이(가) 와야 하는데 인수가 {}개입니다.", arguments.len()),
                format!("`{name}` takes {en}, found {} arguments.", arguments.len()),
            )
        };
        match (name, arguments) {
            ("min" | "max", [first, rest @ ..]) if !rest.is_empty() => {
                // A leading 0 takes the unit of the one after it.
                let (first, rest) = match (&first.kind, rest) {
                    (ExprKind::Number(0, _, None), [second, others @ ..]) => {
                        let mut list = vec![first];
                        list.extend(others);
                        (second, list)
                    }
                    _ => (first, rest.iter().collect()),
                };
                let mut sofar = self.expr(first, scope)?;
                if !matches!(sofar.ty, Type::Number(_) | Type::Date) {
                    return Err(self.mismatch(
                        &first.place,
                        ("수 또는 날짜".into(), "a number or a date".into()),
                        sofar.ty,
                    ));
                }
                for other in rest {
                    let operand = self.operand(other, scope)?;
                    let next = self.fit(operand, &other.place, sofar.ty)?;
                    let (a, b) = self.aligned(place, sofar, next)?;
                    let op = if name == "min" { Op::Min(a.n, b.n) } else { Op::Max(a.n, b.n) };
                    sofar = self.push(place, op, a.ty)?;
                }
                Ok(sofar)
            }
            ("min" | "max", _) => Err(wrong_count("둘 이상의 값", "two or more values")),
            ("floor", [x, step @ ..]) if step.len() < 2 => {
                self.round(place, Rounding::Floor, x, step.first(), scope)
            }
            ("ceil", [x, step @ ..]) if step.len() < 2 => {
                self.round(place, Rounding::Ceil, x, step.first(), scope)
            }
            ("round", [x, step @ ..]) if step.len() < 2 => {
                self.round(place, Rounding::Round, x, step.first(), scope)
            }
            ("floor" | "ceil" | "round", _) => {
                Err(wrong_count("값과 단위(예: 10 won)", "a value and a step (10 won)"))
            }
            ("years_since" | "months_since" | "days_since", [from]) => {
                let from = self.date(from, scope)?;
                let to = self.push(place, Op::Const(self.on), Type::Date)?;
                self.span(place, name, from, to)
            }
            ("years_between" | "months_between" | "days_between", [from, to]) => {
                let (from, to) = (self.date(from, scope)?, self.date(to, scope)?);
                let (from, to) = self.one_level(place, from, to)?;
                self.span(place, name, from, to)
            }
            ("plus_years", [from, years]) => {
                let from = self.date(from, scope)?;
                let (years_node, unit) = self.number(years, scope)?;
                if unit.unit != Unit::YEARS || unit.scale != 0 {
                    let years_type =
                        Type::Number(Quantity { unit: Unit::YEARS, scale: 0, percent: false });
                    return Err(self.mismatch(
                        &years.place,
                        self.describe(years_type),
                        years_node.ty,
                    ));
                }
                let (from, years) = self.one_level(place, from, years_node)?;
                self.push(place, Op::PlusYears(from.n, years.n), Type::Date)
            }
            ("years_since" | "months_since" | "days_since", _) => {
                Err(wrong_count("날짜 하나", "one date"))
            }
            ("years_between" | "months_between" | "days_between", _) => {
                Err(wrong_count("날짜 둘", "two dates"))
            }
            ("plus_years", _) => Err(wrong_count("날짜와 햇수", "a date and years")),
            _ => {
                const KNOWN: [&str; 12] = [
                    "min",
                    "max",
                    "floor",
                    "ceil",
                    "round",
                    "years_since",
                    "months_since",
                    "days_since",
                    "years_between",
                    "months_between",
                    "days_between",
                    "plus_years",
                ];
                let (ko, en) = crate::problem::did_you_mean(crate::problem::nearest(name, KNOWN));
                Err(Problem::new(
                    place,
                    format!(
                        "함수 `{name}`은(는) 없습니다.{ko} 쓸 수 있는 함수: {}.",
                        KNOWN.join(", ")
                    ),
                    format!("There is no function `{name}`.{en} Functions: {}.", KNOWN.join(", ")),
                ))
            }
        }
    }

    fn span(
        &mut self,
        place: &Place,
        name: &str,
        from: Typed,
        to: Typed,
    ) -> Result<Typed, Problem> {
        let (op, unit) = match name.as_bytes().first() {
            Some(b'y') => (Op::Years(from.n, to.n), Unit::YEARS),
            Some(b'm') => (Op::Months(from.n, to.n), Unit::MONTHS),
            _ => (Op::Days(from.n, to.n), Unit::DAYS),
        };
        self.push(place, op, Type::Number(Quantity { unit, scale: 0, percent: false }))
    }

    /// `floor(a / b, step)`: the one place where a division may stand.
    fn round(
        &mut self,
        place: &Place,
        mode: Rounding,
        inner: &Expr,
        step: Option<&Expr>,
        scope: Entity,
    ) -> Result<Typed, Problem> {
        let (a, is, divisor) = match &inner.kind {
            ExprKind::Sum(Sum::Div, left, right) => {
                let ((a, x), (b, y)) = (self.number(left, scope)?, self.number(right, scope)?);
                let (low, high) = self.graph.bounds(b.n);
                if low <= 0 && high >= 0 {
                    return Err(Problem::new(
                        &right.place,
                        "나누는 수가 0일 수 있습니다. `max(1, …)`처럼 0이 될 수 없게 쓰세요.",
                        "The divisor could be 0. Write it so that it cannot: `max(1, …)`.",
                    ));
                }
                let (a, b) = self.one_level(place, a, b)?;
                (a, Quantity { unit: x.unit.over(y.unit), ..x }, Some((b, y)))
            }
            _ => {
                let (a, is) = self.number(inner, scope)?;
                (a, is, None)
            }
        };
        let (size, unit) = match step.map(|step| (&step.kind, &step.place)) {
            None => (1, Quantity { unit: is.unit, scale: 0, percent: false }),
            Some((ExprKind::Number(size, scale, unit), _)) if *size > 0 => {
                (*size, Quantity { scale: *scale, ..unit.unwrap_or(Quantity::COUNT) })
            }
            Some((_, place)) => {
                return Err(Problem::new(
                    place,
                    "반올림 단위는 0보다 큰 수여야 합니다(예: 100 won).",
                    "The step must be a number above 0 (100 won).",
                ));
            }
        };
        if unit.unit != is.unit {
            let place = step.map_or(place, |step| &step.place);
            return Err(self.mismatch(place, self.describe(Type::Number(is)), Type::Number(unit)));
        }
        // (a / 10^is) / (b / 10^by) / (size / 10^scale), as a quotient of whole numbers.
        let mut up = unit.scale + divisor.map_or(0, |(_, by)| by.scale);
        let mut down = is.scale;
        let common = up.min(down);
        up -= common;
        down -= common;
        let down = power(down).checked_mul(size).ok_or_else(|| {
            Problem::new(place, "반올림 단위가 너무 큽니다.", "The step is too large.")
        })?;
        let op = Op::Divide {
            a: a.n,
            b: divisor.map(|(b, _)| b.n),
            up: power(up),
            down,
            step: size,
            mode,
        };
        self.push(place, op, Type::Number(unit))
    }
}
