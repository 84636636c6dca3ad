//! What is on this phone: drafts, what waits to be sent, and what to do when that does not work.

use crate::outbox::{Pause, Reason, Trouble};

super::words! {
    /// What other screens say of what is on this phone; apart, for they are in the main module and the outbox is not.
    Glance {
        // The number on every screen.
        pill: fn(u32) -> String = |n| format!("待传 {n}"), |n| format!("{n} unsent");
        pill_none = "全部已上传", "All sent";
        pill_label: fn(u32) -> String = |n| format!("待传 {n} 条，打开待上传列表"), |n| format!("{n} unsent: open the outbox");
        drafts_wait: fn(u32) -> String = |n| format!("有 {n} 份草稿"), |n| format!("{n} begun and not sent");
        drafts_wait_help = "点此继续或放弃", "Go on with them, or throw them away";
        catalogue_at: fn(&str) -> String = |at| format!("点位和检查项更新于 {at}"), |at| format!("Spots and clauses as of {at}");
        clock_wrong_title = "手机时间不对", "The phone's clock is wrong";
        clock_off: fn(i64) -> String = clock_off_zh, clock_off_en;
        kept_for_others: fn(u32) -> String = |n| format!("本机有 {n} 条内容没有发送，登录原来的账号后继续发送。"), |n| format!("{n} unsent here: they go on once their account signs in.");
    }
}

