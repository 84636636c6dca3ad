//! Scenes of things on show: stalls of a market hall, and the notice board.

use super::brush::{Canvas, Dice, mix, sheer};
use super::props::{SIGNS, bag, carton, litter, plant, script, slabs};

/// A market hall with goods and rubbish in the aisle, or clear.
pub(super) fn market(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let back = place.between(330.0, 390.0);
    canvas.fade(
        (-120.0, -120.0, 1440.0, back + 140.0),
        0x8E9AA0,
        place.pick(&[0xDDD9CC, 0xCFD8DB, 0xE3D7C4]),
    );
    for truss in 0..6_u8 {
        let x = -100.0 + f32::from(truss) * place.between(240.0, 275.0);
        canvas.line(&[(x, -110.0), (x + 130.0, 70.0), (x + 260.0, -110.0)], 10.0, 0x6C777D);
        canvas.oval(x + 130.0, 96.0, 46.0, 22.0, 0xFFF3C4);
    }
    canvas.rect(-120.0, 66.0, 1440.0, 10.0, 0x6C777D);
    slabs(canvas, back, place.pick(&[0xB9B6AD, 0xA7ADA9, 0xC2B39F]));
    let (stalls, width) = (place.count(2, 3), place.between(430.0, 560.0));
    let (left, top) = (place.between(-100.0, 10.0), place.between(560.0, 620.0));
    for stall in 0..stalls {
        counter(canvas, place, (left + stall as f32 * width, top, width - 50.0));
    }
    let line = top + 130.0;
    canvas.line(&[(-120.0, line), (1320.0, line)], 10.0, 0xF3CE3E);
    if after {
        return;
    }
    canvas.oval(mess.between(300.0, 900.0), line + 90.0, 270.0, 46.0, sheer(0x4C5B60, 0.5));
    for _ in 0..3 {
        let x = mess.between(-40.0, 1080.0);
        carton(canvas, mess, x, line + mess.between(40.0, 130.0), 130.0, 96.0);
    }
    bag(canvas, mess, left + 560.0, line + 70.0, 130.0);
    litter(canvas, mess, (0.0, line + 10.0, 1200.0, 150.0), 34);
}

/// One stall: an awning, scales and heaps of vegetables.
fn counter(canvas: &mut Canvas, place: &Dice, (x, y, w): (f32, f32, f32)) {
    let cloth = place.pick(&SIGNS);
    for foot in [x + 8.0, x + w - 20.0] {
        canvas.rect(foot, y - 330.0, 12.0, 420.0, 0x8A8F91);
    }
    canvas.rect(x + 30.0, y - 420.0, w - 60.0, 70.0, cloth);
    script(canvas, place, (x + 60.0, y - 406.0), 42.0, w - 110.0, 0xFFF8E1);
    let stripe = w / 9.0;
    for band in 0..9_u8 {
        let bx = x + f32::from(band) * stripe;
        let tint = if band % 2 == 0 { cloth } else { 0xF8F3E6 };
        canvas.poly(
            &[
                (bx + 14.0, y - 340.0),
                (bx + stripe + 14.0, y - 340.0),
                (bx + stripe, y - 262.0),
                (bx + stripe * 0.5, y - 246.0),
                (bx, y - 262.0),
            ],
            tint,
        );
    }
    canvas.rect(x, y, w, 100.0, 0xE9E9E4);
    for tile in 1..10_u8 {
        canvas.rect(x + f32::from(tile) * w / 10.0, y, 3.0, 100.0, 0xC4C7C3);
    }
    canvas.rect(x - 8.0, y - 16.0, w + 16.0, 22.0, 0xA9B0B0);
    let goods: [u32; 8] = [0xD8432F, 0x4C9A3A, 0xF0A030, 0x7B3F98, 0xE8D44D, 0xB5D06A, 0xF4F1E6, 0xC96A2B];
    let heaps = place.count(4, 5);
    let step = (w - 40.0) / heaps as f32;
    for heap in 0..heaps {
        let (hx, tint) = (x + 20.0 + heap as f32 * step, place.pick(&goods));
        for (row, many) in [(0_u8, 5_u8), (1, 4), (2, 3), (3, 2)] {
            for at in 0..many {
                let px = hx + step * 0.5 + (f32::from(at) - f32::from(many - 1) / 2.0) * step * 0.19;
                let shade = mix(tint, 0x000000, u32::from(at % 3) * 9);
                canvas.oval(px, y - 30.0 - f32::from(row) * 22.0, step * 0.12, 17.0, shade);
            }
        }
        canvas.rect(hx + step * 0.3, y - 150.0, step * 0.36, 34.0, 0xFFFDF2);
        script(canvas, place, (hx + step * 0.34, y - 143.0), 18.0, step * 0.28, 0xB3261E);
    }
}

