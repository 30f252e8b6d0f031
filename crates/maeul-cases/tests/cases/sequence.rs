//! Many acts in an order nobody thought of: the rows stay the sum of their events, and the queues'
//! numbers stay those of the cases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use maeul_base::{CaseId, Failure, Refusal, StaffId, UnitId, seoul};
use maeul_cases::act::{self, NewCase, Receipt, Who};
use maeul_cases::read::{self, Queue};
use maeul_cases::{Answer, Case, Outcome, PhotoOf, State, jobs, testing};
use maeul_db::{Db, args, both_engines};
use maeul_org::{HolidayKind, NewHoliday};

use crate::support::{
    IN_GARAM, IN_NARAE, OFFICE, World, by_email, by_phone, done, events, follower, steps,
};

/// How many acts must succeed.
const ACTS: usize = 240;
/// Who acts on cases: the first three are of the roads division.
const WHO: [&str; 5] = ["officer", "second", "head", "other", "coordinator"];
/// Who is drawn: more often those who may do more.
const DRAWN: [&str; 8] =
    ["officer", "second", "head", "head", "other", "coordinator", "coordinator", "coordinator"];

/// A small generator (SplitMix64): the same numbers from the same seed on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())].clone()
    }
}

/// Whether it was done; a refusal is no fault of the test, a fault is.
fn went<T, R: Refusal>(done: Result<T, Failure<R>>) -> bool {
    match done {
        Ok(_) => true,
        Err(Failure::Refused(_)) => false,
        Err(Failure::Fault(fault)) => panic!("{}", fault.chain()),
    }
}

struct Story {
    w: World,
    dice: Dice,
    receipts: Vec<Receipt>,
    done: BTreeMap<&'static str, usize>,
}

impl Story {
    async fn receive(&mut self) -> bool {
        let n = u32::try_from(self.receipts.len()).unwrap();
        let who = match self.dice.roll(4) {
            0 => Who::Anonymous,
            1 => Who::Named(by_email(n)),
            _ => Who::Named(by_phone(n)),
        };
        let service = self.dice.of(&[
            Some("litter"),
            Some("streetlight"),
            Some("bench"),
            Some("noise"),
            None,
        ]);
        let point = self.dice.of(&[Some(IN_GARAM), Some(IN_NARAE), None]);
        let new =
            NewCase { service: service.map(str::to_owned), point, who, ..self.w.report().await };
        match self.w.act("resident", act::receive, new).await {
            Ok(receipt) => self.receipts.push(receipt),
            Err(Failure::Refused(_)) => return false,
            Err(Failure::Fault(fault)) => panic!("{}", fault.chain()),
        }
        true
    }

    fn answer(&mut self) -> Answer {
        let outcome = self.dice.of(Outcome::ALL);
        let in_days = i64::try_from(self.dice.roll(10) + 1).unwrap();
        let day = seoul::date(self.w.clock.now() + SignedDuration::from_hours(24 * in_days));
        let review_on = (outcome == Outcome::LongTerm).then_some(day);
        let n = self.dice.roll(1_000);
        Answer {
            outcome,
            reason: "까닭".into(),
            remedy: "방법".into(),
            review_on,
            ..done(&format!("답 {n}"))
        }
    }

    async fn add_holiday(&mut self) -> bool {
        let in_days = i64::try_from(self.dice.roll(12) + 1).unwrap();
        let on_day = seoul::date(self.w.clock.now() + SignedDuration::from_hours(24 * in_days));
        let ctx = self.w.ctx("administrator");
        let new = NewHoliday {
            on_day,
            name_ko: "쉬는 날".into(),
            name_en: "Day off".into(),
            kind: HolidayKind::Temporary,
            basis: "국무회의".into(),
        };
        let added = went(self.w.db.write(move |tx| maeul_org::add_holiday(tx, &ctx, &new)).await);
        self.w.run_jobs().await;
        added
    }

