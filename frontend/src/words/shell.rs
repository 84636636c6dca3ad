//! The page as a program on a phone: new builds, installing.

super::words! {
    /// The page as a program on a phone.
    Shell {
        new_build = "有新版本", "A new version is here";
        replaced = "本页已是旧版本", "This page is of an older version";
        replaced_help = "新版本已在另一个页面启用，重新打开后可继续使用。", "Another tab has gone over to the new one. Open this page again to go on.";
        kept = "已填写的内容已保存在本机，更新后可继续填写。", "What you have written is kept on this phone; you can go on with it afterwards.";
        update = "更新", "Update";
        open_again = "重新打开", "Open again";
        install_title = "在手机上使用", "On your phone";
        install = "安装到手机", "Install on this phone";
        install_help = "安装后从桌面图标打开，没有网络时也能使用。", "Opens from an icon, also without a network.";
        ios_how = "在 Safari 中点“分享”按钮，再点“添加到主屏幕”。", "In Safari press Share, then “Add to Home Screen”.";
        ios_why = "否则，连续七天不打开本站，Safari 会删除保存在手机上的内容，包括尚未上报的记录。", "Otherwise Safari deletes what is kept on the phone after seven days without a visit, also what has not been sent yet.";
        wechat_how = "点右上角“···”，再点“在浏览器打开”。", "Press ··· at the top right, then “Open in browser”.";
        wechat_why = "微信中没有网络时打不开本页，保存的内容也可能被微信清理。", "WeChat cannot open this page without a network, and it may clear what is kept.";
        // The tabs of every role: the frame is everybody's.
        tab_report = "上报", "Report";
        tab_recheck = "复查", "Re-check";
        tab_mine = "我上报的", "My reports";
        tab_orders = "交办单", "Orders";
        tab_pool = "待分派", "Pool";
        tab_rates = "结案率", "Rates";
        tab_issues = "问题", "Issues";
        tab_lookup = "资料", "Look up";
    }
}
