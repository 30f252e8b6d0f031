//! Accounts, sign-in, sessions and logs on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

#[path = "people/grants.rs"]
mod grants;
#[path = "people/looks.rs"]
mod looks;
#[path = "people/passkeys.rs"]
mod passkeys;
#[path = "people/roles.rs"]
mod roles;

use std::fs;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Actor, Ctx, Failure, Ids, Lang, OfficeId, Refusal, Role, SessionId};
use maeul_db::{Db, Migration, Seal, both_engines};
use maeul_org::plan_org;
use maeul_people::{
    AccountRefusal, ChangePassword, Cost, Initial, Look, LookAct, NewAccount, PasswordRefusal,
    RevealRefusal, SessionToken, SignIn, SignInOutcome, SignInPolicy, SignInRefusal, SignedIn,
    Staff, StaffSession, TotpSecret, account_log, apply_staff, change_password, end_staff,
    find_for_sign_in, forget_failures, hash_password, issue_credentials, log_look,
    make_credentials, plan_staff, preview_staff, record_sign_in, reveals, session, sign_in_log,
    sign_out, sign_out_everywhere, staff, staff_by_login, staff_of_unit, totp_code, touch_session,
    verify_password,
};
use uuid::Uuid;

const OFFICE: OfficeId = OfficeId(29140);
const PASSWORD: &str = "yellow-tram-07";
const STAFF: &str = "login,name,unit,role,phone,email\n\
    road1,가로등 담당,construction,officer,062-000-5003,road1@seogu.example\n\
    roadhead,건설과 팀장,construction,head,,\n\
    admin,전산 담당,audit,administrator,062-000-5002,\n";

fn steps() -> Vec<Migration> {
    let mut steps = maeul_org::MIGRATIONS.to_vec();
    steps.extend_from_slice(maeul_people::MIGRATIONS);
    steps
}

fn seal() -> Seal {
    Seal::from_key_bytes([7; 32])
}

/// A look somebody from there takes.
const LOOK: Look<'static> = Look {
    act: LookAct::Reveal,
    what_kind: "case_party",
    what_id: Uuid::nil(),
    case: None,
    owner: None,
    fields: &["phone"],
    people: 1,
    reason: "현장 확인 전화",
    address: Some("203.0.113.7"),
};

fn totp() -> TotpSecret {
    TotpSecret::from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap()
}

fn start() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

/// One office with three people, a clock that is moved by hand, and short ways to act.
struct World {
    db: Db,
    now: Timestamp,
    ids: Ids,
}

impl World {
    async fn new(db: Db) -> Self {
        let world = Self { db, now: start(), ids: Ids::seeded(11) };
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/offices");
        let text = fs::read_to_string(root.join("29140-gwangju-seogu/org.toml")).unwrap();
        let (file, ctx) = (plan_org(&text).unwrap(), world.ctx(Actor::System));
        world.db.write(move |tx| maeul_org::apply_org(tx, &ctx, &file)).await.unwrap();
        world.import(STAFF, &world.accounts(&["road1", "roadhead", "admin"])).await.unwrap();
        world
    }

    fn ctx(&self, actor: Actor) -> Ctx {
        Ctx { office: OFFICE, actor, lang: Lang::Ko, now: self.now, ids: self.ids.clone() }
    }

