//! PostgreSQL's own programs, which know best how its data is copied: `pg_dump` and `pg_restore`.

use crate::db::copy::postgres_environment;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tokio::process::{Child, Command};

/// Where the programs are.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    /// The folder that holds them; where it is not told, `PATH` is searched.
    pub folder: Option<PathBuf>,
}

impl Programs {
    fn command(&self, name: &str) -> Command {
        let mut command =
            Command::new(self.folder.as_ref().map_or_else(|| PathBuf::from(name), |it| it.join(name)));
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    async fn output(&self, name: &str, mut command: Command) -> Result<Output> {
        match command.output().await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
                "{name} is missing: install PostgreSQL's programs (Debian: apt-get install postgresql-client), \
                 or tell their folder with --postgres-programs"
            ),
            output => output.with_context(|| format!("starting {name}")),
        }
    }

    /// Runs a program to its end; what it says of its failure becomes ours, in one line.
    async fn run(&self, name: &str, command: Command) -> Result<()> {
        let output = self.output(name, command).await?;
        let said = String::from_utf8_lossy(&output.stderr);
        let said: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).take(3).collect();
        ensure!(output.status.success(), "{name} failed: {}", said.join("; "));
        Ok(())
    }

    /// Whether a program is there and no older than the server, as it must be.
    async fn check(&self, name: &str, server: i64) -> Result<()> {
        let mut command = self.command(name);
        command.arg("--version");
        let output = self.output(name, command).await?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = said.split_whitespace().find_map(|word| word.split('.').next()?.parse::<i64>().ok());
        let version =
            version.with_context(|| format!("{name} does not tell its version: {}", said.trim()))?;
        ensure!(
            version >= server,
            "{name} {version} is older than the server ({server}): install postgresql-client-{server} or newer"
        );
        Ok(())
    }

    /// Writes one schema, as it was at a moment that is held open, into a new file.
    ///
    /// # Errors
    /// When `pg_dump` is missing, older than the server, or fails.
    pub async fn dump(&self, url: &str, moment: &(String, String, i64), to: &Path) -> Result<()> {
        let (snapshot, schema, server) = moment;
        self.check("pg_dump", *server).await?;
        let mut command = self.command("pg_dump");
        command.args(["--format=custom", "--no-owner", "--no-privileges", "--no-password"]);
        command.arg(format!("--snapshot={snapshot}")).arg(format!("--schema={}", pattern(schema)));
        command.arg("--file").arg(to).envs(postgres_environment(url)?);
        self.run("pg_dump", command).await
    }

    /// Puts a dump into an empty database, all of it or nothing.
    ///
    /// # Errors
    /// When `pg_restore` is missing or fails.
    pub async fn restore(&self, dump: &Path, schema: &str, url: &str) -> Result<()> {
        let environment = postgres_environment(url)?;
        let database =
            environment.iter().find(|(name, _)| *name == "PGDATABASE").map(|(_, value)| value.clone());
        let mut command = self.command("pg_restore");
        command.args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]);
        command.arg("--no-password").arg(format!("--schema={schema}"));
        command.arg("--dbname").arg(database.unwrap_or_default()).arg(dump).envs(environment);
        self.run("pg_restore", command).await
    }

    /// Reads rows of some tables out of a dump: its text, as `copy` writes it, comes from the child's standard output.
    ///
    /// # Errors
    /// When `pg_restore` is missing.
    pub async fn rows(&self, dump: &Path, tables: &[&str]) -> Result<Child> {
        self.check("pg_restore", 0).await?;
        let mut command = self.command("pg_restore");
        command.args(["--data-only", "--file=-"]);
        command.args(tables.iter().map(|table| format!("--table={table}"))).arg(dump);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().context("starting pg_restore")
    }
}

/// A schema's name as a pattern that means only itself.
fn pattern(schema: &str) -> String {
    format!("\"{}\"", schema.replace('"', "\"\""))
}
