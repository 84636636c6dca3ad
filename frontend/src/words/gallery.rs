//! The gallery of components.

super::words! {
    /// The gallery of components.
    Gallery {
        title = "组件图册", "Gallery";
    }
}
