//! A household's facts: read from a file that people and programs write, checked before any rule
//! sees them, and described by a JSON Schema.

use serde_json::{Map, Value, json};

use crate::problem::{Problem, Problems, did_you_mean, nearest};
use crate::registry::{Entity, FactDef, ROLE, Registry};
use crate::value::{MOST_MEMBERS, Type};
use crate::yaml::{Kind, Node, Source, parse};

/// A household: what is known of it and of its members. A fact that is `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Household {
    /// The household's facts, by [`FactDef::slot`].
    pub facts: Vec<Option<i64>>,
    /// Its members.
    pub members: Vec<Member>,
    /// Which member is the head.
    pub head: usize,
}

/// One person of a household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The name by which answers call the person; not an identity.
    pub id: String,
    /// The person's facts, by [`FactDef::slot`].
    pub facts: Vec<Option<i64>>,
}

/// Reads a household file (JSON; YAML will do as well).
///
/// # Errors
/// Unknown fields, wrong units, impossible values, no head or several: all by line and column.
pub fn read(registry: &Registry, source: &Source) -> Result<Household, Problems> {
    let node = parse(source)?;
    let fields = node.fields(&["$schema", "note", "household", "members"])?;
    let nothing: &[Node] = &[];
    let members = fields.get("members").map_or(Ok(nothing), Node::list)?;
    from_nodes(registry, &node, fields.get("household"), members)
}

/// A household from the two parts of a file.
pub(crate) fn from_nodes(
    registry: &Registry,
    whole: &Node,
    household: Option<&Node>,
    members: &[Node],
) -> Result<Household, Problems> {
    let mut problems = Problems::default();
    let mut read = Household {
        facts: vec![None; registry.slots(Entity::Household)],
        members: vec![],
        head: 0,
    };
    if let Some(node) = household {
        facts(registry, Entity::Household, node, &mut read.facts, &mut problems);
    }
    if members.len() > MOST_MEMBERS {
        problems.0.push(Problem::new(
            &whole.place,
            format!("가구원이 {MOST_MEMBERS}명을 넘습니다."),
            format!("The household has more than {MOST_MEMBERS} members."),
        ));
    }
    for (index, node) in members.iter().take(MOST_MEMBERS).enumerate() {
        let mut member = Member {
            id: (index + 1).to_string(),
            facts: vec![None; registry.slots(Entity::Person)],
        };
        let id = facts(registry, Entity::Person, node, &mut member.facts, &mut problems);
        if let Some(id) = id {
            member.id = id;
        }
        if read.members.iter().any(|other| other.id == member.id) {
            problems.0.push(Problem::new(
                &node.place,
                format!("가구원 `{}`이(가) 두 번 나옵니다.", member.id),
                format!("The member `{}` is listed twice.", member.id),
            ));
        }
        read.members.push(member);
    }
    if let Some(head) = problems.keep(head(registry, whole, &read)) {
        read.head = head;
    }
    problems.or(read)
}

fn head(registry: &Registry, whole: &Node, household: &Household) -> Result<usize, Problem> {
    let (slot, value) = registry.role().unwrap_or_default();
    let mut heads = household
        .members
        .iter()
        .enumerate()
        .filter(|(_, member)| member.facts.get(slot) == Some(&Some(value)))
        .map(|(index, _)| index);
    match (heads.next(), heads.next()) {
        (Some(head), None) => Ok(head),
        (None, _) => Err(Problem::new(
            &whole.place,
            "가구주가 없습니다. `members`의 한 사람에게 `\"role\": \"head\"`를 적으세요.",
            "The household has no head. Give one of `members` `\"role\": \"head\"`.",
        )),
        (Some(_), Some(_)) => Err(Problem::new(
            &whole.place,
            "가구주가 둘 이상입니다. 한 사람만 `\"role\": \"head\"`여야 합니다.",
            "The household has more than one head. Only one member may have `\"role\": \"head\"`.",
        )),
    }
}

/// Reads the facts of one entity; gives the member's `id` if it is written.
fn facts(
    registry: &Registry,
    entity: Entity,
    node: &Node,
    into: &mut [Option<i64>],
    problems: &mut Problems,
) -> Option<String> {
    let entries = problems.keep(node.entries())?;
    let mut id = None;
    for (key, node) in entries {
        if key.text == "id" {
            id = problems.keep(node.text()).map(ToOwned::to_owned);
            continue;
        }
        match registry.fact(&key.text) {
            Some((_, def)) if def.entity == entity => {
                let value = problems.keep(fact(registry, def, node)).flatten();
                if let Some(cell) = into.get_mut(def.slot) {
                    *cell = value;
                }
            }
            Some((_, def)) => problems.0.push(Problem::new(
                &key.place,
                format!(
                    "`{}`은(는) {}의 사실입니다. {}에 적으세요.",
                    key.text,
                    def.entity.label(maeul_base::Lang::Ko),
                    section(def.entity)
                ),
                format!(
                    "`{}` is a fact of {}: write it in {}.",
                    key.text,
                    def.entity.label(maeul_base::Lang::En),
                    section(def.entity)
                ),
            )),
            None => {
                let known = registry
                    .facts
                    .iter()
                    .filter(|def| def.entity == entity)
                    .map(|def| def.id.as_str());
                let (ko, en) = did_you_mean(nearest(&key.text, known));
                problems.0.push(Problem::new(
                    &key.place,
                    format!("모르는 사실 `{}`입니다.{ko} 쓸 수 있는 것은 `maeul eligible --schema`로 봅니다.", key.text),
                    format!("Unknown fact `{}`.{en} `maeul eligible --schema` lists what there is.", key.text),
                ));
            }
        }
    }
    id
}

