//! The facts a rule may ask for: one place with their entity, type, limits and names.

use std::collections::HashMap;

use maeul_base::Lang;

use crate::problem::{Place, Problem, Problems, did_you_mean, nearest};
use crate::value::{Quantity, Type, date_text};
use crate::yaml::{Fields, Node, Source, parse};

/// Whose fact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// The household (가구).
    Household,
    /// One person of it (가구원).
    Person,
}

impl Entity {
    /// For a person to read.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Household => lang.t("가구", "the household"),
            Self::Person => lang.t("사람", "a person"),
        }
    }
}

/// The index of a fact in [`Registry::facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactId(pub usize);

/// An enumeration: a fact's allowed words.
#[derive(Clone, Debug)]
pub struct EnumDef {
    /// The English identifier.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// The values: identifier and Korean label. A value is stored as its index here.
    pub values: Vec<(String, String)>,
}

/// A fact a rule may ask for.
#[derive(Clone, Debug)]
pub struct FactDef {
    /// The English identifier, unique over both entities.
    pub id: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// Whose.
    pub entity: Entity,
    /// What it is.
    pub ty: Type,
    /// The smallest value, as stored.
    pub min: i64,
    /// The largest value, as stored.
    pub max: i64,
    /// An explanation in Korean and English; may be empty.
    pub help: (String, String),
    /// It is computed by a definition unless given (an official figure).
    pub given: bool,
    /// Its place among the facts of its entity.
    pub slot: usize,
    /// Where it is declared.
    pub place: Place,
}

/// All enumerations and facts.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// The enumerations.
    pub enums: Vec<EnumDef>,
    /// The facts; [`FactId`] is the index.
    pub facts: Vec<FactDef>,
    by_id: HashMap<String, FactId>,
}

/// The fact that says what a person is in the household; one of them is `head`.
pub const ROLE: &str = "role";

impl Registry {
    /// Reads `facts.yaml` and the definitions that may be given as facts.
    ///
    /// # Errors
    /// Everything that is wrong in them.
    pub fn load(facts: &[Source], definitions: &[Source]) -> Result<Self, Problems> {
        let mut registry = Self::default();
        let mut problems = Problems::default();
        for source in facts {
            let read = parse(source).and_then(|node| registry.read_facts(&node, &mut problems));
            problems.keep(read);
        }
        for source in definitions {
            let read = parse(source).and_then(|node| registry.read_given(&node, &mut problems));
            problems.keep(read);
        }
        if registry.role().is_none() && problems.0.is_empty() {
            let place = Place::file(facts.first().map_or("facts.yaml", |source| &source.name));
            problems.0.push(Problem::new(
                &place,
                "사람의 사실 `role`(가구 안의 관계, 값 `head` 포함)이 없습니다.",
                "The person's fact `role` (an enumeration with the value `head`) is missing.",
            ));
        }
        problems.or(registry)
    }

    fn read_facts(&mut self, node: &Node, problems: &mut Problems) -> Result<(), Problem> {
        let file = node.fields(&["enums", "facts"])?;
        for (key, node) in file.get("enums").map_or(Ok(&[][..]), Node::entries)? {
            let read = self.read_enum(&key.text, &key.place, node);
            problems.keep(read);
        }
        for (key, node) in file.get("facts").map_or(Ok(&[][..]), Node::entries)? {
            let read = node
                .fields(&["of", "type", "ko", "en", "min", "max", "help"])
                .and_then(|fields| self.read_fact(&key.text, &key.place, fields, false));
            problems.keep(read);
        }
        Ok(())
    }

    fn read_given(&mut self, node: &Node, problems: &mut Problems) -> Result<(), Problem> {
        for (key, node) in node.fields(&["definitions"])?.need("definitions")?.entries()? {
            let read = node.fields(DEFINITION_FIELDS).and_then(|fields| {
                if !fields.get("given").map_or(Ok(false), Node::bool)? {
                    return Ok(());
                }
                self.read_fact(&key.text, &key.place, fields, true)
            });
            problems.keep(read);
        }
        Ok(())
    }

    fn read_enum(&mut self, id: &str, place: &Place, node: &Node) -> Result<(), Problem> {
        let fields = node.fields(&["ko", "en", "values"])?;
        let values = fields
            .need("values")?
            .entries()?
            .iter()
            .map(|(key, label)| Ok((key.text.clone(), label.text()?.to_owned())))
            .collect::<Result<Vec<_>, Problem>>()?;
        if self.enum_id(id).is_some()
            || Quantity::parse(id).is_some()
            || matches!(id, "bool" | "date")
        {
            return Err(Problem::new(
                place,
                format!("열거형 이름 `{id}`은(는) 이미 쓰이고 있습니다."),
                format!("The enumeration's name `{id}` is taken."),
            ));
        }
        self.enums.push(EnumDef {
            id: id.to_owned(),
            ko: fields.text("ko")?,
            en: fields.text("en")?,
            values,
        });
        Ok(())
    }

