//! The unit's orders, the earliest due first, by how far they are.

use std::collections::HashMap;

use app::id::IssueId;
use app::issue::IssueRow;
use app::order::{State, unit_state_after};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::catalogue::use_catalogue;
use crate::components::{EmptyState, Icon, List, Page};
use crate::device::ticking;
use crate::load::offline_banner;
use crate::outbox::{self, Draft, Form, Item};
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
    Ruling,
    Done,
}

impl Part {
    const ALL: [Self; 5] = [Self::ToAccept, Self::InHand, Self::Waiting, Self::Ruling, Self::Done];

    /// The word in the address.
    const fn code(self) -> &'static str {
        match self {
            Self::ToAccept => "to_accept",
            Self::InHand => "in_hand",
            Self::Waiting => "waiting",
            Self::Ruling => "ruling",
            Self::Done => "done",
        }
    }

    fn name(self, words: &Words) -> &'static str {
        match self {
            Self::ToAccept => words.unit.to_accept,
            Self::InHand => words.unit.in_hand,
            Self::Waiting => words.unit.waiting,
            Self::Ruling => words.unit.ruling,
            Self::Done => words.unit.done,
        }
    }

    /// What is said where there are none: that, and when there will be.
    fn nothing(self, words: &Words) -> (&'static str, &'static str) {
        match self {
            Self::ToAccept => (words.unit.to_accept_none, words.unit.to_accept_none_help),
            Self::InHand => (words.unit.in_hand_none, words.unit.in_hand_none_help),
            Self::Waiting => (words.unit.waiting_none, words.unit.waiting_none_help),
            Self::Ruling => (words.unit.ruling_none, words.unit.ruling_none_help),
            Self::Done => (words.unit.done_none, words.unit.done_none_help),
        }
    }

    const fn states(self) -> &'static [State] {
        match self {
            Self::ToAccept => &[State::Dispatched],
            Self::InHand => &[State::Accepted, State::Rework, State::Replied],
            Self::Waiting => &[State::Confirmed],
            Self::Ruling => &[State::Returned],
            Self::Done => &[State::Closed],
        }
    }

    fn holds(self, state: State) -> bool {
        self.states().contains(&state)
    }
}

