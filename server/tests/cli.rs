//! The binary as an operator meets it: accounts, configuration, exit codes, starting and stopping.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn spotfix(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spotfix"));
    command.current_dir(folder).args(arguments).env_clear().stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = spotfix(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("ends")
}

fn error_line(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.starts_with("spotfix: "), "{text}");
    text
}

#[test]
fn accounts_are_kept_without_a_browser() {
    let folder = folder("accounts");
    let add = ["user", "add", "wang", "--role", "manager", "--password-stdin"];
    assert!(run(&folder, &add, "a long secret\n").status.success());
    assert!(error_line(&run(&folder, &add, "a long secret\n")).contains("already an account named wang"));
    assert!(
        error_line(&run(&folder, &["user", "add", "li", "--role", "unit"], "short\n")).contains("8 to 256")
    );
    assert_eq!(run(&folder, &["user", "add", "li", "--role", "king"], "").status.code(), Some(2));
    assert!(run(&folder, &["user", "passwd", "Wang"], "another secret\n").status.success());
    assert!(run(&folder, &["user", "disable", "wang"], "").status.success());
    assert!(run(&folder, &["user", "enable", "wang"], "").status.success());
    for command in ["disable", "enable", "unlock"] {
        assert!(error_line(&run(&folder, &["user", command, "li"], "")).contains("no account named li"));
    }
}

