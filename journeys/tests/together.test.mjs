// Several people: the same matter reported twice, two officers at once, several offices in one house.
import assert from "node:assert/strict";
import { COLLEAGUE, HEAD, OFFICER, atDesk, flash } from "../lib/desk.mjs";
import { act, answer, caseOf, post, read, report, words } from "../lib/forms.mjs";
import { fillContact, follow, onward, receipt, tapMap } from "../lib/intake.mjs";
import { desktop, journey, phone } from "../lib/journey.mjs";
import { message } from "../lib/messages.mjs";
import { looksWhole, text, visit } from "../lib/pages.mjs";
import { signInAnew } from "../lib/staff.mjs";

journey("a second report of the same thing is offered to join, and gets the same answer", async (person) => {
  const first = await person({ screen: phone });
  await visit(first, "/report");
  await first.fill("#text", "정자 지붕 밑 가로등 두 개가 나란히 나갔어요.");
  await follow(first, onward(first));
  const { lat, long } = await tapMap(first, { across: 0.6, down: 0.4 });
  await follow(first, onward(first));
  const none = first.locator('label[for="same-"]');
  if (await none.count()) await none.click();
  await fillContact(first, { name: "먼저온", phone: "010-0000-1101" });
  await follow(first, onward(first));
  const { number } = await receipt(first);

  // A neighbour, some metres away, in other words.
  const second = await person({ screen: phone });
  const { path } = await post(second, "/report", "/report", { text: "정자 밑에 가로등 두 개가 나갔네요." });
  const near = (Number(lat) + 0.0001).toFixed(6);
  const { path: send } = await post(second, path, path, { lat: near, long, service: "streetlight" });
  await visit(second, send);
  await looksWhole(second);
  const offered = second.locator("#same .krds-form-check", { hasText: "정자 지붕 밑" });
  assert.equal(await offered.count(), 1, await text(second, "main"));
  assert.match(await offered.innerText(), /같은 곳|약 \d+m 거리/);
  assert.ok(await second.isChecked('[id="same-"]'), "nobody is made to join");
  await offered.locator("label").click();
  await fillContact(second, { name: "나중온", phone: "010-0000-1102" });
  await follow(second, onward(second));
  const joined = await receipt(second);
  assert.equal(joined.number, number, "one case for both");
  await message("010-0000-1102", new RegExp(`${number}에 함께`));
  await visit(second, joined.link);
  assert.ok(!(await text(second, "main")).includes("먼저온"), "who came first stays unnamed");

  const [officer, head] = [await atDesk(person, OFFICER), await atDesk(person, HEAD)];
  const at = await caseOf(officer, number);
  await visit(officer, at);
  assert.match(await text(officer, "main"), /나\*온|나\*/);
  await act(officer, at, "take");
  await answer(officer, head, at);
  for (const [page, phone, link] of [[first, "010-0000-1101", (await linkOf("010-0000-1101"))], [second, "010-0000-1102", joined.link]]) {
    await message(phone, /답변이 나왔어요/);
    await visit(page, link);
    assert.match(await text(page, "section:has(#answer)"), /등을 새것으로 바꾸었습니다/);
  }
});

/** The address in the first message to someone. */
async function linkOf(to) {
  const { body } = await message(to, /접수/);
  return new URL(body.match(/https?:\/\/\S+/)[0]).pathname;
}

journey("two officers at once: the second is told, and nothing typed is lost", async (person) => {
  const resident = await person();
  const { number } = await report(resident, { text: "주차장 가로등이 흐려요.", service: "streetlight" });
  const [one, two] = [await atDesk(person, OFFICER), await atDesk(person, COLLEAGUE)];
  const at = await caseOf(one, number);
  await act(one, at, "take");
  await visit(two, at);
  await act(one, at, "note", { note: "오늘 오후에 나가 봅니다." });
  await two.fill("#question", "몇 번째 등인지 알려 주십시오.");
  await follow(two, two.locator('form[action$="/ask"] button'));
  const told = await text(two, "main");
  assert.match(told, /그사이/);
  assert.match(told, /오늘 오후에 나가 봅니다/);
  assert.equal(await two.inputValue("#question"), "몇 번째 등인지 알려 주십시오.");
  await looksWhole(two);
  // Seen, it can be sent.
  await follow(two, two.locator('form[action$="/ask"] button'));
  assert.match(await flash(two), /물었습니다/);
});

journey("one house, several offices: each has its own pages, numbers and staff", async (person) => {
  const resident = await person({ screen: phone });
  await visit(resident, "/");
  const other = resident.locator("main a", { hasText: "의정부" });
  assert.match(await other.getAttribute("href"), /^\/o\/[^/]+\/$/);
  await visit(resident, "/o/41150/");
  assert.match(await resident.innerText(".brand-office"), /의정부/);
  await resident.fill("#text", "행복로 가로등이 꺼졌어요.");
  await follow(resident, resident.locator("form:has(#text) button"));
  await follow(resident, onward(resident));
  assert.ok((await resident.locator("#dong option").allInnerTexts()).includes("의정부1동"));
  assert.ok(!(await resident.locator("#dong option").allInnerTexts()).includes("치평동"));
  await resident.selectOption("#dong", { label: "의정부1동" });
  await follow(resident, onward(resident));
  await fillContact(resident, { name: "정의정", phone: "010-0000-4115" });
  await follow(resident, onward(resident));
  const { number, link } = await receipt(resident);
  assert.match(number, /^20\d\d-의정부-/);
  assert.match(link, /^\/o\/[^/]+\/c\//);
  await looksWhole(resident);
  // The link is the other office's alone.
  await visit(resident, link);
  await visit(resident, link.replace(/^\/o\/[^/]+/, ""), { status: 404 });

  // Who is signed in at Seo-gu is a stranger here, and the other way round.
  const officer = await atDesk(person, OFFICER);
  await visit(officer, "/o/41150/staff");
  assert.match(new URL(officer.url()).pathname, /^\/o\/41150\/staff\/sign-in$/);
  const html = await read(officer, `/staff/search?q=${encodeURIComponent(number)}`);
  assert.ok(!html.includes("행복로"), words(html));
});

journey("who may not, may not: an officer has no administration, another unit's case is closed to them", async (person) => {
  const resident = await person();
  const { number } = await report(resident, { text: "불법주차 차량이 인도를 막았어요.", where: { place: "상무역" }, service: "illegal-parking" });
  const officer = await atDesk(person, OFFICER);
  await visit(officer, "/staff/admin", { status: 404 });
  await visit(officer, `/staff/search?q=${encodeURIComponent(number)}`);
  assert.equal(await officer.locator("[data-row]").count(), 0);

  const stranger = await person({ screen: desktop });
  await visit(stranger, "/staff/queue/unit");
  const door = new URL(stranger.url());
  assert.equal(door.pathname, "/staff/sign-in");
  assert.equal(door.searchParams.get("back"), "/staff/queue/unit");
  await assert.rejects(
    signInAnew(stranger, { login: OFFICER, password: "아닌 비밀번호", totp_secret: "GEZDGNBVGY3TQOJQ" }, { attempts: 1 }),
    /could not sign in/,
  );
  assert.match(await text(stranger, ".notice.danger"), /로그인하지 못했습니다/);
});
