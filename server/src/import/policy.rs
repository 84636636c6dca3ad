//! *policy.json*: each number is held against its range before it is taken, whatever size it is written in.

use super::finding::Findings;
use super::place::{At, Source};
use app::issue::{Number, Policy};
use serde_json::{Map, Value};

/// A policy from the text of its file, `source`. Every number outside its range is named, and beside those the first other fault.
pub(super) fn read(source: &Source, text: &str, bad: &mut Findings) -> Option<Policy> {
    let before = bad.count();
    // A number that the policy's own type cannot hold is out of range as well, so the values are looked at first.
    if let Ok(values) = serde_json::from_str::<Map<String, Value>>(text) {
        for number in Policy::NUMBERS {
            if let Some(fault) = values.get(number.field).and_then(|value| fault(number, value)) {
                bad.add(source, line_of(text, number.field), Some(number.field), fault);
            }
        }
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let key = error.path().to_string();
        // The path of a fault that lies in no value.
        (Some(key).filter(|key| key != "." && key != "?"), error.into_inner())
    });
    let read = read.and_then(|policy: Policy| json.end().map(|()| policy).map_err(|error| (None, error)));
    match read {
        Ok(policy) if bad.count() == before => Some(policy),
        Ok(_) => None,
        Err((key, error)) => {
            let is_told =
                key.as_ref().is_some_and(|key| Policy::NUMBERS.iter().any(|number| number.field == key));
            // Each number is told of above, unless the file cannot be read as far as there.
            if !is_told || bad.count() == before {
                bad.add(source, at(error.line()), key.as_deref(), without_place(&error));
            }
            None
        }
    }
}

fn fault(number: &Number, value: &Value) -> Option<String> {
    let Number { unit, range, .. } = number;
    let is_sound = value.as_i64().is_some_and(|value| range.contains(&value));
    (!is_sound).then(|| {
        let shown: String = value.to_string().chars().take(40).collect();
        format!("{shown} is not a whole number of {unit} between {} and {}", range.start(), range.end())
    })
}

/// Where a key stands. One that is written with escapes is not found.
fn line_of(text: &str, key: &str) -> At {
    let place = text.find(&format!("\"{key}\"")).map(|place| text[..place].matches('\n').count() + 1);
    place.map_or(At::File, at)
}

fn at(line: usize) -> At {
    u64::try_from(line).map_or(At::File, At::Line)
}

/// What is wrong, without the line and the column, of which the line is told before it.
fn without_place(error: &serde_json::Error) -> String {
    let (text, place) = (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}
