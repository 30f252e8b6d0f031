//! A case's history as people read it.

use jiff::Timestamp;
use maeul_base::{Lang, PartyId, StaffId, UnitId};

use crate::event::{Event, Reassigned, Recorded, ReopenedBy, TransferStep, Transferred};
use crate::knowledge::Knowledge;
use crate::words::Visibility;

/// One event for reading.
#[derive(Clone, Debug, PartialEq)]
pub struct EventView {
    /// Its place in the history.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who, for reading.
    pub who: String,
    /// What, as a code.
    pub kind: &'static str,
    /// Who may see it.
    pub visibility: Visibility,
    /// What, on one line.
    pub title: String,
    /// The words that belong to it; may be empty.
    pub text: String,
    /// All of it.
    pub event: Event,
}

/// Finds the names an event speaks of.
pub(crate) struct Names<'a> {
    pub(crate) know: &'a Knowledge,
    pub(crate) staff: &'a [(StaffId, String)],
    pub(crate) lang: Lang,
}

impl Names<'_> {
    fn officer(&self, id: StaffId) -> &str {
        self.staff
            .iter()
            .find(|(staff, _)| *staff == id)
            .map_or(self.lang.t("담당자", "an officer"), |(_, name)| name)
    }

    fn unit(&self, id: Option<UnitId>) -> &str {
        self.know.unit_name(id, self.lang)
    }

    fn service(&self, code: Option<&str>) -> String {
        code.map_or_else(
            || self.lang.t("분야 없음", "no service").to_owned(),
            |code| self.know.service_name(code, self.lang).to_owned(),
        )
    }

    /// Who did it, for the staff.
    fn who(&self, recorded: &Recorded) -> String {
        let by_rule = matches!(recorded.event, Event::Routed { .. });
        match (recorded.actor, recorded.actor_kind.as_str()) {
            // Whoever sent the report, the chart decides where it goes.
            _ if by_rule => self.lang.t("마을 시스템", "Maeul").to_owned(),
            (Some(id), _) => self.officer(id).to_owned(),
            (None, "resident") => self.lang.t("민원인", "Resident").to_owned(),
            _ => self.lang.t("마을 시스템", "Maeul").to_owned(),
        }
    }

    /// The event for the staff.
    pub(crate) fn for_staff(&self, recorded: Recorded) -> EventView {
        let (title, text) = self.say(&recorded.event);
        EventView {
            seq: recorded.seq,
            at: recorded.at,
            who: self.who(&recorded),
            kind: recorded.event.kind(),
            visibility: recorded.event.visibility(),
            title,
            text,
            event: recorded.event,
        }
    }

    fn say(&self, event: &Event) -> (String, String) {
        let lang = self.lang;
        let t = |ko: &str, en: &str| lang.t(ko, en).to_owned();
        let plain = |ko, en| (t(ko, en), String::new());
        match event {
            Event::Received(received) => (
                format!("{} ({})", t("접수됨", "Received"), received.channel.name(lang)),
                String::new(),
            ),
            Event::Routed { unit, why } => (self.to_unit(*unit), why.get(lang).to_owned()),
            Event::Followed { .. } => plain("다른 주민이 함께 신청함", "Another resident joined"),
            Event::Taken { by } => (
                match lang {
                    Lang::Ko => format!("{} 담당자가 맡음", self.officer(*by)),
                    Lang::En => format!("Taken by {}", self.officer(*by)),
                },
                String::new(),
            ),
            Event::Assigned { to } => (
                match lang {
                    Lang::Ko => format!("{} 담당자로 지정", self.officer(*to)),
                    Lang::En => format!("Assigned to {}", self.officer(*to)),
                },
                String::new(),
            ),
            Event::Reassigned(passed) => self.passed(passed),
            Event::Noted { text } => (t("내부 메모", "Internal note"), text.clone()),
            Event::Asked { text } => {
                (t("민원인에게 질문", "Question to the resident"), text.clone())
            }
            Event::Replied { text, .. } => (t("민원인의 말", "The resident wrote"), text.clone()),
            Event::Drafted { answer } => (
                format!(
                    "{} ({})",
                    t("답변 초안 작성", "Answer drafted"),
                    answer.outcome.name(lang)
                ),
                answer.result.clone(),
            ),
            Event::Submitted => plain("승인 요청", "Handed in for approval"),
            Event::Returned { reason } => (t("초안 돌려보냄", "Draft returned"), reason.clone()),
            Event::Answered(answered) => (
                format!("{} ({})", t("답변함", "Answered"), answered.answer.outcome.name(lang)),
                answered.letter.clone(),
            ),
            Event::Reopened(reopened) => (
                match reopened.by {
                    ReopenedBy::Resident => t("주민 요청으로 다시 엶", "Reopened by the resident"),
                    ReopenedBy::Staff => t("다시 엶", "Reopened"),
                    ReopenedBy::Review => t("검토일이 되어 다시 엶", "Reopened on its review day"),
                },
                reopened.reason.clone(),
            ),
            Event::Relocated(moved) => {
                let name = |place: &crate::place::Place| {
                    let dong = place
                        .dong
                        .as_ref()
                        .map(|code| self.know.dong_name(code, lang).to_owned())
                        .unwrap_or_default();
                    format!("{dong} {}", place.text).trim().to_owned()
                };
                let (from, to) = (name(&moved.from), name(&moved.to));
                let reason = &moved.reason;
                (t("위치를 바로잡음", "Place corrected"), format!("{from} → {to}\n{reason}"))
            }
            Event::Reclassified(changed) => (
                format!(
                    "{}: {} → {}",
                    t("분야 바꿈", "Service changed"),
                    self.service(changed.from.as_deref()),
                    self.service(changed.to.as_deref())
                ),
                format!("{}\n{}", changed.reason, changed.why.get(lang)),
            ),
            Event::Rated { score, text, .. } => {
                (format!("{} {score}/5", t("만족도", "Satisfaction")), text.clone())
            }
            Event::DueRecomputed(counted) => (
                format!("{}: {}", t("처리 기한이 바뀜", "New due time"), counted.after.say(lang)),
                counted.reason.get(lang).to_owned(),
            ),
            Event::Brought(brought) => {
                let mut lines: Vec<String> =
                    brought.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                if let Some(end) = &brought.end {
                    lines.insert(0, end.answer.clone());
                }
                let title = t("다른 시스템에서 옮겨 옴", "Brought in from another system");
                (format!("{title} ({})", brought.reference), lines.join("\n"))
            }
            Event::Joined(tied) => (
                format!("{} {}", t("함께 답하기로 함:", "Answered together with"), tied.number),
                String::new(),
            ),
            Event::Parted(tied) => (
                format!("{} {}", t("따로 답하기로 함:", "No longer answered with"), tied.number),
                String::new(),
            ),
            Event::Purged(purged) => {
                let parts = [
                    (purged.words, t("글", "words")),
                    (purged.contacts, t("연락처", "contacts")),
                    (purged.photos, t("사진", "photos")),
                ];
                let parts: Vec<String> =
                    parts.into_iter().filter(|it| it.0).map(|it| it.1).collect();
                let title = format!("{}: {}", t("지움", "Purged"), parts.join(", "));
                (title, purged.reason.clone())
            }
            Event::PhotoAdded { .. } => plain("사진을 더함", "Photo added"),
            Event::Told(told) => {
                let status =
                    told.status.as_deref().map(|it| format!(" ({it})")).unwrap_or_default();
                (
                    format!("{}: {}{status}", t("다른 시스템의 소식", "Another system"), told.by),
                    told.text.clone(),
                )
            }
            Event::Transferred(transfer) => self.transferred(transfer),
        }
    }

    fn transferred(&self, transfer: &Transferred) -> (String, String) {
        let lang = self.lang;
        let agency = transfer.agency.get(lang);
        let reason = transfer.reason.clone();
        match &transfer.step {
            TransferStep::Decided { with_contact, held_minutes, limit_minutes, .. } => {
                let title = format!("{} → {agency}", lang.t("다른 기관으로 이송", "Transferred"));
                let contact = if *with_contact {
                    lang.t("주민 연락처를 함께 보냄(동의)", "with the contact, by consent")
                } else {
                    lang.t("주민 연락처 없이 보냄", "without the contact")
                };
                let late = if held_minutes > limit_minutes {
                    lang.t(
                        " - 다른 기관 이송 기한(근무시간 8시간, 시행령 제13조) 넘김",
                        " - beyond the limit for a transfer (8 working hours, Enforcement Decree, art. 13)",
                    )
                } else {
                    ""
                };
                (title, format!("{reason}\n{contact}{late}"))
            }
            TransferStep::Accepted { reference } => {
                let title = lang.t("이송 받은 기관이 접수함", "Received there");
                (format!("{title}: {agency} ({reference})"), reason)
            }
            TransferStep::Ended => {
                let title = lang.t("이송을 거두고 직접 처리", "Taken back from");
                (format!("{title}: {agency}"), reason)
            }
        }
    }

    fn to_unit(&self, unit: Option<UnitId>) -> String {
        match self.lang {
            Lang::Ko => format!("담당: {}", self.unit(unit)),
            Lang::En => format!("Responsible: {}", self.unit(unit)),
        }
    }

    fn passed(&self, passed: &Reassigned) -> (String, String) {
        let lang = self.lang;
        let title = format!("{} → {}", self.unit(passed.from), self.unit(passed.to));
        let (hours, minutes) = (passed.held_minutes / 60, passed.held_minutes % 60);
        let held = match lang {
            Lang::Ko => format!("근무시간 {hours}시간 {minutes}분 동안 가지고 있었음"),
            Lang::En => format!("held for {hours} h {minutes} min of working time"),
        };
        let limit = if passed.held_minutes > passed.limit_minutes {
            lang.t(
                " - 부서 사이 이송 기한(근무시간 3시간, 시행령 제13조) 넘김",
                " - beyond the limit for passing on (3 working hours, Enforcement Decree, art. 13)",
            )
        } else {
            ""
        };
        let stopped = passed.proposed.map_or_else(String::new, |unit| match lang {
            Lang::Ko => format!(
                "\n세 번째 이송이라 민원조정관이 정합니다(요청한 부서: {}).",
                self.unit(Some(unit))
            ),
            Lang::En => format!(
                "\nThe third time it is passed on, the coordinator decides (asked for: {}).",
                self.unit(Some(unit))
            ),
        });
        (title, format!("{}\n{held}{limit}{stopped}", passed.reason))
    }
}

