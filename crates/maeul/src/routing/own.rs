//! `maeul routing` on an office's own cases: learn from what was answered and corrected, judge by
//! cross-validation, list the models in use and go back to an earlier one.

use std::io::Write;
use std::time::Instant;

use maeul_app::House;
use maeul_base::{Ctx, Lang, Refusal, seoul};
use maeul_cases::act::{self, NewModel};
use maeul_cases::advise::duty_words;
use maeul_cases::read::{self, Followed, Lesson, ModelView};
use maeul_cases::web::Desk;
use maeul_cases::{Knowledge, OwnModel};
use maeul_language::routing::{LabelWords, Model, stratified_folds, train};
use maeul_web::Site;
use serde_json::{Value, json};

use super::rows::Row;
use super::{EvaluateArgs, Judge, ModelsArgs, TrainArgs, options, say, write};
use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// How many cases are read at a time.
const PAGE: usize = 1_000;
/// The newest cases that are learned from at most.
const MOST: usize = 50_000;

/// Which office, of which installation.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Whose {
    /// The office's code or web name, of --from-cases.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
}

/// An open house and one office of it.
struct Opened {
    site: Site,
    ctx: Ctx,
    know: Knowledge,
    office: String,
}

impl Opened {
    async fn of(whose: &Whose, lang: Lang) -> Result<Self, End> {
        let House { site, .. } = open::open(&whose.store.config()?).await?;
        let office = open::one_office(&site, whose.office.as_deref(), lang)?;
        let ctx = Ctx { lang, ..site.system_ctx(office.id) };
        let desk = site.room::<Desk>()?.clone();
        let know = desk.knowledge.get(site.db(), office.id, ctx.now).await?;
        Ok(Self { site, ctx, know, office: office.code })
    }

    /// The newest cases to learn from.
    async fn lessons(&self) -> Result<Vec<Lesson>, End> {
        let (mut lessons, mut before) = (Vec::new(), None);
        loop {
            let ctx = self.ctx.clone();
            let read = move |tx: &mut _| read::lessons(tx, &ctx, before, PAGE);
            let (page, next) = self.site.db().read(read).await?;
            lessons.extend(page);
            if lessons.len() >= MOST || next.is_none() {
                return Ok(lessons);
            }
            before = next;
        }
    }

    /// The words of the services: learned from beside the cases, so that a service nobody has
    /// asked for yet can be suggested too.
    fn words(&self, without: bool) -> Vec<LabelWords> {
        if without { Vec::new() } else { duty_words(self.know.services(), self.know.chart()) }
    }

    /// The cases as labelled texts; a service that is offered no longer teaches nothing.
    fn rows(&self, lessons: &[Lesson]) -> Vec<Row> {
        let offered = |code: &str| self.know.service(code).is_some_and(|service| service.active);
        lessons
            .iter()
            .filter(|lesson| offered(&lesson.service))
            .map(|lesson| Row { text: lesson.text.clone(), label: lesson.service.clone() })
            .collect()
    }
}

fn learn<'a>(
    words: &'a [LabelWords],
    rows: impl Iterator<Item = &'a Row>,
    how: &super::How,
    lang: Lang,
) -> Result<Model, End> {
    let cases = rows.map(|row| (row.text.as_str(), row.label.as_str()));
    train(cases.chain(words.iter().flat_map(LabelWords::examples)), &options(how))
        .map_err(|refused| End::refused(refused.say(lang)))
}

/// `maeul routing train --from-cases`
pub(super) async fn train_own(args: &TrainArgs, lang: Lang, out: &mut impl Write) -> Told {
    let opened = Opened::of(&args.whose, lang).await?;
    let lessons = opened.lessons().await?;
    let rows = opened.rows(&lessons);
    let words = opened.words(args.without_words);
    if rows.len() < args.least {
        return Err(End::refused(match lang {
            Lang::Ko => format!(
                "배울 민원이 {}건뿐입니다. 답변했거나 직원이 종류를 고친 민원이 {}건 이상이어야 합니다(--least). 그때까지는 사무분장의 낱말로 추천합니다.",
                rows.len(),
                args.least
            ),
            Lang::En => format!(
                "There are only {} cases to learn from; {} answered or corrected ones are needed (--least). Until then the words of the duties suggest.",
                rows.len(),
                args.least
            ),
        }));
    }
    let start = Instant::now();
    let model = learn(&words, rows.iter(), &args.how, lang)?;
    let seconds = start.elapsed().as_secs_f64();
    let corrected = lessons.iter().filter(|lesson| lesson.corrected).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if let Some(path) = &args.output {
        super::save(&model, path, lang)?;
    }
    let kept = if args.dry_run {
        None
    } else {
        let (ctx, cases, corrected) = (opened.ctx.clone(), count(rows.len()), count(corrected));
        let new = NewModel { model: model.clone(), cases, corrected };
        Some(opened.site.db().write(move |tx| act::keep_model(tx, &ctx, &new)).await?)
    };
    if args.json {
        let mut told = say::facts(&model);
        if let Value::Object(told) = &mut told {
            told.insert("office".to_owned(), json!(opened.office));
            told.insert("cases".to_owned(), json!(rows.len()));
            told.insert("corrected".to_owned(), json!(corrected));
            told.insert("seconds".to_owned(), json!(seconds));
            told.insert("version".to_owned(), json!(kept.map(|it| it.version)));
        }
        return write(out, &told.to_string());
    }
    let mut measured = say::measured(&model, lang);
    if !args.without_words {
        measured.push_str(lang.t(
            " (사무분장의 낱말까지 잰 것. 민원만: maeul routing evaluate --from-cases)",
            " (with the words of the duties among them; cases alone: maeul routing evaluate --from-cases)",
        ));
    }
    let (n, labels) = (rows.len(), model.labels().len());
    let first = match lang {
        Lang::Ko => format!(
            "{n}건(직원이 고친 것 {corrected}건)에서 종류 {labels}개를 {seconds:.1}초에 배웠습니다."
        ),
        Lang::En => format!(
            "Learned {labels} services from {n} cases ({corrected} corrected by staff) in {seconds:.1} s."
        ),
    };
    let use_of = match (kept, lang) {
        (Some(it), Lang::Ko) => {
            format!("모델 {}을 지금부터 씁니다. 다시 시작할 필요가 없습니다.", it.version)
        }
        (Some(it), Lang::En) => {
            format!("Model {} is in use from now on; no restart is needed.", it.version)
        }
        (None, _) => {
            lang.t("연습이므로 쓰지 않습니다.", "A dry run: it is not put in use.").to_owned()
        }
    };
    write(out, &format!("{first}{measured}\n{use_of}"))
}

