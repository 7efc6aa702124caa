/**
 * What the outside does with one attempt of a task, told by the function's name, its payload and its retry count alone: the
 * functions of a simulated world are made of it, and the reference interpreter asks it what the right answer is.
 */
import { isArray, type Json, type JsonObject, own } from "../fdl/json.ts";

export type Outcome =
  /** undefined: no result. */
  | { readonly kind: "returns"; readonly value: Json | undefined }
  /** `cause` is what a flow sees: the JSON of the error object (fdl.md §6.1). */
  | { readonly kind: "throws"; readonly error: string; readonly message: string; readonly cause: string }
  /** Its process dies: FC.Unknown. */
  | { readonly kind: "dies" }
  /** It does not return before any time-out. */
  | { readonly kind: "hangs" };

/** What somebody says to a task's token, ms after the function was called. */
export type Reported =
  | { readonly afterMs: number; readonly kind: "succeeded"; readonly output: Json }
  | { readonly afterMs: number; readonly kind: "failed"; readonly error: string; readonly cause: string }
  | { readonly afterMs: number; readonly kind: "beats" };

export interface Behaviour {
  /** How long it runs at most. */
  readonly takesMs: number;
  /** So many calls of an attempt are refused before one is accepted. */
  readonly refusals: number;
  readonly outcome: (payload: JsonObject, retryCount: number) => Outcome;
  /** What is said to the payload's `token`, in the order of time. What comes `afterMs` 0 is said while the function runs. */
  readonly reports: (payload: JsonObject, retryCount: number) => readonly Reported[];
}

/** No quick function takes longer, ms. */
export const QUICK_MS = 100;
/** Longer than a lease. */
const SLOW_MS = 70_000;
const HANGING_MS = 3_600_000;
/** After this time a clerk answers a message that holds a token. */
export const CLERK_MS = 30_000;
/** What the clerk answers. */
export const CLERKS_ANSWER: JsonObject = { answer: 7 };

const ANSWER_MS = 20_000;
/** After any time-out. */
const LATE_MS = 4_000_000;
const BEAT_MS = 60_000;
/** Above what travels inline in the simulation's settings; and, for a large n, above what a lane keeps before it flushes. */
const BIG_TEXT = 2_500;
const HUGE_TEXT = 70_000;
const HUGE_FROM = 7;

type Answer = (payload: JsonObject, retryCount: number) => Outcome;

const quick = (outcome: Answer): Behaviour => ({ takesMs: QUICK_MS, refusals: 0, outcome, reports: () => [] });

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  inc: quick((payload) => returns({ n: numberOf(payload, "n") + 1 })),
  echo: quick((payload) => returns(Object.fromEntries(Object.entries(payload).filter(([key]) => key !== "token")))),
  sum: quick((payload) => returns({ total: sumOf(own(payload, "numbers")) })),
  moody: quick((payload) => {
    const n = numberOf(payload, "n");
    return n % 3 === 0 ? throws("Moody", `not with ${n}`) : returns({ n });
  }),
  flaky: quick((payload, retryCount) =>
    retryCount < numberOf(payload, "failures", 1)
      ? throws("Flaky", `attempt ${retryCount}`)
      : returns({ tries: retryCount }),
  ),
  broken: quick(() => throws("Broken", "it always is")),
  die: quick(() => ({ kind: "dies" })),
  busy: { ...quick((payload) => returns({ n: numberOf(payload, "n") + 1 })), refusals: 2 },
  slow: { ...quick(() => returns({ slow: true })), takesMs: SLOW_MS },
  hang: { ...quick(() => ({ kind: "hangs" })), takesMs: HANGING_MS },
  big: quick((payload) => {
    const n = numberOf(payload, "n");
    return returns({ n: n + 1, text: textOf(n) });
  }),
  text: quick((payload) => returns(`a text about ${numberOf(payload, "n")}`)),
  list: quick((payload) => returns([1, 2, numberOf(payload, "n")])),
  none: quick(() => returns(undefined)),
  ask: {
    takesMs: QUICK_MS,
    refusals: 0,
    outcome: (payload) =>
      own(payload, "how") === "crossed" ? throws("Crossed", "reported, then failed") : returns({ asked: true }),
    reports: (payload) => ANSWERS[String(own(payload, "how"))] ?? [],
  },
};

const success = (afterMs: number, answer = 1): Reported => ({ afterMs, kind: "succeeded", output: { answer } });
const beats = (afterMs: number): Reported => ({ afterMs, kind: "beats" });

/** What `ask` has somebody report, by its `how`; any other is `never`. */
const ANSWERS: Readonly<Record<string, readonly Reported[]>> = {
  yes: [success(ANSWER_MS)],
  no: [{ afterMs: ANSWER_MS, kind: "failed", error: "Refused", cause: "not today" }],
  early: [success(0)],
  twice: [success(ANSWER_MS), success(2 * ANSWER_MS, 2)],
  late: [success(LATE_MS)],
  beat: [beats(BEAT_MS), beats(2 * BEAT_MS), beats(3 * BEAT_MS), success(4 * BEAT_MS)],
  faint: [beats(BEAT_MS)],
  crossed: [success(0)],
};

/** The names of all functions that there are. */
export const BEHAVIOUR_NAMES: readonly string[] = Object.keys(BEHAVIOURS);

/** The behaviour of the function `sim/NAME`; undefined: there is none. */
export function behaviour(name: string): Behaviour | undefined {
  return Object.hasOwn(BEHAVIOURS, name) ? BEHAVIOURS[name] : undefined;
}

function returns(value: Json | undefined): Outcome {
  return { kind: "returns", value };
}

function throws(error: string, message: string): Outcome {
  const cause = JSON.stringify({ errorMessage: message, errorType: error, stackTrace: [] });
  return { kind: "throws", error, message, cause };
}

function numberOf(payload: JsonObject, key: string, otherwise = 0): number {
  const value = own(payload, key);
  return typeof value === "number" ? value : otherwise;
}

function sumOf(numbers: Json | undefined): number {
  if (!isArray(numbers)) return 0;
  return numbers.reduce((sum: number, one) => (typeof one === "number" ? sum + one : sum), 0);
}

/** Another one for each n. */
function textOf(n: number): string {
  const length = n >= HUGE_FROM ? HUGE_TEXT : BIG_TEXT;
  return `${n};`.repeat(Math.ceil(length / 2)).slice(0, length);
}
