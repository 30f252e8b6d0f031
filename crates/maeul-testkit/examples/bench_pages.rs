//! How long pages of a running server take: `bench_pages 127.0.0.1:8080 ROUNDS PATH…`. One connection,
//! one call after another. Prints for each path the median, the 99th percentile, and its bytes as
//! they are and packed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measuring tool: it stops where something is wrong, and measures real time"
)]

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [host, rounds, paths @ ..] = words.as_slice() else { panic!("HOST:PORT ROUNDS PATH…") };
    let rounds: usize = rounds.parse().unwrap();
    println!(
        "{:>9} {:>9} {:>9} {:>10} {:>10}  path",
        "first ms", "p50 ms", "p99 ms", "bytes", "packed"
    );
    for path in paths {
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let began = Instant::now();
        let plain = call(&mut stream, host, path, "identity").await;
        let first = began.elapsed();
        let packed = call(&mut stream, host, path, "br, gzip").await;
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let began = Instant::now();
            call(&mut stream, host, path, "br, gzip").await;
            times.push(began.elapsed());
        }
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        let ms = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
        println!(
            "{:>9.2} {:>9.2} {:>9.2} {plain:>10} {packed:>10}  {path}",
            ms(first),
            ms(at(50)),
            ms(at(99)),
        );
    }
}

/// Sends and reads one whole answer; the bytes of its body. Anything but 200 stops the measurement.
async fn call(stream: &mut TcpStream, host: &str, path: &str, packing: &str) -> usize {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {host}\r\naccept-encoding: {packing}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::with_capacity(64 * 1_024);
    loop {
        let read = stream.read_buf(&mut answer).await.unwrap();
        assert!(read > 0, "the server hung up: {path}");
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 200"), "{path}: {text}");
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let body = answer.len() - head - 4;
        match length.map(|length| length.parse::<usize>().unwrap()) {
            Some(length) if body >= length => return body,
            // In chunks: their marks are counted with the body, a few bytes in a thousand.
            None if answer.ends_with(b"\r\n0\r\n\r\n") => return body,
            _ => {}
        }
    }
}
