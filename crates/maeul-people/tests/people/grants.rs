//! What people may do, dated; what was opened in an emergency; browsers nobody knew.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::Date;
use maeul_base::{Actor, DongCode, Held, Refusal, Rights, Role, Scope, StaffId, UnitId};
use maeul_db::Tx;
use maeul_people::{
    Device, Grant, GrantId, GrantRefusal, GrantScope, NewGrant, NewOpening, OpeningRefusal, Origin,
    Standing, actor_of, end_grant, forget_grants, grant, grants, holders, holders_around, open,
    open_until, openings, review_opening, rights,
};
use uuid::Uuid;

use super::*;

const WITH_DONG: &str = "login,name,unit,role,phone,email\n\
    dong1,양동 담당,yang-dong,officer,,\n\
    second,전산 담당,accounting-information,administrator,,\n";

impl World {
    async fn with_dong(db: Db) -> Self {
        let world = Self::new(db).await;
        world.import(WITH_DONG, &world.accounts(&["dong1", "second"])).await.unwrap();
        world
    }

    fn today(&self) -> Date {
        maeul_base::seoul::date(self.now)
    }

    async fn held(&self, login: &str) -> Rights {
        let (it, today) = (self.person(login).await, self.today());
        self.db.read(move |tx| rights(tx, OFFICE, it.id, it.unit, today)).await.unwrap()
    }

    async fn really(&self, login: &str) -> Actor {
        let (it, today) = (self.person(login).await, self.today());
        self.db.read(move |tx| actor_of(tx, OFFICE, &it, today)).await.unwrap()
    }

    async fn give(&self, by: &str, new: NewGrant) -> Result<Grant, String> {
        let ctx = self.ctx(self.really(by).await);
        let done = self.db.write(move |tx| grant(tx, &ctx, &new)).await;
        done.map_err(code)
    }

    async fn take(&self, by: &str, id: GrantId, reason: &'static str) -> Result<Grant, String> {
        let ctx = self.ctx(self.really(by).await);
        let done = self.db.write(move |tx| end_grant(tx, &ctx, id, reason)).await;
        done.map_err(code)
    }

    async fn kept(&self, login: &str) -> Vec<Grant> {
        let it = self.person(login).await;
        self.db.read(move |tx| grants(tx, OFFICE, it.id)).await.unwrap()
    }

    fn new_grant(&self, staff: StaffId, role: Role, scope: GrantScope) -> NewGrant {
        let reason = "인사발령 2026-7호".to_owned();
        NewGrant { staff, role, scope, from: self.today(), until: None, reason }
    }
}

fn code<R: Refusal>(failure: Failure<R>) -> String {
    match failure {
        Failure::Refused(refusal) => {
            assert!(!refusal.say(Lang::Ko).is_empty() && !refusal.say(Lang::En).is_empty());
            refusal.code().to_owned()
        }
        Failure::Fault(fault) => panic!("{}", fault.chain()),
    }
}

fn all_steps() -> Vec<Migration> {
    let mut steps = maeul_place::MIGRATIONS.to_vec();
    steps.extend(super::steps());
    steps
}

