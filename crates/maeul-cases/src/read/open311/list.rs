//! The list of requests and the single one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, DongCode, Fault, PhotoId, UnitId};
use maeul_db::{Json, Sql, Tx, args, row};
use maeul_people::ApiClientId;
use maeul_wire::open311::{Filter, Near, Request, Status};

use super::build::{Built, photos_of};
use super::number_of;
use crate::disclosure::{Openness, Reader, openness};
use crate::knowledge::Knowledge;
use crate::place::{CELL_LAT_E7, CELL_LON_E7};
use crate::words::{Channel, Outcome, State};

row! {
    /// A case as far as any reader may know it.
    pub(crate) struct Line {
        pub(crate) id: CaseId,
        pub(crate) number: String,
        pub(crate) state: State,
        pub(crate) body: String,
        pub(crate) service: Option<String>,
        pub(crate) answers: Json<crate::service::Answers>,
        pub(crate) channel: Channel,
        pub(crate) dong: Option<DongCode>,
        pub(crate) place: String,
        pub(crate) lat_e7: Option<i64>,
        pub(crate) lon_e7: Option<i64>,
        pub(crate) unit: Option<UnitId>,
        pub(crate) received_at: Timestamp,
        pub(crate) due_at: Timestamp,
        pub(crate) closed_at: Option<Timestamp>,
        pub(crate) updated_at: Timestamp,
        pub(crate) outcome: Option<Outcome>,
        pub(crate) answer: Option<String>,
        pub(crate) photos: i32,
        pub(crate) sent_by: Option<ApiClientId>,
        pub(crate) media: Option<String>,
    }
}

pub(crate) const SELECT: &str = "SELECT c.id, c.number, c.state, c.body, c.service_code, c.answers,
        c.channel, c.dong_code, c.place_text, c.lat_e7, c.lon_e7, c.unit_id, c.received_at,
        c.due_at, c.closed_at, c.updated_at, c.outcome, c.answer, c.photos, r.client_id, r.media
   FROM cases_case c
   LEFT JOIN cases_relay r ON r.office_id = c.office_id AND r.case_id = c.id
  WHERE c.office_id = ?";

/// When a case last changed, as Open311 means it: the closing time once closed.
pub(crate) const CHANGED: &str = "COALESCE(c.closed_at, c.updated_at)";

/// The requests asked for, the newest first. `base` is the endpoint's address, for photos.
pub fn requests(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    filter: &Filter,
    reader: Reader,
    base: &str,
) -> Result<Vec<Request>, Fault> {
    let mut sql = Sql::new(SELECT, args![ctx.office]);
    visible(&mut sql, know, reader);
    if filter.ids.is_empty() {
        narrow(&mut sql, know, filter, reader);
        let skip = (filter.page - 1).saturating_mul(filter.page_size);
        sql.add(
            " ORDER BY c.received_at DESC, c.id DESC LIMIT ? OFFSET ?",
            args![filter.page_size, skip],
        );
    } else {
        let numbers: Vec<String> = filter.ids.iter().filter_map(|id| number_of(know, id)).collect();
        sql.and_in("c.number", &numbers);
        sql.add(" ORDER BY c.received_at DESC, c.id DESC", []);
    }
    let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
    let photos = photos_of(tx, ctx, know, &lines, reader)?;
    let built = Built { know, lang: ctx.lang, reader, base };
    let mut requests: Vec<Request> =
        lines.iter().map(|line| built.request(line, &photos)).collect();
    if filter.extensions {
        built.attach(tx, ctx, &lines, &photos, &mut requests)?;
    }
    Ok(requests)
}

/// Leaves only what the reader may know of at all.
pub(crate) fn visible(sql: &mut Sql, know: &Knowledge, reader: Reader) {
    if reader.all {
        return;
    }
    sql.add(" AND (", []);
    by_channel(sql, know, |it| it != Openness::Hidden);
    if let Some(client) = reader.client {
        sql.add(" OR r.client_id = ?", args![client]);
    }
    sql.add(")", []);
}

