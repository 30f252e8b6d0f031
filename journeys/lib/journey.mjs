// A journey: one test with a browser, a person's screen, and a guard over what the pages do.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { artefacts } from "./places.mjs";

/** The two screens every page is looked at on. */
export const phone = { width: 390, height: 844, phone: true };
export const desktop = { width: 1440, height: 900, phone: false };

/** Where the server under test listens. */
export const base = () => {
  if (!process.env.MAEUL_URL) throw new Error("MAEUL_URL is not set; start journeys by run.mjs");
  return process.env.MAEUL_URL;
};
/** `sqlite` or `postgres`. */
export const engine = () => process.env.MAEUL_ENGINE ?? "unknown";

/**
 * What is the same on every database is asked once: by a run on SQLite alone all of it; of two side by
 * side (`--share`) the one on PostgreSQL, which begins later, asks the last `later` of it.
 */
export function share(all, { later = 0 } = {}) {
  if (process.env.MAEUL_SHARE !== "1") return engine() === "postgres" ? [] : all;
  const others = all.length - later;
  return engine() === "postgres" ? all.slice(others) : all.slice(0, others);
}

let launched;
/** One browser for all journeys of a run. */
export function browser() {
  launched ??= chromium.launch({
    executablePath: process.env.MAEUL_CHROMIUM ?? "/usr/bin/chromium",
    // The sandbox cannot start as root or in most containers; the pages are our own.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
      "--font-render-hinting=none",
      // Every page brings its scripts anew: they run too short for a faster compilation to pay.
      "--js-flags=--no-opt --no-maglev",
    ],
  });
  return launched;
}
after(async () => {
  if (launched) await (await launched).close();
});

/**
 * Declares a journey. `walk` gets a person-maker: `person({ screen, lang, js, storage, agent })` opens
 * a fresh browser profile and returns its page. After the walk the guard fails the journey if any
 * page threw, broke its content policy, asked another host or got a server error.
 */
export function journey(name, walk, { timeout = 60_000, at = base } = {}) {
  test(name, { timeout }, async (t) => {
    const opened = [];
    const seen = [];
    const person = async (options) => {
      const page = await open(at(), seen, options);
      opened.push(page);
      return page;
    };
    try {
      await walk(person, t);
    } catch (problem) {
      await keepEvidence(name, opened);
      if (seen.length > 0) problem.message += `\nThe pages also did this:\n${seen.join("\n")}`;
      throw problem;
    } finally {
      await Promise.all(opened.map((page) => page.context().close()));
    }
    if (seen.length > 0) throw new Error(`The pages did what they must not:\n${seen.join("\n")}`);
  });
}

async function open(origin, seen, { screen = phone, lang = "ko", js = true, storage, allow = [] } = {}) {
  const context = await (await browser()).newContext({
    baseURL: origin,
    viewport: { width: screen.width, height: screen.height },
    isMobile: screen.phone,
    hasTouch: screen.phone,
    javaScriptEnabled: js,
    locale: lang === "ko" ? "ko-KR" : "en-US",
    timezoneId: "Asia/Seoul",
    reducedMotion: "reduce",
    storageState: storage,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.maeul = { lang, screen, js, origin };
  const note = (words) => {
    if (!allow.some((pattern) => pattern.test(words))) seen.push(`  ${words}`);
  };
  page.on("pageerror", (error) => note(`script error on ${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    // A refusal's own status (404, 422) is reported by the browser as an error too; server errors
    // are caught below.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      note(`console error on ${page.url()}: ${message.text()}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 500) note(`${response.status()} from ${response.url()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && new URL(url).origin !== origin) note(`asked another host: ${url}`);
  });
  return page;
}

/** What the person saw when it went wrong. */
async function keepEvidence(name, pages) {
  const folder = join(artefacts, "failed");
  await mkdir(folder, { recursive: true });
  for (const [number, page] of pages.entries()) {
    const file = `${engine()}-${name.replace(/[^\p{L}\p{N}]+/gu, "-")}-${number + 1}.png`;
    await page.screenshot({ path: join(folder, file), fullPage: true, timeout: 5_000 }).catch(() => {});
  }
}
