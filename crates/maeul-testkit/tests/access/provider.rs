//! Signing in by the office's own identity provider, with a small one that lies when told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use maeul_base::{OfficeId, Role};
use maeul_db::Engine;
use maeul_door::oidc::{Asking, ProviderSettings, Providers, Question, SecondFactor, Secret, Wire};
use maeul_people::signature::to_base64url;
use maeul_testkit::{Answer, Browser, World};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const ISSUER: &str = "https://idp.test";
const BACK: &str = "http://maeul.test/o/29140/staff/sign-in/provider/return";

/// A provider that answers questions from memory.
struct Idp {
    pair: Mutex<(String, EcdsaKeyPair)>,
    random: SystemRandom,
    /// For each code: the challenge it was asked with, and the token it is worth.
    codes: Mutex<BTreeMap<String, (String, String)>>,
    asked_for_keys: Mutex<u32>,
    /// Where it says one signs out of it.
    way_out: Mutex<Value>,
    /// The last token it gave.
    given: Mutex<String>,
}

impl std::fmt::Debug for Idp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Idp")
    }
}

fn pair(random: &SystemRandom) -> EcdsaKeyPair {
    let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let made = EcdsaKeyPair::generate_pkcs8(way, random).unwrap();
    EcdsaKeyPair::from_pkcs8(way, made.as_ref(), random).unwrap()
}

impl Idp {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pair = Mutex::new(("one".to_owned(), pair(&random)));
        let way_out = Mutex::new(json!(format!("{ISSUER}/leave")));
        let (codes, asked_for_keys) = (Mutex::default(), Mutex::default());
        Self { pair, random, codes, asked_for_keys, way_out, given: Mutex::default() }
    }

    /// Takes a new key into use.
    fn turn(&self, kid: &str) {
        *self.pair.lock().unwrap() = (kid.to_owned(), pair(&self.random));
    }

    fn keys(&self) -> Value {
        *self.asked_for_keys.lock().unwrap() += 1;
        let pair = self.pair.lock().unwrap();
        let point = pair.1.public_key().as_ref();
        let (x, y) = (to_base64url(&point[1..33]), to_base64url(&point[33..]));
        json!({ "keys": [{"kty": "EC", "crv": "P-256", "kid": pair.0, "x": x, "y": y}] })
    }

    /// The person signs in there: the code they come back with is worth such a token.
    fn vouch(&self, asked: &BTreeMap<String, String>, alg: &str, claims: &Value) -> String {
        let pair = self.pair.lock().unwrap();
        let part = |it: &Value| to_base64url(it.to_string().as_bytes());
        let signed = format!("{}.{}", part(&json!({"alg": alg, "kid": pair.0})), part(claims));
        let signature = match alg {
            "none" => String::new(),
            _ => to_base64url(pair.1.sign(&self.random, signed.as_bytes()).unwrap().as_ref()),
        };
        let mut codes = self.codes.lock().unwrap();
        let code = format!("code{}", codes.len());
        codes.insert(
            code.clone(),
            (asked["code_challenge"].clone(), format!("{signed}.{signature}")),
        );
        code
    }

    fn token(&self, question: &Question) -> (u16, Value) {
        let form: BTreeMap<_, _> = question.form.clone().unwrap().into_iter().collect();
        let (name, secret) = question.basic.clone().unwrap();
        assert_eq!((name.as_str(), secret.reveal()), ("maeul", "hush%20hush"), "as in forms");
        assert_eq!(
            (form["grant_type"].as_str(), form["redirect_uri"].as_str()),
            ("authorization_code", BACK)
        );
        assert_eq!(question.provider, "", "the one without a name");
        let challenge = to_base64url(&Sha256::digest(form["code_verifier"].as_bytes()));
        match self.codes.lock().unwrap().remove(&form["code"]) {
            Some((asked, token)) if asked == challenge => {
                self.given.lock().unwrap().clone_from(&token);
                (200, json!({ "id_token": token }))
            }
            _ => (400, json!({ "error": "invalid_grant" })),
        }
    }
}

