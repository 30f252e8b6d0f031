//! The one lint entry point: everything about the code that can be judged without running it.

use crate::setup::{self, Need, Tools};
use crate::shell::{Done, House, env, run};
use crate::step::Steps;
use crate::{arrows, tidy};

/// What the linters need from the system.
pub const NEEDS: [Need; 2] = [Need::Python, Need::Node];

/// Runs every lint, quick ones first, and goes on after a failure.
pub fn all(house: &House, steps: &mut Steps) {
    steps.run("format (cargo fmt)", || run(&mut house.cargo(["fmt", "--all", "--check"])));
    steps.run("arrows: dependencies point down", || arrows::check(house));
    steps.run("tidy: the house's own rules", || tidy::check(house));

    let mut tools = None;
    let prepared = steps.run("linters at hand", || {
        tools = Some(Tools::prepare(house)?);
        Ok(())
    });
    if let (true, Some(tools)) = (prepared, tools) {
        let tool = |name: &str| house.command(tools.path(name));
        steps.run("spelling (typos)", || run(tool("typos").args(["--force-exclude"])));
        steps.run("licences and sources (cargo-deny)", || {
            let checks = ["check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
            run(tool("cargo-deny").args(["--workspace"]).args(checks))
        });
        steps.run("known weaknesses of dependencies (RustSec)", || advisories(&tools, house));
        steps.run("unused dependencies (cargo-shear)", || run(&mut tool("cargo-shear")));
    } else {
        for name in ["spelling", "licences and sources", "unused dependencies"] {
            steps.skip(name, "its linter could not be installed");
        }
    }

    if house.root.join("web/package-lock.json").exists() {
        steps.run("types of web/ (npm run check)", || {
            setup::npm_ci(house, "web")?;
            run(house
                .command("npm")
                .args(["run", "--silent", "--if-present", "check"])
                .current_dir(house.root.join("web")))
        });
    }
    steps.run("clippy, warnings denied", || clippy(house));
    steps.run("documentation builds (cargo doc)", || doc(house));
}

/// Asks RustSec's database, which no package registry carries: it is fetched with git. Where that
/// cannot be reached the check says so and passes, unless `MAEUL_ADVISORIES=required` (which the
/// continuous integration of a connected house sets). `MAEUL_ADVISORY_DB` names a mirror.
fn advisories(tools: &Tools, house: &House) -> Done {
    let deny = || {
        let mut deny = house.command(tools.path("cargo-deny"));
        deny.arg("--workspace").arg("--manifest-path").arg(house.root.join("Cargo.toml"));
        if let Some(mirror) = env("MAEUL_ADVISORY_DB") {
            let url = format!("url.{mirror}.insteadOf");
            deny.env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", url)
                .env("GIT_CONFIG_VALUE_0", "https://github.com/RustSec/advisory-db");
        }
        deny
    };
    if let Err(problem) = run(deny().args(["fetch", "db"])) {
        if env("MAEUL_ADVISORIES").as_deref() == Some("required") {
            return Err(problem);
        }
        println!("   NOT CHECKED: the database of advisories cannot be reached from here.");
        return Ok(());
    }
    run(deny().args(["check", "--hide-inclusion-graph", "--disable-fetch", "advisories"]))
}

/// Warnings are denied here and not in `[lints]`, so that work in progress still compiles.
fn clippy(house: &House) -> Done {
    run(&mut house.cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))
}

fn doc(house: &House) -> Done {
    let mut cargo = house.cargo(["doc", "--workspace", "--no-deps", "--locked"]);
    run(cargo.arg("--document-private-items").env("RUSTDOCFLAGS", "-D warnings"))
}
