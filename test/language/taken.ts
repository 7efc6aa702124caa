/** Asks one condition by a flow with one choice. */
import { expect } from "vitest";
import type { Json } from "../../lib/fdl/json.ts";
import { run } from "./run.ts";

/** True when the choice took the entry with that condition. */
export function taken(condition: string, input: { readonly [key: string]: Json } = {}): boolean {
  const { status, output } = run(
    `- {type: choice, name: c, choices: [{condition: ${JSON.stringify(condition)}, steps: [{type: pass, name: y, outputMappings: [{target: yes, source: 1}]}]}]}`,
    { input },
  );
  expect(status).toBe("Succeeded");
  return Object.hasOwn(Object(output), "yes");
}