    fn read_fact(
        &mut self,
        id: &str,
        place: &Place,
        fields: Fields<'_>,
        given: bool,
    ) -> Result<(), Problem> {
        let of = fields.need("of")?;
        let entity = match of.text()? {
            "household" => Entity::Household,
            "person" => Entity::Person,
            other => {
                return Err(Problem::new(
                    &of.place,
                    format!("`of`는 household 또는 person이어야 하는데 `{other}`입니다."),
                    format!("`of` must be household or person, found `{other}`."),
                ));
            }
        };
        let ty = self.read_type(fields.need("type")?)?;
        let (mut min, mut max) = self.range(ty);
        for (name, limit) in [("min", &mut min), ("max", &mut max)] {
            if let Some(node) = fields.get(name) {
                *limit = self.read(ty, node.text()?).map_err(|why| {
                    Problem::new(
                        &node.place,
                        format!("`{name}`: {}", why.0),
                        format!("`{name}`: {}", why.1),
                    )
                })?;
            }
        }
        if let Some(other) = self.by_id.get(id).and_then(|known| self.facts.get(known.0)) {
            return Err(Problem::new(
                place,
                format!("사실 `{id}`은(는) {}에 이미 있습니다.", other.place),
                format!("The fact `{id}` is already at {}.", other.place),
            ));
        }
        let help = match fields.get("help") {
            None => Default::default(),
            Some(node) => {
                let help = node.fields(&["ko", "en"])?;
                (help.text("ko")?, help.text("en")?)
            }
        };
        let slot = self.slots(entity);
        self.by_id.insert(id.to_owned(), FactId(self.facts.len()));
        self.facts.push(FactDef {
            id: id.to_owned(),
            ko: fields.text("ko")?,
            en: fields.text("en")?,
            entity,
            ty,
            min,
            max,
            help,
            given,
            slot,
            place: place.clone(),
        });
        Ok(())
    }

    /// Reads the name of a type: `bool`, `date`, a unit, or an enumeration.
    ///
    /// # Errors
    /// No such type.
    pub fn read_type(&self, node: &Node) -> Result<Type, Problem> {
        let name = node.text()?;
        match name {
            "bool" => Ok(Type::Bool),
            "date" => Ok(Type::Date),
            _ => Quantity::parse(name).map(Type::Number).or_else(|| self.enum_id(name).map(Type::Enum)).ok_or_else(|| {
                let near = nearest(
                    name,
                    self.enums.iter().map(|known| known.id.as_str()).chain(["bool", "date", "won", "won/month", "years", "months", "days", "m2", "points", "percent", "count", "number"]),
                );
                let (ko, en) = did_you_mean(near);
                Problem::new(
                    &node.place,
                    format!("모르는 자료형 `{name}`입니다.{ko} bool, date, 단위(won, won/month, years, m2, percent, count …) 또는 열거형 이름을 쓰세요."),
                    format!("Unknown type `{name}`.{en} Write bool, date, a unit (won, won/month, years, m2, percent, count …) or an enumeration."),
                )
            }),
        }
    }

    /// The smallest and largest stored value of a type.
    pub fn range(&self, ty: Type) -> (i64, i64) {
        match ty {
            Type::Bool => (0, 1),
            Type::Date => (18_000_101, 22_001_231),
            Type::Enum(id) => (
                0,
                self.enums
                    .get(id)
                    .map_or(0, |known| i64::try_from(known.values.len()).unwrap_or(1) - 1),
            ),
            Type::Number(quantity) => (0, quantity.limit()),
        }
    }

