//! What the handlers of this room share: knowledge of the offices, settings, and figures kept for a
//! short while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Fault, OfficeId};
use maeul_cases::{Knowledge, KnowledgeCache};
use maeul_web::{Visit, WebError};

use super::figures::{Figures, Span, figures};
use crate::figures::Counted;
use crate::{Settings, read};

/// How many spans' figures are kept; the oldest give way.
const KEPT: usize = 256;

/// The figures of one span of one office.
#[derive(Default)]
struct Slot {
    ready: Mutex<Option<(Timestamp, Arc<Figures>)>>,
    /// Held by whoever counts: nobody counts what another is counting.
    counting: tokio::sync::Mutex<()>,
}

impl Slot {
    fn ready(&self) -> Option<(Timestamp, Arc<Figures>)> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
    /// others tells. They may be as old as the settings say, and by as much older as another visit
    /// needs that is counting them anew.
    pub(crate) async fn figures(
        &self,
        visit: &Visit,
        span: &Span,
    ) -> Result<Arc<Figures>, WebError> {
        let found = self.counted(visit, span).await?;
        let Some(whole) = span.whole() else { return Ok(found) };
        let hidden = self.counted(visit, &whole).await?.part(span).is_some_and(|it| it.received);
        Ok(if hidden { Arc::new(found.hidden()) } else { found })
    }

    async fn counted(&self, visit: &Visit, span: &Span) -> Result<Arc<Figures>, WebError> {
        let (office, now) = (visit.office().id, visit.now());
        let longest = SignedDuration::try_from(self.settings.figures_kept).unwrap_or_default();
        let is_fresh = |at: Timestamp| at <= now && now.duration_since(at) < longest;
        let slot = self.slot(office, span);
        let counting = match slot.ready() {
            Some((at, figures)) if is_fresh(at) => return Ok(figures),
            Some((_, figures)) => match slot.counting.try_lock() {
                Ok(counting) => counting,
                Err(_) => return Ok(figures),
            },
            None => {
                let counting = slot.counting.lock().await;
                if let Some((at, figures)) = slot.ready()
                    && is_fresh(at)
                {
                    return Ok(figures);
                }
                counting
            }
        };
        let (wanted, settings) = (span.clone(), self.settings);
        let read = visit.site().db().read(move |tx| {
            let Some(instants) = wanted.instants() else { return Ok(Vec::new()) };
            let (dong, service) = (wanted.dong.as_ref(), wanted.service.as_deref());
            read::counted(tx, office, instants, dong, service)
        });
        let counted: Vec<Counted> = read.await.map_err(|fault: Fault| WebError::from(fault))?;
        let figures = Arc::new(figures(&counted, &settings, span, now));
        *slot.ready.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((now, Arc::clone(&figures)));
        drop(counting);
        Ok(figures)
    }

    fn slot(&self, office: OfficeId, span: &Span) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(&(office, span.clone())) {
            return Arc::clone(slot);
        }
        if slots.len() >= KEPT {
            let age = |slot: &Slot| slot.ready().map(|(at, _)| at);
            let oldest = slots.iter().min_by_key(|(_, slot)| age(slot)).map(|(key, _)| key.clone());
            oldest.and_then(|key| slots.remove(&key));
        }
        let slot = Arc::<Slot>::default();
        slots.insert((office, span.clone()), Arc::clone(&slot));
        slot
    }
}
