//! What the handlers of this room share: knowledge of the offices, settings, and figures kept for a
//! short while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Fault, OfficeId};
use maeul_cases::{Knowledge, KnowledgeCache};
use maeul_db::Db;
use maeul_web::{Fields, Visit, WebError};

use super::figures::{Figures, Span, figures};
use crate::figures::Counted;
use crate::{Settings, read};

/// How many spans' figures are kept; the oldest give way.
const KEPT: usize = 256;

/// The figures of one span of one office.
#[derive(Default)]
struct Slot {
    ready: Mutex<Option<Arc<Figures>>>,
    /// Held by whoever counts: nobody counts what another is counting.
    counting: Arc<tokio::sync::Mutex<()>>,
}

impl Slot {
    fn ready(&self) -> Option<Arc<Figures>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was counted no longer ago than that; by a clock that went back, no further ahead.
    fn younger(&self, than: SignedDuration, now: Timestamp) -> Option<Arc<Figures>> {
        self.ready().filter(|it| now.duration_since(it.at).abs() < than)
    }
}

type Slots = BTreeMap<(OfficeId, Span), Arc<Slot>>;

/// The room's part of the site's state.
#[derive(Clone)]
pub struct Shelf {
    knowledge: KnowledgeCache,
    settings: Settings,
    slots: Arc<Mutex<Slots>>,
}

impl Shelf {
    /// Nothing counted yet.
    pub fn new(knowledge: &KnowledgeCache, settings: Settings) -> Self {
        Self { knowledge: knowledge.clone(), settings, slots: Arc::default() }
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

    /// The figures of a span of the visit's office, of a part of it no more than its row among the
    /// others tells. They may be twice as old as the settings say: for so long nobody waits who comes
    /// while they are counted anew.
    pub(crate) async fn figures(
        &self,
        visit: &Visit,
        span: &Span,
    ) -> Result<Arc<Figures>, WebError> {
        let (db, office, now) = (visit.site().db(), visit.office().id, visit.now());
        let found = self.kept(db, office, now, span).await?;
        let Some(whole) = span.whole() else { return Ok(found) };
        let whole = self.kept(db, office, now, &whole).await?;
        let hidden = whole.part(span).is_some_and(|it| it.received);
        Ok(if hidden { Arc::new(found.hidden()) } else { found })
    }

    /// Counts what most visits to an office ask for, so that the first of them does not wait.
    pub async fn warm(&self, db: &Db, office: OfficeId, now: Timestamp) -> Result<(), Fault> {
        let usual = Span::read(&Fields::default(), now);
        self.kept(db, office, now, &usual).await.map(|_| ())
    }

    async fn kept(
        &self,
        db: &Db,
        office: OfficeId,
        now: Timestamp,
        span: &Span,
    ) -> Result<Arc<Figures>, Fault> {
        let longest = SignedDuration::try_from(self.settings.figures_kept).unwrap_or_default();
        let slot = self.slot(office, span);
        if let Some(fresh) = slot.younger(longest, now) {
            return Ok(fresh);
        }
        let count = {
            let (db, slot, span, settings) =
                (db.clone(), Arc::clone(&slot), span.clone(), self.settings);
            async move {
                let counted = counted(&db, office, &span).await?;
                let figures = Arc::new(figures(&counted, &settings, &span, now));
                let mut ready = slot.ready.lock().unwrap_or_else(PoisonError::into_inner);
                *ready = Some(Arc::clone(&figures));
                Ok(figures)
            }
        };
        if let Some(stale) = slot.younger(longest * 2, now) {
            if let Ok(turn) = Arc::clone(&slot.counting).try_lock_owned() {
                // If it fails, so it does for the next who has to wait, and is told to them.
                tokio::spawn(async move {
                    let _told_to_the_next: Result<_, Fault> = count.await;
                    drop(turn);
                });
            }
            return Ok(stale);
        }
        let _turn = slot.counting.lock().await;
        match slot.younger(longest, now) {
            Some(counted_meanwhile) => Ok(counted_meanwhile),
            None => count.await,
        }
    }

    fn slot(&self, office: OfficeId, span: &Span) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(&(office, span.clone())) {
            return Arc::clone(slot);
        }
        if slots.len() >= KEPT {
            let age = |slot: &Slot| slot.ready().map(|it| it.at);
            let oldest = slots.iter().min_by_key(|(_, slot)| age(slot)).map(|(key, _)| key.clone());
            oldest.and_then(|key| slots.remove(&key));
        }
        let slot = Arc::<Slot>::default();
        slots.insert((office, span.clone()), Arc::clone(&slot));
        slot
    }
}

async fn counted(db: &Db, office: OfficeId, span: &Span) -> Result<Vec<Counted>, Fault> {
    let Some(instants) = span.instants() else { return Ok(Vec::new()) };
    let (dong, service) = (span.dong.clone(), span.service.clone());
    db.read(move |tx| read::counted(tx, office, instants, dong.as_ref(), service.as_deref())).await
}
