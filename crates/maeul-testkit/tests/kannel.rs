//! Texts through a real Kannel (bearerbox, smsbox) and the fake message centre of its own tests:
//! Korean both ways, long both ways, reports, and a gateway or a server that is away for a while.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener as StdListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use maeul_base::Role;
use maeul_db::Engine;
use maeul_outside::{KannelGateway, KannelSettings, Reports};
use maeul_testkit::{SECRET, TEXT_NUMBER, World};

const MINSU: &str = "01012340001";
/// How long anything is waited for on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether Kannel is there; `false` where the caller chose to go without.
#[allow(clippy::disallowed_methods)]
fn there() -> bool {
    let is = |name: &str| std::env::var(name).is_ok_and(|value| value == "1");
    assert!(
        is("MAEUL_TEST_KANNEL") || is("MAEUL_TEST_SKIP_KANNEL"),
        "MAEUL_TEST_KANNEL is not set. Run `cargo xtask test --only unit`, which installs Kannel, or \
         set MAEUL_TEST_SKIP_KANNEL=1 to leave this test out."
    );
    is("MAEUL_TEST_KANNEL")
}

fn free_port() -> u16 {
    StdListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A program that ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[derive(Clone, Copy)]
struct Ports {
    admin: u16,
    smsbox: u16,
    centre: u16,
    send: u16,
    ours: u16,
}

impl Ports {
    fn free() -> Self {
        Self {
            admin: free_port(),
            smsbox: free_port(),
            centre: free_port(),
            send: free_port(),
            ours: free_port(),
        }
    }

    fn settings(self) -> KannelSettings {
        KannelSettings {
            url: format!("http://127.0.0.1:{}/cgi-bin/sendsms", self.send),
            user: "maeul".into(),
            password: "secret word".into(),
            from: vec![(None, TEXT_NUMBER.into())],
            reports: Some(Reports {
                base_url: format!("http://127.0.0.1:{}", self.ours),
                secret: SECRET.into(),
            }),
        }
    }
}

/// A running Kannel.
struct Kannel {
    ports: Ports,
    folder: tempfile::TempDir,
    _boxes: Vec<Program>,
}

impl Kannel {
    fn start(ports: Ports) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let secret = SECRET.replace(' ', "%%20");
        let Ports { admin, smsbox, centre, send, ours } = ports;
        let config = format!(
            "group = core\nadmin-port = {admin}\nadmin-password = a\nadmin-interface = 127.0.0.1\n\
             smsbox-port = {smsbox}\nsmsbox-interface = 127.0.0.1\nbox-allow-ip = \"127.0.0.1\"\n\
             dlr-storage = internal\nsms-combine-concatenated-mo = false\n\n\
             group = smsc\nsmsc = fake\nsmsc-id = fake\nport = {centre}\n\
             connect-allow-ip = \"127.0.0.1\"\n\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nbearerbox-port = {smsbox}\n\
             sendsms-port = {send}\nsendsms-interface = 127.0.0.1\nhttp-request-retry = 30\n\
             http-queue-delay = 1\n\n\
             group = sendsms-user\nusername = maeul\npassword = \"secret word\"\n\
             max-messages = 20\nconcatenation = true\n\n\
             group = sms-service\nkeyword = default\ncatch-all = true\nmax-messages = 0\n\
             omit-empty = true\n\
             get-url = \"http://127.0.0.1:{ours}/hooks/sms/kannel?secret={secret}&id=%I&from=%p&to=%P&text=%b&coding=%c&charset=%C&udh=%u\"\n"
        );
        std::fs::write(folder.path().join("kannel.conf"), config).unwrap();
        let bearer = run(folder.path(), "bearerbox");
        listens(smsbox);
        listens(centre);
        let sms = run(folder.path(), "smsbox");
        listens(send);
        Self { ports, folder, _boxes: vec![sms, bearer] }
    }
}

