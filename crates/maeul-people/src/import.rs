//! `staff.csv`: read and judge (pure), compare with what is stored, write.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, Failure, Fault, Ids, OfficeId, Role, StaffId, UnitId};
use maeul_db::{Seal, Tx};
use maeul_org::{ImportRefused, Unit, csv_rows};

use crate::act::grant::{another_administrates, import_grants};
use crate::password::{Cost, hash_at, random_password};
use crate::store::Secrets;
use crate::{PasswordHash, Staff, TotpSecret, hash_password, read, sealed_totp, store};

const COLUMNS: [&str; 6] = ["login", "name", "unit", "role", "phone", "email"];

/// One person of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLine {
    /// The line.
    pub line: usize,
    /// Sign-in name.
    pub login: String,
    /// Name or job title.
    pub name: String,
    /// The code of their unit.
    pub unit: String,
    /// What they may do.
    pub role: Role,
    /// Telephone at work; empty when there is none.
    pub phone: String,
    /// E-mail at work; empty when there is none.
    pub email: String,
}

/// A whole `staff.csv` in which nothing was found wrong by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffFile {
    /// Its people.
    pub lines: Vec<StaffLine>,
}

/// Reads and judges the file by itself; whether its units exist is judged beside the chart.
pub fn plan_staff(text: &str) -> Result<StaffFile, Vec<LineRefusal>> {
    let mut refusals = Vec::new();
    let mut lines: Vec<StaffLine> = Vec::new();
    for (line, row) in csv_rows(text, &COLUMNS, &mut refusals) {
        let cell = |name: &str| row.get(name).map_or("", String::as_str);
        let before = refusals.len();
        let mut refuse = |field: &str, ko: &str, en: &str| {
            let shown = cell(field);
            refusals.push(LineRefusal::new(
                line,
                field,
                format!("{ko}: {shown}"),
                format!("{en}: {shown}"),
            ));
        };
        let (login, phone, email) = (cell("login"), cell("phone"), cell("email"));
        if !is_login(login) {
            refuse(
                "login",
                "아이디는 영문 소문자·숫자·붙임표 3~40자입니다",
                "A sign-in name has 3 to 40 lower-case letters, digits and hyphens",
            );
        }
        if lines.iter().any(|it| it.login == login) {
            refuse("login", "같은 아이디가 앞에 있습니다", "The same name stands above");
        }
        for name in ["name", "unit"] {
            if cell(name).is_empty() {
                refuse(name, "값이 없습니다", "A value is missing");
            }
        }
        let role = Role::parse(cell("role"));
        if role.is_none() {
            refuse(
                "role",
                "officer, head, coordinator, administrator, viewer, auditor 가운데 하나여야 합니다",
                "This must be officer, head, coordinator, administrator, viewer or auditor",
            );
        }
        if !phone.bytes().all(|it| it.is_ascii_digit() || b"+-() ".contains(&it)) {
            refuse("phone", "전화번호가 아닙니다", "This is not a telephone number");
        }
        let at = email.split_once('@');
        if !email.is_empty() && !at.is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
        {
            refuse("email", "전자우편 주소가 아닙니다", "This is not an e-mail address");
        }
        if let (Some(role), true) = (role, refusals.len() == before) {
            let own = |name: &str| cell(name).to_owned();
            lines.push(StaffLine {
                line,
                login: own("login"),
                name: own("name"),
                unit: own("unit"),
                role,
                phone: own("phone"),
                email: own("email"),
            });
        }
    }
    for refusal in &mut refusals {
        let name = refusal.field.to_lowercase();
        if ["password", "passwd", "비밀번호", "암호"].iter().any(|it| name.contains(it)) {
            refusal.ko = "비밀번호는 파일에 적지 않습니다. 이 열을 지워 주십시오.".to_owned();
            refusal.en = "Passwords do not belong in a file. Please remove this column.".to_owned();
        }
    }
    if refusals.is_empty() {
        Ok(StaffFile { lines })
    } else {
        refusals.sort();
        Err(refusals)
    }
}

