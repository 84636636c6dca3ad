//! The rescue file itself: JSON lines, one in memory at a time, looked through to its end before anything of it is used.

use anyhow::{Context, Result, bail, ensure};
use app::id::{EventId, IssueId, OrderId, PhotoId, UserId};
use app::order::StepKind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use uuid::Uuid;

/// The most bytes in a line: the largest photo in base64, with what is said of it.
pub const MAX_LINE_BYTES: usize = 45 * 1024 * 1024;
/// The most items in a file, and the most drafts.
pub const MAX_ITEMS: usize = 2_000;
/// The most photos in a file.
pub const MAX_PHOTOS: usize = 50_000;

const FORMAT: &str = "spotfix-outbox";
const VERSION: u64 = 1;
/// Characters of a title that are kept to print it.
const TITLE_CHARS: usize = 60;

/// Whose work it is.
#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    /// The account.
    pub user_id: UserId,
    /// What the person types to sign in.
    pub username: String,
}

/// Something that was to be sent.
#[derive(Debug, Deserialize)]
pub struct Item {
    id: Uuid,
    user: UserId,
    /// Which step it is; absent for a report.
    #[serde(default)]
    pub step: Option<StepKind>,
    path: String,
    /// JSON, byte for byte as the phone sends it.
    pub body: String,
    /// The photos it names.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
    /// Items of one lane go one after the other.
    pub lane: Uuid,
    #[serde(default)]
    seq: f64,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
}

/// Where an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `/api/issues/{id}`
    Report(IssueId),
    /// `/api/orders/{id}/steps/{step_id}`
    Step(OrderId, EventId),
}

/// A photo whose bytes are what was said of them.
#[derive(Debug)]
pub struct Photo {
    /// The parameters of its `PUT`.
    pub meta: Map<String, Value>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

#[derive(Deserialize)]
struct Whose {
    account: Account,
}

#[derive(Deserialize)]
struct Line<'a> {
    photo: Option<PhotoHead>,
    #[serde(borrow)]
    bytes: Option<&'a str>,
    item: Option<Item>,
    draft: Option<Draft>,
    end: Option<Counts>,
}

#[derive(Deserialize)]
struct PhotoHead {
    id: PhotoId,
    sha256: String,
    size: usize,
    #[serde(default)]
    meta: Map<String, Value>,
}

#[derive(Deserialize)]
struct Draft {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
struct Counts {
    photos: usize,
    items: usize,
    drafts: usize,
}

/// A file that was looked through and is whole.
#[derive(Debug)]
pub struct Rescue {
    /// Whose work it is.
    pub account: Account,
    /// Where the items begin, in the order in which they were made.
    pub items: Vec<u64>,
    /// What the drafts are called.
    pub drafts: Vec<String>,
    /// Photos whose bytes are not what was said of them, with their lines.
    pub damaged: Vec<(usize, PhotoId)>,
    photos: HashMap<PhotoId, u64>,
    lines: Lines,
}

impl Rescue {
    /// Opens a file and looks through all of it.
    ///
    /// # Errors
    /// When it is not a rescue file, not whole, or holds what a page never writes; with the line.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let mut lines = Lines { reader: BufReader::new(file), line: Vec::new(), number: 0, at: 0 };
        let account = head(&mut lines)?;
        let mut rescue = Self {
            account,
            items: Vec::new(),
            drafts: Vec::new(),
            damaged: Vec::new(),
            photos: HashMap::new(),
            lines,
        };
        let number = &mut 1;
        rescue.look_through(number).with_context(|| format!("line {number}"))?;
        Ok(rescue)
    }

    fn look_through(&mut self, number: &mut usize) -> Result<()> {
        let (mut counts, mut end, mut ids, mut order) = (Counts::default(), None, HashSet::new(), Vec::new());
        while let Some(at) = self.lines.next()? {
            *number = self.lines.number;
            if self.lines.line.trim_ascii().is_empty() {
                continue;
            }
            ensure!(end.is_none(), "nothing may follow the end");
            match self.lines.read()? {
                Line { photo: Some(photo), bytes, item: None, draft: None, end: None } => {
                    counts.photos += 1;
                    ensure!(counts.photos <= MAX_PHOTOS, "more than {MAX_PHOTOS} photos");
                    let id = photo.id;
                    if checked(photo, bytes).is_some() {
                        self.photos.entry(id).or_insert(at);
                    } else {
                        self.damaged.push((*number, id));
                    }
                }
                Line { item: Some(item), photo: None, draft: None, end: None, .. } => {
                    counts.items += 1;
                    ensure!(counts.items <= MAX_ITEMS, "more than {MAX_ITEMS} items");
                    ensure!(item.user == self.account.user_id, "it belongs to another account");
                    item.target()?;
                    ensure!(ids.insert(item.id), "the item {} is there twice", item.id);
                    order.push((item.seq, at));
                }
                Line { draft: Some(draft), photo: None, item: None, end: None, .. } => {
                    counts.drafts += 1;
                    ensure!(counts.drafts <= MAX_ITEMS, "more than {MAX_ITEMS} drafts");
                    self.drafts.push(title(&draft.title, &draft.detail));
                }
                Line { end: Some(counted), photo: None, item: None, draft: None, .. } => end = Some(counted),
                _ => bail!("neither a photo, an item, a draft nor the end"),
            }
        }
        ensure!(end == Some(counts), "the file is cut off: what its end tells is missing or does not agree");
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.items = order.into_iter().map(|(_, at)| at).collect();
        Ok(())
    }

