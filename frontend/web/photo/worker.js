// The thread in which photos are decoded and encoded, so that the page goes on answering the finger. One picture at a time:
// `desk.js` sends the next when this one is done.
import { buffers, draw, finish, raw, reduce } from "./work.js";

const TASKS = { reduce, finish, draw, raw };

addEventListener("message", async ({ data: { task, words } }) => {
  try {
    const answer = await TASKS[task](...words);
    postMessage({ answer }, buffers(answer));
  } catch ({ name, message }) {
    postMessage({ error: { name, message } });
  }
});
