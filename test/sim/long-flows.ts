/**
 * What the executions of a long run wait for, and what each of them must come to: when it ends and with what, computed from the
 * numbers it was started with and from nothing that the engine does.
 */
import type { JsonObject } from "../../lib/fdl/json.ts";
import type { ScriptedFunction } from "../../lib/memory/scripted.ts";
import type { Status } from "../../lib/runtime/ports/journal.ts";
import type { Dice } from "../../lib/sim/dice.ts";

const [HOUR, DAY] = [3_600, 86_400];
/** All times in seconds unless their names say otherwise. */
export const YEAR = 365 * DAY;

/** What must come of an execution. */
export interface Expected {
  readonly status: Status;
  /** It ends so long after its start, ms. */
  readonly afterMs: number;
  readonly output?: JsonObject;
  readonly error?: string;
  /** Messages one after another that it may take: weather delays each. */
  readonly hops: number;
  /** Only the sweeper ends it: at its next round. */
  readonly bySweeper?: true;
  /** What may come of it instead when a message of it was lost: the time-out that is there for that. */
  readonly ifLost?: Expected;
}

export interface PlannedLong {
  readonly flow: string;
  readonly input: JsonObject;
  readonly expected: Expected;
}

/** Retry policies; the flow of each is named after it. */
const POLICIES = {
  impatient: { intervalSeconds: 2, multiplier: 4, maxIntervalSeconds: DAY, maxAttempts: 12 },
  patient: { intervalSeconds: HOUR, multiplier: 3, maxIntervalSeconds: 30 * DAY, maxAttempts: 7 },
};
const TIMEOUTS = { soon: HOUR, late: 45 * DAY };
const BEATS = { hourly: HOUR, daily: DAY };
const LIMITS = { short: 2 * HOUR, long: 20 * DAY };

const ASK = `type: task, name: ask, resourceArn: "acs:fc:::services/long/functions/clerk", pattern: waitForCallback,
    catch: [{errors: [FnF.TaskTimeout], goto: silence}], errorMappings: [{target: silent, source: $local.error}], end: true,
    inputMappings: [{target: token, source: $context.task.token}, {target: seconds, source: $input.seconds}, {target: every, source: $input.every}, {target: beats, source: $input.beats}]`;

function flow(steps: string, more = ""): string {
  return `version: v1\ntype: flow\n${more}steps:\n${steps}`;
}

/** Between two naps. */
const STIR = 60;

/** Three waits for each element. */
function each(name: string, concurrency: number): string {
  return flow(`  - type: foreach
    name: ${name}
    concurrency: ${concurrency}
    iterationMapping: {collection: $.waits, item: seconds}
    steps:
      - {type: wait, name: nap, duration: $.seconds}
      - {type: wait, name: stir, duration: ${STIR}}
      - {type: wait, name: again, duration: $.seconds, outputMappings: [{target: slept, source: $input.seconds}]}
    outputMappings: [{target: slept, source: "$local[*].slept"}]`);
}

const LANES = 4;

/** The definitions by name. */
export const LONG_FLOWS: Readonly<Record<string, string>> = {
  nap: flow("  - {type: wait, name: nap, duration: $.seconds}"),
  until: flow("  - {type: wait, name: until, timestamp: $.at}"),
  rounds: each("rounds", 1),
  lanes: each("lanes", LANES),
  sides: flow(`  - type: parallel
    name: sides
    branches:
      - steps: [{type: wait, name: left, duration: $.left, outputMappings: [{target: slept, source: $input.left}]}]
      - steps: [{type: wait, name: right, duration: $.right, outputMappings: [{target: slept, source: $input.right}]}]
    outputMappings: [{target: slept, source: "$local[*].slept"}]`),
  parent: flow(`  - {type: task, name: child, resourceArn: "acs:fnf:::flow/nap", pattern: sync}`),
  forever: flow(`  - {${ASK}}\n  - {type: pass, name: silence}`),
  ...named(POLICIES, (policy) =>
    flow(`  - type: task
    name: try
    resourceArn: acs:fc:::services/long/functions/moody
    retry: [${JSON.stringify({ errors: ["Moody"], ...policy })}]`),
  ),
  ...named(TIMEOUTS, (seconds) => flow(`  - {${ASK}, timeoutSeconds: ${seconds}}\n  - {type: pass, name: silence}`)),
  ...named(BEATS, (seconds) => flow(`  - {${ASK}, heartbeatSeconds: ${seconds}}\n  - {type: pass, name: silence}`)),
  ...named(LIMITS, (seconds) =>
    flow("  - {type: wait, name: nap, duration: $.seconds}", `timeoutSeconds: ${seconds}\n`),
  ),
};

