//! Reporting a problem: photos first, the spot suggested, the clause one press away.

mod clause;
mod forecast;
mod form;
mod outcome;
mod place;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::draft::use_draft;
use crate::catalogue::use_catalogue;
use crate::components::Page;
use crate::load::offline_banner;
use crate::words::use_words;

pub(in crate::pages) fn page() -> AnyView {
    let words = use_words();
    let draft = use_draft();
    // `/report?spot=…` begins at a spot that was chosen in a list.
    if let Some(spot) =
        use_query_map().with_untracked(|query| query.get("spot")).and_then(|id| id.parse().ok())
    {
        draft.choose_spot(spot);
    }
    let is_answered = Memo::new(move |_| draft.answer.with(Option::is_some));
    let title = Signal::derive(move || {
        if is_answered.get() { words.inspector.sent_title } else { words.inspector.report_title }.to_owned()
    });
    view! {
        <Page title=title back="/">
            {offline_banner(words.inspector.offline)}
            {use_catalogue()
                .view(move |county| {
                    (move || match is_answered.get() {
                        true => outcome::view(county.clone()),
                        false => form::view(county.clone()),
                    })
                        .into_any()
                })}
        </Page>
    }
    .into_any()
}
