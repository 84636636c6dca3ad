//! Spots (点位), their types, and positions on the globe.

mod misplaced;
mod opening;

pub use misplaced::{FAR_FROM_COUNTY_M, Misplaced, far_from, middle, misplaced};
pub use opening::{OpeningError, opening_hours};

use crate::clause::SpotRole;
use crate::id::{AreaId, SpotId, UnitId};
use crate::search::Asked;
use serde::{Deserialize, Serialize};

/// A kind of place, with the clauses that are checked there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpotType {
    /// A stable code, such as `NMSC`.
    pub code: String,
    /// The name, such as 农(集)贸市场.
    pub name: String,
    /// Who leads, in the catalogue's words.
    pub lead_text: String,
    /// Who helps, in the catalogue's words.
    pub coop_text: String,
    /// How well founded the list is: A on-site standard seen, B listed type, C common knowledge.
    pub evidence: String,
    /// The way an inspector walks it; the route belongs to the standard.
    pub route: String,
    /// The clauses checked here, in order.
    pub clauses: Vec<TypeClause>,
}

/// A clause as one spot type uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypeClause {
    /// The clause.
    pub clause_code: String,
    /// What `{n}` stands for here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// A remark for this type.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spot {
    /// Its id.
    pub id: SpotId,
    /// A stable code, such as `NMSC-003`.
    pub code: String,
    /// The name.
    pub name: String,
    /// The pinyin initials of the name. Pages from before `pinyin` search in them.
    pub initials: String,
    /// How the name is read: syllables without tones, letters and digits as they are, single spaces between them.
    /// The server fills it when it loads the catalogue; bundles kept from before have none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pinyin: String,
    /// The code of its type.
    pub spot_type: String,
    /// The township or street it lies in.
    pub area_id: AreaId,
    /// Where it is, for people.
    pub address: String,
    /// Degrees east, WGS-84.
    pub lng: f64,
    /// Degrees north, WGS-84.
    pub lat: f64,
    /// 主管.
    pub lead_unit_id: Option<UnitId>,
    /// 属地.
    pub territory_unit_id: Option<UnitId>,
    /// 管理单位.
    pub operator_unit_id: Option<UnitId>,
    /// 点位长, as an office rather than a name.
    pub head: String,
    /// When it is open, in words; empty when it always is.
    pub hours: String,
    /// Closed spots stay for old issues and are offered no more.
    pub active: bool,
}

impl Spot {
    /// Whether somebody who searches for this means the spot, by name, pinyin, code, address, or by one of `others`: the
    /// names of its type and area, say.
    #[must_use]
    pub fn is_found(&self, asked: &Asked, others: &[&str]) -> bool {
        // A bundle from before has no more than the initials.
        let initials = if self.pinyin.is_empty() { self.initials.as_str() } else { "" };
        asked.finds(&[&[&*self.name, &self.code, &self.address, initials], others].concat(), &[&self.pinyin])
    }

    /// The unit that stands in this relation to the spot.
    #[must_use]
    pub const fn unit(&self, role: SpotRole) -> Option<UnitId> {
        match role {
            SpotRole::Lead => self.lead_unit_id,
            SpotRole::Territory => self.territory_unit_id,
            SpotRole::Operator => self.operator_unit_id,
        }
    }
}

/// How a position was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LocationSource {
    /// The device's own positioning, at the shutter or at submission.
    Device,
    /// The metadata of a photo.
    Photo,
    /// Set by hand.
    Manual,
}

/// A position somebody stood at, WGS-84. Taken once, never as a track.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees east, −180 to 180.
    pub lng: f64,
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// The radius the device vouches for, metres, 0 to 1 000 000.
    pub accuracy_m: f64,
    /// How it was found.
    pub source: LocationSource,
}

impl Location {
    /// The first field that lies outside the globe, if any.
    #[must_use]
    pub fn out_of_range(&self) -> Option<&'static str> {
        // NaN is in no range, so it is caught by the negation.
        let inside = |value: f64, low: f64, high: f64| value >= low && value <= high;
        if !inside(self.lng, -180.0, 180.0) {
            Some("lng")
        } else if !inside(self.lat, -90.0, 90.0) {
            Some("lat")
        } else if !inside(self.accuracy_m, 0.0, 1_000_000.0) {
            Some("accuracy_m")
        } else {
            None
        }
    }

    /// The position as it is kept: rounded to 10⁻⁷ degrees and a centimetre, finer than any device knows. Numbers of so few
    /// digits read back from JSON exactly, so that a chain tells the same wherever it is read.
    #[must_use]
    pub fn to_kept(self) -> Self {
        let rounded = |value: f64, steps: f64| (value * steps).round() / steps;
        Self {
            lng: rounded(self.lng, 1e7),
            lat: rounded(self.lat, 1e7),
            accuracy_m: rounded(self.accuracy_m, 1e2),
            source: self.source,
        }
    }

    /// Metres to a spot.
    #[must_use]
    pub fn distance_to(&self, spot: &Spot) -> f64 {
        distance_m((self.lng, self.lat), (spot.lng, spot.lat))
    }
}