fn run(folder: &Path, program: &str) -> Program {
    let log = std::fs::File::create(folder.join(format!("{program}.log"))).unwrap();
    let child = Command::new(format!("/usr/sbin/{program}"))
        .arg(folder.join("kannel.conf"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn();
    Program(child.unwrap_or_else(|error| panic!("{program}: {error}")))
}

fn listens(port: u16) {
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "nothing listens on {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A telephone at the message centre: it speaks the lines of Kannel's fake centre.
struct Telephone {
    out: TcpStream,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Telephone {
    fn at(kannel: &Kannel) -> Self {
        let out = TcpStream::connect(("127.0.0.1", kannel.ports.centre)).unwrap();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (reader, kept) = (BufReader::new(out.try_clone().unwrap()), Arc::clone(&heard));
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                kept.lock().unwrap().push(line);
            }
        });
        Self { out, heard }
    }

    fn send(&mut self, line: &str) {
        self.out.write_all(format!("{MINSU} {TEXT_NUMBER} {line}\n").as_bytes()).unwrap();
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// The words of a line that the fake centre was given, with its header.
fn words(line: &str) -> (Vec<u8>, String) {
    let mut parts = line.splitn(4, ' ');
    let (_, _) = (parts.next(), parts.next());
    let (kind, rest) = (parts.next().unwrap(), parts.next().unwrap());
    let bytes = |text: &str| unescape(text);
    let read = |bytes: Vec<u8>| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).unwrap()
    };
    match kind {
        "text" => (Vec::new(), rest.to_owned()),
        "ucs-2" => (Vec::new(), read(bytes(rest))),
        "udh" => {
            let (header, tail) = rest.split_once(' ').unwrap();
            let (_, data) = tail.split_once(' ').unwrap();
            (bytes(header), read(bytes(data)))
        }
        other => panic!("a line of kind {other}: {line}"),
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
            }
            other => out.push(other),
        }
    }
    out
}

/// Serves the world's pages where Kannel looks for them.
async fn serve(world: &World, ports: Ports) -> tokio::task::JoinHandle<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", ports.ours)).await.unwrap();
    let app = world.house.app.clone();
    tokio::spawn(async move {
        maeul_web::serve(listener, app, std::future::pending()).await.unwrap();
    })
}

