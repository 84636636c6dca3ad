//! What went wrong, and what to do now.

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
        required = "必填", "Required";
        required_field: fn(&str) -> String = |label| format!("请填写{label}"), |label| format!("Enter {label}");
        unknown = "服务器没有处理成功，请稍后再试。", "The server could not do this. Try again later.";
    }
}
