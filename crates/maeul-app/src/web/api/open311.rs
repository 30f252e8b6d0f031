//! Open311 `GeoReport` v2, once for what counts and once for trying out.

use maeul_base::Lang;
use serde_json::{Map, Value, json};

use super::operation::{Operation, list_of, of, one_of, text};

/// The headings of these operations.
pub(super) const TAG: &str = "Open311";
pub(super) const TEST: &str = "Open311 test";

const JSON: &str = "application/json";
const XML: &str = "text/xml";
const FORMS: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];

pub(super) fn paths(lang: Lang, paths: &mut Map<String, Value>) {
    let discovery = Operation::get(
        lang,
        "/open311/discovery.{format}",
        "discovery",
        TAG,
        ("어디에서 무엇을 하는지", "Where what is served"),
    );
    read(discovery, &of("Discovery")).put(paths);
    let photo = Operation::get(
        lang,
        "/open311/v2/media/{photo}",
        "media",
        TAG,
        ("한 건의 사진", "A photo of a request"),
    );
    photo
        .path("photo", text(), ("media_url에 적힌 이름", "The name in media_url"))
        .query("mark", text(), ("media_url에 적힌 표", "The mark in media_url"))
        .answers(200, ("사진", "The photo"), "image/jpeg", &json!({}))
        .errors(&[400, 403, 404, 429, 500])
        .put(paths);
    part(lang, "/open311/v2", "", TAG, paths);
    part(lang, "/open311/test/v2", "Test", TEST, paths);
}

/// A read in both formats.
fn read(operation: Operation, schema: &Value) -> Operation {
    operation
        .path("format", one_of(&["json", "xml"]), ("형식", "Format"))
        .query(
            "jurisdiction_id",
            text(),
            (
                "기관. 주소에 기관이 있으면 보지 않습니다",
                "The office; not looked at where the address names one",
            ),
        )
        .lang()
        .answers(200, ("자료", "The resource"), JSON, schema)
        .or_as(200, XML)
        .errors(&[400, 403, 404, 429, 500])
}

fn write(operation: Operation, body: &Value, schema: &Value) -> Operation {
    operation
        .path("format", one_of(&["json", "xml"]), ("형식", "Format"))
        .lang()
        .keyed()
        .body(FORMS, body)
        .answers(200, ("받았습니다", "Taken"), JSON, schema)
        .or_as(200, XML)
        .errors(&[400, 403, 404, 429, 500])
        .problems(&[408, 413])
}

fn part(lang: Lang, root: &str, end: &str, tag: &str, paths: &mut Map<String, Value>) {
    let get = |path: &str, id: &str, says| {
        Operation::get(lang, &format!("{root}/{path}"), &format!("{id}{end}"), tag, says)
    };
    let time = || json!({ "type": "string", "format": "date-time" });
    let span = |operation: Operation| {
        operation
            .query("start_date", time(), ("이때부터. 시간대까지", "From then on, with the zone"))
            .query("end_date", time(), ("이때까지", "Until then"))
    };
    read(
        get("services.{format}", "serviceList", ("민원 종류", "Services")),
        &list_of("Open311Service"),
    )
    .put(paths);
    read(
        get(
            "services/{service_code}.{format}",
            "serviceDefinition",
            ("무엇을 묻는지", "What a service asks"),
        ),
        &of("Definition"),
    )
    .path("service_code", text(), ("services의 service_code", "A service_code of services"))
    .put(paths);
    span(read(
        get("requests.{format}", "requests", ("신고 목록", "Requests")),
        &list_of("Request"),
    ))
    .more((
        "기간이 없으면 최근 90일, 최대 1,000건, 새것부터.",
        "Without a span the last 90 days; at most 1,000, the newest first.",
    ))
    .query(
        "service_request_id",
        text(),
        ("쉼표로 이은 번호. 다른 조건보다 앞섭니다", "Ids in a comma list; overrides all else"),
    )
    .query("service_code", text(), ("쉼표로 이은 종류", "Services in a comma list"))
    .query("status", text(), ("open, closed", "open, closed"))
    .query("updated_after", time(), ("이 뒤에 바뀐 것", "Changed after this"))
    .query("updated_before", time(), ("이 앞에 바뀐 것", "Changed before this"))
    .query("bbox", text(), ("서,남,동,북", "west,south,east,north"))
    .query("lat", of("Latitude"), ("위도. long, radius와 함께", "Latitude; with long and radius"))
    .query("long", of("Longitude"), ("경도", "Longitude"))
    .query(
        "radius",
        json!({ "type": "integer", "minimum": 1, "maximum": 50000 }),
        ("미터", "Metres"),
    )
    .query("page", json!({ "type": "integer", "minimum": 1 }), ("몇째 쪽", "Which page"))
    .query(
        "page_size",
        json!({ "type": "integer", "minimum": 1, "maximum": 1000 }),
        ("한 쪽의 건수", "How many on a page"),
    )
    .query(
        "extensions",
        json!({ "type": "boolean" }),
        ("답변과 소식까지", "With answers and what happened"),
    )
    .put(paths);
    read(
        get("requests/{service_request_id}.{format}", "request", ("신고 하나", "One request")),
        &list_of("Request"),
    )
    .path("service_request_id", text(), ("번호", "Its id"))
    .put(paths);
    read(
        get("tokens/{token}.{format}", "token", ("토큰의 번호", "The id of a token")),
        &list_of("Open311Receipt"),
    )
    .path("token", text(), ("보낼 때 받은 토큰", "The token given when sending"))
    .put(paths);
    span(read(
        get("servicerequestupdates.{format}", "updates", ("있었던 일", "What happened")),
        &list_of("Update"),
    ))
    .put(paths);
    span(get("bulk.{ending}", "bulk", ("전체 내려받기", "Everything, as a stream")))
        .path("ending", one_of(&["csv", "json", "xml"]), ("형식", "Format"))
        .query("jurisdiction_id", text(), ("기관", "The office"))
        .lang()
        .answers(
            200,
            ("일괄 양식", "The bulk form"),
            JSON,
            &json!({ "type": "array", "items": { "type": "object" } }),
        )
        .or_as(200, "text/csv")
        .or_as(200, XML)
        .errors(&[400, 403, 404, 429, 500])
        .put(paths);
    let post = |path: &str, id: &str, says| {
        Operation::post(lang, &format!("{root}/{path}"), &format!("{id}{end}"), tag, says)
    };
    write(
        post("requests.{format}", "send", ("신고 보내기", "Send a request")),
        &of("NewRequest"),
        &list_of("Open311Receipt"),
    )
    .header(
        "Idempotency-Key",
        text(),
        ("같은 값은 같은 신고", "The same value is the same request"),
    )
    .put(paths);
    write(
        post("servicerequestupdates.{format}", "tell", ("소식 보내기", "Tell what happened")),
        &of("NewUpdate"),
        &list_of("UpdateReceipt"),
    )
    .put(paths);
}

