//! Open data, the borders on the map, and the ways in for gateways of texts.

use maeul_base::Lang;
use serde_json::{Map, Value, json};

use super::operation::{Operation, one_of, text};

/// The headings of these operations.
pub(super) const DATA: &str = "Open data";
pub(super) const HOOKS: &str = "Hooks";

pub(super) fn data(lang: Lang, paths: &mut Map<String, Value>) {
    let any = json!({});
    let table = json!({
        "type": "object",
        "required": ["source", "licence", "licence_url", "changed_at", "cases"],
        "properties": {
            "source": text(), "licence": text(), "licence_url": text(), "changed_at": text(),
            "cases": { "type": "array", "items": { "type": "object", "required": ["id", "url", "state", "received_at", "changed_at"] } },
        },
    });
    let features = json!({
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": { "const": "FeatureCollection" },
            "features": { "type": "array", "items": { "type": "object", "required": ["type", "geometry", "properties"] } },
        },
    });
    let bulk = json!({ "type": "array", "items": { "type": "object" } });
    for (file, kind, schema, ko, en) in [
        ("cases.csv", "text/csv", &any, "공개 민원 표", "Public cases as a table"),
        ("cases.json", "application/json", &table, "공개 민원", "Public cases"),
        (
            "cases.geojson",
            "application/geo+json",
            &features,
            "위치가 있는 공개 민원",
            "Public cases with a place",
        ),
        ("open311.csv", "text/csv", &any, "Open311 일괄 양식", "The bulk form of Open311"),
        (
            "open311.json",
            "application/json",
            &bulk,
            "Open311 일괄 양식",
            "The bulk form of Open311",
        ),
        ("open311.xml", "application/xml", &any, "Open311 일괄 양식", "The bulk form of Open311"),
        ("cases.rss", "application/rss+xml", &any, "새 공개 민원(RSS)", "New public cases, RSS"),
        (
            "cases.atom",
            "application/atom+xml",
            &any,
            "새 공개 민원(Atom)",
            "New public cases, Atom",
        ),
    ] {
        let id = file.replace('.', "_");
        let day = || json!({ "type": "string", "format": "date" });
        Operation::get(lang, &format!("/open-data/{file}"), &id, DATA, (ko, en))
            .lang()
            .query(
                "dong",
                json!({ "type": "string", "pattern": "^[0-9]{10}$" }),
                ("행정동 코드. 여러 번 쓸 수 있습니다", "Code of a 동; may be repeated"),
            )
            .query(
                "service",
                text(),
                ("분야 코드. 여러 번 쓸 수 있습니다", "Code of a service; may be repeated"),
            )
            .query("state", one_of(&["open", "received", "working", "answered"]), ("단계", "State"))
            .query(
                "outcome",
                one_of(&["done", "refused", "long_term", "needs_budget"]),
                ("결과", "Outcome"),
            )
            .query("from", day(), ("접수한 날, 이날부터", "Received on this day or later"))
            .query("to", day(), ("접수한 날, 이날까지", "Received on this day or earlier"))
            .query(
                "q",
                json!({ "type": "string", "maxLength": 100 }),
                ("요약의 낱말", "Words of summaries"),
            )
            .query(
                "newest",
                json!({ "type": "integer", "minimum": 0 }),
                ("가장 새로운 몇 건", "Only so many, the newest"),
            )
            .header("If-None-Match", text(), ("가진 파일의 ETag", "The ETag of the copy one has"))
            .answers(200, ("파일", "The file"), kind, schema)
            .silent(304, ("바뀌지 않음", "Not changed"))
            .problems(&[400])
            .put(paths);
    }
    let month = || json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" });
    Operation::get(lang, "/open-data/figures.csv", "figures", DATA, ("통계", "Figures"))
        .lang()
        .query("from", month(), ("이달부터", "From this month"))
        .query("to", month(), ("이달까지", "To this month"))
        .query("dong", text(), ("행정동 코드", "Code of a 동"))
        .query("service", text(), ("분야 코드", "Code of a service"))
        .answers(200, ("파일", "The file"), "text/csv", &any)
        .put(paths);
    let catalogue = json!({ "type": "object", "required": ["@context"] });
    Operation::get(
        lang,
        "/open-data/catalog.jsonld",
        "catalogue",
        DATA,
        ("자료 목록(DCAT-AP)", "The catalogue, DCAT-AP"),
    )
    .lang()
    .answers(200, ("목록", "The catalogue"), "application/ld+json", &catalogue)
    .put(paths);
    let heads = json!({
        "type": "object",
        "required": ["office", "encoding", "seq", "hash", "at", "days"],
        "properties": {
            "office": text(),
            "encoding": text(),
            "seq": { "type": "integer", "minimum": 0 },
            "hash": { "type": ["string", "null"] },
            "at": { "type": ["string", "null"], "format": "date-time" },
            "days": { "type": "array", "items": { "type": "object", "required": ["day", "seq", "hash"] } },
        },
    });
    Operation::get(
        lang,
        "/audit.json",
        "auditHead",
        DATA,
        ("개인정보 열람 기록 사슬의 끝", "The head of the chain of looks at personal data"),
    )
    .lang()
    .answers(200, ("사슬의 끝", "The head"), "application/json", &heads)
    .put(paths);
    Operation::get(
        lang,
        "/map/dongs.json",
        "dongs",
        DATA,
        ("행정동 경계", "The borders of the 동"),
    )
    .lang()
    .answers(200, ("GeoJSON", "GeoJSON"), "application/geo+json", &features)
    .put(paths);
}

