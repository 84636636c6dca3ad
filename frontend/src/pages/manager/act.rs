//! What the office does with one issue: assign, rule, void, and re-check where it may. One sheet asks for what the step
//! needs.

use app::id::{IssueId, OrderId, UnitId};
use app::issue::{IssueAnswer, MAX_NOTE_CHARS};
use app::order::{StepKind, StepRequest};
use app::problem::Code;
use leptos::prelude::*;

use super::choices;
use super::picker::Picker;
use super::step::{Attempt, plain};
use crate::api::{self, Answer};
use crate::catalogue::use_catalogue;
use crate::components::{Button, Choice, ChoiceField, Icon, Kind, Sheet, TextAreaField};
use crate::globals::use_globals;
use crate::load::{Deed, Load};
use crate::waiting::use_waiting;
use crate::words::{Words, use_words};

/// A step the office is about to take.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which step.
    pub step: StepKind,
    /// The issue.
    pub issue_id: IssueId,
    /// Its order in force.
    pub order_id: Option<OrderId>,
    /// The unit of that order.
    pub unit_id: Option<UnitId>,
    /// What it is about, so that nobody acts on the wrong one.
    pub about: String,
}

/// Buttons for the steps the office may take on an issue now, under the thumb.
pub fn actions(issue: &IssueAnswer, done: Callback<()>) -> AnyView {
    let words = use_words();
    let asked = RwSignal::new(None);
    let about = use_catalogue().county().map(|county| {
        let named = county.named(issue);
        format!("{} · {}", named.spot_name, named.title())
    });
    let about = about.unwrap_or_default();
    let order = issue.order.as_ref();
    let buttons = OFFERED
        .into_iter()
        .filter(|step| issue.allowed_steps.contains(step))
        .map(|step| {
            let target = Asked {
                step,
                issue_id: issue.id,
                order_id: order.map(|order| order.id),
                unit_id: order.map(|order| order.unit_id),
                about: about.clone(),
            };
            let press = Callback::new(move |()| asked.set(Some(target.clone())));
            let (name, _) = names(step, words);
            view! { <Button kind=kind(step) icon=drawing(step) on_press=press>{name}</Button> }.into_any()
        })
        .collect::<Vec<_>>();
    let bar = (!buttons.is_empty()).then(|| view! { <div class="action-bar">{buttons}</div> });
    view! { {bar} <OfficeSheet asked=asked done=done /> }.into_any()
}

/// The steps with a button, the most likely last: it stands nearest to the thumb.
const OFFERED: [StepKind; 5] =
    [StepKind::Void, StepKind::Fail, StepKind::Pass, StepKind::Rule, StepKind::Assign];

const fn kind(step: StepKind) -> Kind {
    match step {
        StepKind::Void | StepKind::Fail => Kind::Quiet,
        _ => Kind::Primary,
    }
}

const fn drawing(step: StepKind) -> Icon {
    match step {
        StepKind::Void => Icon::Ban,
        StepKind::Fail => Icon::Redo,
        StepKind::Pass => Icon::CircleCheck,
        StepKind::Rule => Icon::Undo,
        _ => Icon::Route,
    }
}

/// A step on its button and over its sheet.
fn names(step: StepKind, words: &Words) -> (&'static str, &'static str) {
    let words = &words.manager;
    match step {
        StepKind::Void => (words.void_do, words.void_title),
        StepKind::Fail => (words.fail, words.fail_title),
        StepKind::Pass => (words.pass, words.pass_title),
        StepKind::Rule => (words.rule, words.rule_title),
        _ => (words.assign, words.assign_title),
    }
}

fn help(step: StepKind, words: &Words) -> &'static str {
    let words = &words.manager;
    match step {
        StepKind::Void => words.void_help,
        StepKind::Fail => words.fail_help,
        StepKind::Pass => words.pass_help,
        StepKind::Rule => words.rule_help,
        _ => words.assign_help,
    }
}

/// The sheet for whatever step is asked for; `done` runs after it was taken, and when the issue turned out to have moved.
#[component]
pub fn OfficeSheet(
    /// What is asked for; none closes the sheet.
    asked: RwSignal<Option<Asked>>,
    /// Loads what is shown behind the sheet again.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let words = use_words();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    let step = move || asked.with(|asked| asked.as_ref().map(|asked| asked.step));
    let title = Signal::derive(move || step().map_or("", |step| names(step, words).1));
    let unit = RwSignal::new(String::new());
    let picking = RwSignal::new(false);
    let catalogue = use_catalogue();
    let units =
        Signal::derive(move || catalogue.county().map(|county| choices::units(&county)).unwrap_or_default());
    view! {
        <Sheet open=open title=title>
            {move || asked.get().map(|target| {
                unit.set(String::new());
                view! { <Form target=target unit=unit picking=picking asked=asked done=done /> }
            })}
        </Sheet>
        <Picker
            open=picking
            title=words.manager.choose_unit
            search=words.manager.search_units
            picks=units
            chosen=unit
        />
    }
}

