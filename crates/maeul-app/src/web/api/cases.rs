//! The JSON interface of cases, version 1.

use maeul_base::Lang;
use serde_json::{Map, Value, json};

use super::operation::{Operation, of, one_of, text};

/// The heading of these operations.
pub(super) const TAG: &str = "v1";

const JSON: &str = "application/json";

pub(super) fn paths(lang: Lang, paths: &mut Map<String, Value>) {
    let get = |path, id, says| Operation::get(lang, path, id, TAG, says).lang();
    get("/api/openapi.json", "document", ("이 문서", "This document"))
        .answers(
            200,
            ("OpenAPI 3.1", "OpenAPI 3.1"),
            JSON,
            &json!({ "type": "object", "required": ["openapi", "info", "paths"] }),
        )
        .put(paths);
    get("/api/v1/services", "services", ("민원 종류와 물어볼 것", "Services and what each asks"))
        .answers(200, ("민원 종류", "The services"), JSON, &of("Services"))
        .problems(&[422])
        .put(paths);
    get("/api/v1/locate", "locate", ("한 점의 행정동", "The 동 of a point"))
        .needs("lat", of("Latitude"), ("위도(WGS 84)", "Latitude, WGS 84"))
        .needs("long", of("Longitude"), ("경도", "Longitude"))
        .answers(200, ("기관과 동", "Office and 동"), JSON, &of("Located"))
        .problems(&[422])
        .put(paths);
    get("/api/v1/due", "due", ("처리기한 세기", "Count a due time"))
        .needs(
            "received",
            json!({ "type": "string", "examples": ["2026-06-08", "2026-06-08T10:30"] }),
            ("접수한 날이나 때, 서울 시각", "Day or time of receipt, in Seoul"),
        )
        .needs(
            "period",
            json!({ "type": "string", "examples": ["7d", "8h", "1month", "immediate"] }),
            (
                "기간: 즉시, 8h, 7d, 2w, 1month, 1year",
                "Period: immediate, 8h, 7d, 2w, 1month, 1year",
            ),
        )
        .query(
            "calculator",
            one_of(&["petition", "civil"]),
            ("민원처리법(기본) 또는 민법", "Petitions act (default) or Civil Act"),
        )
        .answers(200, ("기한과 셈의 까닭", "The due time and why"), JSON, &of("DueTime"))
        .problems(&[422])
        .put(paths);
    Operation::post(lang, "/api/v1/cases", "receive", TAG, ("신고 보내기", "Send a report"))
        .lang()
        .more((
            "같은 client_key를 다시 보내면 새로 접수하지 않고 같은 접수증을 200으로 줍니다.",
            "The same client_key again receives nothing twice and gives the same receipt with 200.",
        ))
        .body(&[JSON], &of("NewReport"))
        .answers(201, ("접수했습니다", "Received"), JSON, &of("Receipt"))
        .answers(
            200,
            ("이미 접수한 신고의 접수증", "The receipt of one received before"),
            JSON,
            &of("Receipt"),
        )
        .problems(&[400, 408, 413, 415, 422])
        .put(paths);
    get(
        "/c/{token}/data.json",
        "personalData",
        ("그 사람의 개인정보 사본", "A copy of that person's data"),
    )
    .path("token", text(), ("접수할 때 받은 비밀 값", "The secret given with the receipt"))
    .answers(200, ("사본", "The copy"), JSON, &json!({ "type": "object" }))
    .problems(&[400, 404])
    .put(paths);
    get("/api/v1/cases/{token}", "case", ("진행 상황", "How a case stands"))
        .path("token", text(), ("접수할 때 받은 비밀 값", "The secret given with the receipt"))
        .answers(200, ("그 사람이 보는 민원", "The case as that person sees it"), JSON, &of("Case"))
        .problems(&[400, 404, 422])
        .put(paths);
}

/// An object: name, schema, whether it is always there.
pub(super) fn object(fields: &[(&str, Value)], always: bool) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let fields: Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let mut it = json!({ "type": "object", "properties": fields, "additionalProperties": false });
    if let (true, Some(it)) = (always, it.as_object_mut()) {
        it.insert("required".to_owned(), json!(names));
    }
    it
}

