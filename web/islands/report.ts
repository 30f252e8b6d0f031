// The report form: photo previews with early refusals, and services suggested while one types.
// Everything is sent and checked again by the server; without this script the form is the same.
import { byId, focusSummary, say } from "./page";

function photos(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>('input[type="file"]');
  const list = box.querySelector<HTMLUListElement>("[data-photos-list]");
  const error = box.querySelector<HTMLElement>("[data-photos-error]");
  const status = box.querySelector<HTMLElement>("[data-photos-status]");
  if (!input || !list || !error || !status) return;
  const max = Number(box.dataset.max ?? "5");
  const maxMb = Number(box.dataset.maxMb ?? "12");
  let chosen: File[] = [];

  const put = (): void => {
    const all = new DataTransfer();
    for (const file of chosen) all.items.add(file);
    input.files = all.files;
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(
      ...chosen.map((file) => {
        const image = document.createElement("img");
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.textContent = "×";
        remove.setAttribute("aria-label", say(box, "Remove", { name: file.name }));
        remove.addEventListener("click", () => {
          chosen = chosen.filter((other) => other !== file);
          put();
          input.focus();
        });
        const item = document.createElement("li");
        item.append(image, remove);
        return item;
      }),
    );
    list.hidden = chosen.length === 0;
    status.textContent = say(box, "Count", { n: chosen.length });
  };

  input.addEventListener("change", () => {
    const complaints: string[] = [];
    for (const file of input.files ?? []) {
      const known = chosen.some((other) => other.name === file.name && other.size === file.size);
      if (known) continue;
      if (file.size > maxMb * 1024 * 1024) {
        complaints.push(say(box, "Big", { name: file.name, n: maxMb }));
      } else if (chosen.length >= max) {
        complaints.push(say(box, "Many", { n: max }));
        break;
      } else {
        chosen.push(file);
      }
    }
    error.textContent = complaints.join(" ");
    error.hidden = complaints.length === 0;
    put();
  });
}

/** Asks the server for services that fit the words, a moment after the last key. */
function suggest(text: HTMLTextAreaElement | HTMLInputElement): void {
  const into = byId(text.dataset.suggestInto);
  const address = text.dataset.suggest;
  if (!into || !address) return;
  let timer = 0;
  let running: AbortController | undefined;
  let last = "";
  const ask = async (): Promise<void> => {
    const words = text.value.trim().slice(0, 300);
    if (words === last) return;
    last = words;
    running?.abort();
    if (words.length < 2) {
      into.replaceChildren();
      return;
    }
    running = new AbortController();
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(words)}`, {
        headers: { accept: "text/html" },
        signal: running.signal,
      });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // A choice already made stays made, unless it is no longer offered.
      const kept = into.querySelector<HTMLInputElement>("input:checked");
      into.replaceChildren(...page.body.childNodes);
      if (kept) {
        const again = into.querySelector<HTMLInputElement>(
          `input[name="${CSS.escape(kept.name)}"][value="${CSS.escape(kept.value)}"]`,
        );
        if (again) again.checked = true;
      }
    } catch {
      // Suggestions are a help, not a need: offline or aborted, the form is still complete.
    }
  };
  text.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 400);
  });
}

/** A second press of the button while the first is on its way sends nothing twice. */
function once(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}

for (const box of document.querySelectorAll<HTMLElement>("[data-photos]")) photos(box);
for (const text of document.querySelectorAll<HTMLTextAreaElement>("[data-suggest]")) suggest(text);
for (const form of document.querySelectorAll<HTMLFormElement>('form[method="post"]')) once(form);
focusSummary();