#[component]
fn Form(
    target: Asked,
    unit: RwSignal<String>,
    picking: RwSignal<bool>,
    asked: RwSignal<Option<Asked>>,
    done: Callback<()>,
) -> impl IntoView {
    let words = use_words();
    let (globals, waiting, catalogue) = (use_globals(), use_waiting(), use_catalogue());
    let Asked { step, issue_id, order_id, unit_id: current, about } = target;
    let note = RwSignal::new(String::new());
    let ruling = RwSignal::new("same".to_owned());
    let wrong = RwSignal::new(false);
    let deed = Deed::new();
    let attempt = Attempt::new();

    let is_naming =
        move || step == StepKind::Assign || (step == StepKind::Rule && ruling.with(|it| it == "other"));
    let named = move || match step {
        StepKind::Rule if !is_naming() => current,
        _ if is_naming() => unit.with(|unit| choices::unit_id(unit)),
        _ => None,
    };
    let lacks_unit = move || step.names_unit() && named().is_none();
    let lacks_reason = move || step.needs_reason() && note.with(|note| note.trim().is_empty());

    // Somebody else was faster: show the issue as it is now.
    Effect::new(move |_| {
        let moved = deed
            .failure
            .with(|failure| failure.as_ref().and_then(api::Failure::code) == Some(Code::StepNotAllowed));
        if moved {
            asked.set(None);
            globals.toast(words.manager.moved);
            done.run(());
        }
    });
    let send = Callback::new(move |()| {
        wrong.set(true);
        if lacks_unit() || lacks_reason() {
            return;
        }
        let note = note.get_untracked().trim().to_owned();
        let request = StepRequest { note, unit_id: named(), ..plain(step) };
        let (id, request) = attempt.of(request);
        let deed_future = async move {
            let answer: Answer<()> = match (step, order_id) {
                (StepKind::Assign | StepKind::Void, _) | (_, None) => {
                    api::issue::step(issue_id, id, &request).await.map(drop)
                }
                (_, Some(order)) => api::order::step(order, id, &request).await.map(drop),
            };
            answer
        };
        deed.run(deed_future, move |()| {
            attempt.done();
            globals.toast(taken(step, words));
            waiting.refresh();
            asked.set(None);
            done.run(());
        });
    });

    let reason_wrong = Signal::derive(move || {
        (wrong.get() && lacks_reason()).then(|| (words.errors.required_field)(words.manager.reason))
    });
    let note_field = if step.needs_reason() {
        view! { <TextAreaField label=words.manager.reason value=note error=reason_wrong max=MAX_NOTE_CHARS /> }.into_any()
    } else {
        view! { <TextAreaField label=words.manager.note value=note optional=true max=MAX_NOTE_CHARS /> }
            .into_any()
    };
    let unit_name = move || {
        let chosen = unit.with(|unit| choices::unit_id(unit));
        chosen.and_then(|id| Some(catalogue.county()?.unit_name(id).to_owned()))
    };
    let unit_field = move || {
        is_naming().then(|| {
            let missing = move || {
                (wrong.get() && lacks_unit()).then(|| {
                    view! { <p class="field-error" role="alert">{(words.errors.required_field)(words.manager.chosen_unit)}</p> }
                })
            };
            view! {
                <div class="stack-tight">
                    {move || unit_name().map(|name| view! { <p class="strong">{name}</p> })}
                    <Button kind=Kind::Quiet icon=Icon::Building full=true on_press=move |()| picking.set(true)>
                        {move || if unit.with(String::is_empty) { words.manager.choose_unit } else { words.manager.change_unit }}
                    </Button>
                    {missing}
                </div>
            }
        })
    };
    let rulings =
        vec![Choice::new("same", words.manager.rule_same), Choice::new("other", words.manager.rule_other)];
    let ruling_field = (step == StepKind::Rule).then(|| {
        view! {
            <ReturnReason issue_id=issue_id />
            <ChoiceField label=words.manager.rule_to choices=rulings value=ruling />
        }
    });
    let button = if step == StepKind::Void { Kind::Danger } else { Kind::Primary };
    view! {
        <div class="stack">
            <p class="strong">{about}</p>
            <p class="muted small">{help(step, words)}</p>
            {ruling_field}
            {unit_field}
            {note_field}
            {deed.refusal()}
            <Button kind=button full=true busy=deed.busy on_press=send>{names(step, words).0}</Button>
        </div>
    }
}

/// What the office hears when a step was taken.
fn taken(step: StepKind, words: &Words) -> &'static str {
    let words = &words.manager;
    match step {
        StepKind::Void => words.voided,
        StepKind::Fail => words.failed,
        StepKind::Pass => words.passed,
        StepKind::Rule => words.ruled,
        _ => words.assigned,
    }
}

/// Why the unit sent it back; it stands in the timeline only.
#[component]
fn ReturnReason(issue_id: IssueId) -> impl IntoView {
    let words = use_words();
    let load = Load::kept(move || api::issue::find(issue_id));
    load.view(move |issue| {
        let reason =
            issue.timeline.into_iter().rev().find(|entry| entry.what == "returned").map(|entry| entry.note);
        view! {
            <div class="quote">
                <p class="muted small">{words.manager.return_reason}</p>
                <p class="prose">{reason}</p>
            </div>
        }
        .into_any()
    })
}
