//! What is checked in source files. A checker gets a text and gives its faults; the tests below show it failing.

/// Lines a file has at most.
const MOST_LINES: usize = 400;

/// `line` and what is wrong there, for every line of which `is_wrong` says so.
fn each_line(text: &str, what: &str, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let wrong = text.lines().enumerate().filter(|(_, line)| is_wrong(line));
    wrong.map(|(at, line)| format!("line {}: {what}: {}", at + 1, line.trim())).collect()
}

/// `line` without what follows `//`; a slash pair inside a string counts as one too, which hides a little and accuses
/// nobody wrongly.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// The code of a Rust file before its tests, with line numbers kept.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

/// The file opens with a line that says what it is for.
pub(crate) fn purpose(path: &str, text: &str) -> Vec<String> {
    let mark = match path.rsplit('.').next() {
        Some("rs") => "//! ",
        Some("css") => "/* ",
        Some("sql") => "-- ",
        _ => "// ",
    };
    let first = text.lines().find(|line| !line.starts_with("#!/")).unwrap_or_default();
    match first.strip_prefix(mark) {
        Some(words) if words.trim().chars().count() >= 10 => Vec::new(),
        _ => vec![format!("does not begin with `{mark}` and what it is for")],
    }
}

/// The file is not longer than a story.
pub(crate) fn length(text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines > MOST_LINES { vec![format!("{lines} lines; {MOST_LINES} at most")] } else { Vec::new() }
}

/// A module is `order.rs` beside `order/`: every tab of an editor then has a name of its own.
pub(crate) fn name(path: &str) -> Vec<String> {
    let is_nameless = path.rsplit('/').next() == Some("mod.rs");
    if is_nameless { vec!["a module is named after itself".to_owned()] } else { Vec::new() }
}

/// Nothing is marked as unfinished, and nothing prints while somebody was looking.
pub(crate) fn left_overs(text: &str) -> Vec<String> {
    let macros = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    each_line(text, "left over", |line| macros.iter().any(|it| code(line).contains(it.as_str())))
}

/// A lint is answered with `expect` and a reason, so that the answer goes when it is no longer needed.
pub(crate) fn lint_attributes(text: &str) -> Vec<String> {
    let mut faults = each_line(text, "say `expect` with a reason", |line| {
        let line = line.trim_start();
        // What stands in quotes is a message.
        let words: String = line.split('"').step_by(2).collect();
        (line.starts_with("#[") || line.starts_with("#!["))
            && words.match_indices("allow(").any(|(at, _)| words[..at].ends_with(['[', '(', ' ', ',']))
    });
    for (at, _) in text.match_indices("#[expect(") {
        let starts_line = text[..at].rsplit('\n').next().is_some_and(|before| before.trim().is_empty());
        let attribute = text[at..].split(")]").next().unwrap_or_default();
        if starts_line && !attribute.contains("reason = \"") {
            faults.push(format!("line {}: `expect` without a reason", text[..at].lines().count() + 1));
        }
    }
    faults
}

/// No tabs, no carriage returns, nothing after the last word of a line, one newline at the end.
pub(crate) fn plain(text: &str) -> Vec<String> {
    let mut faults = each_line(text, "a tab, or space at the end", |line| {
        line.contains('\t') || line.ends_with([' ', '\u{3000}'])
    });
    if text.contains('\r') {
        faults.push("carriage returns".to_owned());
    }
    if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
        faults.push("does not end with one newline".to_owned());
    }
    faults
}

/// No folder of somebody's machine, no host packages were fetched from.
pub(crate) fn machine(text: &str) -> Vec<String> {
    let folders = ["root", "home", "Users", "work", "mnt"].map(|name| format!("/{name}/"));
    // Said in two pieces, or this file would name them.
    let hosts = [["registry.", "npmjs"], ["npm", "mirror"], ["index.", "crates.io"], ["pypi.", "org"]]
        .map(|it| it.concat());
    let starts_path = |line: &str, folder: &str| {
        line.match_indices(folder)
            .any(|(at, _)| line[..at].chars().next_back().is_none_or(|before| " \"'`(=:<>[".contains(before)))
    };
    each_line(text, "a path or host of one machine", |line| {
        folders.iter().any(|it| starts_path(line, it)) || hosts.iter().any(|it| line.contains(it.as_str()))
    })
}

