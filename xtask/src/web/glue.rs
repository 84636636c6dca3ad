//! From Rust to WASM modules with their JavaScript glue: cargo, then the splitter and wasm-bindgen as libraries.
//!
//! What `#[lazy_route]` marks becomes a module of its own, loaded by whoever goes there; the rest is the main module.
//! wasm-bindgen's library and the `wasm-bindgen` in the module must be the same version; both are pinned together
//! in the workspace.

use super::sections;
use crate::shell::{cargo, root, run};
use crate::tools::{WASM, wasm_config};
use anyhow::{Context, Result, anyhow};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

/// The name of the glue in the stage; `boot.js` imports it.
pub(super) const GLUE: &str = "app.js";

/// The script that loads what was split off; the glue imports it.
const LINK: &str = "./split.js";

/// How the module is compiled; both by profiles of the workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// As small as can be.
    Release,
    /// In little time, for trying things out.
    Quick,
}

/// The doors (`#[lazy]`, `#[lazy_route]`) of those who work outside: what is behind them has to open without a network.
const OUTSIDE: [&str; 2] = ["field_page", "unit_route_view"];

/// What takes the place of the splitter's own call: a part that cannot be fetched must not be the end of the page.
const INSIST: (&str, &str) = ("await callee();", "await insist(callee);");

/// What takes the place of the splitter's own fetch: a part that is no longer there is not the same as no network.
const FETCH: (&str, &str) = ("fetch(new URL(", "fetchPart(new URL(");

/// The modules, by path inside the bundle.
pub(super) struct Modules {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Path of the main module.
    pub(super) main: String,
    /// Paths of the parts that nobody outside comes to.
    pub(super) inside: BTreeSet<String>,
}

/// Compiles the front end and gives the module as the compiler made it. Its own target folder: a
/// native build and this one do not wait for each other's lock.
pub(super) fn compile(build: Build) -> Result<Vec<u8>> {
    let folder = root().join("target/wasm");
    let profile = match build {
        Build::Release => "wasm-release",
        Build::Quick => "wasm-quick",
    };
    run(cargo()
        .args(wasm_config()?)
        .args(["rustc", "--profile", profile])
        .args(["-p", "spotfix-frontend", "--bin", "frontend"])
        .args(["--target", WASM])
        .arg("--target-dir")
        .arg(&folder)
        // The splitter follows the relocations to know who needs what.
        .args(["--", "-Clink-arg=--emit-relocs"]))?;
    super::read(&folder.join(WASM).join(profile).join("frontend.wasm"))
}

/// Splits the module, writes the scripts that go with the parts to the stage and gives the parts.
pub(super) fn bind(module: &[u8], stage: &Path) -> Result<Modules> {
    std::fs::create_dir_all(stage)?;
    let unbound = stage.join("unbound.wasm");
    let mut options = Options::new(module);
    options.output_dir = stage;
    options.main_out_path = &unbound;
    options.main_module = "./app.js";
    options.link_name = LINK;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the front end's module cannot be split: {error:#}"))?;

    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("app", super::read(&unbound)?)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The parts find each other by these names.
        .keep_lld_exports(true)
        .demangle(false)
        // The start says where the module is; the default would name a file that is not there.
        .omit_default_module_path(true)
        .generate(stage)
        .context("wasm-bindgen refused the front end's module")?;

    let mut files = BTreeMap::new();
    let main = add(&mut files, "app", shorten_names(stage)?);
    let link = stage.join(LINK);
    let mut script = patient(&std::fs::read_to_string(&link)?)?;
    let mut inside = BTreeSet::new();
    for file in split.split_modules {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let path = add(&mut files, "part", sections::strip(&super::read(&file)?)?);
        script = script.replace(&format!("\"./{name}.wasm\""), &format!("\"/{path}\""));
        let is_outside = |(door, parts): (&String, &Vec<String>)| {
            OUTSIDE.iter().any(|it| door.contains(it)) && parts.contains(&name)
        };
        if !split.prefetch_map.iter().any(is_outside) {
            inside.insert(path);
        }
    }
    for door in OUTSIDE {
        let is_there = split.prefetch_map.keys().any(|it| it.contains(door));
        anyhow::ensure!(is_there, "the front end has no lazy {door} any more: say what replaced it");
    }
    std::fs::write(&link, script)?;
    Ok(Modules { files, main, inside })
}

/// The main module with short names for what wasm-bindgen's script gives it, which the script in the stage then uses too. Each
/// long name ends in a hash, and no compression makes a hash shorter.
fn shorten_names(stage: &Path) -> Result<Vec<u8>> {
    let path = stage.join("app.js");
    let mut script = std::fs::read_to_string(&path)?;
    let sections::Shortened { bytes, names } =
        sections::shorten(&super::read(&stage.join("app_bg.wasm"))?, "./app_bg.js")?;
    for (long, short) in names {
        let (theirs, ours) = (format!("\n        {long}: "), format!("\n        {short}: "));
        anyhow::ensure!(
            script.matches(&theirs).count() == 1,
            "wasm-bindgen's script has `{long}` not exactly once"
        );
        script = script.replace(&theirs, &ours);
    }
    std::fs::write(&path, shakeable(&script))?;
    Ok(bytes)
}

/// The script without what keeps classes that nobody uses: libraries export some, and the bundler leaves out a class that
/// nothing refers to, and a call that is said to have no effect. Nothing here disposes of an object by `using`.
fn shakeable(script: &str) -> String {
    let lines = script.lines().filter(|line| !line.starts_with("if (Symbol.dispose) "));
    let script: String = lines.flat_map(|line| [line, "\n"]).collect();
    script.replace(": new FinalizationRegistry(", ": /* @__PURE__ */ new FinalizationRegistry(")
}

/// The splitter's script with our way of fetching and of meeting failure, `frontend/web/shell/parts.js`.
fn patient(script: &str) -> Result<String> {
    let mut patient = format!("import {{ fetchPart, insist }} from \"spotfix-parts\";\n{script}");
    for (theirs, ours) in [INSIST, FETCH] {
        anyhow::ensure!(patient.contains(theirs), "the splitter's script has no `{theirs}` any more");
        patient = patient.replace(theirs, ours);
    }
    Ok(patient)
}

fn add(files: &mut BTreeMap<String, Vec<u8>>, name: &str, module: Vec<u8>) -> String {
    let path = format!("assets/{name}-{}.wasm", &super::digest(&module)[..8]);
    files.insert(path.clone(), module);
    path
}