fn or_null(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn said(schema: Value, lang: Lang, ko: &str, en: &str) -> Value {
    let mut schema = schema;
    if let Some(it) = schema.as_object_mut() {
        it.insert("description".to_owned(), json!(lang.t(ko, en)));
    }
    schema
}

/// The schemas of version 1.
pub(super) fn schemas(lang: Lang, all: &mut Map<String, Value>) {
    let say = |schema, ko, en| said(schema, lang, ko, en);
    let maybe = || json!({ "type": ["string", "null"] });
    let time = || json!({ "type": "string", "format": "date-time" });
    let day = || json!({ "type": "string", "format": "date" });
    let texts = || json!({ "type": "array", "items": text() });
    let truth = || json!({ "type": "boolean" });
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    add("Latitude", json!({ "type": "number", "minimum": -90, "maximum": 90 }));
    add("Longitude", json!({ "type": "number", "minimum": -180, "maximum": 180 }));
    add("Bilingual", object(&[("ko", text()), ("en", text())], true));
    add("Office", object(&[("code", text()), ("name", of("Bilingual"))], true));
    add(
        "Dong",
        object(
            &[
                ("code", json!({ "type": "string", "pattern": "^[0-9]{10}$" })),
                ("name", of("Bilingual")),
            ],
            true,
        ),
    );
    add(
        "Question",
        object(
            &[
                ("code", text()),
                ("label", of("Bilingual")),
                (
                    "datatype",
                    one_of(&[
                        "string",
                        "number",
                        "datetime",
                        "text",
                        "singlevaluelist",
                        "multivaluelist",
                    ]),
                ),
                ("required", truth()),
                ("help", of("Bilingual")),
                (
                    "values",
                    json!({ "type": "array", "items": object(&[("key", text()), ("name", of("Bilingual"))], true) }),
                ),
            ],
            true,
        ),
    );
    add(
        "Service",
        object(
            &[
                ("code", text()),
                ("name", of("Bilingual")),
                ("description", of("Bilingual")),
                ("group", of("Bilingual")),
                (
                    "petition_kind",
                    one_of(&[
                        "statutory",
                        "legal_inquiry",
                        "other_inquiry",
                        "suggestion",
                        "other",
                        "grievance",
                    ]),
                ),
                (
                    "period",
                    say(
                        maybe(),
                        "없으면 민원 구분의 법정 기간",
                        "null: the period of the petition kind",
                    ),
                ),
                ("period_article", text()),
                ("allow_anonymous", truth()),
                ("questions", json!({ "type": "array", "items": of("Question") })),
            ],
            true,
        ),
    );
    add(
        "Services",
        object(
            &[
                ("office", of("Office")),
                ("services", json!({ "type": "array", "items": of("Service") })),
            ],
            true,
        ),
    );
    add("Located", object(&[("office", of("Office")), ("dong", of("Dong"))], true));
    add(
        "DueTime",
        object(
            &[
                ("due", time()),
                ("due_on", day()),
                ("precision", one_of(&["day", "time"])),
                ("calculator", text()),
                ("article", of("Bilingual")),
                ("summary", text()),
                (
                    "steps",
                    say(
                        texts(),
                        "센 날과 세지 않은 날이 한 줄씩",
                        "One line for every day that did or did not count",
                    ),
                ),
                ("notes", texts()),
            ],
            true,
        ),
    );
    add(
        "Due",
        object(
            &[
                ("at", time()),
                ("on", day()),
                ("statutory", truth()),
                ("said", text()),
                ("explanation", texts()),
            ],
            true,
        ),
    );
    add("Unit", object(&[("name", text()), ("phone", text())], true));
    let answer = json!({ "type": ["string", "number"] });
    let mut new = object(
        &[
            (
                "client_key",
                say(
                    json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$" }),
                    "신고마다 새로 만든 무작위 값(UUID)",
                    "A fresh random key for each report (a UUID)",
                ),
            ),
            (
                "text",
                say(
                    json!({ "type": "string", "minLength": 1, "maxLength": 4000 }),
                    "신고한 사람의 말 그대로",
                    "In the resident's words",
                ),
            ),
            ("title", json!({ "type": ["string", "null"], "maxLength": 100 })),
            ("service", say(maybe(), "services의 code", "A code of services")),
            (
                "answers",
                json!({
                    "type": ["object", "null"],
                    "additionalProperties": { "anyOf": [answer, { "type": "array", "items": answer }] },
                    "description": lang.t("질문 코드 → 글, 수, 또는 그 목록", "Question code → text, number, or a list"),
                }),
            ),
            (
                "place",
                or_null(&object(
                    &[
                        ("lat", of("Latitude")),
                        ("long", of("Longitude")),
                        ("dong", json!({ "type": ["string", "null"], "pattern": "^[0-9]{10}$" })),
                        ("text", json!({ "type": ["string", "null"], "maxLength": 200 })),
                    ],
                    false,
                )),
            ),
            (
                "contact",
                or_null(&object(
                    &[
                        ("name", json!({ "type": ["string", "null"], "maxLength": 60 })),
                        ("phone", maybe()),
                        ("email", maybe()),
                        (
                            "prefers",
                            json!({ "type": ["string", "null"], "enum": ["sms", "email", null] }),
                        ),
                    ],
                    false,
                )),
            ),
            (
                "anonymous",
                say(
                    json!({ "type": ["boolean", "null"] }),
                    "contact가 없으면 true여야 합니다",
                    "Must be true without a contact",
                ),
            ),
            ("lang", json!({ "type": ["string", "null"], "enum": ["ko", "en", null] })),
        ],
        false,
    );
    if let Some(new) = new.as_object_mut() {
        new.insert("required".to_owned(), json!(["client_key", "text"]));
    }
    add("NewReport", new);
    add(
        "Receipt",
        object(
            &[
                ("number", text()),
                ("token", text()),
                ("link", json!({ "type": "string", "format": "uri" })),
                ("unit", of("Unit")),
                ("due", or_null(&of("Due"))),
                ("anonymous", truth()),
                ("again", truth()),
            ],
            true,
        ),
    );
    add(
        "Step",
        object(&[("at", time()), ("title", text()), ("text", text()), ("mine", truth())], true),
    );
    add(
        "CasePlace",
        object(
            &[
                ("dong", or_null(&object(&[("code", text()), ("name", text())], true))),
                ("text", text()),
                ("lat", json!({ "type": ["number", "null"] })),
                ("long", json!({ "type": ["number", "null"] })),
            ],
            true,
        ),
    );
    add(
        "Case",
        object(
            &[
                ("number", text()),
                ("link", json!({ "type": "string", "format": "uri" })),
                ("title", text()),
                (
                    "text",
                    say(
                        maybe(),
                        "함께 신청한 사람에게는 null",
                        "null for someone who joined the case",
                    ),
                ),
                ("state", one_of(&["received", "working", "waiting", "approval", "closed"])),
                ("state_name", text()),
                ("service", maybe()),
                ("place", of("CasePlace")),
                ("unit", of("Unit")),
                ("officer", maybe()),
                ("received_at", time()),
                ("due", or_null(&of("Due"))),
                ("closed_at", json!({ "type": ["string", "null"], "format": "date-time" })),
                (
                    "outcome",
                    json!({ "type": ["string", "null"], "enum": ["done", "refused", "long_term", "needs_budget", null] }),
                ),
                ("review_on", json!({ "type": ["string", "null"], "format": "date" })),
                ("answer", maybe()),
                (
                    "question",
                    say(
                        maybe(),
                        "주민에게 묻는 것. link의 화면에서 답합니다",
                        "A question to the resident, answered on the page of the link",
                    ),
                ),
                ("steps", json!({ "type": "array", "items": of("Step") })),
                (
                    "photos",
                    json!({ "type": "array", "items": { "type": "string", "format": "uri" } }),
                ),
                ("statutory", truth()),
                ("anonymous", truth()),
            ],
            true,
        ),
    );
}
