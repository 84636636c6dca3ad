//! What state an issue or an order is in, and the other closed lists of the field.

super::words! {
    /// States of issues and orders, severities, kinds of limit, kinds of closing.
    States {
        pool = "待分派", "To assign";
        dispatched = "待签收", "To accept";
        accepted = "整改中", "In hand";
        replied = "待确认", "To confirm";
        confirmed = "待复查", "To re-check";
        rework = "返工", "Rework";
        returned = "退单待裁定", "Returned";
        reassigned = "已改派", "Reassigned";
        closed = "已销号", "Closed";
        fixed_on_spot = "现场即改", "Fixed on spot";
        void = "已作废", "Void";
        overdue = "已超期", "Overdue";
        due_soon = "即将到期", "Due soon";
        minor = "轻微", "Minor";
        general = "一般", "General";
        serious = "严重", "Serious";
        issue = "问题", "Issue";
        order = "交办单", "Order";
        unit = "责任单位", "Unit";
        spot = "点位", "Spot";
        spot_type = "点位类型", "Spot type";
        clause = "检查项", "Clause";
        severity = "严重程度", "Severity";
        due = "整改期限", "Due";
        limit = "时限", "Limit";
        work_hour = "工作时", "working hours";
        closure_rate = "结案率", "Closure rate";
        on_time_rate = "按期结案率", "On-time rate";
        first_pass_rate = "一次合格率", "First-pass rate";
    }
}