pub(super) fn hooks(lang: Lang, paths: &mut Map<String, Value>) {
    let secret = ("설정의 비밀 값", "The secret of the settings");
    let from = ("보낸 번호", "The sender's number");
    let kannel = |operation: Operation| {
        operation
            .query("secret", text(), secret)
            .query("id", text(), ("Kannel의 번호", "Kannel's id"))
            .query("from", text(), from)
            .query("to", text(), ("받은 번호", "The number it was sent to"))
            .query("coding", one_of(&["0", "1", "2"]), ("자료 부호화", "Data coding"))
            .query("charset", text(), ("글자 모임", "Character set"))
            .query("udh", text(), ("머리(바이트)", "The header, as bytes"))
            .silent(202, ("받았습니다", "Taken"))
            .problems(&[400, 403, 404])
    };
    let path = "/hooks/sms/kannel";
    kannel(Operation::get(
        lang,
        path,
        "kannelGet",
        HOOKS,
        ("Kannel이 가져온 문자", "A text by Kannel"),
    ))
    .query("text", text(), ("글(바이트)", "The words, as bytes"))
    .put(paths);
    kannel(Operation::post(
        lang,
        path,
        "kannelPost",
        HOOKS,
        ("Kannel이 가져온 문자(post-url)", "A text by Kannel (post-url)"),
    ))
    .body(&["text/plain", "application/octet-stream"], &text())
    .problems(&[408])
    .put(paths);
    Operation::get(
        lang,
        "/hooks/sms/kannel/dlr",
        "kannelReport",
        HOOKS,
        ("보낸 문자가 어떻게 되었는지", "What became of a text of ours"),
    )
    .query("secret", text(), secret)
    .query("office", text(), ("기관 코드", "Code of the office"))
    .query(
        "id",
        json!({ "type": "string", "format": "uuid" }),
        ("알림의 번호", "Id of the message"),
    )
    .query("state", one_of(&["1", "2", "4", "8", "16", "32"]), ("Kannel의 상태", "Kannel's state"))
    .query("why", text(), ("까닭", "Why"))
    .silent(202, ("받았습니다", "Taken"))
    .problems(&[400, 403, 404])
    .put(paths);
    let payload = json!({ "type": "object" });
    for (path, end, keyed) in
        [("/hooks/sms/smssync", "", false), ("/hooks/sms/smssync/{key}", "Keyed", true)]
    {
        let get = Operation::get(
            lang,
            path,
            &format!("smssyncGet{end}"),
            HOOKS,
            ("SMSsync가 보낼 문자를 가져감", "SMSsync fetches texts to send"),
        );
        let post = Operation::post(
            lang,
            path,
            &format!("smssyncPost{end}"),
            HOOKS,
            ("SMSsync가 받은 문자와 결과", "Texts and results by SMSsync"),
        );
        for operation in [
            get,
            post.body(&["application/x-www-form-urlencoded", "application/json"], &payload)
                .problems(&[408]),
        ] {
            let operation = if keyed { operation.path("key", text(), secret) } else { operation };
            operation
                .query("secret", text(), secret)
                .query(
                    "task",
                    one_of(&["send", "sent", "result"]),
                    ("하려는 일", "What it is about"),
                )
                .answers(
                    200,
                    ("SMSsync의 양식", "As SMSsync reads it"),
                    "application/json",
                    &payload,
                )
                .answers(400, ("양식이 아님", "Not of the protocol"), "application/json", &payload)
                .answers(
                    403,
                    ("비밀 값이 틀림", "The secret is wrong"),
                    "application/json",
                    &payload,
                )
                .answers(404, ("열려 있지 않음", "Not configured"), "application/json", &payload)
                .put(paths);
        }
    }
    let said = json!({ "oneOf": [
        {
            "type": "object",
            "required": ["type", "id", "from", "to", "text"],
            "properties": { "type": { "const": "message" }, "id": { "type": "string", "minLength": 1 }, "from": text(), "to": text(), "text": text() },
        },
        {
            "type": "object",
            "required": ["type", "notice", "office", "state"],
            "properties": {
                "type": { "const": "delivery" },
                "notice": { "type": "string", "format": "uuid" },
                "office": { "type": "integer" },
                "state": { "enum": ["delivered", "failed", "taken"] },
                "reason": text(),
            },
        },
    ] });
    let taken = json!({
        "type": "object",
        "required": ["taken", "again"],
        "properties": { "taken": { "type": "boolean" }, "again": { "type": "boolean" } },
    });
    Operation::post(
        lang,
        "/hooks/sms/webhook",
        "webhook",
        HOOKS,
        ("서명한 웹훅", "A signed webhook"),
    )
    .more((
        "X-Maeul-Signature는 \"시각.본문\"의 HMAC-SHA256(16진수)입니다.",
        "X-Maeul-Signature is the HMAC-SHA256 of \"timestamp.body\" in hexadecimal.",
    ))
    .header("X-Maeul-Timestamp", text(), ("초 단위 시각", "Seconds since 1970"))
    .header("X-Maeul-Signature", text(), ("서명", "The signature"))
    .body(&["application/json"], &said)
    .answers(200, ("받았습니다", "Taken"), "application/json", &taken)
    .problems(&[400, 403, 404, 408])
    .put(paths);
}
