// Starts the application. The build bundles wasm-bindgen's glue in here and fills in the module's hashed name.
import start from "app-glue";

const unsupported = document.querySelector(".unsupported");

const boot = document.querySelector(".boot");

// It stays until there is a page to look at: who is signed in is asked over the network.
const look = new MutationObserver(() => {
  if (!document.querySelector("h1:not(:empty), main button")) return;
  look.disconnect();
  boot?.remove();
});
look.observe(document.body, { childList: true, subtree: true });

start({ module_or_path: WASM_URL }).then(
  () => unsupported?.remove(),
  (error) => {
    boot?.remove();
    console.error(error);
    // Said at once instead of after a while (`frontend/web/styles/notice.css`).
    unsupported?.classList.add("certain");
  },
);
