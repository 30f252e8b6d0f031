//! Reports handed in at once from several clients, and what must be true of them afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use maeul_base::{CaseId, Fault, NoticeId};
use maeul_db::args;

use super::{Place, block_on, report};

/// What became of the reports of a run: the key of each that was sent, and its number where the
/// server acknowledged it.
pub type Sent = BTreeMap<String, Option<String>>;

/// Clients that hand in one report after another until told to stop.
pub struct Intake {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Sent>>,
}

impl Intake {
    /// Starts so many clients; `address` is asked anew before every report.
    pub fn start(
        name: &str,
        clients: usize,
        address: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        let (stop, address) = (Arc::new(AtomicBool::new(false)), Arc::new(address));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let clients = (0..clients)
            .map(|client| {
                let (stop, address) = (Arc::clone(&stop), Arc::clone(&address));
                let acknowledged = Arc::clone(&acknowledged);
                let name = format!("{name}-client{client}");
                std::thread::spawn(move || hand_in(&name, &stop, &acknowledged, &*address))
            })
            .collect();
        Self { stop, acknowledged, clients }
    }

    /// Waits until so many more reports were acknowledged.
    pub fn wait_for(&self, more: usize) {
        let goal = self.acknowledged.load(Ordering::Relaxed) + more;
        let until = Instant::now() + Duration::from_secs(30);
        while self.acknowledged.load(Ordering::Relaxed) < goal {
            assert!(Instant::now() < until, "reports are not taken");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Stops the clients; what they sent.
    pub fn stop(self) -> Sent {
        self.stop.store(true, Ordering::Relaxed);
        self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    }
}

fn hand_in(
    name: &str,
    stop: &AtomicBool,
    acknowledged: &AtomicUsize,
    address: &dyn Fn() -> String,
) -> Sent {
    let mut sent = Sent::new();
    while !stop.load(Ordering::Relaxed) {
        let key = format!("{name}-report{:05}", sent.len());
        let answer = report(&address(), &key, "가로등이 꺼졌어요");
        let number = answer.and_then(|(status, body)| number(status, &body));
        if number.is_none() {
            // A client that was refused comes back a little later.
            std::thread::sleep(Duration::from_millis(50));
        }
        acknowledged.fetch_add(usize::from(number.is_some()), Ordering::Relaxed);
        sent.insert(key, number);
    }
    sent
}

fn number(status: u16, body: &serde_json::Value) -> Option<String> {
    match status {
        200 | 201 => Some(body["number"].as_str().unwrap().to_owned()),
        500.. => None,
        other => panic!("{other}: {body}"),
    }
}

/// Hands every report in again, as a client does that does not know what became of it: what was
/// acknowledged has kept its number, and in the end each is there exactly once.
pub fn each_exactly_once(place: &Place, address: &str, sent: &Sent) {
    let reports: Vec<(&String, &Option<String>)> = sent.iter().collect();
    let numbers: Vec<String> = std::thread::scope(|scope| {
        let parts = reports.chunks(reports.len().div_ceil(4).max(1));
        let clients: Vec<_> = parts
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|(key, before)| again(address, key, before.as_deref()))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let different: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(different.len(), numbers.len(), "a number was given twice");
    let (cases, of_events): (i64, i64) = block_on(async {
        let db = place.db().await;
        db.read(|tx| {
            tx.one(
                "SELECT count(*), (SELECT count(*) FROM cases_event WHERE seq = 1) FROM cases_case",
                args![],
            )
        })
        .await
        .unwrap()
    });
    let all = i64::try_from(sent.len()).unwrap();
    assert_eq!((cases, of_events), (all, all), "cases and their first events");
}

/// Hands a report in until it is taken; its number.
fn again(address: &str, key: &str, before: Option<&str>) -> String {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = report(address, key, "가로등이 꺼졌어요");
        if let Some(number) = answer.and_then(|(status, body)| number(status, &body)) {
            assert!(
                before.is_none_or(|before| before == number),
                "{key} was acknowledged as {before:?} and is {number} now"
            );
            return number;
        }
        assert!(Instant::now() < until, "{key} is not taken");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Every case owes its petitioner one message: it was sent, or it still waits and a job will send
/// it. Gives how many more times than once messages were handed over (by servers that died between
/// handing over and noting it); a repetition bears the same id, so that a gateway can tell.
pub fn each_message_owed_once(place: &Place) -> usize {
    type Rows = (Vec<(CaseId, String)>, Vec<(NoticeId, Option<CaseId>, String)>, Vec<(String,)>);
    let (cases, notices, jobs): Rows = block_on(async {
        let db = place.db().await;
        db.read(|tx| {
            Ok::<_, Fault>((
                tx.all("SELECT id, number FROM cases_case", args![])?,
                tx.all("SELECT id, case_ref, state FROM notice_message", args![])?,
                tx.all(
                    "SELECT dedupe FROM queue_job WHERE kind = 'notice.send' AND state = 'ready'",
                    args![],
                )?,
            ))
        })
        .await
        .unwrap()
    });
    let waiting: BTreeSet<String> = jobs.into_iter().map(|(dedupe,)| dedupe).collect();
    let mut handed_over: BTreeMap<String, usize> = BTreeMap::new();
    for message in place.messages() {
        *handed_over.entry(message["id"].as_str().unwrap().replace('-', "")).or_default() += 1;
    }
    let mut owed: BTreeMap<CaseId, usize> = BTreeMap::new();
    for (id, case, state) in notices {
        *owed.entry(case.unwrap()).or_default() += 1;
        match state.as_str() {
            "sent" => assert!(handed_over.contains_key(&id.to_string()), "{id} was not sent"),
            "queued" => {
                assert!(waiting.contains(&format!("notice.send:{id}")), "{id} waits for no job");
            }
            other => panic!("{id} is {other}"),
        }
    }
    for (case, number) in cases {
        assert_eq!(owed.get(&case), Some(&1), "messages owed for {number}");
    }
    handed_over.values().map(|times| times - 1).sum()
}
