//! One call: which office it means, who sends it, what was asked.

use axum::http::HeaderMap;
use maeul_base::{Ctx, Failure, Fault, Lang};
use maeul_db::Tx;
use maeul_people::{ApiClient, ApiKey, Scope};
use maeul_web::{Fields, OfficeInfo, Visit};
use maeul_wire::open311::{Errors, Format, Pairs};

use super::answer::{broken, from_web};
use super::limit::{Allowed, ClientLimits};
use crate::Knowledge;
use crate::disclosure::Reader;
use crate::web::desk::Desk;

/// A call whose office is known and whose key, if it brings one, is good.
pub(super) struct Call {
    pub(super) visit: Visit,
    pub(super) format: Format,
    pub(super) pairs: Pairs,
    pub(super) desk: Desk,
    pub(super) know: Knowledge,
    pub(super) client: Option<ApiClient>,
    /// The context of its acts: the chosen office's.
    pub(super) ctx: Ctx,
    /// Where this office's endpoint is, without a slash at the end.
    pub(super) base: String,
}

/// The pairs of a query.
pub(super) fn query_pairs(query: Option<&str>, lang: Lang) -> Result<Pairs, Errors> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).ok_or_else(|| {
        Errors::one(400, lang.t("UTF-8로 보내 주십시오.", "Send UTF-8, percent-encoded."))
    })?;
    Ok(Pairs::new(fields.pairs().iter().cloned()))
}

