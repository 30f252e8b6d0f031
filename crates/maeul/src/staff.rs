//! `maeul staff`: what people may do, given and ended from the command line.

mod credentials;
mod roles;

use std::io::{self, Write};

use jiff::civil::Date;
use maeul_base::{DongCode, Failure, Lang, Role, seoul};
use maeul_people::{Grant, GrantRefusal, GrantScope, NewGrant, Staff, Standing};
use serde_json::{Value, json};

use crate::end::{End, Told};
use crate::open;
use crate::store::OfficeArgs;

/// 직원의 권한. / What people may do.
#[derive(clap::Args, Clone, Debug)]
pub struct StaffArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// What a person may do now, and could do before.
    Grants(GrantsArgs),
    /// Give a person a role over a part of the office.
    Grant(GrantArgs),
    /// End a grant, at once.
    Revoke(RevokeArgs),
    /// A new password and one-time key for who lost theirs: shown once. Sessions and passkeys end.
    NewCredentials(credentials::NewArgs),
    /// What each role may do here, and what the office changed of it.
    Roles(roles::RolesArgs),
    /// Give a permission to a role of the office, or take it away.
    ChangeRole(roles::ChangeArgs),
    /// End a change of a role, at once: the role is as it was.
    RestoreRole(roles::RestoreArgs),
    /// Let the officers of 동 offices see their 동, as new staff files do; who has had it is left alone.
    OwnDong(roles::OwnDongArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct GrantsArgs {
    /// The person's sign-in name.
    login: String,
    #[command(flatten)]
    at: OfficeArgs,
}

#[derive(clap::Args, Clone, Debug)]
struct GrantArgs {
    /// The person's sign-in name.
    login: String,
    /// officer, head, coordinator, administrator, viewer or auditor.
    #[arg(value_parser = role)]
    role: Role,
    /// own, unit, unit:CODE, dong:CODE or office. Without it the least with which the role works.
    #[arg(long)]
    over: Option<String>,
    /// The first day; without it, today.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// The last day; without it, until it is ended.
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Why; it is kept.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    at: OfficeArgs,
}

#[derive(clap::Args, Clone, Debug)]
struct RevokeArgs {
    /// The grant's id, as `maeul staff grants` shows it.
    grant: String,
    /// Why; it is kept.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    at: OfficeArgs,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| Role::ALL.map(Role::as_str).join(", "))
}

/// Runs the command.
pub(crate) async fn run(args: StaffArgs) -> Told {
    match args.command {
        Command::Grants(args) => grants(args).await,
        Command::Grant(args) => grant(args).await,
        Command::Revoke(args) => revoke(args).await,
        Command::NewCredentials(args) => credentials::renew(args).await,
        Command::Roles(args) => roles::list(args).await,
        Command::ChangeRole(args) => roles::change(args).await,
        Command::RestoreRole(args) => roles::restore(args).await,
        Command::OwnDong(args) => roles::own_dong(args).await,
    }
}

fn print(text: &str) -> Told {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(End::doing("write the answer"))
}

fn scope_word(scope: &GrantScope) -> String {
    match scope {
        GrantScope::Unit(unit) => format!("unit:{unit}"),
        GrantScope::Dong(code) => format!("dong:{code}"),
        other => other.word().to_owned(),
    }
}

const fn standing_word(it: Standing) -> &'static str {
    match it {
        Standing::Ahead => "ahead",
        Standing::InForce => "in_force",
        Standing::Over => "over",
    }
}

fn as_json(it: &Grant, today: Date) -> Value {
    json!({
        "id": it.id.to_string(),
        "role": it.role.as_str(),
        "over": scope_word(&it.scope),
        "from": it.from,
        "until": it.until.and_then(|day| day.yesterday().ok()),
        "standing": standing_word(it.standing(today)),
        "origin": it.origin.as_str(),
        "reason": it.reason,
        "granted_at": seoul::iso(it.granted_at),
        "granted_by": it.granted_by.map(|id| id.to_string()),
        "ended_at": it.ended_at.map(seoul::iso),
        "ended_by": it.ended_by.map(|id| id.to_string()),
        "end_reason": it.end_reason,
    })
}

