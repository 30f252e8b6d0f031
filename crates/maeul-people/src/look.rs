//! A look at personal data as it is kept, and the chain by which a change of the log shows: each
//! link's hash is made of the link before it and of everything its look says.
//!
//! The encoding is written down in docs/personal-data.md, so that somebody else can check a chain.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{CaseId, Lang, OfficeId, StaffId, UnitId, hex};
use maeul_db::{Seal, row, text_value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What was done with the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookAct {
    /// A page with a resident's words was opened.
    Open,
    /// A contact was shown whole.
    Reveal,
    /// Records were handed over to another system with everybody's contact.
    HandOver,
    /// A list was taken out as a file.
    Download,
    /// What is held about a person was put together for them.
    Access,
}

impl LookAct {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Open, Self::Reveal, Self::HandOver, Self::Download, Self::Access];

    /// The word kept.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reveal => "reveal",
            Self::HandOver => "hand_over",
            Self::Download => "download",
            Self::Access => "access",
        }
    }

    /// The act of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// As people read it.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => lang.t("화면 열람", "Opened the page"),
            Self::Reveal => lang.t("연락처 열람", "Saw the contact"),
            Self::HandOver => lang.t("자료 이관", "Handed over"),
            Self::Download => lang.t("파일 내려받기", "Downloaded"),
            Self::Access => lang.t("열람 청구 처리", "Put together for the person"),
        }
    }
}

text_value!(LookAct);

row! {
    /// A look, as it is kept.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LookEntry {
        /// Its id.
        pub id: Uuid,
        /// When.
        pub at: Timestamp,
        /// Who.
        pub staff: StaffId,
        /// Their unit at that time.
        pub unit: Option<UnitId>,
        /// Their role at that time.
        pub role: String,
        /// What was done.
        pub act: LookAct,
        /// What kind of record, e.g. `case_party`.
        pub what_kind: String,
        /// Which record.
        pub what_id: Uuid,
        /// The case it belongs to.
        pub case: Option<CaseId>,
        /// The unit that case was with.
        pub owner: Option<UnitId>,
        /// Which fields, with a comma between.
        pub fields: String,
        /// How many people it concerned.
        pub people: i32,
        /// Why.
        pub reason: String,
        /// From which network address.
        pub address: Option<String>,
    }

    /// The end of a chain.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Head {
        /// How many links it has.
        pub seq: i64,
        /// The last link's hash, 32 bytes.
        pub hash: Vec<u8>,
        /// When that link was made.
        pub at: Timestamp,
    }

    /// The end of a chain as it was on a day.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DayHead {
        /// The day in Seoul.
        pub on: Date,
        /// How many links it had.
        pub seq: i64,
        /// The last link's hash, 32 bytes.
        pub hash: Vec<u8>,
    }
}

/// The hash before the first link.
pub const NOTHING_BEFORE: [u8; 32] = [0; 32];

/// Text before everything that is hashed, so that these hashes are made of nothing else.
const MARK: &[u8] = b"maeul look 1\n";

/// The hash of the link number `seq` (from 1) that holds `look`, after the link with hash `before`.
pub fn link_hash(before: &[u8], office: OfficeId, seq: i64, look: &LookEntry) -> Vec<u8> {
    let mut sum = Sha256::new();
    sum.update(MARK);
    sum.update(before);
    sum.update(office.0.to_be_bytes());
    sum.update(seq.to_be_bytes());
    let mut put = |part: Option<&[u8]>| {
        // Lengths before contents: no two looks give the same bytes. One more than the length, so that
        // nothing and an empty text differ.
        let length =
            part.map_or(0, |part| u64::try_from(part.len()).unwrap_or(u64::MAX).saturating_add(1));
        sum.update(length.to_be_bytes());
        sum.update(part.unwrap_or_default());
    };
    put(Some(look.id.as_bytes()));
    put(Some(&look.at.as_microsecond().to_be_bytes()));
    put(Some(look.staff.0.as_bytes()));
    put(look.unit.as_ref().map(|it| it.0.as_bytes().as_slice()));
    put(Some(look.role.as_bytes()));
    put(Some(look.act.as_str().as_bytes()));
    put(Some(look.what_kind.as_bytes()));
    put(Some(look.what_id.as_bytes()));
    put(look.case.as_ref().map(|it| it.0.as_bytes().as_slice()));
    put(look.owner.as_ref().map(|it| it.0.as_bytes().as_slice()));
    put(Some(look.fields.as_bytes()));
    put(Some(&look.people.to_be_bytes()));
    put(Some(look.reason.as_bytes()));
    put(look.address.as_ref().map(String::as_bytes));
    sum.finalize().to_vec()
}

