import { expect, test } from "vitest";
import { isFlowText } from "./flow-text.ts";

test.each([
  ["a flow", "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: a}\n"],
  ["a flow as JSON", '{"version":"v1","type":"flow","steps":[]}'],
  ["a flow without its steps", "type: flow\n"],
  ["a flow whose type was forgotten", "version: v1\nsteps: []\n"],
  ["a flow in the middle of being written", "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: \n"],
])("%s is one", (_what, text) => {
  expect(isFlowText(text)).toBe(true);
});

test.each([
  ["serverless.yml", "service: shop\nfunctions:\n  charge: {handler: charge.handler}\n"],
  ["a workflow of a CI", "on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n"],
  ["steps further down in a file that cannot be read", "jobs:\n  test: [\n    steps:\n"],
  ["another type", "type: flowers\n"],
  ["a list", "- type: flow\n"],
  ["an empty file", ""],
])("%s is none", (_what, text) => {
  expect(isFlowText(text)).toBe(false);
});
