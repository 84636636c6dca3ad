//! Facts about one thing: names at the left, values at the right, below each other where there is no room.

use leptos::prelude::*;

/// A list of facts; takes [`Fact`]s.
#[component]
pub fn Facts(
    /// The facts.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One fact.
#[component]
pub fn Fact(
    /// Its name.
    #[prop(into)]
    name: TextProp,
    /// Its value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{move || name.get()}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
