//! Reading while others write: `bench_read HOST:PORT KEY COOKIE CLIENTS SECONDS WRITES NAME=PATH…`.
//! For each page in turn, so many clients read it one call after another for so many seconds, while
//! new cases come in at the given rate a second. Prints how long the reads took and what came.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measuring tool: it stops where something is wrong, and measures real time"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

mod wire;

use wire::call;

/// How many connections the writing is shared by.
const WRITERS: u64 = 8;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [host, key, cookie, clients, seconds, writes, pages @ ..] = words.as_slice() else {
        panic!("HOST:PORT KEY COOKIE CLIENTS SECONDS WRITES NAME=PATH…");
    };
    let clients: usize = clients.parse().unwrap();
    let long = Duration::from_secs(seconds.parse().unwrap());
    let rate: u64 = writes.parse().unwrap();
    let (ended, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writers: Vec<_> = (0..if rate > 0 { WRITERS } else { 0 })
        .map(|number| {
            tokio::spawn(write(
                host.clone(),
                key.clone(),
                number,
                rate,
                ended.clone(),
                written.clone(),
            ))
        })
        .collect();
    println!(
        "page, clients, calls/s, median ms, p99 ms, slowest ms, bytes, cases/s written meanwhile"
    );
    for page in pages {
        let (name, path) = page.split_once('=').expect("NAME=PATH");
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n");
        let (began, before) = (Instant::now(), written.load(Ordering::Relaxed));
        let readers: Vec<_> = (0..clients)
            .map(|_| tokio::spawn(read(host.clone(), request.clone(), began + long)))
            .collect();
        let (mut times, mut bytes) = (Vec::new(), 0);
        for reader in readers {
            let (took, size) = reader.await.unwrap();
            times.extend(took);
            bytes = size;
        }
        let passed = began.elapsed();
        let came = written.load(Ordering::Relaxed) - before;
        times.sort_unstable();
        let at = |percent: usize| {
            times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0
        };
        let a_second = |count: u128| count * 1_000 / passed.as_millis();
        println!(
            "{name}, {clients}, {}, {:.1}, {:.1}, {:.1}, {bytes}, {}",
            a_second(times.len().try_into().unwrap()),
            at(50),
            at(99),
            at(100),
            a_second(came.into())
        );
    }
    ended.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn read(host: String, request: String, until: Instant) -> (Vec<Duration>, usize) {
    let mut stream = TcpStream::connect(&host).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut times, mut bytes) = (Vec::new(), 0);
    loop {
        let began = Instant::now();
        bytes = bytes.max(call(&mut stream, &request).await.len());
        times.push(began.elapsed());
        if Instant::now() >= until {
            return (times, bytes);
        }
    }
}

async fn write(
    host: String,
    key: String,
    number: u64,
    rate: u64,
    ended: Arc<AtomicBool>,
    written: Arc<AtomicU64>,
) {
    let mut stream = TcpStream::connect(&host).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut beat = tokio::time::interval(Duration::from_micros(1_000_000 * WRITERS / rate));
    while !ended.load(Ordering::Relaxed) {
        beat.tick().await;
        let round = written.fetch_add(1, Ordering::Relaxed);
        call(&mut stream, &wire::post(&host, &key, number, round)).await;
    }
}
