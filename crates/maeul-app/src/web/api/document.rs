//! The whole document: what every route for programs takes and gives, in one language.

use maeul_base::Lang;
use maeul_web::{OfficeInfo, Site};
use serde_json::{Map, Value, json};

use super::operation::of;
use super::{cases, files, open311};

/// The version of the interface; the first figure is in the addresses (`/api/v1`). docs/api.md says
/// when which figure changes.
pub(super) const VERSION: &str = "1.1.0";

/// For one office, whose addresses begin with `base`; for the house where `base` is empty.
pub(super) fn document(site: &Site, office: &OfficeInfo, base: &str, lang: Lang) -> Value {
    let root = &site.config().base_url;
    let name = office.name(lang);
    let mut servers = vec![json!({ "url": format!("{root}{base}"), "description": name })];
    if base.is_empty() {
        servers.extend(site.offices().values().map(|office| {
            let url = format!("{root}/o/{}", office.code);
            json!({ "url": url, "description": office.name(lang) })
        }));
    }
    let mut paths = Map::new();
    cases::paths(lang, &mut paths);
    open311::paths(lang, &mut paths);
    files::data(lang, &mut paths);
    files::hooks(lang, &mut paths);
    let tags: Vec<Value> = tags(lang)
        .into_iter()
        .map(|(name, _, says)| json!({ "name": name, "description": says }))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{name} · {}", lang.t("마을 연계 API", "Maeul for other systems")),
            "version": VERSION,
            "summary": lang.t(
                "신고를 보내고, 진행 상황과 공개 자료를 읽습니다.",
                "Send reports, read how they stand, read open data.",
            ),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": servers,
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas(lang),
            "responses": responses(lang),
            "securitySchemes": {
                "key": { "type": "apiKey", "in": "header", "name": "X-Api-Key" },
                "keyInQuery": { "type": "apiKey", "in": "query", "name": "api_key" },
            },
        },
    })
}

/// The headings: the tag, what people read, what it is about.
pub(super) fn tags(lang: Lang) -> Vec<(&'static str, &'static str, &'static str)> {
    let t = |ko, en| lang.t(ko, en);
    vec![
        (
            cases::TAG,
            t("JSON 연계", "JSON interface"),
            t(
                "신고를 보내고 token으로 진행 상황을 읽습니다. 로그인이 없습니다.",
                "Send reports and read how they stand by their token. There is no sign-in.",
            ),
        ),
        (
            open311::TAG,
            "Open311 GeoReport v2",
            t(
                "국제 표준. 보내려면 열쇠가 있어야 합니다.",
                "The international standard. Sending needs a key.",
            ),
        ),
        (
            open311::TEST,
            t("Open311 시험용", "Open311 for trying out"),
            t(
                "모든 것을 확인하고 아무것도 저장하지 않습니다.",
                "Everything is checked, nothing is kept.",
            ),
        ),
        (
            files::DATA,
            t("공개 자료", "Open data"),
            t("누구나 쓸 수 있는 파일입니다.", "Files that anybody may use."),
        ),
        (
            files::HOOKS,
            t("문자 게이트웨이", "Gateways of texts"),
            t(
                "설정에 비밀 값이 있는 게이트웨이만 들어옵니다.",
                "Only gateways whose secret is in the settings come in.",
            ),
        ),
    ]
}

fn schemas(lang: Lang) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert(
        "Problem".to_owned(),
        json!({
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {
                    "type": "string",
                    "format": "uri",
                    "description": lang.t("이 주소에 설명이 있습니다", "A page at this address explains it"),
                },
                "title": { "type": "string" },
                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                "detail": { "type": "string" },
                "field": { "type": "string", "description": lang.t("잘못된 항목", "The field concerned") },
                "instance": { "type": "string", "description": lang.t("로그에서 찾는 번호", "Finds it in our log") },
            },
        }),
    );
    cases::schemas(lang, &mut all);
    open311::schemas(&mut all);
    all
}

/// Refusals that many operations share: `P…` as problem details, `E…` as Open311 tells them.
fn responses(lang: Lang) -> Map<String, Value> {
    let words = |status: u16| match status {
        400 => lang.t("읽을 수 없음", "Cannot be read"),
        403 => lang.t("열쇠나 비밀 값이 틀림", "The key or secret is wrong"),
        404 => lang.t("그런 것이 없음", "There is no such thing"),
        408 => lang.t("보내는 데 너무 오래 걸림", "Sending took too long"),
        413 => lang.t("너무 큼", "Too large"),
        415 => lang.t("그런 형식은 받지 않음", "That form is not taken"),
        422 => lang.t("항목을 고쳐야 함", "Mend the named field"),
        429 => lang.t("너무 잦음. Retry-After 뒤에 다시", "Too often; again after Retry-After"),
        500 => lang.t("서버 문제", "A mistake of ours"),
        _ => {
            lang.t("지금은 받을 수 없음. Retry-After 뒤에 다시", "Not now; again after Retry-After")
        }
    };
    let retry = json!({ "Retry-After": { "schema": { "type": "integer", "minimum": 1 } } });
    let mut all = Map::new();
    for status in [400, 403, 404, 408, 413, 415, 422, 429, 500, 503] {
        let problem = json!({ "schema": of("Problem") });
        let mut answer = json!({
            "description": words(status),
            "content": { "application/problem+json": problem },
        });
        if let (429 | 503, Some(it)) = (status, answer.as_object_mut()) {
            it.insert("headers".to_owned(), retry.clone());
        }
        if matches!(status, 400 | 403 | 404 | 429 | 500) {
            let mut own = answer.clone();
            if let Some(content) = own.get_mut("content").and_then(Value::as_object_mut) {
                content.insert("application/json".to_owned(), json!({ "schema": of("Errors") }));
                content.insert("text/xml".to_owned(), json!({}));
            }
            all.insert(format!("E{status}"), own);
        }
        all.insert(format!("P{status}"), answer);
    }
    all
}
