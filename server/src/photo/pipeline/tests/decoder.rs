//! Our decoder of JPEG beside another, and beside itself at other scales.

use jpeg_encoder::{ColorType, SamplingFactor};
use proptest::prelude::*;

use super::samples::{Jpeg, pixels, scene};
use crate::photo::pipeline::decode::Pixels;
use crate::photo::pipeline::jpeg::Outline;
use crate::photo::pipeline::render;

fn ours(bytes: &[u8], edge: u32) -> Pixels {
    Outline::read(bytes).expect("a stream").decode(edge, u64::MAX).expect("decoded")
}

/// The mean difference, and the largest.
fn difference(one: &[u8], other: &[u8]) -> (f64, u8) {
    assert_eq!(one.len(), other.len());
    let off = one.iter().zip(other).map(|(one, other)| one.abs_diff(*other));
    let sum: u64 = off.clone().map(u64::from).sum();
    (sum as f64 / one.len() as f64, off.max().unwrap_or(0))
}

fn variants() -> Vec<Jpeg> {
    let mut all = Vec::new();
    for sampling in [
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
        SamplingFactor::F_4_2,
    ] {
        for is_progressive in [false, true] {
            for restart_interval in [0, 3] {
                all.push(Jpeg { sampling, is_progressive, restart_interval, ..Jpeg::default() });
            }
        }
    }
    all
}

#[test]
fn another_decoder_sees_the_same() {
    // Where colour is four times as coarse, the other one shows wrong colours; libjpeg shows it as ours does.
    let is_judged = |it: &Jpeg| !matches!(it.sampling, SamplingFactor::F_4_1 | SamplingFactor::F_4_2);
    let variants = variants().into_iter().filter(is_judged);
    for variant in variants {
        for (width, height) in [(333, 222), (64, 64), (1, 1), (17, 150)] {
            let bytes = variant.make(width, height);
            let (mean, most) = difference(&ours(&bytes, 2048).rgb, &pixels(&bytes).0);
            // Coarser colour is spread by each decoder in its own way, which tells most in small pictures.
            let is_even = variant.sampling == SamplingFactor::F_1_1;
            let allowed = if is_even { 0.6 } else { 4.0 * (333.0 / f64::from(width)).clamp(1.0, 4.0) };
            assert!(mean < allowed, "{mean} {:?} {width}", variant.sampling);
            assert!(!is_even || most <= 4, "{most} {:?} {width}", variant.sampling);
        }
    }
}

/// No other decoder is asked: what comes out is near what went in, however coarse the colour.
#[test]
fn every_sampling_stays_near_its_source() {
    for (width, height) in [(333, 222), (64, 64), (130, 401)] {
        let source = scene(width.into(), height.into());
        let off = |sampling| {
            let bytes = Jpeg { sampling, quality: 95, ..Jpeg::default() }.make(width, height);
            difference(&ours(&bytes, 2048).rgb, &source).0
        };
        let even = off(SamplingFactor::F_1_1);
        for variant in variants() {
            let coarse = off(variant.sampling);
            assert!(coarse < even + 6.0, "{:?} {width}: {coarse} {even}", variant.sampling);
        }
    }
}

#[test]
fn other_colours_are_what_another_decoder_sees() {
    let even = Jpeg { sampling: SamplingFactor::F_1_1, quality: 100, ..Jpeg::default() };
    let inks: Vec<u8> =
        scene(64, 64).as_chunks::<3>().0.iter().flat_map(|&[c, m, y]| [c, m, y, 40]).collect();
    for (pixels_of, color) in
        [(&inks, ColorType::Cmyk), (&inks, ColorType::CmykAsYcck), (&vec![90; 64 * 64], ColorType::Luma)]
    {
        let bytes = even.encode(pixels_of, 64, 64, color);
        let (mean, most) = difference(&ours(&bytes, 2048).rgb, &pixels(&bytes).0);
        assert!(mean < 1.5 && most <= 6, "{mean} {most} {color:?}");
    }
}

#[test]
fn coding_bit_by_bit_changes_no_pixel_at_any_scale() {
    for edge in [2048, 300, 200, 150, 100, 70, 40, 20] {
        for (width, height) in [(400, 300), (130, 401)] {
            let plain = Jpeg::default();
            let whole = ours(&plain.make(width, height), edge);
            let bitwise = ours(&Jpeg { is_progressive: true, ..plain }.make(width, height), edge);
            assert!(whole.rgb == bitwise.rgb, "{width} × {height} to {edge}");
        }
    }
}

#[test]
fn a_reduced_scale_shows_what_reducing_the_whole_does() {
    let bytes = Jpeg { quality: 92, ..Jpeg::default() }.make(1201, 903);
    let (rgb, width, height) = pixels(&bytes);
    let whole = Pixels {
        width: u32::try_from(width).expect("small"),
        height: u32::try_from(height).expect("small"),
        rgb,
    };
    for edge in [1100, 800, 500, 300, 200, 100] {
        let found = ours(&bytes, edge);
        let expected = render::resize(&whole, found.width, found.height).expect("resized");
        let (mean, _) = difference(&found.rgb, &expected.rgb);
        assert!(mean < 4.0, "{mean} at {edge}");
    }
}

#[test]
fn little_memory_makes_the_scale_smaller_and_not_the_picture() {
    let bytes = Jpeg { is_progressive: true, ..Jpeg::default() }.make(1000, 800);
    let outline = Outline::read(&bytes).expect("a stream");
    let wanted = outline.frame.scale(600, u64::MAX);
    let least = outline.frame.scale(600, 0);
    assert!(least < wanted, "{least} {wanted}");
    let narrow = outline.frame.memory(least, 600);
    let small = Outline::read(&bytes).expect("a stream").decode(600, narrow).expect("decoded");
    assert_eq!((small.width, small.height), (600, 480));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_of_any_size_is_seen_alike(
        width in 1u16..90,
        height in 1u16..90,
        quality in 1u8..=100,
        is_progressive in any::<bool>(),
        restart_interval in 0u16..5,
        seed in any::<u32>(),
    ) {
        let noise: Vec<u8> = (0..u32::from(width) * u32::from(height) * 3)
            .map(|at| ((at ^ seed).wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0])
            .collect();
        let made = Jpeg { quality, is_progressive, restart_interval, sampling: SamplingFactor::F_1_1, ..Jpeg::default() };
        let bytes = made.encode(&noise, width, height, ColorType::Rgb);
        let (mean, most) = difference(&ours(&bytes, 2048).rgb, &pixels(&bytes).0);
        prop_assert!(mean < 1.0 && most <= 6, "{} {}", mean, most);
    }
}
