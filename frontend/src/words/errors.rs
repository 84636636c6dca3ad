//! What went wrong, and what to do now.

use app::problem::{Code, FieldCode, Problem};

super::words! {
    /// Errors of every screen. Each says what happened first, then what helps.
    Errors {
        title = "出错了", "Something went wrong";
        not_found = "找不到这个页面", "Page not found";
        not_found_help = "链接可能已失效，或内容不在您的权限范围内。", "The link may be out of date, or the content is not yours to see.";
        go_home = "回到首页", "Go to the start";
        forbidden = "无权查看", "Not allowed";
        forbidden_help = "您的账号没有查看此内容的权限。如需查看，请联系创建办。", "Your account may not see this. Ask the campaign office if you need it.";
        network = "连接不上服务器", "The server cannot be reached";
        network_help = "请检查网络后重试。", "Check the network and try again.";
        offline = "当前没有网络，看到的可能不是最新内容。", "No network: what is shown may be out of date.";
        as_of: fn(&str) -> String = |at| format!("网络不可用，以下为 {at} 的数据。"), |at| format!("The server did not answer: this is how it was on {at}.");
        unreadable = "收到的内容不是点位通的答复，可能需要先登录所在网络。", "The answer did not come from Spotfix. You may have to sign in to this network first.";
        damaged: fn(usize) -> String = |n| format!("有 {n} 条记录已损坏，未显示在列表中，请通知管理员。"), |n| format!("Damaged records: {n}. They are left out of the list. Tell the administrator.");
        required_field: fn(&str) -> String = |label| format!("请填写{label}"), |label| format!("Enter {label}");
        wait: fn(u64) -> String = |minutes| format!("请在 {minutes} 分钟后再试。"), |minutes| format!("Try again in {minutes} min.");
        wait_s: fn(u64) -> String = |seconds| format!("请在 {seconds} 秒后再试。"), |seconds| format!("Try again in {seconds} s.");
        code: fn(Code) -> &'static str = codes::zh, codes::en;
        field: fn(FieldCode) -> &'static str = fields::zh, fields::en;
    }
}

impl Errors {
    /// A refusal in words: what happened, what helps, and how long to wait.
    #[must_use]
    pub fn explain(&self, problem: &Problem) -> String {
        let text = (self.code)(problem.code);
        match problem.retry_after_s {
            // Its own words say until when.
            Some(_) if problem.code == Code::QuotaExceeded => text.to_owned(),
            // Rounded up, so that a try at that time is not too early.
            Some(seconds @ 0..=90) => format!("{text} {}", (self.wait_s)(seconds.max(1))),
            Some(seconds) => format!("{text} {}", (self.wait)(seconds.div_ceil(60))),
            None => text.to_owned(),
        }
    }

    /// What is wrong with one field of a refused form, if anything.
    #[must_use]
    pub fn of_field(&self, problem: &Problem, field: &str) -> Option<&'static str> {
        problem.fields.iter().find(|it| it.field == field).map(|it| (self.field)(it.code))
    }
}

/// Words for every value of an enum: one that is missing does not compile.
macro_rules! told {
    ($module:ident: $kind:ident { $($variant:ident = $zh:literal, $en:literal;)+ }) => {
        mod $module {
            use super::$kind;

            pub(super) fn zh(it: $kind) -> &'static str {
                match it { $($kind::$variant => $zh,)+ }
            }

            pub(super) fn en(it: $kind) -> &'static str {
                match it { $($kind::$variant => $en,)+ }
            }
        }
    };
}

