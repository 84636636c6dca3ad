//! Which table a file or a sheet holds, by its name; what holds none is named.

use super::decode::{Encoding, decode};
use super::finding::Report;
use super::grid::Grid;
use super::place::{At, Source};
use super::table::{Record, Rows};
use super::tables::{TABLES, Table};
use super::{Import, delimited, folder, json, policy, template, workbook};
use app::calendar::Calendar;
use app::issue::Policy;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

const CALENDAR: &str = "calendar.json";
const WORKING_HOURS: &str = "working_hours.json";
const POLICY: &str = "policy.json";
const SETTINGS: [&str; 3] = [CALENDAR, WORKING_HOURS, POLICY];

/// 青岚县, which the demo imports.
#[derive(rust_embed::RustEmbed)]
#[folder = "../data/catalogue"]
struct DemoCounty;

/// The demo county's files.
#[must_use]
pub fn demo_county() -> Import {
    let files = DemoCounty::iter()
        .filter_map(|name| Some((name.clone().into_owned(), DemoCounty::get(&name)?.data.into_owned())));
    read_files(files.collect())
}

/// The files of a folder, or one file. What cannot be read is among the faults of the result.
#[must_use]
pub fn read_dir(path: &Path) -> Import {
    let mut report = Report::default();
    let files = folder::read(path, |name| FileKind::of(name).is_some(), &mut report);
    if files.is_empty() && report.bad.count() == 0 {
        let what = format!("no file to import: {}", readable());
        report.bad.add(&Source::file(&path.display().to_string()), At::File, None, what);
    }
    read(files, report)
}

/// Files by their names.
#[must_use]
pub fn read_files(files: BTreeMap<String, Vec<u8>>) -> Import {
    read(files, Report::default())
}

fn readable() -> String {
    let names = TABLES.map(|table| table.name).join(", ");
    format!(
        "{names} as .xlsx, .csv or .json, any workbook with sheets of these names, {}",
        SETTINGS.join(", ")
    )
}

