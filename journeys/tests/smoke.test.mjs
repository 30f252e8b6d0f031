// The first thing a person meets, on both screens and in both languages.
import assert from "node:assert/strict";
import { desktop, journey, phone, share } from "../lib/journey.mjs";
import { tabThrough } from "../lib/keyboard.mjs";
import { axe, isLight, looksWhole, shot, staysStill, visit, zoom200 } from "../lib/pages.mjs";

for (const screen of share([phone, desktop])) {
  for (const lang of ["ko", "en"]) {
    journey(`the home page at ${screen.width} px in ${lang}`, async (person) => {
      const page = await person({ screen, lang });
      await visit(page, "/");
      await shot(page, "home");
      assert.ok((await page.title()).length > 0);
      await looksWhole(page);
      await axe(page);
      await tabThrough(page);
      await isLight(page, "/");
      await staysStill(page, "/");
      await zoom200(page, "/");
    });
  }
}

journey("the home page without JavaScript", async (person) => {
  const page = await person({ js: false });
  await visit(page, "/");
  await looksWhole(page);
});
