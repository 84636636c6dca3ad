//! The unit's screens: its orders, the answer to one.

super::words! {
    /// The unit's screens: its orders, the answer to one.
    Unit {
        tab_orders = "交办单", "Orders";
        tab_done = "已办结", "Done";
    }
}
