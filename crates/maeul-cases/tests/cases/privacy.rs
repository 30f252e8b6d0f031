//! Who may see and do what; and that no name or number lies open in the database.

use std::collections::BTreeSet;

use maeul_base::{Lang, Refusal};
use maeul_cases::act::{
    self, Approve, Ask, Assign, DraftAnswer, NewCase, Note, Reassign, Reclassify, Relocate, Reopen,
    ReturnDraft, RevealContact, SaveDraft, Submit, Take, Who,
};
use maeul_cases::{ContactInput, Prefers, read};
use maeul_db::{Db, both_engines};
use serde_json::json;

use crate::support::{OFFICE, World, by_email, code_of, count, done, everything, follower, steps};

/// What every act and the page answer to this person.
async fn all_acts(w: &World, who: &str, case: maeul_base::CaseId) -> Vec<&'static str> {
    let reason = || "까닭".to_owned();
    let version = None;
    let party = w.case(case).await.petitioner;
    vec![
        code_of(w.see(who, move |tx, ctx, know| read::case_page(tx, ctx, know, case)).await),
        code_of(
            w.see(who, move |tx, ctx, know| read::template(tx, ctx, know, "repaired", case)).await,
        ),
        code_of(w.act(who, act::take, Take { case, version }).await),
        code_of(w.act(who, act::assign, Assign { case, version, to: w.staff("second") }).await),
        code_of(
            w.act(who, act::reassign, Reassign { case, version, to: None, reason: reason() }).await,
        ),
        code_of(w.act(who, act::note, Note { case, text: reason() }).await),
        code_of(w.act(who, act::ask, Ask { case, version, text: reason() }).await),
        code_of(
            w.act(who, act::draft_answer, DraftAnswer { case, version, answer: done("답") }).await,
        ),
        code_of(w.act(who, act::submit_for_approval, Submit { case, version }).await),
        code_of(
            w.act(who, act::return_draft, ReturnDraft { case, version, reason: reason() }).await,
        ),
        code_of(
            w.act(
                who,
                act::approve_and_answer,
                Approve { case, version, answer: Some(done("답")) },
            )
            .await,
        ),
        code_of(w.act(who, act::reopen, Reopen { case, version, reason: reason() }).await),
        code_of(
            w.act(
                who,
                act::relocate,
                Relocate {
                    case,
                    version,
                    point: None,
                    dong: None,
                    place: reason(),
                    reason: reason(),
                },
            )
            .await,
        ),
        code_of(
            w.act(
                who,
                act::reclassify,
                Reclassify { case, version, service: None, reason: reason() },
            )
            .await,
        ),
        code_of(
            w.act(
                who,
                act::reveal_contact,
                RevealContact { case, party, reason: reason(), address: None },
            )
            .await,
        ),
    ]
}

