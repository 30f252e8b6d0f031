//! People who follow, and what reaches them.

use maeul_base::{CaseId, seoul};
use maeul_db::args;
use maeul_testkit::{Answer, Browser, World};
use serde_json::Value;

use crate::public::support as public;

/// Where the support of public cases puts them.
pub const DONG: &str = "2914065000";

/// Time goes on by so many minutes; what is due is done, every minute.
pub async fn minutes(world: &World, count: i64) {
    for _ in 0..count {
        let next = world.clock.now() + jiff::SignedDuration::from_mins(1);
        world.clock.set(next);
        world.drain().await;
    }
}

/// Asks to follow; fields given win over the usual ones.
pub async fn ask(browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("what", "all"), ("rhythm", "now"), ("contact", "kim@example.com")];
    all.retain(|(name, _)| !fields.iter().any(|(given, _)| given == name));
    all.extend_from_slice(fields);
    let form = browser.get("/follow").await;
    assert_eq!(form.status, 200, "{}", form.text());
    form.submit_to("/follow", &all).await
}

/// What was sent to that address, the oldest first.
pub fn to(world: &World, address: &str) -> Vec<Value> {
    world.messages().into_iter().filter(|message| message["to"] == address).collect()
}

/// The last that was sent to that address.
pub fn last(world: &World, address: &str) -> String {
    to(world, address).last().expect("a message")["body"].as_str().unwrap().to_owned()
}

/// The path below the office of the first link of a text that has this in it.
pub fn link(text: &str, part: &str) -> String {
    let word = text.split_whitespace().find(|word| word.contains(part)).expect(part);
    let (_, path) = word.split_once("http://maeul.test").unwrap();
    path.to_owned()
}

/// The six digits of a code.
pub fn code(text: &str) -> String {
    let digits = text.split(|letter: char| !letter.is_ascii_digit());
    digits.into_iter().find(|part| part.len() == 6).expect("a code").to_owned()
}

/// Follows by e-mail and confirms; gives back the page of what they follow.
pub async fn follow(world: &World, browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    let address = fields.iter().find(|it| it.0 == "contact").map_or("kim@example.com", |it| it.1);
    assert_eq!(ask(browser, fields).await.status, 200);
    world.drain().await;
    let path = link(&last(world, address), "/follow/confirm/");
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);
    let done = page.submit(&[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.next().await
}

/// Follows by text message and confirms.
pub async fn follow_by_text(world: &World, browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("contact", "010-1234-5678")];
    all.extend_from_slice(fields);
    let page = ask(browser, &all).await;
    world.drain().await;
    let code = code(&last(world, "01012345678"));
    let done = page.submit_to("/follow/code", &[("code", &code)]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.next().await
}

/// A report of a kind that is shown as soon as its facts are read.
pub async fn report(world: &World) -> CaseId {
    let web = maeul_cases::Channel::Web;
    public::report(
        world,
        "streetlight",
        web,
        "저는 남궁카나입니다. 가로등이 꺼졌어요. 010-7777-1234",
    )
    .await
}

/// How many rows that condition meets.
pub async fn count(world: &World, sql: &'static str) -> i64 {
    let (count,): (i64,) = world.db().read(move |tx| tx.one::<(i64,)>(sql, args![])).await.unwrap();
    count
}

/// The public number of a case.
pub async fn number(world: &World, case: CaseId) -> String {
    let listed = public::listed(world).await;
    listed.iter().find(|it| it.picture.case == case).expect("listed").id().to_owned()
}

/// The clock at that wall time in Seoul.
pub fn at(world: &World, text: &str) {
    world.clock.set(seoul::instant(text.parse().unwrap()));
}
