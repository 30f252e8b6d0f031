//! The expression language: its tree and its reader (recursive descent, one word ahead).

use crate::parse::lex::{Token, tokens};
use crate::problem::{Place, Problem};
use crate::value::Quantity;
use crate::yaml::Node;

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub kind: ExprKind,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// An arithmetic sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sum {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}

/// What is asked of all members of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Agg {
    /// One of them.
    Any,
    /// Each of them.
    All,
    /// How many of them.
    Count,
    /// Together.
    Sum,
    /// The most.
    Max,
    /// The least.
    Min,
}

impl Agg {
    /// As a rule writes it.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("any", Self::Any),
        ("all", Self::All),
        ("count", Self::Count),
        ("sum", Self::Sum),
        ("max", Self::Max),
        ("min", Self::Min),
    ];
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A number at its scale.
    Number(i64, u8, Option<Quantity>),
    /// `true`, `false`
    Bool(bool),
    /// `2026-03-27`
    Date(i64),
    /// `'city'`
    Quoted(String),
    /// A fact, a definition, a `let`, or `on`.
    Name(String),
    /// `p.KEY[..]`
    Param(String, Vec<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Neg(Box<Expr>),
    /// `a and b`
    And(Box<Expr>, Box<Expr>),
    /// `a or b`
    Or(Box<Expr>, Box<Expr>),
    /// `a <= b`
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// `a in [b, c]`
    In(Box<Expr>, Vec<Expr>),
    /// `a + b`
    Sum(Sum, Box<Expr>, Box<Expr>),
    /// `if a then b else c`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `max(a, b)`
    Call(String, Vec<Expr>),
    /// `members.any(x)`
    Members(Agg, Box<Expr>),
    /// `head.x`
    Head(Box<Expr>),
}

/// Words that cannot be names.
pub const RESERVED: [&str; 13] =
    ["and", "or", "not", "in", "if", "then", "else", "true", "false", "p", "members", "head", "on"];

/// Reads the expression in a YAML value.
///
/// # Errors
/// Line and column of the first word that cannot stand there, and what was expected.
pub fn parse(node: &Node) -> Result<Expr, Problem> {
    let scalar = node.scalar()?;
    let mut reader = Reader { tokens: tokens(scalar)?, at: 0, depth: 0 };
    let expr = reader.expr()?;
    match reader.peek() {
        Token::End => Ok(expr),
        Token::Sign("&&") => Err(reader.wrong("`and`", "`and`")),
        Token::Sign("||") => Err(reader.wrong("`or`", "`or`")),
        _ => Err(reader.wrong("연산자 또는 식의 끝", "an operator or the end of the expression")),
    }
}

