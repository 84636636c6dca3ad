//! Shapes on a photo: where they are, how they look, how they move.
//!
//! Lengths are thousandths of the photo's longer edge, as in `frontend/web/photo/shapes.js`, which draws the same into the
//! picture. What is saved says places as parts of width and height.

use serde::Serialize;

/// The length of an arrow's head.
const HEAD: f64 = 34.0;
/// The height of letters.
pub(super) const TEXT: f64 = 44.0;
/// What is shorter was no drawing but a touch.
const SHORTEST: f64 = 24.0;

/// What is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tool {
    /// A line with a head at its end.
    Arrow,
    /// The ellipse in the frame of two corners.
    Circle,
    /// Words, whose middle's left end is the first place.
    Text,
}

/// A place on the photo.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// One shape.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Shape {
    pub(super) tool: Tool,
    pub(super) from: Place,
    pub(super) to: Place,
    pub(super) text: String,
}

/// The photo's width and height.
pub(super) type Size = Place;

/// The size of a photo of so many pixels.
pub(super) fn size_of(width: u32, height: u32) -> Size {
    let unit = f64::from(width.max(height).max(1)) / 1000.0;
    Size { x: f64::from(width) / unit, y: f64::from(height) / unit }
}

impl Shape {
    /// A shape that begins and ends at one place.
    pub(super) const fn at(tool: Tool, place: Place) -> Self {
        Self { tool, from: place, to: place, text: String::new() }
    }

    /// A shape in the middle of the photo, for those who do not draw with a finger.
    pub(super) fn in_the_middle(tool: Tool, size: Size) -> Self {
        let around = |by: f64| Place { x: size.x / 2.0 + by, y: size.y / 2.0 + by };
        match tool {
            Tool::Text => Self::at(tool, around(0.0)),
            Tool::Arrow | Tool::Circle => {
                Self { tool, from: around(-100.0), to: around(100.0), text: String::new() }
            }
        }
    }

    /// Whether it is too small, or says too little, to have been meant.
    pub(super) fn is_nothing(&self) -> bool {
        match self.tool {
            Tool::Text => self.text.trim().is_empty(),
            Tool::Arrow | Tool::Circle => (self.to.x - self.from.x).hypot(self.to.y - self.from.y) < SHORTEST,
        }
    }

    /// Moves it as far as the photo's edge lets it.
    pub(super) fn shift(&mut self, by: Place, size: Size) {
        let (left, right) = (self.from.x.min(self.to.x), self.from.x.max(self.right()).max(self.to.x));
        let (top, bottom) = (self.from.y.min(self.to.y), self.from.y.max(self.to.y));
        let x = within(by.x, left, right, size.x);
        let y = within(by.y, top, bottom, size.y);
        for place in [&mut self.from, &mut self.to] {
            place.x += x;
            place.y += y;
        }
    }

    /// Moves its end.
    pub(super) fn stretch(&mut self, by: Place, size: Size) {
        self.to = Place { x: self.to.x + by.x, y: self.to.y + by.y }.inside(size);
    }

    /// Where its words end, near enough: Chinese is as wide as high, Latin little more than half.
    fn right(&self) -> f64 {
        let letters = self.text.chars().map(|letter| if letter.is_ascii() { 0.6 } else { 1.0 });
        self.from.x + TEXT * letters.sum::<f64>()
    }

    /// The strokes of an arrow or a circle, as an SVG path.
    pub(super) fn path(&self) -> String {
        let Self { from, to, .. } = self;
        match self.tool {
            Tool::Text => String::new(),
            Tool::Circle => {
                let (rx, ry) = ((to.x - from.x).abs() / 2.0, (to.y - from.y).abs() / 2.0);
                let (left, right, y) = (from.x.min(to.x), from.x.max(to.x), f64::midpoint(from.y, to.y));
                format!("M{left} {y}A{rx} {ry} 0 1 1 {right} {y}A{rx} {ry} 0 1 1 {left} {y}")
            }
            Tool::Arrow => {
                let angle = (to.y - from.y).atan2(to.x - from.x);
                let side = |turn: f64| {
                    let (sin, cos) = (angle + turn).sin_cos();
                    format!("M{} {}L{} {}", to.x, to.y, to.x - HEAD * cos, to.y - HEAD * sin)
                };
                let turn = std::f64::consts::FRAC_PI_6;
                format!("M{} {}L{} {}{}{}", from.x, from.y, to.x, to.y, side(turn), side(-turn))
            }
        }
    }
}

impl Place {
    /// The nearest place on the photo.
    pub(super) const fn inside(self, size: Size) -> Self {
        Self { x: self.x.clamp(0.0, size.x), y: self.y.clamp(0.0, size.y) }
    }
}

/// How far something from `low` to `high` may move so that it stays within `0..most`, or goes there.
fn within(by: f64, low: f64, high: f64, most: f64) -> f64 {
    by.min(most - high).max(-low)
}

/// What is handed on: places as parts of width and height.
#[derive(Serialize)]
struct Saved<'a> {
    kind: Tool,
    x1: f64,
    y1: f64,
    x2: f64,
    y2: f64,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
}

/// The shapes as JSON.
pub(super) fn saved(shapes: &[Shape], size: Size) -> String {
    let part = |it: f64, of: f64| (it / of * 10_000.0).round() / 10_000.0;
    let saved = shapes.iter().filter(|shape| !shape.is_nothing()).map(|shape| Saved {
        kind: shape.tool,
        x1: part(shape.from.x, size.x),
        y1: part(shape.from.y, size.y),
        x2: part(shape.to.x, size.x),
        y2: part(shape.to.y, size.y),
        text: shape.text.trim(),
    });
    serde_json::to_string(&saved.collect::<Vec<_>>()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Place, Shape, Tool, saved, size_of};

    #[test]
    fn places_are_saved_as_parts_of_width_and_height() {
        let size = size_of(2016, 1512);
        assert_eq!((size.x, size.y), (1000.0, 750.0));
        let mut arrow = Shape::at(Tool::Arrow, Place { x: 100.0, y: 75.0 });
        assert!(arrow.is_nothing());
        arrow.stretch(Place { x: 400.0, y: 10_000.0 }, size);
        let mut words = Shape::at(Tool::Text, Place { x: 500.0, y: 375.0 });
        words.text = " 占道 ".to_owned();
        let empty = Shape::at(Tool::Text, Place::default());
        assert_eq!(
            saved(&[arrow, words, empty], size),
            r#"[{"kind":"arrow","x1":0.1,"y1":0.1,"x2":0.5,"y2":1.0},{"kind":"text","x1":0.5,"y1":0.5,"x2":0.5,"y2":0.5,"text":"占道"}]"#
        );
    }

    #[test]
    fn nothing_leaves_the_photo() {
        let size = size_of(1000, 1000);
        let mut circle = Shape::in_the_middle(Tool::Circle, size);
        circle.shift(Place { x: 9000.0, y: -9000.0 }, size);
        assert_eq!((circle.from, circle.to), (Place { x: 800.0, y: 0.0 }, Place { x: 1000.0, y: 200.0 }));
        let mut words = Shape::at(Tool::Text, Place { x: 950.0, y: 10.0 });
        words.text = "四个字长".to_owned();
        words.shift(Place::default(), size);
        assert_eq!(words.from, Place { x: 824.0, y: 10.0 });
        words.text = "比照片还要长的一串字".repeat(5);
        words.shift(Place::default(), size);
        assert_eq!(words.from.x, 0.0);
    }
}