    /// One act, drawn by lot.
    async fn step(&mut self) {
        let minutes = i64::try_from(self.dice.roll(150)).unwrap();
        self.w.pass(SignedDuration::from_mins(minutes));
        let w = self.w.clone();
        let who = self.dice.of(&DRAWN);
        // The newer half, so that cases get long histories.
        let old = self.receipts.len().saturating_sub(24);
        let receipt = self.dice.of(&self.receipts[old..]);
        let (case, version) = (receipt.case, None);
        let reason = || "까닭".to_owned();
        let text = format!("글 {}", self.dice.roll(1_000));
        let draw = self.dice.roll(27);
        let (name, went) = match draw {
            0 => ("receive", self.receive().await),
            2..=4 => ("take", went(w.act(who, act::take, act::Take { case, version }).await)),
            5 => {
                let to = w.staff(self.dice.of(&WHO));
                ("assign", went(w.act(who, act::assign, act::Assign { case, version, to }).await))
            }
            6 => {
                let to = self.dice.of(&[Some("roads"), Some("cleaning"), Some("garam"), None]);
                let to = to.map(|code| w.unit(code));
                let input = act::Reassign { case, version, to, reason: reason() };
                ("reassign", went(w.act(who, act::reassign, input).await))
            }
            7 => ("note", went(w.act(who, act::note, act::Note { case, text }).await)),
            8 => ("ask", went(w.act(who, act::ask, act::Ask { case, version, text }).await)),
            9..=11 => {
                let input = act::DraftAnswer { case, version, answer: self.answer() };
                ("draft", went(w.act(who, act::draft_answer, input).await))
            }
            12 | 13 | 24 | 25 => {
                let input = act::Submit { case, version };
                ("submit", went(w.act(who, act::submit_for_approval, input).await))
            }
            14 | 26 => {
                // One that waits for approval, if any does: by chance it would hardly be met.
                let waiting = open_cases(&w).await.into_iter().find(|it| it.3 == State::Approval);
                let case = waiting.map_or(case, |it| it.0);
                let input = act::ReturnDraft { case, version, reason: reason() };
                ("return", went(w.act(who, act::return_draft, input).await))
            }
            1 | 15 | 16 => {
                let answer = (self.dice.roll(2) == 0).then(|| self.answer());
                let input = act::Approve { case, version, answer };
                ("answer", went(w.act(who, act::approve_and_answer, input).await))
            }
            17 => {
                let input = act::Reopen { case, version, reason: reason() };
                ("reopen", went(w.act(who, act::reopen, input).await))
            }
            18 => {
                let place = text;
                let point = self.dice.of(&[Some(IN_GARAM), Some(IN_NARAE), None]);
                let input =
                    act::Relocate { case, version, point, dong: None, place, reason: reason() };
                ("relocate", went(w.act(who, act::relocate, input).await))
            }
            19 => {
                let service =
                    self.dice.of(&[Some("litter"), Some("streetlight"), Some("noise"), None]);
                let service = service.map(str::to_owned);
                let input = act::Reclassify { case, version, service, reason: reason() };
                ("reclassify", went(w.act(who, act::reclassify, input).await))
            }
            20 => {
                let n = u32::try_from(self.dice.roll(30)).unwrap();
                let new = act::NewFollower { text, ..follower(case, by_email(500 + n)) };
                ("follow", went(w.act("resident", act::follow, new).await))
            }
            21 | 22 => {
                let access = w.access(&receipt.token).await;
                let open = w.case(case).await.state.is_open();
                match self.dice.roll(2) {
                    draw if open => {
                        if draw == 0 {
                            return;
                        }
                        let input = act::ResidentReply { access, text };
                        ("reply", went(w.act("resident", act::resident_reply, input).await))
                    }
                    0 => {
                        let score = i32::try_from(self.dice.roll(5)).unwrap() + 1;
                        let input = act::Rate { access, score, text };
                        ("rate", went(w.act("resident", act::rate, input).await))
                    }
                    _ => {
                        let input = act::ResidentReopen { access, reason: reason() };
                        (
                            "resident_reopen",
                            went(w.act("resident", act::resident_reopen, input).await),
                        )
                    }
                }
            }
            _ => {
                let byte = u8::try_from(self.dice.roll(256)).unwrap();
                let photo = act::NewPhoto {
                    to: PhotoOf::Case(case),
                    access: None,
                    jpeg: vec![byte],
                    thumb: vec![byte],
                    width: 1,
                    height: 1,
                    sha256: [byte; 32],
                };
                ("photo", went(w.act(who, act::add_photo, photo).await))
            }
        };
        if went {
            *self.done.entry(name).or_default() += 1;
        }
    }