    fn later(&mut self, seconds: i64) {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    fn accounts(&self, logins: &[&str]) -> Vec<NewAccount> {
        let logins: Vec<String> = logins.iter().map(|it| (*it).to_owned()).collect();
        let given =
            Initial::Given { password: PASSWORD.into(), cost: Cost::OF_TESTS, totp: totp() };
        make_credentials(&self.ids, &logins, &given).unwrap()
    }

    async fn import(
        &self,
        text: &str,
        accounts: &[NewAccount],
    ) -> Result<maeul_base::import::ImportReport, Failure<maeul_org::ImportRefused>> {
        let (file, ctx, accounts) =
            (plan_staff(text).unwrap(), self.ctx(Actor::System), accounts.to_vec());
        self.db.write(move |tx| apply_staff(tx, &ctx, &seal(), &file, &accounts)).await
    }

    async fn person(&self, login: &str) -> Staff {
        let login = login.to_owned();
        self.db.read(move |tx| staff_by_login(tx, OFFICE, &login)).await.unwrap().unwrap()
    }

    async fn actor(&self, login: &str) -> Actor {
        let it = self.person(login).await;
        Actor::in_role(it.id, it.unit, it.role)
    }

    fn code(&self) -> String {
        totp_code(&totp(), self.now).unwrap()
    }

    async fn try_in(&self, login: &str, password: &str, code: &str) -> SignInOutcome {
        let name = login.to_owned();
        let candidate = self.db.read(move |tx| find_for_sign_in(tx, OFFICE, &name)).await.unwrap();
        let verified = verify_password(candidate, password);
        let (ctx, policy) = (self.ctx(Actor::Resident), SignInPolicy::default());
        let typed = SignIn {
            login: login.to_owned(),
            code: code.to_owned(),
            address: Some("203.0.113.7".into()),
            user_agent: Some("test".into()),
            device: None,
        };
        self.db
            .write(move |tx| record_sign_in(tx, &ctx, &seal(), &policy, &typed, &verified))
            .await
            .unwrap()
    }

    async fn sign_in(&self, login: &str) -> SignedIn {
        match self.try_in(login, PASSWORD, &self.code()).await {
            SignInOutcome::SignedIn(it) => *it,
            SignInOutcome::Refused(why) => panic!("{why:?}"),
        }
    }

    async fn session(&self, token: &SessionToken) -> Option<StaffSession> {
        let (token, now) = (token.clone(), self.now);
        self.db.read(move |tx| session(tx, OFFICE, &token, now)).await.unwrap()
    }

    async fn touch(&self, id: SessionId) {
        let (ctx, policy) = (self.ctx(Actor::Resident), SignInPolicy::default());
        self.db.write(move |tx| touch_session(tx, &ctx, &policy, id)).await.unwrap();
    }

    async fn outcomes(&self) -> Vec<String> {
        let log = self.db.read(|tx| sign_in_log(tx, OFFICE, 50)).await.unwrap();
        log.into_iter().rev().map(|it| it.outcome).collect()
    }
}

fn refused(outcome: SignInOutcome) -> SignInRefusal {
    match outcome {
        SignInOutcome::Refused(why) => why,
        SignInOutcome::SignedIn(_) => panic!("signed in"),
    }
}

both_engines! { steps();
    async fn staff_are_imported_twice_alike(db: Db) {
        let mut world = World::new(db).await;
        let again = world.import(STAFF, &[]).await.unwrap();
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 3));
        let moved = STAFF
            .replace("construction,head", "audit,officer")
            .replace("admin,전산 담당,audit,administrator,062-000-5002,\n", "");
        world.later(60);
        let report = world.import(&moved, &[]).await.unwrap();
        assert_eq!((report.added, report.changed, report.unchanged), (0, 1, 1));
        assert!(report.notes[0].en.ends_with(": admin"));

