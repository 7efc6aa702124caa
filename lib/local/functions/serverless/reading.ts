/** A serverless.yml while it is read: its values with their variables replaced, and where to say what is wrong. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { AtDeployment, readDocument } from "./document.ts";
import { type Resolved, resolveVariables } from "./variables.ts";

export type Fields = { readonly [key: string]: unknown };
export type Environment = { readonly [name: string]: string | undefined };

export interface Reading {
  /** Of the file, absolute. */
  readonly path: string;
  readonly root: Fields;
  readonly env: Environment;
  /** Files that the result depends on, there or not. */
  readonly files: Set<string>;
  readonly warnings: Set<string>;
  /** The value with its variables replaced, or the variable that has none here. */
  resolve(from: unknown): Resolved;
  /** The value; undefined when it has none here. */
  value(from: unknown): unknown;
  /** The value's fields; none when it is no mapping. */
  fields(from: unknown): Fields;
  /** `serverless.yml:7` for what stands under that path. */
  place(at: readonly string[]): string;
  warn(at: readonly string[], text: string): void;
}

/** Opens the file; or says where it is broken. */
export function openReading(path: string, env: Environment): Reading | { readonly problem: string } {
  const name = basename(path);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { problem: `${name} cannot be read: ${error instanceof Error ? error.message : error}` };
  }
  const document = readDocument(text);
  if ("problem" in document) return { problem: `${name}:${document.line}: ${document.problem}` };

  const files = new Set([path]);
  const warnings = new Set<string>();
  const sources = {
    root: document.root,
    env,
    file(named: string) {
      const file = resolve(dirname(path), named);
      files.add(file);
      if (!/\.(?:ya?ml|json)$/.test(file) || !existsSync(file)) return undefined;
      const read = readDocument(readFileSync(file, "utf8"));
      return "root" in read ? read.root : undefined;
    },
  };
  const place = (at: readonly string[]) => `${name}:${document.lineOf(at)}`;
  const value = (from: unknown) => {
    const resolved = resolveVariables(from, sources);
    return "value" in resolved ? resolved.value : undefined;
  };
  return {
    path,
    root: fieldsOf(document.root) ?? {},
    env,
    files,
    warnings,
    resolve: (from) => resolveVariables(from, sources),
    value,
    fields: (from) => fieldsOf(value(from)) ?? {},
    place,
    warn: (at, warning) => void warnings.add(`${place(at)}: ${warning}`),
  };
}

/** A mapping's fields. */
export function fieldsOf(value: unknown): Fields | undefined {
  const isMap =
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof AtDeployment);
  return isMap ? (value as Fields) : undefined;
}

/** A number above zero, also one written as a text. */
export function positive(value: unknown): number | undefined {
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number > 0 ? number : undefined;
}
