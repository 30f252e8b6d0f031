//! Files that are taken in: some rows at a time, and how far it is in the same transaction. Whatever
//! ends a job in between, the next one goes on where the last transaction ended.

use maeul_base::{Ctx, Fault, FaultKind};
use maeul_db::Tx;
use maeul_queue::{JobCtx, JobError, NewJob};
use serde::Deserialize;
use serde_json::json;

use super::IMPORT;
use crate::act::mapping_of;
use crate::id::ImportId;
use crate::import::cases::{Judged, RefusedRows, Rows, bring_batch_and, judge_some};
use crate::knowledge::{Knowledge, KnowledgeCache};
use crate::store::{self, Import, NumberLease, PartOf};
use crate::words::{Bilingual, ImportState};

#[derive(Deserialize)]
struct Which {
    import: ImportId,
}

/// What a job reads at its beginning.
struct Kept {
    import: Import,
    bytes: Vec<u8>,
}

/// Works on the next rows of a file.
pub(super) async fn import(
    job: JobCtx,
    cache: KnowledgeCache,
    numbers: NumberLease,
) -> Result<(), JobError> {
    let Which { import } = job.job.payload()?;
    let ctx = job.ctx.clone();
    let know = cache.get(&job.db, ctx.office, ctx.now).await?;
    let (seal, office) = (know.seal().clone(), ctx.office);
    let kept = job
        .db
        .read(move |tx| {
            let Some(import) = store::import(tx, &seal, office, import)? else { return Ok(None) };
            if !import.state.is_under_way() {
                return Ok(None);
            }
            let bytes = store::import_bytes(tx, &seal, office, import.id, PartOf::File)?;
            Ok::<_, Fault>(Some(Kept { import, bytes }))
        })
        .await?;
    let Some(Kept { import: mut kept, bytes }) = kept else { return Ok(()) };
    let mapping = mapping_of(&kept)?;
    let mut rows = match Rows::new(kept.shape, bytes.as_slice()) {
        Ok(rows) => rows,
        Err(refusal) => {
            let broken = Judged { broken: Some(refusal), ..Judged::default() };
            return write(&job, &ctx, &numbers, &know, &kept, broken).await.map(drop);
        }
    };
    let mut beside = RefusedRows::new(rows.header(), kept.survey.refused > 0, kept.lang);
    for _ in 0..kept.survey.rows {
        rows.next();
    }
    let mut worked = 0;
    loop {
        let some = judge_some(&mut rows, &mapping, &know, ctx.now, &mut kept.survey, &mut beside)
            .map_err(|error| Fault::from_error("write refused rows", error))?;
        worked += some.rows;
        let ended = some.rows == 0 || some.broken.is_some();
        if !write(&job, &ctx, &numbers, &know, &kept, some).await? || ended {
            return Ok(());
        }
        kept.done = i64::try_from(kept.survey.rows).unwrap_or(i64::MAX);
        if worked >= know.import_settings().rows_a_job {
            let next = NewJob::now(&ctx, IMPORT, json!({ "import": kept.id }));
            job.db.write(move |tx| maeul_queue::enqueue(tx, &ctx, &next)).await?;
            return Ok(());
        }
    }
}

/// Writes what was judged and how far it is; false where another job was quicker or somebody ended it.
async fn write(
    job: &JobCtx,
    ctx: &Ctx,
    numbers: &NumberLease,
    know: &Knowledge,
    kept: &Import,
    some: Judged,
) -> Result<bool, JobError> {
    let cases = if kept.state == ImportState::Running { some.cases } else { Vec::new() };
    let (kept, before) = (kept.clone(), kept.done);
    let (note, seal) = (ctx.clone(), know.seal().clone());
    let (rows, refused, broken) = (some.rows, some.refused, some.broken);
    let brought = bring_batch_and(&job.db, numbers, ctx, know, cases, move |tx, brought| {
        let on = store::import_went_on(tx, &note, &seal, &kept, before, brought)?;
        if !on {
            // Undone as a whole: the rows are another job's.
            return Err(Fault::new(FaultKind::RowCount, "another went on with the file"));
        }
        if !refused.is_empty() {
            store::append_refused(tx, &note, &seal, kept.id, &refused)?;
        }
        if let Some(broken) = &broken {
            let problem = Bilingual::new(&broken.ko, &broken.en);
            store::set_import_problem(tx, &note, kept.id, &problem)?;
            return ended(tx, &note, &kept, ImportState::Broken);
        }
        match (rows, kept.state) {
            (0, ImportState::Checking) => {
                store::set_import_total(tx, &note, kept.id)?;
                store::set_import_state(tx, &note, kept.id, kept.state, ImportState::Checked)?;
                Ok(())
            }
            (0, _) => ended(tx, &note, &kept, ImportState::Done),
            _ => Ok(()),
        }
    })
    .await;
    match brought {
        Ok(_) => Ok(true),
        Err(fault) if fault.kind() == FaultKind::RowCount => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

/// Nothing more will be read of it: the file is forgotten.
fn ended(tx: &mut Tx, ctx: &Ctx, kept: &Import, to: ImportState) -> Result<(), Fault> {
    store::set_import_state(tx, ctx, kept.id, kept.state, to)?;
    store::delete_parts(tx, ctx.office, kept.id, PartOf::File)?;
    Ok(())
}