fn line(it: &Grant, today: Date, lang: Lang) -> String {
    let last = it.until.and_then(|day| day.yesterday().ok());
    let days = match last {
        Some(last) => format!("{} ~ {last}", it.from),
        None => format!("{} ~", it.from),
    };
    let (role, over) = (it.role.name(lang), scope_word(&it.scope));
    let standing = it.standing(today).name(lang);
    let mut text = format!("{}\t{role}\t{over}\t{days}\t{standing}\t{}", it.id, it.reason);
    if let Some(why) = &it.end_reason {
        text.push_str(&format!("\t{}: {why}", lang.t("끝낸 까닭", "ended because")));
    }
    text
}

fn nobody(login: &str, lang: Lang) -> End {
    let why = lang.t("그런 직원이 없습니다:", "there is no such member of staff:");
    End::refused(format!("login: {why} {login}"))
}

async fn grants(args: GrantsArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let site = house.site;
    let office = open::one_office(&site, args.at.office.as_deref(), lang)?.id;
    let today = seoul::date(site.clock().now());
    let login = args.login.clone();
    let found = site
        .db()
        .read(move |tx| {
            let staff = maeul_people::staff_by_login(tx, office, &login)?;
            staff.map(|staff| maeul_people::grants(tx, office, staff.id)).transpose()
        })
        .await?;
    let found: Vec<Grant> = found.ok_or_else(|| nobody(&args.login, lang))?;
    if args.at.json {
        let lines: Vec<Value> = found.iter().map(|it| as_json(it, today)).collect();
        return print(&Value::Array(lines).to_string());
    }
    if found.is_empty() {
        return print(lang.t("받은 권한이 없습니다.", "Nothing was ever given."));
    }
    let lines: Vec<String> = found.iter().map(|it| line(it, today, lang)).collect();
    print(&lines.join("\n"))
}

/// What `--over` says; `Err` is a unit's code that has to be looked up.
fn over(text: Option<&str>, role: Role) -> Option<Result<GrantScope, String>> {
    Some(match text {
        None => Ok(GrantScope::usual(role)),
        Some("own") => Ok(GrantScope::Own),
        Some("unit") => Ok(GrantScope::OwnUnit),
        Some("office") => Ok(GrantScope::Office),
        Some(other) => match other.split_once(':')? {
            ("unit", code) => Err(code.to_owned()),
            ("dong", code) => Ok(GrantScope::Dong(code.parse::<DongCode>().ok()?)),
            _ => return None,
        },
    })
}

async fn grant(args: GrantArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let site = house.site;
    let office = open::one_office(&site, args.at.office.as_deref(), lang)?.id;
    let ctx = maeul_base::Ctx { lang, ..site.system_ctx(office) };
    let today = ctx.today();
    let scope = over(args.over.as_deref(), args.role)
        .ok_or_else(|| End::refused("over: own, unit, unit:CODE, dong:CODE, office".to_owned()))?;
    let done = site
        .db()
        .write(move |tx| {
            let staff: Option<Staff> = maeul_people::staff_by_login(tx, office, &args.login)?;
            let staff = staff.ok_or(Failure::Refused(GrantRefusal::NoStaff))?;
            let scope = match &scope {
                Ok(scope) => scope.clone(),
                Err(code) => maeul_org::unit_by_code(tx, office, code)?
                    .map(|unit| GrantScope::Unit(unit.id))
                    .ok_or(Failure::Refused(GrantRefusal::NoUnit))?,
            };
            let new = NewGrant {
                staff: staff.id,
                role: args.role,
                scope,
                from: args.from.unwrap_or(today),
                until: args.until.and_then(|day| day.tomorrow().ok()),
                reason: args.reason.clone(),
            };
            maeul_people::grant(tx, &ctx, &new)
        })
        .await;
    say(done, args.at.json, today, lang)
}

async fn revoke(args: RevokeArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let site = house.site;
    let office = open::one_office(&site, args.at.office.as_deref(), lang)?.id;
    let ctx = maeul_base::Ctx { lang, ..site.system_ctx(office) };
    let today = ctx.today();
    let id =
        args.grant.parse().map_err(|_| End::of(Failure::Refused(GrantRefusal::NotFound), lang))?;
    let done = site.db().write(move |tx| maeul_people::end_grant(tx, &ctx, id, &args.reason)).await;
    say(done, args.at.json, today, lang)
}

fn say(done: Result<Grant, Failure<GrantRefusal>>, json: bool, today: Date, lang: Lang) -> Told {
    let grant = done.map_err(|failure| End::of(failure, lang))?;
    match json {
        true => print(&as_json(&grant, today).to_string()),
        false => print(&line(&grant, today, lang)),
    }
}
