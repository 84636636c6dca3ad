//! Configuration: flags, then environment, then a TOML file, then the defaults. One table has every key with its rule.

mod key;
mod rule;

use crate::peer::Proxies;
use anyhow::{Context, Result, anyhow, ensure};
pub use key::LogFormat;
use key::{Given, Key};
use std::fmt::Write;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

macro_rules! keys {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr, $env:literal, $rule:expr;)*) => {
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
            $(
                $(#[doc = $doc])+
                #[arg(long, env = $env, hide_env_values = true, value_name = "VALUE", allow_negative_numbers = true)]
                pub $name: Option<String>,
            )*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)* demo: false }
            }
        }

        /// Every key.
        const KEYS: &[&str] = &[$(stringify!($name)),*];

        /// The keys that are numbers, with the range of each.
        fn ranges() -> Vec<(&'static str, RangeInclusive<u64>)> {
            let mut ranges = Vec::new();
            $(ranges.extend(<$type as Key>::range($rule).map(|range| (stringify!($name), range)));)*
            ranges
        }

        impl Settings {
            fn merge(flags: &Flags, file: &toml::Table) -> Result<Self> {
                let default = Self::default();
                Ok(Self {
                    $($name: {
                        let name = stringify!($name);
                        let given = Given::first(flags.$name.as_deref(), file.get(name));
                        let read = given.map(|given| <$type as Key>::read(given, $rule)).transpose();
                        read.map_err(|fault| anyhow!("{name} {fault}"))?.unwrap_or(default.$name)
                    },)*
                    demo: false,
                })
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
                let _ = writeln!(text, "{} = {}", stringify!($name), default.$name.to_toml());
            )*
            text
        }
    };
}

keys! {
    /// Where the data is: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME
    database_url: String = "sqlite:spotfix-data/spotfix.db".to_owned(), "SPOTFIX_DATABASE_URL", rule::database_url;
    /// Where photos are kept: a folder
    photos: String = "spotfix-data/photos".to_owned(), "SPOTFIX_PHOTOS", rule::photos;
    /// The address and port to listen on, as 127.0.0.1:8080; port 0 takes one that is free
    listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080)), "SPOTFIX_LISTEN", ();
    /// The address people type, as https://spotfix.example.cn; empty where it is not known. It is http or https with a
    /// host and no path: Spotfix is served at the root of its host. With https, cookies are sent over TLS alone
    public_url: String = String::new(), "SPOTFIX_PUBLIC_URL", rule::public_url;
    /// The reverse proxies in front of the server, as addresses or networks: ["127.0.0.1", "10.0.0.0/8"]. From these alone
    /// X-Forwarded-For is believed; with none, all who come through a proxy count as one address when wrong passwords are
    /// counted. In a flag or variable separated by commas
    trusted_proxies: Proxies = Proxies::default(), "SPOTFIX_TRUSTED_PROXIES", ();
    /// Seconds, 1 to 3600, after which a request is given up, and so is a sender that falls silent; what sends a body over a
    /// poor signal has a second more for every 512 bytes, at most 900
    request_timeout_s: u64 = 60, "SPOTFIX_REQUEST_TIMEOUT_S", 1..=3_600;
    /// Seconds, 0 to 3600, that requests under way have to finish when the server is told to stop
    shutdown_timeout_s: u64 = 20, "SPOTFIX_SHUTDOWN_TIMEOUT_S", 0..=3_600;
    /// Connections at once, 1 to 1000000; fewer where the system gives too few file descriptors (two for each, and 128
    /// beside). When there are as many, the longest idle makes room
    connections_max: u64 = 4096, "SPOTFIX_CONNECTIONS_MAX", 1..=1_000_000;
    /// Photos that one account may send in a day, 1 to 1000000
    photos_per_day: u64 = 3000, "SPOTFIX_PHOTOS_PER_DAY", 1..=1_000_000;
    /// Bytes of photos that one account may send in a day, 1 to 1099511627776 (1 TiB)
    photo_bytes_per_day: u64 = 2 * 1024 * 1024 * 1024, "SPOTFIX_PHOTO_BYTES_PER_DAY", 1..=1_099_511_627_776;
    /// Days, 1 to 3650, without use after which a session ends
    session_idle_days: u64 = 14, "SPOTFIX_SESSION_IDLE_DAYS", 1..=3_650;
    /// Days, 1 to 3650 and no fewer than session_idle_days, after which a session ends however much it is used
    session_max_days: u64 = 90, "SPOTFIX_SESSION_MAX_DAYS", 1..=3_650;
    /// How the log is written: text or json
    log_format: LogFormat = LogFormat::Text, "SPOTFIX_LOG_FORMAT", ();
    /// What is logged: off, error, warn, info, debug or trace for everything, also per module as in info,sqlx=warn
    log_level: String = "info".to_owned(), "SPOTFIX_LOG_LEVEL", rule::log_level;
}

impl Settings {
    /// Puts flags, environment and file together. Every value is held against the rule of its key.
    ///
    /// # Errors
    /// When the file cannot be read, has a key that does not exist, or a value does not fit.
    pub fn load(mut flags: Flags) -> Result<Self> {
        let settings = match flags.config.take() {
            Some(path) => read(&path)
                .and_then(|file| {
                    // On its own first, so that a fault of the file is told with its name.
                    Self::merge(&Flags::default(), &file)?;
                    Ok(file)
                })
                .with_context(|| format!("configuration file {}", path.display()))
                .and_then(|file| Self::merge(&flags, &file))?,
            None => Self::merge(&flags, &toml::Table::new())?,
        };
        let Self { session_idle_days: idle, session_max_days: most, .. } = settings;
        ensure!(
            most >= idle,
            "session_max_days must be at least session_idle_days, which is {idle}, not {most}"
        );
        Ok(settings)
    }

    /// Whether people reach this server over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn read(path: &Path) -> Result<toml::Table> {
    let file = parse(&std::fs::read_to_string(path)?)?;
    if let Some(key) = file.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(anyhow!("{key:?} is not a key; the keys are {}", KEYS.join(", ")));
    }
    Ok(file)
}

/// A file as TOML. What TOML itself cannot hold is told by its key, as any other value that does not fit.
fn parse(text: &str) -> Result<toml::Table> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count();
        let (key, value) = text.lines().nth(line).and_then(|line| line.split_once('=')).unwrap_or_default();
        match ranges().into_iter().find(|(name, _)| *name == key.trim()) {
            Some((name, range)) => anyhow!("{name} {}", key::not_in(&range, &key::shown(value.trim()))),
            // The message alone: the whole error draws the line, which may hold a password.
            None => anyhow!("line {}: {}", line + 1, error.message()),
        }
    })
}

#[cfg(test)]
mod tests;
