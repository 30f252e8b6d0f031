//! The one lint entry point: everything about the code that can be judged without running it.

use crate::setup::{self, Need, Tools};
use crate::shell::{Done, House, run};
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
