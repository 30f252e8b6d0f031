// The main job, from the resident's telephone to the officer's desk and back.
import assert from "node:assert/strict";
import { HEAD, NEWCOMER, OFFICER, atDesk, flash, rowOf } from "../lib/desk.mjs";
import { caseOf, numberOn } from "../lib/forms.mjs";
import { choose, chooseDong, fillContact, follow, onward, receipt, tapMap } from "../lib/intake.mjs";
import { journey, phone } from "../lib/journey.mjs";
import { message } from "../lib/messages.mjs";
import { looksWhole, text, visit } from "../lib/pages.mjs";
import { jpeg, png } from "../lib/picture.mjs";
import { account, signInAnew } from "../lib/staff.mjs";

const PHONE = "010-0000-4821";

journey("a resident reports on a telephone, an officer asks and answers, a head approves", async (person) => {
  // The question on the home page, then the first screen with the words already there.
  const resident = await person({ screen: phone });
  await visit(resident, "/");
  await resident.fill("#text", "집 앞 골목 가로등이 사흘째 꺼져 있어요.");
  await follow(resident, resident.locator("form:has(#text) button"));
  assert.equal(await resident.inputValue("#text"), "집 앞 골목 가로등이 사흘째 꺼져 있어요.");
  await looksWhole(resident);
  await resident.fill("#text", "집 앞 골목 가로등이 사흘째 꺼져 있어요. 밤에 너무 어두워서 무서워요.");
  await resident.locator("#suggestions", { hasText: "가로등" }).waitFor();
  await resident.setInputFiles("#photos", [await jpeg(resident), png("기둥.png", 90)]);
  assert.equal(await resident.locator("[data-photos-list] img").count(), 2);
  await follow(resident, onward(resident));

  // Where: the 동 from the list; the kind was found in the words.
  await looksWhole(resident);
  await chooseDong(resident, "치평동");
  await resident.fill("#place", "치평초등학교 후문 앞 골목");
  assert.ok(await resident.isChecked("#service-streetlight"), "the kind is suggested from the words");
  await follow(resident, onward(resident));

  // A last look, an answer to the kind's question, and how to be reached.
  await looksWhole(resident);
  const last = await text(resident, "main");
  for (const said of ["사흘째 꺼져 있어요", "치평동", "치평초등학교 후문", "가로등·보안등 고장"]) assert.ok(last.includes(said), `${said} in ${last}`);
  assert.equal(await resident.locator(".photo-list img").count(), 2);
  await resident.waitForFunction(() => [...document.querySelectorAll(".photo-list img")].every((image) => image.naturalWidth > 0));
  await choose(resident, "q_fault", "out");
  await fillContact(resident, { name: "김서구", phone: PHONE });
  await follow(resident, onward(resident));

  // The receipt: number, unit, telephone, due time and why.
  await looksWhole(resident);
  const { number, link } = await receipt(resident);
  assert.match(number, /^20\d\d-서구-\d{6}-\d$/);
  const paper = await text(resident, "main");
  assert.match(paper, /담당 부서\s*건설과/);
  assert.match(await resident.getAttribute('main a[href^="tel:"]', "href"), /062-/);
  assert.match(await resident.innerText(".due-at"), /20\d\d\. \d+\. \d+\.\([월화수목금]\)/);
  await resident.click(".why summary");
  assert.ok((await resident.locator(".why-lines li:visible").count()) >= 3, "the due time tells how it was counted");
  assert.match(await text(resident, ".why-body"), /제1?\d조/);
  const sent = await message(PHONE, /접수/);
  assert.ok(sent.body.includes(number) && sent.body.includes(link), sent.body);
  await follow(resident, resident.locator("main .actions a.primary"));
  assert.equal(await text(resident, ".step.now .step-name"), "접수");

  // The officer signs in with password and one-time code, and finds the case among the unassigned.
  const officer = await person({ screen: { width: 1440, height: 900, phone: false } });
  // Someone who has not signed in before: a one-time code serves once.
  await signInAnew(officer, await account(NEWCOMER));
  const row = await rowOf(officer, "unassigned", number);
  assert.match(await row.innerText(), /치평동/);
  await follow(officer, row.locator("[data-open]"));
  const open = await text(officer, "main");
  assert.ok(open.includes("밤에 너무 어두워서") && open.includes("꺼져 있어요"), open);
  assert.ok(open.includes("김*구") && !open.includes("김서구") && !open.includes(PHONE), "the contact is masked");
  assert.equal(await officer.locator(".photo-list img").count(), 2);
  await follow(officer, officer.locator('form[action$="/take"] button'));
  assert.match(await flash(officer), /맡았습니다/);
  const at = new URL(officer.url()).pathname;

  // A look at the contact is logged on the case.
  await officer.click("summary:has-text('연락처 보기')");
  await officer.fill('input[name="reveal_reason"]', "현장에서 만날 곳을 정하려고");
  await follow(officer, officer.locator('form[action$="/reveal"] button'));
  assert.ok((await text(officer, "main")).includes("김서구"));
  await visit(officer, at);
  assert.ok(!(await text(officer, "main")).includes("김서구"));

  // A question to the resident, and the reply.
  await officer.fill("#question", "기둥에 붙은 번호가 보이시나요?");
  await follow(officer, officer.locator('form[action$="/ask"] button'));
  assert.match(await flash(officer), /물었습니다/);
  await message(PHONE, /여쭤/);
  await visit(resident, link);
  await looksWhole(resident);
  assert.match(await text(resident, "section:has(#question)"), /기둥에 붙은 번호가 보이시나요/);
  await resident.fill("#reply", "네, 1234번이에요.");
  await follow(resident, resident.locator('form[action$="/reply"] button'));
  assert.match(await flash(resident), /전했어요/);
  await visit(officer, at);
  assert.match(await text(officer, ".timeline"), /1234번이에요/);

  // The answer: begun from a template, looked at as the resident will, handed in for approval.
  await follow(officer, officer.locator('a[data-key="r"]'));
  await officer.selectOption("#load", "done-repaired");
  await follow(officer, officer.locator('form:has(#load) button'));
  assert.match(await officer.inputValue("#result"), /보수하였습니다/);
  await officer.fill("#result", "현장을 확인하고 1234번 등을 새것으로 바꾸었습니다.");
  await follow(officer, officer.locator('button[value="preview"]'));
  const letter = await text(officer, "section:has(#preview)");
  for (const part of ["1234번 등을", "건설과", "하수 담당", "062-"]) assert.ok(letter.includes(part), `${part} in ${letter}`);
  await follow(officer, officer.locator('button[value="submit"]'));
  assert.match(await flash(officer), /결재/);

  // The head finds it waiting and lets it go.
  const head = await atDesk(person, HEAD);
  await follow(head, (await rowOf(head, "approval", number)).locator("[data-open]"));
  assert.match(await text(head, "section:has(#draft)"), /1234번 등을/);
  await follow(head, head.locator('form[action$="/approve"] button'));
  assert.match(await flash(head), /승인했습니다/);

  // The resident reads the answer, says how it was, and asks for another look.
  await message(PHONE, /답변이 나왔어요/);
  await visit(resident, link);
  await looksWhole(resident);
  assert.match(await text(resident, "section:has(#answer)"), /처리완료[\s\S]*1234번 등을 새것으로/);
  assert.equal(await text(resident, ".step.now .step-name"), "답변");
  await choose(resident, "score", "5");
  await resident.fill("#rating_text", "빨리 고쳐 주셔서 고맙습니다.");
  await follow(resident, resident.locator('form[action$="/rate"] button'));
  assert.match(await flash(resident), /고마워요/);
  await resident.fill("#reason", "오늘 밤에 다시 꺼졌어요.");
  await follow(resident, resident.locator('form[action$="/reopen"] button'));
  assert.match(await flash(resident), /다시 살펴/);
  assert.equal(await text(resident, ".step.now .step-name"), "처리 중");

  // Back on the desk, with everything that happened on the record.
  await visit(officer, at);
  assert.match(await text(officer, ".page-head"), /다시 열림/);
  assert.match(await text(officer, ".timeline"), /오늘 밤에 다시 꺼졌어요/);
});

