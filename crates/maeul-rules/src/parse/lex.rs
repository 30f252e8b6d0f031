//! The words of an expression, each with its place in the file.

use crate::problem::{Place, Problem};
use crate::value::{Quantity, decimal};
use crate::yaml::Scalar;

/// A word of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name or a word of the language.
    Word(String),
    /// A number at its scale, with its unit if one is written.
    Number(i64, u8, Option<Quantity>),
    /// A date as yyyymmdd.
    Date(i64),
    /// A word in quotes: a value of an enumeration.
    Quoted(String),
    /// A sign: `<=`, `(`, `+` …
    Sign(&'static str),
    /// The end of the expression.
    End,
}

const SIGNS: [&str; 17] =
    ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-", "*"];

/// Cuts an expression into words.
///
/// # Errors
/// A character that means nothing here, an open quote, a number that is none.
pub fn tokens(scalar: &Scalar) -> Result<Vec<(Token, Place)>, Problem> {
    let chars: Vec<char> = scalar.raw.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, place: scalar.raw_place.clone() };
    let mut tokens = vec![];
    loop {
        lexer.skip();
        let place = lexer.place.clone();
        let token = lexer.token(&place)?;
        let end = token == Token::End;
        tokens.push((token, place));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    place: Place,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self, count: usize) {
        for _ in 0..count {
            match self.peek(0) {
                Some('\n') => {
                    self.place.line += 1;
                    self.place.column = 1;
                }
                _ => self.place.column += 1,
            }
            self.at += 1;
        }
    }

    fn skip(&mut self) {
        while let Some(letter) = self.peek(0) {
            if letter == '#' {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.step(1);
                }
            } else if letter.is_whitespace() {
                self.step(1);
            } else {
                return;
            }
        }
    }

    fn taken(&self, wanted: impl Fn(char) -> bool) -> String {
        self.chars.iter().skip(self.at).take_while(|c| wanted(**c)).collect()
    }

    fn token(&mut self, place: &Place) -> Result<Token, Problem> {
        let Some(letter) = self.peek(0) else { return Ok(Token::End) };
        if letter.is_ascii_digit() {
            return self.number(place);
        }
        if letter.is_alphabetic() || letter == '_' {
            let word = self.taken(|c| c.is_alphanumeric() || c == '_');
            self.step(word.chars().count());
            return Ok(Token::Word(word));
        }
        if letter == '\'' || letter == '"' {
            self.step(1);
            let word = self.taken(|c| c != letter && c != '\n');
            self.step(word.chars().count());
            if self.peek(0) != Some(letter) {
                return Err(Problem::new(
                    place,
                    "따옴표가 닫히지 않았습니다.",
                    "The quote is not closed.",
                ));
            }
            self.step(1);
            return Ok(Token::Quoted(word));
        }
        if letter == '/' {
            self.step(1);
            return Ok(Token::Sign("/"));
        }
        for sign in SIGNS {
            if sign.chars().enumerate().all(|(index, c)| self.peek(index) == Some(c)) {
                self.step(sign.len());
                return Ok(Token::Sign(sign));
            }
        }
        let hint = match letter {
            '=' => "같음은 `==`입니다. Equality is `==`.",
            '!' => "부정은 `not`입니다. Negation is `not`.",
            '?' | ':' => "조건은 `if a then b else c`입니다. A choice is `if a then b else c`.",
            '≤' => "`<=`로 쓰세요. Write `<=`.",
            '≥' => "`>=`로 쓰세요. Write `>=`.",
            _ => "",
        };
        Err(Problem::new(
            place,
            format!("`{letter}`은(는) 식에 쓸 수 없는 글자입니다. {hint}").trim_end(),
            format!("`{letter}` means nothing in an expression. {hint}").trim_end(),
        ))
    }

    fn number(&mut self, place: &Place) -> Result<Token, Problem> {
        let ten: String = self.chars.iter().skip(self.at).take(10).collect();
        if ten.split('-').map(str::len).eq([4, 2, 2]) {
            if let Some(date) = crate::value::date(&ten) {
                self.step(10);
                return Ok(Token::Date(date));
            }
            if ten.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                return Err(Problem::new(
                    place,
                    format!("`{ten}`은(는) 달력에 없는 날짜입니다."),
                    format!("`{ten}` is no date of the calendar."),
                ));
            }
        }
        let text = self.taken(|c| c.is_ascii_digit() || c == '_' || c == '.');
        self.step(text.chars().count());
        let fraction = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let scale = u8::try_from(fraction).unwrap_or(u8::MAX);
        let value =
            (scale <= 6).then(|| decimal(&text, scale).ok()).flatten().ok_or_else(|| {
                Problem::new(
                    place,
                    format!("`{text}`은(는) 수가 아니거나 소수점 아래가 6자리를 넘습니다."),
                    format!("`{text}` is no number, or has more than 6 decimals."),
                )
            })?;
        let (unit, length) = self.unit();
        self.step(length);
        // A percentage is a fraction: 30 % is 0.30, two decimals more.
        let scale = scale + if unit.is_some_and(|unit| unit.percent) { 2 } else { 0 };
        Ok(Token::Number(value, scale, unit))
    }

    /// The unit after a number and how many characters it takes, spaces before it included.
    fn unit(&self) -> (Option<Quantity>, usize) {
        let spaces =
            (0..).take_while(|ahead| matches!(self.peek(*ahead), Some(' ' | '\n'))).count();
        let word: String = self
            .chars
            .iter()
            .skip(self.at + spaces)
            .take_while(|c| c.is_alphanumeric() || matches!(c, '/' | '%' | '㎡' | '_'))
            .collect();
        for text in [word.as_str(), word.split('/').next().unwrap_or_default()] {
            if let Some(quantity) = Quantity::parse(text) {
                return (Some(quantity), spaces + text.chars().count());
            }
        }
        (None, 0)
    }
}
