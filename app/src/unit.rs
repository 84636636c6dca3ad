//! Responsible units (责任单位) and the areas they belong to.

use crate::id::{AreaId, UnitId};
use crate::search::Asked;
use serde::{Deserialize, Serialize};

/// A bureau, a township or street, an enterprise: whoever answers for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// A short stable code, unique in the county.
    pub code: String,
    /// The full name.
    pub name: String,
    /// What people call it; the name when it has no shorter one.
    pub short_name: String,
    /// What people call it besides, such as 城管: it is found by these, and shown by none of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// How the names are read, in the form of a spot's `pinyin`, with ` / ` between names. The server fills it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pinyin: String,
    /// The ranking group (分组): only units of one group are compared.
    pub group: String,
    /// The unit above it.
    pub parent_id: Option<UnitId>,
    /// Whether it takes orders; a closed unit is passed over by routing.
    pub active: bool,
}

impl Unit {
    /// Whether somebody who searches for this means the unit, by one of its names, by pinyin, code or group.
    #[must_use]
    pub fn is_found(&self, asked: &Asked) -> bool {
        let mut texts = vec![&*self.name, &self.short_name, &self.code, &self.group];
        texts.extend(self.aliases.iter().map(String::as_str));
        asked.finds(&texts, &[&self.pinyin])
    }
}

/// The county, or one of its townships and streets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Area {
    /// Its id.
    pub id: AreaId,
    /// A short stable code, unique in the county.
    pub code: String,
    /// The name.
    pub name: String,
    /// The area around it.
    pub parent_id: Option<AreaId>,
    /// The territorial unit (属地).
    pub unit_id: Option<UnitId>,
}
