/** Flows: sketches of them, and their definitions as text. */
import * as fc from "fast-check";
import type { JsonObject } from "../../../lib/fdl/json.ts";
import { childLists, rootLists } from "./lists.ts";
import { pick } from "./pick.ts";
import type { FlowSketch } from "./sketch.ts";
import { shrinking } from "./smaller.ts";
import { smallerFlows } from "./smaller-flows.ts";
import { writeFlows } from "./write-flows.ts";

const more = pick<JsonObject>(
  [40, {}],
  [1, { pinAliases: true }],
  [1, { outputMappings: [{ target: "n", source: "$local.n" }] }],
  [
    1,
    {
      outputMappings: [
        { target: "all", source: "$local.all" },
        { target: "a", source: "$input.a" },
        { target: "name", source: "$context.flow.name" },
      ],
    },
  ],
  [
    1,
    {
      inputMappings: [
        { target: "items", source: "$input.items" },
        { target: "n", source: 2 },
      ],
    },
  ],
  [1, { timeoutSeconds: 1 }],
  [1, { timeoutSeconds: 60 }],
  [1, { timeoutSeconds: 1_000 }],
  [1, { version: "v1beta1", timeoutSeconds: 100_000 }],
);

const roots: fc.Arbitrary<FlowSketch> = fc.record({ list: rootLists, more });
const children: fc.Arbitrary<FlowSketch> = fc.record({ list: childLists, more });

/** A flow, and up to two that it may call. */
export const flowSketches: fc.Arbitrary<readonly FlowSketch[]> = fc
  .tuple(roots, fc.array(children, { maxLength: 2, size: "max" }))
  .map(([root, others]) => [root, ...others]);

/** Definitions by name, each as JSON. */
export const flowTexts: fc.Arbitrary<Readonly<Record<string, string>>> = shrinking(flowSketches, smallerFlows).map(
  (sketches) => Object.fromEntries(writeFlows(sketches).map(({ name, text }) => [name, text])),
);
