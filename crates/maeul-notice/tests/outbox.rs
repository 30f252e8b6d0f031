//! A message is queued with its act, sent once, tried again when that can help.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::sync::{Arc, Mutex};

use maeul_base::{Actor, CaseId, Clock, Ctx, Fault, Ids, Lang, OfficeId};
use maeul_db::{Db, Migration, Seal, args, both_engines};
use maeul_notice::*;
use maeul_queue::Runner;
use uuid::Uuid;

fn steps() -> Vec<Migration> {
    [maeul_queue::MIGRATIONS, MIGRATIONS].concat()
}

fn ctx(clock: &Clock, ids: &Ids) -> Ctx {
    let office = OfficeId(29140);
    Ctx { office, actor: Actor::System, lang: Lang::Ko, now: clock.now(), ids: ids.clone() }
}

fn seal() -> Seal {
    Seal::from_key_bytes([3; 32])
}

fn case() -> CaseId {
    CaseId(Uuid::from_u128(5))
}

fn notice(dedupe: &str) -> NewNotice {
    NewNotice {
        case: Some(case()),
        channel: Channel::Sms,
        to: "01012345678".into(),
        subject: "접수".into(),
        body: "접수했어요".into(),
        lang: Lang::Ko,
        dedupe: dedupe.into(),
    }
}

/// Answers what it is told to, then takes everything; keeps what it took.
#[derive(Clone, Default)]
struct Fake {
    answers: Arc<Mutex<Vec<SendError>>>,
    taken: Arc<Mutex<Vec<Message>>>,
}

impl Gateway for Fake {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            if let Some(error) = self.answers.lock().unwrap().pop() {
                return Err(error);
            }
            self.taken.lock().unwrap().push(message.clone());
            Ok(Receipt { reference: "7".into() })
        })
    }
}

struct World {
    db: Db,
    clock: Clock,
    ids: Ids,
    fake: Fake,
    runner: Runner,
}

impl World {
    fn new(db: Db, answers: Vec<SendError>) -> Self {
        let clock = Clock::fixed("2026-06-08T01:30:00Z".parse().unwrap());
        let ids = Ids::seeded(1);
        let fake = Fake { answers: Arc::new(Mutex::new(answers)), ..Fake::default() };
        let mut runner = Runner::new(db.clone(), clock.clone(), ids.clone());
        let gateways = Arc::new(Gateways::both(fake.clone()));
        runner.handle(SEND, sender(seal(), gateways)).unwrap();
        Self { db, clock, ids, fake, runner }
    }

    async fn queue(&self, dedupe: &str) -> bool {
        let (ctx, new) = (ctx(&self.clock, &self.ids), notice(dedupe));
        let queued = self.db.write(move |tx| queue_notice(tx, &ctx, &seal(), &new)).await;
        queued.unwrap().is_some()
    }

    async fn only(&self) -> MessageView {
        let found = self.db.read(|tx| messages_of_case(tx, OfficeId(29140), case())).await.unwrap();
        assert_eq!(found.len(), 1);
        found.into_iter().next().unwrap()
    }
}

both_engines! { steps();
async fn one_effect_is_one_message(db: Db) {
    let world = World::new(db, Vec::new());
    assert!(world.queue("received").await);
    assert!(!world.queue("received").await);
    world.runner.drain().await.unwrap();
    world.runner.drain().await.unwrap();
    let taken = world.fake.taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].to.as_str(), taken[0].body.as_str()), ("01012345678", "접수했어요"));
    let seen = world.only().await;
    assert_eq!((seen.state, seen.attempts), (MessageState::Sent, 1));
}

async fn what_failed_for_now_is_tried_again(db: Db) {
    let world = World::new(db, vec![SendError::later("busy")]);
    world.queue("received").await;
    world.runner.drain().await.unwrap();
    assert_eq!(world.only().await.state, MessageState::Queued);
    world.clock.set("2026-06-09T01:30:00Z".parse().unwrap());
    world.runner.drain().await.unwrap();
    let seen = world.only().await;
    assert_eq!((seen.state, seen.attempts), (MessageState::Sent, 2));
}

async fn a_report_tells_that_a_lost_answer_was_a_yes(db: Db) {
    let world = World::new(db, vec![SendError::later("no answer")]);
    world.queue("received").await;
    world.runner.drain().await.unwrap();
    let waiting = world.only().await;
    assert_eq!(waiting.state, MessageState::Queued);
    let tell = async |kind: Report| {
        let ctx = ctx(&world.clock, &world.ids);
        let id = waiting.id;
        world.db.write(move |tx| report(tx, &ctx, id, kind, "")).await.unwrap()
    };
    // The gateway has it after all, as its report says before the next try.
    assert!(tell(Report::Taken).await);
    assert_eq!(world.only().await.state, MessageState::Sent);
    world.clock.set("2026-06-09T01:30:00Z".parse().unwrap());
    world.runner.drain().await.unwrap();
    assert!(world.fake.taken.lock().unwrap().is_empty(), "handed over twice");
    assert!(tell(Report::Delivered).await);
    assert!(tell(Report::Failed).await);
    assert_eq!(world.only().await.state, MessageState::Delivered, "what arrived has arrived");
}

