import { expect, it } from "vitest";
import type { Row } from "./rows.ts";
import { shortOwner, tableLines } from "./table.ts";

const row: Row = {
  branch: "root",
  seq: 0,
  step: "pay",
  event: "started",
  effect: "invoke s/pay",
  at: 4,
  anchor: 0,
  owner: "465c6b18-b347-4ea5-88ea-fd9fc14bb881-12",
  lease: "",
  traces: {},
  beside: "",
};

it("aligns columns, and leaves out those that nothing is in", () => {
  expect(tableLines([row, { ...row, seq: 10, at: 12_345, traces: { bounced: 2 } }])).toEqual([
    "branch  seq        at  step  event    effect        anchor  owner        bounced",
    "root      0   0.004 s  pay   started  invoke s/pay       0  465c6b18#12",
    "root     10  12.345 s  pay   started  invoke s/pay       0  465c6b18#12        2",
  ]);
});

it("shows nothing that a terminal would act on", () => {
  const [, line] = tableLines([{ ...row, step: "\u001b[2Jpay\n\u202e" }]);
  expect(line).toContain("\\u001b[2Jpay\\u000a\\u202e");
});

it("has only a title for an execution that has no entry yet", () => {
  expect(tableLines([])).toEqual(["no entries yet"]);
});

it.each([
  ["465c6b18-b347-4ea5-88ea-fd9fc14bb8817", "465c6b18#7"],
  ["465c6b18-b347-4ea5-88ea-fd9fc14bb881-7", "465c6b18#7"],
  ["id-7", "id-7"],
  ["arn:aws:lambda:somewhere/0001", "arn:aws:lam…"],
])("shortens the owner %s to %s", (owner, short) => {
  expect(shortOwner(owner)).toBe(short);
});
