//! What people in the demo county write.

/// Remarks to a report; many reports have none, because the clause says enough.
pub(super) const REMARKS: [&str; 14] = [
    "",
    "",
    "",
    "",
    "入口右侧约十米处。",
    "东侧围墙下，面积约两平方米。",
    "北门附近，已向现场人员说明。",
    "人流较多，建议尽快处理。",
    "与上周巡查时相同的位置。",
    "靠近公交站台一侧。",
    "楼梯间二层与三层之间。",
    "主通道两侧共三处。",
    "停车区入口，影响行人通行。",
    "现场无人管理。",
];

/// Replies of units.
pub(super) const REPLIES: [&str; 8] = [
    "已安排人员现场清理完毕，并加强日常巡查。",
    "已完成整改，责任到人，每日两次检查。",
    "损坏部分已更换，现场已恢复。",
    "已约谈经营户并整改到位。",
    "已组织保洁队伍集中清理，周边一并处理。",
    "设施已修复并试用正常。",
    "已重新张贴，过期内容全部撤除。",
    "车辆已规范停放，增设了引导标识。",
];

/// Why units return orders.
pub(super) const RETURNS: [&str; 4] = [
    "该处产权不属于我单位，建议转交属地街道。",
    "此路段已移交管理，请核对责任单位。",
    "该设施由运营单位负责维护，非我单位职责。",
    "经现场查看，问题位置在相邻辖区。",
];

/// How the office rules.
pub(super) const RULINGS: [&str; 2] =
    ["经核对职责清单，仍由原单位办理。", "情况属实，改由有管理职责的单位办理。"];

/// What re-checkers say of what passes.
pub(super) const PASSES: [&str; 4] = ["", "现场查看，已整改到位。", "整改效果良好。", ""];

/// What they say of what does not.
pub(super) const FAILS: [&str; 4] = [
    "现场复查仍有残留，请继续整改。",
    "只清理了照片中的位置，旁边两处未处理。",
    "设施仍不能正常使用。",
    "反馈照片与现场不符，请重新整改。",
];

/// Why the office voids an issue.
pub(super) const VOIDS: [&str; 2] = ["与已有问题重复。", "经核实为施工临时围挡，不属于问题。"];

/// What inspectors write when something is put right at once.
pub(super) const FIXED: [&str; 3] = ["经提醒，现场已清理。", "经营户当场整改。", "现场工作人员已立即处理。"];
