// Every test file of a run in one process, one after the other: they share its browser, whose start
// costs as much as a short journey.
//
//   node --test-reporter=spec one-process.mjs FILE…
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

for (const file of process.argv.slice(2)) await import(pathToFileURL(resolve(file)).href);
