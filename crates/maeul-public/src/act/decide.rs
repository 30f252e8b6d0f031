//! An officer looks at a summary: publish, withhold, take back. Each decision is a row of its own.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Failure, Fault, Lang, PhotoId, Refusal, StaffId};
use maeul_cases::permissions::CASES_SEE;
use maeul_cases::read::{self as cases, CaseHistory};
use maeul_cases::{Case, Knowledge, Reach};
use maeul_db::Tx;
use maeul_language::PersonalKind;
use maeul_queue::NewJob;

use super::refresh;
use crate::Settings;
use crate::jobs::APPEAR;
use crate::permissions::PUBLISH;
use crate::picture::Picture;
use crate::store::{self, Decision};
use crate::summary::{LONGEST_BODY, LONGEST_TITLE, found_in, masking, names_a_party};
use crate::words::{Look, Verb};

/// Longest reason, in letters.
const LONGEST_REASON: usize = 500;

/// What may be read, as the officer leaves it.
#[derive(Clone, Debug)]
pub struct Publish {
    /// The case.
    pub case: CaseId,
    /// How many decisions the page had seen.
    pub seen: i64,
    /// In a few words, masked.
    pub title: String,
    /// The summary, masked.
    pub body: String,
    /// The photos that were ticked: none by default.
    pub photos: Vec<PhotoId>,
}

/// What may not be read.
#[derive(Clone, Debug)]
pub struct Withhold {
    /// The case.
    pub case: CaseId,
    /// How many decisions the page had seen.
    pub seen: i64,
    /// Why.
    pub reason: String,
}

/// Whether the texts of earlier decisions go too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erase {
    /// They stay in the history for the staff.
    Keep,
    /// They go: something was in them that should not have been.
    Texts,
}

/// What may not be read any more.
#[derive(Clone, Debug)]
pub struct Unpublish {
    /// The case.
    pub case: CaseId,
    /// How many decisions the page had seen.
    pub seen: i64,
    /// Why.
    pub reason: String,
    /// Whether earlier texts go.
    pub erase: Erase,
}

/// Why a decision cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookRefusal {
    /// Nobody is signed in.
    StaffOnly,
    /// There is no such case.
    NotFound,
    /// Another unit's.
    NotYours,
    /// Its service or channel publishes no summaries.
    NotToBePublished,
    /// Someone else decided since the page was read.
    ChangedMeanwhile,
    /// There is no title.
    NoTitle,
    /// The title is too long.
    LongTitle,
    /// There is no summary.
    NoBody,
    /// The summary is too long.
    LongBody,
    /// Personal data is in the title or the summary.
    Personal {
        /// In which field.
        field: &'static str,
        /// Of what kinds.
        kinds: Vec<PersonalKind>,
    },
    /// There is no reason.
    NoReason,
    /// The reason is too long.
    LongReason,
    /// It is not public.
    NotPublished,
}