/// Waits until something holds; jobs are run meanwhile.
async fn until<T>(world: &World, what: &str, mut holds: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        // A try may fail while Kannel is away.
        let _tried = world.house.runner.drain().await.unwrap();
        if let Some(found) = holds().await {
            return found;
        }
        assert!(Instant::now() < end, "{what} never came");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The conversations' addresses on the coordinator's screen.
async fn talks(desk: &maeul_testkit::Browser) -> Vec<String> {
    let links = desk.get("/staff/texts").await.links();
    let wanted = |it: &String| it.strip_prefix("/staff/texts/").is_some_and(|id| id.len() == 32);
    links.into_iter().filter(wanted).collect()
}

async fn coordinator(world: &World) -> maeul_testkit::Browser {
    let login = world.account(Role::Coordinator, None).login.clone();
    world.signed_in(&login).await
}

fn with_kannel<F: Future<Output = ()>>(
    engine: Engine,
    ports: Ports,
    body: impl FnOnce(World) -> F,
) {
    World::run_with(
        engine,
        |setup| {
            setup.gateways.sms = Arc::new(KannelGateway::new(ports.settings()).unwrap());
        },
        body,
    );
}

async fn korean_and_long_both_ways_with_reports(world: World, ports: Ports) {
    let _server = serve(&world, ports).await;
    let kannel = Kannel::start(ports);
    let mut telephone = Telephone::at(&kannel);
    let desk = coordinator(&world).await;

    telephone.send(&format!("data {}", escaped(&utf16("치평동 상무초 앞 가로등이 꺼졌어요"))));
    let talk = until(&world, "the case", async || talks(&desk).await.pop()).await;
    let page = desk.get(&talk).await.text();
    assert!(page.contains("치평동 상무초 앞 가로등이 꺼졌어요"), "{page}");

    // The acknowledgement has number, unit and due time, and is longer than one part: Kannel cuts
    // it, the telephone joins it by the headers.
    let parts = until(&world, "the acknowledgement", async || {
        let lines = telephone.heard();
        let total = lines.first().map(|line| words(line).0.get(4).copied().unwrap_or(1))?;
        (lines.len() == usize::from(total)).then_some(lines)
    })
    .await;
    assert!(parts.len() >= 2, "{parts:?}");
    let mut read: Vec<(Vec<u8>, String)> = parts.iter().map(|line| words(line)).collect();
    read.sort_by_key(|(header, _)| header[5]);
    let whole: String = read.into_iter().map(|(_, text)| text).collect();
    assert!(whole.contains("접수 2026-서구-") && whole.contains("까지 답해요"), "{whole}");
    let shown = until(&world, "the report", async || {
        let page = desk.get(&talk).await.text();
        page.contains("도착 · LMS").then_some(page)
    })
    .await;
    assert!(shown.contains(&whole), "{shown}");

    // A long text in two parts, the second first, cut within a letter; coding by coding.
    let long = "위치는 정문에서 오른쪽 두 번째 등입니다. 그리고 그 옆의 등도 함께 깜박거리니 나오시는 김에 같이 봐 주시면 고맙겠습니다.";
    let bytes = utf16(long);
    let (first, second) = bytes.split_at(73);
    for (seq, bytes) in [(2, second), (1, first)] {
        telephone.send(&format!("udh-data {} {}", escaped(&[5, 0, 3, 7, 2, seq]), escaped(bytes)));
    }
    until(&world, "the long text", async || {
        desk.get(&talk).await.text().contains(long).then_some(())
    })
    .await;
    assert_eq!(talks(&desk).await.len(), 1, "it went on with the case");

    // UTF-8 in seven bits, as Kannel hands it over.
    telephone.send("text 언제쯤 고쳐지나요?");
    until(&world, "the third text", async || {
        desk.get(&talk).await.text().contains("언제쯤 고쳐지나요?").then_some(())
    })
    .await;
    // Nothing but the acknowledgement ever went out: no "empty reply" of the service.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    world.drain().await;
    assert_eq!(telephone.heard().len(), parts.len(), "{:?}", telephone.heard());
    drop(kannel);
}

async fn through_kannels_own_fake_centre(world: World, ports: Ports) {
    let _server = serve(&world, ports).await;
    let kannel = Kannel::start(ports);
    let log = kannel.folder.path().join("fakesmsc.log");
    let file = std::fs::File::create(&log).unwrap();
    let line = format!(
        "{MINSU} {TEXT_NUMBER} data {}",
        escaped(&utf16("공원 청소하시는 분들 덕분에 산책이 즐겁습니다 감사합니다"))
    );
    let _centre = Program(
        Command::new("/usr/lib/kannel/test/fakesmsc")
            .args(["-H", "127.0.0.1", "-r", &ports.centre.to_string(), "-i", "0.1", "-m", "1"])
            .arg(line)
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap(),
    );
    let got = until(&world, "the thanks", async || {
        let said = std::fs::read_to_string(&log).unwrap();
        let at = said.find("Got message 1: <")?;
        let line = said[at..].split_once('<')?.1.split_once('>')?.0.to_owned();
        Some(line)
    })
    .await;
    let (_, text) = words(&got);
    assert!(text.contains("따뜻한 말씀 고맙습니다"), "{text}");
    assert!(got.starts_with(&format!("{TEXT_NUMBER} {MINSU} ")), "{got}");
}

async fn away_for_a_while_and_nothing_twice(world: World, ports: Ports) {
    // Our server is down: Kannel keeps the text and tries again.
    let kannel = Kannel::start(ports);
    let mut telephone = Telephone::at(&kannel);
    telephone.send(&format!("data {}", escaped(&utf16("치평동 가로등이 꺼졌어요"))));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let _server = serve(&world, ports).await;
    let desk = coordinator(&world).await;
    until(&world, "the text", async || talks(&desk).await.pop()).await;
    let count = until(&world, "the acknowledgement", async || {
        let lines = telephone.heard();
        let total = lines.first().map(|line| words(line).0.get(4).copied().unwrap_or(1))?;
        (lines.len() == usize::from(total)).then_some(lines.len())
    })
    .await;
    assert_eq!(talks(&desk).await.len(), 1);

    // Kannel is down: our message waits for it, and goes out once.
    drop(telephone);
    drop(kannel);
    let talk = talks(&desk).await.remove(0);
    let page = desk.get(&talk).await;
    let asked =
        page.submit_to(&format!("{talk}/ask"), &[("question", "몇 번째 기둥인가요?")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    for _ in 0..2 {
        let tried = world.house.runner.drain().await.unwrap();
        assert_eq!(tried.failed.len(), 1, "{tried:?}");
        let page = desk.get(&talk).await.text();
        assert!(page.contains("보내는 중") && page.contains("Kannel: not reached"), "{page}");
        world.clock.set(world.clock.now() + SignedDuration::from_mins(4));
    }
    let kannel = Kannel::start(ports);
    let telephone = Telephone::at(&kannel);
    until(&world, "the question", async || {
        world.clock.set(world.clock.now() + SignedDuration::from_mins(1));
        telephone.heard().first().cloned()
    })
    .await;
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    world.drain().await;
    let whole: String = telephone.heard().iter().map(|line| words(line).1).collect();
    assert_eq!(whole.matches("몇 번째 기둥인가요?").count(), 1, "{whole}");
    assert!(count >= 1);
}

macro_rules! kannel_tests {
    ($($name:ident)+) => {$(
        mod $name {
            use super::*;

            #[test]
            fn sqlite() {
                if there() {
                    let ports = Ports::free();
                    with_kannel(Engine::Sqlite, ports, |world| super::$name(world, ports));
                }
            }

            #[test]
            fn postgres() {
                if there() {
                    let ports = Ports::free();
                    with_kannel(Engine::Postgres, ports, |world| super::$name(world, ports));
                }
            }
        }
    )+};
}

kannel_tests! {
    korean_and_long_both_ways_with_reports
    through_kannels_own_fake_centre
    away_for_a_while_and_nothing_twice
}