/// The services and channels that are so open: `(c.channel IN (…) AND c.service_code IN (…)) OR …`,
/// not beginning with AND.
fn by_channel(sql: &mut Sql, know: &Knowledge, which: impl Fn(Openness) -> bool) {
    // Nearly always all channels but one or two share the same services.
    let mut groups: BTreeMap<Vec<&str>, Vec<Channel>> = BTreeMap::new();
    for channel in Channel::ALL {
        let open = know.all_services().filter(|it| which(openness(it, *channel)));
        let codes: Vec<&str> = open.map(|it| it.code.as_str()).collect();
        if !codes.is_empty() {
            groups.entry(codes).or_default().push(*channel);
        }
    }
    if groups.is_empty() {
        sql.add("1 = 0", []);
    }
    for (index, (codes, channels)) in groups.iter().enumerate() {
        sql.add(if index == 0 { "(1 = 1" } else { " OR (1 = 1" }, []);
        sql.and_in("c.channel", channels);
        sql.and_in("c.service_code", codes);
        sql.add(")", []);
    }
}

fn narrow(sql: &mut Sql, know: &Knowledge, filter: &Filter, reader: Reader) {
    if !filter.services.is_empty() {
        sql.and_in("c.service_code", &filter.services);
    }
    if let Some(window) = filter.requested {
        sql.add(" AND c.received_at >= ? AND c.received_at <= ?", args![window.from, window.to]);
    }
    match filter.status {
        Some(Status::Open) => sql.add(" AND c.state <> 'closed'", []),
        Some(Status::Closed) => sql.add(" AND c.state = 'closed'", []),
        None => sql,
    };
    if let Some(after) = filter.updated_after {
        sql.add(&format!(" AND {CHANGED} > ?"), args![after]);
    }
    if let Some(before) = filter.updated_before {
        sql.add(&format!(" AND {CHANGED} < ?"), args![before]);
    }
    if let Some(corners) = filter.bbox {
        by_place(sql, know, reader, |sql, lat, lon| within(sql, lat, lon, corners));
    }
    if let Some(near) = filter.near {
        by_place(sql, know, reader, |sql, lat, lon| around(sql, lat, lon, near));
    }
}

/// A condition on the place as it is shown: the point itself where the reader may see it, the
/// middle of its cell where everybody may, and never where only the 동 is shown.
fn by_place(
    sql: &mut Sql,
    know: &Knowledge,
    reader: Reader,
    condition: impl Fn(&mut Sql, &str, &str),
) {
    let (lat, lon) = ("c.lat_e7", "c.lon_e7");
    sql.add(" AND (", []);
    if reader.all {
        condition(sql, lat, lon);
    } else {
        let middle =
            |column: &str, size: i64| format!("({column} / {size} * {size} + {})", size / 2);
        sql.add("((", []);
        by_channel(sql, know, |it| it == Openness::Cell);
        sql.add(")", []);
        if let Some(client) = reader.client {
            // What it sent itself is asked by its own point.
            sql.add(" AND (r.client_id IS NULL OR r.client_id <> ?)", args![client]);
        }
        sql.add(" AND ", []);
        condition(sql, &middle(lat, CELL_LAT_E7), &middle(lon, CELL_LON_E7));
        sql.add(")", []);
        if let Some(client) = reader.client {
            sql.add(" OR (r.client_id = ? AND ", args![client]);
            condition(sql, lat, lon);
            sql.add(")", []);
        }
    }
    sql.add(")", []);
}

fn within(sql: &mut Sql, lat: &str, lon: &str, corners: ((i64, i64), (i64, i64))) {
    let ((south, west), (north, east)) = corners;
    sql.add(
        &format!("({lat} BETWEEN ? AND ? AND {lon} BETWEEN ? AND ?)"),
        args![south, north, west, east],
    );
}

/// Planar, in whole numbers: right to a metre within an office.
fn around(sql: &mut Sql, lat: &str, lon: &str, near: Near) {
    let (lat0, lon0) = near.point;
    // A degree × 10⁻⁷ is 0.0111195 m of latitude.
    let reach = near.radius.saturating_mul(10_000_000) / 111_195;
    let shrink = cosine_per_mille(lat0);
    sql.add(
        &format!(
            "(({lat} - ?) * ({lat} - ?) + (({lon} - ?) * ? / 1000) * (({lon} - ?) * ? / 1000) <= ?)"
        ),
        args![lat0, lat0, lon0, shrink, lon0, shrink, reach.saturating_mul(reach)],
    );
}

/// How much shorter a degree of longitude is there, per mille.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "degrees × 10^7 are below 2^53, and a cosine per mille is rounded on purpose"
)]
fn cosine_per_mille(lat_e7: i64) -> i64 {
    ((lat_e7 as f64 / 1e7).to_radians().cos() * 1_000.0).round() as i64
}

/// A photo of a case, for its address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PhotoLine {
    pub(crate) case: CaseId,
    pub(crate) id: PhotoId,
}
