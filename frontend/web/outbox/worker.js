// The outbox as the service worker sees it: woken by the browser when there is a network, it sends what is there.
import { kick } from "./drain.js";
import { unsent } from "./items.js";
import { read, result } from "./store.js";

export { tuning } from "./pace.js";

/** Whom the pages of this browser were for last; "" for nobody. */
export async function account() {
  return (await read(["meta"], ({ meta }) => result(meta.get("account"))).catch(() => "")) ?? "";
}

/**
 * Sends what is due of the account that the page named last. Fails when something is left that time can heal, so that
 * the browser wakes us again.
 * @param {string} reason "sync" when the browser says that there is a network
 */
export async function drain(reason) {
  await kick(reason);
  const left = await read(["meta", "items"], async ({ meta, items }) => {
    const [user, pause] = await Promise.all([result(meta.get("account")), result(meta.get("pause"))]);
    return !user || pause !== undefined ? [] : unsent(items, user);
  });
  const count = left.filter(({ stage }) => stage === "waiting").length;
  if (count > 0) throw new Error(`${count} items are left`);
}
