//! Why a lot cannot be drawn: which line or quota, why, and what to do.

use maeul_base::{Lang, Refusal};

/// At most so many lines are named at once.
const NAMED: usize = 20;

/// Something wrong in one line of the list of candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowProblem {
    /// Another number of values than the first line has.
    Width {
        /// In this line.
        has: usize,
        /// In the first line.
        needs: usize,
    },
    /// Nothing under `id`, or an id of several lines.
    NoId,
    /// An id that was there already.
    IdTwice {
        /// Which.
        id: String,
        /// The line it was in.
        first: u64,
    },
    /// Nothing under a column the quotas ask for.
    Empty(String),
    /// Not a whole number, under a column that is cut into bands.
    NotANumber {
        /// The column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// Below the first band.
    BelowBands {
        /// The column.
        column: String,
        /// What stands there.
        value: u32,
        /// Where the bands begin.
        first: u32,
    },
}

impl RowProblem {
    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Width { has, needs }, Lang::Ko) => {
                format!("값이 {has}개입니다. 첫 줄처럼 {needs}개를 쓰십시오.")
            }
            (Self::Width { has, needs }, Lang::En) => {
                format!("There are {has} values. Write {needs}, as in the first line.")
            }
            (Self::NoId, _) => lang
                .t(
                    "id가 비었거나 여러 줄입니다. 접수번호를 쓰십시오.",
                    "The id is empty or of several lines. Write the enrolment number.",
                )
                .into(),
            (Self::IdTwice { id, first }, Lang::Ko) => {
                format!(
                    "id '{id}'이(가) {first}번째 줄에 이미 있습니다. 한 사람은 한 줄만 쓰십시오."
                )
            }
            (Self::IdTwice { id, first }, Lang::En) => {
                format!("The id '{id}' is already in line {first}. One line for each person.")
            }
            (Self::Empty(column), Lang::Ko) => {
                format!("'{column}'이(가) 비었습니다. 값을 쓰십시오.")
            }
            (Self::Empty(column), Lang::En) => format!("'{column}' is empty. Write its value."),
            (Self::NotANumber { column, value }, Lang::Ko) => {
                format!("'{column}'의 '{value}'은(는) 0 이상의 정수가 아닙니다.")
            }
            (Self::NotANumber { column, value }, Lang::En) => {
                format!("'{value}' under '{column}' is not a whole number.")
            }
            (Self::BelowBands { column, value, first }, Lang::Ko) => format!(
                "'{column}' {value}은(는) 첫 구간({first})보다 작습니다. 대상이 아니면 명단에서 빼고, 대상이면 구간을 고치십시오."
            ),
            (Self::BelowBands { column, value, first }, Lang::En) => format!(
                "'{column}' {value} is below the first band ({first}). Take the line out, or change the bands."
            ),
        }
    }
}

/// Problems of several lines, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TooMany(Vec<(u64, RowProblem)>);

impl TooMany {
    pub(super) fn push(&mut self, line: u64, problem: RowProblem) {
        self.0.push((line, problem));
    }

    pub(super) fn none(self) -> Result<(), LotError> {
        if self.0.is_empty() { Ok(()) } else { Err(LotError::Rows(self)) }
    }

    /// Line, counted from 1, and what is wrong in it.
    pub fn lines(&self) -> &[(u64, RowProblem)] {
        &self.0
    }
}

/// A quota that cannot be met whatever the others say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// The quota, as written in reports.
    pub quota: String,
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// Candidates there are.
    pub candidates: u32,
}

/// Why no lot is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LotError {
    /// The list is not UTF-8.
    NotUtf8 {
        /// The first line that is not.
        line: usize,
    },
    /// The CSV cannot be read on.
    Unreadable(String),
    /// The list names nobody.
    NoCandidates,
    /// The first line has a name twice.
    ColumnTwice(String),
    /// The first line has no `id`; it has these.
    NoIdColumn(Vec<String>),
    /// A quota or band asks for a column the list does not have.
    NoColumn {
        /// Which.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// Lines that cannot be used.
    Rows(TooMany),
    /// The quota file is not as it should be.
    Quota(String),
    /// The quota file follows another procedure.
    Procedure(String),
    /// A quota says nothing, or cannot be read as written.
    QuotaSays(String, QuotaProblem),
    /// No seats, or more than candidates.
    Seats {
        /// Asked for.
        seats: u32,
        /// Candidates there are.
        candidates: usize,
    },
    /// Quotas that no panel can meet, each by itself.
    Short(Vec<Short>),
    /// Quotas that cannot be met together: leave out any one of them and the others can.
    Conflict(Vec<String>),
    /// Too large a search; nothing is guessed.
    Undecided,
    /// The seed is empty or of several lines.
    Seed,
    /// The commitment published is not that of these inputs.
    Commitment {
        /// Published.
        published: String,
        /// Computed.
        computed: String,
    },
    /// Someone named is not on the panel.
    NotOnPanel(String),
    /// A published record cannot be read.
    Record(String),
    /// A published record says something else than the draw repeated: in this field.
    Differs(String),
}

