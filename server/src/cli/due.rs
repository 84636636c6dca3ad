//! `spotfix due`: when an order would be due, and why.

mod words;

use super::lang::Lang;
use super::open;
use crate::config::{Flags, Settings};
use anyhow::{Context, Result};
use app::calendar::WorkingTime;
use app::clock::{Clock, Limit, Line, Reading};
use app::time::Timestamp;
use serde::Serialize;

/// Reckons the due time of an order dispatched at a moment, and explains it line by line
///
/// Uses the built-in calendar and working hours, and those of a database where one is named.
#[derive(Debug, clap::Args)]
pub struct Due {
    /// When the order is dispatched: 2026-02-13T16:00 in Shanghai, or RFC 3339 with any offset
    #[arg(value_parser = moment)]
    at: Timestamp,
    /// How long the unit has: 2work_day, 4work_hour, 2urgent_hour, 3calendar_day
    limit: Limit,
    /// How working days are read: rolling (8 work hours each) or end_of_day; rolling unless the database says otherwise
    #[arg(long)]
    reading: Option<Reading>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    /// The language of the explanation
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Serialize)]
struct Answer<'a> {
    at: Timestamp,
    limit: String,
    reading: Reading,
    due: Timestamp,
    provisional: bool,
    calendar_version: &'a str,
    lines: Vec<AnswerLine<'a>>,
}

#[derive(Serialize)]
struct AnswerLine<'a> {
    #[serde(flatten)]
    line: &'a Line,
    text: String,
}

impl Due {
    /// Runs the command.
    ///
    /// # Errors
    /// When a database is named and cannot be used, or the due time lies after the year 9999.
    pub async fn run(self) -> Result<()> {
        let names_a_database = self.flags.database_url.is_some() || self.flags.config.is_some();
        let (working_time, settled) = if names_a_database {
            let loaded = open(Settings::load(self.flags)?).await?.catalogue.get().await?;
            (loaded.bundle.working_time.clone(), loaded.bundle.policy.reading)
        } else {
            (WorkingTime::default(), Reading::default())
        };
        let reading = self.reading.unwrap_or(settled);
        let due = Clock::new(self.at, self.limit, reading).due(&working_time);
        let due_at = due.at().filter(|at| *at < Timestamp::MAX);
        let due_at = due_at.context("the due time lies after the year 9999")?;
        if self.json {
            let line = |line| AnswerLine { line, text: words::line(line, due.measure, self.lang) };
            let answer = Answer {
                at: self.at,
                limit: self.limit.to_string(),
                reading,
                due: due_at,
                provisional: due.provisional,
                calendar_version: &due.calendar_version,
                lines: due.lines.iter().map(line).collect(),
            };
            println!("{}", serde_json::to_string_pretty(&answer)?);
        } else {
            print!("{}", words::explanation(self.limit, reading, due_at, &due, self.lang));
        }
        Ok(())
    }
}

/// A moment in RFC 3339, or local time in Shanghai.
fn moment(text: &str) -> Result<Timestamp, String> {
    let text = text.replacen(' ', "T", 1);
    [String::new(), "+08:00".to_owned(), ":00+08:00".to_owned(), "T00:00:00+08:00".to_owned()]
        .iter()
        .find_map(|rest| Timestamp::parse(&format!("{text}{rest}")).ok())
        .ok_or_else(|| "a moment is 2026-02-13T16:00 or RFC 3339, between the years 1900 and 9999".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_local_unless_they_say_otherwise() {
        let same = Timestamp::parse("2026-02-13T16:00:00+08:00").expect("a moment");
        for text in ["2026-02-13T16:00", "2026-02-13 16:00", "2026-02-13T16:00:00", "2026-02-13T08:00:00Z"] {
            assert_eq!(moment(text), Ok(same), "{text}");
        }
        assert_eq!(moment("2026-02-13"), Ok(same.plus(-16 * app::time::HOUR)));
        assert!(moment("tomorrow").is_err());
        assert!(moment("2026-02-30T08:00").is_err());
    }
}