both_engines! { all_steps();
    async fn the_staff_file_gives_the_least_and_a_dong_sees_its_dong(db: Db) {
        let mut world = World::with_dong(db).await;
        let unit = world.person("road1").await.unit;
        assert_eq!(world.held("road1").await, Rights::usual(Role::Officer, unit));
        assert_eq!(world.held("admin").await.held()[0].scope, Scope::Office);
        let dong: DongCode = "2914057500".parse().unwrap();
        let own = world.person("dong1").await.unit;
        assert_eq!(world.held("dong1").await.held(), [
            Held { role: Role::Officer, scope: Scope::Unit(own) },
            Held { role: Role::Viewer, scope: Scope::Dong(dong.clone()) },
        ]);
        // Ended by hand, it stays ended when the same file comes again.
        let viewer = world.kept("dong1").await.into_iter().find(|it| it.role == Role::Viewer).unwrap();
        world.take("admin", viewer.id, "동에서 보지 않기로 함").await.unwrap();
        world.import(WITH_DONG, &[]).await.unwrap();
        assert_eq!(world.held("dong1").await, Rights::usual(Role::Officer, own));
        // Another unit: what the file gave before ends, the rest stays.
        let by_hand = world.new_grant(world.person("dong1").await.id, Role::Viewer, GrantScope::Office);
        world.give("admin", by_hand).await.unwrap();
        world.later(60);
        world.import(&WITH_DONG.replace("yang-dong,officer", "construction,head"), &[]).await.unwrap();
        let roles = world.held("dong1").await.roles();
        assert_eq!(roles, [Role::Head, Role::Viewer]);
        assert_eq!(world.kept("dong1").await.len(), 4, "nothing is forgotten");
    }

    async fn who_is_around_some_work_is_read_alone(db: Db) {
        let world = World::with_dong(db).await;
        let (road, dong) = (world.person("road1").await, world.person("dong1").await);
        let (admin, second) = (world.person("admin").await, world.person("second").await);
        let of_road = world.new_grant(second.id, Role::Viewer, GrantScope::Unit(road.unit));
        world.give("admin", of_road).await.unwrap();
        let today = world.today();
        let all = world.db.read(move |tx| holders(tx, OFFICE, today)).await.unwrap();
        let around = async |units: Vec<UnitId>, code: Option<&str>, staff: Option<StaffId>| {
            let code: Option<DongCode> = code.map(|code| code.parse().unwrap());
            let around = move |tx: &mut Tx| holders_around(tx, OFFICE, today, (&units, code.as_ref(), staff));
            let found = world.db.read(around).await.unwrap();
            // With everything each of them holds.
            assert!(found.iter().all(|it| all.iter().any(|all| (all.id, &all.name, &all.rights) == (it.id, &it.name, &it.rights))));
            found.into_iter().map(|it| it.id).collect::<BTreeSet<_>>()
        };
        let here = around(vec![road.unit], None, None).await;
        let in_unit = all.iter().filter(|it| it.unit == road.unit).map(|it| it.id);
        assert_eq!(here, in_unit.chain([second.id]).collect());
        assert!(here.contains(&road.id) && !here.contains(&dong.id) && !here.contains(&admin.id));
        assert_eq!(around(vec![], Some("2914057500"), None).await, BTreeSet::from([dong.id]));
        assert_eq!(around(vec![], None, Some(admin.id)).await, BTreeSet::from([admin.id]));
        assert!(around(vec![], None, None).await.is_empty());
    }

    async fn what_is_given_is_dated_reasoned_and_ends_at_once(db: Db) {
        let mut world = World::with_dong(db).await;
        let road = world.person("road1").await;
        let new = || world.new_grant(road.id, Role::Viewer, GrantScope::Office);
        let refused = async |by: &str, new: NewGrant| world.give(by, new).await.unwrap_err();
        assert_eq!(refused("roadhead", new()).await, "grant.not_allowed");
        assert_eq!(refused("admin", NewGrant { reason: "  ".into(), ..new() }).await, "grant.reason_missing");
        assert_eq!(refused("admin", NewGrant { reason: "가".repeat(501), ..new() }).await, "grant.reason_too_long");
        assert_eq!(refused("admin", NewGrant { from: world.today().yesterday().unwrap(), ..new() }).await, "grant.from_past");
        assert_eq!(refused("admin", NewGrant { until: Some(world.today()), ..new() }).await, "grant.until_before");
        assert_eq!(refused("admin", NewGrant { scope: GrantScope::Unit(UnitId(Uuid::nil())), ..new() }).await, "grant.no_unit");
        let nowhere = "9999999999".parse().unwrap();
        assert_eq!(refused("admin", NewGrant { scope: GrantScope::Dong(nowhere), ..new() }).await, "grant.no_dong");
        assert_eq!(refused("admin", NewGrant { role: Role::Administrator, scope: GrantScope::OwnUnit, ..new() }).await, "grant.scope");
        assert_eq!(refused("admin", NewGrant { role: Role::Head, scope: GrantScope::Own, ..new() }).await, "grant.scope");
        assert_eq!(refused("admin", NewGrant { staff: StaffId(Uuid::nil()), ..new() }).await, "grant.no_staff");
        let admin = world.person("admin").await.id;
        assert_eq!(refused("admin", NewGrant { staff: admin, ..new() }).await, "grant.oneself");
        let tomorrow = world.today().tomorrow().unwrap();
        let given = world.give("admin", NewGrant { from: tomorrow, until: tomorrow.tomorrow().ok(), ..new() }).await.unwrap();
        assert_eq!(refused("admin", new()).await, "grant.held");
        assert!(!world.held("road1").await.is(Role::Viewer), "it has not begun");
        world.later(24 * 3_600);
        assert!(world.held("road1").await.is(Role::Viewer), "its one day");
        assert_eq!(given.standing(world.today()), Standing::InForce);
        world.later(24 * 3_600);
        assert!(!world.held("road1").await.is(Role::Viewer), "it is over by itself");
        assert_eq!(world.take("admin", given.id, "끝").await.unwrap_err(), "grant.over");
        let given = world.give("admin", world.new_grant(road.id, Role::Viewer, GrantScope::Office)).await.unwrap();
        assert_eq!(world.take("admin", given.id, " ").await.unwrap_err(), "grant.reason_missing");
        assert_eq!(world.take("roadhead", given.id, "끝").await.unwrap_err(), "grant.not_allowed");
        let ended = world.take("admin", given.id, "파견이 끝남").await.unwrap();
        assert_eq!((ended.end_reason.as_deref(), ended.ended_by), (Some("파견이 끝남"), Some(admin)));
        assert!(!world.held("road1").await.is(Role::Viewer), "at once");
        let kept = world.kept("road1").await;
        assert_eq!(kept.len(), 3);
        assert_eq!((kept[0].granted_by, kept[0].origin), (Some(admin), Origin::Hand));
        let log = world.db.read(move |tx| account_log(tx, OFFICE, road.id)).await.unwrap();
        assert_eq!(log.iter().filter(|it| it.change == "granted").count(), 3);
        assert_eq!(log.iter().filter(|it| it.change == "grant_ended").count(), 1);
        for refusal in GrantRefusal::ALL {
            assert!(!refusal.say(Lang::Ko).is_empty() && !refusal.say(Lang::En).is_empty());
        }
    }

    async fn the_last_administrator_stays(db: Db) {
        let world = World::with_dong(db).await;
        let admin_grant = async |login: &str| {
            world.kept(login).await.into_iter().find(|it| it.role == Role::Administrator).unwrap().id
        };
        world.take("second", admin_grant("admin").await, "자리를 옮김").await.unwrap();
        let last = admin_grant("second").await;
        assert_eq!(world.take("second", last, "나도").await.unwrap_err(), "grant.last_administrator");
        // One with an end does not count: the office would be without one some day.
        let id = world.person("admin").await.id;
        let until = world.today().tomorrow().unwrap();
        let short = NewGrant { until: Some(until), ..world.new_grant(id, Role::Administrator, GrantScope::Office) };
        world.give("second", short).await.unwrap();
        assert_eq!(world.take("second", last, "나도").await.unwrap_err(), "grant.last_administrator");
        let second = world.person("second").await.id;
        let (ctx, today) = (world.ctx(Actor::System), world.today());
        let ended = world.db.write(move |tx| end_staff(tx, &ctx, second, today)).await;
        assert!(matches!(ended, Err(Failure::Refused(AccountRefusal::LastAdministrator))));
        let file = WITH_DONG.replace("accounting-information,administrator", "construction,officer");
        assert!(matches!(world.import(&file, &[]).await, Err(Failure::Refused(_))));
        assert!(world.held("second").await.is(Role::Administrator));
    }

    async fn ended_grants_are_kept_three_years(db: Db) {
        let mut world = World::with_dong(db).await;
        let road = world.person("road1").await.id;
        let given = world.give("admin", world.new_grant(road, Role::Viewer, GrantScope::Office)).await.unwrap();
        world.take("admin", given.id, "끝").await.unwrap();
        let mut forgotten = async |days: i64| {
            world.later(days * 24 * 3_600);
            let ctx = world.ctx(Actor::System);
            world.db.write(move |tx| forget_grants(tx, &ctx)).await.unwrap()
        };
        assert_eq!(forgotten(0).await, 0);
        assert_eq!(forgotten(3 * 365 - 1).await, 0, "not a day earlier");
        assert_eq!(forgotten(3).await, 1, "only what is over");
        assert_eq!(world.kept("road1").await.len(), 1);
    }

    async fn what_is_opened_closes_by_itself_and_is_reviewed_by_another(db: Db) {
        let mut world = World::with_dong(db).await;
        let what = Uuid::from_u128(5);
        let new = |reason: &str| NewOpening {
            what_kind: "case", what_id: what, label: "2026-서구-000001-1".into(), reason: reason.into(),
            lasts: SignedDuration::from_mins(60), address: None,
        };
        let try_open = async |world: &World, reason: &str| {
            let (ctx, new) = (world.ctx(world.really("road1").await), new(reason));
            world.db.write(move |tx| open(tx, &ctx, &new)).await
        };
        assert_eq!(code(try_open(&world, "급함").await.unwrap_err()), "opening.reason");
        let until = try_open(&world, "밤중 침수 신고 전화를 받음").await.unwrap();
        assert_eq!(try_open(&world, "밤중 침수 신고 전화를 받음").await.unwrap(), until, "one is enough");
        let id = world.person("road1").await.id;
        let standing = async |world: &World| {
            let now = world.now;
            world.db.read(move |tx| open_until(tx, OFFICE, id, ("case", what), now)).await.unwrap()
        };
        assert_eq!(standing(&world).await, Some(until));
        world.later(3_600);
        assert_eq!(standing(&world).await, None, "it closes by itself");
        let opened = world.db.read(|tx| openings(tx, OFFICE, 10)).await.unwrap();
        assert_eq!(opened.len(), 1);
        assert!(!opened[0].is_due(world.today()));
        world.later(24 * 3_600);
        assert!(opened[0].is_due(world.today()), "the next day");
        let review = async |world: &World, actor: Actor, note: &'static str| {
            let (ctx, id) = (world.ctx(actor), opened[0].id);
            world.db.write(move |tx| review_opening(tx, &ctx, id, note)).await.map_err(code)
        };
        let officer = world.really("road1").await;
        assert_eq!(review(&world, officer.clone(), "괜찮음").await.unwrap_err(), "opening.not_allowed");
        let Actor::Staff { id, unit, .. } = officer else { panic!() };
        let oneself = Actor::in_role(id, unit, Role::Auditor);
        assert_eq!(review(&world, oneself, "괜찮음").await.unwrap_err(), "opening.own");
        let admin = world.really("admin").await;
        assert_eq!(review(&world, admin.clone(), " ").await.unwrap_err(), "opening.note_missing");
        review(&world, admin.clone(), "부서에 확인함").await.unwrap();
        assert_eq!(review(&world, admin, "다시").await.unwrap_err(), "opening.reviewed");
        let done = world.db.read(|tx| openings(tx, OFFICE, 10)).await.unwrap();
        assert_eq!(done[0].note.as_deref(), Some("부서에 확인함"));
        assert_eq!(OpeningRefusal::NotFound.status(), 404);
    }

    async fn a_browser_nobody_knew_is_told_of(db: Db) {
        let mut world = World::new(db).await;
        let mut enter = async |mark: Option<String>| -> Device {
            world.later(60);
            let candidate = world.db.read(|tx| find_for_sign_in(tx, OFFICE, "road1")).await.unwrap();
            let (verified, ctx, policy) =
                (verify_password(candidate, PASSWORD), world.ctx(Actor::Resident), SignInPolicy::default());
            let typed = SignIn { login: "road1".into(), code: world.code(), address: None, user_agent: None, device: mark };
            let outcome = world.db.write(move |tx| record_sign_in(tx, &ctx, &seal(), &policy, &typed, &verified)).await;
            match outcome.unwrap() {
                SignInOutcome::SignedIn(it) => it.device,
                SignInOutcome::Refused(why) => panic!("{why:?}"),
            }
        };
        let first = enter(None).await;
        assert!(!first.is_new, "the first of all is nothing to tell of");
        assert_eq!(first.email, "road1@seogu.example");
        let again = enter(Some(first.mark.clone())).await;
        assert!(!again.is_new && again.others.is_empty() && again.mark == first.mark);
        let second = enter(Some("not a mark".into())).await;
        assert!(second.is_new && second.others.is_empty() && second.mark != first.mark);
        let told = enter(Some(first.mark.clone())).await;
        assert_eq!(told.others.len(), 1, "told on a page of a browser that is known");
        assert!(enter(Some(first.mark)).await.others.is_empty(), "once");
        assert!(!enter(Some(second.mark)).await.is_new, "known by now");
    }
}
