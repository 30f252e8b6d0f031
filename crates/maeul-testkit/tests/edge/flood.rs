//! A real flood on loopback: the flooder is told to wait, everybody's share is bounded, and
//! signed-in staff go on working.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use maeul_base::Role;
use maeul_db::Engine;
use maeul_testkit::World;
use maeul_web::Edge;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Pages an address may have at once and each second in this test.
const AT_ONCE: u16 = 40;
const A_SECOND: u16 = 20;

/// What came back.
struct Reply {
    status: u16,
    retry_after: Option<u64>,
    body: String,
}

/// A connection from an address of this machine's own network.
struct Client(BufReader<TcpStream>);

impl Client {
    async fn from(address: [u8; 4], server: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((address, 0))).unwrap();
        Self(BufReader::new(socket.connect(server).await.unwrap()))
    }

    async fn send(&mut self, head: &str) {
        let head = format!("{head}\r\nHost: maeul.test\r\n\r\n");
        self.0.get_mut().write_all(head.as_bytes()).await.unwrap();
    }

    async fn get(&mut self, path: &str, more: &str) -> Reply {
        self.send(&format!("GET {path} HTTP/1.1{more}")).await;
        self.reply().await
    }

    async fn reply(&mut self) -> Reply {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        let status = line.split(' ').nth(1).unwrap_or_default().parse().unwrap_or(0);
        let (mut length, mut retry_after) = (None, None);
        loop {
            line.clear();
            self.0.read_line(&mut line).await.unwrap();
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok(),
                "retry-after" => retry_after = value.parse().ok(),
                _ => {}
            }
        }
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).await.unwrap();
        Reply { status, retry_after, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

fn small(setup: &mut maeul_app::Setup) {
    setup.web.edge = Edge {
        uncounted: Vec::new(),
        pages_a_second: A_SECOND,
        pages_at_once: AT_ONCE,
        public_places: 4,
        staff_places: 4,
        queue: 4,
        patience: Duration::from_millis(300),
        ..Edge::default()
    };
}

#[test]
fn a_flood_drowns_the_flooder_only() {
    World::run_with(Engine::Sqlite, small, |world| async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(maeul_web::serve(listener, world.house.app.clone(), async {
            drop(stopped.await);
        }));
        let login = world.account(Role::Officer, None).login.clone();
        let desk = world.signed_in(&login).await;
        // The first page of a session makes it known to the gate.
        assert_eq!(desk.get("/staff/queue/mine").await.status, 200);
        let cookie = format!("\r\nCookie: {}", desk.cookies());

        every_place_taken(server, &cookie).await;
        one_address_floods(server, &cookie).await;
        many_addresses_flood(server, &cookie).await;
        a_proxy_that_nobody_trusts_lends_no_address(server).await;

        drop(stop);
        serving.abort();
    });
}

