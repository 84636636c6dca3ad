// Ways to get an issue to where a test begins, through the API as the screens use it: reports, steps, small photos.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import jpeg from "jpeg-js";
import { stamped } from "./fixtures.mjs";

let ticks = 0;

/** A fresh id of version 7: what stands first is the time, so ids made later sort later. */
export function freshId() {
  const time = (Date.now() + (ticks += 1)).toString(16).padStart(12, "0");
  const rest = randomUUID().slice(15);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest}`;
}

/**
 * A drawn photo small enough to cost nothing, as a file chosen in a form; no two seeds look alike. Its camera says that it was
 * taken just now, as the phone's own does; `taken` says otherwise, and null that the camera says nothing.
 */
export function smallPhoto(seed, taken = { at: new Date() }) {
  const [width, height] = [320, 240];
  const data = Buffer.alloc(width * height * 4, 255);
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    data[at * 4] = (x * seed * 7) % 256;
    data[at * 4 + 1] = (y * (seed + 3) * 5) % 256;
    data[at * 4 + 2] = ((x ^ y) * seed) % 256;
  }
  const plain = jpeg.encode({ data, width, height }, 80).data;
  const buffer = taken === null ? plain : stamped(plain, taken.at, taken.place);
  return { name: `photo-${seed}.jpg`, mimeType: "image/jpeg", buffer };
}

/** The county's catalogue as a phone has it. */
export async function catalogue(page) {
  return (await page.request.get("/api/field-bundle")).json();
}

/** Somebody sends a photo as a device does, naming what it was taken with; gives its id. */
export async function sendPhoto(page, { buffer }, source = "camera", taken = null) {
  const id = freshId();
  const time = taken === null ? "" : `&captured_at=${encodeURIComponent(taken.toISOString())}`;
  const headers = { "content-type": "image/jpeg" };
  const answer = await page.request.put(`/api/photos/${id}?source=${source}${time}`, { headers, data: buffer });
  assert.equal(answer.status(), 201, await answer.text());
  return id;
}

/** An inspector reports a problem, with a photo unless it is minor; gives the answer. */
export async function report(page, spotCode, clause_code, description, severity = "minor", seen = new Date(Date.now() - 60_000)) {
  const spot = (await catalogue(page)).spots.find(({ code }) => code === spotCode);
  const location = { lng: spot.lng, lat: spot.lat, accuracy_m: 8, source: "device" };
  const observed_at = seen.toISOString();
  const photo_ids = severity === "minor" ? [] : [await sendPhoto(page, smallPhoto(7_000 + (ticks += 1)))];
  const data = { spot_id: spot.id, clause_code, description, severity, location, observed_at, photo_ids };
  const answer = await page.request.put(`/api/issues/${freshId()}`, { data });
  assert.equal(answer.status(), 201, await answer.text());
  return answer.json();
}

/** Somebody takes steps on an order, one after the other, each a name or a whole request. */
export async function take(page, order, ...steps) {
  for (const step of steps) {
    const data = { note: "已按要求办理。", photo_ids: [], ...(typeof step === "string" ? { step } : step) };
    const answer = await page.request.put(`/api/orders/${order}/steps/${freshId()}`, { data });
    assert.ok(answer.ok(), await answer.text());
  }
}

/** Gives files to the viewfinder that is open, as from the phone's album; `isOver` says that it is closed by hand. */
export async function album(page, files, isOver = true) {
  const camera = page.locator("dialog.viewfinder[open]");
  await camera.getByLabel("相册").setInputFiles(files);
  if (isOver) await camera.getByRole("button", { name: "完成" }).click();
  await camera.waitFor({ state: "detached" }).catch(() => {});
}

/** Begins a report with one photo: the camera, the shutter. */
export async function photograph(page, file) {
  await page.getByRole("link", { name: "上报问题" }).click();
  await album(page, file, false);
}

/** Waits until `holds` is true inside the page; unlike the browser's own waiting it may be asynchronous. */
export async function holdsIn(page, holds) {
  const late = Date.now() + 20_000;
  while (!(await page.evaluate(holds))) {
    assert.ok(Date.now() < late, `did not come true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
