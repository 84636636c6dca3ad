//! `cargo xtask bench`: builds what is measured, fetches what measures, hands over to `tests/bench/bench.mjs`.

use crate::shell::{program, root, run, step, target};
use crate::{tools, web};
use anyhow::Result;

/// Measures the release build; all parts together leave their table in `bench/latest.json`.
pub(crate) fn bench(parts: &[String]) -> Result<()> {
    web::bundle(web::Build::Release)?;
    step("building the release server and the photo pipeline's example");
    tools::build(&["--release", "-p", "spotfix-server", "--bin", "spotfix", "--example", "develop"])?;
    tools::ensure_npm_packages(&root().join("tests/bench"))?;
    let release = target().join("release");
    let mut command = program("node");
    command
        .arg(root().join("tests/bench/bench.mjs"))
        .args(parts)
        .env("SPOTFIX_BIN", release.join("spotfix"))
        .env("SPOTFIX_DEVELOP", release.join("examples/develop"));
    if parts.is_empty() || parts.iter().any(|part| part == "web") {
        command.env("SPOTFIX_CHROMIUM", tools::chromium()?);
    }
    step("measuring");
    run(&mut command)
}
