/** What all bundles have in common: ES modules for Node 24, in which what is imported on demand stays a file of its own. */
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** The repository's root. */
export const root = fileURLToPath(new URL("..", import.meta.url));

export const BUNDLE = {
  absWorkingDir: root,
  outExtension: { ".js": ".mjs" },
  chunkNames: "chunk-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  minify: true,
  // Dependencies in CommonJS ask for Node's modules by `require`.
  banner: { js: 'import{createRequire as __require}from"node:module";const require=__require(import.meta.url);' },
  logLevel: "warning",
} as const satisfies BuildOptions;
