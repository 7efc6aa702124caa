import { expect, test } from "vitest";
import { end, failed, flowOf, succeeded } from "./testing/flow.ts";

const set = (target: string, source: string | number, rest = "") =>
  `{type: pass, name: ${target}, outputMappings: [{target: ${target}, source: ${source}}]${rest}}`;
const seen = (...targets: readonly string[]) =>
  `outputMappings: [${targets.map((target) => `{target: "${target}", source: "${target}"}`).join(", ")}]`;
const inc = `{type: task, name: inc, resourceArn: "acs:fc:::services/sim/functions/inc"}`;

test("[DATA-03] [DATA-08] [DATA-09] outputs are merged, shallowly, into the local; a step sees input and local, local wins", () => {
  const text = `[${set("a", "{x: 1}")}, ${set("n", 5)}, ${inc}, {type: pass, name: p, ${seen("$input", "$local")}}]`;
  expect(end(text, { input: { a: { y: 2 }, n: 1, b: 0 } })).toEqual(
    succeeded({ a: { x: 1 }, n: 6, $input: { a: { x: 1 }, n: 6, b: 0 }, $local: {} }),
  );
});

test("[DATA-04] [DATA-07] with mappings a step gets and gives nothing else", () => {
  const text = `[${set("a", 1)}, {type: pass, name: p, inputMappings: [{target: z, source: $local.a}, {target: i, source: $input.a}], ${seen("$input")}}]`;
  expect(end(text, { input: { a: 7, b: 8 } })).toEqual(succeeded({ a: 1, $input: { z: 1, i: 7 } }));
});

test("[DOC-07] to [DOC-10] the flow's mappings build its input and its output", () => {
  const text = `inputMappings: [{target: m, source: $input.n}, {target: all, source: $}]
outputMappings: [{target: in, source: $input.m}, {target: local, source: $local}, {target: both, source: $.k}]
steps: [${set("k", 3)}]`;
  expect(end(text, { input: { n: 1 } })).toEqual(succeeded({ in: 1, local: { k: 3 }, both: 3 }));
  expect(end(`[${set("k", 3)}]`, { input: { n: 1 } })).toEqual(succeeded({ k: 3 }));
});

test("[MAP-02] to [MAP-12] what a mapping's source is", () => {
  const source = (text: string) =>
    end(`[{type: pass, name: p, outputMappings: [{target: "a.b", source: ${text}}]}]`, { input: { x: [{ y: 1 }] } });
  expect(source('"$.x[0].y"')).toEqual(succeeded({ "a.b": 1 }));
  expect(source("$input")).toEqual(succeeded({ "a.b": { x: [{ y: 1 }] } }));
  expect(source("$input.none")).toEqual(succeeded({}));
  expect(source("$inputs")).toEqual(succeeded({ "a.b": "$inputs" }));
  expect(source("{k: $input}")).toEqual(succeeded({ "a.b": { k: "$input" } }));
  expect(
    end(
      `[{type: pass, name: p, outputMappings: [{target: __proto__}, {target: c, source: 1}, {target: c, source: 2}]}]`,
    ),
  ).toEqual(
    succeeded(
      Object.fromEntries<null | number>([
        ["__proto__", null],
        ["c", 2],
      ]),
    ),
  );
});

test("[CTX-01] [CTX-02] [CTX-06] the context has names, and nothing else", () => {
  const text = `[{type: pass, name: here, ${seen("$context.flow.name", "$context.execution.name", "$context.step.name", "$context.flow.id", "$context.task.token")}}]`;
  expect(end(text)).toEqual(
    succeeded({ "$context.flow.name": "flow", "$context.execution.name": "execution", "$context.step.name": "here" }),
  );
});

test("[STEP-02] [SUCC-01] [SUCC-03] end and succeed end the list that they stand in", () => {
  const choice = (inner: string, rest = "") =>
    `{type: choice, name: c, default: {steps: [${inner}, ${set("never", 1)}]${rest}}}`;
  expect(end(`[${set("a", 1, ", end: true")}, ${set("b", 2)}]`)).toEqual(succeeded({ a: 1 }));
  expect(end(`[${choice("{type: succeed, name: s}")}, ${set("b", 2)}]`)).toEqual(succeeded({ b: 2 }));
  expect(end(`[${choice(set("a", 1, ", end: true"), ", goto: z")}, ${set("b", 2)}, ${set("z", 3)}]`)).toEqual(
    succeeded({ a: 1, z: 3 }),
  );
  expect(end(`[{type: succeed, name: s, outputMappings: [{target: o, source: 1}]}, ${set("b", 2)}]`)).toEqual(
    succeeded({ o: 1 }),
  );
});

test("[CHOICE-02] to [CHOICE-09] the first satisfied entry runs, its output is merged, its goto wins over end", () => {
  const text = `[{type: choice, name: c, end: true, choices: [
      {condition: $.n == 1, steps: [${set("one", "$input.n")}]},
      {condition: $.n >= 1, steps: [${set("more", "$input.n")}], goto: z},
      {condition: "true", steps: [${set("rest", "$input.n")}]}]},
    ${set("b", 2)}, ${set("z", "$input.more")}]`;
  expect(end(text, { input: { n: 1 } })).toEqual(succeeded({ one: 1 }));
  expect(end(text, { input: { n: 2 } })).toEqual(succeeded({ more: 2, z: 2 }));
  expect(end(text, { input: {} })).toEqual(succeeded({}));
  expect(end(`[{type: choice, name: c, choices: [{condition: "false"}]}, ${set("b", 2)}]`)).toEqual(
    succeeded({ b: 2 }),
  );
});

test("[GOTO-03] [GOTO-06] a loop goes back, and keeps what it has", () => {
  const text = `[${inc}, {type: choice, name: again, choices: [{condition: $.n < 4, goto: inc}]}]`;
  expect(end(text)).toEqual(succeeded({ n: 4 }));
});

test("[FAIL-01] to [FAIL-03] fail fails everything around it", () => {
  const fail = (rest: string) =>
    `[{type: choice, name: c, default: {steps: [{type: fail, name: f${rest}}]}}, ${set("b", 2)}]`;
  expect(end(fail(", error: $input.x, cause: why"), { input: { x: 1 } })).toEqual(failed("$input.x", "why"));
  expect(end(fail(""))).toEqual(failed("", ""));
});

test.each([
  ["duration: 5", {}, succeeded({})],
  ["duration: $.d", { d: "5.5" }, succeeded({})],
  ["duration: $.d", { d: -1 }, succeeded({})],
  ["duration: $.d", {}, succeeded({})],
  ["duration: $.d", { d: "soon" }, failed("FnF.InvalidInput")],
  ["duration: $.d", { d: null }, failed("FnF.InvalidInput")],
  ["duration: $.d", { d: 31_536_001 }, failed("FnF.InvalidInput")],
  ["timestamp: $.t", { t: "1969-01-02T03:04:05Z" }, succeeded({})],
  ["timestamp: $.t", { t: "1970-02-01T00:00:00+02:00" }, succeeded({})],
  ["timestamp: $.t", { t: "1972-01-01T00:00:00Z" }, failed("FnF.InvalidInput")],
  ["timestamp: $.t", { t: 5 }, failed("FnF.InvalidInput")],
  ["timestamp: $.t", {}, succeeded({})],
])("[WAIT] %s with %j", (wait, input, expected) => {
  expect(end(`[{type: wait, name: w, ${wait}}]`, { input })).toEqual(expected);
});

test("a definition that is wrong is told to whoever wrote the test", () => {
  expect(() => flowOf("[{type: pass}]")).toThrow(/name/);
});
