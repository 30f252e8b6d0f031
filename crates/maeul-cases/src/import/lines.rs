//! Reads a file of TOML tables and keeps for every complaint the line it concerns.

use std::ops::Range;

use maeul_base::import::LineRefusal;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::words::Bilingual;

/// The complaints so far, and how to find their lines.
#[derive(Debug)]
pub struct Lines {
    ends: Vec<usize>,
    refusals: Vec<LineRefusal>,
}

impl Lines {
    /// For that text.
    pub fn new(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Self { ends, refusals: Vec::new() }
    }

    /// The line, from 1, on which a span begins.
    pub fn line(&self, span: &Range<usize>) -> usize {
        self.ends.partition_point(|end| *end < span.start) + 1
    }

    /// Adds a complaint.
    pub fn refuse(
        &mut self,
        span: &Range<usize>,
        field: &str,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.refusals.push(LineRefusal::new(self.line(span), field, ko, en));
    }

    /// The file as its type; the first thing that does not fit ends the reading.
    pub fn read<T: DeserializeOwned>(&self, text: &str) -> Result<T, Vec<LineRefusal>> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| self.line(&span));
            let said = error.message();
            vec![LineRefusal::new(
                line,
                "",
                format!("TOML 파일로 읽을 수 없습니다: {said}"),
                format!("This cannot be read: {said}"),
            )]
        })
    }

    /// A code of lower-case letters, digits and hyphens that was not met before.
    pub fn code(&mut self, code: &Spanned<String>, met: &mut Vec<String>) -> String {
        let text = code.get_ref().clone();
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        if !fits {
            self.refuse(
                &code.span(),
                "code",
                "코드는 영어 소문자, 숫자, 붙임표로 1~40자여야 합니다.",
                "A code has 1 to 40 lower-case letters, digits and hyphens.",
            );
        }
        if met.contains(&text) {
            self.refuse(
                &code.span(),
                "code",
                format!("코드 {text}이(가) 두 번 나옵니다."),
                format!("The code {text} stands here twice."),
            );
        }
        met.push(text.clone());
        text
    }

    /// Two texts that must both be there.
    pub fn both(&mut self, span: &Range<usize>, field: &str, ko: &str, en: &str) -> Bilingual {
        if ko.trim().is_empty() || en.trim().is_empty() {
            self.refuse(
                span,
                field,
                format!("{field}_ko와 {field}_en을 모두 적어 주십시오."),
                format!("Both {field}_ko and {field}_en are needed."),
            );
        }
        Bilingual::new(ko.trim(), en.trim())
    }

    /// What was read, unless something was wrong.
    pub fn finish<T>(mut self, read: T) -> Result<T, Vec<LineRefusal>> {
        if self.refusals.is_empty() {
            return Ok(read);
        }
        self.refusals.sort();
        Err(self.refusals)
    }
}
