//! The inspector's screens: reporting, re-checking, one's own reports.

use app::spot::LocationSource;

super::words! {
    /// The inspector's first screen, and the spots it lists; apart, for it is in the main module and the others are not.
    Home {
        home_title = "巡查上报", "Report";
        report = "上报问题", "Report a problem";
        rechecks_wait: fn(u32) -> String = |n| format!("{} 个问题等待复查", many(n)), |n| format!("{} to re-check", many(n));
        rechecks_wait_help = "现场核对整改情况，通过后销号。", "Look at them on site; what passes is closed.";
        spots_near = "附近的点位", "Spots near you";
        spots_all = "全部点位", "All spots";
        search_spots = "名称、拼音、地址或类型", "Name, pinyin, address or type";
        spots_none = "没有找到点位", "No spot found";
        spots_none_help = "换个名称或拼音试试，例如“市场 城东”或“sc”。", "Try other words or their pinyin, in any order.";
        spots_more: fn(usize) -> String = |n| format!("还有 {n} 个，请输入名称查找。"), |n| format!("{n} more: search by name.");
        locating = "正在定位…", "Finding your position…";
        located: fn(u32) -> String = |m| format!("定位精度约 {m} 米"), |m| format!("Position accurate to about {m} m");
        located_by_photo = "位置取自照片", "Position from the photo";
        position_denied = "没有定位权限，请手动选择点位", "No permission to locate: choose the spot by hand";
        position_none = "暂时无法定位，请手动选择点位", "No position now: choose the spot by hand";
        locate_again = "重新定位", "Locate again";
        offline = "当前没有网络。照常拍照、填写和提交，内容存在本机，联网后自动发送。", "No network. Go on as usual: everything is kept on this phone and sent by itself.";
    }
}

