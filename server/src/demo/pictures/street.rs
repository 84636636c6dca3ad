//! Scenes of the street: carriageway, parked bicycles, stalls on the pavement, walls and cables.

use super::brush::{Canvas, Dice, mix, sheer};
use super::props::{SIGNS, bag, bicycle, carton, litter, plant, script, slabs, town, tree};

/// A street whose kerb and surface are broken, or whole again.
pub(super) fn road(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let horizon = place.between(330.0, 430.0);
    town(canvas, place, horizon);
    let tar = place.pick(&[0x55585C, 0x63666A, 0x4B4F55]);
    canvas.fade((-120.0, horizon, 1440.0, 1020.0 - horizon), mix(tar, 0xFFFFFF, 18), tar);
    // The lines of the road run to a point on the horizon.
    let far = place.between(250.0, 950.0);
    let kerb = place.between(640.0, 760.0);
    for lane in [-900.0, -300.0] {
        for step in 0..5_u8 {
            let (near, next) = (f32::from(step) / 5.0, (f32::from(step) + 0.55) / 5.0);
            let at = |share: f32| (far + lane * share * share, horizon + (1020.0 - horizon) * share * share);
            let ((x1, y1), (x2, y2)) = (at(near), at(next));
            canvas.poly(&[(x1, y1), (x1 + 14.0 * near, y1), (x2 + 14.0 * next, y2), (x2, y2)], 0xF3F0E4);
        }
    }
    let pavement = place.pick(&[0xC9BBA4, 0xB9B4AB, 0xC79F86]);
    canvas.poly(&[(far + 30.0, horizon), (1330.0, horizon), (1330.0, 1020.0), (kerb, 1020.0)], pavement);
    for step in 1..9_u8 {
        let share = (f32::from(step) / 9.0).powi(2);
        let y = horizon + (1020.0 - horizon) * share;
        canvas.line(&[(far + 30.0 + (kerb - far) * share, y), (1330.0, y)], 2.0, sheer(0x000000, 0.15));
    }
    let broken = place.between(0.45, 0.6);
    for step in 0..14_u8 {
        let (from, to) = ((f32::from(step) / 14.0).powi(2), (f32::from(step + 1) / 14.0).powi(2));
        let hurt = !after && from > broken * 0.62 && from < broken * 1.35;
        let at =
            |share: f32| (far + 30.0 + (kerb - far - 30.0) * share, horizon + (1020.0 - horizon) * share);
        let ((x1, y1), (x2, y2)) = (at(from), at(to * 0.985 + from * 0.015));
        let (w1, w2) = (6.0 + 52.0 * from, 6.0 + 52.0 * to);
        if hurt {
            for _ in 0..3 {
                let (x, y) = (x1 + mess.between(-70.0, 40.0), mess.between(y1, y2));
                let tilt = mess.between(0.0, 360.0);
                canvas.turned(tilt, (x, y), |canvas| canvas.rect(x, y, w1 * 0.8, w1 * 0.5, 0xA6A39B));
            }
            canvas.poly(&[(x1, y1), (x1 + w1, y1), (x2 + w2, y2), (x2, y2)], 0x6F6353);
        } else {
            let stone = if after { 0xE9E6DC } else { 0xCBC8BF };
            canvas.poly(&[(x1, y1), (x1 + w1, y1), (x2 + w2, y2), (x2, y2)], stone);
            canvas.poly(
                &[(x1, y1), (x2, y2), (x2 - w2 * 0.3, y2 + 6.0), (x1 - w1 * 0.3, y1 + 4.0)],
                mix(stone, 0x000000, 35),
            );
        }
    }
    let (x, y, r) =
        (kerb - place.between(330.0, 420.0), place.between(700.0, 790.0), place.between(110.0, 160.0));
    if after {
        canvas.poly(
            &[
                (x - r * 1.2, y - r * 0.4),
                (x + r, y - r * 0.4),
                (x + r * 1.15, y + r * 0.5),
                (x - r * 1.35, y + r * 0.5),
            ],
            mix(tar, 0x000000, 38),
        );
    } else {
        hole(canvas, mess, (x, y, r));
    }
    tree(canvas, place, kerb + 330.0, horizon + 190.0, 330.0);
    if !after {
        litter(canvas, mess, (kerb + 90.0, 620.0, 300.0, 240.0), 6);
    }
}

