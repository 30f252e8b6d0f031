//! The list of services and what each asks.

use axum::response::Response;
use maeul_base::Lang;
use maeul_wire::open311::{
    Attribute, Choice, DataType, Definition, Errors, SERVICES, Service, ServiceKind,
};

use super::answer::answer;
use super::call::Call;
use crate::words::DataType as Ours;

/// `GET services.F`. Always whole: some clients take a missing service for one that is gone.
pub(super) fn list(call: &Call) -> Response {
    let lang = call.lang();
    // Clients that are answered with a token see that the id comes later.
    let tokens = call.client.as_ref().is_some_and(|client| client.tokens);
    let kind = if tokens { ServiceKind::Batch } else { ServiceKind::Realtime };
    let services: Vec<Service> = call
        .know
        .services()
        .map(|service| Service {
            service_code: service.code.clone(),
            service_name: service.name.get(lang).to_owned(),
            description: service.description.get(lang).to_owned(),
            metadata: !service.questions.is_empty(),
            kind,
            keywords: match lang {
                Lang::Ko => service.keywords.clone(),
                Lang::En => service.keywords_en.clone(),
            },
            group: service.group.get(lang).to_owned(),
        })
        .collect();
    answer(call.format, SERVICES, &Service::list(&services))
}

/// `GET services/{code}.F`
pub(super) fn definition(call: &Call, code: &str) -> Result<Response, Errors> {
    let lang = call.lang();
    let service = offered(call, code)?;
    let mut questions: Vec<_> = service.questions.iter().collect();
    questions.sort_by_key(|question| question.order);
    let attributes = (1..).zip(questions).map(|(order, question)| {
        let datatype = DataType::parse(question.datatype.as_str()).unwrap_or(DataType::Line);
        Attribute {
            variable: true,
            code: question.code.clone(),
            datatype,
            required: question.required,
            datatype_description: described(question.datatype, question.help.get(lang), lang),
            order,
            description: question.label.get(lang).to_owned(),
            values: question
                .values
                .iter()
                .map(|it| Choice { key: it.key.clone(), name: it.name.get(lang).to_owned() })
                .collect(),
        }
    });
    let definition =
        Definition { service_code: service.code.clone(), attributes: attributes.collect() };
    Ok(answer(call.format, "service_definition", &definition.node()))
}

/// The question's own help, or what its type asks for.
fn described(datatype: Ours, help: &str, lang: Lang) -> String {
    if help.is_empty() { datatype.name(lang).to_owned() } else { help.to_owned() }
}

/// The service of that code, while it is offered.
pub(super) fn offered<'a>(call: &'a Call, code: &str) -> Result<&'a crate::Service, Errors> {
    let found = call.know.service(code).filter(|service| service.active);
    found.ok_or_else(|| {
        Errors::one(
            404,
            call.t("service_code의 분야가 없습니다.", "There is no service of that service_code."),
        )
    })
}
