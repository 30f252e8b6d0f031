// Builds everything a browser is sent: node build.mjs OUT_DIR
//
// Each file gets a name with the hash of its content, a brotli copy where that helps, and a line in
// OUT_DIR/manifest.json, from which crates/maeul-web/build.rs makes the table in the binary.
// Why the pieces are made this way: docs/adr/0003-look-and-assets.md.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";
import { bundle } from "lightningcss";
import { krds } from "./krds.mjs";
import { fonts } from "./fonts/slice.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));
const TYPES = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};
const URL_ROOT = "/assets/";
const manifest = [];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

/** Writes one asset and returns its address. */
function emit(name, content) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  const dot = name.lastIndexOf(".");
  const kind = name.slice(dot + 1);
  const type = TYPES[kind];
  if (!type) throw new Error(`no media type known for ${name}`);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const file = `${name.slice(0, dot)}.${hash}.${kind}`;
  writeFileSync(join(out, file), bytes);
  // A font is compressed inside already.
  let brotli = false;
  if (kind !== "woff2") {
    const small = brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    brotli = small.length < bytes.length;
    if (brotli) writeFileSync(join(out, `${file}.br`), small);
  }
  manifest.push({ name, file, type, brotli });
  return URL_ROOT + file;
}

/** Minifies CSS for the browsers of the last years. */
function minify(entry) {
  return bundle({
    filename: entry,
    minify: true,
    errorRecovery: false,
    // Chrome 109 is the last for Windows 7, which many offices and elderly residents still have.
    targets: { chrome: 109 << 16, firefox: 115 << 16, safari: (15 << 16) | (4 << 8), samsung: 20 << 16 },
  }).code;
}

for (const file of readdirSync(join(here, "icons")).sort()) {
  emit(file, readFileSync(join(here, "icons", file)));
}

const scratch = join(out, "scratch");
mkdirSync(scratch);
const generated = [await fonts(emit), krds(here, emit)].join("\n");
writeFileSync(join(scratch, "generated.css"), generated);
for (const sheet of ["site", "staff"]) {
  const entry = join(scratch, `${sheet}.css`);
  const parts = readFileSync(join(here, "styles", `${sheet}.css`), "utf8")
    .replaceAll('"generated.css"', JSON.stringify(join(scratch, "generated.css")))
    .replaceAll(/@import "\.\/([a-z-]+\.css)"/g, (_, f) => `@import ${JSON.stringify(join(here, "styles", f))}`);
  writeFileSync(entry, parts);
  emit(`${sheet}.css`, Buffer.from(minify(entry)));
}

/** Bundles islands, and returns the address of the last. */
async function islands(names, more = {}) {
  const scripts = await esbuild.build({
    entryPoints: names.map((name) => join(here, "islands", `${name}.ts`)),
    bundle: true,
    format: "esm",
    minify: true,
    legalComments: "none",
    target: ["chrome109", "firefox115", "safari15.4"],
    write: false,
    outdir: scratch,
    ...more,
  });
  const addresses = scripts.outputFiles.map((file) =>
    emit(file.path.slice(file.path.lastIndexOf("/") + 1), Buffer.from(file.contents)),
  );
  return addresses.at(-1);
}
const mapView = await islands(["map-view"]);
await islands(["map", "passkey", "report", "staff"], {
  define: { MAP_VIEW: JSON.stringify(mapView) },
  external: [`${URL_ROOT}*`],
});
emit("htmx.js", readFileSync(join(here, "node_modules/htmx.org/dist/htmx.min.js")));

rmSync(scratch, { recursive: true });
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
