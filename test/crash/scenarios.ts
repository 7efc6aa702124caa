/** What the crash harness runs: each flow with its input, how it must end, and what else happens meanwhile. */
import { type JsonObject, own } from "../../lib/fdl/json.ts";
import type { Status } from "../../lib/runtime/ports/journal.ts";
import type { World } from "../../lib/sim/world.ts";

export const EXECUTION = "run";

/** How an execution ends. */
export interface End {
  readonly status: Status;
  readonly output?: JsonObject;
  readonly error?: string;
}

export interface Scenario {
  /** Also the name of its flow. */
  readonly name: string;
  readonly input: JsonObject;
  readonly end: End;
  /** Other ends that are right when something was disturbed: where the language itself promises no more. */
  readonly otherEnds?: readonly End[];
  /** What callers do beside. */
  readonly act?: (world: World) => Promise<void>;
  /** What may come between any two calls: a stop, a report of the task's token, a heartbeat, another start of the same name. */
  readonly meanwhile: readonly Meanwhile[];
  /** The end when the interfering report is the one that counts. */
  readonly reported?: End;
  /** The submit fails after all: a report that was accepted before is void. */
  readonly voidReports?: boolean;
  /** The end when the rival, who starts the same execution with another input, was first. */
  readonly rival?: End;
  /** The end when the child was stopped. */
  readonly childStopped?: End;
  /** A step whose attempts may each be called only once. */
  readonly once?: string;
  /** For tiny flows: all pairs of a frozen worker and a crash are tried. */
  readonly pairs?: boolean;
  /** It does not end by itself: only what comes in between ends it. */
  readonly unending?: boolean;
}

export type Meanwhile = "stop" | "report" | "heartbeat" | "rival" | "stop-child";

const succeeded = (output: JsonObject): End => ({ status: "Succeeded", output });
const failed = (error: string): End => ({ status: "Failed", error });

/** A flow that anybody may stop at any moment. */
function scenario(name: string, input: JsonObject, end: End, more: Partial<Scenario> = {}): Scenario {
  return { name, input, end, meanwhile: ["stop"], ...more };
}

/** A flow with a task that waits for its report, which also may come at any moment. */
function callback(name: string, end: End, more: Partial<Scenario> = {}): Scenario {
  return scenario(name, {}, end, { meanwhile: ["stop", "report"], ...more });
}

/** MD5 of "tea". */
const TEA = "7239EA2B5DC943F61F3C0A0276C20974";
const ITEMS = { items: [1, 2, 3, 4, 5] };
const ANSWERED = succeeded({ answer: 42, n: 1 });

export const SCENARIOS: readonly Scenario[] = [
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
  callback("queue-callback", ANSWERED, { act: answerQueue, reported: succeeded({ answer: 99, n: 1 }) }),
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

/** Answers whoever asked through the queue. */
async function answerQueue({ clock, destinations, callers, witness }: World): Promise<void> {
  for (let round = 0; round < 400; round++) {
    await clock.sleep(30_000);
    if ([...witness.headers.values()].every(({ status }) => status !== "Running")) return;
    for (const { call } of destinations.sent.slice(0)) {
      const body: JsonObject = JSON.parse(call.message.body);
      const token = own(body, "token");
      if (typeof token === "string") await callers.report(token, { kind: "succeeded", output: { answer: 42 } });
    }
  }
}
