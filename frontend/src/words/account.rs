//! Signing in, and the person's own settings.

super::words! {
    /// Signing in, and the person's own settings.
    Account {
        sign_in = "登录", "Sign in";
        sign_out = "退出登录", "Sign out";
        username = "用户名", "User name";
        password = "密码", "Password";
        me = "我的", "Me";
        language = "语言", "Language";
        // Each language is named in itself, so that whoever is lost in the other one finds the way back.
        chinese = "中文", "中文";
        english = "English", "English";
        theme = "外观", "Appearance";
        theme_system = "跟随系统", "System";
        theme_light = "浅色", "Light";
        theme_dark = "深色", "Dark";
    }
}