/// The schemas of the specification, as JSON carries them.
pub(super) fn schemas(all: &mut Map<String, Value>) {
    let maybe = || json!({ "type": ["string", "null"] });
    let time = || json!({ "type": "string", "format": "date-time" });
    let id = || json!({ "type": "string", "minLength": 1 });
    let mut add = |name: &str, needed: &[&str], fields: Value| {
        all.insert(
            name.to_owned(),
            json!({ "type": "object", "required": needed, "properties": fields }),
        )
    };
    add(
        "Discovery",
        &["changeset", "contact", "key_service", "endpoints"],
        json!({
            "changeset": time(),
            "contact": text(),
            "key_service": text(),
            "endpoints": { "type": "array", "minItems": 2, "items": {
                "type": "object",
                "required": ["specification", "url", "changeset", "type", "formats"],
                "properties": {
                    "specification": { "const": "http://wiki.open311.org/GeoReport_v2" },
                    "url": { "type": "string", "format": "uri" },
                    "changeset": time(),
                    "type": { "enum": ["production", "test"] },
                    "formats": { "type": "array", "items": text() },
                },
            } },
        }),
    );
    add(
        "Open311Service",
        &["service_code", "service_name", "metadata", "type"],
        json!({
            "service_code": id(),
            "service_name": id(),
            "description": maybe(),
            "metadata": { "type": "boolean" },
            "type": { "enum": ["realtime", "batch", "blackbox"] },
            "keywords": maybe(),
            "group": maybe(),
        }),
    );
    add(
        "Attribute",
        &["variable", "code", "datatype", "required", "order"],
        json!({
            "variable": { "type": "boolean" },
            "code": id(),
            "datatype": { "enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"] },
            "required": { "type": "boolean" },
            "datatype_description": maybe(),
            "order": { "type": "integer", "minimum": 1 },
            "description": maybe(),
            "values": { "type": "array", "items": {
                "type": "object", "required": ["key", "name"], "properties": { "key": text(), "name": text() },
            } },
        }),
    );
    add(
        "Definition",
        &["service_code", "attributes"],
        json!({
            "service_code": text(), "attributes": list_of("Attribute"),
        }),
    );
    add(
        "Request",
        &["service_request_id", "status", "service_code", "requested_datetime"],
        json!({
            "service_request_id": id(),
            "status": { "enum": ["open", "closed"] },
            "status_notes": maybe(),
            "service_name": maybe(),
            "service_code": id(),
            "description": maybe(),
            "agency_responsible": maybe(),
            "service_notice": maybe(),
            "requested_datetime": time(),
            "updated_datetime": time(),
            "expected_datetime": time(),
            "address": maybe(),
            "address_id": maybe(),
            "zipcode": maybe(),
            "lat": of("Latitude"),
            "long": of("Longitude"),
            "media_url": maybe(),
        }),
    );
    add(
        "Open311Receipt",
        &[],
        json!({
            "service_request_id": id(), "token": id(), "service_notice": maybe(), "account_id": maybe(),
        }),
    );
    add(
        "Update",
        &["update_id", "service_request_id", "status", "updated_datetime"],
        json!({
            "update_id": id(),
            "service_request_id": id(),
            "status": text(),
            "updated_datetime": time(),
            "description": maybe(),
            "external_status_code": maybe(),
        }),
    );
    add("UpdateReceipt", &["update_id"], json!({ "update_id": id() }));
    add(
        "NewRequest",
        &["service_code"],
        json!({
            "service_code": id(),
            "lat": of("Latitude"),
            "long": of("Longitude"),
            "address_string": text(),
            "address_id": text(),
            "description": { "type": "string", "maxLength": 4000 },
            "first_name": text(),
            "last_name": text(),
            "phone": text(),
            "email": text(),
            "media_url": { "type": "string", "format": "uri" },
            "account_id": text(),
            "client_key": text(),
        }),
    );
    add(
        "NewUpdate",
        &["service_request_id", "update_id", "status", "updated_datetime", "description"],
        json!({
            "service_request_id": id(),
            "update_id": { "type": "string", "minLength": 1, "maxLength": 100 },
            "status": text(),
            "updated_datetime": time(),
            "description": { "type": "string", "minLength": 1 },
            "media_url": { "type": "string", "format": "uri" },
        }),
    );
    all.insert("Errors".to_owned(), json!({
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["code", "description"],
            "properties": { "code": { "type": "string", "pattern": "^[45][0-9][0-9]" }, "description": id() },
        },
    }));
}
