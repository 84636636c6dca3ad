//! Responsible units (责任单位) and the areas they belong to.

use crate::id::{AreaId, UnitId};
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
    /// The ranking group (分组): only units of one group are compared.
    pub group: String,
    /// The unit above it.
    pub parent_id: Option<UnitId>,
    /// Whether it takes orders; a closed unit is passed over by routing.
    pub active: bool,
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
