//! What the pictures are drawn with: a canvas seen through a slightly moved camera in some light, and repeatable dice.

use std::cell::Cell;
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Shader, Stroke, Transform,
};

/// A colour as `0xRRGGBB` and how much of it covers what lies below, 0–1.
#[derive(Clone, Copy)]
pub(super) struct Ink(u32, f32);

impl From<u32> for Ink {
    fn from(rgb: u32) -> Self {
        Self(rgb, 1.0)
    }
}

/// A colour that lets through what lies below.
pub(super) const fn sheer(rgb: u32, cover: f32) -> Ink {
    Ink(rgb, cover)
}

/// The three parts of `0xRRGGBB`, 0–1.
fn parts(rgb: u32) -> [f32; 3] {
    let [_, r, g, b] = rgb.to_be_bytes();
    [r, g, b].map(|part| f32::from(part) / 255.0)
}

/// `from` moved `percent` of the way (0–100) towards `to`.
pub(super) fn mix(from: u32, to: u32, percent: u32) -> u32 {
    let (from, to) = (from.to_be_bytes(), to.to_be_bytes());
    u32::from_be_bytes(std::array::from_fn(|at| {
        let sum = u32::from(from[at]) * (100 - percent.min(100)) + u32::from(to[at]) * percent.min(100);
        u8::try_from(sum / 100).unwrap_or(u8::MAX)
    }))
}

/// Where the photographer stood and what light there was.
pub(super) struct View {
    /// The camera: drawing coordinates to pixels.
    pub(super) camera: Transform,
    /// What the light multiplies red, green and blue by.
    pub(super) light: [f32; 3],
}

/// The picture being drawn. Scenes draw in 1200 × 900 and a margin of 120 around, which the camera may show.
pub(super) struct Canvas {
    pixmap: Pixmap,
    view: View,
}

impl Canvas {
    /// An empty canvas; `None` when a side is zero.
    pub(super) fn new(width: u32, height: u32, view: View) -> Option<Self> {
        Some(Self { pixmap: Pixmap::new(width, height)?, view })
    }

    /// The finished pixels, row by row.
    pub(super) fn into_rgb(self) -> Vec<u8> {
        // Everything is painted over with opaque colours, so the alpha in every fourth byte says nothing.
        let rgba = self.pixmap.data();
        let mut rgb = vec![0; rgba.len() / 4 * 3];
        for (to, from) in rgb.chunks_exact_mut(3).zip(rgba.chunks_exact(4)) {
            to.copy_from_slice(&from[..3]);
        }
        rgb
    }

    fn lit(&self, ink: Ink) -> Color {
        let rgb = parts(ink.0);
        let [r, g, b] = std::array::from_fn(|at| (rgb[at] * self.view.light[at]).clamp(0.0, 1.0));
        Color::from_rgba(r, g, b, ink.1.clamp(0.0, 1.0)).unwrap_or(Color::BLACK)
    }

