//! Workbooks: typed cells, sheets and their names, and files that are more or less than they seem.

use crate::{SPOTS, lines, refuse, small, take};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use server::import;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use tests::{TestApp, on_both_engines};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

on_both_engines!(
    typed_cells_are_read_as_they_look,
    cells_without_a_value_are_named,
    sheets_are_known_by_their_names
);

fn named(name: &str, bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([(name.to_owned(), bytes)])
}

fn faults(name: &str, bytes: Vec<u8>) -> Vec<String> {
    lines(import::read_files(named(name, bytes)).bad())
}

/// A workbook whose only sheet has the heads of spots.
fn spots(name: &str) -> Workbook {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(name).expect("a name");
    for (at, head) in (0..).zip(SPOTS.trim_end().split(',')) {
        sheet.write_string(0, at, head).expect("written");
    }
    workbook
}

fn saved(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().expect("saved")
}

async fn typed_cells_are_read_as_they_look(app: TestApp) {
    take(&app, small()).await;
    let mut workbook = spots("Sheet1");
    let sheet = workbook.worksheet_from_index(0).expect("a sheet");
    for (column, text) in
        [(0, "T-002"), (1, "西\u{200b}市场"), (2, "T"), (3, "X1"), (11, "８：３０～１８：００")]
    {
        sheet.write_string(4, column, text).expect("written");
    }
    sheet.write_number(4, 5, 113.724_034_999_999_99).expect("written");
    sheet.write_number(4, 6, 33.5).expect("written");
    sheet.write_formula(4, 10, Formula::new("=\"局\"&\"长\"").set_result("局长")).expect("written");
    // A row that was emptied keeps its format, and so do cells beside the table.
    sheet.write_blank(5, 0, &Format::new().set_bold()).expect("written");
    sheet.write_blank(4, 14, &Format::new().set_bold()).expect("written");
    let summary = take(&app, named("SPOTS.XLSX", saved(workbook))).await;
    assert_eq!(summary.spots.added, 1);
    assert_eq!(
        lines(&summary.notes),
        [
            "SPOTS.XLSX:Sheet1:5: name: invisible characters were left out",
            "SPOTS.XLSX:Sheet1:5: hours: full-width and look-alike characters were read as the usual ones",
        ]
    );
    let loaded = app.state.catalogue.get().await.expect("loads");
    let spot = loaded.spot_by_code("T-002").expect("there");
    assert_eq!((spot.name.as_str(), spot.head.as_str()), ("西市场", "局长"));
    assert_eq!((spot.lng.to_bits(), spot.hours.as_str()), (113.724_035_f64.to_bits(), "08:30-18:00"));
}

async fn cells_without_a_value_are_named(app: TestApp) {
    take(&app, small()).await;
    let mut workbook = spots("点位");
    let sheet = workbook.worksheet_from_index(0).expect("a sheet");
    let date = ExcelDateTime::from_ymd(2026, 3, 1).expect("a day");
    let as_date = Format::new().set_num_format("m-d");
    sheet.write_datetime_with_format(1, 0, &date, &as_date).expect("written");
    sheet.write_formula(1, 1, Formula::new("=A1").set_result("#N/A")).expect("written");
    sheet.write_string(1, 2, "T").expect("written");
    sheet.write_string(2, 13, "x").expect("written");
    let bad = lines(&refuse(&app, named("县.xlsx", saved(workbook))).await);
    assert_eq!(
        bad,
        [
            "县.xlsx:点位:2: code: 2026-03-01 is a date, which a spreadsheet makes of what is typed; format the column as text and type it again",
            "县.xlsx:点位:2: name: #N/A is an error of the spreadsheet; write the value",
            "县.xlsx:点位:3: 14 fields instead of 12",
            "县.xlsx:点位:2: area_code: required",
            "县.xlsx:点位:2: lng: required",
            "县.xlsx:点位:2: lat: required",
        ]
    );
}

async fn sheets_are_known_by_their_names(app: TestApp) {
    let mut workbook = Workbook::new();
    for (name, rows) in [("Notes", [["x", "y"]; 2]), ("区域", [["编码", "名称*"], ["QL", "县"]])] {
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        for (row, cells) in (1..).zip(rows) {
            sheet.write_row(row, 0, cells).expect("written");
        }
    }
    let sheet = workbook.worksheet_from_index(1).expect("a sheet");
    sheet.write_string(0, 0, "青岚县区域表").expect("a title");
    sheet.write_row(1, 2, ["上级区域编码（全县空着）", "属地单位编码"]).expect("written");
    let summary = take(&app, named("any name.xlsx", saved(workbook))).await;
    assert_eq!(summary.areas.added, 1);
    assert_eq!(
        lines(&summary.notes),
        [
            "any name.xlsx:Notes: not read: the sheet's name is none of a table",
            "any name.xlsx:区域:2: what stands above the heads was left out",
        ]
    );
    let nothing = faults("any name.xlsx", saved(spots("Sheet1")));
    assert!(nothing.len() == 1 && nothing[0].contains("no sheet has the name of a table: units (责任单位)"));
}

