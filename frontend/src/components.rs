//! What every screen is made of. The gallery (`/gallery`) shows each of them in every state.
//!
//! Words come in as text the caller took from the dictionary; values that change come in as signals. A component decides
//! how it looks and how it is operated (keyboard, touch, screen reader), never what it means.

pub mod badge;
pub mod banner;
pub mod button;
pub mod clock;
pub mod drawing;
pub mod empty;
pub mod facts;
pub mod field;
pub mod icon;
pub mod lightbox;
pub mod list;
pub mod page;
pub mod photos;
pub mod preferences;
pub mod sheet;
pub mod shell;
pub mod skeleton;
pub mod table;
pub mod timeline;
pub mod toast;
pub mod viewfinder;

pub use badge::{Badge, Mark, MarkBadge, Tone};
pub use banner::{Banner, BannerKind};
pub use button::{Button, IconButton, Kind, LinkButton};
pub use clock::{Clock, Pace};
pub use drawing::Drawing;
pub use empty::EmptyState;
pub use facts::{Fact, Facts};
pub use field::{
    Checkbox, Choice, ChoiceField, SearchField, SelectField, TextAreaField, TextField, is_too_long,
    show_first_error,
};
pub use icon::{Icon, icon};
pub use list::{Card, List, LoadMore, Row};
pub use page::Page;
pub use photos::{BeforeAfter, Photo, PhotoState, PhotoStrip};
pub use preferences::Preferences;
pub use sheet::Sheet;
pub use shell::{Shell, Tab};
pub use skeleton::Skeleton;
pub use table::{Column, DataTable, NumberCell};
pub use timeline::{Timeline, TimelineItem};
pub use viewfinder::{Shot, Viewfinder};

use std::sync::atomic::{AtomicU32, Ordering};

/// A fresh id for binding a label, a hint or an error to its control.
pub(crate) fn fresh_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