super::words! {
    /// What is on this phone: drafts, what waits to be sent, and what to do when that does not work.
    Outbox {
        title = "待上传", "Outbox";
        // Lists.
        needs_you = "需要您处理", "Needs you";
        unsent = "等待发送", "Waiting to be sent";
        drafts = "草稿", "Drafts";
        received = "已上传", "Received";
        nothing = "没有待上传的内容", "Nothing is unsent";
        nothing_help = "没有网络时内容存在这里，联网后自动发送。", "What you do without a network stays here and is sent by itself.";
        untitled = "未填写检查项", "No clause yet";
        photo_count: fn(usize) -> String = |n| format!("{n} 张照片"), |n| format!("{n} photos");
        discard = "放弃", "Discard";
        discarded = "已放弃", "Discarded";
        // What an item is.
        report = "问题上报", "Report";
        reply = "整改反馈", "Reply";
        recheck = "复查", "Re-check";
        // How far.
        waiting = "已保存到手机，等待上传", "Saved here, waiting to be sent";
        waiting_help = "联网后自动发送，无需停留在本页。", "It is sent by itself once there is a network; you need not stay here.";
        sending: fn(usize, usize) -> String = |n, of| format!("正在发送：照片 {n}/{of}"), |n, of| format!("Sending: photo {n} of {of}");
        sending_record = "正在发送", "Sending";
        arrived = "已上传", "Received";
        arrived_at: fn(&str) -> String = |at| format!("{at} 送达服务器"), |at| format!("Received by the server {at}");
        refused = "需要您处理", "Needs you";
        why: fn(Reason) -> &'static str = why_zh, why_en;
        // All of it.
        send_now = "立即发送", "Send now";
        paused: fn(Pause) -> &'static str = paused_zh, paused_en;
        sign_in_again = "重新登录", "Sign in again";
        pending = "本机有待发送的步骤", "Steps on this phone";
        pending_help = "联网后自动上传，以服务器上的结果为准。", "They are sent by themselves; what counts is the server's answer.";
        pending_blocked = "有一步没有被服务器接收。请先点开处理（修改或删除），再办下一步。", "The server has not taken one of them. Open it and see to it first: change it or delete it.";
        saved = "已保存到手机，联网后自动上传", "Saved here; it is sent by itself";
        saved_short = "已保存到手机", "Saved here";
        // One of them.
        see_to_it = "去处理", "See to it";
        item_title = "待发送内容", "Item";
        mine = "本机的内容", "Yours";
        theirs = "服务器上的现状", "On the server now";
        theirs_none = "服务器上没有这条记录，或不在您的权限范围内。", "The server has no such record, or it is not yours to see.";
        theirs_offline = "联网后显示服务器上的现状。", "Shown once there is a network.";
        same_id = "服务器已收到同一编号的另一份内容", "The server has other content under the same number";
        mend = "修改后重发", "Change it and send again";
        mend_help = "内容和照片回到草稿，改好后再提交。", "What you wrote and the photos become a draft again.";
        try_again = "原样重发", "Send it again as it is";
        export_one = "导出这一条", "Export this one";
        delete = "从本机删除", "Delete it here";
        delete_title = "从本机删除？", "Delete it from this phone?";
        delete_help = "服务器还没有收到这条内容，删除后无法找回。可以先导出。", "The server has not got it. Once deleted it is gone; you may export it first.";
        delete_received_help = "服务器已经收到，只删除本机的记录。", "The server has it. Only the record on this phone goes.";
        deleted = "已删除", "Deleted";
        delete_unsure_help = "服务器可能已经收到这条内容。删除只清除本机的记录，也看不到答复了；可以先导出。", "The server may have got it already. Deleting takes away what is here, and the answer with it; you may export it first.";
        held = "排在前面的一步需要您处理，处理后才会发送。", "One before it needs you. It is sent once you have seen to that.";
        unreadable = "暂时读不出这份草稿", "This draft cannot be read now";
        unreadable_help = "内容还在本机，没有改动。请刷新本页；如有新版本，请先更新。也可以到“待上传”导出。", "It is still here, untouched. Load the page again; where a new version is offered, take it first. You can export it from the outbox.";
        gone = "这条内容已不在本机", "It is no longer on this phone";
        gone_help = "可能已经送达、改为草稿或删除。", "It was received, made a draft again, or deleted.";
        made_at = "保存时间", "Saved";
        // Rescue.
        rescue = "数据导出与存储", "Moving it, and space";
        export_all = "导出全部待上传内容", "Export everything unsent";
        export_help = "存成一个文件，在另一部手机或由管理员导入，不会重复上报。", "One file, for another phone or the administrator; nothing is reported twice.";
        exported: fn(&str) -> String = |name| format!("已导出：{name}"), |name| format!("Exported: {name}");
        import = "导入文件", "Import a file";
        imported: fn(u32, u32, u32) -> String = |new, known, drafts| format!("导入完成：新增 {new} 条，已有 {known} 条，草稿 {drafts} 份"), |new, known, drafts| format!("Imported: {new} new, {known} known, {drafts} drafts");
        import_refused: fn(&str, &str) -> String = import_zh, import_en;
        space: fn(&str, &str) -> String = |used, quota| format!("已用 {used}，共 {quota}"), |used, quota| format!("{used} used of {quota}");
        persisted = "浏览器承诺不会自行清理", "The browser has promised not to clear it";
        not_persisted = "空间紧张时浏览器可能清理，请及时发送", "The browser may clear it when space is short: send soon";
        space_low = "本机空间快用完了", "Little space is left on this phone";
        space_low_help = "请先上传或导出待上传的内容，再继续拍照。", "Send or export what is unsent before you take more photos.";
        not_kept = "没有保存成功", "It could not be saved";
        trouble: fn(&Trouble) -> String = trouble_zh, trouble_en;
        // Signing out.
        sign_out_unsent: fn(u32) -> String = |n| format!("还有 {n} 条内容没有发送"), |n| format!("{n} items are unsent");
        sign_out_help = "退出前请先发送或导出。导出后可以退出，内容仍留在本机。", "Send or export them first; they stay on this phone.";
        sign_out_uncounted = "无法确认本机是否还有内容没有发送", "This phone did not say whether anything is unsent";
        sign_out_uncounted_help = "浏览器没有打开本机的存储。没有发送的内容仍留在本机，登录原来的账号后继续发送。", "The browser did not open its storage. What is unsent stays on this phone until its account signs in again.";
        sign_out_offline = "退出登录需要网络。", "Signing out needs a network.";
        sign_out_now = "已导出，退出登录", "Exported: sign out";
    }
}

fn clock_off_zh(ahead: i64) -> String {
    let which = if ahead < 0 { "慢" } else { "快" };
    format!("比服务器{which} {} 分钟，请打开系统的“自动设置时间”。记录会注明。", ahead.abs())
}

fn clock_off_en(ahead: i64) -> String {
    let which = if ahead < 0 { "behind" } else { "ahead of" };
    format!("It is {} min {which} the server's. Turn on automatic time; records are marked.", ahead.abs())
}

const fn paused_zh(pause: Pause) -> &'static str {
    match pause {
        Pause::SignedOut => "登录已失效，待上传的内容都在手机里，重新登录后继续上传。",
        Pause::OtherAccount => "本机现在登录的是另一个账号，请重新登录后发送。",
    }
}

