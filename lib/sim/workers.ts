/** Workers: processes that take messages off the queue and act on them. When one dies, another takes its place at once. */

import { type Runtime, settle } from "../runtime/index.ts";
import type { Message } from "../runtime/message.ts";
import type { Delivery } from "../runtime/ports/queue.ts";
import { stopper } from "../runtime/stopper.ts";
import { PortFailure } from "./faults.ts";
import { type Process, simulatedProcess } from "./process.ts";
import { watchDelivery } from "./watch-messages.ts";
import { newCaller } from "./witness.ts";
import type { World } from "./world.ts";

export interface Workforce {
  /** Workers at a time. */
  readonly workers: number;
  /** Messages in a worker's hands at once. */
  readonly batch: number;
  /** How far their clocks are before the true time, in turn, ms. */
  readonly skewMs: readonly number[];
}

/** Sees to it that there are workers that are neither dead nor frozen. */
export function employWorkers(world: World, { workers, batch, skewMs }: Workforce): void {
  let hired = 0;

  function hire(): void {
    const skew = skewMs[hired % skewMs.length] ?? 0;
    const process = simulatedProcess(`worker-${++hired}`, world.clock, hire, skew);
    void work(world, process, batch);
  }

  for (let worker = 0; worker < workers; worker++) hire();
}

async function work(world: World, process: Process, concurrency: number): Promise<void> {
  const own = world.runtimeFor(process, newCaller(process.name, process.clock));
  const inHand = new Set<Promise<void>>();
  for (;;) {
    await process.awake();
    const stop = stopper();
    process.whenInterrupted(stop.stop);
    const wanted = concurrency - inHand.size;
    world.trace(() => `${process.name} asks for ${wanted}`);
    const deliveries = await world.queue.receive(wanted, stop.signal);
    if (!process.alive()) return;
    for (const delivery of deliveries) {
      const task = handleOne(world, process, own, delivery).finally(() => inHand.delete(task));
      inHand.add(task);
    }
    if (inHand.size >= concurrency) await Promise.race(inHand);
  }
}

async function handleOne(world: World, process: Process, own: Runtime, delivery: Delivery): Promise<void> {
  const message = world.witness.read(delivery.body);
  const caller = newCaller(`${process.name}/${delivery.id}`, process.clock, {
    id: delivery.id,
    body: delivery.body,
    message,
  });
  caller.headersKnown = world.witness.headers.size;
  world.trace(() => `${caller.name} takes ${describe(message)}, received ${delivery.receiveCount} times`);
  if (world.isBroken()) {
    // The handler does not even load: its message comes back by itself.
    world.trace(() => `${caller.name} is a bad build`);
    return;
  }
  const runtime: Runtime = { ...own, ports: world.portsFor(process, caller) };
  const held = world.gate.guard(process, caller.name, "delivery", watchDelivery(delivery, world.witness, caller));
  await settle(runtime, held, (error) => {
    if (!(error instanceof PortFailure))
      world.witness.accuse(caller, `threw ${error instanceof Error ? error.stack : error}`);
  });
}

/** A message in a few words. */
function describe(message: Message | undefined): string {
  if (message === undefined) return "a text that is no message";
  switch (message.kind) {
    case "probe":
      return "the probe";
    case "ended":
      return `"ended: ${message.end.status}" of ${message.ref.name}`;
    default:
      return `"${message.kind}" of ${message.ref.name}, branch "${message.branch}", seq ${message.seq}`;
  }
}
