//! What lies in a folder: files that are read, others that are named, and what is no file at all.

use crate::{UNITS, files, lines, refuse, take};
use server::import;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::{TestApp, on_both_engines};

on_both_engines!(what_is_not_read_is_named, a_table_comes_once, names_and_zeros_are_kept_apart);

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("spotfix-import-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn faults(folder: &Path) -> Vec<String> {
    lines(import::read_dir(folder).bad())
}

#[test]
fn a_folder_that_is_not_one_is_named() {
    let folder = folder("none");
    let nowhere = folder.join("nowhere");
    assert_eq!(faults(&nowhere), [format!("{}: no such file or folder", nowhere.display())]);
    std::fs::create_dir_all(folder.join("spots.csv")).expect("a folder");
    std::fs::write(folder.join("README.md"), "a note").expect("written");
    assert_eq!(faults(&folder), ["spots.csv: a folder, not a file"]);
    std::fs::remove_dir(folder.join("spots.csv")).expect("removed");
    assert!(faults(&folder)[0].contains("no file to import: units, areas,"));
    let huge = std::fs::File::create(folder.join("units.csv")).expect("created");
    huge.set_len(65 * 1024 * 1024).expect("a hole");
    assert_eq!(faults(&folder), ["units.csv: larger than 64 MiB"]);
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = folder("pipes");
    let made = Command::new("mkfifo").arg(folder.join("units.csv")).status().expect("mkfifo runs");
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", folder.join("spots.xlsx")).expect("a link");
    let socket = std::os::unix::net::UnixListener::bind(folder.join("areas.json")).expect("a socket");
    let expected = [
        "areas.json: a socket, not a file",
        "spots.xlsx: a device, not a file",
        "units.csv: a pipe, not a file",
    ];
    assert_eq!(faults(&folder), expected);
    drop(socket);
    std::fs::remove_dir_all(&folder).expect("removed");
}

async fn what_is_not_read_is_named(app: TestApp) {
    let folder = folder(&format!("named-{:?}", app.engine));
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    write("Units.CSV", &format!("{UNITS}A,单位甲,甲,部门,\n"));
    write("unit.csv", "x");
    write("~$units.xlsx", "x");
    write("spots.xls", "x");
    std::fs::create_dir(folder.join("old")).expect("a folder");
    let read = import::read_dir(&folder);
    assert_eq!(lines(read.bad()), Vec::<String>::new());
    let other = "not read: its name is none of a table, or its kind is not .xlsx, .csv or .json";
    let lock = "not read: a spreadsheet leaves it while it has the file open; save and close it there";
    let expected = ["old", "spots.xls", "unit.csv"].map(|name| format!("{name}: {other}"));
    assert_eq!(lines(read.notes()), [&expected[..], &[format!("~$units.xlsx: {lock}")]].concat());
    let by_name = import::read_files(files(&[("unit.csv", "", "x"), ("~$units.xlsx", "", "x")]));
    assert_eq!(lines(by_name.notes()), [format!("unit.csv: {other}"), format!("~$units.xlsx: {lock}")]);
    // One file by its own path is taken, too.
    let one = import::read_dir(&folder.join("Units.CSV"));
    assert_eq!(crate::apply(&app, &one).await.expect("sound").units.added, 1);
    std::fs::remove_dir_all(&folder).expect("removed");
}

async fn a_table_comes_once(app: TestApp) {
    let units = "A,单位甲,甲,部门,\n";
    for (first, second) in [("UNITS.CSV", "units.csv"), ("units.csv", "责任单位.csv")] {
        let bad = refuse(&app, files(&[(first, UNITS, units), (second, UNITS, units)])).await;
        assert_eq!(lines(&bad), [format!("{second}: {first} is there too; which of them is meant?")]);
    }
    let one = files(&[(
        "责任单位.TSV",
        "",
        "编码\t名称\t简称\t分组\t上级单位编码\t启用\nA\t单位甲\t甲\t部门\t\t是\n",
    )]);
    assert_eq!(take(&app, one).await.units.added, 1);
}

async fn names_and_zeros_are_kept_apart(app: TestApp) {
    let header = "code,name,parent_code,unit_code\n";
    take(&app, files(&[("areas.csv", header, "QL,县,,\n001,城一,QL,\n002,城二,QL,\n")])).await;
    let lost = refuse(&app, files(&[("areas.csv", header, "1,城三,QL,\n3,城一,7,\n002,城二,2,\n")])).await;
    assert_eq!(
        lines(&lost),
        [
            "areas.csv:3: parent_code: no area has the code 7",
            "areas.csv:4: parent_code: no area has the code 2; 002 has: a spreadsheet drops leading zeros, so format the column as text",
            "areas.csv:3: name: 城一 is the name of 001 already; give one of them another",
            "areas.csv:2: code: 1 is 001 without its zeros, which a spreadsheet drops; write 001 and format the column as text",
        ]
    );
    // New bare numbers may be meant; it is said once.
    let new = take(&app, files(&[("areas.csv", header, "10,城三,QL,\n11,城四,QL,\n")])).await;
    let said = "areas.csv:2: code: new codes such as 10 are bare numbers; if they began with zeros, a spreadsheet dropped them";
    assert_eq!(lines(&new.notes), [said]);
    // Those that are there stay, whatever is written now; of new ones the longest is meant.
    let more =
        refuse(&app, files(&[("areas.csv", header, "010,城六,QL,\n20,城七,QL,\n020,城八,QL,\n")])).await;
    assert_eq!(
        lines(&more),
        [
            "areas.csv:2: code: 010 is 10 with zeros before it; write 10, for codes stay as they are",
            "areas.csv:3: code: 20 is 020 without its zeros, which a spreadsheet drops; write 020 and format the column as text",
        ]
    );
    // Two may exchange their names, and a row may give its name away.
    let exchanged = take(&app, files(&[("areas.csv", header, "001,城二,QL,\n002,城一,QL,\n")])).await;
    assert_eq!(exchanged.areas.changed, 2);
    let given = take(&app, files(&[("areas.csv", header, "001,城五,QL,\n12,城二,QL,\n")])).await;
    assert_eq!((given.areas.added, given.areas.changed), (1, 1));
}
