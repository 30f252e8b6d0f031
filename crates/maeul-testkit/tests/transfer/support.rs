//! A case, an officer and an agency, and the short ways of a test.

use jiff::{SignedDuration, Timestamp};
use maeul_app::import::{self, Kind, Request};
use maeul_base::Role;
use maeul_testkit::{Answer, Browser, World};

/// A case in an officer's hands.
pub struct Desk {
    pub world: World,
    pub officer: Browser,
    pub resident: Browser,
    /// The resident's page.
    pub case: String,
    /// The officer's page.
    pub link: String,
    pub number: String,
}

pub const WORDS: &str = "다리 밑 도로가 패였어요. 제 번호는 010-0000-1234예요";

/// A resident's case without a point, so that any agency may have it.
pub async fn desk(world: World) -> Desk {
    let resident = world.browser();
    let what = resident.get("/report").await;
    let place = what.submit(&[("text", WORDS)]).await.next().await;
    let send =
        place.submit(&[("service", "road-damage"), ("place", "광주천 다리 밑")]).await.next().await;
    let named = [("how", "sms"), ("name", "홍길순"), ("phone", "010-0000-1234")];
    let sent = send.submit(&named).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let case = sent.location().unwrap().trim_end_matches("/receipt").to_owned();
    let head = world.account(Role::Coordinator, None).login.clone();
    let officer = world.signed_in(&head).await;
    let text = resident.get(&case).await.text();
    let number = text.lines().find(|line| line.starts_with("2026-서구-")).unwrap().to_owned();
    let found = officer.get(&format!("/staff/search?q={}", urlencode(&number))).await;
    let link = match found.location() {
        Some(link) => link,
        None => found.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap(),
    };
    world.drain().await;
    Desk { world, officer, resident, case, link, number }
}

fn urlencode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The file of one agency.
pub fn file(endpoint: &str, format: &str, code: &str, key: &str) -> String {
    format!(
        "[[agency]]\ncode = \"city\"\nname_ko = \"가온시\"\nname_en = \"Gaon City\"\nphone = \
         \"031-000-0120\"\nendpoint = \"{endpoint}\"\nformat = \"{format}\"\nupdates = true\n\
         alarm_hours = 24\napi_key = \"{key}\"\n[[agency.service]]\nservice = \"road-damage\"\n\
         code = \"{code}\"\n"
    )
}

pub async fn put(world: &World, text: &str) {
    let mut request = Request::new(&world.house.site, Kind::Agencies, text);
    request.office = Some(world.office);
    import::run(&world.house.site, &request).await.unwrap();
    world.drain().await;
}

impl Desk {
    /// Fills in the form and looks at the preview.
    pub async fn preview(&self, more: &[(&str, &str)]) -> Answer {
        let form = self.fresh().await.get(&format!("{}/transfer", self.link)).await;
        assert_eq!(form.status, 200, "{}", form.text());
        let mut fields = vec![("reason", "시가 관리하는 도로입니다."), ("do", "preview")];
        if !more.iter().any(|(name, _)| *name == "words") {
            fields.push(("words", "다리 밑 도로가 패였습니다."));
        }
        fields.extend_from_slice(more);
        form.submit_to(&format!("{}/transfer", self.link), &fields).await
    }

    /// Sends it, and has the first step done.
    pub async fn send(&self, more: &[(&str, &str)]) {
        let shown = self.preview(more).await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        let sent = shown.submit_to(&format!("{}/transfer", self.link), &[("do", "send")]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        self.world.drain().await;
    }

    /// Lets time pass, and has done what is due.
    pub async fn later(&self, minutes: i64) {
        let at: Timestamp = self.world.clock.now() + SignedDuration::from_mins(minutes);
        self.world.clock.set(at);
        self.world.drain().await;
    }

    /// The page of the transfer, as text.
    pub async fn page(&self) -> String {
        // Sessions end when nobody works: time jumps here.
        self.fresh().await.get(&format!("{}/transfer", self.link)).await.text()
    }

    /// The officer, signed in anew.
    pub async fn fresh(&self) -> Browser {
        let login = self.world.account(Role::Coordinator, None).login.clone();
        self.world.clock.set(self.world.clock.now() + SignedDuration::from_secs(31));
        self.world.signed_in(&login).await
    }

    /// Presses a button of the transfer's page.
    pub async fn press(&self, ends: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.fresh().await.get(&format!("{}/transfer", self.link)).await;
        let action = page
            .body
            .split("action=\"")
            .filter_map(|it| it.split('"').next())
            .find(|it| it.contains("/staff/transfers/") && it.ends_with(ends))
            .unwrap_or_else(|| panic!("no {ends}: {}", page.text()))
            .to_owned();
        let answer = page.submit_to(&action, fields).await;
        self.world.drain().await;
        answer
    }
}