impl Refusal for LookRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::StaffOnly => "publication.staff_only",
            Self::NotFound => "publication.not_found",
            Self::NotYours => "publication.not_yours",
            Self::NotToBePublished => "publication.not_to_be_published",
            Self::ChangedMeanwhile => "publication.changed_meanwhile",
            Self::NoTitle => "publication.no_title",
            Self::LongTitle => "publication.long_title",
            Self::NoBody => "publication.no_body",
            Self::LongBody => "publication.long_body",
            Self::Personal { .. } => "publication.personal",
            Self::NoReason => "publication.no_reason",
            Self::LongReason => "publication.long_reason",
            Self::NotPublished => "publication.not_published",
        }
    }

    fn say(&self, lang: Lang) -> String {
        let t = |ko: &'static str, en: &'static str| lang.t(ko, en).to_owned();
        match self {
            Self::StaffOnly => t(
                "직원만 할 수 있는 일입니다. 로그인해 주십시오.",
                "Only staff can do this. Please sign in.",
            ),
            Self::NotFound => t(
                "그런 민원을 찾을 수 없습니다. 목록에서 다시 골라 주십시오.",
                "There is no such case. Please choose it from the list again.",
            ),
            Self::NotYours => t(
                "다른 부서의 민원입니다. 담당 부서나 민원조정관이 검토합니다.",
                "This case belongs to another unit. That unit or the coordinator looks at it.",
            ),
            Self::NotToBePublished => t(
                "요약을 공개하지 않는 분야나 접수 경로의 민원입니다.",
                "Summaries of this service or channel are not published.",
            ),
            Self::ChangedMeanwhile => t(
                "그사이 다른 사람이 결정했습니다. 이력을 확인한 뒤 다시 해 주십시오. 쓰신 내용은 그대로 있습니다.",
                "Someone else decided in the meantime. Look at the history and try again; what you \
                 typed is kept.",
            ),
            Self::NoTitle => t("제목을 적어 주십시오.", "Please write a title."),
            Self::LongTitle => {
                t("제목은 100자 안으로 적어 주십시오.", "Please keep the title to 100 characters.")
            }
            Self::NoBody => t("요약을 적어 주십시오.", "Please write the summary."),
            Self::LongBody => t(
                "요약은 2,000자 안으로 적어 주십시오.",
                "Please keep the summary to 2,000 characters.",
            ),
            Self::Personal { kinds, .. } => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name(lang)).collect();
                match lang {
                    Lang::Ko => format!(
                        "개인정보로 보이는 것이 남아 있습니다({}). 지우거나 바꾸어 적어 주십시오.",
                        names.join(", ")
                    ),
                    Lang::En => format!(
                        "There seems to be personal data left ({}). Please remove or rewrite it.",
                        names.join(", ")
                    ),
                }
            }
            Self::NoReason => t("까닭을 적어 주십시오.", "Please write the reason."),
            Self::LongReason => {
                t("까닭은 500자 안으로 적어 주십시오.", "Please keep the reason to 500 characters.")
            }
            Self::NotPublished => t(
                "공개한 요약이 없습니다. 이력을 확인해 주십시오.",
                "No summary of it is public. Please look at the history.",
            ),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoTitle | Self::LongTitle => Some("title"),
            Self::NoBody | Self::LongBody => Some("body"),
            Self::Personal { field, .. } => Some(field),
            Self::NoReason | Self::LongReason => Some("reason"),
            _ => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::StaffOnly | Self::NotYours => 403,
            Self::NotToBePublished | Self::ChangedMeanwhile | Self::NotPublished => 409,
            _ => 422,
        }
    }
}

/// A summary in the hands of an officer.
struct Work {
    history: CaseHistory,
    staff: StaffId,
    last: Option<Decision>,
}

/// Whether the acting member of staff looks at summaries of this case; who may not even see the case
/// learns nothing of it.
pub(crate) fn may_look(ctx: &Ctx, know: &Knowledge, case: &Case) -> Result<StaffId, LookRefusal> {
    let (staff, _) = ctx.actor.staff().ok_or(LookRefusal::StaffOnly)?;
    if Reach::of(ctx, know, &PUBLISH).has(case) {
        Ok(staff)
    } else if Reach::of(ctx, know, &CASES_SEE).has(case) {
        Err(LookRefusal::NotYours)
    } else {
        Err(LookRefusal::NotFound)
    }
}

fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: CaseId,
    seen: i64,
) -> Result<Work, Failure<LookRefusal>> {
    if ctx.actor.staff().is_none() {
        return Err(Failure::Refused(LookRefusal::StaffOnly));
    }
    let history = cases::case_history(tx, ctx.office, case)?
        .ok_or(Failure::Refused(LookRefusal::NotFound))?;
    let staff = may_look(ctx, know, &history.case).map_err(Failure::Refused)?;
    let last = store::last_decision(tx, ctx.office, case)?;
    if last.as_ref().map_or(0, |it| it.seq) != seen {
        return Err(Failure::Refused(LookRefusal::ChangedMeanwhile));
    }
    Ok(Work { history, staff, last })
}

