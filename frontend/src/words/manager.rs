//! The manager's screens: the pool, rates, issues, the county's data.

super::words! {
    /// The manager's screens: the pool, rates, issues, the county's data.
    Manager {
        tab_pool = "待分派", "Pool";
        tab_rates = "结案率", "Rates";
        tab_issues = "问题", "Issues";
        tab_lookup = "资料", "Look up";
    }
}
