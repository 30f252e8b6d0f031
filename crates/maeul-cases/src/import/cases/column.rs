//! The columns of the exchange form: those of the Open311 bulk specification, and a few of ours.

/// A column, ours or the specification's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The number it has in the other system. Needed.
    Reference,
    /// When it came in. Needed.
    Requested,
    /// When anything last happened.
    Updated,
    /// When it was closed.
    Closed,
    /// `open` or `closed`.
    Status,
    /// What became of it, in words.
    StatusNotes,
    /// By which way it came.
    Source,
    /// The service's code.
    ServiceCode,
    /// The service's name.
    ServiceName,
    /// In a few words.
    Title,
    /// In the resident's words.
    Description,
    /// Who is responsible.
    Agency,
    /// Where, in words.
    Address,
    /// The ten digits of the 행정동.
    Dong,
    /// Latitude, degrees.
    Lat,
    /// Longitude, degrees.
    Long,
    /// When it was or is due.
    Expected,
    /// `done`, `refused`, `long_term` or `needs_budget`.
    Outcome,
    /// The whole letter that went out.
    Answer,
    /// The petitioner's language, `ko` or `en`.
    Language,
    /// The petitioner's name.
    Name,
    /// Their telephone.
    Phone,
    /// Their e-mail address.
    Email,
    /// The others who joined: a JSON array of objects with name, phone and email.
    Followers,
}

impl Column {
    /// All, in the order in which they are written.
    pub const ALL: [Self; 24] = [
        Self::Reference,
        Self::Requested,
        Self::Updated,
        Self::Closed,
        Self::Status,
        Self::StatusNotes,
        Self::Source,
        Self::ServiceCode,
        Self::ServiceName,
        Self::Title,
        Self::Description,
        Self::Agency,
        Self::Address,
        Self::Dong,
        Self::Lat,
        Self::Long,
        Self::Expected,
        Self::Outcome,
        Self::Answer,
        Self::Language,
        Self::Name,
        Self::Phone,
        Self::Email,
        Self::Followers,
    ];

    /// The column's name, as it is written.
    pub const fn as_str(self) -> &'static str {
        match self.names() {
            [name, ..] => name,
            [] => "",
        }
    }

    /// The names it may have where no mapping says otherwise, the first one being its own.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Reference => &["service_request_id"],
            Self::Requested => &["requested_datetime"],
            Self::Updated => &["updated_datetime"],
            // The specification's text and its examples differ.
            Self::Closed => &["closed_datetime", "closed_date"],
            Self::Status => &["status", "status_description"],
            Self::StatusNotes => &["status_notes"],
            Self::Source => &["source"],
            Self::ServiceCode => &["service_code"],
            Self::ServiceName => &["service_name"],
            Self::Title => &["title"],
            Self::Description => &["description"],
            Self::Agency => &["agency_responsible"],
            Self::Address => &["address"],
            Self::Dong => &["dong"],
            Self::Lat => &["lat", "latitude"],
            Self::Long => &["long", "longitude", "lon"],
            Self::Expected => &["expected_datetime"],
            Self::Outcome => &["outcome"],
            Self::Answer => &["answer"],
            Self::Language => &["language"],
            Self::Name => &["name"],
            Self::Phone => &["phone"],
            Self::Email => &["email"],
            Self::Followers => &["followers"],
        }
    }

    /// The column of that own name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == name)
    }

    /// Whether it says who somebody is: sealed when kept, and written only in a full hand-over.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Name | Self::Phone | Self::Email | Self::Followers)
    }
}
