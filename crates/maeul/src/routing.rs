//! `maeul routing`: learn from answered cases which service, duty or unit a text is for; judge such
//! a model; ask it.

mod own;
mod rows;
mod say;

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use maeul_base::{Lang, Refusal};
use maeul_language::routing::{
    Evaluation, Evaluator, Matcher, Model, TrainOptions, stratified_folds, train,
};
use serde_json::{Value, json};

use self::own::Whose;
use self::rows::{Fields, Row, label_words, read_rows};
use crate::end::{End, Told};
use crate::open;

/// 담당 추천. / Suggest the service or unit a text is for.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct RoutingArgs {
    #[command(subcommand)]
    what: What,
    /// The language of the answer: ko or en.
    #[arg(long, global = true, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum What {
    /// Learn from labelled texts and write a model.
    Train(TrainArgs),
    /// Judge a model, a training or an office's words on labelled texts.
    Evaluate(EvaluateArgs),
    /// Three suggestions for a text, with the words that spoke for each.
    Ask(AskArgs),
    /// The models an office trained on its own cases, and how often people followed them.
    Models(ModelsArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct TrainArgs {
    /// Labelled texts: JSON lines with `text` and `label` (plain or .gz; - for standard input).
    #[arg(
        value_name = "FILE.jsonl",
        required_unless_present = "from_cases",
        conflicts_with = "from_cases"
    )]
    files: Vec<PathBuf>,
    /// Learn from the office's own cases: answered, or given their service by a member of staff.
    /// The model is kept in the database and in use at once.
    #[arg(long)]
    from_cases: bool,
    /// Where to write the model.
    #[arg(short, long, value_name = "MODEL", required_unless_present = "from_cases")]
    output: Option<PathBuf>,
    /// With --from-cases: train and measure, but put nothing in use.
    #[arg(long, requires = "from_cases")]
    dry_run: bool,
    /// With --from-cases: the fewest cases that are enough.
    #[arg(long, value_name = "N", default_value_t = 40)]
    least: usize,
    /// With --from-cases: do not learn from the words of the services and duties as well.
    #[arg(long, requires = "from_cases")]
    without_words: bool,
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    fields: Fields,
    /// Answer with one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args, Clone, Debug)]
struct How {
    /// The seed of every shuffle; the same texts and seed give the same model.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Below this confidence (0 to 1) an answer is unsure. [default: 0.5, or the model's own]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    unsure_below: Option<f32>,
}

#[derive(clap::Args, Clone, Debug)]
struct EvaluateArgs {
    /// Labelled texts to be judged on.
    #[arg(value_name = "FILE.jsonl", required_unless_present = "from_cases")]
    files: Vec<PathBuf>,
    /// Judge by cross-validation on the office's own cases.
    #[arg(long, conflicts_with_all = ["files", "model", "train", "services"])]
    from_cases: bool,
    /// With --from-cases: do not learn from the words of the services and duties as well.
    #[arg(long, requires = "from_cases")]
    without_words: bool,
    #[command(flatten)]
    whose: Whose,
    /// Judge this model. Without --model, --train and --services the file is judged by
    /// cross-validation: each part by a model trained on the others.
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["train", "services", "folds"])]
    model: Option<PathBuf>,
    /// Train on these texts first and judge that.
    #[arg(long, value_name = "FILE.jsonl", conflicts_with_all = ["services", "folds"])]
    train: Vec<PathBuf>,
    /// Judge the words of an office's services and duties, without any training.
    #[arg(long, value_name = "services.toml", conflicts_with = "folds")]
    services: Option<PathBuf>,
    /// Into how many parts a cross-validation divides the texts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=20))]
    folds: u32,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    fields: Fields,
    /// Answer with one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args, Clone, Debug)]
struct AskArgs {
    /// The text; - for standard input, one text a line.
    text: String,
    /// The model to ask.
    #[arg(long, value_name = "MODEL", required_unless_present_any = ["services", "from_cases"])]
    model: Option<PathBuf>,
    /// Ask the model the office trained on its own cases.
    #[arg(long, conflicts_with_all = ["model", "services"])]
    from_cases: bool,
    #[command(flatten)]
    whose: Whose,
    /// Ask the words of an office's services and duties instead.
    #[arg(long, value_name = "services.toml", conflicts_with = "model")]
    services: Option<PathBuf>,
    /// Below this confidence (0 to 1) an answer is unsure. [default: the model's own]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    unsure_below: Option<f32>,
    /// Answer with one JSON object a text.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args, Clone, Debug)]
struct ModelsArgs {
    /// Forget the model of this version; if it was in use, the one before it is again.
    #[arg(long, value_name = "VERSION")]
    drop: Option<i64>,
    #[command(flatten)]
    whose: Whose,
    /// Answer with one JSON object.
    #[arg(long)]
    json: bool,
}

fn share(text: &str) -> Result<f32, String> {
    let share: Option<f32> = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "0에서 1 사이의 수로 쓰십시오. / Give a number from 0 to 1.".to_owned())
}

