import { expect, test } from "vitest";
import type { Json } from "../../fdl/json.ts";
import { parsePath } from "../../fdl/path.ts";
import { follow } from "./value.ts";

const DATA: Json = {
  a: { "b-c": [10, 20, 30], d: null },
  items: [{ parts: [1, 2], k: "x" }, { parts: [3] }, { k: "y" }, "text"],
  ["__proto__"]: "own",
  letters: "text",
};

test.each<[string, Json | undefined]>([
  ["$", DATA],
  ["$.a.d", null],
  ["$.a.b-c[0]", 10],
  ["$.a['b-c'][-1]", 30],
  ["$.a.b-c[3]", undefined],
  ["$.a.b-c[-4]", undefined],
  ["$.a[0]", undefined],
  ["$.a.b-c.length", undefined],
  ["$.letters.length", undefined],
  ["$.letters[0]", undefined],
  ["$.missing.more", undefined],
  ["$.a.d.more", undefined],
  ["$.toString", undefined],
  ["$.__proto__", "own"],
  ["$.items[*].k", ["x", "y"]],
  ["$.items[*].parts", [[1, 2], [3]]],
  ["$.items[*].parts[*]", [1, 2, 3]],
  ["$.items[*].parts[0]", [1, 3]],
  ["$.items[*].none", []],
  ["$.a[*]", [[10, 20, 30], null]],
  ["$.a[*][*]", [10, 20, 30]],
  ["$.letters[*]", []],
  ["$.missing[*].k", []],
])("[PATH] %s finds %j", (text, found) => {
  expect(follow(DATA, parsePath(text).path)).toEqual(found);
});