/// `maeul routing evaluate --from-cases`: each part of the cases by a model trained on the others.
pub(super) async fn evaluate_own(args: &EvaluateArgs, lang: Lang, out: &mut impl Write) -> Told {
    let opened = Opened::of(&args.whose, lang).await?;
    let rows = opened.rows(&opened.lessons().await?);
    let words = opened.words(args.without_words);
    let mut judge = Judge::default();
    let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    let fold_of = stratified_folds(&labels, args.folds, args.how.seed);
    for fold in 0..args.folds {
        let own = |inside: bool| {
            let of_fold = move |(_, of): &(&Row, &u32)| (**of == fold) == inside;
            rows.iter().zip(&fold_of).filter(of_fold).map(|(row, _)| row)
        };
        let model = learn(&words, own(false), &args.how, lang)?;
        judge.hear(&model, own(true));
    }
    let how = json!({"office": opened.office, "cases": rows.len(), "folds": args.folds,
        "seed": args.how.seed, "words": !args.without_words});
    judge.tell(how, args.json, lang, out)
}

/// `maeul routing models`
pub(super) async fn models(args: &ModelsArgs, lang: Lang, out: &mut impl Write) -> Told {
    let opened = Opened::of(&args.whose, lang).await?;
    if let Some(version) = args.drop {
        let ctx = opened.ctx.clone();
        let there = opened.site.db().write(move |tx| act::forget_model(tx, &ctx, version)).await?;
        if !there {
            let no = lang.t("그런 모델이 없습니다", "there is no such model");
            return Err(End::refused(format!("--drop {version}: {no}")));
        }
    }
    let ctx = opened.ctx.clone();
    let read = move |tx: &mut _| {
        Ok::<_, maeul_base::Fault>((
            read::routing_models(tx, &ctx)?,
            read::suggestions_followed(tx, &ctx)?,
        ))
    };
    let (models, followed) = opened.site.db().read(read).await?;
    if args.json {
        let told = json!({
            "office": opened.office,
            "models": models.iter().map(|it| json!({"version": it.version,
                "trained_at": seoul::iso(it.trained_at), "cases": it.cases,
                "corrected": it.corrected})).collect::<Vec<_>>(),
            "followed": followed.iter().map(|it| json!({"by": it.made_by, "model": it.model,
                "choices": it.choices, "sure": it.sure, "first": it.first})).collect::<Vec<_>>(),
        });
        return write(out, &told.to_string());
    }
    write(out, &listed(&models, &followed, lang))
}

fn listed(models: &[ModelView], followed: &[Followed], lang: Lang) -> String {
    let mut lines: Vec<String> = models
        .iter()
        .zip(std::iter::once(lang.t(" ← 쓰는 중", " ← in use")).chain(std::iter::repeat("")))
        .map(|(it, used)| {
            let at = seoul::time_text(it.trained_at, lang);
            match lang {
                Lang::Ko => format!(
                    "모델 {} {at}: {}건, 고친 것 {}건{used}",
                    it.version, it.cases, it.corrected
                ),
                Lang::En => format!(
                    "model {} {at}: {} cases, {} corrected{used}",
                    it.version, it.cases, it.corrected
                ),
            }
        })
        .collect();
    if models.is_empty() {
        lines.push(
            lang.t(
                "배운 모델이 없습니다. 사무분장의 낱말로 추천합니다.",
                "No model was trained. The words of the duties suggest.",
            )
            .to_owned(),
        );
    }
    lines.extend(followed.iter().map(|it| {
        let by = match it.made_by.as_str() {
            "staff" => lang.t("직원", "staff"),
            _ => lang.t("주민", "residents"),
        };
        let of = it.model.map_or_else(
            || lang.t("사무분장", "duties").to_owned(),
            |version| format!("{} {version}", lang.t("모델", "model")),
        );
        match lang {
            Lang::Ko => {
                format!("{by}, {of}: 고른 {}건 가운데 {}건이 첫 추천대로", it.choices, it.first)
            }
            Lang::En => format!(
                "{by}, {of}: {} of {} choices were the first suggestion",
                it.first, it.choices
            ),
        }
    }));
    lines.join("\n")
}

/// The model in use, so that it can be asked from the command line.
pub(super) async fn in_use(whose: &Whose, lang: Lang) -> Result<Option<OwnModel>, End> {
    let opened = Opened::of(whose, lang).await?;
    let ctx = opened.ctx;
    Ok(opened.site.db().read(move |tx| read::model_in_use(tx, &ctx)).await?)
}
