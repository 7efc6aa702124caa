/** Workers: processes that take messages off the queue and act on them. When one dies, another takes its place at once. */

import { type Runtime, settle } from "../runtime/index.ts";
import { decode, type Message } from "../runtime/message.ts";
import type { Delivery } from "../runtime/ports/queue.ts";
import { PortFailure } from "./faults.ts";
import { type Process, simulatedProcess } from "./process.ts";
import { watchDelivery } from "./watch-messages.ts";
import { newCaller } from "./witness.ts";
import type { World } from "./world.ts";

/** Messages in a worker's hands at once. */
const CONCURRENCY = 1_000;

/** Sees to it that there is a worker that is neither dead nor frozen. `alone`: it takes one message at a time. */
export function employWorkers(world: World, alone: boolean): void {
  let hired = 0;

  function hire(): void {
    const process = simulatedProcess(`worker-${++hired}`, world.clock, hire);
    void work(world, process, alone ? 1 : CONCURRENCY);
  }

  hire();
}

async function work(world: World, process: Process, concurrency: number): Promise<void> {
  const own = world.runtimeFor(process, newCaller(process.name, world.clock));
  const inHand = new Set<Promise<void>>();
  for (;;) {
    await process.awake();
    const stop = new AbortController();
    process.whenInterrupted(() => stop.abort());
    const deliveries = await world.queue.receive(concurrency - inHand.size, stop.signal);
    if (!process.alive()) return;
    for (const delivery of deliveries) {
      const task = handleOne(world, process, own, delivery).finally(() => inHand.delete(task));
      inHand.add(task);
    }
    if (inHand.size >= concurrency) await Promise.race(inHand);
  }
}

async function handleOne(world: World, process: Process, own: Runtime, delivery: Delivery): Promise<void> {
  const message = read(delivery.body);
  const caller = newCaller(`${process.name}/${delivery.id}`, world.clock, {
    id: delivery.id,
    body: delivery.body,
    message,
  });
  world.trace(() => `${caller.name} takes ${describe(message)}, received ${delivery.receiveCount} times`);
  const runtime: Runtime = { ...own, ports: world.portsFor(process, caller) };
  const held = world.gate.guard(process, caller.name, "delivery", watchDelivery(delivery, world.witness, caller));
  await settle(runtime, held, (error) => {
    if (!(error instanceof PortFailure))
      world.witness.accuse(caller, `threw ${error instanceof Error ? error.stack : error}`);
  });
}

function read(body: string): Message | undefined {
  try {
    return decode(body);
  } catch {
    return undefined;
  }
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
