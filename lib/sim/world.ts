/**
 * A simulated world around the real runtime: memory adapters on a virtual clock, a hostile queue, workers and callers that
 * crash, and a witness at every port. Everything in it is deterministic: the same options give the same run.
 */
import { memoryBlobs } from "../memory/blobs.ts";
import { type RecordingDestinations, recordingDestinations, type Sent } from "../memory/destinations.ts";
import { countingIds } from "../memory/ids.ts";
import { memoryQueue } from "../memory/queue.ts";
import { type ScriptedFunction, scriptedFunctions } from "../memory/scripted.ts";
import { memoryTimers } from "../memory/timers.ts";
import { createRuntime, type Ports, type Runtime, type Settings } from "../runtime/index.ts";
import type { CallResult } from "../runtime/ports/functions.ts";
import type { Packed } from "../runtime/ports/journal.ts";
import { type Callers, callersOf } from "./callers.ts";
import { settled, turn, type VirtualClock, virtualClock } from "./clock.ts";
import type { Deployment } from "./deployment.ts";
import { dice } from "./dice.ts";
import { type Call, type Fault, type PortGate, portGate } from "./faults.ts";
import { simulatedKeys } from "./keys.ts";
import type { Weather } from "./plan.ts";
import type { Process } from "./process.ts";
import { type HostileQueue, type Hostility, hostileQueue } from "./queue.ts";
import { watchDestinations, watchFunctions } from "./watch-calls.ts";
import { watchJournal } from "./watch-journal.ts";
import { watchQueue, watchTimers } from "./watch-messages.ts";
import { CALM, hostilityOf, laggingLists, latency, lateTimers } from "./weather.ts";
import { type Caller, newWitness, type Witness } from "./witness.ts";
import { employWorkers } from "./workers.ts";

/** The time at which every world begins. */
export const BEGINNING = Date.UTC(2030, 0, 1);

/** The consumer of dead letters looks again whether the deployment was mended, ms. */
const MEND_MS = 60_000;

/** A result that comes in the same moment as the refusal of its lease is still handed on, in so many calls. */
const CALLS_UNDER_WAY = 3;

/** A task's call is on its way for less than the part of a lease in which none is begun (`leaseMarginMs`): a later one is like a stall. */
const LONGEST_WAY_MS = 4_000;

/** No run needs more calls. */
const CALLS = 200_000;

export type Scripts = { readonly [name: string]: ScriptedFunction };

export interface WorldOptions {
  readonly deployment: Deployment;
  /** The task functions, made for this world: they may sleep on its clock and report through its callers. */
  readonly scripts: (world: World) => Scripts;
  /** Versions of their aliases. */
  readonly aliases?: { readonly [name: string]: string };
  readonly settings: Partial<Settings>;
  readonly hostility?: Hostility;
  readonly weather?: Weather;
  /** Seed of what the weather leaves to chance. */
  readonly seed?: number;
  /** A message received this often and not consumed is a dead letter; absent: it comes back for ever. */
  readonly maxReceives?: number;
  /** Calls of functions whose answer is lost end as FC.Unknown, as the adapter on AWS has it; otherwise they reject. */
  readonly unknownCalls?: boolean;
  readonly faults?: readonly Fault[];
  /** Hears of each call. */
  readonly onCall?: (call: Call) => void;
  /** Hears of each message that a topic or queue has accepted. */
  readonly onSent?: (sent: Sent) => void;
  /** Hears of each fault that strikes. */
  readonly onFault?: (fault: Fault) => void;
  /** Told line by line what happens. */
  readonly trace?: ((line: string) => void) | undefined;
}

/** How a run ended: all done; something is in flight and will be for ever; or it goes on and on. */
export type Rest = "at rest" | "stuck" | "endless";

