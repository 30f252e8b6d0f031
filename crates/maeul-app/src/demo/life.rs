//! The life of one made-up report, acted out through the same acts as on the pages: received,
//! taken, worked, answered, rated; or stopped where the present interrupts it.

use jiff::{SignedDuration, Timestamp, ToSpan};
use maeul_base::{Actor, CaseId, Ctx, Fault, Ids, Lang, UnitId, seoul};
use maeul_calendar::Period;
use maeul_cases::act::{self, NewFollower, Who};
use maeul_cases::event::Answer;
use maeul_cases::read::Access;
use maeul_cases::{Case, CaseNumber, ContactInput, Outcome, PartyKind, State};
use maeul_db::Tx;
use maeul_people::Staff;

use super::arrive::{Go, Halt, Stage, did, receive};
use super::dice::Dice;
use super::people::{actor, resident};
use super::phrases::Words;
use super::plan::Plan;
use super::{SEED, when};

/// Where a recent report is left lying, so that every desk has something on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Nowhere,
    /// Nobody has taken it.
    Untaken,
    /// At work, perhaps beyond its due time.
    AtWork,
    /// The resident has not replied.
    Waiting,
    /// The head has not read it.
    Approval,
}

struct Life<'a> {
    tx: &'a mut Tx,
    stage: &'a Stage,
    plan: &'a Plan,
    dice: Dice,
    ids: Ids,
    /// The instant of the last thing that happened.
    at: Timestamp,
    case: CaseId,
    access: Access,
    state: State,
    unit: Option<UnitId>,
    officer: Staff,
    due_at: Timestamp,
    due_on: Option<jiff::civil::Date>,
    rest: Rest,
}

/// Acts out one report in the caller's transaction; how far it got.
pub(crate) fn live(
    tx: &mut Tx,
    stage: &Stage,
    plan: &Plan,
    number: &CaseNumber,
) -> Result<State, Fault> {
    let ids = Ids::seeded(Dice::new(SEED ^ 0x5a5a, stage.office.0, plan.index).next());
    let mut dice = plan.dice.clone();
    let receipt = match receive(tx, stage, plan, number, &ids, &mut dice) {
        Ok(receipt) => receipt,
        Err(Halt::Here) => return Ok(State::Received),
        Err(Halt::Fault(fault)) => return Err(fault),
    };
    let kind = match plan.who {
        Who::Assisted(_) => PartyKind::Assisted,
        Who::Named(_) | Who::Relayed(_) | Who::Anonymous => PartyKind::Petitioner,
    };
    let mut life = Life {
        tx,
        stage,
        plan,
        dice,
        ids,
        at: plan.at,
        case: receipt.case,
        access: Access {
            case: receipt.case,
            party: receipt.party,
            kind,
            anonymous: receipt.anonymous,
        },
        state: State::Received,
        unit: receipt.unit,
        officer: stage.crew.coordinator().clone(),
        due_at: receipt.due.as_ref().map_or(plan.at + SignedDuration::from_hours(168), |it| it.at),
        due_on: receipt.due.as_ref().map(|it| it.on),
        rest: Rest::Nowhere,
    };
    life.rest = life.choose_rest();
    match life.go() {
        Ok(()) | Err(Halt::Here) => Ok(life.state),
        Err(Halt::Fault(fault)) => Err(fault),
    }
}

/// Calls an act as `who` at this moment.
macro_rules! act {
    ($life:ident, $who:expr, $verb:ident, $input:expr) => {{
        let ctx = $life.ctx($who);
        did(stringify!($verb), act::$verb(&mut *$life.tx, &ctx, &$life.stage.know, &$input))
    }};
}

