/** What the crash harness runs: the example flows, and one small flow for each thing that the protocol has to do. */
import { EXAMPLES } from "./examples.ts";
import { answering, callback, type End, failed, type Scenario, scenario, succeeded } from "./scenario.ts";

/** MD5 of "tea". */
const TEA = "7239EA2B5DC943F61F3C0A0276C20974";
const ITEMS = { items: [1, 2, 3, 4, 5] };
const ANSWERED = succeeded({ answer: 42, n: 1 });

export const SCENARIOS: readonly Scenario[] = [
  ...EXAMPLES,
  // one branch
  scenario("pass", { n: 5 }, succeeded({ a: 5, ["__proto__"]: "kept", b: 5 }), {
    meanwhile: ["stop", "rival"],
    rival: succeeded({ a: 500, ["__proto__"]: "kept", b: 500 }),
    pairs: true,
  }),
  scenario("task", { n: 1 }, succeeded({ n: 2 }), {
    meanwhile: ["stop", "rival"],
    rival: succeeded({ n: 501 }),
    pairs: true,
  }),
  scenario("chain", { n: 1 }, succeeded({ n: 4 }), { pairs: true }),
  scenario("slow-task", {}, succeeded({ slow: true, n: 1 })),
  scenario("choice", { n: 1 }, succeeded({ n: 3 })),
  scenario("goto-loop", {}, succeeded({ n: 4 })),
  scenario("seventy", {}, succeeded({ n: 70 })),
  scenario("long-lane", { items: Array.from({ length: 100 }, (_, n) => n) }, succeeded({ last: 99 })),
  scenario("endless", {}, { status: "Stopped" }, { unending: true }),
  scenario("retry", {}, succeeded({ tries: 2 })),
  scenario("retry-now", {}, succeeded({ tries: 2 })),
  scenario("retry-late", {}, succeeded({ tries: 2 })),
  scenario("catch", {}, succeeded({ why: "Broken", n: 1 })),
  scenario("uncaught", {}, failed("Broken")),
  scenario("fail", {}, failed("Enough")),
  scenario("task-timeout", {}, succeeded({ n: 1 })),
  scenario("throttled", {}, succeeded({ n: 2 })),
  scenario("throttled-out", {}, succeeded({ n: 1 })),
  scenario("big", { n: 1 }, succeeded({ text: "", n: 3, bytes: 72_017, texts: [] })),
  scenario("queue-task", { order: "tea" }, succeeded({ sent: TEA, n: 1 })),
  scenario("topic-task", { order: "tea" }, succeeded({ sent: TEA })),
  scenario("pinned", {}, succeeded({ one: "1", two: "1" })),
  scenario("async-forget", {}, succeeded({ n: 1 })),
  scenario("lost", {}, succeeded({ slow: true, way: "straight" }), { otherEnds: [succeeded({ n: 1 })], once: "slow" }),
  scenario("unsure", {}, succeeded({ run: 1, run2: 1 }), { pairs: true, otherEnds: unsureEnds() }),
  // time
  scenario("wait", {}, succeeded({ n: 1 }), { pairs: true }),
  scenario("wait-long", { until: "2030-01-02T00:00:00Z" }, succeeded({ n: 1 })),
  scenario("wait-year", {}, succeeded({})),
  scenario("wait-loop", {}, succeeded({ n: 4 })),
  scenario("timeout", {}, { status: "TimedOut", error: "FnF.Timeout" }),
  scenario("timeout-in-time", {}, succeeded({ n: 1 })),
  scenario("timeout-fork", {}, { status: "TimedOut", error: "FnF.Timeout" }),
  // forks
  scenario("parallel", { n: 1 }, succeeded({ all: [2, 3, 9], n: 2 })),
  scenario("parallel-pure", {}, succeeded({})),
  scenario("nested", ITEMS, succeeded({ n: 1 })),
  scenario("foreach", ITEMS, succeeded({ all: [2, 3, 4, 5, 6] })),
  scenario("foreach-empty", { items: [] }, succeeded({ all: [], n: 1 })),
  scenario("lanes-flush", ITEMS, succeeded({ all: [1, 2, 3, 4, 5], texts: [], bytes: 200_064, text: "" })),
  scenario("fork-fails", {}, failed("Broken")),
  scenario("fork-caught", {}, succeeded({ why: "Broken", all: [1, 1] })),
  scenario("fork-retried", {}, succeeded({ all: [1, 7] })),
  scenario("fork-retried-now", {}, succeeded({ all: [1, 7] })),
  scenario("foreach-caught", ITEMS, succeeded({ all: [2, 3, 4, 5, 6] })),
  scenario("fork-nested-fails", {}, succeeded({ n: 1 })),
  scenario("fork-both-fail", {}, succeeded({ why: "Broken", all: [1, 1] })),
  scenario("big-fork", { n: 1 }, succeeded({ bytes: [71_017, 71_017] })),
  // callbacks
  callback("callback", ANSWERED, { reported: succeeded({ answer: 99, n: 1 }) }),
  callback("callback-early", ANSWERED, { reported: succeeded({ answer: 99, n: 1 }) }),
  callback("callback-twice", ANSWERED, { reported: succeeded({ answer: 99, n: 1 }) }),
  callback("callback-refused", succeeded({ answer: 42 }), { reported: succeeded({ answer: 99 }) }),
  callback("callback-crossed", ANSWERED, { voidReports: true, reported: succeeded({ answer: 99, n: 1 }) }),
  callback("callback-submit-fails", succeeded({ n: 1 }), { voidReports: true, reported: succeeded({ n: 1 }) }),
  callback("callback-late", succeeded({ answer: 42 }), { reported: succeeded({ answer: 99 }) }),
  callback("callback-silent", succeeded({ n: 1 }), { reported: failed("") }),
  callback("callback-forked", succeeded({ answers: [42, 42] }), { meanwhile: ["stop"] }),
  callback("heartbeat", ANSWERED, {
    meanwhile: ["stop", "report", "heartbeat"],
    reported: succeeded({ answer: 99, n: 1 }),
  }),
  callback("heartbeat-lost", succeeded({ n: 1 }), { meanwhile: ["stop", "report", "heartbeat"], reported: failed("") }),
  callback("async-sync", succeeded({ n: 2 }), { reported: succeeded({ answer: 99, n: 1 }) }),
  callback("queue-callback", ANSWERED, { act: answering({ answer: 42 }), reported: succeeded({ answer: 99, n: 1 }) }),
  // sub-flows
  scenario("sub-sync", { n: 1 }, succeeded({ n: 3 }), {
    meanwhile: ["stop", "stop-child"],
    childStopped: failed("Halt"),
  }),
  scenario("sub-waits", {}, succeeded({ n: 1 }), { meanwhile: ["stop", "stop-child"], childStopped: failed("Halt") }),
  scenario("sub-started", { n: 1 }, succeeded({ started: "task", n: 2 })),
  scenario("sub-callback", {}, ANSWERED),
  scenario("sub-fails", {}, succeeded({ why: "Broken", n: 1 })),
  scenario("sub-retried", {}, succeeded({ n: 1 })),
  scenario("sub-named", {}, succeeded({ n: 1 })),
  scenario("sub-times-out", {}, succeeded({ n: 1 })),
  scenario("sub-in-dead-branch", {}, succeeded({ n: 1 })),
];

/** Each of the two tasks may have run up to three times. */
function unsureEnds(): readonly End[] {
  const runs = [1, 2, 3];
  return runs.flatMap((run) => runs.map((run2) => succeeded({ run, run2 })));
}
