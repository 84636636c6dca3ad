//! The inspector's screens: reporting, re-checking, one's own reports.

super::words! {
    /// The inspector's screens: reporting, re-checking, one's own reports.
    Inspector {
        tab_report = "上报", "Report";
        tab_recheck = "复查", "Re-check";
        tab_mine = "我上报的", "My reports";
        photo_waits = "照片还没传上去，联网后点照片重试。", "The photo has not arrived. Press it to try again when you are online.";
    }
}
