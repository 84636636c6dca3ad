//! Everything a person types: `cargo xtask demo | test | dist | bench | web`.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

mod bench;
mod postgres;
mod release;
mod shell;
mod test;
mod tools;
mod web;

/// Build, run, test and measure Spotfix.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, make or re-use the demo county and serve it
    Demo {
        /// Port on which the demo is served
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Folder of the demo's database and photos; without it, where `spotfix demo` keeps them
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Throw the demo's data away and make it anew
        #[arg(long)]
        reset: bool,
    },
    /// Check formatting and lints and run all tests, or only the named parts
    Test {
        /// Parts to run, in the order of `--list`; all when none is named
        #[arg(value_enum)]
        parts: Vec<test::Part>,
        /// List the parts and stop
        #[arg(long)]
        list: bool,
        /// Go on with the next part after one has failed
        #[arg(long)]
        keep_going: bool,
        /// Words after `--` go to the test runner of the parts, for example part of a test's name
        #[arg(last = true)]
        filter: Vec<String>,
    },
    /// Make the self-contained release binary `target/dist/spotfix`
    Dist,
    /// Measure the release build against the budgets
    Bench {
        /// Parts to measure: start, list, report, load, photo, bundle, web; all when none is named
        parts: Vec<String>,
    },
    /// Bundle the front end into `target/bundle`
    Web {
        /// In little time instead of small and compressed: for trying things out
        #[arg(long)]
        quick: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Demo { port, data, reset } => release::demo(port, data.as_deref(), reset)?,
        Command::Test { list: true, .. } => test::list(),
        Command::Test { parts, keep_going, filter, .. } => return test::run(&parts, keep_going, &filter),
        Command::Dist => release::dist()?,
        Command::Bench { parts } => bench::bench(&parts)?,
        Command::Web { quick } => web::bundle(if quick { web::Build::Quick } else { web::Build::Release })?,
    }
    Ok(ExitCode::SUCCESS)
}
