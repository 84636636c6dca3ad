//! From Rust to a WASM module with its JavaScript glue: cargo, then wasm-bindgen as a library.
//!
//! The library and the `wasm-bindgen` in the module must be the same version; both are pinned together
//! in the workspace.

use crate::shell::{cargo, root, run};
use crate::tools::WASM;
use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// The name of the glue in the stage; `boot.js` imports it.
pub(super) const GLUE: &str = "app.js";

/// Compiles the front end and gives the module as the compiler made it. Its own target folder: a
/// native build and this one do not wait for each other's lock.
pub(super) fn compile() -> Result<Vec<u8>> {
    let folder = root().join("target/wasm");
    run(cargo()
        .args(["build", "--profile", "wasm-release"])
        .args(["-p", "spotfix-frontend", "--bin", "frontend"])
        .args(["--target", WASM])
        .arg("--target-dir")
        .arg(&folder))?;
    super::read(&folder.join(WASM).join("wasm-release/frontend.wasm"))
}

/// Writes the glue and its snippets to the stage and gives the module that fits them.
pub(super) fn bind(module: Vec<u8>, stage: &Path) -> Result<Vec<u8>> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("app", module)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The start says where the module is; the default would name a file that is not there.
        .omit_default_module_path(true)
        .generate(stage)
        .context("wasm-bindgen refused the front end's module")?;
    super::read(&stage.join("app_bg.wasm"))
}
