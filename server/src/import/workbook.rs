//! From a workbook (.xlsx) to rows: each sheet on its own, cell by cell, within bounds.

mod unpacked;

use super::grid::{Cell, Grid, Line, MAX_COLUMNS, MAX_PLACES};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Cells with something in them that all sheets have together.
const MAX_CELLS: usize = 1_000_000;
/// Bytes of all texts together: one text may stand in many cells and be packed once.
const MAX_TEXT_BYTES: usize = 64 * 1024 * 1024;

const NOT_COMPUTED: &str =
    "a formula without a value; save the workbook in a spreadsheet, or write the value";

/// A sheet by its name.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) grid: Grid,
}

/// Reads every sheet.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err("an old .xls, or protected by a password; save it as .xlsx without one".to_owned());
    }
    if !bytes.starts_with(b"PK") {
        return Err("no workbook inside; save it as .xlsx".to_owned());
    }
    unpacked::check(bytes)?;
    let broken = |error: &dyn std::fmt::Display| format!("a workbook that cannot be read: {error}");
    // A library's slip over a broken file is a fault of this file, not the end of the import.
    std::panic::catch_unwind(|| read_sheets(bytes).map_err(|error| broken(&error)))
        .unwrap_or_else(|_| Err(broken(&"it is broken")))
}

/// Why sheets cannot be read.
#[derive(Debug, thiserror::Error)]
enum SheetError {
    #[error(transparent)]
    Broken(#[from] calamine::XlsxError),
    #[error("it has more than {MAX_CELLS} cells or {} MiB of text", MAX_TEXT_BYTES / 1024 / 1024)]
    TooMuch,
    #[error(
        "it has more than {MAX_PLACES} cells, with the empty ones between; delete what stands beside the tables"
    )]
    TooWide,
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let sheets = workbook.sheets_metadata().iter().filter(|it| it.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|it| it.name.clone()).collect();
    let mut room = Room { cells: MAX_CELLS, text: MAX_TEXT_BYTES, places: MAX_PLACES };
    let mut read = Vec::new();
    for name in names {
        let grid = read_sheet(&mut workbook, &name, &mut room)?;
        read.push(Sheet { name, grid });
    }
    Ok(read)
}

/// What is left of the bounds, which all sheets have together.
struct Room {
    cells: usize,
    text: usize,
    /// Cells with the empty ones, each of which takes room of its own.
    places: usize,
}

impl Room {
    fn take(&mut self, cell: &Cell) -> Result<(), SheetError> {
        let left = (self.cells.checked_sub(1), self.text.checked_sub(cell.text().len()));
        let (Some(cells), Some(text)) = left else { return Err(SheetError::TooMuch) };
        (self.cells, self.text) = (cells, text);
        Ok(())
    }

    fn take_places(&mut self, rows: usize, width: usize) -> Result<(), SheetError> {
        let left = self.places.checked_sub(rows.saturating_mul(width));
        self.places = left.ok_or(SheetError::TooWide)?;
        Ok(())
    }
}

fn read_sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, room: &mut Room) -> Result<Grid, SheetError> {
    let mut rows: BTreeMap<u32, BTreeMap<usize, Cell>> = BTreeMap::new();
    let mut cells = workbook.worksheet_cells_reader(name)?;
    while let Some(found) = cells.next_cell_with_formula_metadata()? {
        let cell = match found.value {
            DataRef::Empty if found.formula.is_some() => Cell::Unreadable(NOT_COMPUTED.to_owned()),
            value => cell(value),
        };
        let (row, column) = (found.pos.0, usize::try_from(found.pos.1).unwrap_or(usize::MAX));
        if !cell.is_blank() {
            room.take(&cell)?;
            // What stands far to the right has no head; it is kept beside the last column, to be refused there.
            rows.entry(row).or_default().insert(column.min(MAX_COLUMNS), cell);
        }
    }
    let width = rows.values().filter_map(|row| row.last_key_value()).map(|it| it.0 + 1).max().unwrap_or(0);
    room.take_places(rows.len(), width)?;
    let line = |(row, mut cells): (u32, BTreeMap<usize, Cell>)| Line {
        number: u64::from(row) + 1,
        cells: (0..width).map(|column| cells.remove(&column).unwrap_or_default()).collect(),
    };
    Ok(Grid { lines: rows.into_iter().map(line).collect() })
}

fn cell(value: DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => Cell::Text(shown(number)),
        DataRef::Bool(is_so) => Cell::Text(is_so.to_string()),
        DataRef::DateTime(at) => time_of_day(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => date(&text),
        DataRef::Error(error) => {
            Cell::Unreadable(format!("{error} is an error of the spreadsheet; write the value"))
        }
    }
}

/// A number with the fifteen digits that a spreadsheet shows of it.
fn shown(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    rounded.to_string()
}

/// A time of day as a fraction of the day; a date is no value of ours.
fn time_of_day(at: ExcelDateTime) -> Cell {
    if (0.0..=1.0).contains(&at.as_f64()) {
        return Cell::Text(shown(at.as_f64()));
    }
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    date(&format!("{year}-{month:02}-{day:02}"))
}

fn date(shown: &str) -> Cell {
    Cell::Unreadable(format!(
        "{shown} is a date, which a spreadsheet makes of what is typed; format the column as text and type it again"
    ))
}