pub(super) fn page() -> AnyView {
    let words = use_words();
    let (items, drafts) = (outbox::items(), outbox::drafts());
    let open = Orders::new(api::issue::OPEN_ORDERS, items, drafts);
    let done = Orders::new(api::issue::CLOSED_ORDERS, items, drafts);
    let asked = use_query_map();
    // Without a choice in the address: the first part in which there is something to do.
    let part = Memo::new(move |_| {
        let code = asked.with(|asked| asked.get_str("show").unwrap_or_default().to_owned());
        let chosen = Part::ALL.into_iter().find(|part| part.code() == code);
        chosen.unwrap_or_else(|| {
            let busy = [Part::ToAccept, Part::InHand, Part::Waiting, Part::Ruling]
                .into_iter()
                .find(|part| open.count(*part) > Some(0));
            busy.unwrap_or(Part::ToAccept)
        })
    });
    let links = Part::ALL.map(|it| {
        let current = move || (part.get() == it).then_some("true");
        let number = move || {
            let n = open.count(it).filter(|n| *n > 0 && it != Part::Done)?;
            Some(view! { <span class="num">{n}</span> })
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
    // A tab that says a number shows some of them, however many pages on they are.
    Effect::new(move |_| {
        let part = part.get();
        if part != Part::Done && open.is_behind(part) {
            open.paged.more();
        }
    });
    let list = move || {
        let part = part.get();
        listed(part, if part == Part::Done { done } else { open })
    };
    view! {
        <Page title=words.shell.tab_orders>
            {offline_banner(words.errors.offline)}
            <nav aria-label=words.unit.show>
                <ul class="chips chips-even">{links.into_iter().collect::<Vec<_>>()}</ul>
            </nav>
            {list}
        </Page>
    }
    .into_any()
}

/// An order as it is once what is on this phone has arrived.
#[derive(Clone, PartialEq)]
struct Shown {
    row: IssueRow,
    /// The state that the server knows.
    was: State,
    /// Something of it is on this phone only.
    is_unsent: bool,
    /// An answer to it has been begun on this phone, and not given to send.
    is_begun: bool,
}

/// The unit's orders.
#[derive(Clone, Copy)]
struct Orders {
    paged: Paged,
    shown: Memo<Vec<Shown>>,
}

impl Orders {
    /// Those that an API query gives, with what `items` change about them.
    fn new(
        query: &'static [(&'static str, &'static str)],
        items: RwSignal<Option<Vec<Item>>>,
        drafts: RwSignal<Option<Vec<Draft>>>,
    ) -> Self {
        let paged =
            Paged::new(move || query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
                .in_parts();
        let shown = Memo::new(move |_| {
            let as_of = paged.as_of();
            let begun = drafts.with(|drafts| {
                let of = |draft: &Draft| match &draft.form {
                    Form::Reply(form) => Some(form.issue_id),
                    _ => None,
                };
                drafts.iter().flatten().filter_map(of).collect::<Vec<_>>()
            });
            items.with(|items| {
                let mut lanes: HashMap<IssueId, Vec<&Item>> = HashMap::new();
                // The newest is the first of the list, and the last to be sent.
                for item in items.iter().flatten().rev() {
                    lanes.entry(item.lane).or_default().push(item);
                }
                let shown = |row: &IssueRow| {
                    let of_it = lanes.get(&row.id).map(Vec::as_slice).unwrap_or_default();
                    let steps = steps_on_the_way(of_it.iter().copied(), as_of).unwrap_or_default();
                    let was = row.state;
                    let row = IssueRow { state: unit_state_after(row.state, &steps), ..row.clone() };
                    let is_unsent = of_it.iter().any(|item| item.is_unsent());
                    Shown { was, is_unsent, is_begun: begun.contains(&row.id), row }
                };
                paged.rows().with(|rows| rows.iter().map(shown).collect())
            })
        });
        Self { paged, shown }
    }

    /// How many the part holds: by the list itself where all of it is here, else by the server's count, moved by what is on
    /// this phone only. While nothing is known, nothing.
    fn count(self, part: Part) -> Option<u32> {
        if self.paged.is_whole() {
            let held = self.shown.with(|all| all.iter().filter(|it| part.holds(it.row.state)).count());
            return u32::try_from(held).ok();
        }
        let count = self.paged.count().get()?;
        let mut number = count.states.of_any(part.states());
        self.shown.with(|shown| {
            for it in shown.iter().filter(|it| it.row.state != it.was) {
                number += u32::from(part.holds(it.row.state));
                number = number.saturating_sub(u32::from(part.holds(it.was)));
            }
        });
        Some(number)
    }

    /// Whether none of what the part holds is among the pages that have come.
    fn is_behind(self, part: Part) -> bool {
        self.count(part) > Some(0)
            && self.shown.with(|shown| !shown.iter().any(|it| part.holds(it.row.state)))
    }
}

fn listed(part: Part, orders: Orders) -> AnyView {
    let words = use_words();
    let nothing = move || {
        let (title, help) = part.nothing(words);
        view! { <EmptyState icon=Icon::ClipboardCheck title=title help=help /> }.into_any()
    };
    use_catalogue().view(move |county| {
        orders.paged.view(nothing, move |_| {
            let now = ticking();
            let shown = orders.shown.get();
            let rows = shown
                .iter()
                .filter(|it| part.holds(it.row.state))
                .map(|Shown { row, is_unsent, is_begun, .. }| {
                    // What the server does not know yet is said to be here only.
                    let aside = if *is_unsent {
                        Some(words.outbox.saved_short.to_owned())
                    } else {
                        is_begun.then(|| words.unit.begun.to_owned())
                    };
                    issue_row(row, &county, now, format!("/orders/{}", row.id), aside)
                })
                .collect::<Vec<_>>();
            if rows.is_empty() && orders.count(part) == Some(0) {
                nothing()
            } else {
                view! { <List label=part.name(words)>{rows}</List> }.into_any()
            }
        })
    })
}
