//! One page inside the shell: its title in the top bar, the way back, its actions, its content.

use leptos::html::H1;
use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::words::use_words;

/// What stands at the end of every page's bar, where the frame has put something into context.
#[derive(Clone, Copy)]
pub struct TopbarEnd(pub StoredValue<ViewFn>);

/// A page. Sets the document's title and, once shown, moves the focus to its heading, so that a screen reader reads
/// where one has arrived.
#[component]
pub fn Page(
    /// The heading and the document's title; may arrive later than the page.
    #[prop(into)]
    title: Signal<String>,
    /// The page above this one; shown as an arrow.
    #[prop(optional, into)]
    back: Option<String>,
    /// Use the whole width (tables) and not the width of a comfortable line.
    #[prop(optional)]
    wide: bool,
    /// One or two buttons at the right of the title.
    #[prop(optional, into)]
    actions: ViewFn,
    /// The content.
    children: Children,
) -> impl IntoView {
    let words = use_words();
    let heading = NodeRef::<H1>::new();
    Effect::new(move || {
        let product = words.common.product;
        let title = title.get();
        document().set_title(&if title.is_empty() {
            product.to_owned()
        } else {
            format!("{title} · {product}")
        });
    });
    heading.on_load(|heading| {
        // Not on the first page of a visit: there the browser begins at the top by itself.
        if document().active_element().is_some_and(|at| at.tag_name() != "BODY") {
            let _ = heading.focus();
        }
    });
    let back = back.map(|href| {
        view! {
            <a href=href class="icon-button topbar-back" aria-label=words.common.back>
                {icon(Icon::ArrowLeft)}
            </a>
        }
        .into_any()
    });
    // The frame may have gone: whoever has signed out meets a page whose context is still the old one.
    let end = use_context::<TopbarEnd>().and_then(|end| end.0.try_with_value(ViewFn::run));
    view! {
        <div class="page">
            <header class="topbar">
                {back}
                <div class="topbar-title">
                    <h1 node_ref=heading tabindex="-1">{title}</h1>
                </div>
                <div class="topbar-actions">{actions.run()} {end}</div>
            </header>
            <main id="main" tabindex="-1" class="content" class:content-wide=wide>{children()}</main>
        </div>
    }
}
