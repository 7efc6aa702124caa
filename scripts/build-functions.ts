/**
 * Builds the Lambda functions: a bundle and a zip for each file in functions/, and zips of what the example flows call. Run
 * `node scripts/build-functions.ts [folder]`: it also measures Stepwell's own, prints a table, and fails past a limit, since
 * both sizes are paid for at every cold start.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { buildExamples } from "./build-examples.ts";
import { BUNDLE, root } from "./bundle.ts";
import { zip } from "./zip.ts";

export interface BuiltFunction {
  readonly name: string;
  /** Its entry, `index.mjs`, among the chunks that it loads. */
  readonly file: string;
  /** What is uploaded; the handler is `index.handler`. */
  readonly zip: Buffer;
}

const MAX_ZIP_BYTES = 1_000_000;
const MAX_IMPORT_MS = 150;
/** Starts of Node that a median is taken of. */
const RUNS = 5;

/** Builds into `folder`, which is emptied first: for each function a folder of modules with their source maps, and `NAME.zip` without the maps. */
export async function buildFunctions(folder: string): Promise<readonly BuiltFunction[]> {
  const names = readdirSync(join(root, "functions")).flatMap((file) =>
    file.endsWith(".ts") && !file.endsWith(".test.ts") ? [basename(file, ".ts")] : [],
  );
  rmSync(folder, { recursive: true, force: true });
  return Promise.all(names.map((name) => buildFunction(name, folder)));
}

async function buildFunction(name: string, folder: string): Promise<BuiltFunction> {
  const outdir = join(folder, name);
  await build({
    ...BUNDLE,
    entryPoints: { index: `functions/${name}.ts` },
    outdir,
    // The SDK's ES modules, of which only what is used is bundled.
    mainFields: ["module", "main"],
    sourcemap: "external",
  });
  const modules = readdirSync(outdir).filter((file) => file.endsWith(".mjs"));
  const archive = zip(Object.fromEntries(modules.map((file) => [file, readFileSync(join(outdir, file))])));
  writeFileSync(join(folder, `${name}.zip`), archive);
  return { name, file: join(outdir, "index.mjs"), zip: archive };
}

/** What a function needs to be imported; nothing is called. */
const ENVIRONMENT = {
  TABLE: "stepwell",
  BUCKET: "stepwell",
  TRANSITIONS_URL: "http://127.0.0.1:9/000000000000/transitions",
  TRANSITIONS_ARN: "arn:aws:sqs:us-east-1:000000000000:transitions",
  ALONE_URL: "http://127.0.0.1:9/000000000000/alone",
  TIMER_GROUP: "stepwell",
  TIMER_ROLE_ARN: "arn:aws:iam::000000000000:role/timers",
  KEYS: `measuring:${Buffer.alloc(32).toString("base64")}`,
  AWS_REGION: "us-east-1",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
};

/** How long Node takes to import a file, its clients made, ms: the median of a few starts. */
async function importMs(file: string): Promise<number> {
  const program = `const begin = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - begin); process.exit()`;
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const options = { env: { PATH: process.env.PATH, ...ENVIRONMENT } };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], options);
    times.push(Number(stdout));
  }
  return times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

async function main(folder: string): Promise<void> {
  const rows: { readonly [column: string]: string | number }[] = [];
  for (const { name, file, zip } of await buildFunctions(folder)) {
    const ms = Math.round(await importMs(file));
    const isWithin = zip.length < MAX_ZIP_BYTES && ms <= MAX_IMPORT_MS;
    rows.push({
      function: name,
      "zip, KB": Math.ceil(zip.length / 1000),
      "import, ms": ms,
      "": isWithin ? "" : "TOO MUCH",
    });
    if (!isWithin) process.exitCode = 1;
  }
  const examples = await buildExamples(join(folder, "examples"));
  console.table(rows);
  console.log(
    `Limits: ${MAX_ZIP_BYTES / 1000} KB, ${MAX_IMPORT_MS} ms (median of ${RUNS}). Functions of the example flows: ${examples.length}.`,
  );
}

if (import.meta.main) await main(process.argv[2] ?? join(root, "dist/functions"));
