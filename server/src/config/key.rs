//! How a value of each kind is read, whether it comes as the text of a flag or from TOML, and how it is written.

use super::rule::Rule;
use crate::peer::Proxies;
use std::fmt;
use std::net::SocketAddr;
use std::ops::RangeInclusive;

/// Characters of a wrong value that a refusal shows.
const SHOWN: usize = 80;

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

/// What was given for a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    /// By a flag or a variable.
    Text(&'a str),
    /// By the file.
    Toml(&'a toml::Value),
}

impl<'a> Given<'a> {
    /// The flag's or the variable's value before the file's.
    pub(super) fn first(text: Option<&'a str>, value: Option<&'a toml::Value>) -> Option<Self> {
        text.map(Self::Text).or(value.map(Self::Toml))
    }

    /// The text, unless the file has something else there.
    fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Toml(value) => value.as_str(),
        }
    }
}

impl fmt::Display for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Text(text) => f.write_str(&shown(text)),
            Self::Toml(toml::Value::String(text)) => f.write_str(&shown(text)),
            Self::Toml(value) => f.write_str(&shown(&value.to_string())),
        }
    }
}

/// A wrong value as a refusal shows it: in quotes, on one line, cut off where it is long.
pub(super) fn shown(text: &str) -> String {
    let cut = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    format!("{:?}{}", &text[..cut], if cut < text.len() { "…" } else { "" })
}

/// That a value is no number of a range.
pub(super) fn not_in(range: &RangeInclusive<u64>, shown: &str) -> String {
    format!("must be a whole number from {} to {}, not {shown}", range.start(), range.end())
}

/// A kind of value. What is said of a wrong one follows the name of its key.
pub(super) trait Key: Sized {
    /// What a key demands beyond its kind.
    type Rule;

    /// Reads a value and holds it against the rule of its key.
    fn read(given: Given<'_>, rule: Self::Rule) -> Result<Self, String>;

    /// As TOML writes it.
    fn to_toml(&self) -> toml::Value;

    /// The range, where the rule is one.
    fn range(_: Self::Rule) -> Option<RangeInclusive<u64>> {
        None
    }
}

impl Key for u64 {
    type Rule = RangeInclusive<Self>;

    fn read(given: Given<'_>, rule: Self::Rule) -> Result<Self, String> {
        let number = match given {
            // Digits alone: the standard library also reads +60.
            Given::Text(text) => {
                text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok()).flatten()
            }
            Given::Toml(value) => value.as_integer().and_then(|number| number.try_into().ok()),
        };
        number.filter(|number| rule.contains(number)).ok_or_else(|| not_in(&rule, &given.to_string()))
    }

    fn to_toml(&self) -> toml::Value {
        i64::try_from(*self).unwrap_or(i64::MAX).into()
    }

    fn range(rule: Self::Rule) -> Option<RangeInclusive<u64>> {
        Some(rule)
    }
}

impl Key for String {
    type Rule = Rule;

    fn read(given: Given<'_>, rule: Self::Rule) -> Result<Self, String> {
        match (given.text(), given) {
            (Some(text), _) => rule(text),
            // What stands in a list or a table is not told, for it may be a password.
            (None, Given::Toml(toml::Value::Array(_) | toml::Value::Table(_))) => {
                Err("must be text, not a list or a table".to_owned())
            }
            (None, given) => Err(format!("must be text, not {given}")),
        }
    }

    fn to_toml(&self) -> toml::Value {
        self.as_str().into()
    }
}

impl Key for SocketAddr {
    type Rule = ();

    fn read(given: Given<'_>, (): ()) -> Result<Self, String> {
        let address = given.text().and_then(|text| text.parse().ok());
        address.ok_or_else(|| format!("must be an address and a port such as 127.0.0.1:8080, not {given}"))
    }

    fn to_toml(&self) -> toml::Value {
        self.to_string().into()
    }
}

impl Key for Proxies {
    type Rule = ();

    fn read(given: Given<'_>, (): ()) -> Result<Self, String> {
        let read = match given {
            Given::Text(text) => text.parse(),
            Given::Toml(value) => value
                .clone()
                .try_into::<Vec<String>>()
                .map_err(|_| shown(&value.to_string()))
                .and_then(Self::try_from),
        };
        read.map_err(|fault| {
            format!("must list addresses and networks such as [\"127.0.0.1\", \"10.0.0.0/8\"]: {fault}")
        })
    }

    fn to_toml(&self) -> toml::Value {
        self.to_texts().into()
    }
}

impl Key for LogFormat {
    type Rule = ();

    fn read(given: Given<'_>, (): ()) -> Result<Self, String> {
        match given.text() {
            Some("text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json),
            _ => Err(format!("must be text or json, not {given}")),
        }
    }

    fn to_toml(&self) -> toml::Value {
        match self {
            Self::Text => "text".into(),
            Self::Json => "json".into(),
        }
    }
}