fn hole(canvas: &mut Canvas, mess: &Dice, (x, y, r): (f32, f32, f32)) {
    for _ in 0..9 {
        let (dx, dy) = (mess.between(-1.7, 1.7) * r, mess.between(-0.8, 0.8) * r);
        let bend = (x + dx * 0.6 + mess.between(-20.0, 20.0), y + dy * 0.6 + mess.between(-12.0, 12.0));
        canvas.line(&[(x, y), bend, (x + dx, y + dy)], 4.0, 0x35373A);
    }
    let rim: Vec<(f32, f32)> = (0..16_u8)
        .map(|at| {
            let angle = f32::from(at) * std::f32::consts::TAU / 16.0;
            let reach = r * mess.between(0.75, 1.12);
            (x + angle.cos() * reach, y + angle.sin() * reach * 0.45)
        })
        .collect();
    canvas.poly(&rim, 0x3B352E);
    canvas.oval(x + 8.0, y + 10.0, r * 0.72, r * 0.28, 0x7C8F97);
    canvas.oval(x - 10.0, y + 4.0, r * 0.35, r * 0.1, sheer(0xFFFFFF, 0.4));
}

/// A parking place for bicycles, jumbled over the guiding strip for the blind, or in line.
pub(super) fn bicycles(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let horizon = place.between(400.0, 470.0);
    town(canvas, place, horizon);
    let stone = place.pick(&[0xC4BBAA, 0xB7A596, 0xA9ADB0]);
    slabs(canvas, horizon, stone);
    let strip = horizon + place.between(300.0, 350.0);
    canvas.rect(-120.0, strip, 1440.0, 56.0, 0xE5B53A);
    for rib in 0..4_u8 {
        canvas.rect(-120.0, strip + 8.0 + f32::from(rib) * 13.0, 1440.0, 4.0, 0xC4932A);
    }
    tree(canvas, place, place.between(60.0, 220.0), horizon + 60.0, 360.0);
    let (bays, left) = (place.count(5, 7), place.between(-30.0, 60.0));
    let width = place.between(150.0, 185.0);
    let (top, low) = (strip - 190.0, strip - 40.0);
    for bay in 0..=bays {
        let x = left + bay as f32 * width;
        canvas.line(&[(x + 40.0, top), (x, low)], 7.0, 0xFAFAF2);
    }
    canvas.line(&[(left, low), (left + bays as f32 * width, low)], 7.0, 0xFAFAF2);
    for bay in 0..bays {
        let paint = place.pick(&[0x2E86DE, 0xF1B51C, 0x27AE60, 0xE67E22, 0xE5E8EA]);
        let x = left + (bay as f32 + 0.55) * width;
        if after {
            canvas.turned(-8.0, (x, low), |canvas| bicycle(canvas, x, low - 18.0, 190.0, paint));
        } else {
            let (x, y) = (x + mess.between(-90.0, 90.0), low + mess.between(-50.0, 190.0));
            let tilt =
                if mess.chance(40) { mess.pick(&[-74.0, 80.0, -62.0]) } else { mess.between(-24.0, 24.0) };
            canvas.turned(tilt, (x, y - 40.0), |canvas| bicycle(canvas, x, y, 215.0, paint));
        }
    }
    if !after {
        litter(canvas, mess, (80.0, strip + 70.0, 1000.0, 130.0), 7);
    }
}