/// What is wrong with one quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuotaProblem {
    /// Neither `where` nor `each`, or both.
    WhereOrEach,
    /// Neither minimum nor maximum.
    NoBound,
    /// Both `min` and `min_percent`, or both maxima.
    BothBounds,
    /// The minimum is above the maximum.
    Crossed,
    /// A percentage above 100.
    Percent,
    /// A band whose steps do not rise, or are none.
    Steps,
}

impl Refusal for LotError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } | Self::Unreadable(_) => "lot.candidates.unreadable",
            Self::NoCandidates => "lot.candidates.none",
            Self::ColumnTwice(_) | Self::NoIdColumn(_) | Self::NoColumn { .. } => {
                "lot.candidates.column"
            }
            Self::Rows(_) => "lot.candidates.row",
            Self::Quota(_) | Self::Procedure(_) | Self::QuotaSays(..) => "lot.quota.unreadable",
            Self::Seats { .. } => "lot.seats",
            Self::Short(_) => "lot.quota.short",
            Self::Conflict(_) => "lot.quota.conflict",
            Self::Undecided => "lot.quota.undecided",
            Self::Seed => "lot.seed",
            Self::Commitment { .. } => "lot.commitment",
            Self::NotOnPanel(_) => "lot.not_on_panel",
            Self::Record(_) => "lot.record.unreadable",
            Self::Differs(_) => "lot.record.differs",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match lang {
            Lang::Ko => self.korean(),
            Lang::En => self.english(),
        }
    }
}

