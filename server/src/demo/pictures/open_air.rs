//! Scenes in the open: bins, flower beds, the river bank and the building site.

use super::brush::{Canvas, Dice, mix, sheer};
use super::props::{SIGNS, bag, litter, plant, script, slabs, town, tree};

/// Sorted-waste bins that overflow, or stand closed and clean.
pub(super) fn bins(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let horizon = place.between(440.0, 520.0);
    town(canvas, place, horizon);
    let hedge = place.pick(&[0x4E7F45, 0x3F6F4A, 0x6C8B44]);
    for at in 0..16_u8 {
        canvas.oval(-110.0 + f32::from(at) * 95.0, horizon + 16.0, 76.0, place.between(52.0, 74.0), hedge);
    }
    slabs(canvas, horizon + 40.0, place.pick(&[0xBDB5A6, 0xC8B199, 0xA9ADB0]));
    let (count, size) = (place.count(2, 4), place.between(0.95, 1.12));
    let (step, foot) = (205.0 * size, place.between(760.0, 820.0));
    let left = place.between(60.0, 1160.0 - count as f32 * step);
    let first = place.count(0, 3);
    for bin in 0..count {
        let x = left + bin as f32 * step;
        let paint = [0x3B7A3E, 0x2D6FB0, 0xB63A32, 0x6B7075][usize::try_from((first + bin) % 4).unwrap_or(0)];
        let (w, h) = (165.0 * size, 290.0 * size);
        canvas.oval(x + w * 0.5, foot + 6.0, w * 0.7, 20.0, sheer(0x000000, 0.3));
        if !after {
            for _ in 0..3 {
                bag(canvas, mess, x + mess.between(0.2, 0.8) * w, foot - h + mess.between(-6.0, 26.0), 100.0);
            }
        }
        canvas.poly(&[(x, foot - h), (x + w, foot - h), (x + w * 0.9, foot), (x + w * 0.1, foot)], paint);
        canvas.poly(
            &[(x + w * 0.8, foot - h), (x + w, foot - h), (x + w * 0.9, foot), (x + w * 0.75, foot)],
            mix(paint, 0x000000, 22),
        );
        canvas.ring(x + w * 0.48, foot - h * 0.52, w * 0.2, 8.0, 0xF4F4EE);
        canvas.poly(
            &[
                (x + w * 0.4, foot - h * 0.47),
                (x + w * 0.56, foot - h * 0.47),
                (x + w * 0.48, foot - h * 0.6),
            ],
            0xF4F4EE,
        );
        script(canvas, place, (x + w * 0.2, foot - h * 0.28), 22.0, w * 0.6, 0xF4F4EE);
        for wheel in [0.2, 0.78] {
            canvas.oval(x + w * wheel, foot, 17.0, 17.0, 0x232527);
        }
        let lid = mix(paint, 0xFFFFFF, 14);
        if after {
            canvas.round((x - 10.0, foot - h - 26.0, w + 20.0, 34.0), 14.0, lid);
        } else {
            canvas.turned(mess.between(-58.0, -34.0), (x, foot - h), |canvas| {
                canvas.round((x - 4.0, foot - h - 20.0, w + 12.0, 26.0), 12.0, lid);
            });
            let stain = sheer(0x3A2E1E, 0.45);
            canvas.oval(x + w * mess.between(0.2, 0.7), foot - h * 0.75, 18.0, 46.0, stain);
        }
    }
    if after {
        plant(canvas, place, left + count as f32 * step + 70.0, foot, 170.0);
        return;
    }
    for _ in 0..4 {
        bag(
            canvas,
            mess,
            left + mess.between(-30.0, 1.0 * count as f32 * step),
            foot + mess.between(20.0, 70.0),
            120.0,
        );
    }
    canvas.oval(left + 160.0, foot + 74.0, 230.0, 26.0, sheer(0x4A3B22, 0.4));
    litter(canvas, mess, (left - 100.0, foot - 20.0, count as f32 * step + 200.0, 150.0), 20);
}

