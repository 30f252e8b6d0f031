//! What happens by itself: letters are read and sorted.

use std::sync::Arc;

use maeul_base::{Ctx, Fault};
use maeul_cases::{Knowledge, KnowledgeCache, NumberLease};
use maeul_db::{Db, Seal};
use maeul_notice::Letters;
use maeul_photo::Photo;
use maeul_queue::{Handler, JobCtx, JobError, handler};
use serde::Deserialize;

use crate::MailId;
use crate::act::{Sorting, sort};
use crate::letter::{self, Letter};
use crate::mailroom::Settings;
use crate::store;

/// Reads and sorts one letter.
pub const SORT: &str = "mail.sort";

/// What the jobs and pages work with.
#[derive(Clone)]
pub struct Means {
    /// What is known of each office.
    pub knowledge: KnowledgeCache,
    /// The receipt numbers leased to this process.
    pub numbers: NumberLease,
    /// The keys of sealed fields.
    pub seal: Seal,
    /// What the installation decided.
    pub settings: Arc<Settings>,
}

/// What runs the jobs of this room, by kind.
pub fn handlers(means: &Means) -> Vec<(&'static str, Handler)> {
    let means = means.clone();
    vec![(SORT, handler(move |job| sort_one(job, means.clone())))]
}

/// Which letters an e-mail of ours answers: the first and the last that its recipient wrote about the
/// case.
pub fn letters(seal: Seal) -> Letters {
    Arc::new(move |tx, office, case, to| {
        let mut ids = Vec::new();
        for id in store::ends_of(tx, &seal, office, case, to)? {
            let (_, raw) = store::raw(tx, &seal, office, id)?;
            ids.push(letter::message_id(&raw));
        }
        ids.retain(|id| !id.is_empty());
        Ok(ids)
    })
}

#[derive(Deserialize)]
struct Which {
    mail: MailId,
}

async fn sort_one(job: JobCtx, means: Means) -> Result<(), JobError> {
    let Which { mail } = job.job.payload()?;
    let know = means.knowledge.get(&job.db, job.ctx.office, job.ctx.now).await?;
    let input = prepare(&job.db, &job.ctx, &know, &means, mail).await?;
    let (ctx, per_hour) = (job.ctx.clone(), means.settings.per_hour);
    job.db.write(move |tx| sort(tx, &ctx, &know, per_hour, &input)).await?;
    Ok(())
}

/// Reads a kept letter, makes its pictures safe, and leases the number it may get.
pub(crate) async fn prepare(
    db: &Db,
    ctx: &Ctx,
    know: &Knowledge,
    means: &Means,
    mail: MailId,
) -> Result<Sorting, Fault> {
    let (office, seal) = (ctx.office, means.seal.clone());
    let (sent_by, raw) = db.read(move |tx| store::raw(tx, &seal, office, mail)).await?;
    let settings = Arc::clone(&means.settings);
    let read = tokio::task::spawn_blocking(move || open(&sent_by, &raw, &settings)).await;
    let (letter, photos) = read.unwrap_or_default();
    let number = means.numbers.next(db, ctx, know).await?;
    Ok(Sorting { mail, letter, photos, number })
}

/// On a thread that may block; a picture that is none is left in the original.
fn open(sent_by: &str, raw: &[u8], settings: &Settings) -> (Option<Letter>, Vec<Photo>) {
    let letter = letter::read(raw, sent_by, |address| settings.ours(address).is_some());
    let pictures = letter.iter().filter(|it| it.silent.is_none()).flat_map(|it| &it.pictures);
    let photos = pictures.filter_map(|bytes| maeul_photo::take(bytes).ok()).collect();
    (letter, photos)
}