/// One step of the way, as the resident sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// What, as a code.
    pub kind: &'static str,
    /// What, on one line.
    pub title: String,
    /// The words that belong to it; may be empty.
    pub text: String,
    /// Whether the reader did it.
    pub mine: bool,
}

impl Names<'_> {
    /// The event for a party, if they may see it. What another party wrote stays theirs; why a
    /// case was passed on, and what the staff call each other, stays inside.
    pub(crate) fn for_party(&self, recorded: &Recorded, party: PartyId) -> Option<Step> {
        let lang = self.lang;
        let t = |ko: &str, en: &str| lang.t(ko, en).to_owned();
        let none = String::new;
        let (title, text, mine) = match &recorded.event {
            Event::Received(received) => {
                (t("접수했어요", "Received"), none(), received.party == party)
            }
            Event::Routed { unit, .. } => (self.to_unit(*unit), none(), false),
            Event::Followed { party: joined, .. } if *joined == party => {
                (t("함께 신청했어요", "You joined"), none(), true)
            }
            Event::Taken { .. } | Event::Assigned { .. } => {
                (t("담당자가 정해졌어요", "An officer is on it"), none(), false)
            }
            Event::Reassigned(passed) => {
                let title = match lang {
                    Lang::Ko => format!("담당 부서가 바뀌었어요: {}", self.unit(passed.to)),
                    Lang::En => format!("Another unit is responsible: {}", self.unit(passed.to)),
                };
                (title, none(), false)
            }
            Event::Asked { text } => {
                (t("담당자가 물었어요", "A question for you"), text.clone(), false)
            }
            Event::Replied { party: by, text } if *by == party => {
                (t("내가 보낸 말", "You wrote"), text.clone(), true)
            }
            Event::Answered(answered) => (
                match lang {
                    Lang::Ko => format!("답변했어요: {}", answered.answer.outcome.name(lang)),
                    Lang::En => format!("Answered: {}", answered.answer.outcome.name(lang)),
                },
                answered.letter.clone(),
                false,
            ),
            Event::Reopened(reopened) => {
                let mine = reopened.party == Some(party);
                let shown = mine || reopened.party.is_none();
                let text = if shown { reopened.reason.clone() } else { none() };
                (t("다시 살펴보고 있어요", "Open again"), text, mine)
            }
            Event::Relocated(moved) => {
                let to = &moved.to;
                let dong = to.dong.as_ref().map_or("", |code| self.know.dong_name(code, lang));
                let place = format!("{dong} {}", to.text).trim().to_owned();
                (t("위치를 바로잡았어요", "The place was corrected"), place, false)
            }
            Event::Reclassified(changed) => (
                t("내용에 맞는 분야로 바꾸었어요", "It was given the service that fits"),
                self.service(changed.to.as_deref()),
                false,
            ),
            Event::Rated { party: by, score, text } if *by == party => {
                (format!("{} {score}/5", t("내 평가", "Your rating")), text.clone(), true)
            }
            Event::DueRecomputed(counted) => (
                match lang {
                    Lang::Ko => format!("처리 기한이 바뀌었어요: {}까지", counted.after.say(lang)),
                    Lang::En => format!("New due date: {}", counted.after.say(lang)),
                },
                counted.reason.get(lang).to_owned(),
                false,
            ),
            Event::Brought(brought) => {
                let title =
                    t("이전 시스템에서 옮겨 왔어요", "Brought over from the earlier system");
                let text = brought.end.as_ref().map_or_else(none, |end| end.answer.clone());
                (format!("{title} ({})", brought.reference), text, false)
            }
            Event::PhotoAdded { .. } => (t("사진을 더했어요", "A photo was added"), none(), false),
            Event::Transferred(transfer) => {
                let agency = transfer.agency.get(lang);
                let reason = transfer.reason.clone();
                match (&transfer.step, lang) {
                    (TransferStep::Decided { .. }, Lang::Ko) => {
                        (format!("담당 기관으로 보냈어요: {agency}"), reason, false)
                    }
                    (TransferStep::Decided { .. }, Lang::En) => {
                        (format!("Sent to the agency responsible: {agency}"), reason, false)
                    }
                    (TransferStep::Accepted { reference }, Lang::Ko) => {
                        (format!("{agency} 접수번호: {reference}"), none(), false)
                    }
                    (TransferStep::Accepted { reference }, Lang::En) => {
                        (format!("{agency} has it as {reference}"), none(), false)
                    }
                    (TransferStep::Ended, Lang::Ko) => {
                        ("저희가 다시 맡아 처리해요".to_owned(), reason, false)
                    }
                    (TransferStep::Ended, Lang::En) => {
                        ("We are dealing with it again".to_owned(), reason, false)
                    }
                }
            }
            Event::Followed { .. }
            | Event::Replied { .. }
            | Event::Rated { .. }
            | Event::Noted { .. }
            | Event::Drafted { .. }
            | Event::Submitted
            | Event::Returned { .. }
            | Event::Told(_)
            | Event::Joined(_)
            | Event::Parted(_)
            | Event::Purged(_) => return None,
        };
        Some(Step { at: recorded.at, kind: recorded.event.kind(), title, text, mine })
    }
}
