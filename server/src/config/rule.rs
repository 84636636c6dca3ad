//! What the keys that are text demand. Each rule gives the value as it is used, or what is wrong with it.

use super::key::shown;
use crate::db;
use std::path::Path;
use tracing_subscriber::EnvFilter;
use url::Url;

/// A rule: the value from the text that was given.
pub(super) type Rule = fn(&str) -> Result<String, String>;

/// Bytes of the longest path that Linux opens.
const PATH_MAX: usize = 4095;

/// The levels of a log by their names.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The URL of a database. What was given is never told again, for it may hold a password.
pub(super) fn database_url(text: &str) -> Result<String, String> {
    db::url::check(text).map_err(|error| match error {
        db::Error::Configuration(fault) => fault.to_string(),
        _ => "is no URL of a database".to_owned(),
    })?;
    Ok(text.to_owned())
}

/// A path that is a folder or free for one.
pub(super) fn photos(text: &str) -> Result<String, String> {
    let is_path = !text.is_empty() && text.len() <= PATH_MAX && !text.contains(char::is_control);
    if !is_path {
        return Err(format!(
            "must be a path of 1 to {PATH_MAX} bytes without control characters, not {}",
            shown(text)
        ));
    }
    if Path::new(text).is_file() {
        return Err(format!("must be a folder, and {} is a file", shown(text)));
    }
    Ok(text.to_owned())
}

/// Scheme, host and port as browsers name them in `Origin`.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    // The library reads these as something else, as browsers do; here they are slips.
    let is_plain = !text.contains(|it: char| it.is_control() || it.is_whitespace() || it == '\\');
    let no = || format!("must be https:// or http:// with a host, not {}", shown(text));
    let rest = rest.filter(|_| is_plain).ok_or_else(no)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("must name a host alone, without a user or a password".to_owned());
    }
    if authority.is_empty() {
        return Err(no());
    }
    let url = Url::parse(text).map_err(|_| no())?;
    if url.host_str().is_none_or(str::is_empty) || url.port() == Some(0) {
        return Err(no());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("must end after the host, without ? and #, not {}", shown(text)));
    }
    if url.path() != "/" {
        let why = "must have no path: Spotfix is served at the root of a host, never below a path";
        return Err(format!("{why}, not {}", shown(text)));
    }
    Ok(url.origin().ascii_serialization())
}

/// A level for everything, and any others per module. A word that is no level would be taken for a module's name, and then
/// nothing else is logged.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = parts(text).into_iter().map(str::trim).collect();
    let is_level = |word: &str| LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word));
    let is_sound = |part: &&str| match part.rsplit_once('=') {
        Some((module, level)) => !module.is_empty() && is_level(level),
        None => is_level(part),
    };
    let for_everything = parts.iter().filter(|part| is_level(part)).count();
    let filter = parts.join(",");
    if for_everything == 1 && parts.iter().all(is_sound) && EnvFilter::try_new(&filter).is_ok() {
        return Ok(filter);
    }
    let why = "must be one of off, error, warn, info, debug and trace, which others per module may follow as in info,sqlx=warn";
    Err(format!("{why}, not {}", shown(text)))
}

/// What commas separate, those inside brackets left out: a module may be followed by a span and its fields.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let is_end = |it: char| {
        depth += i32::from(matches!(it, '[' | '{')) - i32::from(matches!(it, ']' | '}'));
        it == ',' && depth <= 0
    };
    text.split(is_end).collect()
}
