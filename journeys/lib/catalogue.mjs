// Every page of the house in the states that matter, for judging and for pictures.
import { ADMINISTRATOR, COLLEAGUE, COORDINATOR, DONG, HEAD, NEWCOMER, OFFICER, STRANGER } from "./desk.mjs";
import { ANSWER, act, answer, caseOf, hidden, post, read, report } from "./forms.mjs";
import { follow, onward } from "./intake.mjs";
import { desktop } from "./journey.mjs";
import { message } from "./messages.mjs";
import { visit } from "./pages.mjs";
import { png } from "./picture.mjs";
import { signIn } from "./staff.mjs";

// Nobody answers at a name that is reserved: the transfer waits and says so.
const AGENCIES = `[[agency]]
code = "gaon"
name_ko = "가온시"
name_en = "Gaon City"
phone = "031-000-0120"
endpoint = "https://minwon.gaon.example/open311/v2"
[[agency.service]]
service = "streetlight"
code = "L1"
`;
// Cases of another system: one that can be taken in, one of a service that is none of ours, one that cannot.
const OLD_CASES = `service_request_id,requested_datetime,service_name,description,name,phone,부서 메모
가-1,2026-05-04T10:30:00+09:00,가로등,공원 앞 가로등이 꺼졌습니다.,이가람,010-0000-1001,등주 12번
가-2,2026-05-06T09:10:00+09:00,체육관 이용,탁구대가 부서졌습니다.,,,
가-3,,가로등,언제인지 적히지 않은 민원입니다.,,,
`;
const AT = { lat: "35.1520", long: "126.8900" };

/** Sends the page's form as it is, unchecked by the browser. */
async function sendAsItIs(page, button = onward(page)) {
  await page.evaluate(() => document.querySelectorAll("form").forEach((form) => { form.noValidate = true; }));
  await follow(page, button);
}

/** A draft with words, a photo and a place, at its third screen. */
async function draft(page, text) {
  await visit(page, "/report");
  await page.fill("#text", text);
  await page.setInputFiles("#photos", [png("등.png", 30), png("길.png", 120)]);
  await follow(page, onward(page));
  const where = new URL(page.url()).pathname;
  await post(page, where, where, { ...AT, place: "금호초등학교 후문 앞", service: "streetlight" });
  return where.replace(/\/where$/, "");
}

/** Somebody who follows two things: the link that confirms another, and the page of what they follow. */
async function subscriber(page, contact) {
  const ask = async (fields, said) => {
    await post(page, "/follow", "/follow", { rhythm: "daily", contact, ...fields });
    const { body } = await message(contact, said);
    return new URL(body.match(/http\S+\/follow\/confirm\/\S+/)[0]).pathname;
  };
  const first = await ask({ what: "all", service: "streetlight" }, /지역 모두 · 가로등/);
  const { path } = await post(page, first, first, {});
  const second = await ask({ what: "place", ...AT, radius: "1000", q: "가로등" }, /1 km 안/);
  await post(page, second, second, {});
  return { mine: path, confirm: await ask({ what: "all", q: "횡단보도" }, /횡단보도/) };
}

/**
 * Makes the cases the pages are about. `person` opens browsers; what is made serves all languages
 * and screens.
 */
