// A passkey from beginning to end, with the virtual authenticator of Chromium.
import assert from "node:assert/strict";
import { base, desktop, journey } from "../lib/journey.mjs";
import { account, signInAnew } from "../lib/staff.mjs";

/** Passkeys need a name: this machine's is localhost, whatever number it listens on. */
const named = () => base().replace("127.0.0.1", "localhost");

journey("an officer adds a passkey, signs in with it, and removes it", async (person) => {
  const page = await person({ screen: desktop });
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable");
  const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });

  await page.goto("/staff/sign-in");
  const button = page.getByRole("button", { name: "패스키로 로그인" });
  await button.waitFor();
  await signInAnew(page, await account("market2"));
  await page.goto("/staff/passkeys");
  await page.fill("#label", "시험 노트북");
  await page.getByRole("button", { name: "이 기기에 패스키 만들기" }).click();
  await page.getByText("패스키를 더했습니다").waitFor();
  assert.match(await page.innerText("main ul"), /시험 노트북/);
  const { credentials } = await device.send("WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, "localhost");

  await page.getByRole("button", { name: "나가기" }).click();
  await page.goto("/staff/sign-in?back=/staff/passkeys");
  await button.click();
  await page.waitForURL("**/staff/passkeys");
  assert.doesNotMatch(await page.innerText("main ul"), /아직 없음/, "its use is told");

  await page.getByRole("link", { name: /지우기/ }).click();
  await page.getByRole("button", { name: "지우기" }).click();
  await page.getByText("아직 패스키가 없습니다").waitFor();
  await page.getByRole("button", { name: "나가기" }).click();
  await page.goto("/staff/sign-in");
  await button.click();
  await page.getByText("이 패스키로는 로그인할 수 없습니다").waitFor();
}, { at: named });

journey("without JavaScript there is no button for passkeys, and the page says so", async (person) => {
  const page = await person({ screen: desktop, js: false });
  await page.goto("/staff/sign-in");
  assert.equal(await page.getByRole("button", { name: "패스키로 로그인" }).count(), 0);
  await signInAnew(page, await account("market1"));
  await page.goto("/staff/passkeys");
  assert.match(await page.innerText("main"), /자바스크립트를 켜고/);
});
