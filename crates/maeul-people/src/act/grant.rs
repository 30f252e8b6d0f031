//! Somebody is given a role over a part of the office, or it is taken back: dated, with a reason, and
//! kept (safety standard of personal data, art. 5).

use jiff::civil::Date;
use maeul_base::{Ctx, Failure, Fault, Lang, Refusal, Role, StaffId};
use maeul_db::Tx;
use maeul_org::{Unit, UnitKind};

use crate::grant::{GRANTS_KEPT_YEARS, Grant, GrantScope, Origin, Standing};
use crate::id::GrantId;
use crate::permissions::GRANT;
use crate::read;
use crate::staff::Staff;
use crate::store::{self, grant as rows};

/// Longest reason, in letters.
const LONGEST_REASON: usize = 500;

/// What is given, to whom, for how long, why.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// To whom.
    pub staff: StaffId,
    /// The role.
    pub role: Role,
    /// Over what.
    pub scope: GrantScope,
    /// The first day.
    pub from: Date,
    /// The first day on which it is no more; none for no end.
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
}

/// Why nothing is given or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantRefusal {
    /// Only an administrator may.
    NotAllowed,
    /// There is no such account.
    NoStaff,
    /// The account has ended.
    Ended,
    /// Nobody gives themself rights.
    Oneself,
    /// The role is about the office, or makes no sense over so little.
    Scope,
    /// There is no such unit today.
    NoUnit,
    /// There is no such 동 today.
    NoDong,
    /// The first day has passed.
    FromPast,
    /// It ends before it begins.
    UntilBefore,
    /// They have it already.
    Held,
    /// No reason is given.
    ReasonMissing,
    /// The reason is too long.
    ReasonTooLong,
    /// There is no such grant.
    NotFound,
    /// It is over.
    Over,
    /// Nobody could keep the installation.
    LastAdministrator,
}

impl GrantRefusal {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::NotAllowed,
        Self::NoStaff,
        Self::Ended,
        Self::Oneself,
        Self::Scope,
        Self::NoUnit,
        Self::NoDong,
        Self::FromPast,
        Self::UntilBefore,
        Self::Held,
        Self::ReasonMissing,
        Self::ReasonTooLong,
        Self::NotFound,
        Self::Over,
        Self::LastAdministrator,
    ];
}

