// What is done to a page: going there, looking at it, judging it.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { browser } from "./journey.mjs";
import { artefacts } from "./places.mjs";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Goes to a path in the page's language and expects its status. */
export async function visit(page, path, { lang = page.maeul.lang, status = 200 } = {}) {
  const url = new URL(path, page.maeul.origin);
  // Korean is what a page speaks when nobody asked.
  if (lang !== "ko") url.searchParams.set("lang", lang);
  const response = await page.goto(url.href, { waitUntil: "load" });
  assert.equal(response.status(), status, `${url.pathname} answers ${response.status()}`);
  assert.equal(await page.getAttribute("html", "lang"), lang, `${url.pathname} speaks ${lang}`);
  return response;
}

/**
 * Runs axe over the page; anything serious or critical fails. Returns the lesser findings.
 * `only` names the rules to run, `except` those to leave out.
 */
export async function axe(page, { except = [], only } = {}) {
  assert.ok(page.maeul.js, "axe is itself a script: run it where JavaScript is on");
  // A profile whose page was judged once has more to come: the browser then gives axe to each document by
  // itself, which costs a third of sending it.
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(axeSource);
    await page.context().addInitScript(axeSource);
  }
  const violations = await page.evaluate(async ({ except, only }) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // Nothing is fetched anew: of the rules asked for, only one on sound that plays by itself would need it.
    const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
    const found = await window.axe.run(document, { runOnly: only ? { type: "rule", values: only } : tags, rules, resultTypes: ["violations"], preload: false });
    return found.violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.map((node) => `${node.html.slice(0, 160)} — ${node.failureSummary.replace(/\s+/g, " ").slice(0, 240)}`),
    }));
  }, { except, only });
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.equal(
    grave.length,
    0,
    `axe on ${page.url()}:\n` +
      grave.map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n    ${nodes.join("\n    ")}`).join("\n"),
  );
  return violations.map(({ id, impact, nodes }) => ({ id, impact, count: nodes.length }));
}

/**
 * What axe does not notice: questions, captions and choices that the style sheet has hidden, text
 * cut off, and a page wider than its screen.
 */
export async function looksWhole(page) {
  const problems = await page.evaluate(() => {
    const found = [];
    const words = (element) => (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 60);
    // A closed <details> and an element hidden on purpose have no box and need none.
    const meant = (element) =>
      element.closest("[hidden], .sr-only, .visually-hidden, template, dialog:not([open]), details:not([open]) > :not(summary)") === null &&
      element.checkVisibility({ visibilityProperty: true });
    const big = (box, least) => box.width >= least && box.height >= least;
    for (const element of document.querySelectorAll("legend, caption, label, h1, h2, th")) {
      if (words(element) === "" || !meant(element)) continue;
      if (!big(element.getBoundingClientRect(), 4)) found.push(`<${element.localName}> has no visible box: ${words(element)}`);
    }
    for (const choice of document.querySelectorAll("input[type=checkbox], input[type=radio]")) {
      const shown = [choice, ...(choice.labels ?? [])].some((element) => big(element.getBoundingClientRect(), 12));
      if (meant(choice) && !shown) found.push(`choice without a visible box: ${choice.name}=${choice.value}`);
    }
    for (const element of document.querySelectorAll("button, a, td, th, h1, h2, h3, label, legend, dt, dd, p, li")) {
      const style = getComputedStyle(element);
      if (!meant(element) || style.overflowX === "visible" || words(element) === "") continue;
      if (element.scrollWidth > element.clientWidth + 1 && style.overflowX === "hidden") {
        found.push(`text cut off in <${element.localName}>: ${words(element)}`);
      }
    }
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 1) found.push(`the page is ${wide} px wider than its screen`);
    return found;
  });
  assert.deepEqual(problems, [], `${page.url()} at ${page.viewportSize().width} px`);
}

/** A screenshot of the whole page: artefacts/{390,1440}/name-lang.png. */
export async function shot(page, name) {
  const folder = join(artefacts, String(page.maeul.screen.width));
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}-${page.maeul.lang}.png`);
  // Text in its own font, pictures there: otherwise two runs differ.
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
  return path;
}

/** At 200 % zoom (half the CSS pixels, twice the dots) nothing is cut off and nothing scrolls sideways. */
export async function zoom200(page, path) {
  const { width, height } = page.maeul.screen;
  const context = await (await browser()).newContext({
    baseURL: page.maeul.origin,
    // WCAG reflow asks for no less than 320 CSS pixels.
    viewport: { width: Math.max(320, Math.round(width / 2)), height: Math.round(height / 2) },
    deviceScaleFactor: 2,
    locale: page.maeul.lang === "ko" ? "ko-KR" : "en-US",
    timezoneId: "Asia/Seoul",
    storageState: await page.context().storageState(),
  });
  try {
    const zoomed = await context.newPage();
    zoomed.maeul = page.maeul;
    await visit(zoomed, path);
    await looksWhole(zoomed);
  } finally {
    await context.close();
  }
}

