/**
 * Bundles the stepwell command into dist: one file to load instead of hundreds, because a command is started often.
 * `node scripts/build.ts [FOLDER]`; runs when the package is installed from source or published.
 */
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { BUNDLE, root } from "./bundle.ts";

/** Bundles into `folder`: `stepwell.mjs` (the command), `function-child.mjs` (the process that runs functions), and what they share. */
export async function buildCommand(outdir: string): Promise<void> {
  // As esbuild understands it; what is written is told from what an earlier build left by whole paths.
  const folder = resolve(root, outdir);
  const { metafile } = await build({
    ...BUNDLE,
    entryPoints: { stepwell: "lib/cli/main.ts", "function-child": "lib/local/functions/child.ts" },
    outdir: folder,
    sourcemap: true,
    metafile: true,
    // lmdb has a native part, which it finds beside itself; fauxqs is loaded in pieces, by their paths.
    external: ["lmdb", "fauxqs"],
  });
  const written = new Set(Object.keys(metafile.outputs).map((path) => join(root, path)));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith("chunk-") && !written.has(path)) rmSync(path);
  }
}

if (import.meta.main) await buildCommand(process.argv[2] ?? join(root, "dist"));