    fn acts(&self) -> usize {
        self.done.values().sum()
    }
}

/// What the scan knows of an open case.
type Open = (CaseId, Option<UnitId>, Option<StaffId>, State, Option<Date>, Timestamp);

async fn open_cases(w: &World) -> Vec<Open> {
    let rows = w.db.read(|tx| {
        tx.all::<Open>(
            "SELECT id, unit_id, assignee_id, state, due_on, due_at FROM cases_case
              WHERE office_id = $1 AND state <> 'closed'",
            args![OFFICE],
        )
    });
    let mut rows = rows.await.unwrap();
    rows.sort_by_key(|it| (it.5, it.0));
    rows
}

/// Whether the case stands in that person's queue, said once more in plain words.
fn stands_in(w: &World, who: &str, queue: Queue, case: &Open) -> bool {
    let (_, unit, assignee, state, due_on, _) = *case;
    let (staff, own) = w.actor(who).staff().unwrap();
    let today = seoul::date(w.clock.now());
    let coordinates = who == "coordinator";
    let ours = coordinates || unit == Some(own);
    match queue {
        Queue::Mine => assignee == Some(staff),
        Queue::Unit => ours,
        // Nobody here has a 동.
        Queue::Dong => false,
        Queue::Unassigned if coordinates => unit.is_none(),
        Queue::Unassigned => ours && assignee.is_none(),
        Queue::DueToday => ours && due_on == Some(today),
        Queue::Overdue => ours && due_on.is_some_and(|day| day < today),
        Queue::Approval => ours && state == State::Approval,
        Queue::InState(wanted) => ours && state == wanted,
        Queue::DueOn(wanted) => ours && due_on == wanted,
    }
}

/// All pages of a queue.
async fn list(w: &World, who: &str, queue: Queue) -> Vec<CaseId> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page =
            w.see(who, move |tx, ctx, know| read::queue(tx, ctx, know, queue, after, 7)).await;
        let page = page.unwrap();
        found.extend(page.rows.into_iter().map(|it| it.id));
        match page.next {
            Some(next) => after = Some(next),
            None => return found,
        }
    }
}

