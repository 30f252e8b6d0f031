//! The office, set up and ready to act in.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use maeul_base::{Actor, CaseId, Clock, Ctx, Failure, Fault, Ids, Lang, Refusal, StaffId, UnitId};
use maeul_cases::act::{self, NewCase, Receipt, Who};
use maeul_cases::read::{self, Access};
use maeul_cases::{
    Case, Channel, ContactInput, Knowledge, KnowledgeCache, NumberLease, Settings, import, jobs,
};
use maeul_db::{Db, Seal, Transient, Tx, args};
use maeul_facts::Fact;
use maeul_notice::Gateways;
use maeul_queue::{Drained, NewJob, Runner};
use uuid::Uuid;

use crate::support::{
    BORDERS, IN_GARAM, NEIGHBOUR, NEIGHBOURS_ORG, NOW, OFFICE, ORG, Outbox, SERVICES, STAFF,
    TEMPLATES, at, borders, by_phone, neighbours_borders,
};

/// An act: every one of the room's has this shape.
pub type Verb<I, O, R> = fn(&mut Tx, &Ctx, &Knowledge, &I) -> Result<O, Failure<R>>;

/// The office and all that acts need.
#[derive(Clone)]
pub struct World {
    pub db: Db,
    pub cache: KnowledgeCache,
    pub seal: Seal,
    pub clock: Clock,
    pub ids: Ids,
    pub numbers: NumberLease,
    pub outbox: Outbox,
    units: BTreeMap<&'static str, UnitId>,
}

impl World {
    /// The office in this database, at [`NOW`].
    pub async fn new(db: Db) -> Self {
        let seal = Seal::from_key_bytes([7; 32]);
        let clock = Clock::fixed(at(NOW));
        let ids = Ids::seeded(7);
        let ctx = Ctx {
            office: OFFICE,
            actor: Actor::System,
            lang: Lang::Ko,
            now: at("2026-01-02T09:00"),
            ids: ids.clone(),
        };
        let units = db.write(move |tx| set_up(tx, &ctx)).await.unwrap();
        let settings = Settings {
            seal: seal.clone(),
            public_url: "https://maeul.example".to_owned(),
            import: Default::default(),
        };
        let cache = KnowledgeCache::new(settings);
        let (numbers, outbox) = (NumberLease::new(), Outbox::default());
        Self { db, cache, seal, clock, ids, numbers, outbox, units }
    }

    pub fn unit(&self, code: &str) -> UnitId {
        self.units[code]
    }

    pub fn staff(&self, login: &str) -> StaffId {
        staff_id(login)
    }

    /// The member of staff of that sign-in name, acting.
    pub fn actor(&self, login: &str) -> Actor {
        let (_, _, unit, role, _) = STAFF.into_iter().find(|it| it.0 == login).unwrap();
        Actor::in_role(staff_id(login), self.unit(unit), role)
    }

    /// Someone acting now: a sign-in name, `resident` or `system`.
    pub fn ctx(&self, who: &str) -> Ctx {
        let actor = match who {
            "resident" => Actor::Resident,
            "system" => Actor::System,
            login => self.actor(login),
        };
        Ctx { office: OFFICE, actor, lang: Lang::Ko, now: self.clock.now(), ids: self.ids.clone() }
    }

    pub fn set_time(&self, text: &str) {
        self.clock.set(at(text));
    }

    pub fn pass(&self, time: SignedDuration) {
        self.clock.set(self.clock.now() + time);
    }

    pub async fn know(&self) -> Knowledge {
        self.cache.get(&self.db, OFFICE, self.clock.now()).await.unwrap()
    }

    /// Someone does something.
    pub async fn act<I, O, R>(
        &self,
        who: &str,
        verb: Verb<I, O, R>,
        input: I,
    ) -> Result<O, Failure<R>>
    where
        I: Send + 'static,
        O: Send + 'static,
        R: Send + 'static,
    {
        self.act_as(self.ctx(who), verb, input).await
    }

    /// As [`World::act`], in a context of one's own.
    pub async fn act_as<I, O, R>(
        &self,
        ctx: Ctx,
        verb: Verb<I, O, R>,
        input: I,
    ) -> Result<O, Failure<R>>
    where
        I: Send + 'static,
        O: Send + 'static,
        R: Send + 'static,
    {
        let know = self.know().await;
        self.db.write(move |tx| verb(tx, &ctx, &know, &input)).await
    }

