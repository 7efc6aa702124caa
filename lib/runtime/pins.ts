/**
 * `pinAliases: true` (fdl.md §12): every alias is resolved to its version once, when the execution starts, and the state carries
 * what it was. Without it, or for a function without a qualifier, a call goes where its resource name says.
 */
import type { State } from "../engine/index.ts";
import type { Flow } from "../fdl/definition.ts";
import { stepsWithin } from "../fdl/nested-lists.ts";
import { formatResource, type Resource } from "../fdl/resource.ts";
import type { Runtime } from "./runtime.ts";

type FunctionResource = Extract<Resource, { kind: "fc" | "function" }>;

/** Version by canonical resource name. */
export type Pins = { readonly [resource: string]: string };

export async function resolvePins({ ports: { functions } }: Runtime, flow: Flow): Promise<Pins> {
  const resources = new Map<string, FunctionResource>();
  for (const step of stepsWithin(flow.steps)) {
    if (
      step.type === "task" &&
      (step.resource.kind === "fc" || step.resource.kind === "function") &&
      step.resource.qualifier !== undefined
    ) {
      resources.set(formatResource(step.resource), step.resource);
    }
  }
  const pins: Record<string, string> = {};
  for (const [text, resource] of resources) {
    const version = await functions.resolveAlias(resource);
    if (version !== undefined) pins[text] = version;
  }
  return pins;
}

/** The resource with its alias replaced by the version that it was pinned to. */
export function pinned({ pins }: Pick<State, "pins">, resource: FunctionResource): FunctionResource {
  const qualifier = pins?.[formatResource(resource)];
  return qualifier === undefined ? resource : { ...resource, qualifier };
}
