//! The unit's orders, the earliest due first, by how far they are.

use app::order::State;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::catalogue::use_catalogue;
use crate::components::{EmptyState, Icon, List, Page};
use crate::device::ticking;
use crate::load::offline_banner;
use crate::pages::issue::paged::Paged;
use crate::pages::issue::row::issue_row;
use crate::words::{Words, use_words};

/// How far an order is, for the unit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    ToAccept,
    InHand,
    Waiting,
    Done,
}

impl Part {
    const ALL: [Self; 4] = [Self::ToAccept, Self::InHand, Self::Waiting, Self::Done];

    /// The word in the address.
    const fn code(self) -> &'static str {
        match self {
            Self::ToAccept => "to_accept",
            Self::InHand => "in_hand",
            Self::Waiting => "waiting",
            Self::Done => "done",
        }
    }

    const fn name(self, words: &Words) -> &'static str {
        match self {
            Self::ToAccept => words.unit.to_accept,
            Self::InHand => words.unit.in_hand,
            Self::Waiting => words.unit.waiting,
            Self::Done => words.unit.done,
        }
    }

    /// What is said where there are none: that, and when there will be.
    const fn nothing(self, words: &Words) -> (&'static str, &'static str) {
        match self {
            Self::ToAccept => (words.unit.to_accept_none, words.unit.to_accept_none_help),
            Self::InHand => (words.unit.in_hand_none, words.unit.in_hand_none_help),
            Self::Waiting => (words.unit.waiting_none, words.unit.waiting_none_help),
            Self::Done => (words.unit.done_none, words.unit.done_none_help),
        }
    }

    const fn holds(self, state: State) -> bool {
        match self {
            Self::ToAccept => matches!(state, State::Dispatched),
            Self::InHand => matches!(state, State::Accepted | State::Rework | State::Replied),
            Self::Waiting => matches!(state, State::Confirmed | State::Returned),
            Self::Done => matches!(state, State::Closed),
        }
    }
}

pub(super) fn page() -> AnyView {
    let words = use_words();
    let owned = |query: &[(&'static str, &str)]| {
        query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect::<Vec<_>>()
    };
    let open = Paged::new(move || owned(api::issue::OPEN_ORDERS));
    let done = Paged::new(move || owned(api::issue::CLOSED_ORDERS));
    let asked = use_query_map();
    // Without a choice in the address: the first part in which there is something to do.
    let part = Memo::new(move |_| {
        let code = asked.with(|asked| asked.get_str("show").unwrap_or_default().to_owned());
        let chosen = Part::ALL.into_iter().find(|part| part.code() == code);
        chosen.unwrap_or_else(|| {
            let busy =
                [Part::ToAccept, Part::InHand, Part::Waiting].into_iter().find(|part| count(open, *part) > 0);
            busy.unwrap_or(Part::ToAccept)
        })
    });
    let links = Part::ALL.map(|it| {
        let current = move || (part.get() == it).then_some("true");
        let number = move || {
            let n = if it == Part::Done { 0 } else { count(open, it) };
            (n > 0).then(|| view! { <span class="num">{n}</span> })
        };
        view! {
            <li>
                <a class="chip" href=format!("/orders?show={}", it.code()) aria-current=current>
                    {it.name(words)}
                    {number}
                </a>
            </li>
        }
    });
    let list = move || {
        let part = part.get();
        let paged = if part == Part::Done { done } else { open };
        listed(part, paged)
    };
    view! {
        <Page title=words.unit.tab_orders>
            {offline_banner(words.errors.offline)}
            <nav aria-label=words.unit.show>
                <ul class="chips chips-even">{links.into_iter().collect::<Vec<_>>()}</ul>
            </nav>
            {list}
        </Page>
    }
    .into_any()
}

fn count(paged: Paged, part: Part) -> usize {
    paged.rows().with(|rows| rows.iter().filter(|row| part.holds(row.state)).count())
}

fn listed(part: Part, paged: Paged) -> AnyView {
    let words = use_words();
    let nothing = move || {
        let (title, help) = part.nothing(words);
        view! { <EmptyState icon=Icon::ClipboardCheck title=title help=help /> }.into_any()
    };
    use_catalogue().view(move |county| {
        paged.view(nothing, move |rows| {
            let now = ticking();
            let rows = rows
                .iter()
                .filter(|row| part.holds(row.state))
                .map(|row| issue_row(row, &county, now, format!("/orders/{}", row.id), None))
                .collect::<Vec<_>>();
            if rows.is_empty() {
                nothing()
            } else {
                view! { <List label=part.name(words)>{rows}</List> }.into_any()
            }
        })
    })
}
