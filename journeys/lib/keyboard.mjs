// A person without a mouse.
import assert from "node:assert/strict";

/** What has the focus, as words: its role, name and place. */
async function focused(page) {
  return await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const box = element.getBoundingClientRect();
    // Each element is known by its place in the document.
    const place = [...document.querySelectorAll("*")].indexOf(element);
    const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
    const style = getComputedStyle(element);
    const ring = (style) =>
      (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none" || style.borderBottomWidth !== "0px";
    // Some components draw the ring on the label beside a hidden input.
    const shown = [element, element.nextElementSibling, element.parentElement, ...(element.labels ?? [])].filter(Boolean);
    return {
      place,
      words: `<${element.localName}> ${label.trim().replace(/\s+/g, " ").slice(0, 50) || element.getAttribute("name") || ""}`,
      marked: ring(style) || shown.some((other) => ring(getComputedStyle(other))),
      onScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });
}

/**
 * Walks the whole page with the Tab key. Fails when something that can be used is not reached,
 * when the focus cannot be seen, or when it never comes out again.
 */
export async function tabThrough(page, { most = 400 } = {}) {
  await page.evaluate(() => {
    document.activeElement?.blur?.();
    getSelection()?.removeAllRanges();
    scrollTo(0, 0);
  });
  const stops = [];
  const reached = new Set();
  let out = false;
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    if (stop === null || (stops.length > 0 && stop.place === stops[0].place)) {
      out = true;
      break;
    }
    if (stops.at(-1)?.place === stop.place) {
      // A date field or an embedded player keeps the focus for a few of its own parts.
      continue;
    }
    stops.push(stop);
    reached.add(stop.place);
  }
  assert.ok(out, `the Tab key never came to the end of ${page.url()} (${most} presses)`);
  const unmarked = stops.filter((stop) => !stop.marked || !stop.onScreen).map((stop) => stop.words);
  assert.deepEqual(unmarked, [], `focus that cannot be seen on ${page.url()}`);
  const missed = await page.evaluate((reached) => {
    const known = new Set(reached);
    const all = [...document.querySelectorAll("*")];
    const groups = new Set();
    return all
      .map((element, place) => ({ element, place }))
      .filter(({ element }) => element.matches("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"))
      .filter(({ element }) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
      .filter(({ element, place }) => {
        if (element.type !== "radio") return !known.has(place);
        // One Tab stop stands for all radio buttons of a group.
        const group = [...document.getElementsByName(element.name)];
        if (groups.has(element.name)) return false;
        groups.add(element.name);
        return !group.some((other) => known.has(all.indexOf(other)));
      })
      .map(({ element }) => `<${element.localName}> ${(element.textContent || element.name || "").trim().slice(0, 50)}`);
  }, [...reached]);
  assert.deepEqual(missed, [], `not reached by keyboard on ${page.url()}`);
  return stops.map((stop) => stop.words);
}

/** Presses Tab until a locator's element has the focus. */
export async function tabTo(page, locator, { most = 120 } = {}) {
  for (let press = 0; press <= most; press += 1) {
    if (await locator.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${locator} is not reached within ${most} presses of Tab on ${page.url()}`);
}

/** Tabs to a field and types into it. */
export async function typeInto(page, locator, words) {
  await tabTo(page, locator);
  await page.keyboard.insertText(words);
}

/** Tabs to a button or link and presses Enter, waiting for the page that follows. */
export async function enterOn(page, locator) {
  await tabTo(page, locator);
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press("Enter")]);
}