/// What a file is read as.
enum FileKind {
    /// Sheets, each with a name of its own.
    Workbook,
    /// Values between delimiters.
    Delimited(&'static Table),
    /// Objects.
    Json(&'static Table),
    /// One of the settings.
    Setting(&'static str),
}

impl FileKind {
    /// By a file's name, in whatever case; none for a file that is not read.
    fn of(name: &str) -> Option<Self> {
        let lower = name.to_lowercase();
        if lower.starts_with('.') || lower.starts_with("~$") {
            return None;
        }
        let (stem, kind) = lower.rsplit_once('.')?;
        let setting = SETTINGS.into_iter().find(|it| *it == lower);
        match kind {
            "xlsx" | "xlsm" => Some(Self::Workbook),
            "csv" | "txt" | "tsv" => Table::find(stem).map(Self::Delimited),
            "json" => setting.map(Self::Setting).or_else(|| Table::find(stem).map(Self::Json)),
            _ => None,
        }
    }
}

/// A table as it was found.
struct Piece {
    table: &'static Table,
    source: Source,
    content: Content,
}

enum Content {
    Grid(Grid),
    Json(String),
}

/// Everything that was found, before tables become rows.
#[derive(Default)]
struct Found {
    pieces: Vec<Piece>,
    settings: BTreeMap<&'static str, (Source, String)>,
    report: Report,
}

fn read(files: BTreeMap<String, Vec<u8>>, report: Report) -> Import {
    let mut found = Found { report, ..Found::default() };
    for (name, bytes) in files {
        found.file(&name, &bytes);
    }
    let mut import = Import {
        units: found.take(),
        areas: found.take(),
        spot_types: found.take(),
        clauses: found.take(),
        phrases: found.take(),
        checks: found.take(),
        spots: found.take(),
        rules: found.take(),
        users: found.take(),
        calendar: found.calendar(),
        working_hours: found.setting(WORKING_HOURS),
        policy: found.policy(),
        report: Report::default(),
    };
    import.report = found.report;
    import
}

impl Found {
    fn bad(&mut self, source: &Source, what: impl Into<String>) {
        self.report.bad.add(source, At::File, None, what);
    }

    fn note(&mut self, source: &Source, what: impl Into<String>) {
        self.report.notes.add(source, At::File, None, what);
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        let source = Source::file(name);
        match FileKind::of(name) {
            None => self.note(&source, folder::why_not(name)),
            Some(FileKind::Workbook) => self.workbook(name, bytes),
            Some(FileKind::Delimited(table)) => {
                if let Some(text) = self.text(&source, bytes)
                    && let Some(grid) = self.delimited(table, &source, &text)
                {
                    self.pieces.push(Piece { table, source, content: Content::Grid(grid) });
                }
            }
            Some(FileKind::Json(table)) => {
                if let Some(text) = self.text(&source, bytes) {
                    let content = Content::Json(text.into_owned());
                    self.pieces.push(Piece { table, source, content });
                }
            }
            Some(FileKind::Setting(setting)) => {
                if let Some(text) = self.text(&source, bytes) {
                    let settled = self.settings.insert(setting, (source.clone(), text.into_owned()));
                    if let Some((other, _)) = settled {
                        self.bad(&source, format!("{other} is there too; which of them is meant?"));
                    }
                }
            }
        }
    }

    fn text<'a>(&mut self, source: &Source, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
        if bytes.starts_with(b"PK\x03\x04") {
            self.bad(source, "a workbook inside; name it .xlsx");
            return None;
        }
        match decode(bytes) {
            Ok((text, encoding)) => {
                match encoding {
                    Encoding::Utf8 => {}
                    Encoding::Utf16 => self.note(source, "read as UTF-16"),
                    Encoding::Gbk => self.note(source, "read as GBK"),
                }
                Some(text)
            }
            Err(fault) => {
                self.report.bad.add(source, At::Line(fault.line), None, fault.what);
                None
            }
        }
    }

    fn delimited(&mut self, table: &'static Table, source: &Source, text: &str) -> Option<Grid> {
        let read = delimited::read(text, &|head| table.column(head).is_some());
        let read = read.map_err(|why| self.bad(source, why)).ok()?;
        if let Some(between) = read.between {
            self.note(source, format!("read with {between} between the values"));
        }
        for (line, what) in read.faults {
            self.report.bad.add(source, At::Line(line), None, what);
        }
        Some(read.grid)
    }

    /// A sheet is a table by its own name. In a file that has a table's name, the first sheet is that table where none
    /// is by its own.
    fn workbook(&mut self, name: &str, bytes: &[u8]) {
        let sheets = match workbook::read(bytes) {
            Ok(sheets) => sheets,
            Err(why) => return self.bad(&Source::file(name), why),
        };
        let is_empty = |sheet: &workbook::Sheet| sheet.grid.lines.iter().all(super::grid::Line::is_blank);
        let sheets: Vec<_> =
            sheets.into_iter().filter(|it| !is_empty(it) && it.name != template::GUIDE).collect();
        if sheets.is_empty() {
            return self.bad(&Source::file(name), "empty: no sheet holds anything to import");
        }
        let is_named = sheets.iter().any(|sheet| Table::find(&sheet.name).is_some());
        let mut by_file = name.rsplit_once('.').and_then(|(stem, _)| Table::find(stem)).filter(|_| !is_named);
        if !is_named && by_file.is_none() {
            let titles = TABLES.map(|table| format!("{} ({})", table.name, table.title)).join(", ");
            return self.bad(&Source::file(name), format!("no sheet has the name of a table: {titles}"));
        }
        for sheet in sheets {
            let source = Source::sheet(name, &sheet.name);
            match Table::find(&sheet.name).or_else(|| by_file.take()) {
                Some(table) => {
                    self.pieces.push(Piece { table, source, content: Content::Grid(sheet.grid) });
                }
                None => self.note(&source, "not read: the sheet's name is none of a table"),
            }
        }
    }

    /// The rows of a table, which may be there once.
    fn take<T: Record>(&mut self) -> Rows<T> {
        let is_it = |piece: &mut Piece| piece.table == T::TABLE;
        let mut pieces: Vec<Piece> = self.pieces.extract_if(.., is_it).collect();
        let Some(piece) = pieces.pop() else { return Rows::default() };
        if let Some(other) = pieces.pop() {
            self.bad(&piece.source, format!("{} is there too; which of them is meant?", other.source));
            return Rows::default();
        }
        match piece.content {
            Content::Grid(grid) => Rows::of_grid(piece.source, &grid, &mut self.report),
            Content::Json(text) => {
                let lines = json::read(T::TABLE, &piece.source, &text, &mut self.report);
                Rows::of_lines(piece.source, &lines, &mut self.report)
            }
        }
    }

    fn calendar(&mut self) -> Option<Calendar> {
        let (source, text) = self.settings.remove(CALENDAR)?;
        Calendar::parse(&text).map_err(|error| self.bad(&source, error.to_string())).ok()
    }

    fn policy(&mut self) -> Option<Policy> {
        let (source, text) = self.settings.remove(POLICY)?;
        policy::read(&source, &text, &mut self.report.bad)
    }

    fn setting<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let (source, text) = self.settings.remove(name)?;
        serde_json::from_str(&text).map_err(|error| self.bad(&source, error.to_string())).ok()
    }
}
