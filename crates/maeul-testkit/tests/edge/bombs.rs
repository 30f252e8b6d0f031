//! Bodies made to burst: by size, by pixels, by compression.

use maeul_db::Engine;
use maeul_testkit::{Answer, World};

fn csrf(page: &Answer) -> String {
    page.hidden(None).into_iter().find(|(name, _)| name == "csrf").unwrap().1
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A picture of a few bytes that claims so many pixels.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8], data: &[u8]| {
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let body = [kind, data].concat();
        png.extend_from_slice(&body);
        png.extend(crc32(&body).to_be_bytes());
    };
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(b"IHDR", &[&size[..], &[8, 2, 0, 0, 0]].concat());
    chunk(b"IDAT", &[0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
    chunk(b"IEND", &[]);
    png
}

#[test]
fn none_of_them_bursts() {
    World::run(Engine::Sqlite, |world| async move {
        let browser = world.browser();
        let token = csrf(&browser.get("/report").await);
        let fields = [("csrf", token.as_str()), ("text", "큰 사진이에요")];
        // Ten thousand million pixels in a hundred bytes: refused before one is decoded.
        for (width, height) in [(100_000, 100_000), (u32::MAX, u32::MAX), (0, 0)] {
            let bomb = claims(width, height);
            let began = std::time::Instant::now();
            let page = browser.post_files("/report", &fields, &[("photos", "b.png", &bomb)]).await;
            assert!((400..500).contains(&page.status), "{width}x{height}: {}", page.text());
            assert!(page.body.contains("큰 사진이에요"), "what was typed is kept");
            assert!(began.elapsed().as_secs() < 5);
        }
        // Over the size of one file, and over that of a request.
        let file = vec![0_u8; 12 * 1024 * 1024 + 1];
        let page = browser.post_files("/report", &fields, &[("photos", "b.png", &file)]).await;
        assert_eq!(page.status, 413);
        let files: Vec<(&str, &str, &[u8])> = vec![("photos", "b.png", &file[1..]); 6];
        assert_eq!(browser.post_files("/report", &fields, &files).await.status, 413);
        // Nothing a stranger packed is unpacked.
        for (path, kind) in [
            ("/report", "application/x-www-form-urlencoded"),
            ("/api/v1/cases", "application/json"),
            ("/open311/v2/requests.json", "application/x-www-form-urlencoded"),
            ("/hooks/sms/webhook", "application/json"),
        ] {
            for coding in ["gzip", "br", "deflate", "identity, gzip"] {
                let packed = [("content-encoding", coding.to_owned())];
                let answer = browser.post_with(path, kind, &packed, b"\x1f\x8b".to_vec()).await;
                assert_eq!(answer.status, 415, "{path} {coding}: {}", answer.body);
                assert_eq!(answer.headers["accept-encoding"], "identity", "{path}");
            }
        }
    });
}
