//! Nothing here: says why, and what to do now.

use leptos::prelude::*;

use super::icon::{Icon, icon};

/// An empty list, a search without hits, a page that is not there.
#[component]
pub fn EmptyState(
    /// A drawing of what would be here.
    icon: Icon,
    /// What is the case ("没有待签收的交办单").
    #[prop(into)]
    title: TextProp,
    /// What that means, or what to do.
    #[prop(optional, into)]
    help: Option<String>,
    /// A button that does it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let drawing = self::icon(icon);
    view! {
        <div class="empty">
            <div class="empty-icon">{drawing}</div>
            <p class="empty-title">{move || title.get()}</p>
            {help.map(|help| view! { <p class="empty-help">{help}</p> })}
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </div>
    }
}
