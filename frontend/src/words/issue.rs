//! One issue, whoever looks at it: its history, why this unit, why this due time.

use app::clock::{LimitKind, Reason};
use app::issue::Flag;
use app::photo::Oddity;
use app::routing::{Beaten, Way};

super::words! {
    /// One issue, whoever looks at it: its history, why this unit, why this due time.
    Issue {
        title = "问题详情", "Problem";
        description = "情况描述", "Description";
        reported_at = "上报时间", "Reported";
        observed_at = "发现时间", "Seen";
        unknown_time = "不明（照片未记录时间）", "unknown: the photo names no time";
        photos_odd = "照片需要核对", "Look closely at the photos";
        from_camera = "现场拍摄", "taken on site";
        oddity: fn(Oddity) -> &'static str = oddity_zh, oddity_en;
        reporter = "上报人", "Reported by";
        position = "拍摄位置", "Position";
        photos = "问题照片", "Photos";
        photo_alt: fn(&str) -> String = |what| format!("照片：{what}"), |what| format!("Photo: {what}");
        reply_note = "整改情况", "What was done";
        timeline = "办理过程", "What happened";
        recurs = "反弹：此前已销号的同类问题再次出现", "Came back: the same problem was closed here before";
        recurs_open = "查看上一次", "See the last time";
        recurrence = "反弹", "Came back";
        round: fn(u32) -> String = |n| format!("第 {n} 轮"), |n| format!("round {n}");
        unit_is: fn(&str) -> String = |unit| format!("责任单位：{unit}"), |unit| format!("Unit: {unit}");
        // Who.
        office = "创建办", "The campaign office";
        by_me = "我", "Me";
        by_rule = "系统（按规则）", "The system, by rule";
        to_unit: fn(&str) -> String = |unit| format!("交给{unit}"), |unit| format!("to {unit}");
        due_by: fn(&str) -> String = |at| format!("整改期限 {at}"), |at| format!("due {at}");
        // The due time.
        due_why = "整改期限说明", "How the due time is reckoned";
        due_sum: fn(&str, &str, &str) -> String = |limit, from, to| format!("时限 {limit}，从 {from} 交办起算，到 {to} 届满。"), |limit, from, to| format!("{limit} from the dispatch at {from} until {to}.");
        due_standing: fn(&str, &str) -> String = |limit, from| format!("时限 {limit}，从 {from} 交办起算，目前计时暂停。"), |limit, from| format!("{limit} from the dispatch at {from}; the clock stands now.");
        due_provisional = "所涉年份的放假安排尚未公布，暂按星期和法定节假日推算。", "The holidays of a year in it are not published yet: taken by weekday and statutory holidays.";
        /// The years whose holidays were reckoned with: the first and the last.
        holidays: fn(i32, i32) -> String = holidays_zh, holidays_en;
        limit: fn(u32, LimitKind) -> String = limit_zh, limit_en;
        /// A day of the month: month, day.
        day: fn(u8, u8) -> String = |m, d| format!("{m}月{d}日"), day_en;
        reason: fn(Reason) -> &'static str = reason_zh, reason_en;
        counts: fn(&str) -> String = |t| format!("计 {t}"), str::to_owned;
        counts_days: fn(i64) -> String = |n| format!("计 {n} 个工作日"), |n| format!("{n} working days");
        granted: fn(&str) -> String = |t| format!("加 {t}"), |t| format!("+ {t}");
        counts_not = "不计", "not counted";
        with_days_off: fn(i64) -> String = |n| format!("其中休息 {n} 天"), |n| format!("{n} days off in it");
        hours: fn(i64, i64) -> String = hours_zh, hours_en;
        since: fn(&str) -> String = |at| format!("{at} 起"), |at| format!("from {at}");
        // The assignment.
        why_unit = "派单依据", "Why this unit";
        why_pool = "未自动派单原因", "Why no unit";
        beaten_ways = "未采用的规则", "Not used";
        way: fn(&Way) -> &'static str = way_zh, way_en;
        by_part = "部件类：先找管理单位，再找属地", "A fixed thing: its operator first, then the territory";
        by_event = "事件类：先找属地，再找管理单位", "Behaviour: the territory first, then the operator";
        beaten: fn(Beaten) -> &'static str = beaten_zh, beaten_en;
        no_unit = "未设单位", "no unit";
        pool_name = "创建办（待分派）", "The campaign office (to assign)";
        from_spot: fn(&str) -> String = |d| format!("距点位 {d}"), |d| format!("{d} from the spot");
        // What is odd.
        noted = "备注", "Noted";
        flag: fn(Flag) -> &'static str = flag_zh, flag_en;
        // Changes.
        what: fn(&str) -> &'static str = what_zh, what_en;
    }
}