impl Refusal for GrantRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "grant.not_allowed",
            Self::NoStaff => "grant.no_staff",
            Self::Ended => "grant.ended",
            Self::Oneself => "grant.oneself",
            Self::Scope => "grant.scope",
            Self::NoUnit => "grant.no_unit",
            Self::NoDong => "grant.no_dong",
            Self::FromPast => "grant.from_past",
            Self::UntilBefore => "grant.until_before",
            Self::Held => "grant.held",
            Self::ReasonMissing => "grant.reason_missing",
            Self::ReasonTooLong => "grant.reason_too_long",
            Self::NotFound => "grant.not_found",
            Self::Over => "grant.over",
            Self::LastAdministrator => "grant.last_administrator",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAllowed => lang.t(
                "권한은 전산 담당자만 주고 끝낼 수 있습니다.",
                "Only an administrator can give and end rights.",
            ),
            Self::NoStaff => lang.t("그런 계정이 없습니다.", "There is no such account."),
            Self::Ended => lang.t(
                "끝난 계정에는 권한을 줄 수 없습니다.",
                "This account has ended and can be given nothing.",
            ),
            Self::Oneself => lang.t(
                "자기 계정에는 권한을 줄 수 없습니다. 다른 전산 담당자에게 부탁해 주십시오.",
                "You cannot give yourself rights. Please ask another administrator.",
            ),
            Self::Scope => lang.t(
                "이 역할은 그 범위로 줄 수 없습니다. 민원조정관·전산 담당·감사 담당은 기관 전체로만, 팀장·과장은 부서나 동 이상으로 줍니다.",
                "This role cannot be had over that. Coordinator, administrator and auditor are of the whole office; a head needs a unit or a dong at the least.",
            ),
            Self::NoUnit => {
                lang.t("지금 있는 부서를 골라 주십시오.", "Please choose a unit that exists today.")
            }
            Self::NoDong => {
                lang.t("지금 있는 동을 골라 주십시오.", "Please choose a dong that exists today.")
            }
            Self::FromPast => lang.t(
                "시작하는 날은 오늘이거나 그 뒤여야 합니다.",
                "The first day is today or later.",
            ),
            Self::UntilBefore => lang.t(
                "마지막 날은 시작하는 날보다 앞설 수 없습니다.",
                "The last day cannot lie before the first.",
            ),
            Self::Held => lang.t(
                "같은 역할을 같은 범위로 이미 가지고 있습니다. 기간을 바꾸려면 먼저 그것을 끝내 주십시오.",
                "They have this role over this already. To change its dates, end that one first.",
            ),
            Self::ReasonMissing => lang.t(
                "까닭을 적어 주십시오. 기록에 남습니다.",
                "Please give the reason. It is kept.",
            ),
            Self::ReasonTooLong => lang.t(
                "까닭은 500자 안으로 적어 주십시오.",
                "Please keep the reason to 500 characters.",
            ),
            Self::NotFound => lang.t("그런 권한이 없습니다.", "There is no such grant."),
            Self::Over => lang.t("이미 끝난 권한입니다.", "This grant has ended already."),
            Self::LastAdministrator => lang.t(
                "마지막 전산 담당자의 권한은 끝낼 수 없습니다. 먼저 다른 사람에게 전산 담당 권한을 기한 없이 주십시오.",
                "The last administrator cannot be ended. First make somebody else one, without an end.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Scope | Self::Held => Some("scope"),
            Self::NoUnit => Some("unit"),
            Self::NoDong => Some("dong"),
            Self::FromPast => Some("from"),
            Self::UntilBefore => Some("until"),
            Self::ReasonMissing | Self::ReasonTooLong => Some("reason"),
            _ => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed | Self::Oneself => 403,
            Self::NoStaff | Self::NotFound => 404,
            Self::Ended | Self::Held | Self::Over | Self::LastAdministrator => 409,
            _ => 422,
        }
    }
}

type Done<T> = Result<T, Failure<GrantRefusal>>;

fn refuse<T>(refusal: GrantRefusal) -> Done<T> {
    Err(Failure::Refused(refusal))
}

/// A reason as it is kept, or what is said where there is none, or too much of it.
pub(crate) fn reason_of<R>(text: &str, missing: R, too_long: R) -> Result<String, Failure<R>> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err(Failure::Refused(missing)),
        count if count > LONGEST_REASON => Err(Failure::Refused(too_long)),
        _ => Ok(text),
    }
}

/// Whether the role can be had over that.
fn suits(role: Role, scope: &GrantScope) -> bool {
    match scope {
        GrantScope::Office => true,
        GrantScope::Own => matches!(role, Role::Officer | Role::Viewer),
        GrantScope::Dong(_) | GrantScope::OwnUnit | GrantScope::Unit(_) => !role.is_of_office(),
    }
}

