//! `maeul case`: receive, show and list cases through the same acts as the pages.

use std::collections::BTreeMap;

use maeul_base::{Ctx, DongCode, Failure, Fault, Lang, Role};
use maeul_cases::act::{NewCase, Receipt, Who};
use maeul_cases::read::{Queue, QueueRow};
use maeul_cases::web::Desk;
use maeul_cases::{Channel, ContactInput, Knowledge, act, read};
use maeul_people::Staff;
use maeul_web::Site;
use serde_json::json;

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// 민원. / Cases.
#[derive(clap::Args, Clone, Debug)]
pub struct CaseArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Enter a case told at the counter or on the telephone.
    Receive(Box<ReceiveArgs>),
    /// Show a case and what happened to it; contacts are masked.
    Show(ShowArgs),
    /// List a queue.
    List(ListArgs),
    /// Take out for good what an answered case holds of people. Cannot be undone.
    Purge(PurgeArgs),
}

/// Where and as whom.
#[derive(clap::Args, Clone, Debug)]
struct DeskArgs {
    /// The office's code or web name.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    /// The sign-in name of the officer in whose name this is done; without it, the coordinator.
    #[arg(long, value_name = "LOGIN")]
    by: Option<String>,
    /// Answer with JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

#[derive(clap::Args, Clone, Debug)]
struct ReceiveArgs {
    /// What the resident says.
    #[arg(long)]
    text: String,
    /// The service's code.
    #[arg(long, value_name = "CODE")]
    service: Option<String>,
    /// The ten digits of the 동.
    #[arg(long, value_name = "CODE")]
    dong: Option<DongCode>,
    /// Latitude in degrees.
    #[arg(long, requires = "long", allow_negative_numbers = true)]
    lat: Option<f64>,
    /// Longitude in degrees.
    #[arg(long, requires = "lat", allow_negative_numbers = true)]
    long: Option<f64>,
    /// The place in words.
    #[arg(long, default_value = "")]
    place: String,
    /// The resident's name.
    #[arg(long, default_value = "", conflicts_with = "anonymous")]
    name: String,
    /// The resident's telephone.
    #[arg(long, default_value = "", conflicts_with = "anonymous")]
    phone: String,
    /// The resident's e-mail.
    #[arg(long, default_value = "", conflicts_with = "anonymous")]
    email: String,
    /// The resident gives no name.
    #[arg(long)]
    anonymous: bool,
    /// counter or phone.
    #[arg(long, default_value = "counter", value_parser = channel)]
    channel: Channel,
    /// The same key again gives the same receipt instead of a second case.
    #[arg(long, value_name = "KEY")]
    client_key: Option<String>,
    #[command(flatten)]
    desk: DeskArgs,
}

#[derive(clap::Args, Clone, Debug)]
struct ShowArgs {
    /// The receipt number, e.g. 2026-서구-001234-7.
    number: String,
    #[command(flatten)]
    desk: DeskArgs,
}

#[derive(clap::Args, Clone, Debug)]
struct ListArgs {
    /// mine, unit, unassigned, due-today, overdue or approval.
    #[arg(long, default_value = "unit", value_parser = queue)]
    queue: Queue,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    desk: DeskArgs,
}

#[derive(clap::Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("what").args(["words", "contacts", "photos"]).required(true).multiple(true))]
struct PurgeArgs {
    /// The receipt number.
    number: String,
    /// Title, body, answers, letters, every text of the history; and the messages that were sent.
    #[arg(long)]
    words: bool,
    /// Names, telephones, e-mail addresses, and the links by which people follow the case.
    #[arg(long)]
    contacts: bool,
    /// The photos.
    #[arg(long)]
    photos: bool,
    /// Why: which retention period ended, or whose request it is. Kept in the history.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    desk: DeskArgs,
}

fn channel(text: &str) -> Result<Channel, String> {
    Channel::parse(text)
        .filter(|channel| matches!(channel, Channel::Counter | Channel::Phone))
        .ok_or_else(|| "counter 또는 phone / counter or phone".to_owned())
}

fn queue(text: &str) -> Result<Queue, String> {
    Queue::parse(text).ok_or_else(|| "mine, unit, unassigned, due-today, overdue, approval".into())
}

/// Runs the command.
pub(crate) async fn run(args: CaseArgs) -> Told {
    match args.command {
        Command::Receive(args) => receive(*args).await,
        Command::Show(args) => show(args).await,
        Command::List(args) => list(args).await,
        Command::Purge(args) => purge(args).await,
    }
}

/// An open office with an officer at its desk.
struct AtDesk {
    site: Site,
    desk: Desk,
    know: Knowledge,
    ctx: Ctx,
}

impl AtDesk {
    async fn of(args: &DeskArgs) -> Result<Self, End> {
        let house = open::open(&args.store.config()?).await?;
        let site = house.site;
        let office = open::office(&site, args.office.as_deref(), args.lang)?.id;
        let desk = site.room::<Desk>()?.clone();
        let ctx = Ctx { lang: args.lang, ..site.system_ctx(office) };
        let know = desk.knowledge.get(site.db(), office, ctx.now).await?;
        let today = ctx.today();
        let staff = site.db().read(move |tx| maeul_people::staff(tx, office, today)).await?;
        let wanted = |it: &&Staff| match &args.by {
            Some(login) => it.login == *login,
            None => it.role == Role::Coordinator,
        };
        let officer = staff.iter().find(wanted).ok_or_else(|| {
            End::refused(match &args.by {
                Some(login) => format!(
                    "by: {} {login}",
                    args.lang.t("그런 직원이 없습니다:", "there is no such officer:")
                ),
                None => args
                    .lang
                    .t(
                        "by: 민원조정관이 없습니다. --by LOGIN으로 담당자를 알려 주십시오.",
                        "by: there is no coordinator; name an officer with --by LOGIN.",
                    )
                    .to_owned(),
            })
        })?;
        let officer = officer.clone();
        let actor =
            site.db().read(move |tx| maeul_people::actor_of(tx, office, &officer, today)).await?;
        Ok(Self { site, desk, know, ctx: Ctx { actor, ..ctx } })
    }
}

async fn receive(args: ReceiveArgs) -> Told {
    let lang = args.desk.lang;
    let at = AtDesk::of(&args.desk).await?;
    let point = match args.lat.zip(args.long) {
        None => None,
        Some((lat, long)) => {
            let point = maeul_place::Point::from_degrees(lat, long);
            let point = point.map_err(|why| End::of(Failure::Refused(why), lang))?;
            Some((point.lat_e7(), point.lon_e7()))
        }
    };
    let contact =
        ContactInput { name: args.name, phone: args.phone, email: args.email, prefers: None };
    let who =
        if args.anonymous || contact.is_empty() { Who::Anonymous } else { Who::Named(contact) };
    let new = NewCase {
        number: at.desk.numbers.next(at.site.db(), &at.ctx, &at.know).await?,
        client_key: args.client_key,
        channel: args.channel,
        title: String::new(),
        body: args.text,
        service: args.service,
        answers: BTreeMap::new(),
        point,
        dong: args.dong,
        place: args.place,
        who,
        lang: Lang::Ko,
        oral: true,
        received_at: None,
        draft: None,
    };
    let (ctx, know) = (at.ctx.clone(), at.know.clone());
    let receipt = at.site.db().write(move |tx| act::receive(tx, &ctx, &know, &new)).await;
    let receipt = receipt.map_err(|failure| End::of(failure, lang))?;
    print_receipt(&at, &receipt, args.desk.json, lang);
    Ok(())
}

fn print_receipt(at: &AtDesk, receipt: &Receipt, as_json: bool, lang: Lang) {
    let unit = at.know.unit_name(receipt.unit, lang);
    let link = at.know.link(&receipt.token);
    let due = receipt.due.as_ref();
    if as_json {
        let answer = json!({
            "number": receipt.number,
            "case": receipt.case,
            "unit": unit,
            "phone": at.know.unit_phone(receipt.unit),
            "due": due.map(|due| maeul_base::seoul::iso(due.at)),
            "why": due.map(|due| due.lines(lang)),
            "link": link,
            "again": receipt.again,
        });
        println!("{answer}");
        return;
    }
    println!("{}  {}", lang.t("접수번호", "Number  "), receipt.number);
    println!("{}  {unit} ({})", lang.t("담당부서", "Unit    "), at.know.unit_phone(receipt.unit));
    let said = due.map_or_else(|| "-".to_owned(), |due| due.say(lang));
    println!("{}  {said}", lang.t("처리기한", "Due     "));
    println!("{}  {link}", lang.t("민원인용", "Link    "));
    if receipt.again {
        println!("{}", lang.t("이미 접수된 민원입니다.", "This had been received before."));
    }
}

async fn purge(args: PurgeArgs) -> Told {
    let lang = args.desk.lang;
    let at = AtDesk::of(&args.desk).await?;
    let (ctx, know, number) = (at.ctx.clone(), at.know.clone(), args.number.clone());
    let (words, contacts, photos) = (args.words, args.contacts, args.photos);
    let reason = args.reason.clone();
    let done = at
        .site
        .db()
        .write(move |tx| {
            let wanted = maeul_cases::CaseNumber::parse(&number, &know.office().short_ko)
                .map_or_else(|_| number.clone(), |it| it.to_string());
            let case = read::case_of_number(tx, &ctx, &wanted)?.ok_or(Failure::Refused(
                act::PurgeRefusal::Case(maeul_cases::CaseRefusal::NotFound),
            ))?;
            let reason = reason.clone();
            let input = act::Purge { case, words, contacts, photos, reason };
            act::purge(tx, &ctx, &know, &input)
        })
        .await;
    let case = done.map_err(|failure| End::of(failure, lang))?;
    if args.desk.json {
        println!(
            "{}",
            json!({"number": case.number, "words": words, "contacts": contacts, "photos": photos})
        );
    } else {
        println!(
            "{}: {}",
            case.number,
            lang.t("지웠습니다. 되돌릴 수 없습니다.", "Purged. This cannot be undone.")
        );
    }
    Ok(())
}

async fn show(args: ShowArgs) -> Told {
    let lang = args.desk.lang;
    let at = AtDesk::of(&args.desk).await?;
    let (ctx, know, number) = (at.ctx.clone(), at.know.clone(), args.number.clone());
    let found =
        at.site.db().read(move |tx| read::search(tx, &ctx, &know, &number, None, 2)).await?;
    let [row] = found.rows.as_slice() else {
        return Err(End::refused(format!(
            "number: {} {}",
            lang.t("그런 민원을 찾을 수 없습니다:", "no such case was found:"),
            args.number
        )));
    };
    let (ctx, know, id) = (at.ctx.clone(), at.know.clone(), row.id);
    let page = at.site.db().read(move |tx| read::case_page(tx, &ctx, &know, id)).await;
    let page = page.map_err(|failure| End::of(failure, lang))?;
    let case = &page.case;
    if args.desk.json {
        let events: Vec<_> = page
            .events
            .iter()
            .map(|it| {
                json!({"seq": it.seq, "at": maeul_base::seoul::iso(it.at), "who": it.who,
                       "kind": it.kind, "title": it.title, "text": it.text})
            })
            .collect();
        let answer = json!({
            "number": case.number,
            "title": case.title,
            "body": case.body,
            "state": case.state,
            "channel": case.channel,
            "service": case.service,
            "dong": case.place.dong,
            "place": case.place.text,
            "unit": at.know.unit_name(case.unit, lang),
            "officer": page.assignee_name,
            "received_at": maeul_base::seoul::iso(case.received_at),
            "due": case.due.as_ref().map(|due| maeul_base::seoul::iso(due.at)),
            "outcome": case.outcome,
            "answer": case.answer,
            "version": case.version,
            "events": events,
        });
        println!("{answer}");
        return Ok(());
    }
    println!("{}  {}", case.number, case.title);
    println!("{} · {}", case.state.name(lang), at.know.unit_name(case.unit, lang));
    if let Some(due) = &case.due {
        println!("{} {}", lang.t("처리기한", "Due"), due.say(lang));
    }
    println!("\n{}\n", case.body);
    for event in &page.events {
        let when = maeul_base::seoul::time_text(event.at, lang);
        println!("{when}  {} ({})", event.title, event.who);
        for line in event.text.lines() {
            println!("    {line}");
        }
    }
    Ok(())
}

async fn list(args: ListArgs) -> Told {
    let lang = args.desk.lang;
    let at = AtDesk::of(&args.desk).await?;
    let (ctx, know, queue, limit) = (at.ctx.clone(), at.know.clone(), args.queue, args.limit);
    let read: Result<_, Fault> =
        at.site.db().read(move |tx| read::queue(tx, &ctx, &know, queue, None, limit)).await;
    let page = read?;
    for row in &page.rows {
        if args.desk.json {
            println!("{}", row_json(&at, row, lang));
        } else {
            let due = row.due_on.map_or_else(|| "-".to_owned(), |on| on.to_string());
            let mark = if row.overdue { "!" } else { " " };
            println!("{}  {due}{mark} {}  {}", row.number, row.state.name(lang), row.title);
        }
    }
    if page.rows.is_empty() && !args.desk.json {
        println!("{}", lang.t("민원이 없습니다.", "No cases."));
    }
    Ok(())
}

fn row_json(at: &AtDesk, row: &QueueRow, lang: Lang) -> serde_json::Value {
    json!({
        "number": row.number,
        "title": row.title,
        "state": row.state,
        "channel": row.channel,
        "service": row.service,
        "dong": row.dong,
        "unit": at.know.unit_name(row.unit, lang),
        "officer": row.assignee_name,
        "received_at": maeul_base::seoul::iso(row.received_at),
        "due": row.due_at.map(maeul_base::seoul::iso),
        "overdue": row.overdue,
        "version": row.version,
    })
}
