//! Folders as counties' offices send them, each against the demo county: what is taken, with what is said of it, and
//! what is refused, with the words.

use crate::{apply, lines};
use server::import::{self, ImportError, Summary};
use std::path::Path;
use tests::{TestApp, on_both_engines};

on_both_engines!(what_offices_send_is_taken_or_refused);

/// What becomes of a folder.
enum Outcome {
    /// Added and changed rows of all tables, and what is said.
    Taken(usize, usize, &'static [&'static str]),
    /// The faults.
    Refused(&'static [&'static str]),
}

use Outcome::{Refused, Taken};

const CASES: &[(&str, Outcome)] = &[
    ("01-gbk-wps", Taken(0, 0, &["spots.csv: read as GBK"])),
    (
        "02-utf16-unicode-text",
        Taken(0, 0, &["spots.csv: read as UTF-16", "spots.csv: read with tabs between the values"]),
    ),
    ("03-xlsx-beside-csv", Taken(0, 1, &[])),
    ("04-csv-utf8-bom", Taken(0, 0, &[])),
    ("05-trailing-empty-columns", Taken(0, 0, &[])),
    ("06-upper-case-extension", Taken(0, 1, &[])),
    ("07a-zeros-first", Taken(3, 0, &[])),
    (
        "07b-zeros-lost",
        Refused(&[
            "areas.csv:2: name: 城关一社区 is the name of 001 already; give one of them another",
            "areas.csv:3: name: 城关二社区 is the name of 002 already; give one of them another",
            "areas.csv:2: code: 1 is 001 without its zeros, which a spreadsheet drops; write 001 and format the column as text",
            "areas.csv:3: code: 2 is 002 without its zeros, which a spreadsheet drops; write 002 and format the column as text",
        ]),
    ),
    (
        "08-same-name-other-code",
        Refused(&[
            "spots.csv:2: name: 城东农贸市场 is the name of NMSC-001 already; give one of them another",
        ]),
    ),
    ("09a-zwsp-in-name", Taken(0, 0, &["spots.csv:2: name: invisible characters were left out"])),
    ("09b-zwsp-in-code", Taken(0, 0, &["spots.csv:2: code: invisible characters were left out"])),
    ("09c-bom-inside", Taken(0, 0, &["spots.csv:2: name: invisible characters were left out"])),
    ("09d-outer-spaces", Taken(0, 0, &[])),
    ("09e-zwsp-in-the-middle", Taken(0, 0, &["spots.csv:2: name: invisible characters were left out"])),
    ("10a-hours-fullwidth", Taken(0, 1, &[])),
    ("10b-hours-tilde", Taken(0, 1, &[])),
    ("10c-hours-no-zero", Taken(0, 1, &[])),
    ("10d-hours-endash", Taken(0, 1, &[])),
    ("10e-hours-ok", Taken(0, 1, &[])),
    (
        "10f-hours-midnight",
        Refused(&[
            "spots.csv:2: hours: 18:00-02:00 goes across midnight; write it as 00:00-02:00;18:00-24:00",
        ]),
    ),
    ("10g-hours-24", Taken(0, 1, &[])),
    (
        "10h-code-fullwidth",
        Taken(0, 0, &["spots.csv:2: code: full-width and look-alike characters were read as the usual ones"]),
    ),
    (
        "10i-code-lower-case",
        Taken(0, 0, &["spots.csv:2: code: small letters of codes were read as capitals"]),
    ),
    (
        "10j-units-fullwidth-semicolon",
        Taken(
            1,
            0,
            &["users.csv:2: units: full-width and look-alike characters were read as the usual ones"],
        ),
    ),
    (
        "11a-lng-lat-swapped",
        Refused(&[
            "spots.csv:2: lng + lat: 33.565175, 113.733556 are exchanged: longitude 73 to 136, latitude 3 to 54",
        ]),
    ),
    (
        "11b-scientific",
        Taken(0, 1, &["spots.csv:2: lng: 1.137336E+02 was read as 113.7336; digits may have been lost"]),
    ),
    ("11c-degree-sign", Taken(0, 1, &[])),
    ("11d-zero-zero", Refused(&["spots.csv:2: lng + lat: 0, 0 is no place; find the spot on a map"])),
    (
        "11e-other-continent",
        Refused(&["spots.csv:2: lng + lat: 3, 33 lies outside China: longitude 73 to 136, latitude 3 to 54"]),
    ),
    (
        "12-users-differ-in-case",
        Refused(&["users.csv:3: username: limei stands in line 2 already, as LiMei"]),
    ),
    (
        "13-retire-unit",
        Taken(
            0,
            1,
            &[
                "units.csv:2: active: ZFJ goes out of use, and 22 spots, 10 clauses and 0 rules still name it; their orders go to the next unit or to the pool",
            ],
        ),
    ),
    (
        "13b-retire-unit-with-new-rows",
        Taken(
            2,
            1,
            &[
                "units.csv:2: active: XFDD goes out of use, and 0 spots, 3 clauses and 3 rules still name it; their orders go to the next unit or to the pool",
            ],
        ),
    ),
    ("14-names-exchanged", Taken(0, 2, &[])),
    ("15a-sep-line", Taken(0, 0, &[])),
    ("15b-semicolons", Taken(0, 0, &["spots.csv: read with semicolons between the values"])),
    (
        "15c-wps-lock-file",
        Taken(
            0,
            0,
            &[
                ".~spots.csv: not read: a spreadsheet leaves it while it has the file open; save and close it there",
                "~$spots.xlsx: not read: a spreadsheet leaves it while it has the file open; save and close it there",
            ],
        ),
    ),
    (
        "15d-copy-name",
        Taken(
            0,
            0,
            &[
                "spots - 副本.csv: not read: its name is none of a table, or its kind is not .xlsx, .csv or .json",
            ],
        ),
    ),
    ("15e-mac-cr", Taken(0, 0, &[])),
    ("16-empty-required", Refused(&["spots.csv:3: lng: required", "spots.csv:3: lat: required"])),
    (
        "17-formula",
        Refused(&[
            "spots.csv:2: address: \"=HYPERLINK(\\\"http://x\\\",\\\"点我\\\")\" is a formula; write its value",
        ]),
    ),
    (
        "18-compat-ideograph",
        Taken(0, 1, &["spots.csv:2: name: full-width and look-alike characters were read as the usual ones"]),
    ),
    ("19-polyphones", Taken(39, 0, &[])),
    (
        "20-fullwidth-name",
        Taken(0, 1, &["spots.csv:2: name: full-width and look-alike characters were read as the usual ones"]),
    ),
    ("21-aliases", Taken(0, 2, &[])),
    (
        "21-short-lines",
        Taken(
            0,
            0,
            &["spots.csv:18: cells that are missing at the end were read as empty, here and in 7 more lines"],
        ),
    ),
];

