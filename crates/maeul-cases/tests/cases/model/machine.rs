//! The model: what a case is and may become, said once more in plain words.

use maeul_cases::{State, act};

use super::{CASES, Step, Try};

/// What the model knows of one case.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    pub(super) version: i64,
    pub(super) state: State,
    pub(super) unit: Option<&'static str>,
    pub(super) assignee: Option<&'static str>,
    pub(super) hops: i32,
    pub(super) reopened: i32,
    pub(super) service: Option<&'static str>,
    pub(super) garam: bool,
    pub(super) draft: Option<u8>,
    pub(super) answered: bool,
    pub(super) anonymous: bool,
    pub(super) rated: bool,
    pub(super) followers: Vec<u32>,
    pub(super) lead: Option<usize>,
    /// Hours since it was answered last.
    pub(super) closed_for: i64,
    /// Nothing is tried any more on what was purged.
    pub(super) purged: bool,
}

impl Model {
    pub(super) fn new(anonymous: bool) -> Self {
        Self {
            // Received and routed.
            version: 2,
            state: State::Received,
            unit: Some("roads"),
            assignee: None,
            hops: 0,
            reopened: 0,
            service: Some("streetlight"),
            garam: true,
            draft: None,
            answered: false,
            anonymous,
            rated: false,
            followers: Vec::new(),
            lead: None,
            closed_for: 0,
            purged: false,
        }
    }

    const fn at_work(&self) -> State {
        if self.assignee.is_some() { State::Working } else { State::Received }
    }

    fn happened(&mut self, events: i64) {
        self.version += events;
    }

    /// Whoever works on what nobody has, has it.
    fn take_if_free(&mut self, who: &'static str) {
        if self.assignee.is_none() && self.unit.is_some() {
            self.assignee = Some(who);
            if self.state == State::Received {
                self.state = State::Working;
            }
            self.happened(1);
        }
    }

    fn hand_to(&mut self, unit: Option<&'static str>) {
        self.unit = unit;
        self.assignee = None;
        self.state = State::Received;
    }

    fn close(&mut self, officer: &'static str) {
        self.state = State::Closed;
        self.assignee = Some(officer);
        self.draft = None;
        self.answered = true;
        self.rated = false;
        self.closed_for = 0;
        self.happened(1);
    }

    fn open_again(&mut self) {
        self.reopened += 1;
        self.state = self.at_work();
        self.happened(1);
    }

    /// Whether that person may work the case at all.
    fn guard(&self, who: &str) -> Result<(), &'static str> {
        match who {
            "coordinator" => Ok(()),
            "other" if self.unit == Some("cleaning") => Ok(()),
            "officer" | "second" | "head" if self.unit == Some("roads") => Ok(()),
            _ => Err("case.not_found"),
        }
    }

    fn guard_open(&self, who: &str) -> Result<(), &'static str> {
        self.guard(who)?;
        if self.state.is_open() { Ok(()) } else { Err("case.already_answered") }
    }

    /// The duty of the service in that 동, on the days of these tests.
    fn unit_of(&self, service: Option<&str>) -> Option<&'static str> {
        match service {
            Some("streetlight" | "bench") => Some("roads"),
            Some("litter") if self.garam => Some("garam"),
            Some("litter") => Some("cleaning"),
            _ => None,
        }
    }
}

fn decides(who: &str) -> bool {
    matches!(who, "head" | "coordinator")
}

