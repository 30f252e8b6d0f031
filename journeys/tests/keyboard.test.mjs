// Nothing needs a mouse.
import assert from "node:assert/strict";
import { COLLEAGUE, HEAD, OFFICER, atDesk, flash, rowOf } from "../lib/desk.mjs";
import { numberOn, report } from "../lib/forms.mjs";
import { desktop, journey } from "../lib/journey.mjs";
import { enterOn, tabThrough, tabTo, typeInto } from "../lib/keyboard.mjs";
import { text, visit } from "../lib/pages.mjs";

/** Presses a key that opens another page. */
async function press(page, key) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press(key)]);
}

/** Stands on a radio button by Tab and the arrow keys. */
async function arrowTo(page, name, value) {
  const group = page.locator(`input[name="${name}"]`);
  const checked = page.locator(`input[name="${name}"]:checked`);
  await tabTo(page, (await checked.count()) > 0 ? checked : group.first());
  for (let n = 0; n <= (await group.count()); n += 1) {
    if (await page.locator(`input[name="${name}"][value="${value}"]`).isChecked()) return;
    await page.keyboard.press("ArrowDown");
  }
  assert.fail(`${name}=${value} cannot be reached by the arrow keys`);
}

journey("a resident reports without a mouse", async (person) => {
  const page = await person({ screen: desktop });
  await visit(page, "/");
  // The first stop leads past the menu.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#main");
  await page.keyboard.press("Enter");
  await typeInto(page, page.locator("#text"), "버스 정류장 뒤 가로등이 깜박거려요.");
  await enterOn(page, page.locator("form:has(#text) button"));
  await tabThrough(page);
  await enterOn(page, page.locator("main .actions button.primary").last());
  await page.locator(".map-bar").waitFor();
  await tabThrough(page);
  // The map too: Enter puts the pin in its middle.
  await tabTo(page, page.locator(".map-view"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#lat").value !== "");
  await typeInto(page, page.locator("#place"), "정류장 뒤");
  await enterOn(page, page.locator("main .actions button.primary").last());
  await tabThrough(page);
  if (await page.locator("[name=same]").count()) await arrowTo(page, "same", "");
  await arrowTo(page, "how", "sms");
  await typeInto(page, page.locator("#name"), "박자판");
  await typeInto(page, page.locator("#phone"), "010-0000-3131");
  await enterOn(page, page.locator("main .actions button.primary").last());
  assert.match(page.url(), /\/receipt$/);
  await tabTo(page, page.locator(".why summary"));
  await page.keyboard.press("Enter");
  assert.ok((await page.locator(".why-lines li:visible").count()) >= 3);
  await enterOn(page, page.locator("main .actions a.primary"));
  await tabThrough(page);
});

journey("an officer works a queue by keyboard: j, k, Enter, take, answer", async (person) => {
  const resident = await person();
  const sent = await report(resident, { text: "시장 입구 보안등이 나갔어요. 자판 시험이에요.", service: "streetlight" });
  const page = await atDesk(person, OFFICER);
  await rowOf(page, "unassigned", sent.number);

  // Down to the case, once too far, and back up.
  const standing = () => page.locator("[data-row][data-at]").innerText();
  const rows = await page.locator("[data-row]").allInnerTexts();
  const wanted = rows.findIndex((row) => row.includes(sent.number));
  for (let n = 0; n <= wanted; n += 1) await page.keyboard.press("j");
  assert.ok((await standing()).includes(sent.number));
  if (wanted < rows.length - 1) {
    await page.keyboard.press("j");
    assert.ok(!(await standing()).includes(sent.number));
    await page.keyboard.press("k");
    assert.ok((await standing()).includes(sent.number));
  }
  // x chooses the row and shows what can be done with it.
  await page.keyboard.press("x");
  assert.match(await text(page, "[data-bulk]"), /1건 고름/);
  await page.keyboard.press("x");
  await press(page, "Enter");
  assert.match(page.url(), /\/staff\/case\//);
  await tabThrough(page);

  await press(page, "t");
  assert.match(await flash(page), /맡았습니다/);
  // A key that is typed into a field is a letter, not an act.
  await tabTo(page, page.locator("#note"));
  await page.keyboard.type("r t a j");
  assert.equal(await page.inputValue("#note"), "r t a j");
  await page.keyboard.press("Escape");
  await press(page, "r");
  assert.match(page.url(), /\/answer$/);
  await tabThrough(page);
  await arrowTo(page, "outcome", "done");
  await typeInto(page, page.locator("#result"), "등을 바꾸었습니다.");
  await enterOn(page, page.locator('button[value="submit"]'));
  assert.match(await flash(page), /결재/);

  // ? tells the keys; Escape closes; / goes to the search.
  await page.keyboard.press("?");
  await page.locator("dialog#keys[open]").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog#keys[open]").count(), 0);
  await page.keyboard.press("/");
  await page.keyboard.insertText(sent.number);
  await press(page, "Enter");
  assert.match(await text(page, "main"), /승인/);
});

journey("several cases are taken, assigned and passed on at once", async (person) => {
  const resident = await person();
  const numbers = [];
  for (const n of [1, 2, 3]) {
    numbers.push((await report(resident, { text: `육교 아래 가로등 ${n}번째가 나갔어요.`, service: "streetlight" })).number);
  }
  const page = await atDesk(person, HEAD);
  await rowOf(page, "unassigned", numbers[2]);
  const count = Number(await page.innerText("h1 .count"));
  for (const number of numbers) {
    await tabTo(page, page.locator("[data-row]", { hasText: number }).locator("input[name=case]"), { most: 400 });
    await page.keyboard.press("Space");
  }
  assert.match(await text(page, "[data-bulk]"), /3건 고름/);
  const colleague = await page.locator("#to option", { hasText: "도로보수" }).getAttribute("value");
  await tabTo(page, page.locator("#to"), { most: 400 });
  await page.selectOption("#to", colleague);
  await enterOn(page, page.locator('button[value="assign"]'));
  assert.match(await flash(page), /3건을 모두/);
  assert.equal(Number(await page.innerText("h1 .count")), count - 3);
  const theirs = await atDesk(person, COLLEAGUE);
  for (const number of numbers) await rowOf(theirs, "mine", number);

  // Passing on asks for unit and reason, and says what is missing.
  await rowOf(theirs, "mine", numbers[0]);
  await theirs.locator("[data-row]", { hasText: numbers[0] }).locator("input[name=case]").focus();
  await theirs.keyboard.press("Space");
  await enterOn(theirs, theirs.locator('button[value="reassign"]'));
  assert.match(await text(theirs, "main"), new RegExp(numbers[0]));
  await theirs.selectOption("#unit", { label: "공원녹지과" });
  await theirs.fill("#reason", "공원 안의 등이라 공원녹지과에서 관리합니다.");
  await enterOn(theirs, theirs.locator("main .actions button.primary"));
  assert.match(await flash(theirs), /1건을 모두/);
});

// A skilled typist's keystroke and the moment one needs to turn to the next field, after the
// keystroke-level model of Card, Moran and Newell.
const KEY_SECONDS = 0.2;
const THINK_SECONDS = 1.35;

journey("an officer enters a call in under 30 seconds by keyboard alone", async (person) => {
  const page = await atDesk(person, OFFICER);
  await visit(page, "/staff");
  let keys = 0;
  let fields = 0;
  let waited = 0;
  const timed = async (work) => {
    const began = Date.now();
    const done = await work();
    waited += (Date.now() - began) / 1000;
    return done;
  };
  const hit = async (key) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  // A Korean syllable takes two and a half strokes.
  const type = async (words) => {
    keys += [...words].reduce((sum, letter) => sum + (/[가-힣]/.test(letter) ? 2.5 : 1), 0);
    await page.keyboard.insertText(words);
  };
  const tabs = async (selector) => {
    fields += 1;
    for (let n = 0; n < 40; n += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      await hit("Tab");
    }
    assert.fail(`${selector} is not near by Tab`);
  };

  keys += 1;
  await timed(() => press(page, "n"));
  assert.ok(await page.evaluate(() => document.activeElement.id === "text"), "the caret waits in the first field");
  fields += 1;
  await type("양동시장 입구 가로등이 꺼졌다고 함");
  await timed(() => page.locator("#suggestions", { hasText: "가로등" }).waitFor());
  await tabs("#place");
  await type("양동시장 입구");
  await tabs("#dong");
  await hit("ArrowDown");
  await tabs("#name");
  await type("최양동");
  await tabs("#phone");
  await type("01000009090");
  keys += 1;
  await timed(() => press(page, "Enter"));
  const seconds = keys * KEY_SECONDS + fields * THINK_SECONDS + waited;
  const told = await text(page, "section:has(#received)");
  const number = numberOn(told);
  assert.match(told, /건설과/);
  assert.match(told, /가로등/);
  assert.ok(seconds < 30, `the entry takes ${seconds.toFixed(1)} s: ${keys} keys, ${fields} fields, ${waited.toFixed(1)} s of waiting`);
  // The next one can begin at once.
  assert.equal(await page.inputValue("#text"), "");
  await visit(page, `/staff/search?q=${encodeURIComponent(number)}`);
  assert.match(await text(page, "main"), /양동/);
});
