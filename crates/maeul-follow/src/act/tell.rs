//! What was noted is told to those who follow it: one message a person, however many things of theirs
//! it concerns. The marks of what was told stand in the transaction that queues the message, and the
//! message has a name of its own: after a crash nothing is told twice, and nothing is left out.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use maeul_base::{CaseId, Ctx, Fault, Lang, OfficeId};
use maeul_cases::Knowledge;
use maeul_db::Tx;
use maeul_notice::{Channel, NewNotice, queue_stoppable};
use maeul_public::read::{PublicCase, shown};

use crate::id::{PersonId, SubscriptionId};
use crate::matching::{Index, Subject, Wanted};
use crate::news::Kind;
use crate::store::{self, DueLine};
use crate::texts::{Digest, Item};
use crate::wish::What;
use crate::words::Rhythm;
use crate::{Shelf, read, secret};

/// Subscriptions in one transaction.
const BATCH: usize = 1_000;
/// News that are older are told to nobody: who was not told for so long has had an outage. 14 days.
pub(crate) const OLDEST: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Cases read at a time.
const CASES: usize = 500;

/// What is to be told, ready to be compared.
#[derive(Clone, Debug)]
pub struct News {
    subjects: Vec<Subject>,
    until: Timestamp,
}

impl News {
    /// Up to when it was noted.
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// How many things happened.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Nothing happened.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }
}

/// What one transaction told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// How many subscriptions were looked at.
    pub seen: usize,
    /// How many messages were queued.
    pub messages: usize,
}

/// Up to when there is something that those who are told at once were not told; `None`: nothing.
pub fn standing_by(tx: &mut Tx, office: OfficeId) -> Result<Option<Timestamp>, Fault> {
    match store::last_news(tx, office)? {
        Some(last) if store::behind(tx, office, last)? => Ok(Some(last)),
        _ => Ok(None),
    }
}

/// Reads what some of those with these rhythms were not told yet.
pub fn load_news(tx: &mut Tx, ctx: &Ctx, rhythms: &[Rhythm]) -> Result<Option<News>, Fault> {
    let Some(until) = store::last_news(tx, ctx.office)? else { return Ok(None) };
    let Some(oldest) = store::oldest_mark(tx, ctx.office, rhythms)? else { return Ok(None) };
    let after = oldest.max(ctx.now.checked_sub(OLDEST).unwrap_or(oldest));
    if after >= until {
        return Ok(None);
    }
    let lines = store::news_between(tx, ctx.office, after, until)?;
    let mut ids: Vec<CaseId> = lines.iter().map(|line| line.case).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut cases = BTreeMap::new();
    for some in ids.chunks(CASES) {
        cases
            .extend(shown(tx, ctx.office, some)?.into_iter().map(|case| (case.picture.case, case)));
    }
    let subjects = lines
        .iter()
        .filter_map(|line| Some(Subject::new(cases.get(&line.case)?, line.kind, line.noted_at)))
        .collect();
    Ok(Some(News { subjects, until }))
}

/// Tells some of those with these rhythms; to be called until nobody is left. While telephones are
/// left alone, those who are told by text message wait, and hear it all in the morning.
pub fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    know: &Knowledge,
    rhythms: &[Rhythm],
    news: &News,
) -> Result<Told, Fault> {
    let quiet = shelf.settings().is_quiet(ctx.now);
    let due = store::due(tx, ctx.office, rhythms, news.until, quiet, BATCH)?;
    let wanted: Vec<Wanted> =
        due.iter().map(|line| Wanted::new(line.wish.clone(), line.mark_at)).collect();
    let people = sort(&due, &Index::new(&wanted), news);
    let mut ids: Vec<CaseId> = people.values().flat_map(|it| it.cases.keys().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    // As everybody may see them at this moment: what was taken back meanwhile is not told.
    let mut cases = BTreeMap::new();
    for some in ids.chunks(CASES) {
        cases
            .extend(shown(tx, ctx.office, some)?.into_iter().map(|case| (case.picture.case, case)));
    }
    let mut messages = 0;
    for (person, theirs) in &people {
        let message = Message { person: *person, theirs, rhythms, until: news.until };
        messages += usize::from(write(tx, ctx, shelf, know, &cases, &message)?);
    }
    let ids: Vec<SubscriptionId> = due.iter().map(|line| line.id).collect();
    if !ids.is_empty() {
        store::mark_told(tx, ctx.office, &ids, news.until)?;
    }
    Ok(Told { seen: due.len(), messages })
}

/// What one person is told.
struct Theirs {
    channel: Channel,
    /// The last that happened to each case, and whether they follow that very case.
    cases: BTreeMap<CaseId, (Kind, bool)>,
}

fn sort(due: &[DueLine], index: &Index<'_>, news: &News) -> BTreeMap<PersonId, Theirs> {
    let mut people: BTreeMap<PersonId, Theirs> = BTreeMap::new();
    for subject in &news.subjects {
        for line in index.matching(subject).into_iter().filter_map(|place| due.get(place)) {
            let theirs = people
                .entry(line.person)
                .or_insert_with(|| Theirs { channel: line.channel, cases: BTreeMap::new() });
            let own = matches!(line.wish.what, What::Case(_));
            let told = theirs.cases.entry(subject.case).or_insert((subject.kind, own));
            *told = (subject.kind, told.1 || own);
        }
    }
    people
}

struct Message<'a> {
    person: PersonId,
    theirs: &'a Theirs,
    rhythms: &'a [Rhythm],
    until: Timestamp,
}

