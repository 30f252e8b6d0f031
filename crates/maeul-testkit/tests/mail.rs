//! E-mail in, from a real LMTP client through the listener to the case, and everything to which
//! nobody is answered.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use maeul_base::Role;
use maeul_outside::LmtpListener;
use maeul_testkit::{World, worlds};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const OURS: &str = "minwon@seogu.example";

/// Takes letters at a free port until the test ends.
async fn open(world: &World) -> SocketAddr {
    let listener = LmtpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.address().unwrap();
    let inbox = Arc::new(world.house.mailroom.clone());
    tokio::spawn(listener.serve(inbox, std::future::pending(), Duration::from_secs(1)));
    address
}

/// Sends letters with Python's own client, and has them read; the server's answers.
async fn send(world: &World, at: SocketAddr, letters: &[Value]) -> Vec<String> {
    let lines: String = letters.iter().map(|it| format!("{it}\n")).collect();
    let output = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/send.py");
        let mut child = Command::new("python3")
            .arg(script)
            .args([at.ip().to_string(), at.port().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    world.drain().await;
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

async fn page(world: &World, path: &str) -> maeul_testkit::Answer {
    let login = world.account(Role::Coordinator, None).login.clone();
    world.clock.set(world.clock.now() + jiff::SignedDuration::from_secs(31));
    world.signed_in(&login).await.get(path).await
}

/// The case's page of the first letter on the list.
async fn first_case(world: &World) -> String {
    let list = page(world, "/staff/mail").await;
    let link = list.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
    page(world, &link).await.text()
}

fn letter(subject: &str, text: &str) -> Value {
    json!({ "from": "홍길순 <hong@example.com>", "to": OURS, "subject": subject, "text": text })
}

worlds! {
    async fn a_letter_becomes_a_case_and_answers_join_it(world: World) {
        let at = open(&world).await;
        let mut first = letter("학교 앞 가로등", "가로등이 꺼졌어요.\n-- \n홍길순");
        first["charset"] = json!("euc-kr");
        first["picture"] = json!(true);
        first["headers"] = json!({ "Message-ID": "<first@example.com>" });
        first["times"] = json!(2);
        assert_eq!(send(&world, at, &[first]).await, ["250"]);
        let told = world.messages();
        assert_eq!(told.len(), 1, "the same letter twice is one case: {told:?}");
        assert_eq!(told[0]["to"], "hong@example.com");
        assert!(told[0]["subject"].as_str().unwrap().contains("2026-서구-"), "{told:?}");
        assert_eq!(told[0]["answers"], json!(["first@example.com"]), "the receipt answers the letter");
        let case = first_case(&world).await;
        assert!(case.contains("학교 앞 가로등") && case.contains("전자우편"), "{case}");
        assert!(case.contains("(첨부: a.pdf)"), "{case}");
        assert!(!case.contains("-- "), "the signature is cut: {case}");
        assert!(page(&world, "/staff/mail").await.text().contains("사진\n1"));

        let ours = told[0]["id"].as_str().unwrap().replace('-', "");
        let number = told[0]["subject"].as_str().unwrap().split(' ').next_back().unwrap().to_owned();
        let mut tagged = letter("Re: 접수", "학교 후문 쪽이에요.\n\n> 접수했어요");
        tagged["rcpt"] = json!(format!("minwon+{ours}@seogu.example"));
        let mut referred = letter("Re: 접수", "어제부터 그래요.");
        referred["headers"] = json!({ "In-Reply-To": format!("<{ours}@seogu.example>") });
        let mut went_on = letter("하나 더", "기둥도 기울었어요.");
        went_on["headers"] = json!({ "References": "<first@example.com>" });
        let named = letter(&format!("[광주 서구] {number}"), "고맙습니다, 기다릴게요.");
        let letters = [tagged, referred, went_on, named];
        assert_eq!(send(&world, at, &letters).await, ["250"; 4]);
        assert_eq!(world.messages().len(), 1, "joining makes no new receipt");
        let case = first_case(&world).await;
        for words in ["학교 후문 쪽이에요.", "어제부터 그래요.", "기둥도 기울었어요.", "기다릴게요."] {
            assert!(case.contains(words), "{words}: {case}");
        }
        assert!(!case.contains("> 접수했어요"), "what is quoted is cut: {case}");

        let mut stranger = letter(&format!("Re: {number}"), "저도 봤어요.");
        stranger["from"] = json!("other@example.com");
        send(&world, at, &[stranger]).await;
        assert_eq!(world.messages().len(), 2, "who is no party makes a case of their own");
    }

    async fn nobody_is_answered_who_must_not_be(world: World) {
        let at = open(&world).await;
        let with = |name: &str, value: &str| {
            let mut it = letter("부재중", "휴가입니다.");
            it["headers"] = json!({ name: value });
            it["from"] = json!(format!("{}@example.com", name.to_lowercase()));
            it
        };
        let mut bounce = letter("Undelivered", "no");
        bounce["envelope"] = json!("");
        bounce["from"] = json!("server@example.com");
        let mut own = letter("loop", "x");
        own["from"] = json!(OURS);
        let letters = [
            with("Auto-Submitted", "auto-replied"),
            with("Precedence", "bulk"),
            with("List-Id", "<news.example.com>"),
            bounce,
            own,
        ];
        assert_eq!(send(&world, at, &letters).await, ["250"; 5], "taken, so that none is lost");
        assert!(world.messages().is_empty(), "{:?}", world.messages());
        let list = page(&world, "/staff/mail").await.text();
        for why in ["자동 응답", "메일링 리스트나 광고", "배달 실패 알림", "우리 주소에서 온 메일"] {
            assert!(list.contains(why), "{why}: {list}");
        }
        let many: Vec<Value> = (0..7).map(|n| letter("또", &format!("가로등 {n}번이 꺼졌어요"))).collect();
        send(&world, at, &many).await;
        assert_eq!(world.messages().len(), 5, "five an hour of one sender are read");
        assert!(page(&world, "/staff/mail").await.text().contains("한 사람이 너무 많이 보냄"));
    }

    async fn the_coordinator_puts_right_what_was_made_of_a_letter(world: World) {
        let at = open(&world).await;
        let mut news = letter("공원 의자", "공원 의자가 부서졌어요.");
        news["headers"] = json!({ "Precedence": "bulk" });
        send(&world, at, &[news]).await;
        let list = page(&world, "/staff/mail").await;
        let link = list.links().into_iter().find(|it| it.contains("/staff/mail/")).unwrap();
        let one = page(&world, &link).await;
        assert!(!one.body.contains("hong@example.com"), "the sender is masked");
        let made = one.submit_to(&format!("{link}/case"), &[]).await;
        assert_eq!(made.status, 303, "{}", made.text());
        world.drain().await;
        assert_eq!(world.messages().len(), 1, "the sender is told of the case");
        let again = page(&world, &link).await;
        assert!(!again.body.contains(&format!("{link}/case")), "a case is made once");

        let mut other = letter("의자", "사진도 있어요.");
        other["from"] = json!("friend@example.com");
        other["headers"] = json!({ "List-Id": "<x.example.com>" });
        send(&world, at, &[other]).await;
        let list = page(&world, "/staff/mail").await;
        let link = list.links().into_iter().find(|it| it.contains("/staff/mail/")).unwrap();
        let one = page(&world, &link).await;
        let wrong = one.submit_to(&format!("{link}/join"), &[("number", "2026-서구-999999-1")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        let number = world.messages()[0]["subject"].as_str().unwrap().split(' ').next_back().unwrap().to_owned();
        let joined = one.submit_to(&format!("{link}/join"), &[("number", &number)]).await;
        assert_eq!(joined.status, 303, "{}", joined.text());
        assert!(first_case(&world).await.contains("사진도 있어요."));

        // A letter that had become a case of its own: both keep their right to an answer, in one go.
        send(&world, at, &[letter("또 의자", "그 의자 다리도 부러졌어요.")]).await;
        assert_eq!(world.messages().len(), 2);
        let list = page(&world, "/staff/mail").await;
        let link = list.links().into_iter().find(|it| it.contains("/staff/mail/")).unwrap();
        let made = list.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
        let one = page(&world, &link).await;
        let joined = one.submit_to(&format!("{link}/join"), &[("number", &number)]).await;
        assert_eq!(joined.status, 303, "{}", joined.text());
        let text = page(&world, &made).await.text();
        assert!(text.contains("함께 답") && text.contains(&number), "{text}");
        assert!(first_case(&world).await.contains("그 의자 다리도"));
    }

    async fn the_original_opens_with_a_reason_for_whoever_works_the_case(world: World) {
        let at = open(&world).await;
        let mut it = letter("가로등", "가로등이 꺼졌어요.\n\n> 앞서 쓴 말");
        it["headers"] = json!({ "X-Way": "through the old server" });
        send(&world, at, &[it]).await;
        let list = page(&world, "/staff/mail").await;
        let case = list.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
        let of = case.replace("/staff/case/", "/staff/mail/of/");
        assert!(page(&world, &case).await.links().contains(&of));
        let letters = page(&world, &of).await;
        assert!(!letters.body.contains("hong@example.com"), "sealed: {}", letters.text());
        let link = list.links().into_iter().find(|it| it.contains("/staff/mail/")).unwrap();
        let look = format!("{link}/original");
        let unasked = letters.submit_to(&look, &[("reason", " ")]).await;
        assert_eq!(unasked.status, 422, "{}", unasked.text());
        let shown = letters.submit_to(&look, &[("reason", "주소를 확인하려고")]).await;
        for said in ["hong@example.com", "앞서 쓴 말", "through the old server"] {
            assert!(shown.text().contains(said), "{said}: {}", shown.text());
        }
        let looks = "SELECT count(*) FROM people_look WHERE act = 'reveal' AND what_kind = 'mail_message'";
        let looks = world.db().read(move |tx| tx.one::<(i64,)>(looks, maeul_db::args![])).await;
        assert_eq!(looks.unwrap().0, 1);
        // Whose case it is not sees none of it.
        let other = world.account(Role::Officer, Some("resource-circulation")).login.clone();
        let other = world.signed_in(&other).await;
        assert!(matches!(other.get(&of).await.status, 403 | 404));
        let own = other.get("/staff/queue/mine").await;
        let refused = own.submit_to(&look, &[("reason", "궁금해서")]).await;
        assert!(matches!(refused.status, 403 | 404), "{}", refused.text());
    }

    async fn the_protocol_is_kept_to_the_letter(world: World) {
        let at = open(&world).await;
        let mut stream = TcpStream::connect(at).await.unwrap();
        let big = "x".repeat(120_000);
        let two = format!("MAIL FROM:<a@example.com>\r\nRCPT TO:<{OURS}>\r\nRCPT TO:<nobody@seogu.example>\r\nRCPT TO:<minwon+a@seogu.example>\r\nDATA\r\n");
        let said = format!(
            "EHLO x\r\nMAIL FROM:<a@x>\r\nLHLO mx\r\nDATA\r\n{two}From: a@example.com\r\nSubject: s\r\n\r\n..dot\n.\nstill\r\n.\r\n{two}{big}\r\n.\r\nMAIL FROM:<a@x> SIZE=200000\r\nNONSENSE\r\nQUIT\r\n"
        );
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.unwrap();
        let codes: Vec<&str> = heard.lines().filter(|it| it.as_bytes()[3] == b' ').map(|it| &it[..3]).collect();
        assert_eq!(
            codes,
            [
                "220", "500", "503", "250", "503",
                "250", "250", "550", "250", "354", "250", "250",
                "250", "250", "550", "250", "354", "552", "552",
                "552", "500", "221",
            ],
            "{heard}"
        );
        assert!(heard.contains("250-8BITMIME") && heard.contains("250-SMTPUTF8") && heard.contains("250 SIZE 100000"));
        world.drain().await;
        let list = page(&world, "/staff/mail").await;
        let link = list.links().into_iter().find(|it| it.contains("/staff/mail/")).unwrap();
        let text = page(&world, &link).await.text();
        assert!(text.contains(".dot\n.\nstill"), "only CR LF . CR LF ends a letter: {text}");
        assert!(LmtpListener::bind("0.0.0.0:0").await.is_err(), "nobody else may reach it");
    }
}
