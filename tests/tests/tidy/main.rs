//! House rules that a program can check, over every file git keeps. Each rule is shown to find what it forbids.
//!
//! The rules and their reasons are in `CONTRIBUTING.md`.

mod documents;
mod schema;
mod source;
mod tree;
mod versions;

use tree::{File, Tree};

/// Runs a checker over files and fails with every fault, each on its own line with its place.
#[track_caller]
fn hold<'a>(files: impl IntoIterator<Item = &'a File>, check: impl Fn(&File) -> Vec<String>) {
    let (mut count, mut faults) = (0, Vec::new());
    for file in files {
        count += 1;
        faults.extend(check(file).into_iter().map(|fault| format!("{}: {fault}", file.path)));
    }
    // A rule that looks at nothing would hold for ever.
    assert!(count > 0, "no file to look at");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let tree = Tree::read();
    hold(tree.of(&["rs", "js", "mjs", "css", "sql"]), |file| source::purpose(&file.path, &file.text));
}

#[test]
fn a_file_tells_one_story() {
    let tree = Tree::read();
    hold(tree.of(&["rs", "js", "mjs", "css", "sql"]), |file| source::length(&file.text));
    hold(tree.of(&["rs"]), |file| source::name(&file.path));
}

#[test]
fn nothing_is_left_to_do() {
    hold(Tree::read().of(&["rs"]), |file| source::left_overs(&file.text));
}

#[test]
fn lints_are_answered_with_a_reason() {
    hold(Tree::read().of(&["rs"]), |file| source::lint_attributes(&file.text));
}

#[test]
fn text_is_plain() {
    let tree = Tree::read();
    let kinds = ["rs", "js", "mjs", "css", "sql", "md", "toml", "html", "csv"];
    // Cases are as somebody else's program saved them.
    let ours = tree.of(&kinds).filter(|file| !file.path.starts_with("tests/cases/"));
    hold(ours, |file| source::plain(&file.text));
}

#[test]
fn nothing_names_the_machine_it_was_made_on() {
    let tree = Tree::read();
    hold(&tree.files, |file| source::machine(&file.text));
    hold(tree.files.iter().filter(|file| file.path.ends_with("package-lock.json")), |file| {
        source::locked_addresses(&file.text)
    });
    hold(tree.files.iter().filter(|file| file.path == "Cargo.lock"), |file| {
        source::locked_sources(&file.text)
    });
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let tree = Tree::read();
    hold(tree.of(&["rs", "js", "mjs", "css", "sql", "md", "toml", "html"]), |file| {
        source::trackers(&file.text)
    });
}

#[test]
fn words_live_in_the_dictionary() {
    let tree = Tree::read();
    let pages = tree.below("frontend/src/").filter(|file| {
        !file.path.starts_with("frontend/src/words") && !file.path.starts_with("frontend/src/pages/gallery")
    });
    hold(pages, |file| source::chinese(&file.text));
}

#[test]
fn colours_have_names() {
    let tree = Tree::read();
    let styles = tree.below("frontend/web/styles/").filter(|file| !file.path.ends_with("/tokens.css"));
    hold(styles, |file| source::palette(&file.text));
}

#[test]
fn the_page_asks_nobody_else_for_anything() {
    let tree = Tree::read();
    hold(tree.below("frontend/").filter(|file| !file.path.ends_with(".svg")), |file| {
        source::outside(&file.text)
    });
}

#[test]
fn the_domain_does_nothing_but_decide() {
    let tree = Tree::read();
    hold(tree.below("app/src/"), |file| source::input_and_output(&file.text));
}

#[test]
fn one_place_knows_the_engines() {
    let tree = Tree::read();
    hold(tree.below("server/src/").filter(|file| !file.path.starts_with("server/src/db")), |file| {
        source::engines(&file.text)
    });
    hold(tree.below("server/src/"), |file| source::shouted_sql(&file.text));
}

#[test]
fn migrations_fit_both_engines() {
    let tree = Tree::read();
    let shared = tree.below("migrations/").filter(|file| file.path.matches('/').count() == 1);
    hold(shared, |file| schema::portable(&file.text));
}

#[test]
fn documents_name_paths_that_exist() {
    let tree = Tree::read();
    hold(tree.of(&["md"]), |file| documents::missing(file, &tree));
}

#[test]
fn one_version_is_under_way_everywhere() {
    let named = versions::named(&Tree::read());
    assert!(named.len() > 14, "found only {named:?}");
    assert_eq!(versions::differing(&named), Vec::<String>::new());
}

#[test]
fn the_api_page_lists_every_error() {
    let tree = Tree::read();
    let text = |path: &str| tree.files.iter().find(|file| file.path == path).expect("kept").text.clone();
    let (page, problems) = (text("API.md"), text("app/src/problem.rs"));
    let errors = documents::errors(&problems);
    assert!(errors.len() > 20, "found only {}", errors.len());
    assert_eq!(documents::unlisted(&errors, &page), Vec::<String>::new());
}
