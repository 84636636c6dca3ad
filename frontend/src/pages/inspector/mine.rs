//! stub
use leptos::prelude::*;
pub(super) fn page() -> AnyView {
    ().into_any()
}