const fn paused_en(pause: Pause) -> &'static str {
    match pause {
        Pause::SignedOut => "Your session has ended. Everything is kept here and goes on once you sign in.",
        Pause::OtherAccount => "Another account is signed in here now. Sign in again to send.",
    }
}

const fn why_zh(reason: Reason) -> &'static str {
    match reason {
        Reason::Unreached => "网络连接失败，将自动重试。",
        Reason::Unreadable => "收到的不是点位通的答复，可能需要先登录所在网络；稍后自动再试。",
        Reason::Busy => "服务器正忙，稍后自动再试。",
        Reason::Refused => "服务器没有接收。",
        Reason::TooLarge => {
            "中间的网络设备不允许上传这么大的照片。内容仍在手机里：请换一个网络后点“原样重发”，或请管理员调大上传限制。"
        }
        Reason::Lost => "有照片已不在本机，无法发送。",
    }
}

const fn why_en(reason: Reason) -> &'static str {
    match reason {
        Reason::Unreached => "The server was not reached. It is tried again by itself.",
        Reason::Unreadable => {
            "Something else answered; you may have to sign in to this network. It is tried again by itself."
        }
        Reason::Busy => "The server is busy. It is tried again by itself.",
        Reason::Refused => "The server did not take it.",
        Reason::TooLarge => {
            "Something between here and the server lets nothing so large through. It is still here: try another network and send it again, or have the limit raised."
        }
        Reason::Lost => "A photo is no longer on this phone.",
    }
}

fn import_zh(code: &str, name: &str) -> String {
    match code {
        "other_account" => format!("这个文件属于 {name}，请用该账号登录后再导入。"),
        "cut_off" => "文件不完整，请重新导出。".to_owned(),
        _ => "这不是点位通导出的文件，或内容已损坏。".to_owned(),
    }
}

fn import_en(code: &str, name: &str) -> String {
    match code {
        "other_account" => format!("This file is {name}'s. Sign in as {name} to import it."),
        "cut_off" => "The file is not whole. Export it again.".to_owned(),
        _ => "This is not a file exported by Spotfix, or it is damaged.".to_owned(),
    }
}

fn trouble_zh(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Full => {
            "本机空间已满。请先发送或导出，腾出空间后点“重试”；照片还在本页，请不要关闭。".to_owned()
        }
        Trouble::Elsewhere => {
            "这份内容已在另一个页面修改或提交，这里的改动没有保存。请刷新本页，或到“待上传”查看。".to_owned()
        }
        Trouble::SignedOut => "登录已失效，请重新登录后再提交；已写的内容都在草稿里。".to_owned(),
        Trouble::UnderWay => "正在发送，或服务器可能已经收到，现在不能撤回。收到答复后再看。".to_owned(),
        Trouble::NoPicture => {
            "手机打不开这张照片：可能是 HEIC 格式，或者文件已损坏。请移除后重新拍摄，或改选 JPEG 照片。"
                .to_owned()
        }
        Trouble::CutOff => "这张照片不完整，缺少一部分。请移除后重新拍摄或另选一张。".to_owned(),
        Trouble::FileGone => "照片文件已被移动、修改或删除，无法读取。请移除后重新选择。".to_owned(),
        Trouble::Failed(why) => format!("保存失败，请重试；内容还在本页，请不要关闭。（{why}）"),
    }
}

fn trouble_en(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Full => "No space is left. Send or export something, then try again; it is still on this page, keep it open.".to_owned(),
        Trouble::Elsewhere => "Another page has changed or sent it meanwhile, and what you changed here is not kept. Load this page again, or look into the outbox.".to_owned(),
        Trouble::SignedOut => "Your session has ended. Sign in and send it again; what you wrote is in its draft.".to_owned(),
        Trouble::UnderWay => "It is being sent, or the server may have it already. Look again once there is an answer.".to_owned(),
        Trouble::NoPicture => "This phone cannot show the photo: it may be HEIC, or damaged. Remove it, and take it again or choose a JPEG.".to_owned(),
        Trouble::CutOff => "A part of this photo is missing. Remove it, and take it again or choose another.".to_owned(),
        Trouble::FileGone => "The file was moved, changed or deleted and cannot be read. Remove it and choose again.".to_owned(),
        Trouble::Failed(why) => format!("The browser did not keep it. Try again; it is still on this page, keep it open. ({why})"),
    }
}
