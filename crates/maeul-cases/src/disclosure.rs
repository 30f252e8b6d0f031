//! What of a case may be shown to whom through open interfaces. Private unless a rule here says
//! otherwise (docs/adr/0009).

use maeul_people::{ApiClient, ApiClientId, Scope};

use crate::place::cell_centre;
use crate::service::Service;
use crate::words::{Channel, PetitionKind, Publicity};

/// Who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// The program that asks; none is the public.
    pub client: Option<ApiClientId>,
    /// It may read every case of the office.
    pub all: bool,
}

impl Reader {
    /// The public, or a program with what it may do.
    pub fn of(client: Option<&ApiClient>) -> Self {
        Self {
            client: client.filter(|it| it.may(Scope::CreateRequests)).map(|it| it.id),
            all: client.is_some_and(|it| it.may(Scope::ReadRequests)),
        }
    }

    /// Whether it reads a case that this client sent.
    pub fn may_read(&self, sent_by: Option<ApiClientId>) -> bool {
        self.all || (self.client.is_some() && self.client == sent_by)
    }
}

/// How much of a service's cases everybody may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// Not even that there is one.
    Hidden,
    /// Service, state, times and the 동: what is reported concerns a person.
    Dong,
    /// The same with the 250 m cell: what is reported stands in a public place.
    Cell,
}

/// How open a service's cases that came by that channel are. What the office said holds; where it
/// said nothing this is read from what the service is: a grievance or an application is its
/// petitioner's own affair; what needs a name is about people, what does not is about places.
pub fn openness(service: &Service, channel: Channel) -> Openness {
    if service.said_public(channel).is_some_and(|said| said < Publicity::Outline) {
        return Openness::Hidden;
    }
    match service.petition_kind {
        PetitionKind::Grievance | PetitionKind::Statutory => Openness::Hidden,
        _ if !service.allow_anonymous => Openness::Dong,
        _ => Openness::Cell,
    }
}

/// How much of one case one reader may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// Nothing.
    Hidden,
    /// What everybody may know.
    Outline(Openness),
    /// Its words with personal data masked, its place, its photos; never who reported.
    Masked,
}

/// What this reader may know of a case of that service and channel which that client sent.
pub fn disclosure(
    reader: Reader,
    service: Option<&Service>,
    channel: Channel,
    sent_by: Option<ApiClientId>,
) -> Disclosure {
    if reader.may_read(sent_by) {
        return Disclosure::Masked;
    }
    match service.map_or(Openness::Hidden, |service| openness(service, channel)) {
        Openness::Hidden => Disclosure::Hidden,
        open => Disclosure::Outline(open),
    }
}

impl Disclosure {
    /// The point as far as it may be shown.
    pub fn point(self, point: Option<(i64, i64)>) -> Option<(i64, i64)> {
        match self {
            Self::Masked => point,
            Self::Outline(Openness::Cell) => point.map(|(lat, lon)| cell_centre(lat, lon)),
            Self::Outline(_) | Self::Hidden => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn service(petition_kind: PetitionKind, allow_anonymous: bool) -> Service {
        let text = crate::words::Bilingual::default;
        Service {
            code: "x".to_owned(),
            name: text(),
            description: text(),
            group: text(),
            duty: "x".to_owned(),
            petition_kind,
            period: None,
            period_article: String::new(),
            period_basis: String::new(),
            keywords: Vec::new(),
            keywords_en: Vec::new(),
            allow_anonymous,
            public: None,
            public_channels: std::collections::BTreeMap::new(),
            questions: Vec::new(),
            active: true,
        }
    }

    #[test]
    fn private_unless_said_otherwise() {
        let (me, other) =
            (ApiClientId::from(Uuid::from_u128(1)), ApiClientId::from(Uuid::from_u128(2)));
        let light = service(PetitionKind::Other, true);
        let relief = service(PetitionKind::Other, false);
        let grievance = service(PetitionKind::Grievance, false);
        let public = Reader::default();
        assert_eq!(
            disclosure(public, Some(&light), Channel::Web, None),
            Disclosure::Outline(Openness::Cell)
        );
        assert_eq!(
            disclosure(public, Some(&relief), Channel::Web, None),
            Disclosure::Outline(Openness::Dong)
        );
        assert_eq!(disclosure(public, Some(&grievance), Channel::Web, None), Disclosure::Hidden);
        assert_eq!(disclosure(public, None, Channel::Web, Some(me)), Disclosure::Hidden);
        let client = Reader { client: Some(me), all: false };
        assert_eq!(
            disclosure(client, Some(&grievance), Channel::Web, Some(me)),
            Disclosure::Masked
        );
        assert_eq!(
            disclosure(client, Some(&grievance), Channel::Web, Some(other)),
            Disclosure::Hidden
        );
        assert_eq!(disclosure(client, None, Channel::Web, None), Disclosure::Hidden);
        let all = Reader { client: None, all: true };
        assert_eq!(disclosure(all, None, Channel::Web, None), Disclosure::Masked);
    }

    #[test]
    fn what_the_office_said_holds_and_messages_are_private() {
        let say = |public, channel| {
            let mut light = service(PetitionKind::Other, true);
            light.public = public;
            openness(&light, channel)
        };
        assert_eq!(say(None, Channel::Web), Openness::Cell);
        assert_eq!(say(Some(Publicity::Private), Channel::Web), Openness::Hidden);
        assert_eq!(say(Some(Publicity::Figures), Channel::Web), Openness::Hidden);
        assert_eq!(say(Some(Publicity::Outline), Channel::Web), Openness::Cell);
        assert_eq!(say(Some(Publicity::Summary), Channel::Text), Openness::Hidden);
        assert_eq!(say(None, Channel::Email), Openness::Hidden);
        let mut light = service(PetitionKind::Other, true);
        light.public_channels.insert(Channel::Text, Publicity::Outline);
        assert_eq!(openness(&light, Channel::Text), Openness::Cell);
        // Whatever is said, a grievance stays its petitioner's own affair.
        let mut grievance = service(PetitionKind::Grievance, true);
        grievance.public = Some(Publicity::Summary);
        assert_eq!(openness(&grievance, Channel::Web), Openness::Hidden);
        assert_eq!(grievance.publicity(Channel::Web), Publicity::Figures);
        assert_eq!(light.publicity(Channel::Web), Publicity::Private);
    }

    #[test]
    fn the_public_never_sees_a_point_itself() {
        let at = (351_270_001, 1_268_770_001);
        let cell = Disclosure::Outline(Openness::Cell);
        let shown = cell.point(Some(at)).unwrap();
        assert_ne!(shown, at);
        // Every point of the cell is shown as the same one.
        assert_eq!(cell.point(Some((at.0 + 1_000, at.1 + 1_000))), Some(shown));
        assert!(crate::place::metres_between(at, shown) < 200);
        assert_eq!(Disclosure::Outline(Openness::Dong).point(Some(at)), None);
        assert_eq!(Disclosure::Masked.point(Some(at)), Some(at));
    }
}