journey("a pin on the map decides the 동, and the officer sees it on theirs", async (person) => {
  const resident = await person({ screen: phone });
  await visit(resident, "/report");
  await resident.fill("#text", "공원 옆 가로등이 깜박거려요. 지도에 표시한 곳이에요.");
  await follow(resident, onward(resident));
  const { said } = await tapMap(resident, { across: 0.45, down: 0.55 });
  const dong = said.match(/핀을 놓았어요: (\S+동)/)?.[1];
  assert.ok(dong, `the map says where the pin stands: ${said}`);
  assert.equal(await resident.locator("#dong option:checked").innerText(), dong);
  await follow(resident, onward(resident));
  assert.match(await text(resident, "main"), new RegExp(`${dong} · 지도에 표시한 곳`));
  const none = resident.locator('label[for="same-"]');
  if (await none.count()) await none.click();
  await fillContact(resident, { how: "email", email: "pin@resident.example" });
  await follow(resident, onward(resident));
  const { number } = await receipt(resident);
  const sent = await message("pin@resident.example", /접수했어요/);
  assert.ok(sent.body.includes(number) && /왜 이날까지인가요/.test(sent.body), sent.body);

  const officer = await atDesk(person, OFFICER);
  await visit(officer, await caseOf(officer, number));
  assert.match(await text(officer, "main"), new RegExp(`장소 ${dong}`));
  await officer.locator(".map-plain, [data-map]").first().scrollIntoViewIfNeeded();
  await officer.locator(".map-view canvas").first().waitFor();
  assert.equal(await officer.locator(".dong-map:visible").count(), 0, "the map takes the drawing's place");

  const plain = await atDesk(person, OFFICER, { js: false });
  await visit(plain, new URL(officer.url()).pathname);
  assert.equal(await plain.locator(".dong-map .dong-map__pin").count(), 1, "the drawing marks the place");
  await looksWhole(plain);
});

