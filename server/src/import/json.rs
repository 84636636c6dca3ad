//! From JSON to rows: an array of objects whose keys are the columns' names.

use super::finding::Report;
use super::grid::{Cell, Line};
use super::place::{At, Source};
use super::tables::Table;
use serde_json::Value;

/// The objects that can be read, each as a line whose cells stand in the order of [`Table::all_columns`].
pub(super) fn read(table: &Table, source: &Source, text: &str, report: &mut Report) -> Vec<(At, Line)> {
    let items: Vec<Value> = match serde_json::from_str(text) {
        Ok(items) => items,
        Err(error) => {
            let at = u64::try_from(error.line()).map_or(At::File, At::Line);
            report.bad.add(source, at, None, format!("not a JSON array: {error}"));
            return Vec::new();
        }
    };
    let columns: Vec<&str> = table.all_columns().map(|column| column.name).collect();
    let mut lines = Vec::new();
    for (number, item) in items.into_iter().enumerate() {
        let at = At::Item(number);
        let Value::Object(object) = item else {
            report.bad.add(source, at, None, "not an object");
            continue;
        };
        let before = report.bad.count();
        let mut cells = vec![Cell::Empty; columns.len()];
        for (key, value) in object {
            let place = columns.iter().position(|column| *column == key).and_then(|at| cells.get_mut(at));
            match (place, as_text(&value)) {
                (Some(cell), Some(text)) => *cell = Cell::Text(text),
                (None, _) => {
                    let what = format!("unknown key; known are {}", columns.join(", "));
                    report.bad.add(source, at, Some(&key), what);
                }
                (_, None) => {
                    let what = "neither text, number, true, false nor a list of texts";
                    report.bad.add(source, at, Some(&key), what);
                }
            }
        }
        if report.bad.count() == before {
            lines.push((at, Line { number: 0, cells }));
        }
    }
    lines
}

/// A value as its cell would hold it.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(";"))
        }
        Value::Object(_) => None,
    }
}
