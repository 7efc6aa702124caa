/** The frame of callback pages: one self-contained document that needs no script and loads nothing, readable on a phone, light and dark. */
import { createHash } from "node:crypto";

/** HTML that stands in a page as it is. No text is taken for it. */
export interface Html {
  readonly html: string;
}

const ENTITIES: { readonly [char: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template whose values are escaped, but for those that are Html. Only for element content and quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly (Html | string)[]): Html {
  const written = values.map((value) => (typeof value === "string" ? escaped(value) : value.html));
  return { html: String.raw({ raw: parts }, ...written) };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

const STYLE = `
:root { color-scheme: light dark; --bg: #f4f5f7; --card: #fff; --text: #1c2024; --soft: #5c6470; --line: #d9dde3; --go: #1a7f4b; --stop: #b42318; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #14171a; --card: #1e2226; --text: #e8eaed; --soft: #a0a8b3; --line: #3a4048; --go: #2a9c62; --stop: #d9503f; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--bg); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 4vh auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.3; overflow-wrap: anywhere; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1.25rem; padding: .75rem 0; border: solid var(--line); border-width: 1px 0; }
dt, label, .id { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
form { margin: 0 0 1rem; }
label { display: block; margin: .75rem 0; }
input, textarea { display: block; width: 100%; margin-top: .25rem; padding: .5rem .625rem; color: var(--text); background: var(--bg); border: 1px solid var(--line); border-radius: .375rem; font: inherit; }
textarea.json { font-family: ui-monospace, monospace; }
button { width: 100%; padding: .75rem 1rem; color: #fff; background: var(--go); border: 0; border-radius: .5rem; font: inherit; font-weight: 600; cursor: pointer; }
button.stop { background: var(--stop); }
button:focus-visible, input:focus-visible, textarea:focus-visible, summary:focus-visible { outline: 3px solid color-mix(in srgb, currentColor 45%, transparent); outline-offset: 2px; }
summary { padding: .375rem 0; color: var(--soft); cursor: pointer; }
.id { margin: 1rem 0 0; font-size: .8125rem; }
`;

/** A page may do nothing but show itself and post its form to where it came from. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of a page: nothing is loaded, framed, kept or found by a search engine, and no link tells its address, which holds the token. */
export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": POLICY,
} as const;

/** A whole document. */
export function document(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.html;
}