#[test]
fn the_binary_says_the_version_of_the_workspace() {
    let said = run(&folder("version"), &["--version"], "");
    let expected = format!("spotfix {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8_lossy(&said.stdout), expected);
}

#[test]
fn configuration_is_refused_in_one_line() {
    let folder = folder("configuration");
    std::fs::write(folder.join("wrong.toml"), "colour = \"red\"\n").expect("written");
    let wrong = error_line(&run(&folder, &["serve", "--config", "wrong.toml"], ""));
    assert!(wrong.contains("wrong.toml") && wrong.contains("colour"), "{wrong}");
    assert!(error_line(&run(&folder, &["serve", "--config", "gone.toml"], "")).contains("gone.toml"));
    let url = "mysql://root:hunter42@db/x";
    let error = error_line(&run(&folder, &["serve", "--database-url", url], ""));
    assert!(error.contains("sqlite: or postgres:") && !error.contains("hunter42"), "{error}");
    assert_eq!(run(&folder, &["serve", "--colour"], "").status.code(), Some(2));

    let printed = run(&folder, &["serve", "--print-config"], "");
    assert!(printed.status.success());
    std::fs::write(folder.join("printed.toml"), &printed.stdout).expect("written");
    let mut help = spotfix(&folder, &["serve", "--help"]);
    let help = help.env("SPOTFIX_DATABASE_URL", url).output().expect("ends");
    assert!(!String::from_utf8_lossy(&help.stdout).contains("hunter42"));
}

#[test]
fn a_value_that_does_not_fit_is_refused_before_anything_is_made() {
    let folder = folder("ranges");
    let cases = [
        ("request-timeout-s", "18446744073709551615", "1 to 3600"),
        ("request-timeout-s", "-1", "1 to 3600"),
        ("shutdown-timeout-s", "3601", "0 to 3600"),
        ("connections-max", "0", "1 to 1000000"),
        ("photos-per-day", "0", "1 to 1000000"),
        ("photo-bytes-per-day", "1099511627777", "1 to 1099511627776"),
        ("session-idle-days", "3651", "1 to 3650"),
        ("session-max-days", "many", "1 to 3650"),
        ("listen", "nowhere", "an address and a port"),
        ("public-url", "https://county.example.cn/spotfix", "no path"),
        ("trusted-proxies", "proxy", "addresses and networks"),
        ("log-format", "xml", "text or json"),
        ("log-level", "laut", "off, error, warn, info, debug and trace"),
    ];
    for (flag, value, range) in cases {
        let key = flag.replace('-', "_");
        let by_flag = spotfix(&folder, &["serve", &format!("--{flag}"), value]).output().expect("ends");
        let variable = format!("SPOTFIX_{}", key.to_uppercase());
        let by_variable = spotfix(&folder, &["serve"]).env(variable, value).output().expect("ends");
        for output in [by_flag, by_variable] {
            let line = error_line(&output);
            let said = [key.as_str(), value, range].iter().all(|part| line.contains(part));
            assert!(said, "{line}");
        }
    }
    assert_eq!(std::fs::read_dir(&folder).expect("readable").count(), 0, "something was made");
}

#[test]
fn the_server_runs_at_both_ends_of_every_range() {
    let least = "request_timeout_s = 1\nshutdown_timeout_s = 0\nconnections_max = 1\nphotos_per_day = 1\n\
                 photo_bytes_per_day = 1\nsession_idle_days = 1\nsession_max_days = 1\n";
    let most = "request_timeout_s = 3600\nshutdown_timeout_s = 3600\nconnections_max = 1000000\n\
                photos_per_day = 1000000\nphoto_bytes_per_day = 1099511627776\n\
                session_idle_days = 3650\nsession_max_days = 3650\n";
    for (name, config) in [("least", least), ("most", most)] {
        let folder = folder(name);
        std::fs::write(folder.join("spotfix.toml"), config).expect("written");
        let add = ["user", "add", "wang", "--role", "manager", "--password-stdin"];
        assert!(run(&folder, &add, "a long secret\n").status.success());
        let server = Server::start(&folder, &["--config", "spotfix.toml"]);
        assert!(server.sign_in("a long secret", "").starts_with("HTTP/1.1 204 "), "{name}");
    }
}

/// A server on a free port; stopped when dropped, however the test ends.
struct Server {
    child: Child,
    address: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = spotfix(folder, &["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut log = BufReader::new(child.stderr.take().expect("piped"));
        let mut line = String::new();
        while !line.contains("listening on http://") {
            line.clear();
            assert!(log.read_line(&mut line).expect("a log") > 0, "ended before it listened");
        }
        let address = line.trim().rsplit("http://").next().expect("an address").to_owned();
        Self { child, address, log }
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    fn sign_in(&self, password: &str, head: &str) -> String {
        let body = format!(r#"{{"username":"wang","password":"{password}"}}"#);
        let head = format!(
            "POST /api/session HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{head}",
            body.len()
        );
        self.ask(&head, &body)
    }

    fn ask(&self, head: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).expect("listening");
        let request = format!("{head}host: {}\r\nconnection: close\r\n\r\n{body}", self.address);
        connection.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_server_starts_answers_and_stops_when_asked() {
    let folder = folder("serve");
    let mut server = Server::start(&folder, &[]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
    assert!(server.get("/api/me").starts_with("HTTP/1.1 401 "));
    // A connection that says nothing must not hold the process up.
    let _silent = TcpStream::connect(&server.address).expect("listening");
    let asked =
        Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().expect("kill runs");
    assert!(asked.success());
    assert!(server.child.wait().expect("ends").success());
    let mut log = String::new();
    server.log.read_to_string(&mut log).expect("text");
    assert!(log.contains("stopping") && !log.contains("still under way"), "{log}");
}

#[test]
fn the_operator_lifts_a_lock_while_the_server_runs() {
    let folder = folder("unlock");
    let add = ["user", "add", "wang", "--role", "manager", "--password-stdin"];
    assert!(run(&folder, &add, "a long secret\n").status.success());
    let server = Server::start(&folder, &["--trusted-proxies", "127.0.0.1"]);
    let from = |address: &str| format!("x-forwarded-for: {address}\r\n");
    for _ in 0..10 {
        server.sign_in("a wrong secret", &from("198.51.100.7"));
    }
    let held = server.sign_in("a long secret", &from("198.51.100.7"));
    assert!(held.starts_with("HTTP/1.1 429 ") && held.contains("retry-after: "), "{held}");
    // The listener says who is connected, and the proxy for whom.
    assert!(server.sign_in("a long secret", &from("198.51.100.8")).starts_with("HTTP/1.1 204 "));
    let unlocked = run(&folder, &["user", "unlock", "Wang"], "");
    assert!(unlocked.status.success(), "{unlocked:?}");
    let answer = server.sign_in("a long secret", &from("198.51.100.7"));
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
}