class Moody extends Error {
  override readonly name = "Moody";
}

/** Who answers the tasks: `report` and `beat` act in the world's name, `sleep` sleeps on its clock. */
export interface Clerk {
  sleep(ms: number): Promise<void>;
  report(token: string, output: JsonObject): Promise<void>;
  beat(token: string): Promise<void>;
}

/** The task functions. */
export function longFunctions(clerk: Clerk): { readonly [name: string]: ScriptedFunction } {
  async function answer({ token, seconds, every, beats = 0 }: Question): Promise<void> {
    for (let beat = 0; beat < beats; beat++) {
      await clerk.sleep((every ?? 0) * 1_000);
      await clerk.beat(token);
    }
    if (seconds === undefined) return;
    await clerk.sleep(seconds * 1_000);
    await clerk.report(token, { answer: seconds });
  }
  return {
    "long/moody"({ failures }: { failures: number }, { retryCount }) {
      if (retryCount < failures) throw new Moody("not now");
      return { tries: retryCount + 1 };
    },
    "long/clerk"(question: Question) {
      void answer(question);
      return {};
    },
  };
}

/** What a callback task asks: to be told it is alive `beats` times, `every` so many seconds, then an answer after so many; none: silence. */
type Question = {
  readonly token: string;
  readonly seconds?: number;
  readonly every?: number;
  readonly beats?: number;
};

/** An execution that is started at `startMs` and has done by the end of the year, `leftSeconds` later. */
export function drawLong(dice: Dice, startMs: number, leftSeconds: number): PlannedLong {
  const upTo = (most: number) => logUniform(dice, Math.min(most, leftSeconds));
  const kind = dice.below(100);
  if (kind < 60) return drawEach(dice, kind < 45 ? "rounds" : "lanes", leftSeconds);
  if (kind < 65) return nap("nap", upTo(YEAR - DAY));
  // Months, most of the time.
  if (kind < 68) return nap("nap", 1 + dice.below(Math.max(1, Math.min(YEAR - DAY, Math.floor(leftSeconds)))));
  if (kind < 73) {
    const seconds = upTo(YEAR - DAY);
    // RFC 3339 has milliseconds: the time is exact.
    const input = { at: new Date(startMs + seconds * 1_000).toISOString() };
    return { flow: "until", input, expected: done(seconds, 2) };
  }
  if (kind < 78) {
    const [left, right] = [upTo(90 * DAY), upTo(90 * DAY)];
    const expected = done(Math.max(left, right), 4, { slept: [left, right] });
    return { flow: "sides", input: { left, right }, expected };
  }
  if (kind < 86) return drawRetried(dice, leftSeconds);
  if (kind < 92) return drawAsked(dice, leftSeconds);
  if (kind < 95) return drawBeats(dice, leftSeconds);
  if (kind < 98) return drawLimited(dice, leftSeconds);
  return nap("parent", upTo(60 * DAY), 5);
}

/** One that nobody ever answers and that has no time-out: the year is its limit, and the sweeper watches that. */
export function forever(): PlannedLong {
  const expected: Expected = {
    status: "TimedOut",
    afterMs: YEAR * 1_000,
    error: "FnF.Timeout",
    hops: 2,
    bySweeper: true,
  };
  return { flow: "forever", input: {}, expected };
}

