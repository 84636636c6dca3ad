//! The kinds of rows, as `data/README.md` describes them: what each column must be by itself.

use super::fields::Fields;
use super::table::Record;
use super::tables::{self, Table};
use app::account::{check_username, username_key};
use app::clause::{Category, Phrase, Severity, SpotRole};
use app::clock::{Limit, LimitKind};
use app::role::Role;

/// Characters of names, of short texts, and of whatever people read at length.
const NAME: usize = 60;
const SHORT_NAME: usize = 12;
/// Everyday names a unit has at most.
const ALIASES: usize = 20;
const GROUP: usize = 20;
const TEXT: usize = 200;
const LONG_TEXT: usize = 1000;

#[derive(Debug)]
pub(super) struct UnitRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) short_name: String,
    pub(super) group: String,
    pub(super) parent: Option<String>,
    /// `None` leaves them as they are.
    pub(super) aliases: Option<Vec<String>>,
    pub(super) active: Option<bool>,
}

impl Record for UnitRow {
    const TABLE: &'static Table = &tables::UNITS;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["code"], &["name"], &["short_name"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (code, name) = (f.code("code"), f.text("name", NAME));
        let (short_name, group) = (f.text("short_name", SHORT_NAME), f.text("group", GROUP));
        let (parent, active) = (f.code_or_none("parent_code"), f.active());
        let aliases = f.names_if_given("aliases", ALIASES, SHORT_NAME);
        Some(Self {
            code: code?,
            name: name?,
            aliases: aliases?,
            short_name: short_name?,
            group: group?,
            parent: parent?,
            active: active?,
        })
    }
}

#[derive(Debug)]
pub(super) struct AreaRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) unit: Option<String>,
}

impl Record for AreaRow {
    const TABLE: &'static Table = &tables::AREAS;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["code"], &["name"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (code, name) = (f.code("code"), f.text("name", NAME));
        let (parent, unit) = (f.code_or_none("parent_code"), f.code_or_none("unit_code"));
        Some(Self { code: code?, name: name?, parent: parent?, unit: unit? })
    }
}

#[derive(Debug)]
pub(super) struct SpotTypeRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) lead_text: String,
    pub(super) coop_text: String,
    pub(super) evidence: String,
    pub(super) route: String,
}

impl Record for SpotTypeRow {
    const TABLE: &'static Table = &tables::SPOT_TYPES;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["code"], &["name"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (code, name) = (f.code("code"), f.text("name", NAME));
        let (lead_text, coop_text) = (f.text("lead_text", TEXT), f.text("coop_text", TEXT));
        let (evidence, route) = (f.word("evidence", tables::EVIDENCE), f.text("route", TEXT));
        Some(Self {
            code: code?,
            name: name?,
            lead_text: lead_text?,
            coop_text: coop_text?,
            evidence: evidence?.to_owned(),
            route: route?,
        })
    }
}

#[derive(Debug)]
pub(super) struct ClauseRow {
    pub(super) code: String,
    pub(super) dimension: String,
    pub(super) text: String,
    pub(super) method: String,
    pub(super) not_counted: String,
    pub(super) category: Category,
    pub(super) role: Option<SpotRole>,
    pub(super) default_unit: Option<String>,
    pub(super) owner_text: String,
    pub(super) limit: Limit,
    pub(super) severity: Severity,
    pub(super) hours_sensitive: bool,
    pub(super) active: Option<bool>,
}

impl Record for ClauseRow {
    const TABLE: &'static Table = &tables::CLAUSES;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["code"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (code, dimension) = (f.code("code"), f.text("dimension", NAME));
        let (text, method) = (f.text("text", LONG_TEXT), f.text("method", LONG_TEXT));
        let (not_counted, owner_text) = (f.text("not_counted", LONG_TEXT), f.text("owner_text", TEXT));
        let category = f.meaning("category", tables::CATEGORY, Category::from_code);
        let role = match f.raw("role") {
            "" => Some(None),
            _ => f.meaning("role", tables::SPOT_ROLE, SpotRole::from_code).map(Some),
        };
        let default_unit = f.code_or_none("default_unit");
        let value = f.whole("limit_value", 1, 365);
        let kind = |text: &str| LimitKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        let kind = f.meaning("limit_kind", tables::LIMIT_KIND, kind);
        let severity = f.meaning("severity", tables::SEVERITY, Severity::from_code);
        let (hours_sensitive, active) = (f.flag("hours_sensitive"), f.active());
        Some(Self {
            code: code?,
            dimension: dimension?,
            text: text?,
            method: method?,
            not_counted: not_counted?,
            category: category?,
            role: role?,
            default_unit: default_unit?,
            owner_text: owner_text?,
            limit: Limit::new(value?, kind?).ok()?,
            severity: severity?,
            hours_sensitive: hours_sensitive?,
            active: active?,
        })
    }
}

#[derive(Debug)]
pub(super) struct PhraseRow {
    pub(super) clause: String,
    pub(super) letter: char,
    pub(super) text: String,
    pub(super) severity: Option<Severity>,
    pub(super) active: Option<bool>,
}