/// Runs the command. Ends with 1 when texts or a model are refused, with 2 when a file cannot be
/// read or written.
pub(crate) async fn run(args: &RoutingArgs, input: impl BufRead, out: &mut impl Write) -> Told {
    let lang = args.lang;
    match &args.what {
        What::Train(args) if args.from_cases => own::train_own(args, lang, out).await,
        What::Train(args) => learn(args, input, lang, out),
        What::Evaluate(args) if args.from_cases => own::evaluate_own(args, lang, out).await,
        What::Evaluate(args) => evaluate(args, input, lang, out),
        What::Ask(args) => ask(args, input, lang, out).await,
        What::Models(args) => own::models(args, lang, out).await,
    }
}

fn options(how: &How) -> TrainOptions {
    let plain = TrainOptions::default();
    TrainOptions {
        seed: how.seed,
        unsure_below: how.unsure_below.unwrap_or(plain.unsure_below),
        ..plain
    }
}

fn learn(args: &TrainArgs, input: impl BufRead, lang: Lang, out: &mut impl Write) -> Told {
    let rows = read_rows(&args.files, &args.fields, input, lang)?;
    let start = Instant::now();
    let model = train_on(&rows, &options(&args.how), lang)?;
    let seconds = start.elapsed().as_secs_f64();
    let Some(path) = &args.output else {
        return Err(End::refused(
            lang.t("-o로 쓸 곳을 주십시오.", "Say where to write it, with -o."),
        ));
    };
    let bytes = save(&model, path, lang)?;
    let told = say::Trained { model: &model, bytes, seconds, path };
    write(out, &if args.json { told.json().to_string() } else { told.page(lang) })
}

/// Writes the model to a file; how many bytes.
fn save(model: &Model, path: &Path, lang: Lang) -> Result<usize, End> {
    let bytes = model.to_bytes();
    let unwritten = lang.t("모델을 쓸 수 없습니다", "the model cannot be written");
    std::fs::write(path, &bytes).map_err(End::doing(&place(unwritten, path)))?;
    Ok(bytes.len())
}

fn evaluate(args: &EvaluateArgs, input: impl BufRead, lang: Lang, out: &mut impl Write) -> Told {
    let rows = read_rows(&args.files, &args.fields, input, lang)?;
    let mut judge = Judge::default();
    let how = match (&args.model, &args.services) {
        (Some(path), _) => {
            let model = tuned(load(path, lang)?, args.how.unsure_below);
            judge.hear(&model, rows.iter());
            json!({"model": path})
        }
        (None, Some(path)) => {
            let model = tuned(matcher(path, lang)?, args.how.unsure_below);
            judge.hear(&model, rows.iter());
            json!({"services": path})
        }
        (None, None) if !args.train.is_empty() => {
            let taught = read_rows(&args.train, &args.fields, std::io::empty(), lang)?;
            let model = train_on(&taught, &options(&args.how), lang)?;
            judge.hear(&model, rows.iter());
            json!({"train": args.train, "seed": args.how.seed})
        }
        (None, None) => {
            let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
            let fold_of = stratified_folds(&labels, args.folds, args.how.seed);
            for fold in 0..args.folds {
                let own = |inside: bool| {
                    rows.iter()
                        .zip(&fold_of)
                        .filter(move |(_, of)| (**of == fold) == inside)
                        .map(|(row, _)| row)
                };
                let model = train_on(own(false), &options(&args.how), lang)?;
                judge.hear(&model, own(true));
            }
            json!({"folds": args.folds, "seed": args.how.seed})
        }
    };
    judge.tell(how, args.json, lang, out)
}

