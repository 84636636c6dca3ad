//! The inspector's screens: reporting, re-checking, one's own reports.

super::words! {
    /// The inspector's screens: reporting, re-checking, one's own reports.
    Inspector {
        tab_report = "上报", "Report";
        tab_recheck = "复查", "Re-check";
        tab_mine = "我上报的", "My reports";
    }
}
