//! Things that take a while: loading what a page shows, and doing what a button asks for.
//!
//! An answer that arrives after the person has gone on changes nothing; an answer that says the session has ended
//! leads to the sign-in page from wherever it came.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Answer, Failure, Got};
use crate::components::{Banner, BannerKind, EmptyState, Icon, LinkButton, Skeleton};
use crate::device;
use crate::fmt;
use crate::session::{Session, use_session};
use crate::words::use_words;
use app::problem::Code;
use app::time::{MINUTE, Timestamp};

/// How far the loading is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage<T> {
    /// Nothing yet.
    Loading,
    /// Here it is.
    Ready(T),
    /// It did not come.
    Failed(Failure),
}

/// Something being loaded.
pub struct Load<T: Send + Sync + 'static> {
    /// How far it is.
    pub stage: RwSignal<Stage<T>>,
    /// Since when it is kept, where the server did not answer just now.
    kept_at: RwSignal<Option<Timestamp>>,
    /// When the server was asked for what is here.
    as_of: RwSignal<Timestamp>,
    turn: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

impl<T: Clone + Send + Sync + 'static> Load<T> {
    /// Loads with `fetch`, again whenever a signal read in it changes. What was there stays until the new has come.
    pub fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Answer<T>> + 'static,
    {
        Self::kept(move || {
            let answer = fetch();
            async move { answer.await.map(|value| Got { value, kept_at: None }) }
        })
    }

    /// The same for what is kept on the phone: without a network what was there last is shown, and how old it is.
    pub fn kept<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Answer<Got<T>>> + 'static,
    {
        let load = Self {
            stage: RwSignal::new(Stage::Loading),
            kept_at: RwSignal::new(None),
            as_of: RwSignal::new(device::now()),
            turn: RwSignal::new(0),
        };
        let session = use_session();
        let latest = StoredValue::new(0_u32);
        Effect::new(move |before: Option<u32>| {
            let turn = load.turn.get();
            // Asked once more; else a signal has changed, and the question with it.
            let is_same_question = before.is_some_and(|before| before != turn);
            let answer = fetch();
            let asked_at = device::now();
            latest.update_value(|n| *n += 1);
            let mine = latest.get_value();
            spawn_local(async move {
                let answer = answer.await;
                if latest.try_get_value() != Some(mine) {
                    return;
                }
                let stage = match answer {
                    Ok(got) => {
                        load.kept_at.try_set(got.kept_at);
                        load.as_of.try_set(got.kept_at.unwrap_or(asked_at));
                        Stage::Ready(got.value)
                    }
                    Err(failure) => {
                        session.notice(&failure);
                        // Without a network, what came last is better than nothing – as the answer to this question.
                        let has_value =
                            load.stage.try_with_untracked(|stage| matches!(stage, Stage::Ready(_)));
                        if is_same_question && failure.is_passing() && has_value == Some(true) {
                            return;
                        }
                        Stage::Failed(failure)
                    }
                };
                load.stage.try_set(stage);
            });
            turn
        });
        load
    }

    /// Loads once more.
    pub fn again(self) {
        // Whoever asks may have waited for something, and the page may be gone.
        if matches!(self.stage.try_get_untracked(), Some(Stage::Failed(_))) {
            self.stage.set(Stage::Loading);
        }
        self.turn.try_update(|turn| *turn += 1);
    }

    /// Puts in what an answer to something else has brought.
    pub fn set(self, value: T) {
        self.kept_at.set(None);
        self.as_of.set(device::now());
        self.stage.set(Stage::Ready(value));
    }

    /// What is here, if it is.
    pub fn value(self) -> Option<T> {
        self.stage.with(|stage| match stage {
            Stage::Ready(value) => Some(value.clone()),
            Stage::Loading | Stage::Failed(_) => None,
        })
    }

    /// What this phone has sent since this moment, by its clock, is not in what is here.
    pub fn as_of(self) -> Timestamp {
        self.as_of.get_untracked()
    }

    /// Shows grey rows, what went wrong, or what has come.
    pub fn view(self, view: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        (move || match self.stage.get() {
            Stage::Loading => view! { <Skeleton rows=4 /> }.into_any(),
            Stage::Ready(value) => {
                let content = view(value);
                view! { {age(self.kept_at.into())} {content} }.into_any()
            }
            Stage::Failed(failure) => failed(&failure, Callback::new(move |()| self.again())),
        })
        .into_any()
    }
}

