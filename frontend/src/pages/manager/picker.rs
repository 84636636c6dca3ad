//! Choosing one of many in a sheet: a search, and the few that fit.

use app::search::Asked;
use leptos::prelude::*;

use crate::components::{EmptyState, Icon, List, Row, SearchField, Sheet};
use crate::words::use_words;

/// How many are shown at once; beyond that, typing is faster than scrolling.
const SHOWN: usize = 40;

/// One that can be chosen.
#[derive(Clone, PartialEq, Eq)]
pub struct Pick {
    /// What is stored.
    pub value: String,
    /// What is read.
    pub title: String,
    /// A line about it.
    pub detail: String,
    /// What else it is found by.
    pub found_by: String,
    /// How its name is read.
    pub pinyin: String,
}

impl Pick {
    fn is_found(&self, asked: &Asked) -> bool {
        asked.finds(&[&self.title, &self.detail, &self.found_by], &[&self.pinyin])
    }
}

/// A sheet with a search. `chosen` holds the value; choosing closes the sheet.
#[component]
pub fn Picker(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// What is chosen here.
    #[prop(into)]
    title: String,
    /// What can be searched for.
    #[prop(into)]
    search: String,
    /// What can be chosen.
    #[prop(into)]
    picks: Signal<Vec<Pick>>,
    /// The chosen one's value.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let words = use_words();
    let text = RwSignal::new(String::new());
    let found = move || {
        let asked = text.with(|text| Asked::new(text));
        let (mut shown, mut more) = (Vec::new(), 0);
        picks.with(|picks| {
            for pick in picks.iter().filter(|pick| pick.is_found(&asked)) {
                if shown.len() < SHOWN { shown.push(pick.clone()) } else { more += 1 }
            }
        });
        if shown.is_empty() {
            let (title, help) = (words.manager.nothing_found, words.manager.nothing_found_help);
            return view! { <EmptyState icon=Icon::Search title=title help=help /> }.into_any();
        }
        let rows = shown.into_iter().map(|pick| {
            let value = StoredValue::new(pick.value);
            let press = Callback::new(move |()| {
                chosen.set(value.get_value());
                open.set(false);
            });
            let selected =
                Signal::derive(move || value.with_value(|value| chosen.with(|chosen| chosen == value)));
            let Pick { title, detail, .. } = pick;
            view! { <Row on_press=press title=title detail=TextProp::from(detail) selected=selected /> }
                .into_any()
        });
        let rows = rows.collect::<Vec<_>>();
        let more =
            (more > 0).then(|| view! { <p class="muted small">{(words.manager.narrow_down)(more)}</p> });
        view! { <List label=words.manager.choose_from_here>{rows}</List> {more} }.into_any()
    };
    // Nothing is built, and nothing searched, while nobody looks.
    view! {
        <Sheet open=open title=title>
            <div class="stack picker">
                <SearchField label=search value=text />
                {move || open.get().then(found)}
            </div>
        </Sheet>
    }
}
