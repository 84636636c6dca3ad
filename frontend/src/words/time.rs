//! Durations in words. What counts time differs per order, so every remaining time says which time it is.

super::words! {
    /// Moments and durations.
    Time {
        just_now = "刚刚", "just now";
        days_hours: fn(u64, u64) -> String = days_hours_zh, days_hours_en;
        hours_minutes: fn(u64, u64) -> String = hours_minutes_zh, hours_minutes_en;
        minutes: fn(u64) -> String = |m| format!("{m} 分钟"), |m| format!("{m} min");
        /// Time that runs only inside working hours: days, hours, minutes.
        work: fn(u64, u64, u64) -> String = work_zh, work_en;
        left: fn(&str) -> String = |t| format!("剩余 {t}"), |t| format!("{t} left");
        over: fn(&str) -> String = |t| format!("已超期 {t}"), |t| format!("{t} overdue");
        ago: fn(&str) -> String = |t| format!("{t}前"), |t| format!("{t} ago");
        stopped = "计时已暂停", "Clock stopped";
        closed_in_time = "按期销号", "Closed in time";
        closed_late = "超期销号", "Closed late";
        closed_late_by: fn(&str) -> String = |t| format!("已销号，超期 {t}"), |t| format!("Closed, {t} late");
        confirmed_late = "超期确认", "Confirmed late";
        confirmed_late_by: fn(&str) -> String = |t| format!("已确认，超期 {t}"), |t| format!("Confirmed, {t} late");
    }
}

/// From so many days on, hours say nothing.
const MANY_DAYS: u64 = 10;

fn work_zh(days: u64, hours: u64, minutes: u64) -> String {
    match (days, hours, minutes) {
        (0, 0, m) => format!("{m} 分钟（工作时间）"),
        (0, h, 0) => format!("{h} 个工作时"),
        (0, h, m) => format!("{h} 个工作时 {m} 分"),
        (d, 0, _) => format!("{d} 个工作日"),
        (d, _, _) if d >= MANY_DAYS => format!("{d} 个工作日"),
        (d, h, _) => format!("{d} 个工作日 {h} 小时"),
    }
}

fn work_en(days: u64, hours: u64, minutes: u64) -> String {
    match (days, hours, minutes) {
        (0, 0, m) => format!("{m} working min"),
        (0, h, 0) => format!("{h} working h"),
        (0, h, m) => format!("{h} h {m} min of working time"),
        (d, 0, _) => format!("{d} working days"),
        (d, _, _) if d >= MANY_DAYS => format!("{d} working days"),
        (d, h, _) => format!("{d} working days {h} h"),
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
