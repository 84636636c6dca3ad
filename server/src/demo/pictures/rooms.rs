//! Scenes inside a building: emergency exit, washroom and service counter.

use super::brush::{Canvas, Dice, mix, sheer};
use super::props::{bag, bicycle, carton, litter, plant, script, slabs};

/// An emergency exit behind boxes and a parked bicycle, or free.
pub(super) fn exit(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let (paint, foot) = (place.pick(&[0xE4E6E1, 0xE9E0CF, 0xD5DFE3]), place.between(650.0, 710.0));
    canvas.fade((-120.0, -120.0, 1440.0, foot + 120.0), mix(paint, 0x000000, 6), paint);
    canvas.rect(-120.0, foot - 210.0, 1440.0, 210.0, place.pick(&[0x9DB8A4, 0xA8B7C4, 0xC4B79D]));
    slabs(canvas, foot, place.pick(&[0xB9BDBB, 0xC6BCAA, 0x9FA9AB]));
    let (x, w) = (place.between(280.0, 560.0), place.between(360.0, 430.0));
    let (top, leaf) = (foot - 500.0, place.pick(&[0x2E7D5B, 0xB23A33, 0x5B6F80]));
    canvas.rect(x - 20.0, top - 20.0, w + 40.0, 520.0, 0x8B9294);
    for half in [0.0, 0.5] {
        let dx = x + w * half + 3.0;
        canvas.rect(dx, top, w * 0.5 - 6.0, 500.0, leaf);
        canvas.rect(dx + w * 0.13, top + 50.0, w * 0.22, 150.0, 0xBFD6DA);
        canvas.rect(dx + 16.0, top + 262.0, w * 0.5 - 38.0, 20.0, 0xD8DCDC);
    }
    let sign = (x + w * 0.5 - 120.0, top - 128.0);
    canvas.round((sign.0, sign.1, 240.0, 84.0), 10.0, 0x118A4E);
    canvas.oval(sign.0 + 66.0, sign.1 + 22.0, 11.0, 11.0, 0xF4FFF8);
    canvas.line(
        &[(sign.0 + 62.0, sign.1 + 36.0), (sign.0 + 52.0, sign.1 + 54.0), (sign.0 + 34.0, sign.1 + 70.0)],
        10.0,
        0xF4FFF8,
    );
    canvas.line(&[(sign.0 + 52.0, sign.1 + 54.0), (sign.0 + 74.0, sign.1 + 70.0)], 10.0, 0xF4FFF8);
    canvas.line(
        &[(sign.0 + 44.0, sign.1 + 46.0), (sign.0 + 62.0, sign.1 + 38.0), (sign.0 + 84.0, sign.1 + 48.0)],
        9.0,
        0xF4FFF8,
    );
    canvas.rect(sign.0 + 112.0, sign.1 + 38.0, 80.0, 10.0, 0xF4FFF8);
    canvas.poly(
        &[(sign.0 + 190.0, sign.1 + 22.0), (sign.0 + 190.0, sign.1 + 64.0), (sign.0 + 218.0, sign.1 + 43.0)],
        0xF4FFF8,
    );
    let box_x = if x > 420.0 { x - 210.0 } else { x + w + 90.0 };
    canvas.rect(box_x, foot - 300.0, 120.0, 190.0, 0xC0392B);
    canvas.rect(box_x + 12.0, foot - 288.0, 96.0, 166.0, 0xE6EEF0);
    canvas.round((box_x + 36.0, foot - 262.0, 48.0, 130.0), 14.0, 0xC0392B);
    canvas.rect(box_x + 50.0, foot - 282.0, 20.0, 22.0, 0x2B2D2F);
    if after {
        for stripe in 0..9_u8 {
            let sx = x - 20.0 + f32::from(stripe) * (w + 40.0) / 9.0;
            canvas.poly(
                &[
                    (sx, foot + 140.0),
                    (sx + 24.0, foot + 140.0),
                    (sx + 58.0, foot + 30.0),
                    (sx + 34.0, foot + 30.0),
                ],
                0xF2C534,
            );
        }
        return;
    }
    let paint = mess.pick(&[0x2E86DE, 0xC0392B, 0x27AE60, 0x2B2D31]);
    for layer in 0..3_u8 {
        for at in 0..(4 - layer) {
            let side = mess.between(112.0, 142.0);
            let bx = x - 40.0 + f32::from(at) * 132.0 + f32::from(layer) * 42.0;
            carton(canvas, mess, bx, foot + 60.0 - f32::from(layer) * 104.0, side, 106.0);
        }
    }
    let bx = x + w * mess.between(0.4, 0.9);
    bicycle(canvas, bx, foot + 150.0, 400.0, paint);
    bag(canvas, mess, x - 60.0, foot + 110.0, 130.0);
}

