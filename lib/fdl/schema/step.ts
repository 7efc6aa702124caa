/** A step of any type: its name is noted, then the table of its type reads it (fdl.md §1.2, §3). */
import type { Step } from "../definition.ts";
import type { JsonObject } from "../json.ts";
import { quote } from "../problem.ts";
import { entryOf, type MapNode, type SourceNode, scalarOf } from "../source.ts";
import { didYouMean, nearest } from "../spelling.ts";
import { choice } from "./choice.ts";
import { fail, succeed } from "./ending.ts";
import { foreach } from "./foreach.ts";
import { type Place, reportError } from "./kind.ts";
import { parallel } from "./parallel.ts";
import { pass } from "./pass.ts";
import { readText, wrongType } from "./scalar.ts";
import type { StepType } from "./step-type.ts";
import { task } from "./task.ts";
import { wait } from "./wait.ts";

const stepTypes: readonly StepType[] = [task, pass, wait, choice, parallel, foreach, succeed, fail];

/** Reads a step and notes in its list that it is there, whatever is wrong with it. */
export function readStep(node: SourceNode, { run, list }: Place): Step | undefined {
  const place = { run, list, label: "A step" };
  if (node.kind !== "map") return wrongType(node, place, "a map with a type and a name");
  const name = entryOf(node, "name")?.value;
  const word = scalarOf(name);
  if (name === undefined || typeof word !== "string" || word === "") return readByType(node, place);
  list.names.push({ name: word, at: name.at });
  const step = readByType(node, { ...place, step: word });
  if (step !== undefined) run.positions.set(step, name.at);
  return step;
}

function readByType(node: MapNode, place: Place): Step | undefined {
  const type = entryOf(node, "type")?.value;
  if (type === undefined) return reportNoType(node, place);
  const word = readText(type, { ...place, label: quote("type") });
  if (word === undefined) return undefined;
  const known = stepTypes.find((candidate) => candidate.type === word);
  if (known !== undefined) return known.read(node, place);
  if (word === "loop") {
    return reportError(
      place,
      type.at,
      "Loop steps are not supported: jump back with the goto of a choice, or use foreach.",
    );
  }
  const hint = didYouMean(word, TYPES);
  return reportError(place, type.at, `There is no step type ${quote(word)}, only ${TYPES.join(", ")}.${hint}`);
}

function reportNoType(node: MapNode, place: Place): undefined {
  const misspelt = node.entries.find(({ key }) => nearest(key, ["type"]) !== undefined);
  if (misspelt === undefined) return reportError(place, node.at, `A step needs "type": one of ${TYPES.join(", ")}.`);
  return reportError(place, misspelt.at, `A step has no key ${quote(misspelt.key)}. Did you mean "type"?`);
}

const TYPES = stepTypes.map(({ type }) => type);

/** The JSON Schemas that a step's schema is made of. */
export const stepDefinitions: { readonly [name: string]: JsonObject } = {
  step: { anyOf: TYPES.map((type) => ({ $ref: `#/definitions/${type}` })) },
  ...Object.fromEntries(stepTypes.map(({ type, schema }) => [type, schema])),
};
