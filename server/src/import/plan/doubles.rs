//! Rows that would double what is there: a name that another code has, a code that differs by leading zeros alone.

use super::Planner;
use super::codes::without_zeros;
use crate::import::place::At;
use crate::import::table::Rows;
use app::bundle::Catalogue;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// What one row is called, in one way.
struct Named<'a> {
    code: &'a str,
    name: &'a str,
}

impl Planner<'_> {
    /// Looks at every table whose names are unique.
    pub(super) fn doubles(&mut self, there: &Catalogue) {
        let import = self.import;
        let (units, areas) = (&import.units, &import.areas);
        let (spot_types, spots) = (&import.spot_types, &import.spots);
        let is = |code, name| Named { code, name };
        self.names(
            units,
            "name",
            |it| is(&it.code, &it.name),
            there.units.iter().map(|it| is(&it.code, &it.name)),
        );
        let before = there.units.iter().map(|it| is(&it.code, &it.short_name));
        self.names(units, "short_name", |it| is(&it.code, &it.short_name), before);
        self.names(
            areas,
            "name",
            |it| is(&it.code, &it.name),
            there.areas.iter().map(|it| is(&it.code, &it.name)),
        );
        let before = there.spot_types.iter().map(|it| is(&it.code, &it.name));
        self.names(spot_types, "name", |it| is(&it.code, &it.name), before);
        self.names(
            spots,
            "name",
            |it| is(&it.code, &it.name),
            there.spots.iter().map(|it| is(&it.code, &it.name)),
        );
        self.zeros(units, |it| &it.code, there.units.iter().map(|it| it.code.as_str()));
        self.zeros(areas, |it| &it.code, there.areas.iter().map(|it| it.code.as_str()));
        self.zeros(spot_types, |it| &it.code, there.spot_types.iter().map(|it| it.code.as_str()));
        self.zeros(&import.clauses, |it| &it.code, there.clauses.iter().map(|it| it.code.as_str()));
        self.zeros(spots, |it| &it.code, there.spots.iter().map(|it| it.code.as_str()));
    }

    /// Names a row whose name stays with another code. Codes of the import have the name it gives them, so two may
    /// exchange theirs; two rows of one file were compared when it was read.
    fn names<'a, T>(
        &mut self,
        rows: &'a Rows<T>,
        column: &str,
        of: impl Fn(&'a T) -> Named<'a>,
        before: impl Iterator<Item = Named<'a>>,
    ) {
        let staying = before.filter(|it| !rows.named.contains(it.code));
        let holders: HashMap<&str, &str> = staying.map(|it| (it.name, it.code)).collect();
        for (at, row) in &rows.rows {
            let Named { name, .. } = of(row);
            if let Some(holder) = holders.get(name) {
                let what = format!("{name} is the name of {holder} already; give one of them another");
                self.report.bad.add(&rows.source, *at, Some(column), what);
            }
        }
    }

    /// Names a new code that differs from another by leading zeros alone, which a spreadsheet drops. Says once that new
    /// codes are bare numbers, which may have had some.
    fn zeros<'a, T>(
        &mut self,
        rows: &'a Rows<T>,
        code: impl Fn(&'a T) -> &'a String,
        before: impl Iterator<Item = &'a str>,
    ) {
        let there: HashSet<&str> = before.collect();
        // By its number, the code that is meant: one that is there, for it stays for ever, else the longest.
        let rank = |code: &str| (there.contains(code), code.len());
        let mut meant: HashMap<&str, &str> = HashMap::new();
        for code in there.iter().copied().chain(rows.rows.iter().map(|(_, row)| code(row).as_str())) {
            let Some(number) = without_zeros(code) else { continue };
            let kept = meant.entry(number).or_insert(code);
            if rank(code) > rank(kept) {
                *kept = code;
            }
        }
        let mut bare: Option<(At, &str)> = None;
        for (at, row) in rows.rows.iter().filter(|(_, row)| !there.contains(code(row).as_str())) {
            let code = code(row).as_str();
            let Some(number) = without_zeros(code) else { continue };
            let meant = meant.get(number).copied().unwrap_or(code);
            match meant.len().cmp(&code.len()) {
                Ordering::Greater => {
                    let what = format!(
                        "{code} is {meant} without its zeros, which a spreadsheet drops; write {meant} and format the column as text"
                    );
                    self.report.bad.add(&rows.source, *at, Some("code"), what);
                }
                Ordering::Less => {
                    let what = format!(
                        "{code} is {meant} with zeros before it; write {meant}, for codes stay as they are"
                    );
                    self.report.bad.add(&rows.source, *at, Some("code"), what);
                }
                Ordering::Equal if number.len() == code.len() => bare = bare.or(Some((*at, code))),
                Ordering::Equal => {}
            }
        }
        if let Some((at, code)) = bare {
            let what = format!(
                "new codes such as {code} are bare numbers; if they began with zeros, a spreadsheet dropped them"
            );
            self.report.notes.add(&rows.source, at, Some("code"), what);
        }
    }
}
