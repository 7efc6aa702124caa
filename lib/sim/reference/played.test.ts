/** Two readings of the language side by side: what the engine's core makes of a flow is what the reference makes of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Flow } from "../../fdl/definition.ts";
import type { JsonObject } from "../../fdl/json.ts";
import { BEHAVIOUR_NAMES, behaviour } from "../behaviours.ts";
import { type End, endAgrees, endsOf } from "./ends.ts";
import { CRASH_BEHAVIOURS } from "./testing/crash-behaviours.ts";
import { flowOf } from "./testing/flow.ts";
import { playedOn } from "./testing/played.ts";
import { randomFlow } from "./testing/random-flow.ts";

const ROOT = join(import.meta.dirname, "../../..");

/**
 * They cannot be played on the core alone: they have no end, or need heartbeats, time-outs of executions, names of
 * executions, or a report that comes from a sub-flow or to a token under another key.
 */
const NOT_PLAYED = new Set([
  "endless",
  "heartbeat",
  "heartbeat-lost",
  "timeout",
  "timeout-fork",
  "sub-times-out",
  "child-times-out",
  "sub-callback",
  "sub-named",
  "callback/flow",
]);

const INPUTS: readonly JsonObject[] = [
  {},
  { n: 1, items: [1, 2, 3, 4, 5], order: "tea", until: "2030-01-02T00:00:00Z" },
  { n: 7, items: [], payload: { name: "Ann" }, failures: 1, error: "FC.Unknown", messageBody: "hello", delay: 20 },
  { buy_train_ticket_result: "success", reserve_flight_result: "success", reserve_hotel_result: "fail" },
  { buy_train_ticket_result: "success", reserve_flight_result: "fail", reserve_hotel_result: "success" },
  { buy_train_ticket_result: "success", reserve_flight_result: "success", reserve_hotel_result: "success" },
];

const crashFlows = flowsIn("test/crash/flows", (file) => file.endsWith(".yml"));
const exampleFlows = new Map(
  readdirSync(join(ROOT, "flows"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [...flowsIn(`flows/${name}`, (file) => /^flow.*\.yml$/.test(file))]),
);

function flowsIn(folder: string, wanted: (file: string) => boolean): ReadonlyMap<string, Flow> {
  const files = readdirSync(join(ROOT, folder)).filter(wanted);
  return new Map(
    files.map((file) => [`${folder}/${file}`, flowOf(readFileSync(join(ROOT, folder, file), "utf8"))] as const),
  );
}

/** The flow's name: its file's, for examples also its folder's. */
const nameOf = (path: string): string => path.replace(/^test\/crash\/flows\/|^flows\/|\.yml$/g, "");
const flows = Object.fromEntries([...crashFlows].map(([path, flow]) => [nameOf(path), flow]));

function ends(flow: Flow, input: JsonObject): readonly End[] {
  const names = { flow: "flow", execution: "execution" };
  const functions = (name: string) => CRASH_BEHAVIOURS[name];
  return [...endsOf(flow, input, { flows, names, lost: 0, late: false, functions })];
}

test.each([...crashFlows, ...exampleFlows].filter(([path]) => !NOT_PLAYED.has(nameOf(path))))(
  "%s ends in the core as the reference says",
  (_, flow) => {
    for (const input of INPUTS) {
      const right = ends(flow, input);
      const seen = playedOn({ functions: CRASH_BEHAVIOURS, flows }, flow, input);
      const { status, output, error, cause } = seen;
      const told = `${JSON.stringify({ status, output, error, cause })} is none of ${JSON.stringify(right)}`;
      expect(
        right.some((end) => endAgrees(end, seen)),
        told.slice(0, 2_000),
      ).toBe(true);
    }
  },
);

const RANDOM_INPUTS: readonly JsonObject[] = [
  {},
  { n: 1, items: [{ n: 1 }, { n: 3, a: true }, "text"], failures: 0 },
  { n: 2, a: "true", b: "text", items: [1, 2, 3, 4], failures: 2 },
  { n: "2", a: null, items: { x: { n: 1 }, y: { n: 2 } } },
];
const CHILDREN = {
  child: flowOf(`steps: [{type: task, name: t, resourceArn: "acs:fc:::services/sim/functions/inc"}]`),
  failing: flowOf(
    `steps: [{type: task, name: t, resourceArn: "acs:fc:::services/sim/functions/moody"}, {type: fail, name: f}]`,
  ),
};
const SIMULATED = Object.fromEntries(
  BEHAVIOUR_NAMES.flatMap((name) => {
    const found = behaviour(name);
    return found === undefined ? [] : [[`sim/${name}`, found] as const];
  }),
);

test("random flows end in the core as the reference says", () => {
  const statuses = new Map<string, number>();
  fc.assert(
    fc.property(fc.gen(), fc.constantFrom(...RANDOM_INPUTS), (draw, input) => {
      const definition = JSON.stringify(randomFlow(draw));
      const flow = flowOf(definition);
      const names = { flow: "flow", execution: "execution" };
      const seen = playedOn({ functions: SIMULATED, flows: CHILDREN }, flow, input);
      statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1);
      const right: End[] = [];
      for (const end of endsOf(flow, input, { flows: CHILDREN, names, lost: 0, late: false })) {
        right.push(end);
        if (endAgrees(end, seen)) return;
      }
      const { status, output, error, cause } = seen;
      const told = `${JSON.stringify({ status, output, error, cause })} is none of ${JSON.stringify(right)}`;
      throw new Error(`${told} for ${JSON.stringify(input)} in ${definition}`);
    }),
    { numRuns: 400 },
  );
  expect(statuses.get("Succeeded")).toBeGreaterThan(80);
  expect(statuses.get("Failed")).toBeGreaterThan(80);
});
