/** Flows given by `--flow NAME=FILE`. */
import { UsageError } from "../usage.ts";

export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/** Throws UsageError. */
export function parseNamedFile(text: string): NamedFile {
  const at = text.indexOf("=");
  if (at <= 0 || at === text.length - 1) throw new UsageError(`${JSON.stringify(text)} is not of the form NAME=FILE`);
  return { name: text.slice(0, at), path: text.slice(at + 1) };
}