journey("the same intake and the answer without JavaScript", async (person) => {
  const resident = await person({ screen: phone, js: false });
  await visit(resident, "/");
  await resident.fill("#text", "놀이터 앞 가로등 불이 나갔어요.");
  await follow(resident, resident.locator("form:has(#text) button"));
  await resident.setInputFiles("#photos", [png("놀이터.png", 20)]);
  await follow(resident, onward(resident));
  await looksWhole(resident);
  assert.equal(await resident.locator(".map:visible").count(), 0, "no empty map without the script");
  await chooseDong(resident, "화정1동");
  await follow(resident, onward(resident));
  assert.equal(await resident.locator(".photo-list img").count(), 1);
  // Nothing written: told so, and the kind's answer is kept.
  await choose(resident, "q_fault", "flicker");
  await follow(resident, onward(resident));
  assert.match(await text(resident, ".notice.danger"), /이름을 적어 주세요/);
  assert.ok(await resident.isChecked("#q_fault-flicker"));
  await looksWhole(resident);
  await fillContact(resident, { name: "이화정", phone: "010-0000-7702" });
  await follow(resident, onward(resident));
  const { number, link } = await receipt(resident);
  await resident.click(".why summary");
  assert.ok((await resident.locator(".why-lines li:visible").count()) >= 3);

  // Number and contact open the case too, with the code that was sent.
  await visit(resident, "/track");
  await resident.fill("#number", number.replaceAll("-", ""));
  await resident.fill("#contact", "01000007702");
  await follow(resident, onward(resident));
  const { body } = await message("010-0000-7702", /확인\s*번호/);
  await resident.fill("#code", body.match(/\b\d{6}\b/)[0]);
  await follow(resident, onward(resident));
  assert.equal(numberOn(await text(resident, "main")), number);
  await visit(resident, link);
  await resident.fill("#reply", "어제부터 더 심해졌어요.");
  await follow(resident, resident.locator('form[action$="/reply"] button'));
  assert.match(await text(resident, ".timeline"), /더 심해졌어요/);
});
