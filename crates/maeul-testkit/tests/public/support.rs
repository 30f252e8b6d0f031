//! Cases made by the acts, and officers who look at their summaries.

use std::collections::BTreeMap;

use maeul_base::{Actor, CaseId, Ctx, DraftId, Failure, Lang, PhotoId, Role};
use maeul_cases::act::{self, NewCase, NewPhoto, SaveDraft, Who};
use maeul_cases::event::Answer;
use maeul_cases::web::Desk;
use maeul_cases::{Channel, ContactInput, Knowledge, Outcome, PhotoOf};
use maeul_db::args;
use maeul_public::act::{LookRefusal, Publish};
use maeul_public::read::{self, Filter, PublicCase};
use maeul_public::{Look, Settings};
use maeul_testkit::World;

/// Somewhere in the office's area.
pub const AT: (i64, i64) = (351_520_123, 1_268_900_456);

/// What is known of the office.
pub async fn know(world: &World) -> Knowledge {
    let desk: &Desk = world.house.site.room().unwrap();
    desk.knowledge.get(world.db(), world.office, world.clock.now()).await.unwrap()
}

/// A report of that service, by that channel.
pub async fn report(world: &World, service: &str, channel: Channel, text: &str) -> CaseId {
    report_with(world, service, channel, text, AT, None).await
}

/// A report of that service on the web about that place.
pub async fn report_at(world: &World, service: &str, at: (i64, i64)) -> CaseId {
    report_with(world, service, Channel::Web, "여기 좀 봐 주세요.", at, None).await
}

/// The 동 a case lies in.
pub async fn dong_of(world: &World, case: CaseId) -> String {
    let office = world.office;
    let sql = "SELECT dong_code FROM cases_case WHERE office_id = $1 AND id = $2";
    let found = world.db().read(move |tx| tx.one::<(String,)>(sql, args![office, case])).await;
    found.unwrap().0
}

/// A report with two photos.
pub async fn report_with_photos(world: &World, text: &str) -> (CaseId, Vec<PhotoId>) {
    let know = know(world).await;
    let ctx = Ctx { actor: Actor::Resident, ..world.ctx() };
    let (draft, photos) = world
        .db()
        .write(move |tx| {
            let body = serde_json::json!({ "text": "사진" });
            let draft = act::save_draft(tx, &ctx, &know, &SaveDraft { draft: None, body }).unwrap();
            let mut photos = Vec::new();
            for mark in [1_u8, 2] {
                let new = NewPhoto {
                    to: PhotoOf::Draft(draft),
                    access: None,
                    jpeg: vec![0xFF, 0xD8, mark],
                    thumb: vec![0xFF, 0xD8, mark, mark],
                    width: 10,
                    height: 10,
                    sha256: [mark; 32],
                };
                photos.push(act::add_photo(tx, &ctx, &know, &new).unwrap());
            }
            Ok::<_, maeul_base::Fault>((draft, photos))
        })
        .await
        .unwrap();
    let case = report_with(world, "streetlight", Channel::Web, text, AT, Some(draft)).await;
    (case, photos)
}

async fn report_with(
    world: &World,
    service: &str,
    channel: Channel,
    text: &str,
    at: (i64, i64),
    draft: Option<DraftId>,
) -> CaseId {
    let desk: &Desk = world.house.site.room().unwrap();
    let know = know(world).await;
    let ctx = match channel {
        Channel::Phone | Channel::Counter => coordinator(world).await,
        _ => Ctx { actor: Actor::Resident, ..world.ctx() },
    };
    let number = desk.numbers.next(world.db(), &ctx, &know).await.unwrap();
    let new = NewCase {
        number,
        client_key: None,
        channel,
        title: String::new(),
        body: text.to_owned(),
        service: Some(service.to_owned()),
        answers: BTreeMap::new(),
        point: Some(at),
        dong: None,
        place: "카나리아빌라 301호 앞".to_owned(),
        who: Who::Named(ContactInput {
            name: "남궁카나".to_owned(),
            phone: "010-7777-1234".to_owned(),
            email: "canary@example.com".to_owned(),
            prefers: None,
        }),
        lang: Lang::Ko,
        oral: false,
        received_at: None,
        draft,
    };
    let receipt = world.db().write(move |tx| act::receive(tx, &ctx, &know, &new)).await.unwrap();
    receipt.case
}

/// The context of a member of staff who may work everything.
pub async fn coordinator(world: &World) -> Ctx {
    let login = world.account(Role::Coordinator, None).login.clone();
    let office = world.office;
    let staff = world
        .db()
        .read(move |tx| maeul_people::staff_by_login(tx, office, &login))
        .await
        .unwrap()
        .unwrap();
    let actor = Actor::in_role(staff.id, staff.unit, staff.role);
    Ctx { actor, ..world.ctx() }
}

/// The case is answered.
pub async fn answer(world: &World, case: CaseId, outcome: Outcome) {
    let (ctx, know) = (coordinator(world).await, know(world).await);
    let answer = Answer {
        outcome,
        result: "남궁카나 님께 전화드리고 등을 바꾸었습니다.".to_owned(),
        reason: "말씀하신 까닭입니다.".to_owned(),
        remedy: "이의신청을 할 수 있습니다.".to_owned(),
        review_on: None,
        template: None,
    };
    world
        .db()
        .write(move |tx| {
            let input = act::Approve { case, version: None, answer: Some(answer.clone()) };
            act::approve_and_answer(tx, &ctx, &know, &input)
        })
        .await
        .unwrap();
}

/// An officer lets the summary out as it is proposed.
pub async fn publish(world: &World, case: CaseId) -> Result<(), Failure<LookRefusal>> {
    let (ctx, know) = (coordinator(world).await, know(world).await);
    world
        .db()
        .write(move |tx| {
            let settings = Settings::default();
            let page = read::look_page(tx, &ctx, &know, &settings, case)?;
            let input = Publish {
                case,
                seen: page.decisions.last().map_or(0, |it| it.0.seq),
                title: page.title,
                body: page.body,
                photos: Vec::new(),
            };
            maeul_public::act::publish(tx, &ctx, &know, &settings, &input)
        })
        .await
}

/// Everything that is listed.
pub async fn listed(world: &World) -> Vec<PublicCase> {
    let office = world.office;
    let page =
        world.db().read(move |tx| read::page(tx, office, &Filter::default(), None, 1_000)).await;
    page.unwrap().rows
}

/// Where the summary of a case stands.
pub async fn look(world: &World, case: CaseId) -> Look {
    let (ctx, know) = (coordinator(world).await, know(world).await);
    let page = world
        .db()
        .read(move |tx| read::look_page(tx, &ctx, &know, &Settings::default(), case))
        .await;
    page.unwrap().look
}
