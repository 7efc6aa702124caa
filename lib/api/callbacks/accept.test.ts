import { expect, it } from "vitest";
import { BROWSER } from "../testing/callback-world.ts";
import { wantsPage } from "./accept.ts";

it.each([BROWSER, "text/html", "TEXT/HTML; charset=utf-8", "application/json;q=0.9, text/html", "text/html;q=0.5"])(
  "makes a page for %s",
  (accept) => {
    expect(wantsPage(accept)).toBe(true);
  },
);

it.each([
  undefined,
  "",
  "*/*",
  "text/*",
  "application/json",
  "application/json, text/html;q=0.5",
  "text/html;q=0",
  "text/html;q=x",
  "text/html;q=7",
  "text/htmlx",
])("makes JSON for %s", (accept) => {
  expect(wantsPage(accept)).toBe(false);
});