/// A lock of npm records no addresses: they would be those of whoever wrote it.
pub(crate) fn locked_addresses(text: &str) -> Vec<String> {
    each_line(text, "an address", |line| line.contains("\"resolved\"") || line.contains("\"registry\""))
}

/// Crates come from the public index, under the name everybody knows it by.
pub(crate) fn locked_sources(text: &str) -> Vec<String> {
    let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    each_line(text, "another source", |line| line.starts_with("source = ") && line != public)
}

/// What a reader cannot look up has no place here: numbers of a tracker, trailers of a tool.
pub(crate) fn trackers(text: &str) -> Vec<String> {
    let trailers =
        [["co-authored", "-by:"], ["generated", " with "], ["signed-off", "-by:"]].map(|it| it.concat());
    let numbered = |line: &str, word: &str| {
        line.match_indices(word).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + word.len()..].trim_start_matches([' ', '#']);
            !before.is_some_and(char::is_alphanumeric)
                && after.len() < line[at + word.len()..].len()
                && after.starts_with(|it: char| it.is_ascii_digit())
        })
    };
    each_line(text, "says where it was talked about", |line| {
        let line = line.to_lowercase();
        trailers.iter().any(|it| line.contains(it.as_str()))
            || ["issue", "issues", "fixes", "closes", "ticket", "pr", "pull request"]
                .iter()
                .any(|word| numbered(&line, word))
    })
}

/// Chinese in code is a word somebody reads, and belongs into the dictionary, where it has an English sister.
pub(crate) fn chinese(text: &str) -> Vec<String> {
    each_line(without_tests(text), "Chinese outside the dictionary", |line| {
        code(line).chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it))
    })
}

/// Steps of the palette have names in `tokens.css`; elsewhere only the names are used.
pub(crate) fn palette(text: &str) -> Vec<String> {
    let scales = ["slate", "blue", "amber", "red", "grass", "plum"].map(|scale| format!("var(--{scale}-"));
    each_line(text, "a colour without a name", |line| scales.iter().any(|it| line.contains(it.as_str())))
}

/// No address of another server, no script or style in a page's text: the policy of every answer forbids both.
pub(crate) fn outside(text: &str) -> Vec<String> {
    each_line(text, "an address, or a style in the text", |line| {
        let code = line.replace("http://www.w3.org/", "");
        code.contains("http://") || code.contains("https://") || code.contains("style=\"")
    })
}

/// `app` has no clock, no files, no network: the phone runs the same code.
pub(crate) fn input_and_output(text: &str) -> Vec<String> {
    let reaches =
        ["std::fs", "std::net", "std::env", "std::process", "SystemTime", "Instant::now", "println!("];
    each_line(without_tests(text), "reaches outside", |line| reaches.iter().any(|it| code(line).contains(it)))
}

/// Only `db.rs` and what is below it say which engine there is.
pub(crate) fn engines(text: &str) -> Vec<String> {
    let names = ["sqlx::sqlite", "sqlx::postgres", "SqlitePool", "PgPool", "Postgres>", "Sqlite>"];
    each_line(without_tests(text), "an engine by name", |line| names.iter().any(|it| code(line).contains(it)))
}