impl LotError {
    fn korean(&self) -> String {
        match self {
            Self::NotUtf8 { line } => format!(
                "후보 명단 {line}번째 줄: UTF-8이 아닙니다. 'CSV UTF-8'로 다시 저장하십시오."
            ),
            Self::Unreadable(error) => format!("후보 명단을 읽을 수 없습니다: {error}"),
            Self::NoCandidates => "후보 명단이 비었습니다. 첫 줄에 열 이름, 다음 줄부터 한 사람씩 쓰십시오.".into(),
            Self::ColumnTwice(name) => format!("후보 명단 1번째 줄: '{name}' 열이 두 번 있습니다. 하나만 두십시오."),
            Self::NoIdColumn(known) => format!(
                "후보 명단 1번째 줄: id 열이 없습니다(있는 열: {}). 사람을 구별하는 접수번호 열의 이름을 id로 쓰십시오.",
                known.join(", ")
            ),
            Self::NoColumn { name, known } => format!(
                "후보 명단에 '{name}' 열이 없습니다(있는 열: {}). 할당 파일이나 명단의 열 이름을 맞추십시오.",
                known.join(", ")
            ),
            Self::Rows(problems) => listed("후보 명단 {}번째 줄", problems, Lang::Ko, "그 밖에 {}줄"),
            Self::Quota(error) => format!(
                "할당 파일을 읽을 수 없습니다. 한글 열 이름은 \"성별\"처럼 따옴표로 묶으십시오.\n{error}"
            ),
            Self::Procedure(name) => format!(
                "할당 파일의 절차 '{name}'은(는) 알 수 없습니다. procedure = \"{}\"로 쓰십시오.",
                super::PROCEDURE
            ),
            Self::QuotaSays(quota, problem) => format!("할당 '{quota}': {}", problem.say(Lang::Ko)),
            Self::Seats { seats, candidates } => {
                format!("뽑을 사람 {seats}명, 후보 {candidates}명입니다. seats는 1 이상, 후보 수 이하여야 합니다.")
            }
            Self::Short(quotas) => {
                let lines = quotas.iter().map(|q| {
                    format!(
                        "\n  {}: 최소 {}명이어야 하는데 후보는 {}명입니다.",
                        q.quota, q.least, q.candidates
                    )
                });
                format!("지킬 수 없는 할당이 있습니다. 후보를 더 모집하거나 할당을 고치십시오.{}", lines.collect::<String>())
            }
            Self::Conflict(quotas) => format!(
                "다음 할당을 함께 지킬 수 있는 구성이 없습니다. 이 가운데 하나를 고치십시오.\n  {}",
                quotas.join("\n  ")
            ),
            Self::Undecided => {
                "할당을 지킬 수 있는지 정해진 계산량 안에서 가리지 못했습니다. 할당을 줄이거나 단순하게 하십시오.".into()
            }
            Self::Seed => "시드가 비었거나 여러 줄입니다. 공개한 시드를 한 줄로 쓰십시오.".into(),
            Self::Commitment { published, computed } => format!(
                "공표한 확약값과 다릅니다. 공표: {published}, 이 파일들: {computed}. 명단, 할당, 시드가 공표할 때와 같은지 확인하십시오."
            ),
            Self::NotOnPanel(id) => format!("'{id}'은(는) 뽑힌 사람이 아닙니다. 뽑힌 사람의 id를 쓰십시오."),
            Self::Record(error) => format!("추첨 기록을 읽을 수 없습니다: {error}"),
            Self::Differs(field) => format!(
                "다시 추첨한 결과가 기록과 다릅니다: {field}. 명단, 할당, 시드가 공표한 것인지 확인하십시오."
            ),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NotUtf8 { line } => {
                format!("Candidates, line {line}: this is not UTF-8. Save the file again as 'CSV UTF-8'.")
            }
            Self::Unreadable(error) => format!("The candidates cannot be read: {error}"),
            Self::NoCandidates => "There are no candidates. Write the columns' names in the first line, then one person a line.".into(),
            Self::ColumnTwice(name) => format!("Candidates, line 1: the column '{name}' is there twice. Keep one."),
            Self::NoIdColumn(known) => format!(
                "Candidates, line 1: there is no column id (there are: {}). Call the column of enrolment numbers id.",
                known.join(", ")
            ),
            Self::NoColumn { name, known } => format!(
                "The candidates have no column '{name}' (there are: {}). Make the names in both files agree.",
                known.join(", ")
            ),
            Self::Rows(problems) => listed("Candidates, line {}", problems, Lang::En, "and {} more lines"),
            Self::Quota(error) => format!(
                "The quota file cannot be read. Korean column names stand in quotation marks.\n{error}"
            ),
            Self::Procedure(name) => format!(
                "The quota file's procedure '{name}' is not known. Write procedure = \"{}\".",
                super::PROCEDURE
            ),
            Self::QuotaSays(quota, problem) => format!("Quota '{quota}': {}", problem.say(Lang::En)),
            Self::Seats { seats, candidates } => {
                format!("There are {seats} seats and {candidates} candidates. There must be at least one seat, and no more than candidates.")
            }
            Self::Short(quotas) => {
                let lines = quotas.iter().map(|q| {
                    format!(
                        "\n  {}: at least {} are needed, {} are candidates.",
                        q.quota, q.least, q.candidates
                    )
                });
                format!("Some quotas cannot be met. Find more candidates or change the quotas.{}", lines.collect::<String>())
            }
            Self::Conflict(quotas) => format!(
                "No panel meets these quotas together. Change one of them.\n  {}",
                quotas.join("\n  ")
            ),
            Self::Undecided => {
                "Whether the quotas can be met was not settled within the set amount of work. Use fewer or simpler quotas.".into()
            }
            Self::Seed => "The seed is empty or of several lines. Write the published seed on one line.".into(),
            Self::Commitment { published, computed } => format!(
                "This is not the published commitment. Published: {published}, of these files: {computed}. Check that list, quotas and seed are those of the day it was published."
            ),
            Self::NotOnPanel(id) => format!("'{id}' is not on the panel. Give the id of someone who is."),
            Self::Record(error) => format!("The record cannot be read: {error}"),
            Self::Differs(field) => format!(
                "The draw repeated differs from the record: {field}. Check that list, quotas and seed are the published ones."
            ),
        }
    }
}

fn listed(place: &str, problems: &TooMany, lang: Lang, more: &str) -> String {
    let mut lines: Vec<String> = problems
        .lines()
        .iter()
        .take(NAMED)
        .map(|(line, problem)| {
            format!("{}: {}", place.replace("{}", &line.to_string()), problem.say(lang))
        })
        .collect();
    if problems.lines().len() > NAMED {
        lines.push(more.replace("{}", &(problems.lines().len() - NAMED).to_string()));
    }
    lines.join("\n")
}

impl QuotaProblem {
    const fn say(&self, lang: Lang) -> &'static str {
        match self {
            Self::WhereOrEach => {
                lang.t("where와 each 가운데 하나를 쓰십시오.", "Write either where or each.")
            }
            Self::NoBound => lang.t(
                "최소나 최대가 없습니다. min, max, min_percent, max_percent 가운데 하나 이상을 쓰십시오.",
                "There is no bound. Write min, max, min_percent or max_percent.",
            ),
            Self::BothBounds => lang.t(
                "사람 수와 백분율을 함께 쓸 수 없습니다. 하나만 쓰십시오.",
                "A number and a percentage cannot both be given. Write one.",
            ),
            Self::Crossed => lang.t("최소가 최대보다 큽니다.", "The minimum is above the maximum."),
            Self::Percent => lang.t("백분율은 0부터 100까지입니다.", "A percentage is 0 to 100."),
            Self::Steps => lang.t(
                "구간의 시작값은 하나 이상이고 차례로 커져야 합니다.",
                "The steps of a band must be one or more and rise.",
            ),
        }
    }
}
