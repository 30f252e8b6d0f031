// What the demonstration would have sent by SMS and e-mail: one JSON object a line.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const EVERY_MS = 100;

async function all() {
  const text = await readFile(join(process.env.MAEUL_DIR ?? "", "messages.jsonl"), "utf8").catch(() => "");
  // The last line may be half written.
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** Waits for a message to `to` (digits only for telephones) whose words match; messages leave by a job. */
export async function message(to, pattern, { within = 15_000 } = {}) {
  const end = Date.now() + within;
  for (;;) {
    const theirs = (await all()).filter((one) => one.to.replace(/[-\s]/g, "") === to.replace(/[-\s]/g, ""));
    const found = theirs.find((one) => pattern.test(`${one.subject}\n${one.body}`));
    if (found) return found;
    if (Date.now() > end) {
      assert.fail(`no message to ${to} matches ${pattern}; they got ${JSON.stringify(theirs.map((one) => one.body))}`);
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
}
