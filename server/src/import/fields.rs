//! Reading the fields of a row into what they must be, noting every one that is not.

use super::bad::Bad;
use super::table::RawRow;

/// A row being read. Every function gives `None` for a field that is bad, having noted why.
pub(super) struct Fields<'a> {
    file: &'a str,
    row: &'a RawRow,
    bad: &'a mut Bad,
}

/// Characters a code has at most.
const CODE_CHARS: usize = 32;

impl<'a> Fields<'a> {
    pub(super) fn new(file: &'a str, row: &'a RawRow, bad: &'a mut Bad) -> Self {
        Self { file, row, bad }
    }

    /// Notes a fault of this row.
    pub(super) fn fault<T>(&mut self, column: &str, what: impl Into<String>) -> Option<T> {
        self.bad.add(self.file, self.row.at, Some(column), what);
        None
    }

    /// The field as it stands; empty where it is missing.
    pub(super) fn raw(&self, column: &str) -> &'a str {
        self.row.fields.get(column).map_or("", String::as_str)
    }

    /// Any text of at most `max` characters.
    pub(super) fn text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.raw(column);
        let count = text.chars().count();
        if count > max {
            return self.fault(column, format!("{count} characters, at most {max} are taken"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return self.fault(column, "holds a control character");
        }
        Some(text.to_owned())
    }

    /// A text that is not empty.
    pub(super) fn required(&mut self, column: &str, max: usize) -> Option<String> {
        if self.raw(column).is_empty() { self.fault(column, "required") } else { self.text(column, max) }
    }

    /// A code.
    pub(super) fn code(&mut self, column: &str) -> Option<String> {
        if self.raw(column).is_empty() { self.fault(column, "required") } else { self.code_or_none(column)? }
    }

    /// A code, or nothing.
    pub(super) fn code_or_none(&mut self, column: &str) -> Option<Option<String>> {
        let text = self.raw(column);
        if text.is_empty() {
            return Some(None);
        }
        if text.len() > CODE_CHARS
            || !text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        {
            let what = format!("{text:?} is not a code: 1 to {CODE_CHARS} of A–Z, 0–9 and -");
            return self.fault(column, what);
        }
        Some(Some(text.to_owned()))
    }

    /// Codes separated by `;`.
    pub(super) fn codes(&mut self, column: &str) -> Option<Vec<String>> {
        let parts = self.raw(column).split(';').map(str::trim).filter(|part| !part.is_empty());
        Some(parts.map(str::to_owned).collect())
    }

    /// One of a few words.
    pub(super) fn word<T>(
        &mut self,
        column: &str,
        from: impl Fn(&str) -> Option<T>,
        words: &str,
    ) -> Option<T> {
        let text = self.raw(column);
        match from(text) {
            Some(value) => Some(value),
            None => self.fault(column, format!("{text:?} is not {words}")),
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, column: &str) -> Option<bool> {
        self.word(column, |text| text.to_ascii_lowercase().parse().ok(), "true or false")
    }

    /// `true`, `false`, or nothing: as it was before.
    pub(super) fn active(&mut self) -> Option<Option<bool>> {
        if self.raw("active").is_empty() { Some(None) } else { self.flag("active").map(Some) }
    }

    /// A whole number.
    pub(super) fn whole(&mut self, column: &str, low: u32, high: u32) -> Option<u32> {
        let text = self.raw(column);
        match text.parse() {
            Ok(number) if (low..=high).contains(&number) && !text.starts_with('+') => Some(number),
            _ => self.fault(column, format!("{text:?} is not a whole number between {low} and {high}")),
        }
    }

    /// A whole number, or nothing.
    pub(super) fn whole_or_none(&mut self, column: &str, low: u32, high: u32) -> Option<Option<u32>> {
        if self.raw(column).is_empty() { Some(None) } else { self.whole(column, low, high).map(Some) }
    }

    /// Degrees between `-limit` and `limit`.
    pub(super) fn degrees(&mut self, column: &str, limit: f64) -> Option<f64> {
        let text = self.raw(column);
        match text.parse::<f64>() {
            Ok(degrees) if degrees.abs() <= limit => Some(degrees),
            _ => self.fault(column, format!("not a number between -{limit} and {limit}")),
        }
    }
}
