//! What happened to a request: the updates extension of FixMyStreet, in both directions.

use jiff::Timestamp;

use super::node::{Fields, Node};
use super::time::{read_time, write_time};
use super::tree::Tree;

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $open:expr;)*) => {
        /// Where a request stands, in the extension's words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum UpdateStatus { $($(#[$doc])* $name,)* }

        impl UpdateStatus {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word in an answer; a post has it in capitals.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Whether work is still owed; `None` where it says nothing about that.
            pub const fn is_open(self) -> Option<bool> {
                match self { $(Self::$name => $open,)* }
            }
        }
    };
}

statuses! {
    /// Only words.
    Unchanged = "unchanged", None;
    /// Open.
    Open = "open", Some(true);
    /// Closed.
    Closed = "closed", Some(false);
    /// Repaired.
    Fixed = "fixed", Some(false);
    /// Being worked on.
    InProgress = "in_progress", Some(true);
    /// Will be done, without a day.
    Planned = "planned", Some(true);
    /// Will be done on a day.
    ActionScheduled = "action_scheduled", Some(true);
    /// Being looked into.
    Investigating = "investigating", Some(true);
    /// The same as another.
    Duplicate = "duplicate", Some(false);
    /// Another's duty.
    NotCouncilsResponsibility = "not_councils_responsibility", Some(false);
    /// Nothing will be done.
    NoFurtherAction = "no_further_action", Some(false);
    /// Passed on inside.
    InternalReferral = "internal_referral", Some(true);
    /// Withdrawn.
    Cancelled = "cancelled", Some(false);
    /// To be opened again.
    Reopen = "reopen", Some(true);
    /// A person must look at it first.
    ForTriage = "for_triage", Some(true);
}

impl UpdateStatus {
    /// The one of that word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.word().eq_ignore_ascii_case(word.trim()))
    }
}

/// One update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Its id; the receiver knows by it what it has seen.
    pub update_id: String,
    /// Of which request.
    pub service_request_id: String,
    /// Where the request stands since.
    pub status: UpdateStatus,
    /// When.
    pub updated: Timestamp,
    /// In words.
    pub description: String,
    /// Pictures.
    pub media_urls: Vec<String>,
    /// The sender's own finer word for the status.
    pub external_status_code: Option<String>,
}

impl Update {
    /// The list, under `service_request_updates`.
    pub fn list(updates: &[Self]) -> Node {
        Node::List("request_update", updates.iter().map(Self::node).collect())
    }

    fn node(&self) -> Node {
        let media = match self.media_urls.as_slice() {
            [] => Node::Empty,
            [one] => Node::text(one.as_str()),
            many => Node::List("url", many.iter().map(|it| Node::text(it.as_str())).collect()),
        };
        Fields::default()
            .text("update_id", &self.update_id)
            .text("service_request_id", &self.service_request_id)
            .text("status", self.status.word())
            .text("updated_datetime", &write_time(self.updated))
            .text("description", &self.description)
            .put("media_url", media)
            .maybe("external_status_code", self.external_status_code.as_deref())
            .done()
    }

    /// The answer to a posted update: the receiver's own id for it.
    pub fn receipt(update_id: &str) -> Node {
        let update = Fields::default().text("update_id", update_id).done();
        Node::List("request_update", vec![update])
    }

    /// As it came in; the name of the field without which it is none.
    pub fn read(tree: &Tree) -> Result<Self, &'static str> {
        let status = tree.text("status").ok_or("status")?;
        let updated = tree.text("updated_datetime").ok_or("updated_datetime")?;
        let media_urls = match tree.get("media_url") {
            Some(Tree::List(items)) => items.iter().filter_map(Tree::own_text).collect(),
            Some(parts @ Tree::Fields(_)) => {
                parts.items("url").into_iter().filter_map(Tree::own_text).collect()
            }
            Some(one) => one.own_text().into_iter().collect(),
            None => Vec::new(),
        };
        Ok(Self {
            update_id: tree.text("update_id").ok_or("update_id")?,
            service_request_id: tree.text("service_request_id").ok_or("service_request_id")?,
            status: UpdateStatus::parse(&status).ok_or("status")?,
            updated: read_time(&updated).ok_or("updated_datetime")?,
            description: tree.text("description").unwrap_or_default(),
            media_urls,
            external_status_code: tree.text("external_status_code"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open311::Format;

    #[test]
    fn updates_come_back_from_both_encodings() {
        let update = |media: &[&str]| Update {
            update_id: "2026-000001-4-3".to_owned(),
            service_request_id: "2026-000001-4".to_owned(),
            status: UpdateStatus::InProgress,
            updated: "2026-06-08T01:15:00Z".parse().unwrap(),
            description: "맡았습니다".to_owned(),
            media_urls: media.iter().map(|it| (*it).to_owned()).collect(),
            external_status_code: Some("taken".to_owned()),
        };
        let all = [update(&[]), update(&["http://a"]), update(&["http://a", "http://b"])];
        for format in [Format::Xml, Format::Json] {
            let text = Update::list(&all).write("service_request_updates", format);
            let tree = Tree::read(&text, format).unwrap();
            let read: Vec<_> = tree
                .items("request_update")
                .into_iter()
                .map(|it| Update::read(it).unwrap())
                .collect();
            assert_eq!(read, all, "{text}");
        }
        assert_eq!(UpdateStatus::parse("IN_PROGRESS"), Some(UpdateStatus::InProgress));
        assert_eq!(UpdateStatus::parse("done"), None);
    }
}
