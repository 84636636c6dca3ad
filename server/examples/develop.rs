//! Puts every photo of a folder through the pipeline on one thread and prints the timings as JSON, in the form of
//! `tests/bench/sharp.mjs`, which is the yardstick.
//!
//!     cargo run --release -p spotfix-server --example develop -- FOLDER [--rounds 10]

use anyhow::{Context, Result};
use clap::Parser;
use serde_json::{Value, json};
use server::photo::pipeline::{Limits, process};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Parser)]
struct Arguments {
    /// The folder of photos
    folder: PathBuf,
    /// How often each photo is developed
    #[arg(long, default_value_t = 10)]
    rounds: usize,
}

fn main() -> Result<()> {
    let Arguments { folder, rounds } = Arguments::parse();
    let mut photos: Vec<PathBuf> = std::fs::read_dir(&folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    photos.retain(|path| is_photo(path));
    photos.sort();

    let mut files = Vec::new();
    let mut medians = Vec::new();
    for path in &photos {
        let (file, p50) = develop(path, rounds.max(1))?;
        files.push(file);
        medians.push(p50);
    }
    let p50 = (!medians.is_empty()).then(|| rounded(median(&mut medians)));
    let found = json!({
        "tool": "spotfix",
        "version": env!("CARGO_PKG_VERSION"),
        "rounds": rounds,
        "p50_ms": p50,
        "files": files,
    });
    println!("{found:#}");
    Ok(())
}

/// Times one photo; what it came to, and the median in milliseconds.
fn develop(path: &Path, rounds: usize) -> Result<(Value, f64)> {
    let bytes = std::fs::read(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let limits = Limits::default();
    // The first round warms up and does not count.
    let photo = process(&bytes, &limits).with_context(|| format!("developing {name}"))?;
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begun = Instant::now();
        black_box(process(black_box(&bytes), &limits)?);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    let p50 = median(&mut times);
    let file = json!({
        "name": name,
        "bytes": bytes.len(),
        "full_bytes": photo.full.jpeg.len(),
        "thumb_bytes": photo.thumb.jpeg.len(),
        "p50_ms": rounded(p50),
    });
    Ok((file, p50))
}

fn is_photo(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| ["jpg", "jpeg", "png", "webp"].iter().any(|known| extension == *known))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
