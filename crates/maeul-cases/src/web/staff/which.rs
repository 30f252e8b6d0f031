//! The queues by their names in addresses and on pages.

use jiff::civil::Date;
use maeul_base::{Lang, seoul};

use crate::read::{Queue, QueueCounts};
use crate::words::State;

/// The queues of the tabs, in their order.
pub(crate) const TABS: [Queue; 7] = Queue::ALL;

/// The last part of a queue's address.
pub(crate) fn slug(queue: Queue) -> String {
    match queue {
        Queue::Mine => "mine".to_owned(),
        Queue::Unit => "unit".to_owned(),
        Queue::Dong => "dong".to_owned(),
        Queue::Unassigned => "unassigned".to_owned(),
        Queue::DueToday => "today".to_owned(),
        Queue::Overdue => "overdue".to_owned(),
        Queue::Approval => "approval".to_owned(),
        Queue::InState(state) => format!("state-{}", state.as_str()),
        Queue::DueOn(Some(day)) => format!("due-{day}"),
        Queue::DueOn(None) => "due-none".to_owned(),
    }
}

/// The reverse of [`slug`].
pub(crate) fn parse(slug: &str) -> Option<Queue> {
    Some(match slug {
        "mine" => Queue::Mine,
        "unit" => Queue::Unit,
        "dong" => Queue::Dong,
        // What nobody's means depends on who asks; the menu has a name for each.
        "unassigned" | "coordinator" => Queue::Unassigned,
        "today" => Queue::DueToday,
        "overdue" => Queue::Overdue,
        "approval" => Queue::Approval,
        "due-none" => Queue::DueOn(None),
        other => {
            if let Some(state) = other.strip_prefix("state-") {
                Queue::InState(State::parse(state)?)
            } else {
                Queue::DueOn(Some(other.strip_prefix("due-")?.parse::<Date>().ok()?))
            }
        }
    })
}

/// The item of the desk's menu that is active.
pub(crate) const fn nav(queue: Queue) -> &'static str {
    match queue {
        Queue::Mine => "mine",
        Queue::Dong => "dong",
        Queue::Unassigned => "unassigned",
        Queue::DueToday => "today",
        Queue::Overdue => "overdue",
        Queue::Approval => "approval",
        Queue::Unit | Queue::InState(_) | Queue::DueOn(_) => "unit",
    }
}

/// The name people read.
///
/// Nobody's cases are for the officer those of the unit without a colleague; for the coordinator
/// those without a unit.
pub(crate) fn name(queue: Queue, coordinates: bool, lang: Lang) -> String {
    let fixed = match queue {
        Queue::Unassigned if coordinates => lang.t("조정관 대기", "For the coordinator"),
        Queue::Mine => lang.t("내 업무", "My cases"),
        Queue::Unit => lang.t("우리 과", "My unit"),
        Queue::Dong => lang.t("우리 동", "My dong"),
        Queue::Unassigned => lang.t("미배정", "Unassigned"),
        Queue::DueToday => lang.t("오늘까지", "Due today"),
        Queue::Overdue => lang.t("기한 지남", "Overdue"),
        Queue::Approval => lang.t("승인 대기", "For approval"),
        Queue::InState(state) => {
            let state = state.name(lang);
            return match lang {
                Lang::Ko => format!("우리 과: {state}"),
                Lang::En => format!("My unit: {state}"),
            };
        }
        Queue::DueOn(Some(day)) => {
            let day = seoul::day_text(day, lang);
            return match lang {
                Lang::Ko => format!("우리 과: {day}까지"),
                Lang::En => format!("My unit: due {day}"),
            };
        }
        Queue::DueOn(None) => lang.t("우리 과: 기한 없음", "My unit: without a due day"),
    };
    fixed.to_owned()
}

/// What an empty queue says.
pub(crate) const fn empty(
    queue: Queue,
    coordinates: bool,
    lang: Lang,
) -> (&'static str, &'static str) {
    match queue {
        Queue::Unassigned if coordinates => (
            lang.t("담당 부서를 기다리는 민원이 없습니다", "No case waits for a unit"),
            lang.t(
                "분야를 고르지 않았거나 세 번 옮겨진 민원이 여기로 옵니다.",
                "Cases without a service, or passed on three times, come here.",
            ),
        ),
        Queue::Mine => (
            lang.t("맡은 민원이 없습니다", "You have no cases"),
            lang.t(
                "'미배정'에서 새 민원을 맡을 수 있습니다.",
                "Take new ones from \u{201c}Unassigned\u{201d}.",
            ),
        ),
        Queue::Dong => (
            lang.t("우리 동에 처리 중인 민원이 없습니다", "No open case lies in your dong"),
            lang.t(
                "다른 부서가 맡은 민원도 장소가 우리 동이면 여기에 나옵니다.",
                "Cases of other units appear here too when they lie in your dong.",
            ),
        ),
        Queue::Unassigned => (
            lang.t("맡을 사람을 기다리는 민원이 없습니다", "Nothing waits to be taken"),
            lang.t("새 민원이 들어오면 여기에 나옵니다.", "New cases appear here."),
        ),
        Queue::DueToday => (
            lang.t("오늘까지인 민원이 없습니다", "Nothing is due today"),
            lang.t(
                "내일 이후 기한은 '우리 과'에서 봅니다.",
                "Later ones are under \u{201c}My unit\u{201d}.",
            ),
        ),
        Queue::Overdue => (
            lang.t("기한이 지난 민원이 없습니다", "Nothing is overdue"),
            lang.t("모두 제때 처리되고 있습니다.", "Everything is on time."),
        ),
        Queue::Approval => (
            lang.t("승인을 기다리는 답변이 없습니다", "No answer waits for approval"),
            lang.t("결재를 올린 답변이 여기에 나옵니다.", "Answers handed in appear here."),
        ),
        Queue::Unit | Queue::InState(_) | Queue::DueOn(_) => (
            lang.t("민원이 없습니다", "No cases"),
            lang.t("조건에 맞는 민원이 없습니다.", "Nothing fits."),
        ),
    }
}

/// The number kept for the queue, where one is kept.
pub(crate) const fn count(queue: Queue, counts: &QueueCounts) -> Option<i64> {
    match queue {
        Queue::Mine => Some(counts.mine),
        Queue::Unit => Some(counts.unit),
        Queue::Unassigned => Some(counts.unassigned),
        Queue::DueToday => Some(counts.due_today),
        Queue::Overdue => Some(counts.overdue),
        Queue::Approval => Some(counts.approval),
        Queue::Dong | Queue::InState(_) | Queue::DueOn(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_both_ways() {
        let mut all = TABS.to_vec();
        all.push(Queue::DueOn(None));
        all.push(Queue::DueOn(Some(Date::constant(2026, 6, 16))));
        all.extend(State::ALL.iter().map(|state| Queue::InState(*state)));
        for queue in all {
            assert_eq!(parse(&slug(queue)), Some(queue));
        }
        for wrong in ["", "all", "state-", "state-x", "due-", "due-2026-13-01"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
