//! `cargo xtask test`: the parts in order, timed, with a table and a truthful count at the end.

use crate::postgres::Postgres;
use crate::shell::{cargo, program, root, step, target};
use crate::{tools, web};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// What can be tested by itself; the order is the order they run in, cheap and telling ones first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Part {
    /// Formatting
    Fmt,
    /// Clippy, native and WASM, warnings are errors
    Lint,
    /// The domain, and what the page works out by itself
    App,
    /// The front end bundles and keeps its budgets
    Bundle,
    /// The server on both database engines, and the tree's own rules
    Server,
    /// The real binary in a real browser
    Browser,
}

/// How many tests a part's runner reported.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: u64,
    failed: u64,
}

struct Outcome {
    part: Part,
    took: Duration,
    count: Count,
    error: Option<anyhow::Error>,
}

/// Both packages always together: alone they would have other features and compile their libraries again.
const SERVER: [&str; 4] = ["-p", "spotfix-server", "-p", "spotfix-tests"];

/// How long a file of browser tests may take.
const LONGEST_FILE: Duration = Duration::from_secs(15 * 60);

/// Prints the parts with what they do.
pub(crate) fn list() {
    for part in Part::value_variants() {
        if let Some(value) = part.to_possible_value() {
            let help = value.get_help().map(ToString::to_string);
            println!("{:<8}  {}", value.get_name(), help.unwrap_or_default());
        }
    }
}

/// Runs the parts, all when none is chosen; the code says whether all passed.
pub(crate) fn run(chosen: &[Part], keep_going: bool, filter: &[String]) -> Result<ExitCode> {
    let mut parts = match chosen {
        [] => Part::value_variants().to_vec(),
        chosen => chosen.to_vec(),
    };
    parts.sort_unstable();
    parts.dedup();

    let mut outcomes = Vec::new();
    for part in parts {
        eprintln!("\n━━ {}", name(part));
        let begun = Instant::now();
        let mut count = Count::default();
        let error = run_part(part, filter, &mut count).err();
        if let Some(error) = &error {
            eprintln!("   {} failed: {error:#}", name(part));
        }
        let stop = error.is_some() && !keep_going;
        outcomes.push(Outcome { part, took: begun.elapsed(), count, error });
        if stop {
            break;
        }
    }
    Ok(summary(&outcomes))
}

fn run_part(part: Part, filter: &[String], count: &mut Count) -> Result<()> {
    match part {
        Part::Fmt => checked(cargo().args(["fmt", "--all", "--check"]), count),
        Part::Lint => {
            tools::ensure_wasm_target()?;
            step("clippy, native");
            let native = ["--workspace", "--exclude", "spotfix-frontend"];
            clippy(&native, &["--all-targets"], count)?;
            step("clippy, WASM");
            // The bundle's profile and folder: what the macros need is compiled once for both.
            let wasm = ["--profile", "wasm-release", "--target", tools::WASM];
            let folder = ["--target-dir", "target/wasm"];
            let config = tools::wasm_config()?;
            let config = config.each_ref().map(String::as_str);
            // `app` was linted above; where pointers are half as wide, some lints see other sizes.
            clippy(
                &["-p", "spotfix-frontend", "--no-deps"],
                &[wasm.as_slice(), &folder, &config].concat(),
                count,
            )
        }
        Part::App => {
            let mut tests = cargo();
            tests.args(["test", "-p", "spotfix-app", "--no-fail-fast", "--"]);
            checked(tests.args(filter), count)?;
            let mut tests = cargo();
            tests.args(["test", "-p", "spotfix-frontend", "--lib", "--no-fail-fast", "--"]);
            checked(tests.args(filter), count)
        }
        Part::Bundle => {
            checked(cargo().args(["test", "-p", "xtask"]), count)?;
            web::bundle(web::Build::Release)?;
            let mut budgets = cargo();
            budgets.arg("test").args(SERVER);
            checked(budgets.args(["--test", "budgets"]), count)
        }
        Part::Server => {
            web::bundle(web::Build::Release)?;
            step("starting PostgreSQL");
            let postgres = Postgres::start()?;
            let mut tests = cargo();
            tests.arg("test").args(SERVER).args(["--no-fail-fast", "--"]);
            tests.env("SPOTFIX_TEST_POSTGRES", postgres.url());
            // Where backups find `pg_dump`: of the same version as the server.
            tests.env("SPOTFIX_POSTGRES_PROGRAMS", tools::postgres_programs()?);
            checked(tests.args(filter), count)
        }
        Part::Browser => browser(filter, count),
    }
}

