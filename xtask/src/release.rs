//! What runs on the release build: the demo, the binary to hand out, the measurements.

use crate::shell::{cargo, program, root, run, step, target};
use crate::{tools, web};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

/// Builds, then becomes `spotfix demo`, so that Ctrl-C and signals reach the server itself.
pub(crate) fn demo(port: u16, data: Option<&Path>, reset: bool) -> Result<()> {
    let binary = build()?;
    let mut command = program(&binary);
    command.args(["demo", "--port", &port.to_string()]);
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    if reset {
        command.arg("--reset");
    }
    step("starting the demo county");
    Err(command.exec()).with_context(|| format!("cannot start {}", binary.display()))
}

/// Copies the release binary, which holds the front end, to `target/dist/spotfix`.
pub(crate) fn dist() -> Result<()> {
    let binary = build()?;
    let dist = root().join("target/dist");
    std::fs::create_dir_all(&dist)?;
    let file = dist.join("spotfix");
    std::fs::copy(&binary, &file).with_context(|| format!("cannot write {}", file.display()))?;
    let bytes = std::fs::read(&file)?;
    println!("target/dist/spotfix  {} bytes", bytes.len());
    println!("sha256 {}", hex::encode(Sha256::digest(&bytes)));
    Ok(())
}

/// Measures the release build and leaves the table in `bench/latest.json`.
pub(crate) fn bench(part: Option<&str>) -> Result<()> {
    let binary = build()?;
    step("measuring");
    let mut command = cargo();
    command.args(["run", "--release", "-p", "spotfix-tests", "--bin", "bench"]).env("SPOTFIX_BIN", binary);
    if let Some(part) = part {
        command.args(["--", part]);
    }
    run(&mut command)
}

/// Bundles the front end and builds the release binary around it.
fn build() -> Result<PathBuf> {
    web::bundle()?;
    step("building the release server");
    tools::build(&["--release", "-p", "spotfix-server", "--bin", "spotfix"])?;
    Ok(target().join("release/spotfix"))
}
