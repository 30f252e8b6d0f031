//! Why a `.pb` file cannot be counted: the line, what is wrong there, and what to do.

use std::fmt;

use maeul_base::{Lang, Refusal};

use super::Part;

/// A file that cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PbError {
    /// The line, counted from 1; 0 where the whole file is meant.
    pub line: u32,
    /// What is wrong.
    pub problem: PbProblem,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PbProblem {
    /// A quote is opened and never closed.
    OpenQuote,
    /// Text before the first part.
    NoPart,
    /// A part comes twice.
    PartTwice(Part),
    /// A part is missing.
    PartMissing(Part),
    /// A part has no line with the names of its columns.
    NoHeader(Part),
    /// Two columns have the same name (after renaming).
    ColumnTwice(String),
    /// A column that must be there is missing.
    ColumnMissing(Part, &'static str),
    /// More cells than columns: cells, columns.
    TooManyCells(usize, usize),
    /// A key of META comes twice.
    KeyTwice(String),
    /// A key of META that must be there is missing.
    KeyMissing(&'static str),
    /// No such vote type.
    VoteType(String),
    /// Not a number: field, text.
    NotANumber(String, String),
    /// Below zero, or not above zero where it must be: field, text.
    Negative(String, String),
    /// Too many digits to count with: field, text.
    TooLarge(String, String),
    /// META states another number than there are: key, stated, found.
    Count(&'static str, String, usize),
    /// A project without an id.
    NoId,
    /// Two projects with the same id.
    IdTwice(String),
    /// A ballot names a project that is not in the list.
    NoSuchProject(String),
    /// A ballot names a project twice.
    ChoiceTwice(String),
    /// A choose-1 ballot names several projects: how many.
    OneOnly(usize),
    /// Not as many points as projects: points, projects.
    Points(usize, usize),
    /// More projects or ballots than can be numbered.
    TooMany,
}

impl PbError {
    pub(crate) const fn new(line: u32, problem: PbProblem) -> Self {
        Self { line, problem }
    }
}

impl fmt::Display for PbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for PbError {}

impl Refusal for PbError {
    fn code(&self) -> &'static str {
        "tally.pb"
    }

    fn say(&self, lang: Lang) -> String {
        let words = match lang {
            Lang::Ko => self.problem.korean(),
            Lang::En => self.problem.english(),
        };
        match (self.line, lang) {
            (0, _) => words,
            (line, Lang::Ko) => format!("{line}번째 줄: {words}"),
            (line, Lang::En) => format!("line {line}: {words}"),
        }
    }
}

impl PbProblem {
    fn korean(&self) -> String {
        match self {
            Self::OpenQuote => "큰따옴표가 열리고 닫히지 않았습니다. 닫거나, 글자 그대로면 두 번(\"\") 쓰십시오.".into(),
            Self::NoPart => "첫 부분(META) 앞에 글자가 있습니다. 파일은 META 줄로 시작해야 합니다. .pb 파일이 맞는지 확인하십시오.".into(),
            Self::PartTwice(part) => format!("{} 부분이 두 번 나옵니다. 하나로 합치십시오.", part.name()),
            Self::PartMissing(part) => format!("{} 부분이 없습니다. 파일이 잘렸는지 확인하고 {0} 줄과 표를 넣으십시오.", part.name()),
            Self::NoHeader(part) => format!("{} 다음 줄에 열 이름이 없습니다. 예: project_id;cost;name", part.name()),
            Self::ColumnTwice(name) => format!("'{name}' 열이 두 번 나옵니다. 하나를 지우거나 이름을 바꾸십시오."),
            Self::ColumnMissing(part, name) => format!("{} 부분에 '{name}' 열이 없습니다. 그 열을 넣으십시오.", part.name()),
            Self::TooManyCells(cells, columns) => format!(
                "칸이 {cells}개인데 열은 {columns}개입니다. 글에 들어간 ;이나 줄바꿈은 큰따옴표로 감싸십시오."
            ),
            Self::KeyTwice(key) => format!("META의 '{key}'이(가) 두 번 나옵니다. 하나만 남기십시오."),
            Self::KeyMissing(key) => format!("META에 '{key}'이(가) 없습니다. '{key};값' 줄을 넣으십시오."),
            Self::VoteType(text) => format!(
                "vote_type '{text}'은(는) 없습니다. approval, choose-1, ordinal, cumulative, scoring 중 하나로 쓰십시오."
            ),
            Self::NotANumber(field, text) => format!("{field} '{text}'은(는) 수가 아닙니다. 1500000 또는 748772.64처럼 쓰십시오."),
            Self::Negative(field, text) => format!("{field} '{text}'은(는) 0보다 작을 수 없습니다. 고치십시오."),
            Self::TooLarge(field, text) => format!("{field} '{text}'은(는) 너무 큽니다. 소수 9자리, 전체 18자리까지 셀 수 있습니다."),
            Self::Count(key, stated, found) => format!(
                "META의 {key}는 {stated}인데 실제로는 {found}입니다. 파일이 잘렸는지 확인하고, 맞는 파일이면 {key}를 고치십시오."
            ),
            Self::NoId => "project_id가 비었습니다. 사업마다 다른 번호를 주십시오.".into(),
            Self::IdTwice(id) => format!("project_id '{id}'가 두 번 나옵니다. 사업마다 다른 번호를 주십시오."),
            Self::NoSuchProject(id) => format!("표에 적힌 사업 '{id}'가 PROJECTS에 없습니다. 번호를 고치거나 사업을 넣으십시오."),
            Self::ChoiceTwice(id) => format!("한 표에 사업 '{id}'가 두 번 적혔습니다. 하나만 남기십시오."),
            Self::OneOnly(count) => format!("choose-1 표에 사업이 {count}개 적혔습니다. 하나만 남기거나 vote_type을 approval로 바꾸십시오."),
            Self::Points(points, projects) => format!(
                "points가 {points}개인데 사업은 {projects}개입니다. 같은 순서로 같은 수만큼 쓰십시오(소수점은 쉼표가 아닌 점으로)."
            ),
            Self::TooMany => "사업이나 표가 너무 많습니다(40억 개까지). 파일을 나누십시오.".into(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::OpenQuote => "A quote is opened and never closed. Close it, or double it (\"\") if it is meant literally.".into(),
            Self::NoPart => "There is text before the first part. A file begins with the line META; check that this is a .pb file.".into(),
            Self::PartTwice(part) => format!("The part {} comes twice. Make it one.", part.name()),
            Self::PartMissing(part) => format!("The part {} is missing. Check whether the file was cut off, and add the line {0} and its table.", part.name()),
            Self::NoHeader(part) => format!("The line after {} must name its columns, for example project_id;cost;name", part.name()),
            Self::ColumnTwice(name) => format!("The column '{name}' comes twice. Remove or rename one."),
            Self::ColumnMissing(part, name) => format!("{} has no column '{name}'. Add it.", part.name()),
            Self::TooManyCells(cells, columns) => format!(
                "There are {cells} cells but {columns} columns. Put text that contains ; or a line break into double quotes."
            ),
            Self::KeyTwice(key) => format!("META says '{key}' twice. Keep one."),
            Self::KeyMissing(key) => format!("META does not say '{key}'. Add a line '{key};value'."),
            Self::VoteType(text) => format!(
                "There is no vote_type '{text}'. Use approval, choose-1, ordinal, cumulative or scoring."
            ),
            Self::NotANumber(field, text) => format!("{field} '{text}' is not a number. Write it like 1500000 or 748772.64"),
            Self::Negative(field, text) => format!("{field} '{text}' may not be below zero. Correct it."),
            Self::TooLarge(field, text) => format!("{field} '{text}' is too large. Up to 9 decimals and 18 digits in all can be counted."),
            Self::Count(key, stated, found) => format!(
                "META says {key} {stated}, but there are {found}. Check whether the file was cut off; if it is whole, correct {key}."
            ),
            Self::NoId => "The project_id is empty. Give each project its own.".into(),
            Self::IdTwice(id) => format!("The project_id '{id}' comes twice. Give each project its own."),
            Self::NoSuchProject(id) => format!("The ballot names project '{id}', which is not in PROJECTS. Correct the id or add the project."),
            Self::ChoiceTwice(id) => format!("The ballot names project '{id}' twice. Keep one."),
            Self::OneOnly(count) => format!("A choose-1 ballot names {count} projects. Keep one, or make the vote_type approval."),
            Self::Points(points, projects) => format!(
                "There are {points} points for {projects} projects. Write as many, in the same order (decimals with a point, not a comma)."
            ),
            Self::TooMany => "There are more projects or ballots than can be numbered (four thousand million). Split the file.".into(),
        }
    }
}
