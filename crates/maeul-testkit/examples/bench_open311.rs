//! Load on a running server: `bench_open311 127.0.0.1:8080 KEY post|list|one CLIENTS SECONDS`.
//! Each client holds one connection and sends one call after another. Prints calls a second and
//! how long they took.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measuring tool: it stops where something is wrong, and measures real time"
)]

use std::time::{Duration, Instant};

use tokio::net::TcpStream;

mod wire;

use wire::call;

#[derive(Clone)]
struct Load {
    host: String,
    key: String,
    what: String,
    until: Instant,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [host, key, what, clients, seconds] = words.as_slice() else {
        panic!("HOST:PORT KEY post|list|one CLIENTS SECONDS");
    };
    let (clients, seconds): (u64, u64) = (clients.parse().unwrap(), seconds.parse().unwrap());
    let load = Load {
        host: host.clone(),
        key: key.clone(),
        what: what.clone(),
        until: Instant::now() + Duration::from_secs(seconds),
    };
    let started = Instant::now();
    let tasks: Vec<_> =
        (0..clients).map(|number| tokio::spawn(client(load.clone(), number))).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let passed = started.elapsed();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let rate = u128::try_from(times.len()).unwrap() * 1_000 / passed.as_millis();
    println!(
        "{what} {clients} clients: {} calls, {rate}/s, median {:?}, p95 {:?}, p99 {:?}, slowest {:?}",
        times.len(),
        at(50),
        at(95),
        at(99),
        at(100)
    );
}

async fn client(load: Load, number: u64) -> Vec<Duration> {
    let mut stream = TcpStream::connect(&load.host).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut times, mut round, mut id) = (Vec::new(), 0_u64, String::new());
    if load.what == "one" {
        let body = call(&mut stream, &wire::post(&load.host, &load.key, number, 0)).await;
        let (_, rest) = body.split_once("\"service_request_id\":\"").unwrap();
        rest.split('"').next().unwrap().clone_into(&mut id);
    }
    while Instant::now() < load.until {
        round += 1;
        let request = match load.what.as_str() {
            "post" => wire::post(&load.host, &load.key, number, round),
            "list" => get(&load, "requests.json?page_size=50"),
            _ => get(&load, &format!("requests/{id}.json")),
        };
        let began = Instant::now();
        call(&mut stream, &request).await;
        times.push(began.elapsed());
    }
    times
}

fn get(load: &Load, path: &str) -> String {
    format!("GET /open311/v2/{path} HTTP/1.1\r\nhost: {}\r\n\r\n", load.host)
}
