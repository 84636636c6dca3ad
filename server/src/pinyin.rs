//! How Chinese names are read: syllables without tones, polyphones by the phrases they stand in.
//!
//! `data/pinyin/` holds what is read otherwise than character by character. Its entries, one a line: characters, then a
//! syllable for each; characters alone are a word whose characters are read as usual, and which is not torn apart.

use app::bundle::Catalogue;
use app::search::{BETWEEN_NAMES, fold};
use pinyin::ToPinyin;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Later entries replace earlier ones.
const FILES: [&str; 2] =
    [include_str!("../../data/pinyin/phrases.txt"), include_str!("../../data/pinyin/field.txt")];

/// Characters of the longest entry.
const LONGEST: usize = 4;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(&FILES));

/// Writes into the catalogue how its names are read. It is not stored, so that a better table serves old names.
pub fn spell(catalogue: &mut Catalogue) {
    for unit in &mut catalogue.units {
        let all = [&unit.name, &unit.short_name].into_iter().chain(&unit.aliases);
        unit.pinyin = names(all.map(String::as_str));
    }
    for clause in &mut catalogue.clauses {
        clause.pinyin = syllables(&clause.text_for(None));
    }
    for spot in &mut catalogue.spots {
        spot.pinyin = syllables(&spot.name);
        spot.initials = initials(&spot.name);
    }
}

/// How several names of one thing are read, each once.
fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut spelt: Vec<String> = Vec::new();
    for name in names.into_iter().map(syllables) {
        if !name.is_empty() && !spelt.contains(&name) {
            spelt.push(name);
        }
    }
    spelt.join(&format!(" {BETWEEN_NAMES} "))
}

/// The syllables of a text with single spaces between them. Letters and digits stay, a run of them like a syllable; ü
/// is `v`; everything else is left out. `银行3号楼B座` becomes `yin hang 3 hao lou b zuo`.
#[must_use]
pub fn syllables(text: &str) -> String {
    let parts: Vec<String> = parts(text).into_iter().map(|part| part.text).collect();
    parts.join(" ")
}

/// The first letter of every syllable, with letters and digits whole. `银行3号楼B座` becomes `yh3hlbz`.
#[must_use]
pub fn initials(text: &str) -> String {
    let mut initials = String::new();
    for part in parts(text) {
        let count = if part.is_read { 1 } else { part.text.len() };
        initials.extend(part.text.chars().take(count));
    }
    initials
}

/// A syllable, or a run of letters and digits.
struct Part {
    text: String,
    is_read: bool,
}

fn parts(text: &str) -> Vec<Part> {
    let folded = fold(text);
    let mut parts = Vec::new();
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        let is_latin = first.is_ascii_alphanumeric();
        let belongs = |c: char| if is_latin { c.is_ascii_alphanumeric() } else { is_chinese(c) };
        let (run, after) = rest.split_at(rest.find(|c| !belongs(c)).unwrap_or(rest.len()));
        if is_latin {
            parts.push(Part { text: run.to_owned(), is_read: false });
        } else {
            TABLE.read_run(run, |text| parts.push(Part { text, is_read: true }));
        }
        rest = after.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && !is_chinese(c));
    }
    parts
}

fn is_chinese(c: char) -> bool {
    c.to_pinyin().is_some()
}

#[derive(Debug, Default)]
struct Table {
    /// Of a character or a phrase, the syllables; empty where they are the usual ones.
    readings: HashMap<&'static str, &'static str>,
    /// The same at the end of a run.
    ends: HashMap<&'static str, &'static str>,
    /// What is kept whole even where a word before would take its first character.
    strong: HashSet<&'static str>,
}

impl Table {
    fn read(files: &[&'static str]) -> Self {
        let mut table = Self::default();
        let lines = files.iter().flat_map(|file| file.lines());
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (word, reading) = line.split_once(' ').unwrap_or((line, ""));
            if let Some(word) = word.strip_suffix('$') {
                table.ends.insert(word, reading);
                continue;
            }
            let strong = word.strip_prefix('+');
            table.strong.extend(strong);
            table.readings.insert(strong.unwrap_or(word), reading);
        }
        table
    }

    /// Gives the syllables of a run of Chinese characters: the longest entry first, from the left.
    fn read_run(&self, run: &str, mut give: impl FnMut(String)) {
        let mut bounds: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
        bounds.push(run.len());
        let last = bounds.len() - 1;
        let mut from = 0;
        while from < last {
            let longest = last.min(from + LONGEST);
            let found = (from + 1..=longest).rev().find_map(|to| {
                let word = &run[bounds[from]..bounds[to]];
                let at_end = if to == last { self.ends.get(word) } else { None };
                let reading = at_end.or_else(|| self.readings.get(word))?;
                (!self.is_torn(run, &bounds, from, to)).then_some((to, *reading))
            });
            let (to, reading) = found.unwrap_or((from + 1, ""));
            if reading.is_empty() {
                run[bounds[from]..bounds[to]].chars().for_each(|c| give(self.usual(c)));
            } else {
                reading.split(' ').for_each(|syllable| give(syllable.to_owned()));
            }
            from = to;
        }
    }

    /// Whether a strong entry begins inside the word and goes beyond it.
    fn is_torn(&self, run: &str, bounds: &[usize], from: usize, to: usize) -> bool {
        (from + 1..to).any(|start| {
            let mut ends = to + 1..=(start + LONGEST).min(bounds.len() - 1);
            ends.any(|end| self.strong.contains(&run[bounds[start]..bounds[end]]))
        })
    }

    /// How a character is read alone.
    fn usual(&self, c: char) -> String {
        let mut buffer = [0; 4];
        match self.readings.get(&*c.encode_utf8(&mut buffer)) {
            Some(reading) => (*reading).to_owned(),
            None => c.to_pinyin().map_or("", |it| it.plain()).replace('ü', "v"),
        }
    }
}

#[cfg(test)]
mod tests;
