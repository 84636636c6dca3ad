//! Ids: UUIDs made by whoever creates the thing, one type per thing so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// A responsible unit (责任单位).
    UnitId,
    /// An area: the county or one of its townships and streets.
    AreaId,
    /// A spot (点位).
    SpotId,
    /// A problem at one place (问题).
    IssueId,
    /// The duty of one unit to put one issue right (交办单).
    OrderId,
    /// One event in an issue's chain; for a step, the id the client gave it.
    EventId,
    /// A photo, made by whoever took it.
    PhotoId,
    /// A person with an account.
    UserId,
    /// A routing rule.
    RuleId,
}
