//! Passkeys, with an authenticator that stands in for a real one.

use maeul_base::Failure;
use maeul_people::signature::to_base64url;
use maeul_people::webauthn::{Disbelief, Made, RelyingParty};
use maeul_people::{
    Passkey, PasskeyRefusal, PasskeySignIn, SignInFrom, add_passkey, begin_passkey, challenge,
    passkeys, remove_passkey, sign_in_with_passkey, user_handle,
};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};

use super::*;

const ORIGIN: &str = "https://minwon.example";
const BROWSER: &str = "0123456789abcdef0123456789abcdef";
const VERIFIED: u8 = 0b101;

fn party() -> RelyingParty {
    RelyingParty::of(ORIGIN).unwrap()
}

/// A security key with one passkey in it.
struct Authenticator {
    pair: Ed25519KeyPair,
    id: Vec<u8>,
    counter: u32,
    flags: u8,
    origin: &'static str,
    host: &'static str,
}

impl Authenticator {
    fn new(id: u8) -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap();
        let (origin, host) = (ORIGIN, "minwon.example");
        Self { pair, id: vec![id; 20], counter: 1, flags: VERIFIED, origin, host }
    }

    fn client(&self, kind: &str, challenge: &str) -> String {
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{}"}}"#, self.origin)
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let host = Sha256::digest(self.host.as_bytes());
        [host.as_slice(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// Client data and attestation object of a new passkey.
    fn make(&self, challenge: &str) -> (String, String) {
        // {1: 1, 3: -8, -1: 6, -2: key}
        let key =
            [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32], self.pair.public_key().as_ref()];
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.data(self.flags | 0b100_0000)[..], &[0; 16], &length, &self.id].concat();
        let data = [data, key.concat()].concat();
        let before = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
        let object = [&before[..], &[u8::try_from(data.len()).unwrap()], &data].concat();
        let client = self.client("webauthn.create", challenge);
        (to_base64url(client.as_bytes()), to_base64url(&object))
    }

    /// A sign-in, counted.
    fn assert(&mut self, challenge: &str, handle: &[u8]) -> PasskeySignIn {
        self.counter += 1;
        let (client, data) = (self.client("webauthn.get", challenge), self.data(self.flags));
        let signed = [data.as_slice(), Sha256::digest(client.as_bytes()).as_slice()].concat();
        PasskeySignIn {
            credential: to_base64url(&self.id),
            client_data: to_base64url(client.as_bytes()),
            authenticator: to_base64url(&data),
            signature: to_base64url(self.pair.sign(&signed).as_ref()),
            user_handle: to_base64url(handle),
        }
    }
}

fn here(browser: &str) -> SignInFrom {
    SignInFrom {
        address: Some("203.0.113.7".into()),
        user_agent: None,
        device: None,
        browser: browser.to_owned(),
    }
}

impl World {
    async fn begin(&self, by: &SignedIn) -> Result<String, PasskeyRefusal> {
        let (ctx, session) = (self.ctx(by.session.actor()), by.session.session);
        let begun =
            self.db.write(move |tx| begin_passkey(tx, &ctx, &seal(), session, BROWSER)).await;
        match begun {
            Ok(begun) => Ok(begun.ticket.reveal()),
            Err(Failure::Refused(why)) => Err(why),
            Err(Failure::Fault(fault)) => panic!("{fault:?}"),
        }
    }

    async fn add(&self, by: &SignedIn, sent: &(String, String)) -> Result<Passkey, PasskeyRefusal> {
        let (ctx, (client_data, attestation)) = (self.ctx(by.session.actor()), sent.clone());
        self.db
            .write(move |tx| {
                let made = Made { client_data: &client_data, attestation: &attestation };
                add_passkey(tx, &ctx, &seal(), &party(), BROWSER, (&made, " 사무실  노트북 "))
            })
            .await
            .unwrap()
    }

