//! Just enough of Rust's lexer to tell a string literal from a comment.

/// A string literal and the line it begins on (from 1).
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// The line of its opening quote.
    pub line: usize,
    /// What stands between its quotes, escapes left as written.
    pub text: String,
}

/// All string literals of a source text, comments and character literals passed over.
pub fn literals(source: &str) -> Vec<Literal> {
    let mut reader = Reader { rest: source.chars().collect(), at: 0, line: 1 };
    let mut found = Vec::new();
    let mut after_word = false;
    while let Some(char) = reader.peek(0) {
        match (char, reader.peek(1)) {
            ('/', Some('/')) => reader.skip_line(),
            ('/', Some('*')) => reader.skip_block_comment(),
            ('"', _) => found.push(reader.literal()),
            ('r', Some('"' | '#')) if !after_word => match reader.hashes_before_quote() {
                Some(hashes) => found.push(reader.raw_literal(hashes)),
                // A raw identifier.
                None => reader.skip(2),
            },
            // `br"…"`, `b"…"` and `c"…"`: the prefix is passed over, the literal comes next.
            ('b' | 'c', Some('"' | 'r' | '\'')) if !after_word => {
                reader.skip(1);
                continue;
            }
            ('\'', _) => reader.skip_character_or_lifetime(),
            _ => reader.skip(1),
        }
        after_word = char.is_alphanumeric() || char == '_';
    }
    found
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek(0)?;
        self.at += 1;
        if char == '\n' {
            self.line += 1;
        }
        Some(char)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|char| char != '\n') {
            self.next();
        }
    }

    /// Block comments nest.
    fn skip_block_comment(&mut self) {
        let mut depth = 0_u32;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.skip(2);
                }
                (Some('*'), Some('/')) => {
                    depth = depth.saturating_sub(1);
                    self.skip(2);
                    if depth == 0 {
                        return;
                    }
                }
                (Some(_), _) => self.skip(1),
                (None, _) => return,
            }
        }
    }

    /// `'a'`, `'\n'` and `'\u{ac00}'` are characters; `'a` is a lifetime.
    fn skip_character_or_lifetime(&mut self) {
        self.skip(1);
        if self.peek(0) == Some('\\') {
            self.skip(2);
            while self.next().is_some_and(|char| char != '\'') {}
        } else if self.peek(1) == Some('\'') {
            self.skip(2);
        }
    }

    fn hashes_before_quote(&self) -> Option<usize> {
        let hashes = (1..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        (self.peek(1 + hashes) == Some('"')).then_some(hashes)
    }

    fn raw_literal(&mut self, hashes: usize) -> Literal {
        self.skip(1 + hashes);
        let line = self.line;
        self.skip(1);
        let mut text = String::new();
        while let Some(char) = self.next() {
            if char == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.skip(hashes);
                break;
            }
            text.push(char);
        }
        Literal { line, text }
    }

    fn literal(&mut self) -> Literal {
        let line = self.line;
        self.skip(1);
        let mut text = String::new();
        while let Some(char) = self.next() {
            match char {
                '"' => break,
                '\\' => {
                    text.push(char);
                    text.extend(self.next());
                }
                _ => text.push(char),
            }
        }
        Literal { line, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        literals(source).into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn comments_characters_and_lifetimes_are_not_strings() {
        let source = r##"
            // "no"
            /* "no" /* "no" */ "no" */
            fn f<'a>(x: &'a str) -> char { if x == "yes" { '"' } else { '\'' } }
            let y = r#"raw "inside""#; let z = b"bytes"; let r#type = br"bare";
        "##;
        assert_eq!(texts(source), ["yes", "raw \"inside\"", "bytes", "bare"]);
    }

    #[test]
    fn escapes_do_not_end_a_string_and_lines_are_counted() {
        let found =
            literals("let a = \"one \\\" two\";\nlet b = \"three\\\n four\";\nlet c = \"five\";");
        let lines: Vec<_> = found.iter().map(|literal| literal.line).collect();
        assert_eq!(lines, [1, 2, 4]);
    }

    #[test]
    fn a_word_that_ends_in_r_is_not_a_raw_string() {
        assert_eq!(texts("for\"x\""), ["x"]);
        assert_eq!(texts("concat!(var, \"y\")"), ["y"]);
    }
}