/// Numbers and figures against the scan.
async fn check_numbers(w: &World) {
    let open = open_cases(w).await;
    for who in WHO {
        let counts = w.see(who, read::counts).await.unwrap();
        let number = |queue| {
            i64::try_from(open.iter().filter(|it| stands_in(w, who, queue, it)).count()).unwrap()
        };
        let expected = read::QueueCounts {
            mine: number(Queue::Mine),
            unit: number(Queue::Unit),
            unassigned: number(Queue::Unassigned),
            due_today: number(Queue::DueToday),
            overdue: number(Queue::Overdue),
            approval: number(Queue::Approval),
        };
        assert_eq!(counts, expected, "{who}");
        let figures = w.see(who, read::figures).await.unwrap();
        let of_open = figures.iter().filter(|it| it.state.is_open()).map(|it| it.n).sum::<i64>();
        assert_eq!(of_open, expected.unit, "{who}");
        assert!(figures.iter().all(|it| it.n > 0), "{who}: {figures:?}");
    }
    let (kept, scanned) =
        w.db.read(|tx| {
            Ok::<_, maeul_base::Fault>((
                testing::kept_counts(tx, OFFICE)?,
                testing::scanned_counts(tx, OFFICE)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(kept, scanned);
}

/// Lists against the scan, in their order.
async fn check_lists(w: &World) {
    let open = open_cases(w).await;
    let days: BTreeSet<Option<Date>> = open.iter().map(|it| it.4).collect();
    let queues = Queue::ALL
        .into_iter()
        .chain(State::ALL.iter().filter(|it| it.is_open()).map(|it| Queue::InState(*it)))
        .chain(days.into_iter().take(4).map(Queue::DueOn));
    for queue in queues {
        for who in WHO {
            let expected: Vec<CaseId> =
                open.iter().filter(|it| stands_in(w, who, queue, it)).map(|it| it.0).collect();
            assert_eq!(list(w, who, queue).await, expected, "{who} {queue:?}");
        }
    }
}

/// Every row against its events, and its columns for lists against the whole.
async fn check_rows(w: &World, receipts: &[Receipt]) {
    for receipt in receipts {
        let events = events(&w.db, receipt.case).await;
        let rebuilt = Case::rebuild(OFFICE, receipt.case, &events);
        let row = w.case(receipt.case).await;
        assert_eq!(row, rebuilt);
        let sequence: Vec<i64> = events.iter().map(|it| it.seq).collect();
        assert_eq!(sequence, (1..=row.version).collect::<Vec<_>>(), "no gaps");
        assert!(events.is_sorted_by_key(|it| it.at));
    }
    type Columns =
        (CaseId, Timestamp, Option<Date>, Option<String>, Option<String>, Option<i64>, bool);
    let columns = w.db.read(|tx| {
        tx.all::<Columns>(
            "SELECT id, due_at, due_on, period, calculator, cell, statutory FROM cases_case WHERE office_id = $1",
            args![OFFICE],
        )
    });
    for (id, due_at, due_on, period, calculator, cell, statutory) in columns.await.unwrap() {
        let case = w.case(id).await;
        match &case.due {
            Some(due) => {
                assert_eq!((due_at, due_on), (due.at, Some(due.on)));
                assert_eq!(period, Some(due.period().to_string()));
                assert!(calculator.is_some());
            }
            None => assert_eq!((due_on, period, calculator), (None, None, None)),
        }
        assert_eq!((cell, statutory), (case.place.cell(), !case.anonymous));
    }
}

both_engines! { steps();
    async fn rows_and_numbers_follow_from_events(db: Db) {
        let w = World::new(db).await;
        let mut story = Story { w, dice: Dice(20_260_608), receipts: Vec::new(), done: BTreeMap::new() };
        for _ in 0..6 {
            assert!(story.receive().await || !story.receipts.is_empty());
        }
        let (mut tries, mut checked) = (0, 0);
        while story.acts() < ACTS {
            tries += 1;
            assert!(tries < 2_000, "only {} acts went: {:?}", story.acts(), story.done);
            story.step().await;
            if story.acts() / 40 > checked {
                checked = story.acts() / 40;
                check_numbers(&story.w).await;
                match checked {
                    1 | 4 => story.w.run_job(jobs::FOLD_COUNTS).await,
                    2 => assert!(story.add_holiday().await),
                    _ => story.w.run_job(jobs::REVIEW_DUE).await,
                }
                check_numbers(&story.w).await;
            }
        }
        // The lot has drawn everything, so that nothing is left unproven.
        let drawn: BTreeSet<&str> = story.done.keys().copied().collect();
        assert_eq!(drawn.len(), 18, "{:?}", story.done);
        let (w, receipts) = (story.w, story.receipts);
        check_rows(&w, &receipts).await;
        check_numbers(&w).await;
        check_lists(&w).await;
        w.run_job(jobs::FOLD_COUNTS).await;
        check_numbers(&w).await;
        check_lists(&w).await;
        let left = crate::support::count(&w.db, "SELECT count(*) FROM cases_count_delta").await;
        let sums = crate::support::count(&w.db, "SELECT CAST(sum(n) AS bigint) FROM cases_count").await;
        assert_eq!((left, sums), (0, i64::try_from(receipts.len()).unwrap()));
    }

    async fn a_row_that_was_tampered_with_is_found_out(db: Db) {
        // Proves that the comparison above can fail.
        let w = World::new(db).await;
        let receipt = w.received().await;
        let case = receipt.case;
        w.db.write(move |tx| tx.exec_one("UPDATE cases_case SET hops = 1 WHERE id = $1", args![case])).await.unwrap();
        let pairs = w.db.read(|tx| testing::rows_and_rebuilt(tx, OFFICE)).await.unwrap();
        assert!(pairs[0].0 != pairs[0].1);
        assert_ne!(w.case(case).await, Case::rebuild(OFFICE, case, &events(&w.db, case).await));
        w.db.write(move |tx| tx.exec("UPDATE cases_count_delta SET n = 2", args![])).await.unwrap();
        let kept = w.db.read(|tx| testing::kept_counts(tx, OFFICE)).await.unwrap();
        assert_ne!(kept, w.db.read(|tx| testing::scanned_counts(tx, OFFICE)).await.unwrap());
    }
}
