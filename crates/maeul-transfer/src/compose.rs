//! Compose: what is sent, from the case and what the officer chose. Pure, so that what the preview
//! shows is what goes out.

use std::collections::BTreeMap;

use maeul_base::Lang;
use maeul_cases::{Case, Contact, Knowledge, PhotoView};
use maeul_wire::open311::{NewRequest, degrees_text};

/// Open311's longest description, in letters.
pub(crate) const LONGEST: usize = 4_000;
/// Agencies are sent no more pictures than they usually take.
const MOST_PHOTOS: usize = 5;

/// What the officer chose.
#[derive(Clone, Debug)]
pub(crate) struct Chosen<'a> {
    pub(crate) service: &'a str,
    pub(crate) attributes: &'a BTreeMap<String, Vec<String>>,
    pub(crate) words: &'a str,
    pub(crate) photos: bool,
    pub(crate) contact: Option<&'a Contact>,
}

/// The last line of every description: whoever reads it knows whom to call, and we know it again.
pub(crate) fn mark(know: &Knowledge, number: &str) -> String {
    format!("[{} {} {number}]", know.office().name(Lang::Ko), Lang::Ko.t("접수번호", ""))
}

/// How many letters the officer's words may have beside the last line.
pub(crate) fn room_for_words(know: &Knowledge, number: &str) -> usize {
    LONGEST.saturating_sub(mark(know, number).chars().count() + 2)
}

/// The request.
pub(crate) fn compose(
    know: &Knowledge,
    case: &Case,
    photos: &[PhotoView],
    endpoint: &str,
    chosen: &Chosen<'_>,
) -> NewRequest {
    let place = &case.place;
    let dong = place.dong.as_ref().map(|code| know.dong_name(code, Lang::Ko));
    let parts = [Some(place.text.as_str()), dong, Some(know.office().name(Lang::Ko))];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    let text = |text: String| (!text.is_empty()).then_some(text);
    let contact = chosen.contact;
    let media = if chosen.photos { photos } else { &[] };
    NewRequest {
        jurisdiction_id: None,
        service_code: Some(chosen.service.to_owned()),
        lat: place.lat_e7.map(degrees_text),
        long: place.lon_e7.map(degrees_text),
        address_string: Some(parts.join(", ")),
        address_id: None,
        attributes: chosen.attributes.clone(),
        email: contact.and_then(|it| it.email.as_ref()).map(|it| it.as_str().to_owned()),
        device_id: None,
        account_id: Some(case.number.clone()),
        first_name: contact.and_then(|it| text(it.name.clone())),
        last_name: None,
        phone: contact.and_then(|it| it.phone.as_ref()).map(|it| it.digits().to_owned()),
        description: Some(format!("{}\n\n{}", chosen.words, mark(know, &case.number))),
        media_urls: media
            .iter()
            .take(MOST_PHOTOS)
            .map(|photo| maeul_cases::read::open311::photo_address(know, endpoint, photo.id))
            .collect(),
    }
}
