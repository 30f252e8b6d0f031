#![allow(unused_qualifications, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]
use maeul_base::*;
use maeul_cases::*;
use maeul_cases::act::{self, *};
use maeul_cases::{read, testing, import};
use maeul_db::{both_engines, Db, Migration, Seal, Tx};
use jiff::Timestamp;

fn steps() -> Vec<Migration> {
    [maeul_queue::MIGRATIONS, maeul_place::MIGRATIONS, maeul_org::MIGRATIONS, maeul_people::MIGRATIONS, maeul_notice::MIGRATIONS, maeul_cases::MIGRATIONS].concat()
}
const SEO: OfficeId = OfficeId(29140);
fn at(t: &str) -> Timestamp { seoul::instant(t.parse().unwrap()) }
fn ctx(actor: Actor, ids: &Ids, t: &str) -> Ctx { Ctx { office: SEO, actor, lang: Lang::Ko, now: at(t), ids: ids.clone() } }
const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/offices/29140-gwangju-seogu/");
fn file(n: &str) -> String { std::fs::read_to_string(format!("{DIR}{n}")).unwrap() }

async fn office(db: &Db, ids: &Ids, seal: &Seal) {
    let c = ctx(Actor::System, ids, "2026-01-02T09:00");
    let org = maeul_org::plan_org(&file("org.toml")).unwrap();
    { let c = c.clone(); db.write(move |tx| maeul_org::apply_org(tx, &c, &org)).await.map_err(|e| format!("{e:?}")).unwrap(); }
    let b = maeul_place::plan_boundaries(&file("boundaries.geojson")).unwrap();
    { let c = c.clone(); db.write(move |tx| maeul_place::apply_boundaries(tx, &c, &b, "2020-01-01".parse().unwrap())).await.map_err(|e| format!("{e:?}")).unwrap(); }
    let s = import::plan_services(&file("services.toml")).unwrap();
    { let c = c.clone(); let r = db.write(move |tx| import::apply_services(tx, &c, &s)).await.map_err(|e| format!("{e:?}")).unwrap(); println!("{}", r.say(Lang::Ko)); }
    let s = import::plan_templates(&file("templates.toml")).unwrap();
    { let c = c.clone(); let r = db.write(move |tx| import::apply_templates(tx, &c, &s)).await.map_err(|e| format!("{e:?}")).unwrap(); println!("{}", r.say(Lang::Ko)); }
    let f = maeul_people::plan_staff(&file("staff.csv")).unwrap();
    let pre = { let f = f.clone(); db.read(move |tx| maeul_people::preview_staff(tx, SEO, &f, "2026-01-02".parse().unwrap())).await.unwrap() };
    let accounts: Vec<_> = maeul_people::make_credentials(ids, &pre.new_logins, &maeul_people::Initial::Given { password: "correct horse battery".into(), totp: maeul_people::TotpSecret::random(ids) }).unwrap();
    let seal = seal.clone();
    { let c = c.clone(); db.write(move |tx| maeul_people::apply_staff(tx, &c, &seal, &f, &accounts)).await.map_err(|e| format!("{e:?}")).unwrap(); }
}
fn actor(s: &maeul_people::Staff) -> Actor { Actor::Staff { id: s.id, unit: s.unit, role: s.role } }

