//! Clauses (检查项): the lines that are checked, shared between spot types and filled with their parameters.

use crate::clock::Limit;
use crate::id::UnitId;
use crate::search::Asked;
use serde::{Deserialize, Serialize};

/// Whether a clause is about a fixed thing or about what people do; it decides who is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 部件: a lamp, a kerb, a building. The owner first, then the territory.
    Part,
    /// 事件: behaviour, litter. The territory first, then the owner.
    Event,
}

/// A unit's relation to a spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SpotRole {
    /// 主管: the bureau in charge of this kind of place.
    Lead,
    /// 属地: the township or street it lies in.
    Territory,
    /// 管理单位: whoever runs it.
    Operator,
}

/// How bad one problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 轻微: needs no photo.
    Minor,
    /// 一般.
    General,
    /// 严重.
    Serious,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 2] = [Self::Part, Self::Event];

    /// The word used in JSON, CSV and the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Event => "event",
        }
    }

    /// The category with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

impl SpotRole {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Lead, Self::Territory, Self::Operator];

    /// The word used in JSON, CSV and the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Territory => "territory",
            Self::Operator => "operator",
        }
    }

    /// The role with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

impl Severity {
    /// All grades, mildest first.
    pub const ALL: [Self; 3] = [Self::Minor, Self::General, Self::Serious];

    /// The word used in JSON, CSV and the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::General => "general",
            Self::Serious => "serious",
        }
    }

    /// The grade with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Whether a problem of this grade must be shown by a photo: unnecessary photos are forbidden
    /// (国办函〔2026〕12号), so a minor one need not.
    #[must_use]
    pub const fn needs_photo(self) -> bool {
        !matches!(self, Self::Minor)
    }
}

/// One checkable line of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clause {
    /// A stable code, such as `G04` or `NMSC-03`.
    pub code: String,
    /// The field it belongs to (环境卫生, 消防安全 …).
    pub dimension: String,
    /// The line itself; `{n}` stands for the spot type's parameter.
    pub text: String,
    /// How the text is read, in the form of a spot's `pinyin`. The server fills it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pinyin: String,
    /// How to look and how to count.
    pub method: String,
    /// What does not count.
    pub not_counted: String,
    /// Fixed thing or behaviour.
    pub category: Category,
    /// Which of the spot's units answers for it; `None` when the clause has an owner of its own, or the category decides.
    pub role: Option<SpotRole>,
    /// The unit that answers wherever no spot says otherwise.
    pub default_unit_id: Option<UnitId>,
    /// The owner in the catalogue's own words.
    pub owner_text: String,
    /// How long the unit has.
    pub limit: Limit,
    /// The severity offered first.
    pub severity: Severity,
    /// Whether the problem exists only at certain hours, so that it is re-checked in the same hours (同时段).
    pub hours_sensitive: bool,
    /// Withdrawn clauses stay for old issues and are offered no more.
    pub active: bool,
    /// Common problems (常见问题) in the order they are offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<Phrase>,
}

/// A common problem (常见问题) of a clause: the clause says how it should be, the phrase what is wrong. One press makes it the
/// issue's title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phrase {
    /// A stable code: the clause's and a small letter, such as `G04a`.
    pub code: String,
    /// What is wrong, at most [`Phrase::MAX_CHARS`] characters.
    pub text: String,
    /// The severity offered with it, where that differs from the clause's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Withdrawn phrases stay for old issues and are offered no more.
    #[serde(default = "is_true", skip_serializing_if = "is_it")]
    pub active: bool,
}

impl Phrase {
    /// The longest text, in characters: it is a title on a phone.
    pub const MAX_CHARS: usize = 30;
}

const fn is_true() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_it(value: &bool) -> bool {
    *value
}

impl Clause {
    /// The phrase with this code, also one that is offered no more.
    #[must_use]
    pub fn phrase(&self, code: &str) -> Option<&Phrase> {
        self.phrases.iter().find(|phrase| phrase.code == code)
    }

    /// The phrases that are offered, in order.
    pub fn offered_phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.phrases.iter().filter(|phrase| phrase.active)
    }

    /// Whether somebody who searches for this means the clause, by anything that is written in it, by pinyin, or by one of
    /// `others`.
    #[must_use]
    pub fn is_found(&self, asked: &Asked, others: &[&str]) -> bool {
        let own = [&*self.text, &self.code, &self.dimension, &self.method, &self.not_counted];
        let phrases: Vec<&str> = self.offered_phrases().map(|phrase| phrase.text.as_str()).collect();
        asked.finds(&[&own, others, &phrases].concat(), &[&self.pinyin])
    }

    /// The text with the spot type's parameter filled in.
    #[must_use]
    pub fn text_for(&self, n: Option<u32>) -> String {
        match n {
            Some(n) => self.text.replace("{n}", &n.to_string()),
            None => self.text.replace("不少于{n}处", "数量达标").replace("{n}", ""),
        }
    }
}
