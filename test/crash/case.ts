/** One case: a scenario, the ways of the world in it, and the one or two things that go wrong. Written as a text that runs it again. */
import type { Settings } from "../../lib/runtime/index.ts";
import type { Fault } from "../../lib/sim/faults.ts";
import type { Hostility } from "../../lib/sim/queue.ts";
import type { Meanwhile } from "./scenario.ts";

export type Mode = Settings["mode"];

export const MODES: readonly Mode[] = ["hop", "fused"];

/** Ways of the queue, by name. */
export const QUEUES = {
  honest: {},
  /** Each message twice, at once. */
  twice: { echoMs: 0 },
  /** Each message again when its lease is long over. */
  echo: { echoMs: 70_000 },
  /** One message at a time, the newest first. */
  newest: { newestFirst: true },
  twiceNewest: { echoMs: 0, newestFirst: true },
} as const satisfies Record<string, Hostility>;

export type QueueName = keyof typeof QUEUES;

export const QUEUE_NAMES = Object.keys(QUEUES).filter((name): name is QueueName => name in QUEUES);

/** The process that makes call number `at` dies. */
export interface Crash {
  readonly kind: "crash";
  readonly when: Fault["when"];
  readonly at: number;
}

/** What goes wrong. */
export type Disturbance =
  | Crash
  | { readonly kind: "fail"; readonly when: Fault["when"]; readonly at: number }
  | { readonly kind: "stall"; readonly when: Fault["when"]; readonly at: number; readonly ms: number }
  | { readonly kind: Meanwhile; readonly at: number }
  /** Message number `at` is lost. */
  | { readonly kind: "lose"; readonly at: number };

export interface Case {
  readonly mode: Mode;
  readonly queue: QueueName;
  readonly disturbances: readonly Disturbance[];
}

export function caseText({ mode, queue, disturbances }: Case): string {
  return [mode, queue, ...disturbances.map(disturbanceText)].join("/");
}

function disturbanceText(disturbance: Disturbance): string {
  switch (disturbance.kind) {
    case "crash":
    case "fail":
      return `${disturbance.kind}-${disturbance.when}@${disturbance.at}`;
    case "stall":
      return `stall-${disturbance.when}-${disturbance.ms}@${disturbance.at}`;
    default:
      return `${disturbance.kind}@${disturbance.at}`;
  }
}

/** The case of a text such as `hop/honest/crash-after@17`. */
export function parseCase(text: string): Case {
  const [modeText, queueText, ...rest] = text.split("/");
  const mode = MODES.find((each) => each === modeText);
  const queue = QUEUE_NAMES.find((each) => each === queueText);
  if (mode === undefined || queue === undefined) throw new Error(`no case: ${text}`);
  return { mode, queue, disturbances: rest.map(parseDisturbance) };
}

function parseDisturbance(text: string): Disturbance {
  const [, kind, when, ms, number] =
    /^(stop-child|[a-z]+?)(?:-(before|during|after))?(?:-(\d+))?@(\d+)$/.exec(text) ?? [];
  const at = Number(number);
  const moment = (["before", "during", "after"] as const).find((each) => each === when);
  switch (kind) {
    case "crash":
    case "fail":
      if (moment !== undefined) return { kind, when: moment, at };
      break;
    case "stall":
      if (moment !== undefined) return { kind, when: moment, at, ms: Number(ms) };
      break;
    case "lose":
    case "stop":
    case "stop-child":
    case "report":
    case "heartbeat":
    case "rival":
      return { kind, at };
    default:
  }
  throw new Error(`no disturbance: ${text}`);
}
