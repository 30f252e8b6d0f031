//! Pictures that another system names by an address: fetched by a job through an adapter that is
//! given from above, made anew, and kept like any other photo.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use maeul_base::{CaseId, Failure, Fault, Refusal};
use maeul_queue::{Handler, JobCtx, JobError, handler};
use serde::{Deserialize, Serialize};

use crate::act::{KeepPhoto, KeepPhotoRefusal, keep_photo, note_lost_photo};
use crate::knowledge::KnowledgeCache;
use crate::words::Bilingual;

/// Fetches one picture.
pub const FETCH_MEDIA: &str = "cases.fetch_media";

/// The most bytes of one picture that are fetched: as many as a resident may send.
pub const MOST_BYTES: usize = 12 * 1024 * 1024;

/// How often a system that does not answer is asked, before it is told that the picture is lost.
const TRIES: i32 = 4;

/// What an adapter is about to answer.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, MediaError>> + Send + 'a>>;

/// One who can fetch what an address leads to. The address was chosen outside: whoever implements
/// this must not let it lead into the office's own network.
pub trait MediaSource: Send + Sync {
    /// The bytes at the address, at most `most` of them.
    fn fetch<'a>(&'a self, address: &'a str, most: usize) -> Fetching<'a>;
}

/// Why a picture could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaError {
    /// Whether asking again later can help.
    pub passes: bool,
    /// Why, for the officer.
    pub why: Bilingual,
}

/// What the job is to fetch.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) case: CaseId,
    pub(crate) by: String,
    pub(crate) address: String,
}

/// What runs [`FETCH_MEDIA`]: whoever puts the house together gives the adapter.
pub fn fetcher(cache: &KnowledgeCache, source: Arc<dyn MediaSource>) -> Handler {
    let cache = cache.clone();
    handler(move |job| fetch(job, cache.clone(), Arc::clone(&source)))
}

async fn fetch(
    job: JobCtx,
    cache: KnowledgeCache,
    source: Arc<dyn MediaSource>,
) -> Result<(), JobError> {
    let wanted: Wanted = job.job.payload()?;
    let bytes = match source.fetch(&wanted.address, MOST_BYTES).await {
        Ok(bytes) => bytes,
        Err(error) if error.passes && job.job.attempts < TRIES => {
            return Err(JobError::Again(Fault::other(error.why.en)));
        }
        Err(error) => return lost(job, wanted, error.why).await,
    };
    let taken = tokio::task::spawn_blocking(move || maeul_photo::take(&bytes))
        .await
        .map_err(|error| Fault::from_error("re-encode a photo", error))?;
    let photo = match taken {
        Ok(photo) => photo,
        Err(refusal) => return lost(job, wanted, of(&refusal)).await,
    };
    let (ctx, row) = (job.ctx.clone(), job.job.clone());
    let input = KeepPhoto {
        case: wanted.case,
        jpeg: photo.jpeg,
        thumb: photo.thumb,
        width: photo.width,
        height: photo.height,
        sha256: photo.sha256,
    };
    let kept = job
        .db
        .write(move |tx| {
            let know = cache.current(tx, ctx.office, ctx.today())?;
            keep_photo(tx, &ctx, &know, &input)?;
            // With the photo ends the job: a second run would only find it there.
            maeul_queue::finish_in(tx, &row, ctx.now)?;
            Ok::<_, Failure<KeepPhotoRefusal>>(())
        })
        .await;
    match kept {
        Ok(()) => Ok(()),
        Err(Failure::Refused(refusal)) => lost(job, wanted, of(&refusal)).await,
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

fn of(refusal: &impl Refusal) -> Bilingual {
    Bilingual::new(refusal.say(maeul_base::Lang::Ko), refusal.say(maeul_base::Lang::En))
}

/// An officer reads that a picture is missing, and why: once.
async fn lost(job: JobCtx, wanted: Wanted, why: Bilingual) -> Result<(), JobError> {
    let (ctx, row) = (job.ctx.clone(), job.job.clone());
    job.db
        .write(move |tx| {
            note_lost_photo(tx, &ctx, wanted.case, &wanted.by, &wanted.address, &why)?;
            maeul_queue::finish_in(tx, &row, ctx.now)?;
            Ok::<_, Fault>(())
        })
        .await
        .map_err(JobError::from)
}
