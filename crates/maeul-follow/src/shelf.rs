//! What handlers and jobs of this room share: what is known of offices, settings, addresses.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use maeul_cases::{Knowledge, KnowledgeCache};
use maeul_web::{Visit, WebError};

use crate::Settings;

/// Seconds of an hour.
const HOUR: i64 = 3_600;

/// Cheap to clone, shared by all clones.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    knowledge: KnowledgeCache,
    settings: Settings,
    public_url: String,
    asks: Mutex<(i64, BTreeMap<String, u32>)>,
}

impl Shelf {
    /// `public_url` is what residents' links begin with, without a slash at the end.
    pub fn new(knowledge: &KnowledgeCache, settings: Settings, public_url: &str) -> Self {
        Self(Arc::new(Inner {
            knowledge: knowledge.clone(),
            settings,
            public_url: public_url.to_owned(),
            asks: Mutex::default(),
        }))
    }

    /// The shelf of this visit's site and what is known of its office.
    pub(crate) async fn of(visit: &Visit) -> Result<(Self, Knowledge), WebError> {
        let shelf = visit.site().room::<Self>()?.clone();
        let know = shelf.0.knowledge.get(visit.site().db(), visit.office().id, visit.now()).await?;
        Ok((shelf, know))
    }

    /// What is decided.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What is known of offices.
    pub(crate) fn knowledge(&self) -> &KnowledgeCache {
        &self.0.knowledge
    }

    /// What addresses of the office begin with.
    pub fn base(&self, know: &Knowledge) -> String {
        format!("{}/o/{}", self.0.public_url, know.office().slug)
    }

    /// Counts a request of that network address; false where it has asked too often in this hour.
    /// Kept in memory only.
    pub(crate) fn may_ask(&self, client: &str, now: Timestamp) -> bool {
        let hour = now.as_second() / HOUR;
        let mut asks = self.0.asks.lock().unwrap_or_else(PoisonError::into_inner);
        if asks.0 != hour {
            *asks = (hour, BTreeMap::new());
        }
        let count = asks.1.entry(client.to_owned()).or_default();
        *count += 1;
        *count <= self.0.settings.asks_an_hour
    }
}