impl Record for PhraseRow {
    const TABLE: &'static Table = &tables::PHRASES;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["clause", "letter"], &["clause", "text"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (clause, letter) = (f.code("clause"), f.letter("letter"));
        let text = f.text("text", Phrase::MAX_CHARS);
        let severity = match f.raw("severity") {
            "" => Some(None),
            _ => f.meaning("severity", tables::SEVERITY, Severity::from_code).map(Some),
        };
        let active = f.active();
        Some(Self { clause: clause?, letter: letter?, text: text?, severity: severity?, active: active? })
    }
}

#[derive(Debug)]
pub(super) struct CheckRow {
    pub(super) spot_type: String,
    pub(super) clause: String,
    pub(super) n: Option<u32>,
    pub(super) note: String,
    pub(super) active: Option<bool>,
}

impl Record for CheckRow {
    const TABLE: &'static Table = &tables::CHECKS;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["spot_type", "clause"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (spot_type, clause) = (f.code("spot_type"), f.code("clause"));
        let (n, note, active) = (f.whole_or_none("n", 1, 999), f.text("note", TEXT), f.active());
        Some(Self { spot_type: spot_type?, clause: clause?, n: n?, note: note?, active: active? })
    }
}

#[derive(Debug)]
pub(super) struct SpotRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) spot_type: String,
    pub(super) area: String,
    pub(super) address: String,
    pub(super) lng: f64,
    pub(super) lat: f64,
    pub(super) lead: Option<String>,
    pub(super) territory: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) head: String,
    pub(super) hours: String,
    pub(super) active: Option<bool>,
}

impl Record for SpotRow {
    const TABLE: &'static Table = &tables::SPOTS;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["code"], &["name"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (code, name) = (f.code("code"), f.text("name", NAME));
        let (spot_type, area, address) = (f.code("type"), f.code("area_code"), f.text("address", TEXT));
        let position = f.position("lng", "lat");
        let lead = f.code_or_none("lead_unit");
        let (territory, operator) = (f.code_or_none("territory_unit"), f.code_or_none("operator_unit"));
        let (head, hours, active) = (f.text("head", NAME), f.hours("hours"), f.active());
        let (lng, lat) = position?;
        Some(Self {
            code: code?,
            name: name?,
            spot_type: spot_type?,
            area: area?,
            address: address?,
            lng,
            lat,
            lead: lead?,
            territory: territory?,
            operator: operator?,
            head: head?,
            hours: hours?,
            active: active?,
        })
    }
}

/// What a routing rule is for, by codes.
#[derive(Debug)]
pub(super) enum TargetRow {
    SpotClause { spot: String, clause: String },
    SpotTypeArea { spot_type: String, area: String },
}

#[derive(Debug)]
pub(super) struct RuleRow {
    pub(super) target: TargetRow,
    pub(super) unit: String,
    pub(super) note: String,
    pub(super) active: Option<bool>,
}

impl Record for RuleRow {
    const TABLE: &'static Table = &tables::RULES;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["spot", "clause"], &["spot_type", "area"]];

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let (unit, note, active) = (f.code("unit"), f.text("note", TEXT), f.active());
        let target = match f.word("kind", tables::RULE_KIND)? {
            "spot_clause" => {
                let (spot, clause) = (f.code("spot"), f.code("clause"));
                empty(f, ["spot_type", "area"])?;
                TargetRow::SpotClause { spot: spot?, clause: clause? }
            }
            _ => {
                let (spot_type, area) = (f.code("spot_type"), f.code("area"));
                empty(f, ["spot", "clause"])?;
                TargetRow::SpotTypeArea { spot_type: spot_type?, area: area? }
            }
        };
        Some(Self { target, unit: unit?, note: note?, active: active? })
    }
}

/// Columns that another kind of rule uses.
fn empty(f: &mut Fields<'_>, columns: [&str; 2]) -> Option<()> {
    match columns.into_iter().find(|column| !f.raw(column).is_empty()) {
        Some(column) => f.fault(column, "must be empty in a rule of this kind"),
        None => Some(()),
    }
}

#[derive(Debug)]
pub(super) struct UserRow {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) units: Vec<String>,
    pub(super) active: Option<bool>,
}

impl Record for UserRow {
    const TABLE: &'static Table = &tables::USERS;
    const UNIQUE: &'static [&'static [&'static str]] = &[&["username"]];

    fn key(value: &str) -> String {
        username_key(value)
    }

    fn read(f: &mut Fields<'_>) -> Option<Self> {
        let username = f.filled("username").and_then(|name| match check_username("username", name) {
            Ok(()) => Some(name.to_owned()),
            Err(_) => f.fault("username", "not a user name: 1 to 64 letters, digits, '.', '_' or '-'"),
        });
        let name = f.text("name", NAME);
        let role = f.meaning("role", tables::ROLE, Role::from_code);
        let (units, active) = (f.codes("units"), f.active());
        let (username, name, role, units, active) = (username?, name?, role?, units?, active?);
        match (role, units.is_empty()) {
            (Role::Unit, true) => f.fault("units", "required for the role unit"),
            (Role::Unit, false) | (_, true) => Some(Self { username, name, role, units, active }),
            (_, false) => f.fault("units", "only people of the role unit speak for units"),
        }
    }
}