function drawEach(dice: Dice, flow: "rounds" | "lanes", left: number): PlannedLong {
  const count = 8 + dice.below(20);
  const most = Math.max(2, Math.min(logUniform(dice, 60 * DAY), left / 2) / count);
  const waits = Array.from({ length: count }, () => logUniform(dice, most));
  const lanes = flow === "rounds" ? 1 : LANES;
  const sums = Array.from({ length: lanes }, (_, lane) =>
    waits.reduce((sum, wait, index) => (index % lanes === lane ? sum + 2 * wait + STIR : sum), 0),
  );
  return { flow, input: { waits }, expected: done(Math.max(...sums), (3 * count) / lanes + 5, { slept: waits }) };
}

function drawRetried(dice: Dice, left: number): PlannedLong {
  const flow = dice.pick(left > 150 * DAY ? ["impatient", "patient"] : ["impatient"]);
  const { intervalSeconds, multiplier, maxIntervalSeconds, maxAttempts } = POLICIES[flow as keyof typeof POLICIES];
  const failures = dice.below(maxAttempts + 2);
  const tries = Math.min(failures, maxAttempts);
  let seconds = 0;
  for (let retry = 0; retry < tries; retry++)
    seconds += Math.min(intervalSeconds * multiplier ** retry, maxIntervalSeconds);
  const fails = failures > maxAttempts;
  const expected: Expected = fails
    ? { status: "Failed", afterMs: seconds * 1_000, error: "Moody", hops: 2 * tries + 3 }
    : done(seconds, 2 * tries + 3, { tries: failures + 1 });
  return { flow, input: { failures }, expected };
}

function drawAsked(dice: Dice, left: number): PlannedLong {
  const flow: keyof typeof TIMEOUTS = left > TIMEOUTS.late && dice.below(2) === 0 ? "late" : "soon";
  const limit = TIMEOUTS[flow];
  if (dice.below(3) === 0) return { flow, input: {}, expected: done(limit, 4, { silent: "FnF.TaskTimeout" }) };
  // Not near the limit: weather and mishaps must not decide which of both comes first.
  const seconds = logUniform(dice, limit / 2);
  return { flow, input: { seconds }, expected: done(seconds, 4, { answer: seconds }) };
}

function drawBeats(dice: Dice, left: number): PlannedLong {
  const flow: keyof typeof BEATS = left > 30 * DAY && dice.below(2) === 0 ? "daily" : "hourly";
  const [every, beats] = [BEATS[flow] / 2, 1 + dice.below(40)];
  if (dice.below(2) === 0) {
    const expected = done(beats * every + BEATS[flow], beats + 4, { silent: "FnF.TaskTimeout" });
    return { flow, input: { every, beats }, expected };
  }
  const seconds = logUniform(dice, BEATS[flow] / 2);
  return {
    flow,
    input: { every, beats, seconds },
    expected: done(beats * every + seconds, beats + 4, { answer: seconds }),
  };
}

function drawLimited(dice: Dice, left: number): PlannedLong {
  const flow: keyof typeof LIMITS = left > LIMITS.long && dice.below(2) === 0 ? "long" : "short";
  const limit = LIMITS[flow];
  const timedOut: Expected = { status: "TimedOut", afterMs: limit * 1_000, error: "FnF.Timeout", hops: 3 };
  if (dice.below(2) === 0) return { flow, input: { seconds: 2 * limit }, expected: timedOut };
  const inTime = nap(flow, logUniform(dice, limit / 2));
  return { ...inTime, expected: { ...inTime.expected, ifLost: timedOut } };
}

function nap(flow: string, seconds: number, hops = 2): PlannedLong {
  return { flow, input: { seconds }, expected: done(seconds, hops) };
}

function done(seconds: number, hops: number, output: JsonObject = {}): Expected {
  return { status: "Succeeded", afterMs: seconds * 1_000, output, hops };
}

/** 1 to `most` seconds, whole ones; each order of magnitude as often as the others. */
function logUniform(dice: Dice, most: number): number {
  return Math.max(1, Math.floor(Math.exp(dice.next() * Math.log(Math.max(1, most)))));
}

function named<K extends string, V>(
  values: Readonly<Record<K, V>>,
  make: (value: V) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries<V>(values).map(([name, value]) => [name, make(value)]));
}
