/** Where a function's code is: `handler: src/orders.pay.handler` is a file beside the serverless.yml and an export of it. */
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Handler } from "../protocol.ts";

const ENDINGS = [".ts", ".mts", ".js", ".mjs", ".cjs"];

export type Located = {
  /** The file, or those that it could be. */
  readonly files: readonly string[];
} & ({ readonly handler: Omit<Handler, "key"> } | { readonly problem: string });

/**
 * The file goes up to the first dot of its name, as on Lambda; what follows are the export and its properties.
 *
 * @param path of the serverless.yml
 * @param setting what to correct, as the user knows it
 */
export function locateHandler(path: string, handler: unknown, setting: string): Located {
  const parts =
    typeof handler === "string" ? /^(?<file>(?:.*\/)?[^./]+)\.(?<name>[^/]+)$/.exec(handler)?.groups : undefined;
  if (parts === undefined) {
    const problem = `${setting} must be a text such as "src/orders.handler": the file's path, a dot, its export`;
    return { files: [], problem };
  }
  const folder = dirname(path);
  const files = ENDINGS.map((ending) => join(folder, `${parts.file}${ending}`));
  const file = files.find((one) => existsSync(one));
  if (file !== undefined) {
    return { files: [file], handler: { url: pathToFileURL(file).href, export: parts.name ?? "" } };
  }
  const [first = "", ...others] = ENDINGS;
  const missing = relative(folder, join(folder, `${parts.file}${first}`));
  return { files, problem: `there is no ${missing} (nor ${others.join(", ")}); make the file, or correct ${setting}` };
}
