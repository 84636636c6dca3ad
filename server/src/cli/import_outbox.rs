//! `spotfix import-outbox`: what a phone could not send, from the file that it wrote.

use super::lang::Lang;
use super::{Operator, open};
use crate::config::{Flags, Settings};
use crate::outbox::file::{Item, printable};
use crate::outbox::{Outcome, Sum, Told, take_in};
use anyhow::{Result, ensure};
use app::order::StepKind;
use app::problem::{FieldCode, Problem};
use std::path::PathBuf;

/// Takes in the rescue file of a phone that cannot send
///
/// Reports, steps and photos go in as the account they belong to, by the same rules and under the same ids as if the phone
/// had sent them: whatever came before is known, and importing again changes nothing. A file that is cut off is refused
/// whole. Each item is told in a line; one that the rules do not allow holds up only what follows it at the same problem.
#[derive(Debug, clap::Args)]
pub struct ImportOutbox {
    /// The file that the phone saved
    file: PathBuf,
    /// The language of what is told
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    #[command(flatten)]
    flags: Flags,
}

impl ImportOutbox {
    /// Runs the command.
    ///
    /// # Errors
    /// When the file or its account cannot be used, an item was refused, or the database fails.
    pub async fn run(self) -> Result<()> {
        let Self { file, lang, flags } = self;
        let state = open(Settings::load(flags)?).await?;
        let operator = Operator::at_the_console();
        let sum = take_in(&state, &operator, &file, |told| println!("{}", words(&told, lang))).await?;
        println!("{}", sum_words(sum, lang));
        let left = sum.refused + sum.held_back;
        ensure!(left == 0, "{left} not taken in");
        Ok(())
    }
}

fn words(told: &Told<'_>, lang: Lang) -> String {
    match told {
        Told::Item(item, outcome) => {
            let became = match outcome {
                Outcome::TakenIn => lang.pick("已收", "taken in").to_owned(),
                Outcome::WasHere => lang.pick("早已收到", "was here before").to_owned(),
                Outcome::Refused(problem) => {
                    format!("{} {}", lang.pick("被拒", "refused:"), problem_words(problem))
                }
                Outcome::HeldBack => {
                    lang.pick("未收，同一问题的前一条被拒", "held back by the one before").to_owned()
                }
            };
            format!("{became} · {} · {} · {}", kind_words(item, lang), item.title(), item.id())
        }
        Told::DamagedPhoto(line, id) => {
            let what = lang.pick("照片已损坏，不予导入", "a damaged photo, left out");
            format!("{what} · {} {line} · {id}", lang.pick("行", "line"))
        }
        Told::Draft(title) => {
            format!("{} · {title}", lang.pick("草稿不导入，请在手机上完成", "a draft, left out"))
        }
    }
}

fn kind_words(item: &Item, lang: Lang) -> &'static str {
    let (zh, en) = match item.step {
        None => ("上报", "report"),
        Some(StepKind::Accept) => ("签收", "accept"),
        Some(StepKind::Reply) => ("反馈", "reply"),
        Some(StepKind::Confirm) => ("确认", "confirm"),
        Some(StepKind::Return) => ("退单", "return"),
        Some(StepKind::Pass) => ("复查通过", "pass"),
        Some(StepKind::Fail) => ("复查不通过", "fail"),
        Some(step) => (step.code(), step.code()),
    };
    lang.pick(zh, en)
}

/// The code and what it is about: `invalid_fields (note required)`, `photo_missing (0190…)`.
fn problem_words(problem: &Problem) -> String {
    let word = |code: FieldCode| {
        serde_json::to_value(code).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let mut about: Vec<String> =
        problem.fields.iter().map(|it| format!("{} {}", printable(&it.field), word(it.code))).collect();
    about.extend(problem.photo_ids.iter().map(ToString::to_string));
    if about.is_empty() {
        return problem.code.as_str().to_owned();
    }
    format!("{} ({})", problem.code.as_str(), about.join(", "))
}

fn sum_words(sum: Sum, lang: Lang) -> String {
    let Sum { taken_in, were_here, refused, held_back, drafts } = sum;
    match lang {
        Lang::Zh => format!(
            "已收 {taken_in}，早已收到 {were_here}，被拒 {refused}，未收 {held_back}，草稿 {drafts}（不导入）"
        ),
        Lang::En => format!(
            "{taken_in} taken in, {were_here} were here before, {refused} refused, {held_back} held back, {drafts} drafts left out"
        ),
    }
}
