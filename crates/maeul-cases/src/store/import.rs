//! Files of another system's cases: how far each is, and the file itself, sealed.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, OfficeId, StaffId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row};

use crate::id::ImportId;
use crate::import::cases::{Brought, Shape, Survey};
use crate::words::{Bilingual, ImportState};

const TABLE: &str = "cases_import";
const PART: &str = "cases_import_part";
/// Bytes of one piece of a file.
const PIECE: usize = 512 * 1024;

maeul_db::ids! {
    /// A piece of a file.
    PartId;
}

/// What a piece belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartOf {
    /// The file as it was sent.
    File,
    /// Its refused rows as they stood, with the reasons.
    Refused,
}

impl PartOf {
    const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Refused => "refused",
        }
    }
}

row! {
    struct Line {
        id: ImportId,
        name: String,
        shape: String,
        size: i64,
        mapping: String,
        state: ImportState,
        lang: String,
        by: Option<StaffId>,
        created_at: Timestamp,
        changed_at: Timestamp,
        total: Option<i64>,
        done: i64,
        fresh: i64,
        known: i64,
        refused: i64,
        survey: SealedText,
        problem: Option<serde_json::Value>,
    }
}

/// A file of another system's cases.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// What its sender called it.
    pub name: String,
    /// How it is written.
    pub shape: Shape,
    /// In bytes.
    pub size: i64,
    /// The mapping file; empty where the columns are named as in the bulk form.
    pub mapping: String,
    /// How far it is.
    pub state: ImportState,
    /// In which language reasons are written beside refused rows.
    pub lang: maeul_base::Lang,
    /// Who sent it.
    pub by: Option<StaffId>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it last went on.
    pub changed_at: Timestamp,
    /// Rows of the whole file, once they were counted.
    pub total: Option<i64>,
    /// Rows worked on.
    pub done: i64,
    /// Cases that are new.
    pub fresh: i64,
    /// Cases that were there.
    pub known: i64,
    /// Rows refused.
    pub refused: i64,
    /// What the rows were like.
    pub survey: Survey,
    /// Why the file cannot be read on.
    pub problem: Option<Bilingual>,
}

const COLUMNS: &str =
    "id, name, shape, size, mapping, state, lang, by_staff, created_at, changed_at,
    total, done, fresh, known, refused, survey, problem";

fn at(id: ImportId) -> SealAt {
    SealAt::new(TABLE, "survey", id)
}

fn unreadable(error: serde_json::Error) -> Fault {
    Fault::from_error("a kept import", error)
}

fn opened(seal: &Seal, line: Line) -> Result<Import, Fault> {
    let survey = seal.open(at(line.id), &line.survey)?;
    let problem = line.problem.map(serde_json::from_value).transpose().map_err(unreadable)?;
    Ok(Import {
        survey: serde_json::from_str(&survey).map_err(unreadable)?,
        shape: if line.shape == "csv" { Shape::Csv } else { Shape::JsonLines },
        lang: maeul_base::Lang::parse(&line.lang).unwrap_or_default(),
        id: line.id,
        name: line.name,
        size: line.size,
        mapping: line.mapping,
        state: line.state,
        by: line.by,
        created_at: line.created_at,
        changed_at: line.changed_at,
        total: line.total,
        done: line.done,
        fresh: line.fresh,
        known: line.known,
        refused: line.refused,
        problem,
    })
}

fn sealed(seal: &Seal, ctx: &Ctx, id: ImportId, survey: &Survey) -> Result<SealedText, Fault> {
    let text = serde_json::to_string(survey)
        .map_err(|error| Fault::from_error("write down an import", error))?;
    seal.seal(&ctx.ids, at(id), &text)
}

/// A file to be kept.
pub(crate) struct NewImportRow<'a> {
    pub(crate) name: &'a str,
    pub(crate) shape: Shape,
    pub(crate) mapping: &'a str,
    pub(crate) bytes: &'a [u8],
}

pub(crate) fn insert_import(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    new: &NewImportRow<'_>,
) -> Result<ImportId, Fault> {
    let id: ImportId = ctx.id();
    let shape = match new.shape {
        Shape::Csv => "csv",
        Shape::JsonLines => "jsonl",
    };
    let size = i64::try_from(new.bytes.len()).unwrap_or(i64::MAX);
    tx.exec_one(
        "INSERT INTO cases_import (office_id, id, name, shape, size, mapping, state, lang, by_staff,
            created_at, changed_at, done, fresh, known, refused, survey)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 0, 0, 0, 0, $11)",
        args![
            ctx.office,
            id,
            new.name,
            shape,
            size,
            new.mapping,
            ImportState::Checking,
            ctx.lang.tag(),
            ctx.actor.staff_id(),
            ctx.now,
            sealed(seal, ctx, id, &Survey::default())?
        ],
    )?;
    for (part, piece) in new.bytes.chunks(PIECE).enumerate() {
        put_part(tx, ctx, seal, (id, PartOf::File), part, piece)?;
    }
    Ok(id)
}

fn put_part(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    (import, of): (ImportId, PartOf),
    part: usize,
    piece: &[u8],
) -> Result<(), Fault> {
    let id: PartId = ctx.id();
    let bytes = seal.seal_bytes(&ctx.ids, SealAt::new(PART, "bytes", id), piece)?;
    tx.exec_one(
        "INSERT INTO cases_import_part (office_id, id, import_id, kind, part, bytes)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![ctx.office, id, import, of.as_str(), i32::try_from(part).unwrap_or(i32::MAX), bytes],
    )
}

