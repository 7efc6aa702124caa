/** The server and the process that runs functions, each bundled into one file: a server that is killed often starts often. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface ServerBundle {
  /** The server's file. */
  readonly program: string;
  remove(): void;
}

/** Bundles into a folder of its own. It stands in the repository, where the server finds `lmdb`. */
export async function bundleServer(): Promise<ServerBundle> {
  const folder = join(root, "dist", `chaos-${process.pid}`);
  await build({
    absWorkingDir: root,
    entryPoints: { server: "test/chaos/server.ts", "function-child": "lib/local/functions/child.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: ["lmdb"],
    banner: { js: 'import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);' },
    logLevel: "warning",
  });
  return { program: join(folder, "server.mjs"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
