//! What an office changes of its roles; and the 동 of those who came before it was theirs to see.

use maeul_base::{Failure, Permission, Refusal, Role};
use maeul_people::permissions::{ACCOUNTS, API_CLIENTS, GRANT, REVIEW};
use maeul_people::{
    Grant, GrantRefusal, NewRoleChange, RoleChangeEntry, RoleChangeId, all_rights, change_role,
    end_role_change, forget_grants, give_own_dong, grants, role_changes,
};

use super::*;

const APPROVE: Permission = Permission {
    name: "cases.approve",
    what: ("승인", "Approve"),
    roles: &[Role::Head, Role::Coordinator],
};
static APPROVES: Permission = APPROVE;

impl World {
    fn new_change(
        &self,
        role: Role,
        permission: &'static Permission,
        given: bool,
    ) -> NewRoleChange {
        let from = maeul_base::seoul::date(self.now);
        let reason = "사무전결 규칙".to_owned();
        NewRoleChange { role, permission, given, from, until: None, reason }
    }

    async fn change(&self, by: Actor, new: NewRoleChange) -> Result<RoleChangeEntry, &'static str> {
        let ctx = self.ctx(by);
        let done = self.db.write(move |tx| change_role(tx, &ctx, &new)).await;
        done.map_err(|failure| match failure {
            Failure::Refused(why) => why.code(),
            Failure::Fault(fault) => panic!("{fault:?}"),
        })
    }

    async fn restore(&self, by: Actor, id: RoleChangeId) -> Result<RoleChangeEntry, &'static str> {
        let ctx = self.ctx(by);
        let done = self.db.write(move |tx| end_role_change(tx, &ctx, id, "되돌림")).await;
        done.map_err(|failure| match failure {
            Failure::Refused(why) => why.code(),
            Failure::Fault(fault) => panic!("{fault:?}"),
        })
    }

    async fn has(&self, login: &str, permission: &'static Permission) -> bool {
        let (it, today) = (self.person(login).await, maeul_base::seoul::date(self.now));
        let id = it.id;
        let one =
            self.db.read(move |tx| maeul_people::rights(tx, OFFICE, id, it.unit, today)).await;
        let all = self.db.read(move |tx| all_rights(tx, OFFICE, today)).await.unwrap();
        let has = one.unwrap().has(permission);
        assert_eq!(has, all[&id].has(permission), "read alone and with all");
        has
    }
}

