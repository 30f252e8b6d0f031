//! Messages: one for each effect, tried again when it may help, marked when it cannot.

use jiff::SignedDuration;
use maeul_base::Lang;
use maeul_db::{Db, both_engines};
use maeul_notice::{Channel, MessageState, NewNotice, SendError, messages_of_case};

use crate::support::{OFFICE, World, by_email, count, follower, steps};

fn notice(dedupe: &str) -> NewNotice {
    NewNotice {
        case: None,
        channel: Channel::Sms,
        to: "01090000001".into(),
        subject: "제목".into(),
        body: "내용".into(),
        lang: Lang::Ko,
        dedupe: dedupe.into(),
    }
}

async fn queue(w: &World, dedupe: &str) -> bool {
    let (ctx, seal, new) = (w.ctx("system"), w.seal.clone(), notice(dedupe));
    w.db.write(move |tx| maeul_notice::queue_notice(tx, &ctx, &seal, &new)).await.unwrap().is_some()
}

both_engines! { steps();
    async fn one_message_for_each_effect(db: Db) {
        let w = World::new(db).await;
        assert!(queue(&w, "a").await);
        assert!(!queue(&w, "a").await);
        assert!(queue(&w, "b").await);
        w.run_jobs().await;
        assert!(!queue(&w, "a").await, "not after it was sent either");
        w.run_jobs().await;
        let sent = w.outbox.all();
        assert_eq!(sent.len(), 2);
        assert_eq!((sent[0].to.as_str(), sent[0].body.as_str(), sent[0].office), ("01090000001", "내용", OFFICE));
        assert_eq!(count(&w.db, "SELECT count(*) FROM notice_message WHERE state = 'sent'").await, 2);
    }

    async fn what_may_go_better_later_is_tried_again_and_sent_once(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let ack = |w: World| async move {
            let found = w.db.read(move |tx| messages_of_case(tx, OFFICE, case)).await.unwrap();
            assert_eq!(found.len(), 1);
            (found[0].state, found[0].attempts, found[0].sent_at.is_some())
        };
        w.outbox.fail([SendError::later("busy"), SendError::later("busy")]);
        assert_eq!(w.drain().await.failed.len(), 1);
        assert_eq!(ack(w.clone()).await, (MessageState::Queued, 1, false));
        assert!(w.drain().await.failed.is_empty(), "not before its pause is over");
        w.pass(SignedDuration::from_secs(30));
        assert_eq!(w.drain().await.failed.len(), 1);
        w.pass(SignedDuration::from_secs(60));
        w.run_jobs().await;
        assert_eq!(ack(w.clone()).await, (MessageState::Sent, 3, true));
        for _ in 0..3 {
            w.pass(SignedDuration::from_hours(7));
            w.run_jobs().await;
        }
        assert_eq!(w.outbox.all().len(), 1);
    }

    async fn what_never_will_is_marked_and_holds_up_nobody(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        w.act("resident", maeul_cases::act::follow, follower(case, by_email(2))).await.unwrap();
        w.outbox.fail([SendError::never("no such number")]);
        w.run_jobs().await;
        let mut states: Vec<_> = w.db.read(move |tx| messages_of_case(tx, OFFICE, case)).await.unwrap()
            .into_iter().map(|it| (it.state.as_str(), it.attempts)).collect();
        states.sort_unstable();
        assert_eq!(states, [("failed", 1), ("sent", 1)]);
        w.pass(SignedDuration::from_hours(7));
        w.run_jobs().await;
        assert_eq!(w.outbox.all().len(), 1);
        let why = w.db.read(|tx| tx.one::<(String,)>("SELECT reference FROM notice_message WHERE state = 'failed'", maeul_db::args![]));
        assert_eq!(why.await.unwrap().0, "no such number");
        let undone = "SELECT count(*) FROM queue_job WHERE kind = 'notice.send' AND state <> 'done'";
        assert_eq!(count(&w.db, undone).await, 0);
    }

    async fn an_act_undone_sends_nothing(db: Db) {
        let w = World::new(db).await;
        let (ctx, know, new) = (w.ctx("resident"), w.know().await, w.report().await);
        let undone = w.db.write(move |tx| {
            maeul_cases::act::receive(tx, &ctx, &know, &new).unwrap();
            Err::<(), _>(maeul_base::Fault::other("undone"))
        });
        undone.await.unwrap_err();
        w.run_jobs().await;
        assert!(w.outbox.all().is_empty());
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_case").await, 0);
    }
}
