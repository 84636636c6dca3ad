//! What is checked of versions: every place that names the one under way names the same.

use super::tree::Tree;
use serde_json::Value;

/// A place that names a version, and which one it names.
pub(crate) type Named = (String, Option<String>);

/// Every place of the tree that names the version under way. What the binary says is compared in its own tests.
pub(crate) fn named(tree: &Tree) -> Vec<Named> {
    let text =
        |path: &str| tree.files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());
    let json = |path: &str| serde_json::from_str::<Value>(text(path)).unwrap_or_default();
    let at =
        |path: &str, pointer: &str| json(path).pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let workspace = assigned(section(text("Cargo.toml"), "[workspace.package]"), "version");
    let mut named = vec![
        ("Cargo.toml".to_owned(), workspace.clone()),
        ("package.json".to_owned(), at("package.json", "/version")),
        ("package-lock.json".to_owned(), at("package-lock.json", "/version")),
        ("package-lock.json: packages".to_owned(), at("package-lock.json", "/packages//version")),
        ("CHANGELOG.md: the top heading".to_owned(), top_heading(text("CHANGELOG.md"))),
        ("tests/openapi.json: info.version".to_owned(), at("tests/openapi.json", "/info/version")),
    ];
    for file in tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let package = section(&file.text, "[package]");
        let own = if package.contains("version.workspace = true") {
            workspace.clone()
        } else {
            assigned(package, "version")
        };
        named.push((file.path.clone(), own));
        if let Some(name) = assigned(package, "name") {
            named.push((format!("Cargo.lock: {name}"), locked(text("Cargo.lock"), &name)));
        }
    }
    for page in ["README.md", "README.zh-CN.md", "API.md"] {
        named.extend(mentioned(text(page)).into_iter().map(|version| (page.to_owned(), Some(version))));
    }
    named
}

/// The places that do not name the version that the first one names.
pub(crate) fn differing(named: &[Named]) -> Vec<String> {
    let Some((_, Some(version))) = named.first() else {
        return vec!["the first place names no version".to_owned()];
    };
    let differs = |(_, found): &&Named| found.as_ref() != Some(version);
    let told = |(place, found): &Named| {
        format!("{place}: {} instead of {version}", found.as_deref().unwrap_or("no version"))
    };
    named.iter().filter(differs).map(told).collect()
}

/// The lines of a TOML file under a heading.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let rest = text.split_once(heading).map_or("", |(_, rest)| rest);
    rest.split_once("\n[").map_or(rest, |(section, _)| section)
}

fn assigned(section: &str, key: &str) -> Option<String> {
    let value = section.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_prefix('='))?;
    Some(value.trim().trim_matches('"').to_owned())
}

fn locked(lock: &str, name: &str) -> Option<String> {
    assigned(lock.split_once(&format!("name = \"{name}\"\n"))?.1, "version")
}

/// The version of the first heading, released or under way.
fn top_heading(changes: &str) -> Option<String> {
    let heading = changes.lines().find_map(|line| line.strip_prefix("## "))?;
    heading.split(' ').next().filter(|word| is_version(word)).map(str::to_owned)
}

/// The versions that a page says Spotfix has.
fn mentioned(page: &str) -> Vec<String> {
    let after = page.match_indices("potfix ").map(|(at, word)| &page[at + word.len()..]);
    let words =
        after.filter_map(|rest| rest.split(|it: char| it.is_whitespace() || ",;:()`".contains(it)).next());
    words
        .map(|word| word.trim_start_matches('v').trim_end_matches('.'))
        .filter(|word| is_version(word))
        .map(str::to_owned)
        .collect()
}

/// Three numbers.
fn is_version(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::tree::File;
    use super::*;

    const FILES: [(&str, &str); 8] = [
        ("Cargo.toml", "[workspace]\nmembers = []\n\n[workspace.package]\nversion = \"0.3.0\"\n"),
        ("Cargo.lock", "[[package]]\nname = \"one\"\nversion = \"0.3.0\"\n"),
        ("one/Cargo.toml", "[package]\nname = \"one\"\nversion.workspace = true\n\n[dependencies]\n"),
        ("package.json", "{\"version\": \"0.3.0\"}"),
        ("package-lock.json", "{\"version\": \"0.3.0\", \"packages\": {\"\": {\"version\": \"0.3.0\"}}}"),
        ("CHANGELOG.md", "# Changes\n\n## 0.3.0 – unreleased\n\n## 0.2.0\n"),
        ("tests/openapi.json", "{\"info\": {\"version\": \"0.3.0\"}}"),
        ("README.md", "This page is of Spotfix 0.3.0. Spotfix uses port 8080."),
    ];

    fn faults(change: Option<usize>, from: &str, to: &str) -> Vec<String> {
        let file = |(at, (path, text)): (usize, &(&str, &str))| File {
            path: (*path).to_owned(),
            text: if change == Some(at) { text.replacen(from, to, 1) } else { (*text).to_owned() },
        };
        let files: Vec<File> = FILES.iter().enumerate().map(file).collect();
        differing(&named(&Tree { files, paths: Vec::new() }))
    }

    #[test]
    fn a_place_that_names_another_version_is_found() {
        assert_eq!(faults(None, "", ""), Vec::<String>::new());
        for (at, (path, _)) in FILES.iter().enumerate().filter(|(at, _)| ![0, 2].contains(at)) {
            let found = faults(Some(at), "0.3.0", "0.2.0");
            assert!(found.len() == 1 && found[0].ends_with("0.2.0 instead of 0.3.0"), "{path}: {found:?}");
        }
        assert!(faults(Some(0), "0.3.0", "0.4.0").len() >= 7, "the workspace moved on alone");
        assert_eq!(
            faults(Some(2), "version.workspace = true", "version = \"1.0.0\""),
            ["one/Cargo.toml: 1.0.0 instead of 0.3.0"]
        );
    }

    #[test]
    fn a_place_that_names_none_is_found() {
        assert_eq!(
            faults(Some(5), "0.3.0 – unreleased", "Unreleased"),
            ["CHANGELOG.md: the top heading: no version instead of 0.3.0"]
        );
        assert_eq!(faults(Some(0), "version", "edition"), ["the first place names no version"]);
    }
}
