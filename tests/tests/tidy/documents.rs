//! What is checked in documents: every path they name is there, so that nobody is sent to where something used to be.

use super::tree::{File, Tree};

/// Extensions by which a word in backticks is taken for a file's name.
const KINDS: [&str; 15] =
    ["rs", "md", "toml", "sql", "mjs", "js", "css", "json", "csv", "html", "lock", "png", "svg", "yml", "sh"];

/// What building, running and measuring leave behind; git does not keep it.
const MADE: [&str; 5] = ["target/", "spotfix-data", "node_modules/", "bench/latest.json", "tests/e2e/out/"];

/// The paths a document names that are not there: seen from the root, from the document's own folder, and by its name
/// alone anywhere below that folder, unless it is the root.
pub(crate) fn missing(document: &File, tree: &Tree) -> Vec<String> {
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_there = |path: &str| {
        tree.has(path)
            || (!folder.is_empty() && (tree.has(&format!("{folder}/{path}")) || tree.has_below(folder, path)))
    };
    named(&document.text, tree)
        .into_iter()
        .filter(|(_, path)| !MADE.iter().any(|made| path.starts_with(made)) && !is_there(path))
        .map(|(line, path)| format!("line {line}: there is no {path}"))
        .collect()
}

/// Every path in backticks or behind a link, with its line. Blocks of code are examples and are left out.
fn named(text: &str, tree: &Tree) -> Vec<(usize, String)> {
    let (mut found, mut is_example) = (Vec::new(), false);
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_example = !is_example;
        } else if !is_example {
            let quoted = line.split('`').skip(1).step_by(2).filter(|word| is_path(word, tree));
            let linked = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
            let linked = linked.filter(|to| !to.is_empty() && !to.contains(':'));
            found.extend(quoted.chain(linked).map(|path| (at + 1, path.to_owned())));
        }
    }
    found
}

/// Whether a word in backticks is meant as a path: a file's name, or something below one of our folders.
fn is_path(word: &str, tree: &Tree) -> bool {
    let is_plain = word.chars().all(|it| it.is_ascii_alphanumeric() || "/._-".contains(it));
    if !is_plain || word.starts_with(['/', '-']) || word.ends_with('.') || word.contains("..") {
        return false;
    }
    let is_file = word.rsplit_once('.').is_some_and(|(stem, kind)| !stem.is_empty() && KINDS.contains(&kind));
    let is_below = word.split_once('/').is_some_and(|(first, _)| tree.has(first));
    is_file || is_below
}

/// The codes of `app::problem` with their statuses, from lines such as `NotFound = "not_found", 404, "Not found";`.
pub(crate) fn errors(source: &str) -> Vec<(String, String)> {
    let read = |line: &str| {
        let (code, rest) = line.split_once(" = \"")?.1.split_once("\", ")?;
        let status = rest.split_once(", \"")?.0;
        let is_status = status.len() == 3 && status.chars().all(|it| it.is_ascii_digit());
        is_status.then(|| (code.to_owned(), status.to_owned()))
    };
    source.lines().filter_map(read).collect()
}

/// The errors that a page's table does not list with their status.
pub(crate) fn unlisted(errors: &[(String, String)], page: &str) -> Vec<String> {
    let is_missing =
        |(code, status): &&(String, String)| !page.contains(&format!("\n| `{code}` | {status} | "));
    errors.iter().filter(is_missing).map(|(code, status)| format!("{code} {status}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let there = ["app/src/order.rs", "data/README.md", "data/catalogue/units.csv"];
        let tree = Tree { files: Vec::new(), paths: there.map(str::to_owned).to_vec() };
        missing(&File { path: "data/README.md".to_owned(), text: text.to_owned() }, &tree)
    }

    #[test]
    fn paths_that_lead_nowhere_are_found() {
        for text in [
            "see `app/src/orders.rs`",
            "see `order.rs`",
            "the folder `app/source/`",
            "a [link](docs/x.md)",
            "![a picture](docs/screenshots/x.png)",
        ] {
            assert_eq!(faults(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn paths_that_lead_somewhere_and_what_is_no_path_are_left_alone() {
        for text in [
            "see `app/src/order.rs` and `app/src/` and `units.csv`",
            "a [link](app/src/order.rs), [another](https://example.org/x.md), [here](#here)",
            "`GET /api/issues`, `image/jpeg`, `closed ÷ due`, `Issue::decide`, `target/dist/spotfix`, `1.5`",
            "```\ncat `nowhere.rs`\n```",
        ] {
            assert_eq!(faults(text), Vec::<String>::new(), "{text}");
        }
    }
    #[test]
    fn errors_that_are_not_listed_are_found() {
        let found = errors(
            "    /// Gone.\n    NotFound = \"not_found\", 404, \"Not found\";\n    let x = \"y\", 4;\n",
        );
        assert_eq!(found, [("not_found".to_owned(), "404".to_owned())]);
        assert_eq!(unlisted(&found, "\n| `not_found` | 404 | Gone |\n"), Vec::<String>::new());
        assert_eq!(unlisted(&found, "\n| `not_found` | 410 | Gone |\n"), ["not_found 404"]);
    }
}
