//! Steps of one issue that are still on this phone, and what may be done once they have arrived.

use app::id::IssueId;
use app::order::{State, StepKind, unit_steps_after};
use app::time::Timestamp;
use leptos::prelude::*;

use super::state;
use crate::components::{Card, List, Row};
use crate::device;
use crate::outbox::{self, Item, Stage};
use crate::words::use_words;

/// The items of one issue, the first to be sent first.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Pending(Memo<Vec<Item>>);

/// The steps among these items of one order, the first first, that the server's word of `as_of` does not know of: unsent
/// ones, and those that have arrived since. None if one of them was refused: what follows it waits until the person has
/// seen to it.
pub(in crate::pages) fn steps_on_the_way<'a>(
    items: impl IntoIterator<Item = &'a Item>,
    as_of: Timestamp,
) -> Option<Vec<StepKind>> {
    let news = items.into_iter().filter(|item| is_news(item, as_of));
    let steps = news.map(|item| (item.stage != Stage::NeedsYou).then_some(item.step));
    Some(steps.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
}

fn is_news(item: &Item, as_of: Timestamp) -> bool {
    // A clock that was put back leaves stamps of days to come behind, which say nothing.
    let now = device::now().millis();
    item.is_unsent() || item.received_at.is_some_and(|at| at > as_of.millis() && at <= now)
}

impl Pending {
    /// Follows the items of this issue; `arrived` is told when one of them has reached the server.
    pub(in crate::pages) fn of(issue: IssueId, arrived: Callback<()>) -> Self {
        let items = outbox::items();
        let pending = Memo::new(move |_| {
            items.with(|items| {
                items.iter().flatten().rev().filter(|item| item.lane == issue).cloned().collect::<Vec<_>>()
            })
        });
        let received =
            Memo::new(move |_| pending.with(|items| items.iter().filter(|item| !item.is_unsent()).count()));
        Effect::new(move |before: Option<usize>| {
            let now = received.get();
            if before.is_some_and(|before| now > before) {
                arrived.run(());
            }
            now
        });
        Self(pending)
    }

    /// What the person may do once everything here has arrived, where the server's last word on the order is of `as_of`;
    /// nothing while a refused step is to be seen to first. Follows changes.
    pub(in crate::pages) fn allowed(
        self,
        state: State,
        allowed: &[StepKind],
        as_of: Timestamp,
    ) -> Vec<StepKind> {
        match self.0.with(|items| steps_on_the_way(items, as_of)) {
            None => Vec::new(),
            Some(steps) if steps.is_empty() => allowed.to_vec(),
            Some(steps) => unit_steps_after(state, allowed, &steps),
        }
    }

    /// Whether there are any that what is shown, of `as_of`, does not know of; follows changes.
    pub(in crate::pages) fn is_any(self, as_of: Timestamp) -> bool {
        self.0.with(|items| items.iter().any(|item| is_news(item, as_of)))
    }

    /// The steps as a list; nothing where there are none.
    pub(in crate::pages) fn view(self) -> AnyView {
        let words = use_words();
        (move || {
            let (rows, is_blocked) = self.0.with(|items| {
                let unsent = || items.iter().filter(|item| item.is_unsent());
                let is_blocked = unsent().any(|item| item.stage == Stage::NeedsYou);
                (unsent().map(row).collect::<Vec<_>>(), is_blocked)
            });
            let help = if is_blocked { words.outbox.pending_blocked } else { words.outbox.pending_help };
            (!rows.is_empty()).then(|| {
                view! {
                    <Card title=words.outbox.pending>
                        <List label=words.outbox.pending>{rows}</List>
                        <p class="muted small">{help}</p>
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
