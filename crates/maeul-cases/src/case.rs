//! The case: the sum of its events. The store and the rebuild both use [`Case::apply`] alone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{CaseId, Lang, OfficeId, PartyId, StaffId, UnitId};

use crate::due::Due;
use crate::event::{Answer, Event, Recorded};
use crate::place::Place;
use crate::words::{Channel, Outcome, PetitionKind, State};

/// One case as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Whose.
    pub office: OfficeId,
    /// Its id.
    pub id: CaseId,
    /// How many events it has; zero before the first.
    pub version: i64,
    /// The receipt number.
    pub number: String,
    /// The key by which the same submission is known again.
    pub client_key: Option<String>,
    /// In a few words.
    pub title: String,
    /// In the resident's words.
    pub body: String,
    /// By which way it came.
    pub channel: Channel,
    /// Told by word of mouth.
    pub oral: bool,
    /// Without a name: no statutory petition (영2).
    pub anonymous: bool,
    /// The petitioner's language.
    pub lang: Lang,
    /// The petitioner.
    pub petitioner: PartyId,
    /// Where it stands.
    pub state: State,
    /// The service.
    pub service: Option<String>,
    /// The answers to the service's questions.
    pub answers: BTreeMap<String, Vec<String>>,
    /// Its kind.
    pub petition_kind: PetitionKind,
    /// Where it is.
    pub place: Place,
    /// The responsible unit; none is the coordinator's queue.
    pub unit: Option<UnitId>,
    /// Since when that unit has it.
    pub unit_since: Timestamp,
    /// The officer.
    pub assignee: Option<StaffId>,
    /// How many times it was passed on.
    pub hops: i32,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it is due and why.
    pub due: Option<Due>,
    /// The draft of the answer.
    pub draft: Option<Answer>,
    /// When it was answered.
    pub closed_at: Option<Timestamp>,
    /// How it was answered.
    pub outcome: Option<Outcome>,
    /// When a long-term answer is looked at again.
    pub review_on: Option<Date>,
    /// The letter that went out last.
    pub answer: Option<String>,
    /// The last rating, one to five.
    pub satisfaction: Option<i32>,
    /// How many times it was opened again.
    pub reopened: i32,
    /// How many residents joined in.
    pub followers: i32,
    /// How many photos.
    pub photos: i32,
    /// When anything last happened.
    pub updated_at: Timestamp,
}

