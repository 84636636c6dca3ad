//! Drawing on a photo: arrows, circles and words that say what to look at.
//!
//! The photo itself is not touched; the shapes are handed on, to be drawn into a copy.

mod board;
mod shape;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlImageElement};

use self::board::{Board, LETTERS};
use self::shape::{Place, Shape, TEXT, Tool, size_of};
use super::button::{Button, IconButton, Kind};
use super::icon::{Icon, icon};
use super::sheet::show;
use crate::words::{Words, use_words};

/// How far an arrow key moves a shape.
const STEP: f64 = 20.0;

/// The drawing board over the whole screen.
#[component]
pub fn Drawing(
    /// Whether it is shown; "cancel", "save" and Escape set it to false.
    open: RwSignal<bool>,
    /// The address of the photo.
    #[prop(into)]
    src: Signal<String>,
    /// Takes the shapes as JSON, for `draw` in `frontend/web/photo/page.js`. Not called when nothing was drawn.
    on_save: Callback<String>,
) -> impl IntoView {
    let words = use_words();
    let dialog = NodeRef::<Dialog>::new();
    let field = NodeRef::<Input>::new();
    let board = Board::new();
    Effect::new(move || {
        let (Some(dialog), open) = (dialog.get(), open.get()) else { return };
        show(&dialog, open);
        if open {
            board.reset();
        }
    });
    // The words are asked for as soon as there is a place for them.
    Effect::new(move || {
        if let (Some(field), Some(_)) = (field.get(), board.writing()) {
            // A field that cannot take the focus is still there to be pressed.
            let _ = field.focus();
        }
    });
    let save = move |()| {
        board.settle();
        if board.count() > 0 {
            on_save.run(board.saved());
        }
        open.set(false);
    };
    // Escape ends the writing first.
    let cancel = move |event: web_sys::Event| {
        if board.writing().is_some() {
            event.prevent_default();
            board.settle();
        }
    };
    let measured = move |event: web_sys::Event| {
        let image: HtmlImageElement = event_target(&event);
        board.size.set(size_of(image.natural_width(), image.natural_height()));
    };
    let writer = move || {
        let at = board.writing()?;
        Some(view! {
            <form
                class="drawing-write"
                on:submit=move |event| {
                    event.prevent_default();
                    board.settle();
                }
            >
                <input
                    node_ref=field
                    class="input"
                    aria-label=words.camera.write
                    placeholder=words.camera.write
                    maxlength=LETTERS.to_string()
                    autocomplete="off"
                    enterkeyhint="done"
                    prop:value=move || board.shapes.with(|shapes| shapes.get(at).map(|shape| shape.text.clone()))
                    on:input:target=move |event| board.write(at, event.target().value())
                />
                <Button submit=true>{words.common.done}</Button>
            </form>
        })
    };
    // Compared first, or every letter would build the field anew under the keyboard.
    let writing = Memo::new(move |_| board.writing());
    let writer = move || writing.get().and_then(|_| untrack(writer));
    let hint = move || match board.tool.get() {
        Tool::Arrow => words.camera.drag_arrow,
        Tool::Circle => words.camera.drag_circle,
        Tool::Text => words.camera.tap_text,
    };
    let heading = super::fresh_id("drawing");
    let labelled = heading.clone();
    let keys = super::fresh_id("drawing-keys");
    view! {
        <dialog
            node_ref=dialog
            class="drawing dark"
            aria-labelledby=labelled
            on:cancel=cancel
            on:close=move |_| open.set(false)
        >
            <header class="drawing-bar">
                <Button kind=Kind::Quiet on_press=move |()| open.set(false)>{words.common.cancel}</Button>
                <h2 id=heading>{words.camera.draw}</h2>
                <Button on_press=save disabled=Signal::derive(move || board.count() == 0)>{words.common.save}</Button>
            </header>
            // Its size is known from here; it is seen inside the drawing.
            <img src=src alt="" hidden on:load=measured />
            {paper(board, src, words, keys.clone())}
            <div class="drawing-tray">
                <div class="drawing-say">
                    {writer}
                    <p class="small muted" hidden=move || writing.get().is_some()>{hint}</p>
                    <p class="small muted drawing-keys" id=keys>{words.camera.keys}</p>
                </div>
                <p class="sr-only" role="status">{move || (words.camera.drawn)(board.count())}</p>
                <div class="drawing-tools">
                    {tool(board, Tool::Arrow, Icon::Arrow, words.camera.arrow)}
                    {tool(board, Tool::Circle, Icon::Circle, words.camera.circle)}
                    {tool(board, Tool::Text, Icon::Letters, words.camera.text)}
                    <span class="drawing-gap"></span>
                    <span class:is-off=move || board.is_fresh()>
                        <IconButton icon=Icon::Undo label=words.camera.undo on_press=move |()| board.undo() />
                    </span>
                    <span class:is-off=move || board.count() == 0>
                        <IconButton icon=Icon::Trash label=words.common.clear on_press=move |()| board.clear() />
                    </span>
                </div>
            </div>
        </dialog>
    }
}

