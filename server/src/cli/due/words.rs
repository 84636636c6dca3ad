//! The explanation of a due time in words.

use crate::cli::lang::Lang;
use app::calendar::TimeOfDay;
use app::clock::{Due, Limit, LimitKind, Line, Measure, Reading, Reason};
use app::time::{DAY, HOUR, MINUTE, Timestamp};
use std::fmt::Write;

/// Everything: the due time, the limit, the calendar, then line by line.
pub(super) fn explanation(
    limit: Limit,
    reading: Reading,
    due_at: Timestamp,
    due: &Due,
    lang: Lang,
) -> String {
    let mut text = String::new();
    let colon = lang.pick("：", ": ");
    let version = if due.provisional {
        let why = lang.pick(
            "，含未公布年份，暂按星期和法定节假日推定",
            ", with a year not published yet, taken by weekday and statutory holidays",
        );
        format!("{}{why}", due.calendar_version)
    } else {
        due.calendar_version.clone()
    };
    let lines = [
        (lang.pick("到期", "due"), moment(due_at, lang)),
        (lang.pick("时限", "limit"), limit_words(limit, reading, lang)),
        (lang.pick("日历", "calendar"), version),
    ];
    for (name, value) in lines {
        let _ = writeln!(text, "{name}{colon}{value}");
    }
    for it in &due.lines {
        let _ = writeln!(text, "  {}", line(it, due.measure, lang));
    }
    text
}

/// One line: when, what kind of time it is, how much of it counts.
pub(super) fn line(line: &Line, measure: Measure, lang: Lang) -> String {
    let colon = lang.pick("：", ": ");
    let mut text = format!("{} {}{colon}", span(line, lang), reason(line.reason, lang));
    let counted = match (line.reason, line.counted, line.granted) {
        (Reason::Extended, _, granted) => format!("+{}", amount(granted, measure, lang)),
        (_, 0, _) => lang.pick("不计", "does not count").to_owned(),
        (_, counted, _) => match lang {
            Lang::Zh => format!("计 {}", amount(counted, measure, lang)),
            Lang::En => amount(counted, measure, lang),
        },
    };
    text.push_str(&counted);
    if line.days_off > 0 {
        let _ = match lang {
            Lang::Zh => write!(text, "，其中休息 {} 天", line.days_off),
            Lang::En => write!(text, ", {} days off among them", line.days_off),
        };
    }
    if line.provisional {
        text.push_str(lang.pick("（年份未公布，暂定）", " (year not published, provisional)"));
    }
    text
}

fn span(line: &Line, lang: Lang) -> String {
    let to = lang.pick(" 至 ", " to ");
    match (line.last, line.from, line.to) {
        (None, None, _) => line.first.to_string(),
        (Some(last), None, _) => format!("{}{to}{last}", line.first),
        (None, Some(from), None) => format!("{} {from}", line.first),
        (None, Some(from), Some(until)) => format!("{} {from}–{until}", line.first),
        (Some(last), Some(from), None) => format!("{} {from}{to}{last}", line.first),
        (Some(last), Some(from), Some(until)) => format!("{} {from}{to}{last} {until}", line.first),
    }
}

const fn reason(reason: Reason, lang: Lang) -> &'static str {
    match reason {
        Reason::Weekday => lang.pick("工作日", "working day"),
        Reason::MakeUpDay => lang.pick("调休上班", "make-up working day"),
        Reason::Weekend => lang.pick("周末", "weekend"),
        Reason::Holiday => lang.pick("节假日", "public holiday"),
        Reason::Break => lang.pick("午间休息", "break"),
        Reason::OutsideHours => lang.pick("非工作时间", "outside working hours"),
        Reason::DispatchDay => lang.pick("交办当日", "day of dispatch"),
        Reason::EveryHour => lang.pick("昼夜连续", "every hour counts"),
        Reason::Paused => lang.pick("挂账", "clock paused"),
        Reason::Extended => lang.pick("延期", "extension"),
        Reason::ManyDays => lang.pick("多日合计", "many days"),
    }
}

fn amount(amount: i64, measure: Measure, lang: Lang) -> String {
    if measure == Measure::WorkingDays {
        return match (lang, amount) {
            (Lang::Zh, n) => format!("{n} 个工作日"),
            (Lang::En, 1) => "1 working day".to_owned(),
            (Lang::En, n) => format!("{n} working days"),
        };
    }
    let (hours, minutes) = (amount / HOUR, amount % HOUR / MINUTE);
    let seconds = amount % MINUTE / 1000;
    let parts = [(hours, " 小时", " h"), (minutes, " 分", " min"), (seconds, " 秒", " s")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|part| part.0 > 0)
        .map(|(n, zh, en)| format!("{n}{}", lang.pick(zh, en)))
        .collect();
    // Less than a second still counts.
    if parts.is_empty() { lang.pick("不足 1 秒", "under 1 s").to_owned() } else { parts.join(" ") }
}

fn limit_words(limit: Limit, reading: Reading, lang: Lang) -> String {
    let n = limit.value();
    let (zh, en) = match (limit.kind(), reading) {
        (LimitKind::UrgentHour, _) => {
            ("个紧急工作时，昼夜连续计算", "urgent hours, through nights and holidays")
        }
        (LimitKind::WorkHour, _) => ("个工作时", "working hours"),
        (LimitKind::WorkDay, Reading::Rolling) => {
            ("个工作日，每日按 8 个工作时连续计算", "working days of 8 hours")
        }
        (LimitKind::WorkDay, Reading::EndOfDay) => (
            "个工作日，交办次日起算，至末日下班",
            "working days after the day of dispatch, to the end of the last",
        ),
        (LimitKind::CalendarDay, _) => ("个自然日", "calendar days"),
    };
    format!("{n} {}", lang.pick(zh, en))
}

fn moment(at: Timestamp, lang: Lang) -> String {
    let time = TimeOfDay::from_millis((at.millis() + 8 * HOUR).rem_euclid(DAY));
    let day = usize::from(at.date().weekday().number_days_from_monday());
    let zh = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
    let en = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    match lang {
        Lang::Zh => format!("{} {time}（{}）", at.date(), zh[day]),
        Lang::En => format!("{} {time} ({})", at.date(), en[day]),
    }
}
