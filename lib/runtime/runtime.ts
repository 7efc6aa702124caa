/** What every operation of the runtime is given: the ports, the settings, and two caches. */
import type { Transition } from "../engine/index.ts";
import { type ClaimCheck, claimCheck } from "./claim-check.ts";
import { type Definitions, definitions } from "./definitions.ts";
import type { Ports } from "./ports/index.ts";
import type { Strand } from "./strand.ts";
import type { Trace } from "./trace.ts";

export interface Settings {
  /** hop: every transition is a message of its own. fused: the worker goes on with the branch while its budget lasts (architecture §3). */
  readonly mode: "hop" | "fused";
  /** How long a worker goes on fusing, ms since it took the message. */
  readonly fuseBudgetMs: number;
  /** A lease lasts this long after it was written or extended, ms: a little less than the message's visibility. */
  readonly leaseMs: number;
  /** Visibility that a worker asks for, seconds. */
  readonly visibilitySeconds: number;
  /** How often a worker extends what still runs, ms. */
  readonly extendEveryMs: number;
  /** An owner with less of its lease left than this does not begin a call, ms. */
  readonly leaseMarginMs: number;
  /** A call may take this long, ms; past it the attempt is FnF.TaskTimeout. */
  readonly maxCallMs: number;
  /** A value above this many bytes of JSON goes to blob storage. */
  readonly inlineBytes: number;
  /** Bound of the cache of large values, bytes. */
  readonly cacheBytes: number;
  /** Bound of input + output + local of a step, bytes (fdl.md §12). */
  readonly maxDataBytes: number;
  /** A start message older than this is dropped: its execution may have been forgotten, ms (architecture §6). */
  readonly retentionMs: number;
  /** Executions without `timeoutSeconds` end after this, ms (fdl.md §1.4: a year). */
  readonly maxExecutionMs: number;
  /** What the addresses of callbacks begin with now, such as `https://host/callbacks/`; undefined: nobody could reach one (`$context.task.callbackUrl` is missing then). */
  readonly callbacks?: () => string | undefined;
  /** Told of what a user may want to know but nobody waits for: missing mapping paths, dropped messages. */
  readonly log: (line: string) => void;
  /** Told of each transition right after its entry was recorded: what a live view is made of. Must not throw. */
  readonly observe?: (strand: Strand, transition: Transition) => void;
  /** Told of what happens to messages beside the journal. Must not throw. */
  readonly trace?: (trace: Trace) => void;
}

const DAY_MS = 86_400_000;

const DEFAULTS: Settings = {
  mode: "hop",
  fuseBudgetMs: 20_000,
  leaseMs: 55_000,
  visibilitySeconds: 60,
  extendEveryMs: 30_000,
  leaseMarginMs: 5_000,
  maxCallMs: 13 * 60_000,
  inlineBytes: 64 * 1024,
  cacheBytes: 64 * 1024 * 1024,
  maxDataBytes: 50 * 1024 * 1024,
  retentionMs: 30 * DAY_MS,
  maxExecutionMs: 365 * DAY_MS,
  log: () => {},
};

export interface Runtime {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly claims: ClaimCheck;
  readonly definitions: Definitions;
  /** Of an Express run: the durable runtime around it, where its sub-flows start. */
  readonly outer?: Runtime;
}

export function createRuntime(ports: Ports, settings: Partial<Settings> = {}): Runtime {
  const all = { ...DEFAULTS, ...settings };
  return {
    ports,
    settings: all,
    claims: claimCheck({
      blobs: ports.blobs,
      keys: ports.keys,
      now: ports.clock.now,
      inlineBytes: all.inlineBytes,
      cacheBytes: all.cacheBytes,
    }),
    definitions: definitions(ports.journal),
  };
}