    /// Someone looks at something.
    pub async fn see<T, E>(
        &self,
        who: &str,
        look: impl Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Transient + Send + 'static,
    {
        let (ctx, know) = (self.ctx(who), self.know().await);
        self.db.read(move |tx| look(tx, &ctx, &know)).await
    }

    /// A report about a streetlight in 가람동 by a resident with a mobile telephone.
    pub async fn report(&self) -> NewCase {
        let (ctx, know) = (self.ctx("resident"), self.know().await);
        NewCase {
            number: self.numbers.next(&self.db, &ctx, &know).await.unwrap(),
            client_key: None,
            channel: Channel::Web,
            title: String::new(),
            body: "집 앞 가로등이 꺼져서 어두워요".to_owned(),
            service: Some("streetlight".to_owned()),
            answers: BTreeMap::new(),
            point: Some(IN_GARAM),
            dong: None,
            place: "은행나무 앞".to_owned(),
            who: Who::Named(by_phone(1)),
            lang: Lang::Ko,
            oral: false,
            received_at: None,
            draft: None,
        }
    }

    /// Receives it.
    pub async fn receive(&self, new: NewCase) -> Receipt {
        self.act("resident", act::receive, new).await.unwrap()
    }

    /// A case about a streetlight, in the roads division's queue.
    pub async fn received(&self) -> Receipt {
        self.receive(self.report().await).await
    }

    /// The same by someone else.
    pub async fn received_from(&self, contact: ContactInput) -> Receipt {
        self.receive(NewCase { who: Who::Named(contact), ..self.report().await }).await
    }

    /// The case as its row says.
    pub async fn case(&self, id: CaseId) -> Case {
        self.see("coordinator", move |tx, ctx, know| read::case_page(tx, ctx, know, id))
            .await
            .unwrap()
            .case
    }

    /// The right behind a link.
    pub async fn access(&self, token: &str) -> Access {
        self.access_now(token).await.unwrap()
    }

    /// The right behind a link, if it is good.
    pub async fn access_now(&self, token: &str) -> Option<Access> {
        let token = token.to_owned();
        self.see("resident", move |tx, ctx, _| read::access(tx, ctx, &token)).await.unwrap()
    }

    /// Answers the case as the head of the roads division.
    pub async fn answer(&self, case: CaseId) -> Case {
        let answer = Some(crate::support::done("가로등을 고쳤습니다."));
        let input = act::Approve { case, version: None, answer };
        self.act("head", act::approve_and_answer, input).await.unwrap()
    }

    /// Queues a job of that kind.
    pub async fn queue_job(&self, kind: &'static str) {
        let ctx = self.ctx("system");
        let job = NewJob::now(&ctx, kind, serde_json::json!({}));
        self.db.write(move |tx| maeul_queue::enqueue(tx, &ctx, &job)).await.unwrap();
    }

    /// Runs what is due, whatever comes of it.
    pub async fn drain(&self) -> Drained {
        let mut runner = Runner::new(self.db.clone(), self.clock.clone(), self.ids.clone());
        for (kind, handler) in jobs::handlers(&self.cache, &self.numbers) {
            runner.handle(kind, handler).unwrap();
        }
        runner.handle(Fact::HOLIDAYS_CHANGED, jobs::holidays_changed(&self.cache)).unwrap();
        let gateways = Arc::new(Gateways::both(self.outbox.clone()));
        let sender = maeul_notice::sender(self.seal.clone(), gateways);
        runner.handle(maeul_notice::SEND, sender).unwrap();
        runner.drain().await.unwrap_or_else(|fault| panic!("{}", fault.chain()))
    }

    /// Runs what is due; all of it goes well.
    pub async fn run_jobs(&self) {
        assert_eq!(self.drain().await.failed, Vec::<String>::new());
    }

    /// Runs a job of that kind now.
    pub async fn run_job(&self, kind: &'static str) {
        self.queue_job(kind).await;
        self.run_jobs().await;
    }
}

/// Always the same for one sign-in name.
fn staff_id(login: &str) -> StaffId {
    let place = STAFF.iter().position(|it| it.0 == login).unwrap();
    StaffId(Uuid::from_u128(0x5AFF_0000 + u128::try_from(place).unwrap()))
}

fn whole<T, R: Refusal>(done: Result<T, Failure<R>>) -> Result<T, Fault> {
    done.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::other(refusal.say(Lang::En)),
    })
}

fn set_up(tx: &mut Tx, ctx: &Ctx) -> Result<BTreeMap<&'static str, UnitId>, Fault> {
    for (office, org, area) in
        [(OFFICE, ORG, borders()), (NEIGHBOUR, NEIGHBOURS_ORG, neighbours_borders())]
    {
        let ctx = Ctx { office, ..ctx.clone() };
        let org = maeul_org::plan_org(org).unwrap();
        whole(maeul_org::apply_org(tx, &ctx, &org))?;
        let area = maeul_place::plan_boundaries(&area).unwrap();
        whole(maeul_place::apply_boundaries(tx, &ctx, &area, BORDERS))?;
    }
    whole(import::apply_services(tx, ctx, &import::plan_services(SERVICES).unwrap()))?;
    whole(import::apply_templates(tx, ctx, &import::plan_templates(TEMPLATES).unwrap()))?;
    let mut units = BTreeMap::new();
    for code in ["construction", "roads", "cleaning", "civil", "garam", "narae"] {
        units.insert(code, maeul_org::unit_by_code(tx, OFFICE, code)?.unwrap().id);
    }
    // Nobody signs in here, so no password is hashed: that would take longer than the tests.
    for (login, name, unit, role, phone) in STAFF {
        tx.exec_one(
            "INSERT INTO people_staff (office_id, id, login, name, unit_id, role, phone, email,
                password_hash, totp_secret, totp_last_step, must_change_password, valid_from,
                created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', $8, 0, FALSE, $9, $10)",
            args![
                OFFICE,
                staff_id(login),
                login,
                name,
                units[unit],
                role,
                phone,
                Vec::<u8>::new(),
                BORDERS,
                ctx.now
            ],
        )?;
        tx.exec_one(
            "INSERT INTO people_grant (office_id, id, staff_id, role, scope, from_day, origin,
                reason, granted_at, granted_by_kind)
             VALUES ($1, $2, $2, $3, $4, $5, 'import', 'a test', $6, 'system')",
            args![
                OFFICE,
                staff_id(login),
                role,
                if role.is_of_office() { "office" } else { "unit" },
                BORDERS,
                ctx.now
            ],
        )?;
    }
    Ok(units)
}