async fn ask(args: &AskArgs, input: impl BufRead, lang: Lang, out: &mut impl Write) -> Told {
    let model = match (&args.model, &args.services) {
        (Some(path), _) => load(path, lang)?,
        (None, Some(path)) => matcher(path, lang)?,
        (None, None) if args.from_cases => match own::in_use(&args.whose, lang).await? {
            Some(own) => own.model,
            None => {
                return Err(End::refused(lang.t(
                    "배운 모델이 없습니다. 먼저 maeul routing train --from-cases를 실행하십시오.",
                    "No model was trained. Run maeul routing train --from-cases first.",
                )));
            }
        },
        (None, None) => {
            let told = lang.t("--model 또는 --services를 주십시오.", "Give --model or --services.");
            return Err(End::refused(told));
        }
    };
    let model = tuned(model, args.unsure_below);
    let mut asker = model.asker();
    let mut one = |text: &str, out: &mut dyn Write| {
        let answer = asker.ask(text);
        let told =
            if args.json { say::answer(&answer).to_string() } else { say::page(&answer, lang) };
        writeln!(out, "{told}")
    };
    let done = if args.text == "-" {
        input.lines().try_for_each(|line| one(&line?, out))
    } else {
        one(&args.text, out)
    };
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => {
            other.map_err(End::doing(lang.t("답을 쓸 수 없습니다", "the answer cannot be written")))
        }
    }
}

/// Collects what models say of labelled texts; labels that a model does not know count as missed.
#[derive(Default)]
struct Judge {
    told: Evaluator,
    names: Vec<String>,
    asked: u32,
    seconds: f64,
}

impl Judge {
    fn number(&mut self, label: &str) -> u32 {
        let known = self.names.iter().position(|name| name == label);
        let place = known.unwrap_or_else(|| {
            self.names.push(label.to_owned());
            self.names.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    fn hear<'r>(&mut self, model: &Model, rows: impl Iterator<Item = &'r Row>) {
        let numbers: Vec<u32> = model.labels().iter().map(|label| self.number(label)).collect();
        let mut asker = model.asker();
        for row in rows {
            let truth = self.number(&row.label);
            let start = Instant::now();
            let ranking = asker.rank(&row.text);
            self.seconds += start.elapsed().as_secs_f64();
            self.asked += 1;
            let (order, confidences, unsure) = ranking;
            let at = |label: &u32| usize::try_from(*label).unwrap_or(usize::MAX);
            let confidence = order.first().and_then(|label| confidences.get(at(label)));
            let confidence = confidence.copied().unwrap_or(0.0);
            let labels: Vec<u32> =
                order.iter().filter_map(|label| numbers.get(at(label)).copied()).collect();
            self.told.add(truth, &labels, confidence, unsure);
        }
    }

    fn figures(&self) -> Evaluation {
        let name = |label: u32| {
            let name = usize::try_from(label).ok().and_then(|label| self.names.get(label));
            name.cloned().unwrap_or_default()
        };
        self.told.figures(name)
    }

    /// Tells the judgement.
    fn tell(&self, how: Value, json: bool, lang: Lang, out: &mut impl Write) -> Told {
        let told = say::Judged { how, figures: self.figures(), per_second: self.per_second() };
        write(out, &if json { told.json().to_string() } else { told.page(lang) })
    }

    fn per_second(&self) -> f64 {
        f64::from(self.asked) / self.seconds.max(1e-9)
    }
}

fn train_on<'r>(
    rows: impl IntoIterator<Item = &'r Row>,
    options: &TrainOptions,
    lang: Lang,
) -> Result<Model, End> {
    let pairs = rows.into_iter().map(|row| (&row.text, &row.label));
    train(pairs, options).map_err(|refused| End::refused(refused.say(lang)))
}

fn load(path: &Path, lang: Lang) -> Result<Model, End> {
    let unread = lang.t("모델을 읽을 수 없습니다", "the model cannot be read");
    let bytes = std::fs::read(path).map_err(End::doing(&place(unread, path)))?;
    Model::from_bytes(&bytes)
        .map_err(|refused| End::refused(format!("{}: {}", path.display(), refused.say(lang))))
}

fn matcher(path: &Path, lang: Lang) -> Result<Model, End> {
    let words = label_words(path, lang)?;
    Matcher::new(&words)
        .map(|matcher| matcher.model().clone())
        .map_err(|refused| End::refused(format!("{}: {}", path.display(), refused.say(lang))))
}

fn tuned(model: Model, unsure_below: Option<f32>) -> Model {
    match unsure_below {
        Some(share) => model.with_unsure_below(share),
        None => model,
    }
}

fn place(what: &str, path: &Path) -> String {
    format!("{what}: {}", path.display())
}

fn write(out: &mut impl Write, text: &str) -> Told {
    match writeln!(out, "{text}") {
        // Whoever reads us has read enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(End::doing("the answer cannot be written")),
    }
}
