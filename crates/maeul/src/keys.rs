//! `maeul keys`: the keys of sealed fields, taken into use, retired and forgotten while servers work.

use std::io::{self, Write as _};
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Fault, Lang};
use maeul_db::{KeyFile, KeyRefusal, KeyState, keys_in_use};
use maeul_privacy::Shelf;
use maeul_privacy::jobs::{Place, ask_reseal, reseal_step};
use maeul_web::Site;

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// How long a new key must have been in use before an older one is retired: what was begun before it
/// came has long ended.
const SETTLED: SignedDuration = SignedDuration::from_mins(10);

/// 봉한 칸의 키. / The keys of sealed fields.
#[derive(clap::Args, Clone, Debug)]
pub struct KeysArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// The keys by number, never themselves, and how many values each has sealed.
    Show(Which),
    /// Make a key that opens and does not seal yet: for servers with key files of their own, to be
    /// copied to each before `rotate`.
    Prepare(Which),
    /// Take the prepared key, or a new one, into use at once; everything is sealed again with it by a job.
    Rotate(Which),
    /// Seal everything again here and now, instead of by the job. May be stopped and begun again.
    Reseal(Which),
    /// Mark older keys as needed by no row; they still open what comes back from an older backup.
    Retire(Which),
    /// Take a retired key out of the file for good, when no backup needs it.
    Forget {
        /// The key's number.
        number: u8,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(clap::Args, Clone, Debug)]
struct Which {
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// What the commands work on.
struct Desk {
    site: Site,
    path: PathBuf,
    file: KeyFile,
    lang: Lang,
    now: Timestamp,
}

impl Desk {
    async fn of(which: &Which) -> Result<Self, End> {
        let config = which.store.config()?;
        let site = open::open(&config).await?.site;
        let path = config.data_dir.join("field.key");
        let file = KeyFile::read(&path)?
            .ok_or_else(|| End::refused(format!("{}: no such file", path.display())))?;
        let now = site.clock().now();
        Ok(Self { site, path, file, lang: which.lang, now })
    }

    fn say(&self, ko: &str, en: &str) -> Told {
        writeln!(io::stdout(), "{}", self.lang.t(ko, en)).map_err(End::doing("print"))
    }

