//! The gallery of components.

super::words! {
    /// The gallery of components.
    Gallery {
        title = "组件图册", "Gallery";
        intro = "产品的每个界面都由这些组件组成。颜色只表示状态。", "Every screen is made of these. Colour means state and nothing else.";
        settings = "语言与外观", "Language and appearance";
        states = "状态", "States";
        clocks = "时钟", "Clocks";
        buttons = "按钮", "Buttons";
        messages = "提示条", "Banners";
        colours = "浅色与深色对照", "Light beside dark";
        rows = "列表", "Lists";
        loading = "载入中与空状态", "Loading and empty";
        fields = "表单", "Fields";
        photos = "照片", "Photos";
        camera = "相机与标注", "Camera and drawing";
        timeline = "时间线", "Timeline";
        facts = "要素", "Facts";
        sheets = "弹层与轻提示", "Sheets and toasts";
        table = "数据表", "Tables";
        type_scale = "字号", "Type";
        open_sheet = "打开弹层", "Open a sheet";
        show_toast = "显示轻提示", "Show a toast";
    }
}
