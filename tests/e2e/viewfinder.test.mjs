// The camera over the page and the drawing board, as a thumb, a mouse and a keyboard find them, in the gallery.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { phonePhoto } from "./fixtures.mjs";
import { assertAccessible, expectComplaint, finish, phone, startBrowser, startServer } from "./harness.mjs";

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const SIDEWAYS = { width: 844, height: 390 };

/** The gallery's part about the camera. */
async function gallery(options = {}) {
  const page = await phone(browser, server, { permissions: ["camera"], ...options });
  await page.goto("/gallery");
  page.part = page.locator("section", { has: page.getByRole("heading", { name: "相机与标注" }) });
  await page.part.waitFor();
  return page;
}

/** Opens the camera: the plain one, or the one with a before-photo, which takes three. */
async function openCamera(page, isBeside = false) {
  await page.part.getByRole("button", { name: isBeside ? "叠加整改前照片" : "拍照", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: isBeside ? "整改后照片" : "问题照片" });
  await dialog.waitFor();
  return dialog;
}

async function isLive(dialog) {
  await dialog.getByText("正在打开相机").waitFor({ state: "detached" });
  await dialog.locator("video").evaluate((video) => new Promise((resolve) => {
    if (video.videoWidth > 0) resolve();
    else video.onresize = resolve;
  }));
}

/** Nothing of what can be pressed is smaller than a finger, or lies outside the screen. */
async function assertInReach(dialog) {
  const wrong = await dialog.evaluate((dialog) => {
    const all = [...dialog.querySelectorAll("button, label")].filter((it) => it.getClientRects().length > 0);
    return all
      .filter((it) => {
        const { left, top, right, bottom, width, height } = it.getBoundingClientRect();
        return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || Math.min(width, height) < 47.5;
      })
      .map((it) => it.textContent || it.ariaLabel);
  });
  assert.deepEqual(wrong, []);
  for (const shutter of await dialog.locator(".shutter").all()) {
    const { width, height } = await shutter.boundingBox();
    assert.ok(Math.min(width, height) >= 64);
  }
}

test("one photo after the other, none waits for the one before", async () => {
  const page = await gallery();
  const dialog = await openCamera(page);
  await isLive(dialog);
  const shutter = dialog.getByRole("button", { name: "拍照" });
  assert.ok(await shutter.evaluate((it) => it === document.activeElement), "the shutter is under the thumb and the keys");
  // All at once: as fast as no thumb is.
  await shutter.evaluate((it) => [1, 2, 3, 4].forEach(() => it.click()));
  await dialog.getByText("已拍 4 张").waitFor();
  assert.equal(await dialog.locator(".viewfinder-taken img").count(), 4);
  await assertAccessible(page);
  await assertInReach(dialog);
  await page.setViewportSize(SIDEWAYS);
  await assertInReach(dialog);

  // The focus goes round inside, and Escape leads out; the lamp goes out.
  for (let n = 0; n < 8; n += 1) {
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog[open]") !== null));
  }
  const track = await dialog.locator("video").evaluateHandle((video) => video.srcObject.getVideoTracks()[0]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await track.evaluate((it) => it.readyState), "ended");
  await openCamera(page);
  await isLive(dialog);
  await dialog.getByText("已拍").waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "完成" }).click();
  await dialog.waitFor({ state: "hidden" });
  await done(page);
});

test("a before-photo lies over the picture, as strongly as one likes, and no more are taken than fit", async () => {
  const page = await gallery();
  const dialog = await openCamera(page, true);
  await isLive(dialog);
  const opacity = () => dialog.locator(".viewfinder-overlay").evaluate((it) => getComputedStyle(it).opacity);
  assert.equal(await opacity(), "0.35");
  await dialog.getByRole("slider", { name: "叠加整改前照片" }).fill("80");
  assert.equal(await opacity(), "0.8");
  await dialog.getByRole("button", { name: "拍照" }).evaluate((it) => [1, 2, 3, 4, 5].forEach(() => it.click()));
  await dialog.getByText("照片张数已满").waitFor();
  assert.equal(await dialog.locator(".viewfinder-taken img").count(), 3);
  assert.equal(await dialog.getByRole("button", { name: "拍照" }).getAttribute("aria-disabled"), "true");
  assert.ok(await dialog.getByLabel("相册").isDisabled());
  await assertAccessible(page);
  await done(page);
});

test("a light is offered where there is one", async () => {
  const page = await gallery();
  await page.evaluate(() => {
    window.lit = [];
    MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
    MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [{ torch }] }) => void window.lit.push(torch);
  });
  const dialog = await openCamera(page);
  const light = dialog.getByRole("button", { name: "补光" });
  await light.click();
  await dialog.locator('.viewfinder-light[aria-pressed="true"]').waitFor();
  await light.click();
  await dialog.locator('.viewfinder-light[aria-pressed="false"]').waitFor();
  assert.deepEqual(await page.evaluate(() => window.lit), [true, false]);
  await done(page);
});

