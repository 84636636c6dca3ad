//! From text to rows: values between commas, semicolons or tabs, as spreadsheets save them.

use super::grid::{Cell, Grid, Line, MAX_COLUMNS, MAX_PLACES};

/// What stands between two values, the usual one first.
const DELIMITERS: [(u8, &str); 3] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs")];

/// A table that was read, and what to say of it.
#[derive(Debug, Default)]
pub(super) struct Delimited {
    pub(super) grid: Grid,
    /// What stands between the values, where it is no comma.
    pub(super) between: Option<&'static str>,
    /// Rows that could not be taken apart, and why.
    pub(super) faults: Vec<(u64, String)>,
}

/// Reads a text. The delimiter is what parts the first line into most of the heads a table may have.
///
/// # Errors
/// Why nothing of it is read.
pub(super) fn read(text: &str, is_head: &dyn Fn(&str) -> bool) -> Result<Delimited, String> {
    let (text, told) = without_separator_line(text);
    let (delimiter, name) = told.unwrap_or_else(|| guess(text, is_head));
    // Each cell ends with one of these, save the last. Within quotation marks they end none, and count all the same:
    // a mark that is not closed must not hide the others.
    let ends = text.bytes().filter(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r')).count();
    if ends > MAX_PLACES {
        return Err(format!("{ends} {name} and line ends; at most {MAX_PLACES} are taken"));
    }
    let mut read = Delimited { between: (delimiter != b',').then_some(name), ..Delimited::default() };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = RowCount { text, row: 0 };
    for record in reader.records() {
        match record {
            Ok(record) => {
                let number = rows.of(&record);
                read.grid.lines.push(Line { number, cells: record.iter().map(cell).collect() });
            }
            Err(error) => read.faults.push((rows.row + 1, error.to_string())),
        }
    }
    // An open quotation mark makes one field of everything after it, which would pass where any text does.
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        read.faults.push((rows.row, "a quotation mark is not closed".to_owned()));
    }
    Ok(read)
}

/// The first line `sep=;` tells a spreadsheet the delimiter. The spreadsheet does not count it as a row.
fn without_separator_line(text: &str) -> (&str, Option<(u8, &'static str)>) {
    let (first, rest) = text.split_at(text.find(['\r', '\n']).unwrap_or(text.len()));
    let told = first.trim_matches('"').strip_prefix("sep=").map(str::as_bytes);
    let Some([delimiter]) = told else { return (text, None) };
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])).unwrap_or(rest);
    (rest, DELIMITERS.into_iter().find(|it| it.0 == *delimiter))
}

fn guess(text: &str, is_head: &dyn Fn(&str) -> bool) -> (u8, &'static str) {
    let heads = |delimiter: u8| {
        // The heads may stand below a title.
        let lines = text.split(['\r', '\n']).filter(|line| !line.is_empty()).take(10);
        lines
            .map(|line| line.split(char::from(delimiter)).take(MAX_COLUMNS))
            .map(|heads| heads.filter(|it| is_head(it.trim_matches('"'))).count())
            .max()
    };
    // Of equals the last wins, and the usual one is to win.
    DELIMITERS.into_iter().rev().max_by_key(|it| heads(it.0)).unwrap_or(DELIMITERS[0])
}

/// A field. `="001"` is how a spreadsheet is made to keep a text as it is; other formulas have no value here.
fn cell(field: &str) -> Cell {
    let Some(formula) = field.strip_prefix('=') else { return Cell::Text(field.to_owned()) };
    let inner = formula.strip_prefix('"').and_then(|it| it.strip_suffix('"')).filter(|it| !it.contains('"'));
    let why = || Cell::Unreadable(format!("{field:?} is a formula; write its value"));
    inner.map_or_else(why, |text| Cell::Text(text.to_owned()))
}

/// Tells the row of a spreadsheet that a record is, for records in the order of the text: a field with line ends in it
/// is within one row, and an empty line is a row, too.
struct RowCount<'a> {
    text: &'a str,
    row: u64,
}

impl RowCount<'_> {
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        // A record's position is where the one before it ended: before the rest of a CRLF, and before empty lines.
        let at = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or_default();
        let rest = self.text.get(at..).unwrap_or_default();
        let gap = &rest[..rest.len() - rest.trim_start_matches(['\r', '\n']).len()];
        let is_split = gap.starts_with('\n') && self.text.get(..at).is_some_and(|it| it.ends_with('\r'));
        let gap = if is_split { &gap[1..] } else { gap };
        let empty = gap.replace("\r\n", "\n").len() as u64;
        self.row += empty + 1;
        self.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let read = read(text, &|head| ["code", "name"].contains(&head)).expect("few cells");
        assert_eq!(read.faults, []);
        let row = |line: Line| (line.number, line.cells.iter().map(|it| it.text().to_owned()).collect());
        read.grid.lines.into_iter().map(row).collect()
    }

    #[test]
    fn every_delimiter_and_line_end_is_read() {
        let expected =
            [(1, vec!["code".to_owned(), "name".to_owned()]), (2, vec!["A".to_owned(), "甲".to_owned()])];
        for delimiter in [',', ';', '\t'] {
            for end in ["\n", "\r\n", "\r"] {
                let text = format!("code{delimiter}name{end}A{delimiter}甲{end}");
                assert_eq!(rows(&text), expected, "{text:?}");
            }
        }
        assert_eq!(rows("sep=;\r\ncode;name\r\nA;甲\r\n"), expected);
        // A comma within a head of another table's does not decide.
        assert_eq!(rows("code;name\nA;甲\n"), expected);
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        let numbers = |text: &str| rows(text).into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(numbers("code,name\n\n\nA,甲\n"), [1, 4]);
        assert_eq!(numbers("code,name\r\n\r\nA,甲\r\nB,乙\r\n"), [1, 3, 4]);
        assert_eq!(numbers("code,name\r\rA,甲\r"), [1, 3]);
        assert_eq!(numbers("\ncode,name\nA,\"甲\n乙\"\nB,丙\n"), [2, 3, 4]);
    }

    #[test]
    fn more_cells_than_any_table_has_are_not_taken_apart() {
        let most = format!("code,name\n{}", ",".repeat(MAX_PLACES - 2));
        let is_taken = |text: &str| read(text, &|head| head == "code").map(|read| read.grid.lines.len());
        assert_eq!(is_taken(&most), Ok(2));
        let why = "4000001 commas and line ends; at most 4000000 are taken".to_owned();
        assert_eq!(is_taken(&format!("{most},")), Err(why.clone()));
        // An open quotation mark hides none.
        assert_eq!(is_taken(&format!("\"{most},")), Err(why.clone()));
        assert_eq!(is_taken(&format!("code,name{}", "\n".repeat(MAX_PLACES))), Err(why));
    }

    #[test]
    fn a_text_kept_as_a_formula_is_a_text() {
        assert_eq!(cell("=\"001\""), Cell::Text("001".to_owned()));
        let why = "\"=A1+1\" is a formula; write its value";
        assert_eq!(cell("=A1+1"), Cell::Unreadable(why.to_owned()));
        assert_eq!(cell("a=b"), Cell::Text("a=b".to_owned()));
    }
}
