//! Tables of figures for the desk: scroll in their own region, digits aligned, every number opens its cases.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::words::use_words;

/// The head of a column.
#[derive(Clone)]
pub struct Column {
    name: String,
    number: bool,
    sort: Option<(String, Option<bool>)>,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), number: false, sort: None }
    }

    /// A column of figures, aligned at the right.
    #[must_use]
    pub fn number(name: impl Into<String>) -> Self {
        Self { name: name.into(), number: true, sort: None }
    }

    /// Sorted by following `href`; `ascending` is set when the table is sorted by this column now.
    #[must_use]
    pub fn sorted(mut self, href: impl Into<String>, ascending: Option<bool>) -> Self {
        self.sort = Some((href.into(), ascending));
        self
    }
}

/// A table. The rows are `<tr>`s of `<th scope="row">`, `<td>` and [`NumberCell`].
#[component]
pub fn DataTable(
    /// What the table shows, and on which basis.
    #[prop(into)]
    caption: String,
    /// The caption is said elsewhere on the page: for screen readers only.
    #[prop(optional)]
    quiet_caption: bool,
    /// The columns.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let words = use_words();
    let label = format!("{caption} ({})", words.common.scrolls);
    let heads = columns
        .into_iter()
        .map(|column| {
            let Column { name, number, sort } = column;
            let direction = sort.as_ref().and_then(|(_, ascending)| *ascending);
            let aria_sort = direction.map(|ascending| if ascending { "ascending" } else { "descending" });
            let inner = match sort {
                Some((href, ascending)) => {
                    let arrow = ascending.map(|up| icon(if up { Icon::ArrowUp } else { Icon::ArrowDown }));
                    view! { <a href=href class="table-sort">{name}{arrow}</a> }.into_any()
                }
                None => name.into_any(),
            };
            view! { <th scope="col" class:number=number aria-sort=aria_sort>{inner}</th> }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="table-region" role="region" tabindex="0" aria-label=label>
            <table class="table">
                <caption class:sr-only=quiet_caption>{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// A figure in a table; with `href` it opens the cases it counts.
#[component]
pub fn NumberCell(
    /// The figure, ready to read (`fmt::number`, `fmt::percent`).
    #[prop(into)]
    value: String,
    /// The list of its cases.
    #[prop(optional, into)]
    href: Option<String>,
    /// What the cases are, for screen readers ("县市场监管局 逾期").
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let said = label.map(|label| format!("{label} {value}"));
    let inner = match href {
        Some(href) => view! { <a href=href aria-label=said>{value}</a> }.into_any(),
        None => value.into_any(),
    };
    view! { <td class="number">{inner}</td> }
}
