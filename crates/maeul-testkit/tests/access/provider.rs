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
        Self { pair, random, codes: Mutex::default(), asked_for_keys: Mutex::default() }
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
        let challenge = to_base64url(&Sha256::digest(form["code_verifier"].as_bytes()));
        match self.codes.lock().unwrap().remove(&form["code"]) {
            Some((asked, token)) if asked == challenge => (200, json!({ "id_token": token })),
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
                        "end_session_endpoint": format!("{ISSUER}/leave"),
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
        issuer: ISSUER.to_owned(),
        client_id: "maeul".to_owned(),
        client_secret: Secret::new("hush hush".to_owned()),
        login_claim: "preferred_username".to_owned(),
        scopes: vec!["profile".to_owned()],
        words: ("서구 계정으로 로그인".to_owned(), "Sign in with Seo-gu".to_owned()),
        second_factor,
    };
    let providers = Providers::new(vec![settings], &wire);
    World::run_with(engine, |setup| setup.providers = providers, |world| body(world, idp));
}

/// What the browser is sent to the provider with.
async fn set_out(browser: &Browser) -> BTreeMap<String, String> {
    let form = browser.get("/staff/sign-in?back=/staff/password").await;
    assert!(form.text().contains("서구 계정으로 로그인"), "{}", form.text());
    let link = form.links().into_iter().find(|it| it.contains("/sign-in/provider")).unwrap();
    let there = browser.get(&link).await.location().unwrap();
    let query = there.strip_prefix("https://idp.test/auth?").unwrap();
    let plain = |text: &str| text.replace("%3A", ":").replace("%2F", "/").replace("%20", " ");
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), plain(value))).collect()
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
    // Signing out offers to leave the provider as well.
    let out =
        browser.get("/staff/password").await.submit_to("/staff/sign-out", &[]).await.next().await;
    assert!(out.body.contains("https://idp.test/leave?client_id=maeul"), "{}", out.body);

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
fn our_code_follows_where_the_provider_tells_of_no_second_factor() {
    with_provider(Engine::Sqlite, told(), our_code_is_asked_for_after_the_provider);
}