fn limit_zh(n: u32, kind: LimitKind) -> String {
    match kind {
        LimitKind::UrgentHour => format!("{n} 个紧急工作时"),
        LimitKind::WorkHour => format!("{n} 个工作时"),
        LimitKind::WorkDay => format!("{n} 个工作日"),
        LimitKind::CalendarDay => format!("{n} 个自然日"),
    }
}

fn limit_en(n: u32, kind: LimitKind) -> String {
    let unit = match kind {
        LimitKind::UrgentHour => "urgent hour",
        LimitKind::WorkHour => "working hour",
        LimitKind::WorkDay => "working day",
        LimitKind::CalendarDay => "calendar day",
    };
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}

fn day_en(month: u8, day: u8) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default();
    format!("{day} {month}")
}

fn hours_zh(hours: i64, minutes: i64) -> String {
    match (hours, minutes) {
        (0, m) => format!("{m} 分钟"),
        (h, 0) => format!("{h} 小时"),
        (h, m) => format!("{h} 小时 {m} 分"),
    }
}

fn hours_en(hours: i64, minutes: i64) -> String {
    match (hours, minutes) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

const fn reason_zh(reason: Reason) -> &'static str {
    match reason {
        Reason::Weekday => "工作日",
        Reason::MakeUpDay => "调休上班",
        Reason::Weekend => "周末",
        Reason::Holiday => "节假日",
        Reason::Break => "午休",
        Reason::OutsideHours => "非工作时间",
        Reason::DispatchDay => "交办当天",
        Reason::EveryHour => "昼夜连续计时",
        Reason::Paused => "停止计时",
        Reason::Extended => "延长",
        Reason::ManyDays => "期间工作日",
    }
}

const fn reason_en(reason: Reason) -> &'static str {
    match reason {
        Reason::Weekday => "working day",
        Reason::MakeUpDay => "make-up working day",
        Reason::Weekend => "weekend",
        Reason::Holiday => "holiday",
        Reason::Break => "noon break",
        Reason::OutsideHours => "outside working hours",
        Reason::DispatchDay => "day of dispatch",
        Reason::EveryHour => "every hour counts",
        Reason::Paused => "clock stood",
        Reason::Extended => "more time granted",
        Reason::ManyDays => "working days in between",
    }
}

const fn way_zh(way: &Way) -> &'static str {
    use app::clause::SpotRole::{Lead, Operator, Territory};
    match way {
        Way::SpotClause { .. } => "本点位、本检查项的专门规则",
        Way::SpotRole { role: Lead, .. } => "本点位的主管单位",
        Way::SpotRole { role: Territory, .. } => "本点位的属地单位",
        Way::SpotRole { role: Operator, .. } => "本点位的管理单位",
        Way::ClauseDefault => "检查项的默认责任单位",
        Way::SpotTypeArea { .. } => "点位类型与区域的规则",
        Way::Pool => "没有规则适用，由创建办分派",
        Way::Office => "创建办指定",
    }
}

const fn way_en(way: &Way) -> &'static str {
    use app::clause::SpotRole::{Lead, Operator, Territory};
    match way {
        Way::SpotClause { .. } => "A rule for this clause at this spot",
        Way::SpotRole { role: Lead, .. } => "The bureau in charge of this spot",
        Way::SpotRole { role: Territory, .. } => "The territory of this spot",
        Way::SpotRole { role: Operator, .. } => "The operator of this spot",
        Way::ClauseDefault => "The clause's own unit",
        Way::SpotTypeArea { .. } => "A rule for this type of spot in this area",
        Way::Pool => "No rule reaches: the office assigns",
        Way::Office => "Chosen by the office",
    }
}