        let head = world.person("roadhead").await;
        assert_eq!(head.role, Role::Officer);
        let today = "2026-11-20".parse().unwrap();
        let unit = world.db.read(move |tx| staff_of_unit(tx, OFFICE, head.unit, today)).await.unwrap();
        assert_eq!(unit.len(), 2, "roadhead joined admin");
        let log = world.db.read(move |tx| account_log(tx, OFFICE, head.id)).await.unwrap();
        let changes: Vec<_> = log.iter().map(|it| (it.change.as_str(), it.by_kind.as_str())).collect();
        let granted: Vec<_> = log.iter().filter(|it| it.change.starts_with("grant")).collect();
        assert_eq!(granted.len(), 3, "the head's ends, the officer's begins: {granted:?}");
        assert_eq!(changes.len(), 6);
        assert_eq!(changes[0], ("created", "system"));
        assert!(log.iter().any(|it| it.change == "role" && it.detail == "head → officer"));
        assert!(log.iter().any(|it| it.change == "unit"));
    }

    async fn an_import_is_refused_whole_and_a_dry_run_stores_nothing(db: Db) {
        let world = World::new(db).await;
        let text = format!("{STAFF}new1,새 사람,construction,officer,,\nnew2,새 사람,nowhere,officer,,\n");
        let file = plan_staff(&text).unwrap();
        let today = "2026-11-20".parse().unwrap();
        let preview =
            world.db.read(move |tx| preview_staff(tx, OFFICE, &file, today)).await.unwrap();
        assert_eq!((preview.report.added, preview.report.unchanged), (1, 3));
        assert_eq!(preview.new_logins, ["new1"]);
        assert_eq!((preview.refusals[0].line, preview.refusals[0].field.as_str()), (6, "unit"));
        let Err(Failure::Refused(why)) = world.import(&text, &world.accounts(&["new1"])).await else {
            panic!("imported");
        };
        assert_eq!(why.0.len(), 1);
        let Err(Failure::Refused(why)) = world.import(&text.replace("nowhere", "audit"), &[]).await
        else {
            panic!("imported");
        };
        assert_eq!(why.0.len(), 2, "nobody is added without credentials");
        let all = world.db.read(move |tx| staff(tx, OFFICE, today)).await.unwrap();
        assert_eq!(all.len(), 3);
    }

    async fn a_person_signs_in_and_is_known_by_the_token(db: Db) {
        let mut world = World::new(db).await;
        let SignedIn { token, session, .. } = world.sign_in(" ROAD1 ").await;
        assert_eq!(world.session(&token).await.as_ref(), Some(&session));
        assert_eq!((session.name.as_str(), session.unit_name(Lang::Ko)), ("가로등 담당", "건설과"));
        assert_eq!(session.actor(), world.actor("road1").await);
        assert!(!session.must_change_password);
        assert!(SessionToken::parse(token.reveal()).is_some());
        assert!(SessionToken::parse("not a token").is_none());
        let other = SessionToken::parse(&"0".repeat(64)).unwrap();
        assert_eq!(world.session(&other).await, None);

        assert!(!session.needs_touch(world.now));
        world.later(29 * 60);
        assert!(world.session(&token).await.unwrap().needs_touch(world.now));
        world.touch(session.session).await;
        world.later(29 * 60);
        assert!(world.session(&token).await.is_some(), "a request moved the idle end");
        world.later(60);
        assert_eq!(world.session(&token).await, None, "thirty idle minutes end it");
    }

    async fn a_session_ends_after_twelve_hours_in_any_case(db: Db) {
        let mut world = World::new(db).await;
        let SignedIn { token, session, .. } = world.sign_in("road1").await;
        for _ in 0..47 {
            world.later(15 * 60);
            world.touch(session.session).await;
        }
        assert_eq!(world.session(&token).await.unwrap().idle_until, session.absolute_until);
        world.later(15 * 60);
        assert_eq!(world.session(&token).await, None);
    }

    async fn signing_out_ends_one_session_or_all(db: Db) {
        let mut world = World::new(db).await;
        let mut signed_in = vec![];
        for _ in 0..3 {
            signed_in.push(world.sign_in("road1").await);
            world.later(30);
        }
        let (ctx, id) = (world.ctx(Actor::System), signed_in[0].session.session);
        for _ in 0..2 {
            let ctx = ctx.clone();
            let left = world.db.write(move |tx| sign_out(tx, &ctx, &seal(), id, "")).await.unwrap();
            assert!(left.is_none(), "only who came by a provider is still signed in there");
        }
        assert_eq!(world.session(&signed_in[0].token).await, None);
        assert!(world.session(&signed_in[1].token).await.is_some());
        let person = signed_in[0].session.staff;
        let ended = world.db.write(move |tx| sign_out_everywhere(tx, &ctx, person)).await.unwrap();
        assert_eq!(ended, 2);
        assert_eq!(world.session(&signed_in[2].token).await, None);
    }

    async fn a_code_works_once(db: Db) {
        let mut world = World::new(db).await;
        let code = world.code();
        world.sign_in("road1").await;
        world.later(1);
        assert_eq!(refused(world.try_in("road1", PASSWORD, &code).await), SignInRefusal::Wrong);
        world.later(30);
        assert_eq!(refused(world.try_in("road1", PASSWORD, &code).await), SignInRefusal::Wrong);
        world.later(1);
        world.sign_in("road1").await;
        assert_eq!(world.outcomes().await, ["signed_in", "used_code", "used_code", "signed_in"]);
    }

    async fn wrong_name_password_and_code_are_answered_alike(db: Db) {
        let mut world = World::new(db).await;
        let code = world.code();
        for (login, password, code) in
            [("nobody", PASSWORD, code.as_str()), ("road1", "wrong", &code), ("road1", PASSWORD, "1")]
        {
            world.later(1);
            let why = refused(world.try_in(login, password, code).await);
            assert_eq!(why, SignInRefusal::Wrong);
            assert!(!why.say(Lang::Ko).is_empty() && !why.say(Lang::En).is_empty());
        }
        assert_eq!(world.outcomes().await, ["unknown_name", "wrong_password", "wrong_code"]);
    }

    async fn five_failures_lock_a_name_whether_or_not_it_exists(db: Db) {
        let mut world = World::new(db).await;
        for login in ["road1", "nobody"] {
            for _ in 0..4 {
                let why = refused(world.try_in(login, "wrong", "000000").await);
                assert_eq!(why, SignInRefusal::Wrong, "{login}");
            }
            let until = world.now.checked_add(SignedDuration::from_mins(15)).unwrap();
            let locked = SignInRefusal::Locked { until };
            assert_eq!(refused(world.try_in(login, "wrong", "000000").await), locked, "{login}");
            let right = world.try_in(login, PASSWORD, &world.code()).await;
            assert_eq!(refused(right), locked, "{login}: not even with the right password");
        }
        world.later(15 * 60);
        world.sign_in("road1").await;
        let left = refused(world.try_in("nobody", "wrong", "000000").await);
        assert_eq!(left, SignInRefusal::Wrong, "the count begins anew");
        world.later(25 * 60 * 60);
        let ctx = world.ctx(Actor::System);
        let gone = world.db.write(move |tx| forget_failures(tx, &ctx)).await.unwrap();
        assert_eq!(gone, 1);
    }

    async fn failures_long_apart_do_not_lock(db: Db) {
        let mut world = World::new(db).await;
        for _ in 0..7 {
            let why = refused(world.try_in("road1", "wrong", "000000").await);
            assert_eq!(why, SignInRefusal::Wrong);
            world.later(15 * 60);
        }
    }

    async fn a_password_is_changed_with_the_old_one(db: Db) {
        let mut world = World::new(db).await;
        let here = world.sign_in("road1").await;
        world.later(30);
        let there = world.sign_in("road1").await;
        let staff = here.session.staff;
        let new = hash_password(&world.ids, "blue-bus-14-2").unwrap();
        let change = async |actor: Actor, old: &str| {
            let candidate = world
                .db
                .read(move |tx| find_for_sign_in(tx, OFFICE, "road1"))
                .await
                .unwrap();
            let (old, new) = (verify_password(candidate, old), new.clone());
            let keep = Some(here.session.session);
            let (ctx, change) = (world.ctx(actor), ChangePassword { staff, keep, old, new });
            world.db.write(move |tx| change_password(tx, &ctx, &change)).await
        };
        let own = here.session.actor();
        let wrong = change(own.clone(), "wrong").await.unwrap_err();
        assert!(matches!(wrong, Failure::Refused(PasswordRefusal::WrongOld)));
        let other = change(world.actor("roadhead").await, PASSWORD).await.unwrap_err();
        assert!(matches!(other, Failure::Refused(PasswordRefusal::NotAllowed)));
        change(own, PASSWORD).await.unwrap();
        assert!(world.session(&here.token).await.is_some());
        assert_eq!(world.session(&there.token).await, None, "other sessions end");
        world.later(30);
        assert_eq!(refused(world.try_in("road1", PASSWORD, &world.code()).await), SignInRefusal::Wrong);
        assert!(matches!(
            world.try_in("road1", "blue-bus-14-2", &world.code()).await,
            SignInOutcome::SignedIn(_)
        ));
    }

    async fn an_administrator_ends_an_account(db: Db) {
        let mut world = World::new(db).await;
        let signed_in = world.sign_in("road1").await;
        let (staff, today) = (signed_in.session.staff, "2026-11-20".parse().unwrap());
        let end = async |actor: Actor| {
            let ctx = world.ctx(actor);
            world.db.write(move |tx| end_staff(tx, &ctx, staff, today)).await
        };
        let head = world.actor("roadhead").await;
        let refusal = end(head).await.unwrap_err();
        assert!(matches!(refusal, Failure::Refused(AccountRefusal::NotAllowed)));
        let admin = world.actor("admin").await;
        end(admin.clone()).await.unwrap();
        let refusal = end(admin).await.unwrap_err();
        assert!(matches!(refusal, Failure::Refused(AccountRefusal::Ended)));
        assert_eq!(world.session(&signed_in.token).await, None);
        world.later(30);
        assert_eq!(refused(world.try_in("road1", PASSWORD, &world.code()).await), SignInRefusal::Wrong);
        let Err(Failure::Refused(why)) = world.import(STAFF, &[]).await else { panic!("imported") };
        assert_eq!((why.0[0].line, why.0[0].field.as_str()), (2, "login"));
    }

    async fn new_credentials_open_a_locked_name(db: Db) {
        let world = World::new(db).await;
        for _ in 0..5 {
            world.try_in("road1", "wrong", "000000").await;
        }
        let person = world.person("road1").await;
        let logins = vec![person.login.clone()];
        let account = make_credentials(&world.ids, &logins, &Initial::Random).unwrap().remove(0);
        let (ctx, issued) = (world.ctx(world.actor("admin").await), account.clone());
        world
            .db
            .write(move |tx| issue_credentials(tx, &ctx, &seal(), person.id, &issued))
            .await
            .unwrap();
        let code = totp_code(&account.totp, world.now).unwrap();
        let SignInOutcome::SignedIn(it) = world.try_in("road1", &account.password, &code).await else {
            panic!("not signed in");
        };
        assert!(it.session.must_change_password);
    }

    async fn a_look_at_personal_data_is_written_down(db: Db) {
        let world = World::new(db).await;
        let what_id = Uuid::from_u128(5);
        let look = async |actor: Actor, reason: &'static str| {
            let ctx = world.ctx(actor);
            world
                .db
                .write(move |tx| {
                    let fields = ["name", "phone"];
                    log_look(tx, &ctx, &Look { what_id, fields: &fields, reason, ..LOOK })
                })
                .await
        };
        let refusal = look(Actor::Resident, "궁금해서").await.unwrap_err();
        assert!(matches!(refusal, Failure::Refused(RevealRefusal::NotStaff)));
        let road1 = world.actor("road1").await;
        let refusal = look(road1.clone(), "  ").await.unwrap_err();
        assert!(matches!(refusal, Failure::Refused(RevealRefusal::NoReason)));
        look(road1, "현장 확인 전화").await.unwrap();
        let seen = world
            .db
            .read(move |tx| reveals(tx, OFFICE, "case_party", what_id))
            .await
            .unwrap();
        let fields: Vec<_> = seen.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields.len(), 2);
        assert!(fields.contains(&"name") && fields.contains(&"phone"));
        assert_eq!((seen[0].staff_name.as_str(), seen[0].reason.as_str()), ("가로등 담당", "현장 확인 전화"));
    }

    async fn nothing_that_signs_in_stands_readable_in_the_database(db: Db) {
        let world = World::new(db).await;
        let signed_in = world.sign_in("road1").await;
        let rows: Vec<(String, Vec<u8>)> = world
            .db
            .read(|tx| tx.all("SELECT password_hash, totp_secret FROM people_staff", []))
            .await
            .unwrap();
        for (hash, sealed) in &rows {
            assert!(hash.starts_with("$argon2id$") && !hash.contains(PASSWORD));
            assert!(!String::from_utf8_lossy(sealed).contains(&totp().to_base32()));
        }
        assert_ne!(rows[0].1, rows[1].1, "the same secret is sealed for each person");
        let tokens: Vec<(Vec<u8>,)> =
            world.db.read(|tx| tx.all("SELECT token_hash FROM people_session", [])).await.unwrap();
        assert_eq!(tokens[0].0.len(), 32);
        assert_ne!(tokens[0].0, signed_in.token.reveal().as_bytes());
        let said = format!("{:?} {:?}", signed_in.token, world.accounts(&["road1"]));
        assert!(!said.contains(signed_in.token.reveal()) && !said.contains(PASSWORD));
    }
}