/// Shops whose goods and carts stand on the pavement, or behind the line.
pub(super) fn vendors(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let foot = place.between(520.0, 590.0);
    let wall = place.pick(&[0xE3D5BC, 0xCBD3D2, 0xDCC4B4]);
    canvas.rect(-120.0, -120.0, 1440.0, foot + 120.0, wall);
    let stone = place.pick(&[0xB9B1A4, 0xBFA995, 0xA7ABAE]);
    let (shops, left) = (place.count(3, 4), place.between(-110.0, 0.0));
    let width = 1400.0 / shops as f32;
    slabs(canvas, foot, stone);
    for shop in 0..shops {
        let (x, sign) = (left + shop as f32 * width, place.pick(&SIGNS));
        canvas.rect(x + 14.0, 60.0, width - 28.0, 110.0, sign);
        script(canvas, place, (x + 50.0, 84.0), 58.0, width - 110.0, 0xFFF6DC);
        canvas.rect(x + 26.0, 200.0, width - 52.0, foot - 200.0, 0x54616A);
        canvas.rect(x + 40.0, 216.0, width * 0.5, foot - 290.0, 0xBFD7DC);
        canvas.rect(x + 40.0, foot - 70.0, width * 0.5, 70.0, mix(wall, 0x000000, 30));
        canvas.rect(x + width * 0.62, 216.0, width * 0.27, foot - 216.0, 0x36414A);
        let stripe = width / 8.0;
        for band in 0..8_u8 {
            let bx = x + f32::from(band) * stripe;
            let cloth = if band % 2 == 0 { sign } else { 0xF7F1E3 };
            canvas.poly(
                &[
                    (bx, 176.0),
                    (bx + stripe, 176.0),
                    (bx + stripe, 236.0),
                    (bx + stripe * 0.5, 250.0),
                    (bx, 236.0),
                ],
                cloth,
            );
        }
    }
    let line = foot + 70.0;
    canvas.line(&[(-120.0, line), (1320.0, line)], 9.0, 0xF5D547);
    for shop in 0..shops {
        let x = left + (shop as f32 + 0.3) * width;
        if after {
            plant(canvas, place, x, foot + 40.0, 130.0);
            continue;
        }
        let (y, cloth) = (mess.between(720.0, 830.0), mess.pick(&SIGNS));
        for step in 0..3_u8 {
            carton(canvas, mess, x + f32::from(step) * 85.0, y, 80.0, 66.0);
            for _ in 0..5 {
                let fruit = mess.pick(&[0xD64A3A, 0xE9A13B, 0x6DA544, 0xB9386B]);
                let (fx, fy) =
                    (x + f32::from(step) * 85.0 + mess.between(12.0, 80.0), y - mess.between(66.0, 80.0));
                canvas.oval(fx, fy, 15.0, 14.0, fruit);
            }
        }
        canvas.rect(x + 130.0, y - 420.0, 10.0, 400.0, 0x8A8F93);
        canvas.poly(
            &[(x - 80.0, y - 330.0), (x + 135.0, y - 440.0), (x + 350.0, y - 330.0), (x + 135.0, y - 352.0)],
            cloth,
        );
        canvas.poly(
            &[(x + 60.0, y - 345.0), (x + 135.0, y - 440.0), (x + 210.0, y - 345.0), (x + 135.0, y - 352.0)],
            mix(cloth, 0xFFFFFF, 55),
        );
    }
    if !after {
        litter(canvas, mess, (0.0, 760.0, 1200.0, 130.0), 16);
    }
}

/// A wall under stickers and scrawls, or freshly painted.
pub(super) fn wall(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let (paint, foot) = (place.pick(&[0xE8E2D0, 0xD4C7AE, 0xC7D1CC, 0xE0CBBE]), place.between(690.0, 770.0));
    canvas.fade((-120.0, -120.0, 1440.0, foot + 120.0), mix(paint, 0xFFFFFF, 25), paint);
    let base = place.pick(&[0x8A5F4B, 0x6F7F86, 0x90836F]);
    canvas.rect(-120.0, foot - 150.0, 1440.0, 150.0, base);
    for course in 0..5_u8 {
        let y = foot - 150.0 + f32::from(course) * 30.0;
        canvas.line(&[(-120.0, y), (1320.0, y)], 2.0, sheer(0x000000, 0.2));
        for brick in 0..24_u8 {
            let x = -120.0 + f32::from(brick) * 62.0 + f32::from(course % 2) * 31.0;
            canvas.line(&[(x, y), (x, y + 30.0)], 2.0, sheer(0x000000, 0.2));
        }
    }
    slabs(canvas, foot, place.pick(&[0xB4AEA4, 0xA3A7A9, 0xBBA58E]));
    let door = place.between(80.0, 320.0) + if place.chance(50) { 560.0 } else { 0.0 };
    let leaf = place.pick(&[0x4A6D5C, 0x7A4B34, 0x4C5F7A]);
    canvas.rect(door - 16.0, foot - 506.0, 292.0, 506.0, 0xF0ECE2);
    canvas.rect(door, foot - 490.0, 260.0, 490.0, leaf);
    for (dx, dy) in [(22.0, 30.0), (140.0, 30.0), (22.0, 260.0), (140.0, 260.0)] {
        canvas.rect(door + dx, foot - 490.0 + dy, 98.0, 200.0, mix(leaf, 0x000000, 18));
    }
    let pipe = place.between(0.0, 1150.0);
    canvas.rect(pipe, -120.0, 26.0, foot + 90.0, 0xB9BDBD);
    let free = if door > 480.0 { 40.0 } else { 640.0 };
    canvas.rect(free + 330.0, foot - 480.0, 130.0, 190.0, 0x8FA0A0);
    canvas.rect(free + 345.0, foot - 465.0, 100.0, 160.0, 0x9FB0B0);
    if after {
        let patch = mix(paint, 0xFFFFFF, 40);
        canvas.rect(free - 30.0, foot - 560.0, 330.0, 340.0, sheer(patch, 0.8));
        plant(canvas, place, free + 90.0, foot + 30.0, 150.0);
        return;
    }
    for _ in 0..mess.count(18, 28) {
        let (x, y) = (free + mess.between(-40.0, 440.0), foot - mess.between(100.0, 600.0));
        let (w, h) = (mess.between(44.0, 96.0), mess.between(50.0, 110.0));
        let (paper, tilt) =
            (mess.pick(&[0xFFFFFF, 0xF6E58D, 0xF8C9C4, 0xBFE3F2, 0xE9E4D4]), mess.between(-14.0, 14.0));
        canvas.turned(tilt, (x, y), |canvas| {
            canvas.rect(x, y, w, h, paper);
            script(canvas, mess, (x + 6.0, y + 8.0), h * 0.22, w - 10.0, 0xB3261E);
            script(canvas, mess, (x + 6.0, y + h * 0.5), h * 0.13, w - 10.0, 0x3A3A3A);
        });
    }
    for _ in 0..4 {
        let (x, y) = (free + mess.between(0.0, 250.0), foot - mess.between(250.0, 560.0));
        let swing: Vec<(f32, f32)> =
            (0..9_u8).map(|at| (x + f32::from(at) * 26.0, y + mess.between(-46.0, 46.0))).collect();
        canvas.line(&swing, 9.0, mess.pick(&[0x1F1F1F, 0xB3261E, 0x1F4E9A]));
    }
    bag(canvas, mess, free + 200.0, foot + 70.0, 110.0);
    litter(canvas, mess, (free, foot + 20.0, 400.0, 130.0), 7);
}

