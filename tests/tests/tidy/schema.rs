//! What is checked in migrations: only what SQLite and PostgreSQL both understand alike.

/// Types that are the same on both engines as `server::db` binds them.
const TYPES: [&str; 5] = ["uuid", "text", "bigint", "double precision", "boolean"];

/// Words at which a definition inside `create table (…)` is no column.
const NO_COLUMN: [&str; 6] = ["primary", "unique", "check", "foreign", "constraint", "or"];

/// Words of one engine alone, or that the two read differently.
const OF_ONE_ENGINE: [&str; 19] = [
    "greatest",
    "least",
    "skip locked",
    "json",
    "jsonb",
    "autoincrement",
    "serial",
    "bigserial",
    "ilike",
    "now()",
    "current_timestamp",
    "strftime",
    "datetime",
    "without rowid",
    "strict",
    "bytea",
    "blob",
    "generated",
    "pragma",
];

/// Every column has one of the shared types, and no word belongs to one engine.
pub(crate) fn portable(text: &str) -> Vec<String> {
    let (mut faults, mut is_in_table) = (Vec::new(), false);
    for (at, line) in text.lines().enumerate() {
        let code = line.split("--").next().unwrap_or_default().trim();
        if code != code.to_lowercase() && !code.contains('\'') {
            faults.push(format!("line {}: SQL in capitals: {code}", at + 1));
        }
        if let Some(word) = OF_ONE_ENGINE.iter().find(|word| has_word(code, word)) {
            faults.push(format!("line {}: {word} is not the same on both engines", at + 1));
        }
        let is_definition = is_in_table && line.starts_with("    ") && !line.starts_with("     ");
        if is_definition && let Some(found) = odd_column(code) {
            faults.push(format!("line {}: the column {found} has no shared type", at + 1));
        }
        if let Some((_, column)) = code.split_once(" add column ")
            && let Some(found) = odd_column(column)
        {
            faults.push(format!("line {}: the column {found} has no shared type", at + 1));
        }
        is_in_table = code.starts_with("create table") || (is_in_table && !code.starts_with(");"));
    }
    faults
}

/// The name of the column defined here, if its type is not a shared one.
fn odd_column(definition: &str) -> Option<&str> {
    let (name, kind) = definition.split_once(' ')?;
    let is_column = name.starts_with(|it: char| it.is_ascii_lowercase()) && !NO_COLUMN.contains(&name);
    let is_shared = TYPES.iter().any(|shared| {
        kind.strip_prefix(shared).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',', ';']))
    });
    (is_column && !is_shared).then_some(name)
}

fn has_word(code: &str, word: &str) -> bool {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || it == '_';
    code.match_indices(word).any(|(at, _)| {
        !code[..at].chars().next_back().is_some_and(is_letter)
            && !code[at + word.len()..].chars().next().is_some_and(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(column: &str) -> String {
        format!("-- A table.\n\ncreate table t (\n    id uuid primary key not null,\n    {column}\n);\n")
    }

    #[test]
    fn types_of_one_engine_are_found() {
        for column in
            ["at timestamptz not null", "n integer", "n bigserial", "body jsonb", "n double", "n textual"]
        {
            assert!(!portable(&table(column)).is_empty(), "{column}");
        }
        for column in ["at bigint not null", "n text", "x double precision,", "check (n in ('a', 'b'))"] {
            assert_eq!(portable(&table(column)), Vec::<String>::new(), "{column}");
        }
        assert!(!portable("alter table t add column n int;\n").is_empty());
        assert!(portable("alter table t add column n bigint;\n").is_empty());
    }

    #[test]
    fn words_of_one_engine_are_found() {
        for statement in [
            "update t set n = greatest(n, 1);",
            "create table t (id bigint primary key autoincrement);",
            "select id from t for update skip locked;",
            "update t set at = now();",
            "SELECT 1;",
        ] {
            assert!(!portable(statement).is_empty(), "{statement}");
        }
        assert!(
            portable("-- JSON, greatest and SERIAL numbers.\ncreate index least_used on t (n);\n").is_empty()
        );
    }
}
