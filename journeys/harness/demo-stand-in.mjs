// Stands in for the program in the harness's own tests: `node demo-stand-in.mjs demo --dir D …`.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { site } from "./site.mjs";

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: "string" },
    listen: { type: "string" },
    database: { type: "string" },
    fresh: { type: "boolean" },
  },
});
if (positionals[0] !== "demo" || given.database === "broken") {
  console.error("cannot open the database");
  process.exit(3);
}
await mkdir(given.dir, { recursive: true });
const account = { login: "kim", name: "김주무", role: "officer", unit: "도로과", password: "x", totp_secret: "GEZDGNBVGY3TQOJQ" };
await writeFile(join(given.dir, "demo-accounts.json"), JSON.stringify([account]));
const { url, close } = await site();
console.log(`listening on ${url}`);
process.on("SIGTERM", () => close().then(() => process.exit(0)));
