//! The unit's screens: its orders, the answer to one.

super::words! {
    /// The unit's screens: its orders, the answer to one.
    Unit {
        show = "按进度查看", "By progress";
        begun = "有未提交的反馈", "Reply begun";
        to_accept = "待签收", "To accept";
        in_hand = "办理中", "In hand";
        waiting = "待复查", "Waiting";
        ruling = "待裁定", "For ruling";
        done = "已办结", "Done";
        to_accept_none = "没有待签收的交办单", "Nothing to accept";
        to_accept_none_help = "新的交办单会出现在这里，请及时签收。", "New orders come here. Accept them soon.";
        in_hand_none = "没有办理中的交办单", "Nothing in hand";
        in_hand_none_help = "签收后的交办单会出现在这里，按整改期限排列。", "Accepted orders stand here, the earliest due first.";
        waiting_none = "没有等待复查的交办单", "Nothing waits for a re-check";
        waiting_none_help = "提交并确认后的交办单会出现在这里。", "Orders you have confirmed stand here.";
        ruling_none = "没有等待裁定的交办单", "Nothing waits for a ruling";
        ruling_none_help = "退单后的交办单会出现在这里，由创建办裁定。", "Orders you have sent back stand here until the office rules.";
        done_none = "还没有办结的交办单", "Nothing is done yet";
        done_none_help = "复查通过后的交办单会出现在这里。", "Orders that passed the re-check stand here.";
        // One order.
        problem = "问题", "Problem";
        how_to_look = "检查方法与计数规则", "How to look and count";
        not_counted = "不计入情形", "Does not count";
        place = "位置", "Place";
        address = "地址", "Address";
        position = "坐标（WGS-84）", "Position (WGS-84)";
        failed_recheck = "复查不通过", "The re-check failed";
        ruled_same = "退单已裁定：由本单位继续办理", "Ruled on your return: you continue";
        comparison = "整改前后对比", "Before and after";
        history = "办理过程", "What happened";
        why_us = "派单依据", "Why this unit";
        // Steps.
        accept = "签收", "Accept";
        accepted = "已签收，请在期限前整改", "Accepted. Put it right before it is due";
        reply = "整改反馈", "Reply";
        reply_again = "重新反馈", "Reply again";
        reply_title = "整改反馈", "Reply";
        after_photos = "整改后照片", "After-photos";
        after_photos_hint = "尽量站在同一位置、同一角度拍。", "From the same place and angle, if you can.";
        reply_note = "整改情况", "What was done";
        reply_confirm = "提交并确认", "Send and confirm";
        reply_only = "仅提交，稍后确认", "Send, confirm later";
        reply_confirm_help = "确认后计时停止，等待复查；整改是否按期以确认时间为准。", "Confirming stops the clock; whether it was in time is judged by this moment.";
        replied = "已提交，还需本单位确认", "Sent. The unit has still to confirm";
        confirm = "确认整改完成", "Confirm it is done";
        confirmed = "已确认，等待复查", "Confirmed. Waiting for the re-check";
        return_do = "退单", "Return";
        return_send = "提交退单", "Send back";
        return_title = "退单", "Return the order";
        return_help = "不属于本单位职责的，可以退单，由创建办裁定。裁定期间计时暂停；退回本单位的，按剩余时限继续计时。", "If this is not yours, send it back: the office rules. The clock stands meanwhile; if it stays yours, it goes on with the time left.";
        return_reason = "退单理由", "Reason";
        returned = "已退单，等待裁定", "Returned. The office will rule";
        photos_needed = "请至少拍一张整改后照片", "Take at least one after-photo";
    }
}
