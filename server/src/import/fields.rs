//! Reading the fields of a row into what they must be, noting every one that is not.

use super::clean::is_between;
use super::finding::Report;
use super::place::Source;
use super::table::RawRow;
use super::tables::{Table, Words, code_of, list};
use app::spot::{Misplaced, misplaced, opening_hours};

/// A row being read. Every function gives `None` for a field that is bad, having noted why.
pub(super) struct Fields<'a> {
    table: &'static Table,
    source: &'a Source,
    row: &'a RawRow,
    report: &'a mut Report,
}

/// Characters a code has at most.
const CODE_CHARS: usize = 32;

impl<'a> Fields<'a> {
    pub(super) fn new(
        table: &'static Table,
        source: &'a Source,
        row: &'a RawRow,
        report: &'a mut Report,
    ) -> Self {
        Self { table, source, row, report }
    }

    /// Notes a fault of this row. A cell that is no value has its fault already.
    pub(super) fn fault<T>(&mut self, column: &str, what: impl Into<String>) -> Option<T> {
        if !self.row.unreadable.contains(&column) {
            self.report.bad.add(self.source, self.row.at, Some(column), what);
        }
        None
    }

    /// Notes what is worth a second look.
    fn note(&mut self, column: &str, what: impl Into<String>) {
        self.report.notes.add(self.source, self.row.at, Some(column), what);
    }

    /// The field as it stands; empty where it is missing.
    pub(super) fn raw(&self, column: &str) -> &'a str {
        self.row.fields.get(column).map_or("", String::as_str)
    }

    /// The field as it stands, unless it is empty and must not be.
    pub(super) fn filled(&mut self, column: &str) -> Option<&'a str> {
        let text = self.raw(column);
        if text.is_empty() && self.table.requires(column) {
            self.fault(column, "required")
        } else {
            Some(text)
        }
    }

    /// A text of at most `max` characters.
    pub(super) fn text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.filled(column)?;
        let count = text.chars().count();
        if count > max {
            return self.fault(column, format!("{count} characters, at most {max} are taken"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return self.fault(column, "holds a control character");
        }
        Some(text.to_owned())
    }

    /// A code. Some rows need one where others have none.
    pub(super) fn code(&mut self, column: &str) -> Option<String> {
        let code = self.code_or_none(column)?;
        code.or_else(|| self.fault(column, "required"))
    }

    /// A code, or nothing.
    pub(super) fn code_or_none(&mut self, column: &str) -> Option<Option<String>> {
        let text = self.filled(column)?;
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

    /// One small letter of the alphabet.
    pub(super) fn letter(&mut self, column: &str) -> Option<char> {
        let text = self.filled(column)?;
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter @ 'a'..='z'), None) => Some(letter),
            _ => self.fault(column, format!("{text:?} is not one small letter from a to z")),
        }
    }

    /// Codes separated by `;`, or by what people take for it.
    pub(super) fn codes(&mut self, column: &str) -> Option<Vec<String>> {
        let parts = self.filled(column)?.split(is_between).filter(|part| !part.is_empty());
        Some(parts.map(str::to_owned).collect())
    }

    /// Names separated by `;`, or by what people take for it, each once: at most `count` of at most `max` characters.
    /// Nothing where the column is missing.
    pub(super) fn names_if_given(
        &mut self,
        column: &str,
        count: usize,
        max: usize,
    ) -> Option<Option<Vec<String>>> {
        if !self.row.fields.contains_key(column) {
            return Some(None);
        }
        let text = self.text(column, usize::MAX)?;
        let mut names: Vec<String> = Vec::new();
        for name in text.split([';', '；', ',', '，', '、', '/', '\n']).map(str::trim) {
            let length = name.chars().count();
            if length > max {
                return self
                    .fault(column, format!("{name} has {length} characters, at most {max} are taken"));
            }
            if length > 0 && !names.iter().any(|it| it == name) {
                names.push(name.to_owned());
            }
        }
        if names.len() > count {
            return self.fault(column, format!("{} names, at most {count} are taken", names.len()));
        }
        Some(Some(names))
    }

    /// The code of one of a few words.
    pub(super) fn word(&mut self, column: &str, words: Words) -> Option<&'static str> {
        let text = self.filled(column)?;
        match code_of(words, text) {
            Some(code) => Some(code),
            None => self.fault(column, format!("{text:?} is not {}", list(words))),
        }
    }

    /// What one of a few words stands for.
    pub(super) fn meaning<T>(
        &mut self,
        column: &str,
        words: Words,
        of: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let code = self.word(column, words)?;
        of(code)
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, column: &str) -> Option<bool> {
        self.word(column, super::tables::FLAG).map(|code| code == "true")
    }

    /// `true`, `false`, or nothing: as it was before.
    pub(super) fn active(&mut self) -> Option<Option<bool>> {
        if self.raw("active").is_empty() { Some(None) } else { self.flag("active").map(Some) }
    }

    /// A whole number.
    pub(super) fn whole(&mut self, column: &str, low: u32, high: u32) -> Option<u32> {
        let text = self.filled(column)?;
        match text.parse() {
            Ok(number) if (low..=high).contains(&number) && !text.starts_with('+') => Some(number),
            _ => self.fault(column, format!("{text:?} is not a whole number between {low} and {high}")),
        }
    }

    /// A whole number, or nothing.
    pub(super) fn whole_or_none(&mut self, column: &str, low: u32, high: u32) -> Option<Option<u32>> {
        if self.raw(column).is_empty() { Some(None) } else { self.whole(column, low, high).map(Some) }
    }

    /// A position, degrees east and north.
    pub(super) fn position(&mut self, lng: &str, lat: &str) -> Option<(f64, f64)> {
        let (east, north) = (self.degrees(lng), self.degrees(lat));
        let (east, north) = (east?, north?);
        match misplaced(east, north) {
            None => Some((east, north)),
            Some(Misplaced::Exchanged) => {
                let what = format!("{east}, {north} are exchanged: longitude 73 to 136, latitude 3 to 54");
                self.fault(&format!("{lng} + {lat}"), what)
            }
            Some(Misplaced::Nowhere) => {
                self.fault(&format!("{lng} + {lat}"), "0, 0 is no place; find the spot on a map")
            }
            Some(Misplaced::Abroad) => {
                let what =
                    format!("{east}, {north} lies outside China: longitude 73 to 136, latitude 3 to 54");
                self.fault(&format!("{lng} + {lat}"), what)
            }
        }
    }

    fn degrees(&mut self, column: &str) -> Option<f64> {
        let text = self.filled(column)?;
        let number = text.trim_end_matches(['°', '度', 'E', 'N']).trim_end();
        match number.parse::<f64>() {
            Ok(degrees) if degrees.abs() <= 180.0 => {
                if number.contains(['e', 'E']) {
                    self.note(column, format!("{text} was read as {degrees}; digits may have been lost"));
                }
                Some(degrees)
            }
            _ => self.fault(column, format!("{text:?} is not a number of degrees like 113.733556")),
        }
    }

    /// Opening hours, or nothing.
    pub(super) fn hours(&mut self, column: &str) -> Option<String> {
        match opening_hours(self.filled(column)?) {
            Ok(hours) => Some(hours),
            Err(error) => self.fault(column, error.to_string()),
        }
    }
}
