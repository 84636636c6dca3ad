// The people of the demo county in the browser, and the pictures the README shows.
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { screenshot } from "./harness.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** The password of every account of the demo. */
export const PASSWORD = "spotfix-demo";

/** The pictures that stand in the README; `SPOTFIX_PICTURES=1` writes them there. */
const SHOWN = ["inspector-home", "report", "report-answer", "unit-order", "recheck", "outbox", "manager-rates", "manager-issues"];

/** Signs somebody in by the form. */
export async function signIn(page, username) {
  await page.goto("/");
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("button", { name: "登录" }).waitFor({ state: "detached" });
}

/** A screenshot; those of the README are kept there too when asked for. */
export async function picture(page, name) {
  // A picture of a screen that has settled.
  await page.waitForLoadState("networkidle");
  await screenshot(page, name);
  if (process.env.SPOTFIX_PICTURES && SHOWN.includes(name)) {
    const docs = join(here, "../../docs/screenshots");
    mkdirSync(docs, { recursive: true });
    copyFileSync(join(here, "out", `${name}.png`), join(docs, `${name}.png`));
  }
}