/// Gives a person a role over a part of the office.
pub fn grant(tx: &mut Tx, ctx: &Ctx, new: &NewGrant) -> Done<Grant> {
    if !ctx.actor.may(&GRANT) {
        return refuse(GrantRefusal::NotAllowed);
    }
    let today = ctx.today();
    let reason = reason_of(&new.reason, GrantRefusal::ReasonMissing, GrantRefusal::ReasonTooLong)?;
    let Some(person) = read::staff_by_id(tx, ctx.office, new.staff)? else {
        return refuse(GrantRefusal::NoStaff);
    };
    if person.valid_to.is_some_and(|to| to <= today) {
        return refuse(GrantRefusal::Ended);
    }
    if ctx.actor.staff_id() == Some(new.staff) {
        return refuse(GrantRefusal::Oneself);
    }
    if !suits(new.role, &new.scope) {
        return refuse(GrantRefusal::Scope);
    }
    if let GrantScope::Unit(unit) = new.scope
        && !maeul_org::unit_by_id(tx, ctx.office, unit)?.is_some_and(|unit| unit.in_force(today))
    {
        return refuse(GrantRefusal::NoUnit);
    }
    if let GrantScope::Dong(code) = &new.scope
        && !maeul_place::dongs(tx, ctx.office, today)?.iter().any(|dong| dong.code == *code)
    {
        return refuse(GrantRefusal::NoDong);
    }
    if new.from < today {
        return refuse(GrantRefusal::FromPast);
    }
    if new.until.is_some_and(|until| until <= new.from) {
        return refuse(GrantRefusal::UntilBefore);
    }
    rows::bump_rights(tx, ctx.office)?;
    let same = |it: &Grant| it.role == new.role && it.scope == new.scope;
    let there = rows::grants(tx, ctx.office, new.staff)?;
    if there.iter().any(|it| same(it) && it.standing(today) != Standing::Over) {
        return refuse(GrantRefusal::Held);
    }
    let grant = Grant {
        id: ctx.id(),
        staff: new.staff,
        role: new.role,
        scope: new.scope.clone(),
        from: new.from,
        until: new.until,
        origin: Origin::Hand,
        reason,
        granted_at: ctx.now,
        granted_by: ctx.actor.staff_id(),
        ended_at: None,
        ended_by: None,
        end_reason: None,
    };
    put(tx, ctx, &grant)?;
    Ok(grant)
}

fn put(tx: &mut Tx, ctx: &Ctx, it: &Grant) -> Result<(), Fault> {
    rows::insert_grant(tx, ctx, it)?;
    store::log_account(tx, ctx, it.staff, "granted", &said(it))
}

/// A grant in the log: no name, no reason, only what and where.
fn said(it: &Grant) -> String {
    let scope = match &it.scope {
        GrantScope::Dong(code) => format!("dong {code}"),
        GrantScope::Unit(unit) => format!("unit {unit}"),
        other => other.word().to_owned(),
    };
    format!("{} {scope} {}", it.role.as_str(), it.id)
}

/// Takes a grant back, at once.
pub fn end_grant(tx: &mut Tx, ctx: &Ctx, id: GrantId, reason: &str) -> Done<Grant> {
    if !ctx.actor.may(&GRANT) {
        return refuse(GrantRefusal::NotAllowed);
    }
    let reason = reason_of(reason, GrantRefusal::ReasonMissing, GrantRefusal::ReasonTooLong)?;
    let Some(it) = rows::grant(tx, ctx.office, id)? else {
        return refuse(GrantRefusal::NotFound);
    };
    if it.standing(ctx.today()) == Standing::Over {
        return refuse(GrantRefusal::Over);
    }
    rows::bump_rights(tx, ctx.office)?;
    if it.role == Role::Administrator
        && it.standing(ctx.today()) == Standing::InForce
        && rows::other_administrators(tx, ctx.office, ctx.today(), Some(id), None)? == 0
    {
        return refuse(GrantRefusal::LastAdministrator);
    }
    close(tx, ctx, &it, &reason)?;
    Ok(rows::grant(tx, ctx.office, id)?.unwrap_or(it))
}

fn close(tx: &mut Tx, ctx: &Ctx, it: &Grant, reason: &str) -> Result<(), Fault> {
    rows::end_grant(tx, ctx, it.id, reason)?;
    store::log_account(tx, ctx, it.staff, "grant_ended", &said(it))
}

