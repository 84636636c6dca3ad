// Starts the application. The build bundles wasm-bindgen's glue in here and fills in the module's hashed name.
import start from "app-glue";

const unsupported = document.querySelector(".unsupported");

start({ module_or_path: WASM_URL }).then(
  () => unsupported?.remove(),
  (error) => {
    console.error(error);
    // Said at once instead of after a while (`frontend/web/styles/notice.css`).
    unsupported?.classList.add("certain");
  },
);
