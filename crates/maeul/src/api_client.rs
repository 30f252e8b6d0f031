//! `maeul api-client`: programs of others that may call the interfaces, and their keys.

use std::io::{self, Write};

use maeul_base::{Lang, seoul};
use maeul_people::{
    ApiClient, DEFAULT_PER_MINUTE, NewApiClient, Scope, Scopes, add_api_client, api_clients,
    revoke_api_client,
};
use serde_json::{Value, json};

use crate::end::{End, Told};
use crate::open;
use crate::store::OfficeArgs;

/// 연계 프로그램과 열쇠. / API clients and their keys.
#[derive(clap::Args, Clone, Debug)]
pub struct ApiClientArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Let a program in. Its key is printed once and never again.
    Add(AddArgs),
    /// The programs of an office.
    List(ListArgs),
    /// Turn a program away, at once and for good.
    Revoke(RevokeArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct AddArgs {
    /// Whose program it is and what it does.
    name: String,
    /// What it may do, once for each: requests.create, requests.read, updates.write. Without it:
    /// requests.create and updates.write, which reach only the requests it sent itself.
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// How many calls a minute.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_PER_MINUTE)]
    per_minute: i32,
    /// Answer its new requests with a token instead of their number.
    #[arg(long)]
    token: bool,
    #[command(flatten)]
    at: OfficeArgs,
}

#[derive(clap::Args, Clone, Debug)]
struct ListArgs {
    #[command(flatten)]
    at: OfficeArgs,
}

#[derive(clap::Args, Clone, Debug)]
struct RevokeArgs {
    /// The program's name.
    name: String,
    #[command(flatten)]
    at: OfficeArgs,
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| Scope::ALL.map(Scope::as_str).join(", "))
}

/// Runs the command.
pub(crate) async fn run(args: ApiClientArgs) -> Told {
    match args.command {
        Command::Add(args) => add(args).await,
        Command::List(args) => list(args).await,
        Command::Revoke(args) => revoke(args).await,
    }
}

fn client_json(client: &ApiClient) -> Value {
    json!({
        "id": client.id.to_string(),
        "name": client.name,
        "key_end": client.key_end,
        "scopes": client.scopes.iter().map(Scope::as_str).collect::<Vec<_>>(),
        "per_minute": client.per_minute,
        "token": client.tokens,
        "created_at": seoul::iso(client.created_at),
        "last_used_at": client.last_used_at.map(seoul::iso),
        "revoked_at": client.revoked_at.map(seoul::iso),
    })
}

fn print(text: &str) -> Told {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(End::doing("write the answer"))
}

async fn add(args: AddArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let office = open::office(&house.site, args.at.office.as_deref(), lang)?;
    let ctx = house.site.system_ctx(office.id);
    let scopes = if args.scopes.is_empty() { Scope::USUAL.to_vec() } else { args.scopes };
    let new = NewApiClient {
        name: args.name,
        scopes: Scopes::new(scopes),
        per_minute: args.per_minute,
        tokens: args.token,
    };
    let added = house.site.db().write(move |tx| add_api_client(tx, &ctx, &new)).await;
    let (client, key) = added.map_err(|failure| End::of(failure, lang))?;
    if args.at.json {
        let mut answer = client_json(&client);
        if let Some(fields) = answer.as_object_mut() {
            let base = &house.site.config().base_url;
            let endpoint = format!("{base}/o/{}/open311/v2", office.code);
            fields.insert("office".to_owned(), json!(office.code));
            fields.insert("key".to_owned(), json!(key.reveal()));
            fields.insert("endpoint".to_owned(), json!(endpoint));
        }
        return print(&answer.to_string());
    }
    let said = lang.t(
        "열쇠는 지금 한 번만 보입니다. 쓰는 사람에게 안전하게 전하십시오.",
        "The key is shown only now. Hand it over safely.",
    );
    let (name, scopes, key) = (&client.name, client.scopes.as_text(), key.reveal());
    print(&format!("{}: {name} ({scopes})\n{said}\n{key}", office.name(lang)))
}

async fn list(args: ListArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let office = open::office(&house.site, args.at.office.as_deref(), lang)?;
    let id = office.id;
    let clients = house.site.db().read(move |tx| api_clients(tx, id)).await?;
    if args.at.json {
        let lines: Vec<Value> = clients.iter().map(client_json).collect();
        return print(&Value::Array(lines).to_string());
    }
    if clients.is_empty() {
        return print(lang.t("등록된 프로그램이 없습니다.", "There are no clients."));
    }
    let lines: Vec<String> = clients.iter().map(|client| line(client, lang)).collect();
    print(&lines.join("\n"))
}

fn line(client: &ApiClient, lang: Lang) -> String {
    let used = client.last_used_at.map_or_else(
        || lang.t("쓰인 적 없음", "never used").to_owned(),
        |at| format!("{} {}", lang.t("마지막", "last used"), seoul::time_text(at, lang)),
    );
    let state = client.revoked_at.map_or_else(String::new, |at| {
        format!("\t{} {}", lang.t("끊음", "revoked"), seoul::time_text(at, lang))
    });
    let (name, end, scopes) = (&client.name, &client.key_end, client.scopes.as_text());
    let rate = client.per_minute;
    format!("{name}\t…{end}\t{scopes}\t{rate}/min\t{used}{state}")
}

async fn revoke(args: RevokeArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let office = open::office(&house.site, args.at.office.as_deref(), lang)?;
    let ctx = house.site.system_ctx(office.id);
    let name = args.name;
    let done = house
        .site
        .db()
        .write(move |tx| {
            let known = api_clients(tx, ctx.office)?;
            let found = known.iter().find(|it| it.name == name && it.revoked_at.is_none());
            match found {
                Some(client) => revoke_api_client(tx, &ctx, client.id),
                None => Err(maeul_base::Failure::Refused(maeul_people::ApiClientRefusal::NotFound)),
            }
        })
        .await;
    let client = done.map_err(|failure| End::of(failure, lang))?;
    if args.at.json {
        return print(&client_json(&client).to_string());
    }
    let said = lang.t("끊었습니다", "revoked");
    print(&format!("{}: {} {said}", office.name(lang), client.name))
}
