// The officers' desk: who works there in the demonstration, and finding a case in a queue.
import assert from "node:assert/strict";
import { follow } from "./intake.mjs";
import { desktop } from "./journey.mjs";
import { visit } from "./pages.mjs";
import { signIn } from "./staff.mjs";

/** Those who care for street lights, which the journeys report, and those who watch over all. */
export const OFFICER = "road1";
export const COLLEAGUE = "road2";
export const NEWCOMER = "road3";
export const HEAD = "roadhead";
export const COORDINATOR = "coordinator";
export const ADMINISTRATOR = "admin";
/** Somebody of another unit, and somebody of a 동. */
export const STRANGER = "clean1";
export const DONG = "yang-dong";

/** A person signed in at a desk. */
export async function atDesk(person, login, options = {}) {
  const page = await person({ screen: desktop, ...options });
  await signIn(page, login);
  return page;
}

const MOST_PAGES = 12;

/** Opens a queue and goes on to the page that shows the case; returns its row. */
export async function rowOf(page, queue, number) {
  await visit(page, `/staff/queue/${queue}`);
  for (let n = 0; n < MOST_PAGES; n += 1) {
    const row = page.locator("[data-row]", { hasText: number });
    if ((await row.count()) === 1) return row;
    const next = page.locator(".pager a[rel=next]");
    if ((await next.count()) === 0) break;
    await follow(page, next);
  }
  assert.fail(`${number} is not in the queue ${queue}`);
}

/** The message shown once after something was done. */
export async function flash(page) {
  return (await page.innerText(".flash")).trim();
}
