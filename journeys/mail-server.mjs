// A local mail server for tests: keeps each message it is given as one JSON file.
//
//   node mail-server.mjs --folder DIR [--port N]
//
// Prints `listening on smtp://127.0.0.1:PORT`, then runs until its standard input closes. Mail to
// `refused@…` is refused for good (550), mail to `later@…` is put off the first time (451).
// A file holds { from, to: [...], raw }; it appears under its name only when it is complete.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SMTPServer } from "smtp-server";

const { values: given } = parseArgs({
  options: { folder: { type: "string" }, port: { type: "string", default: "0" } },
});
if (!given.folder) {
  console.error("say where messages go: node mail-server.mjs --folder DIR");
  process.exit(2);
}
await mkdir(given.folder, { recursive: true });

let count = 0;
const putOff = new Set();
const refusal = (code, words) => Object.assign(new Error(words), { responseCode: code });

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  disableReverseLookup: true,
  onRcptTo({ address }, _session, done) {
    if (address.startsWith("refused@")) return done(refusal(550, "No such mailbox"));
    if (address.startsWith("later@") && !putOff.has(address)) {
      putOff.add(address);
      return done(refusal(451, "Try again later"));
    }
    return done();
  },
  onData(stream, { envelope }, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => keep(envelope, Buffer.concat(parts)).then(() => done(), done));
  },
});

async function keep(envelope, raw) {
  count += 1;
  const name = join(given.folder, `${String(count).padStart(4, "0")}.json`);
  const message = {
    from: envelope.mailFrom ? envelope.mailFrom.address : "",
    to: envelope.rcptTo.map(({ address }) => address),
    raw: raw.toString("utf8"),
  };
  await writeFile(`${name}.part`, JSON.stringify(message, null, 2));
  await rename(`${name}.part`, name);
}

server.on("error", (error) => console.error(error.message));
server.listen(Number(given.port), "127.0.0.1", () => {
  console.log(`listening on smtp://127.0.0.1:${server.server.address().port}`);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