/// How old what is shown is, where it did not come from the server just now.
#[must_use]
pub fn age(kept_at: Signal<Option<Timestamp>>) -> AnyView {
    let words = &use_words().errors;
    (move || {
        kept_at.get().map(|at| {
            view! { <p class="muted small" role="status">{(words.as_of)(&fmt::near(at.millis()))}</p> }
        })
    })
    .into_any()
}

/// That a list is not whole, in a line; nothing where it is.
#[must_use]
pub fn damaged(count: Signal<usize>) -> AnyView {
    let words = &use_words().errors;
    (move || {
        let count = count.get();
        (count > 0)
            .then(|| view! { <p class="small tone-overdue" role="status">{(words.damaged)(count)}</p> })
    })
    .into_any()
}

/// What went wrong in place of what was to be shown, with the way out of it.
#[must_use]
pub fn failed(failure: &Failure, again: Callback<()>) -> AnyView {
    let words = &use_words().errors;
    match failure.code() {
        Some(Code::NotFound | Code::InvalidId) => view! {
            <EmptyState icon=Icon::Search title=words.not_found help=words.not_found_help>
                <LinkButton href="/">{words.go_home}</LinkButton>
            </EmptyState>
        }
        .into_any(),
        Some(Code::Forbidden) => view! {
            <EmptyState icon=Icon::Ban title=words.forbidden help=words.forbidden_help>
                <LinkButton href="/">{words.go_home}</LinkButton>
            </EmptyState>
        }
        .into_any(),
        _ => view! { <Refusal failure=failure.clone() retry=again /> }.into_any(),
    }
}

/// What went wrong, in a banner.
#[component]
pub fn Refusal(
    /// The reason.
    failure: Failure,
    /// Tries again; offered only where that may help.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let words = &use_words().errors;
    let (kind, title, help) = match &failure {
        Failure::Unreached => (BannerKind::Error, words.network, words.network_help.to_owned()),
        Failure::Unreadable => (BannerKind::Error, words.title, words.unreadable.to_owned()),
        Failure::Refused(problem) => (BannerKind::Error, words.title, words.explain(problem)),
    };
    let retry = retry.filter(|_| failure.is_passing());
    match retry {
        Some(retry) => view! { <Banner kind=kind title=title retry=retry>{help}</Banner> }.into_any(),
        None => view! { <Banner kind=kind title=title>{help}</Banner> }.into_any(),
    }
}

/// Something a person has asked for, while it is being done and when it did not work.
#[derive(Clone, Copy)]
pub struct Deed {
    /// It is being done.
    pub busy: RwSignal<bool>,
    /// Why it was not.
    pub failure: RwSignal<Option<Failure>>,
    session: Session,
}

impl Deed {
    /// Nothing asked for yet.
    #[must_use]
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), failure: RwSignal::new(None), session: use_session() }
    }

    /// Does it, unless it is being done already; `done` takes the answer.
    pub fn run<T: 'static>(
        self,
        deed: impl Future<Output = Answer<T>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = deed.await;
            // Gone on to another page: then nobody waits for this.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(value) => done(value),
                Err(failure) => {
                    self.session.notice(&failure);
                    self.failure.set(Some(failure));
                }
            }
        });
    }

    /// The reason it did not work, in a banner; nothing while there is none.
    #[must_use]
    pub fn refusal(self) -> AnyView {
        (move || self.failure.get().map(|failure| view! { <Refusal failure=failure /> })).into_any()
    }
}

impl Default for Deed {
    fn default() -> Self {
        Self::new()
    }
}

/// A banner while there is no network, where `text` says what becomes of the work, and one while the device's clock is wrong.
#[must_use]
pub fn offline_banner(text: &'static str) -> AnyView {
    let online = device::online();
    let offline = move || (!online.get()).then(|| view! { <Banner kind=BannerKind::Offline>{text}</Banner> });
    view! { {offline} {clock_banner} }.into_any()
}

/// A clock that is farther off than this, milliseconds, is told of; the server flags by the county's own policy.
const CLOCK_MS: i64 = 10 * MINUTE;

fn clock_banner() -> AnyView {
    let words = &use_words().glance;
    (move || {
        let skew = api::clock_skew().filter(|skew| skew.abs() > CLOCK_MS)?;
        let text = (words.clock_off)(skew / MINUTE);
        Some(view! { <Banner kind=BannerKind::Warning title=words.clock_wrong_title>{text}</Banner> })
    })
    .into_any()
}
