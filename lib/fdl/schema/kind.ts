/**
 * The field tables' own small language: a kind says what a value may be, once, and both the checker and the JSON
 * Schema of a definition follow from it.
 */
import type { Step } from "../definition.ts";
import type { JsonObject } from "../json.ts";
import type { Finding } from "../problem.ts";
import type { MapNode, SourceNode } from "../source.ts";

/** A kind of value: how it is read from a definition, and its JSON Schema. */
export interface Kind<T> {
  readonly schema: JsonObject;
  /** The value; undefined when something is wrong with it, which has been reported then. */
  readonly read: (node: SourceNode, place: Place) => T | undefined;
  /** True when null is a value of this kind, not the lack of one. */
  readonly nullable?: true;
}

/** A kind that the JSON Schema defines once and refers to by name. */
export interface NamedKind<T> extends Kind<T> {
  readonly name: string;
  readonly definition: JsonObject;
}

export function named<T>(name: string, kind: Kind<T>): NamedKind<T> {
  return { ...kind, name, definition: kind.schema, schema: { $ref: `#/definitions/${name}` } };
}

/** Where in a definition a value is being read. */
export interface Place {
  readonly run: Run;
  /** Name of the step around the value. */
  readonly step?: string;
  /** The list of steps around the value. */
  readonly list: StepList;
  /** The map that the value stands in; absent for the definition itself. */
  readonly around?: MapNode;
  /** How messages call the value, e.g. `"timeoutSeconds"`. */
  readonly label: string;
}

/** One reading of a definition: what is gathered on the way, and the recursion into steps. */
export interface Run {
  readonly text: string;
  readonly findings: Finding[];
  readonly lists: StepList[];
  /** Where each step stands. */
  readonly positions: Map<Step, number>;
  readonly lineOf: (at: number) => number;
  readonly readStep: (node: SourceNode, place: Place) => Step | undefined;
}

/** A list of steps: who is in it and which jumps must stay in it (fdl.md §5). */
export interface StepList {
  /** Where the list stands, for messages, e.g. `inside step "each"`. */
  readonly where: string;
  readonly names: { readonly name: string; readonly at: number }[];
  readonly jumps: { readonly target: string; readonly at: number; readonly step?: string }[];
}

export function reportError(place: Place, at: number, message: string): undefined {
  place.run.findings.push({ severity: "error", at, message, ...stepOf(place) });
}

export function reportWarning(place: Place, at: number, message: string): void {
  place.run.findings.push({ severity: "warning", at, message, ...stepOf(place) });
}

/** The `step` of what is said about a place. */
export function stepOf({ step }: Place): { readonly step?: string } {
  return step === undefined ? {} : { step };
}