fn is_login(text: &str) -> bool {
    text.len() >= 3 && maeul_org::is_code(text)
}

/// What an import of staff would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPreview {
    /// The figures.
    pub report: ImportReport,
    /// What is wrong beside the chart; with any of these nothing is imported.
    pub refusals: Vec<LineRefusal>,
    /// The names that need credentials first.
    pub new_logins: Vec<String>,
}

/// What the import would do, without doing it.
pub fn preview_staff(
    tx: &mut Tx,
    office: OfficeId,
    file: &StaffFile,
    today: Date,
) -> Result<StaffPreview, Fault> {
    let plan = compare(tx, office, file, today)?;
    let new_logins = plan.new.iter().map(|(line, _)| line.login.clone()).collect();
    Ok(StaffPreview { report: plan.report, refusals: plan.refusals, new_logins })
}

struct Plan<'a> {
    report: ImportReport,
    refusals: Vec<LineRefusal>,
    new: Vec<(&'a StaffLine, Unit)>,
    changed: Vec<(&'a StaffLine, Unit, Staff)>,
}

fn compare<'a>(
    tx: &mut Tx,
    office: OfficeId,
    file: &'a StaffFile,
    today: Date,
) -> Result<Plan<'a>, Fault> {
    let units: BTreeMap<String, Unit> = maeul_org::units(tx, office, today)?
        .into_iter()
        .map(|unit| (unit.code.clone(), unit))
        .collect();
    let mut stored: BTreeMap<String, Staff> =
        read::all_staff(tx, office)?.into_iter().map(|it| (it.login.clone(), it)).collect();
    let mut plan = Plan {
        report: ImportReport::default(),
        refusals: Vec::new(),
        new: Vec::new(),
        changed: Vec::new(),
    };
    for line in &file.lines {
        let old = stored.remove(&line.login);
        let Some(unit) = units.get(&line.unit).cloned() else {
            plan.refusals.push(LineRefusal::new(
                line.line,
                "unit",
                format!("오늘({today}) 있는 부서의 코드가 아닙니다: {}", line.unit),
                format!("No unit of today ({today}) has this code: {}", line.unit),
            ));
            continue;
        };
        match old {
            None => {
                plan.report.added += 1;
                plan.new.push((line, unit));
            }
            Some(old) if !old.in_force(today) => plan.refusals.push(LineRefusal::new(
                line.line,
                "login",
                format!("끝난 계정입니다. 다른 아이디를 주십시오: {}", line.login),
                format!("This account has ended. Please give another name: {}", line.login),
            )),
            Some(old) if is_same(line, unit.id, &old) => plan.report.unchanged += 1,
            Some(old) => {
                plan.report.changed += 1;
                plan.changed.push((line, unit, old));
            }
        }
    }
    let missing: Vec<&str> =
        stored.values().filter(|it| it.in_force(today)).map(|it| it.login.as_str()).collect();
    if !missing.is_empty() {
        let list = missing.join(", ");
        plan.report.note(
            format!("파일에 없는 직원은 그대로 둡니다: {list}"),
            format!("These people are not in the file and stay: {list}"),
        );
    }
    Ok(plan)
}

fn is_same(line: &StaffLine, unit: UnitId, it: &Staff) -> bool {
    line.name == it.name
        && unit == it.unit
        && line.role == it.role
        && line.phone == it.phone
        && line.email == it.email
}

/// What a new person signs in with. To be shown once; Maeul keeps only the hash and the sealed
/// secret.
#[derive(Clone)]
pub struct NewAccount {
    /// Sign-in name.
    pub login: String,
    /// The first password.
    pub password: String,
    /// What they enter into their authenticator app.
    pub totp: TotpSecret,
    /// Whether the password must be changed at the first sign-in.
    pub must_change: bool,
    pub(crate) hash: PasswordHash,
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewAccount({})", self.login)
    }
}

