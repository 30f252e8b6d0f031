//! Services and templates from files: shown first, taken whole or not at all, the same twice.

use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Failure, Lang};
use maeul_cases::act::{self, NewCase};
use maeul_cases::import::{
    ImportRefused, apply_services, apply_templates, plan_services, plan_templates,
    preview_services, preview_templates,
};
use maeul_db::{Db, both_engines};

use crate::support::{OFFICE, SERVICES, TEMPLATES, World, code_of, count, refusal, steps};

fn figures(report: &ImportReport) -> (usize, usize, usize, usize) {
    (report.added, report.changed, report.unchanged, report.removed)
}

async fn services(w: &World, text: String) -> Result<ImportReport, Failure<ImportRefused>> {
    let (ctx, file) = (w.ctx("system"), plan_services(&text).unwrap());
    w.db.write(move |tx| apply_services(tx, &ctx, &file)).await
}

async fn preview(w: &World, text: String) -> Result<ImportReport, Failure<ImportRefused>> {
    let file = plan_services(&text).unwrap();
    w.db.read(move |tx| preview_services(tx, OFFICE, &file)).await
}

/// The line of the text on which `part` first stands, from 1.
fn line_of(text: &str, part: &str) -> usize {
    1 + text.lines().position(|line| line.contains(part)).unwrap()
}

fn said(refusals: &[LineRefusal]) -> Vec<(usize, &str)> {
    refusals.iter().map(|it| (it.line, it.field.as_str())).collect()
}

both_engines! { steps();
    async fn services_are_shown_taken_and_the_same_twice(db: Db) {
        let w = World::new(db).await;
        let report = preview(&w, SERVICES.into()).await.unwrap();
        assert_eq!(figures(&report), (0, 0, 5, 0), "the office has these already");
        let revision = count(&w.db, "SELECT revision FROM cases_catalogue").await;
        assert_eq!(figures(&services(&w, SERVICES.into()).await.unwrap()), (0, 0, 5, 0));
        assert_eq!(count(&w.db, "SELECT revision FROM cases_catalogue").await, revision);

        let (kept, noise) = SERVICES.split_at(SERVICES.rfind("[[service]]").unwrap());
        let changed = kept.replace("가로등이 꺼졌어요.", "가로등이 꺼졌거나 깜박여요.")
            + &noise.replace("\"noise\"\nname", "\"barking\"\nname");
        let dry = preview(&w, changed.clone()).await.unwrap();
        assert_eq!(figures(&dry), (1, 1, 3, 1));
        assert!(w.know().await.service("barking").is_none(), "a dry run stores nothing");
        assert_eq!(services(&w, changed.clone()).await.unwrap(), dry);
        let know = w.know().await;
        assert!(know.service("barking").unwrap().active);
        assert!(!know.service("noise").unwrap().active, "cases may point at it");
        assert_eq!(know.service("streetlight").unwrap().description.ko, "가로등이 꺼졌거나 깜박여요.");
        let gone = NewCase { service: Some("noise".into()), ..w.report().await };
        assert_eq!(code_of(w.act("resident", act::receive, gone).await), "receive.no_such_service");
        assert_eq!(figures(&services(&w, changed).await.unwrap()), (0, 0, 5, 0));
        let back = services(&w, SERVICES.into()).await.unwrap();
        assert_eq!(figures(&back), (0, 2, 3, 1), "what comes back is offered again");
    }

    async fn services_stand_in_the_order_of_the_file(db: Db) {
        let w = World::new(db).await;
        let before = w.know().await.services().map(|it| it.code.clone()).collect::<Vec<_>>();
        let (first, rest) = SERVICES.split_at(SERVICES.match_indices("[[service]]").nth(1).unwrap().0);
        let turned = format!("{rest}\n{first}");
        let report = services(&w, turned.clone()).await.unwrap();
        assert_eq!(figures(&report), (0, 5, 0, 0), "each stands elsewhere now");
        let mut expected = before;
        expected.rotate_left(1);
        let now = w.know().await.services().map(|it| it.code.clone()).collect::<Vec<_>>();
        assert_eq!(now, expected);
        assert_eq!(figures(&services(&w, turned).await.unwrap()), (0, 0, 5, 0));
    }

    async fn a_service_of_an_unknown_duty_keeps_all_of_them_out(db: Db) {
        let w = World::new(db).await;
        let text = SERVICES.replace("keywords = [\"의자\"]", "keywords = [\"의자\", \"벤치\"]").replace("duty = \"noise\"", "duty = \"dragons\"");
        let second = SERVICES.rfind("[[service]]").unwrap();
        let line = 1 + SERVICES[..second].matches('\n').count();
        for refused in [refusal(preview(&w, text.clone()).await), refusal(services(&w, text.clone()).await)] {
            assert_eq!(said(&refused.0), [(line, "duty")]);
            assert!(refused.0[0].say(Lang::Ko).contains("dragons"));
        }
        let know = w.know().await;
        assert_eq!(know.service("bench").unwrap().keywords, ["의자"], "nothing half-done");
    }

    async fn templates_are_shown_taken_and_the_same_twice(db: Db) {
        let w = World::new(db).await;
        let more = format!(
            "{}\n[[template]]\ncode = \"private\"\nname_ko = \"사유지\"\nname_en = \"Private\"\noutcome = \"refused\"\nbody_ko = \"안 됩니다.\"\nbody_en = \"No.\"\n",
            TEMPLATES.replace("고쳤습니다", "고쳐 두었습니다")
        );
        let file = plan_templates(&more).unwrap();
        let dry = file.clone();
        let dry = w.db.read(move |tx| preview_templates(tx, OFFICE, &dry)).await.unwrap();
        assert_eq!(figures(&dry), (1, 1, 0, 0));
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_template").await, 1);
        for expected in [(1, 1, 0, 0), (0, 0, 2, 0)] {
            let (ctx, file) = (w.ctx("system"), file.clone());
            let report = w.db.write(move |tx| apply_templates(tx, &ctx, &file)).await.unwrap();
            assert_eq!(figures(&report), expected);
        }
        let (ctx, first) = (w.ctx("system"), plan_templates(TEMPLATES).unwrap());
        let report = w.db.write(move |tx| apply_templates(tx, &ctx, &first)).await.unwrap();
        assert_eq!(figures(&report), (0, 1, 0, 1));
        let case = w.received().await.case;
        let page = w.see("head", move |tx, ctx, know| maeul_cases::read::case_page(tx, ctx, know, case));
        assert_eq!(page.await.unwrap().templates.len(), 1);
    }
}

