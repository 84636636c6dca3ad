// Looking at one screen in every way people look at it: a phone and a desk, light and dark, large type, a narrow phone.
// Each look is held against axe and the width of the window, and leaves a picture.
import assert from "node:assert/strict";
import { assertAccessible, assertColours, screenshot } from "./harness.mjs";
import { PASSWORD } from "./people.mjs";

/** Signs somebody in without the form. */
export async function enter(page, username, password = PASSWORD) {
  const answer = await page.request.post("/api/session", { data: { username, password } });
  assert.equal(answer.status(), 204, await answer.text());
}

/** Goes to a screen and waits until it stands: a heading, no grey rows, no picture under way. */
export async function open(page, path) {
  await page.goto(path);
  await settled(page);
}

/** Waits until nothing on the page is still loading, and nothing has come for a moment. */
export async function settled(page) {
  await page.locator("h1").first().waitFor();
  const stands = () => {
    // The gallery shows these on purpose.
    const busy = location.pathname !== "/gallery" && document.querySelector(".skeleton, [aria-busy=true]");
    const empty = !document.querySelector("h1")?.textContent || !document.querySelector("main")?.childElementCount;
    // What is folded away is not fetched before somebody unfolds it.
    const isNear = (it) => it.getBoundingClientRect().top < innerHeight && it.checkVisibility();
    const shown = [...document.images].filter((it) => it.loading !== "lazy" || isNear(it));
    const quiet = !busy && !empty && shown.every((it) => it.complete) && document.fonts.status === "loaded";
    const since = (window.__quiet = quiet ? (window.__quiet ?? performance.now()) : undefined);
    return since !== undefined && performance.now() - since > 60;
  };
  // By the clock, not by the frame: a page that nobody sees for a moment draws none.
  await page.waitForFunction(stands, undefined, { polling: 20 }).catch(async (error) => {
    throw new Error(`${page.url()} did not settle: ${JSON.stringify(await page.evaluate(unsettled))}`, { cause: error });
  });
}

/** What a page that does not come to rest is waiting for, as far as can be told. */
function unsettled() {
  const images = [...document.images].filter((it) => !it.complete).map((it) => [it.src, it.loading, it.getBoundingClientRect().top]);
  const busy = [...document.querySelectorAll(".skeleton, [aria-busy=true]")].map((it) => it.outerHTML.slice(0, 200));
  return { heading: document.querySelector("h1")?.textContent, busy, images, fonts: document.fonts.status };
}

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 640 };

/**
 * Looks at the page as it stands in every way, and leaves it on a light phone; `name` names the pictures. A `variant` of a
 * screen that has been looked at is held against axe on a phone only, because axe takes seconds for a large table.
 */
export async function look(page, name, isVariant = false) {
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(DESK);
  await one(page, `${name}-desk`, isVariant ? fits : assertAccessible);
  await page.emulateMedia({ colorScheme: "dark" });
  await one(page, `${name}-desk-dark`, isVariant ? fits : assertColours);
  await page.setViewportSize(PHONE);
  await one(page, `${name}-phone-dark`, isVariant ? fits : assertColours);
  await page.emulateMedia({ colorScheme: "light" });
  await one(page, `${name}-phone`, assertAccessible);
  // Type at 200 %, as a phone's own setting does it: the root's font size, on which every length of the page rests.
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await one(page, `${name}-large`, fits);
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  await page.setViewportSize(NARROW);
  await one(page, `${name}-narrow`, fits);
  await page.setViewportSize(PHONE);
}

/** Only whether it fits, which is looked at in any case. */
function fits() {}

async function one(page, name, check) {
  await settled(page);
  await screenshot(page, `look/${name}`);
  await check(page);
  await assertFits(page, name);
}

/** Fails if the page scrolls sideways, or anything that is not in a region of its own stands beyond its edge. */
export async function assertFits(page, name) {
  const wide = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const beyond = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > clientWidth + 1);
    return beyond.slice(0, 5).map((it) => `${it.tagName.toLowerCase()}.${it.className} ${it.textContent.slice(0, 20)}`);
  });
  assert.deepEqual(wide, [], `${name} scrolls sideways`);
}

/** Every text and every name on the page that holds a Chinese character. */
export async function hanOf(page) {
  return page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      const { parentElement } = walker.currentNode;
      if (/\p{Script=Han}/u.test(text) && parentElement.checkVisibility()) found.push(text);
    }
    for (const it of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")) {
      for (const name of ["aria-label", "placeholder", "alt", "title"]) {
        const text = it.getAttribute(name) ?? "";
        if (/\p{Script=Han}/u.test(text)) found.push(text);
      }
    }
    return [...new Set(found)];
  });
}
