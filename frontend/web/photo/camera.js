// The camera as a live picture: opened, shot from, lit, let go of. It is let go of while nobody looks, and taken up again.
import { named } from "./named.js";

/** What is open, or being opened; null otherwise. */
let held = null;

/**
 * Shows the camera in `video`. Gives `{torch}`: whether there is a light to turn on. Fails with an error named
 * `Insecure` (no TLS), `NotAllowedError` (refused), `NotFoundError` (none) or `NotReadableError` (in use elsewhere, broken).
 * `changed` is told later: "live", "paused" (the page is hidden), or one of these names.
 */
export async function open(video, { facing = "environment", changed = () => {} } = {}) {
  close();
  held = { video, facing, changed, stream: null };
  document.addEventListener("visibilitychange", seen);
  addEventListener("pagehide", pause);
  return live(held);
}

/** The frame of this moment at the camera's full resolution, as an ImageBitmap. */
export async function shoot() {
  if (!held?.stream || held.video.videoWidth === 0) throw named("NotReadableError", "the camera shows nothing");
  const frame = await createImageBitmap(held.video);
  // Felt where it cannot be seen, in the sun; where a phone cannot do it, the flash on the screen has to do.
  navigator.vibrate?.(20);
  return frame;
}

/** Turns the light on or off. */
export async function torch(on) {
  await track()?.applyConstraints({ advanced: [{ torch: on }] });
}

/** Lets go of the camera: its lamp goes out. */
export function close() {
  if (held === null) return;
  const { video } = held;
  stop(held);
  held = null;
  video.srcObject = null;
  document.removeEventListener("visibilitychange", seen);
  removeEventListener("pagehide", pause);
}

async function live(mine) {
  const stream = await ask(mine.facing);
  // While the person was being asked it was closed, or the question itself hid the page and it was asked for once more.
  if (held !== mine || mine.stream !== null) {
    stream.getTracks().forEach((it) => it.stop());
    if (held !== mine) throw named("AbortError", "the camera was closed");
    return { torch: hasTorch(track()) };
  }
  mine.stream = stream;
  const [picture] = stream.getVideoTracks();
  picture.addEventListener("ended", () => {
    // Another program took the camera, or the permission was withdrawn. Stopping it ourselves does not come here.
    if (held !== mine || mine.stream !== stream) return;
    stop(mine);
    mine.changed("NotReadableError");
  });
  mine.video.muted = true;
  mine.video.playsInline = true;
  mine.video.srcObject = stream;
  try {
    await mine.video.play();
  } catch (error) {
    // Closed meanwhile, or a browser that plays only after a touch; then the picture comes with the first one.
    if (held !== mine) throw named("AbortError", error.message);
  }
  return { torch: hasTorch(picture) };
}

/** The camera's stream, or an error with one of our names. */
async function ask(facing) {
  if (!isSecureContext) throw named("Insecure", "a camera needs a page that came over TLS");
  if (!navigator.mediaDevices?.getUserMedia) throw named("NotFoundError", "this browser gives no camera");
  const video = { facingMode: { ideal: facing }, width: { ideal: 2560 }, height: { ideal: 1920 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video });
  } catch ({ name, message }) {
    throw named(NAMES[name] ?? "NotReadableError", message);
  }
}

/** What browsers call the same thing. */
const NAMES = {
  NotAllowedError: "NotAllowedError",
  PermissionDeniedError: "NotAllowedError",
  SecurityError: "NotAllowedError",
  NotFoundError: "NotFoundError",
  DevicesNotFoundError: "NotFoundError",
  OverconstrainedError: "NotFoundError",
  TypeError: "NotFoundError",
};

function hasTorch(picture) {
  return picture.getCapabilities?.().torch === true;
}

function track() {
  return held?.stream?.getVideoTracks()[0];
}

function stop(mine) {
  mine.stream?.getTracks().forEach((it) => it.stop());
  mine.stream = null;
}

/** A camera that runs in a pocket empties the battery, and other programs want it. */
function pause() {
  if (!held?.stream) return;
  stop(held);
  held.changed("paused");
}

async function seen() {
  if (document.visibilityState === "hidden") return pause();
  const mine = held;
  if (mine === null || mine.stream !== null) return;
  try {
    await live(mine);
    mine.changed("live");
  } catch ({ name }) {
    if (held === mine && mine.stream === null) mine.changed(name);
  }
}
