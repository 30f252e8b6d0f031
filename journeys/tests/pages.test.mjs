// Every page, in every state that matters: sound for a screen reader, whole to the eye, and still
// whole at 200 % and on the narrowest screen.
import assert from "node:assert/strict";
import { pages, prepare, visitors } from "../lib/catalogue.mjs";
import { desktop, journey, phone, share } from "../lib/journey.mjs";
import { axe, looksWhole, visit } from "../lib/pages.mjs";

/** 1280 px at 200 %, and the narrowest screen that must do. */
const ZOOMED = [{ width: 640, height: 450 }, { width: 320, height: 568 }];

// The pages are the same on every database: each view is judged once, and of two runs side by side
// each judges one.
const VIEWS = share([
  { screen: phone, lang: "ko" },
  { screen: desktop, lang: "en" },
], { later: 1 });

/** High contrast changes colours and nothing else, by this one attribute. */
const HIGH = { only: ["color-contrast", "link-in-text-block"] };
const contrast = (page, mode) => page.evaluate((mode) => {
  document.documentElement.dataset.krdsMode = mode;
  // No colour is judged on its way to another.
  document.getAnimations().forEach((animation) => animation.finish());
}, mode);

if (VIEWS.length > 0) {
  journey("every page is sound in both languages, on both screens, in both contrasts", async (person) => {
    const made = await prepare(person);
    const problems = [];
    const judge = async ({ screen, lang }) => {
      const as = await visitors(person, made, { screen, lang });
      for (const { who, name, go } of pages(made)) {
        const page = await as(who);
        const where = `${name} (${screen.width} ${lang})`;
        const check = async (work) => {
          await work().catch((problem) => problems.push(`${where}: ${problem.message}`));
        };
        try {
          await go(page);
        } catch (problem) {
          problems.push(`${where} is not reached: ${problem.message}`);
          continue;
        }
        await check(() => axe(page));
        await check(() => looksWhole(page));
        if (screen === desktop) {
          await contrast(page, "high-contrast");
          await check(() => axe(page, HIGH));
          await contrast(page, "light");
          for (const size of ZOOMED) {
            await page.setViewportSize(size);
            await check(() => looksWhole(page));
          }
          await page.setViewportSize({ width: screen.width, height: screen.height });
        }
      }
    };
    // Both at a time: as many as a small machine has processors.
    await Promise.all(VIEWS.map(judge));
    // That the reader's choice sets the attribute is asked once.
    const chosen = await (await visitors(person, made, { screen: desktop, lang: "ko", contrast: "high" }))("resident");
    await visit(chosen, "/");
    assert.equal(await chosen.getAttribute("html", "data-krds-mode"), "high-contrast");
    assert.equal(problems.length, 0, `${problems.length} problems:\n${problems.join("\n")}`);
  }, { timeout: 900_000 });
}