/// A washroom with dirty basins and a wet floor, or clean with soap and paper.
pub(super) fn washroom(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let (tile, foot) = (place.pick(&[0xCFE0E2, 0xE6E3D6, 0xD5DDE6, 0xE3D8D0]), place.between(720.0, 770.0));
    canvas.fade((-120.0, -120.0, 1440.0, foot + 120.0), mix(tile, 0xFFFFFF, 30), tile);
    let side = place.between(62.0, 88.0);
    for step in 0..24_u8 {
        let at = -120.0 + f32::from(step) * side;
        canvas.rect(at, -120.0, 3.0, foot + 120.0, sheer(0x6B8088, 0.28));
        if at < foot {
            canvas.rect(-120.0, at, 1440.0, 3.0, sheer(0x6B8088, 0.28));
        }
    }
    slabs(canvas, foot, place.pick(&[0x9BA5A8, 0xB2A894, 0x8C979B]));
    let (basins, width) = (place.count(2, 3), place.between(300.0, 350.0));
    let (left, top) = (place.between(60.0, 1130.0 - basins as f32 * width), place.between(520.0, 560.0));
    let worktop = place.pick(&[0x4F5A5E, 0xE9E5DB, 0x7B6250]);
    for basin in 0..basins {
        let x = left + basin as f32 * width;
        canvas.rect(x + 26.0, top - 400.0, width - 52.0, 300.0, 0x8FA4AC);
        canvas.fade((x + 36.0, top - 390.0, width - 72.0, 280.0), 0xDDEDF2, 0xB4CFD8);
        canvas.poly(
            &[
                (x + 70.0, top - 120.0),
                (x + 150.0, top - 380.0),
                (x + 190.0, top - 380.0),
                (x + 110.0, top - 120.0),
            ],
            sheer(0xFFFFFF, 0.45),
        );
        if !after {
            for _ in 0..9 {
                canvas.oval(
                    x + mess.between(50.0, width - 50.0),
                    top - mess.between(120.0, 370.0),
                    7.0,
                    10.0,
                    sheer(0x6E6A52, 0.5),
                );
            }
        }
    }
    canvas.rect(left - 20.0, top, basins as f32 * width + 40.0, 46.0, worktop);
    canvas.rect(left - 20.0, top + 46.0, basins as f32 * width + 40.0, 14.0, mix(worktop, 0x000000, 35));
    for basin in 0..basins {
        let x = left + (basin as f32 + 0.5) * width;
        canvas.poly(
            &[
                (x - 105.0, top + 10.0),
                (x + 105.0, top + 10.0),
                (x + 76.0, top + 128.0),
                (x - 76.0, top + 128.0),
            ],
            0xF7F8F6,
        );
        canvas.oval(x, top + 12.0, 105.0, 22.0, 0xFFFFFF);
        canvas.oval(x, top + 14.0, 84.0, 14.0, if after { 0xD7E3E6 } else { 0x9C9680 });
        canvas.line(
            &[(x, top + 2.0), (x, top - 56.0), (x + 34.0, top - 62.0), (x + 38.0, top - 40.0)],
            13.0,
            0xA9B4B8,
        );
        if after {
            canvas.round((x - 100.0, top - 62.0, 40.0, 62.0), 8.0, 0x59B6C9);
            canvas.rect(x - 86.0, top - 80.0, 12.0, 20.0, 0xF1F3F2);
        } else {
            canvas.oval(x + mess.between(-40.0, 40.0), top + 92.0, 26.0, 34.0, sheer(0x8A7D52, 0.5));
        }
    }
    if after {
        plant(canvas, place, left + basins as f32 * width - 30.0, top + 2.0, 120.0);
        return;
    }
    for _ in 0..3 {
        canvas.oval(
            left + mess.between(0.0, basins as f32 * width),
            foot + mess.between(60.0, 130.0),
            mess.between(110.0, 220.0),
            28.0,
            sheer(0x54686F, 0.55),
        );
    }
    bag(canvas, mess, left + basins as f32 * width, foot + 70.0, 130.0);
    litter(canvas, mess, (left, foot + 20.0, basins as f32 * width, 120.0), 16);
}

