/** A task's serviceParams, evaluated against its input and read as what the service takes (fdl.md §3.1.5). */

import { toNumber } from "../fdl/compare.ts";
import type { Param, TaskStep } from "../fdl/definition.ts";
import { isObject, type Json, type JsonObject } from "../fdl/json.ts";
import { lookup } from "../fdl/path.ts";
import { InvalidInput } from "./invalid-input.ts";

/** Evaluated parameters by key. */
export type Params = ReadonlyMap<string, Json>;

/** @throws {InvalidInput} for a path that is missing in the input */
export function evaluateParams({ serviceParams = {} }: TaskStep, input: JsonObject): Params {
  return new Map(Object.entries(serviceParams).map(([key, param]) => [key, evaluated(key, param, input)]));
}

function evaluated(key: string, param: Param, input: JsonObject): Json {
  if (param.kind === "constant") return param.value;
  const value = lookup(input, param.path);
  if (value !== undefined) return value;
  throw new InvalidInput(
    `serviceParams.${key}: ${param.text} is missing in the step's input. Map it in inputMappings.`,
  );
}

/** A parameter that travels as text; null counts as not given. */
export function textParam(params: Params, key: string): string | undefined {
  const value = params.get(key) ?? undefined;
  return value === undefined ? undefined : asText(value);
}

/** Other values than strings travel as JSON. */
export function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A number from `min` to `max`, or a string that stands for one. */
export function numberParam(params: Params, key: string, min: number, max: number): number | undefined {
  const value = params.get(key);
  if (value === undefined) return undefined;
  const number = toNumber(value);
  if (number === undefined || number < min || number > max)
    throw new InvalidInput(`serviceParams.${key} must be a number from ${min} to ${max}.`);
  return number;
}

/** An object, or the JSON text of one. */
export function objectParam(params: Params, key: string): JsonObject | undefined {
  const value = params.get(key);
  if (value === undefined) return undefined;
  const object = typeof value === "string" ? parsed(value) : value;
  if (!isObject(object)) throw new InvalidInput(`serviceParams.${key} must be an object, or the JSON text of one.`);
  return object;
}

/** The value of a JSON text; undefined when it is none. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
