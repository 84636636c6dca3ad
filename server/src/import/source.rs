//! Where files come from: a folder, or the demo county inside the binary.

use super::Import;
use super::bad::{At, Bad};
use super::policy;
use super::row::{AreaRow, CheckRow, ClauseRow, RuleRow, SpotRow, SpotTypeRow, UnitRow, UserRow};
use super::table::{Record, Rows, utf8};
use app::calendar::{Calendar, WorkingHours};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Bytes of the largest file that is taken.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

const CALENDAR: &str = "calendar.json";
const WORKING_HOURS: &str = "working_hours.json";
const POLICY: &str = "policy.json";

/// The names of the files, without extension, in the order they depend on one another.
const NAMES: [&str; 8] = [
    UnitRow::FILE,
    AreaRow::FILE,
    SpotTypeRow::FILE,
    ClauseRow::FILE,
    CheckRow::FILE,
    SpotRow::FILE,
    RuleRow::FILE,
    UserRow::FILE,
];

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

/// The files of a folder. What cannot be read is among the bad lines of the result.
#[must_use]
pub fn read_dir(folder: &Path) -> Import {
    let mut bad = Bad::default();
    let shown = folder.display().to_string();
    let mut files = BTreeMap::new();
    match std::fs::read_dir(folder) {
        Err(error) => bad.add(&shown, At::File, None, reason(&error)),
        Ok(entries) => {
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                // Other files may lie there too, such as a note on where these came from.
                if !name.ends_with(".csv") && !name.ends_with(".json") {
                    continue;
                }
                match read(&entry.path()) {
                    Ok(bytes) => {
                        files.insert(name, bytes);
                    }
                    Err(error) => bad.add(&name, At::File, None, reason(&error)),
                }
            }
            if files.is_empty() && bad.count() == 0 {
                let names = NAMES.join(", ");
                let what = format!(
                    "no file to import: {names} as .csv or .json, {CALENDAR}, {WORKING_HOURS} or {POLICY}"
                );
                bad.add(&shown, At::File, None, what);
            }
        }
    }
    let mut import = read_files(files);
    for line in import.bad.lines() {
        bad.add(&line.file, line.at, line.column.as_deref(), line.what.clone());
    }
    import.bad = bad;
    import
}

/// Files by their names.
#[must_use]
pub fn read_files(mut files: BTreeMap<String, Vec<u8>>) -> Import {
    let mut bad = Bad::default();
    let mut import = Import {
        units: take(&mut files, &mut bad),
        areas: take(&mut files, &mut bad),
        spot_types: take(&mut files, &mut bad),
        clauses: take(&mut files, &mut bad),
        checks: take(&mut files, &mut bad),
        spots: take(&mut files, &mut bad),
        rules: take(&mut files, &mut bad),
        users: take(&mut files, &mut bad),
        calendar: files.remove(CALENDAR).and_then(|bytes| read_calendar(&bytes, &mut bad)),
        working_hours: files.remove(WORKING_HOURS).and_then(|bytes| read_hours(&bytes, &mut bad)),
        policy: files
            .remove(POLICY)
            .and_then(|bytes| policy::read(POLICY, utf8(POLICY, &bytes, &mut bad)?, &mut bad)),
        bad: Bad::default(),
    };
    for name in files.keys() {
        let what = format!(
            "not a file this reads; it reads {}, {CALENDAR}, {WORKING_HOURS} and {POLICY}",
            NAMES.join(", ")
        );
        bad.add(name, At::File, None, what);
    }
    import.bad = bad;
    import
}

fn take<T: Record>(files: &mut BTreeMap<String, Vec<u8>>, bad: &mut Bad) -> Rows<T> {
    let [csv, json] = ["csv", "json"].map(|kind| format!("{}.{kind}", T::FILE));
    match (files.remove(&csv), files.remove(&json)) {
        (None, None) => Rows::default(),
        (Some(bytes), None) => Rows::read(&csv, &bytes, bad),
        (None, Some(bytes)) => Rows::read(&json, &bytes, bad),
        (Some(_), Some(_)) => {
            bad.add(&json, At::File, None, format!("{csv} is there too; which of them is meant?"));
            Rows::default()
        }
    }
}

fn read_calendar(bytes: &[u8], bad: &mut Bad) -> Option<Calendar> {
    match Calendar::parse(utf8(CALENDAR, bytes, bad)?) {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            bad.add(CALENDAR, At::File, None, error.to_string());
            None
        }
    }
}

fn read_hours(bytes: &[u8], bad: &mut Bad) -> Option<WorkingHours> {
    match serde_json::from_str(utf8(WORKING_HOURS, bytes, bad)?) {
        Ok(hours) => Some(hours),
        Err(error) => {
            bad.add(WORKING_HOURS, At::File, None, error.to_string());
            None
        }
    }
}

/// A file, unless it is larger than any catalogue.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(std::io::Error::other(format!("larger than {} MiB", MAX_BYTES / 1024 / 1024)));
    }
    Ok(bytes)
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such folder".to_owned(),
        std::io::ErrorKind::NotADirectory => "not a folder".to_owned(),
        _ => error.to_string(),
    }
}