    /// Signed in by password, with a passkey of that authenticator.
    async fn with_passkey(&self, key: &Authenticator) -> (SignedIn, Passkey) {
        let by = self.sign_in("road1").await;
        let challenge = self.begin(&by).await.unwrap();
        let passkey = self.add(&by, &key.make(&challenge)).await.unwrap();
        (by, passkey)
    }

    async fn challenge(&self, office: OfficeId) -> String {
        let ctx = Ctx { office, ..self.ctx(Actor::Resident) };
        let made = self.db.write(move |tx| challenge(tx, &ctx, &seal(), BROWSER)).await;
        made.unwrap().reveal()
    }

    async fn enter(&self, office: OfficeId, sent: &PasskeySignIn, browser: &str) -> SignInOutcome {
        let ctx = Ctx { office, ..self.ctx(Actor::Resident) };
        let (sent, from, policy) = (sent.clone(), here(browser), SignInPolicy::default());
        self.db
            .write(move |tx| {
                sign_in_with_passkey(tx, &ctx, &seal(), &policy, &party(), (&sent, &from))
            })
            .await
            .unwrap()
    }
}

both_engines! { steps();
    async fn a_passkey_signs_in_and_only_as_it_was_asked(db: Db) {
        let mut world = World::new(db).await;
        let mut key = Authenticator::new(1);
        let (by, passkey) = world.with_passkey(&key).await;
        assert_eq!(passkey.label, "사무실 노트북");
        let handle = user_handle(OFFICE, by.session.staff);

        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        let SignInOutcome::SignedIn(it) = world.enter(OFFICE, &sent, BROWSER).await else { panic!("refused") };
        assert_eq!(world.session(&it.token).await.unwrap().login, "road1");
        assert_eq!(it.session.absolute_until, it.session.created_at.checked_add(SignInPolicy::default().absolute).unwrap());
        let own = world.db.read(move |tx| passkeys(tx, OFFICE, by.session.staff)).await.unwrap();
        assert_eq!(own[0].used_at, Some(world.now));

        // The same answer once more.
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Stale);
        // Too late.
        let asked = world.challenge(OFFICE).await;
        world.later(301);
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Stale);
        // In another browser.
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, "another").await), SignInRefusal::Stale);
        // On another site's page, and for another site.
        let asked = world.challenge(OFFICE).await;
        key.origin = "https://minwon.example.evil";
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey);
        (key.origin, key.host) = (ORIGIN, "evil.example");
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey);
        // Without finger, face or number.
        (key.host, key.flags) = ("minwon.example", 0b001);
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey);
        // Signed by another key, or for another person.
        key.flags = VERIFIED;
        let asked = world.challenge(OFFICE).await;
        let mut other = Authenticator::new(1);
        other.counter = 50;
        let sent = other.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey);
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &[0; 20]);
        // The fifth failure of the name locks it, for the right passkey as well.
        assert!(matches!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Locked { .. }));
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        assert!(matches!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Locked { .. }));
        // Within one instant the log keeps no order.
        let mut outcomes = world.outcomes().await;
        outcomes.sort_unstable();
        let [stale, wrong] = [["passkey_stale"; 3].as_slice(), &["passkey_wrong"; 5]];
        let expected = [&["locked"], stale, wrong, &["signed_in", "signed_in_passkey"]].concat();
        assert_eq!(outcomes, expected);
    }

    async fn another_offices_removed_copied_and_reset_passkeys_sign_nobody_in(db: Db) {
        let mut world = World::new(db).await;
        let mut key = Authenticator::new(2);
        let (by, passkey) = world.with_passkey(&key).await;
        let handle = user_handle(OFFICE, by.session.staff);
        // Another office does not know it.
        let abroad = OfficeId(41150);
        let asked = world.challenge(abroad).await;
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(abroad, &sent, BROWSER).await), SignInRefusal::Passkey);
        // A challenge of one office is none of another.
        let asked = world.challenge(abroad).await;
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Stale);
        // A counter that goes back: there are two of it.
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        assert!(matches!(world.enter(OFFICE, &sent, BROWSER).await, SignInOutcome::SignedIn(_)));
        key.counter -= 1;
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Cloned);
        let asked = world.challenge(OFFICE).await;
        let sent = key.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey, "stopped");
        let log = world.db.read(move |tx| account_log(tx, OFFICE, by.session.staff)).await.unwrap();
        assert!(log.iter().any(|it| it.change == "passkey_cloned" && it.detail == passkey.id.to_string()));

        // Removed by its owner, and by nobody else.
        world.later(60);
        let mut second = Authenticator::new(3);
        let (by, passkey) = world.with_passkey(&second).await;
        let stranger = world.ctx(world.actor("roadhead").await);
        let done = world.db.write(move |tx| remove_passkey(tx, &stranger, passkey.id)).await;
        assert!(matches!(done, Err(Failure::Refused(PasskeyRefusal::NotFound))));
        let ctx = world.ctx(by.session.actor());
        world.db.write(move |tx| remove_passkey(tx, &ctx, passkey.id)).await.unwrap();
        let asked = world.challenge(OFFICE).await;
        let sent = second.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey);

        // New credentials end every passkey; an ended account has none that works.
        world.later(60);
        let mut third = Authenticator::new(4);
        let (by, _) = world.with_passkey(&third).await;
        let (ctx, account) = (world.ctx(Actor::System), world.accounts(&["road1"]).remove(0));
        world.db.write(move |tx| issue_credentials(tx, &ctx, &seal(), by.session.staff, &account)).await.unwrap();
        let asked = world.challenge(OFFICE).await;
        let sent = third.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey);
        world.later(60);
        let mut fourth = Authenticator::new(5);
        let (by, _) = world.with_passkey(&fourth).await;
        let ctx = world.ctx(Actor::System);
        world.db.write(move |tx| end_staff(tx, &ctx, by.session.staff, ctx.today())).await.unwrap();
        let asked = world.challenge(OFFICE).await;
        let sent = fourth.assert(&asked, &handle);
        assert_eq!(refused(world.enter(OFFICE, &sent, BROWSER).await), SignInRefusal::Passkey);
        assert!(world.outcomes().await.iter().any(|it| it == "account_ended"));
    }

    async fn a_passkey_is_added_soon_after_signing_in_and_once(db: Db) {
        let mut world = World::new(db).await;
        let by = world.sign_in("road1").await;
        let mut key = Authenticator::new(6);
        let asked = world.begin(&by).await.unwrap();
        key.flags = 0b001;
        let unsure = world.add(&by, &key.make(&asked)).await;
        assert_eq!(unsure, Err(PasskeyRefusal::Disbelieved(Disbelief::Unverified)));
        key.flags = VERIFIED;
        let again = world.add(&by, &key.make(&asked)).await;
        assert_eq!(again, Err(PasskeyRefusal::Stale), "the challenge is used up");
        let asked = world.begin(&by).await.unwrap();
        key.origin = "https://evil.example";
        let elsewhere = world.add(&by, &key.make(&asked)).await;
        assert_eq!(elsewhere, Err(PasskeyRefusal::Disbelieved(Disbelief::Origin)));
        key.origin = ORIGIN;
        // Somebody else's challenge.
        let asked = world.begin(&by).await.unwrap();
        world.later(60);
        let head = world.sign_in("roadhead").await;
        assert_eq!(world.add(&head, &key.make(&asked)).await, Err(PasskeyRefusal::Stale));
        let asked = world.begin(&by).await.unwrap();
        world.add(&by, &key.make(&asked)).await.unwrap();
        let asked = world.begin(&by).await.unwrap();
        assert_eq!(world.add(&by, &key.make(&asked)).await, Err(PasskeyRefusal::Known));
        // A browser left open gives nobody a way in that lasts.
        world.later(15 * 60);
        assert_eq!(world.begin(&by).await, Err(PasskeyRefusal::SignInAgain));
        assert_eq!(PasskeyRefusal::SignInAgain.status(), 403);
    }
}
