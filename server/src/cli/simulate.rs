//! `spotfix simulate`: what the routing does with every clause of every spot.

use super::lang::Lang;
use super::open;
use super::route::{beaten_words, unit_words};
use crate::catalogue::Loaded;
use crate::config::{Flags, Settings};
use anyhow::Result;
use app::routing::{NeverWins, RuleTarget, Simulation};
use std::fmt::Write;

/// Routes every clause of every spot: says which rules never win and what no rule reaches
#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// Prints what GET /api/routing/simulation answers
    #[arg(long)]
    json: bool,
    /// The language of the explanation
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    #[command(flatten)]
    flags: Flags,
}

impl Simulate {
    /// Runs the command.
    ///
    /// # Errors
    /// When the configuration or the database cannot be used.
    pub async fn run(self) -> Result<()> {
        let state = open(Settings::load(self.flags)?).await?;
        let loaded = state.catalogue.get().await?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(loaded.simulation())?);
        } else {
            print!("{}", explain(&loaded, loaded.simulation(), self.lang));
        }
        Ok(())
    }
}

fn explain(loaded: &Loaded, found: &Simulation, lang: Lang) -> String {
    let mut text = String::new();
    let pairs = lang.pick("组点位与检查项", "pairs of spot and clause");
    let _ = writeln!(text, "{} {pairs}", found.pairs);
    for way in &found.by_way {
        let _ = writeln!(text, "  {:<16}{}", way.by, way.pairs);
    }
    let _ = writeln!(text, "{} {}", found.never_win.len(), lang.pick("条规则从不生效", "rules never win"));
    for rule in &found.never_win {
        let _ = writeln!(text, "  {}", rule_words(loaded, rule, lang));
    }
    let spots =
        lang.pick("个点位有检查项没有规则适用，将进入待派池", "spots have clauses that end in the pool");
    let _ = writeln!(text, "{} {spots}", found.unreached.len());
    for it in &found.unreached {
        let spot =
            loaded.spot(it.spot_id).map_or_else(String::new, |spot| format!("{} {}", spot.code, spot.name));
        let _ = writeln!(text, "  {spot} – {}", it.clause_codes.join(" "));
    }
    text
}

fn rule_words(loaded: &Loaded, it: &NeverWins, lang: Lang) -> String {
    let place = match &it.rule.target {
        RuleTarget::SpotClause { spot_id, clause_code } => {
            let spot = loaded.spot(*spot_id).map_or("", |spot| &spot.code);
            format!("{spot} + {clause_code}")
        }
        RuleTarget::SpotTypeArea { spot_type, area_id } => {
            let area = loaded.area(*area_id).map_or("", |area| &area.name);
            format!("{spot_type} + {area}")
        }
    };
    let why = it.why.map_or(lang.pick("没有点位符合", "no spot fits"), |why| beaten_words(why, lang));
    format!("{place} → {} – {why}", unit_words(loaded, it.rule.unit_id))
}
