/** Kinds of single values. Types are checked strictly; the message shows the right form. */
import { toNumber } from "../compare.ts";
import { quote } from "../problem.ts";
import { type ListNode, type MapNode, type ScalarNode, type SourceNode, scalarOf } from "../source.ts";
import { didYouMean } from "../spelling.ts";
import { type Kind, type Place, reportError } from "./kind.ts";

/** Reports that a value is of the wrong type, with the right form where there is one; silent about a hole. */
export function wrongType(node: SourceNode, place: Place, wanted: string, right?: string): undefined {
  if (node.kind === "hole") return;
  const hint = right === undefined ? "" : `: write ${right}`;
  reportError(place, node.at, `${place.label} must be ${wanted}, not ${describe(node)}${hint}.`);
}

function describe(node: ScalarNode | ListNode | MapNode): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  if (typeof node.value === "string") return `the string ${quote(node.value)}`;
  if (typeof node.value === "number") return `the number ${node.value}`;
  return node.value === null ? "empty" : String(node.value);
}

/** A string of at least `min` (1) and at most `max` characters. */
export function text({ min = 1, max = Infinity }: { readonly min?: 0 | 1; readonly max?: number } = {}): Kind<string> {
  return {
    schema: { type: "string", ...(min > 0 && { minLength: min }), ...(max < Infinity && { maxLength: max }) },
    read: (node, place) => {
      const value = readText(node, place);
      if (value === undefined) return undefined;
      if (value.length < min) return reportError(place, node.at, `${place.label} must have at least one character.`);
      if (value.length <= max) return value;
      return reportError(place, node.at, `${place.label} may have ${max} characters; it has ${value.length}.`);
    },
  };
}

/** The value when it is a string. */
export function readText(node: SourceNode, place: Place): string | undefined {
  const value = scalarOf(node);
  if (typeof value === "string") return value;
  return wrongType(node, place, "a string", value === undefined || value === null ? undefined : `"${value}"`);
}

const TRUE = /^(?:true|yes|on|y)$/i;
const FALSE = /^(?:false|no|off|n)$/i;

export const flag: Kind<boolean> = {
  schema: { type: "boolean" },
  read: (node, place) => {
    const value = scalarOf(node);
    if (typeof value === "boolean") return value;
    const word = String(value);
    return wrongType(node, place, "true or false", TRUE.test(word) ? "true" : FALSE.test(word) ? "false" : undefined);
  },
};

interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly whole: boolean;
  /** Unit for messages, e.g. "seconds". */
  readonly unit?: string;
}

/** A number within a range. */
export function number({ min = -Infinity, max = Infinity, whole, unit }: Range): Kind<number> {
  const bounds = min === -Infinity ? `at most ${max}` : max === Infinity ? `${min} or more` : `from ${min} to ${max}`;
  const wanted = `a ${whole ? "whole " : ""}number${unit === undefined ? "" : ` of ${unit}`}, ${bounds}`;
  const fits = (value: number) => value >= min && value <= max && (!whole || Number.isInteger(value));
  return {
    schema: {
      type: whole ? "integer" : "number",
      ...(min > -Infinity && { minimum: min }),
      ...(max < Infinity && { maximum: max }),
    },
    read: (node, place) => {
      const value = scalarOf(node);
      if (typeof value === "number" && fits(value)) return value;
      const bare = typeof value === "string" && fits(toNumber(value) ?? Number.NaN);
      return wrongType(node, place, wanted, bare ? `${value} without quotes` : undefined);
    },
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Kind<T> {
  const quoted = words.map((word) => quote(word)).join(", ");
  const wanted = quoted.replace(/, ([^,]*)$/, " or $1");
  return {
    schema: { enum: words },
    read: (node, place) => {
      const value = scalarOf(node);
      const word = words.find((candidate) => candidate === value);
      if (word !== undefined) return word;
      if (typeof value !== "string") return wrongType(node, place, wanted);
      const hint = didYouMean(value, words);
      return reportError(place, node.at, `${place.label} must be ${wanted}, not ${quote(value)}.${hint}`);
    },
  };
}
