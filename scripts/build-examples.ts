/** Builds what the example flows call on AWS: a zip for each function of flows/FLOW/functions.ts, and one for chapter 3's worker. */
import { globSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { BUNDLE, root } from "./bundle.ts";
import { zip } from "./zip.ts";

/** Writes `NAME.zip` into `folder` and resolves with the names; the handler is `index.handler`. */
export async function buildExamples(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const modules = globSync("flows/*/functions.ts", { cwd: root }).toSorted();
  const entries = (await Promise.all(modules.map(entriesOf))).flat();
  const worker = {
    name: "fnf-demo-topic-worker",
    code: 'export { handler } from "./flows/mns-topic/topic-worker.ts";',
  };
  return Promise.all(
    [...entries, worker].map(async ({ name, code }) => {
      writeFileSync(join(folder, `${name}.zip`), zip({ "index.mjs": await bundled(code) }));
      return name;
    }),
  );
}

interface Entry {
  /** The name of its Lambda function, and of one that is published behind a dot the version or alias: `fnf-demo-provision.1`. */
  readonly name: string;
  /** A module with a `handler`. */
  readonly code: string;
}

/** An example's functions, `SERVICE/FUNCTION` or `SERVICE.QUALIFIER/FUNCTION` each, are Lambda's by the name of fdl.md §3.1.1. */
async function entriesOf(module: string): Promise<readonly Entry[]> {
  const functions: { default: object } = await import(pathToFileURL(join(root, module)).href);
  return Object.keys(functions.default).map((key) => {
    const {
      service,
      qualifier = "",
      name,
    } = /^(?<service>[^./]+)(?<qualifier>\.[^/]+)?\/(?<name>.+)$/.exec(key)?.groups ?? {};
    if (service === undefined) throw new Error(`${module}: ${key} is no function of a service.`);
    return { name: `${service}-${name}${qualifier}`, code: handlerOf(`./${module}`, key) };
  });
}

/** A module whose handler is a member of what another one exports. */
export function handlerOf(module: string, member: string): string {
  // Lambda waits for what an asynchronous function returns; what others return it may leave.
  return `import functions from ${JSON.stringify(module)};
export const handler = async (event, context) => functions[${JSON.stringify(member)}](event, context);`;
}

/** The one file of a module, whose imports are found from the root, and all that it imports. */
export async function bundled(contents: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...BUNDLE,
    splitting: false,
    stdin: { contents, resolveDir: root },
    mainFields: ["module", "main"],
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
