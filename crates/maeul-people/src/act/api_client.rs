//! An administrator lets a program of others in, and turns it away.

use maeul_base::{Ctx, Failure, Lang, Refusal};
use maeul_db::Tx;

use crate::api_client::{ApiClient, ApiKey, Scopes};
use crate::id::ApiClientId;
use crate::permissions::API_CLIENTS;
use crate::store::api_client as store;

/// Longest name, in letters.
const LONGEST_NAME: usize = 60;
/// The most calls a minute that can be set.
const MOST_PER_MINUTE: i32 = 1_000_000;

/// A client to be let in.
#[derive(Clone, Debug)]
pub struct NewApiClient {
    /// What it is called, e.g. `안전신문고 연계`.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// How many calls a minute.
    pub per_minute: i32,
    /// Whether new requests are answered with a token instead of their id.
    pub tokens: bool,
}

/// Why a client is not let in or turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiClientRefusal {
    /// Only an administrator may.
    NotAllowed,
    /// It has no name.
    NameMissing,
    /// Its name is too long.
    NameTooLong,
    /// Another is called so.
    NameTaken,
    /// It could do nothing.
    NoScope,
    /// No sensible number of calls.
    Rate,
    /// There is no such client, or it was turned away before.
    NotFound,
}

impl Refusal for ApiClientRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "api_client.not_allowed",
            Self::NameMissing => "api_client.name_missing",
            Self::NameTooLong => "api_client.name_too_long",
            Self::NameTaken => "api_client.name_taken",
            Self::NoScope => "api_client.no_scope",
            Self::Rate => "api_client.rate",
            Self::NotFound => "api_client.not_found",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAllowed => lang.t(
                "연계 프로그램은 전산 담당자만 등록하고 끊을 수 있습니다.",
                "Only an administrator can add or revoke API clients.",
            ),
            Self::NameMissing => lang.t(
                "누구의 어떤 프로그램인지 이름을 적어 주십시오.",
                "Please name the client: whose it is and what it does.",
            ),
            Self::NameTooLong => lang.t(
                "이름은 60자 안으로 적어 주십시오.",
                "Please keep the name to 60 characters.",
            ),
            Self::NameTaken => lang.t(
                "같은 이름의 프로그램이 쓰이고 있습니다. 다른 이름을 적거나 먼저 그것을 끊어 주십시오.",
                "A client of that name is in use. Choose another name, or revoke that one first.",
            ),
            Self::NoScope => lang.t(
                "할 수 있는 일을 하나 이상 골라 주십시오.",
                "Please choose at least one thing it may do.",
            ),
            Self::Rate => lang.t(
                "1분에 받을 요청 수는 1에서 1,000,000 사이로 적어 주십시오.",
                "Calls a minute: a number from 1 to 1,000,000.",
            ),
            Self::NotFound => lang.t(
                "쓰이고 있는 프로그램 가운데 그런 것이 없습니다.",
                "There is no such client in use.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameMissing | Self::NameTooLong | Self::NameTaken => Some("name"),
            Self::NoScope => Some("scopes"),
            Self::Rate => Some("per_minute"),
            Self::NotAllowed | Self::NotFound => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::NameTaken => 409,
            _ => 422,
        }
    }
}

fn may_manage(ctx: &Ctx) -> Result<(), Failure<ApiClientRefusal>> {
    if ctx.actor.may(&API_CLIENTS) {
        Ok(())
    } else {
        Err(Failure::Refused(ApiClientRefusal::NotAllowed))
    }
}

/// Lets a client in. The key is given out here and never again.
pub fn add_api_client(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewApiClient,
) -> Result<(ApiClient, ApiKey), Failure<ApiClientRefusal>> {
    may_manage(ctx)?;
    let refuse = |refusal| Err(Failure::Refused(refusal));
    let name = new.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return refuse(ApiClientRefusal::NameMissing);
    }
    if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return refuse(ApiClientRefusal::NameTooLong);
    }
    if new.scopes.is_empty() {
        return refuse(ApiClientRefusal::NoScope);
    }
    if !(1..=MOST_PER_MINUTE).contains(&new.per_minute) {
        return refuse(ApiClientRefusal::Rate);
    }
    let key = ApiKey::random(&ctx.ids);
    let client = ApiClient {
        id: ctx.id(),
        name,
        key_end: key.end(),
        scopes: new.scopes.clone(),
        per_minute: new.per_minute,
        tokens: new.tokens,
        created_at: ctx.now,
        last_used_at: None,
        revoked_at: None,
    };
    let written = store::insert_api_client(tx, ctx, &client, &key)?;
    if written == 0 {
        return refuse(ApiClientRefusal::NameTaken);
    }
    Ok((client, key))
}

/// Turns a client away, at once and for good.
pub fn revoke_api_client(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ApiClientId,
) -> Result<ApiClient, Failure<ApiClientRefusal>> {
    may_manage(ctx)?;
    let revoked = store::revoke_api_client(tx, ctx, id)?;
    revoked.ok_or(Failure::Refused(ApiClientRefusal::NotFound))
}
