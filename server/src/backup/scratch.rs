//! What a dump of PostgreSQL holds, laid out in a file of SQLite for a while: a dump is proved without a server.

use super::postgres::Programs;
use crate::db::copy::Snapshot;
use crate::db::{Query, Value, query};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use uuid::Uuid;

/// Rows inserted by one statement.
const BATCH: usize = 200;

/// A table with the columns that proving reads; the first is an id, and so is the one called `issue_id`.
struct Table {
    name: &'static str,
    create: &'static str,
    insert: &'static str,
    columns: &'static [&'static str],
}

const TABLES: [Table; 3] = [
    Table {
        name: "issue",
        create: "create table issue (id uuid primary key not null, last_seq bigint not null)",
        insert: "insert into issue (id, last_seq) values ",
        columns: &["id", "last_seq"],
    },
    Table {
        name: "event",
        create: "create table event (issue_id uuid not null, seq bigint not null, body text not null,
            hash text not null, primary key (issue_id, seq))",
        insert: "insert into event (issue_id, seq, body, hash) values ",
        columns: &["issue_id", "seq", "body", "hash"],
    },
    Table {
        name: "photo",
        create: "create table photo (id uuid primary key not null, sha256 text not null, created_at bigint not null,
            issue_id uuid)",
        insert: "insert into photo (id, sha256, created_at, issue_id) values ",
        columns: &["id", "sha256", "created_at", "issue_id"],
    },
];

/// The file; gone with this.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // In the system's temporary folder; there is nobody left to tell.
        std::fs::remove_file(&self.0).ok();
    }
}

impl Scratch {
    /// Reads a dump.
    pub(super) async fn read(programs: &Programs, dump: &Path, id: Uuid) -> Result<(Self, Snapshot)> {
        let scratch = Self(std::env::temp_dir().join(format!("spotfix-proof-{}.db", id.simple())));
        let mut file = Snapshot::scratch(&scratch.0).await?;
        file.execute(query("begin")).await?;
        for table in &TABLES {
            file.execute(query(table.create)).await?;
        }
        let mut child = programs.rows(dump, &TABLES.each_ref().map(|table| table.name)).await?;
        let rows = BufReader::new(child.stdout.take().context("no output to read")?);
        read_rows(rows, &mut file).await?;
        file.execute(query("commit")).await?;
        let mut said = String::new();
        if let Some(mut errors) = child.stderr.take() {
            errors.read_to_string(&mut said).await?;
        }
        ensure!(
            child.wait().await?.success(),
            "the dump cannot be read: {}",
            said.lines().next().unwrap_or_default()
        );
        Ok((scratch, file))
    }
}

/// Reads `copy` blocks until the text ends.
async fn read_rows(mut text: impl AsyncBufReadExt + Unpin, file: &mut Snapshot) -> Result<()> {
    let mut open: Option<(&Table, Vec<usize>)> = None;
    let mut waiting: Vec<Vec<Value>> = Vec::new();
    let mut line = String::new();
    while {
        line.clear();
        text.read_line(&mut line).await? > 0
    } {
        let told = line.trim_end_matches('\n');
        let Some((table, places)) = &open else {
            open = header(told);
            continue;
        };
        let is_end = told == "\\.";
        if !is_end {
            waiting.push(values(table, places, told).with_context(|| format!("a row of {}", table.name))?);
        }
        if waiting.len() >= BATCH || (is_end && !waiting.is_empty()) {
            file.execute(insert(table, std::mem::take(&mut waiting))).await?;
        }
        if is_end {
            open = None;
        }
    }
    ensure!(open.is_none(), "the dump is cut off");
    Ok(())
}

/// `COPY public.event (issue_id, seq, …) FROM stdin;`: the table, and where its columns stand.
fn header(line: &str) -> Option<(&'static Table, Vec<usize>)> {
    let (name, rest) = line.strip_prefix("COPY ")?.split_once(" (")?;
    let name = name.rsplit('.').next()?.trim_matches('"');
    let table = TABLES.iter().find(|table| table.name == name)?;
    let columns: Vec<&str> = rest.split_once(')')?.0.split(", ").collect();
    let place = |wanted: &&str| columns.iter().position(|column| column == wanted);
    Some((table, table.columns.iter().map(place).collect::<Option<_>>()?))
}

fn values(table: &Table, places: &[usize], line: &str) -> Result<Vec<Value>> {
    let cells: Vec<&str> = line.split('\t').collect();
    let value = |(column, place): (&&str, &usize)| -> Result<Value> {
        let cell = cells.get(*place).context("too few cells")?;
        let text = (*cell != "\\N").then(|| unescape(cell));
        Ok(match *column {
            "id" | "issue_id" => Value::Uuid(text.map(|text| Uuid::try_parse(&text)).transpose()?),
            "seq" | "last_seq" | "created_at" => Value::Int(text.map(|text| text.parse()).transpose()?),
            _ => Value::Text(text),
        })
    };
    table.columns.iter().zip(places).map(value).collect()
}

/// A cell as it was before `copy` wrote it.
fn unescape(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut letters = cell.chars();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('v') => '\u{b}',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    text
}

fn insert(table: &Table, rows: Vec<Vec<Value>>) -> Query {
    let mut sql = query(table.insert);
    for (at, row) in rows.into_iter().enumerate() {
        sql.push(if at == 0 { "" } else { ", " }).push_list(row);
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were() {
        assert_eq!(unescape(r#"{"note":"a\\nb\\"c\\""}"#), r#"{"note":"a\nb\"c\""}"#);
        assert_eq!(unescape(r"tab\there\r\n"), "tab\there\r\n");
        let (table, places) =
            header("COPY public.issue (area_id, id, state, last_seq) FROM stdin;").expect("ours");
        assert_eq!((table.name, places), ("issue", vec![1, 3]));
        assert!(header("COPY public.account (id) FROM stdin;").is_none());
    }
}
