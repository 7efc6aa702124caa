/** Where the functions of a folder are. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where functions come from; paths are absolute. */
export type FunctionSource =
  /** A module whose default export maps names to functions. */
  | { readonly kind: "module"; readonly path: string }
  /** The `functions:` of a Serverless Framework project. */
  | { readonly kind: "serverless"; readonly path: string };

const SERVERLESS = ["serverless.yml", "serverless.yaml"];
const MODULES = ["ts", "mts", "js", "mjs", "cjs"].map((ending) => `functions.${ending}`);

/** A `serverless.yml` with `functions:`, else a module `functions.ts` (or .mts, .js, .mjs, .cjs); undefined when there is neither. */
export async function findFunctions(folder: string): Promise<FunctionSource | undefined> {
  for (const name of SERVERLESS) {
    const path = join(folder, name);
    const text = await readIfThere(path);
    // A look, not a parse: a file that is broken further on has functions all the same, and says what is wrong.
    if (text !== undefined && /^(?:functions|"functions"|'functions')[ \t]*:/m.test(text)) {
      return { kind: "serverless", path };
    }
  }
  for (const name of MODULES) {
    const path = join(folder, name);
    if ((await readIfThere(path)) !== undefined) return { kind: "module", path };
  }
  return undefined;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    // Not there, or a folder.
    return undefined;
  }
}