/// A service counter left empty and untidy, or open with its signs and the waiting line.
pub(super) fn hall(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let (paint, foot) = (place.pick(&[0xE9E4D8, 0xDDE5E8, 0xE8DCD2]), place.between(640.0, 700.0));
    canvas.fade((-120.0, -120.0, 1440.0, foot + 120.0), mix(paint, 0xFFFFFF, 35), paint);
    let (desks, accent) = (place.count(3, 4), place.pick(&[0x2A6F97, 0xB23A33, 0x3C7A57, 0x7A5C9E]));
    canvas.rect(-120.0, 40.0, 1440.0, 92.0, accent);
    script(canvas, place, (if desks > 3 { 290.0 } else { 360.0 }, 58.0), 54.0, 620.0, 0xFFF6DA);
    slabs(canvas, foot, place.pick(&[0xC9C4B8, 0xB7BEC2, 0xD2C3AE]));
    let width = 1360.0 / desks as f32;
    let (left, top) = (place.between(-90.0, -20.0), foot - place.between(150.0, 190.0));
    for desk in 0..desks {
        let x = left + desk as f32 * width;
        canvas.rect(x + 20.0, 190.0, width - 40.0, top - 190.0, 0xC6DCE2);
        canvas.poly(
            &[(x + 40.0, top - 10.0), (x + 140.0, 200.0), (x + 190.0, 200.0), (x + 90.0, top - 10.0)],
            sheer(0xFFFFFF, 0.4),
        );
        let lit = after || desk == 0;
        canvas.round((x + width * 0.5 - 80.0, 150.0, 160.0, 56.0), 8.0, 0x22282C);
        script(
            canvas,
            place,
            (x + width * 0.5 - 56.0, 162.0),
            32.0,
            120.0,
            if lit { 0xFF6B4A } else { 0x4A4F52 },
        );
        canvas.round((x + width * 0.5 - 60.0, top - 150.0, 120.0, 150.0), 26.0, mix(accent, 0x000000, 35));
        if !after && desk % 2 == 1 {
            canvas.rect(x + width * 0.25, top - 80.0, width * 0.5, 80.0, 0xF4F1E6);
            script(canvas, place, (x + width * 0.3, top - 62.0), 38.0, width * 0.42, 0xB3261E);
        }
        canvas.rect(x, top, width - 8.0, foot - top, accent);
        canvas.rect(x, top, width - 8.0, 24.0, 0xF0ECE2);
        canvas.rect(x + 24.0, top + 50.0, width - 56.0, foot - top - 76.0, mix(accent, 0xFFFFFF, 16));
        if after {
            canvas.rect(x + width * 0.16, top - 46.0, 90.0, 46.0, 0xFFFDF4);
            script(canvas, place, (x + width * 0.16 + 10.0, top - 36.0), 24.0, 70.0, accent);
        } else {
            for _ in 0..7 {
                let (px, py, tilt) = (
                    x + mess.between(20.0, width - 110.0),
                    top - mess.between(0.0, 26.0),
                    mess.between(-24.0, 24.0),
                );
                canvas.turned(tilt, (px, py), |canvas| {
                    canvas.rect(px, py, 84.0, 20.0, mess.pick(&[0xFFFFFF, 0xEFE3C4, 0xD5E4EC]));
                });
            }
        }
    }
    if after {
        canvas.rect(-120.0, foot + 100.0, 1440.0, 16.0, 0xF0C33C);
        for post in 0..4_u8 {
            let x = 180.0 + f32::from(post) * 270.0;
            canvas.rect(x, foot + 30.0, 14.0, 150.0, 0xC9A443);
            canvas.oval(x + 7.0, foot + 182.0, 40.0, 12.0, 0x8A6F2B);
            canvas.hang((x + 7.0, foot + 42.0), (x + 277.0, foot + 42.0), 26.0, 9.0, 0xA5271F);
        }
        plant(canvas, place, 90.0, foot + 120.0, 220.0);
        return;
    }
    for _ in 0..2 {
        let (x, tilt) = (mess.between(120.0, 1000.0), mess.pick(&[-70.0, 12.0, 84.0]));
        canvas.turned(tilt, (x, foot + 110.0), |canvas| {
            canvas.rect(x - 60.0, foot + 40.0, 120.0, 22.0, 0x3F6C8C);
            canvas.rect(x - 60.0, foot - 70.0, 20.0, 120.0, 0x3F6C8C);
            canvas.line(&[(x - 46.0, foot + 60.0), (x - 56.0, foot + 150.0)], 9.0, 0x6A7175);
            canvas.line(&[(x + 46.0, foot + 60.0), (x + 56.0, foot + 150.0)], 9.0, 0x6A7175);
        });
    }
    litter(canvas, mess, (60.0, foot + 50.0, 1080.0, 150.0), 18);
}
