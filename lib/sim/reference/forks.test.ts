import { expect, test } from "vitest";
import { end, ends, failed, succeeded } from "./testing/flow.ts";

const task = (name: string, rest = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/sim/functions/${name}"${rest}}`;
const fail = (error: string, rest = "") => `{type: fail, name: f${error}, error: ${error}${rest}}`;
const wait = (seconds: number) => `{type: wait, name: w, duration: ${seconds}}`;
const parallel = (branches: readonly string[], rest = "") =>
  `[{type: parallel, name: p, ${rest} branches: [${branches.map((steps) => `{steps: [${steps}]}`).join(", ")}]}, {type: pass, name: next, end: true}, {type: pass, name: z, outputMappings: [{target: z, source: 1}]}]`;
const foreach = (steps: string, rest = "") =>
  `[{type: foreach, name: p, iterationMapping: {collection: $.items, item: n, index: at}, ${rest} steps: [${steps}]}, {type: pass, name: z}]`;
const KEPT = "outputMappings: [{target: r, source: $local}],";

test("[PAR-03] to [PAR-06] local is the branches' locals in their order, output is nothing", () => {
  const branches = [
    `${wait(9)}, ${task("inc")}`,
    `${task("inc", ", end: true")}, ${task("list")}`,
    "{type: succeed, name: s}",
  ];
  expect(end(parallel(branches, KEPT), { input: { n: 1 } })).toEqual(succeeded({ r: [{ n: 2 }, { n: 2 }, {}] }));
  expect(end(parallel(branches), { input: { n: 1 } })).toEqual(succeeded({}));
});

test("[EACH-03] to [EACH-11] the steps run for each element", () => {
  const items = [1, 5];
  expect(
    end(foreach(`${task("inc")}, {type: pass, name: p, outputMappings: [{target: i, source: $input}]}`, KEPT), {
      input: { items, at: "x" },
    }),
  ).toEqual(
    succeeded({
      r: [
        { n: 2, i: { items, n: 2, at: 0 } },
        { n: 6, i: { items, n: 6, at: 1 } },
      ],
    }),
  );
  expect(end(foreach(task("inc"), KEPT), { input: { items: [] } })).toEqual(succeeded({ r: [] }));
  expect(end(foreach(task("inc")), { input: { items: { a: 1 } } })).toEqual(failed("FnF.InvalidInput"));
  expect(end(foreach(task("inc")), {})).toEqual(failed("FnF.InvalidInput"));
});

test("[PAR-07] of several failing branches any may be the first, the earliest first of all", () => {
  expect(ends(parallel([fail("A"), fail("B"), task("inc")]))).toEqual([failed("A", ""), failed("B", "")]);
  expect(ends(parallel([`${wait(2)}, ${fail("A")}`, fail("B")]))).toEqual([failed("B", ""), failed("A", "")]);
});

test("[PAR-07] a branch that fails much later is not the first, but where everything may be late", () => {
  const text = parallel([`${wait(3_600)}, ${fail("A")}`, fail("B")]);
  expect(ends(text)).toEqual([failed("B", "")]);
  expect(ends(text, { late: true })).toEqual([failed("B", ""), failed("A", "")]);
});

test("[PAR-07] a branch that nothing ends does not hold up one that fails", () => {
  const never = task("ask", ", pattern: waitForCallback");
  expect(ends(parallel([never, fail("B")]))).toEqual([failed("B", "")]);
  expect(ends(parallel([never, task("inc")]))).toEqual([{ status: "TimedOut", error: "FnF.Timeout" }]);
});

test("[EACH-13] [MORE-03] an iteration that cannot begin before another has failed is not the first", () => {
  const steps = `{type: choice, name: c, choices: [
      {condition: $.n == 1, steps: [${fail("One")}]}, {condition: $.n == 2, steps: [${fail("Two")}]}, {condition: $.n == 3, steps: [${fail("Three")}]}]}`;
  const run = (concurrency: number, items: readonly number[]) =>
    ends(foreach(steps, `concurrency: ${concurrency},`), { input: { items }, late: true }).map(
      (each) => each.status === "Failed" && each.error,
    );
  expect(run(1, [1, 2, 3])).toEqual(["One"]);
  expect(run(2, [1, 2, 3])).toEqual(["One", "Two"]);
  expect(run(3, [3, 1, 2])).toEqual(["Three", "One", "Two"]);
  expect(run(1, [0, 0, 2, 1])).toEqual(["Two"]);
  expect(run(2, [1, 0, 2, 3])).toEqual(["One", "Two"]);
});

test("[EACH-06] the rest wait their turn", () => {
  const slow = `[{type: foreach, name: p, iterationMapping: {collection: $.items, item: n}, concurrency: 2, steps: [${wait(100)}]}]`;
  const timed = (seconds: number) =>
    ends(`timeoutSeconds: ${seconds}\nsteps: ${slow}`, { input: { items: [1, 2, 3, 4, 5] } })[0]?.status;
  expect(timed(280)).toBe("TimedOut");
  expect(timed(320)).toBe("Succeeded");
});

test("[MORE-09] to [MORE-11] a whole fork is retried and caught, also after a fail", () => {
  const caught = "catch: [{errors: [A], goto: z}], errorMappings: [{target: e, source: $local}],";
  expect(end(parallel([fail("A", ", cause: c")], caught))).toEqual(succeeded({ e: { error: "A", cause: "c" }, z: 1 }));
  expect(ends(parallel([fail("A"), fail("B")], caught))).toEqual([
    succeeded({ e: { error: "A", cause: "" }, z: 1 }),
    failed("B", ""),
  ]);
  const retried = "retry: [{errors: [FnF.ALL], maxAttempts: 2}],";
  expect(end(parallel([task("broken")], retried))).toMatchObject(failed("Broken"));
  // With two answers that may be lost, and as many retries, it always comes out well.
  expect(ends(parallel([task("inc"), task("none")], retried), { lost: 2 })).toEqual([succeeded({})]);
});

test("nested forks fail through", () => {
  const inner = `{type: parallel, name: q, branches: [{steps: [${fail("A")}]}, {steps: [${fail("B")}]}]}`;
  expect(ends(parallel([inner, fail("C")]))).toEqual([failed("A", ""), failed("B", ""), failed("C", "")]);
});
