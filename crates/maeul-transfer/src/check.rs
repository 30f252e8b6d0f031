//! Check: an agency is asked what it offers, and what it says is kept beside our mapping.

use maeul_base::{Ctx, Failure, Fault, Never};
use maeul_cases::Bilingual;
use maeul_db::{Db, Seal};
use maeul_wire::open311::DataType;

use crate::agency::{Agency, Asked, Offered};
use crate::client::{Client, Trouble};
use crate::id::AgencyId;
use crate::line::Line;
use crate::store;

/// Asks the agency and keeps what it said; the agency as it is known since. None where there is no
/// such agency.
pub async fn check_agency(
    db: &Db,
    ctx: &Ctx,
    seal: &Seal,
    line: &dyn Line,
    id: AgencyId,
) -> Result<Option<Agency>, Fault> {
    let (office, with) = (ctx.office, seal.clone());
    let found = db.read(move |tx| store::agency_with_key(tx, office, &with, id)).await?;
    let Some((agency, key)) = found else { return Ok(None) };
    let seen = look(&Client::new(line, &agency, &key), &agency).await;
    let seen = seen.map_err(|trouble| said(&trouble));
    let ctx = ctx.clone();
    let kept = db
        .write(move |tx| {
            store::put_check(tx, &ctx, id, seen.as_deref())?;
            Ok::<_, Failure<Never>>(store::agency(tx, ctx.office, id)?)
        })
        .await;
    kept.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(never) => match never {},
    })
}

/// Why it could not be asked, for people.
pub(crate) fn said(trouble: &Trouble) -> Bilingual {
    let why = trouble.say();
    match trouble {
        Trouble::NotDone(_) => Bilingual::new(
            format!("상대 기관에 닿지 못했습니다({why})."),
            format!("The agency was not reached ({why})."),
        ),
        Trouble::Lost(_) => Bilingual::new(
            format!("상대 기관이 제대로 답하지 않았습니다({why})."),
            format!("The agency gave no good answer ({why})."),
        ),
        Trouble::Refused { .. } => Bilingual::new(
            format!("상대 기관이 받지 않았습니다({why})."),
            format!("The agency said no ({why})."),
        ),
    }
}

/// Its whole list, and what the mapped services ask. A definition that cannot be had leaves the
/// service without questions only where the agency says there are none.
async fn look(client: &Client<'_>, agency: &Agency) -> Result<Vec<Offered>, Trouble> {
    if !agency.discovery.is_empty() {
        let discovery = client.discovery().await?;
        let known = discovery.endpoints.iter().any(|it| it.url == agency.endpoint);
        if !known && !discovery.endpoints.is_empty() {
            let there: Vec<&str> = discovery.endpoints.iter().map(|it| it.url.as_str()).collect();
            let there = there.join(", ");
            return Err(Trouble::Lost(format!("discovery names other endpoints: {there}")));
        }
    }
    let services = client.services().await?;
    let mut offered = Vec::with_capacity(services.len());
    for service in services {
        let mapped = agency.mapping.iter().any(|it| it.code == service.service_code);
        let mut questions = Vec::new();
        if mapped && service.metadata {
            let mut attributes = client.definition(&service.service_code).await?.attributes;
            attributes.sort_by_key(|it| it.order);
            questions = attributes
                .into_iter()
                .filter(|it| it.variable)
                .map(|it| Asked {
                    label: if it.description.is_empty() { it.code.clone() } else { it.description },
                    datatype: it.datatype.word().to_owned(),
                    required: it.required,
                    values: match it.datatype {
                        DataType::One | DataType::Many => {
                            it.values.into_iter().map(|it| (it.key, it.name)).collect()
                        }
                        _ => Vec::new(),
                    },
                    code: it.code,
                })
                .collect();
        }
        offered.push(Offered { code: service.service_code, name: service.service_name, questions });
    }
    Ok(offered)
}
