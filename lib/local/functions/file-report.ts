/**
 * Which files of the user's the function process has read, for the reload after a change. The loader itself says it: a
 * look at the folder would take data files and other programs for code, and would miss what lies outside of it.
 */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { fileStamp } from "./file-stamp.ts";

/** Calls `onFile` once for each file that is loaded from now on, and for a relative import of a file that is not there. */
export function reportFiles(onFile: (path: string, stamp: string) => void): void {
  const seen = new Set<string>();
  const own = new URL(".", import.meta.url).href;

  function report(url: string): void {
    if (!url.startsWith("file:") || url.includes("/node_modules/") || seen.has(url)) return;
    if (url.startsWith(own) && import.meta.url.endsWith(".mjs")) return;
    seen.add(url);
    const path = fileURLToPath(url);
    onFile(path, fileStamp(path));
  }

  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (/^\.{0,2}\//.test(specifier) && context.parentURL !== undefined) {
          report(new URL(specifier, context.parentURL).href);
        }
        throw error;
      }
    },
    load(url, context, nextLoad) {
      // Before it is read: a change in between is seen later.
      report(url);
      return nextLoad(url, context);
    },
  });
}