    /// The item that begins there.
    ///
    /// # Errors
    /// When the file is not what it was.
    pub fn item(&mut self, at: u64) -> Result<Item> {
        self.lines.go_to(at)?;
        let item = self.lines.read()?.item.filter(|item| item.user == self.account.user_id);
        item.context("the file has changed")
    }

    /// A photo, if the file has it undamaged.
    ///
    /// # Errors
    /// When the file is not what it was.
    pub fn photo(&mut self, id: PhotoId) -> Result<Option<Photo>> {
        let Some(at) = self.photos.get(&id) else { return Ok(None) };
        self.lines.go_to(*at)?;
        let Line { photo, bytes, .. } = self.lines.read()?;
        let photo = photo.filter(|photo| photo.id == id).and_then(|photo| checked(photo, bytes));
        photo.context("the file has changed").map(Some)
    }
}

impl Item {
    /// Where it goes.
    ///
    /// # Errors
    /// When that is not one of the two kinds of path, or not under the item's own id.
    pub fn target(&self) -> Result<Target> {
        let parts: Vec<&str> = self.path.split('/').collect();
        let id =
            |text: &str| Uuid::try_parse(text).with_context(|| format!("no id in the path {}", self.path));
        let (target, own) = match parts.as_slice() {
            ["", "api", "issues", issue] => (Target::Report(IssueId(id(issue)?)), id(issue)?),
            ["", "api", "orders", order, "steps", step] => {
                (Target::Step(OrderId(id(order)?), EventId(id(step)?)), id(step)?)
            }
            _ => bail!("nothing is sent to {:?}", printable(&self.path)),
        };
        ensure!(own == self.id, "its id and its path differ");
        Ok(target)
    }

    /// What it is called, fit to be printed.
    #[must_use]
    pub fn title(&self) -> String {
        title(&self.title, &self.detail)
    }

    /// The id under which it is sent.
    #[must_use]
    pub const fn id(&self) -> EventId {
        EventId(self.id)
    }
}

/// The bytes, if they are what was said of them.
fn checked(photo: PhotoHead, bytes: Option<&str>) -> Option<Photo> {
    let bytes = STANDARD.decode(bytes?).ok()?;
    let is_it = bytes.len() == photo.size && hex::encode(Sha256::digest(&bytes)) == photo.sha256;
    is_it.then_some(Photo { meta: photo.meta, bytes })
}

fn title(title: &str, detail: &str) -> String {
    [title, detail].into_iter().filter(|text| !text.is_empty()).map(printable).collect::<Vec<_>>().join(" – ")
}

/// Text from the file as it may stand in somebody's terminal.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(TITLE_CHARS).collect()
}

fn head(lines: &mut Lines) -> Result<Account> {
    lines.next()?;
    let head: Option<Head> = serde_json::from_slice(&lines.line).ok();
    let head = head.filter(|head| head.format == FORMAT).context("this is no rescue file of Spotfix")?;
    let version = head.version;
    ensure!(version == VERSION, "the file is of version {version}; this spotfix reads version {VERSION}");
    let whose: Whose = serde_json::from_slice(&lines.line).context("line 1: whose work it is")?;
    Ok(whose.account)
}

#[derive(Debug)]
struct Lines {
    reader: BufReader<File>,
    line: Vec<u8>,
    number: usize,
    at: u64,
}

impl Lines {
    /// Reads the next line; where it begins, or `None` at the end.
    fn next(&mut self) -> Result<Option<u64>> {
        self.line.clear();
        let most = u64::try_from(MAX_LINE_BYTES)?.saturating_add(1);
        let length = self.reader.by_ref().take(most).read_until(b'\n', &mut self.line)?;
        self.number += 1;
        ensure!(length <= MAX_LINE_BYTES, "line {} is longer than {MAX_LINE_BYTES} bytes", self.number);
        let begins = self.at;
        self.at += u64::try_from(length)?;
        Ok((length > 0).then_some(begins))
    }

    fn go_to(&mut self, at: u64) -> Result<()> {
        self.reader.seek(SeekFrom::Start(at))?;
        self.at = at;
        self.next()?.context("the file has changed")?;
        Ok(())
    }

    fn read(&self) -> Result<Line<'_>> {
        // What serde says may repeat the line, which may be long and somebody's.
        serde_json::from_slice(&self.line).ok().context("it cannot be read")
    }
}