impl Wire for Idp {
    fn ask<'a>(&'a self, question: &'a Question) -> Asking<'a> {
        Box::pin(async move {
            let (status, answer) = match question.url.strip_prefix(ISSUER).unwrap() {
                "/.well-known/openid-configuration" => (
                    200,
                    json!({
                        "issuer": ISSUER,
                        "authorization_endpoint": format!("{ISSUER}/auth"),
                        "token_endpoint": format!("{ISSUER}/token"),
                        "jwks_uri": format!("{ISSUER}/keys"),
                        "end_session_endpoint": *self.way_out.lock().unwrap(),
                    }),
                ),
                "/keys" => (200, self.keys()),
                "/token" => self.token(question),
                other => panic!("{other}"),
            };
            Ok((status, answer.to_string().into_bytes()))
        })
    }
}

/// A world whose office has such a provider.
fn with_provider<F: Future<Output = ()>>(
    engine: Engine,
    second_factor: SecondFactor,
    body: impl FnOnce(World, Arc<Idp>) -> F,
) {
    let idp = Arc::new(Idp::new());
    let wire: Arc<dyn Wire> = idp.clone();
    let settings = ProviderSettings {
        office: OfficeId(29140),
        name: String::new(),
        issuer: ISSUER.to_owned(),
        client_id: "maeul".to_owned(),
        client_secret: Secret::new("hush hush".to_owned()),
        login_claim: "preferred_username".to_owned(),
        scopes: vec!["profile".to_owned()],
        words: ("서구 계정으로 로그인".to_owned(), "Sign in with Seo-gu".to_owned()),
        second_factor,
    };
    // A second one, at the same place.
    let words = ("공통 계정으로 로그인".to_owned(), "Sign in with the common account".to_owned());
    let other = ProviderSettings { name: "common".to_owned(), words, ..settings.clone() };
    let providers = Providers::new(vec![settings, other], &wire);
    World::run_with(engine, |setup| setup.providers = providers, |world| body(world, idp));
}

/// What the browser is sent to the provider with.
async fn set_out(browser: &Browser) -> BTreeMap<String, String> {
    let form = browser.get("/staff/sign-in?back=/staff/password").await;
    assert!(form.text().contains("서구 계정으로 로그인"), "{}", form.text());
    let link = form.links().into_iter().find(|it| it.contains("/sign-in/provider")).unwrap();
    let there = browser.get(&link).await.location().unwrap();
    asked(&there, "https://idp.test/auth?")
}

/// What stands in the query of an address that begins so.
fn asked(address: &str, begins: &str) -> BTreeMap<String, String> {
    let address = address.replace("&amp;", "&").replace("&#38;", "&");
    let query = address.strip_prefix(begins).unwrap_or_else(|| panic!("{address}"));
    let plain = |text: &str| text.replace("%3A", ":").replace("%2F", "/").replace("%20", " ");
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), plain(value))).collect()
}

/// How many words of providers are kept.
async fn kept(world: &World) -> i64 {
    let sql = "SELECT count(*) FROM people_vouched";
    world.db().read(move |tx| tx.one::<(i64,)>(sql, [])).await.unwrap().0
}

/// What the browser is sent to the provider with to sign out there too.
fn asked_to_leave(page: &Answer) -> BTreeMap<String, String> {
    let begins = "https://idp.test/leave?";
    let link = page.links().into_iter().find(|it| it.starts_with(begins));
    asked(&link.unwrap_or_else(|| panic!("{}", page.body)), begins)
}

fn claims(world: &World, asked: &BTreeMap<String, String>, login: &str) -> Value {
    let now = world.clock.now().as_second();
    json!({"iss": ISSUER, "aud": "maeul", "sub": "7", "iat": now, "exp": now + 300,
        "nonce": asked["nonce"], "preferred_username": login, "amr": ["pwd", "otp"]})
}

