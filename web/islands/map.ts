// Fetches the map when the reader comes near one: what draws it weighs more than most pages.
import type { start } from "./map-view";

/** Where build.mjs put map-view.ts. */
declare const MAP_VIEW: string;

const near = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const box = waiting.get(target);
      if (box) void draw(box);
    }
  },
  { rootMargin: "400px" },
);
const waiting = new Map<Element, HTMLElement>();

async function draw(box: HTMLElement): Promise<void> {
  const view = (await import(MAP_VIEW)) as { start: typeof start };
  await view.start(box);
}

for (const box of document.querySelectorAll<HTMLElement>("[data-map]")) {
  const plain = box.parentElement?.querySelector<HTMLElement>(":scope > .map-plain");
  if (!plain) box.hidden = false;
  waiting.set(plain ?? box, box);
  near.observe(plain ?? box);
}