#[test]
fn a_workbook_without_anything_is_refused() {
    for name in ["spots.xlsx", "any name.xlsx"] {
        let empty = [format!("{name}: empty: no sheet holds anything to import")];
        let mut blank = Workbook::new();
        let sheet = blank.add_worksheet().set_name("点位").expect("a name");
        sheet.write_blank(0, 0, &Format::new().set_bold()).expect("written");
        assert_eq!(faults(name, saved(blank)), empty);
        // The sheet that explains the others is none to import.
        let mut guide = Workbook::new();
        let sheet = guide.add_worksheet().set_name("说明").expect("a name");
        sheet.write_string(0, 0, "一张表是一个类别").expect("written");
        assert_eq!(faults(name, saved(guide)), empty);
    }
}

#[test]
fn what_is_no_workbook_says_so() {
    let old = "spots.xlsx: an old .xls, or protected by a password; save it as .xlsx without one";
    assert_eq!(faults("spots.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec()), [old]);
    let text = "spots.xlsx: no workbook inside; save it as .xlsx";
    assert_eq!(faults("spots.xlsx", SPOTS.as_bytes().to_vec()), [text]);
    let renamed = "spots.csv: a workbook inside; name it .xlsx";
    assert_eq!(faults("spots.csv", saved(spots("x"))), [renamed]);
    let mut cut = saved(spots("x"));
    cut.truncate(cut.len() / 2);
    let cut = faults("spots.xlsx", cut);
    assert!(
        cut.len() == 1 && cut[0].starts_with("spots.xlsx: a workbook that cannot be unpacked: "),
        "{cut:?}"
    );
    let other = faults("spots.xlsx", packed(&[("mimetype", b"x".to_vec())]));
    assert!(
        other.len() == 1 && other[0].starts_with("spots.xlsx: a workbook that cannot be read: "),
        "{other:?}"
    );
}

fn packed(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).expect("begun");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let much = "spots.xlsx: a workbook that unpacks to more than 64 MiB";
    let zeros = vec![0_u8; 65 * 1024 * 1024];
    let bomb = packed(&[("xl/worksheets/sheet1.xml", zeros)]);
    assert!(bomb.len() < 256 * 1024, "{}", bomb.len());
    assert_eq!(faults("spots.xlsx", bomb.clone()), [much]);
    // Many that are each small enough.
    let piece = vec![0_u8; 13 * 1024 * 1024];
    let parts = ["a", "b", "c", "d", "e"].map(|name| (name, piece.clone()));
    assert_eq!(faults("spots.xlsx", packed(&parts)), [much]);
    // One that tells a size of ten bytes, before the part and in the directory at the end.
    let mut liar = bomb;
    let size = (65_u32 * 1024 * 1024).to_le_bytes();
    let told: Vec<usize> = (0..liar.len() - 4).filter(|at| liar[*at..at + 4] == size).collect();
    assert!(!told.is_empty());
    for at in told {
        liar[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let found = faults("spots.xlsx", liar);
    let is_refused = found == [much] || found[0].starts_with("spots.xlsx: a workbook that is damaged: ");
    assert!(found.len() == 1 && is_refused, "{found:?}");
    let large = vec![b'P'; 17 * 1024 * 1024];
    let large = [b"PK\x03\x04".to_vec(), large].concat();
    assert_eq!(faults("spots.xlsx", large), ["spots.xlsx: larger than 16 MiB"]);
}

#[test]
fn sheets_that_are_wide_and_high_are_refused_together() {
    let sheets = |count: u32| {
        let mut workbook = Workbook::new();
        for sheet in 1..=count {
            let sheet = workbook.add_worksheet().set_name(format!("sheet {sheet}")).expect("a name");
            for row in 0..9_000 {
                sheet.write_number(row, 0, 1).expect("written");
            }
            sheet.write_number(0, 249, 1).expect("written");
        }
        faults("spots.xlsx", saved(workbook))
    };
    // Each has 9 000 rows of 250 cells, nearly all of them empty.
    let much = "spots.xlsx: a workbook that cannot be read: it has more than 4000000 cells, with the empty ones between; delete what stands beside the tables";
    assert!(!sheets(1).contains(&much.to_owned()));
    assert_eq!(sheets(2), [much]);
}

#[test]
fn a_list_of_texts_that_tells_a_wrong_length_is_refused() {
    // Zeros before the number and spaces before its mark, more than are looked at together.
    let zeros = format!("\"{}", "0".repeat(200_000));
    let spaces = format!("{}\"", " ".repeat(200_000));
    for before in ["\"", &zeros, &spaces] {
        let texts = format!("<sst uniqueCount={before}99999999999999\"><si><t>x</t></si></sst>");
        let found = faults("spots.xlsx", packed(&[("xl/sharedStrings.xml", texts.into_bytes())]));
        assert_eq!(found, ["spots.xlsx: a workbook whose list of texts tells a wrong length"]);
    }
}