/// Lets a masked summary out: it shows at once, or as soon as the delay is over.
pub fn publish(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    input: &Publish,
) -> Result<(), Failure<LookRefusal>> {
    let refuse = |refusal| Err(Failure::Refused(refusal));
    let work = begin(tx, ctx, know, input.case, input.seen)?;
    if Picture::of(know, &work.history, Look::Waiting).look == Look::None {
        return refuse(LookRefusal::NotToBePublished);
    }
    let (title, body) = (input.title.trim(), input.body.trim());
    let empty = |text: &str| text.is_empty();
    let long = |text: &str, longest: usize| text.chars().count() > longest;
    match () {
        () if empty(title) => return refuse(LookRefusal::NoTitle),
        () if long(title, LONGEST_TITLE) => return refuse(LookRefusal::LongTitle),
        () if empty(body) => return refuse(LookRefusal::NoBody),
        () if long(body, LONGEST_BODY) => return refuse(LookRefusal::LongBody),
        () => {}
    }
    let masking = masking(know);
    // Together too: what a line says of the next one counts.
    let both = format!("{title}\n{body}");
    for (field, text) in [("title", title), ("body", body), ("body", both.as_str())] {
        let mut kinds = found_in(&masking, text);
        if kinds.is_empty() && names_a_party(tx, know, &work.history.case, text)? {
            kinds.push(PersonalKind::Name);
        }
        if !kinds.is_empty() {
            return refuse(LookRefusal::Personal { field, kinds });
        }
    }
    let known = cases::photos_of(tx, ctx.office, input.case)?;
    let photos = known.iter().map(|it| it.id).filter(|id| input.photos.contains(id)).collect();
    let words = Words { title, body, photos, reason: "" };
    record(tx, ctx, &work, Verb::Publish, words)?;
    let from = work.history.case.received_at + settings.summary_delay;
    if from > ctx.now {
        let payload = serde_json::json!({ "case": input.case });
        let job = NewJob { run_at: from, ..NewJob::now(ctx, APPEAR, payload) };
        maeul_queue::enqueue(tx, ctx, &job)?;
    }
    refresh(tx, ctx, know, settings, input.case)?;
    Ok(())
}

/// Decides against a summary; one that is public is taken back.
pub fn withhold(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    input: &Withhold,
) -> Result<(), Failure<LookRefusal>> {
    let reason = reason_of(&input.reason)?;
    let work = begin(tx, ctx, know, input.case, input.seen)?;
    if Picture::of(know, &work.history, Look::Waiting).look == Look::None {
        return Err(Failure::Refused(LookRefusal::NotToBePublished));
    }
    record(tx, ctx, &work, Verb::Withhold, Words { reason, ..Words::default() })?;
    refresh(tx, ctx, know, settings, input.case)?;
    Ok(())
}

/// Takes a summary back that was let out.
pub fn unpublish(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    input: &Unpublish,
) -> Result<(), Failure<LookRefusal>> {
    let reason = reason_of(&input.reason)?;
    let work = begin(tx, ctx, know, input.case, input.seen)?;
    if work.last.as_ref().is_none_or(|it| it.verb != Verb::Publish) {
        return Err(Failure::Refused(LookRefusal::NotPublished));
    }
    if input.erase == Erase::Texts {
        store::erase_texts(tx, ctx.office, input.case)?;
    }
    record(tx, ctx, &work, Verb::Unpublish, Words { reason, ..Words::default() })?;
    refresh(tx, ctx, know, settings, input.case)?;
    Ok(())
}

fn reason_of(text: &str) -> Result<&str, Failure<LookRefusal>> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::Refused(LookRefusal::NoReason));
    }
    if text.chars().count() > LONGEST_REASON {
        return Err(Failure::Refused(LookRefusal::LongReason));
    }
    Ok(text)
}

#[derive(Default)]
struct Words<'a> {
    title: &'a str,
    body: &'a str,
    photos: Vec<PhotoId>,
    reason: &'a str,
}

fn record(tx: &mut Tx, ctx: &Ctx, work: &Work, verb: Verb, words: Words<'_>) -> Result<(), Fault> {
    let at: Timestamp = ctx.now;
    let decision = Decision {
        case: work.history.case.id,
        seq: work.last.as_ref().map_or(1, |it| it.seq + 1),
        at,
        staff: Some(work.staff),
        verb,
        title: words.title.to_owned(),
        body: words.body.to_owned(),
        photos: words.photos,
        reason: words.reason.to_owned(),
    };
    store::insert_decision(tx, ctx, &decision)
}
