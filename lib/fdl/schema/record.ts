/** Maps with known keys: a table of fields, read with all that can be wrong about keys, and its JSON Schema (fdl.md §10 rows 37, 50). */
import type { JsonObject } from "../json.ts";
import { quote } from "../problem.ts";
import { type Entry, isEmpty, type MapNode } from "../source.ts";
import { nearest } from "../spelling.ts";
import { type Kind, type Place, reportError, reportWarning } from "./kind.ts";
import { wrongType } from "./scalar.ts";

export interface Field<T> {
  readonly kind: Kind<T>;
  readonly required?: true;
  /** One sentence for editors. */
  readonly about: string;
}

export interface Fields {
  readonly [key: string]: Field<unknown>;
}

export interface Table<F extends Fields> {
  /** What the map is, e.g. "a task step". */
  readonly title: string;
  readonly fields: F;
  /** Keys that would silently do nothing here, with what to do instead. */
  readonly refused?: { readonly [key: string]: string };
  /** Two keys of which exactly one must be there. */
  readonly either?: readonly [string, string];
  /** What else must hold between the keys, whatever is wrong with their values. */
  readonly judge?: (node: MapNode, place: Place) => void;
}

/** The values of a map's fields: of the required ones, and of the others that are there and not empty. */
export type Values<F extends Fields> = string extends keyof F
  ? { readonly [key: string]: ValueOf<F[string]> }
  : { readonly [K in Required<F>]: ValueOf<F[K]> } & { readonly [K in Exclude<keyof F, Required<F>>]?: ValueOf<F[K]> };

type Required<F> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F];
type ValueOf<F> = F extends Field<infer T> ? T : never;

/** Reads a map by its table. Every key and every lack is judged; undefined when a required value is wrong or missing. */
export function readFields<F extends Fields>(table: Table<F>, node: MapNode, place: Place): Values<F> | undefined {
  const values: Record<string, unknown> = {};
  const given = new Set(node.entries.map((entry) => entry.key));
  const absent = new Set(Object.keys(table.fields).filter((key) => !given.has(key)));
  for (const entry of node.entries) {
    const field = Object.hasOwn(table.fields, entry.key) ? table.fields[entry.key] : undefined;
    if (field === undefined) {
      const meant = judgeUnknown(table, entry, absent, place);
      // What was misspelt is not missing as well.
      if (meant !== undefined) absent.delete(meant);
    } else if (isEmpty(entry.value) && !field.kind.nullable) {
      const needed = field.required || table.either?.includes(entry.key);
      if (needed) reportError(place, entry.at, `${quote(entry.key)} has no value.`);
      else reportWarning(place, entry.at, `${quote(entry.key)} has no value: it is ignored.`);
    } else {
      const value = field.kind.read(entry.value, { ...place, around: node, label: quote(entry.key) });
      if (value !== undefined) values[entry.key] = value;
    }
  }
  const required = requiredKeys(table);
  for (const key of required) {
    if (absent.has(key)) reportError(place, node.at, `${capital(table.title)} needs ${quote(key)}.`);
  }
  if (table.either !== undefined) judgeEither(table.either, table.title, absent, node, place);
  table.judge?.(node, place);
  // The keys are those of the table, and each value came from its own field's reader.
  return required.every((key) => Object.hasOwn(values, key)) ? (values as Values<F>) : undefined;
}

/** Judges a key that the table does not have; the key that it was meant to be, if any. */
function judgeUnknown(
  table: Table<Fields>,
  entry: Entry,
  absent: ReadonlySet<string>,
  place: Place,
): string | undefined {
  const key = quote(entry.key);
  if (table.refused !== undefined && Object.hasOwn(table.refused, entry.key)) {
    return reportError(place, entry.at, `${capital(table.title)} takes no ${key}: ${table.refused[entry.key]}`);
  }
  const meant = nearest(entry.key, absent);
  if (meant === undefined) reportWarning(place, entry.at, `${capital(table.title)} has no key ${key}: it is ignored.`);
  else reportError(place, entry.at, `${capital(table.title)} has no key ${key}. Did you mean ${quote(meant)}?`);
  return meant;
}

function judgeEither(
  keys: readonly [string, string],
  title: string,
  absent: ReadonlySet<string>,
  node: MapNode,
  place: Place,
): void {
  const [first, second] = keys.map((key) => quote(key));
  const missing = keys.filter((key) => absent.has(key)).length;
  if (missing === 2) reportError(place, node.at, `${capital(title)} needs ${first} or ${second}.`);
  if (missing === 0) reportError(place, node.at, `${capital(title)} takes ${first} or ${second}, not both.`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A map that a table describes, made into a value by `make`. */
export function record<F extends Fields, T>(table: Table<F>, make: (values: Values<F>) => T): Kind<T> {
  const required = requiredKeys(table).map((key) => quote(key));
  const wanted = required.length === 0 ? "a map" : `a map with ${required.join(" and ")}`;
  return {
    schema: schemaOf(table),
    read: (node, place) => {
      if (node.kind !== "map") return wrongType(node, place, wanted);
      const values = readFields(table, node, place);
      return values && make(values);
    },
  };
}

/** The keys that a map of the table must have. */
export function requiredKeys({ fields }: Table<Fields>): readonly string[] {
  return Object.keys(fields).filter((key) => fields[key]?.required);
}

/** The JSON Schema of a table. */
export function schemaOf(table: Table<Fields>): JsonObject {
  const properties = Object.entries(table.fields).map(([key, { about, kind }]) => [
    key,
    { description: about, ...kind.schema },
  ]);
  const required = requiredKeys(table);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...(table.either && { oneOf: table.either.map((key) => ({ required: [key] })) }),
    additionalProperties: false,
  };
}
