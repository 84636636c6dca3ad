//! Configuration: flags, then environment, then a TOML file, then the defaults. One table has every key.

use crate::peer::Proxies;
use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

macro_rules! keys {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr, $env:literal;)*) => {
        /// What the server was told to be.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $name: $type,)*
            /// Whether this is the demo county; set by `spotfix demo`, not by a key.
            pub demo: bool,
        }

        /// The keys as flags, each also read from the environment.
        #[derive(Debug, Default, clap::Args)]
        pub struct Flags {
            /// A TOML file with any of the keys
            #[arg(long, env = "SPOTFIX_CONFIG", value_name = "FILE")]
            pub config: Option<PathBuf>,
            $($(#[doc = $doc])+ #[arg(long, env = $env, hide_env_values = true, value_name = "VALUE")] pub $name: Option<$type>,)*
        }

        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            $($name: Option<$type>,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)* demo: false }
            }
        }

        impl Settings {
            fn merge(flags: Flags, file: File) -> Self {
                let default = Self::default();
                Self { $($name: flags.$name.or(file.$name).unwrap_or(default.$name),)* demo: false }
            }
        }

        /// Every key as a line of TOML with its default, under its meaning and the variable that sets it too.
        #[must_use]
        pub fn describe() -> String {
            let default = Settings::default();
            let mut text = String::from("# Flags win over the environment, the environment over this file.\n");
            $(
                text.push('\n');
                $(let _ = writeln!(text, "#{}", $doc);)+
                let _ = writeln!(text, "# Environment: {}", $env);
                let _ = writeln!(text, "{} = {}", stringify!($name), toml::Value::from(default.$name.to_key()));
            )*
            text
        }
    };
}

keys! {
    /// Where the data is: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME
    database_url: String = "sqlite:spotfix-data/spotfix.db".to_owned(), "SPOTFIX_DATABASE_URL";
    /// Where photos are kept: a folder
    photos: String = "spotfix-data/photos".to_owned(), "SPOTFIX_PHOTOS";
    /// The address and port to listen on
    listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080)), "SPOTFIX_LISTEN";
    /// The address people type, as https://spotfix.example.cn; empty where it is not known. With https, cookies are
    /// sent over TLS alone
    public_url: String = String::new(), "SPOTFIX_PUBLIC_URL";
    /// The reverse proxies in front of the server, as addresses or networks: ["127.0.0.1", "10.0.0.0/8"]. From these alone
    /// X-Forwarded-For is believed; with none, all who come through a proxy count as one address when wrong passwords are
    /// counted. In a flag or variable separated by commas
    trusted_proxies: Proxies = Proxies::default(), "SPOTFIX_TRUSTED_PROXIES";
    /// Seconds after which a request is given up, and so is a sender that falls silent; what sends a body over a poor signal
    /// has a second more for every 512 bytes, at most 900
    request_timeout_s: u64 = 60, "SPOTFIX_REQUEST_TIMEOUT_S";
    /// Seconds that requests under way have to finish when the server is told to stop
    shutdown_timeout_s: u64 = 20, "SPOTFIX_SHUTDOWN_TIMEOUT_S";
    /// Connections at once; fewer where the system gives too few file descriptors (two for each, and 128 beside). When
    /// there are as many, the longest idle makes room
    connections_max: u64 = 4096, "SPOTFIX_CONNECTIONS_MAX";
    /// Photos that one account may send in a day
    photos_per_day: u64 = 3000, "SPOTFIX_PHOTOS_PER_DAY";
    /// Bytes of photos that one account may send in a day
    photo_bytes_per_day: u64 = 2 * 1024 * 1024 * 1024, "SPOTFIX_PHOTO_BYTES_PER_DAY";
    /// Days without use after which a session ends
    session_idle_days: u64 = 14, "SPOTFIX_SESSION_IDLE_DAYS";
    /// Days after which a session ends however much it is used
    session_max_days: u64 = 90, "SPOTFIX_SESSION_MAX_DAYS";
    /// How the log is written: text or json
    log_format: LogFormat = LogFormat::Text, "SPOTFIX_LOG_FORMAT";
    /// What is logged: error, warn, info, debug or trace, also per module as in info,sqlx=warn
    log_level: String = "info".to_owned(), "SPOTFIX_LOG_LEVEL";
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

/// A value as TOML writes it.
trait Key {
    type Toml: Into<toml::Value>;
    fn to_key(&self) -> Self::Toml;
}

impl Key for String {
    type Toml = Self;
    fn to_key(&self) -> Self {
        self.clone()
    }
}

impl Key for SocketAddr {
    type Toml = String;
    fn to_key(&self) -> String {
        self.to_string()
    }
}

impl Key for Proxies {
    type Toml = Vec<String>;
    fn to_key(&self) -> Vec<String> {
        self.to_texts()
    }
}

impl Key for u64 {
    type Toml = i64;
    fn to_key(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

impl Key for LogFormat {
    type Toml = &'static str;
    fn to_key(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl Settings {
    /// Puts flags, environment and file together.
    ///
    /// # Errors
    /// When the file cannot be read, has a key that does not exist, or a value does not fit.
    pub fn load(mut flags: Flags) -> Result<Self> {
        let file = match flags.config.take() {
            Some(path) => read(&path).with_context(|| format!("configuration file {}", path.display()))?,
            None => File::default(),
        };
        let settings = Self::merge(flags, file);
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        let url = self.public_url.as_str();
        let is_url = url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
        anyhow::ensure!(is_url, "public_url must begin with https:// or http://, not {url:?}");
        anyhow::ensure!(self.request_timeout_s > 0, "request_timeout_s must be at least 1");
        anyhow::ensure!(self.connections_max > 0, "connections_max must be at least 1");
        anyhow::ensure!(self.photos_per_day > 0, "photos_per_day must be at least 1");
        anyhow::ensure!(self.photo_bytes_per_day > 0, "photo_bytes_per_day must be at least 1");
        anyhow::ensure!(self.session_idle_days > 0, "session_idle_days must be at least 1");
        anyhow::ensure!(
            self.session_max_days >= self.session_idle_days && self.session_max_days <= 3650,
            "session_max_days must lie between session_idle_days and 3650"
        );
        Ok(())
    }

    /// Whether people reach this server over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn read(path: &Path) -> Result<File> {
    // The message alone: the whole error draws the line it is on, over several lines.
    toml::from_str(&std::fs::read_to_string(path)?).map_err(|error| anyhow!(error.message().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let flags = Flags { request_timeout_s: Some(5), ..Flags::default() };
        let file: File = toml::from_str("request_timeout_s = 6\nsession_idle_days = 7").expect("valid");
        let settings = Settings::merge(flags, file);
        assert_eq!(
            (settings.request_timeout_s, settings.session_idle_days, settings.session_max_days),
            (5, 7, 90)
        );
    }

    #[test]
    fn the_description_is_a_file_that_says_the_defaults() {
        let file: File = toml::from_str(&describe()).expect("what is printed can be read");
        let settings = Settings::merge(Flags::default(), file);
        assert_eq!(settings.listen, Settings::default().listen);
        assert_eq!(settings.log_format, LogFormat::Text);
    }

    #[test]
    fn unknown_keys_are_refused() {
        let error = toml::from_str::<File>("colour = 1").expect_err("unknown").to_string();
        assert!(error.contains("colour"), "{error}");
    }
}
