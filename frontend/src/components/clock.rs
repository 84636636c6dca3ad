//! How much time is left, in words, with the colour of its urgency.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Icon, icon};
use crate::fmt;
use crate::words::use_words;

/// How urgent a clock is. The rule for "soon" is the order's, not the clock's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// Enough time.
    Calm,
    /// Little of the limit is left.
    Soon,
    /// None is left.
    Overdue,
    /// It stands: the unit has answered, or the matter rests with the office.
    Stopped,
    /// It ended in time.
    Met,
    /// It stands, and did not stop in time.
    StoppedLate,
    /// It ended late.
    Missed,
}

impl Pace {
    const fn tone(self) -> Tone {
        match self {
            Self::Calm | Self::Stopped => Tone::Waiting,
            Self::Soon => Tone::Soon,
            Self::Overdue | Self::StoppedLate | Self::Missed => Tone::Overdue,
            Self::Met => Tone::Done,
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Calm | Self::Soon => Icon::Clock,
            Self::Overdue | Self::StoppedLate | Self::Missed => Icon::Alarm,
            Self::Stopped => Icon::Hourglass,
            Self::Met => Icon::CircleCheck,
        }
    }
}

/// The time left on an order: "还剩 3 小时 20 分（工作时间）".
#[component]
pub fn Clock(
    /// Milliseconds left in the order's own time; negative when overdue, and when it was late by a known time.
    #[prop(into)]
    left: Signal<i64>,
    /// Whether that time runs only inside working hours; the words then say so.
    #[prop(optional)]
    working: bool,
    /// How urgent it is.
    #[prop(into)]
    pace: Signal<Pace>,
    /// When it is due, ready to read; shown behind the time left.
    #[prop(optional, into)]
    due: Option<String>,
) -> impl IntoView {
    let words = use_words();
    let late = move |unknown: &str, by: fn(&str) -> String| match left.get() {
        0 => unknown.to_owned(),
        left => by(&fmt::late(words, left, working)),
    };
    let text = move || match pace.get() {
        Pace::Calm | Pace::Soon | Pace::Overdue => fmt::left(words, left.get(), working),
        Pace::Stopped => words.time.stopped.to_owned(),
        Pace::Met => words.time.closed_in_time.to_owned(),
        Pace::StoppedLate => late(words.time.confirmed_late, words.time.confirmed_late_by),
        Pace::Missed => late(words.time.closed_late, words.time.closed_late_by),
    };
    view! {
        <span class=move || format!("clock {}", pace.get().tone().class())>
            {move || icon(pace.get().icon())}
            <span class="clock-text">
                <span class="clock-left">{text}</span>
                {due.map(|due| view! { <span class="clock-due">{due}</span> })}
            </span>
        </span>
    }
}
