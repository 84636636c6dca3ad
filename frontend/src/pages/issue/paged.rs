//! A list of issues that grows a page at a time.

use std::rc::Rc;
use std::sync::Arc;

use app::id::IssueId;
use app::issue::{IssueCount, IssueRow};
use app::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Failure, Got};
use crate::components::{LoadMore, Skeleton};
use crate::device;
use crate::load::{self, Refusal, Stage, age, failed};
use crate::session::{Session, use_session};
use crate::words::use_words;

/// Makes the names and values of an API query.
type Query = dyn Fn() -> Vec<(&'static str, String)>;

/// The issues an API query gives, page after page.
#[derive(Clone, Copy)]
pub struct Paged {
    first: RwSignal<Stage<()>>,
    rows: RwSignal<Vec<IssueRow>>,
    cursor: RwSignal<Option<String>>,
    damaged: RwSignal<Vec<IssueId>>,
    busy: RwSignal<bool>,
    more_failed: RwSignal<Option<Failure>>,
    kept_at: RwSignal<Option<Timestamp>>,
    as_of: RwSignal<Timestamp>,
    count: RwSignal<Option<IssueCount>>,
    /// Whether the number of all stands above the list.
    says_total: bool,
    query: StoredValue<Rc<Query>, LocalStorage>,
    turn: RwSignal<u32>,
    /// The turn in which the first page was asked for.
    question: RwSignal<u32>,
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
            damaged: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            more_failed: RwSignal::new(None),
            kept_at: RwSignal::new(None),
            as_of: RwSignal::new(device::now()),
            count: RwSignal::new(None),
            says_total: true,
            query: StoredValue::new_local(query),
            turn: RwSignal::new(0),
            question: RwSignal::new(0),
            session: use_session(),
        };
        Effect::new(move |_| {
            let asked = paged.query.get_value()();
            paged.first.set(Stage::Loading);
            // It was the number of another question.
            paged.count.set(None);
            paged.fetch(asked, None);
        });
        paged
    }

    /// The same for a list that is shown in parts, each with a number of its own.
    #[must_use]
    pub const fn in_parts(self) -> Self {
        Self { says_total: false, ..self }
    }

    /// Loads from the start.
    pub fn again(self) {
        self.first.set(Stage::Loading);
        self.fetch(untrack(|| self.query.get_value()()), None);
    }

    /// Loads the next page, if there is one and none is on its way.
    pub fn more(self) {
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
        if cursor.is_none() {
            self.question.set(mine);
            self.fetch_count(asked.clone(), mine);
        }
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
                    self.damaged.update(|damaged| {
                        if is_first {
                            damaged.clear();
                        }
                        damaged.extend(page.damaged);
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

    fn fetch_count(self, asked: Vec<(&'static str, String)>, mine: u32) {
        spawn_local(async move {
            let pairs = asked.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
            let count = api::issue::count(&pairs).await;
            // A page of the same question may have come meanwhile; another question would have begun a later turn.
            if self.question.try_get_untracked() == Some(mine) {
                // Where it cannot be had, nothing is said.
                self.count.set(count.ok());
            }
        });
    }

    /// How many there are in all, as soon as it is known; follows changes.
    #[must_use]
    pub fn count(self) -> Signal<Option<IssueCount>> {
        self.count.into()
    }

    /// Whether every page has come; follows changes.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.first.with(|stage| matches!(stage, Stage::Ready(()))) && self.cursor.with(Option::is_none)
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

    /// How many there are in all, above the list.
    fn total(self) -> AnyView {
        let words = &use_words().common;
        (move || {
            let count = self.count.get().filter(|count| self.says_total && count.total > 0)?;
            let text = if count.is_more { words.more_than } else { words.in_all };
            Some(view! { <p class="muted small">{text(count.total)}</p> })
        })
        .into_any()
    }

    fn damaged_line(self) -> AnyView {
        load::damaged(Signal::derive(move || self.damaged.with(Vec::len)))
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
            Stage::Ready(()) if self.rows.with(Vec::is_empty) => {
                view! { {self.damaged_line()} {empty()} }.into_any()
            }
            Stage::Ready(()) => {
                let list = Arc::clone(&list);
                let rows = move || self.rows.with(|rows| list(rows));
                let more = Signal::derive(move || self.cursor.with(Option::is_some));
                let refusal =
                    move || self.more_failed.get().map(|failure| view! { <Refusal failure=failure /> });
                view! {
                    {age(self.kept_at.into())}
                    {self.total()}
                    {self.damaged_line()}
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
