/** How an execution ended, as `stepwell run` tells it. */
import type { JsonObject } from "../../fdl/json.ts";
import { type ExecutionEvent, history, type Runtime } from "../../runtime/index.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import type { Ended } from "./engine.ts";

/** Reads the end of an execution that has ended. */
export async function endOf(engine: Runtime, { ref, startId }: Pick<Header, "ref" | "startId">): Promise<Ended> {
  // What there was to warn of was told when it happened; history is the same transitions again.
  const runtime: Runtime = { ...engine, settings: { ...engine.settings, log: () => {} } };
  const { journal } = runtime.ports;
  const header = await journal.readHeader(ref);
  if (header?.startId !== startId || header.status === "Running")
    throw new Error(`execution ${ref.name} has not ended, or is gone`);
  const { output } = await journal.readData(ref, startId);
  return {
    name: `${header.flow}/${ref.name}`,
    status: header.status,
    ...(header.error === undefined ? {} : { error: header.error }),
    ...(header.cause === undefined ? {} : { cause: header.cause }),
    ...(output === undefined || header.status !== "Succeeded"
      ? {}
      : { output: await runtime.claims.unpack<JsonObject>(output) }),
    elapsedMs: (header.endedAt ?? header.startedAt) - header.startedAt,
    async events() {
      const events: ExecutionEvent[] = [];
      for await (const event of history(runtime, header)) events.push(event);
      return events;
    },
  };
}
