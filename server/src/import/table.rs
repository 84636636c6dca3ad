//! From bytes to rows of named fields: CSV as spreadsheets write it, or a JSON array of objects with the same keys.

use super::bad::{At, Bad};
use super::fields::Fields;
use std::collections::{HashMap, HashSet};

/// A kind of row: which columns it has and how it is read.
pub(super) trait Record: Sized {
    /// The name of its file, without the extension.
    const FILE: &'static str;
    /// Every column a CSV file must have.
    const COLUMNS: &'static [&'static str];
    /// Whether it may also have `active`.
    const MAY_RETIRE: bool;
    /// Columns whose values, together, stand in one row only. The first group is what the row is known by.
    const UNIQUE: &'static [&'static [&'static str]];

    /// Reads a row; `None` when a field is bad, which has been noted then.
    fn read(fields: &mut Fields<'_>) -> Option<Self>;
}

/// The rows of one file.
#[derive(Debug)]
pub(super) struct Rows<T> {
    /// The file's name, for what is found wrong later.
    pub(super) file: String,
    /// The rows that can be read, and where they stand.
    pub(super) rows: Vec<(At, T)>,
    /// What every row is known by, also those that cannot be read: naming one of them is no second fault.
    pub(super) named: HashSet<String>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { file: String::new(), rows: Vec::new(), named: HashSet::new() }
    }
}

/// A row as text.
#[derive(Debug)]
pub(super) struct RawRow {
    pub(super) at: At,
    pub(super) fields: HashMap<&'static str, String>,
}

impl<T: Record> Rows<T> {
    /// Reads a file; what cannot be read is noted.
    pub(super) fn read(file: &str, bytes: &[u8], bad: &mut Bad) -> Self {
        let Some(text) = utf8(file, bytes, bad) else {
            return Self { file: file.to_owned(), ..Self::default() };
        };
        let raw = if file.ends_with(".json") {
            read_json::<T>(file, text, bad)
        } else {
            read_csv::<T>(file, text, bad)
        };
        let mut rows = Self { file: file.to_owned(), ..Self::default() };
        let mut seen: HashMap<(usize, String), At> = HashMap::new();
        for row in raw {
            for (group, columns) in T::UNIQUE.iter().enumerate() {
                let values: Vec<&str> = columns.iter().map(|it| row.fields[it].as_str()).collect();
                if values.iter().all(|value| value.is_empty()) {
                    continue;
                }
                let key = values.join("\n");
                if let Some(before) = seen.get(&(group, key.clone())) {
                    let what = format!("{} stands in {before} already", values.join(" + "));
                    bad.add(file, row.at, Some(&columns.join(" + ")), what);
                } else {
                    if group == 0 {
                        rows.named.insert(key.clone());
                    }
                    seen.insert((group, key), row.at);
                }
            }
            let at = row.at;
            if let Some(read) = T::read(&mut Fields::new(file, &row, bad)) {
                rows.rows.push((at, read));
            }
        }
        rows
    }
}

/// The text without its byte order mark.
pub(super) fn utf8<'a>(file: &str, bytes: &'a [u8], bad: &mut Bad) -> Option<&'a str> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        bad.add(file, At::File, None, "in UTF-16; save it as “CSV UTF-8”");
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.trim_start_matches('\u{feff}')),
        Err(_) => {
            let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
            let mut faulty = lines.filter(|(line, _)| std::str::from_utf8(line).is_err());
            let first = faulty.next().map_or(1, |(_, number)| number);
            let more = match faulty.count() {
                0 => String::new(),
                n => format!(", nor are {n} lines after it"),
            };
            let what =
                format!("not UTF-8{more}; a spreadsheet may have saved it in GBK: save it as “CSV UTF-8”");
            bad.add(file, At::Line(first), None, what);
            None
        }
    }
}

fn allowed<T: Record>() -> impl Iterator<Item = &'static str> {
    T::COLUMNS.iter().copied().chain(T::MAY_RETIRE.then_some("active"))
}

