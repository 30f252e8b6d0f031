// Small helpers of all islands.

/** The text a template gave in `data-say-…`, with {name} places filled. */
export function say(element: HTMLElement, key: string, values: Record<string, string | number> = {}): string {
  const text = element.dataset[`say${key}`] ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function byId<T extends HTMLElement = HTMLElement>(id: string | undefined): T | null {
  return id ? (document.getElementById(id) as T | null) : null;
}

/** A button with a text; inline markup is never parsed. */
export function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** Puts the reader's place at the summary of what has to be mended, if the page has one. */
export function focusSummary(): void {
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}
