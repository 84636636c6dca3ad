//! Signing in, and the person's own settings.

use app::role::Role;

super::words! {
    /// Signing in, and the person's own settings.
    Account {
        sign_in = "登录", "Sign in";
        sign_in_title = "登录点位通", "Sign in to Spotfix";
        sign_in_forgotten = "密码正确，但浏览器没有保存登录。请用单位给出的 https 网址打开，并允许 Cookie。", "The password is right, but the browser kept no session. Open the https address you were given, and allow cookies.";
        sign_in_lead = "巡查发现、交办整改、复查销号，全程闭环。", "Found, handed over, put right, re-checked: nothing is lost.";
        sign_out = "退出登录", "Sign out";
        sign_out_everywhere = "在所有设备上退出", "Sign out everywhere";
        sign_out_everywhere_help = "手机遗失或借出后使用；所有设备都需要重新登录。", "After a phone was lost or lent: every device has to sign in again.";
        username = "用户名", "User name";
        password = "密码", "Password";
        me = "我的", "Me";
        settings = "语言与外观", "Language and appearance";
        language = "语言", "Language";
        // Each language is named in itself, so that whoever is lost in the other one finds the way back.
        chinese = "中文", "中文";
        english = "English", "English";
        theme = "外观", "Appearance";
        theme_system = "跟随系统", "System";
        theme_light = "浅色", "Light";
        theme_dark = "深色", "Dark";
        security = "账号安全", "Account security";
        change_password = "修改密码", "Change password";
        old_password = "当前密码", "Current password";
        new_password = "新密码", "New password";
        new_password_hint: fn(usize) -> String = |n| format!("至少 {n} 个字符；修改后其他设备需重新登录。"), |n| format!("At least {n} characters. Other devices have to sign in again.");
        password_changed = "密码已修改", "Password changed";
        old_wrong = "当前密码不正确", "This is not the current password";
        my_units = "所属单位", "My units";
        role = "角色", "Role";
        role_of: fn(Role) -> &'static str = role_zh, role_en;
    }
}

const fn role_zh(role: Role) -> &'static str {
    match role {
        Role::Inspector => "巡查员",
        Role::Unit => "责任单位联络员",
        Role::Manager => "创建办",
        Role::Admin => "系统管理员",
    }
}

const fn role_en(role: Role) -> &'static str {
    match role {
        Role::Inspector => "Inspector",
        Role::Unit => "Unit liaison",
        Role::Manager => "Campaign office",
        Role::Admin => "Administrator",
    }
}