/// Overhead cables in a tangle, or bound together in a duct.
pub(super) fn cables(canvas: &mut Canvas, place: &Dice, mess: &Dice, after: bool) {
    let horizon = place.between(700.0, 790.0);
    town(canvas, place, horizon);
    slabs(canvas, horizon, 0xB5B0A6);
    let (left, right) = (place.between(120.0, 260.0), place.between(900.0, 1080.0));
    let (top, arm) = (place.between(70.0, 130.0), place.between(180.0, 240.0));
    for x in [left, right] {
        canvas.rect(x - 13.0, top, 26.0, horizon + 60.0 - top, 0xA8A49B);
        canvas.rect(x + 4.0, top, 9.0, horizon + 60.0 - top, sheer(0x000000, 0.2));
        for dy in [36.0, arm] {
            canvas.rect(x - 90.0, top + dy, 180.0, 14.0, 0x6A5D4E);
            for dx in [-80.0, -40.0, 40.0, 80.0] {
                canvas.round((x + dx - 7.0, top + dy - 22.0, 14.0, 24.0), 5.0, 0x7D3B2A);
            }
        }
    }
    for dx in [-80.0, -40.0, 40.0, 80.0] {
        canvas.hang((left + dx, top + 16.0), (right + dx, top + 16.0), 24.0, 4.0, 0x24272A);
    }
    let level = top + arm + 8.0;
    for (from, to) in [(-140.0, left), (left, right), (right, 1340.0)] {
        if after {
            canvas.hang((from, level), (to, level), 12.0, 16.0, 0x2C3136);
            let ties = 8_u8;
            for tie in 1..ties {
                let share = f32::from(tie) / f32::from(ties);
                let x = from + (to - from) * share;
                canvas.rect(x - 4.0, level - 11.0 + 48.0 * share * (1.0 - share), 8.0, 24.0, 0xE9C046);
            }
            continue;
        }
        for _ in 0..9 {
            let (y1, y2) = (level + mess.between(-50.0, 40.0), level + mess.between(-50.0, 40.0));
            let (sag, width) = (mess.between(10.0, 190.0), mess.between(3.0, 8.0));
            canvas.hang(
                (from, y1),
                (to, y2),
                sag,
                width,
                mess.pick(&[0x1E2022, 0x33373B, 0x5A4636, 0x27496D]),
            );
        }
    }
    for x in [left, right] {
        if after {
            canvas.rect(x - 34.0, level - 20.0, 68.0, 96.0, 0xC8CCCC);
            canvas.rect(x - 26.0, level - 12.0, 52.0, 80.0, 0xDADEDE);
            continue;
        }
        for turn in 0..5_u8 {
            canvas.ring(
                x + mess.between(-26.0, 26.0),
                level + 50.0,
                34.0 + f32::from(turn) * 7.0,
                5.0,
                0x26292C,
            );
        }
        for _ in 0..3 {
            let (dx, drop) = (mess.between(-130.0, 130.0), mess.between(180.0, 400.0));
            canvas.line(
                &[(x, level), (x + dx * 0.4, level + drop * 0.6), (x + dx, level + drop)],
                5.0,
                0x1E2022,
            );
        }
    }
}
