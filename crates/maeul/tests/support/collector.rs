//! A collector of traces: takes what is posted, and shows the spans.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// It listens until the test ends.
pub struct Collector {
    /// Its address, for `telemetry.otlp_endpoint`.
    pub endpoint: String,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Collector {
    /// Begins to listen.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(vec![]));
        let kept = Arc::clone(&bodies);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || while take(&stream, &kept).is_some() {});
            }
        });
        Self { endpoint, bodies }
    }

    /// Everything posted, as it came.
    pub fn text(&self) -> String {
        self.bodies.lock().unwrap().join("\n")
    }

    /// The spans so far.
    pub fn spans(&self) -> Vec<Value> {
        let all = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
        let bodies = self.bodies.lock().unwrap();
        let bodies = bodies.iter().map(|body| serde_json::from_str::<Value>(body).unwrap());
        bodies
            .flat_map(|body| all(&body, "resourceSpans"))
            .flat_map(|resource| all(&resource, "scopeSpans"))
            .flat_map(|scope| all(&scope, "spans"))
            .collect()
    }
}

/// One request of a connection.
fn take(stream: &TcpStream, kept: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
    assert!(head.to_lowercase().contains("content-type: application/json\r\n"), "{head}");
    let length = head.lines().find_map(|line| {
        line.to_lowercase().strip_prefix("content-length: ").map(|it| it.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap()];
    reader.read_exact(&mut body).ok()?;
    kept.lock().unwrap().push(String::from_utf8(body).unwrap());
    let answer =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    (&mut (&*stream)).write_all(answer).ok()
}
