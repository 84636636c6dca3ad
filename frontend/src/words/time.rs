//! Durations in words. What counts time differs per order, so every remaining time says which time it is.

super::words! {
    /// Moments and durations.
    Time {
        just_now = "刚刚", "just now";
        days_hours: fn(u64, u64) -> String = days_hours_zh, days_hours_en;
        hours_minutes: fn(u64, u64) -> String = hours_minutes_zh, hours_minutes_en;
        minutes: fn(u64) -> String = |m| format!("{m} 分钟"), |m| format!("{m} min");
        /// Time that runs only inside working hours.
        left_working: fn(&str) -> String = |t| format!("还剩 {t}（工作时间）"), |t| format!("{t} left (working time)");
        /// Time that runs through nights and holidays.
        left: fn(&str) -> String = |t| format!("还剩 {t}"), |t| format!("{t} left");
        over_working: fn(&str) -> String = |t| format!("超期 {t}（工作时间）"), |t| format!("{t} overdue (working time)");
        over: fn(&str) -> String = |t| format!("超期 {t}"), |t| format!("{t} overdue");
        ago: fn(&str) -> String = |t| format!("{t}前"), |t| format!("{t} ago");
        stopped = "已停止计时", "Clock stopped";
        closed_in_time = "按期销号", "Closed in time";
        /// A time that runs only inside working hours.
        of_work: fn(&str) -> String = |t| format!("{t}（工作时间）"), |t| format!("{t} of working time");
        closed_late = "超期销号", "Closed late";
        closed_late_by: fn(&str) -> String = |t| format!("已销号，超期 {t}"), |t| format!("Closed, {t} late");
        confirmed_late = "超期确认", "Confirmed late";
        confirmed_late_by: fn(&str) -> String = |t| format!("已确认，超期 {t}"), |t| format!("Confirmed, {t} late");
    }
}

fn days_hours_zh(days: u64, hours: u64) -> String {
    if hours == 0 { format!("{days} 天") } else { format!("{days} 天 {hours} 小时") }
}

fn days_hours_en(days: u64, hours: u64) -> String {
    if hours == 0 { format!("{days} d") } else { format!("{days} d {hours} h") }
}

fn hours_minutes_zh(hours: u64, minutes: u64) -> String {
    if minutes == 0 { format!("{hours} 小时") } else { format!("{hours} 小时 {minutes} 分") }
}

fn hours_minutes_en(hours: u64, minutes: u64) -> String {
    if minutes == 0 { format!("{hours} h") } else { format!("{hours} h {minutes} min") }
}
