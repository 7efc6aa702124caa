import { expect, test } from "vitest";
import { looks } from "./terminal.ts";

test.each([
  ["a terminal", { isTTY: true }, {}, { live: true, color: true }],
  ["a terminal of someone who wants no colours", { isTTY: true }, { NO_COLOR: "1" }, { live: true, color: false }],
  ["an empty NO_COLOR is none", { isTTY: true }, { NO_COLOR: "" }, { live: true, color: true }],
  ["a terminal that cannot move its cursor", { isTTY: true }, { TERM: "dumb" }, { live: false, color: false }],
  ["a pipe or a file", {}, {}, { live: false, color: false }],
])("%s", (_name, stream, env, expected) => {
  expect(looks(stream, env)).toEqual(expected);
});
