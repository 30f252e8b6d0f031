//! The text-message line of the demonstration: a few dozen conversations that went through the same
//! acts as real texts. What the present has not reached yet is left out.

use jiff::{Timestamp, ToSpan};
use maeul_base::{Actor, Ctx, Failure, Fault, Ids, Lang, Refusal, seoul};
use maeul_cases::act::{Approve, Ask, Take, approve_and_answer, ask, take};
use maeul_cases::event::Answer;
use maeul_cases::web::Desk;
use maeul_cases::{CaseNumber, Knowledge, Outcome};
use maeul_db::Tx;
use maeul_text::TalkId;
use maeul_text::act::{Arrival, NumberNeeded, Taken, arrive};
use maeul_text::decode::Coding;
use maeul_text::read::talk_page;
use maeul_text::udh::Header;
use maeul_web::Site;

use super::SEED;
use super::dice::Dice;
use super::people::{Crew, actor};

/// What happens in a conversation, minutes after its first text.
enum Step {
    /// The resident writes.
    Text(&'static str),
    /// An officer asks.
    Ask(&'static str),
    /// The head answers.
    Answer(&'static str),
}

use Step::{Answer as A, Ask as Q, Text as T};

/// One conversation: how many days ago, at which hour and minute, and what happened when.
type Script = (i64, i8, i8, &'static [(i64, Step)]);

const SCRIPTS: [Script; 32] = [
    (
        13,
        9,
        12,
        &[
            (0, T("상가 앞 가로등이 낮에도 켜져 있습니다")),
            (95, A("점멸기를 바꿔 해 질 때만 켜지게 했습니다.")),
            (130, T("네 고맙습니다")),
        ],
    ),
    (
        12,
        19,
        40,
        &[
            (0, T("놀이터 그네 줄이 풀려 아이들이 다칠까 걱정돼요")),
            (14 * 60, A("그네 줄을 새것으로 바꾸고 다른 기구도 살펴보았습니다.")),
        ],
    ),
    (
        11,
        8,
        5,
        &[
            (0, T("버스정류장 의자가 부서졌어요")),
            (4, T("시장 건너편 정류장입니다")),
            (300, A("의자를 고쳤습니다.")),
        ],
    ),
    (10, 13, 30, &[(0, T("어제 민원실에서 도와주신 직원분 정말 친절하셨어요. 감사합니다"))]),
    (
        9,
        10,
        22,
        &[
            (0, T("빗물받이가 낙엽으로 막혀 비만 오면 물이 고여요")),
            (26 * 60, A("빗물받이 여섯 곳을 청소했습니다.")),
        ],
    ),
    (
        9,
        21,
        3,
        &[
            (0, T("골목에 쓰레기봉투가 며칠째 그대로 있어요")),
            (15 * 60, A("수거했습니다. 무단투기 경고판도 달았습니다.")),
        ],
    ),
    (
        8,
        11,
        45,
        &[
            (0, T("횡단보도 신호등 시간이 너무 짧아 어르신들이 건너기 힘들어합니다")),
            (50, Q("어느 횡단보도인지 가까운 건물 이름을 알려 주시겠어요?")),
            (82, T("보건소 앞이요")),
        ],
    ),
    (8, 15, 0, &[(0, T("수신거부"))]),
    (
        7,
        7,
        50,
        &[
            (0, T("보도블록이 들떠서 유모차가 걸려요")),
            (48 * 60, A("들뜬 보도블록을 다시 깔았습니다.")),
            (49 * 60, T("빨리 고쳐 주셔서 감사합니다")),
        ],
    ),
    (7, 16, 20, &[(0, T("공원 화장실 문이 안 잠겨요")), (180, A("잠금장치를 바꿨습니다."))]),
    (
        6,
        9,
        5,
        &[
            (0, T("Street light near the library has been off for a week")),
            (240, A("The lamp has been replaced.")),
        ],
    ),
    (6, 18, 35, &[(0, T("아파트 앞에 불법주차가 너무 많아 소방차가 못 들어올 것 같아요"))]),
    (
        6,
        12,
        10,
        &[
            (0, T("가로수 가지가 간판을 다 가려요")),
            (20, T("다른 건인데요 그 옆 하수구에서 냄새도 심해요")),
        ],
    ),
    (
        5,
        10,
        0,
        &[
            (0, T("도서관 문 여는 시간을 알고 싶어요. 언제까지 하나요?")),
            (75, A("평일은 밤 10시, 주말은 저녁 6시까지 엽니다.")),
        ],
    ),
    (
        5,
        14,
        12,
        &[(0, T("공원 청소해 주시는 분들 덕분에 아침 산책이 즐겁습니다. 고생 많으셨어요"))],
    ),
    (5, 20, 44, &[(0, T("현수막이 찢어져 바람에 날립니다 위험해요"))]),
    (
        4,
        8,
        31,
        &[
            (0, T("보안등이 깜박거려 잠을 못 자겠어요")),
            (35, Q("기둥에 붙은 번호를 알려 주시겠어요?")),
            (90, T("123-45 라고 되어 있네요")),
        ],
    ),
    (4, 11, 11, &[(0, T("길고양이 급식소 옆이 지저분합니다. 청소 부탁드려요"))]),
    (4, 17, 58, &[(0, T("맨홀 뚜껑이 덜컹거려요")), (3, T("초등학교 후문 쪽입니다"))]),
    (3, 9, 40, &[(0, T("공사장 소음 때문에 아침 여섯 시부터 깹니다"))]),
    (3, 13, 22, &[(0, T("눈 오는 날 제설 빨리 해 주셔서 감사했습니다"))]),
    (3, 19, 15, &[(0, T("정류장 안내 전광판이 꺼져 있어요"))]),
    (2, 8, 20, &[(0, T("도로에 큰 구멍이 나서 차들이 피해 다녀요. 빨리 메워 주세요"))]),
    (2, 10, 48, &[(0, T("폐가구를 버리려면 스티커를 어디서 사나요?"))]),
    (2, 15, 33, &[(0, T("운동기구 손잡이가 빠졌어요")), (6, T("호수 공원 입구 쪽이에요"))]),
    (1, 9, 10, &[(0, T("횡단보도 앞 반사경이 돌아가 있어요"))]),
    (1, 11, 52, &[(0, T("어제 접수한 가로등 금방 고쳐졌네요. 수고하셨습니다"))]),
    (1, 14, 5, &[(0, T("골목 보안등이 꺼졌어요")), (2, T("문구점 옆 골목입니다"))]),
    (1, 18, 41, &[(0, T("음식물 쓰레기통이 넘쳐 악취가 심합니다"))]),
    (0, 7, 25, &[(0, T("가로등이 꺼져 새벽에 깜깜해요"))]),
    (0, 8, 50, &[(0, T("빗물받이에 담배꽁초가 가득해요"))]),
    (0, 9, 5, &[(0, T(" "))]),
];

/// An advertiser, of whom no case is made.
const ADVERTISER: &str = "15880000";

/// Acts out the texts of one office: all of them at home, some elsewhere.
pub(crate) async fn act_out(
    site: &Site,
    desk: &Desk,
    know: &Knowledge,
    crew: &Crew,
    now: Timestamp,
    share: usize,
) -> Result<(), Fault> {
    let office = know.office().id;
    let count = SCRIPTS.len() * share / 100;
    // The latest happen everywhere.
    let scripts = SCRIPTS.iter().enumerate().skip(SCRIPTS.len() - count.min(SCRIPTS.len()));
    for (index, (ago, hour, minute, steps)) in scripts {
        let day = seoul::date(now).checked_sub(ago.days()).unwrap_or(seoul::date(now));
        let begin = seoul::instant(day.at(*hour, *minute, 0, 0));
        let ids = Ids::seeded(Dice::new(SEED ^ 0x7e87, office.0, index).next());
        let number = format!("010{:08}", 7_000 + index);
        let mut talk = None;
        for (place, (minutes, step)) in steps.iter().enumerate() {
            let at = begin.checked_add(minutes.minutes()).unwrap_or(begin);
            if at > now {
                break;
            }
            let ctx = |actor| Ctx { office, actor, lang: Lang::Ko, now: at, ids: ids.clone() };
            let (words, what) = match step {
                Step::Text(words) => {
                    let from = number.as_str();
                    let arrival = text(from, words, format!("{office}-{index}-{place}"));
                    let taken = come(site, desk, know, ctx(Actor::Resident), arrival).await?;
                    if let Taken::In(found) = taken {
                        talk = talk.or(Some(found));
                    }
                    continue;
                }
                Step::Ask(words) => (*words, false),
                Step::Answer(words) => (*words, true),
            };
            let Some(talk) = talk else { continue };
            let (know, head, ctx) = (know.clone(), crew.clone(), ctx(Actor::System));
            site.db().write(move |tx| reply(tx, &ctx, &know, &head, talk, words, what)).await?;
        }
    }
    let ids = Ids::seeded(Dice::new(SEED ^ 0x7e87, office.0, 999).next());
    let at = now.checked_sub(50.minutes()).unwrap_or(now);
    let ctx = Ctx { office, actor: Actor::Resident, lang: Lang::Ko, now: at, ids };
    let arrival = text(ADVERTISER, "(광고) 새 아파트 특별 분양 안내", format!("{office}-ad"));
    come(site, desk, know, ctx, arrival).await.map(drop)
}

fn text(from: &str, words: &str, reference: String) -> Arrival {
    Arrival {
        gateway: "kannel",
        reference,
        from: from.to_owned(),
        coding: Coding::Gsm,
        charset: "utf-8".to_owned(),
        bytes: words.as_bytes().to_vec(),
        header: Header::default(),
    }
}

async fn come(
    site: &Site,
    desk: &Desk,
    know: &Knowledge,
    ctx: Ctx,
    arrival: Arrival,
) -> Result<Taken, Fault> {
    let number = desk.numbers.next(site.db(), &ctx, know).await?;
    let know = know.clone();
    site.db().write(move |tx| take_in(tx, &ctx, &know, &arrival, &number)).await
}

fn take_in(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    arrival: &Arrival,
    number: &CaseNumber,
) -> Result<Taken, Fault> {
    arrive(tx, ctx, know, arrival, Some(number)).map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(NumberNeeded) => Fault::other("a case without a number"),
    })
}

/// An officer takes the case, and asks or answers; a case that stands in no unit is left lying.
fn reply(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    crew: &Crew,
    talk: TalkId,
    words: &str,
    answers: bool,
) -> Result<(), Fault> {
    let all = Ctx { actor: actor(crew.coordinator()), ..ctx.clone() };
    let found = done("read a conversation", talk_page(tx, &all, know, talk))?;
    let Some(case) = found.case.filter(|case| case.state.is_open() && case.unit.is_some()) else {
        return Ok(());
    };
    let head = Ctx { actor: actor(crew.head(case.unit)), ..ctx.clone() };
    let which = Take { case: case.id, version: None };
    if case.assignee.is_none() {
        done("take", take(tx, &head, know, &which))?;
    }
    if answers {
        let answer = Answer {
            outcome: Outcome::Done,
            result: words.to_owned(),
            reason: String::new(),
            remedy: String::new(),
            review_on: None,
            template: None,
        };
        let input = Approve { case: case.id, version: None, answer: Some(answer) };
        done("answer", approve_and_answer(tx, &head, know, &input))?;
    } else {
        let input = Ask { case: case.id, version: None, text: words.to_owned() };
        done("ask", ask(tx, &head, know, &input))?;
    }
    // The fact of it is of the past and will not be told.
    maeul_text::jobs::follow(tx, ctx, case.id)
}

fn done<T, R: Refusal>(what: &str, result: Result<T, Failure<R>>) -> Result<T, Fault> {
    result.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => {
            Fault::other(format!("the demonstration's texts: {what}: {}", refusal.code()))
        }
    })
}
