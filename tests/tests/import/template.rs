//! The template: what the office fills by hand is what the files of a program say.

use crate::{apply, lines};
use server::import;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use tests::{TestApp, on_both_engines};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

on_both_engines!(
    a_filled_template_is_imported,
    a_workbook_gives_the_same_catalogue_as_files,
    the_office_downloads_it,
);

/// The tables in the order of the template's sheets, which stand behind the one that explains them.
const TABLES: [&str; 9] = [
    "units",
    "areas",
    "spot_types",
    "clauses",
    "phrases",
    "spot_type_clauses",
    "spots",
    "routing_rules",
    "users",
];

fn named(workbook: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([("county.xlsx".to_owned(), workbook)])
}

/// The template with rows below what it says, as a spreadsheet would save it.
fn filled(rows: &BTreeMap<&str, Vec<Vec<String>>>) -> Vec<u8> {
    let template = import::template().expect("written");
    let mut parts = ZipArchive::new(Cursor::new(template)).expect("packed");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let (name, mut text) = (part.name().expect("a name").into_owned(), String::new());
        part.read_to_string(&mut text).expect("text");
        let table = (2..).zip(TABLES).find(|(sheet, _)| name == format!("xl/worksheets/sheet{sheet}.xml"));
        if let Some(rows) = table.and_then(|(_, table)| rows.get(table)) {
            assert!(text.contains("</sheetData>"), "{name}");
            text = text.replace("</sheetData>", &format!("{}</sheetData>", xml(rows)));
        }
        zip.start_file(name, SimpleFileOptions::default()).expect("begun");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

/// Rows from the fourth on, each text in its cell.
fn xml(rows: &[Vec<String>]) -> String {
    let mut xml = String::new();
    for (row, cells) in (4..).zip(rows) {
        xml += &format!("<row r=\"{row}\">");
        for (column, text) in ('A'..).zip(cells).filter(|it| !it.1.is_empty()) {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            xml += &format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        }
        xml += "</row>";
    }
    xml
}

async fn a_filled_template_is_imported(app: TestApp) {
    let row = |cells: &str| cells.split('|').map(str::to_owned).collect::<Vec<_>>();
    let rows = BTreeMap::from([
        (
            "units",
            vec![row("SJJ|市场监管局|市监局|政府部门||工商；质监|是"), row("CDJD|城东街道办|城东|街道|||")],
        ),
        ("areas", vec![row("QL|青岚县||"), row("001|城东街道|QL|CDJD")]),
        ("spot_types", vec![row("NMSC|农贸市场|||A|沿通道")]),
        ("clauses", vec![row("G01|宣传|不少于{n}处|看||部件|管理单位||单位|3|工作日|一般|否|是")]),
        ("phrases", vec![row("G01|a|数量不足||"), row("G01|b|没有广告|轻微|否")]),
        ("spot_type_clauses", vec![row("NMSC|G01|5||")]),
        ("spots", vec![row("NMSC-001|城东市场|NMSC|001||113.733556|33.565175|SJJ|CDJD||局长|8:00至18时|是")]),
        ("routing_rules", vec![row("类型和区域|||NMSC|001|SJJ|试|")]),
        ("users", vec![row("limei|李梅|责任单位|SJJ；CDJD|是")]),
    ]);
    let read = import::read_files(named(filled(&rows)));
    let summary = apply(&app, &read).await.unwrap_or_else(|error| panic!("{error}: {:?}", lines(read.bad())));
    let added = [summary.units, summary.areas, summary.spots, summary.routing_rules, summary.users];
    assert_eq!(added.map(|it| it.added), [2, 2, 1, 1, 1], "{summary}");
    let said = lines(&summary.notes);
    assert_eq!(said.iter().filter(|it| it.ends_with("begin with #: lines 2, 3")).count(), 9, "{said:?}");
    let loaded = app.state.catalogue.get().await.expect("loads");
    let spot = loaded.spot_by_code("NMSC-001").expect("there");
    assert_eq!(
        (spot.hours.as_str(), loaded.area(spot.area_id).expect("there").code.as_str()),
        ("08:00-18:00", "001")
    );
    let clause = loaded.clause("G01").expect("there");
    let offered: Vec<&str> = clause.offered_phrases().map(|it| it.text.as_str()).collect();
    assert_eq!((clause.phrases.len(), offered), (2, vec!["数量不足"]));
    // Faults stand at the rows and heads of the sheet.
    let wrong =
        BTreeMap::from([("spots", vec![row("NMSC-002|城西市场|NMSC|QL||33.5|113.7|||||8点到2点|也许")])]);
    let read = import::read_files(named(filled(&wrong)));
    assert_eq!(
        lines(read.bad()),
        [
            "county.xlsx:点位:4: 经度 + 纬度: 33.5, 113.7 are exchanged: longitude 73 to 136, latitude 3 to 54",
            "county.xlsx:点位:4: 开放时间: 08:00-02:00 goes across midnight; write it as 00:00-02:00;08:00-24:00",
            "county.xlsx:点位:4: 启用: \"也许\" is not true (是) or false (否)",
        ]
    );
    // As it is given out it changes nothing.
    let empty = import::read_files(named(import::template().expect("written").to_vec()));
    let summary = apply(&app, &empty).await.expect("sound");
    assert_eq!(summary.to_string(), "");
}

async fn a_workbook_gives_the_same_catalogue_as_files(app: TestApp) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/catalogue");
    let rows = TABLES.map(|table| {
        let text = std::fs::read_to_string(folder.join(format!("{table}.csv"))).expect("there");
        // No field of the county has a quotation mark or a comma.
        assert!(!text.contains('"'), "{table}");
        let rows = text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect());
        (table, rows.collect::<Vec<_>>())
    });
    let workbook =
        apply(&app, &import::read_files(named(filled(&BTreeMap::from(rows))))).await.expect("sound");
    assert_eq!(
        (workbook.spots.added, workbook.spot_type_clauses.added, workbook.phrases.added),
        (248, 410, 688),
        "{workbook}"
    );
    let before = app.state.catalogue.get().await.expect("loads");
    let files = apply(&app, &import::demo_county()).await.expect("sound");
    assert!(files.to_string().lines().all(|line| line.contains(" 0 added      0 changed")), "{files}");
    let after = app.state.catalogue.get().await.expect("loads");
    assert_eq!((before.version, &before.bundle), (after.version, &after.bundle));
}

async fn the_office_downloads_it(app: TestApp) {
    let path = "/api/catalogue/template.xlsx";
    for client in [app.manager(), app.client("admin")] {
        let reply = client.get(path).await;
        assert_eq!(reply.status, 200);
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(reply.headers["content-type"], kind);
        assert_eq!(reply.headers["content-disposition"], "attachment; filename=\"spotfix-catalogue.xlsx\"");
        assert_eq!(reply.bytes, import::template().expect("written"));
    }
    for client in [app.inspector(), app.liaison()] {
        client.get(path).await.expect(403).problem(app::problem::Code::Forbidden);
    }
    app.anonymous().get(path).await.expect(401).problem(app::problem::Code::NotSignedIn);
}
