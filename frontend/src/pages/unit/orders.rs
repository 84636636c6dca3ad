//! The unit's orders, the earliest due first, by how far they are.

use app::issue::IssueRow;
use app::order::{State, unit_state_after};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::catalogue::use_catalogue;
use crate::components::{EmptyState, Icon, List, Page};
use crate::device::ticking;
use crate::load::offline_banner;
use crate::outbox::{self, Item};
use crate::pages::issue::paged::Paged;
use crate::pages::issue::row::issue_row;
use crate::pages::outbox::pending::steps_on_the_way;
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
    let items = outbox::items();
    let open = Orders { paged: Paged::new(move || owned(api::issue::OPEN_ORDERS)), items };
    let done = Orders { paged: Paged::new(move || owned(api::issue::CLOSED_ORDERS)), items };
    let asked = use_query_map();
    // Without a choice in the address: the first part in which there is something to do.
    let part = Memo::new(move |_| {
        let code = asked.with(|asked| asked.get_str("show").unwrap_or_default().to_owned());
        let chosen = Part::ALL.into_iter().find(|part| part.code() == code);
        chosen.unwrap_or_else(|| {
            let busy =
                [Part::ToAccept, Part::InHand, Part::Waiting].into_iter().find(|part| open.count(*part) > 0);
            busy.unwrap_or(Part::ToAccept)
        })
    });
    let links = Part::ALL.map(|it| {
        let current = move || (part.get() == it).then_some("true");
        let number = move || {
            let n = if it == Part::Done { 0 } else { open.count(it) };
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
        listed(part, if part == Part::Done { done } else { open })
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

/// The unit's orders, as they are once what is on this phone has arrived.
#[derive(Clone, Copy)]
struct Orders {
    paged: Paged,
    items: RwSignal<Option<Vec<Item>>>,
}

impl Orders {
    /// How far an order is; follows changes.
    fn state(self, row: &IssueRow) -> State {
        let as_of = self.paged.as_of();
        self.items.with(|items| {
            // The newest is the first of the list, and the last to be sent.
            let of_it = items.iter().flatten().rev().filter(|item| item.lane == row.id);
            let steps = steps_on_the_way(of_it, as_of).unwrap_or_default();
            unit_state_after(row.state, &steps)
        })
    }

    /// Whether something of it is on this phone only; follows changes.
    fn is_unsent(self, row: &IssueRow) -> bool {
        self.items.with(|items| items.iter().flatten().any(|item| item.lane == row.id && item.is_unsent()))
    }

    fn count(self, part: Part) -> usize {
        self.paged.rows().with(|rows| rows.iter().filter(|row| part.holds(self.state(row))).count())
    }
}

fn listed(part: Part, orders: Orders) -> AnyView {
    let words = use_words();
    let nothing = move || {
        let (title, help) = part.nothing(words);
        view! { <EmptyState icon=Icon::ClipboardCheck title=title help=help /> }.into_any()
    };
    use_catalogue().view(move |county| {
        orders.paged.view(nothing, move |rows| {
            let now = ticking();
            let rows = rows
                .iter()
                .map(|row| (row, orders.state(row)))
                .filter(|(_, state)| part.holds(*state))
                .map(|(row, state)| {
                    // What the server does not know yet is said to be here only.
                    let aside = orders.is_unsent(row).then(|| words.outbox.saved_short.to_owned());
                    let row = IssueRow { state, ..row.clone() };
                    issue_row(&row, &county, now, format!("/orders/{}", row.id), aside)
                })
                .collect::<Vec<_>>();
            if rows.is_empty() {
                nothing()
            } else {
                view! { <List label=part.name(words)>{rows}</List> }.into_any()
            }
        })
    })
}