fn sums(summary: &Summary) -> (usize, usize) {
    let counts = [
        summary.units,
        summary.areas,
        summary.spot_types,
        summary.clauses,
        summary.spot_type_clauses,
        summary.spots,
        summary.routing_rules,
        summary.users,
    ];
    (counts.iter().map(|it| it.added).sum(), counts.iter().map(|it| it.changed).sum())
}

async fn what_offices_send_is_taken_or_refused(app: TestApp) {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/import");
    for (name, outcome) in CASES {
        // Everything as the county is, whatever the folder before has changed.
        apply(&app, &import::demo_county()).await.expect("the county is sound");
        let read = import::read_dir(&cases.join(name));
        match (apply(&app, &read).await, outcome) {
            (Ok(summary), Taken(added, changed, notes)) => {
                assert_eq!(sums(&summary), (*added, *changed), "{name}: {summary}");
                assert_eq!(lines(&summary.notes), *notes, "{name}");
            }
            (Err(ImportError::Bad(bad)), Refused(faults)) => assert_eq!(lines(&bad), *faults, "{name}"),
            (other, _) => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn every_folder_is_looked_at() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/import");
    let folders = std::fs::read_dir(cases).expect("a folder").flatten();
    let mut folders: Vec<String> = folders.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    folders.sort();
    assert_eq!(folders, CASES.iter().map(|it| it.0).collect::<Vec<_>>());
}
