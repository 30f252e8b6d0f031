//! A client in a test, and short ways to read what comes back.

use maeul_base::OfficeId;
use maeul_people::{ApiClientId, NewApiClient, Scope, Scopes, add_api_client};
use maeul_testkit::{Answer, Browser, World};
use maeul_wire::open311::{Format, Tree};
use serde_json::Value;

/// Where the endpoint is.
pub const V2: &str = "/open311/v2";

/// A client with these rights: its id and key.
pub async fn client(world: &World, name: &str, scopes: &[Scope]) -> (ApiClientId, String) {
    client_with(world, name, scopes, 60_000, false).await
}

/// A client with everything chosen.
pub async fn client_with(
    world: &World,
    name: &str,
    scopes: &[Scope],
    per_minute: i32,
    tokens: bool,
) -> (ApiClientId, String) {
    let new = NewApiClient {
        name: name.to_owned(),
        scopes: Scopes::new(scopes.iter().copied()),
        per_minute,
        tokens,
    };
    let ctx = world.ctx();
    let (client, key) = world.db().write(move |tx| add_api_client(tx, &ctx, &new)).await.unwrap();
    (client.id, key.reveal().to_owned())
}

/// A key that may send and say what happened to its own.
pub async fn key(world: &World) -> String {
    client(world, "시험", &Scope::USUAL).await.1
}

/// A key that may read every request of the office.
pub async fn reader_key(world: &World) -> String {
    client(world, "열람", &[Scope::ReadRequests]).await.1
}

/// The whole answer as JSON; fails unless it has that status and the right media type.
pub fn json_of(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.body);
    let kind = answer.headers["content-type"].to_str().unwrap();
    assert_eq!(kind, "application/json; charset=utf-8");
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// The whole answer as XML, likewise; `root` is the name of its root.
pub fn xml_of(answer: &Answer, status: u16, root: &str) -> Tree {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.headers["content-type"].to_str().unwrap(), "text/xml; charset=utf-8");
    let head = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{root}>");
    assert!(
        answer.body.starts_with(&head),
        "declaration and a root without namespace: {}",
        answer.body
    );
    Tree::read(&answer.body, Format::Xml).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// Reads a list as JSON.
pub async fn get_json(browser: &Browser, path: &str) -> Value {
    json_of(&browser.get(&format!("{V2}/{path}")).await, 200)
}

/// The status, and in both forms the same descriptions.
pub async fn refused(browser: &Browser, path: &str, status: u16) -> String {
    let (stem, query) = path.split_once('?').map_or((path, ""), |(stem, query)| (stem, query));
    let json = json_of(&browser.get(&format!("{V2}/{stem}.json?{query}")).await, status);
    let xml = browser.get(&format!("{V2}/{stem}.xml?{query}")).await;
    let tree = xml_of(&xml, status, "errors");
    let said: Vec<String> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            assert!(it["code"].as_str().unwrap().starts_with(&status.to_string()), "{json}");
            it["description"].as_str().unwrap().to_owned()
        })
        .collect();
    let same: Vec<String> =
        tree.items("error").iter().map(|it| it.text("description").unwrap()).collect();
    assert_eq!(said, same);
    assert!(!said.is_empty());
    said.join("\n")
}

/// A good report about a streetlight.
pub fn light(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("api_key", key),
        ("service_code", "streetlight"),
        ("lat", "35.127"),
        ("long", "126.877"),
        ("description", "풍암저수지 정자 옆 가로등이 꺼져 있어요. 전화 010-1234-5678"),
    ]
}

/// Sends it; gives its id.
pub async fn send(browser: &Browser, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(&format!("{V2}/requests.json"), fields).await;
    let json = json_of(&answer, 200);
    json[0]["service_request_id"].as_str().unwrap_or_else(|| panic!("{json}")).to_owned()
}

/// The same fields with one of them changed, or left out where it is empty.
pub fn with<'a>(
    fields: &[(&'a str, &'a str)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = fields.iter().copied().filter(|(key, _)| *key != name).collect();
    if !value.is_empty() {
        all.push((name, value));
    }
    all
}

/// Adds an empty second office, so that there are several jurisdictions.
pub async fn second_office(world: &World) -> OfficeId {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/offices/41150-uijeongbu/org.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let mut request =
        maeul_app::import::Request::new(&world.house.site, maeul_app::import::Kind::Org, &text);
    request.office = Some(OfficeId(41150));
    maeul_app::import::run(&world.house.site, &request).await.unwrap();
    world.house.refresh().await.unwrap();
    OfficeId(41150)
}

/// Makes the question "fault" of streetlights one that must be answered.
pub async fn fault_is_required(world: &World) {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../data/offices/29140-gwangju-seogu/services.toml"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let (before, after) = text.split_once("code = \"fault\"").unwrap();
    let after = after.replacen("required = false", "required = true", 1);
    let text = format!("{before}code = \"fault\"{after}");
    let kind = maeul_app::import::Kind::Services;
    let mut request = maeul_app::import::Request::new(&world.house.site, kind, &text);
    request.office = Some(world.office);
    maeul_app::import::run(&world.house.site, &request).await.unwrap();
}

/// The newest unassigned case of the streetlights' unit is taken, drafted and answered on the
/// staff's pages.
pub async fn work_and_answer(world: &World, outcome: &str, result: &str) {
    use maeul_base::Role;
    let officer = world.signed_in(&world.account(Role::Officer, Some("construction")).login).await;
    let queue = officer.get("/staff/queue/unassigned").await;
    let link = queue.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
    let page = officer.get(&link).await;
    assert_eq!(page.submit_to(&format!("{link}/take"), &[]).await.status, 303);
    let answer = officer.get(&format!("{link}/answer")).await;
    let fields = [
        ("outcome", outcome),
        ("result", result),
        ("reason", "기준에 맞지 않습니다."),
        ("remedy", "이의가 있으면 60일 안에 신청할 수 있습니다."),
        ("do", "submit"),
    ];
    let submitted = answer.submit(&fields).await;
    assert_eq!(submitted.status, 303, "{}", submitted.text());
    let head = world.signed_in(&world.account(Role::Head, Some("construction")).login).await;
    let approved = head.get(&link).await.submit_to(&format!("{link}/approve"), &[]).await;
    assert_eq!(approved.status, 303, "{}", approved.text());
}

/// A PNG of four pixels.
pub fn picture() -> Vec<u8> {
    vec![
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2, 0, 0, 0, 2, 8, 2,
        0, 0, 0, 253, 212, 154, 115, 0, 0, 0, 19, 73, 68, 65, 84, 120, 156, 99, 248, 223, 192, 0,
        68, 12, 12, 13, 255, 129, 8, 0, 41, 242, 5, 253, 2, 38, 54, 249, 0, 0, 0, 0, 73, 69, 78,
        68, 174, 66, 96, 130,
    ]
}