export async function prepare(person) {
  const resident = await person();
  const [officer, colleague, head] = [await person({ screen: desktop }), await person({ screen: desktop }), await person({ screen: desktop })];
  await signIn(officer, OFFICER);
  await signIn(colleague, COLLEAGUE);
  await signIn(head, HEAD);
  const made = async (words, more = {}) => {
    const sent = await report(resident, { text: words, where: { ...AT, place: "금호초등학교 후문 앞" }, service: "streetlight", ...more });
    return { ...sent, at: await caseOf(head, sent.number) };
  };
  const fresh = await made("공원 입구 가로등 세 개가 한꺼번에 나갔어요. 저녁이면 산책로가 깜깜해서 아이들이 다니기 무서워해요. 빨리 고쳐 주세요.");
  const asked = await made("다리 밑 보안등이 깜박거려요.");
  await act(officer, asked.at, "take");
  await act(officer, asked.at, "ask", { question: "다리의 어느 쪽인가요? 시장 쪽인지 학교 쪽인지 알려 주시면 바로 나가겠습니다." });
  const waiting = await made("버스 정류장 가로등이 기울었어요.");
  await act(officer, waiting.at, "take");
  await act(officer, waiting.at, "note", { note: "기둥 밑이 삭았음. 업체에 연락함." });
  await act(officer, waiting.at, "answer", { ...ANSWER, do: "submit" }, `${waiting.at}/answer`);
  const answered = await made("도서관 앞 가로등이 꺼졌어요.");
  await act(officer, answered.at, "take");
  await answer(officer, head, answered.at);
  const refused = await made("우리 집 마당에 가로등을 달아 주세요.");
  await act(officer, refused.at, "take");
  await answer(officer, head, refused.at, {
    outcome: "refused",
    result: "개인 마당에는 공공 가로등을 설치할 수 없습니다.",
    reason: "가로등은 도로와 공공장소에 설치합니다.",
    remedy: "이 결과에 이의가 있으면 민원봉사과에 다시 말씀하실 수 있습니다.",
  });
  const rated = await made("체육관 뒤 보안등이 나갔어요.");
  await act(officer, rated.at, "take");
  await answer(officer, head, rated.at);
  await post(resident, rated.link, `${rated.link}/rate`, { score: "2", rating_text: "아직 조금 어두워요." });
  await post(resident, `${rated.link}/data`, `${rated.link}/erase`, { words: "이사했어요. 연락처를 지워 주세요." });
  const nameless = await report(resident, { text: "골목 보안등이 낮에도 켜져 있어요.", where: { place: "농성시장 뒤" }, service: "streetlight", who: { how: "anonymous" } });
  const lost = await report(resident, { text: "어디에 말해야 할지 모르겠어요. 이사 온 뒤로 궁금한 것이 많아요." });
  const administrator = await person({ screen: desktop });
  await signIn(administrator, ADMINISTRATOR);
  await post(administrator, "/staff/admin/agencies", "/staff/admin/agencies", { text: AGENCIES, do: "save" });
  const change = { role: "head", permission: "cases.purge", act: "take", from: "2099-01-01", reason: "개인정보 지침" };
  await post(administrator, "/staff/admin/roles", "/staff/admin/roles", change);
  const away = await made("시 경계 다리의 가로등이 모두 꺼졌어요.");
  const across = `${away.at}/transfer`;
  const asking = await read(officer, across);
  await post(officer, across, across, { agency: hidden(asking, "agency"), service: hidden(asking, "service"), words: "시 경계 다리의 가로등이 꺼졌습니다.", reason: "시가 관리하는 다리입니다.", do: "send" });
  const drafts = await draft(resident, "공원 입구 가로등이 나갔어요. 산책로가 깜깜해요.");
  const dong = (await read(resident, "/map")).match(/href="(\/dong\/\d+)"/)[1];
  const following = await subscriber(resident, "follower@resident.example");
  return { following, cookies: await resident.context().cookies(), fresh, asked, waiting, answered, refused, rated, nameless, lost, away, drafts, dong };
}

const R = "resident";

/** The page of one account. */
async function toAccount(page, login) {
  await visit(page, `/staff/admin/people?q=${login}`);
  await follow(page, page.locator("main tbody a").first());
}

/** The paper of everything held about the person of a case. */
export async function handOver(page, at) {
  await visit(page, `${at}/held`);
  await page.fill("#reason", "창구에서 주민등록증을 봄");
  await follow(page, page.locator("main form button.primary"));
}