/// Queues the message of one person; false where nothing of it can be seen any more.
fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    shelf: &Shelf,
    know: &Knowledge,
    cases: &BTreeMap<CaseId, PublicCase>,
    message: &Message<'_>,
) -> Result<bool, Fault> {
    let Message { person, theirs, rhythms, until } = message;
    let (to, lang) = store::contact_of(tx, know.seal(), ctx.office, *person)?;
    let base = shelf.base(know);
    let mut items: Vec<(bool, Item)> = theirs
        .cases
        .iter()
        .filter_map(|(case, (kind, own))| {
            Some((!*own, item(know, cases.get(case)?, *kind, *own, &base, lang)))
        })
        .collect();
    if items.is_empty() {
        return Ok(false);
    }
    // The cases they follow themselves come first, then 동 by 동.
    items.sort_by(|a, b| (a.0, &a.1.group, &a.1.link).cmp(&(b.0, &b.1.group, &b.1.link)));
    let settings = shelf.settings();
    let most = match theirs.channel {
        Channel::Email => settings.items_email,
        Channel::Sms => settings.items_sms,
    };
    let more = items.len().saturating_sub(most);
    let items: Vec<Item> = items.into_iter().take(most).map(|it| it.1).collect();
    let link = secret::link_of(know.seal(), ctx.office, *person);
    let (list, manage) = (format!("{base}/cases"), format!("{base}/follow/{link}"));
    let stop = match theirs.channel {
        Channel::Email => format!("{manage}/stop"),
        Channel::Sms => format!("{base}/f/{link}"),
    };
    let office = know.office().short(lang);
    let digest = Digest {
        office,
        items: &items,
        more,
        list: &list,
        manage: &manage,
        stop: &stop,
        can_answer: settings.texts_come_back,
    };
    let words = digest.words(theirs.channel, lang);
    let rhythm = rhythms.last().map_or("", |it| it.as_str());
    let notice = NewNotice {
        case: None,
        channel: theirs.channel,
        to,
        subject: words.subject,
        body: words.body,
        lang,
        dedupe: format!("follow {rhythm} {person} {}", until.as_microsecond()),
    };
    let queued = queue_stoppable(tx, ctx, know.seal(), &notice, &format!("{manage}/stop"))?;
    Ok(queued.is_some())
}

fn item(
    know: &Knowledge,
    case: &PublicCase,
    kind: Kind,
    own: bool,
    base: &str,
    lang: Lang,
) -> Item {
    let dong = case.picture.dong.as_ref().map(|code| know.dong_name(code, lang));
    let mut happened = kind.name(lang).to_owned();
    if kind == Kind::Answered
        && let Some(outcome) = case.picture.outcome
    {
        happened = format!("{happened} ({})", outcome.name(lang));
    }
    if kind == Kind::DueMoved
        && let Some(due) = case.picture.due_at
    {
        happened = format!("{happened} ({})", maeul_base::seoul::time_text(due, lang));
    }
    let followed = lang.t("따라 보는 민원", "Cases you follow");
    Item {
        group: if own { followed } else { dong.unwrap_or_default() }.to_owned(),
        title: read::title(know, case, lang),
        happened,
        link: format!("{base}/cases/{}", case.id()),
    }
}