both_engines! { steps();
async fn path(db: Db) {
    let ids = Ids::seeded(1);
    let seal = Seal::from_key_bytes([7; 32]);
    office(&db, &ids, &seal).await;
    let cache = KnowledgeCache::new(Settings { seal: seal.clone(), public_url: "https://x.kr".into() });
    let know = cache.get(&db, SEO, at("2026-06-08T10:30")).await.unwrap();
    let lease = NumberLease::new();
    let res = ctx(Actor::Resident, &ids, "2026-06-08T10:30");
    let number = lease.next(&db, &res, &know).await.unwrap();
    let dong = know.dong_index().unwrap().dongs()[0].code.clone();
    let new = NewCase { number, client_key: Some("k1".into()), channel: Channel::Web, title: String::new(), body: "가로등이 꺼졌어요 어두워요".into(), service: Some("streetlight".into()), answers: Default::default(), point: Some((351520000, 1268900000)), dong: Some(dong), place: "우체국 앞".into(), who: Who::Named(ContactInput { name: "홍길동".into(), phone: "010-1234-5678".into(), ..Default::default() }), lang: Lang::Ko, oral: false, received_at: None, draft: None };
    let mut new2 = new.clone(); new2.number = lease.next(&db, &res, &know).await.unwrap();
    let r = { let (c, k, n) = (res.clone(), know.clone(), new.clone()); db.write(move |tx| act::receive(tx, &c, &k, &n)).await.map_err(|e| format!("{e:?}")).unwrap() };
    let r2 = { let (c, k, n) = (res.clone(), know.clone(), new2.clone()); db.write(move |tx| act::receive(tx, &c, &k, &n)).await.map_err(|e| format!("{e:?}")).unwrap() };
    assert_eq!((r.case, r.token.clone(), false, true), (r2.case, r2.token.clone(), r.again, r2.again));
    println!("{} {:?} due {}", r.number, know.unit_name(r.unit, Lang::Ko), r.due.as_ref().unwrap().say(Lang::Ko));
    for l in r.due.as_ref().unwrap().lines(Lang::Ko) { println!("  {l}"); }
    let staff = { db.read(move |tx| maeul_people::staff(tx, SEO, "2026-06-08".parse().unwrap())).await.unwrap() };
    let around = |s: &maeul_people::Staff| know.units_around(s.unit).contains(&r.unit.unwrap());
    let officer = staff.iter().find(|s| s.role == Role::Officer && around(s)).unwrap().clone();
    let head = staff.iter().find(|s| s.role == Role::Head && around(s)).unwrap().clone();
    let oc = ctx(actor(&officer), &ids, "2026-06-08T11:00");
    let hc = ctx(actor(&head), &ids, "2026-06-08T11:30");
    let case = r.case;
    { let (c, k) = (oc.clone(), know.clone()); db.read(move |tx| { let q = read::queue(tx, &c, &k, read::Queue::Unassigned, None, 10)?; assert_eq!(q.rows.len(), 1); assert_eq!(read::counts(tx, &c, &k)?.unassigned, 1); Ok::<_, Fault>(()) }).await.unwrap(); }
    { let (c, k) = (oc.clone(), know.clone()); db.write(move |tx| act::take(tx, &c, &k, &Take { case, version: Some(2) })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    { let (c, k) = (oc.clone(), know.clone()); let e = db.write(move |tx| act::ask(tx, &c, &k, &Ask { case, version: Some(2), text: "어디인가요?".into() })).await.unwrap_err(); assert!(matches!(e, Failure::Refused(AskRefusal::Case(CaseRefusal::ChangedMeanwhile)))); }
    { let (c, k) = (oc.clone(), know.clone()); db.write(move |tx| act::ask(tx, &c, &k, &Ask { case, version: None, text: "어디인가요?".into() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    let access = { let (c, t) = (res.clone(), r.token.clone()); db.read(move |tx| read::access(tx, &c, &t)).await.unwrap().unwrap() };
    { let (c, k) = (res.clone(), know.clone()); db.write(move |tx| act::resident_reply(tx, &c, &k, &ResidentReply { access, text: "우체국 앞".into() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    let answer = { let (c, k) = (oc.clone(), know.clone()); db.read(move |tx| read::template(tx, &c, &k, "done-repaired", case)).await.map_err(|e| format!("{e:?}")).unwrap().unwrap() };
    { let (c, k, answer) = (oc.clone(), know.clone(), answer.clone()); db.write(move |tx| act::draft_answer(tx, &c, &k, &DraftAnswer { case, version: None, answer: answer.clone() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    { let (c, k) = (oc.clone(), know.clone()); db.write(move |tx| act::submit_for_approval(tx, &c, &k, &Submit { case, version: None })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    { let (c, k) = (hc.clone(), know.clone()); let c = db.write(move |tx| act::approve_and_answer(tx, &c, &k, &Approve { case, version: None, answer: None })).await.map_err(|e| format!("{e:?}")).unwrap(); println!("{}", c.answer.unwrap()); }
    { let (c, k) = (res.clone(), know.clone()); db.write(move |tx| act::rate(tx, &c, &k, &Rate { access, score: 5, text: String::new() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    { let (c, k) = (res.clone(), know.clone()); db.write(move |tx| act::resident_reopen(tx, &c, &k, &ResidentReopen { access, reason: "또 꺼졌어요".into() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    { let (c, k) = (res.clone(), know.clone()); let rc = db.read(move |tx| read::resident_case(tx, &c, &k, &access)).await.unwrap().unwrap(); for s in rc.steps { println!("{} {}", s.title, s.text); } }
    { let (c, k) = (hc.clone(), know.clone()); let p = db.read(move |tx| read::case_page(tx, &c, &k, case)).await.map_err(|e| format!("{e:?}")).unwrap(); for e in p.events { println!("{} {} {}", e.who, e.title, e.text); } println!("{:?} {:?}", p.parties, p.rights); }
    let party = access.party;
    { let (c, k) = (hc.clone(), know.clone()); let p = db.write(move |tx| act::reveal_contact(tx, &c, &k, &RevealContact { case, party, reason: "전화 확인".into(), address: None })).await.map_err(|e| format!("{e:?}")).unwrap(); println!("{p:?}"); }
    // code
    { let (c, k, n) = (res.clone(), know.clone(), r.number.clone()); println!("{:?}", db.write(move |tx| act::request_code(tx, &c, &k, &RequestCode { number: n.clone(), contact: "01012345678".into() })).await.map_err(|e| format!("{e:?}")).unwrap()); }
    // follower, duplicates
    { let (c, k) = (res.clone(), know.clone()); let d = db.read(move |tx| read::duplicates(tx, &c, &k, &read::Near { point: (351520100, 1268900000), text: "가로등이 꺼졌어요".into(), service: Some("streetlight".into()) })).await.unwrap(); println!("{d:?}"); assert_eq!(d.len(), 1); }
    { let (c, k) = (res.clone(), know.clone()); db.write(move |tx| act::follow(tx, &c, &k, &NewFollower { case, contact: ContactInput { name: "김철".into(), email: "k@x.kr".into(), ..Default::default() }, text: String::new(), lang: Lang::En, draft: None })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    // reassign x3
    let units: Vec<UnitId> = know.chart().units().filter(|u| u.in_force("2026-06-08".parse().unwrap()) && Some(u.id) != r.unit).map(|u| u.id).take(3).collect();
    let coordinator = staff.iter().find(|s| s.role == Role::Coordinator).unwrap().clone();
    let cc = ctx(actor(&coordinator), &ids, "2026-06-09T11:30");
    { let (c, k, u) = (hc.clone(), know.clone(), units[0]); db.write(move |tx| act::reassign(tx, &c, &k, &Reassign { case, version: None, to: Some(u), reason: "소관 아님".into() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    { let (c, k, u) = (cc.clone(), know.clone(), r.unit.unwrap()); let b = db.write(move |tx| act::reassign_many(tx, &c, &k, &ReassignMany { cases: vec![case, CaseId(uuid::Uuid::nil())], to: Some(u), reason: "조정".into() })).await.unwrap(); println!("{b:?}"); }
    { let (c, k) = (cc.clone(), know.clone()); db.write(move |tx| act::relocate(tx, &c, &k, &Relocate { case, version: None, point: None, dong: None, place: "화정동".into(), reason: "틀림".into() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    { let (c, k) = (cc.clone(), know.clone()); db.write(move |tx| act::reclassify(tx, &c, &k, &Reclassify { case, version: None, service: Some("road-damage".into()), reason: "도로".into() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    // holiday
    let mut runner = maeul_queue::Runner::new(db.clone(), Clock::fixed(at("2026-06-09T12:00")), ids.clone());
    for (k, h) in maeul_cases::jobs::handlers(&cache) { runner.handle(k, h).unwrap(); }
    runner.handle("fact:holidays_changed", maeul_cases::jobs::holidays_changed(&cache)).unwrap();
    let dir = std::env::temp_dir().join(format!("scratch-{}-{:?}.jsonl", std::process::id(), db.engine()));
    let _ = std::fs::remove_file(&dir);
    runner.handle(maeul_notice::SEND, maeul_notice::sender(seal.clone(), std::sync::Arc::new(maeul_notice::Gateways::both(maeul_notice::FileSink::new(&dir))))).unwrap();
    { let c = ctx(Actor::System, &ids, "2026-06-09T11:59"); db.write(move |tx| maeul_org::add_holiday(tx, &c, &maeul_org::NewHoliday { on_day: "2026-06-10".parse().unwrap(), name_ko: "임시공휴일".into(), name_en: "Temporary holiday".into(), kind: maeul_org::HolidayKind::Temporary, basis: "국무회의".into() })).await.map_err(|e| format!("{e:?}")).unwrap(); }
    println!("{:?}", runner.drain().await.map_err(|f| f.chain()).unwrap());
    println!("{}", std::fs::read_to_string(&dir).unwrap());
    { let (c, k) = (cc.clone(), know.clone()); let p = db.read(move |tx| read::search(tx, &c, &k, "가로등", None, 10)).await.unwrap(); assert_eq!(p.rows.len(), 1); }
    { let (c, k, n) = (cc.clone(), know.clone(), r.number.clone()); let p = db.read(move |tx| read::search(tx, &c, &k, &n, None, 10)).await.unwrap(); assert_eq!(p.rows.len(), 1); }
    db.write(move |tx: &mut Tx| { for (a, b) in testing::rows_and_rebuilt(tx, SEO)? { assert_eq!(a, b); } assert_eq!(testing::kept_counts(tx, SEO)?, testing::scanned_counts(tx, SEO)?); testing::fold(tx, SEO)?; assert_eq!(testing::kept_counts(tx, SEO)?, testing::scanned_counts(tx, SEO)?); Ok::<_, Fault>(()) }).await.unwrap();
}
}
