//! Positions that cannot be meant: nowhere, exchanged, in another country, or far from the county's other spots.

use super::distance_m;

/// Farther than this from the middle of the county's spots, metres, is worth a second look.
pub const FAR_FROM_COUNTY_M: f64 = 100_000.0;

/// What is wrong with a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misplaced {
    /// 0, 0: what a program writes where it knows nothing.
    Nowhere,
    /// Longitude and latitude stand in each other's place.
    Exchanged,
    /// Not in China.
    Abroad,
}

/// What is wrong with a position by itself, if anything.
#[must_use]
pub fn misplaced(lng: f64, lat: f64) -> Option<Misplaced> {
    let is_in_china = |lng: f64, lat: f64| (73.0..=136.0).contains(&lng) && (3.0..=54.0).contains(&lat);
    if is_in_china(lng, lat) {
        None
    } else if is_in_china(lat, lng) {
        Some(Misplaced::Exchanged)
    } else if lng == 0.0 && lat == 0.0 {
        Some(Misplaced::Nowhere)
    } else {
        Some(Misplaced::Abroad)
    }
}

/// The middle of a county's spots: the median of each coordinate, which a few wrong ones do not move. None without spots.
#[must_use]
pub fn middle(positions: &[(f64, f64)]) -> Option<(f64, f64)> {
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = positions.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some((median(|it| it.0)?, median(|it| it.1)?))
}

/// Metres from the middle of the county to a position that is far from it.
#[must_use]
pub fn far_from(middle: (f64, f64), position: (f64, f64)) -> Option<f64> {
    Some(distance_m(middle, position)).filter(|metres| *metres > FAR_FROM_COUNTY_M)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_that_cannot_be_meant_are_told_apart() {
        assert_eq!(misplaced(113.73, 33.56), None);
        assert_eq!(misplaced(33.56, 113.73), Some(Misplaced::Exchanged));
        assert_eq!(misplaced(0.0, 0.0), Some(Misplaced::Nowhere));
        assert_eq!(misplaced(3.0, 33.0), Some(Misplaced::Abroad));
        assert_eq!(misplaced(f64::NAN, 33.0), Some(Misplaced::Abroad));
    }

    #[test]
    fn one_far_spot_does_not_move_the_middle() {
        let county = [(113.7, 33.5), (113.8, 33.6), (113.6, 33.4), (87.6, 43.8)];
        let middle = middle(&county).expect("there are spots");
        assert!(far_from(middle, county[3]).is_some_and(|metres| metres > 2_000_000.0));
        assert!(county[..3].iter().all(|spot| far_from(middle, *spot).is_none()));
        assert_eq!(super::middle(&[]), None);
    }
}
