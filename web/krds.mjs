// Takes from the government design system what our pages use: five components and their tokens.
//
// Its reset is left out, since it hides legends, captions and bare checkboxes; so is its second set of
// rules for high contrast: here the same tokens change their value under data-krds-mode instead.
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import postcss from "postcss";

/** Every class a kept rule may name. */
const CLASSES = new Set(
  `krds-btn primary secondary tertiary text small medium large xlarge disabled
   krds-input krds-form-select completed is-error krds-form-check krds-form-check-cnt krds-form-check-p`.split(/\s+/),
);
const COMPONENT = /^\.krds-(btn|input|form-select|form-check)\b/;

function kept(selector) {
  if (!COMPONENT.test(selector) || /data-krds-mode|\.svg-icon/.test(selector)) return false;
  return [...selector.matchAll(/\.([\w-]+)/g)].every(([, name]) => CLASSES.has(name));
}

export function krds(here, emit) {
  const root = join(here, "node_modules/krds-uiux/resources/css");
  const at = join(root, "component/output.css");
  const sheet = postcss.parse(readFileSync(at, "utf8"), { from: at });
  sheet.walkComments((c) => c.remove());
  sheet.walkAtRules((rule) => {
    if (rule.name !== "media" || /prefers-color-scheme/.test(rule.params)) rule.remove();
  });
  sheet.walkRules((rule) => {
    // A focus ring is ours alone, and the same everywhere.
    const selectors = rule.selectors.filter((s) => kept(s) && !/:focus/.test(s));
    if (selectors.length === 0) rule.remove();
    else rule.selectors = selectors;
  });
  sheet.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove();
  });
  const emitted = new Map();
  sheet.walkDecls((decl) => {
    decl.value = decl.value.replaceAll(/url\(["']?([^)"']+)["']?\)/g, (_, path) => {
      const file = resolve(dirname(at), path);
      if (!emitted.has(file)) emitted.set(file, emit(`krds-${basename(file)}`, readFileSync(file)));
      return `url(${emitted.get(file)})`;
    });
  });

  // All tokens and the constants of the common sheet, by name.
  const values = new Map();
  for (const file of ["token/krds_tokens.css", "common/common.css"]) {
    postcss.parse(readFileSync(join(root, file), "utf8")).walkRules(":root", (rule) => {
      if (rule.parent.type !== "root") return;
      rule.walkDecls(/^--/, (decl) => values.set(decl.prop, decl.value));
    });
  }
  const own = ["tokens", "base", "layout", "form", "parts", "people", "desk", "print"]
    .map((name) => readFileSync(join(here, "styles", `${name}.css`), "utf8"))
    .join("\n");
  const wanted = new Set();
  const want = (text) => {
    for (const [, name] of text.matchAll(/(--krds-[\w-]+)/g)) {
      if (wanted.has(name) || !values.has(name)) continue;
      wanted.add(name);
      want(values.get(name));
    }
  };
  want(sheet.toString());
  want(own);
  const contrast = [];
  for (const name of [...wanted]) {
    const other = name.replace("--krds-light-", "--krds-high-contrast-");
    if (other === name || !values.has(other)) continue;
    want(`var(${other})`);
    contrast.push(`${name}:var(${other})`);
  }
  // The arrow of a select is a picture, which no token reaches.
  const arrow = emit("krds-ico_angle_inverse.svg", readFileSync(join(root, "../img/component/icon/ico_angle_inverse.svg")));
  const light = [...wanted].map((name) => `${name}:${values.get(name)}`);
  return `:root{${light.join(";")}}
[data-krds-mode="high-contrast"]{${contrast.join(";")}}
${sheet.toString()}
[data-krds-mode="high-contrast"] .krds-form-select{background-image:url(${arrow})}`;
}
