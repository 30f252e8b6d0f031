//! `maeul lot`: people drawn by quotas from a public seed, and the draw repeated.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use maeul_base::{Lang, Refusal as _};
use maeul_tally::lot::{
    Candidates, Commitment, Draw, LotError, Record, committed_text, drawn_text,
};

use crate::end::{End, Told};
use crate::open;

/// 추첨. / Draw people by quotas from a public seed.
#[derive(clap::Args, Clone, Debug)]
pub struct LotArgs {
    /// The list: CSV with a column `id`; its other columns are what quotas count.
    #[arg(value_name = "CANDIDATES.csv")]
    candidates: PathBuf,
    /// How many people, and between which bounds each part must lie (TOML).
    #[arg(long, value_name = "FILE.toml")]
    quota: PathBuf,
    /// The seed, as published.
    #[arg(long, value_name = "SEED")]
    seed: Option<String>,
    /// Print the commitment to publish before the draw instead of drawing; without --seed where
    /// the seed is yet to be drawn in public.
    #[arg(long, conflicts_with_all = ["verify", "reserves", "without", "declined", "commitment"])]
    commit: bool,
    /// The commitment published before: refuse to draw from anything else.
    #[arg(long, value_name = "HEX")]
    commitment: Option<String>,
    /// How many reserves to name.
    #[arg(long, value_name = "N", default_value_t = 0)]
    reserves: usize,
    /// Someone drawn who leaves: say who is called instead. May be repeated, in order.
    #[arg(long, value_name = "ID")]
    without: Vec<String>,
    /// A reserve who declined, or was called before. May be repeated.
    #[arg(long, value_name = "ID", requires = "without")]
    declined: Vec<String>,
    /// Draw again from a published record (JSON) and compare everything.
    #[arg(long, value_name = "RECORD.json", conflicts_with_all = ["seed", "reserves", "commitment"])]
    verify: Option<PathBuf>,
    /// Answer with one JSON object: the record to publish.
    #[arg(long)]
    json: bool,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command. Ends with 1 when the draw is refused or a record does not agree, with 2 when a
/// file cannot be read.
pub(crate) fn run(args: &LotArgs, out: &mut impl Write) -> Told {
    let lang = args.lang;
    let list = read(&args.candidates, lang)?;
    let quota = String::from_utf8(read(&args.quota, lang)?).map_err(|_| {
        End::refused(lang.t(
            "할당 파일이 UTF-8이 아닙니다. UTF-8로 다시 저장하십시오.",
            "The quota file is not UTF-8. Save it again as UTF-8.",
        ))
    })?;
    let refused = |error: LotError| End::refused(error.say(lang));
    let answer = if let Some(path) = &args.verify {
        let text = String::from_utf8_lossy(&read(path, lang)?).into_owned();
        let record = Record::read(&text).map_err(refused)?;
        record.verify(&list, &quota).map_err(refused)?;
        verified(&record, args)
    } else if args.commit {
        let commitment = Commitment::new(&list, &quota, args.seed.as_deref()).map_err(refused)?;
        if args.json { json(&commitment)? } else { committed_text(&commitment, lang) }
    } else {
        let seed = args.seed.as_deref().ok_or_else(|| {
            End::refused(lang.t(
                "--seed: 공개한 시드를 쓰십시오. 추첨 전 확약값만 필요하면 --commit을 쓰십시오.",
                "--seed: give the published seed, or --commit for the commitment before the draw.",
            ))
        })?;
        let published = args.commitment.as_deref();
        let (record, people, draw) =
            Record::draw(&list, &quota, seed, args.reserves, published).map_err(refused)?;
        if args.without.is_empty() {
            if args.json { json(&record)? } else { drawn_text(&record, lang) }
        } else {
            called(&people, &draw, args)?
        }
    };
    match out.write_all(answer.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads us has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let what = lang.t("답을 쓸 수 없습니다", "the answer cannot be written");
            Err(End::fault(format!("{what}: {error}")))
        }
        _ => Ok(()),
    }
}

/// Who is called for those who leave.
fn called(people: &Candidates, draw: &Draw, args: &LotArgs) -> Result<String, End> {
    let lang = args.lang;
    let called = draw
        .replace(people, &args.without, &args.declined)
        .map_err(|error| End::refused(error.say(lang)))?;
    let id = |person: usize| people.rows().get(person).map_or("", |row| row.id.as_str());
    if args.json {
        let pairs: Vec<serde_json::Value> = called
            .iter()
            .map(|&(left, next)| serde_json::json!({"left": id(left), "called": next.map(id)}))
            .collect();
        return json(&pairs);
    }
    let nobody = lang.t(
        "할당을 지키며 대신할 예비가 없습니다.",
        "no reserve can stand in with every quota kept.",
    );
    let line = |&(left, next): &(usize, Option<usize>)| {
        format!("{} → {}\n", id(left), next.map_or(nobody, id))
    };
    Ok(called.iter().map(line).collect())
}