async fn come_back(browser: &Browser, asked: &BTreeMap<String, String>, code: &str) -> Answer {
    let state = &asked["state"];
    browser.get(&format!("/o/29140/staff/sign-in/provider/return?code={code}&state={state}")).await
}

async fn the_provider_signs_in(world: World, idp: Arc<Idp>) {
    let login = world.account(Role::Officer, Some("construction")).login.clone();
    let browser = world.browser();
    let asked = set_out(&browser).await;
    assert_eq!(asked["redirect_uri"], BACK);
    assert_eq!(
        (asked["scope"].as_str(), asked["code_challenge_method"].as_str()),
        ("openid profile", "S256")
    );
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    let back = come_back(&browser, &asked, &code).await;
    assert_eq!(back.location().as_deref(), Some("/staff/password"), "{}", back.text());
    assert_eq!(browser.get("/staff/password").await.status, 200);
    // Its word is kept sealed, and goes with the session.
    let token = idp.given.lock().unwrap().clone();
    let rows: Vec<(String, Vec<u8>)> = world
        .db()
        .read(|tx| tx.all("SELECT provider, id_token FROM people_vouched", []))
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    let shown = rows[0].1.windows(40).any(|it| token.as_bytes().windows(40).any(|of| of == it));
    assert!(!shown, "the token lies open");
    // Signing out offers to leave the provider as well, with its own word.
    let out = browser.get("/staff/password").await.submit_to("/staff/sign-out", &[]).await;
    assert_eq!(out.status, 200, "{}", out.text());
    assert_eq!(kept(&world).await, 0);
    assert!(browser.get("/staff/password").await.location().is_some(), "out");
    let leaving = asked_to_leave(&out);
    assert_eq!(
        (leaving["client_id"].as_str(), leaving["id_token_hint"].as_str()),
        ("maeul", token.as_str())
    );
    assert_eq!(leaving["post_logout_redirect_uri"], "http://maeul.test/o/29140/staff/sign-in");
    // It sends people back with what they left with: once, in the same browser.
    let home = |state: &str| format!("/o/29140/staff/sign-in?state={state}");
    let stranger = world.browser();
    stranger.get("/staff/sign-in").await;
    let forged = stranger.get(&home(&"A".repeat(43))).await;
    assert!(forged.status == 200 && forged.text().contains("아이디"), "{}", forged.text());
    let home = home(&leaving["state"]);
    let back = browser.get(&home).await.next().await;
    assert!(back.body.contains("마을과 기관 계정에서 로그아웃했습니다"), "{}", back.body);
    let again = browser.get(&home).await;
    assert!(
        again.status == 200 && !again.body.contains("기관 계정에서 로그아웃"),
        "{}",
        again.body
    );

    // The same address once more, and another browser's.
    let again = come_back(&browser, &asked, &code).await;
    assert!(again.status == 422 && again.text().contains("이미 쓴 요청"), "{}", again.text());
    let asked = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    let other = world.browser();
    other.get("/staff/sign-in").await;
    assert_eq!(come_back(&other, &asked, &code).await.status, 422, "another browser");
    // Too late.
    let asked = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    world.at(2026, 6, 8, 10, 26);
    assert_eq!(come_back(&browser, &asked, &code).await.status, 422, "after eleven minutes");
    // Nobody is let in whom the office does not know.
    let asked = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, "nobody"));
    let unknown = come_back(&browser, &asked, &code).await;
    assert!(
        unknown.status == 403 && unknown.text().contains("전산 담당자에게 계정을"),
        "{}",
        unknown.text()
    );
    // What is not to be believed.
    let now = world.clock.now().as_second();
    for (alg, name, value) in [
        ("ES256", "nonce", json!("another")),
        ("ES256", "aud", json!("another")),
        ("ES256", "iss", json!("https://evil.test")),
        ("ES256", "exp", json!(now - 120)),
        ("none", "sub", json!("7")),
        ("HS256", "sub", json!("7")),
    ] {
        let asked = set_out(&browser).await;
        let mut claims = claims(&world, &asked, &login);
        claims[name] = value;
        let code = idp.vouch(&asked, alg, &claims);
        let refused = come_back(&browser, &asked, &code).await;
        assert!(
            refused.status == 422 && refused.text().contains("로그인하지 못했습니다"),
            "{alg} {name}"
        );
        assert!(browser.get("/staff/password").await.location().is_some(), "nobody is in");
    }
    // A code that was caught is of no use without what only this browser's journey has.
    let asked = set_out(&browser).await;
    let caught = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    assert_eq!(come_back(&browser, &caught, &code).await.status, 422, "another journey's code");
    // The provider says no; and its words are not shown.
    let asked = set_out(&browser).await;
    let path = format!(
        "/o/29140/staff/sign-in/provider/return?error=access_denied&state={}",
        asked["state"]
    );
    let denied = browser.get(&path).await;
    assert!(denied.status == 422 && !denied.text().contains("access_denied"), "{}", denied.text());

    // A new key is found; one that nobody publishes is asked for once and then left.
    idp.turn("two");
    let asked = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    let turned = come_back(&browser, &asked, &code).await;
    assert_eq!(turned.status, 303, "{}", turned.text());
    assert_eq!(*idp.asked_for_keys.lock().unwrap(), 2);
    // An office without a provider has neither button nor way.
    world.open_office("41150-uijeongbu").await;
    assert_eq!(world.browser().get("/o/41150/staff/sign-in/provider").await.status, 404);
}

