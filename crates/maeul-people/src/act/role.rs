//! An office gives a permission to a role or takes one away: dated, with a reason, and kept like grants.

use jiff::civil::Date;
use maeul_base::{Ctx, Failure, Lang, Permission, Refusal, Role};
use maeul_db::Tx;

use crate::act::grant::reason_of;
use crate::grant::Standing;
use crate::id::RoleChangeId;
use crate::permissions::GRANT;
use crate::role::{RoleChangeEntry, Separation, separated};
use crate::store::{grant as rights, role as rows};

/// What is changed of a role, for how long, why.
#[derive(Clone, Debug)]
pub struct NewRoleChange {
    /// Which role.
    pub role: Role,
    /// Which permission, as a room declares it.
    pub permission: &'static Permission,
    /// Given to the role, else taken away.
    pub given: bool,
    /// The first day.
    pub from: Date,
    /// The first day on which it is no more; none for no end.
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
}

/// Why a role is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleRefusal {
    /// Only an administrator may.
    NotAllowed,
    /// There is no such permission.
    NoPermission,
    /// Duties that stay apart.
    Separated(Separation),
    /// Nobody gives more to a role they hold themself.
    Oneself,
    /// The role is so already.
    Already,
    /// There is a change of this already.
    Changed,
    /// The first day has passed.
    FromPast,
    /// It ends before it begins.
    UntilBefore,
    /// No reason is given.
    ReasonMissing,
    /// The reason is too long.
    ReasonTooLong,
    /// There is no such change.
    NotFound,
    /// It is over.
    Over,
}

impl Refusal for RoleRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "role.not_allowed",
            Self::NoPermission => "role.no_permission",
            Self::Separated(_) => "role.separated",
            Self::Oneself => "role.oneself",
            Self::Already => "role.already",
            Self::Changed => "role.changed",
            Self::FromPast => "role.from_past",
            Self::UntilBefore => "role.until_before",
            Self::ReasonMissing => "role.reason_missing",
            Self::ReasonTooLong => "role.reason_too_long",
            Self::NotFound => "role.not_found",
            Self::Over => "role.over",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAllowed => lang.t(
                "역할은 전산 담당자만 바꿀 수 있습니다.",
                "Only an administrator can change roles.",
            ),
            Self::NoPermission => lang.t("할 일을 골라 주십시오.", "Please choose a permission."),
            Self::Separated(Separation::Sides) => lang.t(
                "계정·설정을 관리하는 역할과 민원을 다루는 역할은 나누어 둡니다. 전산·감사 담당에게 민원을 보는 일을, 다른 역할에 관리하는 일을 줄 수 없습니다.",
                "Keeping accounts and settings stays apart from working cases: administrator and auditor cannot be given what sees cases, nor other roles what keeps the installation.",
            ),
            Self::Separated(Separation::Reviewer) => lang.t(
                "감사 담당에게는 점검하는 일만 줄 수 있습니다.",
                "An auditor can be given only what reviews.",
            ),
            Self::Separated(Separation::Viewer) => lang.t(
                "열람자에게는 보는 일만 줄 수 있습니다. 처리할 사람에게는 담당자 역할을 주십시오.",
                "A viewer can be given only what looks. Give the role of officer to who is to work.",
            ),
            Self::Separated(Separation::OwnAccount) => lang.t(
                "자기 계정을 돌보는 일은 누구에게서도 뗄 수 없습니다.",
                "Keeping one's own account belongs to everybody.",
            ),
            Self::Separated(Separation::Keeper) => lang.t(
                "전산 담당에게서 권한을 주는 일을 떼면 아무도 되돌릴 수 없습니다.",
                "Without giving rights the administrator could not turn this back.",
            ),
            Self::Oneself => lang.t(
                "자기가 가진 역할에는 더할 수 없습니다. 다른 전산 담당자에게 부탁해 주십시오.",
                "You cannot give more to a role you hold. Please ask another administrator.",
            ),
            Self::Already => lang.t("이미 그렇게 되어 있습니다.", "The role is so already."),
            Self::Changed => lang.t(
                "같은 역할의 같은 일을 바꾼 것이 이미 있습니다. 먼저 그것을 끝내 주십시오.",
                "There is a change of this already. Please end that one first.",
            ),
            Self::FromPast => lang.t(
                "시작하는 날은 오늘이거나 그 뒤여야 합니다.",
                "The first day is today or later.",
            ),
            Self::UntilBefore => lang.t(
                "마지막 날은 시작하는 날보다 앞설 수 없습니다.",
                "The last day cannot lie before the first.",
            ),
            Self::ReasonMissing => lang.t(
                "까닭을 적어 주십시오. 기록에 남습니다.",
                "Please give the reason. It is kept.",
            ),
            Self::ReasonTooLong => lang.t(
                "까닭은 500자 안으로 적어 주십시오.",
                "Please keep the reason to 500 characters.",
            ),
            Self::NotFound => lang.t("그런 변경이 없습니다.", "There is no such change."),
            Self::Over => lang.t("이미 끝난 변경입니다.", "This change has ended already."),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoPermission | Self::Separated(_) | Self::Already | Self::Changed => {
                Some("permission")
            }
            Self::Oneself => Some("role"),
            Self::FromPast => Some("from"),
            Self::UntilBefore => Some("until"),
            Self::ReasonMissing | Self::ReasonTooLong => Some("reason"),
            _ => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed | Self::Oneself => 403,
            Self::NotFound => 404,
            Self::Already | Self::Changed | Self::Over => 409,
            _ => 422,
        }
    }
}

