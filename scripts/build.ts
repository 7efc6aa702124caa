/**
 * Bundles the stepwell command into dist: one file to load instead of hundreds, because a command is started often.
 * `node scripts/build.ts [FOLDER]`; runs when the package is installed from source or published.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Bundles into `folder`: `stepwell.mjs` (the command), `function-child.mjs` (the process that runs functions), and what they share. */
export async function buildCommand(folder: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { stepwell: "lib/cli/main.ts", "function-child": "lib/local/functions/child.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    sourcemap: true,
    metafile: true,
    // lmdb has a native part, which it finds beside itself; fauxqs is loaded in pieces, by their paths.
    external: ["lmdb", "fauxqs"],
    // Dependencies in CommonJS ask for Node's modules by `require`.
    banner: { js: 'import{createRequire as __require}from"node:module";const require=__require(import.meta.url);' },
    logLevel: "warning",
  });
  const written = new Set(Object.keys(metafile.outputs).map((path) => join(root, path)));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith("chunk-") && !written.has(path)) rmSync(path);
  }
}

if (import.meta.main) await buildCommand(process.argv[2] ?? join(root, "dist"));