async fn several_providers_are_kept_apart(world: World, idp: Arc<Idp>) {
    let login = world.account(Role::Officer, Some("construction")).login.clone();
    let browser = world.browser();
    let form = browser.get("/staff/sign-in?back=/staff/password").await;
    for words in ["서구 계정으로 로그인", "공통 계정으로 로그인"] {
        assert!(form.text().contains(words), "{words}: {}", form.text());
    }
    let link =
        form.links().into_iter().find(|it| it.contains("/sign-in/with/common?back=")).unwrap();
    let there = browser.get(&link).await.location().unwrap();
    let common = asked(&there, "https://idp.test/auth?");
    let back = "http://maeul.test/o/29140/staff/sign-in/with/common/return";
    assert_eq!(common["redirect_uri"], back, "an address of its own");
    // What one of them answers is not brought to another.
    let code = idp.vouch(&common, "ES256", &claims(&world, &common, &login));
    let mixed = come_back(&browser, &common, &code).await;
    assert!(mixed.status == 422 && mixed.text().contains("이미 쓴 요청"), "{}", mixed.text());
    assert!(idp.codes.lock().unwrap().contains_key(&code), "the other is not even asked");
    for path in ["/staff/sign-in/with/nobody", "/staff/sign-in/with/nobody/return?state=x"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }

    // A provider without a way out: nothing of its word is kept, and nothing is offered.
    *idp.way_out.lock().unwrap() = Value::Null;
    world.at(2026, 6, 8, 12, 0);
    let browser = world.browser();
    let asked = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    assert_eq!(come_back(&browser, &asked, &code).await.status, 303);
    let sql = "SELECT count(*) FROM people_vouched WHERE id_token IS NULL";
    assert_eq!(world.db().read(move |tx| tx.one::<(i64,)>(sql, [])).await.unwrap().0, 1);
    let out = browser.get("/staff/password").await.submit_to("/staff/sign-out", &[]).await;
    assert_eq!(out.location().as_deref(), Some("/staff/sign-in"), "{}", out.body);

    // Left alone, a session's word goes at night; and with all sessions of a person at once.
    *idp.way_out.lock().unwrap() = json!("http://idp.test/leave");
    world.at(2026, 6, 8, 14, 0);
    for expected in [1, 2] {
        let browser = world.browser();
        let asked = set_out(&browser).await;
        let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
        assert_eq!(come_back(&browser, &asked, &code).await.status, 303);
        assert_eq!(kept(&world).await, expected);
        if expected == 2 {
            // In clear one is not sent anywhere.
            let page = browser.get("/staff/password").await;
            let out = page.submit_to("/staff/sign-out-everywhere", &[]).await;
            assert_eq!(out.location().as_deref(), Some("/staff/sign-in"), "{}", out.body);
        }
    }
    assert_eq!(kept(&world).await, 0);
    let browser = world.browser();
    let asked = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    assert_eq!(come_back(&browser, &asked, &code).await.status, 303);
    world.at(2026, 6, 8, 15, 0);
    let ctx = world.ctx();
    let night = move |tx: &mut maeul_db::Tx| maeul_people::forget_tickets(tx, &ctx);
    world.db().write(night).await.unwrap();
    assert_eq!(kept(&world).await, 0, "nobody used that session for an hour");
}

