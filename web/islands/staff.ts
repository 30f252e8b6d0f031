// The officers' keyboard: rows by j and k, one letter for each common act, dialogs, bulk selection.
import { byId, focusSummary, say } from "./page";

const TYPING = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]";

function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>("[data-row]")];
}

function current(): HTMLTableRowElement | undefined {
  return rows().find((row) => row.dataset.at !== undefined);
}

function stand(row: HTMLTableRowElement | undefined): void {
  if (!row) return;
  for (const other of rows()) delete other.dataset.at;
  row.dataset.at = "";
  row.querySelector<HTMLAnchorElement>("[data-open]")?.focus();
  row.scrollIntoView({ block: "nearest" });
}

function step(by: 1 | -1): void {
  const all = rows();
  const here = current();
  const at = here ? all.indexOf(here) + by : by === 1 ? 0 : all.length - 1;
  stand(all[Math.max(0, Math.min(all.length - 1, at))]);
}

/** Clicks what can be clicked, and puts the caret where one types. */
function use(element: HTMLElement): void {
  if (element.matches(TYPING)) element.focus();
  else element.click();
}

function open(id: string | undefined): void {
  const dialog = byId<HTMLDialogElement>(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

// Ctrl+Enter (or Cmd+Enter) sends the form one is typing in, where the form says so.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = (event.target as Element | null)?.closest<HTMLFormElement>("form[data-submit-ctrl-enter]");
  if (form) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target as HTMLElement;
  if (target.closest(TYPING)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  switch (event.key) {
    case "j":
      step(1);
      break;
    case "k":
      step(-1);
      break;
    case "x":
      current()?.querySelector<HTMLInputElement>('input[name="case"]')?.click();
      break;
    case "Enter": {
      const link = current()?.querySelector<HTMLAnchorElement>("[data-open]");
      if (!link || target.closest("a,button,summary,label,input")) return;
      link.click();
      break;
    }
    case "/":
      document.querySelector<HTMLInputElement>("[data-search]")?.select();
      break;
    case "?":
      open("keys");
      break;
    default: {
      if (event.key.length !== 1) return;
      const element = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
      if (!element) return;
      use(element);
    }
  }
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = (event.target as HTMLElement).closest<HTMLTableRowElement>("[data-row]");
  if (row && row !== current()) {
    for (const other of rows()) delete other.dataset.at;
    row.dataset.at = "";
  }
});

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  const opener = target.closest<HTMLElement>("[data-dialog]");
  if (opener) {
    event.preventDefault();
    open(opener.dataset.dialog);
  } else if (target instanceof HTMLDialogElement) {
    // The backdrop counts as the dialog itself.
    target.close();
  }
});

/** Counts what is chosen and shows the bar of bulk acts only while something is. */
function bulk(form: HTMLElement): void {
  const boxes = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>('input[name="case"]')];
  const all = form.querySelector<HTMLInputElement>("[data-pick-all]");
  const bar = form.querySelector<HTMLElement>("[data-bulk]");
  const count = form.querySelector<HTMLElement>("[data-bulk-count]");
  const show = (): void => {
    const list = boxes();
    const chosen = list.filter((box) => box.checked).length;
    if (all) {
      all.checked = chosen > 0 && chosen === list.length;
      all.indeterminate = chosen > 0 && chosen < list.length;
    }
    if (count) count.textContent = say(count, "", { n: chosen });
    if (bar) bar.hidden = chosen === 0;
  };
  if (all) {
    all.disabled = false;
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
      show();
    });
  }
  // Shift chooses everything between the last box and this one.
  let last: HTMLInputElement | undefined;
  form.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.name !== "case" || box.type !== "checkbox") return;
    const list = boxes();
    if (event.shiftKey && last) {
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b) as [number, number];
      for (const between of list.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    show();
  });
  form.addEventListener("change", show);
  document.addEventListener("htmx:after:swap", show);
  show();
}

for (const form of document.querySelectorAll<HTMLElement>("[data-queue]")) bulk(form);
for (const hidden of document.querySelectorAll<HTMLElement>("[data-dialog][hidden]")) hidden.hidden = false;
focusSummary();
