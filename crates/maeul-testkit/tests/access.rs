//! Every declared route, for everyone: the golden matrix. A new route shows up here or fails.

#[path = "access/provider.rs"]
mod provider;

use std::collections::BTreeMap;
use std::fmt::Write;

use maeul_base::{Actor, CaseId, Ctx, Fault, Lang, OfficeId, PartyId, PhotoId, Role, UnitId};
use maeul_cases::act::{self, NewCase, NewPhoto, SaveDraft, Who};
use maeul_cases::web::Desk;
use maeul_cases::{Channel, ContactInput, PhotoOf};
use maeul_db::args;
use maeul_people::{GrantScope, NewGrant, Staff};
use maeul_testkit::{Answer, Browser, SECRET, TEXT_NUMBER, World, worlds};
use maeul_web::{Access, RouteInfo};

/// The 동 that scopes speak of, and another.
const DONG: &str = "2914083000";
const ELSEWHERE: &str = "2914057500";

/// One thing behind an address, as seen from who holds a scope.
struct Object {
    /// Its column: own, unit, below, dong, other, abroad.
    column: &'static str,
    case: CaseId,
    number: String,
    photo: PhotoId,
    party: PartyId,
    talk: String,
}

/// A report with a photo, in an office.
async fn report(world: &World, office: OfficeId, nth: u8) -> (CaseId, String, PhotoId, PartyId) {
    let desk: &Desk = world.house.site.room().unwrap();
    let know = desk.knowledge.get(world.db(), office, world.clock.now()).await.unwrap();
    let ctx = Ctx { office, actor: Actor::Resident, ..world.ctx() };
    let number = desk.numbers.next(world.db(), &ctx, &know).await.unwrap();
    let made = world.db().write(move |tx| {
        let body = serde_json::json!({ "text": "사진" });
        let draft = act::save_draft(tx, &ctx, &know, &SaveDraft { draft: None, body }).unwrap();
        let photo = act::add_photo(
            tx,
            &ctx,
            &know,
            &NewPhoto {
                to: PhotoOf::Draft(draft),
                access: None,
                jpeg: vec![0xFF, 0xD8, nth],
                thumb: vec![0xFF, 0xD8, nth, nth],
                width: 10,
                height: 10,
                sha256: [nth; 32],
            },
        );
        let receipt = act::receive(
            tx,
            &ctx,
            &know,
            &NewCase {
                number: number.clone(),
                client_key: None,
                channel: Channel::Web,
                title: String::new(),
                body: format!("가로등이 꺼졌어요 {nth}"),
                service: Some("streetlight".to_owned()),
                answers: BTreeMap::new(),
                point: None,
                dong: None,
                place: String::new(),
                who: Who::Named(ContactInput {
                    name: "김주민".to_owned(),
                    phone: format!("010-0000-100{nth}"),
                    email: String::new(),
                    prefers: None,
                }),
                lang: Lang::Ko,
                oral: false,
                received_at: None,
                draft: Some(draft),
            },
        );
        let case = receipt.unwrap().case;
        let (party,): (PartyId,) = tx.one(
            "SELECT id FROM cases_party WHERE office_id = $1 AND case_id = $2",
            args![office, case],
        )?;
        Ok::<_, Fault>((case, number.to_string(), photo.unwrap(), party))
    });
    made.await.unwrap()
}

async fn unit(world: &World, code: &'static str) -> UnitId {
    let office = world.office;
    let found = world.db().read(move |tx| maeul_org::unit_by_code(tx, office, code)).await;
    found.unwrap().unwrap().id
}