/// The mark of a link that only this installation's key makes: who can write to the database alone
/// cannot make a whole new chain.
pub fn link_mac(seal: &Seal, office: OfficeId, seq: i64, hash: &[u8]) -> Vec<u8> {
    seal.lookup_hash(office, &format!("look chain {seq} {}", hex(hash)))
}

/// Where a chain is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// A link is missing before this one.
    LinkGone {
        /// The number that is missing.
        seq: i64,
    },
    /// The look of this link was deleted.
    LookGone {
        /// The link.
        seq: i64,
    },
    /// The look, its place or the link was changed.
    Changed {
        /// The link.
        seq: i64,
    },
    /// The link was not made with this installation's key.
    Forged {
        /// The link.
        seq: i64,
    },
    /// A look stands in the log that no link holds and that does not wait for one.
    Inserted {
        /// The look.
        look: Uuid,
        /// When it says it was.
        at: Timestamp,
    },
    /// A look that waited for its link was deleted.
    WaitingGone {
        /// The look.
        look: Uuid,
    },
    /// The chain has no such link any more, or another one, though it was published.
    HeadGone {
        /// The link.
        seq: i64,
    },
}

impl Break {
    /// As people read it.
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::LinkGone { seq }, Lang::Ko) => format!("{seq}번 고리가 없습니다."),
            (Self::LinkGone { seq }, Lang::En) => format!("Link {seq} is gone."),
            (Self::LookGone { seq }, Lang::Ko) => {
                format!("{seq}번 고리의 열람 기록이 지워졌습니다.")
            }
            (Self::LookGone { seq }, Lang::En) => format!("The look of link {seq} was deleted."),
            (Self::Changed { seq }, Lang::Ko) => {
                format!("{seq}번 고리나 그 열람 기록이 바뀌었습니다.")
            }
            (Self::Changed { seq }, Lang::En) => format!("Link {seq} or its look was changed."),
            (Self::Forged { seq }, Lang::Ko) => {
                format!("{seq}번 고리는 이 설치의 키로 만든 것이 아닙니다.")
            }
            (Self::Forged { seq }, Lang::En) => {
                format!("Link {seq} was not made with this installation's key.")
            }
            (Self::Inserted { look, at }, Lang::Ko) => {
                format!("고리에 없는 열람 기록이 끼어 있습니다: {look} ({at})")
            }
            (Self::Inserted { look, at }, Lang::En) => {
                format!("A look was put in that no link holds: {look} ({at})")
            }
            (Self::WaitingGone { look }, Lang::Ko) => {
                format!("고리를 기다리던 열람 기록이 지워졌습니다: {look}")
            }
            (Self::WaitingGone { look }, Lang::En) => {
                format!("A look that waited for its link was deleted: {look}")
            }
            (Self::HeadGone { seq }, Lang::Ko) => {
                format!("공개한 {seq}번 고리가 없거나 다릅니다. 그 뒤가 잘렸거나 새로 쓰였습니다.")
            }
            (Self::HeadGone { seq }, Lang::En) => format!(
                "Link {seq} was published and is gone or another: the chain was cut or written anew."
            ),
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Links that are whole, from where the check began.
    pub links: i64,
    /// Looks that wait for their link.
    pub waiting: i64,
    /// The end of the chain.
    pub head: Option<Head>,
    /// The first thing wrong.
    pub broken: Option<Break>,
}
