//! Import: an administrator hands in a file of another system's cases, looks at what would become of
//! it, has it taken in, and takes back what was refused.

use maeul_base::{Ctx, Failure, Fault};
use maeul_db::Tx;
use maeul_people::{Look, LookAct, RevealRefusal, log_look};
use maeul_queue::NewJob;
use serde_json::json;

use crate::id::ImportId;
use crate::import::cases::{Mapping, Shape};
use crate::jobs::IMPORT;
use crate::knowledge::Knowledge;
use crate::permissions::IMPORT_CASES;
use crate::refusal::{CaseRefusal, refusals};
use crate::store::{self, Import, NewImportRow, PartOf};
use crate::words::ImportState;

/// Letters of a file's name that are kept.
const LONGEST_NAME: usize = 120;

/// A file to be taken in.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// What its sender calls it.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// The mapping file; empty where the columns are named as in the bulk form.
    pub mapping: String,
}

refusals! {
    /// Why a file is not taken in.
    ImportRefusal {
        /// There is no file.
        NoFile = "import.no_file", 422, Some("file"),
            "파일을 골라 주십시오.", "Please choose a file.";
        /// Its name says nothing of how it is written.
        Shape = "import.shape", 422, Some("file"),
            "이름이 .csv나 .jsonl로 끝나는 파일이어야 합니다.", "The file's name must end in .csv or .jsonl.";
        /// Larger than the office allows.
        TooLarge = "import.too_large", 422, Some("file"),
            "파일이 너무 큽니다. 나누어 올리거나 명령 maeul import cases를 쓰십시오.",
            "The file is too large. Send it in parts, or use the command maeul import cases.";
        /// It is at another point by now.
        State = "import.state", 409, None,
            "그사이 상태가 바뀌었습니다. 바뀐 것을 보고 다시 해 주십시오.",
            "It went on in the meantime. Please look at it and try again.";
        /// There are no refused rows.
        NothingRefused = "import.nothing_refused", 422, None,
            "받지 못한 줄이 없거나 보관 기간이 지나 지웠습니다.",
            "No row was refused, or they were deleted when their time was over.";
    }
}

/// Only who keeps the installation takes in files.
fn keeps(ctx: &Ctx) -> Result<(), Failure<ImportRefusal>> {
    if ctx.actor.staff().is_some() && ctx.actor.may(&IMPORT_CASES) {
        Ok(())
    } else {
        Err(Failure::Refused(CaseRefusal::StaffOnly.into()))
    }
}

fn shape_of(name: &str) -> Option<Shape> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "csv" => Some(Shape::Csv),
        "jsonl" | "ndjson" => Some(Shape::JsonLines),
        _ => None,
    }
}

fn found(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: ImportId,
) -> Result<Import, Failure<ImportRefusal>> {
    keeps(ctx)?;
    let kept = store::import(tx, know.seal(), ctx.office, id)?;
    kept.ok_or_else(|| Failure::Refused(CaseRefusal::NotFound.into()))
}

fn go_on(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<(), Fault> {
    maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, IMPORT, json!({ "import": id })))?;
    Ok(())
}

/// Keeps the file, sealed, and has every row judged; nothing is taken in yet. The mapping has been
/// read before: [`Mapping::parse`] says by line what is wrong with it.
pub fn hand_in(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &NewImport,
) -> Result<ImportId, Failure<ImportRefusal>> {
    keeps(ctx)?;
    let refuse = |refusal| Err(Failure::Refused(refusal));
    if input.bytes.is_empty() {
        return refuse(ImportRefusal::NoFile);
    }
    let Some(shape) = shape_of(&input.name) else { return refuse(ImportRefusal::Shape) };
    if input.bytes.len() > know.import_settings().most_bytes {
        return refuse(ImportRefusal::TooLarge);
    }
    let name: String = input.name.chars().filter(|it| !it.is_control()).collect();
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let new = NewImportRow { name: &name, shape, mapping: &input.mapping, bytes: &input.bytes };
    let id = store::insert_import(tx, ctx, know.seal(), &new)?;
    go_on(tx, ctx, id)?;
    Ok(id)
}

/// Has the rows taken in that were only judged so far.
pub fn start_import(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: &ImportId,
) -> Result<(), Failure<ImportRefusal>> {
    let kept = found(tx, ctx, know, *id)?;
    if !store::set_import_state(tx, ctx, kept.id, ImportState::Checked, ImportState::Running)? {
        return Err(Failure::Refused(ImportRefusal::State));
    }
    store::rewind_import(tx, ctx, know.seal(), kept.id)?;
    Ok(go_on(tx, ctx, kept.id)?)
}

/// Goes on with what stood still: where it was left, and nothing twice.
pub fn resume_import(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: &ImportId,
) -> Result<(), Failure<ImportRefusal>> {
    let kept = found(tx, ctx, know, *id)?;
    if !kept.state.is_under_way() {
        return Err(Failure::Refused(ImportRefusal::State));
    }
    Ok(go_on(tx, ctx, kept.id)?)
}

/// Ends it: the file and its refused rows are deleted. What was taken in stays.
pub fn stop_import(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: &ImportId,
) -> Result<(), Failure<ImportRefusal>> {
    let kept = found(tx, ctx, know, *id)?;
    if kept.state != ImportState::Done
        && kept.state != ImportState::Broken
        && !store::set_import_state(tx, ctx, kept.id, kept.state, ImportState::Stopped)?
    {
        return Err(Failure::Refused(ImportRefusal::State));
    }
    store::delete_parts(tx, ctx.office, kept.id, PartOf::File)?;
    store::delete_parts(tx, ctx.office, kept.id, PartOf::Refused)?;
    Ok(())
}

/// Why refused rows are looked at.
#[derive(Clone, Debug)]
pub struct RefusedRowsOf {
    /// The file.
    pub import: ImportId,
    /// From where they are looked at.
    pub address: Option<String>,
}

/// The refused rows as they stood, each with its reason. They may say who somebody is: the look is
/// logged in the same transaction.
pub fn refused_rows(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &RefusedRowsOf,
) -> Result<(Import, Vec<u8>), Failure<ImportRefusal>> {
    let kept = found(tx, ctx, know, input.import)?;
    let rows = store::import_bytes(tx, know.seal(), ctx.office, kept.id, PartOf::Refused)?;
    if rows.is_empty() {
        return Err(Failure::Refused(ImportRefusal::NothingRefused));
    }
    let look = Look {
        act: LookAct::Download,
        what_kind: "cases_import",
        what_id: kept.id.into(),
        case: None,
        owner: None,
        people: i32::try_from(kept.refused).unwrap_or(i32::MAX),
        fields: &["refused_rows"],
        reason: "옮겨 오기에서 받지 못한 줄을 고침",
        address: input.address.as_deref(),
    };
    log_look(tx, ctx, &look).map_err(|failure| match failure {
        Failure::Fault(fault) => Failure::Fault(fault),
        Failure::Refused(RevealRefusal::NotStaff | RevealRefusal::NoReason) => {
            Failure::Refused(CaseRefusal::StaffOnly.into())
        }
    })?;
    Ok((kept, rows))
}

/// The mapping of a kept file.
pub(crate) fn mapping_of(kept: &Import) -> Result<Mapping, Fault> {
    if kept.mapping.trim().is_empty() {
        return Ok(Mapping::bulk("open311"));
    }
    Mapping::parse(&kept.mapping).map_err(|_| Fault::other("a kept mapping cannot be read"))
}
