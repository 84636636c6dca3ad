//! Random walks through the loop: who tries what, after how long, with which clock in hand.

use super::{Case, County, UNITS, everybody, inspector, report, step};
use app::clause::Severity;
use app::device_time::Skew;
use app::issue::{Decided, Report, allowed_steps};
use app::order::StepKind;
use app::role::Actor;
use app::spot::{Location, LocationSource};
use app::time::{DAY, HOUR, Timestamp};
use proptest::prelude::*;

/// One random move: somebody does something after a while.
#[derive(Debug, Clone)]
pub(crate) struct Stride {
    who: usize,
    what: usize,
    unit: usize,
    wait_ms: i64,
    skew: Option<Skew>,
    note: String,
}

/// A walk: how the problem begins, and what everybody tries.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    begins: usize,
    severity: Severity,
    skew: Option<Skew>,
    location: Option<(f64, f64, f64)>,
    strides: Vec<Stride>,
}

/// Walks of up to `most` strides; waits from none to twelve days, and now and then a server clock set back.
pub(crate) fn walks(most: usize) -> impl Strategy<Value = Walk> {
    let wait = prop_oneof![
        4 => 0_i64..(6 * HOUR),
        3 => 0_i64..(3 * DAY),
        1 => 0_i64..(12 * DAY),
        1 => (-DAY)..0_i64,
    ];
    let note = "[理由 \"\\\\<>&'\n🙂a-c]{0,12}";
    let stride = (0_usize..64, 0_usize..240, 0_usize..3, wait, skews(), note)
        .prop_map(|(who, what, unit, wait_ms, skew, note)| Stride { who, what, unit, wait_ms, skew, note });
    let severity = prop::sample::select(Severity::ALL.to_vec());
    let location = prop::option::of((-180.0..180.0_f64, -90.0..90.0_f64, 0.0..5_000.0_f64));
    (0_usize..6, severity, skews(), location, prop::collection::vec(stride, 0..=most)).prop_map(
        |(begins, severity, skew, location, strides)| Walk { begins, severity, skew, location, strides },
    )
}

/// What a sender's clock is ahead by: often not told, often right to the second, sometimes hours and years away.
fn skews() -> impl Strategy<Value = Option<Skew>> {
    let apart = prop_oneof![-1_000_i64..1_000, -DAY..DAY, -3_000 * DAY..3_000 * DAY];
    let epoch = Timestamp::from_millis(0);
    prop::option::of(apart.prop_map(move |apart| Skew::between(epoch.plus(apart), epoch)))
}

impl Walk {
    /// Walks through the county from its present moment: every decision in order, and the case at the end.
    pub(crate) fn through(&self, county: &mut County) -> (Vec<Decided>, Case) {
        let location = self.location.map(|(lng, lat, accuracy_m)| Location {
            lng,
            lat,
            accuracy_m,
            source: LocationSource::Device,
        });
        let report = Report { severity: self.severity, location, ..report(county.now) };
        county.skew = self.skew;
        let first = county
            .decide_report(&inspector(1), report, UNITS.get(self.begins).copied())
            .expect("the report is right");
        let mut case = Case { issue: first.after().clone(), chain: first.events().to_vec() };
        let mut decisions = vec![first];
        for stride in &self.strides {
            county.now = county.now.plus(stride.wait_ms);
            county.skew = stride.skew;
            decisions.extend(stride.take(county, &mut case));
        }
        (decisions, case)
    }
}

impl Stride {
    /// Somebody takes a step that is allowed, the way forward more often than back or out; where nothing is, somebody
    /// tries in vain.
    fn take(&self, county: &mut County, case: &mut Case) -> Option<Decided> {
        let everybody = everybody();
        let able = |kind: StepKind| -> Vec<&Actor> {
            everybody
                .iter()
                .filter(|by| allowed_steps(&case.issue, by, &county.policy).contains(&kind))
                .collect()
        };
        let mut kinds: Vec<StepKind> =
            StepKind::ALL.iter().copied().filter(|kind| !able(*kind).is_empty()).collect();
        for (kind, one_in) in [(StepKind::Void, 24), (StepKind::Return, 5)] {
            if kinds.len() > 1 && !self.what.is_multiple_of(one_in) {
                kinds.retain(|it| *it != kind);
            }
        }
        let is_in_vain = kinds.is_empty();
        let kind = *kinds.get(self.what / 5 % kinds.len().max(1)).unwrap_or(&StepKind::ALL[self.what % 9]);
        let people = if is_in_vain { everybody.iter().collect() } else { able(kind) };
        let by = people[self.who % people.len()];
        let mut request = step(kind);
        request.note.push_str(&self.note);
        request.unit_id = kind.names_unit().then_some(UNITS[self.unit]);
        request.device_at = self.what.is_multiple_of(2).then_some(county.now);
        match county.try_take(case, by, request) {
            Ok(decided) => Some(decided),
            Err(refusal) => {
                assert!(is_in_vain, "{kind:?} was said to be allowed: {refusal:?}");
                None
            }
        }
    }
}
