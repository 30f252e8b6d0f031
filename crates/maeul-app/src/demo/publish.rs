//! The public side of made-up history: the picture that everybody sees is made of all of it, and
//! officers have looked at some of the summaries.

use maeul_base::{Ctx, Fault, OfficeId};
use maeul_cases::KnowledgeCache;
use maeul_public::Settings;
use maeul_public::act::refresh_page;
use maeul_web::Site;

/// Cases in one transaction.
const BATCH: usize = 200;

/// Makes the picture of all offices.
pub(crate) async fn publish(
    site: &Site,
    knowledge: &KnowledgeCache,
    offices: &[OfficeId],
    now: jiff::Timestamp,
) -> Result<(), Fault> {
    for office in offices {
        let ctx = Ctx { now, ..site.system_ctx(*office) };
        let know = knowledge.get(site.db(), *office, now).await?;
        let mut after = None;
        loop {
            let (ctx, know) = (ctx.clone(), know.clone());
            let (_, next) = site
                .db()
                .write(move |tx| refresh_page(tx, &ctx, &know, &Settings::default(), after, BATCH))
                .await?;
            match next {
                Some(_) => after = next,
                None => break,
            }
        }
    }
    Ok(())
}