/**
 * A first visit, by somebody with nothing kept: what it costs on the wire and what moves meanwhile.
 * Done once for each path, since weight and stillness are asked of the same visit.
 */
async function firstVisit(page, path) {
  page.maeul.visits ??= new Map();
  if (!page.maeul.visits.has(path)) page.maeul.visits.set(path, await arrive(page, path));
  return page.maeul.visits.get(path);
}

async function arrive(page, path) {
  const context = await (await browser()).newContext({
    viewport: { width: page.maeul.screen.width, height: page.maeul.screen.height },
    locale: page.maeul.lang === "ko" ? "ko-KR" : "en-US",
    timezoneId: "Asia/Seoul",
    storageState: await page.context().storageState(),
  });
  try {
    const fresh = await context.newPage();
    const wire = await context.newCDPSession(fresh);
    await wire.send("Network.enable");
    const kinds = new Map();
    const bytes = { total: 0, withoutFonts: 0, document: 0, stylesheet: 0, script: 0, font: 0, image: 0, other: 0, requests: 0 };
    wire.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type.toLowerCase()));
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const kind = kinds.get(requestId) ?? "other";
      bytes[kind in bytes ? kind : "other"] += encodedDataLength;
      bytes.total += encodedDataLength;
      if (kind !== "font") bytes.withoutFonts += encodedDataLength;
      bytes.requests += 1;
    });
    const url = new URL(path, page.maeul.origin);
    if (page.maeul.lang !== "ko") url.searchParams.set("lang", page.maeul.lang);
    await fresh.goto(url.href, { waitUntil: "networkidle" });
    const shift = await fresh.evaluate(async () => {
      await document.fonts.ready;
      return await new Promise((done) => {
        let sum = 0;
        const add = (entries) => entries.forEach((entry) => { if (!entry.hadRecentInput) sum += entry.value; });
        const observer = new PerformanceObserver((list) => add(list.getEntries()));
        observer.observe({ type: "layout-shift", buffered: true });
        setTimeout(() => { add(observer.takeRecords()); observer.disconnect(); done(sum); }, 200);
      });
    });
    return { bytes, shift };
  } finally {
    await context.close();
  }
}

/**
 * The bytes a first visit costs, as they travel (compressed, headers included), by kind:
 * `{ total, withoutFonts, document, stylesheet, script, font, image, other, requests }`.
 */
export async function weight(page, path) {
  return (await firstVisit(page, path)).bytes;
}

/** The promise of a page without a map: at most 100 KB without fonts and 350 KB with them. */
export async function isLight(page, path) {
  const sum = await weight(page, path);
  const words = `${path}: ${JSON.stringify(sum)}`;
  assert.ok(sum.withoutFonts <= 100 * 1024, `heavier than 100 KB without fonts: ${words}`);
  assert.ok(sum.total <= 350 * 1024, `heavier than 350 KB: ${words}`);
  return sum;
}

/** Nothing may move under a reader's finger: the layout shift of a first visit stays under `most`. */
export async function staysStill(page, path, most = 0.02) {
  const { shift } = await firstVisit(page, path);
  assert.ok(shift <= most, `${path} moves while it loads: layout shift ${shift.toFixed(3)} > ${most}`);
  return shift;
}

/** Prints the page to A4 and keeps the file; returns its bytes and the number of its sheets. */
export async function print(page, name, { sheets } = {}) {
  const folder = join(artefacts, "print");
  await mkdir(folder, { recursive: true });
  const bytes = await page.pdf({ format: "A4", printBackground: false, preferCSSPageSize: true });
  await writeFile(join(folder, `${name}-${page.maeul.lang}.pdf`), bytes);
  const count = (bytes.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
  assert.ok(count >= 1, "the print has a sheet");
  if (sheets !== undefined) assert.ok(count <= sheets, `${name} prints on ${count} sheets, at most ${sheets} were meant`);
  // As the paper sees it: A4 at 96 dots an inch less the margins.
  const before = page.viewportSize();
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 718, height: 1047 });
  try {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 1, `${name} is ${wide} px wider than the paper`);
  } finally {
    await page.emulateMedia({ media: null });
    await page.setViewportSize(before);
  }
  return { bytes, sheets: count };
}

/** The page's whole text as a reader hears it, spaces folded. */
export async function text(page, selector = "body") {
  return (await page.innerText(selector)).replace(/\s+/g, " ").trim();
}
