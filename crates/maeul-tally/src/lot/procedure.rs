//! What people read: the announcement, the result, and how to draw again by hand.

use std::fmt::Write as _;

use maeul_base::Lang;

use super::record::{Commitment, Line, Record};

/// The announcement before the draw.
pub fn committed_text(commitment: &Commitment, lang: Lang) -> String {
    let c = commitment;
    let mut text = String::new();
    let mut line = |words: String| {
        let _infallible = writeln!(text, "{words}");
    };
    line(lang.t("추첨 확약", "Commitment to a draw").into());
    line(String::new());
    for (name, value) in [
        (lang.t("절차", "Procedure"), c.procedure.clone()),
        (lang.t("제목", "Title"), c.title.clone()),
        (lang.t("뽑을 사람", "Seats"), c.seats.to_string()),
        (lang.t("후보", "Candidates"), c.candidates.to_string()),
        (lang.t("시드의 출처", "Seed source"), c.seed_source.clone()),
        (lang.t("명단 SHA-256", "List SHA-256"), c.candidates_sha256.clone()),
        (lang.t("할당 SHA-256", "Quota SHA-256"), c.quota_sha256.clone()),
        (lang.t("시드 SHA-256", "Seed SHA-256"), c.seed_sha256.clone()),
        (lang.t("확약값", "Commitment"), c.commitment.clone()),
    ] {
        if !value.is_empty() {
            line(format!("{name}: {value}"));
        }
    }
    line(String::new());
    line(
        lang.t(
            "확약값은 아래 네 줄(줄마다 줄바꿈 하나)의 SHA-256입니다. 시드가 정해지기 전에 공표하십시오.",
            "The commitment is the SHA-256 of these four lines, each ended by one line feed. Publish it before anybody can know the seed.",
        )
        .into(),
    );
    line(String::new());
    for own in c.lines().lines() {
        line(format!("    {own}"));
    }
    text
}

/// The result, and how anyone can draw again.
pub fn drawn_text(record: &Record, lang: Lang) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _infallible = writeln!(text, "{words}");
    };
    let c = &record.commitment;
    let (drawn, seats) = (record.panel.len(), c.candidates);
    line(match lang {
        Lang::Ko => format!("추첨 결과: 후보 {seats}명 가운데 {drawn}명"),
        Lang::En => format!("Drawn: {drawn} of {seats} candidates"),
    });
    if !c.title.is_empty() {
        line(c.title.clone());
    }
    line(String::new());
    line(lang.t("뽑힌 사람 (추첨값 순서)", "Panel, in order of ticket").into());
    for (number, taken) in (1..).zip(record.steps.iter().filter(|step| step.taken)) {
        line(format!("  {number:>3}  {}  {}", short(&taken.ticket), taken.id));
    }
    let passed: Vec<&Line> = record.steps.iter().filter(|step| !step.taken).collect();
    if !passed.is_empty() {
        line(String::new());
        line(lang.t("지나간 사람", "Passed over").into());
        for step in passed {
            line(format!("       {}  {}  {}", short(&step.ticket), step.id, why(step, lang)));
        }
    }
    if !record.reserves.is_empty() {
        line(String::new());
        line(lang.t("예비 (부르는 순서)", "Reserves, in the order of calling").into());
        for (number, id) in (1..).zip(&record.reserves) {
            line(format!("  {number:>3}  {id}"));
        }
    }
    if !record.quotas.is_empty() {
        line(String::new());
        line(
            lang.t("할당: 뽑힌 수 (최소–최대, 후보)", "Quotas: drawn (least–most, candidates)")
                .into(),
        );
        for part in &record.quotas {
            let (drawn, min, max) = (part.drawn, part.min, part.max);
            line(format!("  {}: {drawn} ({min}–{max}, {})", part.part, part.candidates));
        }
    }
    line(String::new());
    line(format!("{}: {}", lang.t("절차", "Procedure"), c.procedure));
    line(format!("{}: {}", lang.t("시드", "Seed"), record.seed));
    line(format!("{}: {}", lang.t("확약값", "Commitment"), c.commitment));
    line(String::new());
    line(by_hand(lang).into());
    text
}

/// The first twelve digits of a ticket.
fn short(ticket: &str) -> &str {
    ticket.get(..12).unwrap_or(ticket)
}

fn why(step: &Line, lang: Lang) -> String {
    if step.full.is_empty() {
        let needed = step.needed.join(", ");
        match lang {
            Lang::Ko => format!("남은 자리가 다음 할당에 필요: {needed}"),
            Lang::En => format!("the seats left are needed for: {needed}"),
        }
    } else {
        let full = step.full.join(", ");
        match lang {
            Lang::Ko => format!("이미 참: {full}"),
            Lang::En => format!("full already: {full}"),
        }
    }
}

/// The printed procedure.
const fn by_hand(lang: Lang) -> &'static str {
    lang.t(
        r#"직접 확인하는 방법
  1. 각 사람의 추첨값은 '시드, 줄바꿈 하나, id'의 SHA-256입니다. 추첨값이 작은 사람부터 차례로 봅니다.
     아래를 실행하면 모든 사람의 추첨값이 순서대로 나옵니다.

         import csv, hashlib
         seed = "시드"
         people = csv.DictReader(open("candidates.csv", encoding="utf-8-sig"))
         ticket = lambda p: hashlib.sha256(f"{seed}\n{p['id'].strip()}".encode()).hexdigest()
         for t, i in sorted((ticket(p), p["id"].strip()) for p in people):
             print(t, i)

  2. 위에서부터 한 사람씩, 이미 뽑힌 사람과 함께 모든 할당을 지키며 자리를 다 채울 수 있으면 뽑고,
     없으면 지나갑니다. 자리가 차면 멈춥니다.
  3. 뽑히지 않은 사람은 추첨값 순서대로 예비입니다. 빠진 사람 대신, 모든 할당이 그대로 지켜지는 첫 사람을 부릅니다.
  할당이 같은 조건인 사람끼리는 뽑힐 확률이 같습니다. 조건이 다른 사람 사이의 확률은 같지 않을 수 있습니다."#,
        r#"How to draw again
  1. Everybody's ticket is the SHA-256 of the seed, one line feed and the id. The smaller ticket goes first.
     This prints everybody in order:

         import csv, hashlib
         seed = "SEED"
         people = csv.DictReader(open("candidates.csv", encoding="utf-8-sig"))
         ticket = lambda p: hashlib.sha256(f"{seed}\n{p['id'].strip()}".encode()).hexdigest()
         for t, i in sorted((ticket(p), p["id"].strip()) for p in people):
             print(t, i)

  2. From the top, take a person if, with those taken already, all seats can still be filled with every quota
     kept; pass them over otherwise. Stop when the seats are full.
  3. Everybody not taken is a reserve, in order of ticket. For a member who leaves, the first is called with whom
     every quota still holds.
  People who count alike for every quota have the same probability; others may not."#,
    )
}