/// Slow senders hold every public place: others are told to come again, staff are not concerned.
async fn every_place_taken(server: SocketAddr, cookie: &str) {
    let mut slow = Vec::new();
    for last in 10..14 {
        let mut client = Client::from([127, 0, 0, last], server).await;
        let kind = "Content-Type: application/json\r\nContent-Length: 100";
        client.send(&format!("POST /api/v1/cases HTTP/1.1\r\n{kind}")).await;
        slow.push(client);
    }
    let mut other = Client::from([127, 0, 0, 20], server).await;
    let mut turned_away = other.get("/", "").await;
    for _ in 0..50 {
        // The slow ones may not all have arrived yet.
        if turned_away.status == 503 {
            break;
        }
        turned_away = other.get("/", "").await;
    }
    assert_eq!(turned_away.status, 503);
    assert_eq!(turned_away.retry_after, Some(10));
    assert!(turned_away.body.contains("이용하는 분이 아주 많아요"), "{}", turned_away.body);
    assert!(turned_away.body.contains("<h1>") && turned_away.body.contains("site."));
    let program = other.get("/api/v1/services?lang=en", "").await;
    assert_eq!(program.status, 503);
    assert!(program.body.contains("http://maeul.test/problems/busy"), "{}", program.body);
    let began = Instant::now();
    let mut staff = Client::from([127, 0, 0, 21], server).await;
    assert_eq!(staff.get("/staff/queue/mine", cookie).await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    // A cookie that only looks like one has no share of its own.
    let forged = other.get("/staff/queue/mine", "\r\nCookie: maeul_staff=made-up").await;
    assert_eq!(forged.status, 503);
    assert_eq!(other.get("/healthz", "").await.status, 200, "who watches is always answered");
    drop(slow);
    let mut again = other.get("/privacy", "").await;
    for _ in 0..20 {
        if again.status == 200 {
            break;
        }
        again = other.get("/privacy", "").await;
    }
    assert_eq!(again.status, 200, "places come back");
}

async fn one_address_floods(server: SocketAddr, cookie: &str) {
    let began = Instant::now();
    let floods = (0..6).map(|_| {
        tokio::spawn(async move {
            let mut client = Client::from([127, 0, 0, 66], server).await;
            let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
            for _ in 0..150 {
                let reply = client.get("/privacy", "").await;
                if reply.status == 429 {
                    assert!(reply.retry_after.is_some_and(|it| it >= 1));
                    assert!(reply.body.contains("잠시만"), "{}", reply.body);
                }
                *seen.entry(reply.status).or_default() += 1;
            }
            seen
        })
    });
    let floods: Vec<_> = floods.collect();
    let mut staff = Client::from([127, 0, 0, 67], server).await;
    for _ in 0..10 {
        let began = Instant::now();
        assert_eq!(staff.get("/staff/queue/unit", cookie).await.status, 200);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
    let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
    for flood in floods {
        for (status, n) in flood.await.unwrap() {
            *seen.entry(status).or_default() += n;
        }
    }
    let taken = 900 - seen.get(&429).copied().unwrap_or(0);
    let seconds = usize::try_from(began.elapsed().as_secs() + 1).unwrap();
    let most = usize::from(AT_ONCE) + usize::from(A_SECOND) * seconds;
    assert!(taken <= most, "{taken} of at most {most}: {seen:?}");
    assert!(seen.contains_key(&200), "the first were served: {seen:?}");
    let mut neighbour = Client::from([127, 0, 0, 68], server).await;
    assert_eq!(neighbour.get("/privacy", "").await.status, 200, "another address is not concerned");
}

/// Nobody asks too often, all together ask too much: the queue is bounded and staff work on.
async fn many_addresses_flood(server: SocketAddr, cookie: &str) {
    let floods = (1..=40).map(|last| {
        tokio::spawn(async move {
            let mut client = Client::from([127, 0, 1, last], server).await;
            let mut statuses = Vec::new();
            for _ in 0..8 {
                statuses.push(client.get("/cases?q=%EA%B0%80%EB%A1%9C", "").await.status);
            }
            statuses
        })
    });
    let floods: Vec<_> = floods.collect();
    let mut staff = Client::from([127, 0, 0, 71], server).await;
    for _ in 0..10 {
        let began = Instant::now();
        assert_eq!(staff.get("/staff/queue/unit", cookie).await.status, 200);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
    let mut statuses = Vec::new();
    for flood in floods {
        statuses.extend(flood.await.unwrap());
    }
    assert!(statuses.iter().all(|it| matches!(it, 200 | 503)), "{statuses:?}");
    assert!(statuses.contains(&200) && statuses.contains(&503), "{statuses:?}");
}

async fn a_proxy_that_nobody_trusts_lends_no_address(server: SocketAddr) {
    let mut client = Client::from([127, 0, 0, 90], server).await;
    let mut statuses = Vec::new();
    for n in 0..=AT_ONCE + A_SECOND {
        let forged = format!("\r\nX-Forwarded-For: 203.0.113.{}", n % 200);
        statuses.push(client.get("/privacy", &forged).await.status);
    }
    assert!(statuses.contains(&429), "writing another address helps nobody: {statuses:?}");
}
