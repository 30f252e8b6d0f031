//! Programme and definition files as trees.

use std::sync::Arc;

use crate::parse::expr::{Expr, RESERVED, parse as parse_expr};
use crate::problem::{Place, Problem, Problems};
use crate::registry::{DEFINITION_FIELDS, Entity};
use crate::yaml::{Fields, Key, Node, Source, parse};

/// A programme (사업·급여): who may have what, by dated versions.
#[derive(Clone, Debug)]
pub struct Programme {
    /// The English identifier, the file's name.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// Whom it is for.
    pub entity: Entity,
    /// The act or ordinance.
    pub law: String,
    /// What a reader should know (gaps, readings), Korean and English; may be empty.
    pub note: (String, String),
    /// Its versions, oldest first, without overlap.
    pub versions: Vec<Arc<Version>>,
    /// Where it is written.
    pub place: Place,
}

impl Programme {
    /// The version in force on a day (yyyymmdd).
    pub fn on(&self, day: i64) -> Option<&Arc<Version>> {
        self.versions.iter().find(|version| version.period.holds(day))
    }
}

/// From a day to a day, both included, as yyyymmdd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The first day.
    pub from: i64,
    /// The last day, if there is one.
    pub to: Option<i64>,
}

impl Dates {
    /// Is the day in it?
    pub fn holds(self, day: i64) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Has it a day in common with the other?
    pub fn overlaps(self, other: Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }

    fn read(fields: &Fields<'_>) -> Result<Self, Problem> {
        let from = fields.need("from")?.date()?;
        let to = fields.get("to").map(Node::date).transpose()?;
        if to.is_some_and(|to| to < from) {
            return Err(Problem::new(
                fields.place(),
                "`to`가 `from`보다 앞섭니다.",
                "`to` is before `from`.",
            ));
        }
        Ok(Self { from, to })
    }
}

/// A programme as it stands between two dates.
#[derive(Clone, Debug)]
pub struct Version {
    /// When it is in force.
    pub period: Dates,
    /// How well the rule is known: V O G X I U.
    pub mark: String,
    /// What residents are told, Korean and English.
    pub announcement: (String, String),
    /// Names for parts.
    pub lets: Vec<(Key, Expr)>,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// None may hold.
    pub exclusions: Vec<Condition>,
    /// What must go on holding; told, not decided on.
    pub ongoing: Vec<Condition>,
    /// How much money, with its article.
    pub amount: Option<(Expr, String)>,
    /// Points for priority; `when` is a number of points.
    pub score: Vec<Condition>,
    /// Where it is written.
    pub place: Place,
}

/// A condition, an exclusion, or an item of the score.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The English identifier, unique in its version.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// The article it rests on.
    pub article: String,
    /// The expression.
    pub when: Expr,
    /// The expression as written.
    pub text: String,
}

/// A shared name for a formula.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The English identifier.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// Whose fact it is, where it may be given instead of computed.
    pub given: bool,
    /// The type it must have, if declared.
    pub ty: Option<Node>,
    /// Its formulas by date.
    pub versions: Vec<(Dates, Expr, String)>,
    /// Where it is written.
    pub place: Place,
}

/// Reads the definitions of a file.
///
/// # Errors
/// The file cannot be read as such; what is wrong in single definitions is kept in `problems`.
pub fn definitions(source: &Source, problems: &mut Problems) -> Result<Vec<Definition>, Problem> {
    let node = parse(source)?;
    let mut list = vec![];
    for (key, node) in node.fields(&["definitions"])?.need("definitions")?.entries()? {
        if let Some(definition) = problems.keep(definition(key, node)) {
            list.push(definition);
        }
    }
    Ok(list)
}

fn definition(key: &Key, node: &Node) -> Result<Definition, Problem> {
    name_is_free(key)?;
    let fields = node.fields(DEFINITION_FIELDS)?;
    let mut versions = vec![];
    if let Some(value) = fields.get("value") {
        versions.push((
            Dates { from: 0, to: None },
            parse_expr(value)?,
            fields.text_or("article")?,
        ));
    }
    for node in fields.list("versions")? {
        let version = node.fields(&["from", "to", "article", "value"])?;
        let period = Dates::read(&version)?;
        if versions.iter().any(|(other, ..): &(Dates, _, _)| other.overlaps(period)) {
            return Err(overlap(&node.place));
        }
        versions.push((period, parse_expr(version.need("value")?)?, version.text_or("article")?));
    }
    if versions.is_empty() {
        fields.need("value")?;
    }
    Ok(Definition {
        id: key.text.clone(),
        ko: fields.text("ko")?,
        en: fields.text("en")?,
        given: fields.get("given").map_or(Ok(false), Node::bool)?,
        ty: fields.get("type").cloned(),
        versions,
        place: key.place.clone(),
    })
}

fn overlap(place: &Place) -> Problem {
    Problem::new(
        place,
        "이 판의 날짜가 다른 판과 겹칩니다. 앞 판의 `to`를 이 판의 `from` 전날로 적으세요.",
        "The dates of this version overlap another's. End the earlier one (`to`) the day before this `from`.",
    )
}

