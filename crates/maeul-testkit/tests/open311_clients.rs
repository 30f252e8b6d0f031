//! Programs of others against the real server on a real port: PyPI's `georeport` and `three`, JSON
//! Schemas of what GeoReport v2 says, and `schemathesis`, which asks whatever our own OpenAPI document
//! allows and forbids. They are brought into `target/` when first needed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use maeul_db::Engine;
use maeul_people::Scope;
use maeul_testkit::{World, worlds};

use crate::open311::support;

/// A Python with the packages, or why there is none.
fn python() -> Result<PathBuf, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = std::fs::read_to_string(here.join("tests/clients/requirements.txt")).unwrap();
    let folder = here.join("../../target/open311-clients");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let (bin, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    let ready = || std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    // Both engines' tests may come here at once: one installs, the other waits.
    let lock = std::fs::File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    if ready() {
        return Ok(bin);
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder), "python3 -m venv")?;
    let list = here.join("tests/clients/requirements.txt");
    run(
        Command::new(&bin)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(list),
        "pip install",
    )?;
    std::fs::write(&stamp, &wanted).map_err(|error| error.to_string())?;
    Ok(bin)
}

fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{what}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{what}: {}", String::from_utf8_lossy(&output.stderr)))
}

worlds! {
    async fn georeport_three_and_the_schemas(world: World) {
        let python = match tokio::task::spawn_blocking(python).await.unwrap() {
            Ok(python) => python,
            Err(why) => {
                println!("NOT RUN: georeport, three and jsonschema could not be had: {why}");
                return;
            }
        };
        let key = support::key(&world).await;
        let (_, token_key) = support::client_with(&world, "토큰", &Scope::USUAL, 60_000, true).await;
        let picture = world.folder().join("picture.png");
        std::fs::write(&picture, support::picture()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let app = world.house.app.clone();
        let server = tokio::spawn(maeul_web::serve(listener, app, async { drop(stopped.await) }));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/drive.py");
        let output = tokio::task::spawn_blocking(move || {
            Command::new(python).arg(script).args([&host, &key, &token_key]).arg(picture).output().unwrap()
        })
        .await
        .unwrap();
        drop(stop);
        server.abort();
        let said = String::from_utf8_lossy(&output.stdout);
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}\n{wrong}");
        println!("{said}");
    }
}

/// What schemathesis looks for in every answer: no 5xx, no status, kind, header or shape that the
/// document does not say.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

/// One run over the operations chosen; the same seed asks the same. By one worker: Python 3.11 counts how
/// deep its parser is for all threads together, and now and then fails where two of them parse.
fn schemathesis(python: &Path, host: &str, key: &str, folder: &Path, chosen: &[&str]) {
    let output = Command::new(python.with_file_name("st"))
        .current_dir(folder)
        .args(["run", &format!("{host}/api/openapi.json"), "--url", host])
        .args(["--checks", CHECKS, "--seed", "20260608", "--workers", "1"])
        .args(["--no-shrink", "--continue-on-failure", "--warnings", "off"])
        .args(["--request-timeout", "20", "--header", &format!("X-Api-Key: {key}")])
        .args(chosen)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("No issues found"), "{said}");
    let last = said.lines().filter(|line| line.contains("generated")).collect::<String>();
    println!("{chosen:?}:{last}");
}

/// A server of its own, and one run against it.
fn asked_by_schemathesis(chosen: &'static [&'static str]) {
    World::run(Engine::Sqlite, |world| async move {
        let python = match tokio::task::spawn_blocking(python).await.unwrap() {
            Ok(python) => python,
            Err(why) => {
                println!("NOT RUN: schemathesis could not be had: {why}");
                return;
            }
        };
        let key = support::key(&world).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let app = world.house.app.clone();
        let server = tokio::spawn(maeul_web::serve(listener, app, async { drop(stopped.await) }));
        let folder = world.folder().to_owned();
        let run = move || schemathesis(&python, &host, &key, &folder, chosen);
        tokio::task::spawn_blocking(run).await.unwrap();
        drop(stop);
        server.abort();
    });
}

#[test]
fn schemathesis_finds_nothing_at_the_edges_of_our_own_interface() {
    asked_by_schemathesis(&["--include-tag", "v1", "--phases", "examples,coverage"]);
}

#[test]
fn schemathesis_finds_nothing_by_chance_anywhere() {
    asked_by_schemathesis(&["--phases", "examples,fuzzing", "--max-examples", "6"]);
}