impl Call {
    /// A call that brings only a query.
    pub(super) async fn open(
        visit: &Visit,
        format: Format,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<Self, Errors> {
        let pairs = query_pairs(query, visit.lang())?;
        Self::of(visit, format, pairs, headers).await
    }

    /// A call with everything it brings.
    pub(super) async fn of(
        visit: &Visit,
        format: Format,
        pairs: Pairs,
        headers: &HeaderMap,
    ) -> Result<Self, Errors> {
        let lang = visit.lang();
        let office = jurisdiction(visit, pairs.get("jurisdiction_id"))?;
        let site = visit.site();
        let desk = site.room::<Desk>().map_err(|fault| broken(lang, &fault))?.clone();
        let know = desk.knowledge.get(site.db(), office.id, visit.now()).await;
        let know = know.map_err(|fault| broken(lang, &fault))?;
        let ctx = Ctx { office: office.id, ..visit.resident_ctx() };
        let base = format!("{}/o/{}/open311/v2", site.config().base_url, office.code);
        let header = headers.get("x-api-key").and_then(|value| value.to_str().ok());
        let key = pairs.get("api_key").or(header).map(str::trim).filter(|key| !key.is_empty());
        let mut call = Self {
            client: None,
            visit: visit.clone(),
            format,
            desk,
            know,
            ctx,
            base,
            pairs: Pairs::default(),
        };
        call.client = match key {
            Some(key) => Some(call.known(key).await?),
            None => None,
        };
        call.pairs = pairs;
        Ok(call)
    }

    pub(super) fn lang(&self) -> Lang {
        self.ctx.lang
    }

    pub(super) fn t(&self, ko: &str, en: &str) -> String {
        self.lang().t(ko, en).to_owned()
    }

    /// Who asks, for what may be shown.
    pub(super) fn reader(&self) -> Reader {
        Reader::of(self.client.as_ref())
    }

    /// The client behind a key.
    async fn known(&self, key: &str) -> Result<ApiClient, Errors> {
        let wrong = || {
            Errors::one(
                403,
                self.t("api_key가 이 기관의 열쇠가 아닙니다.", "api_key is no key of this office."),
            )
        };
        let key = ApiKey::parse(key).ok_or_else(wrong)?;
        let office = self.ctx.office;
        let of_key = move |tx: &mut Tx| maeul_people::api_client_of_key(tx, office, &key);
        let found = self.visit.site().db().glance(of_key).await;
        let found = found.map_err(|fault: Fault| broken(self.lang(), &fault))?;
        let client = found.ok_or_else(wrong)?;
        let limits = self.visit.site().room::<ClientLimits>();
        let limits = limits.map_err(|fault| broken(self.lang(), &fault))?;
        match limits.count(office, &client, self.ctx.now) {
            Allowed::Yes => {}
            Allowed::First => {
                let id = client.id;
                self.write(move |tx, ctx, _| {
                    Ok::<_, Failure<maeul_base::Never>>(maeul_people::touch_api_client(
                        tx, ctx, id,
                    )?)
                })
                .await
                .map_err(|failure| match failure {
                    Failure::Refused(never) => match never {},
                    Failure::Fault(fault) => broken(self.lang(), &fault),
                })?;
            }
            Allowed::No => {
                return Err(Errors::one(
                    429,
                    self.t(
                        "1분에 보낼 수 있는 수를 넘었습니다. 1분 뒤에 다시 보내 주십시오.",
                        "More calls than this client may send in a minute. Please wait a minute.",
                    ),
                ));
            }
        }
        Ok(client)
    }

    /// The client, where it may do this: a key is required.
    pub(super) fn require(&self, scope: Scope) -> Result<&ApiClient, Errors> {
        let client = self.client.as_ref().ok_or_else(|| {
            Errors::one(403, self.t("api_key를 함께 보내 주십시오.", "api_key is required."))
        })?;
        if client.may(scope) {
            return Ok(client);
        }
        let scope = scope.as_str();
        Err(Errors::one(
            403,
            self.t(
                &format!("이 열쇠에는 권한이 없습니다: {scope}"),
                &format!("This key lacks the right {scope}."),
            ),
        ))
    }

    /// Runs a read on one snapshot.
    pub(super) async fn read<T, F>(&self, read: F) -> Result<T, Errors>
    where
        T: Send + 'static,
        F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, Fault> + Send + Sync + 'static,
    {
        let (ctx, know) = (self.ctx.clone(), self.know.clone());
        let done = self.visit.site().db().read(move |tx| read(tx, &ctx, &know)).await;
        done.map_err(|fault| broken(self.lang(), &fault))
    }

    /// Runs an act in a transaction of its own.
    pub(super) async fn write<T, R, F>(&self, act: F) -> Result<T, Failure<R>>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, Failure<R>> + Send + Sync + 'static,
    {
        let (ctx, know) = (self.ctx.clone(), self.know.clone());
        self.visit.site().db().write(move |tx| act(tx, &ctx, &know)).await
    }
}

/// The office meant. An address that names one means that one; one office alone is always meant;
/// several are told apart by `jurisdiction_id`, and without it the default one is meant.
fn jurisdiction(visit: &Visit, named: Option<&str>) -> Result<OfficeInfo, Errors> {
    let site = visit.site();
    let serves_one = !visit.base().is_empty() || site.offices().len() <= 1;
    match named {
        Some(name) if !serves_one => site.office_named(name).ok_or_else(|| {
            Errors::one(
                404,
                visit.t(
                    "jurisdiction_id의 기관을 여기에서 운영하지 않습니다.",
                    "The office of that jurisdiction_id is not served here.",
                ),
            )
        }),
        _ => Ok(visit.office().clone()),
    }
}

/// Reads a posted body and opens the call it makes; what is in the body counts before the query.
pub(super) async fn posted(
    visit: &Visit,
    format: Format,
    request: axum::extract::Request,
) -> Result<(Call, Vec<maeul_web::Upload>), Errors> {
    let lang = visit.lang();
    let headers = request.headers().clone();
    let query = query_pairs(request.uri().query(), lang)?;
    let posted = maeul_web::form::unbound(request).await;
    let posted = posted.map_err(|error| from_web(lang, error))?;
    let pairs = Pairs::new(posted.fields.pairs().iter().cloned()).and(query);
    Ok((Call::of(visit, format, pairs, &headers).await?, posted.files))
}
