//! A row becomes a request, as far as its reader may know it.

use maeul_base::{CaseId, Ctx, Fault, Lang, PhotoId};
use maeul_db::{Json, Sql, Tx, args};
use maeul_language::mask;
use maeul_wire::open311::{Attached, Note, Request, Status};

use super::list::{Line, PhotoLine};
use super::updates::{Event311, say};
use super::{NO_SERVICE, no_service, request_id};
use crate::disclosure::{Disclosure, Reader, disclosure};
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::store::never;
use crate::words::{Outcome, State};

/// What a row is built with.
#[derive(Clone, Copy)]
pub(crate) struct Built<'a> {
    pub(crate) know: &'a Knowledge,
    pub(crate) lang: Lang,
    pub(crate) reader: Reader,
    pub(crate) base: &'a str,
}

/// The photos of the cases whose reader may see them.
pub(crate) fn photos_of(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    lines: &[Line],
    reader: Reader,
) -> Result<Vec<PhotoLine>, Fault> {
    let with: Vec<CaseId> = lines
        .iter()
        .filter(|line| line.photos > 0 && shown(know, reader, line) == Disclosure::Masked)
        .map(|line| line.id)
        .collect();
    if with.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql =
        Sql::new("SELECT case_id, id FROM cases_photo WHERE office_id = ?", args![ctx.office]);
    sql.and_in("case_id", &with);
    sql.add(" ORDER BY case_id, ord, id", []);
    let rows: Vec<(CaseId, PhotoId)> = tx.all(sql.text(), sql.args())?;
    Ok(rows.into_iter().map(|(case, id)| PhotoLine { case, id }).collect())
}

fn shown(know: &Knowledge, reader: Reader, line: &Line) -> Disclosure {
    let service = line.service.as_deref().and_then(|code| know.service(code));
    disclosure(reader, service, line.channel, line.sent_by)
}

impl Built<'_> {
    pub(crate) fn disclosure(&self, line: &Line) -> Disclosure {
        shown(self.know, self.reader, line)
    }

    pub(crate) fn service_name(&self, code: Option<&str>) -> String {
        let name = code.map(|code| self.know.service_name(code, self.lang));
        name.unwrap_or(no_service(self.lang)).to_owned()
    }

    /// The most specific first.
    pub(crate) fn address(&self, line: &Line, disclosure: Disclosure) -> String {
        let dong = line.dong.as_ref().map(|code| self.know.dong_name(code, self.lang).to_owned());
        let place = (disclosure == Disclosure::Masked).then(|| mask(&line.place).text);
        let office = self.know.office().name(self.lang).to_owned();
        let parts = [place, dong, Some(office)];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The outcome and, for readers of words, what was answered.
    pub(crate) fn status_notes(&self, line: &Line, disclosure: Disclosure) -> Option<String> {
        let outcome = line.outcome.map(|it| it.name(self.lang).to_owned())?;
        let answer = line.answer.as_deref().filter(|_| disclosure == Disclosure::Masked);
        Some(match answer {
            Some(answer) => format!("{outcome}\n{}", mask(answer).text),
            None => outcome,
        })
    }

    pub(crate) fn request(&self, line: &Line, photos: &[PhotoLine]) -> Request {
        let disclosure = self.disclosure(line);
        let masked = disclosure == Disclosure::Masked;
        let closed = !line.state.is_open();
        let service = line.service.as_deref().and_then(|code| self.know.service(code));
        let notice = service.map(|it| it.period_note(self.lang)).filter(|it| !it.is_empty());
        let sent = line.media.as_deref().unwrap_or_default().lines().next().map(str::to_owned);
        let photo = self.photos(line.id, photos).into_iter().next();
        Request {
            service_request_id: request_id(&line.number),
            status: if closed { Status::Closed } else { Status::Open },
            status_notes: self.status_notes(line, disclosure),
            service_name: self.service_name(line.service.as_deref()),
            service_code: line.service.clone().unwrap_or_else(|| NO_SERVICE.to_owned()),
            description: masked.then(|| limited(&mask(&line.body).text)),
            agency_responsible: Some(self.know.unit_name(line.unit, self.lang).to_owned()),
            service_notice: notice,
            requested: line.received_at,
            updated: Some(line.closed_at.unwrap_or(line.updated_at)),
            expected: Some(line.due_at).filter(|at| *at < never()),
            address: Some(self.address(line, disclosure)),
            address_id: line.dong.as_ref().map(|dong| dong.as_str().to_owned()),
            zipcode: None,
            point: disclosure.point(line.lat_e7.zip(line.lon_e7)),
            media_url: photo.or(sent).filter(|_| masked),
            attached: None,
        }
    }

    fn photos(&self, case: CaseId, photos: &[PhotoLine]) -> Vec<String> {
        let photos = photos.iter().filter(|photo| photo.case == case);
        photos.map(|photo| super::photo_address(self.know, self.base, photo.id)).collect()
    }

    /// Adds what `extensions=true` asks for.
    pub(crate) fn attach(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        lines: &[Line],
        photos: &[PhotoLine],
        requests: &mut [Request],
    ) -> Result<(), Fault> {
        let ids: Vec<CaseId> = lines.iter().map(|line| line.id).collect();
        let mut sql = Sql::new(
            "SELECT case_id, at, data FROM cases_event WHERE office_id = ?",
            args![ctx.office],
        );
        sql.and_in("case_id", &ids);
        sql.add(" ORDER BY case_id, seq", []);
        let events: Vec<(CaseId, jiff::Timestamp, Json<Event>)> = tx.all(sql.text(), sql.args())?;
        for (line, request) in lines.iter().zip(requests) {
            let disclosure = self.disclosure(line);
            let notes = events.iter().filter(|(case, ..)| *case == line.id);
            let notes = notes.filter_map(|(_, at, Json(event))| {
                let Event311 { description, kind, .. } =
                    say(self.know, self.lang, event, disclosure)?;
                Some(Note { at: *at, description, kind: kind.to_owned() })
            });
            request.attached = Some(Attached {
                attributes: self.attributes(line, disclosure),
                channel: line.channel.as_str().to_owned(),
                detailed_status: detailed(line.state, line.outcome).to_owned(),
                photos: self.photos(line.id, photos),
                notes: notes.collect(),
            });
        }
        Ok(())
    }

    /// What was chosen from lists says nothing of a person; what was typed is masked.
    fn attributes(
        &self,
        line: &Line,
        disclosure: Disclosure,
    ) -> Vec<(String, String, Vec<String>)> {
        let service = line.service.as_deref().and_then(|code| self.know.service(code));
        let Some(service) = service.filter(|_| disclosure == Disclosure::Masked) else {
            return Vec::new();
        };
        let mut questions: Vec<_> = service.questions.iter().collect();
        questions.sort_by_key(|question| question.order);
        questions
            .into_iter()
            .filter_map(|question| {
                let values = line.answers.0.get(&question.code)?;
                let label = question.label.get(self.lang).to_owned();
                let values = values.iter().map(|value| mask(value).text).collect();
                Some((question.code.clone(), label, values))
            })
            .collect()
    }
}

/// `CitySDK`'s words for where a request stands.
const fn detailed(state: State, outcome: Option<Outcome>) -> &'static str {
    match (state, outcome) {
        (State::Received, _) => "RECEIVED",
        (State::Closed, Some(Outcome::Refused)) => "REJECTED",
        (State::Closed, _) => "PROCESSED",
        _ => "IN_PROCESS",
    }
}

/// Descriptions hold at most 4,000 letters; masking can make one no longer, imports can.
fn limited(text: &str) -> String {
    text.chars().take(4_000).collect()
}
