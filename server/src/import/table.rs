//! From rows of cells to the rows of a table: heads are found, cells are cleaned, what must differ differs.

use super::clean::{self, Changed};
use super::fields::Fields;
use super::finding::Report;
use super::grid::{Cell, Grid, Line};
use super::place::{At, Source};
use super::tables::{Column, Table};
use std::collections::{HashMap, HashSet};

/// A kind of row: its table and how it is read.
pub(super) trait Record: Sized {
    /// The table it stands in.
    const TABLE: &'static Table;
    /// Columns whose values, together, stand in one row only. The first group is what the row is known by.
    const UNIQUE: &'static [&'static [&'static str]];

    /// Reads a row; `None` when a field is bad, which has been noted then.
    fn read(fields: &mut Fields<'_>) -> Option<Self>;

    /// A value as it is compared with others that must differ.
    fn key(value: &str) -> String {
        value.to_owned()
    }
}

/// The rows of one table.
#[derive(Debug)]
pub(super) struct Rows<T> {
    /// Where they stand, for what is found wrong later.
    pub(super) source: Source,
    /// The rows that can be read, and where they stand.
    pub(super) rows: Vec<(At, T)>,
    /// What every row is known by, also those that cannot be read: naming one of them is no second fault.
    pub(super) named: HashSet<String>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { source: Source::default(), rows: Vec::new(), named: HashSet::new() }
    }
}

/// A row as text.
#[derive(Debug)]
pub(super) struct RawRow {
    pub(super) at: At,
    pub(super) fields: HashMap<&'static str, String>,
    /// Columns whose cell is no value: their fault has been noted.
    pub(super) unreadable: Vec<&'static str>,
}

/// The first rows, among which the heads are looked for: a title may stand above them.
const HEADS_WITHIN: usize = 10;

impl<T: Record> Rows<T> {
    /// Reads a table; what cannot be read is noted.
    pub(super) fn of_grid(mut source: Source, grid: &Grid, report: &mut Report) -> Self {
        let Some((heads, lines)) = split_heads(T::TABLE, &grid.lines) else {
            report.bad.add(&source, At::File, None, "empty: the line with the column names is missing");
            return Self { source, ..Self::default() };
        };
        let Some(columns) = read_heads(T::TABLE, &mut source, heads, report) else {
            return Self { source, ..Self::default() };
        };
        if grid.lines.iter().any(|line| line.number < heads.number && !line.is_blank()) {
            report.notes.add(
                &source,
                At::Line(heads.number),
                None,
                "what stands above the heads was left out",
            );
        }
        let mut raw = Vec::new();
        let (mut left_out, mut short) = (Vec::new(), Vec::new());
        let mut cleaned = Cleaned::default();
        for line in lines.iter().filter(|line| !line.is_blank()) {
            if line.cells.first().is_some_and(|cell| clean::head(cell.text()).starts_with('#')) {
                left_out.push(line.number.to_string());
            } else if has_heads(&source, line, &columns, report) {
                if line.cells.len() < columns.len() {
                    short.push(line.number);
                }
                let cells = columns.iter().zip(&line.cells).filter_map(|(it, cell)| Some(((*it)?, cell)));
                raw.push(raw_row(T::TABLE, &source, At::Line(line.number), cells, &mut cleaned, report));
            }
        }
        if !left_out.is_empty() {
            let what = format!("left out, for they begin with #: lines {}", left_out.join(", "));
            report.notes.add(&source, At::File, None, what);
        }
        if let [first, more @ ..] = &short[..] {
            let what = and_more("cells that are missing at the end were read as empty", more.len(), "lines");
            report.notes.add(&source, At::Line(*first), None, what);
        }
        cleaned.note(&source, report);
        Self::of_raw(source, &raw, report)
    }

    /// Reads lines whose cells stand in the order of [`Table::all_columns`].
    pub(super) fn of_lines(source: Source, lines: &[(At, Line)], report: &mut Report) -> Self {
        let mut cleaned = Cleaned::default();
        let raw: Vec<RawRow> = lines
            .iter()
            .map(|(at, line)| {
                let cells = T::TABLE.all_columns().zip(&line.cells);
                let cells = cells.filter(|(column, cell)| !column.may_miss || **cell != Cell::Empty);
                raw_row(T::TABLE, &source, *at, cells, &mut cleaned, report)
            })
            .collect();
        cleaned.note(&source, report);
        Self::of_raw(source, &raw, report)
    }