/// A flower bed of bare earth and dead shrubs, or planted.
pub(super) fn green(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let horizon = place.between(370.0, 450.0);
    town(canvas, place, horizon);
    let lawn = place.pick(&[0x7FA650, 0x6C9A4C, 0x8DB05E]);
    canvas.fade((-120.0, horizon, 1440.0, 700.0), mix(lawn, 0xFFFFFF, 15), lawn);
    for at in [place.between(40.0, 300.0), place.between(480.0, 720.0), place.between(900.0, 1150.0)] {
        tree(canvas, place, at, horizon + place.between(20.0, 60.0), place.between(300.0, 400.0));
    }
    let (middle, wide) = (place.between(480.0, 720.0), place.between(480.0, 560.0));
    let y = place.between(690.0, 740.0);
    canvas.oval(middle, y, wide + 22.0, 176.0, 0xD6D0C3);
    canvas.oval(middle, y - 8.0, wide, 156.0, 0x7B5B3D);
    let bloom = place.pick(&[0xE0457B, 0xF2C230, 0x8E5BC0, 0xE8552E]);
    for row in 0..4_u8 {
        for at in 0..11_u8 {
            let (dx, dy) = ((f32::from(at) - 5.0) / 5.6, (f32::from(row) - 1.5) / 2.1);
            if dx * dx + dy * dy > 0.9 {
                continue;
            }
            let (x, py) = (middle + dx * wide + place.between(-16.0, 16.0), y + dy * 130.0);
            if after {
                canvas.oval(x, py - 22.0, 52.0, 40.0, mix(0x3F7F3C, 0xFFFFFF, u32::from(row) * 6));
                for _ in 0..4 {
                    canvas.oval(
                        x + place.between(-36.0, 36.0),
                        py - place.between(14.0, 52.0),
                        11.0,
                        10.0,
                        bloom,
                    );
                }
            } else if mess.chance(30) {
                for lean in [-30.0, -10.0, 14.0, 34.0] {
                    canvas.line(&[(x, py), (x + lean, py - mess.between(40.0, 76.0))], 5.0, 0x8A6B43);
                }
            } else if mess.chance(25) {
                canvas.oval(x, py - 12.0, 40.0, 22.0, 0x9B8F45);
            }
        }
    }
    if !after {
        for _ in 0..12 {
            canvas.oval(
                middle + mess.between(-0.8, 0.8) * wide,
                y + mess.between(-90.0, 90.0),
                34.0,
                12.0,
                sheer(0x53391F, 0.6),
            );
        }
        litter(canvas, mess, (middle - wide * 0.8, y - 80.0, wide * 1.6, 190.0), 13);
    }
}

/// A river with floating rubbish, or clear water and a life ring on the railing.
pub(super) fn river(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let horizon = place.between(270.0, 350.0);
    town(canvas, place, horizon);
    canvas.rect(-120.0, horizon, 1440.0, 60.0, place.pick(&[0x7E9A58, 0x8BA363, 0x9A9A62]));
    for _ in 0..5 {
        let x = place.between(0.0, 1200.0);
        tree(canvas, place, x, horizon + 50.0, place.between(120.0, 210.0));
    }
    let (far, near) = if after { (0x8FB9CC, 0x4C8AA5) } else { (0x8D9A86, 0x5F6F58) };
    canvas.fade((-120.0, horizon + 54.0, 1440.0, 700.0), far, near);
    for _ in 0..26 {
        let (x, y) = (place.between(-60.0, 1260.0), place.between(horizon + 80.0, 800.0));
        let reach = (y - horizon) * 0.28;
        canvas.line(&[(x - reach, y), (x + reach, y)], 3.0, sheer(0xFFFFFF, if after { 0.35 } else { 0.14 }));
    }
    let bank = place.between(740.0, 800.0);
    if !after {
        for _ in 0..5 {
            let (x, y) = (mess.between(100.0, 1100.0), mess.between(horizon + 150.0, bank - 40.0));
            canvas.oval(x, y, mess.between(90.0, 180.0), mess.between(14.0, 30.0), sheer(0x5B7A2E, 0.75));
        }
        litter(canvas, mess, (60.0, horizon + 170.0, 1080.0, bank - horizon - 190.0), 30);
    }
    canvas.poly(
        &[(-130.0, bank), (1330.0, bank + place.between(-40.0, 40.0)), (1330.0, 1020.0), (-130.0, 1020.0)],
        0xB8B1A3,
    );
    let post = place.between(150.0, 210.0);
    for at in 0..10_u8 {
        canvas.rect(-100.0 + f32::from(at) * post, bank - 130.0, 20.0, 200.0, 0xE9E7E0);
    }
    for dy in [-120.0, -60.0] {
        canvas.rect(-120.0, bank + dy, 1440.0, 14.0, 0xE9E7E0);
    }
    let x = place.between(250.0, 950.0);
    if after {
        canvas.ring(x, bank - 60.0, 52.0, 26.0, 0xE2572B);
        for (dx, dy) in [(0.0, -52.0), (0.0, 52.0), (52.0, 0.0), (-52.0, 0.0)] {
            canvas.oval(x + dx, bank - 60.0 + dy, 15.0, 15.0, 0xF7F4EC);
        }
    } else {
        bag(canvas, mess, x, bank + 90.0, 130.0);
        litter(canvas, mess, (x - 250.0, bank + 40.0, 500.0, 80.0), 9);
    }
}

