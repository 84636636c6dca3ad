//! Things that stand in more than one scene: sky and houses, trees, rubbish, boxes, plants, bicycles.

use super::brush::{Canvas, Dice, mix, sheer};

/// Wall colours of an ordinary street.
const WALLS: [u32; 8] = [0xE6D3B3, 0xD9B99B, 0xC9D2D6, 0xE8DFC8, 0xB9C7B5, 0xD8C2C0, 0xCFC6DA, 0xF0E6D2];
/// Shop signs and awnings.
pub(super) const SIGNS: [u32; 7] = [0xC0392B, 0x2471A3, 0x1E8449, 0xD68910, 0x7D3C98, 0x117A65, 0xB03A5B];

/// Sky down to `horizon` and a row of houses standing on it.
pub(super) fn town(canvas: &mut Canvas, dice: &Dice, horizon: f32) {
    let sky =
        dice.pick(&[(0x7FB6E6, 0xDCEBF5), (0x9CC3DE, 0xF3EBDD), (0xB7C3CC, 0xE3E6E8), (0x86A9D9, 0xF6DDC5)]);
    canvas.fade((-120.0, -120.0, 1440.0, horizon + 120.0), sky.0, sky.1);
    for _ in 0..dice.count(1, 3) {
        let (x, y) = (dice.between(0.0, 1200.0), dice.between(10.0, 140.0));
        for (dx, r) in [(-50.0, 26.0), (0.0, 38.0), (48.0, 28.0)] {
            canvas.oval(x + dx, y, r * 1.5, r * 0.7, sheer(0xFFFFFF, 0.7));
        }
    }
    let mut x = -140.0;
    while x < 1340.0 {
        let (width, height) = (dice.between(150.0, 330.0), dice.between(170.0, horizon + 40.0));
        house(canvas, dice, (x, horizon - height, width, height));
        x += width + dice.pick(&[0.0, 0.0, 6.0, 70.0]);
    }
}

fn house(canvas: &mut Canvas, dice: &Dice, (x, y, w, h): (f32, f32, f32, f32)) {
    let wall = dice.pick(&WALLS);
    canvas.rect(x, y, w, h, wall);
    canvas.rect(x, y, w, 12.0, mix(wall, 0x000000, 25));
    canvas.rect(x + w - 14.0, y, 14.0, h, sheer(0x000000, 0.08));
    let (glass, step) = (dice.pick(&[0x6F8FA6, 0x8AA7B8, 0x54707F]), dice.between(56.0, 78.0));
    let mut row = y + 34.0;
    while row < y + h - 150.0 {
        let mut column = x + 20.0;
        while column < x + w - 48.0 {
            canvas.rect(column, row, 36.0, 44.0, 0xF7F4EC);
            canvas.rect(column + 4.0, row + 4.0, 28.0, 36.0, glass);
            column += step;
        }
        row += step + 14.0;
    }
    // The shop on the ground floor.
    let sign = dice.pick(&SIGNS);
    let shop = y + h - 118.0;
    canvas.rect(x + 8.0, shop, w - 16.0, 34.0, sign);
    script(canvas, dice, (x + 24.0, shop + 8.0), 18.0, w - 60.0, 0xFDF6E3);
    canvas.rect(x + 14.0, shop + 38.0, w - 28.0, 80.0, 0x5B6B73);
    canvas.rect(x + 22.0, shop + 46.0, w * 0.52, 62.0, 0xA9C6CF);
    canvas.rect(x + w * 0.68, shop + 46.0, w * 0.2, 72.0, 0x3F4A50);
}

/// A run of square signs that reads as writing from a distance.
pub(super) fn script(canvas: &mut Canvas, dice: &Dice, (x, y): (f32, f32), size: f32, width: f32, ink: u32) {
    let stroke = (size / 8.0).max(1.0);
    let mut at = x;
    while at + size <= x + width {
        canvas.rect(at, y + size * dice.between(0.1, 0.3), size * 0.9, stroke, ink);
        canvas.rect(at, y + size * dice.between(0.55, 0.8), size * 0.9, stroke, ink);
        canvas.rect(at + size * dice.between(0.2, 0.6), y, stroke, size, ink);
        if dice.chance(60) {
            canvas.rect(at + size * 0.1, y + size * 0.3, stroke, size * 0.5, ink);
        }
        at += size * 1.3;
    }
}

