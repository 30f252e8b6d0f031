//! The last step of a sign-in: the lock, the one-time code, the session.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, Lang, Refusal, StaffId, seoul};
use maeul_db::{Seal, Tx};

use crate::read::{Guard, SecretRow, normal};
use crate::staff::later;
use crate::store::opening as devices;
use crate::{
    SessionToken, SignInPolicy, StaffSession, TotpSecret, Verified, read, sealed_totp, store,
};

/// What was typed, and from where.
#[derive(Clone)]
pub struct SignIn {
    /// Sign-in name.
    pub login: String,
    /// The six digits of the authenticator app.
    pub code: String,
    /// Network address.
    pub address: Option<String>,
    /// Browser.
    pub user_agent: Option<String>,
    /// The random mark this browser keeps; none where it has never signed anybody in.
    pub device: Option<String>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn")
    }
}

/// Where a sign-in comes from.
#[derive(Clone)]
pub struct SignInFrom {
    /// Network address.
    pub address: Option<String>,
    /// Browser.
    pub user_agent: Option<String>,
    /// The random mark by which browsers are told of that are new.
    pub device: Option<String>,
    /// The random mark of this browser to which its forms are bound.
    pub browser: String,
}

impl std::fmt::Debug for SignInFrom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignInFrom")
    }
}

/// How a session begins.
pub(crate) struct Began<'a> {
    /// `password`, `passkey`, `provider`
    pub by: &'static str,
    /// Where from.
    pub from: &'a SignInFrom,
}

/// Why nobody is signed in. One answer for a wrong name, password or code, so that nothing is
/// learned from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// Name, password or code is wrong, or the code was used before.
    Wrong,
    /// Too many failures.
    Locked {
        /// When it can be tried again.
        until: Timestamp,
    },
    /// The passkey is not known here any more, or its signature is not right.
    Passkey,
    /// What was handed out was used, is too old, or was another browser's.
    Stale,
    /// Two devices seem to hold one passkey.
    Cloned,
    /// The provider vouches for somebody who has no account.
    Nobody,
}

impl Refusal for SignInRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "sign_in.wrong",
            Self::Locked { .. } => "sign_in.locked",
            Self::Passkey => "sign_in.passkey",
            Self::Stale => "sign_in.stale",
            Self::Cloned => "sign_in.cloned",
            Self::Nobody => "sign_in.nobody",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Wrong => lang
                .t(
                    "아이디, 비밀번호, 인증번호 가운데 맞지 않는 것이 있습니다. 인증번호는 한 번만 쓸 수 있으니 새 번호를 넣어 주십시오.",
                    "The sign-in name, password or code is not right. A code works only once, so please enter a new one.",
                )
                .to_owned(),
            Self::Passkey => lang
                .t(
                    "이 패스키로는 로그인할 수 없습니다. 다른 패스키를 쓰거나 비밀번호로 로그인해 주십시오.",
                    "This passkey does not sign you in. Please use another, or your password.",
                )
                .to_owned(),
            Self::Stale => lang
                .t(
                    "시간이 지났거나 이미 쓴 요청입니다. 처음부터 다시 로그인해 주십시오.",
                    "This took too long or was used already. Please begin again.",
                )
                .to_owned(),
            Self::Cloned => lang
                .t(
                    "이 패스키가 다른 기기에 복제된 것으로 보여 쓰지 못하게 했습니다. 비밀번호로 로그인하고 전산 담당자에게 알려 주십시오.",
                    "This passkey seems to have been copied and was stopped. Please sign in with your password and tell an administrator.",
                )
                .to_owned(),
            Self::Nobody => lang
                .t(
                    "기관 계정은 확인했으나 마을에 그 아이디의 직원 계정이 없거나 끝났습니다. 전산 담당자에게 계정을 부탁해 주십시오.",
                    "Your organisation account is right, but there is no account of that name here, or it has ended. Please ask an administrator for one.",
                )
                .to_owned(),
            Self::Locked { until } => {
                let until = seoul::time_text(*until, lang);
                match lang {
                    Lang::Ko => format!(
                        "여러 번 실패하여 잠겼습니다. {until} 이후에 다시 시도하거나 전산 담당자에게 알려 주십시오."
                    ),
                    Lang::En => format!(
                        "Locked after several failures. Please try again after {until}, or tell an administrator."
                    ),
                }
            }
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Locked { .. } => 429,
            Self::Nobody => 403,
            _ => 422,
        }
    }
}