impl Case {
    /// A case to which nothing has happened yet.
    pub fn blank(office: OfficeId, id: CaseId) -> Self {
        Self {
            office,
            id,
            version: 0,
            number: String::new(),
            client_key: None,
            title: String::new(),
            body: String::new(),
            channel: Channel::Web,
            oral: false,
            anonymous: false,
            lang: Lang::Ko,
            petitioner: PartyId(uuid::Uuid::nil()),
            state: State::Received,
            service: None,
            answers: BTreeMap::new(),
            petition_kind: PetitionKind::Other,
            place: Place::default(),
            unit: None,
            unit_since: Timestamp::UNIX_EPOCH,
            assignee: None,
            hops: 0,
            received_at: Timestamp::UNIX_EPOCH,
            due: None,
            draft: None,
            closed_at: None,
            outcome: None,
            review_on: None,
            answer: None,
            satisfaction: None,
            reopened: 0,
            followers: 0,
            photos: 0,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// The case these events add up to.
    pub fn rebuild(office: OfficeId, id: CaseId, events: &[Recorded]) -> Self {
        let mut case = Self::blank(office, id);
        for event in events {
            case.apply(event);
        }
        case
    }

    /// Whether the clock of the petitions act runs: an anonymous report is no petition (영2).
    pub const fn is_statutory(&self) -> bool {
        !self.anonymous
    }

    /// Whether its due time has passed and an answer is still owed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state.is_open() && self.due.as_ref().is_some_and(|due| due.at < now)
    }

    /// Makes the recorded event part of the case. It never refuses: whether an event may happen
    /// is decided by the act, before it is recorded.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.version = recorded.seq;
        self.updated_at = recorded.at;
        match &recorded.event {
            Event::Received(received) => {
                self.number.clone_from(&received.number);
                self.client_key.clone_from(&received.client_key);
                self.title.clone_from(&received.title);
                self.body.clone_from(&received.body);
                self.channel = received.channel;
                self.oral = received.oral;
                self.anonymous = received.anonymous;
                self.lang = received.lang;
                self.petitioner = received.party;
                self.service.clone_from(&received.service);
                self.answers.clone_from(&received.answers);
                self.petition_kind = received.petition_kind;
                self.place = received.place.clone();
                self.received_at = received.received_at;
                self.unit_since = received.received_at;
                self.due = received.due.as_ref().map(|due| due.due().clone());
                self.photos = received.photos;
            }
            Event::Routed { unit, .. } => self.hand_to(*unit, recorded.at),
            Event::Followed { photos, .. } => {
                self.followers += 1;
                self.photos += photos;
            }
            Event::Taken { by: officer } | Event::Assigned { to: officer } => {
                self.assignee = Some(*officer);
                if self.state == State::Received {
                    self.state = State::Working;
                }
            }
            Event::Reassigned(reassigned) => {
                self.hops = reassigned.hop;
                self.hand_to(reassigned.to, recorded.at);
            }
            Event::Asked { .. } => self.state = State::Waiting,
            // A question waits for the petitioner; what a follower writes does not answer it.
            Event::Replied { party, .. } => {
                if self.state == State::Waiting && *party == self.petitioner {
                    self.state = self.at_work();
                }
            }
            Event::Drafted { answer } => {
                self.draft = Some(answer.clone());
                // A draft changed after it was handed in must be handed in again.
                if self.state == State::Approval {
                    self.state = self.at_work();
                }
            }
            Event::Submitted => self.state = State::Approval,
            Event::Returned { .. } => self.state = self.at_work(),
            Event::Answered(answered) => {
                self.state = State::Closed;
                self.closed_at = Some(recorded.at);
                self.outcome = Some(answered.answer.outcome);
                self.review_on = answered.answer.review_on;
                self.answer = Some(answered.letter.clone());
                self.assignee = Some(answered.officer);
                self.draft = None;
            }
            Event::Reopened(reopened) => {
                self.reopened += 1;
                self.closed_at = None;
                self.outcome = None;
                self.review_on = None;
                self.due = reopened.due.as_ref().map(|due| due.due().clone());
                self.unit_since = recorded.at;
                self.state = self.at_work();
            }
            Event::Relocated(moved) => self.place = moved.to.clone(),
            Event::Reclassified(changed) => {
                self.service.clone_from(&changed.to);
                self.petition_kind = changed.petition_kind;
                self.due = changed.due.as_ref().map(|due| due.due().clone());
                if changed.unit != self.unit {
                    self.hand_to(changed.unit, recorded.at);
                }
            }
            Event::Rated { score, .. } => self.satisfaction = Some(*score),
            Event::DueRecomputed(counted) => self.due = Some(counted.after.due().clone()),
            Event::Brought(brought) => {
                if let Some(end) = &brought.end {
                    self.state = State::Closed;
                    self.closed_at = Some(end.at);
                    self.outcome = end.outcome;
                    self.answer = (!end.answer.is_empty()).then(|| end.answer.clone());
                }
            }
            Event::PhotoAdded { .. } => self.photos += 1,
            // Whoever has it, an answer is owed here until it is given.
            Event::Noted { .. }
            | Event::Told(_)
            | Event::Transferred(_)
            | Event::Joined(_)
            | Event::Parted(_) => {}
            Event::Purged(purged) => {
                if purged.photos {
                    self.photos = 0;
                }
            }
        }
    }

    /// Another unit begins afresh: nobody has taken it, and what was drafted stays for reading.
    fn hand_to(&mut self, unit: Option<UnitId>, at: Timestamp) {
        self.unit = unit;
        self.unit_since = at;
        self.assignee = None;
        if self.state.is_open() {
            self.state = State::Received;
        }
    }

    const fn at_work(&self) -> State {
        if self.assignee.is_some() { State::Working } else { State::Received }
    }
}

#[cfg(test)]
#[path = "case_tests.rs"]
mod tests;
