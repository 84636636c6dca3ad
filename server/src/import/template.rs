//! The template: a workbook with a sheet for each table, to be filled by hand and imported as it is.
//!
//! Lines that begin with `#` are not imported. Cells are formatted as text, so that leading zeros stay and nothing
//! becomes a date.

use super::tables::{Column, Kind, TABLES, Table};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};
use std::sync::OnceLock;

/// The sheet that explains the others.
pub(super) const GUIDE: &str = "说明";

const GUIDE_LINES: [&str; 8] = [
    "一张表是一个类别，第一行是表头，请不要改动。",
    "以#开头的行只是说明和示例，不会导入，可以留着，也可以删掉。",
    "各表之间用编码引用，不用名称。编码只用大写字母、数字和-，定了不改。",
    "再次导入时，编码相同的行会更新，编码不同的行会新增，没有的行不动，什么都不会删除。",
    "停用一行：在“启用”列填“否”。",
    "只填要导入的表，其余的表空着或删掉都可以。",
    "坐标用WGS-84，单位是度：经度在73到136之间，纬度在3到54之间。",
    "账号没有密码，由管理员用 spotfix user passwd 设置后才能登录。",
];

/// What stands first in the explanation of a column that must be filled.
const REQUIRED: &str = "必填";

/// Rows that may be filled with words from a list.
const LISTED_ROWS: u32 = 5_000;

/// The template as a file.
///
/// # Errors
/// When it cannot be written, which no input can bring about.
pub fn template() -> Result<&'static [u8], XlsxError> {
    static WRITTEN: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(written) = WRITTEN.get() {
        return Ok(written);
    }
    let written = write()?;
    Ok(WRITTEN.get_or_init(|| written))
}

fn write() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Always the same bytes: the library would write the time of day.
    let properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?);
    workbook.set_properties(&properties);
    write_guide(workbook.add_worksheet())?;
    for table in TABLES {
        write_table(workbook.add_worksheet(), table)?;
    }
    workbook.save_to_buffer()
}

fn write_guide(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?.set_column_width(0, 90)?;
    for (row, line) in (0..).zip(GUIDE_LINES) {
        sheet.write_string(row, 0, line)?;
    }
    Ok(())
}

fn write_table(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    let heads = text.clone().set_bold();
    let aside = text.clone().set_italic().set_font_color(Color::Gray);
    let aside = aside.set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(table.title)?.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(table.all_columns()) {
        sheet.set_column_format(at, &text)?.set_column_width(at, width(column))?;
        sheet.write_string_with_format(0, at, column.head, &heads)?;
        // The first cell decides that the line is not imported.
        let mark = if at == 0 { "#" } else { "" };
        sheet.write_string_with_format(1, at, format!("{mark}{}", help(column)), &aside)?;
        sheet.write_string_with_format(2, at, format!("{mark}{}", column.example), &aside)?;
        if let Some(words) = words(column) {
            let list = DataValidation::new().allow_list_strings(&words)?;
            sheet.add_data_validation(3, at, LISTED_ROWS, at, &list)?;
        }
    }
    Ok(())
}

/// What a column is for, and whether it must be filled.
fn help(column: &Column) -> String {
    match (column.required, column.help) {
        (false, help) => help.to_owned(),
        (true, "") => REQUIRED.to_owned(),
        (true, help) => format!("{REQUIRED}，{help}"),
    }
}

/// Wide enough for the head and the example; long texts wrap.
fn width(column: &Column) -> f64 {
    let characters = column.head.chars().count().max(column.example.chars().count());
    match column.kind {
        Kind::Text | Kind::Hours => 22.0,
        _ if characters > 8 => 18.0,
        _ => 14.0,
    }
}

/// What people write in a column of words.
fn words(column: &Column) -> Option<Vec<&'static str>> {
    let Kind::Word(words) = column.kind else { return None };
    Some(words.iter().map(|(_, word)| *word).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{read_files, workbook};
    use std::collections::BTreeMap;

    #[test]
    fn what_is_marked_as_required_is_required() {
        let sheets = workbook::read(template().expect("written")).expect("a workbook");
        for table in TABLES {
            let sheet = sheets.iter().find(|sheet| sheet.name == table.title).expect("a sheet");
            let helps = sheet.grid.lines[1].cells.iter().map(|cell| cell.text().trim_start_matches('#'));
            let marked = table.all_columns().zip(helps).filter(|(_, help)| help.starts_with(REQUIRED));
            let marked: Vec<&str> = marked.map(|(column, _)| column.name).collect();
            // A row of nothing is told of each column that needs something.
            let row = BTreeMap::from([(format!("{}.json", table.name), b"[{}]".to_vec())]);
            let told = read_files(row);
            assert!(told.bad().lines().iter().all(|it| it.what == "required"), "{:?}", told.bad());
            let mut told: Vec<&str> =
                told.bad().lines().iter().filter_map(|it| it.column.as_deref()).collect();
            told.sort_by_key(|name| table.columns.iter().position(|column| column.name == *name));
            assert_eq!(marked, told, "{}", table.name);
        }
    }
}
