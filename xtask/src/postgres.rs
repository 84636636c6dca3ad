//! A PostgreSQL of our own for the tests: made in a temporary folder, on a free port, gone with us.

use crate::shell::{output, program, run};
use crate::tools;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How long a start may take before we say that it failed; it is one second on an idle machine.
const START: Duration = Duration::from_secs(60);

/// Runs the server until its standard input closes, then stops it and removes its folder. The input is
/// a pipe that we hold: however we end, also by a signal, nothing is left running.
const KEEPER: &str = r#"
    dir=$1; shift
    "$@" </dev/null &
    server=$!
    cat >/dev/null
    kill -INT $server 2>/dev/null
    wait $server
    rm -rf "$dir"
"#;

/// A running server; dropping it stops it.
pub(crate) struct Postgres {
    keeper: Child,
    port: u16,
}

impl Postgres {
    /// Makes a cluster and waits until it answers.
    pub(crate) fn start() -> Result<Self> {
        let programs = tools::postgres_programs()?;
        let dir = make_folder()?;
        let account = account(&dir)?;
        let data = dir.join("data");
        output(
            as_account(account.as_ref(), &programs.join("initdb"), &dir)
                .arg("-D")
                .arg(&data)
                .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
                .args(["--locale=C", "--no-sync"]),
        )?;
        let port = free_port()?;
        let log = std::fs::File::create(dir.join("log"))?;
        let server = as_account(account.as_ref(), &programs.join("postgres"), &dir);
        let mut keeper = program("sh");
        keeper
            .args(["-c", KEEPER, "sh"])
            .arg(&dir)
            .arg(server.get_program())
            .args(server.get_args())
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-h", "127.0.0.1"])
            // Nothing here outlives the tests: no need to reach the disk.
            .args(["-c", "fsync=off", "-c", "synchronous_commit=off"])
            .args(["-c", "full_page_writes=off", "-c", "max_connections=200"])
            .args(["-c", "unix_socket_directories=", "-c", "autovacuum=off"])
            .current_dir(&dir)
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Its own group: Ctrl-C reaches us alone, and our end tells the keeper.
            .process_group(0);
        let keeper = keeper.spawn().context("cannot start PostgreSQL")?;
        let mut started = Self { keeper, port };
        started.wait_until_ready(&programs, &dir)?;
        Ok(started)
    }

    /// The URL of the maintenance database, where tests create their own.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path, dir: &Path) -> Result<()> {
        let begun = Instant::now();
        loop {
            let mut ready = program(programs.join("pg_isready"));
            ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if ready.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            let log = || std::fs::read_to_string(dir.join("log")).unwrap_or_default();
            if begun.elapsed() > START || log().contains("FATAL") {
                bail!("PostgreSQL did not start: {}", log().trim());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The keeper ends when the server has; there is nobody left to tell of a failure.
        let _ = self.keeper.wait();
    }
}

/// Made below the system's temporary folder, which every account can enter; ours may be closed to others.
fn make_folder() -> Result<PathBuf> {
    let dir = std::env::temp_dir().join(format!("spotfix-pg-{}", std::process::id()));
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    Ok(dir)
}

/// Who PostgreSQL runs as, by number.
struct Account {
    user: String,
    group: String,
}

/// The account PostgreSQL runs as: it refuses the superuser, so root hands the folder to another one.
fn account(dir: &Path) -> Result<Option<Account>> {
    if !tools::is_root()? {
        return Ok(None);
    }
    let number = |which: &str, name: &str| -> Result<String> {
        let number = output(program("id").args([which, name]))?;
        Ok(number.trim().to_owned())
    };
    let find =
        |name| -> Result<Account> { Ok(Account { user: number("-u", name)?, group: number("-g", name)? }) };
    let account = find("postgres")
        .or_else(|_| find("nobody"))
        .context("PostgreSQL must not run as root, and there is no other account")?;
    let owner = format!("{}:{}", account.user, account.group);
    run(program("chown").arg(owner).arg(dir))?;
    Ok(Some(account))
}

fn as_account(account: Option<&Account>, name: &Path, dir: &Path) -> std::process::Command {
    let mut command = match account {
        None => program(name),
        Some(account) => {
            let mut command = program("setpriv");
            let user = format!("--reuid={}", account.user);
            let group = format!("--regid={}", account.group);
            command.args([&user, &group]).args(["--clear-groups", "--"]).arg(name);
            command
        }
    };
    command.current_dir(dir);
    command
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
