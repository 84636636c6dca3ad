//! Findings: what is wrong or worth knowing, and where it stands.

use super::place::{At, Source};
use std::fmt;

/// Findings that are kept with their words; of more only the number is told.
const KEPT: usize = 200;

/// What was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file's name.
    pub file: String,
    /// The sheet's name, in a workbook.
    pub sheet: Option<String>,
    /// Where in it.
    pub at: At,
    /// The column as it is called there, where one is concerned.
    pub column: Option<String>,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ":{sheet}")?;
        }
        match self.at {
            At::File => {}
            At::Line(line) => write!(f, ":{line}")?,
            At::Item(item) => write!(f, "[{item}]")?,
        }
        if let Some(column) = &self.column {
            write!(f, ": {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Findings, the first two hundred in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    lines: Vec<Finding>,
    count: usize,
}

impl Findings {
    /// Those that are kept.
    #[must_use]
    pub fn lines(&self) -> &[Finding] {
        &self.lines
    }

    /// How many there are, kept or not.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// How many faults these are, in words.
    #[must_use]
    pub fn headline(&self) -> String {
        match self.count {
            1 => "one fault found".to_owned(),
            n if n > self.lines.len() => {
                format!("{n} faults found, of which {} are listed", self.lines.len())
            }
            n => format!("{n} faults found"),
        }
    }

    pub(super) fn add(&mut self, source: &Source, at: At, column: Option<&str>, what: impl Into<String>) {
        self.count += 1;
        if self.lines.len() < KEPT {
            self.lines.push(Finding {
                file: source.file.clone(),
                sheet: source.sheet.clone(),
                at,
                column: column.map(|column| source.head(column)),
                what: what.into(),
            });
        }
    }
}

/// What is found while files are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Report {
    /// What cannot be taken: with one of these nothing is imported.
    pub(super) bad: Findings,
    /// What was read otherwise than it stands there, or left out.
    pub(super) notes: Findings,
}
