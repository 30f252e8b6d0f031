// Signs in at a demonstration and prints the cookie: node sign-in.mjs http://HOST:PORT FOLDER LOGIN-OR-ROLE
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { totp } from "../../journeys/lib/totp.mjs";

const [base, folder, wanted] = process.argv.slice(2);
const all = JSON.parse(readFileSync(join(folder, "demo-accounts.json"), "utf8"));
const who = all.find(({ login }) => login === wanted) ?? all.find(({ role }) => role === wanted);
const jar = new Map();

async function ask(path, form) {
  const answer = await fetch(new URL(path, base), {
    method: form ? "POST" : "GET",
    redirect: "manual",
    headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
    body: form && new URLSearchParams(form),
  });
  for (const cookie of answer.headers.getSetCookie()) {
    const [name, ...value] = cookie.split(";")[0].split("=");
    jar.set(name, value.join("="));
  }
  return answer;
}

let page = await (await ask("/staff/sign-in")).text();
const hidden = (html) =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
const form = { ...hidden(page), login: who.login, password: who.password, code: totp(who.totp_secret) };
const answer = await ask("/staff/sign-in", form);
if (answer.status !== 303) throw new Error(`${who.login} could not sign in: ${answer.status}`);
console.log([...jar].map(([name, value]) => `${name}=${value}`).join("; "));
