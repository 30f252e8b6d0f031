// Forms read and posted without a screen, for what has to be done before a journey begins.
import assert from "node:assert/strict";

const VISIT = { maxRedirects: 5 };

const origin = (page) => page.maeul.origin;

/** The page at a path, as text. */
export async function read(page, path, { status = 200 } = {}) {
  const response = await page.context().request.get(new URL(path, origin(page)).href, VISIT);
  assert.equal(response.status(), status, `${path} answers ${response.status()}`);
  return await response.text();
}

/** The value of a hidden field of a page. */
export function hidden(html, name) {
  return html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
}

/**
 * Posts to `action` what the form on `from` would, with its hidden token and version; values may be
 * lists. Returns where it led and what stands there.
 */
export async function post(page, from, action, fields, { status = 200 } = {}) {
  const form = await read(page, from);
  const body = new URLSearchParams();
  const put = (name, value) => [value].flat().forEach((one) => body.append(name, one));
  put("csrf", hidden(form, "csrf") ?? "");
  const version = hidden(form, "version");
  if (version !== undefined) put("version", version);
  for (const [name, value] of Object.entries(fields)) put(name, value);
  const response = await page.context().request.post(new URL(action, origin(page)).href, {
    ...VISIT,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    data: body.toString(),
  });
  const html = await response.text();
  assert.equal(response.status(), status, `${action} answers ${response.status()}:\n${words(html)}`);
  return { path: new URL(response.url()).pathname, html };
}

/** What a page says, without its markup. */
export function words(html) {
  return html.replace(/^[\s\S]*<main/, "<main").replace(/<\/main>[\s\S]*$/, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ").trim();
}

/** The receipt number on a page. */
export function numberOn(text) {
  const found = text.match(/20\d\d-[^\s<>"-]+-\d{6}-\d/);
  assert.ok(found, `no receipt number: ${text.slice(0, 400)}`);
  return found[0];
}

/**
 * A report as a resident sends it, quickly. `where` holds lat and long, or dong, or place;
 * `who` holds name, phone, email, how.
 */
export async function report(page, { text, where = { place: "구청 앞" }, service = "", who, base = "" }) {
  const { path: second } = await post(page, `${base}/report`, `${base}/report`, { text });
  assert.match(second, /\/where$/);
  const { path: third } = await post(page, second, second, { ...where, service });
  assert.match(third, /\/send$/);
  const contact = who ?? { how: "sms", name: "홍길동", phone: "010-0000-1234" };
  const { path, html } = await post(page, third, third, contact);
  assert.match(path, /\/receipt$/);
  return { link: path.replace(/\/receipt$/, ""), number: numberOn(html), receipt: path };
}

/** The desk's address of a case, found by its number. */
export async function caseOf(page, number) {
  const html = await read(page, `/staff/search?q=${encodeURIComponent(number)}`);
  const found = html.match(/href="([^"]*\/staff\/case\/[^"/]+)"/);
  assert.ok(found, `the desk does not find ${number}: ${words(html)}`);
  return found[1];
}

/** Something an officer does on a case page, quickly. */
export async function act(page, at, verb, fields = {}, from = at) {
  return await post(page, from, `${at}/${verb}`, fields);
}

/** What an answer needs. */
export const ANSWER = {
  outcome: "done",
  result: "현장을 확인하고 등을 새것으로 바꾸었습니다. 어제 저녁에 켜진 것을 확인했습니다.",
  reason: "",
  remedy: "",
  review_on: "",
  template: "",
};

/** The officer hands in an answer and the head approves it, quickly. */
export async function answer(officer, head, at, given = {}) {
  await act(officer, at, "answer", { ...ANSWER, ...given, do: "submit" }, `${at}/answer`);
  await act(head, at, "approve");
}