const fn section(entity: Entity) -> &'static str {
    match entity {
        Entity::Household => "`household`",
        Entity::Person => "`members`",
    }
}

/// One fact: `1200000`, `"1,200,000 won/month"`, `{"value": 1200000, "unit": "won/month"}`; `null`
/// is unknown.
fn fact(registry: &Registry, def: &FactDef, node: &Node) -> Result<Option<i64>, Problem> {
    if node.is_null() {
        return Ok(None);
    }
    let text = match &node.kind {
        Kind::Map(_) => {
            let fields = node.fields(&["value", "unit"])?;
            format!("{} {}", fields.text("value")?, fields.text("unit")?)
        }
        _ => node.text()?.to_owned(),
    };
    let wrong = |(ko, en): (String, String)| {
        Problem::new(
            &node.place,
            format!("{} (`{}`): {ko}", def.ko, def.id),
            format!("{} (`{}`): {en}", def.en, def.id),
        )
    };
    let value = registry.read(def.ty, &text).map_err(wrong)?;
    let show = |value: i64, lang| registry.show(def.ty, value, lang);
    let (ko, en) = (maeul_base::Lang::Ko, maeul_base::Lang::En);
    if value < def.min {
        return Err(wrong((
            format!("{}보다 작을 수 없는데 {}입니다.", show(def.min, ko), show(value, ko)),
            format!("It cannot be below {}, found {}.", show(def.min, en), show(value, en)),
        )));
    }
    if value > def.max {
        return Err(wrong((
            format!("{}보다 클 수 없는데 {}입니다.", show(def.max, ko), show(value, ko)),
            format!("It cannot be above {}, found {}.", show(def.max, en), show(value, en)),
        )));
    }
    Ok(Some(value))
}

/// The JSON Schema (2020-12) of the household file.
pub fn schema(registry: &Registry) -> Value {
    let of = |entity: Entity| -> Map<String, Value> {
        registry
            .facts
            .iter()
            .filter(|def| def.entity == entity)
            .map(|def| (def.id.clone(), property(registry, def)))
            .collect()
    };
    let mut person = of(Entity::Person);
    person.insert("id".to_owned(), json!({ "type": "string", "description": "답에서 부를 이름(실명 금지) / what answers call the person; not a real name" }));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "maeul eligible --household",
        "description": "가구와 가구원의 사실. 적지 않은 사실은 '모름'입니다. / Facts of a household. What is not given is unknown.",
        "type": "object",
        "additionalProperties": false,
        "required": ["members"],
        "properties": {
            "$schema": { "type": "string" },
            "note": { "type": "string" },
            "household": { "type": "object", "additionalProperties": false, "properties": of(Entity::Household) },
            "members": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_MEMBERS,
                "contains": { "properties": { ROLE: { "const": "head" } }, "required": [ROLE] },
                "minContains": 1,
                "maxContains": 1,
                "items": { "type": "object", "additionalProperties": false, "properties": person },
            },
        },
    })
}

fn property(registry: &Registry, def: &FactDef) -> Value {
    let mut text = format!("{} / {}", def.ko, def.en);
    if def.given {
        text.push_str(" — 적지 않으면 계산합니다 / computed unless given");
    }
    if !def.help.0.is_empty() {
        text = format!("{text}. {} / {}", def.help.0, def.help.1);
    }
    let plain = |value: i64| {
        serde_json::from_str::<Value>(&registry.plain(def.ty, value)).unwrap_or_default()
    };
    match def.ty {
        Type::Bool => json!({ "type": ["boolean", "null"], "description": text }),
        Type::Date => json!({ "type": ["string", "null"], "format": "date", "description": text }),
        Type::Enum(id) => {
            let values = registry.enums.get(id).map(|known| {
                known
                    .values
                    .iter()
                    .map(|(value, _)| Value::from(value.as_str()))
                    .chain([Value::Null])
                    .collect::<Vec<_>>()
            });
            json!({ "enum": values, "description": text })
        }
        Type::Number(quantity) => {
            let unit = quantity.name();
            let number = if quantity.plain(1).contains('.') { "number" } else { "integer" };
            json!({
                "description": format!("{text} [{unit}]"),
                "anyOf": [
                    { "type": [number, "null"], "minimum": plain(def.min), "maximum": plain(def.max) },
                    { "type": "string", "description": format!("\"1000 {unit}\"") },
                    {
                        "type": "object",
                        "required": ["value", "unit"],
                        "additionalProperties": false,
                        "properties": { "value": { "type": number }, "unit": { "const": unit } },
                    },
                ],
            })
        }
    }
}
