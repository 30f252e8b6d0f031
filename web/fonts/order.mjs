// Rewrites common.txt: the Korean syllables our own pages and data use, most frequent first.
// Run by hand (npm run fonts) when the texts have grown; the order only decides which slice a letter is in.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const top = join(here, "../..");
const counts = new Map();

function read(path) {
  for (const name of readdirSync(path)) {
    const at = join(path, name);
    const stat = statSync(at);
    if (stat.isDirectory()) {
      if (!/^(target|node_modules|dist|\.git)$/.test(name)) read(at);
    } else if (/\.(html|rs|csv|toml|txt|json)$/.test(name) && stat.size < 4_000_000 && name !== "common.txt") {
      // A letter counts once a line and at most forty times a file, or one long table would decide alone.
      const here = new Map();
      for (const line of readFileSync(at, "utf8").split("\n")) {
        for (const letter of new Set(line)) {
          if (letter >= "가" && letter <= "힣") here.set(letter, Math.min(40, (here.get(letter) ?? 0) + 1));
        }
      }
      for (const [letter, n] of here) counts.set(letter, (counts.get(letter) ?? 0) + n);
    }
  }
}

for (const part of ["crates", "data", "docs"]) {
  try {
    read(join(top, part));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
const order = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([letter]) => letter);
const lines = [];
for (let at = 0; at < order.length; at += 50) lines.push(order.slice(at, at + 50).join(""));
writeFileSync(join(here, "common.txt"), `${lines.join("\n")}\n`);
console.log(`${order.length} syllables`);