fn tool(board: Board, tool: Tool, drawing: Icon, name: &'static str) -> AnyView {
    let press = move |_| {
        board.settle();
        board.tool.set(tool);
    };
    view! {
        <button
            type="button"
            class="drawing-tool"
            aria-pressed=move || (board.tool.get() == tool).to_string()
            on:click=press
        >
            {icon(drawing)}
            <span>{name}</span>
        </button>
    }
    .into_any()
}

/// The photo with what is drawn on it.
fn paper(board: Board, src: Signal<String>, words: &'static Words, keys: String) -> AnyView {
    let down = move |event: PointerEvent| {
        if let Some(place) = pressed(&event, board) {
            board.begin(place);
        }
    };
    let moved = move |event: PointerEvent| {
        if event.is_primary() {
            board.drag(place(&event, board));
        }
    };
    let up = move |event: PointerEvent| {
        if event.is_primary() {
            board.release();
        }
    };
    // The system took the finger for a gesture of its own.
    let gone = move |event: PointerEvent| {
        if event.is_primary() {
            board.undo();
        }
    };
    let key = move |event: KeyboardEvent| {
        let step = |x: f64, y: f64| board.nudge(Place { x: x * STEP, y: y * STEP }, event.shift_key());
        match event.key().as_str() {
            "Enter" | " " => board.add(),
            "ArrowLeft" => step(-1.0, 0.0),
            "ArrowRight" => step(1.0, 0.0),
            "ArrowUp" => step(0.0, -1.0),
            "ArrowDown" => step(0.0, 1.0),
            "Delete" | "Backspace" => board.remove(),
            _ => return,
        }
        event.prevent_default();
    };
    let shapes = move || {
        let chosen = board.chosen.get();
        let shapes = board.shapes.get();
        shapes
            .into_iter()
            .enumerate()
            .map(|(at, it)| shape(board, at, &it, chosen == Some(at)))
            .collect::<Vec<_>>()
    };
    view! {
        <svg
            class="drawing-paper"
            viewBox=move || board.size.with(|size| format!("0 0 {} {}", size.x, size.y))
            tabindex="0"
            autofocus
            role="application"
            aria-label=words.camera.draw
            aria-describedby=keys
            // Or the press would take the focus from the field it has just brought.
            on:mousedown=|event| event.prevent_default()
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=gone
            on:keydown=key
        >
            <image
                href=src
                width=move || board.size.with(|size| size.x.to_string())
                height=move || board.size.with(|size| size.y.to_string())
            />
            {shapes}
        </svg>
    }
    .into_any()
}

fn shape(board: Board, at: usize, shape: &Shape, is_chosen: bool) -> AnyView {
    let grasp = move |event: PointerEvent| {
        event.stop_propagation();
        if let Some(place) = pressed(&event, board) {
            board.grasp(at, place);
        }
    };
    let marks = if shape.tool == Tool::Text {
        let (x, y) = (shape.from.x.to_string(), shape.from.y.to_string());
        view! { <text x=x y=y font-size=TEXT.to_string()>{shape.text.clone()}</text> }.into_any()
    } else {
        let path = shape.path();
        view! {
            <path class="drawing-reach" d=path.clone() />
            <path class="drawing-edge" d=path.clone() />
            <path class="drawing-line" d=path />
        }
        .into_any()
    };
    view! { <g class="drawing-shape" class:is-chosen=is_chosen on:pointerdown=grasp>{marks}</g> }.into_any()
}

/// Where the first finger, or the mouse's first button, came down; the paper follows it until it goes.
fn pressed(event: &PointerEvent, board: Board) -> Option<Place> {
    if !event.is_primary() || event.button() != 0 {
        return None;
    }
    // Refused only for a finger that has gone already.
    let _ = paper_of(event)?.set_pointer_capture(event.pointer_id());
    Some(place(event, board))
}

fn paper_of(event: &PointerEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("svg").ok()?
}

/// Where on the photo an event is; the photo lies in the middle of the paper, as large as fits.
fn place(event: &PointerEvent, board: Board) -> Place {
    let size = board.size.get_untracked();
    let Some(paper) = paper_of(event) else { return Place::default() };
    let frame = paper.get_bounding_client_rect();
    let scale = (frame.width() / size.x).min(frame.height() / size.y);
    let x = f64::from(event.client_x()) - frame.left() - (frame.width() - size.x * scale) / 2.0;
    let y = f64::from(event.client_y()) - frame.top() - (frame.height() - size.y * scale) / 2.0;
    Place { x: x / scale, y: y / scale }.inside(size)
}
