//! The files git keeps, read once per test.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the tree.
pub(crate) struct File {
    /// Its path from the root, with `/` between folders.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

/// What git keeps.
pub(crate) struct Tree {
    /// The text files, by path.
    pub(crate) files: Vec<File>,
    /// The paths of all files.
    pub(crate) paths: Vec<String>,
}

impl Tree {
    /// Reads what git keeps; without git, what a walk finds.
    pub(crate) fn read() -> Self {
        let root = root();
        let mut paths = listed(&root).unwrap_or_else(|| walked(&root));
        // What has just been removed is still listed until it is committed.
        paths.retain(|path| root.join(path).is_file());
        paths.sort();
        let read = |path: &String| {
            let text = String::from_utf8(std::fs::read(root.join(path)).ok()?).ok()?;
            Some(File { path: path.clone(), text })
        };
        Self { files: paths.iter().filter_map(read).collect(), paths }
    }

    /// The files with one of these extensions.
    pub(crate) fn of<'a>(&'a self, extensions: &'a [&str]) -> impl Iterator<Item = &'a File> {
        let has = |file: &&File| file.path.rsplit_once('.').is_some_and(|(_, it)| extensions.contains(&it));
        self.files.iter().filter(has)
    }

    /// The files below a folder, which ends in `/`.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder))
    }

    /// Whether there is such a file, or such a folder.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.paths
            .iter()
            .any(|it| it == path || it.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Whether a file of this name, without folders, lies somewhere below a folder.
    pub(crate) fn has_below(&self, folder: &str, name: &str) -> bool {
        let is_it = |path: &String| path.rsplit_once('/').is_some_and(|(_, last)| last == name);
        self.paths.iter().any(|path| path.starts_with(folder) && is_it(path))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").to_path_buf()
}

fn listed(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().ok()?;
    let text =
        String::from_utf8(output.stdout).ok().filter(|text| output.status.success() && !text.is_empty())?;
    Some(text.split_terminator('\0').map(str::to_owned).collect())
}

/// An unpacked archive has no git: then everything but what builds and runs leave behind.
fn walked(root: &Path) -> Vec<String> {
    const LEFT_BEHIND: [&str; 5] = ["target", "node_modules", ".git", "spotfix-data", "out"];
    let (mut folders, mut found) = (vec![root.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if !path.is_dir() {
                found.extend(path.strip_prefix(root).ok().map(|path| path.to_string_lossy().into_owned()));
            } else if !LEFT_BEHIND.iter().any(|name| entry.file_name() == *name) {
                folders.push(path);
            }
        }
    }
    found
}