/// Whether somebody else keeps the installation, without an end, besides this person.
pub(crate) fn another_administrates(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<bool, Fault> {
    rows::bump_rights(tx, ctx.office)?;
    Ok(rows::other_administrators(tx, ctx.office, ctx.today(), None, Some(staff))? > 0)
}

/// What somebody of that role and unit is given when they come: their role over their own unit, or
/// over the office where the role is of the office; those of a 동's office see what lies in the 동.
fn usual(role: Role, unit: &Unit) -> Vec<(Role, GrantScope)> {
    let mut wanted = vec![(role, GrantScope::usual(role))];
    if let (UnitKind::Dong, Some(code), Role::Officer | Role::Head) = (unit.kind, &unit.dong, role)
    {
        wanted.push((Role::Viewer, GrantScope::Dong(code.clone())));
    }
    wanted
}

/// Makes the grants of the staff file fit a role and a unit: what no longer fits ends, what is new
/// begins. What was given by hand stays, and what was ended by hand stays ended.
pub(crate) fn import_grants(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    role: Role,
    unit: &Unit,
) -> Result<(), Fault> {
    let today = ctx.today();
    let wanted = usual(role, unit);
    let there = rows::grants(tx, ctx.office, staff)?;
    let imported = there.iter().filter(|it| it.origin == Origin::Import);
    let mut lasting = Vec::new();
    for it in imported.filter(|it| it.standing(today) != Standing::Over) {
        if wanted.iter().any(|(role, scope)| it.role == *role && it.scope == *scope) {
            lasting.push((it.role, it.scope.clone()));
        } else {
            close(tx, ctx, it, "직원 명부가 바뀜 / the staff file changed")?;
        }
    }
    for (role, scope) in wanted.into_iter().filter(|it| !lasting.contains(it)) {
        let grant = Grant {
            id: ctx.id(),
            staff,
            role,
            scope,
            from: today,
            until: None,
            origin: Origin::Import,
            reason: "직원 명부 / staff file".to_owned(),
            granted_at: ctx.now,
            granted_by: ctx.actor.staff_id(),
            ended_at: None,
            ended_by: None,
            end_reason: None,
        };
        put(tx, ctx, &grant)?;
    }
    Ok(())
}

/// Those of a 동's office who came before its staff were given their 동 to see, and are given it now.
/// Who ever had it, and had it taken away, stays without. Nothing is written where it is only looked.
pub fn give_own_dong(tx: &mut Tx, ctx: &Ctx, write: bool) -> Done<Vec<Staff>> {
    if !ctx.actor.may(&GRANT) {
        return refuse(GrantRefusal::NotAllowed);
    }
    let today = ctx.today();
    let units = maeul_org::units(tx, ctx.office, today)?;
    rows::bump_rights(tx, ctx.office)?;
    let mut given = Vec::new();
    for person in read::staff(tx, ctx.office, today)? {
        let Some(unit) = units.iter().find(|it| it.id == person.unit) else { continue };
        let mut wanted = usual(person.role, unit);
        wanted
            .retain(|(role, scope)| *role == Role::Viewer && matches!(scope, GrantScope::Dong(_)));
        let Some((role, scope)) = wanted.pop() else { continue };
        let there = rows::grants(tx, ctx.office, person.id)?;
        let works = |it: &Grant| {
            matches!(it.role, Role::Officer | Role::Head) && it.standing(today) == Standing::InForce
        };
        let had = |it: &Grant| it.role == role && it.scope == scope;
        if there.iter().any(had) || !there.iter().any(works) {
            continue;
        }
        if write {
            let grant = Grant {
                id: ctx.id(),
                staff: person.id,
                role,
                scope,
                from: today,
                until: None,
                origin: Origin::Import,
                reason: "동 직원은 자기 동을 봄 / the staff of a 동 see their 동".to_owned(),
                granted_at: ctx.now,
                granted_by: ctx.actor.staff_id(),
                ended_at: None,
                ended_by: None,
                end_reason: None,
            };
            put(tx, ctx, &grant)?;
        }
        given.push(person);
    }
    Ok(given)
}

/// Destroys grants that have been over for longer than they must be kept; run by a schedule.
pub fn forget_grants(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Fault> {
    let day = ctx
        .today()
        .checked_sub(jiff::Span::new().years(GRANTS_KEPT_YEARS))
        .map_err(|error| Fault::from_error("the day three years ago", error))?;
    let at = maeul_base::seoul::instant(day.at(0, 0, 0, 0));
    store::role::delete_role_changes_before(tx, ctx.office, day, at)?;
    rows::delete_grants_before(tx, ctx.office, day, at)
}
