//! The camera, and drawing on a photo.

super::words! {
    /// The camera, and drawing on a photo.
    Camera {
        opening = "正在打开相机…", "Opening the camera…";
        live = "取景画面", "What the camera sees";
        taken: fn(usize) -> String = |n| format!("已拍 {n} 张"), |n| format!("{n} taken");
        full = "照片张数已满。", "No more photos fit.";
        left_out: fn(usize) -> String = |n| format!("照片张数已满，有 {n} 张没有加入"), |n| format!("No more photos fit: {n} left out");
        torch = "补光", "Light";
        album = "相册", "Album";
        system = "用系统相机拍照", "Use the phone's camera app";
        overlay = "叠加整改前照片", "Before-photo laid over";
        refused = "没有相机权限", "The camera is not allowed";
        refused_help = "请在浏览器或系统设置中允许使用相机，再点“重试”；也可以用系统相机拍，或从相册选取。", "Allow it in the settings of the browser or the phone and try again; or use the phone's camera app, or choose from the album.";
        missing = "没有找到相机", "No camera found";
        missing_help = "可以用系统相机拍，或从相册选取。", "Use the phone's camera app, or choose from the album.";
        busy = "相机打不开", "The camera does not open";
        busy_help = "可能正被其他应用占用。关掉后点“重试”；也可以用系统相机拍，或从相册选取。", "Another app may be using it. Close that and try again; or use the phone's camera app, or choose from the album.";
        insecure = "浏览器在此网址不开放相机", "No camera at this address";
        insecure_help = "只有 https 网址才能直接取景。可以用系统相机拍，或从相册选取。", "Browsers give the camera to https addresses alone. Use the phone's camera app, or choose from the album.";
        // Drawing on a photo.
        draw = "标注照片", "Draw on the photo";
        arrow = "箭头", "Arrow";
        circle = "圆圈", "Circle";
        text = "文字", "Words";
        undo = "撤销", "Undo";
        drag_arrow = "在照片上拖动，画箭头", "Drag on the photo for an arrow";
        drag_circle = "在照片上拖动，画圆圈", "Drag on the photo for a circle";
        tap_text = "点照片上要写字的地方", "Press where the words shall stand";
        write = "输入文字", "The words";
        keys = "回车添加，方向键移动，Shift 加方向键改大小，Delete 删除", "Enter adds, arrow keys move, with Shift they resize, Delete removes";
        drawn: fn(usize) -> String = |n| format!("已标注 {n} 处"), |n| format!("{n} drawn");
    }
}
