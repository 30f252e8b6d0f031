// The office's own identity provider: a real one, and a second server that sends people to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The office of the demonstration. */
const OFFICE = 29140;
const SECRET = "what only the two of them know";

/** A port nobody listens on now. */
async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Starts a provider that lets in whoever types a name, for the client at that address; `way` is its name there. */
async function startProvider(client, way) {
  // Its advice for real use is none for a test.
  const { warn } = console;
  console.warn = console.info = () => {};
  const { default: Provider } = await import("oidc-provider");
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "maeul",
      client_secret: SECRET,
      redirect_uris: [`${client}/o/${OFFICE}/staff/sign-in/${way}/return`],
      post_logout_redirect_uris: [`${client}/o/${OFFICE}/staff/sign-in`],
    }],
    claims: { openid: ["sub"], profile: ["preferred_username"] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
  });
  const server = provider.listen(port, "127.0.0.1");
  await once(server, "listening");
  console.warn = warn;
  return { issuer, stop: () => server.closeAllConnections() ?? server.close() };
}

/** A second server on the demonstration's own database, whose office has that provider. */
export async function withProvider(walk) {
  const [dir, binary] = [process.env.MAEUL_DIR, process.env.MAEUL_BINARY];
  const url = `http://127.0.0.1:${await freePort()}`;
  const provider = await startProvider(url, "provider");
  const common = await startProvider(url, "with/common");
  const demo = await readFile(join(dir, "maeul.toml"), "utf8");
  const kept = demo.split("\n").filter((line) => /^(database|data_dir|default_office|demo)\b/.test(line));
  const [file, secret] = [join(dir, "with-provider.toml"), join(dir, "common.secret")];
  // The variable of the environment is for the one without a name.
  await writeFile(secret, `${SECRET}\n`, { mode: 0o600 });
  await writeFile(file, [
    ...kept, `listen = "${new URL(url).host}"`, `base_url = "${url}"`,
    "[[staff.oidc]]", `office = ${OFFICE}`, `issuer = "${provider.issuer}"`, 'client_id = "maeul"',
    'reach = "anywhere"', 'label_ko = "서구 계정으로 로그인"', 'label_en = "Sign in with your Seo-gu account"',
    "[[staff.oidc]]", `office = ${OFFICE}`, 'name = "common"', `issuer = "${common.issuer}"`, 'client_id = "maeul"',
    `client_secret_file = "${secret}"`, 'reach = "anywhere"', 'label_ko = "공통 계정으로 로그인"',
    'label_en = "Sign in with your common account"', "",
  ].join("\n"));
  const server = spawn(binary, ["serve", "--config", file], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, MAEUL_OIDC_SECRET: SECRET },
  });
  const end = () => server.kill("SIGKILL");
  process.once("exit", end);
  try {
    await new Promise((ready, failed) => {
      server.once("exit", (code) => failed(new Error(`the second server ended (${code})`)));
      createInterface({ input: server.stdout }).on("line", (line) => line.startsWith("listening on") && ready());
    });
    await walk({ url, issuer: provider.issuer, common: common.issuer });
  } finally {
    process.off("exit", end);
    server.removeAllListeners("exit");
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    await ended;
    provider.stop();
    common.stop();
  }
}