/// What the model says of a try: a refusal by its code, or the cases as they are afterwards.
pub(super) fn foretold(cases: &mut [Model; CASES], step: &Step) -> Result<(), &'static str> {
    let (who, at) = (step.who, step.case);
    let mut it = cases[at].clone();
    match &step.what {
        Try::Take => {
            it.guard_open(who)?;
            match (it.unit, it.assignee) {
                (None, _) => return Err("take.no_unit"),
                (_, Some(officer)) if officer != who => return Err("take.taken"),
                (_, Some(_)) => {}
                (_, None) => it.take_if_free(who),
            }
        }
        Try::Assign(to) => {
            it.guard_open(who)?;
            let unit = it.unit.ok_or("assign.no_unit")?;
            if it.assignee != Some(*to) {
                let of = match *to {
                    "officer" | "second" | "head" => "roads",
                    "other" => "cleaning",
                    _ => "civil",
                };
                if *to == "administrator" {
                    return Err("assign.works_no_cases");
                }
                if of != unit {
                    return Err("assign.not_of_unit");
                }
                it.assignee = Some(to);
                if it.state == State::Received {
                    it.state = State::Working;
                }
                it.happened(1);
            }
        }
        Try::Reassign(to) => {
            it.guard_open(who)?;
            if *to == it.unit {
                return Err("reassign.same_unit");
            }
            let hop = it.hops + i32::from(who != "coordinator");
            let stopped = who != "coordinator" && hop >= act::LAST_HOP;
            it.hops = hop;
            it.hand_to(if stopped { None } else { *to });
            it.happened(1);
        }
        Try::Note => {
            it.guard(who)?;
            it.happened(1);
        }
        Try::Ask => {
            it.guard_open(who)?;
            if it.anonymous {
                return Err("ask.unreachable");
            }
            it.take_if_free(who);
            it.state = State::Waiting;
            it.happened(1);
        }
        Try::Draft(n) => {
            it.guard_open(who)?;
            it.unit.ok_or("answer.no_unit")?;
            if it.draft != Some(*n) || it.state == State::Approval {
                it.take_if_free(who);
                it.draft = Some(*n);
                if it.state == State::Approval {
                    it.state = it.at_work();
                }
                it.happened(1);
            }
        }
        Try::Submit => {
            it.guard_open(who)?;
            it.draft.ok_or("answer.no_draft")?;
            it.unit.ok_or("answer.no_unit")?;
            if it.state != State::Approval {
                it.state = State::Approval;
                it.happened(1);
            }
        }
        Try::Return => {
            it.guard_open(who)?;
            if !decides(who) {
                return Err("return.not_allowed");
            }
            if it.state != State::Approval {
                return Err("return.not_submitted");
            }
            it.state = it.at_work();
            it.happened(1);
        }
        Try::Answer(direct) => {
            it.guard_open(who)?;
            if !decides(who) {
                return Err("answer.not_allowed");
            }
            it.unit.ok_or("answer.no_unit")?;
            direct.or(it.draft).ok_or("answer.no_draft")?;
            let officer = it.assignee.unwrap_or(who);
            it.close(officer);
            for (other, with) in cases.iter_mut().enumerate() {
                if other != at && with.lead == Some(at) && with.state.is_open() {
                    with.close(officer);
                }
            }
        }
        Try::Reopen => {
            it.guard(who)?;
            if it.state.is_open() {
                return Err("reopen.still_open");
            }
            it.open_again();
        }
        Try::ResidentReopen => {
            if it.state.is_open() {
                return Err("reopen.still_open");
            }
            // A day of grace on both sides of the thirtieth is not told apart here.
            if it.closed_for > 24 * 31 {
                return Err("reopen.too_late");
            }
            it.open_again();
        }
        Try::Relocate(garam) => {
            it.guard_open(who)?;
            if it.garam != *garam {
                it.garam = *garam;
                it.happened(1);
            }
        }
        Try::Reclassify(service) => {
            it.guard_open(who)?;
            if *service == it.service {
                return Err("reclassify.same_service");
            }
            let unit = it.unit_of(*service);
            it.service = *service;
            if unit != it.unit {
                it.hand_to(unit);
            }
            it.happened(1);
        }
        Try::Follow(n, words) => {
            if !it.state.is_open() {
                return Err("case.already_answered");
            }
            if !it.followers.contains(n) {
                it.followers.push(*n);
                it.happened(1);
            }
            it.happened(i64::from(*words));
        }
        Try::Reply => {
            if !it.state.is_open() {
                return Err("reply.answered");
            }
            if it.state == State::Waiting {
                it.state = it.at_work();
            }
            it.happened(1);
        }
        Try::Rate(score) => {
            if !(1..=5).contains(score) {
                return Err("rate.no_such_score");
            }
            if it.state.is_open() {
                return Err("rate.not_answered");
            }
            if it.rated {
                return Err("rate.again");
            }
            it.rated = true;
            it.happened(1);
        }
        Try::Transfer => {
            it.guard_open(who)?;
            it.take_if_free(who);
            it.happened(1);
        }
        Try::TransferAccepted => it.happened(1),
        Try::TransferBack => {
            it.guard_open(who)?;
            it.happened(1);
        }
        Try::Hear(done) => {
            it.happened(1);
            let drafts = *done && it.state.is_open() && it.state != State::Approval;
            if drafts && it.unit.is_some() && it.draft.is_none() {
                // A draft that nobody wrote.
                it.draft = Some(u8::MAX);
                it.happened(1);
            }
        }
        Try::Join(to) => {
            let lead = cases[*to].lead.unwrap_or(*to);
            if lead == at {
                return Err("join.itself");
            }
            cases[lead].guard_open(who)?;
            it.guard_open(who)?;
            if it.lead == Some(lead) {
                return Err("join.already");
            }
            for with in cases.iter_mut().filter(|with| with.lead == Some(at)) {
                with.lead = Some(lead);
                with.happened(1);
            }
            it.lead = Some(lead);
            it.happened(1);
        }
        Try::Part => {
            it.guard(who)?;
            if it.lead.take().is_none() {
                return Err("join.not_joined");
            }
            it.happened(1);
        }
        Try::Purge => {
            it.guard(who)?;
            if !decides(who) {
                return Err("purge.not_allowed");
            }
            if it.state.is_open() {
                return Err("purge.open");
            }
            it.purged = true;
            it.happened(1);
        }
        Try::Stale => {
            it.guard(who)?;
            return Err("case.changed_meanwhile");
        }
        Try::Holiday(_) => {}
    }
    cases[at] = it;
    Ok(())
}
