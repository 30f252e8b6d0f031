//! The document as people read it: the same facts, laid out by the server.

use maeul_base::Lang;
use serde_json::Value;

use super::document;

/// A group of operations.
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) operations: Vec<Line>,
}

/// One operation.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) more: String,
    pub(super) parameters: Vec<Field>,
    /// What is posted: the forms, and the name of its shape or its fields.
    pub(super) body_kinds: String,
    pub(super) body_shape: String,
    pub(super) body: Vec<Field>,
    pub(super) answers: Vec<Reply>,
}

/// A parameter or a field of a shape.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) place: &'static str,
    pub(super) kind: String,
    pub(super) needed: bool,
    pub(super) says: String,
}

/// What may come back.
pub(super) struct Reply {
    pub(super) status: String,
    pub(super) says: String,
    pub(super) kinds: String,
    /// The name of its shape; may be empty.
    pub(super) shape: String,
}

/// A named shape.
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    /// What it is where it has no fields.
    pub(super) kind: String,
}

fn text(it: &Value, name: &str) -> String {
    it.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Follows a reference into the document.
fn real<'a>(whole: &'a Value, it: &'a Value) -> &'a Value {
    let pointer = it.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
    pointer.and_then(|pointer| whole.pointer(pointer)).unwrap_or(it)
}

fn name_of(schema: &Value) -> Option<String> {
    let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?;
    Some(name.to_owned())
}

/// The name of a shape that has one, of itself or of its items.
fn shape(schema: &Value) -> String {
    let items = || schema.get("items").and_then(name_of);
    name_of(schema).or_else(items).unwrap_or_default()
}

/// What kind of value it is, in few words.
fn kind(schema: &Value, lang: Lang) -> String {
    if let Some(name) = name_of(schema) {
        return name;
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let words = words.iter().filter_map(Value::as_str);
        return words.collect::<Vec<_>>().join(" | ");
    }
    if let Some(only) = schema.get("const") {
        return only.to_string();
    }
    for many in ["anyOf", "oneOf"] {
        if let Some(ways) = schema.get(many).and_then(Value::as_array) {
            return ways.iter().map(|it| kind(it, lang)).collect::<Vec<_>>().join(" | ");
        }
    }
    if let Some(items) = schema.get("items") {
        return format!("{}[]", kind(items, lang));
    }
    let mut said = match schema.get("type") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ")
        }
        _ => lang.t("아무 값", "anything").to_owned(),
    };
    if let Some(form) = schema.get("format").and_then(Value::as_str) {
        said.push_str(&format!(" ({form})"));
    }
    said
}

fn fields(schema: &Value, lang: Lang) -> Vec<Field> {
    let needed: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let mut fields = Vec::new();
    for (name, it) in properties {
        fields.push(Field {
            name: name.clone(),
            place: "",
            kind: kind(it, lang),
            needed: needed.contains(&name.as_str()),
            says: text(it, "description"),
        });
        // What stands inside an object without a name of its own.
        let inner = [Some(it), it.pointer("/anyOf/0"), it.get("items")];
        for part in inner.into_iter().flatten().flat_map(|it| fields_inside(it, lang)) {
            fields.push(Field { name: format!("{name}.{}", part.name), ..part });
        }
    }
    fields
}

fn fields_inside(schema: &Value, lang: Lang) -> Vec<Field> {
    if schema.get("properties").is_some() { fields(schema, lang) } else { Vec::new() }
}

fn parameter(it: &Value, lang: Lang) -> Field {
    let place = match it.get("in").and_then(Value::as_str) {
        Some("path") => lang.t("주소", "path"),
        Some("header") => lang.t("머리글", "header"),
        _ => lang.t("질의", "query"),
    };
    Field {
        name: text(it, "name"),
        place,
        kind: it.get("schema").map(|it| kind(it, lang)).unwrap_or_default(),
        needed: it.get("required").and_then(Value::as_bool).unwrap_or(false),
        says: text(it, "description"),
    }
}

fn kinds(content: Option<&Value>) -> String {
    let kinds = content.and_then(Value::as_object).into_iter().flatten();
    kinds.map(|(kind, _)| kind.as_str()).collect::<Vec<_>>().join(", ")
}

fn first_schema(content: Option<&Value>) -> Option<&Value> {
    content?.as_object()?.values().find_map(|it| it.get("schema"))
}

fn line(whole: &Value, path: &str, method: &str, it: &Value, lang: Lang) -> Line {
    let content = it.pointer("/requestBody/content");
    let posted = first_schema(content);
    let parameters = it.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let responses = it.get("responses").and_then(Value::as_object).into_iter().flatten();
    let answers = responses.map(|(status, reply)| {
        let reply = real(whole, reply);
        let content = reply.get("content");
        Reply {
            status: status.clone(),
            says: text(reply, "description"),
            kinds: kinds(content),
            shape: first_schema(content).map(shape).unwrap_or_default(),
        }
    });
    let mut answers: Vec<Reply> = answers.collect();
    answers.sort_by(|one, other| one.status.cmp(&other.status));
    Line {
        id: text(it, "operationId"),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(it, "summary"),
        more: text(it, "description"),
        parameters: parameters.map(|it| parameter(it, lang)).collect(),
        body_kinds: kinds(content),
        body_shape: posted.map(shape).unwrap_or_default(),
        body: posted.map(|it| fields_inside(it, lang)).unwrap_or_default(),
        answers,
    }
}

/// The operations by their headings. Those for trying out are as those that count.
pub(super) fn groups(whole: &Value, lang: Lang) -> Vec<Group> {
    let paths = whole.get("paths").and_then(Value::as_object);
    let tags = document::tags(lang).into_iter();
    tags.map(|(tag, name, says)| {
        let mut operations = Vec::new();
        for (path, item) in paths.into_iter().flatten() {
            for (method, it) in item.as_object().into_iter().flatten() {
                if it.pointer("/tags/0").and_then(Value::as_str) == Some(tag) {
                    operations.push(line(whole, path, method, it, lang));
                }
            }
        }
        Group { id: tag.to_ascii_lowercase().replace(' ', "-"), name, says, operations }
    })
    .collect()
}

/// The named shapes.
pub(super) fn shapes(whole: &Value, lang: Lang) -> Vec<Shape> {
    let all = whole.pointer("/components/schemas").and_then(Value::as_object);
    let all = all.into_iter().flatten();
    all.map(|(name, schema)| {
        let own = fields(schema, lang);
        let own = if own.is_empty() {
            schema.get("items").map(|it| fields(it, lang)).unwrap_or_default()
        } else {
            own
        };
        Shape { name: name.clone(), fields: own, kind: kind(schema, lang) }
    })
    .collect()
}
