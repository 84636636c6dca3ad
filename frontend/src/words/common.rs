//! Words of every screen.

super::words! {
    /// Words of every screen.
    Common {
        product = "点位通", "Spotfix";
        skip_to_content = "跳到正文", "Skip to content";
        main_menu = "主菜单", "Main menu";
        back = "返回", "Back";
        close = "关闭", "Close";
        cancel = "取消", "Cancel";
        save = "保存", "Save";
        send = "提交", "Send";
        done = "完成", "Done";
        retry = "重试", "Try again";
        search = "搜索", "Search";
        undo = "撤销", "Undo";
        clear = "清除", "Clear";
        more = "加载更多", "Load more";
        in_all: fn(u32) -> String = |n| format!("共 {n} 条"), |n| format!("{n} in all");
        more_than: fn(u32) -> String = |n| format!("超过 {n} 条"), |n| format!("More than {n}");
        all_shown = "已全部显示", "That is all";
        all = "全部", "All";
        loading = "正在载入…", "Loading…";
        working = "处理中…", "Working…";
        optional = "选填", "optional";
        choose = "请选择", "Choose";
        details = "详情", "Details";
        /// Between the members of a list, and between sentences.
        comma = "、", ", ";
        semicolon = "；", "; ";
        labelled: fn(&str, &str) -> String = |label, text| format!("{label}：{text}"), |label, text| format!("{label}: {text}");
        in_brackets: fn(&str) -> String = |text| format!("（{text}）"), |text| format!(" ({text})");
        unread: fn(u32) -> String = |n| format!("{n} 条待办"), |n| format!("{n} to do");
        /// What a table that scrolls sideways is called: its caption in place of {}.
        scrolls = "可左右滚动", "scrolls sideways";
        // Saving and sending: the five states of the outbox.
        saving = "正在保存", "Saving";
        saved_here = "已保存到手机", "Saved here";
        sending = "正在发送", "Sending";
        sent = "已上传", "Sent";
        refused = "上传失败", "Refused";
        offline = "当前无网络，填写的内容会先存在本机，联网后自动发送。", "No network. Your work is kept on this phone and sent when you are back online.";
        // Photos.
        photo_add = "拍照", "Take photo";
        photo_remove: fn(u32) -> String = |n| format!("删除第 {n} 张照片"), |n| format!("Remove photo {n}");
        photo_open: fn(u32) -> String = |n| format!("查看第 {n} 张照片"), |n| format!("View photo {n}");
        photo_of: fn(u32, u32) -> String = |n, of| format!("第 {n} 张，共 {of} 张"), |n, of| format!("Photo {n} of {of}");
        photo_failed = "保存失败", "Not kept";
        photo_uploading = "上传中", "Uploading";
        photo_draw = "在照片上标注", "Draw on a copy";
        photo_previous = "上一张", "Previous photo";
        photo_next = "下一张", "Next photo";
        photos_none = "没有照片", "No photos";
        before = "整改前", "Before";
        after = "整改后", "After";
        // Places.
        metres: fn(u32) -> String = metres_zh, metres_en;
        accuracy: fn(u32) -> String = |m| format!("精度约 {m} 米"), |m| format!("accurate to about {m} m");
    }
}

fn metres_zh(m: u32) -> String {
    if m < 1000 { format!("{m} 米") } else { format!("{}.{} 公里", m / 1000, m % 1000 / 100) }
}

fn metres_en(m: u32) -> String {
    if m < 1000 { format!("{m} m") } else { format!("{}.{} km", m / 1000, m % 1000 / 100) }
}