#[test]
fn a_staff_file_is_judged_by_line() {
    let refusals = plan_staff("login,name,unit,role,phone,email,Password\n").unwrap_err();
    assert_eq!(refusals[0].field, "Password");
    assert!(refusals[0].en.contains("Passwords do not belong"));
    let text = "login,name,unit,role,phone,email\r\n\
        ab,이름,u,officer,,\r\n\
        good-1,,u,boss,02-1,x\r\n\
        road1,이름,u,head,전화,a@b.c\r\n\
        road2,이름,u,head,02-120,a@b.c\r\n\
        road2,이름,u,head,,\r\n";
    let said: Vec<_> =
        plan_staff(text).unwrap_err().into_iter().map(|it| (it.line, it.field)).collect();
    let said: Vec<_> = said.iter().map(|(line, field)| (*line, field.as_str())).collect();
    assert_eq!(
        said,
        [(2, "login"), (3, "email"), (3, "name"), (3, "role"), (4, "phone"), (6, "login")]
    );
}

#[test]
fn every_shipped_staff_file_is_accepted() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/offices");
    for entry in fs::read_dir(root).unwrap() {
        let Ok(text) = fs::read_to_string(entry.unwrap().path().join("staff.csv")) else {
            continue;
        };
        assert!(!plan_staff(&text).unwrap().lines.is_empty());
    }
}