/// Someone who has just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie; it is kept nowhere else.
    pub token: SessionToken,
    /// The new session.
    pub session: StaffSession,
    /// What is known of the browser.
    pub device: Device,
}

/// What is known of the browser somebody signed in with.
#[derive(Clone, Debug)]
pub struct Device {
    /// The mark it is to keep.
    pub mark: String,
    /// Whether the person used other browsers before and never this one.
    pub is_new: bool,
    /// Where the person is written to; empty where nowhere.
    pub email: String,
    /// When other browsers signed in for the first time, of which the person was not told yet.
    pub others: Vec<Timestamp>,
}

/// How a sign-in ended. A refusal is no error of the act: the failure must be counted and logged,
/// so the transaction is committed either way.
#[derive(Clone, Debug)]
pub enum SignInOutcome {
    /// Signed in.
    SignedIn(Box<SignedIn>),
    /// Not signed in.
    Refused(SignInRefusal),
}

/// Judges what [`verify_password`](crate::verify_password) found together with the code, counts
/// failures, and opens a session.
pub fn record_sign_in(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    typed: &SignIn,
    verified: &Verified,
) -> Result<SignInOutcome, Fault> {
    let hash = seal.lookup_hash(ctx.office, &normal(&typed.login));
    let address = typed.address.as_deref();
    let known = verified.known.as_ref().map(|(id, _)| *id);
    let guard = match lock_of(tx, ctx, &hash)? {
        Ok(guard) => guard,
        Err(until) => {
            store::log_sign_in(tx, ctx, &hash, known, "locked", address)?;
            return Ok(SignInOutcome::Refused(SignInRefusal::Locked { until }));
        }
    };
    match judge(tx, ctx, seal, typed, verified)? {
        Ok((id, step)) => {
            store::use_step(tx, ctx.office, id, step)?;
            store::clear_guard(tx, ctx.office, &hash)?;
            store::log_sign_in(tx, ctx, &hash, Some(id), "signed_in", address)?;
            let from = SignInFrom {
                address: typed.address.clone(),
                user_agent: typed.user_agent.clone(),
                device: typed.device.clone(),
                browser: String::new(),
            };
            let began = Began { by: "password", from: &from };
            let signed_in = open(tx, ctx, seal, policy, id, &began)?;
            Ok(SignInOutcome::SignedIn(Box::new(signed_in)))
        }
        Err(why) => {
            store::log_sign_in(tx, ctx, &hash, known, why, address)?;
            let locked = count_failure(tx, ctx, policy, &hash, guard)?;
            Ok(SignInOutcome::Refused(locked.unwrap_or(SignInRefusal::Wrong)))
        }
    }
}

/// The failures of a name so far; or until when it is locked.
pub(crate) fn lock_of(
    tx: &mut Tx,
    ctx: &Ctx,
    hash: &[u8],
) -> Result<Result<Option<Guard>, Timestamp>, Fault> {
    let guard = read::guard(tx, ctx.office, hash)?;
    let locked = guard.as_ref().and_then(|it| it.locked_until);
    Ok(match locked.filter(|until| ctx.now < *until) {
        Some(until) => Err(until),
        None => Ok(guard),
    })
}

/// One failure more of a name; the lock, where it is locked now.
pub(crate) fn count_failure(
    tx: &mut Tx,
    ctx: &Ctx,
    policy: &SignInPolicy,
    hash: &[u8],
    before: Option<Guard>,
) -> Result<Option<SignInRefusal>, Fault> {
    let next = failed_again(before, ctx.now, policy);
    store::put_guard(tx, ctx.office, hash, &next)?;
    Ok(next.locked_until.map(|until| SignInRefusal::Locked { until }))
}

/// The person and the step of their code; or what the log is told, which they are not.
fn judge(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    typed: &SignIn,
    verified: &Verified,
) -> Result<Result<(StaffId, i64), &'static str>, Fault> {
    let Some((id, compared)) = &verified.known else { return Ok(Err("unknown_name")) };
    let Some(row) = read::secret(tx, ctx.office, *id)? else { return Ok(Err("unknown_name")) };
    // The comparison was made outside this transaction: it counts only for the same password.
    if !verified.matches || row.password_hash != compared.0 {
        return Ok(Err("wrong_password"));
    }
    Ok(code_of(ctx, seal, &row, &typed.code)?.map(|step| (row.id, step)))
}