    fn paint(&self, ink: Ink) -> Paint<'static> {
        Paint { shader: Shader::SolidColor(self.lit(ink)), anti_alias: true, ..Paint::default() }
    }

    fn fill(&mut self, path: Option<Path>, ink: Ink) {
        if let Some(path) = path {
            let paint = self.paint(ink);
            self.pixmap.fill_path(&path, &paint, FillRule::Winding, self.view.camera, None);
        }
    }

    /// A rectangle that changes from `top` to `bottom`, in bands: a shader for true gradients costs as much as all the rest.
    pub(super) fn fade(&mut self, (x, y, w, h): (f32, f32, f32, f32), top: u32, bottom: u32) {
        const BANDS: u16 = 33;
        let band = h / f32::from(BANDS);
        for at in 0..BANDS {
            // Bands overlap a little, or the edges of a turned camera would let the ground shine through.
            let colour = mix(top, bottom, u32::from(at) * 100 / u32::from(BANDS - 1));
            self.rect(x, y + f32::from(at) * band, w, (band + 3.0).min(h - f32::from(at) * band), colour);
        }
    }

    pub(super) fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, ink: impl Into<Ink>) {
        self.fill(Rect::from_xywh(x, y, w, h).map(PathBuilder::from_rect), ink.into());
    }

    pub(super) fn oval(&mut self, cx: f32, cy: f32, rx: f32, ry: f32, ink: impl Into<Ink>) {
        let bounds = Rect::from_xywh(cx - rx, cy - ry, rx * 2.0, ry * 2.0);
        self.fill(bounds.and_then(PathBuilder::from_oval), ink.into());
    }

    /// A rectangle with corners rounded by `r`.
    pub(super) fn round(&mut self, (x, y, w, h): (f32, f32, f32, f32), r: f32, ink: impl Into<Ink>) {
        let mut path = PathBuilder::new();
        path.move_to(x + r, y);
        path.line_to(x + w - r, y);
        path.quad_to(x + w, y, x + w, y + r);
        path.line_to(x + w, y + h - r);
        path.quad_to(x + w, y + h, x + w - r, y + h);
        path.line_to(x + r, y + h);
        path.quad_to(x, y + h, x, y + h - r);
        path.line_to(x, y + r);
        path.quad_to(x, y, x + r, y);
        path.close();
        self.fill(path.finish(), ink.into());
    }

    pub(super) fn poly(&mut self, points: &[(f32, f32)], ink: impl Into<Ink>) {
        let mut path = PathBuilder::new();
        for (at, &(x, y)) in points.iter().enumerate() {
            if at == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        path.close();
        self.fill(path.finish(), ink.into());
    }

    fn stroke(&mut self, path: Option<Path>, width: f32, ink: Ink) {
        if let Some(path) = path {
            let stroke =
                Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
            let paint = self.paint(ink);
            self.pixmap.stroke_path(&path, &paint, &stroke, self.view.camera, None);
        }
    }

    pub(super) fn line(&mut self, points: &[(f32, f32)], width: f32, ink: impl Into<Ink>) {
        let mut path = PathBuilder::new();
        for (at, &(x, y)) in points.iter().enumerate() {
            if at == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        self.stroke(path.finish(), width, ink.into());
    }

    pub(super) fn ring(&mut self, cx: f32, cy: f32, r: f32, width: f32, ink: impl Into<Ink>) {
        self.stroke(PathBuilder::from_circle(cx, cy, r), width, ink.into());
    }

    /// A line from one point to another that hangs through by `sag`.
    pub(super) fn hang(
        &mut self,
        from: (f32, f32),
        to: (f32, f32),
        sag: f32,
        width: f32,
        ink: impl Into<Ink>,
    ) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0 + sag * 2.0);
        path.quad_to(middle.0, middle.1, to.0, to.1);
        self.stroke(path.finish(), width, ink.into());
    }

    /// Draws with everything turned by `degrees` around a point.
    pub(super) fn turned(&mut self, degrees: f32, (x, y): (f32, f32), draw: impl FnOnce(&mut Self)) {
        let before = self.view.camera;
        self.view.camera = before.pre_concat(Transform::from_rotate_at(degrees, x, y));
        draw(self);
        self.view.camera = before;
    }
}

/// Repeatable chance (SplitMix64): the same seed always draws the same picture. Thrown through a shared reference, so that
/// several throws fit into one call.
pub(super) struct Dice(Cell<u64>);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    fn next(&self) -> u64 {
        let mut bits = self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0.set(bits);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// Between `low` and `high`.
    pub(super) fn between(&self, low: f32, high: f32) -> f32 {
        let share = (self.next() >> 40) as f32 / (1_u32 << 24) as f32;
        low + (high - low) * share
    }

    /// True `percent` times in a hundred.
    pub(super) fn chance(&self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// A whole number from `low` up to and with `high`.
    pub(super) fn count(&self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// One of several.
    pub(super) fn pick<T: Copy>(&self, from: &[T]) -> T {
        let at = usize::try_from(self.next() % from.len() as u64).unwrap_or(0);
        from[at]
    }
}
