//! Steps of one issue that are still on this phone, and what may be done once they have arrived.

use app::id::IssueId;
use app::order::{State, StepKind, unit_steps_after};
use leptos::prelude::*;

use super::state;
use crate::components::{Card, List, Row};
use crate::outbox::{self, Item, Stage};
use crate::words::use_words;

/// The unsent items of one issue, the first to be sent first.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Pending(Memo<Vec<Item>>);

impl Pending {
    /// Follows the items of this issue; `arrived` is told when one of them has reached the server.
    pub(in crate::pages) fn of(issue: IssueId, arrived: Callback<()>) -> Self {
        let items = outbox::items();
        let pending = Memo::new(move |_| {
            items.with(|items| {
                let mine = items.iter().flatten().filter(|item| item.lane == issue);
                let mut mine = mine.filter(|item| item.is_unsent()).cloned().collect::<Vec<_>>();
                mine.reverse();
                mine
            })
        });
        let received = Memo::new(move |_| {
            items.with(|items| {
                let mine = items.iter().flatten().filter(|item| item.lane == issue);
                mine.filter(|item| item.stage == Stage::Received).count()
            })
        });
        Effect::new(move |before: Option<usize>| {
            let now = received.get();
            if before.is_some_and(|before| now > before) {
                arrived.run(());
            }
            now
        });
        Self(pending)
    }

    /// What the person may do once everything here has arrived; follows changes.
    pub(in crate::pages) fn allowed(self, state: State, allowed: &[StepKind]) -> Vec<StepKind> {
        let steps = self.0.with(|items| items.iter().filter_map(|item| item.step).collect::<Vec<_>>());
        if steps.is_empty() { allowed.to_vec() } else { unit_steps_after(state, &steps) }
    }

    /// Whether there are any; follows changes.
    pub(in crate::pages) fn is_any(self) -> bool {
        self.0.with(|items| !items.is_empty())
    }

    /// The steps as a list; nothing where there are none.
    pub(in crate::pages) fn view(self) -> AnyView {
        let words = use_words();
        (move || {
            let rows = self.0.with(|items| items.iter().map(row).collect::<Vec<_>>());
            (!rows.is_empty()).then(|| {
                view! {
                    <Card title=words.outbox.pending>
                        <List label=words.outbox.pending>{rows}</List>
                        <p class="muted small">{words.outbox.pending_help}</p>
                    </Card>
                }
            })
        })
        .into_any()
    }
}

fn row(item: &Item) -> AnyView {
    let words = use_words();
    let why = state::why(words, item).map(|why| view! { <span class="small muted">{why}</span> });
    let (href, badge, name) = (format!("/outbox/{}", item.id), state::badge(item), state::name(words, item));
    view! {
        <Row href=href title=name>
            {badge}
            {why}
        </Row>
    }
    .into_any()
}
