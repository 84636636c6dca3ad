//! From Rust to WASM modules with their JavaScript glue: cargo, then the splitter and wasm-bindgen as libraries.
//!
//! What `#[lazy_route]` marks becomes a module of its own, loaded by whoever goes there; the rest is the main module.
//! wasm-bindgen's library and the `wasm-bindgen` in the module must be the same version; both are pinned together
//! in the workspace.

use super::sections;
use crate::shell::{cargo, root, run};
use crate::tools::WASM;
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeMap;
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

/// The modules, by path inside the bundle.
pub(super) struct Modules {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Path of the main module.
    pub(super) main: String,
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
    let main = add(&mut files, "app", super::read(&stage.join("app_bg.wasm"))?);
    let link = stage.join(LINK);
    let mut script = std::fs::read_to_string(&link)?;
    for file in split.split_modules {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let path = add(&mut files, "part", sections::strip(&super::read(&file)?)?);
        script = script.replace(&format!("\"./{name}.wasm\""), &format!("\"/{path}\""));
    }
    std::fs::write(&link, script)?;
    Ok(Modules { files, main })
}

fn add(files: &mut BTreeMap<String, Vec<u8>>, name: &str, module: Vec<u8>) -> String {
    let path = format!("assets/{name}-{}.wasm", &super::digest(&module)[..8]);
    files.insert(path.clone(), module);
    path
}