async fn who_wants_no_texts_gets_none(db: Db) {
    let fake = Fake::default();
    let (clock, ids) = (Clock::fixed("2026-06-08T01:30:00Z".parse().unwrap()), Ids::seeded(1));
    let mut runner = Runner::new(db.clone(), clock.clone(), ids.clone());
    let stops: Stops = Arc::new(|_, _, message| Ok(message.to == "01012345678"));
    let gateways = Arc::new(Gateways::both(fake.clone()));
    runner.handle(SEND, sender_unless(seal(), gateways, stops)).unwrap();
    let (ctx, new) = (ctx(&clock, &ids), notice("received"));
    db.write(move |tx| queue_notice(tx, &ctx, &seal(), &new)).await.unwrap();
    runner.drain().await.unwrap();
    assert!(fake.taken.lock().unwrap().is_empty());
    let found = db.read(|tx| messages_of_case(tx, OfficeId(29140), case())).await.unwrap();
    assert_eq!(found[0].state, MessageState::Stopped);
}

async fn what_failed_for_good_is_given_up(db: Db) {
    let world = World::new(db, vec![SendError::never("no such number")]);
    world.queue("received").await;
    world.runner.drain().await.unwrap();
    assert_eq!(world.only().await.state, MessageState::Failed);
    assert!(world.fake.taken.lock().unwrap().is_empty());
}

async fn what_keeps_failing_is_shown_as_failed_in_the_end(db: Db) {
    let world = World::new(db, vec![SendError::later("down"); 10]);
    world.queue("received").await;
    for day in 9..19 {
        assert_eq!(world.only().await.state, MessageState::Queued, "before the last try");
        world.clock.set(format!("2026-06-{day:02}T01:30:00Z").parse().unwrap());
        world.runner.drain().await.unwrap();
    }
    let seen = world.only().await;
    assert_eq!((seen.state, seen.attempts), (MessageState::Failed, 10));
    world.clock.set("2026-07-09T01:30:00Z".parse().unwrap());
    world.runner.drain().await.unwrap();
    assert!(world.fake.taken.lock().unwrap().is_empty(), "it is not sent after it was called failed");
}

async fn neither_address_nor_words_can_be_read_in_the_database(db: Db) {
    let world = World::new(db, Vec::new());
    world.queue("received").await;
    let (to, body): (Vec<u8>, Vec<u8>) = world
        .db
        .read(|tx| tx.one::<(Vec<u8>, Vec<u8>)>("SELECT recipient, body FROM notice_message", args![]))
        .await
        .unwrap();
    for (kept, plain) in [(to, "01012345678"), (body, "접수했어요")] {
        assert!(!kept.windows(plain.len()).any(|part| part == plain.as_bytes()));
    }
}

async fn the_address_that_stops_it_goes_along_sealed_and_is_forgotten(db: Db) {
    let world = World::new(db, Vec::new());
    let stop = "https://maeul.example.kr/follow/abc/stop";
    let (ctx, new) = (ctx(&world.clock, &world.ids), notice("follow 1"));
    let at = ctx.now;
    world.db.write(move |tx| queue_stoppable(tx, &ctx, &seal(), &new, stop)).await.unwrap();
    let (kept,): (Vec<u8>,) =
        world.db.read(|tx| tx.one("SELECT one_click FROM notice_message", args![])).await.unwrap();
    assert!(!kept.windows(6).any(|part| part == b"follow"));
    let forget = |before: jiff::Timestamp| {
        world.db.write(move |tx| forget_sent(tx, OfficeId(29140), "follow", before))
    };
    let later = at + jiff::SignedDuration::from_secs(1);
    assert_eq!(forget(later).await.unwrap(), 0, "it still waits");
    world.runner.drain().await.unwrap();
    assert_eq!(world.fake.taken.lock().unwrap()[0].one_click.as_deref(), Some(stop));
    assert_eq!(forget(at).await.unwrap(), 0, "too young");
    assert_eq!(forget(later).await.unwrap(), 1);
}

async fn an_act_undone_sends_nothing(db: Db) {
    let world = World::new(db, Vec::new());
    let (ctx, new) = (ctx(&world.clock, &world.ids), notice("received"));
    let undone: Result<(), Fault> = world
        .db
        .write(move |tx| {
            queue_notice(tx, &ctx, &seal(), &new)?;
            Err(Fault::other("undone"))
        })
        .await;
    assert!(undone.is_err());
    world.runner.drain().await.unwrap();
    assert!(world.fake.taken.lock().unwrap().is_empty());
}
}

#[tokio::test]
async fn the_file_sink_writes_a_line_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.jsonl");
    let sink = FileSink::new(&path);
    let message = Message {
        id: Uuid::from_u128(9).into(),
        office: OfficeId(29140),
        channel: Channel::Email,
        to: "kim@example.kr".into(),
        subject: "접수".into(),
        body: "두 줄\n\"따옴표\"".into(),
        lang: Lang::Ko,
        queued_at: "2026-06-08T01:30:00Z".parse().unwrap(),
        one_click: None,
        thread: Thread::default(),
    };
    sink.send(&message).await.unwrap();
    sink.send(&message).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["body"], "두 줄\n\"따옴표\"");
    assert_eq!(lines[0]["channel"], "email");
}

#[test]
fn a_korean_letter_takes_two_bytes_in_a_text_message() {
    assert_eq!(sms_bytes("접수 123"), 8);
}
