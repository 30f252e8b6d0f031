//! One operation of the document, put together a piece at a time.

use maeul_base::Lang;
use serde_json::{Map, Value, json};

/// A pair of Korean and English.
pub(super) type Words = (&'static str, &'static str);

/// `{"$ref": …}` to a schema.
pub(super) fn of(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// A list of a schema.
pub(super) fn list_of(schema: &str) -> Value {
    json!({ "type": "array", "items": of(schema) })
}

/// Text.
pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

/// One of these words.
pub(super) fn one_of(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

/// An operation being described.
pub(super) struct Operation {
    lang: Lang,
    method: &'static str,
    path: String,
    it: Map<String, Value>,
    parameters: Vec<Value>,
    responses: Map<String, Value>,
}

impl Operation {
    /// A read.
    pub(super) fn get(lang: Lang, path: &str, id: &str, tag: &str, says: Words) -> Self {
        Self::new(lang, "get", path, id, tag, says)
    }

    /// A write.
    pub(super) fn post(lang: Lang, path: &str, id: &str, tag: &str, says: Words) -> Self {
        Self::new(lang, "post", path, id, tag, says)
    }

    fn new(lang: Lang, method: &'static str, path: &str, id: &str, tag: &str, says: Words) -> Self {
        let mut it = Map::new();
        it.insert("operationId".to_owned(), json!(id));
        it.insert("tags".to_owned(), json!([tag]));
        it.insert("summary".to_owned(), json!(lang.t(says.0, says.1)));
        Self {
            lang,
            method,
            path: path.to_owned(),
            it,
            parameters: Vec::new(),
            responses: Map::new(),
        }
    }

    /// More about it than fits in a line.
    pub(super) fn more(mut self, says: Words) -> Self {
        self.it.insert("description".to_owned(), json!(self.lang.t(says.0, says.1)));
        self
    }

    /// Only with a key.
    pub(super) fn keyed(mut self) -> Self {
        self.it.insert("security".to_owned(), json!([{ "key": [] }, { "keyInQuery": [] }]));
        self
    }

    fn parameter(
        mut self,
        place: &str,
        name: &str,
        needed: bool,
        schema: Value,
        says: Words,
    ) -> Self {
        self.parameters.push(json!({
            "name": name,
            "in": place,
            "required": needed,
            "description": self.lang.t(says.0, says.1),
            "schema": schema,
        }));
        self
    }

    /// A part of the path.
    pub(super) fn path(self, name: &str, schema: Value, says: Words) -> Self {
        self.parameter("path", name, true, schema, says)
    }

    /// A parameter that may be left out.
    pub(super) fn query(self, name: &str, schema: Value, says: Words) -> Self {
        self.parameter("query", name, false, schema, says)
    }

    /// A parameter that is needed.
    pub(super) fn needs(self, name: &str, schema: Value, says: Words) -> Self {
        self.parameter("query", name, true, schema, says)
    }

    /// A header that may be left out.
    pub(super) fn header(self, name: &str, schema: Value, says: Words) -> Self {
        self.parameter("header", name, false, schema, says)
    }

    /// The language of the answer.
    pub(super) fn lang(self) -> Self {
        self.query(
            "lang",
            one_of(&["ko", "en"]),
            (
                "답의 언어. 없으면 Accept-Language, 그것도 없으면 한국어",
                "Language of the answer; else Accept-Language, else Korean",
            ),
        )
    }

    /// What is posted, in any of these forms.
    pub(super) fn body(mut self, kinds: &[&str], schema: &Value) -> Self {
        let content: Map<String, Value> =
            kinds.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": schema }))).collect();
        self.it.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        self
    }

    /// An answer of a kind that has a schema.
    pub(super) fn answers(mut self, status: u16, says: Words, kind: &str, schema: &Value) -> Self {
        self.responses.insert(
            status.to_string(),
            json!({
                "description": self.lang.t(says.0, says.1),
                "content": { kind: { "schema": schema } },
            }),
        );
        self
    }

    /// The same as another kind: files and documents without a schema.
    pub(super) fn or_as(mut self, status: u16, kind: &str) -> Self {
        if let Some(content) = self
            .responses
            .get_mut(&status.to_string())
            .and_then(|it| it.get_mut("content"))
            .and_then(Value::as_object_mut)
        {
            content.insert(kind.to_owned(), json!({}));
        }
        self
    }

    /// An answer without words.
    pub(super) fn silent(mut self, status: u16, says: Words) -> Self {
        let says = self.lang.t(says.0, says.1);
        self.responses.insert(status.to_string(), json!({ "description": says }));
        self
    }

    /// Refusals as problem details.
    pub(super) fn problems(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            let answer = json!({ "$ref": format!("#/components/responses/P{status}") });
            self.responses.insert(status.to_string(), answer);
        }
        self
    }

    /// Refusals as Open311 tells them. The gate before it answers some of the same statuses with
    /// problem details.
    pub(super) fn errors(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            let answer = json!({ "$ref": format!("#/components/responses/E{status}") });
            self.responses.insert(status.to_string(), answer);
        }
        self
    }

    /// Into the document, with what any answer may be.
    pub(super) fn put(mut self, paths: &mut Map<String, Value>) {
        for status in [415, 429, 500, 503] {
            let answer = json!({ "$ref": format!("#/components/responses/P{status}") });
            self.responses.entry(status.to_string()).or_insert(answer);
        }
        if !self.parameters.is_empty() {
            self.it.insert("parameters".to_owned(), Value::Array(self.parameters));
        }
        self.it.insert("responses".to_owned(), Value::Object(self.responses));
        let item = paths.entry(self.path).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(self.method.to_owned(), Value::Object(self.it));
        }
    }
}
