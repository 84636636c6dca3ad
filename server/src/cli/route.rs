//! `spotfix route`: who answers for a clause at a spot, and why.

use super::lang::Lang;
use super::open;
use crate::catalogue::Loaded;
use crate::config::{Flags, Settings};
use anyhow::{Context, Result};
use app::bundle::AssignmentAnswer;
use app::clause::{Clause, SpotRole};
use app::id::{RuleId, UnitId};
use app::routing::{Beaten, Way};
use app::spot::Spot;
use std::fmt::Write;

/// Says which unit answers for a clause at a spot, which rule said so, and what it beat
#[derive(Debug, clap::Args)]
pub struct Route {
    /// The spot's code, such as NMSC-003
    spot: String,
    /// The clause's code, such as G04
    clause: String,
    /// Prints what GET /api/routing/assignment answers
    #[arg(long)]
    json: bool,
    /// The language of the explanation
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    #[command(flatten)]
    flags: Flags,
}

impl Route {
    /// Runs the command.
    ///
    /// # Errors
    /// When there is no such spot or clause, or the database fails.
    pub async fn run(self) -> Result<()> {
        let state = open(Settings::load(self.flags)?).await?;
        let loaded = state.catalogue.get().await?;
        let spot =
            loaded.spot_by_code(&self.spot).with_context(|| format!("no spot has the code {}", self.spot))?;
        let clause =
            loaded.clause(&self.clause).with_context(|| format!("no clause has the code {}", self.clause))?;
        let answer = loaded.assignment(spot, clause);
        if self.json {
            println!("{}", serde_json::to_string_pretty(&answer)?);
        } else {
            print!("{}", explain(&loaded, spot, clause, &answer, self.lang));
        }
        Ok(())
    }
}

fn explain(loaded: &Loaded, spot: &Spot, clause: &Clause, answer: &AssignmentAnswer, lang: Lang) -> String {
    let mut text = String::new();
    let colon = lang.pick("：", ": ");
    let type_clauses = loaded.spot_type(&spot.spot_type).map(|it| it.clauses.as_slice()).unwrap_or_default();
    let n = type_clauses.iter().find(|it| it.clause_code == clause.code).and_then(|it| it.n);
    let unit = answer.unit.as_ref().map_or_else(
        || lang.pick("无，由创建办在待派池中指派", "none: the office's pool").to_owned(),
        |unit| format!("{} {}", unit.code, unit.name),
    );
    let lines = [
        (lang.pick("点位", "spot"), format!("{} {}", spot.code, spot.name)),
        (lang.pick("检查项", "clause"), format!("{} {}", clause.code, clause.text_for(n))),
        (lang.pick("责任单位", "unit"), unit),
        (lang.pick("依据", "because"), way_words(loaded, &answer.assignment.way, lang)),
    ];
    for (name, value) in lines {
        let _ = writeln!(text, "{name}{colon}{value}");
    }
    if !answer.is_checked {
        let note = lang.pick(
            "注意：该类点位的检查单上没有这一项",
            "note: this clause is not on the check list of the spot's type",
        );
        let _ = writeln!(text, "{note}");
    }
    if !answer.assignment.beaten.is_empty() {
        let _ = writeln!(text, "{}", lang.pick("未采用：", "did not decide:"));
    }
    for tried in &answer.assignment.beaten {
        let unit = tried.unit_id.map(|unit| format!(" {}", unit_words(loaded, unit))).unwrap_or_default();
        let way = way_words(loaded, &tried.way, lang);
        let _ = writeln!(text, "  {way}{unit} – {}", beaten_words(tried.why, lang));
    }
    text
}

pub(super) fn unit_words(loaded: &Loaded, id: UnitId) -> String {
    loaded.unit(id).map_or_else(|| id.to_string(), |unit| format!("{} {}", unit.code, unit.name))
}

fn way_words(loaded: &Loaded, way: &Way, lang: Lang) -> String {
    match way {
        Way::SpotClause { rule_id } => with_note(
            loaded,
            *rule_id,
            lang.pick("本点位本检查项的规则", "the rule for this spot and clause"),
            lang,
        ),
        Way::SpotRole { role, by_category } => {
            let role = match role {
                SpotRole::Lead => lang.pick("点位的主管单位", "the spot's lead unit"),
                SpotRole::Territory => lang.pick("点位的属地单位", "the spot's territorial unit"),
                SpotRole::Operator => lang.pick("点位的管理单位", "the spot's operator"),
            };
            let order = by_category.map(|_| lang.pick("（按部件或事件的先后）", " (by part or event)"));
            format!("{role}{}", order.unwrap_or_default())
        }
        Way::ClauseDefault => lang.pick("检查项的默认单位", "the clause's default unit").to_owned(),
        Way::SpotTypeArea { rule_id } => with_note(
            loaded,
            *rule_id,
            lang.pick("本类点位在本区域的规则", "the rule for spot type and area"),
            lang,
        ),
        Way::Pool => lang.pick("没有规则适用", "no rule reaches").to_owned(),
        Way::Office => lang.pick("创建办指定", "the office chose").to_owned(),
    }
}

/// The kind of rule with what the office wrote beside this one.
fn with_note(loaded: &Loaded, id: RuleId, kind: &str, lang: Lang) -> String {
    let rules = &loaded.bundle.catalogue.rules;
    match rules.iter().find(|rule| rule.id == id).filter(|rule| !rule.note.is_empty()) {
        Some(rule) => match lang {
            Lang::Zh => format!("{kind}（{}）", rule.note),
            Lang::En => format!("{kind} ({})", rule.note),
        },
        None => kind.to_owned(),
    }
}

pub(super) const fn beaten_words(why: Beaten, lang: Lang) -> &'static str {
    match why {
        Beaten::LessSpecific => lang.pick("已有更具体的依据", "something more specific decided"),
        Beaten::UnitClosed => lang.pick("该单位已停用", "that unit takes no orders"),
        Beaten::NoUnit => lang.pick("没有填写单位", "no unit is entered"),
    }
}
