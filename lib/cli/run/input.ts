/** The execution's input from the command line: JSON, `@FILE`, or `@-` for standard input. */
import type { Readable } from "node:stream";
import { isObject, type Json, type JsonObject } from "../../fdl/json.ts";
import { readAll, readText } from "../read-text.ts";
import { UsageError } from "../usage.ts";

/** Reads and checks the input. Throws UsageError that names the place of a syntax error. */
export async function readInput(argument: string, stdin: Readable): Promise<JsonObject> {
  const [text, from] = await textOf(argument, stdin);
  const value = parse(text, from);
  if (!isObject(value)) throw new UsageError(`${from} must be a JSON object, not ${kindOf(value)}`);
  return value;
}

/** True when the input takes all of standard input. */
export function readsStdin(argument: string): boolean {
  return argument === "@-";
}

async function textOf(argument: string, stdin: Readable): Promise<readonly [text: string, from: string]> {
  if (readsStdin(argument)) return [await readAll(stdin), "the input (standard input)"];
  if (argument.startsWith("@")) return [await readText(argument.slice(1)), `the input (${argument.slice(1)})`];
  return [argument, "the input"];
}

function parse(text: string, from: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (text.trim() === "") throw new UsageError(`${from} is empty; it must be a JSON object`);
    const { line, column } = placeOfError(text);
    const what =
      error instanceof SyntaxError
        ? error.message.replace(/(,? "(?:.|\n)*" is not valid JSON|(?: in JSON)? at position .*)$/, "")
        : String(error);
    throw new UsageError(`${from} is not valid JSON: line ${line}, column ${column}: ${what}`);
  }
}

/** Not every message of V8 tells where: the error is at the end of the shortest beginning of the text that nothing could complete. */
function placeOfError(text: string): { readonly line: number; readonly column: number } {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (middle <= text.length && !isHopeless(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const before = text.slice(0, good).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function isHopeless(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = message.match(/at position (\d+)/)?.[1];
    return position === undefined
      ? !/^Unexpected end/.test(message)
      : Number(position) < beginning.length && !/^Unterminated/.test(message);
  }
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
