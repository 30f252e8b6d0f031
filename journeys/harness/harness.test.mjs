// The harness finds what it promises to find, and is quiet about sound pages.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startDemo } from "../lib/demo.mjs";
import { desktop, journey, phone } from "../lib/journey.mjs";
import { enterOn, tabThrough, tabTo, typeInto } from "../lib/keyboard.mjs";
import { axe, isLight, looksWhole, print, shot, staysStill, text, visit, weight, zoom200 } from "../lib/pages.mjs";
import { here } from "../lib/places.mjs";
import { totp, untilNextTotp } from "../lib/totp.mjs";
import { site } from "./site.mjs";

let trial;
const at = () => trial.url;
before(async () => (trial = await site()));
after(() => trial.close());

describe("pages", () => {
  journey("a sound page passes every judgement", async (person) => {
    for (const screen of [phone, desktop]) {
      const page = await person({ screen });
      await visit(page, "/");
      assert.deepEqual(await axe(page), []);
      await looksWhole(page);
      await tabThrough(page);
      const { total, withoutFonts } = await isLight(page, "/");
      assert.ok(total > 300 && total < 4_000, `weighs ${total}`);
      assert.equal(total, withoutFonts);
      assert.equal(await staysStill(page, "/"), 0);
      await zoom200(page, "/");
    }
  }, { at });

  journey("both languages and a status can be asked for", async (person) => {
    const page = await person({ lang: "en" });
    await visit(page, "/");
    assert.match(await text(page), /How can we help/);
    await visit(page, "/nowhere", { status: 404 });
    await assert.rejects(visit(page, "/nowhere"), /answers 404/);
    await visit(page, "/", { lang: "ko" });
  }, { at });

  journey("a long page prints on several sheets", async (person) => {
    const page = await person({ screen: desktop });
    await visit(page, "/long");
    const { bytes, sheets } = await print(page, "harness-long");
    assert.ok(sheets > 3, `${sheets} sheets`);
    assert.equal(bytes.subarray(0, 4).toString(), "%PDF");
    await assert.rejects(print(page, "harness-long", { sheets: 1 }), /at most 1/);
    assert.equal(page.viewportSize().width, desktop.width);
  }, { at });

  journey("a screenshot is kept by width, name and language", async (person) => {
    const page = await person({ screen: phone });
    await visit(page, "/");
    const path = await shot(page, "harness");
    assert.match(path, /artefacts\/390\/harness-ko\.png$/);
    assert.equal((await readFile(path)).subarray(1, 4).toString(), "PNG");
  }, { at });

  journey("without JavaScript the page still speaks", async (person) => {
    const page = await person({ js: false });
    await visit(page, "/noscript");
    assert.match(await text(page), /스크립트 없이도/);
    await looksWhole(page);
    await shot(page, "harness-noscript");
    await assert.rejects(axe(page), /where JavaScript is on/);
  }, { at });

  journey("a form is sent by keyboard alone", async (person) => {
    const page = await person({ screen: desktop });
    await visit(page, "/");
    await typeInto(page, page.locator("[name=name]"), "김마을");
    await tabTo(page, page.locator("[value=a]"));
    await page.keyboard.press("Space");
    await enterOn(page, page.locator("button"));
    const sent = new URL(page.url());
    assert.deepEqual([sent.pathname, sent.searchParams.get("name"), sent.searchParams.get("kind")], ["/sent", "김마을", "a"]);
  }, { at });

  journey("unsound pages are found out", async (person) => {
    const page = await person();
    await visit(page, "/no-label");
    await assert.rejects(axe(page), /label/);
    await visit(page, "/hidden-question");
    await assert.rejects(looksWhole(page), /<legend> has no visible box: 분야/);
    await visit(page, "/wide");
    await assert.rejects(looksWhole(page), /px wider than its screen/);
    await assert.rejects(zoom200(page, "/wide"), /px wider than its screen/);
    await visit(page, "/no-ring");
    await assert.rejects(tabThrough(page), /cannot be seen/);
    await visit(page, "/mouse-only");
    await assert.rejects(tabThrough(page), /never came to the end/);
    await assert.rejects(staysStill(page, "/jumps"), /layout shift/);
    const { requests, script } = await weight(page, "/jumps");
    assert.ok(requests >= 3 && script > 0);
  }, { at });
});

