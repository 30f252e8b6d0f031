// The program under test, started as the README's first command starts it.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

/** The demonstration fills two years of reports into a database: seconds, never a minute. */
const READY_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 10_000;

/** Starts `maeul demo` on a free port and waits for the line that names its address. */
export async function startDemo({ binary, dir, database, log, command = binary, before = [] }) {
  await mkdir(dirname(log), { recursive: true });
  const said = createWriteStream(log);
  const words = [...before, "demo", "--dir", dir, "--listen", "127.0.0.1:0", "--fresh"];
  if (database) words.push("--database", database);
  const server = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] });
  // Whatever ends this program ends the server too.
  const end = () => server.kill("SIGKILL");
  process.once("exit", end);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  server.stderr.pipe(said, { end: false });

  const lastWords = async () => (await readFile(log, "utf8")).split("\n").slice(-40).join("\n");
  const url = await new Promise((found, failed) => {
    const late = setTimeout(
      () => failed(new Error(`no "listening on" line within ${READY_WITHIN_MS / 1000} s; see ${log}`)),
      READY_WITHIN_MS,
    );
    server.on("error", failed);
    server.on("exit", async (code, signal) => {
      clearTimeout(late);
      await new Promise((done) => said.write("", done));
      failed(new Error(`the server ended (${signal ?? code}) before it listened:\n${await lastWords()}`));
    });
    createInterface({ input: server.stdout }).on("line", (line) => {
      said.write(line + "\n");
      const address = line.match(/listening on (http:\/\/\S+)/);
      if (address) {
        clearTimeout(late);
        found(address[1].replace(/\/$/, ""));
      }
    });
  });

  const alive = () => server.exitCode === null && server.signalCode === null;
  const stop = async () => {
    process.off("exit", end);
    if (!alive()) return;
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    const late = setTimeout(end, STOPPED_WITHIN_MS);
    await ended;
    clearTimeout(late);
    said.end();
  };
  return { url, alive, stop, lastWords };
}