fn read_csv<T: Record>(file: &str, text: &str, bad: &mut Bad) -> Vec<RawRow> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = LineCount { text, byte: 0, line: 1 };
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(error)) => {
            bad.add(file, At::Line(1), None, error.to_string());
            return Vec::new();
        }
        None => {
            bad.add(file, At::File, None, "empty: the line with the column names is missing");
            return Vec::new();
        }
    };
    let Some(columns) = read_header::<T>(file, At::Line(lines.of(&header)), &header, bad) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    let mut last_line = 1;
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                bad.add(file, At::File, None, error.to_string());
                continue;
            }
        };
        last_line = lines.of(&record);
        let at = At::Line(last_line);
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() != columns.len() {
            bad.add(file, at, None, format!("{} fields instead of {}", record.len(), columns.len()));
            continue;
        }
        let mut fields: HashMap<&'static str, String> =
            allowed::<T>().map(|it| (it, String::new())).collect();
        fields.extend(columns.iter().copied().zip(record.iter().map(clean)));
        rows.push(RawRow { at, fields });
    }
    // An open quotation mark makes one field of everything after it, which would pass where any text does.
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        bad.add(file, At::Line(last_line), None, "a quotation mark is not closed");
    }
    rows
}

/// Tells the line a record begins in, for records in the order of the text.
struct LineCount<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl LineCount<'_> {
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let begins = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(self.byte);
        let rest = self.text.get(begins..).unwrap_or_default();
        // A record's position is where the one before it ended: before the rest of a CRLF, and before empty lines.
        let begins = begins + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let passed = self.text.as_bytes().get(self.byte..begins).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.byte = begins.max(self.byte);
        self.line
    }
}

/// The columns in the order of the file.
fn read_header<T: Record>(
    file: &str,
    at: At,
    header: &csv::StringRecord,
    bad: &mut Bad,
) -> Option<Vec<&'static str>> {
    let before = bad.count();
    let mut columns = Vec::new();
    for name in header.iter().map(str::trim) {
        match allowed::<T>().find(|column| *column == name) {
            None => bad.add(file, at, Some(name), format!("unknown column; known are {}", list::<T>())),
            Some(column) if columns.contains(&column) => bad.add(file, at, Some(name), "stands there twice"),
            Some(column) => columns.push(column),
        }
    }
    for missing in T::COLUMNS.iter().filter(|column| !columns.contains(column)) {
        bad.add(file, at, Some(missing), "the column is missing");
    }
    (bad.count() == before).then_some(columns)
}

fn list<T: Record>() -> String {
    allowed::<T>().collect::<Vec<_>>().join(", ")
}

fn clean(field: &str) -> String {
    field.trim().replace("\r\n", "\n")
}

fn read_json<T: Record>(file: &str, text: &str, bad: &mut Bad) -> Vec<RawRow> {
    let items: Vec<serde_json::Value> = match serde_json::from_str(text) {
        Ok(items) => items,
        Err(error) => {
            let at = u64::try_from(error.line()).map_or(At::File, At::Line);
            bad.add(file, at, None, format!("not a JSON array: {error}"));
            return Vec::new();
        }
    };
    let mut rows = Vec::new();
    for (number, item) in items.into_iter().enumerate() {
        let at = At::Item(number);
        let serde_json::Value::Object(object) = item else {
            bad.add(file, at, None, "not an object");
            continue;
        };
        let mut fields: HashMap<&'static str, String> =
            allowed::<T>().map(|it| (it, String::new())).collect();
        let before = bad.count();
        for (key, value) in object {
            match (allowed::<T>().find(|column| *column == key), as_text(&value)) {
                (Some(column), Some(text)) => {
                    fields.insert(column, text);
                }
                (None, _) => bad.add(file, at, Some(&key), format!("unknown key; known are {}", list::<T>())),
                (_, None) => {
                    bad.add(file, at, Some(&key), "neither text, number, true, false nor a list of texts");
                }
            }
        }
        if bad.count() == before {
            rows.push(RawRow { at, fields });
        }
    }
    rows
}

/// A value as its CSV field would hold it.
fn as_text(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(clean(text)),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(";"))
        }
        Value::Object(_) => None,
    }
}
