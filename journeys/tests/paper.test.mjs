// Paper: a case, a receipt, a queue, the figures and what is held about a person print well from their pages.
import assert from "node:assert/strict";
import { handOver } from "../lib/catalogue.mjs";
import { HEAD, OFFICER, atDesk } from "../lib/desk.mjs";
import { act, answer, caseOf, report } from "../lib/forms.mjs";
import { journey, phone, share } from "../lib/journey.mjs";
import { print, visit } from "../lib/pages.mjs";

/** What paper has no use for. */
const USELESS = ".top, .nav, .desk-nav, .foot-links, .desk-foot, .bulk, .crumbs, form.no-print, .skip, button, input:not([type=checkbox]), select, textarea";

async function printed(page, name, sheets) {
  await print(page, name, { sheets });
  await page.emulateMedia({ media: "print" });
  const left = await page.locator(USELESS).evaluateAll((all) =>
    all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 1).map((one) => one.outerHTML.slice(0, 120)));
  const words = (await page.innerText("main")).trim();
  await page.emulateMedia({ media: null });
  assert.deepEqual(left, [], `${name} prints what paper has no use for`);
  assert.ok(words.length > 60, `${name} prints something: ${words}`);
}

// Sheets are the same on every database.
for (const lang of share(["ko", "en"])) {
  journey(`receipt, case, answer, what is held, queue and figures on paper in ${lang}`, async (person) => {
    const resident = await person({ screen: phone, lang });
    const { number, link, receipt } = await report(resident, { text: "가로등이 꺼졌어요. 종이로 남겨 주세요.", service: "streetlight" });
    await visit(resident, receipt);
    await printed(resident, "receipt", 1);
    const officer = await atDesk(person, OFFICER, { lang });
    const head = await atDesk(person, HEAD, { lang });
    const at = await caseOf(officer, number);
    await act(officer, at, "take");
    await visit(officer, at);
    await printed(officer, "case", 2);
    await answer(officer, head, at);
    await visit(officer, at);
    await printed(officer, "case-answered", 3);
    await visit(resident, link);
    await printed(resident, "my-case", 3);
    await handOver(head, at);
    await printed(head, "held", 3);
    assert.match(await head.innerText("main"), lang === "ko" ? /개인정보 열람 결과/ : /What is held about you/);
    await visit(officer, "/staff/queue/unit");
    await printed(officer, "queue", 4);
    await visit(officer, "/staff/stats");
    await printed(officer, "stats", 3);
  });
}
