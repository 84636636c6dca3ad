//! What a build or a test needs on the machine: found, or installed, or named in one clear line.

use crate::shell::{cargo, find, output, program, root, run, step};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The target the front end is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// What cargo is told beside `.cargo/config.toml` for the front end: no path of this machine stands in the module. What a panic
/// names of a library is then the same, and as long, wherever it is built.
pub(crate) fn wasm_config() -> Result<[String; 2]> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let sources = home.context("neither CARGO_HOME nor HOME is set")?.join("registry/src");
    let registries = std::fs::read_dir(&sources).into_iter().flatten().flatten();
    let flags = registries.map(|registry| format!("'--remap-path-prefix={}='", registry.path().display()));
    let flags = flags.collect::<Vec<_>>().join(", ");
    Ok(["--config".to_owned(), format!("target.{WASM}.rustflags=[{flags}]")])
}

/// Adds the standard library for WASM when the toolchain lacks it.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let sysroot = output(program("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(WASM);
    if library.is_dir() {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!("the Rust target {WASM} is missing: install your toolchain's WASM standard library");
    }
    step(&format!("adding the Rust target {WASM}"));
    run(program("rustup").args(["target", "add", WASM]))
}

/// Installs the packages of a folder's `package-lock.json` when they are not the ones in its `node_modules`.
pub(crate) fn ensure_npm_packages(folder: &Path) -> Result<()> {
    if find("node").is_none() || find("npm").is_none() {
        apt_install(&["nodejs", "npm"], "Node.js 20 or newer with npm")?;
    }
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let wanted = hex::encode(Sha256::digest(&wanted));
    let stamp = folder.join("node_modules/.installed-lock");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    step("installing the npm packages");
    // None of our packages needs its install script, and nobody else's should run here.
    run(program("npm").args(["ci", "--ignore-scripts"]).current_dir(folder))?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// A program of `node_modules`.
pub(crate) fn npm_program(name: &str) -> std::process::Command {
    program(root().join("node_modules/.bin").join(name))
}

/// The folder of Debian's PostgreSQL programs (the server's, `pg_dump` and `pg_restore`), the newest version first, or where `PATH` has them.
pub(crate) fn postgres_programs() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    apt_install(&["postgresql", "postgresql-client"], "PostgreSQL (initdb, postgres, pg_dump)")?;
    find_postgres().context("postgresql was installed, but its initdb cannot be found")
}

/// Chromium for the browser tests, with fonts that have Chinese.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("SPOTFIX_CHROMIUM") {
        return Ok(chosen.into());
    }
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    apt_install(&["chromium", "fonts-noto-cjk"], "Chromium")?;
    find_chromium().context("chromium was installed, but cannot be found on PATH")
}

fn find_postgres() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").ok();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| ["initdb", "postgres", "pg_dump"].iter().all(|name| bin.join(name).is_file()))
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, bin)| bin);
    newest.or_else(|| Some(find("initdb")?.parent()?.to_path_buf()))
}

fn find_chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find)
}

/// Installs Debian packages when we may; otherwise says what to install.
fn apt_install(packages: &[&str], what: &str) -> Result<()> {
    let names = packages.join(" ");
    if !is_root()? || find("apt-get").is_none() {
        bail!("{what} is missing: install it first (Debian: apt-get install {names})");
    }
    step(&format!("installing {names}"));
    let apt = |words: &[&str]| {
        let mut command = program("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]);
        run(command.args(words))
    };
    // The package lists of a fresh container are empty or stale.
    apt(&["update"])?;
    let mut words = vec!["install", "--no-install-recommends"];
    words.extend(packages);
    apt(&words)
}

/// Whether this process is the superuser.
pub(crate) fn is_root() -> Result<bool> {
    Ok(output(program("id").arg("-u"))?.trim() == "0")
}

/// Compiles one package; cargo shows its own progress.
pub(crate) fn build(words: &[&str]) -> Result<()> {
    run(cargo().arg("build").args(words))
}
