// The three screens of a report, walked with finger or mouse.
import assert from "node:assert/strict";
import { numberOn } from "./forms.mjs";

/** Presses something and waits for the page it leads to. */
export async function follow(page, locator) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), locator.click()]);
}

/** The one button of the page's form that goes on. */
export const onward = (page) => page.locator("main form .actions button.primary").last();

/** Second screen: chooses the 동 from the list. */
export async function chooseDong(page, name) {
  await page.selectOption("#dong", { label: name });
}

/** Second screen: taps the map until the pin stands in some 동, and tells which. */
export async function tapMap(page, { across = 0.5, down = 0.5 } = {}) {
  const map = page.locator(".map-view");
  // The bar of buttons comes when the borders have been drawn.
  await page.locator(".map-bar").waitFor();
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  const at = { x: box.x + box.width * across, y: box.y + box.height * down };
  if (page.maeul.screen.phone) await page.touchscreen.tap(at.x, at.y);
  else await page.mouse.click(at.x, at.y);
  await page.waitForFunction(() => document.querySelector("#lat")?.value !== "");
  return {
    lat: await page.inputValue("#lat"),
    long: await page.inputValue("#long"),
    said: await page.innerText(".map-said"),
  };
}

/** Chooses a radio button by its label, as people do. */
export async function choose(page, name, value) {
  await page.click(`label[for="${name}-${value}"]`);
  assert.ok(await page.isChecked(`[id="${name}-${value}"]`), `${name}=${value} is chosen`);
}

/** Third screen: how to reach the resident. */
export async function fillContact(page, { how = "sms", name = "홍길동", phone = "", email = "" }) {
  await choose(page, "how", how);
  await page.fill("#name", name);
  await page.fill("#phone", phone);
  await page.fill("#email", email);
}

/** Reads the receipt page. */
export async function receipt(page) {
  assert.match(page.url(), /\/c\/[^/]+\/receipt$/);
  const number = numberOn(await page.innerText(".case-number"));
  return { number, link: new URL(page.url()).pathname.replace(/\/receipt$/, "") };
}
