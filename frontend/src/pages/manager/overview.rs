//! The rates of a period: the county's in large, every unit's in a table, the reckoning in words beside them.

use app::rate::{Basis, GroupBy, Measure, Rates};
use leptos::prelude::*;

use super::address::Address;
use super::figures::{Figure, Rate, list_of};
use super::question::{GROUPS, NAMES, Question, basis_name, group_code, group_name, presets, read_day};
use super::rates_table::table;
use crate::api;
use crate::components::{
    Button, Choice, ChoiceField, EmptyState, Icon, Kind, LinkButton, Page, SelectField, Sheet, TextField,
};
use crate::device::now;
use crate::fmt;
use crate::load::{Load, offline_banner};
use crate::words::use_words;

pub(super) fn page() -> AnyView {
    let words = use_words();
    let address = Address::new("/manage", NAMES);
    let question = Memo::new(move |_| Question::read(address, now()));
    let load = Load::new(move || {
        let question = question.get();
        async move { api::rate::find(&question.pairs()).await }
    });
    let asking = RwSignal::new(false);
    view! {
        <Page title=words.shell.tab_rates wide=true>
            {offline_banner(words.errors.offline)}
            {controls(address, question, asking)}
            {load.view(move |rates| answer(rates, address))}
            {period_sheet(address, question, asking)}
        </Page>
    }
    .into_any()
}

/// What is asked: periods one press away, the grouping, and the rest in a sheet.
fn controls(address: Address, question: Memo<Question>, asking: RwSignal<bool>) -> AnyView {
    let words = use_words();
    let presets = move || {
        presets(now(), words)
            .into_iter()
            .map(|(name, from, to)| {
                let chosen = question.with(|asked| asked.from == from && asked.to == to);
                let href = address.with(&[("from", &from), ("to", &to)]);
                view! { <li><a class="chip" href=href aria-current=chosen.then_some("true")>{name}</a></li> }
            })
            .collect::<Vec<_>>()
    };
    // Without a word in the address it is by unit, so that is what an empty field says.
    let groups = GROUPS.into_iter().filter(|it| *it != GroupBy::Unit);
    let groups = groups.map(|it| Choice::new(group_code(it), group_name(it, words))).collect();
    let asked = Memo::new(move |_| match question.with(|asked| asked.group_by) {
        GroupBy::Unit => "",
        other => group_code(other),
    });
    let group = RwSignal::new(String::new());
    Effect::new(move |_| group.set(asked.get().to_owned()));
    Effect::new(move |before: Option<()>| {
        let chosen = group.get();
        if before.is_some() && chosen != asked.get_untracked() {
            address.go(&[("group_by", &chosen)], false);
        }
    });
    view! {
        <div class="toolbar">
            <nav class="toolbar-main" aria-label=words.manager.period>
                <ul class="chips">{presets}</ul>
            </nav>
            <div class="toolbar-field">
                <SelectField
                    label=words.manager.group_by
                    choices=Signal::stored(groups)
                    value=group
                    none=words.manager.by_unit
                    optional=true
                />
            </div>
            <Button kind=Kind::Quiet icon=Icon::Calendar on_press=move |()| asking.set(true)>
                {words.manager.change_period}
            </Button>
        </div>
    }
    .into_any()
}

fn period_sheet(address: Address, question: Memo<Question>, open: RwSignal<bool>) -> AnyView {
    let words = use_words();
    let [from, to, basis] = [(); 3].map(|()| RwSignal::new(String::new()));
    Effect::new(move |_| {
        open.track();
        question.with(|asked| {
            from.set(asked.from.clone());
            to.set(asked.to.clone());
            basis.set(asked.basis.code().to_owned());
        });
    });
    let apply = Callback::new(move |()| {
        open.set(false);
        address.go(&[("from", &from.get()), ("to", &to.get()), ("basis", &basis.get())], false);
    });
    let bases = Basis::ALL.map(|it| Choice::new(it.code(), basis_name(it, words))).to_vec();
    view! {
        <Sheet
            open=open
            title=words.manager.change_period
            actions=move || view! { <Button full=true on_press=apply>{words.manager.apply}</Button> }
        >
            <div class="stack">
                <TextField label=words.manager.from kind="date" value=from optional=true />
                <TextField label=words.manager.to kind="date" value=to optional=true />
                <ChoiceField label=words.manager.basis choices=bases value=basis />
            </div>
        </Sheet>
    }
    .into_any()
}

fn answer(rates: Rates, address: Address) -> AnyView {
    let words = use_words();
    if rates.items.is_empty() {
        return view! {
            <EmptyState icon=Icon::Chart title=words.manager.rates_empty help=words.manager.rates_empty_help>
                <LinkButton href="/manage/pool" kind=Kind::Quiet>{words.manager.pool_title}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let (from, to) = (read_day(&rates.from), read_day(&rates.to));
    let caption = (words.manager.rates_of)(basis_name(rates.basis, words), &from, &to);
    let caption = caption + &(words.manager.as_of)(&fmt::near(rates.as_of.millis()));
    view! {
        {tiles(&rates)}
        <section class="stack-tight">
            <p class="muted small">{caption.clone()}</p>
            {table(rates, address, caption)}
            <p class="muted small"><strong>{words.manager.formulas_title}</strong>{words.manager.formula_mark}{words.manager.formulas}</p>
        </section>
    }
    .into_any()
}

/// The whole county in one look.
fn tiles(rates: &Rates) -> AnyView {
    let words = use_words();
    let question = Question {
        from: rates.from.clone(),
        to: rates.to.clone(),
        basis: rates.basis,
        group_by: rates.group_by,
    };
    let total = &rates.total;
    let tile = |figure: Figure, note: String| {
        let href = list_of(&question, (&rates.from, &rates.to), None, figure);
        view! {
            <a class="figure" href=href>
                <span class="figure-name">{figure.name(words)}</span>
                <span class="figure-value">{figure.text(total)}</span>
                <span class="figure-note">{note}</span>
            </a>
        }
        .into_any()
    };
    let rate = |rate: Rate| {
        let quotient = rate.quotient(total);
        let [of, out_of] = [quotient.of, quotient.out_of].map(|n| fmt::number(n.unsigned_abs()));
        tile(Figure::Rate(rate), format!("{of} ÷ {out_of}"))
    };
    let of_period = Figure::Count(Measure::OpenOverdue);
    let share = format!("{} {}", of_period.name(words), of_period.text(total));
    view! {
        <div class="tiles">
            {rate(Rate::Closure)} {rate(Rate::OnTime)} {rate(Rate::FirstPass)} {tile(Figure::OverdueNow, share)}
        </div>
    }
    .into_any()
}
