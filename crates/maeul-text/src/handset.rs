//! An Android handset as the gateway: texts wait here until it fetches them (the SMSsync protocol).

use std::sync::Arc;

use maeul_base::{Clock, Ids};
use maeul_db::{Db, Seal};
use maeul_notice::{Gateway, Message, Receipt, SendError, Sending};

use crate::store;

/// Takes texts and keeps them for the handset.
#[derive(Clone)]
pub struct HandsetGateway(Arc<Inner>);

struct Inner {
    db: Db,
    seal: Seal,
    ids: Ids,
    clock: Clock,
}

impl HandsetGateway {
    /// Keeps them in that database.
    pub fn new(db: Db, seal: Seal, ids: Ids, clock: Clock) -> Self {
        Self(Arc::new(Inner { db, seal, ids, clock }))
    }
}

impl Gateway for HandsetGateway {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let inner = Arc::clone(&self.0);
            let (message, now) = (message.clone(), self.0.clock.now());
            let kept = self
                .0
                .db
                .write(move |tx| store::handset::keep(tx, &inner.seal, &inner.ids, &message, now));
            match kept.await {
                Ok(_) => Ok(Receipt { reference: "handset".to_owned() }),
                Err(fault) => Err(SendError::later(format!("keep a text: {}", fault.chain()))),
            }
        })
    }
}
