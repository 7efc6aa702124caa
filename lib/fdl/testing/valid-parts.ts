/** Parts of the steps that right definitions of tests come out as. */
import type { Step } from "../definition.ts";

/** A right definition of one step, and that step with all defaults filled in. */
export interface Valid {
  readonly title: string;
  readonly text: string;
  readonly step: Step;
}

export const pass = { type: "pass", name: "a", end: false } as const;
export const whole = { kind: "path", path: [], text: "$" } as const;
export const path = (key: string) => ({ kind: "path", path: [{ kind: "key", key }], text: `$.${key}` }) as const;
export const constant = <T>(value: T) => ({ kind: "constant", value }) as const;
export const holds = { kind: "path", path: [{ kind: "key", key: "a" }] } as const;
