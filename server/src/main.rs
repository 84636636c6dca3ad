//! The binary: reads the command line and says in one line what went wrong.

use clap::Parser;
use server::cli::{
    backup::Backup, demo::Demo, due::Due, import::Import, import_outbox::ImportOutbox, restore::Restore,
    route::Route, serve::Serve, simulate::Simulate, user::User,
};
use std::process::ExitCode;

/// Spotfix 点位通: photograph what is wrong, get it put right, check that it is.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "spotfix", version, propagate_version = true)]
enum Command {
    Serve(Serve),
    Backup(Backup),
    Restore(Restore),
    Demo(Demo),
    Import(Import),
    ImportOutbox(ImportOutbox),
    Due(Due),
    Route(Route),
    Simulate(Simulate),
    User(User),
}

fn main() -> ExitCode {
    let command = Command::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("spotfix: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve.run().await,
            Command::Backup(backup) => backup.run().await,
            Command::Restore(restore) => restore.run().await,
            Command::Demo(demo) => demo.run().await,
            Command::Import(import) => import.run().await,
            Command::ImportOutbox(import) => import.run().await,
            Command::Due(due) => due.run().await,
            Command::Route(route) => route.run().await,
            Command::Simulate(simulate) => simulate.run().await,
            Command::User(user) => user.run().await,
        }
    });
    // Whatever was given up on is not waited for: a disk that hangs must not hold the process.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("spotfix: {error:#}");
            ExitCode::FAILURE
        }
    }
}
