// Every page, in every state that matters: sound for a screen reader, whole to the eye, and still
// whole at 200 % and on the narrowest screen.
import assert from "node:assert/strict";
import { pages, prepare, visitors } from "../lib/catalogue.mjs";
import { desktop, engine, journey, phone } from "../lib/journey.mjs";
import { axe, looksWhole } from "../lib/pages.mjs";

/** 1280 px at 200 %, and the narrowest screen that must do. */
const ZOOMED = [{ width: 640, height: 450 }, { width: 320, height: 568 }];

// Both languages, both screens, both contrasts. What high contrast changes is colour alone.
const VIEWS = [
  { screen: phone, lang: "ko", contrast: "normal" },
  { screen: desktop, lang: "en", contrast: "normal" },
  { screen: desktop, lang: "ko", contrast: "high", only: ["color-contrast", "link-in-text-block"] },
];

// The pages are the same on every database: once is enough.
if (engine() !== "postgres") {
  journey("every page is sound in both languages, on both screens, in both contrasts", async (person) => {
    const made = await prepare(person);
    const problems = [];
    const judge = async ({ screen, lang, contrast, only }) => {
      const as = await visitors(person, made, { screen, lang, contrast });
      for (const { who, name, go } of pages(made)) {
        const page = await as(who);
        const where = `${name} (${screen.width} ${lang} ${contrast})`;
        const check = async (work) => {
          await work().catch((problem) => problems.push(`${where}: ${problem.message}`));
        };
        try {
          await go(page);
        } catch (problem) {
          problems.push(`${where} is not reached: ${problem.message}`);
          continue;
        }
        assert.equal(await page.getAttribute("html", "data-krds-mode"), contrast === "high" ? "high-contrast" : "light");
        await check(() => axe(page, { only }));
        await check(() => looksWhole(page));
        if (screen === desktop && contrast === "normal") {
          for (const size of ZOOMED) {
            await page.setViewportSize(size);
            await check(() => looksWhole(page));
          }
          await page.setViewportSize({ width: screen.width, height: screen.height });
        }
      }
    };
    // Two at a time: as many as a small machine has processors.
    const next = VIEWS.values();
    const work = async () => {
      for (const view of next) await judge(view);
    };
    await Promise.all([work(), work()]);
    assert.equal(problems.length, 0, `${problems.length} problems:\n${problems.join("\n")}`);
  }, { timeout: 300_000 });
}
