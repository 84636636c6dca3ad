//! The table of rates: a row per group, grouped by ranking group where there is one, sorted by what the address says.

use app::rate::{GroupBy, RateRow, Rates};
use leptos::prelude::*;

use super::address::Address;
use super::figures::{FIGURES, Figure, list_of};
use super::question::{Question, group_name};
use crate::components::{Column, DataTable, NumberCell};
use crate::words::{Words, use_words};

/// The table; follows the address's sorting.
pub(super) fn table(rates: Rates, address: Address, caption: String) -> AnyView {
    (move || sorted(&rates, address, &caption)).into_any()
}

/// What a table is sorted by, and whether the smallest stands first.
fn sorting(address: Address) -> Option<(Figure, bool)> {
    let text = address.get("sort");
    let (code, ascending) = text.strip_prefix('-').map_or((text.as_str(), true), |code| (code, false));
    FIGURES.into_iter().find(|figure| figure.code() == code).map(|figure| (figure, ascending))
}

fn sorted(rates: &Rates, address: Address, caption: &str) -> AnyView {
    let words = use_words();
    let sorting = sorting(address);
    let mut columns =
        vec![Column::text(group_name(rates.group_by, words)).sorted(address.with(&[("sort", "")]), None)];
    columns.extend(FIGURES.map(|figure| {
        let now = sorting.filter(|(by, _)| *by == figure).map(|(_, ascending)| ascending);
        // The first press shows the largest first.
        let next = if now == Some(false) { figure.code().to_owned() } else { format!("-{}", figure.code()) };
        Column::number(figure.name(words)).sorted(address.with(&[("sort", &next)]), now)
    }));

    let mut items: Vec<&RateRow> = rates.items.iter().collect();
    if let Some((figure, ascending)) = sorting {
        sort(&mut items, figure, ascending);
    }
    let question = Question {
        from: rates.from.clone(),
        to: rates.to.clone(),
        basis: rates.basis,
        group_by: rates.group_by,
    };
    let mut rows = vec![row(&question, words, &rates.total, None)];
    if rates.group_by == GroupBy::Unit {
        let mut groups: Vec<&str> =
            items.iter().map(|item| item.group.as_deref().unwrap_or_default()).collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            let name = if group.is_empty() { words.manager.no_group } else { group }.to_owned();
            rows.push(view! { <tr class="table-group"><th scope="colgroup" colspan=FIGURES.len() + 1>{name}</th></tr> }.into_any());
            let inside = items.iter().filter(|item| item.group.as_deref().unwrap_or_default() == group);
            rows.extend(inside.map(|item| row(&question, words, item, Some(&item.key))));
        }
    } else {
        rows.extend(items.iter().map(|item| row(&question, words, item, Some(&item.key))));
    }
    view! { <DataTable caption=caption.to_owned() quiet_caption=true columns=columns>{rows}</DataTable> }
        .into_any()
}

/// Sorts; rows without a value stand last either way.
fn sort(items: &mut [&RateRow], figure: Figure, ascending: bool) {
    items.sort_by(|a, b| {
        let (a, b) = (figure.key(a), figure.key(b));
        let order = if ascending { a.cmp(&b) } else { b.cmp(&a) };
        b.is_some().cmp(&a.is_some()).then(order)
    });
}

fn row(question: &Question, words: &Words, item: &RateRow, key: Option<&str>) -> AnyView {
    let name = if key.is_none() {
        words.manager.total.to_owned()
    } else if item.name.is_empty() {
        words.manager.no_group.to_owned()
    } else {
        item.name.clone()
    };
    let cells = FIGURES
        .map(|figure| {
            let value = figure.text(item);
            let href = list_of(question, (&question.from, &question.to), key, figure);
            match href.filter(|_| figure.cases(item) > 0) {
                Some(href) => {
                    let label = format!("{name} {}", figure.name(words));
                    view! { <NumberCell value=value href=href label=label /> }.into_any()
                }
                None => view! { <NumberCell value=value /> }.into_any(),
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <tr class:table-total=key.is_none()>
            <th scope="row">{name}</th>
            {cells}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::manager::figures::Rate;
    use app::rate::{Overdue, Tally};

    #[test]
    fn a_rate_over_nothing_stands_last_either_way() {
        let of = |name: &str, closed, overdue| {
            let tally = Tally { dispatched: 10, closed, ..Tally::default() };
            RateRow::new(
                name.to_owned(),
                name.to_owned(),
                None,
                tally,
                Overdue { in_period: overdue, now: overdue },
            )
        };
        let rows = [of("none", 0, 0), of("low", 1, 9), of("high", 9, 1)];
        let order = |ascending| {
            let mut items: Vec<&RateRow> = rows.iter().collect();
            sort(&mut items, Figure::Rate(Rate::Closure), ascending);
            items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(order(true), ["low", "high", "none"]);
        assert_eq!(order(false), ["high", "low", "none"]);
    }
}