both_engines! { steps();
    async fn another_units_officer_sees_and_does_nothing(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let before = w.case(case).await;
        assert_eq!(all_acts(&w, "other", case).await, ["case.not_found"; 15]);
        assert_eq!(all_acts(&w, "administrator", case).await, ["case.not_found"; 15]);
        assert_eq!(all_acts(&w, "resident", case).await, ["case.staff_only"; 15]);
        assert_eq!(all_acts(&w, "system", case).await, ["case.staff_only"; 15]);
        assert_eq!(w.case(case).await, before);
        assert_eq!(count(&w.db, "SELECT count(*) FROM people_look").await, 0);
        w.run_jobs().await;
        let number = before.number;
        for who in ["other", "administrator", "resident"] {
            for queue in read::Queue::ALL {
                let seen = w.see(who, move |tx, ctx, know| read::queue(tx, ctx, know, queue, None, 10));
                assert!(seen.await.unwrap().rows.is_empty(), "{who} {queue:?}");
            }
            assert_eq!(w.see(who, read::counts).await.unwrap(), read::QueueCounts::default());
            assert!(w.see(who, read::figures).await.unwrap().is_empty());
            for text in [number.clone(), "가로등".to_owned()] {
                let found = w.see(who, move |tx, ctx, know| read::search(tx, ctx, know, &text, None, 10));
                assert!(found.await.unwrap().rows.is_empty(), "{who}");
            }
        }
    }

    async fn a_case_of_another_office_is_not_there(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let ctx = maeul_base::Ctx { office: crate::support::NEIGHBOUR, ..w.ctx("coordinator") };
        let know = w.cache.get(&w.db, crate::support::NEIGHBOUR, w.clock.now()).await.unwrap();
        let seen = w.db.read(move |tx| read::case_page(tx, &ctx, &know, case)).await;
        assert_eq!(code_of(seen), "case.not_found");
    }

    async fn a_contact_is_masked_until_it_is_revealed_and_that_is_logged(db: Db) {
        let w = World::new(db).await;
        let who = Who::Named(ContactInput {
            name: "홍길동".into(),
            phone: "010-2345-6789".into(),
            email: "gildong@example.kr".into(),
            prefers: Some(Prefers::Email),
        });
        let receipt = w.receive(NewCase { who, ..w.report().await }).await;
        let (case, party) = (receipt.case, receipt.party);
        let page = w.see("officer", move |tx, ctx, know| read::case_page(tx, ctx, know, case)).await.unwrap();
        assert_eq!(page.parties[0].name.as_deref(), Some("홍*동"));
        let shown = format!("{page:?}");
        for secret in ["홍길동", "2345", "gildong", &receipt.token] {
            assert!(!shown.contains(secret), "{secret} stands on the page");
        }
        let ask = |reason: &str| RevealContact { case, party, reason: reason.into(), address: Some("10.0.0.7".into()) };
        let unlogged = w.act("officer", act::reveal_contact, ask(" ")).await;
        assert_eq!(code_of(unlogged), "reveal.no_reason");
        let stranger = RevealContact { party: maeul_base::PartyId(uuid::Uuid::nil()), ..ask("통화") };
        assert_eq!(code_of(w.act("officer", act::reveal_contact, stranger).await), "case.not_found");
        let logged = |w: World| async move {
            w.db.read(move |tx| maeul_people::reveals(tx, OFFICE, "case_party", party.0)).await.unwrap()
        };
        assert!(logged(w.clone()).await.is_empty());
        let contact = w.act("officer", act::reveal_contact, ask("현장 위치를 묻기 위해")).await.unwrap();
        assert_eq!(contact.name, "홍길동");
        assert_eq!(contact.phone.unwrap().digits(), "01023456789");
        assert_eq!(contact.email.unwrap().as_str(), "gildong@example.kr");
        let log = logged(w.clone()).await;
        let looked: BTreeSet<&str> = log.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(looked, BTreeSet::from(["name", "phone", "email"]));
        for it in &log {
            assert_eq!((it.staff, it.reason.as_str()), (w.staff("officer"), "현장 위치를 묻기 위해"));
        }
        let from = "SELECT count(*) FROM people_look WHERE address = '10.0.0.7'";
        assert_eq!(count(&w.db, from).await, 1);
        // If the log cannot be kept, nothing is shown: both are one transaction.
        let (ctx, know, input) = (w.ctx("officer"), w.know().await, ask("통화"));
        let undone = w.db.write(move |tx| {
            act::reveal_contact(tx, &ctx, &know, &input).unwrap();
            Err::<(), _>(maeul_base::Fault::other("undone"))
        });
        undone.await.unwrap_err();
        assert_eq!(logged(w.clone()).await.len(), 3);

        let unnamed = w.receive(NewCase { who: Who::Anonymous, ..w.report().await }).await;
        let nobody = RevealContact { case: unnamed.case, party: unnamed.party, ..ask("통화") };
        assert_eq!(code_of(w.act("officer", act::reveal_contact, nobody).await), "case.not_found");
    }

    async fn nothing_of_a_person_lies_open_in_the_database(db: Db) {
        let w = World::new(db).await;
        let secrets = ["독고영재", "01087654321", "8765-4321", "youngjae@example.kr", "드래프트비밀", "+821087654321"];
        let contact = ContactInput {
            name: secrets[0].into(),
            phone: "010-8765-4321".into(),
            email: secrets[3].into(),
            prefers: Some(Prefers::Sms),
        };
        let draft = SaveDraft { draft: None, body: json!({ "name": secrets[0], "phone": secrets[1], "text": secrets[4] }) };
        w.act("resident", act::save_draft, draft).await.unwrap();
        let new = NewCase { who: Who::Named(contact.clone()), body: "열린낱말이 있는 글".into(), ..w.report().await };
        let receipt = w.receive(new).await;
        w.act("resident", act::follow, follower(receipt.case, by_email(2))).await.unwrap();
        let ask = act::RequestCode { number: receipt.number.clone(), contact: contact.phone.clone() };
        w.act("resident", act::request_code, ask).await.unwrap();
        w.run_jobs().await;
        let sent = w.outbox.all();
        let with_code = sent.iter().find(|it| it.subject.contains("확인번호")).unwrap();
        let code: String = with_code.body.chars().filter(char::is_ascii_digit).take(6).collect();
        let reveal = RevealContact { case: receipt.case, party: receipt.party, reason: "통화".into(), address: None };
        w.act("officer", act::reveal_contact, reveal).await.unwrap();
        w.answer(receipt.case).await;
        w.run_jobs().await;

        let all = everything(&w.db).await;
        let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        // The scan can find things: in a text, in JSON, in a binary column.
        assert!(all.contains("열린낱말이 있는 글") && all.contains(&receipt.number));
        assert!(all.contains("notice_message") && all.contains("cases_party") && all.contains("cases_draft"));
        assert!(secrets.iter().all(|it| !it.is_empty()) && code.len() == 6);
        for secret in secrets.into_iter().chain([receipt.token.as_str(), "resident2@", "길순2"]) {
            assert!(!all.contains(secret), "{secret} lies open");
            assert!(!all.contains(&hex(secret)), "{secret} lies open in a binary column");
        }
        assert!(!all.contains(&format!("확인번호 {code}")) && !all.contains(&hex(&code)));
        let refusal = maeul_cases::CaseRefusal::NotYours;
        assert_eq!(refusal.status(), 403);
        assert!(!refusal.say(Lang::Ko).contains(&receipt.number));
    }
}
