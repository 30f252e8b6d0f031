// Signing in with the organisation's account, at a real OpenID Connect provider, and signing out there too.
import assert from "node:assert/strict";
import { desktop, journey } from "../lib/journey.mjs";
import { axe, looksWhole, shot } from "../lib/pages.mjs";
import { withProvider } from "../lib/provider.mjs";
import { account } from "../lib/staff.mjs";
import { totp } from "../lib/totp.mjs";

/** On the provider's own pages: who one is, and that it may be told. */
async function vouch(page, login) {
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", "whatever it takes");
  await page.click("button[type=submit]");
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Leaves Maeul and then the provider, which knows whom by its own word, and comes back. */
async function signOutThereToo(page, issuer, url) {
  await page.getByRole("button", { name: "나가기", exact: true }).click();
  const out = page.getByRole("link", { name: "기관 계정에서도 로그아웃하기" });
  const to = new URL(await out.getAttribute("href"));
  assert.equal(to.origin + to.pathname, `${issuer}/session/end`);
  assert.equal(to.searchParams.get("client_id"), "maeul");
  assert.equal(to.searchParams.get("id_token_hint").split(".").length, 3);
  await axe(page);
  await looksWhole(page);
  await shot(page, "signed-out");
  await out.click();
  // Its own page asks once more.
  await page.getByRole("button", { name: /sign me out/i }).click();
  await page.getByText("마을과 기관 계정에서 로그아웃했습니다").waitFor();
  assert.ok(page.url().startsWith(url) && page.url().endsWith("/staff/sign-in"), page.url());
}

journey("an officer signs in with the organisation's account and our code, and is told when unknown", async (person) => {
  if (!process.env.MAEUL_BINARY) return;
  await withProvider(async ({ url, issuer, common }) => {
    // Its own pages are another's, with a policy of their own.
    const letters = "https://fonts.googleapis.com/";
    const allow = [new RegExp(`^asked another host: (${issuer}/|${common}/|${url}/|${letters})`), /^console error on http:\/\/127/];
    const visitor = async () => {
      const page = await person({ screen: desktop, allow });
      // It asks for letters from elsewhere; nothing of a test leaves this machine.
      await page.route(`${letters}**`, (asked) => asked.abort());
      return page;
    };
    const page = await visitor();
    await page.goto(`${url}/staff/sign-in?back=/staff/password`);
    await page.getByRole("link", { name: "서구 계정으로 로그인" }).click();
    // An account no other journey signs in with: a code serves once.
    const who = await account("sangmu-2-dong");
    await vouch(page, who.login);
    await page.getByText("기관 계정은 확인했습니다").waitFor();
    await page.fill("input[name=code]", totp(who.totp_secret));
    await page.getByRole("button", { name: "로그인" }).click();
    await page.waitForURL(`${url}/staff/password`);

    await signOutThereToo(page, issuer, url);

    // The other of the two, from the same page.
    for (const lang of ["en", "ko"]) {
      await page.goto(`${url}/staff/sign-in?back=/staff/password&lang=${lang}`);
      assert.equal(await page.getAttribute("html", "lang"), lang);
      await axe(page);
      await looksWhole(page);
      page.maeul.lang = lang;
      await shot(page, "sign-in-providers");
    }
    await page.getByRole("link", { name: "공통 계정으로 로그인" }).click();
    const other = await account("nongseong-2-dong");
    await vouch(page, other.login);
    await page.getByText("기관 계정은 확인했습니다").waitFor();
    await page.fill("input[name=code]", totp(other.totp_secret));
    await page.getByRole("button", { name: "로그인" }).click();
    await page.waitForURL(`${url}/staff/password`);
    await signOutThereToo(page, common, url);

    const stranger = await visitor();
    await stranger.goto(`${url}/staff/sign-in`);
    await stranger.getByRole("link", { name: "서구 계정으로 로그인" }).click();
    await vouch(stranger, "nobody-here");
    await stranger.getByText("전산 담당자에게 계정을 부탁해 주십시오").waitFor();
  });
}, { timeout: 90_000 });
