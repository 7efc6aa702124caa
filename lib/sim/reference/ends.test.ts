import { expect, test } from "vitest";
import { type End, endsOf, Undecided } from "./ends.ts";
import { end, ends, failed, flowOf, succeeded } from "./testing/flow.ts";

const task = (name: string, rest = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/sim/functions/${name}"${rest}}`;
const TIMED_OUT: End = { status: "TimedOut", error: "FnF.Timeout" };
const LOST = failed("FC.Unknown");
const CAUGHT = ", catch: [{errors: [FC.Unknown], goto: z}]";
const Z = "{type: pass, name: z, outputMappings: [{target: z, source: 1}]}";

test("in a quiet world there is one end", () => {
  expect(ends(`[${task("inc")}]`)).toEqual([succeeded({ n: 1 })]);
});

test("an answer that may be lost makes another end for each call, each end once", () => {
  expect(ends(`[${task("inc")}, ${task("none")}]`, { lost: 1 })).toEqual([succeeded({ n: 1 }), LOST]);
  expect(
    ends(`[${task("inc", CAUGHT)}, ${task("none", CAUGHT)}, {type: pass, name: mid, end: true}, ${Z}]`, { lost: 1 }),
  ).toEqual([succeeded({ n: 1 }), succeeded({ z: 1 }), succeeded({ n: 1, z: 1 })]);
});

test("no more answers are lost than may be", () => {
  const text = `[${task("inc", ", retry: [{errors: [FC.Unknown], maxAttempts: 2}]")}]`;
  expect(ends(text, { lost: 2 })).toEqual([succeeded({ n: 1 })]);
  expect(ends(text, { lost: 3 })).toEqual([succeeded({ n: 1 }), LOST]);
});

test("[MORE-07] in a disturbed world the worker of a task that may not run again may be lost", () => {
  const text = `[${task("inc", ", onLost: fail")}]`;
  expect(ends(text)).toEqual([succeeded({ n: 1 })]);
  expect(ends(text, { late: true })).toEqual([succeeded({ n: 1 }), failed("FnF.TaskLost")]);
  expect(ends(text, { lost: 1 })).toEqual([succeeded({ n: 1 }), LOST, failed("FnF.TaskLost")]);
});

test("where reports may be late, a time-out may come before a report and behind it", () => {
  const ask = (how: string) =>
    `[${task("ask", `, pattern: waitForCallback, timeoutSeconds: 300, inputMappings: [{target: how, source: ${how}}, {target: token, source: $context.task.token}]`)}]`;
  expect(ends(ask("yes"))).toEqual([succeeded({ answer: 1 })]);
  expect(ends(ask("yes"), { late: true })).toEqual([succeeded({ answer: 1 }), failed("FnF.TaskTimeout")]);
  expect(ends(ask("never"), { late: true })).toEqual([failed("FnF.TaskTimeout")]);
  // The second report is never the one that counts.
  expect(ends(ask("twice"), { late: true, lost: 1 })).toEqual([
    succeeded({ answer: 1 }),
    failed("FnF.TaskTimeout"),
    LOST,
  ]);
});

test("[DOC-12] [EXEC-05] a flow's own time-out may always come first", () => {
  expect(ends(`timeoutSeconds: 1000\nsteps: [${task("inc")}]`)).toEqual([succeeded({ n: 1 }), TIMED_OUT]);
  expect(ends(`timeoutSeconds: 1000\nsteps: [{type: wait, name: w, duration: 2000}]`)).toEqual([TIMED_OUT]);
});

test("[EXEC-05] an execution lasts a year at most", () => {
  const waits = (...days: readonly number[]) =>
    `[${days.map((each, at) => `{type: wait, name: w${at}, duration: ${each * 86_400}}`).join(", ")}]`;
  expect(ends(waits(180, 180))).toEqual([succeeded({})]);
  expect(ends(waits(180, 180), { late: true })).toEqual([succeeded({})]);
  expect(ends(waits(180, 190))).toEqual([TIMED_OUT]);
});

test("only as much is evaluated as is asked for", () => {
  const calls: string[] = [];
  const flow = flowOf(`[${task("inc")}, ${task("none")}]`);
  const functions = (name: string) => {
    calls.push(name);
    return { takesMs: 0, refusals: 0, outcome: () => ({ kind: "returns", value: {} }) as const, reports: () => [] };
  };
  const names = { flow: "f", execution: "e" };
  const [first] = endsOf(flow, {}, { flows: {}, names, lost: 1, late: true, functions });
  expect(first).toEqual(succeeded({}));
  expect(calls).toEqual(["sim/inc", "sim/none"]);
});

test("what has too many ends, or none, is undecided", () => {
  const many = `[${Array.from({ length: 12 }, (_, at) => task("inc", `${CAUGHT}, errorMappings: [{target: e${at}, source: 1}]`).replace("name: inc", `name: t${at}`)).join(", ")}, ${Z}]`;
  expect(() => ends(many, { lost: 12 }, { sequences: 5 })).toThrow(Undecided);
  expect(ends(many, { lost: 12 }, { sequences: 50 })).toHaveLength(13);
  const endless = `[{type: pass, name: a}, {type: choice, name: again, default: {goto: a}}]`;
  expect(() => end(endless)).toThrow(Undecided);
  const itself = `[{type: task, name: t, resourceArn: "acs:fnf:::flow/itself", pattern: sync}]`;
  expect(() => ends(itself, { children: { itself } })).toThrow(Undecided);
});
