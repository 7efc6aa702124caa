/**
 * Faults at the ports. Every call that a process makes is counted, and at the call with a given number something happens:
 * the process dies, the port fails, the process freezes, or somebody else acts. The same run makes the same calls in the
 * same order up to that point, so a number names a point of the run exactly.
 */
import type { Ports } from "../runtime/index.ts";
import { never, type Process } from "./process.ts";

export type Blow =
  /** The calling process dies with all that it had in hand. */
  | { readonly kind: "crash" }
  /** The call rejects; the process lives on. */
  | { readonly kind: "fail" }
  /** The answer is lost on its way, and the SDK makes the call again: its second answer counts. */
  | { readonly kind: "repeat" }
  /** The calling process freezes for so long: past its leases and its messages' visibility it is a zombie. */
  | { readonly kind: "stall"; readonly ms: number }
  /** Somebody else acts while the call is held up. */
  | { readonly kind: "meanwhile"; readonly act: () => Promise<void> };

export interface Fault {
  /** Number of the call, from 1: of all calls, or of those with the name `of`. */
  readonly at: number;
  readonly of?: string;
  /** before: it has no effect yet; during: it was begun and its effect takes its course; after: it had its effect, but its answer is not there yet. */
  readonly when: "before" | "during" | "after";
  readonly blow: Blow;
}

/** A call that was let through. */
export interface Call {
  readonly number: number;
  readonly process: Process;
  /** Who within the process: which delivery. */
  readonly caller: string;
  /** Port and method, such as `journal.append`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface PortGate {
  /** The port as the process sees it. */
  guard<P extends object>(process: Process, caller: string, port: string, target: P): P;
  /** All ports of a process; its clock is its own. */
  guardAll(process: Process, caller: string, ports: Ports): Ports;
  /** How many calls were made so far. */
  calls(): number;
}

/** What a port that fails rejects with. */
export class PortFailure extends Error {
  override readonly name = "PortFailure";
}

export interface GateOptions {
  readonly faults: readonly Fault[];
  /** The way of the next call to its effect; undefined: it has it at once. */
  readonly way?: ((name: string) => Promise<void> | undefined) | undefined;
  /** The answer to a call of that name that failed, where its adapter turns failures into answers; undefined: it rejects. */
  readonly failure?: ((name: string, when: Fault["when"]) => unknown) | undefined;
  /** After so many calls nobody is answered any more: a loop without end, in which no time passes, must not hang the simulation. */
  readonly limit: number;
  /** Hears of each call, before its effect. */
  readonly onCall?: ((call: Call) => void) | undefined;
  /** Hears of the answer to each call. */
  readonly onAnswer?: ((call: Call, answer: unknown) => void) | undefined;
  /** Hears of a call that its process was frozen over: it was decided on before, and is made now. */
  readonly onLate?: ((call: Call) => void) | undefined;
  /** Hears of each fault as it strikes. */
  readonly onFault?: ((call: Call, fault: Fault) => void) | undefined;
}

/** Calls that SDKs repeat. Never a task's: it would run twice (architecture §3, invoking). */
const REPEATED = /^(journal|queue|delivery|timers|blobs)\./;

/** Counts calls and lets the faults strike. */
export function portGate(options: GateOptions): PortGate {
  const { faults, limit, way, failure, onCall, onAnswer, onLate, onFault } = options;
  /** By the number of the call, of all calls; and by name, of those with that name. */
  const ofAll = new Map<number, Fault>();
  const ofName = new Map<string, { calls: number; readonly faults: Map<number, Fault> }>();
  for (const fault of faults) {
    const aimed = fault.of === undefined ? ofAll : faultsOf(fault.of);
    if (aimed.has(fault.at)) throw new Error("two faults at one call");
    aimed.set(fault.at, fault);
  }
  let calls = 0;

  function faultsOf(name: string): Map<number, Fault> {
    const named = ofName.get(name) ?? { calls: 0, faults: new Map() };
    ofName.set(name, named);
    return named.faults;
  }

  async function pass(
    process: Process,
    caller: string,
    name: string,
    args: readonly unknown[],
    effect: () => Promise<unknown>,
  ): Promise<unknown> {
    const late = !process.running();
    if (late) await process.awake();
    if (calls === limit) return never();
    const call: Call = { number: ++calls, process, caller, name, args };
    onCall?.(call);
    if (late) onLate?.(call);
    const underWay = way?.(name);
    const arrive = underWay === undefined ? effect : () => underWay.then(effect);
    const fault = faultAt(call);
    const answer = await (fault === undefined ? process.take(arrive()) : strike(call, fault, arrive));
    onAnswer?.(call, answer);
    return answer;
  }

  function faultAt({ number, name }: Call): Fault | undefined {
    const named = ofName.get(name);
    if (named !== undefined) named.calls += 1;
    return named?.faults.get(named.calls) ?? ofAll.get(number);
  }

  async function strike(call: Call, fault: Fault, effect: () => Promise<unknown>): Promise<unknown> {
    const { process } = call;
    if (fault.when === "before") {
      onFault?.(call, fault);
      if (fault.blow.kind === "fail") return fail(call, fault.when);
      await hit(process, fault.blow);
      return process.take(effect());
    }
    const answer = effect();
    if (fault.when === "after") await answer;
    // Its end is nobody's concern when the caller is dead.
    else answer.catch(() => {});
    onFault?.(call, fault);
    if (fault.blow.kind === "fail") return fail(call, fault.when);
    if (fault.blow.kind === "repeat") return process.take(REPEATED.test(call.name) ? effect() : answer);
    await hit(process, fault.blow);
    return process.take(answer);
  }

  function fail({ name }: Call, when: Fault["when"]): unknown {
    const answer = failure?.(name, when);
    if (answer === undefined) throw new PortFailure("the port failed");
    return answer;
  }

  function guard<P extends object>(process: Process, caller: string, port: string, target: P): P {
    return new Proxy(target, {
      get(object, key) {
        const member: unknown = Reflect.get(object, key);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) =>
          pass(process, caller, `${port}.${String(key)}`, args, () => Reflect.apply(member, object, args));
      },
    });
  }

  return {
    guard,
    guardAll(process, caller, ports) {
      const { journal, queue, timers, functions, destinations, blobs, ids, keys } = ports;
      return {
        journal: guard(process, caller, "journal", journal),
        queue: guard(process, caller, "queue", queue),
        timers: guard(process, caller, "timers", timers),
        functions: guard(process, caller, "functions", functions),
        destinations: guard(process, caller, "destinations", destinations),
        blobs: guard(process, caller, "blobs", blobs),
        clock: process.clock,
        ids,
        keys,
      };
    },
    calls: () => calls,
  };
}

async function hit(process: Process, blow: Blow): Promise<void> {
  switch (blow.kind) {
    case "crash":
      process.kill();
      return never();
    case "fail":
    case "repeat":
      return;
    case "stall":
      process.stall(blow.ms);
      return process.awake();
    case "meanwhile":
      return blow.act();
    default:
      return blow satisfies never;
  }
}
