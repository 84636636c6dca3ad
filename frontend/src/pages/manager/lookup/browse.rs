//! A part of the catalogue to browse: a search, rows on a phone and a table on a desk, one entry in a sheet. What is
//! searched for and which entry is open stand in the address.

use std::sync::Arc;

use app::search::Asked;
use leptos::prelude::*;

use super::{import_template, places};
use crate::catalogue::{County, use_catalogue};
use crate::components::{Column, DataTable, EmptyState, Icon, List, LoadMore, Page, Row, SearchField, Sheet};
use crate::pages::manager::address::Address;
use crate::pages::manager::wide::wide;
use crate::words::use_words;

/// The parameters of these pages.
const NAMES: &[&str] = &["q", "open"];
/// How many entries are added at a time.
const STEP: usize = 60;

/// One entry.
#[derive(Clone)]
pub(super) struct Entry {
    /// Its code, unique in its part of the catalogue.
    pub(super) code: String,
    /// Its name, then what stands in the other columns.
    pub(super) cells: Vec<String>,
    /// What else it is found by.
    pub(super) found_by: String,
    /// How its name is read.
    pub(super) pinyin: String,
    /// No longer in use.
    pub(super) inactive: bool,
}

impl Entry {
    fn is_found(&self, asked: &Asked) -> bool {
        let mut texts = vec![&*self.code, &self.found_by];
        texts.extend(self.cells.iter().map(String::as_str));
        asked.finds(&texts, &[&self.pinyin])
    }
}

/// An entry in full: its title and what is said of it.
pub(super) type Opened = (String, AnyView);

/// A part of the catalogue.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Where it is.
    pub(super) path: &'static str,
    /// What it is called.
    pub(super) title: &'static str,
    /// What can be searched for.
    pub(super) search: &'static str,
    /// The names of the columns.
    pub(super) columns: &'static [&'static str],
    /// Its entries.
    pub(super) entries: fn(&County) -> Vec<Entry>,
    /// One entry in full, by its code.
    pub(super) entry: fn(&Arc<County>, &str) -> Option<Opened>,
}

/// The page of a part.
pub(super) fn browse(part: Part) -> AnyView {
    let catalogue = use_catalogue();
    let address = Address::new(part.path, NAMES);
    let text = address.search("q");
    view! {
        <Page title=part.title wide=true>
            {places()}
            <SearchField label=part.search value=text />
            {catalogue.view(move |county| entries(part, address, &county))}
            <div class="cluster">{import_template()}</div>
            {opened(part, address)}
        </Page>
    }
    .into_any()
}

fn entries(part: Part, address: Address, county: &Arc<County>) -> AnyView {
    let words = use_words();
    let all = StoredValue::new((part.entries)(county));
    let wide = wide();
    let shown = RwSignal::new(STEP);
    let q = Memo::new(move |_| address.get("q"));
    Effect::new(move |_| {
        q.track();
        shown.set(STEP);
    });
    let found = Memo::new(move |_| {
        all.with_value(|all| {
            let asked = q.with(|q| Asked::new(q));
            all.iter().enumerate().filter(|(_, it)| it.is_found(&asked)).map(|(at, _)| at).collect::<Vec<_>>()
        })
    });
    let list = move || {
        let rows = found.with(|found| {
            let some = found.iter().take(shown.get());
            all.with_value(|all| some.filter_map(|at| all.get(*at).cloned()).collect::<Vec<_>>())
        });
        if rows.is_empty() {
            let (title, help) = (words.manager.nothing_found, words.manager.nothing_found_help);
            return view! { <EmptyState icon=Icon::Search title=title help=help /> }.into_any();
        }
        if wide.get() { table(part, address, rows) } else { list(part, address, rows) }
    };
    let more = Signal::derive(move || found.with(Vec::len) > shown.get());
    view! {
        {list}
        <LoadMore more=more busy=Signal::stored(false) on_more=Callback::new(move |()| shown.update(|n| *n += STEP)) />
    }
    .into_any()
}

fn list(part: Part, address: Address, rows: Vec<Entry>) -> AnyView {
    let words = use_words();
    let rows = rows.into_iter().map(move |entry| {
        let href = address.with(&[("open", &entry.code)]);
        let mut cells = entry.cells.into_iter();
        let title = cells.next().unwrap_or_default();
        let mut detail = vec![entry.code];
        detail.extend(cells.filter(|cell| !cell.is_empty()));
        if entry.inactive {
            detail.push(words.manager.inactive.to_owned());
        }
        view! { <Row href=href title=title detail=TextProp::from(detail.join(" · ")) /> }.into_any()
    });
    view! { <List label=part.title>{rows.collect::<Vec<_>>()}</List> }.into_any()
}

fn table(part: Part, address: Address, rows: Vec<Entry>) -> AnyView {
    let words = use_words();
    let mut columns = part.columns.iter().map(|name| Column::text(*name)).collect::<Vec<_>>();
    columns.insert(1, Column::text(words.manager.code));
    let rows = rows.into_iter().map(move |entry| {
        let href = address.with(&[("open", &entry.code)]);
        let mut cells = entry.cells.into_iter();
        let title = cells.next().unwrap_or_default();
        let cells = cells.map(|cell| view! { <td>{cell}</td> }).collect::<Vec<_>>();
        let inactive = entry.inactive.then(|| view! { <span class="muted">{words.manager.inactive}</span> });
        view! {
            <tr>
                <th scope="row"><a class="table-title" href=href>{title}</a>{inactive}</th>
                <td class="code">{entry.code}</td>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    view! { <DataTable caption=part.title quiet_caption=true columns=columns>{rows}</DataTable> }.into_any()
}

/// The entry the address names, in a sheet; closing it takes it out of the address.
fn opened(part: Part, address: Address) -> AnyView {
    let catalogue = use_catalogue();
    let code = Memo::new(move |_| address.get("open"));
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(code.with(|code| !code.is_empty())));
    Effect::new(move |_| {
        if !open.get() && untrack(|| code.with(|code| !code.is_empty())) {
            address.go(&[("open", "")], true);
        }
    });
    let entry = move || {
        let county = catalogue.county()?;
        code.with(|code| (part.entry)(&county, code))
    };
    let title = Signal::derive(move || entry().map_or_else(String::new, |(title, _)| title));
    view! {
        <Sheet open=open title=title>
            {move || entry().map(|(_, view)| view)}
        </Sheet>
    }
    .into_any()
}
