//! Writes sample pages in both languages to a directory, to be looked at and photographed:
//! `cargo run -p maeul-web --example gallery -- OUT_DIR`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use askama::Template;
use maeul_base::{Held, Lang, Rights, Role, Scope};
use maeul_web::{PageCtx, StaffView};

type Text = (&'static str, &'static str);

struct Row {
    number: &'static str,
    title: Text,
    due: Text,
    iso: &'static str,
    due_class: &'static str,
    badge: &'static str,
    state: Text,
    dong: Text,
    flag: Text,
}

macro_rules! pages {
    ($($name:ident, $path:literal;)*) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> { c: &'a PageCtx }
    )* };
}

pages! {
    Home, "gallery/home.html";
    Receipt, "gallery/receipt.html";
    My, "gallery/my.html";
    SignIn, "gallery/sign-in.html";
    Case, "gallery/case.html";
    Counter, "gallery/counter.html";
}

#[derive(Template)]
#[template(path = "gallery/report.html")]
struct Report<'a> {
    c: &'a PageCtx,
    steps: [&'a str; 3],
    errors: Vec<(&'a str, &'a str)>,
    what: &'a str,
    what_error: &'a str,
}

#[derive(Template)]
#[template(path = "gallery/place.html")]
struct Place<'a> {
    c: &'a PageCtx,
    steps: [&'a str; 3],
}

#[derive(Template)]
#[template(path = "gallery/contact.html")]
struct Contact<'a> {
    c: &'a PageCtx,
    steps: [&'a str; 3],
    errors: Vec<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "gallery/queue.html")]
struct Queue<'a> {
    c: &'a PageCtx,
    rows: Vec<Row>,
}

fn context(lang: Lang, theme: &'static str, nav: &'static str, staff: bool) -> PageCtx {
    PageCtx {
        lang,
        base: String::new(),
        office_code: "29140".to_owned(),
        office_name: lang.t("광주광역시 서구", "Seo-gu, Gwangju").to_owned(),
        office_phone: "062-000-0000".to_owned(),
        path: "/report?x=1".to_owned(),
        csrf: "sample".to_owned(),
        staff: staff.then(|| StaffView {
            name: lang.t("김가람", "Kim Garam").to_owned(),
            unit: lang.t("건설과 도로시설팀", "Road Facilities").to_owned(),
            role_label: lang.t("담당자", "Officer").to_owned(),
            rights: Rights::new([Held { role: Role::Officer, scope: Scope::Own }]),
        }),
        theme,
        flash: None,
        nav,
        demo: true,
    }
}

fn rows() -> Vec<Row> {
    let titles: [Text; 5] = [
        ("풍암저수지 옆 가로등이 꺼졌어요", "Street light out by Pungam reservoir"),
        ("상무지구 보도블록이 깨져서 유모차가 걸려요", "Broken paving catches prams in Sangmu"),
        ("골목에 버려진 냉장고가 한 달째 그대로예요", "A fridge left in the alley for a month"),
        (
            "초등학교 앞 불법 주정차가 너무 많아요, 아이들이 차 사이로 다녀서 위험합니다",
            "Too many illegally parked cars in front of the primary school, children walk between them",
        ),
        (
            "빗물받이가 막혀 비만 오면 물이 차요",
            "The gully is blocked and floods whenever it rains",
        ),
    ];
    let dongs: [Text; 3] =
        [("풍암동", "Pungam-dong"), ("상무1동", "Sangmu 1-dong"), ("금호2동", "Geumho 2-dong")];
    let numbers = [
        "2611-00398",
        "2611-00401",
        "2611-00403",
        "2611-00412",
        "2611-00415",
        "2611-00420",
        "2611-00421",
        "2611-00424",
        "2611-00427",
        "2611-00430",
        "2611-00431",
        "2611-00433",
        "2611-00437",
        "2611-00440",
        "2611-00441",
        "2611-00442",
        "2611-00446",
        "2611-00447",
        "2611-00450",
    ];
    let mut rows = Vec::new();
    for (at, ((number, title), dong)) in numbers
        .into_iter()
        .zip(titles.into_iter().cycle())
        .zip(dongs.into_iter().cycle())
        .enumerate()
    {
        let (due, due_class): (Text, _) = match at {
            0 => (("2일 지남 11/20 18:00", "2 days late 20 Nov"), "is-late"),
            1..=3 => (("오늘 18:00", "Today 18:00"), "is-soon"),
            _ => (("11/27(금) 18:00", "Fri 27 Nov 18:00"), ""),
        };
        let (badge, state): (_, Text) = match at % 4 {
            0 => ("badge-work", ("처리 중", "In hand")),
            1 => ("badge-new", ("새 접수", "New")),
            2 => ("badge-wait", ("답변 기다림", "Waiting")),
            _ => ("badge-work", ("배정됨", "Assigned")),
        };
        let flag: Text = if at == 2 { ("반복", "Repeat") } else { ("", "") };
        rows.push(Row {
            number,
            title,
            due,
            iso: "2026-11-27T18:00+09:00",
            due_class,
            badge,
            state,
            dong,
            flag,
        });
    }
    rows
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("say where to write the pages")?);
    for (lang, theme, folder) in [
        (Lang::Ko, "light", "ko"),
        (Lang::En, "light", "en"),
        (Lang::Ko, "high-contrast", "ko-contrast"),
    ] {
        let to = out.join(folder);
        fs::create_dir_all(&to)?;
        let put = |name: &str, page: &dyn askama::DynTemplate| write(&to, name, page);
        let page = |nav| context(lang, theme, nav, false);
        let desk = |nav| context(lang, theme, nav, true);
        let steps =
            [lang.t("무슨 일", "What"), lang.t("장소", "Where"), lang.t("연락처", "Contact")];
        put("home", &Home { c: &page("home") })?;
        let what_error =
            lang.t("무슨 일인지 한 문장이라도 적어 주세요.", "Please write at least one sentence.");
        let mut report = Report {
            c: &page("report"),
            steps,
            errors: vec![],
            what: lang.t(
                "풍암저수지 정자 옆 가로등이 사흘째 꺼져 있어요.",
                "The light by the pavilion has been out for three days.",
            ),
            what_error: "",
        };
        put("report", &report)?;
        report.errors = vec![("what", what_error)];
        (report.what, report.what_error) = ("", what_error);
        put("report-error", &report)?;
        put("place", &Place { c: &page("report"), steps })?;
        let phone = lang.t(
            "휴대전화 번호는 010으로 시작하는 11자리예요.",
            "A mobile number has 11 digits and begins with 010.",
        );
        put("contact", &Contact { c: &page("report"), steps, errors: vec![("phone", phone)] })?;
        put("receipt", &Receipt { c: &page("report") })?;
        let mut mine = page("track");
        mine.flash =
            Some(lang.t("보냈어요. 담당자에게 전했어요.", "Sent. The officer has it.").to_owned());
        put("my", &My { c: &mine })?;
        put("sign-in", &SignIn { c: &page("") })?;
        put("queue", &Queue { c: &desk("mine"), rows: rows() })?;
        put("case", &Case { c: &desk("mine") })?;
        put("counter", &Counter { c: &desk("counter") })?;
    }
    Ok(())
}

fn write(to: &Path, name: &str, page: &dyn askama::DynTemplate) -> Result<(), Box<dyn Error>> {
    fs::write(to.join(format!("{name}.html")), page.dyn_render()?)?;
    Ok(())
}