const fn beaten_zh(why: Beaten) -> &'static str {
    match why {
        Beaten::LessSpecific => "已有更优先的规则",
        Beaten::UnitClosed => "该单位已停用",
        Beaten::NoUnit => "未设单位",
    }
}

const fn beaten_en(why: Beaten) -> &'static str {
    match why {
        Beaten::LessSpecific => "a more specific rule had answered",
        Beaten::UnitClosed => "the unit takes no orders any more",
        Beaten::NoUnit => "no unit is set",
    }
}

fn holidays_zh(first: i32, last: i32) -> String {
    if first == last {
        format!("依据 {first} 年放假安排")
    } else {
        format!("依据 {first} 至 {last} 年放假安排")
    }
}

fn holidays_en(first: i32, last: i32) -> String {
    if first == last {
        format!("By the holidays of {first}")
    } else {
        format!("By the holidays of {first} to {last}")
    }
}

const fn oddity_zh(odd: Oddity) -> &'static str {
    match odd {
        Oddity::FromGallery => "选自相册",
        Oddity::NoTime => "拍摄时间不明",
        Oddity::TakenBefore => "拍摄时间早于应反映的情况",
        Oddity::TakenLongAgo => "拍摄后较久才上报",
        Oddity::FarFromSpot => "拍摄位置距点位较远",
    }
}

const fn oddity_en(odd: Oddity) -> &'static str {
    match odd {
        Oddity::FromGallery => "from the gallery",
        Oddity::NoTime => "nobody knows when it was taken",
        Oddity::TakenBefore => "taken before what it is to show",
        Oddity::TakenLongAgo => "taken long before the report",
        Oddity::FarFromSpot => "taken far from the spot",
    }
}

const fn flag_zh(flag: Flag) -> &'static str {
    match flag {
        Flag::FarFromSpot => "拍摄位置距点位较远",
        Flag::NoPosition => "没有定位",
        Flag::ObservedInFuture => "发现时间晚于服务器时间",
        Flag::ObservedLongAgo => "发现后较久才上报",
        Flag::ClockWrong => "手机时钟不准，发现时间已校正",
        Flag::SentLate => "在手机上存放较久才送达",
        Flag::PositionCoarse => "定位精度不足，无法核对位置",
        Flag::FromGallery => "照片选自相册",
        Flag::NoTime => "发现时间不明",
    }
}

const fn flag_en(flag: Flag) -> &'static str {
    match flag {
        Flag::FarFromSpot => "far from the spot",
        Flag::NoPosition => "without a position",
        Flag::ObservedInFuture => "seen later than the server heard of it",
        Flag::ObservedLongAgo => "sent long after it was seen",
        Flag::ClockWrong => "the phone's clock was wrong: the time seen is corrected",
        Flag::SentLate => "held on the phone for long before it arrived",
        Flag::PositionCoarse => "position too rough to tell",
        Flag::FromGallery => "a photo is from the gallery",
        Flag::NoTime => "nobody knows when it was seen",
    }
}

fn what_zh(what: &str) -> &'static str {
    match what {
        "reported" => "巡查上报",
        "fixed_on_spot" => "现场即改，直接销号",
        "pooled" => "转创建办分派",
        "dispatched" => "交办",
        "accepted" => "签收",
        "replied" => "整改反馈",
        "confirmed" => "单位确认整改完成",
        "returned" => "退单",
        "ruled_same" => "裁定：驳回退单，原单位继续办理",
        "reassigned" => "裁定：同意退单并改派",
        "passed" => "复查通过，销号",
        "failed" => "复查不通过，返工",
        "voided" => "作废",
        _ => "其他",
    }
}

fn what_en(what: &str) -> &'static str {
    match what {
        "reported" => "Reported",
        "fixed_on_spot" => "Fixed on the spot, closed",
        "pooled" => "Left to the office to assign",
        "dispatched" => "Dispatched",
        "accepted" => "Accepted",
        "replied" => "Replied",
        "confirmed" => "Confirmed by the unit",
        "returned" => "Returned",
        "ruled_same" => "Ruled: the same unit continues",
        "reassigned" => "Ruled: another unit",
        "passed" => "Re-check passed, closed",
        "failed" => "Re-check failed, once more",
        "voided" => "Void",
        _ => "Other",
    }
}
