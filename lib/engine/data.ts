/** The data of a step: its input, its output, and the context that mappings see (fdl.md §2.2 to §2.4). */
import type { Mapping, Source, Step, TaskStep } from "../fdl/definition.ts";
import { isObject, type Json, type JsonObject, merge } from "../fdl/json.ts";
import { evaluateMappings } from "../fdl/mapping.ts";

/** What `$context` is made of; `step` is absent in the flow's own mappings, `token` everywhere but in a task's input. */
export interface Circumstances {
  readonly flow: string;
  readonly execution: string;
  readonly step?: { readonly name: string; readonly eventId: number };
  readonly token?: string | undefined;
  /** What the addresses of callbacks begin with. */
  readonly callbacks?: string | undefined;
}

/** Told of each mapping whose path is missing. */
export type Missing = (mapping: Mapping) => void;

/** The input of a step that stands in a frame with that input and local (fdl.md §2.2). */
export function stepInput(
  step: Step,
  frame: { readonly input: JsonObject; readonly local: JsonObject },
  circumstances: Circumstances,
  missing?: Missing,
): JsonObject {
  if (step.inputMappings === undefined) return merge(frame.input, frame.local);
  return map(step.inputMappings, frame.input, frame.local, circumstances, missing);
}

/** Evaluates a mapping list (fdl.md §2.3). The bare `$` is the input with an object `local` laid over it (§10 row 2). */
export function map(
  mappings: readonly Mapping[],
  input: JsonObject,
  local: Json,
  circumstances: Circumstances,
  missing?: Missing,
): JsonObject {
  const merged = refers(mappings, "merged") && isObject(local) ? merge(input, local) : input;
  const roots = refers(mappings, "context")
    ? { input, local, merged, context: contextOf(circumstances) }
    : { input, local, merged };
  return evaluateMappings(mappings, roots, missing);
}

/** Whether the task's input holds the token of its attempt, alone or in an address, so that each attempt has an input of its own (fdl.md §6.3). */
export function mapsToken(step: TaskStep): boolean {
  return step.inputMappings?.some(({ source }) => source.kind === "path" && reachesToken(source)) ?? false;
}

/** `$context`, `$context.task`, `$context[*]` and what is below them. */
function reachesToken({ root, path: [first] }: Extract<Source, { kind: "path" }>): boolean {
  return root === "context" && (first?.kind !== "key" || first.key === "task");
}

function refers(mappings: readonly Mapping[], root: "merged" | "context"): boolean {
  return mappings.some(({ source }) => source.kind === "path" && source.root === root);
}

function contextOf({ flow, execution, step, token, callbacks }: Circumstances): JsonObject {
  return {
    flow: { name: flow },
    execution: { name: execution },
    ...(step !== undefined && { step: { name: step.name, eventId: step.eventId } }),
    ...(token !== undefined && {
      task: { token, ...(callbacks !== undefined && { callbackUrl: `${callbacks}${token}` }) },
    }),
  };
}