/// A position less exact than this, metres, names no spot.
pub const SUGGEST_ACCURACY_M: f64 = 100.0;
/// A spot farther away than this, metres, is not named by a position.
pub const SUGGEST_WITHIN_M: f64 = 100.0;

/// The spot in use that a position names beyond doubt: near, and nearer than any other by more than the position is sure of.
/// Everything else is for the person to choose.
#[must_use]
pub fn suggested(spots: &[Spot], at: Location) -> Option<&Spot> {
    if at.accuracy_m > SUGGEST_ACCURACY_M {
        return None;
    }
    let in_use = || spots.iter().filter(|spot| spot.active);
    let nearest = in_use().min_by(|a, b| at.distance_to(a).total_cmp(&at.distance_to(b)))?;
    let distance = at.distance_to(nearest);
    let others = in_use().filter(|spot| spot.id != nearest.id);
    let is_alone = others.into_iter().all(|spot| at.distance_to(spot) - distance > at.accuracy_m);
    (distance <= SUGGEST_WITHIN_M && is_alone).then_some(nearest)
}

/// Metres between two positions `(lng, lat)` along a great circle of a sphere with the earth's mean radius
/// (error below 0.6 %, far below what a phone's position is worth).
#[must_use]
pub fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    const RADIUS_M: f64 = 6_371_008.8;
    let (lat_a, lat_b) = (a.1.to_radians(), b.1.to_radians());
    let half = |x: f64| (x / 2.0).sin().powi(2);
    let h = half(lat_b - lat_a) + lat_a.cos() * lat_b.cos() * half((b.0 - a.0).to_radians());
    2.0 * RADIUS_M * h.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let d = distance_m((113.0, 33.0), (113.0, 34.0));
        assert!((111_000.0..111_400.0).contains(&d), "{d}");
        assert!(distance_m((0.0, 0.0), (180.0, 0.0)) > 20_000_000.0);
    }

    fn spot(number: u128, metres_north: f64) -> Spot {
        Spot {
            id: SpotId(uuid::Uuid::from_u128(number)),
            code: format!("S-{number}"),
            name: String::new(),
            initials: String::new(),
            pinyin: String::new(),
            spot_type: String::new(),
            area_id: AreaId(uuid::Uuid::nil()),
            address: String::new(),
            lng: 113.0,
            lat: 33.0 + metres_north / 111_195.0,
            lead_unit_id: None,
            territory_unit_id: None,
            operator_unit_id: None,
            head: String::new(),
            hours: String::new(),
            active: true,
        }
    }

    #[test]
    fn a_position_names_a_spot_only_beyond_doubt() {
        let named = |spots: &[Spot], accuracy_m| {
            let at = Location { lng: 113.0, lat: 33.0, accuracy_m, source: LocationSource::Device };
            suggested(spots, at).map(|spot| spot.code.clone())
        };
        let here = Some("S-1".to_owned());
        assert_eq!(named(&[spot(1, 20.0)], 10.0), here);
        assert_eq!(named(&[spot(1, 125.0)], 10.0), None, "too far to be named");
        assert_eq!(named(&[spot(1, 20.0)], 101.0), None, "not exact enough to name anything");
        assert_eq!(named(&[spot(1, 20.0)], 50_000.0), None);
        let neighbours = [spot(1, 20.0), spot(2, 60.0)];
        assert_eq!(named(&neighbours, 30.0), here);
        assert_eq!(named(&neighbours, 45.0), None, "it may as well be the other");
        let closed = [spot(1, 20.0), Spot { active: false, ..spot(2, 25.0) }];
        assert_eq!(named(&closed, 30.0), here, "what is closed is in nobody's way");
        assert_eq!(named(&[], 5.0), None);
    }

    #[test]
    fn what_is_not_on_the_globe_is_named() {
        let at = |lng, lat| Location { lng, lat, accuracy_m: 5.0, source: LocationSource::Device };
        assert_eq!(at(181.0, 0.0).out_of_range(), Some("lng"));
        assert_eq!(at(0.0, f64::NAN).out_of_range(), Some("lat"));
        assert_eq!(at(-180.0, 90.0).out_of_range(), None);
    }
}