/// A street tree with its foot at (`x`, `y`).
pub(super) fn tree(canvas: &mut Canvas, dice: &Dice, x: f32, y: f32, height: f32) {
    let leaf = dice.pick(&[0x3E7D3A, 0x5A8F3C, 0x2F6B45, 0x7E9A3A, 0xB08A2E]);
    canvas.oval(x, y, height * 0.22, height * 0.03, sheer(0x000000, 0.25));
    canvas.poly(
        &[
            (x - height * 0.035, y),
            (x + height * 0.035, y),
            (x + height * 0.02, y - height * 0.6),
            (x - height * 0.02, y - height * 0.6),
        ],
        0x6B4F35,
    );
    for (dx, dy, r) in [(-0.16, 0.62, 0.17), (0.15, 0.64, 0.18), (0.0, 0.78, 0.2), (-0.05, 0.6, 0.16)] {
        let shade = mix(leaf, if dy > 0.7 { 0xFFFFFF } else { 0x000000 }, 12);
        let r = r * height * dice.between(0.9, 1.15);
        canvas.oval(x + dx * height, y - dy * height, r, r * 0.9, shade);
    }
}

/// Paper, peel and bottles scattered over (`x`, `y`, `w`, `h`).
pub(super) fn litter(canvas: &mut Canvas, dice: &Dice, (x, y, w, h): (f32, f32, f32, f32), pieces: u64) {
    for _ in 0..pieces {
        let (px, py) = (x + dice.between(0.0, w), y + dice.between(0.0, h));
        // What lies nearer is larger.
        let size = 9.0 + 20.0 * (py - 450.0).max(0.0) / 450.0;
        let tilt = dice.between(0.0, 180.0);
        let kind = dice.count(0, 4);
        let paper = dice.pick(&[0xF5F2E9, 0xFFFFFF, 0xE8D9B0, 0xE9C7C0, 0xBFD8EE]);
        canvas.oval(px + 2.0, py + size * 0.4, size * 1.1, size * 0.35, sheer(0x000000, 0.22));
        canvas.turned(tilt, (px, py), |canvas| match kind {
            0 => canvas.oval(px, py, size, size * 0.35, 0x5E9440),
            1 => {
                canvas.round((px - size, py - size * 0.3, size * 1.7, size * 0.6), size * 0.25, 0x79B7C9);
                canvas.rect(px + size * 0.6, py - size * 0.15, size * 0.4, size * 0.3, 0x2D6FA8);
            }
            2 => canvas.oval(px, py, size * 0.8, size * 0.5, 0xD9822B),
            _ => canvas.poly(
                &[
                    (px - size, py - size * 0.5),
                    (px + size * 0.7, py - size * 0.7),
                    (px + size, py + size * 0.5),
                    (px - size * 0.6, py + size * 0.6),
                ],
                paper,
            ),
        });
    }
}

/// A tied rubbish bag standing on (`x`, `y`).
pub(super) fn bag(canvas: &mut Canvas, dice: &Dice, x: f32, y: f32, size: f32) {
    let skin = dice.pick(&[0x2B2B2E, 0x3A3D45, 0xC9463A, 0xE9E6DD, 0x34679A]);
    canvas.oval(x, y, size * 0.8, size * 0.14, sheer(0x000000, 0.3));
    canvas.oval(x, y - size * 0.4, size * 0.62, size * 0.45, skin);
    canvas.oval(x - size * 0.2, y - size * 0.5, size * 0.2, size * 0.16, sheer(0xFFFFFF, 0.18));
    canvas.poly(
        &[
            (x - size * 0.12, y - size * 0.78),
            (x + size * 0.12, y - size * 0.78),
            (x + size * 0.22, y - size * 1.02),
            (x - size * 0.2, y - size * 1.0),
        ],
        skin,
    );
}

