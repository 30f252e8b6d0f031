//! `maeul staff new-credentials`: the telephone was lost, the password forgotten.

use maeul_base::{Ctx, Failure};
use maeul_people::{AccountRefusal, Initial, issue_credentials, make_credentials, staff_by_login};
use serde_json::json;

use super::{nobody, print};
use crate::end::{End, Told};
use crate::open;
use crate::store::OfficeArgs;

#[derive(clap::Args, Clone, Debug)]
pub(super) struct NewArgs {
    /// The person's sign-in name.
    login: String,
    #[command(flatten)]
    at: OfficeArgs,
}

/// Gives them, and shows them once.
pub(super) async fn renew(args: NewArgs) -> Told {
    let lang = args.at.lang;
    let house = open::open(&args.at.store.config()?).await?;
    let site = house.site;
    let office = open::one_office(&site, args.at.office.as_deref(), lang)?.id;
    let login = args.login.clone();
    let found = site.db().read(move |tx| staff_by_login(tx, office, &login)).await?;
    let person = found.ok_or_else(|| nobody(&args.login, lang))?;
    // A command may take its time over the hash: nobody else waits on this thread.
    let account = make_credentials(site.ids(), &[person.login], &Initial::Random)?
        .pop()
        .ok_or_else(|| End::fault("no credentials were made".to_owned()))?;
    let (ctx, seal) = (Ctx { lang, ..site.system_ctx(office) }, site.seal().clone());
    let given = account.clone();
    let done: Result<(), Failure<AccountRefusal>> =
        site.db().write(move |tx| issue_credentials(tx, &ctx, &seal, person.id, &given)).await;
    done.map_err(|failure| End::of(failure, lang))?;
    let (password, key) = (&account.password, account.totp.to_base32());
    if args.at.json {
        let told = json!({ "login": account.login, "password": password, "totp_secret": key });
        return print(&told.to_string());
    }
    let told = lang.t(
        "지금만 보입니다. 안전하게 건네십시오. 열려 있던 로그인과 패스키는 끝났습니다.",
        "Shown only now; hand them over safely. Open sessions and passkeys have ended.",
    );
    print(&format!("{told}\n{}\t{password}\t{key}", account.login))
}