/// SQL is written in lower case.
pub(crate) fn shouted_sql(text: &str) -> Vec<String> {
    let words =
        ["SELECT", "INSERT INTO", "UPDATE", "DELETE FROM", "WHERE", "ORDER BY"].map(|it| format!("{it} "));
    each_line(text, "SQL in capitals", |line| words.iter().any(|it| code(line).contains(it.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn wrong(faults: &[String]) {
        assert!(!faults.is_empty(), "it was not found");
    }

    #[track_caller]
    fn right(faults: &[String]) {
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn files_without_a_purpose_are_found() {
        wrong(&purpose("a.rs", "use std::fs;\n"));
        wrong(&purpose("a.rs", "// A comment is not documentation.\n"));
        wrong(&purpose("a.rs", "//! Short\n"));
        wrong(&purpose("a.css", ".row { }\n"));
        wrong(&purpose("a.mjs", "import x from \"y\";\n"));
        wrong(&purpose("a.sql", "create table t (id uuid);\n"));
        right(&purpose("a.rs", "//! What it is for.\n"));
        right(&purpose("a.mjs", "#!/usr/bin/env node\n// What it is for.\n"));
    }

    #[test]
    fn long_and_nameless_files_are_found() {
        wrong(&length(&"x\n".repeat(401)));
        right(&length(&"x\n".repeat(400)));
        wrong(&name("server/src/order/mod.rs"));
        right(&name("server/src/order.rs"));
    }

    #[test]
    fn left_overs_are_found() {
        for name in ["todo", "unimplemented", "dbg"] {
            wrong(&left_overs(&format!("fn f() {{\n    {name}!(x)\n}}\n")));
            right(&left_overs(&format!("// no {name}!() here\n")));
        }
    }

    #[test]
    fn silenced_lints_are_found() {
        let allow = "allow";
        wrong(&lint_attributes(&format!("#[{allow}(dead_code)]\n")));
        wrong(&lint_attributes(&format!("    #![{allow}(clippy::all)]\n")));
        wrong(&lint_attributes(&format!("#[cfg_attr(test, {allow}(dead_code))]\n")));
        wrong(&lint_attributes("#[expect(dead_code)]\nfn f() {}\n"));
        right(&lint_attributes("#[expect(\n    dead_code,\n    reason = \"so\"\n)]\nfn f() {}\n"));
        right(&lint_attributes(
            "let allowed = allow(x);\n#[allow_missing = true]\n#[error(\"allow(it)\")]\n",
        ));
    }

    #[test]
    fn text_that_is_not_plain_is_found() {
        for text in ["a\tb\n", "a \n", "a", "a\n\n", "a\r\n"] {
            wrong(&plain(text));
        }
        right(&plain("a\n\nb\n"));
    }

    #[test]
    fn traces_of_a_machine_are_found() {
        let folder = ["/", "home", "/me/spotfix"].concat();
        wrong(&machine(&format!("path = \"{folder}\"\n")));
        wrong(&machine(&format!("{folder}\n")));
        wrong(&machine(&["https://registry.", "npmjs.org/x\n"].concat()));
        right(&machine("see docs/home/index or `spotfix-data/photos/`\n"));
        wrong(&locked_addresses("      \"resolved\": \"https://example.org/x.tgz\",\n"));
        wrong(&locked_sources("source = \"registry+https://example.org/index\"\n"));
    }

    #[test]
    fn numbers_of_a_tracker_are_found() {
        for word in ["see issue #", "(issue ", "Fixes #", "PR #"] {
            wrong(&trackers(&format!("// {word}{}\n", 12)));
        }
        wrong(&trackers(&["Co-authored", "-by: x\n"].concat()));
        right(&trackers(
            "// issues 待处理; an issue has 12 photos; 100 issues, 2 of them; #fff; tissue 12\n",
        ));
    }

    #[test]
    fn words_and_colours_out_of_place_are_found() {
        wrong(&chinese("view! { <p>\"提交\"</p> }\n"));
        right(&chinese(
            "/// 提交\nlet x = 1; // 提交\n#[cfg(test)]\nmod tests { const X: &str = \"提交\"; }\n",
        ));
        wrong(&palette("a { color: var(--red-9); }\n"));
        right(&palette("a { color: var(--late); }\n"));
        wrong(&outside("<script src=\"https://cdn.example/x.js\">\n"));
        wrong(&outside("<p style=\"color: red\">\n"));
        right(&outside("xmlns=\"http://www.w3.org/2000/svg\"\n"));
    }

    #[test]
    fn reaching_where_one_should_not_is_found() {
        wrong(&input_and_output("let now = std::time::SystemTime::now();\n"));
        wrong(&input_and_output("use std::fs;\n"));
        right(&input_and_output("// std::fs is not used\n#[cfg(test)]\nuse std::fs;\n"));
        wrong(&engines("use sqlx::postgres::PgPool;\n"));
        right(&engines("use crate::db::Db;\n"));
        wrong(&shouted_sql("query(\"SELECT id FROM spot\")\n"));
        right(&shouted_sql("query(\"select id from spot\")\n"));
    }
}
