//! The demo's pictures: a few hundred are drawn and developed like any photo, and used under new ids as often as needed.

use super::pictures::{Scene, draw};
use crate::AppState;
use crate::photo::files::Key;
use crate::photo::pipeline::Processed;
use anyhow::{Context, Result};
use app::id::{PhotoId, UserId};
use app::photo::PhotoSize;
use app::time::Timestamp;
use std::collections::HashMap;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Places per scene.
const SEEDS: u64 = 5;

/// A picture that was drawn and developed.
pub(super) struct Picture {
    first: Key,
    pub(super) photo: Processed,
    pub(super) bytes: usize,
}

/// All pictures, by scene, place, and whether it is put right.
pub(super) struct Album {
    pictures: HashMap<(Scene, u64, bool), Picture>,
}

impl Album {
    /// Draws everything, on all cores.
    pub(super) async fn draw(state: &AppState) -> Result<Self> {
        let mut tasks = JoinSet::new();
        for scene in Scene::ALL {
            for seed in 0..SEEDS {
                for after in [false, true] {
                    let state = state.clone();
                    tasks.spawn(async move {
                        let jpeg = tokio::task::spawn_blocking(move || encode(scene, seed, after)).await??;
                        let bytes = jpeg.len();
                        // Drawn by nobody's phone; there is nobody else to wait for.
                        let mut photo = state.darkroom.develop(UserId(Uuid::nil()), jpeg.into()).await?;
                        let id = PhotoId(state.clock.new_id());
                        let first = Key { id, sha256: photo.sha256.clone(), kept_at: state.clock.now() };
                        let (full, thumb) =
                            (std::mem::take(&mut photo.full.jpeg), std::mem::take(&mut photo.thumb.jpeg));
                        state.files.put(&first, PhotoSize::Full, full).await?;
                        state.files.put(&first, PhotoSize::Thumb, thumb).await?;
                        anyhow::Ok(((scene, seed, after), Picture { first, photo, bytes }))
                    });
                }
            }
        }
        let mut pictures = HashMap::new();
        while let Some(done) = tasks.join_next().await {
            let (key, picture) = done??;
            pictures.insert(key, picture);
        }
        Ok(Self { pictures })
    }

    /// The picture of a scene at a place.
    pub(super) fn get(&self, scene: Scene, place: u64, after: bool) -> Result<&Picture> {
        self.pictures.get(&(scene, place % SEEDS, after)).context("a scene that was not drawn")
    }
}

impl Picture {
    /// The same picture as another photo's files.
    pub(super) async fn copy_to(&self, state: &AppState, id: PhotoId, kept_at: Timestamp) -> Result<()> {
        let copy = Key { id, sha256: self.photo.sha256.clone(), kept_at };
        state.files.copy(&self.first, &copy).await
    }
}

fn encode(scene: Scene, seed: u64, after: bool) -> Result<Vec<u8>> {
    let picture = draw(scene, seed, after);
    let mut jpeg = Vec::new();
    let (width, height) = (u16::try_from(picture.width())?, u16::try_from(picture.height())?);
    jpeg_encoder::Encoder::new(&mut jpeg, 80).encode(
        picture.as_raw(),
        width,
        height,
        jpeg_encoder::ColorType::Rgb,
    )?;
    Ok(jpeg)
}
