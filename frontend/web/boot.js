// Starts the application. The build bundles wasm-bindgen's glue in here and fills in the module's hashed name.
import start from "app-glue";

start({ module_or_path: WASM_URL });