/// The step of that person's code; or what the log is told.
pub(crate) fn judge_code(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    staff: StaffId,
    code: &str,
) -> Result<Result<i64, &'static str>, Fault> {
    match read::secret(tx, ctx.office, staff)? {
        Some(row) => code_of(ctx, seal, &row, code),
        None => Ok(Err("unknown_name")),
    }
}

fn code_of(
    ctx: &Ctx,
    seal: &Seal,
    row: &SecretRow,
    code: &str,
) -> Result<Result<i64, &'static str>, Fault> {
    let today = ctx.today();
    if today < row.valid_from || row.valid_to.is_some_and(|to| to <= today) {
        return Ok(Err("account_ended"));
    }
    let secret = seal.open(sealed_totp(row.id), &row.totp_secret)?;
    let secret = TotpSecret::from_base32(&secret)
        .ok_or_else(|| Fault::other("a stored one-time secret is not base32"))?;
    Ok(match secret.step(code, ctx.now)? {
        None => Err("wrong_code"),
        Some(step) if step <= row.totp_last_step => Err("used_code"),
        Some(step) => Ok(step),
    })
}

fn failed_again(before: Option<Guard>, now: Timestamp, policy: &SignInPolicy) -> Guard {
    // A lock that has passed, or a quiet time as long as a lock, begins the count anew.
    let counts =
        |it: &Guard| it.locked_until.is_none() && now < later(it.last_failed_at, policy.lock);
    let failed_count = before.filter(counts).map_or(1, |it| it.failed_count.saturating_add(1));
    let locked = failed_count >= policy.max_failures;
    let locked_until = locked.then(|| later(now, policy.lock));
    Guard { failed_count, last_failed_at: now, locked_until }
}

/// Opens a session of somebody who has proved who they are.
pub(crate) fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    id: StaffId,
    began: &Began<'_>,
) -> Result<SignedIn, Fault> {
    let gone = || Fault::other("the person who signs in is gone");
    let person = read::staff_by_id(tx, ctx.office, id)?.ok_or_else(gone)?;
    let unit = maeul_org::unit_by_id(tx, ctx.office, person.unit)?.ok_or_else(gone)?;
    let absolute_until = later(ctx.now, policy.absolute);
    let session = StaffSession {
        session: ctx.id(),
        office: ctx.office,
        staff: id,
        login: person.login,
        name: person.name,
        unit: person.unit,
        unit_name_ko: unit.name_ko,
        unit_name_en: unit.name_en,
        rights: store::grant::rights(tx, ctx.office, id, person.unit, ctx.today())?,
        must_change_password: person.must_change_password,
        created_at: ctx.now,
        last_seen_at: ctx.now,
        idle_until: policy.idle_until(ctx.now, absolute_until),
        absolute_until,
    };
    let token = SessionToken::random(&ctx.ids);
    let agent = began.from.user_agent.as_deref();
    let agent: Option<String> = agent.map(|text| text.chars().take(200).collect());
    store::insert_session(tx, &session, &token, agent.as_deref(), began.by)?;
    let mark = began.from.device.as_deref();
    let device = recognise(tx, ctx, seal, id, person.email, mark)?;
    Ok(SignedIn { token, session, device })
}

/// Whether the browser is known by its mark, which is kept only as a keyed hash. The first browser of
/// all is nothing to tell of.
fn recognise(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    staff: StaffId,
    email: String,
    mark: Option<&str>,
) -> Result<Device, Fault> {
    let mark = mark.filter(|it| it.len() == 32).map_or_else(|| ctx.ids.token(), str::to_owned);
    let hash = seal.lookup_hash(ctx.office, &format!("device {mark}"));
    let known = devices::touch_device(tx, ctx, staff, &hash)?;
    let is_new = !known && devices::devices(tx, ctx.office, staff)? > 0;
    if !known {
        // Of a new one they are told when they sign in elsewhere, and by mail where there is one.
        let told = (!is_new).then_some(ctx.now);
        devices::insert_device(tx, ctx, staff, &hash, told)?;
    }
    // A browser nobody knew is no place to say where else somebody signed in.
    let others = if known { devices::tell_devices(tx, ctx, staff, &hash)? } else { Vec::new() };
    Ok(Device { mark, is_new, email, others })
}

/// Forgets the failures of names that were left alone for a day; run by a schedule.
pub fn forget_failures(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Fault> {
    let day = jiff::SignedDuration::from_hours(24);
    let before = ctx.now.checked_sub(day).unwrap_or(Timestamp::MIN);
    store::clear_guards_before(tx, ctx.office, before)
}