/// One thing for each column; the unit of scopes is a bureau with a division below it.
async fn objects(world: &World, subject: &Staff) -> Vec<Object> {
    let abroad = world.open_office("41150-uijeongbu").await;
    let (bureau, below, other) = (
        unit(world, "safe-city").await,
        unit(world, "construction").await,
        unit(world, "parks-green").await,
    );
    let mut found = Vec::new();
    for (nth, (column, of, dong)) in (1_u8..).zip([
        ("own", other, ELSEWHERE),
        ("unit", bureau, ELSEWHERE),
        ("below", below, ELSEWHERE),
        ("dong", other, DONG),
        ("other", other, ELSEWHERE),
        ("abroad", other, DONG),
    ]) {
        let at = if column == "abroad" { abroad } else { world.office };
        let (case, number, photo, party) = report(world, at, nth).await;
        let from = format!("0101111000{nth}");
        let path = format!(
            "/hooks/sms/kannel?secret={}&id=t{nth}&from={from}&to={TEXT_NUMBER}&coding=0&text=pothole{nth}",
            SECRET.replace(' ', "%20")
        );
        assert_eq!(world.browser().get(&path).await.status, 202);
        let assignee = (column == "own").then_some(subject.id);
        let office = world.office;
        let talk = world.db().write(move |tx| {
            if at == office {
                tx.exec_one(
                    "UPDATE cases_case SET unit_id = $3, dong_code = $4, assignee_id = $5
                      WHERE office_id = $1 AND id = $2",
                    args![office, case, of, dong, assignee],
                )?;
            }
            let newest: Vec<(uuid::Uuid,)> = tx.all(
                "SELECT id FROM text_talk WHERE office_id = $1 ORDER BY id DESC LIMIT 1",
                args![office],
            )?;
            let talk = newest[0].0;
            tx.exec_one(
                "UPDATE text_talk SET unit_id = $3 WHERE office_id = $1 AND id = $2",
                args![office, talk, of],
            )?;
            Ok::<_, Fault>(talk)
        });
        // In this office nobody has the talk of another.
        let talk = talk.await.unwrap();
        let talk = if column == "abroad" { case.0 } else { talk };
        found.push(Object { column, case, number, photo, party, talk: talk.to_string() });
    }
    found
}

/// Every role over every scope it can be had over.
fn grants(bureau: UnitId) -> Vec<(Role, &'static str, GrantScope)> {
    let mut all = Vec::new();
    for role in Role::ALL {
        let scopes = [
            ("own", GrantScope::Own),
            ("dong", GrantScope::Dong(DONG.parse().unwrap())),
            ("unit", GrantScope::Unit(bureau)),
            ("office", GrantScope::Office),
        ];
        for (name, scope) in scopes {
            let fits = match name {
                "own" => matches!(role, Role::Officer | Role::Viewer),
                "office" => true,
                _ => !role.is_of_office(),
            };
            if fits {
                all.push((role, name, scope));
            }
        }
    }
    all
}

/// The subject holds this and nothing else from now on; their session goes on.
async fn hold(world: &World, subject: &Staff, role: Role, scope: GrantScope) {
    let (ctx, id, office) = (world.ctx(), subject.id, world.office);
    let done = world.db().write(move |tx| {
        tx.exec(
            "DELETE FROM people_grant WHERE office_id = $1 AND staff_id = $2",
            args![office, id],
        )?;
        let from = ctx.today();
        let new = NewGrant {
            staff: id,
            role,
            scope: scope.clone(),
            from,
            until: None,
            reason: "a test".to_owned(),
        };
        maeul_people::grant(tx, &ctx, &new)
    });
    done.await.unwrap();
}

/// Sends nothing that could be done: a version that never was, and no words.
async fn knock(
    browser: &Browser,
    route: &RouteInfo,
    path: &str,
    csrf: &str,
    party: &str,
) -> Answer {
    if route.method == "GET" {
        browser.get(path).await
    } else {
        browser.post(path, &[("csrf", csrf), ("version", "0"), ("party", party)]).await
    }
}

/// `o` lets in, `x` tells that it is not theirs to do, `.` tells nothing.
fn letter(status: u16) -> char {
    match status {
        404 => '.',
        403 => 'x',
        _ => 'o',
    }
}

