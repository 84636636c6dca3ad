//! A list of issues that grows a page at a time.

use std::rc::Rc;
use std::sync::Arc;

use app::issue::IssueRow;
use app::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Failure, Got};
use crate::components::{LoadMore, Skeleton};
use crate::device;
use crate::load::{Refusal, Stage, age, failed};
use crate::session::{Session, use_session};

/// Makes the names and values of an API query.
type Query = dyn Fn() -> Vec<(&'static str, String)>;

/// The issues an API query gives, page after page.
#[derive(Clone, Copy)]
pub struct Paged {
    first: RwSignal<Stage<()>>,
    rows: RwSignal<Vec<IssueRow>>,
    cursor: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    more_failed: RwSignal<Option<Failure>>,
    kept_at: RwSignal<Option<Timestamp>>,
    as_of: RwSignal<Timestamp>,
    query: StoredValue<Rc<Query>, LocalStorage>,
    turn: RwSignal<u32>,
    session: Session,
}

impl Paged {
    /// Loads the first page of what `query` asks for, again whenever a signal read in it changes.
    pub fn new(query: impl Fn() -> Vec<(&'static str, String)> + 'static) -> Self {
        let query: Rc<Query> = Rc::new(query);
        let paged = Self {
            first: RwSignal::new(Stage::Loading),
            rows: RwSignal::new(Vec::new()),
            cursor: RwSignal::new(None),
            busy: RwSignal::new(false),
            more_failed: RwSignal::new(None),
            kept_at: RwSignal::new(None),
            as_of: RwSignal::new(device::now()),
            query: StoredValue::new_local(query),
            turn: RwSignal::new(0),
            session: use_session(),
        };
        Effect::new(move |_| {
            let asked = paged.query.get_value()();
            paged.first.set(Stage::Loading);
            paged.fetch(asked, None);
        });
        paged
    }

    /// Loads from the start.
    pub fn again(self) {
        self.first.set(Stage::Loading);
        self.fetch(untrack(|| self.query.get_value()()), None);
    }

    fn more(self) {
        if let (Some(cursor), false) = (self.cursor.get_untracked(), self.busy.get_untracked()) {
            self.fetch(untrack(|| self.query.get_value()()), Some(cursor));
        }
    }

    fn fetch(self, asked: Vec<(&'static str, String)>, cursor: Option<String>) {
        // Held since the page was built: whoever asks again, after a step was answered, has no context.
        let session = self.session;
        self.busy.set(true);
        self.more_failed.set(None);
        self.turn.update(|turn| *turn += 1);
        let mine = self.turn.get_untracked();
        let asked_at = device::now();
        spawn_local(async move {
            let is_first = cursor.is_none();
            let mut pairs = asked.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
            if let Some(cursor) = &cursor {
                pairs.push(("cursor", cursor));
            }
            let answer = api::issue::list(&pairs).await;
            // Another question was asked in the meantime, or the list is gone.
            if self.turn.try_get_untracked() != Some(mine) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(Got { value: page, kept_at }) => {
                    self.kept_at.set(kept_at);
                    if is_first {
                        self.as_of.set(kept_at.unwrap_or(asked_at));
                    }
                    self.rows.update(|rows| {
                        if is_first {
                            rows.clear();
                        }
                        rows.extend(page.items);
                    });
                    self.cursor.set(page.next_cursor);
                    self.first.set(Stage::Ready(()));
                }
                Err(failure) => {
                    session.notice(&failure);
                    if is_first {
                        self.first.set(Stage::Failed(failure));
                    } else {
                        self.more_failed.set(Some(failure));
                    }
                }
            }
        });
    }

    /// What this phone has sent since this moment, by its clock, is not in them; follows changes.
    #[must_use]
    pub fn as_of(self) -> Timestamp {
        self.as_of.get()
    }

    /// The rows so far; follows changes.
    #[must_use]
    pub fn rows(self) -> Signal<Vec<IssueRow>> {
        self.rows.into()
    }

    /// Shows the list: `empty` when there is nothing, else what `list` makes of the rows, and the way to more.
    pub fn view(
        self,
        empty: impl Fn() -> AnyView + Send + Sync + 'static,
        list: impl Fn(&[IssueRow]) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        let list = Arc::new(list);
        (move || match self.first.get() {
            Stage::Loading => view! { <Skeleton rows=5 /> }.into_any(),
            Stage::Failed(failure) => failed(&failure, Callback::new(move |()| self.again())),
            Stage::Ready(()) if self.rows.with(Vec::is_empty) => empty(),
            Stage::Ready(()) => {
                let list = Arc::clone(&list);
                let rows = move || self.rows.with(|rows| list(rows));
                let more = Signal::derive(move || self.cursor.with(Option::is_some));
                let refusal =
                    move || self.more_failed.get().map(|failure| view! { <Refusal failure=failure /> });
                view! {
                    {age(self.kept_at.into())}
                    {rows}
                    {refusal}
                    <LoadMore more=more busy=self.busy on_more=Callback::new(move |()| self.more()) />
                }
                .into_any()
            }
        })
        .into_any()
    }
}
