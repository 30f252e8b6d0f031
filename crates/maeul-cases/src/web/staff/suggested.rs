//! Suggestions on the officers' pages: three candidates with the words that spoke, and one press to
//! accept one. People decide.

use axum::extract::Path;
use maeul_base::{CaseId, Failure, Lang, Refusal, seoul};
use maeul_web::{PageResult, Posted, Visit};

use super::acts::{run, version};
use super::said::said;
use crate::advise::{Advice, AdviceSource, Candidate};
use crate::web::desk::{self, know};
use crate::{Case, Knowledge, act};

/// A candidate as officers read it.
pub(crate) struct Row {
    pub(crate) code: String,
    pub(crate) name: String,
    /// The unit that would have it; empty where it is nobody's duty.
    pub(crate) unit: String,
    /// `72 %`
    pub(crate) sure: String,
    /// The words that spoke.
    pub(crate) words: String,
}

/// What is suggested for one case.
pub(crate) struct Panel {
    pub(crate) rows: Vec<Row>,
    pub(crate) unsure: bool,
    /// On what it rests, in a sentence.
    pub(crate) source: String,
}

/// The candidates as officers read them; the unit is that of the case's 동.
pub(crate) fn panel(
    visit: &Visit,
    know: &Knowledge,
    dong: Option<&maeul_base::DongCode>,
    advice: &Advice,
) -> Panel {
    let lang = visit.lang();
    Panel {
        rows: advice.candidates.iter().filter_map(|it| row(visit, know, dong, it)).collect(),
        unsure: advice.unsure,
        source: source(advice.source, lang),
    }
}

fn row(
    visit: &Visit,
    know: &Knowledge,
    dong: Option<&maeul_base::DongCode>,
    candidate: &Candidate,
) -> Option<Row> {
    let service = know.service(&candidate.service)?;
    let today = seoul::date(visit.now());
    let unit = know.chart().responsible(&service.duty, dong, today).unit;
    Some(Row {
        code: service.code.clone(),
        name: service.name.get(visit.lang()).to_owned(),
        unit: unit.map(|unit| unit.name(visit.lang()).to_owned()).unwrap_or_default(),
        sure: percent(candidate.confidence),
        words: candidate.because.join(", "),
    })
}

/// `72 %`; what is less than one is said so.
pub(crate) fn percent(per_mille: u32) -> String {
    if per_mille < 10 { "< 1 %".to_owned() } else { format!("{} %", (per_mille + 5) / 10) }
}

fn source(source: AdviceSource, lang: Lang) -> String {
    match (source, lang) {
        (AdviceSource::Duties, _) => lang
            .t(
                "민원 종류와 사무분장의 낱말에 견주어 찾았습니다.",
                "Found by the words of the services and duties.",
            )
            .to_owned(),
        (AdviceSource::OwnCases { version, trained_at, cases }, Lang::Ko) => {
            let day = seoul::day_text(seoul::date(trained_at), lang);
            format!("우리 기관이 답한 {cases}건에서 배운 모델 {version} ({day})")
        }
        (AdviceSource::OwnCases { version, trained_at, cases }, Lang::En) => {
            let day = seoul::day_text(seoul::date(trained_at), lang);
            format!("Model {version}, learned from {cases} answered cases of this office ({day})")
        }
    }
}

/// Whether an officer is shown what is suggested: nobody decided yet, or the words clearly speak of
/// another service than the case has.
pub(crate) fn is_worth_showing(case: &Case, advice: &Advice) -> bool {
    let undecided = case.service.is_none() || case.unit.is_none();
    let other = advice.sure().is_some_and(|it| case.service.as_deref() != Some(&it.service));
    !advice.candidates.is_empty() && (undecided || other)
}

/// `POST /staff/case/{case}/suggested`: service.
pub(crate) async fn accept(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let service = posted.get("service").to_owned();
    let input = act::Accept { case: id, version: version(&posted), service: Some(service) };
    let done = accepted(&visit);
    run(&visit, id, &posted, &[("", "main")], ("/staff", done), move |tx, ctx, know| {
        act::accept(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST /staff/queue/accept`: accept, as `case:version:service`. One press in the coordinator's
/// queue, which stands there again afterwards.
pub(crate) async fn accept_in_queue(visit: Visit, posted: Posted) -> PageResult {
    let back = "/staff/queue/unassigned";
    let mut parts = posted.get("accept").splitn(3, ':');
    let case = parts.next().and_then(|id| id.parse().ok());
    let version = parts.next().and_then(|version| version.parse().ok());
    let (Some(case), Some(service)) = (case, parts.next()) else {
        let text = visit.t("무엇을 받아들일지 고르십시오.", "Choose what to accept.");
        return Ok(visit.redirect_with(back, text));
    };
    let input = act::Accept { case, version, service: Some(service.to_owned()) };
    let know = know(&visit).await?;
    let done = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        act::accept(tx, ctx, know, &input)
    });
    match done.await {
        Ok(case) => {
            let unit = know.unit_name(case.unit, visit.lang());
            let text = format!("{} {} → {unit}", accepted(&visit), case.number);
            Ok(visit.redirect_with(back, &text))
        }
        Err(Failure::Refused(refusal)) => Ok(visit.redirect_with(back, &refusal.say(visit.lang()))),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

fn accepted(visit: &Visit) -> &'static str {
    match visit.lang() {
        Lang::Ko => "추천을 받아들여 종류와 담당 부서를 정했습니다.",
        Lang::En => "The suggestion was accepted; service and unit are set.",
    }
}
