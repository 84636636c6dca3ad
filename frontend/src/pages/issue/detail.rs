//! stub
use leptos::prelude::*;
/// stub
pub fn page() -> AnyView {
    ().into_any()
}