/// A building site with a broken hoarding and bare earth, or closed and covered.
pub(super) fn site(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let foot = place.between(640.0, 710.0);
    canvas.fade((-120.0, -120.0, 1440.0, foot + 120.0), 0xA5C4DC, 0xEBEDE8);
    let (x, floors, net) = (place.between(80.0, 560.0), place.count(4, 6), place.pick(&[0x4E9A63, 0x3E86A8]));
    let (width, storey) = (place.between(380.0, 560.0), 74.0);
    for floor in 0..floors {
        let y = foot - 170.0 - floor as f32 * storey;
        canvas.rect(x, y - storey, width, storey, 0xA9A59D);
        canvas.rect(x, y - storey, width, 12.0, 0x8B877F);
        let mut column = x + 20.0;
        while column < x + width - 50.0 {
            canvas.rect(column, y - storey + 18.0, 44.0, 48.0, 0x4E4B47);
            column += 74.0;
        }
    }
    let high = floors as f32 * storey;
    canvas.rect(
        x - 16.0,
        foot - 170.0 - high,
        width + 32.0,
        high,
        sheer(net, if after { 0.62 } else { 0.3 }),
    );
    let mast = if x > 320.0 { x - 150.0 } else { x + width + 140.0 };
    canvas.rect(mast, -60.0, 24.0, foot, 0xE0A526);
    canvas.rect(mast - 260.0, 44.0, 620.0, 20.0, 0xE0A526);
    canvas.line(&[(mast + 250.0, 60.0), (mast + 250.0, 230.0)], 4.0, 0x45484A);
    if !after {
        for (dx, r) in [(-40.0, 190.0), (250.0, 150.0)] {
            canvas.oval(x + dx, foot - 40.0, r, 150.0, 0x9C7B52);
        }
    }
    let (panel, skin) = (place.between(165.0, 210.0), place.pick(&[0x3E8E5A, 0x2F78B7, 0xE5E7E6]));
    let hole = place.count(2, 5);
    for at in 0..9_u64 {
        let px = -140.0 + at as f32 * panel;
        let tilt = if !after && (at == hole + 1 || mess.chance(15)) { mess.between(5.0, 17.0) } else { 0.0 };
        let (poster, tint, words) = (place.chance(55), place.pick(&SIGNS), Dice::new(place.count(0, 999)));
        if !after && at == hole {
            continue;
        }
        canvas.turned(tilt, (px, foot), |canvas| {
            canvas.rect(px, foot - 270.0, panel - 6.0, 270.0, skin);
            for rib in 1..5_u8 {
                canvas.rect(
                    px + f32::from(rib) * panel / 5.0,
                    foot - 270.0,
                    4.0,
                    270.0,
                    sheer(0x000000, 0.12),
                );
            }
            if poster {
                canvas.rect(
                    px + 16.0,
                    foot - 236.0,
                    panel - 38.0,
                    170.0,
                    if after { 0xFBF3E0 } else { 0xD9D3C2 },
                );
                canvas.rect(
                    px + 16.0,
                    foot - 236.0,
                    panel - 38.0,
                    52.0,
                    if after { tint } else { mix(tint, 0xC9C4B6, 55) },
                );
                script(canvas, &words, (px + 26.0, foot - 160.0), 26.0, panel - 60.0, tint);
            }
            canvas.rect(px, foot - 30.0, panel - 6.0, 30.0, 0xD8B62C);
        });
    }
    let ground = if after { 0xA7A8A6 } else { 0x9A8666 };
    slabs(canvas, foot, ground);
    if after {
        canvas.rect(-120.0, foot + 90.0, 1440.0, 10.0, 0xF2E9C8);
        return;
    }
    for track in [560.0, 700.0] {
        canvas.line(&[(track, foot + 6.0), (track - 150.0, 1010.0)], 46.0, sheer(0x5E4525, 0.6));
    }
    litter(canvas, mess, (60.0, foot + 50.0, 1080.0, 150.0), 9);
}
