//! Who may do what: the four roles, and the person behind a request.

use crate::id::{UnitId, UserId};
use serde::{Deserialize, Serialize};

/// What a person is to the campaign. One role each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Photographs problems and re-checks (巡查员).
    Inspector,
    /// A liaison of one or more responsible units (联络员).
    Unit,
    /// The campaign office: assigns, rules, reads the rates (创建办).
    Manager,
    /// Keeps accounts and the catalogue; may do all a manager may.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Inspector, Self::Unit, Self::Manager, Self::Admin];

    /// The word used in JSON, CSV and the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inspector => "inspector",
            Self::Unit => "unit",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// The role with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether this is the office: it sees every issue and who inspected.
    #[must_use]
    pub const fn is_office(self) -> bool {
        matches!(self, Self::Manager | Self::Admin)
    }

    /// Whether this role reports problems on site.
    #[must_use]
    pub const fn may_report(self) -> bool {
        matches!(self, Self::Inspector | Self::Manager | Self::Admin)
    }
}

/// The person who acts, as the rules see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub user_id: UserId,
    /// What the person is to the campaign.
    pub role: Role,
    /// The units the person speaks for; empty unless the role is [`Role::Unit`].
    pub units: Vec<UnitId>,
}

impl Actor {
    /// Whether the person speaks for this unit.
    #[must_use]
    pub fn speaks_for(&self, unit: UnitId) -> bool {
        self.role == Role::Unit && self.units.contains(&unit)
    }
}
