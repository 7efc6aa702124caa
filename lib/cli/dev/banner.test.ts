import { expect, test } from "vitest";
import { banner, MOST_COUNTED, stoppedText } from "./banner.ts";

test.each([
  [0, "stopped; no execution was running\n"],
  [1, "stopped; 1 execution goes on at the next start\n"],
  [2, "stopped; 2 executions go on at the next start\n"],
  [MOST_COUNTED + 1, "stopped; more than 10000 executions go on at the next start\n"],
])("with %d executions: %s", (running, text) => {
  expect(stoppedText(running)).toBe(text);
});

test("names and messages of the user's move no cursor", () => {
  const ready = { http: "h", topics: "t", data: "d", running: 0, milliseconds: 1 };
  expect(banner({ ...ready, flows: [], functions: "none: \u001b[2J" })).toBe(
    "flows        none is valid\nfunctions    none: \\u001b[2J\nHTTP         h\nSQS and SNS  t\ndata         d\nready in 1 ms, Ctrl-C to stop\n",
  );
});
