// Passkeys: the browser asks the device, the form carries the answer. Without this script the form stays
// hidden, and people sign in with password and code.
import { say } from "./page";

interface Offered {
  challenge: string;
  rp: { id: string; name: string };
  user?: { id: string; name: string; displayName: string };
  there?: string[];
}

const ES256 = -7;
const EDDSA = -8;
const RS256 = -257;

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer | null): string {
  const letters = [...new Uint8Array(buffer ?? new ArrayBuffer(0))].map((byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What the server hands out, or the words with which it refuses. */
async function offered(form: HTMLFormElement): Promise<Offered> {
  const csrf = form.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
  const answer = await fetch(form.dataset.challenge ?? "", {
    method: "POST",
    body: new URLSearchParams({ csrf }),
    headers: { accept: "application/json" },
  });
  const said = (await answer.json().catch(() => ({}))) as Offered & { detail?: string };
  if (!answer.ok) throw new Error(said.detail ?? say(form, "Failed"));
  return said;
}

async function make(it: Offered): Promise<Record<string, string>> {
  const user = it.user ?? { id: "", name: "", displayName: "" };
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: bytes(it.challenge),
      rp: it.rp,
      user: { ...user, id: bytes(user.id) },
      pubKeyCredParams: [ES256, EDDSA, RS256].map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: (it.there ?? []).map((id) => ({ type: "public-key", id: bytes(id) })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return { client_data: text(response.clientDataJSON), attestation: text(response.attestationObject) };
}

async function use(it: Offered): Promise<Record<string, string>> {
  const found = (await navigator.credentials.get({
    publicKey: { challenge: bytes(it.challenge), rpId: it.rp.id, userVerification: "required" },
  })) as PublicKeyCredential;
  const response = found.response as AuthenticatorAssertionResponse;
  return {
    credential: text(found.rawId),
    client_data: text(response.clientDataJSON),
    authenticator: text(response.authenticatorData),
    signature: text(response.signature),
    user_handle: text(response.userHandle),
  };
}

async function answer(form: HTMLFormElement): Promise<void> {
  const said = form.querySelector<HTMLElement>("[data-said]");
  if (said) said.textContent = "";
  try {
    const it = await offered(form);
    const fields = await (form.dataset.passkey === "make" ? make(it) : use(it));
    for (const [name, value] of Object.entries(fields)) {
      const input = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (input) input.value = value;
    }
    form.submit();
  } catch (problem) {
    if (!said) return;
    const name = problem instanceof DOMException ? problem.name : "";
    if (name === "InvalidStateError") said.textContent = say(form, "There");
    else if (name) said.textContent = say(form, "Cancelled");
    else said.textContent = problem instanceof Error && problem.message ? problem.message : say(form, "Failed");
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  const party = form.dataset.party ?? "";
  const here = location.hostname === party || location.hostname.endsWith(`.${party}`);
  if (!party || !here || !("PublicKeyCredential" in window)) continue;
  form.hidden = false;
  for (const without of document.querySelectorAll<HTMLElement>("[data-without-passkey]")) without.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void answer(form);
  });
}
