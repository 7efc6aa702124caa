/** The top level of a definition (fdl.md §1.1). */
import type { Flow } from "../definition.ts";
import { MAX_SECONDS } from "../limits.ts";
import type { SourceNode } from "../source.ts";
import type { Place } from "./kind.ts";
import { mappings } from "./mapping.ts";
import { readFields, schemaOf } from "./record.ts";
import { flag, number, oneOf, text, wrongType } from "./scalar.ts";
import { steps } from "./steps.ts";

const table = {
  title: "a flow",
  fields: {
    version: {
      kind: oneOf(["v1", "v1beta1", "v1.0"]),
      required: true,
      about: "The version of the language; all of them mean the same.",
    },
    type: { kind: oneOf(["flow"]), required: true, about: "Always flow." },
    name: { kind: text({ min: 0 }), about: "Ignored: a flow's name is the one that it is created with." },
    description: { kind: text({ min: 0 }), about: "What the flow is for; ignored." },
    steps: { kind: steps(1), required: true, about: "The steps, run from top to bottom." },
    inputMappings: { kind: mappings, about: "Builds the flow's input; $input is the input of the execution." },
    outputMappings: {
      kind: mappings,
      about: "Builds the execution's output. Left out: what the steps' outputs add up to.",
    },
    timeoutSeconds: {
      kind: number({ min: 1, max: MAX_SECONDS, whole: true, unit: "seconds" }),
      about: "The longest that an execution may take; then it ends as TimedOut.",
    },
    pinAliases: { kind: flag, about: "True: every alias of a function is resolved once, when the execution starts." },
  },
} as const;

/** The flow of a definition. What it returns is complete only if nothing was reported. */
export function readFlow(root: SourceNode, place: Place): Flow | undefined {
  if (root.kind !== "map") return wrongType(root, place, "a map with version, type and steps");
  const values = readFields(table, root, place);
  if (values === undefined) return undefined;
  const { steps, inputMappings, outputMappings, timeoutSeconds, pinAliases = false } = values;
  return {
    pinAliases,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(inputMappings && { inputMappings }),
    ...(outputMappings && { outputMappings }),
    steps,
  };
}

export const flowSchema = schemaOf(table);