fn clippy(packages: &[&str], how: &[&str], count: &mut Count) -> Result<()> {
    let mut clippy = cargo();
    clippy.arg("clippy").args(packages).args(how);
    checked(clippy.args(["--", "-D", "warnings"]), count)
}

/// The browser's tests; words after `--` choose files by a part of their name.
fn browser(filter: &[String], count: &mut Count) -> Result<()> {
    let mut files: Vec<_> = std::fs::read_dir(root().join("tests/e2e"))?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|file| file.ends_with(".test.mjs"))
        .filter(|file| filter.is_empty() || filter.iter().any(|word| file.contains(word)))
        .map(|file| format!("tests/e2e/{file}"))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("no file of tests/e2e matches");
    }
    let chromium = tools::chromium()?;
    web::bundle(web::Build::Release)?;
    step("building the server");
    let mut build = cargo();
    build.arg("build").args(SERVER).args(["--bin", "spotfix"]);
    checked(&mut build, count)?;
    step("testing in the browser");
    let mut node = program("node");
    // One file after the other: a browser and a server at a time is what two cores carry. A test that hangs fails, and
    // what it leaves open does not hold up the rest.
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-force-exit"])
        .arg(format!("--test-timeout={}", LONGEST_FILE.as_millis()))
        .args(files)
        .env("SPOTFIX_CHROMIUM", chromium)
        .env("SPOTFIX_BIN", target().join("debug/spotfix"));
    checked(&mut node, count)
}

/// Runs to the end, shows what is printed as it comes, and adds up what the test runners report.
fn checked(command: &mut Command, count: &mut Count) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let printed = child.stdout.take().context("no output to read")?;
    for line in BufReader::new(printed).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        count.read(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        let words: Vec<_> = command.get_args().take(4).map(|word| word.to_string_lossy()).collect();
        bail!("{} ({status})", words.join(" "));
    }
    Ok(())
}

impl Count {
    /// Reads `test result: ok. 3 passed; 0 failed; …` of cargo and `ℹ pass 3` of node.
    fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            let words: Vec<&str> = result.split([' ', ';']).collect();
            for pair in words.windows(2) {
                match (pair[0].parse::<u64>(), pair[1]) {
                    (Ok(number), "passed") => self.passed += number,
                    (Ok(number), "failed") => self.failed += number,
                    _ => {}
                }
            }
        } else if let Some(result) = line.strip_prefix("ℹ ") {
            match result.split_once(' ') {
                Some(("pass", number)) => self.passed += number.parse().unwrap_or(0),
                // A cancelled test has not shown what it was to show.
                Some(("fail" | "cancelled", number)) => self.failed += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

fn summary(outcomes: &[Outcome]) -> ExitCode {
    println!();
    let mut sum = Count::default();
    let mut failed_parts = 0;
    for outcome in outcomes {
        let state = if outcome.error.is_some() { "FAILED" } else { "ok" };
        let Count { passed, failed } = outcome.count;
        let tests = match passed + failed {
            0 => String::new(),
            _ => format!("{passed} passed, {failed} failed"),
        };
        let took = outcome.took.as_secs_f32();
        println!("{:<8} {state:<6} {took:>7.1} s  {tests}", name(outcome.part));
        sum.passed += passed;
        sum.failed += failed;
        // A part that failed without a test that did – a lint, a compile error – is a failure of its own.
        failed_parts += u64::from(outcome.error.is_some() && failed == 0);
    }
    println!("{} passed, {} failed", sum.passed, sum.failed + failed_parts);
    if outcomes.iter().all(|outcome| outcome.error.is_none()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn name(part: Part) -> String {
    part.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn counts_what_cargo_and_node_report() {
        let mut count = Count::default();
        count.read("test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; finished in 0.00s");
        count.read("ℹ pass 4");
        count.read("ℹ fail 2");
        count.read("3 passed; 9 failed in somebody's prose");
        assert_eq!((count.passed, count.failed), (7, 3));
    }
}
