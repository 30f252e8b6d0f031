// Starts the built program on a fresh demonstration and runs the journeys against it.
//
//   node run.mjs --binary ../target/debug/maeul [--database postgres://…] [--only NAME]
//   node run.mjs --url http://127.0.0.1:PORT [--dir DEMO_DIR] [--only NAME]   against a running one
//   node run.mjs --binary … --share    one of two side by side: only its part of what is the same on both
//   node run.mjs --harness                                    only the tests of this harness
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startDemo } from "./lib/demo.mjs";
import { artefacts, here } from "./lib/places.mjs";

const { values: given } = parseArgs({
  options: {
    binary: { type: "string" },
    database: { type: "string" },
    url: { type: "string" },
    dir: { type: "string" },
    only: { type: "string" },
    share: { type: "boolean", default: false },
    harness: { type: "boolean", default: false },
  },
});

/** Made when asked for by name: nothing is judged by them but by the eye. */
const PICTURES = "screens.test.mjs";

process.exitCode = await main();

async function main() {
  if (given.harness) return await tests("harness", {});
  if (given.url) {
    return await tests("tests", { MAEUL_URL: given.url, MAEUL_DIR: given.dir ?? "", MAEUL_ENGINE: "running" });
  }
  if (!given.binary) {
    console.error("say which program to start: node run.mjs --binary ../target/debug/maeul");
    return 2;
  }
  const engine = given.database ? "postgres" : "sqlite";
  const dir = await mkdtemp(join(tmpdir(), "maeul-journeys-"));
  const began = Date.now();
  const demo = await startDemo({
    binary: given.binary,
    dir,
    database: given.database,
    log: join(artefacts, `server-${engine}.log`),
  });
  console.log(`   maeul demo on ${engine} is ready after ${((Date.now() - began) / 1000).toFixed(1)} s at ${demo.url}`);
  try {
    const code = await tests("tests", { MAEUL_URL: demo.url, MAEUL_DIR: dir, MAEUL_ENGINE: engine, MAEUL_BINARY: resolve(given.binary), MAEUL_SHARE: given.share ? "1" : "" });
    if (!demo.alive()) {
      console.error(`   the server ended during the journeys:\n${await demo.lastWords()}`);
      return 1;
    }
    return code;
  } finally {
    await demo.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Runs the test files of a folder one after the other: they share one server, its clock and a browser. */
async function tests(folder, env) {
  const files = (await readdir(join(here, folder)))
    .filter((name) => name.endsWith(".test.mjs"))
    .filter((name) => (given.only ? name.includes(given.only) : name !== PICTURES))
    .sort()
    .map((name) => join(folder, name));
  if (files.length === 0) {
    console.error(`no test file in journeys/${folder}${given.only ? ` is named ${given.only}` : ""}`);
    return 1;
  }
  const node = spawn(
    process.execPath,
    ["--test-reporter=spec", "one-process.mjs", ...files],
    { cwd: here, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } },
  );
  return await new Promise((done) => node.on("exit", (code) => done(code ?? 1)));
}
