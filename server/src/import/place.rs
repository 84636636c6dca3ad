//! Places: in which file, on which sheet, in which row, under which head.

use std::collections::HashMap;
use std::fmt;

/// Where in a file or on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The file as a whole.
    File,
    /// A row as a spreadsheet numbers it, or a line of JSON, from 1.
    Line(u64),
    /// An object of a JSON array, from 0.
    Item(usize),
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

/// A file, or a sheet of one, with the heads that its columns have there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// The file's name.
    pub(super) file: String,
    /// The sheet's name, in a workbook.
    pub(super) sheet: Option<String>,
    /// By a column's name, what stands above it.
    heads: HashMap<&'static str, String>,
}

impl Source {
    pub(super) fn file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    pub(super) fn sheet(file: &str, sheet: &str) -> Self {
        Self { file: file.to_owned(), sheet: Some(sheet.to_owned()), ..Self::default() }
    }

    /// Remembers what stands above a column.
    pub(super) fn set_head(&mut self, column: &'static str, head: &str) {
        self.heads.insert(column, head.to_owned());
    }

    /// What stands above a column, or above each of several with ` + ` between them.
    pub(super) fn head(&self, column: &str) -> String {
        let one = |name| self.heads.get(name).map_or(name, String::as_str);
        column.split(" + ").map(one).collect::<Vec<_>>().join(" + ")
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "{}:{sheet}", self.file),
            None => f.write_str(&self.file),
        }
    }
}
