//! Refresh: the picture of a case becomes what the case is now. As often as one likes.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Fault};
use maeul_cases::disclosure::{Openness, openness};
use maeul_cases::read::{self as cases, CaseHistory};
use maeul_cases::{Case, Channel, Knowledge, PhotoSize, Publicity};
use maeul_db::Tx;

use crate::Settings;
use crate::picture::Picture;
use crate::store::{self, Decision, NewPhoto, Stored, Text};
use crate::words::{Look, Verb};

/// Grows when pictures are made otherwise than before: then all are made anew after an upgrade.
pub const PROJECTION: i32 = 1;

/// Makes the picture of one case anew; whether it is another than before.
pub fn refresh(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    case: CaseId,
) -> Result<bool, Fault> {
    Ok(refresh_some(tx, ctx, know, settings, &[case])? > 0)
}

/// Makes the pictures of some cases anew, each named once; how many are others than before.
pub fn refresh_some(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    ids: &[CaseId],
) -> Result<usize, Fault> {
    let histories = cases::histories_of(tx, ctx.office, ids)?;
    refresh_all(tx, ctx, know, settings, &histories)
}

fn refresh_all(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    histories: &[CaseHistory],
) -> Result<usize, Fault> {
    if histories.is_empty() {
        return Ok(0);
    }
    let ids: Vec<CaseId> = histories.iter().map(|it| it.case.id).collect();
    let before = Before::of(tx, ctx, &ids)?;
    let mut changed = 0;
    for history in histories {
        changed += usize::from(before.follow(tx, ctx, know, settings, history)?);
    }
    Ok(changed)
}

/// Makes the pictures of some cases anew in the order they came in: how many are others than
/// before, and where the next page begins.
pub fn refresh_page(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(usize, Option<Cursor>), Fault> {
    let (histories, next) = cases::case_histories(tx, ctx.office, after, limit)?;
    let changed = refresh_all(tx, ctx, know, settings, &histories)?;
    if next.is_none() {
        store::put_built(tx, ctx, PROJECTION)?;
    }
    Ok((changed, next))
}

/// Takes off the lists at once what its service no longer shows, before any picture is made anew.
pub fn tighten(tx: &mut Tx, ctx: &Ctx, know: &Knowledge) -> Result<u64, Fault> {
    let shown: Vec<(Channel, Vec<String>)> = Channel::ALL
        .iter()
        .map(|channel| {
            let services = know.all_services().filter(|it| {
                it.publicity(*channel) >= Publicity::Outline
                    && openness(it, *channel) != Openness::Hidden
            });
            (*channel, services.map(|it| it.code.clone()).collect())
        })
        .collect();
    store::tighten(tx, ctx, &shown)
}

/// What is kept of some cases.
struct Before {
    pictures: Vec<Stored>,
    decisions: Vec<Decision>,
    texts: Vec<Text>,
}

impl Before {
    fn of(tx: &mut Tx, ctx: &Ctx, cases: &[CaseId]) -> Result<Self, Fault> {
        Ok(Self {
            pictures: store::pictures(tx, ctx.office, cases)?,
            decisions: store::last_decisions(tx, ctx.office, cases)?,
            texts: store::texts(tx, ctx.office, cases)?,
        })
    }

    fn follow(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        know: &Knowledge,
        settings: &Settings,
        history: &CaseHistory,
    ) -> Result<bool, Fault> {
        let case = history.case.id;
        let stored = self.pictures.iter().find(|it| it.picture.case == case);
        let mut last = self.decisions.iter().find(|it| it.case == case).cloned();
        let text = self.texts.iter().find(|it| it.case == case);
        let may = Picture::of(know, history, Look::Waiting).look != Look::None;
        if let Some(published) = last.as_ref().filter(|it| !may && it.verb == Verb::Publish) {
            let lapse = lapse(ctx.now, published);
            store::insert_decision(tx, ctx, &lapse)?;
            last = Some(lapse);
        }
        let look = last.as_ref().map_or(Look::Waiting, |it| it.verb.look());
        let picture = Picture::of(know, history, look);
        let from = history.case.received_at + settings.summary_delay;
        let shown = last.filter(|it| may && it.verb == Verb::Publish && from <= ctx.now);
        let words = show(tx, ctx, &history.case, shown.as_ref(), text)?;
        let same = match stored {
            Some(stored) => stored.picture == picture,
            // What was never known leaves no trace.
            None => picture.level == Publicity::Private,
        };
        if same && !words {
            return Ok(false);
        }
        store::put_picture(tx, ctx, &picture)?;
        Ok(true)
    }
}

/// Shows what was decided, or takes it away; whether anything changed.
fn show(
    tx: &mut Tx,
    ctx: &Ctx,
    case: &Case,
    wanted: Option<&Decision>,
    text: Option<&Text>,
) -> Result<bool, Fault> {
    let Some(wanted) = wanted else {
        if text.is_some() {
            store::hide_text(tx, ctx.office, case.id)?;
        }
        return Ok(text.is_some());
    };
    let mut changed = false;
    if text.is_none_or(|it| (&it.title, &it.body) != (&wanted.title, &wanted.body)) {
        store::put_text(tx, ctx, case.id, case.received_at, &wanted.title, &wanted.body)?;
        changed = true;
    }
    let shown = store::photos(tx, ctx.office, case.id)?;
    if !shown.iter().map(|it| it.id).eq(wanted.photos.iter().copied()) {
        copy_photos(tx, ctx, case.id, wanted)?;
        changed = true;
    }
    Ok(changed)
}

fn copy_photos(tx: &mut Tx, ctx: &Ctx, case: CaseId, wanted: &Decision) -> Result<(), Fault> {
    store::remove_photos(tx, ctx.office, case)?;
    let views = cases::photos_of(tx, ctx.office, case)?;
    for (ord, id) in wanted.photos.iter().enumerate() {
        let Some(view) = views.iter().find(|it| it.id == *id) else { continue };
        let Some(full) = cases::photo(tx, ctx, *id, PhotoSize::Full)? else { continue };
        let Some(thumb) = cases::photo(tx, ctx, *id, PhotoSize::Thumb)? else { continue };
        let new = NewPhoto {
            case,
            id: *id,
            ord,
            width: view.width,
            height: view.height,
            mime: &full.mime,
            thumb: &thumb.bytes,
            bytes: &full.bytes,
        };
        store::put_photo(tx, ctx.office, &new)?;
    }
    Ok(())
}

fn lapse(now: Timestamp, published: &Decision) -> Decision {
    Decision {
        seq: published.seq + 1,
        at: now,
        staff: None,
        verb: Verb::Lapse,
        title: String::new(),
        body: String::new(),
        photos: Vec::new(),
        reason: String::new(),
        ..published.clone()
    }
}
