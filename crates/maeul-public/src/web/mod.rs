//! The pages of the room: lists, cases, 동, figures and files for everybody, and the officers' look
//! at summaries.

mod asked;
mod case;
mod cases;
mod catalogue;
mod figures;
mod files;
mod line;
mod map;
mod record;
mod shelf;
mod staff;
mod words;

pub use shelf::Shelf;

use maeul_base::Lang;
use maeul_cases::KnowledgeCache;
use maeul_room::Room;
use maeul_web::{Access, Routes};

use crate::Settings;
use crate::permissions::PUBLISH;

/// Where the licence of open data is written.
pub(crate) const LICENCE_URL: &str = "https://www.kogl.or.kr/info/license.do";

/// 공공누리 제1유형: free use with the source named.
pub(crate) const fn licence(lang: Lang) -> &'static str {
    lang.t("공공누리 제1유형: 출처표시", "Korea Open Government License Type 1: attribution")
}

/// The room as it joins the house.
pub fn room(knowledge: &KnowledgeCache, settings: Settings) -> Room {
    let open = Access::Public;
    let look = Access::Staff(&PUBLISH);
    Room {
        name: "public",
        routes: Routes::new()
            .get("/cases", open, cases::show)
            .get("/cases/{number}", open, case::show)
            .get("/cases/{number}/photo/{photo}", open, case::photo)
            .get("/map", open, map::list)
            .get("/map/dongs.json", open, map::geojson)
            .get("/dong/{code}", open, map::show)
            .get("/figures", open, figures::show)
            .get("/open-data", open, catalogue::about)
            .get("/open-data/{file}", open, files::show)
            .get("/staff/publication", look, staff::list)
            .get("/staff/publication/{case}", look, staff::show)
            .post("/staff/publication/{case}", look, staff::submit),
        permissions: &[&PUBLISH],
        handlers: crate::jobs::handlers(knowledge, settings),
        schedules: crate::jobs::schedules(),
    }
}
