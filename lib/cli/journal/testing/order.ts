/** An execution with a bit of everything: retries, nested forks, lanes, a callback, a sub-flow, a value of 100 KB. */
import type { Json } from "../../../fdl/json.ts";
import { reportTask } from "../../../runtime/index.ts";
import type { Header } from "../../../runtime/ports/journal.ts";
import { type World, world } from "../../../runtime/testing/world.ts";

const call = (name: string, more = "") =>
  `{type: task, name: ${name}, resourceArn: "acs:fc:::services/shop/functions/${name}"${more}}`;

export const ORDER = `version: v1
type: flow
steps:
  - ${call("pay", ", retry: [{errors: [Busy], intervalSeconds: 3}], outputMappings: [{target: paid, source: $local.paid}, {target: picture, source: $local.picture}]")}
  - type: parallel
    name: both
    branches:
      - steps: [{type: wait, name: nap, duration: 0.05}]
      - steps:
          - type: foreach
            name: pack
            concurrency: 2
            iterationMapping: {collection: $.items, item: item, index: i}
            steps: [${call("wrap", ", inputMappings: [{target: item, source: $input.item}]")}]
            outputMappings: [{target: boxes, source: $local}]
    outputMappings: [{target: both, source: $local}]
  - {type: task, name: refund, resourceArn: "acs:fnf:::flow/refund", pattern: sync, serviceParams: {Input: $}, inputMappings: [{target: of, source: $local.paid}]}
  - ${call("approve", ", pattern: waitForCallback, timeoutSeconds: 600, inputMappings: [{target: token, source: $context.task.token}], outputMappings: [{target: by, source: $local.by}, {target: with, source: $input.token}]")}
`;

export const REFUND = `version: v1
type: flow
steps:
  - {type: pass, name: back, outputMappings: [{target: refunded, source: $input.of}]}
`;

export interface OrderWorld {
  readonly world: World;
  readonly header: Header;
  /** The token of the task that waits for its report. */
  token(): string | undefined;
  /** Reports it, and waits for the end. */
  approve(output?: Json): Promise<void>;
}

/** The execution up to where it waits for its report. */
export async function orderWorld(): Promise<OrderWorld> {
  let attempts = 0;
  let token: string | undefined;
  const w = await world({
    flows: { order: ORDER, refund: REFUND },
    functions: {
      "shop/pay": () => {
        attempts += 1;
        if (attempts === 1) throw Object.assign(new Error("try later"), { name: "Busy" });
        return { paid: 7, picture: "x".repeat(100_000) };
      },
      "shop/wrap": (event) => ({ wrapped: (event as { item: number }).item }),
      "shop/approve": (event) => {
        token = (event as { token: string }).token;
        return {};
      },
    },
  });
  const header = await w.start("order", { items: [1, 2, 3, 4, 5] }, "monday");
  await w.workUntil(
    async () => (await w.plain.journal.readTip(header.startId, ""))?.effect === "awaitVerdict" && token !== undefined,
  );
  return {
    world: w,
    header,
    token: () => token,
    async approve(output = { by: "ann" }) {
      await reportTask(w.runtime, token ?? "", { kind: "succeeded", output });
      await w.settled(header);
    },
  };
}