/// More refused rows, behind those that are there.
pub(crate) fn append_refused(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    import: ImportId,
    rows: &[u8],
) -> Result<(), Fault> {
    let (next,): (i64,) = tx.one(
        "SELECT count(*) FROM cases_import_part
          WHERE office_id = $1 AND import_id = $2 AND kind = $3",
        args![ctx.office, import, PartOf::Refused.as_str()],
    )?;
    let part = usize::try_from(next).unwrap_or(usize::MAX);
    put_part(tx, ctx, seal, (import, PartOf::Refused), part, rows)
}

/// The pieces in one.
pub(crate) fn import_bytes(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    import: ImportId,
    of: PartOf,
) -> Result<Vec<u8>, Fault> {
    let parts: Vec<(PartId, SealedText)> = tx.all(
        "SELECT id, bytes FROM cases_import_part
          WHERE office_id = $1 AND import_id = $2 AND kind = $3 ORDER BY part",
        args![office, import, of.as_str()],
    )?;
    let mut bytes = Vec::new();
    for (id, sealed) in parts {
        bytes.extend(seal.open_bytes(SealAt::new(PART, "bytes", id), &sealed)?);
    }
    Ok(bytes)
}

pub(crate) fn delete_parts(
    tx: &mut Tx,
    office: OfficeId,
    import: ImportId,
    of: PartOf,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM cases_import_part WHERE office_id = $1 AND import_id = $2 AND kind = $3",
        args![office, import, of.as_str()],
    )
}

/// The file of that id.
pub(crate) fn import(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: ImportId,
) -> Result<Option<Import>, Fault> {
    let line: Option<Line> = tx.get(
        &format!("SELECT {COLUMNS} FROM cases_import WHERE office_id = $1 AND id = $2"),
        args![office, id],
    )?;
    line.map(|line| opened(seal, line)).transpose()
}

/// The latest files.
pub(crate) fn imports(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    limit: i64,
) -> Result<Vec<Import>, Fault> {
    let lines: Vec<Line> = tx.all(
        &format!(
            "SELECT {COLUMNS} FROM cases_import WHERE office_id = $1
              ORDER BY created_at DESC, id DESC LIMIT $2"
        ),
        args![office, limit],
    )?;
    lines.into_iter().map(|line| opened(seal, line)).collect()
}

/// Goes on from `seen` rows: false where another did meanwhile, and nothing may be written.
pub(crate) fn import_went_on(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    kept: &Import,
    seen: i64,
    brought: Brought,
) -> Result<bool, Fault> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let survey = sealed(seal, ctx, kept.id, &kept.survey)?;
    let changed = tx.exec(
        "UPDATE cases_import SET done = $1, fresh = fresh + $2, known = known + $3, refused = $4,
                survey = $5, changed_at = $6
          WHERE office_id = $7 AND id = $8 AND state = $9 AND done = $10",
        args![
            count(kept.survey.rows),
            count(brought.new),
            count(brought.before),
            count(kept.survey.refused),
            survey,
            ctx.now,
            ctx.office,
            kept.id,
            kept.state,
            seen
        ],
    )?;
    Ok(changed == 1)
}

/// Another state; from `from` only, so that two people do not start it twice. Whether it was so.
pub(crate) fn set_import_state(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ImportId,
    from: ImportState,
    to: ImportState,
) -> Result<bool, Fault> {
    let changed = tx.exec(
        "UPDATE cases_import SET state = $1, changed_at = $2
          WHERE office_id = $3 AND id = $4 AND state = $5",
        args![to, ctx.now, ctx.office, id, from],
    )?;
    Ok(changed == 1)
}

/// The rows of the whole file are counted.
pub(crate) fn set_import_total(tx: &mut Tx, ctx: &Ctx, id: ImportId) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE cases_import SET total = done WHERE office_id = $1 AND id = $2",
        args![ctx.office, id],
    )
}

/// The file cannot be read on.
pub(crate) fn set_import_problem(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ImportId,
    problem: &Bilingual,
) -> Result<(), Fault> {
    let problem = serde_json::to_value(problem).map_err(unreadable)?;
    tx.exec_one(
        "UPDATE cases_import SET problem = $1 WHERE office_id = $2 AND id = $3",
        args![problem, ctx.office, id],
    )
}

/// Nothing of it is worked on any more: it begins anew.
pub(crate) fn rewind_import(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    id: ImportId,
) -> Result<(), Fault> {
    let survey = sealed(seal, ctx, id, &Survey::default())?;
    tx.exec_one(
        "UPDATE cases_import SET done = 0, fresh = 0, known = 0, refused = 0, survey = $1,
                changed_at = $2
          WHERE office_id = $3 AND id = $4",
        args![survey, ctx.now, ctx.office, id],
    )?;
    delete_parts(tx, ctx.office, id, PartOf::Refused)?;
    Ok(())
}

/// Files and refused rows that nothing was done with since then are forgotten; how many pieces.
pub(crate) fn forget_import_parts(tx: &mut Tx, ctx: &Ctx, before: Timestamp) -> Result<u64, Fault> {
    tx.exec(
        "UPDATE cases_import SET state = $1
          WHERE office_id = $2 AND changed_at < $3 AND state IN ($4, $5, $6)",
        args![
            ImportState::Stopped,
            ctx.office,
            before,
            ImportState::Checking,
            ImportState::Checked,
            ImportState::Running
        ],
    )?;
    tx.exec(
        "DELETE FROM cases_import_part WHERE office_id = $1 AND import_id IN
             (SELECT id FROM cases_import WHERE office_id = $1 AND changed_at < $2)",
        args![ctx.office, before],
    )
}
