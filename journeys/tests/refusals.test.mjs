// What is wrong is said where it is wrong, and what was typed stays.
import assert from "node:assert/strict";
import { OFFICER, atDesk } from "../lib/desk.mjs";
import { numberOn, post, report, words } from "../lib/forms.mjs";
import { fillContact, follow, onward, receipt } from "../lib/intake.mjs";
import { desktop, journey, phone } from "../lib/journey.mjs";
import { looksWhole, text, visit } from "../lib/pages.mjs";
import { png } from "../lib/picture.mjs";

/** Sends a form as browsers do that do not check it first. */
async function sendUnchecked(page, button) {
  await page.evaluate(() => document.querySelectorAll("form").forEach((form) => { form.noValidate = true; }));
  const [response] = await Promise.all([page.waitForResponse((one) => one.request().method() === "POST"), page.waitForNavigation(), button.click()]);
  return response.status();
}

/** The summary stands first, has the focus, and each line leads to its field. */
async function summary(page, ...fields) {
  await page.waitForFunction(() => document.activeElement?.matches("[data-focus]"), null, { timeout: 3_000 }).catch(() => {});
  assert.ok(await page.evaluate(() => document.activeElement?.matches("[data-focus]")), `the summary has the focus on ${page.url()}`);
  const links = await page.locator("[data-focus] a").all();
  const targets = [];
  for (const link of links) {
    const id = (await link.getAttribute("href")).slice(1);
    targets.push(id);
    assert.equal(await page.locator(`[id="${id}"]`).count(), 1, `#${id} is on ${page.url()}`);
    const told = (await link.innerText()).trim();
    const beside = await page.locator("main").innerText();
    assert.ok(beside.split(told).length > 2, `"${told}" also stands at its field on ${page.url()}`);
  }
  assert.deepEqual(targets, fields);
  await links[0].click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), fields[0], "the link leads to the field");
  await looksWhole(page);
}

journey("each screen of a report says what is missing and keeps what was typed", async (person) => {
  const page = await person({ screen: phone });
  await visit(page, "/report");
  assert.equal(await sendUnchecked(page, onward(page)), 422);
  await summary(page, "text");

  // A photo that is none is refused by name; the good one and the words stay.
  await page.fill("#text", "가로등 옆 화단이 부서졌어요.");
  await page.setInputFiles("#photos", [
    { name: "설명.jpg", mimeType: "image/jpeg", buffer: Buffer.from("사진이 아니에요") },
    png("화단.png", 60),
  ]);
  assert.equal(await sendUnchecked(page, onward(page)), 415);
  assert.match(await text(page, "[data-focus]"), /설명\.jpg/);
  await summary(page, "photos");
  assert.equal(await page.inputValue("#text"), "가로등 옆 화단이 부서졌어요.");
  assert.equal(await page.locator(".photo-list img").count(), 1, "the good photo stays");
  // And it can be taken back.
  await follow(page, page.locator(".photo-list button"));
  assert.equal(await page.locator("ul.photo-list:visible img").count(), 0);
  assert.equal(await page.inputValue("#text"), "가로등 옆 화단이 부서졌어요.");
  await follow(page, onward(page));

  assert.equal(await sendUnchecked(page, onward(page)), 422);
  await summary(page, "place");
  await page.fill("#place", "구청 정문");
  await follow(page, onward(page));

  const send = new URL(page.url()).pathname;
  // No name; then a telephone that is none; what was typed stays both times.
  await fillContact(page, { name: "", phone: "010-12" });
  assert.equal(await sendUnchecked(page, onward(page)), 422);
  await summary(page, "name");
  assert.equal(await page.inputValue("#phone"), "010-12");
  await page.fill("#name", "오류정");
  assert.equal(await sendUnchecked(page, onward(page)), 422);
  await summary(page, "phone");
  assert.equal(await page.inputValue("#name"), "오류정");
  await page.fill("#phone", "010-0000-6060");
  await follow(page, onward(page));
  const { number } = await receipt(page);

  // The same button pressed once more: the same receipt, not a second case.
  const again = await post(page, "/report", send, { how: "sms", name: "오류정", phone: "010-0000-6060" });
  assert.equal(numberOn(words(again.html)), number);
});