describe("the guard", () => {
  for (const [path, words] of [
    ["/throws", /broken on purpose/],
    ["/fault", /500 from/],
    ["/elsewhere", /asked another host/],
  ]) {
    journey(`${path} is allowed only where it is expected`, async (person) => {
      const page = await person({ allow: [words, /console error/] });
      await visit(page, path, { status: path === "/fault" ? 500 : 200 });
    }, { at });
  }

  test("what was not expected fails the journey", async () => {
    const url = trial.url;
    const dir = await mkdtemp(join(tmpdir(), "maeul-harness-"));
    const file = join(dir, "guarded.mjs");
    await writeFile(file, `
      import { journey } from ${JSON.stringify(join(here, "lib/journey.mjs"))};
      journey("throws", async (person) => { await (await person()).goto("/throws"); });`);
    const { code, out } = await ended(spawn(process.execPath, ["--test", "--test-reporter=spec", file],
      { env: { ...cleanEnv(), MAEUL_URL: url } }));
    await rm(dir, { recursive: true });
    assert.equal(code, 1, out);
    assert.match(out, /did what they must not[\s\S]*broken on purpose/);
  });
});

describe("one-time codes", () => {
  test("are those of RFC 6238", () => {
    const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for (const [second, code] of [[59, "287082"], [1111111109, "081804"], [1111111111, "050471"], [1234567890, "005924"], [2000000000, "279037"]]) {
      assert.equal(totp(secret, second * 1000), code);
    }
    assert.equal(untilNextTotp(59_000), 1_250);
    assert.throws(() => totp("1!"), /base32/);
  });
});

describe("the program under test", () => {
  const standIn = (dir, database) => startDemo({
    command: process.execPath,
    before: [join(here, "harness/demo-stand-in.mjs")],
    dir,
    database,
    log: join(dir, "server.log"),
  });

  test("is started, found and stopped", async () => {
    const dir = await mkdtemp(join(tmpdir(), "maeul-harness-"));
    const demo = await standIn(dir);
    assert.equal((await fetch(demo.url)).status, 200);
    assert.ok(demo.alive());
    await demo.stop();
    assert.ok(!demo.alive());
    process.env.MAEUL_DIR = dir;
    const { account } = await import("../lib/staff.mjs");
    assert.equal((await account("officer")).login, "kim");
    await assert.rejects(account("mayor"), /there are kim \(officer\)/);
    await rm(dir, { recursive: true });
  });

  test("says why it did not start", async () => {
    const dir = await mkdtemp(join(tmpdir(), "maeul-harness-"));
    await assert.rejects(standIn(dir, "broken"), /ended \(3\)[\s\S]*cannot open the database/);
    await rm(dir, { recursive: true });
  });
});

describe("the mail server", () => {
  test("keeps what it takes and refuses what it should", async () => {
    const folder = await mkdtemp(join(tmpdir(), "maeul-mail-"));
    const server = spawn(process.execPath, [join(here, "mail-server.mjs"), "--folder", folder], { stdio: ["pipe", "pipe", "inherit"] });
    const line = await new Promise((said) => server.stdout.once("data", (data) => said(String(data))));
    const port = Number(line.match(/^listening on smtp:\/\/127\.0\.0\.1:(\d+)\n$/)[1]);
    const said = await talk(port, [
      "EHLO here", "MAIL FROM:<office@example.kr>", "RCPT TO:<refused@example.kr>", "RCPT TO:<later@example.kr>",
      "RCPT TO:<later@example.kr>", "DATA", "Subject: =?utf-8?b?7JWI64K0?=\r\n\r\n접수했어요.\r\n.", "QUIT",
    ]);
    assert.deepEqual(said.map((answer) => answer.slice(0, 3)), ["250", "250", "550", "451", "250", "354", "250", "221"]);
    const [name, ...more] = await readdir(folder);
    assert.deepEqual([name, more], ["0001.json", []]);
    const message = JSON.parse(await readFile(join(folder, name), "utf8"));
    assert.equal(message.from, "office@example.kr");
    assert.deepEqual(message.to, ["later@example.kr"]);
    assert.match(message.raw, /접수했어요/);
    const end = new Promise((done) => server.once("exit", done));
    server.stdin.end();
    assert.equal(await end, 0, "ends with its standard input");
    await rm(folder, { recursive: true });
  });
});

/** Says each line to a mail server and returns the last line of each answer. */
async function talk(port, lines) {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  const answers = [];
  let wake;
  socket.on("data", (data) => { heard += data; wake?.(); });
  const answer = async () => {
    for (;;) {
      const found = heard.match(/^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n/);
      if (found) {
        heard = heard.slice(found[0].length);
        return found[1];
      }
      await new Promise((done) => (wake = done));
    }
  };
  await answer();
  for (const line of lines) {
    socket.write(line + "\r\n");
    answers.push(await answer());
  }
  socket.end();
  return answers;
}

async function ended(child) {
  let out = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (out += data));
  const code = await new Promise((done) => child.once("close", done));
  return { code, out };
}

/** A test runner started inside a test must not think it is part of it. */
function cleanEnv() {
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  return env;
}
