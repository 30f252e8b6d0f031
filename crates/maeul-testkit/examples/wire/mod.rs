//! One connection of a load client.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends and reads one whole answer; anything but 200 stops the measurement.
pub(crate) async fn call(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::with_capacity(4_096);
    loop {
        let read = stream.read_buf(&mut answer).await.unwrap();
        assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(&answer));
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let done = match length {
            Some(length) => answer.len() >= head + 4 + length.parse::<usize>().unwrap(),
            None => answer.ends_with(b"0\r\n\r\n"),
        };
        if done {
            return String::from_utf8_lossy(&answer[head + 4..]).into_owned();
        }
    }
}

/// A report over Open311, a little different each time.
pub(crate) fn post(host: &str, key: &str, number: u64, round: u64) -> String {
    let body = format!(
        "api_key={key}&service_code=streetlight&lat=35.12{:02}&long=126.87{:02}&description=\
         %EA%B0%80%EB%A1%9C%EB%93%B1%EC%9D%B4+%EA%BA%BC%EC%A1%8C%EC%96%B4%EC%9A%94+{number}+{round}",
        60 + number % 20,
        60 + round % 20,
    );
    format!(
        "POST /open311/v2/requests.json HTTP/1.1\r\nhost: {host}\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}