    fn refused(&self, refusal: KeyRefusal) -> End {
        End::refused(match refusal {
            KeyRefusal::Prepared => self.lang.t(
                "준비한 키가 이미 있습니다. maeul keys rotate로 쓰기 시작하십시오.",
                "A key is prepared already. Take it into use with maeul keys rotate.",
            ),
            KeyRefusal::Full => self.lang.t(
                "키 번호 255개를 모두 썼습니다. 먼저 maeul keys forget N으로 물러난 키를 빼십시오.",
                "All 255 numbers are taken. Forget retired keys first: maeul keys forget N.",
            ),
            KeyRefusal::NotRetired => self.lang.t(
                "그 번호의 물러난 키가 없습니다. maeul keys show로 확인하십시오.",
                "There is no retired key of that number; see maeul keys show.",
            ),
        })
    }
}

/// Runs the command.
pub(crate) async fn run(args: KeysArgs) -> Told {
    match args.command {
        Command::Show(which) => show(&Desk::of(&which).await?).await,
        Command::Prepare(which) => prepare(Desk::of(&which).await?),
        Command::Rotate(which) => rotate(Desk::of(&which).await?).await,
        Command::Reseal(which) => reseal(&Desk::of(&which).await?).await,
        Command::Retire(which) => retire(Desk::of(&which).await?).await,
        Command::Forget { number, which } => forget(Desk::of(&which).await?, number),
    }
}

async fn show(desk: &Desk) -> Told {
    let columns = maeul_app::bytes();
    let used = desk.site.db().read(move |tx| keys_in_use(tx, &columns)).await?;
    let mut out = String::new();
    for key in desk.file.keys() {
        let state = match key.state {
            KeyState::Next => desk.lang.t("준비됨", "prepared"),
            KeyState::Seals => desk.lang.t("쓰는 중", "seals"),
            KeyState::Opens => desk.lang.t("열기만", "opens"),
            KeyState::Retired => desk.lang.t("물러남", "retired"),
        };
        let rows: i64 = used.get(&key.number).map_or(0, |it| it.values().sum());
        let since = key.since.map_or_else(|| "-".to_owned(), |at| at.to_string());
        out.push_str(&format!("{:>3}  {state}  {since}  {rows}\n", key.number));
    }
    for (number, columns) in &used {
        if desk.file.keys().iter().all(|key| key.number != *number) {
            let rows: i64 = columns.values().sum();
            out.push_str(&match desk.lang {
                Lang::Ko => format!("{number:>3}  키 파일에 없음!  {rows}\n"),
                Lang::En => format!("{number:>3}  not in the key file!  {rows}\n"),
            });
        }
    }
    io::stdout().write_all(out.as_bytes()).map_err(End::doing("print"))
}

fn prepare(mut desk: Desk) -> Told {
    let number =
        desk.file.prepare(desk.site.ids(), desk.now).map_err(|refusal| desk.refused(refusal))?;
    desk.file.write(&desk.path)?;
    desk.say(
        &format!("키 {number}번을 준비했습니다. 키 파일을 모든 서버에 복사한 뒤 maeul keys rotate를 실행하십시오."),
        &format!("Key {number} is prepared. Copy the key file to every server, then run maeul keys rotate."),
    )
}

async fn rotate(mut desk: Desk) -> Told {
    let number =
        desk.file.rotate(desk.site.ids(), desk.now).map_err(|refusal| desk.refused(refusal))?;
    desk.file.write(&desk.path)?;
    let contexts: Vec<_> =
        desk.site.offices().keys().map(|office| desk.site.system_ctx(*office)).collect();
    let asked = desk
        .site
        .db()
        .write(move |tx| contexts.iter().try_for_each(|ctx| ask_reseal(tx, ctx, Place::default())));
    asked.await.map_err(|fault: Fault| End::from(fault))?;
    desk.say(
        &format!("키 {number}번을 쓰기 시작했습니다. 서버가 나머지를 새 키로 다시 봉합니다. 키 파일의 사본을 서버 밖에 보관하십시오."),
        &format!("Key {number} is in use. The servers seal the rest again with it. Keep a copy of the key file away from the server."),
    )
}

async fn reseal(desk: &Desk) -> Told {
    let shelf = desk.site.room::<Shelf>()?;
    let (mut done, mut unreadable) = (0, 0);
    for office in desk.site.offices().keys() {
        let ctx = desk.site.system_ctx(*office);
        let mut place = Some(Place::default());
        while let Some(from) = place {
            let (step, next) = reseal_step(desk.site.db(), &ctx, shelf, from).await?;
            done += step.done;
            unreadable += step.unreadable;
            place = next;
        }
    }
    if unreadable > 0 {
        return Err(End::refused(match desk.lang {
            Lang::Ko => format!(
                "{done}개를 다시 봉했고, {unreadable}개는 키가 없어 열 수 없습니다. maeul keys show로 어느 키인지 보십시오."
            ),
            Lang::En => format!(
                "Sealed {done} again; {unreadable} do not open with any key here. See maeul keys show."
            ),
        }));
    }
    desk.say(&format!("{done}개를 다시 봉했습니다."), &format!("Sealed {done} again."))
}

async fn retire(mut desk: Desk) -> Told {
    let settled = desk.file.sealing_since().is_none_or(|since| since + SETTLED <= desk.now);
    if !settled {
        return Err(End::refused(desk.lang.t(
            "새 키를 쓴 지 10분이 지나야 합니다. 잠시 뒤 다시 해 주십시오.",
            "The new key must have been in use for 10 minutes. Please try again later.",
        )));
    }
    let columns = maeul_app::bytes();
    let used = desk.site.db().read(move |tx| keys_in_use(tx, &columns)).await?;
    let older = desk.file.keys().iter().filter(|it| it.state == KeyState::Opens);
    let needed: Vec<String> = older
        .filter_map(|key| Some((key.number, used.get(&key.number)?)))
        .flat_map(|(number, by)| by.iter().map(move |(at, rows)| format!("{number}: {at} {rows}")))
        .collect();
    if !needed.is_empty() {
        return Err(End::refused(format!(
            "{}\n{}",
            desk.lang.t(
                "아직 이전 키로 봉한 값이 있습니다. 다 봉할 때까지 기다리거나 maeul keys reseal을 실행하십시오.",
                "Older keys are still needed. Wait until all is sealed again, or run maeul keys reseal.",
            ),
            needed.join("\n")
        )));
    }
    let retired = desk.file.retire(desk.now);
    desk.file.write(&desk.path)?;
    let names: Vec<String> = retired.iter().map(u8::to_string).collect();
    let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    desk.say(&format!("물러난 키: {names}"), &format!("Retired: {names}"))
}

fn forget(mut desk: Desk, number: u8) -> Told {
    desk.file.forget(number).map_err(|refusal| desk.refused(refusal))?;
    desk.file.write(&desk.path)?;
    desk.say(
        &format!("키 {number}번을 뺐습니다. 이 키로 봉한 옛 백업은 이제 읽을 수 없습니다."),
        &format!(
            "Key {number} is out of the file. Older backups sealed with it can no longer be read."
        ),
    )
}