fn name_is_free(key: &Key) -> Result<(), Problem> {
    let plain = key.text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !key.text.starts_with(|c: char| c.is_ascii_digit());
    if !plain || RESERVED.contains(&key.text.as_str()) {
        return Err(Problem::new(
            &key.place,
            format!(
                "`{}`은(는) 이름으로 쓸 수 없습니다. 글자, 숫자, `_`만 쓰고 예약어({})는 피하세요.",
                key.text,
                RESERVED.join(", ")
            ),
            format!(
                "`{}` cannot be a name: letters, digits and `_` only, and none of {}.",
                key.text,
                RESERVED.join(", ")
            ),
        ));
    }
    Ok(())
}

/// Reads a programme's file.
///
/// # Errors
/// What is wrong in it.
pub fn programme(source: &Source) -> Result<Programme, Problem> {
    let node = parse(source)?;
    let fields = node.fields(&["programme", "ko", "en", "for", "law", "note", "versions"])?;
    let id = fields.need("programme")?;
    if id.text()? != source.stem() {
        return Err(Problem::new(
            &id.place,
            format!("`programme`은 파일 이름과 같아야 합니다: `{}`.", source.stem()),
            format!("`programme` must be the file's name: `{}`.", source.stem()),
        ));
    }
    let entity = fields.need("for")?;
    let entity = match entity.text()? {
        "household" => Entity::Household,
        "person" => Entity::Person,
        other => {
            return Err(Problem::new(
                &entity.place,
                format!("`for`는 household 또는 person이어야 하는데 `{other}`입니다."),
                format!("`for` must be household or person, found `{other}`."),
            ));
        }
    };
    let mut versions: Vec<Arc<Version>> = vec![];
    for node in fields.need("versions")?.list()? {
        let version = version(node)?;
        if versions.iter().any(|other| other.period.overlaps(version.period)) {
            return Err(overlap(&node.place));
        }
        versions.push(Arc::new(version));
    }
    versions.sort_by_key(|version| version.period.from);
    if versions.is_empty() {
        return Err(Problem::new(
            &fields.need("versions")?.place,
            "판이 하나도 없습니다.",
            "There is no version.",
        ));
    }
    let note = match fields.get("note") {
        None => Default::default(),
        Some(node) => {
            let note = node.fields(&["ko", "en"])?;
            (note.text("ko")?, note.text("en")?)
        }
    };
    Ok(Programme {
        note,
        id: id.text()?.to_owned(),
        ko: fields.text("ko")?,
        en: fields.text("en")?,
        entity,
        law: fields.text("law")?,
        versions,
        place: node.place.clone(),
    })
}

fn version(node: &Node) -> Result<Version, Problem> {
    let fields = node.fields(&[
        "from",
        "to",
        "mark",
        "announcement",
        "let",
        "conditions",
        "exclusions",
        "ongoing",
        "amount",
        "score",
    ])?;
    let told = fields.need("announcement")?.fields(&["ko", "en"])?;
    let mut lets = vec![];
    for (key, value) in fields.get("let").map_or(Ok(&[][..]), Node::entries)? {
        name_is_free(key)?;
        lets.push((key.clone(), parse_expr(value)?));
    }
    let mut ids: Vec<String> = vec![];
    let mut conditions = |name: &str, value: &str| -> Result<Vec<Condition>, Problem> {
        let mut list = vec![];
        for node in fields.list(name)? {
            let condition = condition(node, value)?;
            if ids.contains(&condition.id) {
                return Err(Problem::new(
                    &node.place,
                    format!("조건 이름 `{}`이(가) 이 판에 두 번 나옵니다.", condition.id),
                    format!(
                        "The condition's name `{}` is used twice in this version.",
                        condition.id
                    ),
                ));
            }
            ids.push(condition.id.clone());
            list.push(condition);
        }
        Ok(list)
    };
    let (all, excluded) = (conditions("conditions", "when")?, conditions("exclusions", "when")?);
    let (ongoing, score) = (conditions("ongoing", "when")?, conditions("score", "points")?);
    if all.is_empty() {
        return Err(Problem::new(
            &node.place,
            "조건(`conditions`)이 하나 이상 있어야 합니다.",
            "A version needs at least one of `conditions`.",
        ));
    }
    let amount = match fields.get("amount") {
        None => None,
        Some(node) => {
            let amount = node.fields(&["value", "article"])?;
            Some((parse_expr(amount.need("value")?)?, amount.text_or("article")?))
        }
    };
    Ok(Version {
        period: Dates::read(&fields)?,
        mark: fields.text_or("mark")?,
        announcement: (told.text("ko")?, told.text("en")?),
        lets,
        conditions: all,
        exclusions: excluded,
        ongoing,
        amount,
        score,
        place: node.place.clone(),
    })
}

fn condition(node: &Node, value: &str) -> Result<Condition, Problem> {
    let fields = node.fields(&["id", "ko", "en", "article", value])?;
    let when = fields.need(value)?;
    Ok(Condition {
        id: fields.text("id")?,
        ko: fields.text("ko")?,
        en: fields.text("en")?,
        article: fields.text("article")?,
        when: parse_expr(when)?,
        text: when.scalar()?.raw.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}
