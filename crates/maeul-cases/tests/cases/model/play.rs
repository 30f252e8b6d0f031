//! The tries of a sequence, carried out on the real acts.

use maeul_base::Failure;
use maeul_cases::act::{self, NewCase, Receipt, Who};
use maeul_cases::{Answer, Bilingual, Case, Outcome};
use maeul_org::{HolidayKind, NewHoliday};

use super::{CASES, Step, Try};
use crate::support::{IN_GARAM, IN_NARAE, NOW, World, by_email, by_phone, code_of, done, follower};

fn answer(n: u8) -> Answer {
    let text = format!("답 {n}");
    match n {
        0 => done(&text),
        1 => Answer {
            outcome: Outcome::Refused,
            reason: "까닭".into(),
            remedy: "방법".into(),
            ..done(&text)
        },
        _ => Answer { outcome: Outcome::NeedsBudget, ..done(&text) },
    }
}

/// The code of a refusal; a fault is the test's own end.
fn told<T: std::fmt::Debug, R: maeul_base::Refusal>(
    done: Result<T, Failure<R>>,
) -> Result<(), &'static str> {
    match done {
        Ok(_) => Ok(()),
        Err(Failure::Fault(fault)) => panic!("{}", fault.chain()),
        refused => Err(code_of(refused)),
    }
}

pub(super) struct Play {
    w: World,
    receipts: Vec<Receipt>,
    days: i64,
}

impl Play {
    pub(super) async fn new(w: &World) -> Self {
        w.set_time(NOW);
        let mut receipts = Vec::new();
        for n in 0..CASES {
            let who = if n == 2 { Who::Anonymous } else { Who::Named(by_phone(1)) };
            receipts.push(w.receive(NewCase { who, ..w.report().await }).await);
        }
        Self { w: w.clone(), receipts, days: 0 }
    }

    pub(super) async fn run(&mut self, step: &Step) -> Result<(), &'static str> {
        let (w, who) = (self.w.clone(), step.who);
        let case = self.receipts[step.case].case;
        let version = None;
        let (reason, text) = (|| "까닭".to_owned(), || "글".to_owned());
        let agency = || Bilingual::new("가온시", "Gaon City");
        let link = || w.access(&self.receipts[step.case].token);
        match &step.what {
            Try::Take => told(w.act(who, act::take, act::Take { case, version }).await),
            Try::Assign(to) => {
                let to = w.staff(to);
                told(w.act(who, act::assign, act::Assign { case, version, to }).await)
            }
            Try::Reassign(to) => {
                let to = to.map(|code| w.unit(code));
                let input = act::Reassign { case, version, to, reason: reason() };
                told(w.act(who, act::reassign, input).await)
            }
            Try::Note => told(w.act(who, act::note, act::Note { case, text: text() }).await),
            Try::Ask => told(w.act(who, act::ask, act::Ask { case, version, text: text() }).await),
            Try::Draft(n) => {
                let input = act::DraftAnswer { case, version, answer: answer(*n) };
                told(w.act(who, act::draft_answer, input).await)
            }
            Try::Submit => {
                told(w.act(who, act::submit_for_approval, act::Submit { case, version }).await)
            }
            Try::Return => {
                let input = act::ReturnDraft { case, version, reason: reason() };
                told(w.act(who, act::return_draft, input).await)
            }
            Try::Answer(n) => {
                let input = act::Approve { case, version, answer: n.map(answer) };
                told(w.act(who, act::approve_and_answer, input).await)
            }
            Try::Reopen => {
                let input = act::Reopen { case, version, reason: reason() };
                told(w.act(who, act::reopen, input).await)
            }
            Try::ResidentReopen => {
                let input = act::ResidentReopen { access: link().await, reason: reason() };
                told(w.act("resident", act::resident_reopen, input).await)
            }
            Try::Relocate(garam) => {
                let point = Some(if *garam { IN_GARAM } else { IN_NARAE });
                let place = "은행나무 앞".to_owned();
                let input =
                    act::Relocate { case, version, point, dong: None, place, reason: reason() };
                told(w.act(who, act::relocate, input).await)
            }
            Try::Reclassify(service) => {
                let service = service.map(str::to_owned);
                let input = act::Reclassify { case, version, service, reason: reason() };
                told(w.act(who, act::reclassify, input).await)
            }
            Try::Follow(n, words) => {
                let words = if *words { text() } else { String::new() };
                let new = act::NewFollower { text: words, ..follower(case, by_email(500 + n)) };
                told(w.act("resident", act::follow, new).await)
            }
            Try::Reply => {
                let input = act::ResidentReply { access: link().await, text: text() };
                told(w.act("resident", act::resident_reply, input).await)
            }
            Try::Rate(score) => {
                let input = act::Rate { access: link().await, score: *score, text: text() };
                told(w.act("resident", act::rate, input).await)
            }
            Try::Transfer => {
                let input = act::TransferOut {
                    case,
                    version,
                    agency: agency(),
                    phone: String::new(),
                    reason: reason(),
                    with_contact: false,
                };
                told(w.act(who, act::transfer_out, input).await)
            }
            Try::TransferAccepted => {
                let input =
                    act::TransferAccepted { case, agency: agency(), reference: "G-1".into() };
                let accept =
                    |tx: &mut _, ctx: &_, _: &_, input: &_| act::transfer_accepted(tx, ctx, input);
                told(w.act("system", accept, input).await)
            }
            Try::TransferBack => {
                let input = act::TransferBack { case, agency: agency(), reason: reason() };
                told(w.act(who, act::transfer_back, input).await)
            }
            Try::Hear(done) => {
                let input = act::Hear {
                    case,
                    agency: agency(),
                    update: None,
                    status: None,
                    text: text(),
                    done: *done,
                };
                let hear = |tx: &mut _, ctx: &_, _: &_, input: &_| act::hear(tx, ctx, input);
                told(w.act("system", hear, input).await)
            }
            Try::Join(lead) => {
                let lead = self.receipts[*lead].case;
                told(w.act(who, act::join, act::Join { case, lead }).await)
            }
            Try::Part => told(w.act(who, act::part, case).await),
            Try::Purge => {
                // What is still on its way would hold it up.
                w.run_jobs().await;
                let input = act::Purge {
                    case,
                    words: true,
                    contacts: true,
                    photos: true,
                    reason: reason(),
                };
                told(w.act(who, act::purge, input).await)
            }
            Try::Stale => {
                let version = Some(w.case(case).await.version - 1);
                told(w.act(who, act::take, act::Take { case, version }).await)
            }
            Try::Holiday(days) => {
                self.days += i64::from(*days);
                let hours = jiff::SignedDuration::from_hours(24 * self.days);
                let on_day = maeul_base::seoul::date(w.clock.now() + hours);
                let ctx = w.ctx("administrator");
                let new = NewHoliday {
                    on_day,
                    name_ko: "쉬는 날".into(),
                    name_en: "Day off".into(),
                    kind: HolidayKind::Temporary,
                    basis: "국무회의".into(),
                };
                let added = w.db.write(move |tx| maeul_org::add_holiday(tx, &ctx, &new)).await;
                // The same day twice is refused; both are well.
                let _again = told(added);
                w.run_jobs().await;
                Ok(())
            }
        }
    }

    pub(super) async fn rows(&self) -> Vec<Case> {
        let mut rows = Vec::new();
        for receipt in &self.receipts {
            rows.push(self.w.case(receipt.case).await);
        }
        rows
    }
}
