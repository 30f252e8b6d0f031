//! Kannel's smsbox brings a text by `get-url` or `post-url`, and reports of ours by `dlr-url`.
//!
//! It is answered 202 and nothing: what is answered with 200 would be texted to the sender.

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use maeul_base::{NoticeId, OfficeId, hex};
use maeul_notice::Report;
use maeul_web::Visit;
use sha2::{Digest, Sha256};

use super::{
    Asked, Brought, Door, Inbound, TurnedAway, asked, broken_off, same, take_all, unescape,
};
use crate::act::Arrival;
use crate::decode::Coding;
use crate::udh;

/// Texts by Kannel.
struct Kannel<'a>(&'a Door);

impl Kannel<'_> {
    fn admits(&self, asked: &Asked) -> Result<(), TurnedAway> {
        let kept = self.0.kannel.as_deref().ok_or(TurnedAway::Closed)?;
        if same(kept, &asked.value("secret")) { Ok(()) } else { Err(TurnedAway::Stranger) }
    }
}

impl Inbound for Kannel<'_> {
    fn read(&self, asked: &Asked) -> Result<Vec<Brought>, TurnedAway> {
        self.admits(asked)?;
        // By post-url the words are the body and the rest stands in headers; by get-url all is in
        // the query. A value in the query wins.
        let told = |name: &str, header: &str| {
            let value = asked.value(name);
            if value.is_empty() { asked.header(header).to_owned() } else { value }
        };
        let posted = asked.method == Method::POST;
        let bytes = if posted { asked.body.to_vec() } else { asked.bytes("text").to_vec() };
        let header_bytes = match asked.bytes("udh") {
            [] => unescape(asked.header("x-kannel-udh").as_bytes()),
            given => given.to_vec(),
        };
        let from = told("from", "x-kannel-from");
        let to = told("to", "x-kannel-to");
        let mut charset = asked.value("charset");
        if charset.is_empty() && posted {
            let kind = asked.header("content-type").to_ascii_lowercase();
            charset =
                kind.split("charset=").nth(1).unwrap_or_default().trim_matches('"').to_owned();
        }
        let mut reference = asked.value("id");
        if reference.is_empty() {
            let time = told("time", "x-kannel-time");
            reference = named_by_itself(&[&from, &to, &time], &[&header_bytes, &bytes]);
        }
        let arrival = Arrival {
            gateway: "kannel",
            reference,
            from,
            coding: Coding::of(&told("coding", "x-kannel-coding")),
            charset,
            bytes,
            header: udh::read(&header_bytes),
        };
        Ok(vec![Brought::Text { to, arrival }])
    }
}

/// A name for a text the gateway gave none: what it is made of.
fn named_by_itself(texts: &[&str], bytes: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    let parts = texts.iter().map(|text| text.as_bytes()).chain(bytes.iter().copied());
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hex(hash.finalize())
}

/// Reports by Kannel.
struct KannelReport<'a>(Kannel<'a>);

impl Inbound for KannelReport<'_> {
    fn read(&self, asked: &Asked) -> Result<Vec<Brought>, TurnedAway> {
        self.0.admits(asked)?;
        let notice = asked.value("id").parse::<NoticeId>();
        let notice = notice.map_err(|_| TurnedAway::Malformed("id is not a message of ours"))?;
        // Kannel's dlr-mask: 1 delivered, 2 not delivered, 4 waits at the centre, 8 the centre has
        // it, 16 the centre refused it, 32 waits in Kannel.
        let report = match asked.value("state").as_str() {
            "1" => Report::Delivered,
            "2" | "16" => Report::Failed,
            "4" | "8" | "32" => Report::Taken,
            _ => return Err(TurnedAway::Malformed("state is none of Kannel's")),
        };
        let reason: String = asked.value("why").chars().take(200).collect();
        let office = asked.value("office").parse().ok().map(OfficeId);
        Ok(vec![Brought::Report { office, notice, report, reason }])
    }
}

/// `GET|POST /hooks/sms/kannel`
pub(super) async fn text(visit: Visit, request: Request) -> Response {
    run(visit, request, |door| Box::new(Kannel(door))).await
}

/// `GET /hooks/sms/kannel/dlr`
pub(super) async fn report(visit: Visit, request: Request) -> Response {
    run(visit, request, |door| Box::new(KannelReport(Kannel(door)))).await
}

