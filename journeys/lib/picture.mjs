// Pictures made on the spot: no photo is kept in the repository.
import { crc32, deflateSync } from "node:zlib";

/** A small PNG, as an upload; another `shade` is another picture. */
export function png(name = "사진.png", shade = 40, { width = 320, height = 240 } = {}) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      // A lamp post at dusk, more or less.
      const pole = Math.abs(x - width / 2) < 6 && y > height / 4;
      rows[at] = pole ? 30 : (shade + y) % 256;
      rows[at + 1] = pole ? 30 : (shade * 2 + y / 2) % 256;
      rows[at + 2] = pole ? 34 : 150;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (kind, body) => {
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length, 0);
    out.write(kind, 4, "latin1");
    body.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
    return out;
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const buffer = Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
  return { name, mimeType: "image/png", buffer };
}

/** A JPEG, as a telephone's camera makes them: what the page shows. */
export async function jpeg(page, name = "IMG_0001.jpg") {
  return { name, mimeType: "image/jpeg", buffer: await page.screenshot({ type: "jpeg", quality: 60 }) };
}