both_engines! { steps();
    async fn an_office_changes_a_role_for_a_time_and_it_is_kept(db: Db) {
        let mut world = World::new(db).await;
        let admin = world.actor("admin").await;
        assert!(!world.has("road1", &APPROVES).await);
        let mut new = world.new_change(Role::Officer, &APPROVES, true);
        new.from = "2026-11-21".parse().unwrap();
        new.until = Some("2026-11-22".parse().unwrap());
        world.change(admin.clone(), new).await.unwrap();
        assert!(!world.has("road1", &APPROVES).await, "not yet");
        world.later(24 * 3600);
        assert!(world.has("road1", &APPROVES).await, "its one day");
        world.later(24 * 3600);
        assert!(!world.has("road1", &APPROVES).await, "over by itself");
        let taken = world.change(admin.clone(), world.new_change(Role::Head, &APPROVES, false)).await.unwrap();
        assert!(!world.has("roadhead", &APPROVES).await, "at once");
        let again = world.change(admin.clone(), world.new_change(Role::Head, &APPROVES, false)).await;
        assert_eq!(again.unwrap_err(), "role.changed");
        assert_eq!(world.restore(Actor::Resident, taken.id).await.unwrap_err(), "role.not_allowed");
        world.restore(admin.clone(), taken.id).await.unwrap();
        assert!(world.has("roadhead", &APPROVES).await);
        assert_eq!(world.restore(admin.clone(), taken.id).await.unwrap_err(), "role.over");
        let kept = world.db.read(|tx| role_changes(tx, OFFICE)).await.unwrap();
        assert_eq!(kept.len(), 2);
        assert_eq!((kept[0].end_reason.as_deref(), kept[0].changed_by), (Some("되돌림"), admin.staff_id()));
        // Kept for three years and not a day less.
        let forget = async |world: &World| {
            let ctx = world.ctx(Actor::System);
            world.db.write(move |tx| forget_grants(tx, &ctx)).await.unwrap();
            world.db.read(|tx| role_changes(tx, OFFICE)).await.unwrap().len()
        };
        world.later((3 * 365 - 1) * 24 * 3600);
        assert_eq!(forget(&world).await, 2);
        world.later(4 * 24 * 3600);
        assert_eq!(forget(&world).await, 0);
    }

    async fn a_session_has_what_its_person_has_at_every_request(db: Db) {
        let world = World::new(db).await;
        let admin = world.actor("admin").await;
        let token = world.sign_in("roadhead").await.token;
        let of_session = async || world.session(&token).await.unwrap().rights;
        let of_person = async || {
            let (it, today) = (world.person("roadhead").await, maeul_base::seoul::date(world.now));
            let read = move |tx: &mut maeul_db::Tx| maeul_people::rights(tx, OFFICE, it.id, it.unit, today);
            world.db.read(read).await.unwrap()
        };
        assert!(of_session().await.has(&APPROVES));
        let taken = world.change(admin.clone(), world.new_change(Role::Head, &APPROVES, false)).await.unwrap();
        world.change(admin.clone(), world.new_change(Role::Officer, &APPROVES, true)).await.unwrap();
        assert!(!of_session().await.has(&APPROVES), "at once; what officers were given is no head's");
        assert_eq!(of_session().await, of_person().await);
        world.restore(admin, taken.id).await.unwrap();
        assert!(of_session().await.has(&APPROVES));
        assert_eq!(of_session().await, of_person().await);
        // Without any grant there is a session all the same, and it may do nothing.
        world.db.write(|tx| tx.exec("DELETE FROM people_grant", [])).await.unwrap();
        assert!(!of_session().await.has(&APPROVES));
        assert_eq!(of_session().await, of_person().await);
    }

    async fn duties_stay_apart_and_nobody_gives_themself_more(db: Db) {
        let world = World::new(db).await;
        let admin = world.actor("admin").await;
        let head = world.actor("roadhead").await;
        for (by, role, permission, given, code) in [
            (&head, Role::Officer, &APPROVES, true, "role.not_allowed"),
            (&admin, Role::Administrator, &APPROVES, true, "role.separated"),
            (&admin, Role::Viewer, &APPROVES, true, "role.separated"),
            (&admin, Role::Head, &GRANT, true, "role.separated"),
            (&admin, Role::Auditor, &ACCOUNTS, true, "role.separated"),
            (&admin, Role::Administrator, &GRANT, false, "role.separated"),
            (&admin, Role::Officer, &APPROVES, false, "role.already"),
        ] {
            let done = world.change(by.clone(), world.new_change(role, permission, given)).await;
            assert_eq!(done.unwrap_err(), code, "{} {}", role.as_str(), permission.name);
        }
        let mut past = world.new_change(Role::Officer, &APPROVES, true);
        past.from = "2026-11-19".parse().unwrap();
        assert_eq!(world.change(admin.clone(), past).await.unwrap_err(), "role.from_past");
        let mut mute = world.new_change(Role::Officer, &APPROVES, true);
        mute.reason = "  ".to_owned();
        assert_eq!(world.change(admin.clone(), mute).await.unwrap_err(), "role.reason_missing");
        // An administrator who is an officer besides.
        let both = Actor::Staff {
            id: admin.staff_id().unwrap(),
            unit: world.person("admin").await.unit,
            rights: maeul_base::Rights::new([Role::Administrator, Role::Officer].map(|role| {
                maeul_base::Held { role, scope: maeul_base::Scope::Office }
            })),
        };
        let own = world.change(both, world.new_change(Role::Officer, &APPROVES, true)).await;
        assert_eq!(own.unwrap_err(), "role.oneself");
        // What reviews may be taken from the administrator, and the auditor keeps it.
        world.change(admin.clone(), world.new_change(Role::Administrator, &REVIEW, false)).await.unwrap();
        let own = world.change(admin.clone(), world.new_change(Role::Administrator, &API_CLIENTS, false)).await.unwrap();
        assert!(!world.has("admin", &REVIEW).await && world.has("admin", &GRANT).await);
        // And is not given back by whoever it was taken from, but by the command.
        assert_eq!(world.restore(admin, own.id).await.unwrap_err(), "role.oneself");
        assert!(!world.has("admin", &API_CLIENTS).await);
        world.restore(Actor::System, own.id).await.unwrap();
        assert!(world.has("admin", &API_CLIENTS).await);
    }

    async fn those_of_a_dong_are_given_it_once(db: Db) {
        let world = World::new(db).await;
        let file = "login,name,unit,role,phone,email\n\
            old1,옛 담당,yang-dong,officer,,\nold2,끝난 담당,yang-dong,officer,,\n";
        world.import(file, &world.accounts(&["old1", "old2"])).await.unwrap();
        // As before the staff file gave it: one never had it, the other had it taken away.
        let (one, two) = (world.person("old1").await.id, world.person("old2").await.id);
        let now = world.now;
        world.db.write(move |tx| {
            tx.exec_one("DELETE FROM people_grant WHERE office_id = $1 AND staff_id = $2 AND role = 'viewer'",
                maeul_db::args![OFFICE, one])?;
            tx.exec_one("UPDATE people_grant SET ended_at = $3 WHERE office_id = $1 AND staff_id = $2 AND role = 'viewer'",
                maeul_db::args![OFFICE, two, now])
        }).await.unwrap();
        let give = async |by: Actor, write: bool| {
            let ctx = world.ctx(by);
            let done: Result<Vec<Staff>, Failure<GrantRefusal>> =
                world.db.write(move |tx| give_own_dong(tx, &ctx, write)).await;
            done.map(|all| all.into_iter().map(|it| it.login).collect::<Vec<_>>())
        };
        assert!(give(world.actor("roadhead").await, true).await.is_err());
        assert_eq!(give(Actor::System, false).await.unwrap(), ["old1"]);
        assert_eq!(give(Actor::System, true).await.unwrap(), ["old1"], "looking wrote nothing");
        assert!(give(Actor::System, true).await.unwrap().is_empty());
        let held: Vec<Grant> = world.db.read(move |tx| grants(tx, OFFICE, one)).await.unwrap();
        assert!(held.iter().any(|it| it.role == Role::Viewer));
    }
}