    fn of_raw(source: Source, raw: &[RawRow], report: &mut Report) -> Self {
        let mut rows = Self { source, ..Self::default() };
        let source = rows.source.clone();
        let mut seen: HashMap<(usize, String), (At, String)> = HashMap::new();
        for row in raw {
            for (group, columns) in T::UNIQUE.iter().enumerate() {
                let values: Vec<&str> = columns.iter().map(|it| row.fields[it].as_str()).collect();
                if values.iter().all(|value| value.is_empty()) {
                    continue;
                }
                let (key, shown) = (T::key(&values.join("\n")), values.join(" + "));
                if let Some((at, before)) = seen.get(&(group, key.clone())) {
                    let what = if *before == shown {
                        format!("{shown} stands in {at} already")
                    } else {
                        format!("{shown} stands in {at} already, as {before}")
                    };
                    report.bad.add(&source, row.at, Some(&columns.join(" + ")), what);
                } else {
                    if group == 0 {
                        rows.named.insert(key.clone());
                    }
                    seen.insert((group, key), (row.at, shown));
                }
            }
            if let Some(read) = T::read(&mut Fields::new(T::TABLE, &source, row, report)) {
                rows.rows.push((row.at, read));
            }
        }
        rows
    }
}

/// The line with the heads and those below it: the first of the top lines with two known heads, else the first that is
/// not blank, whose heads are then refused one by one.
fn split_heads<'a>(table: &Table, lines: &'a [Line]) -> Option<(&'a Line, &'a [Line])> {
    let known = |line: &Line| line.cells.iter().filter(|cell| table.column(cell.text()).is_some()).count();
    let heads = lines.iter().take(HEADS_WITHIN).position(|line| known(line) > 1);
    let at = heads.or_else(|| lines.iter().position(|line| !line.is_blank()))?;
    Some((lines.get(at)?, lines.get(at + 1..)?))
}

/// The columns in the order of the file; `None` stands for one without a head, as programs leave them at the end.
fn read_heads(
    table: &Table,
    source: &mut Source,
    line: &Line,
    report: &mut Report,
) -> Option<Vec<Option<&'static Column>>> {
    let (at, before) = (At::Line(line.number), report.bad.count());
    let mut columns: Vec<Option<&'static Column>> = Vec::new();
    for (place, cell) in line.cells.iter().enumerate() {
        let (shown, _) = clean::cell(cell.text(), super::tables::Kind::Text);
        if let Cell::Unreadable(why) = cell {
            report.bad.add(source, at, None, format!("field {}: {why}", place + 1));
            continue;
        }
        match table.column(cell.text()) {
            _ if cell.is_blank() => columns.push(None),
            None => {
                let known: Vec<&str> = table.all_columns().map(|column| column.name).collect();
                let what = format!("unknown column; known are {}", known.join(", "));
                report.bad.add(source, at, Some(&shown), what);
            }
            Some(column) if columns.contains(&Some(column)) => {
                report.bad.add(source, at, Some(&shown), "stands there twice");
            }
            Some(column) => {
                source.set_head(column.name, &shown);
                columns.push(Some(column));
            }
        }
    }
    for missing in table.columns.iter().filter(|it| !it.may_miss && !columns.contains(&Some(it))) {
        report.bad.add(source, at, Some(missing.name), format!("the column is missing ({})", missing.head));
    }
    while columns.last().is_some_and(Option::is_none) {
        columns.pop();
    }
    (report.bad.count() == before).then_some(columns)
}

/// Whether nothing stands in a line where there is no head. It may be shorter than the heads: a spreadsheet saves empty
/// cells at the end of some rows only.
fn has_heads(source: &Source, line: &Line, columns: &[Option<&Column>], report: &mut Report) -> bool {
    let at = At::Line(line.number);
    let filled = line.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1);
    if filled > columns.len() {
        report.bad.add(source, at, None, format!("{filled} fields instead of {}", columns.len()));
        return false;
    }
    let headless = |(column, cell): (&Option<&Column>, &Cell)| column.is_none() && !cell.is_blank();
    if let Some(place) = columns.iter().zip(&line.cells).position(headless) {
        report.bad.add(source, at, None, format!("field {} has no head above it", place + 1));
        return false;
    }
    true
}

fn raw_row<'a>(
    table: &Table,
    source: &Source,
    at: At,
    cells: impl Iterator<Item = (&'static Column, &'a Cell)>,
    cleaned: &mut Cleaned,
    report: &mut Report,
) -> RawRow {
    let mut fields: HashMap<&'static str, String> =
        table.all_columns().filter(|it| !it.may_miss).map(|it| (it.name, String::new())).collect();
    let mut unreadable = Vec::new();
    for (column, cell) in cells {
        if let Cell::Unreadable(why) = cell {
            report.bad.add(source, at, Some(column.name), why);
            unreadable.push(column.name);
        }
        let (text, changed) = clean::cell(cell.text(), column.kind);
        cleaned.count(at, column, changed);
        fields.insert(column.name, text);
    }
    RawRow { at, fields, unreadable }
}

/// Cells that were read otherwise than they stand there.
#[derive(Default)]
struct Cleaned([Option<(usize, At, &'static str)>; 3]);

impl Cleaned {
    fn count(&mut self, at: At, column: &'static Column, changed: Changed) {
        for (place, is_so) in self.0.iter_mut().zip([changed.invisible, changed.width, changed.case]) {
            if is_so {
                place.get_or_insert((0, at, column.name)).0 += 1;
            }
        }
    }

    fn note(&self, source: &Source, report: &mut Report) {
        let said = [
            "invisible characters were left out",
            "full-width and look-alike characters were read as the usual ones",
            "small letters of codes were read as capitals",
        ];
        for (said, (count, at, column)) in said.into_iter().zip(self.0).filter_map(|it| Some((it.0, it.1?))) {
            report.notes.add(source, at, Some(column), and_more(said, count - 1, "cells"));
        }
    }
}

/// What is said once, at the first place, of that and of others like it.
fn and_more(said: &str, more: usize, of: &str) -> String {
    if more == 0 { said.to_owned() } else { format!("{said}, here and in {more} more {of}") }
}
