//! What the handlers of this room share: knowledge of the offices, settings, and figures kept for a
//! short while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use maeul_base::OfficeId;
use maeul_cases::{Knowledge, KnowledgeCache};
use maeul_web::{Visit, WebError};

use crate::figures::Counted;
use crate::{Settings, read};

type Kept = BTreeMap<OfficeId, (Timestamp, Arc<Vec<Counted>>)>;

/// The room's part of the site's state.
#[derive(Clone)]
pub struct Shelf {
    knowledge: KnowledgeCache,
    settings: Settings,
    figures: Arc<Mutex<Kept>>,
}

impl Shelf {
    /// Nothing counted yet.
    pub fn new(knowledge: &KnowledgeCache, settings: Settings) -> Self {
        Self { knowledge: knowledge.clone(), settings, figures: Arc::default() }
    }

    /// The shelf of this visit's site and what is known of its office.
    pub(crate) async fn of(visit: &Visit) -> Result<(Self, Knowledge), WebError> {
        let shelf = visit.site().room::<Self>()?.clone();
        let know = shelf.knowledge.get(visit.site().db(), visit.office().id, visit.now()).await?;
        Ok((shelf, know))
    }

    /// What is decided about the public pages.
    pub(crate) const fn settings(&self) -> Settings {
        self.settings
    }

    /// Every case of the visit's office that is counted; not older than the settings say.
    pub(crate) async fn counted(&self, visit: &Visit) -> Result<Arc<Vec<Counted>>, WebError> {
        let (office, now) = (visit.office().id, visit.now());
        let kept = self.kept().get(&office).cloned();
        let longest = SignedDuration::try_from(self.settings.figures_kept).unwrap_or_default();
        if let Some((at, counted)) = kept
            && at <= now
            && now.duration_since(at) < longest
        {
            return Ok(counted);
        }
        let counted = visit.site().db().read(move |tx| read::counted(tx, office)).await?;
        let counted = Arc::new(counted);
        self.kept().insert(office, (now, Arc::clone(&counted)));
        Ok(counted)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