test("without a camera it is said why, and there is another way to a photo", async (t) => {
  for (const [error, words, mayPass] of [
    ["NotAllowedError", "没有相机权限", true],
    ["NotReadableError", "相机打不开", true],
    ["NotFoundError", "没有找到相机", false],
  ]) {
    await t.test(error, async () => {
      const page = await gallery();
      await page.evaluate((error) => {
        window.ask = navigator.mediaDevices.getUserMedia;
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", error));
      }, error);
      const dialog = await openCamera(page);
      await dialog.getByRole("alert").getByText(words).waitFor();
      await assertAccessible(page);
      await assertInReach(dialog);
      await dialog.getByLabel("用系统相机拍照").setInputFiles(phonePhoto(1));
      await dialog.getByText("已拍 1 张").waitFor();
      await dialog.getByLabel("相册").setInputFiles([phonePhoto(1), phonePhoto(1)]);
      await dialog.getByText("已拍 3 张").waitFor();
      const again = dialog.getByRole("button", { name: "重试" });
      assert.equal(await again.count(), mayPass ? 1 : 0);
      if (mayPass) {
        await page.evaluate(() => (navigator.mediaDevices.getUserMedia = window.ask));
        await again.click();
        await isLive(dialog);
        await dialog.getByRole("button", { name: "拍照" }).click();
        await dialog.getByText("已拍 4 张").waitFor();
      }
      await done(page);
    });
  }
});

test("a finger draws arrows, circles and words", async () => {
  const page = await gallery();
  await page.part.getByRole("button", { name: "标注照片" }).click();
  const dialog = page.getByRole("dialog", { name: "标注照片" });
  await dialog.waitFor();
  const paper = dialog.locator(".drawing-paper");
  // The photo is 800×600 and lies in the middle of the paper.
  const at = async (x, y) => {
    const { x: left, y: top, width, height } = await paper.boundingBox();
    const scale = Math.min(width / 800, height / 600);
    return [left + width / 2 + (x - 0.5) * 800 * scale, top + height / 2 + (y - 0.5) * 600 * scale];
  };
  const drag = async (from, to) => {
    await page.mouse.move(...(await at(...from)));
    await page.mouse.down();
    await page.mouse.move(...(await at(...to)), { steps: 4 });
    await page.mouse.up();
  };
  const count = (n) => dialog.getByRole("status").getByText(`已标注 ${n} 处`).waitFor({ state: "attached" });
  const save = dialog.getByRole("button", { name: "保存" });
  await dialog.locator("image").evaluate((it) => it.getBBox().height === 750 || new Promise((resolve) => setTimeout(resolve, 500)));
  assert.equal(await save.getAttribute("aria-disabled"), "true");

  await drag([0.2, 0.2], [0.6, 0.4]);
  await count(1);
  // A touch is no arrow.
  await page.mouse.click(...(await at(0.9, 0.9)));
  await count(1);
  await dialog.getByRole("button", { name: "圆圈" }).click();
  await drag([0.5, 0.6], [0.9, 0.8]);
  await count(2);
  // Its line is taken hold of and moved; then back again.
  await drag([0.7, 0.6], [0.6, 0.7]);
  await dialog.getByRole("button", { name: "撤销" }).click();
  await dialog.getByRole("button", { name: "文字" }).click();
  await page.mouse.click(...(await at(0.1, 0.9)));
  const field = dialog.getByRole("textbox", { name: "输入文字" });
  await field.waitFor();
  assert.ok(await field.evaluate((it) => it === document.activeElement), "the words can be written at once");
  await page.keyboard.type("占道");
  await assertAccessible(page);
  await assertInReach(dialog);
  await page.setViewportSize(SIDEWAYS);
  await assertInReach(dialog);
  // Escape ends the writing; what was written stays, and so does the board.
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  await count(3);
  await save.click();
  await dialog.waitFor({ state: "hidden" });

  const shapes = JSON.parse(await page.part.locator("p.small").first().textContent());
  assert.deepEqual(shapes.map(({ kind, text }) => [kind, text]), [["arrow", undefined], ["circle", undefined], ["text", "占道"]]);
  const wanted = [[0.2, 0.2, 0.6, 0.4], [0.5, 0.6, 0.9, 0.8], [0.1, 0.9, 0.1, 0.9]];
  shapes.forEach(({ x1, y1, x2, y2 }, nth) => {
    [x1, y1, x2, y2].forEach((it, i) => assert.ok(Math.abs(it - wanted[nth][i]) < 0.01, `${nth}: ${[x1, y1, x2, y2]}`));
  });
  await done(page);
});

test("the keyboard draws too, and what is given up is given up", async () => {
  const page = await gallery();
  const open = page.part.getByRole("button", { name: "标注照片" });
  await open.click();
  const dialog = page.getByRole("dialog", { name: "标注照片" });
  const paper = dialog.locator(".drawing-paper");
  await paper.waitFor();
  await dialog.getByRole("button", { name: "圆圈" }).press("Enter");
  for (let n = 0; n < 2; n += 1) await page.keyboard.press("Shift+Tab");
  assert.ok(await paper.evaluate((it) => it === document.activeElement), "the paper comes before the tools");
  await dialog.getByText("回车添加").waitFor();
  await page.keyboard.press("Enter");
  for (const key of ["ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Delete");
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "保存" }).press("Enter");
  await dialog.waitFor({ state: "hidden" });
  const shown = page.part.locator("p.small").first();
  const [circle, ...more] = JSON.parse(await shown.textContent());
  assert.deepEqual(more, []);
  const places = [circle.x1, circle.y1, circle.x2, circle.y2].map((it) => Math.round(it * 1000));
  // In the middle, 200 wide; 40 to the left and 20 up; then 20 wider. The photo is 1000 by 750.
  assert.deepEqual(places, [360, 340, 580, 607]);

  const before = await shown.textContent();
  await open.click();
  await paper.focus();
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "取消" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await shown.textContent(), before);
  await done(page);
});

async function done(page) {
  // Whoever is not signed in is asked for once, and the browser notes the answer.
  if (page.complaints.some(({ text }) => text.includes("401"))) expectComplaint(page, /401/);
  await finish(page);
}
