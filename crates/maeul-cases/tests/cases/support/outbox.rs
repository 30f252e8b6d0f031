//! A gateway that keeps what it is given, and fails when told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use maeul_notice::{Gateway, Message, Receipt, SendError, Sending};

/// What went out; cheap to clone, shared by all clones.
#[derive(Clone, Default)]
pub struct Outbox {
    sent: Arc<Mutex<Vec<Message>>>,
    troubles: Arc<Mutex<VecDeque<SendError>>>,
}

impl Outbox {
    /// The next messages fail with these, one after another.
    pub fn fail(&self, troubles: impl IntoIterator<Item = SendError>) {
        self.troubles.lock().unwrap().extend(troubles);
    }

    /// All that went out, in order.
    pub fn all(&self) -> Vec<Message> {
        self.sent.lock().unwrap().clone()
    }

    /// What went out since the last look.
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

impl Gateway for Outbox {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            if let Some(trouble) = self.troubles.lock().unwrap().pop_front() {
                return Err(trouble);
            }
            self.sent.lock().unwrap().push(message.clone());
            Ok(Receipt { reference: format!("kept-{}", message.id) })
        })
    }
}
