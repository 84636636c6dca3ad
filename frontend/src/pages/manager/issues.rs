//! The list of issues: every filter is in the address, the list grows page by page; a table on a desk, rows on a phone.

use std::sync::Arc;

use app::issue::IssueRow;
use leptos::prelude::*;

use super::address::Address;
use super::filters::{NAMES, chips, fields};
use super::wide::wide;
use crate::catalogue::{County, use_catalogue};
use crate::components::{
    Button, Column, DataTable, EmptyState, Icon, Kind, LinkButton, List, MarkBadge, Page, SearchField, Sheet,
};
use crate::device::ticking;
use crate::fmt;
use crate::load::offline_banner;
use crate::pages::issue::mark::{mark, row_clock};
use crate::pages::issue::paged::Paged;
use crate::pages::issue::row::issue_row;
use crate::words::use_words;

const PATH: &str = "/manage/issues";

pub(super) fn page() -> AnyView {
    let words = use_words();
    let catalogue = use_catalogue();
    let address = Address::new(PATH, NAMES);
    let paged = Paged::new(move || address.pairs());
    let wide = wide();
    let filtering = RwSignal::new(false);
    let search = address.search("q");
    let form = move || {
        catalogue
            .view(move |county| view! { <div class="filters">{fields(address, &county)}</div> }.into_any())
    };
    let list = move |county: Arc<County>| {
        paged.view(nothing, move |rows| if wide.get() { table(rows, &county) } else { list(rows, &county) })
    };
    view! {
        <Page title=words.shell.tab_issues wide=true>
            {offline_banner(words.errors.offline)}
            <div class="toolbar toolbar-search">
                <div class="toolbar-main"><SearchField label=words.manager.search_issues value=search /></div>
                <Button kind=Kind::Quiet icon=Icon::Filter on_press=move |()| filtering.set(true)>
                    {words.manager.filters}
                </Button>
            </div>
            {catalogue.view(move |county| chips(address, county))}
            {catalogue.view(list)}
            <Sheet
                open=filtering
                title=words.manager.filters
                actions=move || {
                    view! {
                        <LinkButton href=PATH kind=Kind::Quiet>{words.manager.clear_filters}</LinkButton>
                        <Button on_press=move |()| filtering.set(false)>{words.common.done}</Button>
                    }
                }
            >
                {move || filtering.get().then(form)}
            </Sheet>
        </Page>
    }
    .into_any()
}

fn href(row: &IssueRow) -> String {
    format!("/issues/{}", row.id)
}

fn nothing() -> AnyView {
    let words = &use_words().manager;
    view! {
        <EmptyState icon=Icon::Search title=words.issues_empty help=words.issues_empty_help>
            <LinkButton href=PATH kind=Kind::Quiet>{words.clear_filters}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn list(rows: &[IssueRow], county: &Arc<County>) -> AnyView {
    let now = ticking();
    let rows = rows.iter().map(|row| issue_row(row, county, now, href(row), None)).collect::<Vec<_>>();
    view! { <List label=use_words().shell.tab_issues>{rows}</List> }.into_any()
}

fn table(rows: &[IssueRow], county: &Arc<County>) -> AnyView {
    let words = use_words();
    let now = ticking();
    let columns = vec![
        Column::text(words.manager.problem),
        Column::text(words.manager.where_and_whose),
        Column::text(words.manager.state),
        Column::text(words.manager.time_left),
        Column::number(words.manager.reported),
    ];
    let rows = rows.iter().map(|row| {
        let (title, code, description) =
            (row.title().to_owned(), row.clause_code.clone(), row.description.clone());
        let clause = row.problem.as_ref().map(|_| format!("{} ", row.clause_text));
        let (spot, unit) = (row.spot_name.clone(), row.unit_name.clone());
        let round = (row.round > 1).then(|| (words.issue.round)(row.round));
        let marks = [round.as_deref(), row.is_recurrence.then_some(words.issue.recurrence)];
        let marks = marks.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        view! {
            <tr>
                <th scope="row">
                    <a class="table-title" href=href(row)><span class="clamp-2">{title}</span></a>
                    <span class="table-note clamp-2"><span class="code">{code}</span>" "{clause}{description}</span>
                </th>
                <td class="table-place">{spot}<span class="table-note">{unit}</span></td>
                <td>
                    <span class="cluster">
                        <MarkBadge mark=Signal::stored(mark(row.state, row.closing_kind)) />
                        <span class="muted">{marks}</span>
                    </span>
                </td>
                <td>{row_clock(row, county, now)}</td>
                <td class="number">{fmt::near(row.reported_at.millis())}</td>
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect::<Vec<_>>();
    view! { <DataTable caption=words.shell.tab_issues quiet_caption=true columns=columns>{rows}</DataTable> }
        .into_any()
}
