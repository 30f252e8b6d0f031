// The demonstration's staff: who they are and how they sign in.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { base } from "./journey.mjs";
import { totp, untilNextTotp } from "./totp.mjs";

const folder = () => process.env.MAEUL_DIR ?? "";

/** The accounts `maeul demo` made: [{ login, name, role, unit, password, totp_secret }]. */
export async function accounts() {
  return JSON.parse(await readFile(join(folder(), "demo-accounts.json"), "utf8"));
}

/** The first account of a role, or the one with this login. */
export async function account(wanted) {
  const all = await accounts();
  const found = all.find(({ login }) => login === wanted) ?? all.find(({ role }) => role === wanted);
  assert.ok(found, `no demonstration account ${wanted}; there are ${all.map(({ login, role }) => `${login} (${role})`).join(", ")}`);
  return found;
}

/**
 * Signs a page in as an account (login or role) and leaves it where signing in leads.
 * A session is kept in the demonstration's folder and used again, since one-time codes serve once.
 */
export async function signIn(page, wanted) {
  const who = await account(wanted);
  const kept = join(folder(), `session-${who.login}.json`);
  const cookies = await readFile(kept, "utf8").then(JSON.parse, () => null);
  if (cookies) {
    await page.context().addCookies(cookies);
    await page.goto(new URL("/staff", base()).href);
    if (!new URL(page.url()).pathname.includes("sign-in")) return who;
  }
  await signInAnew(page, who);
  await writeFile(kept, JSON.stringify(await page.context().cookies()));
  return who;
}

/** Signs in by the form, whatever session may be kept. */
export async function signInAnew(page, who, { attempts = 2 } = {}) {
  await page.goto(new URL("/staff/sign-in", page.maeul?.origin ?? base()).href);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    await page.fill("input[name=login]", who.login);
    await page.fill("input[name=password]", who.password);
    // The code may stand on the same form or on the next one.
    if ((await page.locator("input[name=code]").count()) === 0) {
      await submit(page, "input[name=password]");
    }
    await page.fill("input[name=code]", totp(who.totp_secret));
    await submit(page, "input[name=code]");
    if (!new URL(page.url()).pathname.includes("sign-in")) return;
    if (attempt === attempts) break;
    // A code that was used a moment ago is refused; the next one is not.
    await new Promise((done) => setTimeout(done, untilNextTotp()));
    await page.goto(new URL("/staff/sign-in", page.maeul?.origin ?? base()).href);
  }
  assert.fail(`${who.login} could not sign in: ${await page.innerText("main")}`);
}

async function submit(page, field) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.press(field, "Enter")]);
}
