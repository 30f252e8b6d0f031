//! What handlers and jobs of this room share.

use std::sync::Arc;

use maeul_cases::{Knowledge, KnowledgeCache};
use maeul_db::{BytesColumn, Seal};
use maeul_room::{About, Keeping};
use maeul_web::{Visit, WebError};

/// What the house gives this room. Cheap to clone.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    knowledge: KnowledgeCache,
    seal: Seal,
    keeps: Vec<Keeping>,
    about: Vec<About>,
    columns: Vec<BytesColumn>,
}

impl Shelf {
    /// `keeps` and `about` are what the rooms say of what they hold, `columns` every column of bytes.
    pub fn new(
        knowledge: &KnowledgeCache,
        seal: &Seal,
        keeps: Vec<Keeping>,
        about: Vec<About>,
        columns: Vec<BytesColumn>,
    ) -> Self {
        let (knowledge, seal) = (knowledge.clone(), seal.clone());
        Self(Arc::new(Inner { knowledge, seal, keeps, about, columns }))
    }

    /// The shelf of this visit's site and what is known of its office.
    pub(crate) async fn of(visit: &Visit) -> Result<(Self, Knowledge), WebError> {
        let shelf = visit.site().room::<Self>()?.clone();
        let know = shelf.0.knowledge.get(visit.site().db(), visit.office().id, visit.now()).await?;
        Ok((shelf, know))
    }

    /// The keys of sealed fields.
    pub fn seal(&self) -> &Seal {
        &self.0.seal
    }

    /// The kinds of personal data that are kept for a time.
    pub fn keeps(&self) -> &[Keeping] {
        &self.0.keeps
    }

    /// The kind of that name.
    pub fn keeping(&self, kind: &str) -> Option<&Keeping> {
        self.0.keeps.iter().find(|it| it.kind == kind)
    }

    /// What each room holds about a person.
    pub(crate) fn about(&self) -> &[About] {
        &self.0.about
    }

    /// Every column of bytes.
    pub fn columns(&self) -> &[BytesColumn] {
        &self.0.columns
    }
}
