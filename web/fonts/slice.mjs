// Cuts the two weights of Pretendard GOV that come with the design system into slices by how often a
// letter is used, so that a browser fetches only the slices a page needs. A syllable that no slice has
// (8,392 rare ones) is drawn by the reader's own Korean font.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { convert } from "fontverter";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const WEIGHTS = [["Regular", 400], ["Bold", 700]];
const SYLLABLES = Array.from({ length: 0xd7a4 - 0xac00 }, (_, i) => String.fromCodePoint(0xac00 + i));
const ASCII = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCodePoint(0x20 + i));
const MARKS = [..."·…–—‘’“”→←↑↓×℃㎡「」『』〈〉《》①②③④⑤⑥⑦⑧⑨⑩○●□■△▲▽▼◇◆★☆※✓§±°"];
/** Slice lengths along the frequency order; the rest goes into slices of the last length. */
const LENGTHS = [160, 100, 100, 120, 160, 220];

function unicodeRange(letters) {
  const codes = letters.map((l) => l.codePointAt(0)).sort((a, b) => a - b);
  const runs = [];
  for (const code of codes) {
    const last = runs.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else runs.push([code, code]);
  }
  const hex = (n) => n.toString(16);
  return runs.map(([a, b]) => (a === b ? `U+${hex(a)}` : `U+${hex(a)}-${hex(b)}`)).join(",");
}

/** The slices, each a list of letters: Latin and marks first, then syllables from frequent to rare. */
function slices(has) {
  const common = [...new Set([...readFileSync(join(here, "common.txt"), "utf8")].filter((l) => l >= "가" && l <= "힣"))];
  const seen = new Set(common);
  const covers = (letter) => has.has(letter.codePointAt(0));
  const order = [...common, ...SYLLABLES.filter((l) => !seen.has(l))].filter(covers);
  const list = [[...ASCII, ...MARKS].filter(covers)];
  let at = 0;
  for (let i = 0; at < order.length; i += 1) {
    const length = LENGTHS[Math.min(i, LENGTHS.length - 1)];
    list.push(order.slice(at, at + length));
    at += length;
  }
  return list;
}

/** Emits the slices and returns their @font-face rules. */
export async function fonts(emit) {
  const rules = [];
  for (const [file, weight] of WEIGHTS) {
    const path = join(here, `../node_modules/krds-uiux/resources/fonts/PretendardGOV-${file}.subset.woff2`);
    const font = await convert(readFileSync(path), "truetype");
    const has = covered(font);
    let n = 0;
    for (const letters of slices(has)) {
      const cut = await subsetFont(font, letters.join(""), {
        targetFormat: "woff2",
        keepFeatures: ["kern", "ccmp", "mark", "mkmk"],
        noLayoutClosure: true,
      });
      const url = emit(`gov-${weight}-${String(n).padStart(2, "0")}.woff2`, Buffer.from(cut));
      n += 1;
      rules.push(`@font-face{font-family:"Pretendard GOV";font-weight:${weight};font-style:normal;font-display:swap;
src:url(${url}) format("woff2");unicode-range:${unicodeRange(letters)}}`);
    }
  }
  return rules.join("\n");
}

/** The code points a TrueType file has, read from its character map (format 12 or 4). */
function covered(font) {
  const u16 = (at) => font.readUInt16BE(at);
  const u32 = (at) => font.readUInt32BE(at);
  let cmap = 0;
  for (let i = 0; i < u16(4); i += 1) {
    const record = 12 + 16 * i;
    if (font.toString("latin1", record, record + 4) === "cmap") cmap = u32(record + 8);
  }
  const has = new Set();
  for (let i = 0; i < u16(cmap + 2); i += 1) {
    const table = cmap + u32(cmap + 4 + 8 * i + 4);
    if (u16(table) === 12) {
      for (let g = 0; g < u32(table + 12); g += 1) {
        const group = table + 16 + 12 * g;
        for (let c = u32(group); c <= u32(group + 4); c += 1) has.add(c);
      }
    } else if (u16(table) === 4) {
      const count = u16(table + 6) / 2;
      for (let s = 0; s < count; s += 1) {
        const end = u16(table + 14 + 2 * s);
        const start = u16(table + 16 + 2 * count + 2 * s);
        for (let c = start; c <= end && c !== 0xffff; c += 1) has.add(c);
      }
    }
  }
  return has;
}