async fn run(
    visit: Visit,
    request: Request,
    inbound: for<'a> fn(&'a Door) -> Box<dyn Inbound + 'a>,
) -> Response {
    let door = match visit.site().room::<Door>() {
        Ok(door) => door.clone(),
        Err(fault) => return broken_off(&fault),
    };
    let Some(asked) = asked(&visit, None, request).await else {
        return TurnedAway::Malformed("too long").into_response();
    };
    let brought = match inbound(&door).read(&asked) {
        Ok(brought) => brought,
        Err(turned_away) => return turned_away.into_response(),
    };
    match take_all(&visit, brought).await {
        Ok(_) => StatusCode::ACCEPTED.into_response(),
        Err(fault) => broken_off(&fault),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use proptest::prelude::*;

    use super::*;

    fn door() -> Door {
        Door { kannel: Some("s3cret".into()), ..Door::default() }
    }

    fn get(query: &str) -> Asked {
        Asked {
            method: Method::GET,
            query: super::super::pairs(query.as_bytes()),
            key: None,
            headers: HeaderMap::new(),
            body: Default::default(),
            now: "2026-06-08T10:00:00+09:00".parse().unwrap(),
        }
    }

    proptest! {
        #[test]
        fn no_request_breaks_it(
            query in "(secret=s3cret&)?((id|from|to|text|coding|charset|udh|state|why|office)=(%[0-9a-fA-F]{0,2}|[a-z0-9+]){0,12}&){0,8}",
            body in prop::collection::vec(any::<u8>(), 0..80),
            posted in any::<bool>(),
            header in "[ -~]{0,20}",
        ) {
            let door = door();
            let mut asked = get(&query);
            if posted {
                asked.method = Method::POST;
                asked.body = body.into();
            }
            for name in ["x-kannel-udh", "x-kannel-coding", "x-kannel-from", "content-type"] {
                asked.headers.insert(name, header.parse().unwrap());
            }
            let known = query.starts_with("secret=s3cret&");
            prop_assert_eq!(Kannel(&door).read(&asked).is_ok(), known);
            if KannelReport(Kannel(&door)).read(&asked).is_ok() {
                prop_assert!(known);
            }
        }
    }

    #[test]
    fn a_text_by_get_url() {
        let door = door();
        let read = Kannel(&door)
            .read(&get("secret=s3cret&id=u-1&from=%2B821012345678&to=0103080&text=%AC%00%00%21&coding=2&udh=%05%00%03%07%02%01"))
            .unwrap();
        let [Brought::Text { to, arrival }] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((to.as_str(), arrival.reference.as_str()), ("0103080", "u-1"));
        assert_eq!(arrival.from, "+821012345678");
        assert_eq!(arrival.bytes, [0xac, 0, 0, 0x21]);
        assert_eq!(arrival.header.part.unwrap().total, 2);
    }

    #[test]
    fn a_text_by_post_url() {
        let door = door();
        let mut asked = get("secret=s3cret");
        asked.method = Method::POST;
        asked.body = "가로등".as_bytes().to_vec().into();
        for (name, value) in [
            ("x-kannel-from", "01012345678"),
            ("x-kannel-to", "0103080"),
            ("x-kannel-coding", "0"),
            ("x-kannel-time", "2026-06-08 01:00:00"),
            ("content-type", "text/plain; charset=\"UTF-8\""),
        ] {
            asked.headers.insert(name, value.parse().unwrap());
        }
        let read = Kannel(&door).read(&asked).unwrap();
        let [Brought::Text { arrival, .. }] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((arrival.from.as_str(), arrival.charset.as_str()), ("01012345678", "utf-8"));
        assert_eq!(arrival.reference.len(), 64);
        // The same text comes under the same name, another under another.
        let again = Kannel(&door).read(&asked).unwrap();
        let [Brought::Text { arrival: again, .. }] = again.as_slice() else { panic!() };
        assert_eq!(again.reference, arrival.reference);
    }

    #[test]
    fn strangers_and_closed_doors() {
        let (open, closed) = (door(), Door::default());
        for query in ["secret=wrong&text=x", "text=x", "secret=&text=x"] {
            assert_eq!(Kannel(&open).read(&get(query)).unwrap_err(), TurnedAway::Stranger);
        }
        assert_eq!(Kannel(&closed).read(&get("secret=")).unwrap_err(), TurnedAway::Closed);
    }

    #[test]
    fn reports() {
        let door = door();
        let id = "0197548b6ac07ff5b1d2a2d3e4f50607";
        for (state, wanted) in
            [(1, Report::Delivered), (2, Report::Failed), (8, Report::Taken), (16, Report::Failed)]
        {
            let asked = get(&format!("secret=s3cret&office=29140&id={id}&state={state}&why=ESME"));
            let read = KannelReport(Kannel(&door)).read(&asked).unwrap();
            let [Brought::Report { office, report, .. }] = read.as_slice() else { panic!() };
            assert_eq!((*office, *report), (Some(OfficeId(29140)), wanted));
        }
        let bad = get("secret=s3cret&id=x&state=1");
        assert!(matches!(
            KannelReport(Kannel(&door)).read(&bad).unwrap_err(),
            TurnedAway::Malformed(_)
        ));
    }
}
