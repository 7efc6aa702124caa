import { expect, it } from "vitest";
import { decode, encode, type Message } from "./message.ts";
import type { Packed } from "./ports/journal.ts";

const address = { ref: { flowId: "f1", name: "é\n1" }, startId: "s1", flow: "orders", revision: 2, keyId: "k1" };
const [state, event] = ['{"a":"\\n"}' as Packed, '{"kind":"continued","at":1}' as Packed];

const messages: readonly Message[] = [
  { kind: "advance", ...address, sentAt: 5, branch: "1.0", seq: 3, state, event },
  { kind: "wake", ...address, sentAt: 5, deaths: 2, branch: "", seq: 3, event, reportId: "r", at: 9 },
  { kind: "due", ...address, sentAt: 5, notBefore: 77, branch: "", seq: 3, reportId: "r" },
  { kind: "join", ...address, sentAt: 5, branch: "", seq: 3 },
  { kind: "ended", ...address, sentAt: 5, end: { status: "Stopped", error: "E", cause: "c" } },
  { kind: "probe", sentAt: 5, id: "p" },
];

it.each(messages)("carries a message of kind $kind unchanged", (message) => {
  expect(decode(encode(message))).toEqual(message);
});

it("does not escape state and event a second time", () => {
  const [first] = messages;
  expect(first && encode(first).split("\n").slice(1)).toEqual([state, event]);
});

it.each([
  "",
  "null",
  "[]",
  "{}",
  "not json",
  '{"kind":"other"}',
  '{"kind":1}',
  '{"kind":"advance"}',
  '{"kind":"advance"}\n{}',
  '{"kind":"wake"}',
  '{"kind":"join"}\n{}',
])("refuses %j, which is no message", (body) => {
  expect(() => decode(body)).toThrow(/not a message of Stepwell/);
});