struct Reader {
    tokens: Vec<(Token, Place)>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn place(&self) -> Place {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or_else(|| Place::file(""), |(_, place)| place.clone())
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(known) if *known == sign);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(known) if known == word);
        self.at += usize::from(found);
        found
    }

    fn wrong(&self, ko: &str, en: &str) -> Problem {
        let (found_ko, found_en) = match self.peek() {
            Token::End => ("식의 끝".to_owned(), "the end of the expression".to_owned()),
            token => {
                let text = match token {
                    Token::Word(word) => word.clone(),
                    Token::Quoted(word) => format!("'{word}'"),
                    Token::Number(value, scale, unit) => {
                        Quantity { scale: *scale, ..unit.unwrap_or(Quantity::COUNT) }
                            .show(*value, maeul_base::Lang::En)
                    }
                    Token::Date(day) => crate::value::date_text(*day),
                    Token::Sign(sign) => (*sign).to_owned(),
                    Token::End => String::new(),
                };
                (format!("`{text}`"), format!("`{text}`"))
            }
        };
        Problem::new(
            &self.place(),
            format!("{ko}이(가) 와야 하는데 {found_ko}이(가) 있습니다."),
            format!("Expected {en}, found {found_en}."),
        )
    }

    fn need(&mut self, sign: &'static str) -> Result<(), Problem> {
        if self.sign(sign) {
            Ok(())
        } else {
            Err(self.wrong(&format!("`{sign}`"), &format!("`{sign}`")))
        }
    }

    fn need_word(&mut self, word: &'static str) -> Result<(), Problem> {
        if self.word(word) {
            Ok(())
        } else {
            Err(self.wrong(&format!("`{word}`"), &format!("`{word}`")))
        }
    }

    fn name(&mut self) -> Result<String, Problem> {
        match self.peek() {
            Token::Word(word) => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.wrong("이름", "a name")),
        }
    }

    fn expr(&mut self) -> Result<Expr, Problem> {
        self.depth += 1;
        if self.depth > 60 {
            return Err(Problem::new(
                &self.place(),
                "식이 너무 깊습니다. `let`으로 나누세요.",
                "The expression is nested too deeply. Split it with `let`.",
            ));
        }
        let expr = self.choice();
        self.depth -= 1;
        expr
    }

    fn choice(&mut self) -> Result<Expr, Problem> {
        let place = self.place();
        if self.word("if") {
            let condition = Box::new(self.expr()?);
            self.need_word("then")?;
            let yes = Box::new(self.expr()?);
            self.need_word("else")?;
            let no = Box::new(self.expr()?);
            return Ok(Expr { place, kind: ExprKind::If(condition, yes, no) });
        }
        let mut left = self.and()?;
        while self.word("or") {
            let right = self.and()?;
            left =
                Expr { place: place.clone(), kind: ExprKind::Or(Box::new(left), Box::new(right)) };
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr, Problem> {
        let place = self.place();
        let mut left = self.not()?;
        while self.word("and") {
            let right = self.not()?;
            left =
                Expr { place: place.clone(), kind: ExprKind::And(Box::new(left), Box::new(right)) };
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expr, Problem> {
        let place = self.place();
        let mut negations = 0_u32;
        while self.word("not") {
            negations += 1;
        }
        let mut expr = self.comparison()?;
        for _ in 0..negations {
            expr = Expr { place: place.clone(), kind: ExprKind::Not(Box::new(expr)) };
        }
        Ok(expr)
    }

    fn comparison(&mut self) -> Result<Expr, Problem> {
        let place = self.place();
        let left = self.sum()?;
        if self.word("in") {
            self.need("[")?;
            let list = self.list("]")?;
            return Ok(Expr { place, kind: ExprKind::In(Box::new(left), list) });
        }
        let compare = match self.peek() {
            Token::Sign("==") => Compare::Eq,
            Token::Sign("!=") => Compare::Ne,
            Token::Sign("<=") => Compare::Le,
            Token::Sign(">=") => Compare::Ge,
            Token::Sign("<") => Compare::Lt,
            Token::Sign(">") => Compare::Gt,
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.sum()?;
        Ok(Expr { place, kind: ExprKind::Compare(compare, Box::new(left), Box::new(right)) })
    }

    fn sum(&mut self) -> Result<Expr, Problem> {
        let place = self.place();
        let mut left = self.product()?;
        loop {
            let sign = match self.peek() {
                Token::Sign("+") => Sum::Add,
                Token::Sign("-") => Sum::Sub,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = Expr {
                place: place.clone(),
                kind: ExprKind::Sum(sign, Box::new(left), Box::new(right)),
            };
        }
    }

    fn product(&mut self) -> Result<Expr, Problem> {
        let place = self.place();
        let mut left = self.factor()?;
        loop {
            let sign = match self.peek() {
                Token::Sign("*") => Sum::Mul,
                Token::Sign("/") => Sum::Div,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.factor()?;
            left = Expr {
                place: place.clone(),
                kind: ExprKind::Sum(sign, Box::new(left), Box::new(right)),
            };
        }
    }

    fn list(&mut self, close: &'static str) -> Result<Vec<Expr>, Problem> {
        let mut list = vec![];
        if self.sign(close) {
            return Ok(list);
        }
        loop {
            list.push(self.expr()?);
            if self.sign(close) {
                return Ok(list);
            }
            if !self.sign(",") {
                return Err(
                    self.wrong(&format!("`,` 또는 `{close}`"), &format!("`,` or `{close}`"))
                );
            }
        }
    }

    fn factor(&mut self) -> Result<Expr, Problem> {
        let place = self.place();
        let kind = match self.take() {
            Token::Number(value, scale, unit) => ExprKind::Number(value, scale, unit),
            Token::Date(day) => ExprKind::Date(day),
            Token::Quoted(word) => ExprKind::Quoted(word),
            Token::Sign("(") => {
                let expr = self.expr()?;
                self.need(")")?;
                return Ok(expr);
            }
            Token::Sign("-") => {
                self.depth += 1;
                if self.depth > 60 {
                    return Err(self.wrong("덜 깊은 식", "a less deeply nested expression"));
                }
                let inner = self.factor()?;
                self.depth -= 1;
                ExprKind::Neg(Box::new(inner))
            }
            Token::Word(word) => return self.named(place, word),
            Token::Sign(_) | Token::End => {
                self.at -= 1;
                return Err(self.wrong("값, 이름 또는 `(`", "a value, a name or `(`"));
            }
        };
        Ok(Expr { place, kind })
    }

    fn named(&mut self, place: Place, word: String) -> Result<Expr, Problem> {
        let kind = match word.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "p" => {
                let mut key = String::new();
                self.need(".")?;
                key.push_str(&self.name()?);
                while self.sign(".") {
                    key.push('.');
                    key.push_str(&self.name()?);
                }
                let at = if self.sign("[") { self.list("]")? } else { vec![] };
                ExprKind::Param(key, at)
            }
            "members" => {
                self.need(".")?;
                let asked = self.place();
                let name = self.name()?;
                let Some((_, agg)) = Agg::NAMES.into_iter().find(|(known, _)| *known == name)
                else {
                    return Err(Problem::new(
                        &asked,
                        format!(
                            "`members.` 뒤에는 any, all, count, sum, max, min이 와야 하는데 `{name}`이(가) 있습니다."
                        ),
                        format!(
                            "Expected any, all, count, sum, max or min after `members.`, found `{name}`."
                        ),
                    ));
                };
                self.need("(")?;
                let inner = self.expr()?;
                self.need(")")?;
                ExprKind::Members(agg, Box::new(inner))
            }
            "head" => {
                self.need(".")?;
                let inner = Expr { place: self.place(), kind: ExprKind::Name(self.name()?) };
                ExprKind::Head(Box::new(inner))
            }
            "and" | "or" | "in" | "then" | "else" | "if" | "not" => {
                self.at -= 1;
                return Err(self.wrong("값, 이름 또는 `(`", "a value, a name or `(`"));
            }
            _ if self.sign("(") => ExprKind::Call(word, self.list(")")?),
            _ => ExprKind::Name(word),
        };
        Ok(Expr { place, kind })
    }
}
