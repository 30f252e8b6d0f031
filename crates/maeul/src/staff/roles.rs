//! `maeul staff roles`: what roles may do, changed from the command line; and the 동 of those who came
//! before it was theirs to see.

use jiff::civil::Date;
use maeul_base::{Ctx, Failure, Lang, Role, seoul};
use maeul_people::{
    GrantRefusal, NewRoleChange, RoleChangeEntry, RoleRefusal, Staff, change_role, end_role_change,
    give_own_dong, role_changes,
};
use serde_json::{Value, json};

use super::{print, role, standing_word};
use crate::end::{End, Told};
use crate::open;
use crate::store::OfficeArgs;

#[derive(clap::Args, Clone, Debug)]
pub(super) struct RolesArgs {
    #[command(flatten)]
    at: OfficeArgs,
}

#[derive(clap::Args, Clone, Debug)]
#[command(group(clap::ArgGroup::new("how").required(true).args(["give", "take"])))]
pub(super) struct ChangeArgs {
    /// officer, head, coordinator, administrator, viewer or auditor.
    #[arg(value_parser = role)]
    role: Role,
    /// What is changed, e.g. cases.approve: see `maeul staff roles`.
    permission: String,
    /// Give it to the role.
    #[arg(long)]
    give: bool,
    /// Take it away from the role.
    #[arg(long)]
    take: bool,
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
pub(super) struct RestoreArgs {
    /// The change's id, as `maeul staff roles` shows it.
    change: String,
    /// Why; it is kept.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    at: OfficeArgs,
}

#[derive(clap::Args, Clone, Debug)]
pub(super) struct OwnDongArgs {
    /// Only say to whom it would be given.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    at: OfficeArgs,
}

fn as_json(it: &RoleChangeEntry, today: Date) -> Value {
    json!({
        "id": it.id.to_string(),
        "role": it.role.as_str(),
        "permission": it.permission,
        "given": it.given,
        "from": it.from,
        "until": it.until.and_then(|day| day.yesterday().ok()),
        "standing": standing_word(it.standing(today)),
        "reason": it.reason,
        "changed_at": seoul::iso(it.changed_at),
        "changed_by": it.changed_by.map(|id| id.to_string()),
        "ended_at": it.ended_at.map(seoul::iso),
        "end_reason": it.end_reason,
    })
}

fn line(it: &RoleChangeEntry, today: Date, lang: Lang) -> String {
    let how = if it.given { lang.t("더함", "given") } else { lang.t("뗌", "taken away") };
    let last = it.until.and_then(|day| day.yesterday().ok());
    let last = last.map(|day| format!(" {day}")).unwrap_or_default();
    let (role, standing) = (it.role.name(lang), it.standing(today).name(lang));
    let mut text = format!(
        "{}\t{role}\t{}\t{how}\t{} ~{last}\t{standing}\t{}",
        it.id, it.permission, it.from, it.reason
    );
    if let Some(why) = &it.end_reason {
        text.push_str(&format!("\t{}: {why}", lang.t("끝낸 까닭", "ended because")));
    }
    text
}

/// `maeul staff roles`
pub(super) async fn list(args: RolesArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let office = open::one_office(&house.site, args.at.office.as_deref(), lang)?.id;
    let today = seoul::date(house.site.clock().now());
    let changes = house.site.db().read(move |tx| role_changes(tx, office)).await?;
    if args.at.json {
        let permissions = house.permissions.iter().map(|it| {
            let roles: Vec<_> = it.roles.iter().map(|role| role.as_str()).collect();
            json!({ "permission": it.name, "roles": roles })
        });
        let changes = changes.iter().map(|it| as_json(it, today));
        let told = json!({
            "declared": permissions.collect::<Vec<_>>(),
            "changes": changes.collect::<Vec<_>>(),
        });
        return print(&told.to_string());
    }
    let mut lines: Vec<String> = Vec::new();
    for it in &house.permissions {
        let roles: Vec<_> = it.roles.iter().map(|role| role.as_str()).collect();
        lines.push(format!("{}\t{}\t{}", it.name, roles.join(","), lang.t(it.what.0, it.what.1)));
    }
    lines.push(String::new());
    if changes.is_empty() {
        lines.push(lang.t("바꾼 것이 없습니다.", "Nothing was changed.").to_owned());
    }
    lines.extend(changes.iter().map(|it| line(it, today, lang)));
    print(&lines.join("\n"))
}

fn say(done: Result<RoleChangeEntry, Failure<RoleRefusal>>, at: &OfficeArgs, today: Date) -> Told {
    let change = done.map_err(|failure| End::of(failure, at.lang))?;
    match at.json {
        true => print(&as_json(&change, today).to_string()),
        false => print(&line(&change, today, at.lang)),
    }
}

/// `maeul staff change-role ROLE PERMISSION --give | --take --reason …`
pub(super) async fn change(args: ChangeArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let office = open::one_office(&house.site, args.at.office.as_deref(), lang)?.id;
    let ctx = Ctx { lang, ..house.site.system_ctx(office) };
    let today = ctx.today();
    let permission = house.permissions.iter().copied().find(|it| it.name == args.permission);
    let permission =
        permission.ok_or_else(|| End::of(Failure::Refused(RoleRefusal::NoPermission), lang))?;
    let new = NewRoleChange {
        role: args.role,
        permission,
        given: args.give,
        from: args.from.unwrap_or(today),
        until: args.until.and_then(|day| day.tomorrow().ok()),
        reason: args.reason,
    };
    let done = house.site.db().write(move |tx| change_role(tx, &ctx, &new)).await;
    say(done, &args.at, today)
}

/// `maeul staff restore-role CHANGE --reason …`
pub(super) async fn restore(args: RestoreArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let office = open::one_office(&house.site, args.at.office.as_deref(), lang)?.id;
    let ctx = Ctx { lang, ..house.site.system_ctx(office) };
    let today = ctx.today();
    let id =
        args.change.parse().map_err(|_| End::of(Failure::Refused(RoleRefusal::NotFound), lang))?;
    let why = args.reason;
    let done = house.site.db().write(move |tx| end_role_change(tx, &ctx, id, &why)).await;
    say(done, &args.at, today)
}

/// `maeul staff own-dong`
pub(super) async fn own_dong(args: OwnDongArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let office = open::one_office(&house.site, args.at.office.as_deref(), lang)?.id;
    let (ctx, write) = (Ctx { lang, ..house.site.system_ctx(office) }, !args.dry_run);
    let given: Result<Vec<Staff>, Failure<GrantRefusal>> =
        house.site.db().write(move |tx| give_own_dong(tx, &ctx, write)).await;
    let given = given.map_err(|failure| End::of(failure, lang))?;
    let logins: Vec<_> = given.iter().map(|it| it.login.as_str()).collect();
    if args.at.json {
        return print(&json!({ "dry_run": args.dry_run, "given": logins }).to_string());
    }
    let told = match (logins.is_empty(), write) {
        (true, _) => lang.t("줄 사람이 없습니다.", "There is nobody to give it to."),
        (false, true) => lang.t("자기 동을 보게 했습니다:", "They see their dong now:"),
        (false, false) => lang.t("자기 동을 보게 될 사람:", "They would see their dong:"),
    };
    print(&[&[told], logins.as_slice()].concat().join("\n"))
}
