// Pictures of every page at both widths in both languages, for the eye: journeys/artefacts/{390,1440}.
// MAEUL_PICTURES=name,name takes only those.
import assert from "node:assert/strict";
import { pages, prepare, visitors } from "../lib/catalogue.mjs";
import { desktop, journey, phone } from "../lib/journey.mjs";
import { shot } from "../lib/pages.mjs";

journey("pictures of every page", async (person) => {
  const made = await prepare(person);
  const missed = [];
  const wanted = process.env.MAEUL_PICTURES?.split(",");
  const photograph = async (screen, lang) => {
    const as = await visitors(person, made, { screen, lang });
    for (const { who, name, go } of pages(made)) {
      if (wanted && !wanted.includes(name)) continue;
      const page = await as(who);
      try {
        await go(page);
        if ((await page.locator("[data-map]:visible").count()) > 0) {
          await page.locator(".map-view canvas:visible").first().waitFor();
          await page.waitForLoadState("networkidle");
        }
        await shot(page, name);
      } catch (problem) {
        missed.push(`${name} (${screen.width} ${lang}): ${problem.message}`);
      }
    }
  };
  await Promise.all([
    (async () => { await photograph(phone, "ko"); await photograph(phone, "en"); })(),
    (async () => { await photograph(desktop, "ko"); await photograph(desktop, "en"); })(),
  ]);
  assert.deepEqual(missed, []);
}, { timeout: 900_000 });