/// A notice board torn and faded, or renewed.
pub(super) fn board(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let (paint, foot) = (place.pick(&[0xDCD5C4, 0xC9D4D4, 0xE6D2C2, 0xCDD3BE]), place.between(750.0, 810.0));
    canvas.fade((-120.0, -120.0, 1440.0, foot + 120.0), mix(paint, 0xFFFFFF, 30), paint);
    slabs(canvas, foot, 0xB3ACA0);
    let (x, y, w, h) = (
        place.between(100.0, 210.0),
        place.between(130.0, 200.0),
        place.between(780.0, 900.0),
        place.between(430.0, 500.0),
    );
    let frame = place.pick(&[0xA5271F, 0x8C5A2B, 0x2F6A8E, 0x3B6E4F]);
    for post in [x + 60.0, x + w - 90.0] {
        canvas.rect(post, y, 30.0, foot - y + 20.0, mix(frame, 0x000000, 30));
    }
    canvas.poly(
        &[(x - 50.0, y - 20.0), (x + w + 50.0, y - 20.0), (x + w - 20.0, y - 86.0), (x + 20.0, y - 86.0)],
        frame,
    );
    canvas.rect(x - 20.0, y - 20.0, w + 40.0, h + 40.0, frame);
    canvas.rect(x, y, w, h, if after { 0xFDFBF5 } else { 0xDAD5C6 });
    let fade = if after { 0 } else { 58 };
    canvas.rect(x, y, w, 74.0, mix(0xC62F26, 0xD8CFBF, fade));
    script(canvas, place, (x + w * 0.26, y + 14.0), 46.0, w * 0.5, 0xFFF2C9);
    let (columns, top) = (place.count(2, 4), y + 96.0);
    let cell = (w - 20.0) / columns as f32;
    for column in 0..columns {
        let (cx, tint) = (x + 20.0 + column as f32 * cell, mix(place.pick(&SIGNS), 0xD8CFBF, fade));
        let (cw, ch) = (cell - 20.0, h - 120.0);
        let tilt = if after { 0.0 } else { mess.between(-3.0, 4.0) };
        canvas.turned(tilt, (cx, top), |canvas| {
            canvas.rect(cx, top, cw, ch, mix(0xF4EEDC, tint, 12));
            canvas.fade((cx + 14.0, top + 14.0, cw - 28.0, ch * 0.42), mix(tint, 0xFFFFFF, 70), tint);
            canvas.oval(cx + cw * 0.72, top + ch * 0.16, 24.0, 24.0, mix(0xF6C445, 0xD8CFBF, fade));
            canvas.poly(
                &[
                    (cx + 14.0, top + 14.0 + ch * 0.42),
                    (cx + cw * 0.36, top + ch * 0.2),
                    (cx + cw * 0.6, top + 14.0 + ch * 0.42),
                ],
                mix(tint, 0x000000, 25),
            );
            for row in 0..4_u8 {
                script(
                    canvas,
                    place,
                    (cx + 18.0, top + ch * (0.54 + 0.11 * f32::from(row))),
                    17.0,
                    cw - 36.0,
                    mix(0x4A4A48, 0xD8CFBF, fade / 2),
                );
            }
            if !after {
                let rip = mess.between(0.25, 0.5);
                canvas.poly(
                    &[
                        (cx + cw, top + ch),
                        (cx + cw * (1.0 - rip), top + ch),
                        (cx + cw * 0.9, top + ch * 0.8),
                        (cx + cw, top + ch * (1.0 - rip)),
                    ],
                    0xB9B3A3,
                );
                canvas.poly(
                    &[
                        (cx + cw * (1.0 - rip), top + ch),
                        (cx + cw * 0.9, top + ch * 0.8),
                        (cx + cw * 0.8, top + ch * 1.09),
                    ],
                    0xFFFDF4,
                );
            }
        });
    }
    if after {
        plant(canvas, place, x - 30.0, foot + 40.0, 190.0);
        plant(canvas, place, x + w + 40.0, foot + 40.0, 190.0);
        return;
    }
    for _ in 0..8 {
        let (px, py) = (x + mess.between(0.0, w - 90.0), y + mess.between(60.0, h - 60.0));
        canvas.rect(px, py, 84.0, 54.0, mess.pick(&[0xFFFFFF, 0xF7E07A, 0xF5BFB8]));
        script(canvas, mess, (px + 8.0, py + 14.0), 22.0, 70.0, 0xB3261E);
    }
    litter(canvas, mess, (x, foot + 10.0, w, 110.0), 10);
}