super::words! {
    /// The inspector's screens: reporting, re-checking, one's own reports.
    Inspector {
        // Reporting.
        report_title = "上报问题", "Report a problem";
        photos = "问题照片", "Photos of the problem";
        photos_needed = "请先拍照（轻微问题可以不拍）", "Take a photo first (a minor problem needs none)";
        gallery_title = "照片选自相册", "Chosen from the gallery";
        gallery: fn(Option<&str>, Option<LocationSource>) -> String = gallery_zh, gallery_en;
        where_ = "点位", "Spot";
        spot_choose = "选择点位", "Choose the spot";
        spot_suggested = "按定位推荐", "Suggested by position";
        spot_needed = "请选择点位", "Choose the spot";
        far_title = "离点位较远", "Far from the spot";
        far: fn(&str) -> String = |d| format!("您距所选点位约 {d}。请确认点位没有选错；仍可上报，会注明距离较远。"), |d| format!("You are about {d} from this spot. Is it the right one? You can still report; it will be marked.");
        what = "检查项", "Clause";
        clause_usual = "您常报的", "What you report most";
        clause_search = "搜索检查项：内容或拼音", "Search clauses: text or pinyin";
        clause_choose_spot = "先选点位，再选检查项。", "Choose the spot first.";
        clause_none = "没有符合的检查项", "No clause matches";
        clause_none_help = "换个说法试试，或清除搜索后按类别查找。", "Try another word, or clear the search and look through the groups.";
        clause_needed = "请选择检查项", "Choose the clause";
        clause_change = "更换", "Change";
        phrase = "常见问题", "What is wrong";
        phrase_none = "以上都不是", "None of these";
        how_to_look = "检查方法与计数规则", "How to look and count";
        not_counted = "不计入情形", "What does not count";
        severity = "严重程度", "Severity";
        description = "情况描述", "Description";
        description_hint = "检查项已经说清的，可以不写。", "Leave it empty where the clause says enough.";
        fixed = "现场即改", "Fixed on the spot";
        fixed_hint = "问题已当场改好：拍整改后照片，直接销号，不派单。", "Put right at once: take after-photos. It is closed and no order is sent.";
        after_photos = "整改后照片", "After-photos";
        after_needed = "请拍整改后照片", "Take after-photos";
        fixed_note = "整改情况", "What was done";
        forecast = "预计交办", "Forecast";
        forecast_note = "本机按现行规则推算，以系统派单结果为准。", "Reckoned by the rules in force; what counts is the answer after sending.";
        forecast_fixed = "现场即改：提交后直接销号，不派单。", "Fixed on the spot: closed on sending, no order is made.";
        submit = "提交", "Send";
        give_up = "放弃本次上报", "Discard this report";
        give_up_title = "放弃本次上报？", "Discard this report?";
        give_up_help = "已拍的照片和填写的内容将丢弃。", "The photos and what was filled in are lost.";
        // The answer.
        sent_title = "已上报", "Reported";
        sent_to: fn(&str) -> String = |unit| format!("已交办：{unit}"), |unit| format!("Sent to {unit}");
        sent_pool = "已转创建办分派", "The campaign office will assign it";
        sent_pool_help = "没有规则能找到责任单位，由创建办人工分派，不会遗漏。", "No rule reaches a unit. The office assigns it by hand; it is not lost.";
        sent_fixed = "已记录现场即改，问题已销号", "Fixed on the spot and closed";
        sent_fixed_help = "计入工作量，不计责任单位失分。", "Counted as work done, never as a unit's failure.";
        due_at: fn(&str) -> String = |at| format!("整改期限：{at}"), |at| format!("Due {at}");
        here_again = "在此继续上报", "Report another here";
        see = "查看详情", "See it";
        // Re-checking.
        rechecks_title = "待我复查", "To re-check";
        rechecks_none = "没有待复查的问题", "Nothing to re-check";
        rechecks_none_help = "责任单位确认整改后会出现在这里。自己上报的问题由其他人复查。", "What units have confirmed comes here. Your own reports are re-checked by others.";
        recheck_title = "复查", "Re-check";
        recheck_gone = "这个问题现在不需要您复查", "This is not yours to re-check now";
        recheck_gone_help = "可能已由他人复查，或者是您自己上报的。", "Somebody else may have done it, or you reported it yourself.";
        same_hours_title = "同时段复查", "Same hours";
        same_hours: fn(&str, i64) -> String = |at, h| format!("这类问题只在特定时段出现：{at} 发现，请在当天同一时刻前后 {h} 小时内复查。"), |at, h| format!("This problem exists at certain hours only: it was seen at {at}. Re-check within {h} h of that time of day.");
        pass = "通过", "Pass";
        pass_hours: fn(&str, &str) -> String = |from, to| format!("{from}–{to} 可通过"), |from, to| format!("Pass {from}–{to}");
        recheck_far: fn(&str) -> String = |d| format!("您距点位约 {d}。仍可提交，会注明距离较远。"), |d| format!("You are about {d} from the spot. You can still send it; it will be marked.");
        recheck_photo_needed = "通过前请拍一张复查照片", "Take a photo of the re-check before it passes";
        undo_late = "已提交，无法撤销", "It has been sent and cannot be taken back";
        fail = "不通过", "Fail";
        passed = "复查通过，已销号", "Passed and closed";
        failed = "已退回返工", "Sent back for rework";
        passed_soon = "复查通过，10 秒后提交", "Passed; sent in 10 seconds";
        failed_soon = "复查不通过，10 秒后提交", "Failed; sent in 10 seconds";
        recheck_photos = "复查照片", "Re-check photos";
        recheck_note = "复查意见", "Remark";
        fail_title = "复查不通过", "The re-check failed";
        fail_reason = "不通过的原因", "What is still wrong";
        fail_help = "退回责任单位重新整改，按剩余时限继续计时。", "The same order goes into its next round, with the time that was left.";
        // My reports.
        mine_none = "您还没有上报过问题", "You have not reported anything yet";
        mine_none_help = "发现问题时，先拍照，再选检查项，提交后就会出现在这里。", "Take a photo, choose the clause, send: it comes here.";
        mine_all = "全部", "All";
        mine_open = "办理中", "Open";
        mine_closed = "已销号", "Closed";
        show = "按进度查看", "By progress";
    }
}

/// What is known of a chosen photo: when, and by what where.
fn gallery_zh(at: Option<&str>, place: Option<LocationSource>) -> String {
    let time = at.map_or_else(
        || "照片未记录拍摄时间，发现时间记为不明。".to_owned(),
        |at| format!("拍摄于 {at}，以此为发现时间。"),
    );
    let place = match place {
        None => "照片未记录位置，不以您现在的位置代替。",
        Some(LocationSource::Device) => "刚刚拍摄，位置为您现在的位置。",
        Some(_) => "位置取自照片。",
    };
    format!("{time}{place}")
}

fn gallery_en(at: Option<&str>, place: Option<LocationSource>) -> String {
    let time = at.map_or_else(
        || "The photo names no time, so the time seen is unknown.".to_owned(),
        |at| format!("Taken at {at}, which is the time seen."),
    );
    let place = match place {
        None => "The photo names no position, and yours now does not stand in for it.",
        Some(LocationSource::Device) => "It was taken just now, so the position is yours.",
        Some(_) => "The position is the photo's.",
    };
    format!("{time} {place}")
}

/// A count that is no longer exact from 100 on.
fn many(n: u32) -> String {
    if n >= 100 { "100+".to_owned() } else { n.to_string() }
}