async fn our_code_is_asked_for_after_the_provider(world: World, idp: Arc<Idp>) {
    let login = world.account(Role::Officer, Some("construction")).login.clone();
    let browser = world.browser();
    // The token tells of two factors.
    let asked = set_out(&browser).await;
    let code = idp.vouch(&asked, "ES256", &claims(&world, &asked, &login));
    assert_eq!(come_back(&browser, &asked, &code).await.status, 303);
    // It does not.
    let browser = world.browser();
    let asked = set_out(&browser).await;
    let mut plain = claims(&world, &asked, &login);
    plain["amr"] = json!(["pwd"]);
    let code = idp.vouch(&asked, "ES256", &plain);
    let wanted = come_back(&browser, &asked, &code).await;
    assert!(wanted.status == 200 && wanted.text().contains("인증번호를 넣어"), "{}", wanted.text());
    assert!(browser.get("/staff/password").await.location().is_some(), "not in yet");
    let path = "/staff/sign-in/provider/code";
    let wrong = wanted.submit_to(path, &[("code", "000000")]).await;
    assert!(wrong.status == 422 && wrong.text().contains("맞지 않습니다"), "{}", wrong.text());
    let right = wrong.submit_to(path, &[("code", &world.code(&login))]).await;
    assert_eq!(right.location().as_deref(), Some("/staff/password"), "{}", right.text());
    // The page with the first ticket is worth nothing any more.
    assert_eq!(wanted.submit_to(path, &[("code", "000000")]).await.status, 422);
    // The provider's word waited for the code, and belongs to the session now.
    let token = idp.given.lock().unwrap().clone();
    let out = browser.get("/staff/password").await.submit_to("/staff/sign-out", &[]).await;
    assert_eq!(asked_to_leave(&out)["id_token_hint"], token);
}

fn told() -> SecondFactor {
    SecondFactor::UnlessToldBy(vec!["otp".to_owned()])
}

#[test]
fn the_provider_signs_in_and_nothing_else_does_on_sqlite() {
    with_provider(Engine::Sqlite, SecondFactor::Provider, the_provider_signs_in);
}

#[test]
fn the_provider_signs_in_and_nothing_else_does_on_postgres() {
    with_provider(Engine::Postgres, SecondFactor::Provider, the_provider_signs_in);
}

#[test]
fn several_providers_of_an_office_are_kept_apart_on_sqlite() {
    with_provider(Engine::Sqlite, SecondFactor::Provider, several_providers_are_kept_apart);
}

#[test]
fn several_providers_of_an_office_are_kept_apart_on_postgres() {
    with_provider(Engine::Postgres, SecondFactor::Provider, several_providers_are_kept_apart);
}

#[test]
fn our_code_follows_where_the_provider_tells_of_no_second_factor() {
    with_provider(Engine::Sqlite, told(), our_code_is_asked_for_after_the_provider);
}