journey("a place outside the office or the country is refused with a way on", async (person) => {
  const page = await person({ screen: phone });
  const { path } = await post(page, "/report", "/report", { text: "가로등이 꺼졌어요." });
  for (const [lat, long] of [["35.1761", "126.9059"], ["35.6762", "139.6503"]]) {
    const { html } = await post(page, path, path, { lat, long }, { status: 422 });
    assert.match(html, /data-focus/);
    assert.match(html, /href="#point"/);
    assert.match(html, /id="point-error"/);
  }
});

journey("addresses that lead nowhere lead somewhere", async (person) => {
  const page = await person({ screen: phone });
  for (const path of ["/없는-곳", "/c/nobody", "/report/00000000-0000-0000-0000-000000000000", "/dong/9999999999", "/o/nowhere/"]) {
    await visit(page, path, { status: 404 });
    assert.ok((await page.locator("main .ways a").count()) >= 2, `${path} shows ways on`);
    await looksWhole(page);
  }
});

journey("my case: a wrong number, a wrong code, an empty message", async (person) => {
  const page = await person({ screen: phone });
  const sent = await report(page, { text: "가로등이 너무 밝아요.", service: "streetlight" });
  await visit(page, "/track");
  await page.fill("#number", sent.number.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)));
  await page.fill("#contact", "010-0000-1234");
  assert.equal(await sendUnchecked(page, onward(page)), 422);
  await summary(page, "number");
  assert.equal(await page.inputValue("#contact"), "010-0000-1234");
  // Somebody else's contact gets the same page as the right one: nobody learns who reported what.
  await page.fill("#number", sent.number);
  await page.fill("#contact", "010-0000-9999");
  await follow(page, onward(page));
  await page.fill("#code", "000000");
  assert.equal(await sendUnchecked(page, onward(page)), 422);
  await summary(page, "code");

  await visit(page, sent.link);
  assert.equal(await sendUnchecked(page, page.locator('form[action$="/reply"] button')), 422);
  await summary(page, "reply");
});

journey("a form that another browser opened is not sent", async (person) => {
  const page = await person({ screen: phone });
  await visit(page, "/report");
  await page.fill("#text", "이 글은 남아 있어야 해요.");
  await page.context().clearCookies();
  await Promise.all([page.waitForNavigation(), onward(page).click()]);
  assert.match(await text(page, "main"), /다시|새로/);
  await looksWhole(page);
});

journey("at the desk: an answer without its parts, an entry without words", async (person) => {
  const page = await atDesk(person, OFFICER, { screen: desktop });
  await visit(page, "/staff/counter");
  await page.fill("#name", "남는이름");
  await page.fill("#phone", "010-0000-5555");
  assert.equal(await sendUnchecked(page, onward(page)), 422);
  await summary(page, "text");
  assert.equal(await page.inputValue("#name"), "남는이름");

  const resident = await person();
  const { number } = await report(resident, { text: "가로등 기둥이 기울었어요.", service: "streetlight" });
  await visit(page, `/staff/search?q=${encodeURIComponent(number)}`);
  await follow(page, page.locator("[data-open]"));
  await follow(page, page.locator('form[action$="/take"] button'));
  assert.equal(await sendUnchecked(page, page.locator('form[action$="/ask"] button')), 422);
  await summary(page, "question");
  await follow(page, page.locator('a[data-key="r"]'));
  // A refusal without its reason and remedy may not go out (민원처리법 제27조).
  await page.click('label[for="outcome-refused"]');
  await page.fill("#result", "옮길 수 없습니다.");
  assert.equal(await sendUnchecked(page, page.locator('button[value="submit"]')), 422);
  await summary(page, "reason");
  assert.equal(await page.inputValue("#result"), "옮길 수 없습니다.");
  await visit(page, "/staff/search?q=2026-서구-000001-0");
  await looksWhole(page);
});
