//! Why a scheme cannot be read or a file not counted by it.

use maeul_base::{Lang, Refusal};

/// What is wrong with one part of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeProblem {
    /// Not a number above or equal to zero.
    Number,
    /// No channel at all, or none of that name.
    Channel,
    /// All weights are zero.
    Weights,
    /// A channel of scores without `column` or without a maximum above zero.
    Score,
    /// The minimum is above the maximum.
    Crossed,
    /// A bound without saying what breaking it means, or a rule without a bound.
    Remedy,
    /// The chain of ties cannot be read.
    Ties,
    /// A group without `value`, `each` or any limit.
    Group,
}

/// Why a scheme cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeError {
    /// The file is not TOML, or has a key nobody knows.
    Unreadable(String),
    /// A part cannot be meant as written.
    Part(String, SchemeProblem),
    /// Crosses are counted, and this file has others.
    Kind,
    /// A ballot's `voting_method` belongs to no channel.
    NoChannel {
        /// Line of the ballot, 0 when not known.
        line: u32,
        /// What it says.
        method: String,
        /// What channels admit.
        known: Vec<String>,
    },
    /// PROJECTS has no such column.
    NoColumn(String),
    /// A project says nothing, or no number, in a column that is counted.
    Cell {
        /// Line of the project, 0 when not known.
        line: u32,
        /// The project.
        project: String,
        /// The column.
        column: String,
        /// What it says.
        value: String,
    },
}

impl Refusal for SchemeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "scheme.unreadable",
            Self::Part(..) => "scheme.part",
            Self::Kind => "scheme.kind",
            Self::NoChannel { .. } => "scheme.channel",
            Self::NoColumn(_) => "scheme.column",
            Self::Cell { .. } => "scheme.cell",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unreadable(error), _) => {
                format!(
                    "{}\n{error}",
                    lang.t("방식 파일을 읽을 수 없습니다.", "The scheme cannot be read.")
                )
            }
            (Self::Part(part, problem), _) => {
                format!("{} '{part}': {}", lang.t("방식 파일의", "Scheme,"), problem.say(lang))
            }
            (Self::Kind, _) => lang
                .t(
                    "방식은 찬성 표시(approval, choose-1)만 셉니다. vote_type을 확인하십시오.",
                    "A scheme counts crosses only (approval, choose-1). Check vote_type.",
                )
                .into(),
            (Self::NoChannel { line, method, known }, Lang::Ko) => format!(
                "{line}번째 줄: voting_method '{method}'이(가) 어느 투표 경로인지 방식에 없습니다(있는 값: {}). 방식의 match나 파일을 고치십시오.",
                known.join(", ")
            ),
            (Self::NoChannel { line, method, known }, Lang::En) => format!(
                "Line {line}: the scheme has no channel for voting_method '{method}' (there are: {}). Change match in the scheme, or the file.",
                known.join(", ")
            ),
            (Self::NoColumn(column), Lang::Ko) => {
                format!(
                    "PROJECTS에 '{column}' 열이 없습니다. 방식이 이 열로 셉니다. 열을 넣으십시오."
                )
            }
            (Self::NoColumn(column), Lang::En) => {
                format!("PROJECTS has no column '{column}', which the scheme counts by. Add it.")
            }
            (Self::Cell { line, project, column, value }, Lang::Ko) => format!(
                "{line}번째 줄: 사업 '{project}'의 {column} '{value}'을(를) 쓸 수 없습니다. 0부터 최고점까지의 수나 묶음 이름을 쓰십시오."
            ),
            (Self::Cell { line, project, column, value }, Lang::En) => format!(
                "Line {line}: {column} of project '{project}' says '{value}'. Write a number from 0 to the maximum, or the group's name."
            ),
        }
    }
}

impl SchemeProblem {
    const fn say(&self, lang: Lang) -> &'static str {
        match self {
            Self::Number => lang.t(
                "0 이상의 수가 아닙니다. 소수는 \"12.5\"처럼 따옴표로 묶으십시오.",
                "This is not a number of zero or more. Write decimals in quotation marks: \"12.5\".",
            ),
            Self::Channel => lang.t("그런 투표 경로가 없습니다.", "There is no such channel."),
            Self::Weights => lang.t("가중치의 합이 0입니다.", "The weights sum to zero."),
            Self::Score => lang.t(
                "점수 경로에는 column과 0보다 큰 max가 있어야 합니다.",
                "A channel of scores needs column and a max above zero.",
            ),
            Self::Crossed => lang.t("최소가 최대보다 큽니다.", "The minimum is above the maximum."),
            Self::Remedy => lang.t(
                "한도마다 over나 under(void, void-field, accept)를 쓰고, 한도 없는 규칙은 두지 마십시오.",
                "Every bound needs over or under (void, void-field, accept), and every rule a bound.",
            ),
            Self::Ties => lang.t(
                "동점 처리 순서를 읽을 수 없습니다. id, votes, cost, lot:시드를 쓰십시오.",
                "The chain of ties cannot be read. Use id, votes, cost, lot:SEED.",
            ),
            Self::Group => lang.t(
                "value나 each 가운데 하나와 ceiling, at_least, at_most 가운데 하나 이상을 쓰십시오.",
                "Write value or each, and ceiling, at_least or at_most.",
            ),
        }
    }
}
