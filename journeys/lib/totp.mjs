// One-time codes as an authenticator shows them (RFC 6238: SHA-1, six digits, thirty seconds).
import { createHmac } from "node:crypto";

const STEP_SECONDS = 30;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code of a secret at a moment. */
export function totp(secret, milliseconds = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(milliseconds / 1000 / STEP_SECONDS)));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = digest[digest.length - 1] & 0x0f;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, "0");
}

/** Milliseconds until the next code holds, and a little more. */
export function untilNextTotp(milliseconds = Date.now()) {
  const step = STEP_SECONDS * 1000;
  return step - (milliseconds % step) + 250;
}

function fromBase32(secret) {
  let bits = "";
  for (const letter of secret.replace(/[\s=-]/g, "").toUpperCase()) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new Error(`not a base32 secret: ${letter}`);
    bits += value.toString(2).padStart(5, "0");
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
