// Parts of the application that are loaded by whoever goes there: what to do when one does not come. The build puts
// these two in place of the splitter's own, with which the page would end (`xtask/src/web/glue.rs`).

/** A part that the server no longer has: the page was loaded before a new build was put up. */
class Gone extends Error {}

/** How long it takes until we try again by ourselves; after the last, as often as the last. */
const PAUSES_MS = [1_000, 4_000, 15_000, 60_000];

const WORDS = {
  zh: {
    gone: "页面已更新，请重新打开。",
    lost: "网络不通，页面有一部分还没有载入；联网后会自动载入。",
    reload: "重新打开",
    again: "重试",
  },
  en: {
    gone: "The page has been updated; please open it again.",
    lost: "No network: a part of the page has not been loaded. It will be as soon as there is a network.",
    reload: "Open again",
    again: "Try again",
  },
};

/** Fetches a part, and tells one that is gone from one that could not be reached. */
export async function fetchPart(url) {
  const answer = await fetch(url);
  if (answer.ok) return answer;
  throw answer.status === 404 ? new Gone(`${url} is gone`) : new Error(`${url} is answered with ${answer.status}`);
}

/** Loads a part, however often it takes; meanwhile says so. Ends only with success, for the caller knows no failure. */
export async function insist(load) {
  let notice = null;
  for (let failures = 0; ; failures += 1) {
    try {
      const part = await load();
      notice?.remove();
      return part;
    } catch (error) {
      console.warn(`a part of the page did not load: ${error}`);
      notice?.remove();
      // The first failure is met in silence: often enough the second attempt succeeds.
      const pause = new Promise((resolve) => setTimeout(resolve, PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)]));
      if (failures === 0 && !(error instanceof Gone)) {
        await pause;
        continue;
      }
      let press;
      const pressed = new Promise((resolve) => (press = resolve));
      notice = show(error instanceof Gone, press);
      const online = new Promise((resolve) => addEventListener("online", resolve, { once: true }));
      await Promise.race([pressed, online, pause]);
    }
  }
}

/** Says what is missing until it is removed; two parts that are missing say it once. */
function show(isGone, press) {
  const words = document.documentElement.lang.startsWith("en") ? WORDS.en : WORDS.zh;
  document.querySelector(".notice")?.remove();
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = isGone ? words.gone : words.lost;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = isGone ? words.reload : words.again;
  button.addEventListener("click", () => (isGone ? location.reload() : press()));
  notice.append(text, button);
  document.body.append(notice);
  return notice;
}