fn verified(record: &Record, args: &LotArgs) -> String {
    let (people, commitment) = (record.panel.len(), &record.commitment.commitment);
    if args.json {
        return format!("{{\"verified\":true,\"commitment\":\"{commitment}\"}}\n");
    }
    match args.lang {
        Lang::Ko => format!(
            "기록과 같습니다: 다시 추첨한 {people}명과 순서, 예비, 확약값 {commitment}이(가) 모두 같습니다.\n"
        ),
        Lang::En => format!(
            "The record agrees: the {people} people drawn again, their order, the reserves and the commitment {commitment} are the same.\n"
        ),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, End> {
    let text = serde_json::to_string_pretty(value).map_err(End::doing("JSON"))?;
    Ok(format!("{text}\n"))
}

fn read(path: &Path, lang: Lang) -> Result<Vec<u8>, End> {
    let what = lang.t("파일을 읽을 수 없습니다", "the file cannot be read");
    std::fs::read(path).map_err(|error| End::fault(format!("{}: {what}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        args: LotArgs,
    }

    /// A folder with a list and quotas; `ask` runs the command there.
    struct Office(tempfile::TempDir);

    impl Office {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let list = "id,sex\n1,F\n2,F\n3,F\n4,M\n5,M\n6,M\n";
            let quota =
                "procedure = \"maeul-lot/1\"\nseats = 4\n[[quota]]\neach = \"sex\"\nmin = 2\n";
            std::fs::write(folder.path().join("list.csv"), list).unwrap();
            std::fs::write(folder.path().join("quota.toml"), quota).unwrap();
            Self(folder)
        }

        fn ask(&self, more: &[&str]) -> Result<String, End> {
            let path = |name: &str| self.0.path().join(name).display().to_string();
            let mut words =
                vec!["lot".to_owned(), path("list.csv"), "--quota".into(), path("quota.toml")];
            words.extend(more.iter().map(|&word| match word.strip_prefix('@') {
                Some(name) => path(name),
                None => word.to_owned(),
            }));
            let mut out = Vec::new();
            run(&Cli::try_parse_from(words).unwrap().args, &mut out)?;
            Ok(String::from_utf8(out).unwrap())
        }
    }

    #[test]
    fn committed_drawn_published_and_verified() {
        let office = Office::new();
        let announced: serde_json::Value =
            serde_json::from_str(&office.ask(&["--commit", "--json"]).unwrap()).unwrap();
        let commitment = announced["commitment"].as_str().unwrap();
        let draw = ["--seed", "1-2-3", "--commitment", commitment, "--reserves", "2", "--json"];
        let record = office.ask(&draw).unwrap();
        std::fs::write(office.0.path().join("record.json"), &record).unwrap();
        let said = office.ask(&["--verify", "@record.json", "--lang", "en"]).unwrap();
        assert!(said.starts_with("The record agrees: the 4 people"), "{said}");
        let forged = record.replacen("\"taken\": true", "\"taken\": false", 1);
        std::fs::write(office.0.path().join("record.json"), forged).unwrap();
        let End { words, code } = office.ask(&["--verify", "@record.json"]).unwrap_err();
        assert!(code == 1 && words.contains("steps"), "{words}");
        let wrong = ["--seed", "1-2-3", "--commitment", "00"];
        assert_eq!(office.ask(&wrong).unwrap_err().code, 1);
    }

    #[test]
    fn somebody_leaves_and_the_first_reserve_who_fits_is_called() {
        let office = Office::new();
        let record: serde_json::Value = serde_json::from_str(
            &office.ask(&["--seed", "s", "--reserves", "2", "--json"]).unwrap(),
        )
        .unwrap();
        let mut woman = record["panel"].as_array().unwrap().iter().filter_map(|id| id.as_str());
        let woman = woman.rfind(|id| ["1", "2", "3"].contains(id)).unwrap();
        let said = office.ask(&["--seed", "s", "--without", woman]).unwrap();
        let called = said.trim_end().rsplit(' ').next().unwrap();
        assert!(["1", "2", "3"].contains(&called) && called != woman, "{said}");
        let said = office.ask(&["--seed", "s", "--without", woman, "--declined", called]).unwrap();
        assert!(said.contains("예비가 없습니다"), "{said}");
    }

    #[test]
    fn refusals_end_with_1_and_missing_files_with_2() {
        let office = Office::new();
        assert_eq!(office.ask(&[]).unwrap_err().code, 1);
        std::fs::remove_file(office.0.path().join("list.csv")).unwrap();
        assert_eq!(office.ask(&["--seed", "s"]).unwrap_err().code, 2);
    }
}
