//! Builds the crate again when what a release embeds has changed: the front end's bundle and the migrations.
//! A debug build reads both from disk while it runs.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        let bundle = Path::new("../target/bundle");
        // A folder that is missing would count as changed on every build.
        if std::fs::create_dir_all(bundle).is_ok() {
            println!("cargo:rerun-if-changed=../target/bundle");
        }
        println!("cargo:rerun-if-changed=../migrations");
    }
}
