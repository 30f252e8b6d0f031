//! Service → duty → the unit in force on that day in that 동.

use jiff::civil::Date;
use maeul_base::{DongCode, UnitId};

use crate::knowledge::Knowledge;
use crate::service::Service;
use crate::words::Bilingual;

/// The responsible unit and why; none is the coordinator's queue, so that nothing is lost.
pub(crate) fn route(
    know: &Knowledge,
    service: Option<&Service>,
    dong: Option<&DongCode>,
    on: Date,
) -> (Option<UnitId>, Bilingual) {
    let Some(service) = service else {
        return (
            None,
            Bilingual::new(
                "분야를 고르지 않은 신고여서 민원조정관이 담당 부서를 정합니다.",
                "No service was chosen, so the coordinator decides which unit is responsible.",
            ),
        );
    };
    let found = know.chart().responsible(&service.duty, dong, on);
    let join = |lines: Vec<&str>| lines.join("\n");
    let why = Bilingual::new(
        join(found.because.iter().map(|reason| reason.ko.as_str()).collect()),
        join(found.because.iter().map(|reason| reason.en.as_str()).collect()),
    );
    (found.unit.map(|unit| unit.id), why)
}
