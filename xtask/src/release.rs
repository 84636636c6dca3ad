//! What runs on the release build: the demo and the binary to hand out.

use crate::shell::{program, root, step, target};
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

/// Bundles the front end and builds the release binary around it.
fn build() -> Result<PathBuf> {
    web::bundle(web::Build::Release)?;
    step("building the release server");
    tools::build(&["--release", "-p", "spotfix-server", "--bin", "spotfix"])?;
    Ok(target().join("release/spotfix"))
}