worlds! {
    async fn the_matrix_is_golden_and_the_guards_keep_to_it(world: World) {
        let login = world.account(Role::Officer, Some("construction")).login.clone();
        let browser = world.signed_in(&login).await;
        let office = world.office;
        let subject = world.db().read(move |tx| maeul_people::staff_by_login(tx, office, &login)).await;
        let subject = subject.unwrap().unwrap();
        let objects = objects(&world, &subject).await;
        let columns: Vec<_> = objects.iter().map(|it| it.column).collect();
        let stranger = world.browser();
        let page = browser.get("/staff/password").await;
        let csrf = page.hidden(None).into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let mut routes = world.house.routes.clone();
        routes.sort_by(|a, b| (a.path, a.method.as_str()).cmp(&(b.path, b.method.as_str())));
        let of_object = |path: &str| path.contains("{case}") || path.contains("{talk}");
        // For each route the letters of its columns, by who holds what.
        let mut cells: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        for (role, name, scope) in grants(unit(&world, "safe-city").await) {
            hold(&world, &subject, role, scope).await;
            let who = format!("{}@{name}", role.as_str());
            let mut seen = String::new();
            for (at, route) in routes.iter().enumerate() {
                let Access::Staff(permission) = route.access else { continue };
                let may = permission.roles.contains(&role);
                if !of_object(route.path) {
                    let path: Vec<_> = route.path.split('/')
                        .map(|part| if part.starts_with('{') { "x" } else { part }).collect();
                    let path = path.join("/");
                    // Nothing is sent that a form would need: only the guard's answer is looked at.
                    let answer = if route.method == "GET" { browser.get(&path).await } else { browser.post(&path, &[]).await };
                    let place = format!("{} {path} as {who}: {}", route.method, answer.status);
                    assert!(answer.status < 500, "{place}");
                    if !may {
                        assert_eq!(answer.status, 404, "{place}");
                    } else if route.method == "POST" {
                        assert_ne!(answer.status, 404, "the guard turned away who may pass: {place}");
                    }
                    continue;
                }
                let mut letters = String::new();
                for it in &objects {
                    let path = route.path.replace("{case}", &it.case.to_string())
                        .replace("{talk}", &it.talk).replace("{photo}", &it.photo.to_string());
                    let answer = knock(&browser, route, &path, &csrf, &it.party.to_string()).await;
                    assert!(answer.status < 500, "{} {path} as {who}: {}", route.method, answer.status);
                    if answer.status == 404 {
                        assert!(!answer.body.contains(&it.number), "{who} is told of {}", it.number);
                    }
                    letters.push(letter(answer.status));
                }
                if !may {
                    assert!(letters.chars().all(|it| it == '.'), "{} as {who}: {letters}", route.path);
                }
                if route.path == "/staff/case/{case}" {
                    letters.clone_into(&mut seen);
                }
                cells.entry(at).or_default().push((letters, who.clone()));
            }
            // No list, search or file tells of a case whose page tells nothing.
            for (it, letter) in objects.iter().zip(seen.chars()) {
                let told = |answer: &Answer| {
                    // In a list, or as the first cell of a file's line.
                    answer.body.contains(&format!(">{}<", it.number)) || answer.body.contains(&format!("\"{}\",", it.number))
                };
                let found = browser.get(&format!("/staff/search?q={}", it.number)).await;
                if letter == 'o' {
                    assert!(told(&found), "{who} does not find {} ({})", it.number, it.column);
                }
                for path in ["mine", "unit", "dong", "unassigned", "overdue"].map(|queue| format!("/staff/queue/{queue}.csv")) {
                    let list = browser.get(&path).await;
                    assert!(letter == 'o' || !told(&list), "{path} tells {who} of the {} case", it.column);
                }
                assert!(letter == 'o' || !told(&found), "the search tells {who} of the {} case", it.column);
            }
        }
        let mut matrix = format!("columns: {}\n", columns.join(" "));
        for (at, route) in routes.iter().enumerate() {
            let who = match route.access {
                Access::Public => "everyone".to_owned(),
                Access::Staff(permission) => format!("{}: {}", permission.name, names(permission.roles)),
            };
            writeln!(matrix, "{:4} {:44} {who}", route.method.as_str(), route.path).unwrap();
            if matches!(route.access, Access::Staff(_)) {
                let path = route.path.replace(['{', '}'], "");
                let answer = if route.method == "GET" { stranger.get(&path).await } else { stranger.post(&path, &[]).await };
                let to_sign_in = answer.location().is_some_and(|it| it.contains("/staff/sign-in?back="));
                assert!(to_sign_in, "{} {path} without signing in: {}", route.method, answer.status);
            }
            let mut alike: Vec<(&str, Vec<&str>)> = Vec::new();
            for (letters, who) in cells.get(&at).into_iter().flatten() {
                match alike.iter_mut().find(|it| it.0 == letters) {
                    Some(it) => it.1.push(who),
                    None => alike.push((letters, vec![who])),
                }
            }
            for (letters, who) in alike {
                writeln!(matrix, "       {letters} {}", who.join(" ")).unwrap();
            }
        }
        insta::assert_snapshot!("routes", matrix);
    }

    async fn what_the_rooms_let_people_do_is_declared_and_written_down(world: World) {
        let declared = &world.house.permissions;
        for route in &world.house.routes {
            if let Access::Staff(permission) = route.access {
                assert!(declared.contains(&permission), "{} is declared by no room", permission.name);
            }
        }
        let mut table = String::from("| permission | 무엇 · what |");
        for role in Role::ALL {
            write!(table, " {} |", role.as_str()).unwrap();
        }
        table.push_str("\n|---|---|---|---|---|---|---|---|\n");
        for permission in declared {
            let (ko, en) = permission.what;
            write!(table, "| `{}` | {ko} · {en} |", permission.name).unwrap();
            for role in Role::ALL {
                table.push_str(if permission.roles.contains(&role) { " ● |" } else { " |" });
            }
            table.push('\n');
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rights.md");
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(&table), "docs/rights.md does not hold the table of permissions:\n{table}");
        let mut names: Vec<_> = declared.iter().map(|it| it.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), declared.len(), "two permissions have one name");
    }

    async fn an_emergency_opens_one_case_for_an_hour(world: World) {
        let (case, number, photo, party) = report(&world, world.office, 1).await;
        let (other, ..) = report(&world, world.office, 2).await;
        let stranger = world.signed_in(&world.account(Role::Officer, Some("resource-circulation")).login).await;
        let page = format!("/staff/case/{case}");
        assert_eq!(stranger.get(&page).await.status, 404);
        let form = stranger.get("/staff/open").await;
        let wrong = form.submit(&[("number", &number), ("reason", "급함")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("급함") && wrong.text().contains("10자 이상"), "{}", wrong.text());
        assert_eq!(stranger.get(&page).await.status, 404);
        let nothing = form.submit(&[("number", "2026-서구-999999-9"), ("reason", "밤중 침수 신고 전화를 받음")]).await;
        assert!(nothing.text().contains("접수번호의 민원이 없습니다"), "{}", nothing.text());
        let opened = form.submit(&[("number", &number), ("reason", "밤중 침수 신고 전화를 받음")]).await.next().await;
        assert!(opened.text().contains("긴급 열람 중입니다"), "{}", opened.text());
        assert_eq!(stranger.get(&format!("{page}/photo/{photo}")).await.status, 200);
        let looked = opened.submit_to(&format!("{page}/reveal"), &[("party", &party.to_string()), ("reveal_reason", "침수 확인 전화")]).await;
        assert!(looked.text().contains("김주민"), "{}", looked.text());
        assert_eq!(stranger.get(&format!("{page}/answer")).await.status, 403, "to be seen, not worked");
        assert_eq!(stranger.get(&format!("/staff/case/{other}")).await.status, 404, "one case");
        assert_eq!(stranger.get("/staff/opened").await.status, 404);
        // Its own unit sees who was here, and the reviewer the next day.
        let owner = world.signed_in(&world.account(Role::Officer, Some("construction")).login).await;
        assert!(owner.get(&page).await.text().contains("밤중 침수 신고"), "shown on the case");
        world.clock.set(world.clock.now() + jiff::SignedDuration::from_hours(1));
        let gone = stranger.get(&page).await;
        assert_ne!(gone.status, 200, "closed by itself");
        world.at(2026, 6, 9, 9, 0);
        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let list = admin.get("/staff/opened").await;
        assert!(list.text().contains("점검할 때") && list.text().contains(&number), "{}", list.text());
        let action = list.body.split("action=\"").find_map(|it| it.strip_prefix("/staff/opened/"))
            .map(|it| format!("/staff/opened/{}", it.split('"').next().unwrap())).unwrap();
        assert_eq!(list.submit_to(&action, &[("note", "")]).await.status, 422);
        let done = list.submit_to(&action, &[("note", "부서에 확인함")]).await.next().await;
        assert!(done.text().contains("점검할 것이 없습니다") && done.text().contains("부서에 확인함"), "{}", done.text());
    }

    async fn an_administrator_gives_and_ends_rights(world: World) {
        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let login = world.account(Role::Officer, Some("resource-circulation")).login.clone();
        let officer = world.signed_in(&login).await;
        let (case, ..) = report(&world, world.office, 1).await;
        let page = format!("/staff/case/{case}");
        assert_eq!(officer.get(&page).await.status, 404);
        let list = admin.get(&format!("/staff/admin/people?q={login}")).await;
        let account = list.links().into_iter().find(|it| it.starts_with("/staff/admin/people/")).unwrap();
        let give = format!("{account}/grant");
        let fields = [("role", "viewer"), ("scope", "office"), ("from", "2026-06-08"), ("until", "2026-06-09")];
        let form = admin.get(&account).await;
        let empty = form.submit_to(&give, &fields).await;
        assert!(empty.status == 422 && empty.text().contains("까닭을 적어"), "{}", empty.text());
        let mut with = fields.to_vec();
        with.push(("reason", "감사 지원"));
        let asked = form.submit_to(&give, &with).await;
        assert!(asked.text().contains("이 권한을 줄까요?"), "{}", asked.text());
        assert_eq!(officer.get(&page).await.status, 404, "asked is not given");
        let given = asked.submit_to(&give, &[]).await.next().await;
        assert!(given.text().contains("감사 지원") && given.text().contains("2026-06-08 ~ 2026-06-09"), "{}", given.text());
        assert_eq!(officer.get(&page).await.status, 200, "at once, in a session that was open");
        assert_eq!(officer.get(&format!("{page}/answer")).await.status, 403, "seen, not worked");
        let end = given.links().into_iter().find(|it| it.contains("/grants/")).unwrap();
        let confirm = admin.get(&end).await;
        assert_eq!(confirm.submit(&[("reason", "")]).await.status, 422);
        let ended = confirm.submit(&[("reason", "지원이 끝남")]).await.next().await;
        assert!(ended.text().contains("지원이 끝남"), "{}", ended.text());
        assert_eq!(officer.get(&page).await.status, 404);
        let own = admin.get("/staff/admin/people?q=admin").await.links();
        let own = own.into_iter().find(|it| it.starts_with("/staff/admin/people/")).unwrap();
        assert!(admin.get(&own).await.text().contains("자기 계정에는 권한을 줄 수 없습니다"));
    }

    async fn an_administrator_changes_a_role_and_it_holds_at_once(world: World) {
        let (case, ..) = report(&world, world.office, 1).await;
        let login = world.account(Role::Officer, Some("construction")).login.clone();
        let officer = world.signed_in(&login).await;
        let page = format!("/staff/case/{case}");
        assert_eq!(officer.get(&page).await.status, 200);
        let admin = world.signed_in(&world.account(Role::Administrator, None).login).await;
        let roles = "/staff/admin/roles";
        let form = admin.get(roles).await;
        assert!(form.text().contains("바꾼 것이 없습니다"), "{}", form.text());
        let fields = [("role", "officer"), ("permission", "cases.see"), ("act", "take"), ("from", "2026-06-08")];
        let empty = form.submit_to(roles, &fields).await;
        assert!(empty.status == 422 && empty.text().contains("까닭을 적어"), "{}", empty.text());
        let apart = form.submit_to(roles, &[("role", "administrator"), ("permission", "cases.see"), ("act", "give"),
            ("from", "2026-06-08"), ("reason", "보고 싶음")]).await;
        assert!(apart.status == 422 && apart.text().contains("나누어 둡니다"), "{}", apart.text());
        let mut with = fields.to_vec();
        with.push(("reason", "사무전결 규칙"));
        let changed = form.submit_to(roles, &with).await.next().await;
        assert!(changed.text().contains("사무전결 규칙"), "{}", changed.text());
        assert_eq!(officer.get(&page).await.status, 404, "at once, in a session that was open");
        assert!(!officer.get("/staff/password").await.body.contains("/staff/queue/mine"), "and not in the menu");
        let end = changed.links().into_iter().find(|it| it.starts_with("/staff/admin/roles/")).unwrap();
        let ended = admin.get(&end).await.submit(&[("reason", "되돌림")]).await.next().await;
        assert!(ended.text().contains("되돌림"), "{}", ended.text());
        assert_eq!(officer.get(&page).await.status, 200);
    }

    async fn a_new_browser_is_told_of_by_mail_and_on_the_next_page(world: World) {
        let login = world.account(Role::Officer, Some("construction")).login.clone();
        let first = world.signed_in(&login).await;
        world.drain().await;
        assert_eq!(world.told_of_sign_ins(), 0);
        world.at(2026, 6, 8, 10, 20);
        world.signed_in(&login).await;
        world.drain().await;
        assert_eq!(world.told_of_sign_ins(), 1);
        world.at(2026, 6, 8, 10, 30);
        let page = first.get("/staff/password").await;
        page.submit_to("/staff/sign-out", &[]).await;
        let form = first.get("/staff/sign-in").await;
        let code = world.code(&login);
        let entered = form.submit(&[("login", &login), ("password", "correct horse battery"), ("code", &code)]).await;
        let desk = entered.next().await;
        assert!(desk.body.contains("처음 쓰는 브라우저에서 1번"), "{}", desk.body);
    }

    async fn a_resident_cannot_reach_another_residents_case(world: World) {
        let answer = world.browser().get("/c/00000000000000000000000000000000").await;
        assert_eq!(answer.status, 404);
        assert!(answer.text().contains("내 민원"), "says the way on: {}", answer.text());
    }

    async fn forms_from_elsewhere_are_refused(world: World) {
        let browser = world.browser();
        browser.get("/report").await;
        assert_eq!(browser.post("/report", &[("text", "x"), ("csrf", "1.forged")]).await.status, 403);
        assert_eq!(browser.post("/report", &[("text", "x")]).await.status, 403);
        // Another browser's token is no good here.
        let other = world.browser().get("/report").await;
        let token = other.hidden(None).into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        assert_eq!(browser.post("/report", &[("text", "x"), ("csrf", &token)]).await.status, 403);
    }
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}