/** The pages: who opens them, their name, and how one gets there. */
export function pages(made) {
  const at = (path, status = 200) => (page) => visit(page, path, { status });
  const { drafts } = made;
  return [
    [R, "home", at("/")],
    [R, "report", at("/report")],
    [R, "report-empty", async (page) => { await visit(page, "/report"); await sendAsItIs(page); }],
    [R, "report-kept", at(drafts)],
    [R, "where", at(`${drafts}/where`)],
    [R, "where-empty", async (page) => {
      const { path } = await post(page, "/report", "/report", { text: "가로등이 꺼졌어요." });
      await visit(page, path);
      await sendAsItIs(page);
    }],
    [R, "send", at(`${drafts}/send`)],
    [R, "send-empty", async (page) => { await visit(page, `${drafts}/send`); await sendAsItIs(page); }],
    [R, "receipt", async (page) => { await visit(page, made.fresh.receipt); await page.click(".why summary"); }],
    [R, "receipt-nameless", at(made.nameless.receipt)],
    [R, "my-case", at(made.fresh.link)],
    [R, "my-case-asked", at(made.asked.link)],
    [R, "my-case-answered", at(made.answered.link)],
    [R, "my-case-refused", at(made.refused.link)],
    [R, "my-case-rated", at(made.rated.link)],
    [R, "track", at("/track")],
    [R, "track-wrong", async (page) => { await visit(page, "/track"); await page.fill("#number", "2026-서구-1"); await page.fill("#contact", "x"); await sendAsItIs(page); }],
    [R, "track-code", async (page) => {
      await visit(page, "/track");
      await page.fill("#number", made.fresh.number);
      await page.fill("#contact", "010-0000-1234");
      await sendAsItIs(page);
    }],
    [R, "map", at("/map")],
    [R, "dong", at(made.dong)],
    [R, "public-cases", at("/cases")],
    [R, "public-cases-none", at("/cases?state=answered&from=2020-01-01&to=2020-01-02")],
    [R, "public-cases-wrong", at("/cases?dong=1111111111")],
    [R, "public-case", async (page) => {
      const list = await read(page, "/cases");
      await visit(page, list.match(/href="(\/cases\/[0-9-]+)"/)[1]);
    }],
    [R, "my-data", at(`${made.answered.link}/data`)],
    [R, "my-data-asked", at(`${made.rated.link}/data`)],
    [R, "audit", at("/audit")],
    [R, "public-case-hidden", at("/cases/2026-999999-9", 404)],
    [R, "figures", at("/figures")],
    [R, "figures-part", at("/figures?service=streetlight")],
    [R, "open-data", at("/open-data")],
    [R, "api", at("/api")],
    [R, "problems", at("/problems")],
    [R, "problem", at("/problems/field.contact")],
    [R, "follow", at(`/follow${made.dong.replace("/dong/", "?dong=")}&q=${encodeURIComponent("가로등")}`)],
    [R, "follow-place", at(`/follow?lat=${AT.lat}&long=${AT.long}&radius=1000`)],
    [R, "follow-empty", async (page) => { await visit(page, "/follow"); await sendAsItIs(page, page.locator("main form button.primary")); }],
    [R, "follow-sent", async (page) => {
      await visit(page, "/follow?what=all");
      await page.fill("#contact", "someone@resident.example");
      await sendAsItIs(page, page.locator("main form button.primary"));
    }],
    [R, "follow-code", async (page) => {
      await visit(page, "/follow?what=all");
      await page.fill("#contact", "010-0000-4321");
      await sendAsItIs(page, page.locator("main form button.primary"));
    }],
    [R, "follow-code-wrong", async (page) => {
      await visit(page, "/follow?what=all");
      await page.fill("#contact", "010-0000-4322");
      await sendAsItIs(page, page.locator("main form button.primary"));
      await page.fill("#code", "12");
      await sendAsItIs(page, page.locator("main form button.primary"));
    }],
    [R, "follow-confirm", at(made.following.confirm)],
    [R, "follow-mine", at(made.following.mine)],
    [R, "follow-stop", at(`${made.following.mine}/stop`)],
    [R, "follow-stopped", async (page) => {
      await visit(page, "/follow/nobodys/stop");
      await sendAsItIs(page, page.locator("main form button.primary"));
    }],
    [R, "follow-gone", at("/follow/nobodys", 404)],
    [R, "clock", at("/clock")],
    [R, "clock-tried", at("/clock?received=2026-06-02T16:30&period=7d")],
    [R, "accessibility", at("/accessibility")],
    [R, "privacy", at("/privacy")],
    [R, "not-found", at("/nowhere", 404)],
    [R, "form-refused", async (page) => {
      await visit(page, "/report");
      await page.fill("#text", "다른 곳에서 온 글이에요.");
      await page.evaluate(() => { document.querySelector("main input[name=csrf]").value = "1.0"; });
      await follow(page, onward(page));
    }],
    [R, "sign-in", at("/staff/sign-in")],
    [R, "sign-in-refused", async (page) => {
      await visit(page, "/staff/sign-in");
      await page.fill("#login", "nobody");
      await page.fill("#password", "wrong");
      await page.fill("#code", "000000");
      await sendAsItIs(page);
    }],
    [OFFICER, "queue-mine", at("/staff")],
    [OFFICER, "queue-unit", at("/staff/queue/unit")],
    [OFFICER, "queue-unassigned", async (page) => {
      await visit(page, "/staff/queue/unassigned");
      await page.keyboard.press("j");
      await page.keyboard.press("x");
    }],
    [OFFICER, "queue-today", at("/staff/queue/today")],
    [OFFICER, "queue-overdue", at("/staff/queue/overdue")],
    [OFFICER, "queue-approval", at("/staff/queue/approval")],
    [OFFICER, "queue-state", at("/staff/queue/state-working")],
    [COORDINATOR, "queue-coordinator", at("/staff/queue/unassigned")],
    [OFFICER, "case", at(made.fresh.at)],
    [OFFICER, "case-waiting", at(made.asked.at)],
    [HEAD, "case-approval", at(made.waiting.at)],
    [OFFICER, "case-answered", at(made.rated.at)],
    [OFFICER, "case-refused-act", async (page) => {
      await visit(page, made.asked.at);
      await sendAsItIs(page, page.locator('form[action$="/note"] button'));
    }],
    [OFFICER, "case-keys", async (page) => {
      await visit(page, made.asked.at);
      await page.keyboard.press("?");
      await page.locator("dialog#keys[open]").waitFor();
    }],
    [OFFICER, "transfer", at(`${made.asked.at}/transfer`)],
    [OFFICER, "transfer-empty", async (page) => { await visit(page, `${made.asked.at}/transfer`); await sendAsItIs(page, page.locator('button[value="preview"]')); }],
    [OFFICER, "transfer-preview", async (page) => {
      await visit(page, `${made.asked.at}/transfer`);
      await page.fill("#reason", "시가 관리하는 도로의 등입니다.");
      await sendAsItIs(page, page.locator('button[value="preview"]'));
    }],
    [OFFICER, "transfer-away", at(`${made.away.at}/transfer`)],
    [OFFICER, "transfers", at("/staff/transfers")],
    [COORDINATOR, "mail", at("/staff/mail")],
    [OFFICER, "mail-of-case", at(made.asked.at.replace("/staff/case/", "/staff/mail/of/"))],
    [OFFICER, "answer", at(`${made.asked.at}/answer`)],
    [OFFICER, "answer-template", async (page) => {
      await visit(page, `${made.asked.at}/answer?template=done-repaired`);
      await sendAsItIs(page, page.locator('button[value="preview"]'));
    }],
    [OFFICER, "answer-empty", async (page) => {
      await visit(page, `${made.asked.at}/answer`);
      await sendAsItIs(page, page.locator('button[value="submit"]'));
    }],
    [OFFICER, "place", at(`${made.asked.at}/place`)],
    [OFFICER, "counter", at("/staff/counter?channel=phone")],
    [OFFICER, "counter-empty", async (page) => { await visit(page, "/staff/counter"); await sendAsItIs(page); }],
    [OFFICER, "counter-done", async (page) => {
      await visit(page, "/staff/counter");
      await page.fill("#text", "전화: 시청 앞 가로등이 꺼졌다고 함");
      await page.fill("#place", "시청 앞");
      await page.fill("#name", "강전화");
      await page.fill("#phone", "010-0000-7777");
      await sendAsItIs(page);
    }],
    [OFFICER, "search", at("/staff/search")],
    [OFFICER, "search-found", at(`/staff/search?q=${encodeURIComponent("가로등")}`)],
    [OFFICER, "search-nothing", at(`/staff/search?q=${encodeURIComponent("없는낱말이에요")}`)],
    [OFFICER, "stats", at("/staff/stats")],
    [HEAD, "texts", at("/staff/texts")],
    [OFFICER, "texts-of-the-unit", at("/staff/texts")],
    [COORDINATOR, "texts-promise", at("/staff/texts/promise")],
    [COORDINATOR, "texts-promise-wrong", async (page) => { await visit(page, "/staff/texts/promise"); await page.fill("#hours", "0"); await sendAsItIs(page); }],
    [COORDINATOR, "talk", async (page) => {
      await visit(page, "/staff/texts");
      await follow(page, page.locator('#main table a[href*="/staff/texts/"]').first());
    }],
    [COORDINATOR, "talk-unasked", async (page) => {
      await visit(page, "/staff/texts");
      await follow(page, page.locator('#main table a[href*="/staff/texts/"]').first());
      await page.locator("#number ~ details summary").click();
      await sendAsItIs(page, page.locator('form[action$="/reveal"] button'));
    }],
    [OFFICER, "bulk-ask", async (page) => {
      await visit(page, "/staff/queue/unit");
      await page.keyboard.press("j");
      await page.keyboard.press("x");
      await follow(page, page.locator('button[value="reassign"]'));
    }],
    [HEAD, "bulk-left", async (page) => {
      // An answered case among the chosen: it cannot be taken, and says why.
      await visit(page, "/staff/queue/unit");
      const id = made.answered.at.split("/").at(-1);
      await page.evaluate((id) => { document.querySelector("[data-row] input[name=case]").value = id; }, id);
      await page.locator("[data-row] label.pick").first().click();
      await follow(page, page.locator('button[value="take"]'));
    }],
    [COORDINATOR, "publication", at("/staff/publication")],
    [COORDINATOR, "publication-look", async (page) => {
      await visit(page, "/staff/publication");
      await follow(page, page.locator("main tbody a").first());
    }],
    [COORDINATOR, "publication-refused", async (page) => {
      await visit(page, "/staff/publication");
      await follow(page, page.locator("main tbody a").first());
      await page.fill("#body", "연락은 010-0000-1234로 주세요.");
      await sendAsItIs(page, page.locator('button[value="publish"]'));
    }],
    [OFFICER, "groups", at("/staff/groups")],
    [DONG, "queue-dong", at("/staff/queue/dong")],
    [STRANGER, "emergency", at("/staff/open")],
    [STRANGER, "emergency-empty", async (page) => { await visit(page, "/staff/open"); await sendAsItIs(page, page.locator("main form button.danger")); }],
    [STRANGER, "case-emergency", async (page) => {
      await visit(page, "/staff/open");
      await page.fill("#number", made.fresh.number);
      await page.fill("#reason", "밤중에 같은 곳에서 넘어졌다는 전화를 받음. 담당 부서와 연락이 되지 않음.");
      await sendAsItIs(page, page.locator("main form button.danger"));
    }],
    [STRANGER, "case-unknown", at(made.answered.at, 404)],
    [ADMINISTRATOR, "emergencies", at("/staff/opened")],
    [ADMINISTRATOR, "people", at("/staff/admin/people")],
    [ADMINISTRATOR, "people-found", at(`/staff/admin/people?q=${encodeURIComponent("동장")}`)],
    [ADMINISTRATOR, "people-none", at("/staff/admin/people?q=nobody-at-all")],
    [ADMINISTRATOR, "account", async (page) => { await toAccount(page, NEWCOMER); }],
    [ADMINISTRATOR, "account-own", async (page) => { await toAccount(page, ADMINISTRATOR); }],
    [ADMINISTRATOR, "grant-empty", async (page) => { await toAccount(page, NEWCOMER); await sendAsItIs(page, page.locator("aside form button.primary")); }],
    [ADMINISTRATOR, "grant-confirm", async (page) => {
      await toAccount(page, NEWCOMER);
      await page.selectOption("#role", "viewer");
      await page.locator('label[for="scope-office"]').click();
      await page.fill("#reason", "감사 지원, 인사발령 2026-7호");
      await sendAsItIs(page, page.locator("aside form button.primary"));
    }],
    [ADMINISTRATOR, "grant-end", async (page) => {
      await toAccount(page, NEWCOMER);
      await follow(page, page.locator('main a[href*="/grants/"]').first());
    }],
    [OFFICER, "password", at("/staff/password")],
    [OFFICER, "passkeys", at("/staff/passkeys")],
    [ADMINISTRATOR, "roles", at("/staff/admin/roles")],
    [ADMINISTRATOR, "roles-empty", async (page) => { await visit(page, "/staff/admin/roles"); await sendAsItIs(page, page.locator("aside form button.primary")); }],
    [ADMINISTRATOR, "role-end", async (page) => {
      await visit(page, "/staff/admin/roles");
      await follow(page, page.locator('main a[href*="/admin/roles/"]').first());
    }],
    [OFFICER, "forbidden", at("/staff/admin", 404)],
    [ADMINISTRATOR, "admin", at("/staff/admin")],
    [ADMINISTRATOR, "admin-empty", async (page) => { await visit(page, "/staff/admin"); await sendAsItIs(page, page.locator('form[action$="/holiday"] button')); }],
    [ADMINISTRATOR, "privacy-review", at("/staff/privacy")],
    [ADMINISTRATOR, "privacy-review-empty", async (page) => { await visit(page, "/staff/privacy"); await sendAsItIs(page, page.locator("form:has(#note) button")); }],
    [ADMINISTRATOR, "retention", at("/staff/privacy/retention")],
    [ADMINISTRATOR, "retention-wrong", async (page) => { await visit(page, "/staff/privacy/retention"); await page.fill("#months", "many"); await sendAsItIs(page, page.locator("form:has(#months) button")); }],
    [HEAD, "held", at(`${made.waiting.at}/held`)],
    [HEAD, "held-unasked", async (page) => { await visit(page, `${made.waiting.at}/held`); await sendAsItIs(page); }],
    [HEAD, "held-given", (page) => handOver(page, made.rated.at)],
    [HEAD, "erasures", at("/staff/erasures")],
    [HEAD, "erasures-empty", async (page) => { await visit(page, "/staff/erasures"); await sendAsItIs(page, page.locator('button[name="refuse"]').first()); }],
    [ADMINISTRATOR, "agencies", at("/staff/admin/agencies")],
    [ADMINISTRATOR, "agencies-wrong", async (page) => { await visit(page, "/staff/admin/agencies"); await page.fill("#text", "[[agency]]"); await sendAsItIs(page, page.locator('button[value="try"]')); }],
    [ADMINISTRATOR, "api-clients", at("/staff/admin/clients")],
    [ADMINISTRATOR, "api-client-revoke", async (page) => {
      await post(page, "/staff/admin/clients", "/staff/admin/clients", { name: `이웃 시 연계 ${Date.now()}`, "scope-read": "1", per_minute: "60" }, { status: 201 });
      await visit(page, "/staff/admin/clients");
      await follow(page, page.locator('a[href$="/revoke"]').first());
    }],
    [ADMINISTRATOR, "import", at("/staff/admin/import")],
    [ADMINISTRATOR, "import-empty", async (page) => { await visit(page, "/staff/admin/import"); await sendAsItIs(page, page.locator('form[enctype] button')); }],
    [ADMINISTRATOR, "import-tried", async (page) => {
      await visit(page, "/staff/admin/import");
      await page.setInputFiles("#file", { name: "이전-시스템.csv", mimeType: "text/csv", buffer: Buffer.from(OLD_CASES) });
      await follow(page, page.locator('form[enctype] button'));
      await page.waitForSelector('form[action$="/start"]');
    }],
    [ADMINISTRATOR, "api-clients-empty", async (page) => { await visit(page, "/staff/admin/clients"); await sendAsItIs(page, page.locator('form[action$="/clients"] button')); }],
  ].map(([who, name, go]) => ({ who, name, go }));
}

/** One browser profile for each who opens pages, in a language and a contrast. */
export async function visitors(person, made, { screen, lang, contrast = "normal" }) {
  const open = new Map();
  return async (who) => {
    if (open.has(who)) return open.get(who);
    const page = await person({ screen, lang });
    if (who === R) await page.context().addCookies(made.cookies.filter(({ name }) => name === "maeul_v"));
    else await signIn(page, who);
    const url = page.maeul.origin;
    const cookies = [{ name: "maeul_lang", value: lang, url }];
    if (contrast === "high") cookies.push({ name: "maeul_contrast", value: "high", url });
    await page.context().addCookies(cookies);
    open.set(who, page);
    return page;
  };
}