told! {
    codes: Code {
        InvalidJson = "提交的内容有误，请刷新页面后重试。", "What was sent is not right. Reload the page and try again.";
        InvalidBody = "内容没有传完整，请重试。", "The content did not arrive whole. Try again.";
        UnknownParameter = "筛选条件有误，请清除后重试。", "A filter is not right. Clear the filters and try again.";
        InvalidParameter = "筛选条件有误，请清除后重试。", "A filter is not right. Clear the filters and try again.";
        InvalidHeader = "页面版本过旧，请刷新后重试。", "This page is out of date. Reload it and try again.";
        InvalidId = "链接不完整，请从列表中重新打开。", "The link is not complete. Open it from the list again.";
        InvalidCursor = "列表已更新，请从头加载。", "The list has changed. Load it from the start.";
        NotSignedIn = "登录已过期，请重新登录。", "Your session has ended. Sign in again.";
        WrongCredentials = "用户名或密码不正确。", "The user name or the password is wrong.";
        Forbidden = "您的账号没有此项权限。", "Your account may not do this.";
        CrossSite = "请求来自其他网站，已拒绝。请从点位通重新打开。", "The request came from another site. Open Spotfix again.";
        NotFound = "内容不存在，或不在您的权限范围内。", "There is nothing here, or it is not yours to see.";
        MethodNotAllowed = "此处不支持该操作，请刷新页面后重试。", "This cannot be done here. Reload the page and try again.";
        Timeout = "网络太慢，没有完成，请重试。", "It took too long. Try again.";
        IdTaken = "相同编号已有不同的内容，请返回列表查看。", "Something else was already sent under this number. Look in the list.";
        OtherAccount = "本机已换了账号登录，没有提交。请用原来的账号重新登录。", "Somebody else has signed in here, and nothing was sent. Sign in again with your own account.";
        NameTaken = "名称已被使用，请换一个。", "The name is taken. Choose another.";
        StepNotAllowed = "状态已变化，此操作不再可用，请刷新查看。", "The state has changed and no longer allows this. Reload to see it.";
        NotSameHours = "这类问题须在同一时段复查，请在发现问题的时段前后再来。", "This problem is re-checked in the hours at which it was seen. Come back then.";
        PayloadTooLarge = "内容过大，无法提交。", "This is too large to send.";
        UriTooLong = "筛选条件过多，请减少后重试。", "Too many filters. Remove some and try again.";
        UnsupportedMediaType = "不支持这种文件，请使用 JPEG、PNG 或 WebP 照片。", "This kind of file is not taken. Use a JPEG, PNG or WebP photo.";
        UnknownField = "页面版本过旧，请刷新后重试。", "This page is out of date. Reload it and try again.";
        InvalidFields = "有内容填写不正确，请检查后再提交。", "Something filled in is not right. Check it and send again.";
        PhotoMissing = "有照片尚未上传完成，请等上传完成后再提交。", "A photo has not arrived yet. Wait for it, then send again.";
        PhotoNotYours = "所选照片不属于您，请重新拍摄。", "A photo is not yours to use. Take a new one.";
        NotAnImage = "无法识别这张照片，请重新拍摄。", "This photo cannot be read. Take a new one.";
        TooManyPixels = "照片分辨率过高，请降低后重拍。", "The photo has too many pixels. Take a smaller one.";
        LockedOut = "密码输错次数过多。", "Too many wrong passwords.";
        QuotaExceeded = "今天上传的照片已达上限，零点后自动续传。", "This account's photos for today are used up. Sending goes on after midnight.";
        TooManyRequests = "操作太频繁。", "Too much at once.";
        Internal = "服务器没有处理成功，请稍后再试。", "The server could not do this. Try again later.";
        IssueDamaged = "这条记录已损坏，无法显示，请通知管理员。", "The record of this issue is damaged and cannot be shown. Tell the administrator.";
        StorageFull = "服务器存储空间已满，没有保存。手机上的内容不会丢失，请通知管理员。", "The server has no room left, and nothing was kept there. What is on the phone stays. Tell the administrator.";
        Unavailable = "服务器正在启动或维护，请稍后再试。", "The server is starting or being looked after. Try again in a moment.";
    }
}

told! {
    fields: FieldCode {
        Required = "必填", "Required";
        Unknown = "没有这个选项", "Not one of the choices";
        Repeated = "重复", "Given twice";
        Invalid = "格式不正确", "Not in the right form";
        TooShort = "新密码至少 8 位", "At least 8 characters";
        TooLong = "太长", "Too long";
        OutOfRange = "超出范围", "Out of range";
        NotFound = "不存在", "Does not exist";
        Taken = "已被使用", "Taken";
        Wrong = "不正确", "Not right";
        Withdrawn = "已停用", "Withdrawn";
        NotForSpotType = "不适用于这类点位", "Not checked at this kind of spot";
    }
}