    /// Reads one value of a type from a text; the reasons are Korean and English.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(&self, ty: Type, text: &str) -> Result<i64, (String, String)> {
        use crate::value::ReadError;
        match ty {
            Type::Bool => match text {
                "true" => Ok(1),
                "false" => Ok(0),
                _ => Err((
                    format!("true 또는 false여야 하는데 `{text}`입니다."),
                    format!("Expected true or false, found `{text}`."),
                )),
            },
            Type::Date => crate::value::date(text).ok_or_else(|| {
                (
                    format!("날짜(예: 2026-03-27)여야 하는데 `{text}`입니다."),
                    format!("Expected a date such as 2026-03-27, found `{text}`."),
                )
            }),
            Type::Enum(id) => self.enum_value(id, text).ok_or_else(|| {
                let values = self.enums.get(id).map(|known| {
                    known.values.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>()
                });
                let values = values.unwrap_or_default();
                let (ko, en) = did_you_mean(nearest(text, values.iter().copied()));
                (
                    format!(
                        "`{text}`은(는) 쓸 수 없는 값입니다.{ko} 쓸 수 있는 값: {}.",
                        values.join(", ")
                    ),
                    format!("`{text}` is no allowed value.{en} Allowed: {}.", values.join(", ")),
                )
            }),
            Type::Number(quantity) => quantity.read(text).map_err(|error| {
                let name = quantity.name();
                match error {
                    ReadError::Number => (
                        format!("{name} 단위의 수여야 하는데 `{text}`입니다."),
                        format!("Expected a number in {name}, found `{text}`."),
                    ),
                    ReadError::Unit(unit) => (
                        format!("단위가 맞지 않습니다: {name}이어야 하는데 `{unit}`입니다."),
                        format!("Wrong unit: expected {name}, found `{unit}`."),
                    ),
                    ReadError::Decimals(most) => (
                        format!(
                            "`{text}`: {name}에는 소수점 아래 {most}자리까지만 쓸 수 있습니다."
                        ),
                        format!("`{text}`: {name} has at most {most} decimals."),
                    ),
                    ReadError::TooLarge => (
                        format!(
                            "`{text}`은(는) 너무 큽니다. {} 이하여야 합니다.",
                            quantity.show(quantity.limit(), Lang::Ko)
                        ),
                        format!(
                            "`{text}` is too large: at most {}.",
                            quantity.show(quantity.limit(), Lang::En)
                        ),
                    ),
                }
            }),
        }
    }

    /// The enumeration of that name.
    pub fn enum_id(&self, id: &str) -> Option<usize> {
        self.enums.iter().position(|known| known.id == id)
    }

    /// The stored index of an enumeration's value.
    pub fn enum_value(&self, id: usize, value: &str) -> Option<i64> {
        let values = &self.enums.get(id)?.values;
        i64::try_from(values.iter().position(|(known, _)| known == value)?).ok()
    }

    /// The word of an enumeration's stored value.
    pub fn enum_word(&self, id: usize, value: i64) -> Option<&str> {
        let values = &self.enums.get(id)?.values;
        values.get(usize::try_from(value).ok()?).map(|(word, _)| word.as_str())
    }

    /// The fact of that name.
    pub fn fact(&self, id: &str) -> Option<(FactId, &FactDef)> {
        let found = *self.by_id.get(id)?;
        Some((found, self.facts.get(found.0)?))
    }

    /// A fact by its index.
    pub fn def(&self, id: FactId) -> Option<&FactDef> {
        self.facts.get(id.0)
    }

    /// How many facts an entity has: the length of its vector of values.
    pub fn slots(&self, entity: Entity) -> usize {
        self.facts.iter().filter(|def| def.entity == entity).count()
    }

    /// The slot of the fact `role` and the stored value of `head`.
    pub fn role(&self) -> Option<(usize, i64)> {
        let (_, def) = self.fact(ROLE)?;
        let Type::Enum(id) = def.ty else { return None };
        (def.entity == Entity::Person).then_some((def.slot, self.enum_value(id, "head")?))
    }

    /// A type's name as rules write it.
    pub fn type_name(&self, ty: Type) -> String {
        match ty {
            Type::Bool => "bool".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Enum(id) => self.enums.get(id).map_or_else(String::new, |known| known.id.clone()),
            Type::Number(quantity) => quantity.name(),
        }
    }

    /// A value for a person to read.
    pub fn show(&self, ty: Type, value: i64, lang: Lang) -> String {
        match ty {
            Type::Bool => {
                (if value == 0 { lang.t("아니요", "no") } else { lang.t("예", "yes") }).to_owned()
            }
            Type::Date => date_text(value),
            Type::Enum(id) => {
                let found = usize::try_from(value)
                    .ok()
                    .and_then(|value| self.enums.get(id)?.values.get(value));
                found.map_or_else(String::new, |(id, label)| match lang {
                    Lang::Ko => label.clone(),
                    Lang::En => id.replace('_', " "),
                })
            }
            Type::Number(quantity) => quantity.show(value, lang),
        }
    }

    /// A value as files write it: `true`, `2026-03-27`, `city`, `1234.5` (in the type's own unit).
    pub fn plain(&self, ty: Type, value: i64) -> String {
        match ty {
            Type::Bool => (value != 0).to_string(),
            Type::Date => date_text(value),
            Type::Enum(id) => usize::try_from(value)
                .ok()
                .and_then(|value| self.enums.get(id)?.values.get(value))
                .map_or_else(String::new, |(id, _)| id.clone()),
            Type::Number(quantity) => quantity.plain(value),
        }
    }
}

/// What a definition may hold.
pub(crate) const DEFINITION_FIELDS: &[&str] =
    &["ko", "en", "given", "of", "type", "min", "max", "help", "article", "value", "versions"];