export interface World {
  readonly clock: VirtualClock;
  readonly witness: Witness;
  readonly callers: Callers;
  readonly queue: HostileQueue;
  readonly gate: PortGate;
  readonly destinations: RecordingDestinations;
  /** Reads what is there, past all faults and unseen by the witness. */
  readonly observer: Runtime;
  /** From now on, for so long, every handler fails before it does anything. */
  breakFor(ms: number): void;
  isBroken(): boolean;
  /** Calls of functions that ended as FC.Unknown because their answer was lost. */
  lostCalls(): number;
  /** How far the clock of the process with that number is before the true time, ms. */
  skewOf(process: number): number;
  /** The ports as one caller in a process uses them. */
  portsFor(process: Process, caller: Caller): Ports;
  runtimeFor(process: Process, caller: Caller): Runtime;
  /** The world is not at rest before `work` settles. */
  busy<T>(work: Promise<T>): Promise<T>;
  /** No time passes before `work` settles. */
  still<T>(work: Promise<T>): Promise<T>;
  trace(line: () => string): void;
  /** Lets time pass until nothing is going on any more; at most so many jumps. */
  run(jumps: number): Promise<Rest>;
}

export function simulatedWorld(options: WorldOptions): World {
  const { deployment, scripts, aliases = {}, settings, faults = [], onCall, trace, unknownCalls = false } = options;
  const weather = options.weather ?? CALM;
  const chance = dice(options.seed ?? 0);
  const hostility: Hostility = { ...hostilityOf(weather, chance), ...options.hostility };
  const clock = virtualClock(BEGINNING, settled);
  const inner = memoryQueue({
    clock,
    ids: countingIds("delivery"),
    ...(options.maxReceives !== undefined && { maxReceiveCount: options.maxReceives }),
    onDead: (body) => void busy(whenMended().then(() => world.callers.revive(body))),
  });
  const queue = hostileQueue(inner, clock, hostility);
  const timers = memoryTimers({ clock, queue });
  const destinations = recordingDestinations({ onSent: options.onSent });
  const witness = newWitness((line) => tell(() => line), CALLS_UNDER_WAY * weather.latencyMs);
  const slowness = latency(weather, chance);
  let going = 0;
  let held = 0;
  let lostCalls = 0;
  let brokenUntil = 0;

  function tell(line: () => string): void {
    trace?.(`${((clock.now() - BEGINNING) / 1000).toFixed(3).padStart(10)} s  ${line()}`);
  }

  const gate = portGate({
    faults,
    limit: CALLS,
    way: slowness && ((name) => wayOf(name, slowness())),
    failure: unknownCalls ? failedCall : undefined,
    onCall(call) {
      onCall?.(call);
      if (trace) tell(() => `${String(call.number).padStart(4)} ${call.caller} ${call.name} ${summary(call.args)}`);
    },
    onAnswer:
      trace &&
      ((call, answer) => tell(() => `${String(call.number).padStart(4)} ${call.caller} … ${summary([answer])}`)),
    onFault(call, fault) {
      options.onFault?.(fault);
      tell(() => `**** ${fault.blow.kind} ${fault.when} call ${call.number}`);
      if (fault.blow.kind !== "stall") return;
      // A moment longer than the process sleeps: what it does then must find the world awake.
      void busy(clock.sleep(fault.blow.ms + 1));
      if (fault.when === "before") excuse(call);
    },
    onLate: excuse,
  });

  function wayOf(name: string, ms: number): Promise<void> | undefined {
    const most = isTaskCall(name) ? LONGEST_WAY_MS : ms;
    return ms === 0 ? undefined : busy(clock.sleep(Math.min(ms, most)));
  }

  /** As Lambda's adapter answers (lib/aws/lambda-result.ts): what was not carried out may be tried again, of the rest nobody knows. */
  function failedCall(name: string, when: Fault["when"]): CallResult | undefined {
    if (!/^functions\.(invoke|submit)$/.test(name)) return undefined;
    if (when === "before") return { kind: "throttled", cause: "too many at once" };
    lostCalls++;
    return { kind: "failed", error: "FC.Unknown", cause: "there was no answer" };
  }

  async function whenMended(): Promise<void> {
    while (world.isBroken()) await clock.sleep(MEND_MS);
  }

  function excuse({ name, caller }: Call): void {
    if (isTaskCall(name)) witness.excused.add(caller);
  }

  async function busy<T>(work: Promise<T>): Promise<T> {
    going++;
    try {
      return await work;
    } finally {
      going--;
    }
  }

  async function still<T>(work: Promise<T>): Promise<T> {
    held++;
    try {
      return await work;
    } finally {
      held--;
    }
  }

  /** Only what is behind the ports runs the functions: they outlive a worker that waits for them. */
  function functions(): Ports["functions"] {
    const running = Object.entries(scripts(world)).map(([name, script]): [string, ScriptedFunction] => [
      name,
      (event, context) => busy((async () => script(event, context))()),
    ]);
    return scriptedFunctions({ clock, functions: Object.fromEntries(running), aliases, report: reportEnd });
  }

  async function reportEnd(token: string, result: CallResult): Promise<void> {
    switch (result.kind) {
      case "succeeded":
        await world.callers.report(token, { kind: "succeeded", output: result.output ?? {} });
        return;
      case "timedOut":
        await world.callers.report(token, {
          kind: "failed",
          error: "FnF.TaskTimeout",
          cause: "The function did not end in time.",
        });
        return;
      default:
        await world.callers.report(token, {
          kind: "failed",
          error: result.kind === "failed" ? result.error : "FC.ResourceThrottled",
          cause: result.cause,
        });
    }
  }

  function watched(caller: Caller): Ports {
    return {
      ...raw,
      journal: watchJournal(raw.journal, witness, caller),
      queue: watchQueue(raw.queue, witness, caller),
      timers: watchTimers(raw.timers, witness, caller),
      functions: watchFunctions(raw.functions, witness, caller),
      destinations: watchDestinations(raw.destinations, witness, caller),
    };
  }

  function runtimeOn(ports: Ports): Runtime {
    return { ...createRuntime(ports, settings), definitions: deployment.definitions(ports.journal) };
  }

  const world: World = {
    breakFor(ms) {
      brokenUntil = clock.now() + ms;
    },
    isBroken: () => clock.now() < brokenUntil,
    lostCalls: () => lostCalls,
    skewOf: (process) => weather.skewMs[process % weather.skewMs.length] ?? 0,
    clock,
    witness,
    queue,
    gate,
    destinations,
    get callers() {
      return callers;
    },
    get observer() {
      return observer;
    },
    portsFor: (process, caller) => gate.guardAll(process, caller.name, watched(caller)),
    runtimeFor: (process, caller) => runtimeOn(world.portsFor(process, caller)),
    busy,
    still,
    trace: tell,
    async run(jumps) {
      // Once a run the process hears of what else there is.
      await turn();
      for (let jump = 0; jump < jumps; jump++) {
        await settled();
        if (held > 0) {
          await turn();
          continue;
        }
        if (queue.idle() && timers.pending() === 0 && going === 0) return "at rest";
        if (!clock.advance()) return "stuck";
      }
      return "endless";
    },
  };
  const callers = callersOf(world);
  const raw: Ports = {
    journal: laggingLists(deployment.journal(), weather, clock),
    queue,
    timers: lateTimers(timers, weather, chance),
    functions: functions(),
    destinations,
    blobs: memoryBlobs(),
    clock,
    ids: countingIds("id"),
    keys: simulatedKeys(),
  };
  const observer = remembering(runtimeOn(raw));
  employWorkers(world, hostility.newestFirst ? { ...weather, batch: 1 } : weather);
  return world;
}

/** A runtime that parses each text once: at the end everything is read several times. */
function remembering({ claims, ...runtime }: Runtime): Runtime {
  const known = new Map<string, unknown>();
  function unpack<T>(text: Packed): T | Promise<T> {
    if (known.has(text)) return known.get(text) as T | Promise<T>;
    const value = claims.unpack<T>(text);
    known.set(text, value);
    return value;
  }
  return { ...runtime, claims: { ...claims, unpack } };
}

function isTaskCall(name: string): boolean {
  return name.startsWith("functions.") || name.startsWith("destinations.");
}

/** Arguments or an answer in a few words. */
function summary(values: readonly unknown[]): string {
  return values
    .map((value) => {
      const text = typeof value === "string" ? value.split("\n", 1)[0] : JSON.stringify(value);
      return text === undefined ? "-" : text.length > 300 ? `${text.slice(0, 300)}…` : text;
    })
    .join(" ");
}