/// Where first passwords come from.
#[derive(Clone)]
pub enum Initial {
    /// A random one for each, to be changed at the first sign-in.
    Random,
    /// The same for all, for a demonstration only.
    Given {
        /// The password.
        password: String,
        /// What it costs to guess.
        cost: Cost,
        /// The one-time secret.
        totp: TotpSecret,
    },
}

impl fmt::Debug for Initial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Initial")
    }
}

/// Makes the credentials of new people. Hashing takes tens of milliseconds each: outside any
/// transaction, on a thread that may block.
pub fn make_credentials(
    ids: &Ids,
    logins: &[String],
    initial: &Initial,
) -> Result<Vec<NewAccount>, Fault> {
    match initial {
        Initial::Random => logins
            .iter()
            .map(|login| {
                let password = random_password(ids);
                Ok(NewAccount {
                    login: login.clone(),
                    hash: hash_password(ids, &password)?,
                    password,
                    totp: TotpSecret::random(ids),
                    must_change: true,
                })
            })
            .collect(),
        Initial::Given { password, cost, totp } => {
            let hash = hash_at(ids, password, *cost)?;
            let account = |login: &String| NewAccount {
                login: login.clone(),
                password: password.clone(),
                totp: totp.clone(),
                must_change: false,
                hash: hash.clone(),
            };
            Ok(logins.iter().map(account).collect())
        }
    }
}

/// Adds and changes staff; a second time it changes nothing. People missing from the file stay.
pub fn apply_staff(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    file: &StaffFile,
    accounts: &[NewAccount],
) -> Result<ImportReport, Failure<ImportRefused>> {
    let mut plan = compare(tx, ctx.office, file, ctx.today())?;
    let ready = |login: &str| accounts.iter().find(|it| it.login == login);
    for (line, _) in &plan.new {
        if ready(&line.login).is_none() {
            plan.refusals.push(LineRefusal::new(
                line.line,
                "login",
                "검사한 뒤에 직원 명부가 바뀌었습니다. 다시 가져와 주십시오.",
                "The staff changed after the check. Please import again.",
            ));
        }
    }
    if !plan.refusals.is_empty() {
        plan.refusals.sort();
        return Err(Failure::Refused(ImportRefused(plan.refusals)));
    }
    for (line, unit) in plan.new {
        let Some(account) = ready(&line.login) else { continue };
        let id: StaffId = ctx.id();
        let totp = seal.seal(&ctx.ids, sealed_totp(id), &account.totp.to_base32())?;
        let (password, must_change) = (&account.hash, account.must_change);
        let secrets = Secrets { password, totp: &totp, must_change };
        store::insert_staff(tx, ctx, id, unit.id, line, &secrets)?;
        let detail = format!("{} {}", line.role.as_str(), line.unit);
        store::log_account(tx, ctx, id, "created", &detail)?;
        import_grants(tx, ctx, id, line.role, &unit)?;
    }
    for (line, unit, old) in plan.changed {
        let moved = unit.id != old.unit;
        if old.role == Role::Administrator
            && line.role != old.role
            && !another_administrates(tx, ctx, old.id)?
        {
            return Err(Failure::Refused(ImportRefused(vec![LineRefusal::new(
                line.line,
                "role",
                "마지막 전산 담당자의 역할은 바꿀 수 없습니다. 먼저 다른 사람에게 전산 담당 권한을 주십시오",
                "The last administrator keeps that role. First make somebody else one",
            )])));
        }
        store::update_staff(tx, ctx.office, old.id, unit.id, line)?;
        if line.role != old.role || moved {
            import_grants(tx, ctx, old.id, line.role, &unit)?;
        }
        if line.role != old.role {
            let detail = format!("{} → {}", old.role.as_str(), line.role.as_str());
            store::log_account(tx, ctx, old.id, "role", &detail)?;
        }
        if moved {
            let detail = format!("{} → {}", old.unit, unit.id);
            store::log_account(tx, ctx, old.id, "unit", &detail)?;
        }
    }
    Ok(plan.report)
}