#[test]
fn every_fault_of_a_service_file_is_told_with_its_line() {
    let wrong = SERVICES
        .replace("code = \"bench\"", "code = \"Bench!\"")
        .replace("name_en = \"Noise\"", "name_en = \" \"")
        .replace("period = \"7d\"", "period = \"7 moons\"")
        .replace("petition_kind = \"grievance\"", "petition_kind = \"wish\"")
        .replace("datatype = \"number\"", "datatype = \"numbers\"")
        .replace("order = 3", "order = 2");
    let refusals = plan_services(&wrong).unwrap_err();
    let at = |part| line_of(&wrong, part);
    let seen = said(&refusals);
    for (line, field) in [
        (at("code = \"Bench!\""), "code"),
        (at("period = \"7 moons\""), "period"),
        (at("petition_kind = \"wish\""), "petition_kind"),
        (at("datatype = \"numbers\""), "datatype"),
    ] {
        assert!(seen.contains(&(line, field)), "line {line} {field} is not in {seen:?}");
    }
    assert!(seen.iter().any(|it| it.1 == "name") && seen.iter().any(|it| it.1 == "order"));
    assert_eq!(refusals.len(), 6, "{refusals:#?}");
    assert!(refusals.is_sorted(), "in the order of the file");
    for it in &refusals {
        assert!(it.say(Lang::Ko).starts_with(&format!("{}행", it.line)), "{}", it.say(Lang::Ko));
        assert!(it.say(Lang::En).starts_with(&format!("line {}", it.line)), "{}", it.say(Lang::En));
    }
    let twice = format!("{SERVICES}{SERVICES}");
    assert_eq!(plan_services(&twice).unwrap_err().len(), 5);
    for (broken, line) in [("[[service]\n", 1), ("\n\n[[service]]\ncolour = \"red\"\n", 4)] {
        assert_eq!(plan_services(broken).unwrap_err()[0].line, line, "{broken}");
    }
}

#[test]
fn every_fault_of_a_template_file_is_told_with_its_line() {
    for (from, to, field) in [
        ("{{ dong }}", "{{ dongg }}", "body_ko"),
        ("{{ officer }}, ", "{{ officer ", "body_en"),
        ("outcome = \"done\"", "outcome = \"perhaps\"", "outcome"),
        ("name_en = \"Repaired\"", "name_en = \"\"", "name"),
    ] {
        let wrong = TEMPLATES.replacen(from, to, 1);
        assert_ne!(wrong, TEMPLATES);
        let refusals = plan_templates(&wrong).unwrap_err();
        assert!(said(&refusals).iter().all(|it| it.1 == field && it.0 >= 2), "{refusals:?}");
    }
}
