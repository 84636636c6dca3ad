//! Drawn pictures for the demo's history: places before and after they were put right, and no real people.
//!
//! The same scene, seed and state always give the same pixels. A seed decides the place – layout, colours, side – so
//! that the picture before and the one after show one place; light, camera and rubbish differ between the two.

mod brush;
mod market;
mod open_air;
mod props;
mod rooms;
mod street;

use brush::{Canvas, Dice, View};
use image::RgbImage;
use tiny_skia::Transform;

/// Width of every picture in pixels.
pub const WIDTH: u32 = 1200;
/// Height of every picture in pixels.
pub const HEIGHT: u32 = 900;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scene {
    /// Market stalls and the aisle before them.
    Market,
    /// A street with kerb and surface.
    Road,
    /// Sorted-waste bins.
    Bins,
    /// Parked bicycles.
    Bicycles,
    /// A notice board.
    Board,
    /// An emergency exit.
    Exit,
    /// Basins in a washroom.
    Washroom,
    /// Overhead cables.
    Cables,
    /// Shops and the pavement in front of them.
    Vendors,
    /// A wall that attracts stickers.
    Wall,
    /// A service counter.
    Hall,
    /// A flower bed.
    Green,
    /// A river bank.
    River,
    /// The hoarding of a building site.
    Site,
}

impl Scene {
    /// Every scene.
    pub const ALL: [Self; 14] = [
        Self::Market,
        Self::Road,
        Self::Bins,
        Self::Bicycles,
        Self::Board,
        Self::Exit,
        Self::Washroom,
        Self::Cables,
        Self::Vendors,
        Self::Wall,
        Self::Hall,
        Self::Green,
        Self::River,
        Self::Site,
    ];

    /// The scene that fits a clause best, by its code where that says enough, else by its dimension.
    #[must_use]
    pub fn for_clause(code: &str, dimension: &str) -> Self {
        match code {
            "G05" | "XQ-05" | "LJZZ-01" | "LJZZ-02" | "LJZZ-03" | "CXJHB-02" | "XZC-05" | "YY-05" => {
                return Self::Bins;
            }
            "G04" | "XZC-02" | "BJXX-04" | "GC-05" | "CYD-05" => return Self::Bins,
            "G06" | "G24" | "XQ-04" | "CXJHB-03" => return Self::Wall,
            "G07" | "XQ-02" | "XQ-03" | "TCC-03" | "G08" => return Self::Exit,
            "G09" | "G10" | "G19" | "GC-01" | "GC-02" | "GC-03" => return Self::Washroom,
            "G15" | "GJZT-03" | "TCC-02" | "XYZB-03" => return Self::Bicycles,
            "G16" | "G18" | "SYDJ-02" | "SYDJ-03" | "XYZB-02" | "XZZD-04" | "G20" | "GYGC-02" => {
                return Self::Vendors;
            }
            "G17" | "ZCGD-03" | "BJXX-02" => return Self::Cables,
            "ZCGD-04" | "GY-01" | "GY-04" | "GYGC-01" => return Self::Green,
            "GY-02" => return Self::River,
            _ => {}
        }
        let spot_type = code.split('-').next().unwrap_or_default();
        match spot_type {
            "NMSC" => return Self::Market,
            "HDGL" => return Self::River,
            "JZGD" => return Self::Site,
            "ZCGD" | "BJXX" | "JTLK" | "CXJHB" => return Self::Road,
            _ => {}
        }
        match dimension {
            "环境卫生" => Self::Bins,
            "消防安全" | "安全" => Self::Exit,
            "食品安全" | "诚信经营" => Self::Market,
            "秩序" | "文明行为" => Self::Vendors,
            "设施" | "无障碍" => Self::Road,
            "绿化" => Self::Green,
            "生态环境" => Self::River,
            "控烟" | "窗口服务" | "志愿服务" | "文化服务" => Self::Hall,
            _ => Self::Board,
        }
    }
}

/// Draws a scene as it was found (`after` false) or once put right, 1200 × 900.
#[must_use]
pub fn draw(scene: Scene, seed: u64, after: bool) -> RgbImage {
    let place = Dice::new(seed);
    // Another day: other light, another footing, other rubbish.
    let day = Dice::new(seed.rotate_left(17) ^ if after { 0xA5A5_5A5A } else { 0x3C3C_C3C3 });
    let light = day.pick(&[
        [1.0, 1.0, 1.0],
        [1.04, 0.98, 0.88],
        [0.9, 0.93, 0.98],
        [1.06, 1.03, 0.97],
        [0.86, 0.84, 0.86],
    ]);
    let side = if place.chance(50) { -1.0 } else { 1.0 };
    let view = View { camera: camera(&place, &day, side), light };
    let Some(mut canvas) = Canvas::new(WIDTH, HEIGHT, view) else { return RgbImage::new(WIDTH, HEIGHT) };
    let scenery = match scene {
        Scene::Market => market::market,
        Scene::Road => street::road,
        Scene::Bins => open_air::bins,
        Scene::Bicycles => street::bicycles,
        Scene::Board => market::board,
        Scene::Exit => rooms::exit,
        Scene::Washroom => rooms::washroom,
        Scene::Cables => street::cables,
        Scene::Vendors => street::vendors,
        Scene::Wall => street::wall,
        Scene::Hall => rooms::hall,
        Scene::Green => open_air::green,
        Scene::River => open_air::river,
        Scene::Site => open_air::site,
    };
    scenery(&mut canvas, &place, &day, after);
    RgbImage::from_raw(WIDTH, HEIGHT, canvas.into_rgb()).unwrap_or_else(|| RgbImage::new(WIDTH, HEIGHT))
}

/// Near enough that the margin of the drawing covers the corners, slightly turned, and for half of the places mirrored.
fn camera(place: &Dice, day: &Dice, side: f32) -> Transform {
    let (width, height) = (1200.0, 900.0);
    let zoom = place.between(1.03, 1.12) + day.between(0.0, 0.04);
    let (dx, dy) = (
        place.between(-22.0, 22.0) + day.between(-12.0, 12.0),
        place.between(-18.0, 18.0) + day.between(-9.0, 9.0),
    );
    Transform::from_translate(width / 2.0 + dx, height / 2.0 + dy)
        .pre_concat(Transform::from_rotate(day.between(-1.4, 1.4)))
        .pre_scale(zoom * side, zoom)
        .pre_translate(-width / 2.0, -height / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_the_same_every_time() {
        let once = draw(Scene::Market, 7, false);
        assert_eq!(once, draw(Scene::Market, 7, false));
        assert_ne!(once, draw(Scene::Market, 7, true));
        assert_ne!(once, draw(Scene::Market, 8, false));
    }

    #[test]
    fn every_corner_of_every_scene_is_painted() {
        for scene in Scene::ALL {
            for seed in 0..4 {
                let picture = draw(scene, seed, seed % 2 == 0);
                for (x, y) in [(0, 0), (WIDTH - 1, 0), (0, HEIGHT - 1), (WIDTH - 1, HEIGHT - 1)] {
                    assert_ne!(picture.get_pixel(x, y).0, [0, 0, 0], "{scene:?} {seed} at {x},{y}");
                }
            }
        }
    }

    #[test]
    fn clauses_find_their_scene() {
        assert_eq!(Scene::for_clause("G17", "设施"), Scene::Cables);
        assert_eq!(Scene::for_clause("NMSC-01", "秩序"), Scene::Market);
        assert_eq!(Scene::for_clause("SQ-01", "文明实践"), Scene::Board);
    }
}
