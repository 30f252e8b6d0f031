// Pages of residents arrive light and stay where they are.
import { desktop, journey, phone, share } from "../lib/journey.mjs";
import { isLight, staysStill } from "../lib/pages.mjs";

// The bytes are the same on every database.
for (const screen of share([phone, desktop])) {
  journey(`first visits at ${screen.width} px are light and still`, async (person) => {
    const page = await person({ screen });
    for (const path of ["/", "/report", "/track", "/clock", "/cases", "/figures", "/follow", "/staff/sign-in"]) {
      await isLight(page, path);
      await staysStill(page, path, 0.1);
    }
    // A page with a map may weigh what a map weighs.
    await staysStill(page, "/map", 0.1);
  });
}