/// A cardboard box whose lower left corner stands on (`x`, `y`).
pub(super) fn carton(canvas: &mut Canvas, dice: &Dice, x: f32, y: f32, w: f32, h: f32) {
    let card = dice.pick(&[0xC59A63, 0xB48550, 0xD3AE7B, 0xA97C4C]);
    canvas.rect(x, y - h, w, h, card);
    canvas.poly(
        &[(x + w, y - h), (x + w * 1.18, y - h * 1.14), (x + w * 1.18, y - h * 0.16), (x + w, y)],
        mix(card, 0x000000, 28),
    );
    canvas.poly(
        &[(x, y - h), (x + w * 0.18, y - h * 1.14), (x + w * 1.18, y - h * 1.14), (x + w, y - h)],
        mix(card, 0xFFFFFF, 25),
    );
    canvas.rect(x + w * 0.44, y - h, w * 0.12, h, sheer(0xE9DCC0, 0.7));
    script(canvas, dice, (x + w * 0.1, y - h * 0.4), h * 0.14, w * 0.3, 0x6B4A28);
}

/// A plant in a pot whose foot is at (`x`, `y`).
pub(super) fn plant(canvas: &mut Canvas, dice: &Dice, x: f32, y: f32, size: f32) {
    canvas.oval(x, y, size * 0.4, size * 0.07, sheer(0x000000, 0.25));
    let leaf = dice.pick(&[0x3C8D4F, 0x4FA05A, 0x2E7B57]);
    for lean in [-60.0_f32, -35.0, -12.0, 12.0, 35.0, 60.0] {
        canvas.turned(lean, (x, y - size * 0.4), |canvas| {
            canvas.oval(x, y - size * 0.75, size * 0.1, size * 0.38, leaf);
        });
    }
    canvas.poly(
        &[
            (x - size * 0.26, y - size * 0.42),
            (x + size * 0.26, y - size * 0.42),
            (x + size * 0.19, y),
            (x - size * 0.19, y),
        ],
        0xB5633C,
    );
}

/// A bicycle seen from the side, its wheels standing on (`x`, `y`).
pub(super) fn bicycle(canvas: &mut Canvas, x: f32, y: f32, size: f32, paint: u32) {
    let r = size * 0.27;
    let (back, front) = ((x - size * 0.42, y - r), (x + size * 0.42, y - r));
    canvas.oval(x, y, size * 0.72, size * 0.06, sheer(0x000000, 0.25));
    for (cx, cy) in [back, front] {
        canvas.ring(cx, cy, r, size * 0.045, 0x25282B);
        canvas.ring(cx, cy, r * 0.45, size * 0.012, 0x9AA2A8);
        canvas.oval(cx, cy, size * 0.035, size * 0.035, 0x9AA2A8);
    }
    let (seat, pedal, head) =
        ((x - size * 0.16, y - size * 0.66), (x - size * 0.04, y - r), (x + size * 0.3, y - size * 0.68));
    canvas.line(&[back, pedal, (seat.0 + 2.0, seat.1), back], size * 0.045, paint);
    canvas.line(
        &[pedal, (head.0, head.1 + size * 0.08), (seat.0 + size * 0.02, seat.1 + size * 0.12)],
        size * 0.045,
        paint,
    );
    canvas.line(
        &[
            front,
            head,
            (head.0 - size * 0.02, head.1 - size * 0.1),
            (head.0 + size * 0.1, head.1 - size * 0.13),
        ],
        size * 0.04,
        0x3A3F44,
    );
    canvas.round(
        (seat.0 - size * 0.1, seat.1 - size * 0.05, size * 0.22, size * 0.06),
        size * 0.03,
        0x202224,
    );
    canvas.poly(
        &[
            (front.0 - size * 0.02, head.1 + size * 0.02),
            (front.0 + size * 0.2, head.1 + size * 0.02),
            (front.0 + size * 0.17, head.1 + size * 0.2),
            (front.0 + size * 0.01, head.1 + size * 0.2),
        ],
        mix(paint, 0xFFFFFF, 45),
    );
}

/// Square slabs from `top` to the lower edge, drawn together towards the back.
pub(super) fn slabs(canvas: &mut Canvas, top: f32, stone: u32) {
    canvas.fade((-120.0, top, 1440.0, 1020.0 - top), mix(stone, 0x000000, 8), stone);
    let joint = sheer(0x000000, 0.12);
    for step in -14..=14_i16 {
        let lean = f32::from(step);
        canvas.line(&[(600.0 + lean * 55.0, top), (600.0 + lean * 170.0, 1020.0)], 2.0, joint);
    }
    let (mut y, mut gap) = (top, 14.0);
    while y < 1020.0 {
        canvas.line(&[(-120.0, y), (1320.0, y)], 2.0, joint);
        y += gap;
        gap *= 1.35;
    }
}
