//! Bad lines: where they stand and what is wrong with them.

use std::fmt;

/// Bad lines that are kept with their words; of more only the number is told.
const KEPT: usize = 200;

/// Where in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The file as a whole.
    File,
    /// A line, from 1.
    Line(u64),
    /// An object of a JSON array, from 0.
    Item(usize),
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The file's name.
    pub file: String,
    /// Where in it.
    pub at: At,
    /// The column, where one is at fault.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
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

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("the file"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Item(item) => write!(f, "item {item}"),
        }
    }
}

/// Every bad line, the first two hundred in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bad {
    lines: Vec<BadLine>,
    count: usize,
}

impl Bad {
    /// The lines that are kept.
    #[must_use]
    pub fn lines(&self) -> &[BadLine] {
        &self.lines
    }

    /// How many there are, kept or not.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// How many, in words.
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

    pub(super) fn add(&mut self, file: &str, at: At, column: Option<&str>, what: impl Into<String>) {
        self.count += 1;
        if self.lines.len() < KEPT {
            let column = column.map(str::to_owned);
            self.lines.push(BadLine { file: file.to_owned(), at, column, what: what.into() });
        }
    }
}