impl Life<'_> {
    fn ctx(&self, actor: Actor) -> Ctx {
        Ctx {
            office: self.stage.office,
            actor,
            lang: Lang::Ko,
            now: self.at,
            ids: self.ids.clone(),
        }
    }

    fn choose_rest(&mut self) -> Rest {
        let now = self.stage.now;
        let days = now.duration_since(self.plan.at).as_hours() / 24;
        if days > 24 {
            return Rest::Nowhere;
        }
        let overdue = self.due_at < now;
        let today = self.due_on == Some(seoul::date(now));
        let throw = self.dice.between(0, 99);
        match throw {
            0..22 if days < 4 => Rest::Untaken,
            0..55 if today => Rest::AtWork,
            55..65 if today => Rest::Approval,
            0..4 if overdue => Rest::AtWork,
            4..6 if overdue => Rest::Untaken,
            90..95 if days < 16 => Rest::Approval,
            95..100 if days < 9 => Rest::Waiting,
            _ => Rest::Nowhere,
        }
    }

    fn go(&mut self) -> Go {
        self.joined()?;
        self.rest_at(Rest::Untaken)?;
        self.find_unit()?;
        self.begin(4, 22)?;
        self.passed_on()?;
        self.noted()?;
        self.asked()?;
        self.rest_at(Rest::AtWork)?;
        self.answered()?;
        self.afterwards()
    }

    fn rest_at(&self, rest: Rest) -> Go {
        if self.rest == rest { Err(Halt::Here) } else { Ok(()) }
    }

    /// Time goes on to that moment, unless it has not come yet.
    fn until(&mut self, moment: Timestamp) -> Go {
        if moment > self.stage.now {
            return Err(Halt::Here);
        }
        self.at = moment.max(self.at + SignedDuration::from_secs(1));
        Ok(())
    }

    /// A working moment when that part (in hundredths) of the time until it is due is gone.
    fn at_part(&mut self, part: i64) -> Go {
        let from = self.plan.at.max(self.at);
        let span = self.due_at.duration_since(self.plan.at).as_secs();
        let wanted = self.plan.at + SignedDuration::from_secs(span * part / 100);
        let calendar = self.stage.know.calendar();
        // Who means to be in time is; who does not is late.
        let limit = if part > 100 { Timestamp::MAX } else { self.due_at };
        let moment = when::working(&mut self.dice, calendar, from, wanted, limit);
        self.until(moment)
    }

    /// A working moment some minutes later.
    fn later(&mut self, low: i64, high: i64) -> Go {
        let wanted = self.at + when::minutes(self.dice.between(low, high));
        let calendar = self.stage.know.calendar();
        let moment = when::next_working(&mut self.dice, calendar, wanted);
        self.until(moment)
    }

    /// Some minutes later, at any hour.
    fn sometime(&mut self, low: i64, high: i64) -> Go {
        let moment = self.at + when::minutes(self.dice.between(low, high));
        self.until(moment)
    }

    fn saw(&mut self, case: &Case) {
        self.state = case.state;
        self.unit = case.unit;
        if let Some(due) = &case.due {
            self.due_at = due.at;
            self.due_on = Some(due.on);
        }
    }

    /// Whether little time is given: an answer "at once" takes no long way.
    fn is_hasty(&self) -> bool {
        let service = self.stage.know.service(&self.plan.truth);
        service.and_then(|it| it.period) == Some(Period::Immediate)
    }

    fn reachable(&self) -> bool {
        !matches!(self.plan.who, Who::Anonymous)
    }

    /// Neighbours join in.
    fn joined(&mut self) -> Go {
        let days = self.due_at.duration_since(self.plan.at).as_hours() / 24;
        if self.plan.point.is_none() || days < 3 || !self.dice.chance(9) {
            return Ok(());
        }
        for _ in 0..self.dice.between(1, 3) {
            self.sometime(20, 300)?;
            let contact: ContactInput = resident(&mut self.dice, true);
            let text = if self.dice.chance(40) {
                self.stage.phrases.reply(&mut self.dice, Lang::Ko)
            } else {
                String::new()
            };
            let new = NewFollower { case: self.case, contact, text, lang: Lang::Ko, draft: None };
            act!(self, Actor::Resident, follow, new)?;
        }
        Ok(())
    }

    /// The coordinator finds the unit of a case that has none.
    fn find_unit(&mut self) -> Go {
        if self.unit.is_some() {
            return Ok(());
        }
        self.later(20, 240)?;
        let coordinator = actor(self.stage.crew.coordinator());
        if self.plan.service.is_none() {
            let input = act::Reclassify {
                case: self.case,
                version: None,
                service: Some(self.plan.truth.clone()),
                reason: "내용을 확인하여 분야를 정함".to_owned(),
            };
            let case = act!(self, coordinator.clone(), reclassify, input)?;
            self.saw(&case);
        }
        if self.unit.is_none() {
            // A duty split by 동, and no 동 known.
            let Some(to) = self.other_unit() else { return Err(Halt::Here) };
            self.later(5, 60)?;
            self.hand_to(coordinator, to, "위치가 없어 민원인과 통화한 뒤 담당 부서를 정함")?;
        }
        Ok(())
    }

    /// An officer takes the case, or is given it by the head.
    fn begin(&mut self, low: i64, high: i64) -> Go {
        let part = self.dice.between(low, high);
        self.at_part(part)?;
        self.officer = self.stage.crew.officer(&mut self.dice, self.unit).clone();
        let case = self.case;
        let seen = if self.dice.chance(72) {
            act!(self, actor(&self.officer), take, act::Take { case, version: None })?
        } else {
            let head = actor(self.stage.crew.head(self.unit));
            act!(self, head, assign, act::Assign { case, version: None, to: self.officer.id })?
        };
        self.saw(&seen);
        Ok(())
    }

    fn passed_on(&mut self) -> Go {
        if self.is_hasty() || !self.dice.chance(7) {
            return Ok(());
        }
        let Some(to) = self.other_unit() else { return Ok(()) };
        self.later(10, 150)?;
        let why = self.stage.phrases.passing_on(&mut self.dice);
        self.hand_to(actor(&self.officer), to, &why)?;
        self.later(15, 180)?;
        self.begin(25, 40)
    }

    fn hand_to(&mut self, who: Actor, to: UnitId, reason: &str) -> Go {
        let input = act::Reassign {
            case: self.case,
            version: None,
            to: Some(to),
            reason: reason.to_owned(),
        };
        let case = act!(self, who, reassign, input)?;
        self.saw(&case);
        Ok(())
    }

    /// A staffed unit beside the present one: of the same bureau, else any.
    fn other_unit(&mut self) -> Option<UnitId> {
        let chart = self.stage.know.chart();
        let today = seoul::date(self.at);
        let parent = self.unit.and_then(|unit| chart.unit(unit)).and_then(|unit| unit.parent);
        let staffed = |unit: &&maeul_org::Unit| {
            unit.in_force(today) && Some(unit.id) != self.unit && self.stage.crew.works(unit.id)
        };
        let all: Vec<UnitId> = chart.units().filter(staffed).map(|unit| unit.id).collect();
        let near: Vec<UnitId> = chart
            .units()
            .filter(staffed)
            .filter(|unit| parent.is_some() && unit.parent == parent)
            .map(|unit| unit.id)
            .collect();
        let from = if near.is_empty() { all } else { near };
        self.dice.pick(&from).copied()
    }

    fn noted(&mut self) -> Go {
        if !self.dice.chance(24) {
            return Ok(());
        }
        let service = self.stage.phrases.service(&self.plan.truth);
        let Some(text) = service.and_then(|it| it.note(&mut self.dice)) else { return Ok(()) };
        self.later(3, 60)?;
        act!(self, actor(&self.officer), note, act::Note { case: self.case, text })?;
        Ok(())
    }

    fn asked(&mut self) -> Go {
        let waits = self.rest == Rest::Waiting;
        let asks = self.dice.chance(if self.is_hasty() { 3 } else { 16 });
        if !self.reachable() || !(waits || asks) {
            return Ok(());
        }
        self.later(5, 90)?;
        let text = self.stage.phrases.question(&mut self.dice, self.plan.lang);
        let input = act::Ask { case: self.case, version: None, text };
        let case = act!(self, actor(&self.officer), ask, input)?;
        self.saw(&case);
        if waits {
            return Err(Halt::Here);
        }
        if self.dice.chance(80) {
            self.sometime(25, 900)?;
            let text = self.stage.phrases.reply(&mut self.dice, self.plan.lang);
            let input = act::ResidentReply { access: self.access, text };
            let case = act!(self, Actor::Resident, resident_reply, input)?;
            self.saw(&case);
        }
        Ok(())
    }

    /// Drafted, handed in, perhaps returned, approved.
    fn answered(&mut self) -> Go {
        // Most are in time; a few are not.
        let hasty = self.is_hasty();
        let part = match self.dice.below(100) {
            0..4 => self.dice.between(101, 135),
            _ if hasty => self.dice.between(20, 60),
            4..60 => self.dice.between(30, 75),
            _ => self.dice.between(60, 92),
        };
        self.at_part(part)?;
        self.rest_at(Rest::AtWork)?;
        let answer = self.answer();
        let head = actor(self.stage.crew.head(self.unit));
        if self.dice.chance(if hasty { 55 } else { 7 }) && self.rest != Rest::Approval {
            return self.approved(head, Some(answer));
        }
        self.drafted(answer.clone())?;
        self.submitted()?;
        if !hasty && self.dice.chance(9) {
            self.later(20, 150)?;
            let reason = "처리 결과를 주민이 알기 쉽게 조금 더 풀어서 써 주십시오.".to_owned();
            let input = act::ReturnDraft { case: self.case, version: None, reason };
            let case = act!(self, head.clone(), return_draft, input)?;
            self.saw(&case);
            self.later(10, 120)?;
            let fuller = format!("{} 자세한 사항은 담당자에게 문의해 주십시오.", answer.result);
            self.drafted(Answer { result: fuller, ..answer })?;
            self.submitted()?;
        }
        self.later(8, 120)?;
        self.rest_at(Rest::Approval)?;
        self.approved(head, None)
    }

    fn drafted(&mut self, answer: Answer) -> Go {
        let input = act::DraftAnswer { case: self.case, version: None, answer };
        let case = act!(self, actor(&self.officer), draft_answer, input)?;
        self.saw(&case);
        Ok(())
    }

    fn submitted(&mut self) -> Go {
        self.later(2, 30)?;
        let input = act::Submit { case: self.case, version: None };
        let case = act!(self, actor(&self.officer), submit_for_approval, input)?;
        self.saw(&case);
        Ok(())
    }

    fn approved(&mut self, head: Actor, answer: Option<Answer>) -> Go {
        let input = act::Approve { case: self.case, version: None, answer };
        let case = act!(self, head, approve_and_answer, input)?;
        self.saw(&case);
        Ok(())
    }

    fn answer(&mut self) -> Answer {
        let wanted = match self.dice.below(100) {
            0..64 => Outcome::Done,
            64..79 => Outcome::Refused,
            79..89 => Outcome::LongTerm,
            _ => Outcome::NeedsBudget,
        };
        let service = self.stage.phrases.service(&self.plan.truth);
        let (outcome, words) = service
            .and_then(|it| it.answer(&mut self.dice, self.plan.template, wanted))
            .unwrap_or_else(|| {
                let result = "말씀하신 곳을 확인하고 처리하였습니다.".to_owned();
                (Outcome::Done, Words { result, ..Words::default() })
            });
        // A review ahead of us, however old the answer: the demonstration begins with none due.
        let ahead = seoul::date(self.at).max(seoul::date(self.stage.now));
        let ahead = ahead.checked_add(self.dice.between(20, 200).days()).ok();
        Answer {
            outcome,
            result: words.result,
            reason: words.reason,
            remedy: words.remedy,
            review_on: ahead.filter(|_| outcome == Outcome::LongTerm),
            template: None,
        }
    }

    /// The resident rates the answer; a few are not content and have the case opened again.
    fn afterwards(&mut self) -> Go {
        let reopens = self.dice.chance(5);
        if self.reachable() && self.dice.chance(if reopens { 70 } else { 36 }) {
            self.sometime(60, 3_500)?;
            let score = if reopens { [1, 2, 2] } else { [5, 4, 3] };
            let weights = if reopens { [1, 1, 1] } else { [48, 38, 14] };
            let score = score.get(self.dice.weighted(&weights)).copied().unwrap_or(4);
            let text = if self.dice.chance(70) {
                self.stage.phrases.rating(&mut self.dice, score, self.plan.lang)
            } else {
                String::new()
            };
            let input = act::Rate { access: self.access, score, text };
            act!(self, Actor::Resident, rate, input)?;
        }
        if !reopens {
            return Ok(());
        }
        self.sometime(120, 9_000)?;
        let case = if self.reachable() {
            let reason = match self.plan.lang {
                Lang::Ko => "고친 뒤 며칠 만에 다시 같은 일이 생겼어요. 한 번 더 봐 주세요.",
                Lang::En => "It is the same again after a few days. Please have another look.",
            };
            let input = act::ResidentReopen { access: self.access, reason: reason.to_owned() };
            act!(self, Actor::Resident, resident_reopen, input)?
        } else {
            self.later(5, 60)?;
            let reason = "현장을 다시 확인하니 조치가 빠진 곳이 있어 다시 엽니다.".to_owned();
            let input = act::Reopen { case: self.case, version: None, reason };
            let head = actor(self.stage.crew.head(self.unit));
            act!(self, head, reopen, input)?
        };
        self.saw(&case);
        self.later(20, 200)?;
        let answer = self.answer();
        self.drafted(answer)?;
        self.submitted()?;
        self.later(10, 120)?;
        let head = actor(self.stage.crew.head(self.unit));
        self.approved(head, None)
    }
}