type Done<T> = Result<T, Failure<RoleRefusal>>;

fn refuse<T>(refusal: RoleRefusal) -> Done<T> {
    Err(Failure::Refused(refusal))
}

/// Gives the permission to the role or takes it away.
pub fn change_role(tx: &mut Tx, ctx: &Ctx, new: &NewRoleChange) -> Done<RoleChangeEntry> {
    if !ctx.actor.may(&GRANT) {
        return refuse(RoleRefusal::NotAllowed);
    }
    let (today, reason) = (
        ctx.today(),
        reason_of(&new.reason, RoleRefusal::ReasonMissing, RoleRefusal::ReasonTooLong)?,
    );
    if let Some(why) = separated(new.role, new.permission, new.given) {
        return refuse(RoleRefusal::Separated(why));
    }
    if new.given && ctx.actor.rights().is_some_and(|it| it.is(new.role)) {
        return refuse(RoleRefusal::Oneself);
    }
    if new.from < today {
        return refuse(RoleRefusal::FromPast);
    }
    if new.until.is_some_and(|until| until <= new.from) {
        return refuse(RoleRefusal::UntilBefore);
    }
    if new.permission.roles.contains(&new.role) == new.given {
        return refuse(RoleRefusal::Already);
    }
    rights::bump_rights(tx, ctx.office)?;
    let name = new.permission.name;
    let same = |it: &RoleChangeEntry| it.role == new.role && it.permission == name;
    let there = rows::role_changes(tx, ctx.office)?;
    if there.iter().any(|it| same(it) && it.standing(today) != Standing::Over) {
        return refuse(RoleRefusal::Changed);
    }
    let change = RoleChangeEntry {
        id: ctx.id(),
        role: new.role,
        permission: name.to_owned(),
        given: new.given,
        from: new.from,
        until: new.until,
        reason,
        changed_at: ctx.now,
        changed_by: ctx.actor.staff_id(),
        ended_at: None,
        ended_by: None,
        end_reason: None,
    };
    rows::insert_role_change(tx, ctx, &change)?;
    Ok(change)
}

/// The role is again as the rooms declare it, at once.
pub fn end_role_change(
    tx: &mut Tx,
    ctx: &Ctx,
    id: RoleChangeId,
    reason: &str,
) -> Done<RoleChangeEntry> {
    if !ctx.actor.may(&GRANT) {
        return refuse(RoleRefusal::NotAllowed);
    }
    let reason = reason_of(reason, RoleRefusal::ReasonMissing, RoleRefusal::ReasonTooLong)?;
    let Some(it) = rows::role_change(tx, ctx.office, id)? else {
        return refuse(RoleRefusal::NotFound);
    };
    if it.standing(ctx.today()) == Standing::Over {
        return refuse(RoleRefusal::Over);
    }
    // To end a taking away is to give.
    if !it.given && ctx.actor.rights().is_some_and(|rights| rights.is(it.role)) {
        return refuse(RoleRefusal::Oneself);
    }
    rights::bump_rights(tx, ctx.office)?;
    rows::end_role_change(tx, ctx, id, &reason)?;
    Ok(rows::role_change(tx, ctx.office, id)?.unwrap_or(it))
}
