//! What is being drawn: the shapes, which of them is chosen, and every step back.

use leptos::prelude::*;

use super::shape::{Place, Shape, Size, Tool, saved};

/// The most letters of a note on a photo.
pub(super) const LETTERS: u32 = 20;

/// What the finger is doing.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Drag {
    /// Drawing the last shape.
    New,
    /// Moving a shape, last seen at a place.
    Move(usize, Place),
}

/// A drawing in the making.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) tool: RwSignal<Tool>,
    pub(super) shapes: RwSignal<Vec<Shape>>,
    pub(super) chosen: RwSignal<Option<usize>>,
    pub(super) size: RwSignal<Size>,
    past: RwSignal<Vec<Vec<Shape>>>,
    drag: StoredValue<Option<Drag>>,
}

impl Board {
    pub(super) fn new() -> Self {
        Self {
            tool: RwSignal::new(Tool::Arrow),
            shapes: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(None),
            size: RwSignal::new(Size { x: 1000.0, y: 1000.0 }),
            past: RwSignal::new(Vec::new()),
            drag: StoredValue::new(None),
        }
    }

    /// Forgets everything.
    pub(super) fn reset(self) {
        self.shapes.set(Vec::new());
        self.past.set(Vec::new());
        self.chosen.set(None);
        self.drag.set_value(None);
    }

    fn remember(self) {
        self.past.update(|past| past.push(self.shapes.get_untracked()));
    }

    /// The words being written: those of a text that is chosen.
    pub(super) fn writing(self) -> Option<usize> {
        let at = self.chosen.get()?;
        self.shapes.with(|shapes| shapes.get(at).filter(|shape| shape.tool == Tool::Text).map(|_| at))
    }

    /// Writes words.
    pub(super) fn write(self, at: usize, text: String) {
        let size = self.size.get_untracked();
        self.change(at, |shape| {
            shape.text = text;
            // Longer words begin further left rather than leave the photo.
            shape.shift(Place::default(), size);
        });
    }

    /// Ends writing; a text without words is gone.
    pub(super) fn settle(self) {
        self.chosen.set(None);
        if self.shapes.with_untracked(|shapes| shapes.iter().any(Shape::is_nothing)) {
            self.shapes.update(|shapes| shapes.retain(|shape| !shape.is_nothing()));
        }
    }

    /// A finger on the photo: a new shape begins.
    pub(super) fn begin(self, place: Place) {
        self.settle();
        self.remember();
        let tool = self.tool.get_untracked();
        self.shapes.update(|shapes| shapes.push(Shape::at(tool, place)));
        self.drag.set_value(Some(Drag::New));
    }

    /// A finger on a shape: it is chosen, and may be moved.
    pub(super) fn grasp(self, at: usize, place: Place) {
        if self.chosen.get_untracked() != Some(at) {
            // A text without words is the last one, so that what comes before it keeps its number.
            self.settle();
            self.chosen.set(Some(at));
        }
        self.remember();
        self.drag.set_value(Some(Drag::Move(at, place)));
    }

    /// The finger has moved.
    pub(super) fn drag(self, place: Place) {
        let size = self.size.get_untracked();
        match self.drag.get_value() {
            None => {}
            Some(Drag::New) => {
                let last = self.shapes.with_untracked(Vec::len).saturating_sub(1);
                self.change(last, |shape| {
                    shape.to = place.inside(size);
                    if shape.tool == Tool::Text {
                        shape.from = shape.to;
                    }
                });
            }
            Some(Drag::Move(at, before)) => {
                self.drag.set_value(Some(Drag::Move(at, place)));
                let by = Place { x: place.x - before.x, y: place.y - before.y };
                self.change(at, |shape| shape.shift(by, size));
            }
        }
    }

    /// The finger has gone. A new text is chosen now, for phones bring their keyboard only for a press that has ended.
    pub(super) fn release(self) {
        let Some(drag) = self.drag.get_value() else { return };
        self.drag.set_value(None);
        let last = self.shapes.with_untracked(|shapes| shapes.last().map(|it| (it.tool, it.is_nothing())));
        match (drag, last) {
            (Drag::New, Some((Tool::Text, _))) => {
                self.chosen.set(self.shapes.with_untracked(Vec::len).checked_sub(1));
            }
            (Drag::New, Some((_, true))) => self.undo(),
            _ if self.is_as_before() => self.past.update(|past| drop(past.pop())),
            _ => {}
        }
    }

    fn is_as_before(self) -> bool {
        self.past.with_untracked(|past| {
            self.shapes.with_untracked(|shapes| past.last().is_some_and(|last| last == shapes))
        })
    }

    /// Adds a shape in the middle and chooses it.
    pub(super) fn add(self) {
        self.settle();
        self.remember();
        let shape = Shape::in_the_middle(self.tool.get_untracked(), self.size.get_untracked());
        let at = self.shapes.try_update(|shapes| {
            shapes.push(shape);
            shapes.len() - 1
        });
        self.chosen.set(at);
    }

    /// Moves the chosen shape, or its end; without one, the last.
    pub(super) fn nudge(self, by: Place, is_end: bool) {
        let size = self.size.get_untracked();
        let Some(last) = self.shapes.with_untracked(Vec::len).checked_sub(1) else { return };
        let at = self.chosen.get_untracked().unwrap_or(last);
        self.remember();
        self.chosen.set(Some(at));
        self.change(at, |shape| if is_end { shape.stretch(by, size) } else { shape.shift(by, size) });
    }

    /// Takes the chosen shape away; without one, the last.
    pub(super) fn remove(self) {
        let Some(last) = self.shapes.with_untracked(Vec::len).checked_sub(1) else { return };
        let at = self.chosen.get_untracked().unwrap_or(last).min(last);
        self.remember();
        self.chosen.set(None);
        self.shapes.update(|shapes| drop(shapes.remove(at)));
    }

    /// Takes all away.
    pub(super) fn clear(self) {
        if self.shapes.with_untracked(Vec::is_empty) {
            return;
        }
        self.remember();
        self.chosen.set(None);
        self.shapes.set(Vec::new());
    }

    /// One step back.
    pub(super) fn undo(self) {
        self.drag.set_value(None);
        self.chosen.set(None);
        if let Some(Some(before)) = self.past.try_update(Vec::pop) {
            self.shapes.set(before);
        }
    }

    /// Whether there is nothing to go back to.
    pub(super) fn is_fresh(self) -> bool {
        self.past.with(Vec::is_empty)
    }

    /// How many shapes there are.
    pub(super) fn count(self) -> usize {
        self.shapes.with(|shapes| shapes.iter().filter(|shape| !shape.is_nothing()).count())
    }

    /// What is handed on.
    pub(super) fn saved(self) -> String {
        self.shapes.with_untracked(|shapes| saved(shapes, self.size.get_untracked()))
    }

    fn change(self, at: usize, how: impl FnOnce(&mut Shape)) {
        self.shapes.update(|shapes| {
            if let Some(shape) = shapes.get_mut(at) {
                how(shape);
            }
        });
    }
}
